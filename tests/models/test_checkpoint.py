"""Checkpoints: what is known before they are loaded, how they load, and messages about broken ones."""

from __future__ import annotations

import shutil
import sys

import pytest
import yaml
from comet_checkpoints import CLASSES, class_of

from evalkit.errors import ModelError
from evalkit.models import checkpoint
from evalkit.models.checkpoint import find, load
from evalkit.models.inputs import ModelInput
from evalkit.models.scoring import Scorer
from evalkit.runtime.cache import Cache
from evalkit.runtime.quiet import quiet

ROWS = [{"src": "мир", "mt": "the fox", "ref": "the dog"}, {"src": "труд", "mt": "", "ref": "Kursk"}]


@pytest.fixture
def folder(models, tmp_path):
    """A model that may be damaged."""
    return shutil.copytree(models("regression"), tmp_path / "model")


def change(folder, change_settings=None, change_weights=None):
    """Write a changed checkpoint."""
    import torch

    content = torch.load(folder / "checkpoints" / "model.ckpt", weights_only=False)
    settings = content["hyper_parameters"]
    (change_settings or (lambda _: None))(settings)
    (change_weights or (lambda _: None))(content["state_dict"])
    torch.save(content, folder / "checkpoints" / "model.ckpt")
    (folder / "hparams.yaml").write_text(yaml.dump(dict(settings)), encoding="utf-8")


def scores(folder):
    samples = [ModelInput(row["mt"], row["src"], row["ref"]) for row in ROWS]
    return [
        one.score
        for one in Scorer(find(str(folder), "x"), "fp32", "cpu", None, "x", Cache.temporary()).score(samples)
    ]


def stock_scores(folder):
    """Scores of unbabel-comet when it loads the folder itself."""
    import comet

    return (
        comet.load_from_checkpoint(str(folder / "checkpoints" / "model.ckpt"))
        .predict(ROWS, gpus=0, progress_bar=False)
        .scores
    )


@pytest.mark.parametrize("kind", CLASSES)
def test_the_inputs_of_a_model_are_known_before_it_is_loaded(kind, models):
    found = find(str(models(kind)), "x")
    reads = (found.uses_source, found.needs_source, found.uses_reference)
    assert (found.name, found.class_identifier) == (kind, class_of(kind))
    assert found.joint == (found.class_identifier in ("unified_metric", "xcomet_metric"))
    assert (
        reads
        == {
            "regression_metric": (True, True, True),
            "referenceless_regression_metric": (True, True, False),
            "unified_metric": (True, False, True),
            "xcomet_metric": (True, False, True),
        }[found.class_identifier]
        if kind not in ("unified_no_source", "unified_no_reference")
        else reads
        == {"unified_no_source": (False, False, True), "unified_no_reference": (True, True, False)}[kind]
    )


def test_a_loaded_model_is_of_unbabel_comets_class_and_ready_for_inference(models):
    from comet.models import str2model

    with quiet():
        module = load(find(str(models("regression")), "x"))
    assert type(module) is str2model["regression_metric"]
    assert not module.training
    assert {parameter.dtype for parameter in module.parameters()} == {__import__("torch").float32}


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (
            shutil.rmtree,
            (
                r"^x=.*/model: no such folder\. Set x=FOLDER to a folder that holds the model, "
                r"or use the model that is included in evalkit: x=evalkit-mini\.$"
            ),
        ),
        (
            lambda folder: (folder / "hparams.yaml").unlink(),
            "missing hparams.yaml. A COMET model folder has",
        ),
        (
            lambda folder: (folder / "checkpoints" / "model.ckpt").unlink(),
            "missing checkpoints/model.ckpt",
        ),
        (lambda folder: (folder / "hparams.yaml").write_text("a: ["), "hparams.yaml: cannot read the file"),
        (
            lambda folder: (folder / "hparams.yaml").write_bytes(b"\xff\xfe\xfa"),
            "hparams.yaml: cannot read the file",
        ),
        (
            lambda folder: (folder / "hparams.yaml").write_text("a: !!python/object:os.x {}"),
            "hparams.yaml: cannot read the file",
        ),
        (
            lambda folder: (folder / "hparams.yaml").write_text("class_identifier: x"),
            "unknown class_identifier 'x'; expected one of referenceless",
        ),
        (
            lambda folder: (folder / "hparams.yaml").write_text("class_identifier: ranking_metric"),
            "class_identifier 'ranking_metric'; exp",
        ),
        (
            lambda folder: (folder / "hparams.yaml").write_text("class_identifier: [x]"),
            r"class_identifier \['x'\]; expected one of",
        ),
        (lambda folder: (folder / "hparams.yaml").write_text("[]"), "class_identifier None"),
        (lambda folder: (folder / "hparams.yaml").write_text(""), "class_identifier None"),
    ],
)
def test_a_folder_without_a_model_is_reported(damage, message, folder):
    damage(folder)
    with pytest.raises(ModelError, match=message) as caught:
        find(str(folder), "x")
    assert "\n" not in str(caught.value)


def cut(folder):
    path = folder / "checkpoints" / "model.ckpt"
    path.write_bytes(path.read_bytes()[:5000])


def other_class(folder):
    path = folder / "hparams.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("regression_metric", "unified_metric"), encoding="utf-8"
    )


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (
            lambda folder: (folder / "checkpoints" / "model.ckpt").write_bytes(b"no"),
            "/model: cannot be loaded as a COMET model: ",
        ),
        (cut, "/model: cannot be loaded as a COMET model: "),
        (other_class, "/model: cannot be loaded as a COMET model: "),
        (
            lambda folder: shutil.rmtree(folder / "encoder"),
            (
                r"/model: the tokenizer of its encoder 'a-hub-name/that-does-not-exist' is not on this machine .*"
                r" into .*/model/encoder\.$"
            ),
        ),
        (
            lambda folder: (folder / "encoder" / "config.json").unlink(),
            "/model: cannot be loaded as a COMET model: ",
        ),
        (
            lambda folder: change(
                folder, change_weights=lambda weights: weights.pop("estimator.ff.0.weight")
            ),
            (
                r"model.ckpt: weights are missing and would be initialised at random: 1: estimator.ff.0.weight\. "
                r"The file is incomplete"
            ),
        ),
    ],
    ids=[
        "no checkpoint at all",
        "cut",
        "another class",
        "no encoder",
        "no configuration",
        "without a weight",
    ],
)
def test_a_model_that_does_not_load_is_reported(damage, message, folder, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    damage(folder)
    with quiet(), pytest.raises(ModelError, match=message) as caught:
        load(find(str(folder), "x"))
    assert "\n" not in str(caught.value)


def test_an_encoder_of_another_model_is_reported(models, tmp_path):
    """The same shapes, one layer more: unbabel-comet would fill it at random."""
    import json

    folder = shutil.copytree(models("regression_max"), tmp_path / "model")
    path = folder / "encoder" / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(config | {"num_hidden_layers": 3}), encoding="utf-8")
    message = (
        r"weights are missing .*encoder\.model\.encoder\.layer\.2\..* and 13 more\. "
        r"The file is incomplete, or encoder/ belongs to another model"
    )
    with quiet(), pytest.raises(ModelError, match=message):
        load(find(str(folder), "x"))


@pytest.mark.parametrize("local_files_only", [True, False])
@pytest.mark.parametrize("kind", ["regression", "unified"])
def test_an_encoder_that_is_not_on_this_machine_is_reported(
    kind, local_files_only, models, tmp_path, monkeypatch
):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    folder = shutil.copytree(models(kind), tmp_path / "model")
    shutil.rmtree(folder / "encoder")
    for name in ("nobody/nothing", "/no/where"):
        change(
            folder,
            lambda settings, name=name: settings.update(
                pretrained_model=name, local_files_only=local_files_only
            ),
        )
        with (
            quiet(),
            pytest.raises(
                ModelError,
                match=rf"the tokenizer of its encoder '{name}' is not on this machine and cannot be down",
            ),
        ):
            load(find(str(folder), "x"))


def test_the_folder_encoder_takes_precedence_over_the_name_in_the_settings(folder):
    first = scores(folder)
    change(folder, lambda settings: settings.update(pretrained_model=str(folder / "encoder")))
    assert first == pytest.approx(stock_scores(folder), abs=1e-6)
    change(folder, lambda settings: settings.update(pretrained_model="nobody/nothing"))
    assert scores(folder) == pytest.approx(first, abs=1e-6)


def test_models_saved_with_sparsemax_patch_are_loaded_as_unbabel_comet_loads_them(folder):
    """XCOMET is such a model: hparams.yaml overrides the sparsemax of the checkpoint."""

    def unequal(weights):
        for layer in range(3):
            weights[f"layerwise_attention.scalar_parameters.{layer}"] += layer

    change(
        folder,
        lambda settings: settings.update(
            layer_transformation="sparsemax", pretrained_model=str(folder / "encoder")
        ),
        unequal,
    )
    sparse, path = scores(folder), folder / "hparams.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace(": sparsemax", ": sparsemax_patch"), encoding="utf-8"
    )
    assert scores(folder) == pytest.approx(stock_scores(folder), abs=1e-6)
    assert scores(folder) != pytest.approx(sparse, abs=1e-6)


def test_tuples_in_the_settings_are_read_as_unbabel_comet_reads_them(folder):
    change(
        folder,
        lambda settings: settings.update(hidden_sizes=(32, 16), pretrained_model=str(folder / "encoder")),
    )
    assert "!!python/tuple" in (folder / "hparams.yaml").read_text(encoding="utf-8")
    assert scores(folder) == pytest.approx(stock_scores(folder), abs=1e-6)


def test_unknown_weights_are_ignored(folder):
    import torch

    first = scores(folder)
    change(
        folder,
        change_weights=lambda weights: weights.update(
            {"encoder.model.embeddings.position_ids": torch.arange(514)[None]}
        ),
    )
    assert scores(folder) == pytest.approx(first, abs=1e-7)


def test_a_revision_depends_on_the_content_of_the_files_that_are_used(folder, tmp_path):
    first = find(str(folder), "x").revision
    (folder / "README.md").write_text("What a model.", encoding="utf-8")
    assert find(str(folder), "x").revision == first
    moved = folder.rename(tmp_path / "another name")
    assert find(str(moved), "x").revision == first
    for part in ("encoder/config.json", "hparams.yaml", "checkpoints/model.ckpt"):
        before = find(str(moved), "x").revision
        with (moved / part).open("ab") as file:
            file.write(b"\n")
        assert find(str(moved), "x").revision != before, part


@pytest.mark.parametrize(
    ("module", "advice"),
    [
        ("pkg_resources", "pip install 'setuptools<81'"),
        ("comet", "pip install 'unbabel-comet>=2.2.6'"),
        ("scipy", "pip install 'unbabel-"),
    ],
)
def test_a_missing_package_is_reported_with_what_to_install(module, advice, monkeypatch, models):
    class Missing:
        def find_spec(self, name, _path=None, _target=None):
            if name == "comet.models":
                raise ModuleNotFoundError(f"No module named {module!r}", name=module)

    for name in [name for name in sys.modules if name.split(".")[0] == "comet"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    with pytest.raises(
        ModelError, match=f"^unbabel-comet cannot be imported: no module '{module}'. Run: {advice}"
    ):
        load(find(str(models("regression")), "x"))


def test_a_broken_package_is_reported(monkeypatch, models):
    class Broken:
        def find_spec(self, name, _path=None, _target=None):
            if name == "comet.models":
                raise ImportError("undefined symbol:\n x")

    for name in [name for name in sys.modules if name.split(".")[0] == "comet"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Broken(), *sys.meta_path])
    with pytest.raises(ModelError, match=r"^unbabel-comet cannot be imported: undefined symbol: x$"):
        load(find(str(models("regression")), "x"))


def test_the_included_model_is_found_by_its_name():
    found = find(checkpoint.mini.NAME, "x")
    assert (found.name, found.folder, found.class_identifier) == ("evalkit-mini", None, "regression_metric")
    assert found.revision.startswith("sha256-")
