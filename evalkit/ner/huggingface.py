"""Names from a token-classification model of transformers, in a folder or on the hub."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from evalkit.errors import ConfigError, EvalkitError, NerError
from evalkit.models.hub import choose_device, find_on_hub, one_line
from evalkit.ner.base import Found, Ner
from evalkit.ner.models import library_version, pieces
from evalkit.runtime.quiet import quiet


@dataclass(frozen=True, kw_only=True)
class HuggingFace(Ner):
    """A token-classification model, such as ``dslim/bert-base-NER``. Texts longer than it reads at once are read by sentences."""

    batch_size: int = 16
    device: str = "auto"
    """auto, cpu, cuda or mps."""
    _loaded: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def signature(self) -> str:
        """See `Ner.signature`."""
        _, name, revision = self._model()
        version = library_version("transformers", "pip install transformers")
        return f"transformers-{version}/{name}/{revision}{self.labels_signature()}"

    def find(self, texts: Sequence[str], language: str) -> list[list[Found]]:
        """See `Ner.find`."""
        pipeline = self._pipeline()
        parts = [
            (index, *piece)
            for index, text in enumerate(texts)
            for piece in pieces(text, language, self._fits)
        ]
        found: list[list[Found]] = [[] for _ in texts]
        try:
            with quiet():
                results = (
                    pipeline([text for _, _, text in parts], batch_size=self.batch_size) if parts else []
                )
        except Exception as error:  # whatever torch and transformers find wrong
            raise NerError(f"ner.model={self.model}: failed: {one_line(error)}") from error
        for (index, offset, _), spans in zip(parts, results, strict=True):
            for span in spans:
                type_ = self.type_of(span["entity_group"])
                if type_ is not None:
                    found[index].append(Found(offset + span["start"], offset + span["end"], type_))
        return found

    def _model(self) -> tuple[Any, str, str]:
        """Folder, name and content hash."""
        if "model" not in self._loaded:
            self._loaded["model"] = find_on_hub(self.model, "ner.model")
        folder, name, revision = self._loaded["model"]
        return folder, name, revision

    def _pipeline(self) -> Any:
        if "pipeline" not in self._loaded:
            folder = self._model()[0]
            try:
                with quiet():
                    import transformers

                    model = transformers.AutoModelForTokenClassification.from_pretrained(
                        folder, local_files_only=True
                    )
                    tokenizers: Any = transformers.AutoTokenizer
                    tokenizer = tokenizers.from_pretrained(folder, local_files_only=True)
                    built = transformers.pipeline(
                        "token-classification",
                        model=model,
                        tokenizer=tokenizer,
                        aggregation_strategy="simple",
                        device=choose_device(self.device, "ner.device"),
                    )
            except EvalkitError:
                raise
            except Exception as error:  # whatever torch and transformers find wrong with a folder
                raise NerError(
                    f"ner.model={self.model}: cannot be loaded as a token-classification model: {one_line(error)}"
                ) from error
            if not tokenizer.is_fast:
                raise ConfigError(
                    f"ner.model={self.model}: its tokenizer gives no character offsets; choose a model with a fast tokenizer"
                )
            self.check_labels(model.config.id2label.values())
            self._loaded["pipeline"] = built
        return self._loaded["pipeline"]

    def _fits(self, text: str) -> bool:
        """Whether the model reads a text without cutting it."""
        pipeline = self._pipeline()
        # RoBERTa's positions begin at 2, so that it reads two tokens less than its configuration says
        positions = getattr(pipeline.model.config, "max_position_embeddings", None)
        most = min(pipeline.tokenizer.model_max_length, positions - 2 if positions else float("inf"))
        return bool(len(pipeline.tokenizer(text, verbose=False)["input_ids"]) <= most)
