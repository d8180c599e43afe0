"""As many mentions are right as the hypothesis has forms, each at its place."""

from __future__ import annotations

import pytest
from names_in_text import verdict, verdicts

from evalkit.entities.matching import ACCEPTED

JAPAN, SPAIN, EU = ("Japan", "LOC", 0), ("Spain", "LOC", 0), ("EU", "ORG", 0)
WHO = [("World Health Organization", "ORG", 0), ("WHO", "ORG", 0)]
ROWS = [
    # reference, mentions, hypothesis, + for each mention that is right
    ("Japan beat Spain, and Japan went on.", [JAPAN, SPAIN, JAPAN], "Japan beat Spain and went on.", "++-"),
    (
        "Japan beat Spain, and Japan went on.",
        [JAPAN, SPAIN, JAPAN],
        "It beat Spain, and Japan went on.",
        "-++",
    ),
    (
        "Japan beat Spain, and Japan went on.",
        [JAPAN, SPAIN, JAPAN],
        "Japan beat Spain, Japan went on.",
        "+++",
    ),
    ("The EU envoy met the EU chief.", [EU, EU], "The envoy met the EU chief.", "-+"),
    ("The EU envoy met the EU chief.", [EU, EU], "The EU envoy met the chief.", "+-"),
    # words of the reference that are no mention
    ("Japan beat Spain, and Japan went on.", [JAPAN, SPAIN], "It beat Spain, and Japan went on.", "-+"),
    ("Japan beat Spain, and Japan went on.", [JAPAN, SPAIN], "Japan beat Spain and went on.", "++"),
    ("Japan hit Spain. Japanese ships left.", [JAPAN, SPAIN], "Spain was hit. Japanese ships left.", "-+"),
    ("Japan hit Spain. Japanese ships left.", [JAPAN, SPAIN], "The Japanese hit Spain. Ships left.", "++"),
    # an acronym and its words are two mentions
    ("The World Health Organization (WHO) left.", WHO, "The WHO left.", "-+"),
    ("The World Health Organization (WHO) left.", WHO, "The World Health Organization left.", "+-"),
    ("The World Health Organization (WHO) left.", WHO, "The World Health Organization (WHO) left.", "++"),
    ("The World Health Organization (WHO) left.", WHO, "The World Trade Organization (WHO) left.", "-+"),
    ("The World Health Organization (WHO) left.", WHO, "The World Health Organization (WTO) left.", "+-"),
    # more forms than mentions
    ("Japan beat Spain and went on.", [JAPAN, SPAIN], "Japan beat Spain, and Japan went on.", "++"),
]


@pytest.mark.parametrize(("reference", "names", "hypothesis", "expected"), ROWS)
def test_each_mention_has_its_own_place(reference, names, hypothesis, expected):
    found = verdicts([reference], names, [hypothesis])
    assert "".join("+" if outcome in ACCEPTED else "-" for outcome, _, _ in found) == expected


@pytest.mark.parametrize(
    ("hypotheses", "is_right"),
    [
        (["Iran rejected the offer.", "Talks go on in Oman."], True),
        (["On Monday,", "Iran rejected the offer, and talks go on in Oman."], True),
        # the words around the name are in its own segment
        (["They rejected the offer.", "Talks with Iran go on in Oman."], False),
        (["The offer was rejected.", "Iran and Oman: talks go on."], False),
    ],
)
def test_a_name_moves_to_another_segment_with_the_words_around_it(hypotheses, is_right):
    references = ["Iran rejected the offer on Monday.", "Talks go on in Oman."]
    outcome, _, _ = verdicts(references, [("Iran", "LOC", 0)], hypotheses)[0]
    assert (outcome in ACCEPTED) == is_right


@pytest.mark.parametrize(
    ("hypothesis", "is_right"),
    [
        ("He left RNIMU in May.", True),
        ("He left the clinic of RNIMU in May.", True),
        ("He left FGAOU VO RNIMU in May.", True),
        ("He left FGAOU WO RNIMU in May.", False),
        ("He left FSAOU at the RNIMU in May.", False),
    ],
)
def test_an_alias_is_not_beside_another_word_of_the_name(hypothesis, is_right):
    outcome, _, _ = verdict(
        "He left FGAOU VO RNIMU in May.", "FGAOU VO RNIMU", "ORG", hypothesis, forms=["RNIMU"]
    )
    assert (outcome in ACCEPTED) == is_right


MOVED_REFERENCES = [
    "A missile fell near Japan.",
    "The Joint Staff announced it.",
    "Mika Mori condemned it on Monday.",
]
MOVED_NAMES = [("Japan", "LOC", 0), ("Joint Staff", "ORG", 1), ("Mika Mori", "PER", 2)]


@pytest.mark.parametrize(
    ("hypotheses", "expected"),
    [
        # the second segment moved into the first, and the third into the second
        (
            [
                "A missile fell near Japan, the Joint Staff announced.",
                "Mika Mori condemned it on Monday.",
                "So.",
            ],
            "+++",
        ),
        # the third name replaced the second: its surroundings did not move
        (
            [
                "A missile fell near Japan.",
                "Mika Mori announced it.",
                "The Joint Staff condemned it on Monday.",
            ],
            "+--",
        ),
        (
            ["A missile fell near Japan.", "The Navy announced it.", "Mika Mori condemned it on Monday."],
            "+-+",
        ),
    ],
)
def test_a_name_may_move_with_the_text_of_its_segment(hypotheses, expected):
    found = verdicts(MOVED_REFERENCES, MOVED_NAMES, hypotheses)
    assert "".join("+" if outcome in ACCEPTED else "-" for outcome, _, _ in found) == expected


def test_another_name_does_not_change_the_order_of_equal_names():
    reference = "The talks in Hunan began on a cold morning, and then the congress of Hunan ended."
    hypothesis = (
        "Tibet is done, and the talks in Hunan began on a cold morning after a week of snow and rain."
    )
    found = verdicts([reference], [("Hunan", "LOC", 0), ("Hunan", "LOC", 0)], [hypothesis])
    assert [outcome for outcome, _, _ in found] == ["exact", "replaced"]


def test_institutions_that_share_a_generic_word_are_not_exchanged_by_another_order():
    reference = (
        "Modrow was a staff member and rose through the ranks of the ruling Socialist Unity Party (SED) to "
        "become president of the Dresden Regional Party from 1973 to 1989."
    )
    hypothesis = (
        "Modrow was a worker and he rose to become the chairman of the party in the Dresden region through "
        "the ruling Socialist Unity Party (SED) from 1973 to 1989."
    )
    names = [("Socialist Unity Party", "ORG", 0), ("Dresden Regional Party", "ORG", 0)]
    found = verdicts([reference], names, [hypothesis])
    assert [outcome in ACCEPTED for outcome, _, _ in found] == [True, True]
