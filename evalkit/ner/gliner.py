"""Names from a GLiNER model (Zaratiana et al. 2024), in a folder or on the Hugging Face hub.

GLiNER is given the types of names to find as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from evalkit.errors import ConfigError, EvalkitError, NerError
from evalkit.models.hub import choose_device, find_on_hub, one_line
from evalkit.ner.base import NameSpan, Ner
from evalkit.ner.models import SPLITTER, library_version, split_texts
from evalkit.runtime.quiet import quiet

_PROMPTS = {"person": "PER", "location": "LOC", "organization": "ORG"}
"""The texts that GLiNER is given, with their types."""
_INSTALL = "pip install 'evalkit[gliner]', or pip install gliner"


@dataclass(frozen=True, kw_only=True)
class Gliner(Ner):
    """A GLiNER model, such as ``urchade/gliner_multi-v2.1``. Long texts are read by sentences."""

    labels: dict[str, str] | None = None
    """What it finds besides person, location and organization: ``{nationality: NORP}``."""
    threshold: float = 0.5
    """Minimum score of a name, 0–1."""
    batch_size: int = 8
    device: str = "auto"
    """auto, cpu, cuda or mps."""

    def __post_init__(self) -> None:
        """Check the settings."""
        super().__post_init__()
        if not 0 <= self.threshold <= 1:
            raise ConfigError(f"ner.threshold: expected a score from 0 to 1, found {self.threshold}")

    def signature(self) -> str:
        """See `Ner.signature`."""
        version = library_version("gliner", _INSTALL)
        _, name, revision = self._files
        threshold = f"threshold-{self.threshold:g}{self.labels_signature()}"
        return f"gliner-{version}/{name}/{revision}/{threshold}/{SPLITTER}"

    def find(self, texts: Sequence[str], language: str) -> list[list[NameSpan]]:
        """See `Ner.find`."""
        pieces = split_texts(texts, language, self._fits)
        names: list[list[NameSpan]] = [[] for _ in texts]
        for piece, spans in zip(pieces, self._predict([piece.text for piece in pieces]), strict=True):
            for span in spans:
                start, end = piece.offset + span["start"], piece.offset + span["end"]
                names[piece.text_index].append(NameSpan(start, end, self._prompts[span["label"]]))
        return names

    @property
    def _prompts(self) -> dict[str, Any]:
        return _PROMPTS | self.extra_labels

    def _predict(self, texts: list[str]) -> list[Any]:
        """GLiNER's spans of each text."""
        if not texts:
            return []
        try:
            with quiet():
                predictions: list[Any] = self._gliner.inference(
                    texts,
                    list(self._prompts),
                    flat_ner=True,
                    threshold=self.threshold,
                    multi_label=False,
                    batch_size=self.batch_size,
                )
        except Exception as error:  # torch, transformers and gliner raise errors of many classes
            raise NerError(f"ner.model={self.model}: failed: {one_line(error)}") from error
        return predictions

    @cached_property
    def _files(self) -> tuple[Path, str, str]:
        """Folder, name and content hash of the model."""
        return find_on_hub(self.model, "ner.model")

    @cached_property
    def _gliner(self) -> Any:
        """GLiNER's object for the model."""
        library_version("gliner", _INSTALL)
        folder = self._files[0]
        try:
            with quiet():
                from gliner import GLiNER

                return GLiNER.from_pretrained(
                    str(folder), map_location=choose_device(self.device, "ner.device")
                )
        except EvalkitError:
            raise
        except Exception as error:  # torch, transformers and gliner raise errors of many classes
            raise NerError(
                f"ner.model={self.model}: cannot be loaded as a GLiNER model: {one_line(error)}"
            ) from error

    def _fits(self, text: str) -> bool:
        """Whether the model reads the whole text: GLiNER limits words, and its encoder word pieces."""
        model = self._gliner
        processor = model.data_processor
        tokenizer = processor.transformer_tokenizer
        words = [word for word, _, _ in processor.words_splitter(text)]
        # the encoder reads the types before the text, each after a marker, and another marker after the last
        prompt = [part for label in self._prompts for part in ("<<ENT>>", label)]
        with quiet():
            tokens = tokenizer([*prompt, "<<SEP>>", *words], is_split_into_words=True)["input_ids"]
        return bool(len(words) <= model.config.max_len and len(tokens) <= tokenizer.model_max_length)
