"""Scores of COMET checkpoints: those of unbabel-comet's own ``predict()``, with the work done once.

The modules are unbabel-comet's. What differs is around them: no Trainer and no worker processes; each distinct text is
tokenized once; batches hold texts of about equal length in tokens; and nothing is worked out that the cache knows.
Classes that encode texts one by one (regression) have each distinct text encoded once, so that all systems share the
embeddings of source and reference. Classes that encode them together (unified, XCOMET) have each distinct combination
scored once. torch and comet are imported when something has to be scored, and not before.
"""

from __future__ import annotations

import logging
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from weakref import WeakValueDictionary

import numpy as np

from evalkit.errors import MetricError
from evalkit.models.checkpoint import Checkpoint, load
from evalkit.models.hub import choose_device
from evalkit.runtime.cache import Cache, key
from evalkit.runtime.quiet import quiet

if TYPE_CHECKING:
    from evalkit.types import FloatArray

log = logging.getLogger(__name__)

_T = TypeVar("_T")
PRECISIONS = ("fp32", "bf16")
FIELDS = ("mt", "src", "ref")
"""unbabel-comet's names of hypothesis, source and reference, in the order in which a joint encoder reads them."""
BATCH_TOKENS = {"cpu": 1024, "cuda": 32768, "mps": 8192}
"""Tokens of one batch, padding included, where nothing else is said."""
_VERSION = "1"
"""Of the cached values: raised when the same key would get another value."""
_AT_ONCE = 8192
"""Samples whose embeddings are in memory at the same time."""
_VALUE = struct.Struct("<d3i")
"""A score, and the tokens that hypothesis, source and reference lost."""

_modules: WeakValueDictionary[tuple[str, str, str], Any] = WeakValueDictionary()
"""What is loaded, by revision, precision and device: alignment and metrics share a model."""


class Sample(NamedTuple):
    """What is scored together; None for what the model does not read."""

    mt: str
    src: str | None
    ref: str | None


class Scored(NamedTuple):
    """The score of a sample, and what the encoder did not see of it."""

    score: float
    lost: Mapping[str, int]
    """Tokens that were cut off, by field: mt, src, ref; only those that lost any."""


class _Text(NamedTuple):
    """An encoded text."""

    embedding: Any
    """[dimensions] float32."""
    lost: int


@lru_cache(maxsize=1)
def comet_version() -> str:
    """The version of unbabel-comet, without importing it.

    Raises:
        MetricError: it is not installed.
    """
    try:
        return version("unbabel-comet")
    except PackageNotFoundError as error:
        raise MetricError("unbabel-comet is not installed; pip install 'unbabel-comet>=2.2.6'") from error


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
    """What chose it, for messages: ``metrics.comet``."""
    cache: Cache
    _module: Any = field(default=None, init=False, repr=False)
    _budget: int = field(default=0, init=False, repr=False)
    running_on: str = field(default="", init=False)
    """The device, once the model is on it."""

    def score(self, samples: Sequence[Sample]) -> list[Scored]:
        """One score per sample; each distinct sample is scored once, and not at all where the cache has it.

        Raises:
            MetricError: no scores can be given, for want of memory, say.
            ModelError: the model cannot be had.
        """
        keys = {
            sample: self._key("score", *(f"{name}:{text}" for name, text in _given(sample)))
            for sample in dict.fromkeys(samples)
        }
        stored = self.cache.get(keys.values())
        found = {sample: _unpacked(stored[k]) for sample, k in keys.items() if k in stored}
        missing = [sample for sample in keys if sample not in found]
        work = self._score_joint if self.checkpoint.joint else self._score_apart
        for start in range(0, len(missing), _AT_ONCE):
            found |= work(missing[start : start + _AT_ONCE], keys)
        return [found[sample] for sample in samples]

    def embeddings(self, texts: Sequence[str]) -> FloatArray:
        """[texts, dimensions] sentence embeddings of the encoder; each distinct text is encoded once, and kept in the cache.

        Raises:
            MetricError: there is not enough memory.
            ModelError: the model cannot be had.
        """
        found = self._embed(set(texts))
        embeddings: FloatArray = np.stack([found[text].embedding for text in texts]).astype(np.float64)
        return embeddings

    def _key(self, kind: str, *parts: str) -> str:
        return key("comet", _VERSION, kind, self.checkpoint.revision, self.precision, comet_version(), *parts)

    def module(self) -> Any:
        """The model, on its device.

        Raises:
            ModelError: it cannot be had.
        """
        if self._module is None:
            with quiet():
                self.running_on = choose_device(self.device, f"{self.setting}.device")
                shared = (self.checkpoint.revision, self.precision, self.running_on)
                self._module = _modules.get(shared) or self._load()
                _modules[shared] = self._module
            self._budget = self.batch_tokens or BATCH_TOKENS[self.running_on.partition(":")[0]]
        return self._module

    def _load(self) -> Any:
        module = load(self.checkpoint).to(self.running_on)
        if self.precision == "bf16":
            _shorten_encoder(module.encoder, self.running_on)
        return module

    def _score_apart(
        self, samples: Sequence[Sample], keys: Mapping[Sample, str]
    ) -> Iterator[tuple[Sample, Scored]]:
        """Scores of samples whose texts are encoded one by one."""
        import torch

        embedded = self._embed({text for sample in samples for _, text in _given(sample)})
        module = self.module()

        def head(some: Sequence[Sample]) -> list[float]:
            texts = {
                name: np.stack([embedded[text].embedding for text in column])
                for name, column in zip(FIELDS, zip(*some, strict=True), strict=True)
                if column[0] is not None
            }
            given = {
                f"{name}_input_ids": torch.from_numpy(matrix).to(self.running_on)
                for name, matrix in texts.items()
            }
            masks = {f"{name}_attention_mask": None for name in texts}
            # the model's own forward, given embeddings in place of tokens
            module.get_sentence_embedding = lambda embedding, _mask: embedding
            try:
                return self._floats(module(**given, **masks).score)
            finally:
                del module.get_sentence_embedding

        for some in _pieces(samples, 1024):
            with quiet(), torch.inference_mode():
                scores = head(some)
            lost = [
                {name: embedded[text].lost for name, text in _given(sample) if embedded[text].lost}
                for sample in some
            ]
            yield from self._kept(some, [Scored(*pair) for pair in zip(scores, lost, strict=True)], keys)

    def _embed(self, texts: Iterable[str]) -> dict[str, _Text]:
        """Embeddings of distinct texts, from the cache where they are there."""
        keys = {text: self._key("embedding", text) for text in sorted(texts)}
        stored = self.cache.get(keys.values())
        found = {text: _text(stored[k]) for text, k in keys.items() if k in stored}
        missing = [text for text in keys if text not in found]
        if not missing:
            return found
        module = self.module()
        tokens, lost = self._tokens(missing)

        def encode(some: Sequence[str]) -> Any:
            batch = module.encoder.tokenizer.pad(
                {"input_ids": [tokens[text] for text in some]}, return_tensors="pt"
            )
            found = module.get_sentence_embedding(
                batch["input_ids"].to(self.running_on), batch["attention_mask"].to(self.running_on)
            )
            return found.float().cpu().numpy()

        for some, embeddings in self._batches(missing, lambda text: len(tokens[text]), encode):
            new = {
                text: _Text(embedding, lost[text]) for text, embedding in zip(some, embeddings, strict=True)
            }
            self.cache.put(
                {
                    keys[text]: struct.pack("<i", done.lost) + done.embedding.tobytes()
                    for text, done in new.items()
                }
            )
            found |= new
        return found

    def _tokens(self, texts: Sequence[str]) -> tuple[dict[str, list[int]], dict[str, int]]:
        """Token ids by text, as unbabel-comet cuts them, and how many it cuts off."""
        encoder = self.module().encoder
        most = encoder.max_positions - 2  # as Encoder.prepare_sample
        with quiet():
            tokens = dict(zip(texts, encoder.tokenizer(list(texts), verbose=False)["input_ids"], strict=True))
            lost = {text: max(0, len(ids) - most) for text, ids in tokens.items()}
            for text in texts:
                if lost[text]:
                    tokens[text] = encoder.tokenizer(text, truncation=True, max_length=most)["input_ids"]
        return tokens, lost

    def _score_joint(
        self, samples: Sequence[Sample], keys: Mapping[Sample, str]
    ) -> Iterator[tuple[Sample, Scored]]:
        """Scores of samples whose texts are encoded together."""
        module = self.module()
        lengths = self._lengths({text for sample in samples for _, text in _given(sample)})

        def predict(some: Sequence[Sample]) -> list[float]:
            inputs = module.prepare_for_inference([dict(_given(sample)) for sample in some])
            return self._floats(module.predict_step(_to(inputs, self.running_on)).scores)

        for some, scores in self._batches(
            samples, lambda sample: sum(lengths[text] for _, text in _given(sample)), predict
        ):
            lost = [
                _lost_jointly({name: lengths[text] for name, text in _given(sample)}, module.encoder)
                for sample in some
            ]
            yield from self._kept(some, [Scored(*pair) for pair in zip(scores, lost, strict=True)], keys)

    def _lengths(self, texts: Iterable[str]) -> dict[str, int]:
        """Length in tokens by text, special ones included."""
        distinct = sorted(texts)
        with quiet():
            ids = self.module().encoder.tokenizer(distinct, verbose=False)["input_ids"]
        return dict(zip(distinct, map(len, ids), strict=True))

    def _kept(
        self, samples: Sequence[Sample], scored: Sequence[Scored], keys: Mapping[Sample, str]
    ) -> Iterator[tuple[Sample, Scored]]:
        """The scores, when they are in the cache."""
        self.cache.put(
            {
                keys[sample]: _VALUE.pack(one.score, *(one.lost.get(f, 0) for f in FIELDS))
                for sample, one in zip(samples, scored, strict=True)
            }
        )
        return zip(samples, scored, strict=True)

    def _batches(
        self, items: Sequence[_T], length: Callable[[_T], int], work: Callable[[Sequence[_T]], Any]
    ) -> Iterator[tuple[list[_T], Any]]:
        """Items in batches of about equal length, longest first, each with what came of it.

        Where memory does not suffice, the batch is halved, and so are all that follow.
        """
        import torch

        left = sorted(items, key=length, reverse=True)
        while left:
            size = max(1, self._budget // max(1, length(left[0])))
            batch = left[:size]
            try:
                with quiet(), torch.inference_mode():
                    result = work(batch)
            except (MemoryError, RuntimeError) as error:
                if not _out_of_memory(error):
                    raise
                if len(batch) == 1:
                    raise MetricError(
                        f"not enough memory on {self.running_on} for a text of {length(batch[0])} tokens; "
                        f"{self.setting}.device=cpu, or a smaller model"
                    ) from error
                self._budget = length(batch[0]) * (len(batch) // 2)
                log.warning(
                    f"not enough memory on {self.running_on} for {len(batch)} texts at once: {len(batch) // 2} from here on"
                )
                result = None
            if result is None:  # outside of the handler, whose traceback keeps the tensors alive
                if self.running_on.startswith("cuda"):
                    torch.cuda.empty_cache()
                continue
            left = left[size:]
            yield batch, result

    def _floats(self, scores: Any) -> list[float]:
        """Scores as numbers.

        Raises:
            MetricError: one of them is none.
        """
        found: list[float] = scores.float().cpu().tolist()
        if not np.isfinite(found).all():
            raise MetricError(
                f"the model gave a score that is no number ({self.precision} on {self.running_on}); {self.setting}.precision=fp32, or device=cpu"
            )
        return found


def _given(sample: Sample) -> list[tuple[str, str]]:
    """Field and text of what the model reads, in the order in which a joint encoder reads it."""
    return [(name, text) for name, text in zip(FIELDS, sample, strict=True) if text is not None]


def _lost_jointly(lengths: Mapping[str, int], encoder: Any) -> dict[str, int]:
    """Tokens that each side loses where the texts are encoded as one: see `comet.encoders.base.Encoder.concat_sequences`.

    Each text is cut by itself first, then the end of the whole; with source and reference there are three such texts, and
    what counts is the one that loses most.
    """
    most = encoder.max_positions
    own = {name: min(length, most - 2) for name, length in lengths.items()}
    lost = {name: lengths[name] - own[name] for name in lengths}
    sides = list(lengths)
    for together in [sides] if len(sides) < 3 else [sides[:2], [sides[0], sides[2]], sides]:
        special = 1 + len(together) * encoder.size_separator
        contents = [own[name] - 2 for name in together]
        if sum(contents) <= most - special:
            continue
        end = 1  # <s>
        for name, content in zip(together, contents, strict=True):
            cut = max(0, end + content - most)
            lost[name] = max(lost[name], lengths[name] - own[name] + min(content, cut))
            end += content + encoder.size_separator
    return {name: tokens for name, tokens in lost.items() if tokens}


def _unpacked(value: bytes) -> Scored:
    score, *lost = _VALUE.unpack(value)
    return Scored(score, {name: tokens for name, tokens in zip(FIELDS, lost, strict=True) if tokens})


def _text(value: bytes) -> _Text:
    return _Text(np.frombuffer(value, np.float32, offset=4), struct.unpack_from("<i", value)[0])


def _pieces(items: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _out_of_memory(error: Exception) -> bool:
    # torch has a class of its own for CUDA only
    return (
        isinstance(error, MemoryError)
        or "out of memory" in str(error).lower()
        or "can't allocate memory" in str(error).lower()
    )


def _shorten_encoder(encoder: Any, device: str) -> None:
    """Have an encoder reckon in bfloat16, and what comes after it in fp32: else the scores themselves were in steps of 0.004."""
    import torch

    forward = encoder.forward

    def short(*given: Any, **named: Any) -> Any:
        with torch.autocast(device.partition(":")[0], dtype=torch.bfloat16):
            return _in_fp32(forward(*given, **named))

    encoder.forward = short


def _in_fp32(found: Any) -> Any:
    """What an encoder gives, which is tensors in mappings and tuples."""
    if isinstance(found, Mapping):
        return {name: _in_fp32(value) for name, value in found.items()}
    if isinstance(found, (tuple, list)):
        return [_in_fp32(value) for value in found]
    return found.float() if hasattr(found, "is_floating_point") and found.is_floating_point() else found


def _to(inputs: Any, device: str) -> Any:
    """A batch, which is tensors in mappings and tuples, on a device."""
    if isinstance(inputs, Mapping):
        return {name: _to(value, device) for name, value in inputs.items()}
    if isinstance(inputs, (tuple, list)):
        return type(inputs)(_to(value, device) for value in inputs)
    return inputs.to(device) if hasattr(inputs, "to") else inputs
