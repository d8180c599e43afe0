"""Scores of COMET checkpoints: those of unbabel-comet's ``predict()``, without repeated work.

The modules are unbabel-comet's. What differs is around them: no Trainer and no worker processes; each
distinct text is tokenized once; batches hold texts of about equal length in tokens; what is in the cache is
not computed. Classes that encode texts one by one (regression) encode each distinct text once, so that all
systems share the embeddings of source and reference. Classes that encode them together (unified, XCOMET)
score each distinct combination once. torch and comet are imported only if something has to be computed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from weakref import WeakValueDictionary

import numpy as np

from evalkit.errors import MetricError
from evalkit.models.batches import Batcher
from evalkit.models.checkpoint import Checkpoint, load
from evalkit.models.hub import choose_device
from evalkit.models.inputs import FIELDS, ModelInput, Scored, count_lost_tokens
from evalkit.models.tensors import move, run_in_bf16
from evalkit.runtime.cache import Cache, hash_parts
from evalkit.runtime.quiet import quiet

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evalkit.types import FloatArray

PRECISIONS = ("fp32", "bf16")
BATCH_TOKENS = {"cpu": 1024, "cuda": 32768, "mps": 8192}
"""Tokens of one batch by default, padding included."""
_VERSION = "1"
"""Version of the cached values. Raise it if a key would get another value."""
_AT_ONCE = 8192
"""Inputs whose embeddings are in memory at the same time."""
_HEAD_AT_ONCE = 1024
"""Inputs that go through the layers after the encoder in one call."""
_SCORED = struct.Struct("<d3i")
"""A cached score, and the tokens that hypothesis, source and reference lost."""
_LOST = struct.Struct("<i")
"""The tokens that a text lost, before its cached embedding."""

_modules: WeakValueDictionary[tuple[str, str, str], Any] = WeakValueDictionary()
"""Loaded models by revision, precision and device: alignment and metrics share them."""


class _Encoded(NamedTuple):
    """A text that is encoded separately."""

    embedding: NDArray[np.float32]
    """[dimensions]."""
    lost: int
    """Tokens that were cut off."""


@lru_cache(maxsize=1)
def comet_version() -> str:
    """The version of unbabel-comet, without importing it.

    Raises:
        MetricError: it is not installed.
    """
    try:
        return version("unbabel-comet")
    except PackageNotFoundError as error:
        install = "pip install 'unbabel-comet>=2.2.6'"
        raise MetricError(f"unbabel-comet is not installed. Run: {install}") from error


@dataclass
class Scorer:
    """Scores with one checkpoint."""

    checkpoint: Checkpoint
    precision: str
    """fp32, or bf16: the encoder in bfloat16 by autocast, the rest in fp32."""
    device: str
    """auto, cpu, cuda, cuda:N or mps."""
    batch_tokens: int | None
    """Tokens of one batch, padding included; None for `BATCH_TOKENS`. It has no influence on the scores."""
    setting: str
    """What chose the checkpoint, for messages: ``metrics.comet``."""
    cache: Cache
    _module: Any = field(default=None, init=False, repr=False)
    _batcher: Batcher = field(init=False, repr=False, compare=False)
    """Set with the module."""
    running_on: str = field(default="", init=False)
    """The device of the loaded model."""

    def score(self, inputs: Sequence[ModelInput]) -> list[Scored]:
        """Score each input. Each distinct input is scored once, unless the cache has its score.

        Raises:
            MetricError: the model gives no valid score, or memory is insufficient.
            ModelError: the model is not available.
        """
        keys = {
            texts: self._make_key("score", *(f"{name}:{text}" for name, text in texts.given))
            for texts in dict.fromkeys(inputs)
        }
        stored = self.cache.get(keys.values())
        scores = {texts: _unpack_scored(stored[key]) for texts, key in keys.items() if key in stored}
        missing = [texts for texts in keys if texts not in scores]
        score = self._score_joint if self.checkpoint.joint else self._score_apart
        for start in range(0, len(missing), _AT_ONCE):
            for batch, results in score(missing[start : start + _AT_ONCE]):
                new = dict(zip(batch, results, strict=True))
                self.cache.put({keys[texts]: _pack_scored(scored) for texts, scored in new.items()})
                scores |= new
        return [scores[texts] for texts in inputs]

    def embed(self, texts: Sequence[str]) -> FloatArray:
        """Embed sentences: [texts, dimensions], float64. Each distinct text is encoded once, and cached.

        Raises:
            MetricError: memory is insufficient.
            ModelError: the model is not available.
        """
        encoded = self._encode(set(texts))
        embeddings: FloatArray = np.stack([encoded[text].embedding for text in texts]).astype(np.float64)
        return embeddings

    def module(self) -> Any:
        """The model, on its device.

        Raises:
            ModelError: the model is not available.
        """
        if self._module is None:
            with quiet():
                self.running_on = choose_device(self.device, f"{self.setting}.device")
                shared = (self.checkpoint.revision, self.precision, self.running_on)
                self._module = _modules.get(shared) or self._load()
                _modules[shared] = self._module
            budget = self.batch_tokens or BATCH_TOKENS[self.running_on.partition(":")[0]]
            self._batcher = Batcher(budget, self.running_on, self.setting)
        return self._module

    def _load(self) -> Any:
        module = load(self.checkpoint).to(self.running_on)
        if self.precision == "bf16":
            run_in_bf16(module.encoder, self.running_on)
        return module

    def _make_key(self, kind: Literal["score", "embedding"], *parts: str) -> str:
        return hash_parts(
            "comet", _VERSION, kind, self.checkpoint.revision, self.precision, comet_version(), *parts
        )

    def _score_apart(
        self, inputs: Sequence[ModelInput]
    ) -> Iterator[tuple[Sequence[ModelInput], list[Scored]]]:
        """Score inputs whose texts are encoded one by one, batch by batch."""
        import torch

        encoded = self._encode({text for texts in inputs for _, text in texts.given})
        self.module()
        for start in range(0, len(inputs), _HEAD_AT_ONCE):
            batch = inputs[start : start + _HEAD_AT_ONCE]
            with quiet(), torch.inference_mode():
                scores = self._estimate(batch, encoded)
            lost = [
                {name: encoded[text].lost for name, text in texts.given if encoded[text].lost}
                for texts in batch
            ]
            yield batch, [Scored(*result) for result in zip(scores, lost, strict=True)]

    def _estimate(self, inputs: Sequence[ModelInput], encoded: Mapping[str, _Encoded]) -> list[float]:
        """Score embeddings with the model's forward method, which gets embeddings in place of tokens."""
        import torch

        module = self.module()
        columns = {
            name: np.stack([encoded[text].embedding for text in column])
            for name, column in zip(FIELDS, zip(*inputs, strict=True), strict=True)
            if column[0] is not None
        }
        embeddings = {
            f"{name}_input_ids": torch.from_numpy(matrix).to(self.running_on)
            for name, matrix in columns.items()
        }
        masks = {f"{name}_attention_mask": None for name in columns}
        module.get_sentence_embedding = lambda embedding, _mask: embedding
        try:
            return self._check_finite(module(**embeddings, **masks).score)
        finally:
            del module.get_sentence_embedding

    def _encode(self, texts: Iterable[str]) -> dict[str, _Encoded]:
        """Embed distinct texts, or look their embeddings up in the cache."""
        keys = {text: self._make_key("embedding", text) for text in sorted(texts)}
        stored = self.cache.get(keys.values())
        encoded = {text: _unpack_encoded(stored[key]) for text, key in keys.items() if key in stored}
        missing = [text for text in keys if text not in encoded]
        if not missing:
            return encoded
        for new in self._encode_batches(missing):
            self.cache.put({keys[text]: _pack_encoded(result) for text, result in new.items()})
            encoded |= new
        return encoded

    def _encode_batches(self, texts: Sequence[str]) -> Iterator[dict[str, _Encoded]]:
        module = self.module()
        tokens, lost = self._tokenize(texts)

        def embed(batch: Sequence[str]) -> Any:
            padded = module.encoder.tokenizer.pad(
                {"input_ids": [tokens[text] for text in batch]}, return_tensors="pt"
            )
            embeddings = module.get_sentence_embedding(
                padded["input_ids"].to(self.running_on), padded["attention_mask"].to(self.running_on)
            )
            return embeddings.float().cpu().numpy()

        for batch, embeddings in self._batcher.run(texts, lambda text: len(tokens[text]), embed):
            yield {
                text: _Encoded(embedding, lost[text])
                for text, embedding in zip(batch, embeddings, strict=True)
            }

    def _tokenize(self, texts: Sequence[str]) -> tuple[dict[str, list[int]], dict[str, int]]:
        """Token ids by text, cut as unbabel-comet cuts them, and the number of tokens that are cut off."""
        encoder = self.module().encoder
        most = encoder.max_positions - 2  # as in Encoder.prepare_sample
        with quiet():
            tokens = dict(zip(texts, encoder.tokenizer(list(texts), verbose=False)["input_ids"], strict=True))
            lost = {text: max(0, len(ids) - most) for text, ids in tokens.items()}
            for text in texts:
                if lost[text]:
                    tokens[text] = encoder.tokenizer(text, truncation=True, max_length=most)["input_ids"]
        return tokens, lost

    def _score_joint(
        self, inputs: Sequence[ModelInput]
    ) -> Iterator[tuple[Sequence[ModelInput], list[Scored]]]:
        """Score inputs whose texts are encoded together, batch by batch."""
        module = self.module()
        lengths = self._count_tokens({text for texts in inputs for _, text in texts.given})

        def measure(texts: ModelInput) -> int:
            return sum(lengths[text] for _, text in texts.given)

        def predict(batch: Sequence[ModelInput]) -> list[float]:
            prepared = module.prepare_for_inference([dict(texts.given) for texts in batch])
            return self._check_finite(module.predict_step(move(prepared, self.running_on)).scores)

        for batch, scores in self._batcher.run(inputs, measure, predict):
            lost = [
                count_lost_tokens({name: lengths[text] for name, text in texts.given}, module.encoder)
                for texts in batch
            ]
            yield batch, [Scored(*result) for result in zip(scores, lost, strict=True)]

    def _count_tokens(self, texts: Iterable[str]) -> dict[str, int]:
        """Count the tokens of each text, special ones included."""
        distinct = sorted(texts)
        with quiet():
            ids = self.module().encoder.tokenizer(distinct, verbose=False)["input_ids"]
        return dict(zip(distinct, map(len, ids), strict=True))

    def _check_finite(self, scores: Any) -> list[float]:
        """Turn scores into numbers.

        Raises:
            MetricError: one of them is NaN or infinite.
        """
        numbers: list[float] = scores.float().cpu().tolist()
        if not np.isfinite(numbers).all():
            raise MetricError(
                f"the model gave a score that is not a number ({self.precision} on {self.running_on}). "
                f"Set {self.setting}.precision=fp32, or {self.setting}.device=cpu."
            )
        return numbers


def _pack_scored(scored: Scored) -> bytes:
    return _SCORED.pack(scored.score, *(scored.lost.get(name, 0) for name in FIELDS))


def _unpack_scored(value: bytes) -> Scored:
    score, *lost = _SCORED.unpack(value)
    return Scored(score, {name: tokens for name, tokens in zip(FIELDS, lost, strict=True) if tokens})


def _pack_encoded(encoded: _Encoded) -> bytes:
    return _LOST.pack(encoded.lost) + encoded.embedding.tobytes()


def _unpack_encoded(value: bytes) -> _Encoded:
    (lost,) = _LOST.unpack_from(value)
    return _Encoded(np.frombuffer(value, np.float32, offset=_LOST.size), lost)
