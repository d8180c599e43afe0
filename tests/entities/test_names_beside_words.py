"""A person's surname directly before another name, by hand."""

from __future__ import annotations

import pytest
from names_in_text import verdict

PERSONS = [
    ("tr", "Hakan Fidan Cenevre'ye gitti.", "Hakan Fidan", "Fidan Viyana'ya gitti.", "short"),
    ("tr", "Tayyip Erdoğan Putin'le görüştü.", "Tayyip Erdoğan", "Erdoğan Zelenski'yle görüştü.", "short"),
    ("tr", "Hakan Fidan Bağdat'a gitti.", "Hakan Fidan", "Bakan Fidan Erbil'e gitti.", "short"),
    (
        "en",
        "He told Joe Biden Ukraine needs help.",
        "Joe Biden",
        "He told Biden Georgia needs help.",
        "short",
    ),
    ("tr", "Erdoğan konuştu.", "Erdoğan", "Erdoğan Vakfı'na göre.", "partial"),
    ("en", "Kennedy spoke.", "Kennedy", "Kennedy Airport was closed.", "partial"),
    ("en", "He met Sidney Poitier.", "Sidney Poitier", "He met Poitier Sidney.", "reorder"),
]


@pytest.mark.parametrize("example", PERSONS, ids=lambda example: example[3])
def test_another_name_after_a_surname_is_no_part_of_it(example):
    language, reference, name, hypothesis, reason = example
    assert verdict(reference, name, "PER", hypothesis, language=language)[1] == reason


@pytest.mark.parametrize(
    ("name", "kind", "form", "is_right"),
    [
        ("Okinawa Prefecture", "LOC", "Okinawa", True),
        ("Fisheries Agency", "ORG", "Fishery Agency", True),
        ("Exhibitor Alliance", "ORG", "Exhibitors Alliance", True),
        ("US", "LOC", "US Department of Justice", True),
        ("Niger River", "LOC", "Niger", False),
        ("Fisheries Agency", "ORG", "Forestry Agency", False),
        ("Sendai High Court", "ORG", "Sendai District Court", False),
        ("Beijing", "LOC", "Beijing University", False),
    ],
)
def test_generic_words_beside_a_name(name, kind, form, is_right):
    outcome = verdict(f"He spoke of the {name} there.", name, kind, f"He spoke of the {form} there.")[0]
    assert (outcome in ("exact", "variant")) == is_right
