"""Lists of wrong, inconsistent and spurious names, by hand."""

from __future__ import annotations

from evalkit.entities.audit import AuditRow
from evalkit.reports.names import Form, list_inconsistent_names, list_spurious_names, list_wrong_names


def verdict(entity, reference, outcome, hypothesis="", document="d", segment="1"):
    """A row of the audit; a spurious name has no entity."""
    of_mention = entity is not None
    return AuditRow(
        document=document,
        segment=segment,
        start=0 if of_mention else None,
        end=len(reference) if of_mention else None,
        entity=entity,
        type="PER" if of_mention else None,
        reference=reference,
        outcome=outcome,
        reason="",
        hypothesis=hypothesis,
        similarity=None,
    )


ROWS = [
    verdict("merz", "Merz", "misspelled", "Merzh"),
    verdict("merz", "Friedrich Merz", "exact", "Friedrich Merz"),
    verdict("merz", "Merz", "misspelled", "Merzh"),
    verdict("merz", "Merz", "replaced", "Scholz"),
    verdict("merz", "Merz", "variant", "MERZ"),
    verdict("putin", "Putin", "missing"),
    verdict("putin", "Putin", "missing"),
    verdict("putin", "Putin", "missing"),
    verdict("kyiv", "Kyiv", "exact", "Kyiv"),
    verdict("lviv", "Lviv", "missing"),
    verdict("odesa", "Odesa", "missing"),
    verdict("odesa", "Odesa", "exact", "Odesa"),
    verdict(None, "", "spurious", "Lavrov"),
    verdict(None, "", "spurious", "Lavrov"),
]


def test_names_most_often_wrong_come_first_and_of_equals_those_that_are_seldom_right():
    assert [(name.name, name.type, name.wrong, name.mentions) for name in list_wrong_names(ROWS)] == [
        ("Putin", "PER", 3, 3),
        ("Friedrich Merz", "PER", 3, 5),
        ("Lviv", "PER", 1, 1),
        ("Odesa", "PER", 1, 2),
    ], "a name that is always right, and names that the reference does not have, are not among them"


def test_forms_of_wrong_names_are_counted_the_most_frequent_first():
    forms = {name.name: name.forms for name in list_wrong_names(ROWS)}
    assert forms["Friedrich Merz"] == (Form("Merzh", "misspelled", 2), Form("Scholz", "replaced", 1))
    assert forms["Putin"] == (Form("", "missing", 3),)


def test_inconsistent_names_are_right_and_wrong_in_one_document_the_most_often_wrong_first():
    rows = [
        *ROWS,
        verdict("kyiv", "Kyiv", "missing", document="e"),
        verdict("merz", "Merz", "exact", "Merz", document="e"),
        verdict("merz", "Friedrich Merz", "missing", document="e"),
        *[verdict("merz", "Merz", "exact", "Merz", document="e")] * 4,
    ]
    found = list_inconsistent_names(rows)
    assert [(name.document, name.name, name.right, name.mentions) for name in found] == [
        ("d", "Friedrich Merz", 2, 5),
        ("d", "Odesa", 1, 2),
        ("e", "Friedrich Merz", 5, 6),
    ], "Kyiv is always right in one document and always wrong in the other"
    assert found[0].forms == (("Merzh", 2), ("Friedrich Merz", 1), ("Scholz", 1), ("MERZ", 1))
    assert found[1].forms == (("missing", 1), ("Odesa", 1))


def test_without_documents_a_name_is_consistent_within_its_segment():
    rows = [
        verdict("merz", "Merz", outcome, document=None, segment=segment)
        for outcome, segment in (("exact", "1"), ("missing", "2"), ("exact", "3"), ("missing", "3"))
    ]
    assert [(name.document, name.right, name.mentions) for name in list_inconsistent_names(rows)] == [
        ("3", 1, 2)
    ]


def test_spurious_names_are_counted_by_document_the_most_frequent_first():
    rows = [
        *ROWS,
        verdict(None, "", "spurious", "Lavrov", document="e"),
        *[verdict(None, "", "spurious", "Merkel", document=None)] * 3,
    ]
    assert list_spurious_names(rows) == [("", "Merkel", 3), ("d", "Lavrov", 2), ("e", "Lavrov", 1)]
