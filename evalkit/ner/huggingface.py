"""Names from a token-classification model of transformers, in a folder or on the Hugging Face hub."""

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


@dataclass(frozen=True, kw_only=True)
class HuggingFace(Ner):
    """A token-classification model, such as ``dslim/bert-base-NER``. Long texts are read by sentences."""

    batch_size: int = 16
    device: str = "auto"
    """auto, cpu, cuda or mps."""

    def signature(self) -> str:
        """See `Ner.signature`."""
        _, name, revision = self._files
        version = library_version("transformers", "pip install transformers")
        return f"transformers-{version}/{name}/{revision}{self.labels_signature()}/{SPLITTER}"

    def find(self, texts: Sequence[str], language: str) -> list[list[NameSpan]]:
        """See `Ner.find`."""
        pieces = split_texts(texts, language, self._fits)
        names: list[list[NameSpan]] = [[] for _ in texts]
        for piece, spans in zip(pieces, self._predict([piece.text for piece in pieces]), strict=True):
            for span in spans:
                type_ = self.type_of(span["entity_group"])
                if type_ is not None:
                    start, end = piece.offset + span["start"], piece.offset + span["end"]
                    names[piece.text_index].append(NameSpan(start, end, type_))
        return names

    def _predict(self, texts: list[str]) -> list[Any]:
        """The pipeline's spans of each text."""
        if not texts:
            return []
        try:
            with quiet():
                predictions: list[Any] = self._pipeline(texts, batch_size=self.batch_size)
        except Exception as error:  # torch and transformers raise errors of many classes
            raise NerError(f"ner.model={self.model}: failed: {one_line(error)}") from error
        return predictions

    @cached_property
    def _files(self) -> tuple[Path, str, str]:
        """Folder, name and content hash of the model."""
        return find_on_hub(self.model, "ner.model")

    @cached_property
    def _pipeline(self) -> Any:
        """The pipeline of transformers, with the model loaded."""
        try:
            pipeline = self._load(self._files[0])
        except EvalkitError:
            raise
        except Exception as error:  # torch and transformers raise errors of many classes
            raise NerError(
                f"ner.model={self.model}: cannot be loaded as a token-classification model: {one_line(error)}"
            ) from error
        if not pipeline.tokenizer.is_fast:
            raise ConfigError(
                f"ner.model={self.model}: its tokenizer gives no character offsets; "
                "choose a model with a fast tokenizer"
            )
        self.check_labels(pipeline.model.config.id2label.values())
        return pipeline

    def _load(self, folder: Path) -> Any:
        with quiet():
            import transformers

            model = transformers.AutoModelForTokenClassification.from_pretrained(
                folder, local_files_only=True
            )
            tokenizers: Any = transformers.AutoTokenizer
            return transformers.pipeline(
                "token-classification",
                model=model,
                tokenizer=tokenizers.from_pretrained(folder, local_files_only=True),
                aggregation_strategy="simple",
                device=choose_device(self.device, "ner.device"),
            )

    def _fits(self, text: str) -> bool:
        """Whether the model reads the whole text."""
        pipeline = self._pipeline
        # RoBERTa's positions begin at 2, so it reads two tokens fewer than its configuration says
        positions = getattr(pipeline.model.config, "max_position_embeddings", None)
        limit = min(pipeline.tokenizer.model_max_length, positions - 2 if positions else float("inf"))
        return bool(len(pipeline.tokenizer(text, verbose=False)["input_ids"]) <= limit)
