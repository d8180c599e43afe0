"""COMET checkpoints: folders of unbabel-comet with ``hparams.yaml`` and ``checkpoints/model.ckpt``.

What a checkpoint is (its class, inputs and content) is known from its files, without torch; `load` turns it
into a module. A folder ``encoder/`` with configuration and tokenizer takes precedence over the name of the
encoder in the hyperparameters, which would be downloaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from evalkit.errors import ModelError, shorten
from evalkit.models import mini
from evalkit.models.hub import advise_folder, download, hash_folder, is_hub_name, one_line
from evalkit.runtime.cache import Cache
from evalkit.runtime.paths import expand_home

APART = {"regression_metric": True, "referenceless_regression_metric": False}
"""Classes that encode each text separately, and whether they read a reference."""
JOINT = ("unified_metric", "xcomet_metric")
"""Classes that encode hypothesis, source and reference as one text."""
_HPARAMS = "hparams.yaml"
_WEIGHTS = "checkpoints/model.ckpt"
_TOKENIZERS = (
    "tokenizer.json",
    "sentencepiece.bpe.model",
    "sentencepiece.model",
    "spiece.model",
    "vocab.txt",
)
"""Files of which a tokenizer has at least one."""


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """A checkpoint that is not loaded yet."""

    name: str
    """On the hub, or the name of its folder."""
    folder: Path | None
    """None for evalkit-mini, which is unpacked when it is loaded."""
    revision: str
    """The commit on the hub; otherwise ``sha256-`` and a hash of the files."""
    class_identifier: str
    """The class, as unbabel-comet names it."""
    input_segments: tuple[str, ...]
    """What a joint encoder reads: mt, src or ref."""

    @property
    def joint(self) -> bool:
        """Whether the encoder reads hypothesis, source and reference as one text."""
        return self.class_identifier in JOINT

    @property
    def uses_source(self) -> bool:
        """Whether it reads the source."""
        return not self.joint or "src" in self.input_segments

    @property
    def needs_source(self) -> bool:
        """Whether it cannot score without a source."""
        return not self.joint or "ref" not in self.input_segments

    @property
    def uses_reference(self) -> bool:
        """Whether it reads a reference; otherwise it estimates quality without one."""
        return "ref" in self.input_segments if self.joint else APART[self.class_identifier]


def find(model: str, setting: str, cache: Cache | None = None) -> Checkpoint:
    """Find the checkpoint that a setting names; download it if it is on the hub and not on this machine.

    Args:
        model: ``evalkit-mini``, a folder, or a name on the hub.
        setting: what chose it, such as ``metrics.comet.model``.
        cache: keeps the hashes of large files.

    Raises:
        ModelError: the model is not available, or not a checkpoint of a known class.
    """
    if model == mini.NAME:
        return Checkpoint(
            name=model,
            folder=None,
            revision=mini.revision(),
            class_identifier="regression_metric",
            input_segments=(),
        )
    on_hub = is_hub_name(model)
    folder = download(model, setting, _advise_mini(setting)) if on_hub else _find_folder(model, setting)
    hparams = _read_hparams(folder)
    class_identifier = _check_class(folder, hparams)
    parts = [_HPARAMS, _WEIGHTS, "encoder"]
    return Checkpoint(
        name=model if on_hub else folder.resolve().name,
        folder=folder,
        revision=folder.name if on_hub else f"sha256-{hash_folder(folder, parts, cache)}",
        class_identifier=class_identifier,
        input_segments=tuple(map(str, hparams.get("input_segments") or ("mt", "src", "ref"))),
    )


def _find_folder(model: str, setting: str) -> Path:
    folder = expand_home(model)
    if not folder.is_dir():
        advice = advise_folder(setting, _advise_mini(setting))
        raise ModelError(f"{setting}={model}: no such folder. {advice}")
    return folder


def _advise_mini(setting: str) -> str:
    is_metric = setting.startswith("metrics.")
    override = "'metrics=[bleu,chrf,comet_mini]'" if is_metric else f"{setting}={mini.NAME}"
    return f", or use the model that is included in evalkit: {override}"


def _check_class(folder: Path, hparams: Mapping[str, Any]) -> str:
    identifier = hparams.get("class_identifier")
    if identifier not in (*APART, *JOINT):
        expected = ", ".join(sorted([*APART, *JOINT]))
        raise ModelError(
            f"{folder}/{_HPARAMS}: unknown class_identifier {identifier!r}; expected one of {expected}"
        )
    return str(identifier)


def load(checkpoint: Checkpoint) -> Any:
    """Load the module of a checkpoint for inference, in fp32 on the CPU.

    Raises:
        ModelError: unbabel-comet is missing or broken, or the files are.
    """
    comet_classes = _import_classes()
    folder = checkpoint.folder or mini.unpack()
    hparams = _read_hparams(folder)
    cls = comet_classes[checkpoint.class_identifier]
    missing: set[str] = set()
    try:
        module = _load_module(_watch(cls, missing), folder, hparams)
    except Exception as error:  # torch, Lightning and transformers raise many types for a broken folder
        raise ModelError(_explain_failure(folder, hparams, error)) from error
    module.__class__ = cls
    # buffers are ignored, since they differ between versions of transformers
    missing_weights = sorted(missing & {name for name, _ in module.named_parameters()})
    if missing_weights:
        raise ModelError(
            f"{folder}/{_WEIGHTS}: weights are missing and would be initialised at random: "
            f"{len(missing_weights)}: {shorten(missing_weights, 3)}. "
            "The file is incomplete, or encoder/ belongs to another model."
        )
    return module.float().eval()


def _import_classes() -> Mapping[str, Any]:
    """Import the classes of unbabel-comet, by identifier."""
    try:
        import comet.models
    except ModuleNotFoundError as error:
        package = "setuptools<81" if error.name == "pkg_resources" else "unbabel-comet>=2.2.6"
        raise ModelError(
            f"unbabel-comet cannot be imported: no module {error.name!r}. Run: pip install '{package}'"
        ) from error
    except ImportError as error:
        raise ModelError(f"unbabel-comet cannot be imported: {' '.join(str(error).split())}") from error
    classes: Mapping[str, Any] = comet.models.str2model
    return classes


def _load_module(cls: Any, folder: Path, hparams: Mapping[str, Any]) -> Any:
    import torch

    options: dict[str, Any] = {}
    if (folder / "encoder").is_dir():
        options = {"pretrained_model": str((folder / "encoder").resolve()), "local_files_only": True}
    if hparams.get("layer_transformation") == "sparsemax_patch":
        options["layer_transformation"] = "softmax"  # as comet.load_from_checkpoint does, for XCOMET
    return cls.load_from_checkpoint(
        folder / _WEIGHTS,
        hparams_file=None,
        map_location=torch.device("cpu"),
        strict=False,
        load_pretrained_weights=False,
        **options,
    )


def _watch(cls: Any, missing: set[str]) -> Any:
    """Derive a class that records missing weights, which unbabel-comet would leave at random values."""

    def load_state_dict(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = cls.load_state_dict(self, *args, **kwargs)
        missing.update(result.missing_keys)
        return result

    return type(cls.__name__, (cls,), {"load_state_dict": load_state_dict})


class _Loader(yaml.SafeLoader):
    """Also reads tuples, which Lightning writes."""


_TUPLE = "tag:yaml.org,2002:python/tuple"


def _construct_tuple(loader: yaml.SafeLoader, node: yaml.nodes.SequenceNode) -> list[Any]:
    return loader.construct_sequence(node)


_Loader.add_constructor(_TUPLE, _construct_tuple)


def _read_hparams(folder: Path) -> dict[str, Any]:
    for part in (_HPARAMS, _WEIGHTS):
        if not (folder / part).is_file():
            raise ModelError(f"{folder}: missing {part}. A COMET model folder has {_HPARAMS} and {_WEIGHTS}.")
    try:
        text = (folder / _HPARAMS).read_text(encoding="utf-8")
        hparams = yaml.load(text, _Loader)  # noqa: S506 - a subclass of the safe loader
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise ModelError(f"{folder}/{_HPARAMS}: cannot read the file: {reason}") from error
    return hparams if isinstance(hparams, dict) else {}


def _explain_failure(folder: Path, hparams: Mapping[str, Any], error: Exception) -> str:
    encoder = hparams.get("pretrained_model")
    if not (folder / "encoder").is_dir() and encoder and not _is_available(str(encoder)):
        return (
            f"{folder}: the tokenizer of its encoder {encoder!r} is not on this machine and cannot be "
            f"downloaded ({one_line(error)}). Put its config.json and tokenizer files into {folder}/encoder."
        )
    return f"{folder}: cannot be loaded as a COMET model: {one_line(error)}"


def _is_available(encoder: str) -> bool:
    """Whether configuration and tokenizer of an encoder are on this machine.

    The errors of the libraries do not show it: they differ by version.
    """
    return _has_file(encoder, "config.json") and any(_has_file(encoder, name) for name in _TOKENIZERS)


def _has_file(encoder: str, name: str) -> bool:
    from huggingface_hub import try_to_load_from_cache

    try:
        return (Path(encoder) / name).is_file() or isinstance(try_to_load_from_cache(encoder, name), str)
    except ValueError:  # neither a folder nor a name on the hub
        return False
