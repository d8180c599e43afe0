"""Floor and ceiling: made-up systems that are never ranked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from miniature import REFERENCE, in_folder, in_memory

from evalkit import compare, evaluate
from evalkit.errors import MetricError
from evalkit.evaluation.controls import make_outputs, score_controls
from evalkit.metrics.entity_accuracy import EntityAccuracy
from evalkit.metrics.lexical import Bleu, Chrf
from evalkit.runs.reading import load
from evalkit.significance.units import Bootstrap

SOURCES = ["Кошка.", "Стив.", "Дождь.", "Никто."]


def test_the_reference_is_the_ceiling_and_an_empty_text_the_floor():
    found = score_controls(in_memory([REFERENCE], SOURCES), [Bleu(), Chrf()])
    assert list(found) == ["empty", "source", "shuffled", "reference"]
    assert found["reference"] == pytest.approx({"bleu": 100, "chrf": 100})
    assert found["empty"] == {"bleu": 0, "chrf": 0}
    assert 0 < found["shuffled"]["chrf"] < 40


def test_without_sources_there_is_no_copy_of_them():
    assert [output.system for output in make_outputs(in_memory([REFERENCE]))] == [
        "empty",
        "shuffled",
        "reference",
    ]


def test_of_several_references_the_first_is_the_one_that_is_scored():
    outputs = {found.system: found for found in make_outputs(in_memory([REFERENCE, SOURCES]))}
    assert outputs["reference"].hypotheses == tuple(REFERENCE)
    assert sorted(outputs["shuffled"].hypotheses) == sorted(REFERENCE)
    assert outputs["empty"].hypotheses == ("",) * 4


def test_shuffled_are_the_references_in_another_order_and_always_the_same():
    test_set = in_memory([REFERENCE])
    first, second = (
        {output.system: output.hypotheses for output in make_outputs(test_set)}["shuffled"] for _ in range(2)
    )
    assert first == second != tuple(REFERENCE)
    assert sorted(first) == sorted(REFERENCE)


def test_a_metric_that_fails_on_a_control_leaves_it_out(monkeypatch):
    def fails(self, test_set, output):
        raise MetricError("no luck")

    monkeypatch.setattr(Bleu, "statistics", fails)
    assert score_controls(in_memory([REFERENCE]), [Bleu(), Chrf()])["reference"] == pytest.approx(
        {"chrf": 100}
    )


def test_a_metric_that_has_nothing_to_score_has_no_controls(tmp_path):
    """Of the names of the test set, none is an organisation."""
    test_set = in_folder(tmp_path, entities=True).read()
    found = score_controls(test_set, [Bleu(), EntityAccuracy(types=["ORG"])])
    assert {frozenset(scores) for scores in found.values()} == {frozenset({"bleu"})}


def test_controls_are_kept_and_are_no_systems(tmp_path):
    reader, systems = in_folder(tmp_path, entities=True), str(tmp_path / "systems")
    settings = {"systems": systems, "significance": Bootstrap(resamples=20)}
    run = evaluate(reader, [Bleu(), EntityAccuracy()], **settings, controls=True, output=tmp_path / "out").run
    stored = load(tmp_path / "out")
    assert stored.controls == run.controls
    assert stored.controls["reference"] == {"bleu": pytest.approx(100), "entity_accuracy": 1}
    assert set(stored.systems) == {"bad", "good"}
    assert {row.system for row in compare(run, stored).rows} == {"bad", "good"}
    without = evaluate(reader, [Bleu(), EntityAccuracy()], **settings).run
    assert without.controls == {}
    assert {name: replace(result, rows={}) for name, result in without.systems.items()} == {
        name: replace(result, rows={}) for name, result in run.systems.items()
    }, "scores do not depend on them"


@pytest.mark.parametrize("count", [2, 3, 12, 191])
def test_no_segment_keeps_its_reference_in_the_shuffled_control(count):
    references = [f"sentence {number}" for number in range(count)]
    (shuffled,) = [out for out in make_outputs(in_memory([references])) if out.system == "shuffled"]
    assert sorted(shuffled.hypotheses) == sorted(references)
    assert all(text != reference for text, reference in zip(shuffled.hypotheses, references, strict=True))
