"""Alignment of sentences with segments: merges, splits, omissions, additions; no text is lost or doubled."""

from __future__ import annotations

from itertools import pairwise

import pytest
import sacrebleu
from hypothesis import given
from hypothesis import strategies as st

from evalkit.alignment import Aligner, blocks
from evalkit.data.wmt_xml import WmtXml

REFERENCE = [
    "The president arrived in Astana on Tuesday for a summit on water.",
    "Five countries share the two great rivers of Central Asia.",
    "Farmers in the valley complain that too little of it reaches their fields.",
    "The World Bank promised a loan of 220 million dollars for new sensors.",
    "Nobody wanted to say who will pay the interest.",
    "The next meeting is planned for the autumn in Bishkek.",
]
HYPOTHESIS = [
    "On Tuesday the president came to Astana for a water summit.",
    "The two great rivers of Central Asia are shared by five countries.",
    "The farmers of the valley complain that too little water reaches the fields.",
    "A loan of 220 million dollars for new sensors was promised by the World Bank.",
    "Who will pay the interest, nobody wanted to say.",
    "In the autumn the next meeting is to be held in Bishkek.",
]
BEFORE = ["Subscribe to our channel!", "Main page > Politics"]
AFTER = ["Read also: what weather is coming at the weekend", "Photo: press service"]
GERMAN = [
    "Der Präsident traf am Dienstag zu einem Wassergipfel ein.",
    "Fünf Länder teilen sich die Flüsse.",
    "Die Bauern klagen.",
]
CHINESE = [
    "总统星期二抵达阿斯塔纳。",
    "五个国家共享两条大河。",
    "世界银行承诺提供贷款。",
    "下次会议定于秋天举行。",
]


def aligned(segments, sentences, language="en"):
    """The alignment of sentences, and the texts of its additions."""
    text = "\n".join(sentences)
    found = Aligner(sentences="lines").align_text(segments, text, language)
    return found, [text[start:end] for (start, end), _ in found.additions]


def texts(sentences, segments=REFERENCE, language="en"):
    return list(aligned(segments, sentences, language)[0].texts)


def characters(parts):
    return "".join("".join(parts).split())


def changed(sentences, place, *new, width=1):
    """The sentences with `width` of them replaced by new ones."""
    return [*sentences[:place], *new, *sentences[place + width :]]


@pytest.mark.parametrize("segments", [REFERENCE, REFERENCE[:1], CHINESE, ["Same.", "Same."]])
def test_identical_text_is_aligned_with_itself(segments):
    found, additions = aligned(segments, segments)
    assert (list(found.texts), additions, found.moved, found.similarity) == (segments, [], (), 1)


def test_a_translation_sentence_by_sentence():
    assert texts(HYPOTHESIS) == HYPOTHESIS


@pytest.mark.parametrize("place", range(5))
def test_merged_sentences_are_cut_where_they_were_joined(place):
    merged = f"{HYPOTHESIS[place][:-1]}, and {HYPOTHESIS[place + 1]}"
    found = texts(changed(HYPOTHESIS, place, merged, width=2))
    first, second = found[place : place + 2]
    assert first in {HYPOTHESIS[place][:-1] + ",", HYPOTHESIS[place][:-1] + ", and"}
    assert f"{first} {second}" == merged
    assert found == changed(HYPOTHESIS, place, first, second, width=2)


def test_three_merged_sentences_are_cut_twice():
    merged = " ".join(HYPOTHESIS[1:4]).replace(".", ",")
    assert texts([HYPOTHESIS[0], merged, *HYPOTHESIS[4:]])[1:4] == [
        sentence.replace(".", ",") for sentence in HYPOTHESIS[1:4]
    ]


@pytest.mark.parametrize(
    ("place", "parts"),
    [
        (0, ["On Tuesday the president came to Astana.", "He came for a water summit."]),
        (2, ["The farmers of the valley complain.", "They say that too little water reaches the fields."]),
        (
            3,
            ["The World Bank promised a loan.", "It is 220 million dollars.", "It is meant for new sensors."],
        ),
    ],
)
def test_split_sentences_are_joined(place, parts):
    assert texts(changed(HYPOTHESIS, place, *parts)) == changed(HYPOTHESIS, place, " ".join(parts))


@pytest.mark.parametrize("place", range(6))
def test_a_dropped_sentence_leaves_its_segment_empty_and_the_others_right(place):
    found, additions = aligned(REFERENCE, changed(HYPOTHESIS, place))
    assert list(found.texts) == changed(HYPOTHESIS, place, "")
    assert additions == []


def test_boilerplate_becomes_additions():
    found, additions = aligned(REFERENCE, [*BEFORE, *HYPOTHESIS, *AFTER])
    assert list(found.texts) == HYPOTHESIS
    assert additions == BEFORE + AFTER
    assert [after for _, after in found.additions] == [None, None, 5, 5]


def test_boilerplate_and_dropped_sentences_together():
    found, additions = aligned(REFERENCE, [*BEFORE, *changed(HYPOTHESIS, 2), *AFTER])
    assert list(found.texts) == changed(HYPOTHESIS, 2, "")
    assert additions == BEFORE + AFTER


@pytest.mark.parametrize(
    ("order", "moved"), [((3, 4, 5, 0, 1, 2), 3), ((0, 1, 5, 2, 3, 4), 1), ((4, 5, 0, 1, 2, 3), 2)]
)
def test_a_paragraph_that_moved_is_found_and_scored_in_its_place(order, moved):
    found, additions = aligned(REFERENCE, [HYPOTHESIS[number] for number in order])
    assert list(found.texts) == HYPOTHESIS
    assert additions == []
    assert len(found.moved) == moved
    stay = [number for number in order if number not in found.moved]
    assert stay == sorted(stay)


def test_the_mean_similarity_includes_what_moved():
    found, _ = aligned(REFERENCE[:3], [HYPOTHESIS[2], *REFERENCE[:2]])
    assert found.moved == (2,)
    assert 0.5 < found.similarity < 0.99, "the others are equal to their segments"


def test_what_moved_is_found_where_it_would_rather_fit_badly_in_order():
    order = [REFERENCE[5], HYPOTHESIS[0], HYPOTHESIS[1], HYPOTHESIS[2], HYPOTHESIS[3], HYPOTHESIS[4]]
    found, additions = aligned(
        [*REFERENCE[:5], "In the autumn they meet again in Bishkek, on the same water.", REFERENCE[5]], order
    )
    assert list(found.texts) == [*HYPOTHESIS[:5], "", REFERENCE[5]]
    assert (additions, found.moved) == ([], (6,))


@pytest.mark.parametrize(
    ("segments", "sentences"),
    [
        (["Goal!"] * 4 + ["The match ended late."], ["Goal !"] * 4 + ["The game ended late."]),
        (
            ["Applause."] * 3 + ["Thank you very much."] * 2 + ["We will win."],
            ["Applause !"] * 3 + ["Thanks very much."] * 2 + ["We shall win."],
        ),
        (["The same sentence is here."] * 10, ["The same sentence is there."] * 10),
    ],
)
def test_repeated_sentences_are_aligned_one_by_one(segments, sentences):
    found, additions = aligned(segments, sentences)
    assert (list(found.texts), additions) == (sentences, [])
    assert 0 < found.similarity <= 1


def test_an_article_that_is_repeated_is_used_once():
    found, additions = aligned(REFERENCE, HYPOTHESIS * 2)
    assert list(found.texts) == HYPOTHESIS
    assert additions == HYPOTHESIS
    assert found.moved == ()


@pytest.mark.parametrize("segments", [REFERENCE, REFERENCE[:1]])
def test_an_empty_hypothesis_covers_nothing(segments):
    found, additions = aligned(segments, [])
    assert (set(found.texts), additions, found.similarity) == ({""}, [], None)


def test_a_hypothesis_in_another_script_is_all_additions():
    found, additions = aligned(REFERENCE, CHINESE)
    assert (set(found.texts), additions) == ({""}, CHINESE)


def test_a_hypothesis_in_another_language_goes_to_its_own_segment_or_nowhere():
    for text, own in zip(texts(GERMAN), [*GERMAN, "", "", ""], strict=True):
        assert text in {"", own}


def test_chinese_is_cut_and_joined_without_spaces():
    hypothesis = [
        "总统星期二到达阿斯塔纳，五个国家共享两条大河。",
        "世界银行承诺。",
        "提供一笔贷款。",
        "下次会议秋天举行。",
    ]
    expected = [
        "总统星期二到达阿斯塔纳，",
        "五个国家共享两条大河。",
        "世界银行承诺。提供一笔贷款。",
        "下次会议秋天举行。",
    ]
    assert texts(hypothesis, CHINESE, "zh") == expected


@pytest.mark.parametrize(
    ("sentences", "expected", "additions"),
    [
        (HYPOTHESIS[:1], HYPOTHESIS[0], []),
        ([BEFORE[0], HYPOTHESIS[0], AFTER[1]], HYPOTHESIS[0], [BEFORE[0], AFTER[1]]),
        (
            ["On Tuesday the president came.", "A water summit is in Astana."],
            "On Tuesday the president came. A water summit is in Astana.",
            [],
        ),
    ],
)
def test_articles_of_one_sentence(sentences, expected, additions):
    found, left = aligned(REFERENCE[:1], sentences)
    assert (list(found.texts), left) == ([expected], additions)


WORDS = st.lists(
    st.sampled_from(["Kursk", "Kyiv", "water", "summit", "president", "river,", "loan.", "五个国家"]),
    min_size=1,
    max_size=8,
).map(" ".join)
SENTENCES = st.one_of(
    WORDS,
    st.sampled_from(REFERENCE + HYPOTHESIS),
    st.text(min_size=1, max_size=12).map(str.strip).filter(bool),
)


@given(
    st.lists(SENTENCES, min_size=1, max_size=6),
    st.lists(SENTENCES, max_size=7),
    st.sampled_from(["en", "zh"]),
)
def test_every_word_is_in_one_place_and_nothing_is_invented(segments, sentences, language):
    text = "\n".join(sentences)
    found = Aligner(sentences="lines").align_text(segments, text, language)
    spans = sorted([span for own in found.parts for span in own] + [span for span, _ in found.additions])
    assert all(
        start < end <= next_start
        for (start, end), (next_start, _) in pairwise([*spans, (len(text), len(text) + 1)])
    )
    assert characters("".join(text[start:end] for start, end in spans)) == characters(text)
    glue = "" if language == "zh" else " "
    assert found.texts == tuple(glue.join(text[start:end] for start, end in own) for own in found.parts)
    in_order = [own[0] for number, own in enumerate(found.parts) if own and number not in found.moved]
    assert in_order == sorted(in_order)
    assert Aligner(sentences="lines").align_text(segments, text, language) == found


@pytest.fixture(scope="module")
def online_a(shared):
    """WMT22 ru-en: the test set and the hypotheses of one system, whose true alignment is known."""
    reader = WmtXml(path=str(shared / "wmt22" / "wmttest2022.ru-en.all.xml"), references=["A"])
    test_set = reader.read()
    return test_set, reader.read_bundled("Online-A", test_set)


@pytest.mark.parametrize(("joined", "least"), [("\n", 0.99), (" ", 0.95)])
def test_real_articles_are_aligned_as_they_were_translated(online_a, joined, least):
    test_set, truth = online_a
    articles = {
        document: joined.join(truth[i] for i in indices) for document, indices in test_set.segments_of.items()
    }
    found = Aligner().align("Online-A", articles, test_set).hypotheses
    right = sum(a.split() == b.split() for a, b in zip(found, truth, strict=True)) / len(truth)
    assert right >= least, f"{right:.4f} of the segments have exactly their text"
    references = [[segment.references[0] for segment in test_set.segments]]
    assert sacrebleu.corpus_bleu(found, references).score == pytest.approx(
        sacrebleu.corpus_bleu(truth, references).score, abs=0.3
    )


def test_a_chapter_that_is_searched_in_a_band_is_aligned_as_if_all_of_it_were_searched(online_a, monkeypatch):
    test_set, truth = online_a
    segments = [segment.references[0] for segment in test_set.segments[:600]]
    text = "\n".join([*BEFORE, *truth[:200], *truth[230:600], *AFTER])
    found = Aligner(sentences="lines").align_text(segments, text, "en")
    monkeypatch.setattr(blocks, "WHOLE", 10**9)
    whole = Aligner(sentences="lines").align_text(segments, text, "en")
    assert found.texts == whole.texts
    assert found.additions == whole.additions
