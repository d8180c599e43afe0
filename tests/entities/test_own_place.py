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
