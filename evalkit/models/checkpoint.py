"""COMET checkpoints in unbabel-comet's own format: a folder with ``hparams.yaml`` and ``checkpoints/model.ckpt``.

What a checkpoint is (its class, what it reads, its content) is known from its files, without torch; `load` makes it a
module. A folder ``encoder/`` with configuration and tokenizer, where there is one, goes before the name of the encoder
in the hyperparameters, which stands for a download.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from evalkit.errors import ModelError, shorten
from evalkit.models import mini
from evalkit.models.hub import download, folder_hash, is_hub_name, one_line
from evalkit.runtime.cache import Cache

APART = {"regression_metric": True, "referenceless_regression_metric": False}
"""Classes that encode each text by itself, and whether they read a reference."""
JOINT = ("unified_metric", "xcomet_metric")
"""Classes that encode hypothesis, source and reference as one text."""
_FILES = ("hparams.yaml", "checkpoints/model.ckpt")
_TOKENIZERS = (
    "tokenizer.json",
    "sentencepiece.bpe.model",
    "sentencepiece.model",
    "spiece.model",
    "vocab.txt",
)


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """A checkpoint, not loaded yet."""

    name: str
    """On the hub, or the name of its folder."""
    folder: Path | None
    """None for the embedded one, which is unpacked when it is loaded."""
    revision: str
    """The commit on the hub; else ``sha256-`` and a hash of the files."""
    class_identifier: str
    """unbabel-comet's name of the class."""
    input_segments: tuple[str, ...]
    """What a joint encoder reads, of mt, src and ref."""

    @property
    def joint(self) -> bool:
        """Whether hypothesis, source and reference go through the encoder as one text."""
        return self.class_identifier in JOINT

    @property
    def uses_source(self) -> bool:
        """Whether it reads the source."""
        return not self.joint or "src" in self.input_segments

    @property
    def needs_source(self) -> bool:
        """Whether it cannot do without a source."""
        return not self.joint or "ref" not in self.input_segments

    @property
    def uses_reference(self) -> bool:
        """Whether it reads a reference; else it is quality estimation."""
        return "ref" in self.input_segments if self.joint else APART[self.class_identifier]


def find(model: str, setting: str, cache: Cache | None = None) -> Checkpoint:
    """The checkpoint that a setting means.

    Args:
        model: ``evalkit-mini``, a folder, or a name on the hub.
        setting: what chose it, such as ``metrics.comet.model``.
        cache: keeps the hashes of large files.

    Raises:
        ModelError: it cannot be had, or is no checkpoint of a class that is known.
    """
    if model == mini.NAME:
        return Checkpoint(
            name=model,
            folder=None,
            revision=mini.revision(),
            class_identifier="regression_metric",
            input_segments=(),
        )
    own = "'metrics=[bleu,chrf,comet_mini]'" if setting.startswith("metrics.") else f"{setting}={mini.NAME}"
    way_out = f", or take the model that comes with evalkit: {own}"
    if is_hub_name(model):
        folder = download(model, setting, way_out)
        name = model
    else:
        folder = Path(model).expanduser()
        name = folder.resolve().name
        if not folder.is_dir():
            raise ModelError(
                f"{setting}={model}: no such folder; give a folder that holds the model: {setting}=FOLDER{way_out}"
            )
    hparams = _hparams(folder)
    identifier = hparams.get("class_identifier")
    if identifier not in (*APART, *JOINT):
        raise ModelError(
            f"{folder}/hparams.yaml: class_identifier {identifier!r}; expected one of {', '.join(sorted([*APART, *JOINT]))}"
        )
    return Checkpoint(
        name=name,
        folder=folder,
        revision=folder.name
        if is_hub_name(model)
        else f"sha256-{folder_hash(folder, [*_FILES, 'encoder'], cache)}",
        class_identifier=str(identifier),
        input_segments=tuple(map(str, hparams.get("input_segments") or ("mt", "src", "ref"))),
    )


def load(checkpoint: Checkpoint) -> Any:
    """The module of a checkpoint, for inference, in fp32 on the CPU.

    Raises:
        ModelError: unbabel-comet is missing or broken, or the files are.
    """
    try:
        import comet.models
        import torch
    except ModuleNotFoundError as error:
        mend = (
            "pip install 'setuptools<81'"
            if error.name == "pkg_resources"
            else "pip install 'unbabel-comet>=2.2.6'"
        )
        raise ModelError(f"unbabel-comet cannot be imported: no module {error.name!r}; {mend}") from error
    except ImportError as error:
        raise ModelError(f"unbabel-comet cannot be imported: {' '.join(str(error).split())}") from error
    folder = checkpoint.folder or mini.unpack()
    hparams = _hparams(folder)
    options: dict[str, Any] = {}
    if (folder / "encoder").is_dir():
        options = {"pretrained_model": str((folder / "encoder").resolve()), "local_files_only": True}
    if hparams.get("layer_transformation") == "sparsemax_patch":
        options["layer_transformation"] = "softmax"  # as comet.load_from_checkpoint does, for XCOMET
    missing: set[str] = set()
    try:
        module = _watched(comet.models.str2model[checkpoint.class_identifier], missing).load_from_checkpoint(
            folder / "checkpoints" / "model.ckpt",
            hparams_file=None,
            map_location=torch.device("cpu"),
            strict=False,
            load_pretrained_weights=False,
            **options,
        )
    except Exception as error:  # whatever torch, Lightning or transformers find wrong with a model folder
        raise ModelError(_unreadable(folder, hparams, error)) from error
    module.__class__ = comet.models.str2model[checkpoint.class_identifier]
    lacking = sorted(
        missing & {name for name, _ in module.named_parameters()}
    )  # buffers differ between versions of transformers
    if lacking:
        raise ModelError(
            f"{folder}/checkpoints/model.ckpt: weights are missing, and chance would take their place: {len(lacking)}: {shorten(lacking, 3)}; "
            "the file is not whole, or encoder/ is that of another model"
        )
    return module.float().eval()


def _watched(cls: Any, missing: set[str]) -> Any:
    """A class of modules that tells which weights a checkpoint lacks; stock unbabel-comet leaves these to chance."""

    def load_state_dict(self: Any, *given: Any, **named: Any) -> Any:
        found = cls.load_state_dict(self, *given, **named)
        missing.update(found.missing_keys)
        return found

    return type(cls.__name__, (cls,), {"load_state_dict": load_state_dict})


class _Loader(yaml.SafeLoader):
    """Knows tuples as well, which Lightning writes."""


_TUPLE = "tag:yaml.org,2002:python/tuple"
_Loader.add_constructor(_TUPLE, lambda loader, node: loader.construct_sequence(node))  # type: ignore[arg-type]


def _hparams(folder: Path) -> dict[str, Any]:
    for part in _FILES:
        if not (folder / part).is_file():
            raise ModelError(
                f"{folder}: {part} is missing; a COMET model folder has hparams.yaml and checkpoints/model.ckpt"
            )
    try:
        found = yaml.load((folder / "hparams.yaml").read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a safe one
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ModelError(f"{folder}/hparams.yaml: cannot be read: {' '.join(str(error).split())}") from error
    return found if isinstance(found, dict) else {}


def _unreadable(folder: Path, hparams: Mapping[str, Any], error: Exception) -> str:
    encoder = hparams.get("pretrained_model")
    if not (folder / "encoder").is_dir() and encoder and not _is_here(str(encoder)):
        return (
            f"{folder}: the tokenizer of its encoder {encoder!r} is not on this machine and cannot be downloaded; "
            f"put its config.json and tokenizer files in {folder}/encoder ({one_line(error)})"
        )
    return f"{folder}: cannot be loaded as a COMET model: {one_line(error)}"


def _is_here(encoder: str) -> bool:
    """Whether configuration and tokenizer of an encoder are on this machine; what the libraries say where they are not differs."""
    from huggingface_hub import try_to_load_from_cache

    def has(name: str) -> bool:
        try:
            return (Path(encoder) / name).is_file() or isinstance(try_to_load_from_cache(encoder, name), str)
        except ValueError:  # neither a folder nor a name of the hub
            return False

    return has("config.json") and any(map(has, _TOKENIZERS))
