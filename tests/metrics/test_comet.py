"""COMET against unbabel-comet's own `predict()`, on tiny checkpoints of each class in its own format."""

from __future__ import annotations

import shutil
import sys

import numpy as np
import pytest
from comet_checkpoints import CLASSES, build, class_of
from miniature import BAD, GOOD, REFERENCE, in_memory, output

from evalkit.errors import ConfigError, MetricError, ModelError
from evalkit.metrics.comet import Comet

SOURCE = ["Кошка сидела на коврике.", "Стив Уиткофф прилетел в Курск.", "В Киеве весь день шёл дождь.", "Никто не пришёл."]
SECOND = ["A cat sat on the mat.", "Steve Witkoff went to Kursk.", "It rained the whole day in Kyiv.", "Nobody has come."]
LONG = "the quick brown fox " * 200


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """Folder by kind of model."""
    root = tmp_path_factory.mktemp("comet")
    return lambda kind: root / kind if (root / kind).exists() else build(root / kind, kind)


@pytest.fixture(scope="session")
def predict(models):
    """Scores of unbabel-comet itself."""

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
def test_scores_are_those_of_predict(kind, models, predict):
    hypotheses, references = [*GOOD, *BAD, LONG, ""], [*REFERENCE, *REFERENCE, LONG, "Nobody."]
    sources = [*SOURCE, *SOURCE, LONG, "Никто."]
    rows = [{"src": s, "mt": h, "ref": r} for s, h, r in zip(sources, hypotheses, references, strict=True)]
    ours = segment_scores(Comet(model=str(models(kind))), in_memory([references], sources), hypotheses)
    assert ours == pytest.approx(predict(kind, rows), abs=1e-6)


def test_several_references_give_the_mean_of_their_scores(models, predict):
    rows = [[{"src": s, "mt": h, "ref": r} for s, h, r in zip(SOURCE, BAD, ref, strict=True)] for ref in (REFERENCE, SECOND)]
    metric, test_set = Comet(model=str(models("regression"))), in_memory([REFERENCE, SECOND], SOURCE)
    expected = np.mean([predict("regression", row) for row in rows], axis=0)
    assert segment_scores(metric, test_set, BAD) == pytest.approx(expected, abs=1e-6)
    assert "|nrefs:2|agg:mean|refs:A,B|" in metric.signature(test_set)
    assert metric.details(test_set, np.zeros(2))["sacrecomet"].endswith("|fp32|regression|r2avg")


def test_a_unified_model_scores_without_source_as_predict_does(models, predict):
    rows = [{"mt": h, "ref": r} for h, r in zip(BAD, REFERENCE, strict=True)]
    metric, test_set = Comet(model=str(models("unified"))), in_memory([REFERENCE])
    assert segment_scores(metric, test_set, BAD) == pytest.approx(predict("unified", rows), abs=1e-6)
    assert "|src:none|" in metric.signature(test_set)


@pytest.mark.parametrize(("rule", "stand_in"), [("reference", REFERENCE), ("empty", [""] * 4)])
def test_a_missing_source_is_replaced_only_on_demand(rule, stand_in, models, predict):
    model, test_set = str(models("regression")), in_memory([REFERENCE])
    with pytest.raises(MetricError, match=r"needs source texts and mini has none; metrics\.comet\.missing_source=reference"):
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
    with pytest.raises(MetricError, match="choose a model with references"):
        metric.signature(in_memory([REFERENCE]))


@pytest.mark.parametrize("kind", ["regression", "unified"])
def test_texts_that_the_encoder_cuts_are_counted_and_named(kind, models):
    test_set = in_memory([[*REFERENCE, "Short."]], [*SOURCE, "Коротко."])
    found = Comet(model=str(models(kind))).statistics(test_set, output([*GOOD, LONG]))
    (warning,) = found.warnings
    assert warning.startswith("segments of which COMET saw only the beginning: 1: segment 5 (without ")
    assert " tokens of the hypothesis" in warning
    assert [(row["segment"], next(iter(row["tokens_lost"]))) for row in found.rows] == [("5", "hypothesis")]
    with pytest.raises(
        MetricError, match=r"sys: segments longer than COMET's encoder takes: 1: segment 5 .*; metrics\.comet\.on_overflow=truncate"
    ):
        Comet(model=str(models(kind)), on_overflow="error").statistics(test_set, output([*GOOD, LONG]))


def test_the_signature_follows_the_weights_not_the_path(models, tmp_path):
    test_set = in_memory([REFERENCE], SOURCE)
    here, other = tmp_path / "regression", build(tmp_path / "other" / "regression", "regression", seed=1)
    shutil.copytree(models("regression"), here)
    first, copied, different = (Comet(model=str(path)).signature(test_set) for path in (models("regression"), here, other))
    assert first == copied != different
    assert first.startswith("model:regression|revision:sha256-")
    assert "|prec:fp32|nrefs:1|src:given|overflow:truncate|version:" in first


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (shutil.rmtree, r"no such folder; give a folder that holds the model: metrics\.comet\.model=FOLDER, or score with"),
        (lambda folder: (folder / "hparams.yaml").unlink(), "hparams.yaml is missing; a COMET model folder has"),
        (lambda folder: (folder / "checkpoints" / "model.ckpt").unlink(), "checkpoints/model.ckpt is missing"),
        (lambda folder: (folder / "checkpoints" / "model.ckpt").write_bytes(b"no"), "cannot be loaded as a COMET model"),
        (lambda folder: (folder / "hparams.yaml").write_text("a: [", encoding="utf-8"), "hparams.yaml: cannot be read"),
        (lambda folder: (folder / "hparams.yaml").write_text("class_identifier: x"), "class_identifier 'x'; expected one of referenceless"),
        (lambda folder: (folder / "hparams.yaml").write_text("[]", encoding="utf-8"), "class_identifier None"),
    ],
    ids=["no folder", "no hparams", "no checkpoint", "broken checkpoint", "broken hparams", "unknown class", "empty hparams"],
)
def test_a_folder_that_holds_no_model_says_what_is_wrong(damage, message, models, tmp_path):
    folder = tmp_path / "model"
    shutil.copytree(models("regression"), folder)
    damage(folder)
    with pytest.raises(ModelError, match=message):
        Comet(model=str(folder)).prepare()


def hub(monkeypatch, error):
    """Make the hub answer with an error, without a network."""

    def refuse(_name, **_options):
        raise error

    monkeypatch.setattr("huggingface_hub.snapshot_download", refuse)


def test_the_hub_says_why_a_model_cannot_be_had(monkeypatch):
    import httpx
    import requests
    from huggingface_hub import errors

    response = requests.Response()
    for error, message in (
        (errors.LocalEntryNotFoundError("x"), r"not on this machine, and the hub cannot be reached .*comet_mini"),
        (errors.OfflineModeIsEnabled("x"), "HF_HUB_OFFLINE is set"),
        (errors.GatedRepoError("x", response=response), "its licence has to be accepted on its page on the hub first"),
        (errors.RepositoryNotFoundError("x", response=response), "the hub has no such model"),
        (OSError(28, "No space left on device"), "download failed: .*No space left on device"),
    ):
        hub(monkeypatch, error)
        with pytest.raises(ModelError, match=message):
            Comet().signature(in_memory([REFERENCE], SOURCE))
    assert httpx  # huggingface_hub answers with either, by version


def test_a_hub_model_is_read_from_the_folder_that_the_hub_library_gives(monkeypatch, models, tmp_path):
    snapshot = tmp_path / "snapshots" / "0123abc"
    shutil.copytree(models("regression"), snapshot)
    monkeypatch.setattr("huggingface_hub.snapshot_download", lambda _name, **_options: str(snapshot))
    assert Comet().signature(in_memory([REFERENCE], SOURCE)).startswith("model:Unbabel/wmt22-comet-da|revision:0123abc|")


@pytest.mark.parametrize(("module", "mend"), [("pkg_resources", "setuptools<81"), ("comet", "unbabel-comet>=2.2.6")])
def test_a_missing_package_says_what_to_install(module, mend, monkeypatch, models):
    folder = str(models("regression"))

    class Missing:
        def find_spec(self, name, _path=None, _target=None):
            if name == "comet.models":
                raise ModuleNotFoundError(f"No module named {module!r}", name=module)

    for name in [name for name in sys.modules if name.split(".")[0] == "comet"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    with pytest.raises(ModelError, match=f"no module '{module}'; pip install '{mend}'"):
        Comet(model=folder).prepare()


@pytest.mark.parametrize(
    "settings",
    [
        {"missing_source": "x"},
        {"on_overflow": "x"},
        {"device": "x"},
        {"batch_tokens": 0},
        {"device": "cpu:1"},
        {"device": "cuda:x"},
        {"precision": "int8"},
        {"model": "evalkit-mini"},
    ],
)
def test_settings_that_cannot_be_used_are_refused(settings):
    with pytest.raises(
        ConfigError, match=rf"metrics\.comet\.{next(iter(settings))}(: expected|=evalkit-mini: this model is a metric of its own)"
    ):
        Comet(**settings)
