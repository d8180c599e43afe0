"""Segments longer than a sentence, run-on text, and articles whose lines are not those of the reference."""

from __future__ import annotations

import itertools
import random
import re
from collections import Counter

import pytest
import sacrebleu
from hypothesis import given, settings
from hypothesis import strategies as st

from evalkit import evaluate
from evalkit.alignment import Aligner
from evalkit.alignment.regroup import find_moved
from evalkit.data.articles import Articles
from evalkit.data.wmt_xml import WmtXml
from evalkit.metrics.lexical import Bleu
from evalkit.significance.units import Bootstrap

SENTENCES = [
    "The mayor opened the bridge on Monday.",
    "Hundreds of people came to watch the ceremony.",
    "It had taken four years to build.",
    "The old bridge was closed after a flood in 2019.",
    "Farmers on the far bank had to drive forty kilometres.",
    "A school bus now needs only ten minutes.",
    "The cost rose to nine million euros.",
    "Critics say that the money was badly spent.",
    "The government paid two thirds of it.",
    "A second bridge is planned for 2030.",
]
TRANSLATIONS = [
    "On Monday the bridge was opened by the mayor.",
    "To watch the ceremony, hundreds came.",
    "Building it took four years.",
    "Since the flood of 2019 the old bridge had been closed.",
    "Forty kilometres the farmers on the other bank had to drive.",
    "Only ten minutes are now needed by the school bus.",
    "Nine million euros are the risen cost.",
    "That the money was spent badly, critics say.",
    "Two thirds of it were paid by the government.",
    "In 2030 a second bridge is planned.",
]
THAI = ["นายกเทศมนตรีเปิดสะพานเมื่อวันจันทร์", "ผู้คนหลายร้อยคนมาชมพิธี", "ใช้เวลาสร้างสี่ปี", "สะพานเก่าปิดหลังน้ำท่วม"]
CHINESE = ["市长周一为大桥揭幕。", "数百人前来观看仪式。", "建造花了四年时间！", "旧桥在洪水后关闭了。"]
WORDS = ["bridge", "Monday", "the", "2019", "a.", "No.", "Dr.", "“why?”", "euros,", "x"]
TEXTS = {
    "en": st.one_of(
        st.sampled_from(SENTENCES), st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join)
    ),
    "th": st.sampled_from(THAI),
    "zh": st.sampled_from(CHINESE),
}


def align(segments, text, language="en", **settings):
    return Aligner(**settings).align_text(segments, text, language)


@st.composite
def articles(draw):
    """A language, paragraphs of any number of sentences, and their text with line breaks anywhere between."""
    language = draw(st.sampled_from(sorted(TEXTS)))
    glue = "" if language == "zh" else " "
    paragraphs = draw(st.lists(st.lists(TEXTS[language], min_size=1, max_size=12), min_size=1, max_size=6))
    segments = [glue.join(paragraph) for paragraph in paragraphs]
    breaks = st.sampled_from([glue, "\n", "\n\n"])
    text = "".join(sentence + draw(breaks) for paragraph in paragraphs for sentence in paragraph)
    return language, segments, text


@settings(max_examples=60, deadline=None)
@given(articles(), st.sampled_from(["sentencex", "lines"]))
def test_the_reference_as_output_is_its_own_alignment(article, sentences):
    language, segments, text = article
    found = align(segments, text, language, sentences=sentences)
    assert [hypothesis.split() for hypothesis in found.texts] == [segment.split() for segment in segments]
    assert (found.additions, found.moved, found.similarity) == ((), (), 1.0)


@settings(max_examples=30, deadline=None)
@given(articles(), articles(), st.integers(0, 3))
def test_any_text_is_divided_without_loss(article, other, place):
    """The reference with some text of another article in it: not the reference, so it is aligned."""
    language, segments, text = article
    lines = text.split("\n")
    lines.insert(place, other[2])
    text = "\n".join(lines)
    found = align(segments, text, language)
    spans = sorted([*(span for own in found.parts for span in own), *(span for span, _ in found.additions)])
    assert all(one[1] <= two[0] for one, two in itertools.pairwise(spans))
    assert "".join("".join(text[a:b] for a, b in spans).split()) == "".join(text.split())


@pytest.mark.parametrize("size", [1, 2, 3, 5, 10])
@pytest.mark.parametrize("break_", [" ", "\n"])
def test_the_sentences_of_a_paragraph_come_together(size, break_):
    """The true paragraphs are known, however long they are and wherever the lines end."""
    starts = range(0, 10, size)
    segments = [" ".join(SENTENCES[start : start + size]) for start in starts]
    found = align(segments, break_.join(TRANSLATIONS))
    assert list(found.texts) == [" ".join(TRANSLATIONS[start : start + size]) for start in starts]
    assert found.additions == ()


@pytest.mark.parametrize("count", range(2, 11))
def test_every_segment_gets_its_words_of_a_text_without_sentence_ends(count):
    bare = [sentence.rstrip(".") for sentence in SENTENCES[:count]]
    assert list(align(SENTENCES[:count], " ".join(bare)).texts) == bare


def test_a_sentence_over_many_lines_is_one_hypothesis():
    text = " ".join(TRANSLATIONS).replace(" ", "\n")
    lines = "\n".join(re.findall(r"(?:\S+\s+){1,3}", text.replace("\n", " ") + " "))
    found = align(SENTENCES[:10], lines)
    lost = [Counter(b.split()) - Counter(a.split()) for a, b in zip(found.texts, TRANSLATIONS, strict=True)]
    assert sum(map(Counter.total, lost)) <= 3  # of 74 words
    assert sum(map(bool, found.texts)) == 10


def test_paragraphs_that_changed_places_are_found():
    segments = [" ".join(SENTENCES[:3]), " ".join(SENTENCES[3:6]), " ".join(SENTENCES[6:])]
    text = "\n".join([" ".join(TRANSLATIONS[3:6]), " ".join(TRANSLATIONS[:3]), " ".join(TRANSLATIONS[6:])])
    found = align(segments, text)
    assert list(found.texts) == [
        " ".join(TRANSLATIONS[:3]), " ".join(TRANSLATIONS[3:6]), " ".join(TRANSLATIONS[6:])
    ]  # fmt: skip
    assert len(found.moved) == 1


def test_sentences_that_changed_places_within_a_paragraph_have_not_moved():
    segments = [" ".join(SENTENCES[:4]), " ".join(SENTENCES[4:])]
    text = " ".join([TRANSLATIONS[1], TRANSLATIONS[0], *TRANSLATIONS[2:]])
    found = align(segments, text)
    assert found.texts[1] == " ".join(TRANSLATIONS[4:])
    assert (found.additions, found.moved) == ((), ())


def test_neighbouring_segments_that_changed_places_get_their_own_text():
    order = [0, 1, 3, 2, 4]
    found = align(SENTENCES[:5], "\n".join(SENTENCES[number] for number in order))
    assert list(found.texts) == SENTENCES[:5]


def test_moved_segments_by_hand():
    parts = [[(0, 5)], [(20, 25)], [(6, 9), (10, 12)], []]
    assert find_moved(parts, set()) == []
    assert find_moved(parts, {1}) == [1]
    assert find_moved([[(0, 5)], [(6, 9)], [(10, 12)]], {1}) == []


def test_an_article_of_one_segment_gets_all_but_boilerplate():
    segment = " ".join(SENTENCES)
    unknown = "Wholly unlike anything."
    body = " ".join([unknown, *TRANSLATIONS[:4], unknown, *TRANSLATIONS[4:], unknown])
    assert align([segment], body).texts == (body,)
    found = align([segment], f"Photo: AFP\n{body}\nShare!")
    assert found.texts == (body,)
    assert len(found.additions) == 2
    assert align([segment], "五个国家共享两条大河。").texts == ("五个国家共享两条大河。",)


@pytest.fixture(scope="module")
def six_articles(shared):
    """Six articles of WMT22 ru-en: segments and the output of a system, per article."""
    reader = WmtXml(path=str(shared / "wmt22" / "wmttest2022.ru-en.all.xml"), references=["A"])
    test_set = reader.read()
    output = reader.read_bundled("Online-G", test_set)
    documents = sorted(test_set.segments_of.values(), key=len)[-6:]
    return [([test_set.segments[i].reference for i in own], [output[i] for i in own]) for own in documents]


@pytest.mark.parametrize("most", [1, 4, 12, 1000], ids=lambda most: f"paragraphs of up to {most}")
@pytest.mark.parametrize("breaks", ["\n", " ", "\n "], ids=["lines", "one line", "any lines"])
def test_real_articles_in_paragraphs_score_as_line_by_line(six_articles, most, breaks):
    chance = random.Random(f"{most}{breaks}")
    references, truth, found = [], [], []
    for segments, output in six_articles:
        sizes = []
        while sum(sizes) < len(segments):
            sizes.append(chance.randint(1, min(most, len(segments))))
        starts = [sum(sizes[:number]) for number in range(len(sizes) + 1)]
        groups = [slice(start, end) for start, end in itertools.pairwise(starts)]
        paragraphs = [" ".join(segments[group]) for group in groups]
        text = "".join(line + chance.choice(breaks) for line in output)
        references += paragraphs
        truth += [" ".join(output[group]) for group in groups]
        found += align(paragraphs, text).texts
    expected = sacrebleu.corpus_bleu(truth, [references]).score
    assert sacrebleu.corpus_bleu(found, [references]).score == pytest.approx(expected, abs=0.3)


def test_paragraphs_of_two_references_and_the_words_that_are_not_scored(tmp_path):
    """The second reference as output scores 100 against itself; a foreign line is counted."""
    second = [" ".join(TRANSLATIONS[:6]), " ".join(TRANSLATIONS[6:])]
    for path, text in {
        "reference.en.A/x.txt": "\n".join([" ".join(SENTENCES[:6]), " ".join(SENTENCES[6:])]),
        "reference.en.B/x.txt": "\n".join(second),
        "systems/b/x.txt": "\n".join(TRANSLATIONS),
        "systems/more/x.txt": "\n".join(["Photo: AFP", *TRANSLATIONS]),
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    reader = Articles(path=str(tmp_path), segments="paragraph", references=["A", "B"])
    run = evaluate(reader, [Bleu()], output=tmp_path / "out", significance=Bootstrap(resamples=10)).run
    assert run.systems["b"].metrics["bleu"].value == pytest.approx(100)
    assert run.systems["more"].metrics["bleu"].value == pytest.approx(100)
    words = len(" ".join(TRANSLATIONS).split()) + 2
    share = f"2 of {words} ({200 / words:.1f} %)"
    assert [line for line in run.warnings if "not scored" in line] == [
        f"more: words that match nothing in the reference and are not scored: {share}"
    ]


def test_text_between_two_parts_of_a_sentence_that_changed_places_goes_to_one_of_them():
    """One sentence without a full stop, in which the first two segments changed places."""
    segments = ["The damage the.", "House help day south.", "Said night heavy."]
    text = "House help day town School town day heavy a police The damage the Said night heavy"
    found = Aligner().align_text(segments, text, "en")
    assert sorted(" ".join(found.texts).split()) == sorted(text.split())


def test_a_text_for_a_single_empty_segment_is_an_addition():
    text = " ".join(SENTENCES[:2])
    found = Aligner().align_text([""], text, "en")
    assert found.texts == ("",)
    assert [text[start:end] for (start, end), _ in found.additions] == SENTENCES[:2]
