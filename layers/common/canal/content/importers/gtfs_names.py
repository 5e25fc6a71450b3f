"""Names in both languages: the text of a GTFS feed with what its translations.txt adds."""

from __future__ import annotations

from urllib.parse import quote

from canal.content.importers.gtfs_tables import Tables

Name = str | dict[str, str]  # plain where both languages say the same

_LANGUAGES = {"ca": "ca", "va": "ca", "val": "ca", "es": "es"}  # Valencian is met under all three


class Names:
    """Looks names up by record, then by the text itself, as the standard has it."""

    def __init__(self, tables: Tables) -> None:
        self._records: dict[tuple[str, ...], str] = {}
        self._texts: dict[tuple[str, ...], str] = {}
        needed = ("table_name", "field_name", "language", "translation")
        for row in tables.rows("translations.txt", *needed):
            language = _LANGUAGES.get(row.text("language").lower().split("-")[0])
            translation = row.text("translation")
            if not language or not translation:
                continue
            place = (language, row.text("table_name"), row.text("field_name"))
            if record := row.text("record_id"):
                self._records[(*place, record, row.text("record_sub_id"))] = translation
            elif text := row.text("field_value"):
                self._texts[(*place, text)] = translation

    def both(self, text: str, table: str, field: str, record: str, sub_record: str = "") -> Name:
        """``text`` as {"ca", "es"}, or plain when both are the same."""
        found = {
            language: self._records.get((language, table, field, record, sub_record))
            or self._texts.get((language, table, field, text), text)
            for language in ("ca", "es")
        }
        return found if found["ca"] != found["es"] else found["ca"]


def address_part(identifier: str) -> str:
    """A feed's id as one part of a screen's address, which ":" divides. Different ids stay different."""
    return quote(identifier, safe="")
