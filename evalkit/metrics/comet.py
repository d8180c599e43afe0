"""COMET through unbabel-comet's own checkpoints (Rei et al. 2020; wmt22-comet-da: Rei et al. 2022). About 0–1.

torch and comet are imported only when a model is loaded. The scores are those of ``model.predict()`` in fp32: the same
modules, without the Trainer, and each distinct text once. Several references: one score each, then the mean.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import yaml

from evalkit.errors import ConfigError, MetricError, shorten
from evalkit.metrics.base import Metric, Statistics
from evalkit.quiet import quiet

if TYPE_CHECKING:
    from evalkit.types import FloatArray, SystemOutput, TestSet

_Sample = tuple[tuple[str, str], ...]
"""Field (src, mt, ref) and text."""


@dataclass(frozen=True)
class _Model:
    """A loaded model and what its signature needs."""

    module: Any
    revision: str
    """``rev:<commit>`` on the hub, ``sha256:<hash>`` of a local checkpoint."""
    uses_source: bool
    needs_source: bool
    uses_reference: bool
    joint: bool
    """Whether hypothesis, source and reference go through the encoder as one text."""
    device: str


@dataclass(frozen=True, kw_only=True)
class Comet(Metric):
    """COMET. Statistics: sum of segment scores, and their number."""

    name: str = "comet"
    label: str = "COMET"
    decimals: ClassVar[int] = 4
    model: str = "Unbabel/wmt22-comet-da"
    """Name on the hub; or a folder with ``hparams.yaml``, ``checkpoints/model.ckpt`` and, for use without a network,
    ``encoder/`` (configuration and tokenizer of the encoder)."""
    batch_size: int = 16
    device: str = "auto"
    """auto, cpu, cuda or mps."""
    missing_source: str = "error"
    """For models that need a source where the test set has none: error, reference (used in its place) or empty."""
    on_overflow: str = "truncate"
    """Texts longer than the encoder takes: truncate (as unbabel-comet does; counted and reported) or error."""
    _loaded: dict[str, _Model] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check the values that are words."""
        for key, allowed in (
            ("missing_source", ("error", "reference", "empty")),
            ("on_overflow", ("truncate", "error")),
            ("device", ("auto", "cpu", "cuda", "mps")),
        ):
            if getattr(self, key) not in allowed:
                raise ConfigError(f"metrics.{self.name}.{key}: expected one of {', '.join(allowed)}, found {getattr(self, key)!r}")
        if self.batch_size < 1:
            raise ConfigError(f"metrics.{self.name}.batch_size: expected 1 or more, found {self.batch_size}")

    def heading(self) -> str:
        """The label; of a reference-free model, which is quality estimation, with QE behind it."""
        return f"{self.label} (QE)" if self._loaded and not self._loaded["model"].uses_reference else self.label

    def signature(self, test_set: TestSet) -> str:
        """Model, its revision or content hash, precision, references, source, overflow rule, version."""
        model = self._model()
        count = len(test_set.references) if model.uses_reference else 0
        parts = {
            "model": self.model if _on_hub(self.model) else Path(self.model).resolve().name,
            "revision": model.revision,
            "prec": "fp32",
            "nrefs": str(count),
            **({"agg": "mean", "refs": ",".join(test_set.references)} if count > 1 else {}),
            "src": self._source_rule(model, test_set),
            "overflow": self.on_overflow,
            "version": version("unbabel-comet"),
        }
        return "|".join(f"{key}:{value}" for key, value in parts.items())

    def statistics(self, test_set: TestSet, output: SystemOutput) -> Statistics:
        """Score of every segment."""
        model = self._model()
        rule = self._source_rule(model, test_set)
        columns = range(len(test_set.references) if model.uses_reference else 1)
        samples = [
            [_sample(model, rule, segment.source, hypothesis, segment.references[column]) for column in columns]
            for segment, hypothesis in zip(test_set.segments, output.hypotheses, strict=True)
        ]
        distinct = list(dict.fromkeys(sample for row in samples for sample in row))
        cut = {sample for sample in distinct if _overflows(model, sample)}
        where = [s.where for s, row in zip(test_set.segments, samples, strict=True) if cut.intersection(row)]
        if where and self.on_overflow == "error":
            raise MetricError(
                f"{output.system}: {len(where)} segments are longer than COMET's encoder takes: {shorten(where, 3)}; "
                f"metrics.{self.name}.on_overflow=truncate scores their beginnings"
            )
        scores = dict(zip(distinct, self._score(model, distinct), strict=True))
        sums = [sum(scores[sample] for sample in row) / len(row) for row in samples]
        warned = (f"COMET saw only the beginning of {len(where)} segments: {shorten(where, 3)}",) if where else ()
        return Statistics(np.column_stack([sums, np.ones(len(sums))]).astype(np.float64), warnings=warned)

    def aggregate(self, total: FloatArray) -> FloatArray:
        """Mean of the segment scores."""
        return total[..., 0] / total[..., 1]

    def details(self, test_set: TestSet, total: FloatArray) -> dict[str, Any]:
        """SacreCOMET's signature (Zouhar et al. 2024), for papers."""
        model = self._loaded["model"]
        python = ".".join(map(str, sys.version_info[:3]))
        name = self.model.rsplit("/", 1)[-1]
        count = len(test_set.references) if model.uses_reference else 0
        references = f"r{count}" + ("avg" if count > 1 else "")
        return {"sacrecomet": f"Python{python}|Comet{version('unbabel-comet')}|fp32|{name}|{references}"}

    def _source_rule(self, model: _Model, test_set: TestSet) -> str:
        if not model.uses_source:
            return "unused"
        if test_set.has_sources:
            return "given"
        if not model.needs_source:
            return "none"
        if self.missing_source == "error" or not model.uses_reference:
            raise MetricError(
                f"{self.model} needs source texts and {test_set.name} has none; "
                + (
                    f"metrics.{self.name}.missing_source=reference scores with the reference in their place"
                    if model.uses_reference
                    else "choose a model with references"
                )
            )
        return self.missing_source

    def _model(self) -> _Model:
        if "model" not in self._loaded:
            with quiet():
                self._loaded["model"] = _load(self.model, self.device, self.name)
        return self._loaded["model"]

    def _score(self, model: _Model, samples: Sequence[_Sample]) -> list[float]:
        """fp32 scores, in batches of about equal length."""
        import torch

        scores = [0.0] * len(samples)
        order = sorted(range(len(samples)), key=lambda i: sum(len(text) for _, text in samples[i]))
        with quiet(), torch.inference_mode():
            for start in range(0, len(order), self.batch_size):
                batch = order[start : start + self.batch_size]
                inputs = model.module.prepare_for_inference([dict(samples[i]) for i in batch])
                predicted = model.module.predict_step(_to(inputs, model.device)).scores
                for index, score in zip(batch, predicted.float().cpu().tolist(), strict=True):
                    scores[index] = score
        return scores


def _sample(model: _Model, rule: str, source: str | None, hypothesis: str, reference: str) -> _Sample:
    fields = {"mt": hypothesis}
    if rule in ("given", "reference", "empty"):
        fields["src"] = {"given": source or "", "reference": reference, "empty": ""}[rule]
    if model.uses_reference:
        fields["ref"] = reference
    return tuple(fields.items())


def _overflows(model: _Model, sample: _Sample) -> bool:
    """Whether the encoder cuts a text of the sample."""
    encoder = model.module.encoder
    lengths = [len(encoder.tokenizer(text, verbose=False)["input_ids"]) for _, text in sample]
    if max(lengths) > encoder.max_positions - 2:
        return True
    return model.joint and sum(lengths) > encoder.max_positions


def _to(inputs: Any, device: str) -> Any:
    """A batch, which is tensors in mappings and tuples, on a device."""
    if isinstance(inputs, Mapping):
        return {key: _to(value, device) for key, value in inputs.items()}
    if isinstance(inputs, (tuple, list)):
        return type(inputs)(_to(value, device) for value in inputs)
    return inputs.to(device) if hasattr(inputs, "to") else inputs


def _load(name: str, device: str, key: str) -> _Model:
    try:
        import comet.models
        import torch
    except ModuleNotFoundError as error:
        mend = "pip install 'setuptools<81'" if error.name == "pkg_resources" else "pip install 'unbabel-comet>=2.2.6'"
        raise MetricError(f"unbabel-comet cannot be imported: no module {error.name!r}; {mend}") from error
    except ImportError as error:
        raise MetricError(f"unbabel-comet cannot be imported: {' '.join(str(error).split())}") from error
    folder, revision = _find(name, key)
    checkpoint = folder / "checkpoints" / "model.ckpt"
    hparams = _hparams(folder)
    classes = comet.models.str2model
    identifier = hparams.get("class_identifier")
    if identifier not in classes or identifier == "ranking_metric":
        raise MetricError(
            f"{folder}/hparams.yaml: class_identifier {identifier!r}; expected one of {', '.join(sorted(set(classes) - {'ranking_metric'}))}"
        )
    options: dict[str, Any] = {}
    if (folder / "encoder").is_dir():
        options = {"pretrained_model": str((folder / "encoder").resolve()), "local_files_only": True}
    if hparams.get("layer_transformation") == "sparsemax_patch":
        options["layer_transformation"] = "softmax"  # as comet.load_from_checkpoint does, for XCOMET
    try:
        module = classes[identifier].load_from_checkpoint(
            checkpoint, hparams_file=None, map_location=torch.device("cpu"), strict=False, load_pretrained_weights=False, **options
        )
    except Exception as error:  # whatever torch, Lightning or transformers find wrong with a model folder
        raise MetricError(_unreadable(folder, hparams, error)) from error
    chosen = _device(device, key)
    segments = hparams.get("input_segments") or ["mt", "src", "ref"]
    joint = identifier in ("unified_metric", "xcomet_metric")
    return _Model(
        module=module.float().eval().to(chosen),
        revision=revision or f"sha256-{_file_hash(checkpoint)}",
        uses_source=not joint or "src" in segments,
        needs_source=not joint or "ref" not in segments,
        uses_reference="ref" in segments if joint else module.requires_references(),
        joint=joint,
        device=chosen,
    )


def _on_hub(name: str) -> bool:
    return not Path(name).expanduser().exists() and name.count("/") == 1 and not name.startswith((".", "~", "/"))


def _find(name: str, key: str) -> tuple[Path, str]:
    """The folder of a model, and its commit where it is from the hub."""
    way_out = f"give a folder that holds the model (metrics.{key}.model=FOLDER), or leave COMET out: 'metrics=[bleu,chrf]'"
    if not _on_hub(name):
        folder = Path(name).expanduser()
        if not folder.is_dir():
            raise MetricError(f"metrics.{key}.model={name}: no such folder; {way_out}")
        return folder, ""
    import huggingface_hub
    from huggingface_hub import errors

    try:
        folder = Path(huggingface_hub.snapshot_download(name))
    except errors.GatedRepoError as error:
        raise MetricError(
            f"{name}: its licence has to be accepted on its page on the hub first, then run 'huggingface-cli login'"
        ) from error
    except errors.RepositoryNotFoundError as error:
        raise MetricError(f"{name}: the hub has no such model (or it is private: 'huggingface-cli login'); {way_out}") from error
    except (errors.LocalEntryNotFoundError, errors.OfflineModeIsEnabled) as error:
        raise MetricError(
            f"{name}: not on this machine, and the hub cannot be reached (no network, or HF_HUB_OFFLINE is set); {way_out}"
        ) from error
    except (OSError, errors.HfHubHTTPError) as error:
        raise MetricError(f"{name}: download failed: {' '.join(str(error).split())[:200]}; {way_out}") from error
    return folder, folder.name


def _hparams(folder: Path) -> dict[str, Any]:
    for part in ("hparams.yaml", "checkpoints/model.ckpt"):
        if not (folder / part).is_file():
            raise MetricError(f"{folder}: {part} is missing; a COMET model folder has hparams.yaml and checkpoints/model.ckpt")
    try:
        found = yaml.safe_load((folder / "hparams.yaml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise MetricError(f"{folder}/hparams.yaml: cannot be read: {' '.join(str(error).split())}") from error
    return found if isinstance(found, dict) else {}


def _unreadable(folder: Path, hparams: Mapping[str, Any], error: Exception) -> str:
    encoder = hparams.get("pretrained_model")
    reason = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
    if not (folder / "encoder").is_dir() and encoder and str(encoder) in str(error):
        return (
            f"{folder}: the tokenizer of its encoder {encoder!r} is not on this machine and cannot be downloaded; "
            f"put its config.json and tokenizer files in {folder}/encoder ({reason})"
        )
    return f"{folder}: cannot be loaded as a COMET model: {reason}"


def _device(wanted: str, key: str) -> str:
    import torch

    available = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if wanted == "auto":
        return next(device for device in ("cuda", "mps", "cpu") if available[device])
    if not available[wanted]:
        raise MetricError(
            f"metrics.{key}.device={wanted}: not available here; torch {torch.__version__} has {shorten([d for d, there in available.items() if there])}"
        )
    return wanted


def _file_hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()[:12]
