"""Splitting texts into sentences: what stays together, what comes apart, and that nothing is lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from evalkit.alignment.sentences import find_names, split_paragraphs, split_sentences, splitter

LANGUAGES = ("en", "ru", "ar", "zh", "zh_TW", "de", "ko", "th", "bo", "hr", "fr", "dsgs")


def sentences(text, language="en"):
    return [span.of(text) for span in split_sentences(text, language)]


def characters(text):
    return "".join(text.split())


@pytest.mark.parametrize(
    "expected",
    [
        ["Mr. Smith met Dr. Jones and Mrs. Brown.", "They talked."],
        ["The novel by J. K. Rowling sold well.", "Nobody was surprised."],
        ["The U.S. government agreed.", "Mexico did not."],
        ["He flew from the U.S. to Kyiv.", "There he stayed."],
        ["It cost 3.5 million dollars.", "That is too much."],
        ["Who came?", "Nobody!", "So they left."],
        ['"Go home," he said.', "She went."],
        ['"I will go. You will stay," he said.', "Nobody answered."],
        ["“We won.”", "They cheered."],
    ],
    ids=lambda expected: expected[0],
)
def test_english_abbreviations_initials_and_quotes_end_no_sentence(expected):
    assert sentences(" ".join(expected)) == expected


@pytest.mark.parametrize(
    ("language", "glue", "expected"),
    [
        ("ar", " ", ["وصل الوفد إلى القاهرة.", "هل سيعود غدا؟", "نعم!"]),
        ("zh", "", ["今天下雨。", "他说：“我不去。”", "你呢？", "好！"]),
        ("zh_TW", "", ["今天下雨。", "他走了。"]),
        ("zh", "", ["价格上涨。", "3月又上涨。"]),
        ("ru", " ", ["А. С. Пушкин жил на ул. Ленина.", "Кто это знает?", "Все!"]),
        ("uk", " ", ["Він приїхав до театру ім. Шевченка.", "Потім пішов."]),
    ],
)
def test_other_scripts(language, glue, expected):
    assert sentences(glue.join(expected), language) == expected


def test_an_opening_quotation_mark_goes_with_what_it_opens():
    expected = [
        "He named the signs.",
        '"There is a debate," he said.',
        "«Yes,» said others.",
        'Nobody "knew".',
    ]
    assert sentences(" ".join(expected)) == expected


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_the_article():
    expected = [
        "This is a long beginning of a paragraph, " * 7 + 'and "somebody speaks.',
        "Mr. Smith of the U.S. Army left.",
        "So it ended.",
    ]
    assert sentences(" ".join(expected)) == expected


def test_no_sentence_crosses_a_line_break():
    text = "A headline without a full stop\n\nThe first sentence. The second goes\non here.\r\nThe end"
    expected = [
        "A headline without a full stop",
        "The first sentence.",
        "The second goes",
        "on here.",
        "The end",
    ]
    assert sentences(text) == expected
    assert [span.paragraph for span in split_sentences(text, "en")] == [0, 1, 1, 2, 3]


def test_paragraphs_are_the_lines_that_are_not_blank():
    text = "\n  One. Two. \n \t\n\nThree\n"
    assert [(span.of(text), span.paragraph) for span in split_paragraphs(text)] == [
        ("One. Two.", 0),
        ("Three", 1),
    ]


@pytest.mark.parametrize("text", ["", " ", "\n\n \n"])
def test_blank_text_has_no_sentences(text):
    assert split_sentences(text, "en") == []


def test_repeated_sentences_have_their_own_places():
    assert [(span.start, span.end) for span in split_sentences("No. No. No.", "fr")] == [
        (0, 3),
        (4, 7),
        (8, 11),
    ]


def test_no_sentence_is_cut_inside_a_protected_part():
    text = "Panic! At the Disco played. Who? We did. Nobody else."
    names = ["Panic! At the Disco", "Who? We"]
    spans = split_sentences(text, "en", find_names(text, names))
    assert [span.of(text) for span in spans] == [
        "Panic! At the Disco played.",
        "Who? We did.",
        "Nobody else.",
    ]
    assert len(split_sentences(text, "en")) == 5


def test_the_signature_names_the_rules():
    assert re.fullmatch(r"sentencex-[\d.]+\+rules-\d+", splitter("sentencex"))
    assert splitter("lines") == "lines"


PIECES = st.sampled_from(
    [
        "Mr. ",
        "U.S. ",
        "he said. ",
        '"Yes!" ',
        "“No.” ",
        "\n",
        "。",
        "؟ ",
        "«Да» — ",
        "\r\n",
        "\u2028",
        "\u00a0",
        "... ",
        "2017. ",
        "J. ",
        "。」",
        '"',
        "། ",
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)), st.sampled_from(LANGUAGES))
@example("a.\u2028b. c\u0085d", "en")
def test_spans_are_in_order_and_hold_every_character_of_the_text_once(text, language):
    spans = split_sentences(text, language)
    bounds = [bound for span in spans for bound in (span.start, span.end)]
    assert bounds == sorted(bounds)
    assert all(span.of(text) == span.of(text).strip() != "" for span in spans)
    assert not any("\n" in span.of(text) for span in spans)
    assert characters("".join(span.of(text) for span in spans)) == characters(text)
    assert [span.paragraph for span in spans] == sorted(span.paragraph for span in spans)
    assert len({span.paragraph for span in spans}) == sum(bool(line.strip()) for line in re.split("\n", text))


@given(st.lists(PIECES).map("".join), st.sampled_from(LANGUAGES), st.data())
def test_no_sentence_begins_or_ends_inside_a_protected_part(text, language, data):
    bound = st.integers(0, len(text))
    start, end = sorted(data.draw(st.tuples(bound, bound)))
    assume("\n" not in text[start:end])
    spans = split_sentences(text, language, [(start, end)])
    parts = [text[max(span.start, start) : min(span.end, end)] for span in spans]
    assert sum(bool(part.strip()) for part in parts) <= 1
