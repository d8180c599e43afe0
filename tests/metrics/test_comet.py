"""COMET compared with `predict()` of unbabel-comet, on tiny checkpoints of each class."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from comet_checkpoints import CLASSES, build, class_of
from miniature import BAD, GOOD, REFERENCE, SECOND, SOURCE, in_memory, output

from evalkit.errors import ConfigError, MetricError, ModelError
from evalkit.metrics.comet import Comet
from evalkit.metrics.comet_mini import CometMini
from evalkit.models.inputs import Scored

LONG = "the quick brown fox " * 200


@pytest.fixture(scope="session")
def predict(models):
    """Make the scores of unbabel-comet itself."""

    def run(kind, rows):
        from comet.models import str2model

        folder = models(kind)
        model = str2model[class_of(kind)].load_from_checkpoint(
            folder / "checkpoints" / "model.ckpt",
            map_location="cpu",
            strict=False,
            load_pretrained_weights=False,
            local_files_only=True,
            pretrained_model=str(folder / "encoder"),
        )
        return model.predict(rows, batch_size=3, gpus=0, progress_bar=False).scores

    return run


def segment_scores(metric, test_set, hypotheses):
    return metric.segment_scores(metric.statistics(test_set, output(hypotheses)).values)


@pytest.mark.parametrize("kind", CLASSES)
def test_scores_are_those_of_predict(kind, models, predict, tmp_path):
    limits = [LONG[:end] for end in (505, 507, 508, 600)]  # 508, 510, 511 and 603 tokens
    hypotheses, references = (
        [*GOOD, *BAD, LONG, "", "", *limits],
        [*REFERENCE, *REFERENCE, LONG, "Nobody.", "", *limits[::-1]],
    )
    sources = [*SOURCE, *SOURCE, LONG, "Никто.", "", *limits]
    rows = [{"src": s, "mt": h, "ref": r} for s, h, r in zip(sources, hypotheses, references, strict=True)]
    test_set, cache = in_memory([references], sources), str(tmp_path)
    ours = segment_scores(Comet(model=str(models(kind)), cache=cache), test_set, hypotheses)
    assert ours == pytest.approx(predict(kind, rows), abs=1e-6)
    again = Comet(model=str(models(kind)), cache=cache)
    backwards = in_memory([references[::-1]], sources[::-1])
    assert segment_scores(again, backwards, hypotheses[::-1]).tolist() == ours[::-1].tolist()
    assert again._loaded["scorer"]._module is None, "all from the cache"


def test_several_references_give_the_mean_of_their_scores(models, predict):
    rows = [
        [{"src": s, "mt": h, "ref": r} for s, h, r in zip(SOURCE, BAD, ref, strict=True)]
        for ref in (REFERENCE, SECOND)
    ]
    metric, test_set = Comet(model=str(models("regression"))), in_memory([REFERENCE, SECOND], SOURCE)
    expected = np.mean([predict("regression", row) for row in rows], axis=0)
    assert segment_scores(metric, test_set, BAD) == pytest.approx(expected, abs=1e-6)
    assert "|nrefs:2|agg:mean|refs:A,B|" in metric.signature(test_set)
    assert metric.details(test_set, np.zeros(2))["sacrecomet"].endswith("|fp32|regression|r2avg")


def test_a_segment_is_scored_with_the_references_that_it_has(models, predict):
    first, second = [REFERENCE[0], None, REFERENCE[2], None], [SECOND[0], SECOND[1], None, SECOND[3]]
    expected = [
        np.mean(predict("regression", [{"src": s, "mt": h, "ref": r} for r in texts if r is not None]))
        for s, h, *texts in zip(SOURCE, BAD, first, second, strict=True)
    ]
    metric, test_set = Comet(model=str(models("regression"))), in_memory([first, second], SOURCE)
    assert segment_scores(metric, test_set, BAD) == pytest.approx(expected, abs=1e-6)
    assert "|nrefs:var|agg:mean|refs:A,B|" in metric.signature(test_set)
    assert metric.details(test_set, np.zeros(2))["sacrecomet"].endswith("|rvaravg")


def test_references_that_differ_by_segment_are_one_each(models):
    test_set = in_memory([[REFERENCE[0], None], [None, SECOND[1]]], SOURCE[:2])
    signature = Comet(model=str(models("regression"))).signature(test_set)
    assert "|nrefs:1|agg:mean|refs:A,B|" in signature


@pytest.mark.parametrize("kind", ["regression", "unified"])
def test_outer_whitespace_is_removed_as_comet_score_does(kind, models, predict):
    # comet-score reads each line with strip()
    around = ["{} ", "  {}", "\t{}\u3000", "{}"]
    texts = [
        [form.format(text) for form, text in zip(around, column, strict=True)]
        for column in (SOURCE, GOOD, REFERENCE)
    ]
    rows = [{"src": s.strip(), "mt": h.strip(), "ref": r.strip()} for s, h, r in zip(*texts, strict=True)]
    metric, test_set = Comet(model=str(models(kind))), in_memory([texts[2]], texts[0])
    assert segment_scores(metric, test_set, texts[1]) == pytest.approx(predict(kind, rows), abs=1e-6)
    assert "|space:stripped|" in metric.signature(test_set)
    assert "space" not in metric.signature(in_memory([REFERENCE], SOURCE))


def test_the_score_of_a_test_set_is_the_mean_of_its_segments():
    # sums of scores, and numbers of segments
    assert Comet().aggregate(np.array([[1.5, 2.0], [0.3, 1.0]])).tolist() == [0.75, 0.3]


def test_a_unified_model_scores_without_source_as_predict_does(models, predict):
    rows = [{"mt": h, "ref": r} for h, r in zip(BAD, REFERENCE, strict=True)]
    metric, test_set = Comet(model=str(models("unified"))), in_memory([REFERENCE])
    assert segment_scores(metric, test_set, BAD) == pytest.approx(predict("unified", rows), abs=1e-6)
    assert "|src:none|" in metric.signature(test_set)


@pytest.mark.parametrize(("rule", "stand_in"), [("reference", REFERENCE), ("empty", [""] * 4)])
def test_a_missing_source_is_replaced_only_if_set(rule, stand_in, models, predict):
    model, test_set = str(models("regression")), in_memory([REFERENCE])
    with pytest.raises(
        MetricError,
        match=r"^mini: no source texts, which regression needs\. Set metrics\.comet\.missing_source=refere",
    ):
        Comet(model=model).signature(test_set)
    metric = Comet(model=model, missing_source=rule)
    rows = [{"src": s, "mt": h, "ref": r} for s, h, r in zip(stand_in, BAD, REFERENCE, strict=True)]
    assert segment_scores(metric, test_set, BAD) == pytest.approx(predict("regression", rows), abs=1e-6)
    assert f"|src:{rule}|" in metric.signature(test_set)


def test_a_reference_free_model_is_shown_as_quality_estimation(models):
    metric, test_set = Comet(model=str(models("referenceless"))), in_memory([REFERENCE], SOURCE)
    metric.statistics(test_set, output(GOOD))
    assert metric.heading() == "COMET (QE)"
    assert "|nrefs:0|" in metric.signature(test_set)
    with pytest.raises(MetricError, match="Choose a model that reads references"):
        metric.signature(in_memory([REFERENCE]))


@pytest.mark.parametrize("kind", ["regression", "unified"])
def test_segments_that_the_encoder_cuts_are_counted_and_listed(kind, models):
    test_set = in_memory([[*REFERENCE, "Short."]], [*SOURCE, "Коротко."])
    found = Comet(model=str(models(kind))).statistics(test_set, output([*GOOD, LONG]))
    (warning,) = found.warnings
    assert warning.startswith("segments that COMET read only in part: 1: segment 5 (without ")
    assert " tokens of the hypothesis" in warning
    assert [(row["segment"], next(iter(row["tokens_lost"]))) for row in found.rows] == [("5", "hypothesis")]
    with pytest.raises(
        MetricError,
        match=r"^sys: segments too long for the encoder of COMET: 1: segment 5 .*\. "
        r"Set metrics\.comet\.on_overflow=truncate to score their beginnings\.$",
    ):
        Comet(model=str(models(kind)), on_overflow="error").statistics(test_set, output([*GOOD, LONG]))


class FakeScorer:
    """Gives the hypotheses, which are numbers, as scores; each has lost so many tokens."""

    def __init__(self, checkpoint):
        self.checkpoint = checkpoint

    def score(self, inputs):
        return [Scored(float(texts.mt), {"mt": int(texts.mt)} if int(texts.mt) else {}) for texts in inputs]


def test_three_of_the_segments_that_the_encoder_cuts_are_named(models):
    metric = Comet(model=str(models("regression")))
    metric._loaded["scorer"] = FakeScorer(metric._checkpoint)
    statistics = metric.statistics(in_memory([["x"] * 5], ["y"] * 5), output(["4", "0", "2", "3", "5"]))
    assert statistics.values.tolist() == [[4, 1], [0, 1], [2, 1], [3, 1], [5, 1]]
    assert [row["segment"] for row in statistics.rows] == ["1", "3", "4", "5"]
    assert statistics.warnings == (
        (
            "segments that COMET read only in part: 4: segment 1 (without 4 tokens of the hypothesis), "
            "segment 3 (without 2 tokens of the hypothesis), segment 4 (without 3 tokens of the hypothesis) "
            "and 1 more"
        ),
    )


@pytest.mark.parametrize(("kind", "expected"), [("regression", "r1"), ("referenceless", "r0")])
def test_sacrecomet_has_the_number_of_references(kind, expected, models):
    metric = Comet(model=str(models(kind)))
    details = metric.details(in_memory([REFERENCE], SOURCE), np.zeros(2))
    assert details["sacrecomet"].endswith(f"|fp32|{kind}|{expected}")


def test_the_signature_depends_on_the_weights_and_not_on_the_path(models, tmp_path):
    test_set = in_memory([REFERENCE], SOURCE)
    here, other = tmp_path / "regression", build(tmp_path / "other" / "regression", "regression", seed=1)
    shutil.copytree(models("regression"), here)
    first, copied, different = (
        Comet(model=str(path)).signature(test_set) for path in (models("regression"), here, other)
    )
    assert first == copied != different
    assert first.startswith("model:regression|revision:sha256-")
    assert "|prec:fp32|nrefs:1|src:given|overflow:truncate|version:" in first


def test_a_hub_model_is_read_from_the_folder_that_the_hub_library_returns(monkeypatch, models, tmp_path):
    snapshot = tmp_path / "snapshots" / "0123abc"
    shutil.copytree(models("regression"), snapshot)
    monkeypatch.setattr("huggingface_hub.snapshot_download", lambda _name, **_options: str(snapshot))
    assert (
        Comet()
        .signature(in_memory([REFERENCE], SOURCE))
        .startswith("model:Unbabel/wmt22-comet-da|revision:0123abc|")
    )


@pytest.mark.parametrize(
    "settings",
    [
        {"missing_source": "x"},
        {"on_overflow": "x"},
        {"batch_tokens": 0},
        {"precision": "int8"},
        *({"device": device} for device in ("x", "", "cpu:1", "cuda:", "cuda:x", "cuda:-1", "auto:0")),
    ],
)
def test_invalid_settings_are_refused(settings):
    (name,) = settings
    with pytest.raises(ConfigError, match=rf"^metrics\.comet\.{name}: expected .*, found "):
        Comet(**settings)


def test_a_device_that_is_not_available_is_reported_before_a_run(models):
    with pytest.raises(
        ModelError, match=r"^metrics\.comet\.device=cuda:99: not available\. Set it to auto, or to one of: "
    ):
        Comet(model=str(models("regression")), device="cuda:99").prepare()


def test_the_included_model_is_a_separate_metric():
    with pytest.raises(
        ConfigError,
        match=r"^metrics\.comet\.model=evalkit-mini: this model is a separate metric\. "
        r"Set 'metrics=\[bleu,chrf,comet_mini\]'\.$",
    ):
        Comet(model="evalkit-mini")
    metric = CometMini()
    assert (metric.name, metric.label, metric.model, metric.missing_source) == (
        "comet_mini",
        "COMET-mini",
        "evalkit-mini",
        "reference",
    )
    assert "its values are not those of wmt22-comet-da" in metric.note()
    assert Comet().note() == ""


def test_an_invalid_limit_of_the_cache_is_reported_before_anything_is_computed(models, monkeypatch):
    monkeypatch.setenv("EVALKIT_CACHE_GB", "much")
    metric = Comet(model=str(models("regression")))
    with pytest.raises(ConfigError, match="EVALKIT_CACHE_GB=much: expected gigabytes, such as 4"):
        metric.signature(in_memory([REFERENCE], SOURCE))


@pytest.mark.parametrize("off", ["off", "False"])
def test_off_leaves_no_files(off, models, tmp_path, monkeypatch):
    monkeypatch.setenv("EVALKIT_CACHE", str(tmp_path / "cache"))
    Comet(model=str(models("regression")), cache=off).statistics(in_memory([REFERENCE], SOURCE), output(GOOD))
    assert list(tmp_path.iterdir()) == []
