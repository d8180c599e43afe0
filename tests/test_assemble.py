"""The record of a run from scores, and scores from metrics, made by hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from miniature import in_memory

from evalkit.errors import MetricError
from evalkit.evaluation.assemble import make_run
from evalkit.evaluation.scoring import Inputs, score
from evalkit.metrics.base import Metric, Statistics
from evalkit.metrics.lexical import DocumentBleu
from evalkit.significance.units import Bootstrap
from evalkit.types import DocumentAlignment, SystemOutput


@dataclass(frozen=True, kw_only=True)
class Words(Metric):
    """The words of a hypothesis, with two warnings."""

    name: str = "words"
    label: str = "Words"

    def signature(self, test_set):
        return "words"

    def statistics(self, test_set, output):
        counts = np.array([[len(text.split())] for text in output.hypotheses], dtype=np.float64)
        return Statistics(counts, warnings=("mind the gap", "mind the step"))

    def aggregate(self, total):
        return total[..., 0]


@dataclass(frozen=True, kw_only=True)
class Unavailable(Words):
    """A metric whose model is not there."""

    name: str = "unavailable"
    label: str = "Unavailable"

    def signature(self, test_set):
        raise MetricError("no model")

    def statistics(self, test_set, output):
        pytest.fail("its signature has failed before")


@dataclass(frozen=True, kw_only=True)
class Nothing(Words):
    """A metric that finds nothing to score."""

    name: str = "nothing"
    label: str = "Nothing"

    def aggregate(self, total):
        return np.full(total.shape[:-1], np.nan)

    def details(self, test_set, total):
        return {"words": float(total[0])}


@dataclass(frozen=True, kw_only=True)
class Picky(Words):
    """A metric that fails on one system."""

    name: str = "picky"
    label: str = "Picky"

    def statistics(self, test_set, output):
        if output.system == "mine":
            raise MetricError("not this one")
        return super().statistics(test_set, output)


def made(*alignments, metrics=(), texts=("a b", "c", "d e f", "g"), aligner="aligner:1"):
    """A run of one system that was aligned, made from its parts; documents a and b have two segments each."""
    test_set = in_memory([["a b", "c", "d e f", "g"]], documents=["a", "a", "b", "b"])
    output = SystemOutput("mine", tuple(texts), alignment=alignments, aligner=aligner)
    inputs = Inputs(
        test_set=test_set,
        outputs=[output],
        metrics=metrics or [Words()],
        significance=Bootstrap(resamples=20),
    )
    return make_run(inputs, score(inputs), name="made", config={}, warnings=("given",))


def aligned(document, covered=2, words=4, used=4, **more):
    return DocumentAlignment(document, 2, covered, words, used, **more)


def test_shares_of_aligned_output_are_over_all_documents_by_hand():
    """Three of four segments; 5 of 14 words."""
    result = made(aligned("a", 1, 4, 3), aligned("b", 2, 10, 2)).systems["mine"]
    assert (result.coverage, result.words_used) == (3 / 4, 5 / 14)
    result = made(aligned("a", 0, 0, 0), aligned("b", 0, 0, 0)).systems["mine"]
    assert (result.coverage, result.words_used) == (0, None), "there are no words to share"
    result = made(aligner="").systems["mine"]
    assert (result.coverage, result.words_used) == (None, None), "line by line"


def test_a_segment_is_moved_in_its_own_document_alone():
    """Both documents have segments 1 and 2."""
    run = made(aligned("a", moved=("2",)), aligned("b"))
    assert [(row.document, row.segment) for row in run.segments if row.moved] == [("a", "2")]


def test_documents_have_the_sums_of_their_segments_by_hand():
    run = made(aligned("a"), aligned("b"))
    assert [(found.document, found.segments, found.scores) for found in run.systems["mine"].documents] == [
        ("a", 2, {"words": 3}),
        ("b", 2, {"words": 4}),
    ]
    assert [found.alignment for found in run.systems["mine"].documents] == [aligned("a"), aligned("b")]


def test_warnings_are_those_given_and_those_of_the_alignment_and_of_the_metrics():
    doubtful = [aligned(name, warning="odd lengths") for name in "ab"]
    run = made(*doubtful, texts=("a b", "", " ", "g"))
    assert run.warnings == (
        "given",
        "mine: alignment not trusted in 2 documents: a: odd lengths, b: odd lengths",
        "mine: 2 segments without a hypothesis, scored as empty",
        "mine: mind the gap",
        "mine: mind the step",
    )


def test_words_that_are_not_scored_are_counted_at_any_share():
    def told(*alignments):
        return [line for line in made(*alignments).warnings if "not scored" in line]

    intro = "mine: words that match nothing in the reference and are not scored: "
    assert told(aligned("a", words=3000, used=2990), aligned("b", words=400, used=398)) == [
        f"{intro}12 of 3,400 (0.4 %)"
    ]
    assert told(aligned("a", words=9000, used=8999)) == [f"{intro}1 of 9,000 (less than 0.1 %)"]
    assert told(aligned("a"), aligned("b")) == []


def test_a_metric_that_finds_nothing_to_score_has_no_details():
    run = made(aligned("a"), aligned("b"), metrics=[Words(), Nothing()])
    assert run.systems["mine"].metrics["nothing"].details == {}
    assert run.systems["mine"].metrics["nothing"].reason == "nothing to score in this test set"


def test_the_aligner_is_in_the_signatures_of_metrics_of_segments():
    run = made(aligned("a"), aligned("b"), metrics=[Words(), DocumentBleu()])
    scores = run.systems["mine"].metrics
    assert scores["words"].signature == "words|aligner:1"
    assert "aligner" not in scores["d_bleu"].signature
    assert made(aligner="").systems["mine"].metrics["words"].signature == "words"


def test_systems_with_different_signatures_cannot_be_compared_and_the_run_says_so():
    test_set = in_memory([["a b", "c"]])
    outputs = [
        SystemOutput(name, ("a b", "c"), aligner=aligner) for name, aligner in (("one", "x"), ("two", ""))
    ]
    inputs = Inputs(
        test_set=test_set, outputs=outputs, metrics=[Words()], significance=Bootstrap(resamples=20)
    )
    run = make_run(inputs, score(inputs), name="made", config={}, warnings=())
    warning = "Words: the signatures of the systems differ, so their scores cannot be compared"
    assert run.warnings.count(warning) == 1


def test_a_system_without_a_score_is_no_system_with_another_signature():
    """The metric has no signature at all for the systems."""
    inputs = Inputs(
        test_set=in_memory([["a b"]]),
        outputs=[SystemOutput("one", ("a",)), SystemOutput("two", ("b",))],
        metrics=[Unavailable()],
        significance=Bootstrap(resamples=20),
    )
    run = make_run(inputs, score(inputs), name="made", config={}, warnings=())
    assert run.warnings == ()
    assert run.failures == ["unavailable failed: no model"]


def test_controls_are_scored_by_metrics_that_work_for_any_system():
    test_set = in_memory([["a b", "c"]])
    outputs = [SystemOutput("mine", ("a", "b")), SystemOutput("other", ("a", "b"))]
    metrics = [Words(), Picky(), Unavailable()]
    inputs = Inputs(
        test_set=test_set,
        outputs=outputs,
        metrics=metrics,
        significance=Bootstrap(resamples=20),
        controls=True,
    )
    assert score(inputs).controls["reference"] == {"words": 3, "picky": 3}
