"""A street with its number as it stands in a sentence, for streets that the gazetteer does not know.

"farola fundida en la calle Mayor Santa Catalina 12" says where it is, whether or not anybody has typed in that street.
"""

from __future__ import annotations

import re

_TYPES = (
    r"(?:carrer|carreró|calle|avinguda|avenida|avgda|avda|plaça|plaza|passeig|paseo|camí|camino|ronda|travessia|"
    r"travesía|carretera|ctra)(?!\w)\.?|c/|cl\.|av\.|pl\.|pg\."
)
_WORD = r"[^\W\d_][\w'’·.-]*"  # begins with a letter
_NUMBER = r"(?:n[úu]mero|num\.?|núm\.?|n[ºo°]\.?)?\s*\d{1,3}(?:\s?bis|[a-d])?"
_UNITS = r"(?:h|hores?|horas?|dies|días?|anys|años?|m|metres?|metros?|km|persones|personas|vegades|veces|euros?|%)"
_NOT_COUNTING = rf"(?!\w)(?!\s*{_UNITS}(?!\w))"  # "fa 3 dies" numbers no house
_STREET = re.compile(rf"(?<!\w)(?:{_TYPES})\s*(?:{_WORD}\s+){{0,5}}{_WORD},?\s*{_NUMBER}{_NOT_COUNTING}", re.I)


def street_as_written(text: str) -> str:
    """Type, name and house number in the citizen's own words; empty where the text has no such thing."""
    found = _STREET.search(text)
    return " ".join(found[0].split()).strip(" ,.;") if found else ""
