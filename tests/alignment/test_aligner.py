"""From articles to hypotheses: what is recorded, degenerate articles, settings, and line-aligned output."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit import evaluate
from evalkit.alignment import Aligner
from evalkit.alignment.trust import explain_doubts
from evalkit.data.articles import Articles
from evalkit.data.lines import Lines
from evalkit.data.wmt_xml import WmtXml
from evalkit.errors import ConfigError, ModelError
from evalkit.metrics.lexical import Bleu, Chrf, DocumentBleu
from evalkit.significance.units import Bootstrap
from evalkit.types import DocumentAlignment, EntityFile, Mention, Segment, TestSet

A = [
    "The president arrived in Astana on Tuesday for a summit on water.",
    "Five countries share the two great rivers of Central Asia.",
    "Farmers in the valley complain that too little of it reaches their fields.",
    "The World Bank promised a loan of 220 million dollars for new sensors.",
]
B = [
    "A museum in Lviv showed paintings that had been hidden for eighty years.",
    "Visitors queued around the block, some of them since early morning.",
    "The oldest of the pictures shows a market under snow.",
]
GERMAN = (
    "Der Präsident traf am Dienstag ein. Fünf Länder teilen sich die Flüsse. "
    "Die Bauern klagen. Die Weltbank hilft."
)


def reference(**documents):
    segments = [
        Segment(str(n), name, None, (text,))
        for name, texts in documents.items()
        for n, text in enumerate(texts, 1)
    ]
    return TestSet("mini", None, "en", ("A",), tuple(segments))


def align(texts, test_set=None, **settings):
    return Aligner(**settings).align("sys", texts, test_set or reference(a=A, b=B))


def alignment_of(output, document):
    return next(alignment for alignment in output.alignment if alignment.document == document)


def test_the_record_of_a_good_article():
    output = align({"a": " ".join(A), "b": " ".join(B)})
    assert output.hypotheses == (*A, *B)
    assert [(d.coverage, d.words_share, d.similarity, d.moved, d.warning) for d in output.alignment] == [
        (1, 1, 1, (), "")
    ] * 2
    assert output.texts == {"a": " ".join(A), "b": " ".join(B)}


def test_the_record_of_a_damaged_article():
    text = f"Subscribe to our channel!\n{A[3]}\n{A[0]} {A[1]}\nRead also: the weather"
    output = align({"a": text, "b": " ".join(B)})
    assert output.hypotheses[:4] == (A[0], A[1], "", A[3])
    assert [(addition.text, addition.after) for addition in output.additions] == [
        ("Subscribe to our channel!", None),
        ("Read also: the weather", "2"),
    ]
    found = alignment_of(output, "a")
    assert (found.segments_covered, found.segments, found.moved) == (3, 4, ("4",))
    assert (found.words, found.words_used) == (len(text.split()), len(text.split()) - 8)


@pytest.mark.parametrize(
    ("text", "covered", "says"),
    [
        ("", 0, "the text is empty"),
        (" \n\n ", 0, "the text is empty"),
        (GERMAN, None, "little in common|coverage 0"),
        (" ".join(B), None, "^document b has the same text"),
        (" ".join(A + A), 4, "share of words used 0.50"),
        (A[0], 1, r"1 of 4 segments are aligned \(coverage 0.25\)"),
        (
            "\n".join([*A[:2], *["Nothing of this has been asked for by anybody at all."] * 6]),
            None,
            "share of words used 0",
        ),
    ],
    ids=["empty", "blank", "another language", "another article", "twice", "one sentence", "boilerplate"],
)
def test_a_degenerate_article_has_its_true_coverage_and_a_warning(text, covered, says):
    output = align({"a": text, "b": " ".join(B)})
    found = alignment_of(output, "a")
    assert covered is None or found.segments_covered == covered
    assert found.segments_covered == sum(map(bool, output.hypotheses[:4]))
    assert re.search(says, found.warning), found.warning


@pytest.mark.parametrize(
    ("text", "expected"), [("A summit on water brought him to Astana.", True), ("", False)]
)
def test_an_article_of_one_sentence(text, expected):
    output = align({"a": text}, reference(a=A[:1]))
    assert output.hypotheses == (text,)
    assert bool(output.hypotheses[0]) == expected


def test_the_warning_names_every_reason():
    found = DocumentAlignment("a", 10, 2, 100, 30, (), 0.05)
    assert explain_doubts(found, "b") == (
        "document b has the same text; "
        "the aligned texts have little in common (mean similarity 0.05, expected 0.12 or more); "
        "2 of 10 segments are aligned (coverage 0.20); "
        "most of the text matches nothing in the reference (share of words used 0.30)"
    )
    assert explain_doubts(replace(found, segments_covered=5, words_used=51, similarity=0.12), None) == ""


def test_the_warning_reaches_the_run_and_its_report(tmp_path):
    for path, text in {
        "reference.en/a.txt": " ".join(A),
        "reference.en/b.txt": " ".join(B),
        "systems/s/a.txt": GERMAN,
        "systems/s/b.txt": "\n".join(["Share this!", B[1], B[2], B[0]]),
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    run = evaluate(
        Articles(path=str(tmp_path)), [Bleu()], output=tmp_path / "out", significance=Bootstrap(resamples=10)
    ).run
    assert any("s: alignment not trusted in 1 document: a: " in line for line in run.warnings)
    assert [(row.document, row.segment) for row in run.segments if row.moved] == [("b", "1")]
    report = (tmp_path / "out" / "systems" / "s" / "report.md").read_text(encoding="utf-8")
    for title in ("## Documents with alignment not trusted", "## Moved segments", "## Additions"):
        assert title in report
    assert "| b | the beginning | Share this! |" in report


# settings and signature


def test_each_line_is_a_sentence_with_sentences_lines():
    text = (
        "The president arrived. In Astana on Tuesday for a summit on water.\nFive countries share two rivers."
    )
    by_line = align({"a": text}, reference(a=A[:2]), sentences="lines")
    assert by_line.hypotheses == tuple(text.split("\n"))
    assert by_line.aligner == "unit:segment|split:lines|align:monotone-2"


def test_unknown_values_are_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"alignment.sentences: expected sentencex or lines, found 'nltk'"):
        Aligner(sentences="nltk")
    with pytest.raises(ModelError, match=r"alignment.embeddings=.*nowhere: no such folder"):
        align({"a": "x", "b": "y"}, embeddings=str(tmp_path / "nowhere"))


def test_embeddings_contribute_and_appear_in_the_signature(tmp_path):
    text = (
        "On Tuesday he came to the Kazakh capital.\n"
        "Five countries share the two great rivers.\n"
        "Read also: weather"
    )
    output = align({"a": text}, reference(a=A[:2]), embeddings="evalkit-mini", cache=str(tmp_path))
    assert output.hypotheses == tuple(text.split("\n")[:2])
    assert output.aligner.startswith("unit:segment|split:sentencex-")
    assert "|align:monotone-2|embeddings:evalkit-mini@sha256-" in output.aligner


class FakeScorer:
    """Gives embeddings without a model."""

    def __init__(self, embeddings):
        self.embeddings = np.array(embeddings)

    def embed(self, texts):
        assert len(texts) == len(self.embeddings)
        return self.embeddings


def test_embeddings_have_a_tenth_of_the_weight():
    aligner = Aligner(embeddings="a model")
    aligner._loaded["a model"] = FakeScorer([[1.0, 0.0], [-1.0, 0.0], [1.0, 0.0], [-1.0, 0.0]])
    # no n-gram in common; the embeddings are equal, or opposite
    matrix = aligner._build_matrix(["aaaa", "bbbb"], ["cccc", "dddd"], spaced=True)
    assert matrix.whole[0][0] == pytest.approx(np.array([[0.1, -0.1], [-0.1, 0.1]]))


def test_short_texts_may_differ_by_a_word():
    assert Aligner()._build_matrix(["a"], ["b"], spaced=True).short == 20
    assert Aligner()._build_matrix(["a"], ["b"], spaced=False).short == pytest.approx(20 / 3)


def test_paragraphs_as_segments_appear_in_the_signature():
    test_set = replace(reference(a=A[:2]), segmentation="paragraph")
    assert align({"a": " ".join(A[:2])}, test_set).aligner == f"{Aligner().signature()}|segments:paragraph"


def test_signatures_name_unit_and_alignment(world_news):
    run = evaluate(
        Articles(path=str(world_news)),
        [Bleu(), Chrf(), DocumentBleu()],
        systems="pivot",
        significance=Bootstrap(resamples=0),
    ).run
    signatures = {name: score.signature for name, score in run.systems["pivot"].metrics.items()}
    plain = "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:"
    assert signatures["bleu"].startswith(plain)
    aligned = f"|{Aligner().signature(names=['Catherine M. Russell', 'E.U.', 'U.N.'])}"
    assert signatures["bleu"].endswith(aligned)
    assert signatures["chrf"].endswith(aligned)
    assert signatures["d_bleu"].startswith(plain)
    assert signatures["d_bleu"].endswith("|unit:document")


def test_names_that_keep_a_sentence_whole_appear_in_the_signature():
    """Without the name, the text is cut behind its mark; names without one change nothing."""
    segments = [
        "Water water kim mayor Yahoo! Japan went came water.",
        "Mayor came people high river.",
        "Went city mayor Yahoo! Japan.",
    ]
    sentences = [
        "City lee water Yahoo! Japan high mayor went.",
        segments[1],
        "Yahoo! Japan went closed high.",
    ]
    plain, text = reference(a=segments), {"a": " ".join(sentences)}

    def align_with(*mentions):
        return align(text, replace(plain, entities=EntityFile(mentions, {}, "file:x", "none")))

    city = Mention(2, 5, 9, "city", "LOC", "city")
    firm = Mention(2, 16, 28, "Yahoo! Japan", "ORG", "yahoo")
    assert align_with(city, firm).hypotheses == tuple(sentences)
    assert align_with(city).hypotheses != tuple(sentences)
    assert align_with(city).aligner == align(text, plain).aligner
    assert align_with(city, firm).aligner == Aligner().signature(names=["Yahoo! Japan"])
    assert align_with(city, firm).aligner != align_with(city).aligner


# line-aligned input


@given(st.lists(st.text(max_size=20), min_size=7, max_size=7))
def test_line_aligned_output_is_used_as_it_is(lines):
    output = align(tuple(lines))
    assert output.hypotheses == tuple(lines)
    assert (output.additions, output.alignment, output.aligner, dict(output.texts)) == ((), (), "", {})


def test_line_aligned_scores_carry_sacrebleus_own_signature(tmp_path):
    for name in ("ref.en", "sys.en"):
        (tmp_path / name).write_text("".join(f"{line}\n" for line in A), encoding="utf-8")
    reader = Lines(path="", reference={"A": str(tmp_path / "ref.en")}, target_language="en")
    run = evaluate(
        reader, [Bleu()], systems=str(tmp_path / "sys.en"), significance=Bootstrap(resamples=0)
    ).run
    assert (
        run.systems["sys"].metrics["bleu"].signature.split("version:")[0]
        == "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|"
    )
    assert "unit" not in run.systems["sys"].metrics["bleu"].signature


def test_one_system_may_be_line_aligned_and_another_not(shared, tmp_path):
    reader = WmtXml(path=str(shared / "wmt22" / "wmttest2022.ru-en.all.xml"), references=["A"])
    test_set = reader.read()
    truth = reader.read_bundled("Online-A", test_set)
    for document, indices in test_set.segments_of.items():
        (tmp_path / f"{document}.txt").write_text("\n".join(truth[i] for i in indices), encoding="utf-8")
    run = evaluate(
        reader,
        [Bleu()],
        systems={"Online-A": None, "articles": tmp_path},
        significance=Bootstrap(resamples=0),
    ).run
    lines, articles = (run.systems[name].metrics["bleu"] for name in ("Online-A", "articles"))
    assert "unit" not in lines.signature
    assert articles.signature == f"{lines.signature}|{Aligner().signature()}"
    assert articles.value == pytest.approx(lines.value, abs=0.1)
    assert any("the signatures of the systems differ" in warning for warning in run.warnings)
