"""La Clau: finding a procedure by people's words, and what is shown of it."""

from __future__ import annotations

from typing import Any

from canal.subjects.procedure_search import NOTHING, Index, Phrase, build
from canal.subjects.procedures import Match, Procedures


def both(text: str) -> dict[str, str]:
    return {"ca": text, "es": text}


def record(identifier: str, family: str = "town", **known: Any) -> dict[str, Any]:
    return {
        "id": identifier,
        "family": family,
        "name": both(identifier),
        "label": both(identifier),
        "summary": both("what it is"),
        "needed": [both("DNI")],
        "source": "a page",
        **known,
    }


RECORDS = [
    record("padro", see=["obra"], deadline=both("three months"), law=[{"name": both("a law"), "url": "https://x.es"}]),
    record("obra", fee=both("20 €"), form="https://f.es", url="https://u.es"),
    record("gual", "streets", who_decides=both("the State")),
]
ASKED = {
    "ca": [(0, "empadronar-me"), (0, "m'he mudat de casa"), (1, "reforma del bany"), (2, "gual"), (2, "el garatge")],
    "es": [(0, "darme de alta en el padrón"), (1, "licencia de obras"), (1, "reformar el baño"), (2, "vado")],
}
PROCEDURES = Procedures.from_content(
    {
        "families": [{"id": each, "name": both(each), "label": both(each)} for each in ("town", "streets")],
        "records": RECORDS,
        "index": build(
            [
                *(Phrase(place, language, text) for language, asked in ASKED.items() for place, text in asked),
                Phrase(NOTHING, "ca", "xarrar amb algú"),
            ],
            [Phrase(1, "es", "también para la cocina")],
            ["vull", "quiero", "un", "el", "de", "la", "per favor"],
        ),
    }
)


def ids(matches: tuple[Match, ...]) -> list[str]:
    return [match.procedure.id for match in matches]


def test_a_procedure_is_found_by_need_and_not_only_by_name() -> None:
    assert ids(PROCEDURES.find("m'he mudat", "ca")) == ["padro"]


def test_both_languages_are_searched_whichever_the_citizen_reads() -> None:
    assert ids(PROCEDURES.find("vado", "ca")) == ["gual"]
    assert ids(PROCEDURES.find("vull reformar el baño", "es"))[0] == "obra"


def test_a_slip_of_the_finger_and_a_lost_h_or_v_still_find_it() -> None:
    assert ids(PROCEDURES.find("licensia de obras", "es"))[0] == "obra"
    assert ids(PROCEDURES.find("quiero un bado", "es"))[0] == "gual"


def test_asking_with_the_very_words_is_sure() -> None:
    (match,) = PROCEDURES.find("Quiero reformar el baño, per favor", "es")
    assert match.sure
    assert match.score > 0.9


def test_a_story_around_the_words_is_found_without_being_sure() -> None:
    text = "hola, mi vecina Carmen dice que hay que pedir una licencia para las obras de mi terraza en agosto"
    (match,) = PROCEDURES.find(text, "es")
    assert match.procedure.id == "obra"
    assert not match.sure


def test_a_word_of_the_summary_confirms_but_finds_nothing_alone() -> None:
    asked = [Phrase(0, "es", "reforma"), Phrase(1, "es", "reforma")]
    index = Index.from_content(build(asked, [Phrase(1, "es", "también para la cocina")]))
    assert PROCEDURES.find("cocina", "es") == ()
    assert [hit.document for hit in index.rank("reforma cocina", "es")] == [1, 0]


def test_what_no_procedure_knows_finds_nothing() -> None:
    assert PROCEDURES.find("una pizza de quatre formatges", "ca") == ()
    assert PROCEDURES.find("", "ca") == ()
    assert PROCEDURES.find("😀😀😀", "es") == ()
    assert PROCEDURES.find("vull", "ca") == ()


def test_small_talk_that_the_town_lists_finds_nothing() -> None:
    assert PROCEDURES.find("vull xarrar amb algú", "ca") == ()


def test_no_more_are_given_than_asked_for() -> None:
    assert len(PROCEDURES.find("gual obras padrón", "es", limit=2)) == 2


def test_a_huge_message_is_answered_like_any_other() -> None:
    assert ids(PROCEDURES.find("gual " * 800, "ca")) == ["gual"]
    assert PROCEDURES.find("zq" * 2000, "ca") == ()


def test_what_the_town_has_not_told_is_listed_as_unknown() -> None:
    padro, obra = PROCEDURES.get("padro"), PROCEDURES.get("obra")
    assert padro is not None
    assert obra is not None
    assert padro.unknown == ("fee", "form", "url")
    assert padro.office_hours == {}
    assert obra.unknown == ()


def test_a_record_shows_its_law_and_where_it_comes_from() -> None:
    padro = PROCEDURES.get("padro")
    assert padro is not None
    assert [law.url for law in padro.law] == ["https://x.es"]
    assert padro.origin.source == "a page"
    assert padro.origin.verified_at == ""


def test_what_goes_with_it_is_found_by_its_ids() -> None:
    padro = PROCEDURES.get("padro")
    assert padro is not None
    assert [each.id for each in PROCEDURES.related(padro)] == ["obra"]


def test_families_keep_the_towns_order() -> None:
    assert [family.id for family in PROCEDURES.families] == ["town", "streets"]
    assert [each.id for each in PROCEDURES.by_family("town")] == ["padro", "obra"]
    assert PROCEDURES.by_family("none") == ()
    assert PROCEDURES.family("none") is None
    assert len(PROCEDURES) == 3


def test_an_unknown_id_is_no_procedure() -> None:
    assert PROCEDURES.get("never") is None


def test_a_town_without_procedures_finds_nothing() -> None:
    empty = Procedures.from_content({"families": [], "records": [], "index": build([])})
    assert empty.find("padró", "ca") == ()
