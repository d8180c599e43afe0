"""Trimming spans to names: a table made by hand."""

from __future__ import annotations

import pytest

from evalkit.ner.hygiene import extend_to_words, is_all_capitals, split_brackets, trim

TRIMMED = [
    # text with the span in |…|, type, what is left
    ("|Steve Witkoff| flew.", "PER", "Steve Witkoff"),
    ("|“Steve Witkoff”,| he said", "PER", "Steve Witkoff"),
    ("(|(Kyiv)| was quiet)", "LOC", "Kyiv"),
    ("| Kyiv |", "LOC", "Kyiv"),
    ("|the Kremlin| said", "LOC", "Kremlin"),
    ("|The New York Times| wrote", "ORG", "New York Times"),
    ("in |The Hague| today", "LOC", "The Hague"),
    ("|an American|", "NORP", "American"),
    ("in |An Giang| province", "LOC", "An Giang"),
    ("|President Biden| spoke", "PER", "Biden"),
    ("|Prime Minister Narendra Modi| spoke", "PER", "Narendra Modi"),
    ("|Secretary of State Marco Rubio| spoke", "PER", "Marco Rubio"),
    ("|Dr. Fatih Birol| spoke", "PER", "Fatih Birol"),
    ("|Crown Prince Mohammed bin Salman| came", "PER", "Mohammed bin Salman"),
    ("|the President Biden's| plan", "PER", "Biden"),
    ("|Pope Leo XIV|", "PER", "Leo XIV"),
    ("|Saint Nicholas| came", "PER", "Saint Nicholas"),
    ("|General Motors| sold", "ORG", "General Motors"),
    ("|President|", "PER", None),
    ("|Foreign Minister|", "PER", None),
    ("|the Secretary of State|", "PER", None),
    ("|Minister of Foreign Affairs|", "ORG", None),
    ("|Ukraine's| army", "LOC", "Ukraine"),
    ("|Ukraine’s| army", "LOC", "Ukraine"),
    ("|United States'| army", "LOC", "United States"),
    ("the |U.S.|", "LOC", "U.S."),
    ("|U.S.'s| army", "LOC", "U.S."),
    ("|Acme Inc.| sold", "ORG", "Acme Inc."),
    ("in |Moscow.|", "LOC", "Moscow"),
    ("|Sadyr Japarov and| others", "PER", "Sadyr Japarov"),
    ("|Group (G7)|", "ORG", "Group (G7)"),
    ("on |Tuesday|", "ORG", None),
    ("on |Tuesday, March 4|", "ORG", None),
    ("in |March|", "ORG", None),
    ("in |May|", "LOC", None),
    ("|May| resigned", "PER", "May"),
    ("300 |UAH|", "ORG", None),
    ("|$300 million|", "ORG", None),
    ("|50 MW|", "ORG", None),
    ("|Three|", "ORG", None),
    ("|7176|", "ORG", None),
    ("|Bill 7176|", "ORG", None),
    ("|Article No. 5|", "ORG", None),
    ("|Resolution 2803/1|", "ORG", None),
    ("|Security Council Resolution 1701|", "ORG", "Security Council Resolution 1701"),
    ("the |government|", "ORG", None),
    ("the |white house|", "ORG", None),
    ("see https://|Kyiv|.ua/x for more", "LOC", None),
    ("see |www.Kyiv.ua|", "ORG", None),
    ("write to |Anna|@Kyiv.ua", "PER", None),
    ("#|Kyiv| is quiet", "LOC", None),
    ("|@Biden| wrote", "PER", None),
    ("|—|", "ORG", None),
]


@pytest.mark.parametrize(("marked", "type_", "expected"), TRIMMED, ids=[marked for marked, _, _ in TRIMMED])
def test_what_is_left_of_a_span(marked, type_, expected):
    start, end = marked.index("|"), marked.rindex("|") - 1
    text = marked.replace("|", "")
    found = trim(text, start, end, type_, "en")
    assert (None if found is None else text[slice(*found)]) == expected


OTHER = [
    ("de", "der |Präsident|", "PER", "Präsident"),
    ("de", "„|Kiew“|", "LOC", "Kiew"),
    ("de", "|bundestag|", "ORG", None),
    ("de", "|The Länd|", "ORG", "The Länd"),
    ("zh", "|「北京」|", "LOC", "北京"),
    ("zh", "|2024|", "LOC", None),
    ("ru", "|Киев,|", "LOC", "Киев"),
    ("ru", "|правительство|", "ORG", None),
    ("ka", "|თბილისი|", "LOC", "თბილისი"),
]


@pytest.mark.parametrize(("language", "marked", "type_", "expected"), OTHER)
def test_the_rules_for_english_are_for_english(language, marked, type_, expected):
    start, end = marked.index("|"), marked.rindex("|") - 1
    text = marked.replace("|", "")
    found = trim(text, start, end, type_, language)
    assert (None if found is None else text[slice(*found)]) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("KYIV IS QUIET", True),
        ("NATO", False),
        ("NATO.", False),
        ("NATO is quiet", False),
        ("KYIV: 12", False),
        ("基辅 很安静", False),
        ("", False),
    ],
)
def test_texts_in_capitals_throughout(text, expected):
    assert is_all_capitals(text) is expected


def test_parts_of_words_become_whole_words():
    assert extend_to_words("Steve Witkoff's plan", 6, 9, "en") == (6, 13)
    assert extend_to_words("Steve Witkoff's plan", 9, 13, "en") == (6, 13)
    assert extend_to_words("Steve Witkoff's plan", 5, 13, "en") == (5, 13)
    assert extend_to_words("在北京市", 1, 3, "zh") == (1, 3)


def test_a_short_form_in_brackets_is_a_separate_name():
    text = "World Health Organization (WHO) said"
    assert [text[a:b] for a, b in split_brackets(text, 0, 31)] == ["World Health Organization", "WHO)"]
    assert split_brackets(text, 0, 25) == [(0, 25)]
    assert split_brackets("(WHO) said", 0, 5) == [(0, 5)]
