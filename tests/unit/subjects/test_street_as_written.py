"""A street and its number are taken as they were written, and nothing else is."""

from __future__ import annotations

import pytest
from canal.subjects.street_as_written import street_as_written
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "street"),
    [
        ("farola fundida en la calle Mayor Santa Catalina 12", "calle Mayor Santa Catalina 12"),
        ("hi ha un clot al carrer de l'Arbre, 7, davant del forn", "carrer de l'Arbre, 7"),
        ("c/ Mare de Déu número 3 bis està brut", "c/ Mare de Déu número 3 bis"),
        ("av. País Valencià nº 20", "av. País Valencià nº 20"),
        ("PLAZA NUEVA 4", "PLAZA NUEVA 4"),
    ],
)
def test_a_street_with_a_number_is_found_in_a_sentence(text: str, street: str) -> None:
    assert street_as_written(text) == street


@pytest.mark.parametrize(
    "text",
    [
        "la calle está llena de agua",
        "el carrer fa 3 dies que està a les fosques",
        "en la calle desde hace 2 horas",
        "hi ha 12 contenidors plens",
        "la carrera 12 ja ha començat",
        "els caminos 2 y 3 están cortados",
        "carrer",
        "",
    ],
)
def test_a_sentence_that_names_no_house_gives_nothing(text: str) -> None:
    assert street_as_written(text) == ""


@given(st.text(max_size=300))
def test_any_text_is_borne(text: str) -> None:
    assert isinstance(street_as_written(text), str)
