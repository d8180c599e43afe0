"""Names from a GLiNER model (Zaratiana et al. 2024), which is asked for types by their names; in a folder or on the hub."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from evalkit.errors import ConfigError, EvalkitError, NerError
from evalkit.models.hub import choose_device, find_on_hub, one_line
from evalkit.ner.base import Found, Ner
from evalkit.ner.models import library_version, pieces
from evalkit.runtime.quiet import quiet

_ASKED = {"person": "PER", "location": "LOC", "organization": "ORG"}
_INSTALL = "pip install 'evalkit[gliner]', or pip install gliner"


@dataclass(frozen=True, kw_only=True)
class Gliner(Ner):
    """A GLiNER model, such as ``urchade/gliner_multi-v2.1``. Texts longer than it reads at once are read by sentences."""

    labels: dict[str, str] | None = None
    """What it is asked for beside person, location and organization: ``{nationality: NORP}``."""
    threshold: float = 0.5
    """Least score of a name."""
    batch_size: int = 8
    device: str = "auto"
    """auto, cpu, cuda or mps."""
    _loaded: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check the settings."""
        super().__post_init__()
        if not 0 <= self.threshold <= 1:
            raise ConfigError(f"ner.threshold: expected a score from 0 to 1, found {self.threshold}")

    def signature(self) -> str:
        """See `Ner.signature`."""
        version = library_version("gliner", _INSTALL)
        _, name, revision = self._model()
        return f"gliner-{version}/{name}/{revision}/threshold-{self.threshold:g}{self.labels_signature()}"

    def find(self, texts: Sequence[str], language: str) -> list[list[Found]]:
        """See `Ner.find`."""
        model = self._gliner()
        asked = _ASKED | self.own_labels
        parts = [
            (index, *piece)
            for index, text in enumerate(texts)
            for piece in pieces(text, language, self._fits)
        ]
        found: list[list[Found]] = [[] for _ in texts]
        try:
            with quiet():
                results = (
                    model.inference(
                        [text for _, _, text in parts],
                        list(asked),
                        flat_ner=True,
                        threshold=self.threshold,
                        multi_label=False,
                        batch_size=self.batch_size,
                    )
                    if parts
                    else []
                )
        except Exception as error:  # whatever torch, transformers and gliner find wrong
            raise NerError(f"ner.model={self.model}: failed: {one_line(error)}") from error
        for (index, offset, _), spans in zip(parts, results, strict=True):
            found[index] += [
                Found(offset + span["start"], offset + span["end"], asked[span["label"]]) for span in spans
            ]
        return found

    def _model(self) -> tuple[Any, str, str]:
        """Folder, name and content hash."""
        if "model" not in self._loaded:
            self._loaded["model"] = find_on_hub(self.model, "ner.model")
        folder, name, revision = self._loaded["model"]
        return folder, name, revision

    def _gliner(self) -> Any:
        if "gliner" not in self._loaded:
            library_version("gliner", _INSTALL)
            folder = self._model()[0]
            try:
                with quiet():
                    from gliner import GLiNER

                    self._loaded["gliner"] = GLiNER.from_pretrained(
                        str(folder), map_location=choose_device(self.device, "ner.device")
                    )
            except EvalkitError:
                raise
            except Exception as error:  # whatever torch, transformers and gliner find wrong with a folder
                raise NerError(
                    f"ner.model={self.model}: cannot be loaded as a GLiNER model: {one_line(error)}"
                ) from error
        return self._loaded["gliner"]

    def _fits(self, text: str) -> bool:
        """Whether the model reads a text without cutting it: GLiNER counts words, its encoder parts of words."""
        model = self._gliner()
        processor = model.data_processor
        words = [word for word, _, _ in processor.words_splitter(text)]
        # the types are read with the text: each after a sign of its own, and one sign after all
        prompt = [part for label in _ASKED | self.own_labels for part in ("<<ENT>>", label)]
        with quiet():
            tokens = processor.transformer_tokenizer([*prompt, "<<SEP>>", *words], is_split_into_words=True)[
                "input_ids"
            ]
        return bool(
            len(words) <= model.config.max_len
            and len(tokens) <= processor.transformer_tokenizer.model_max_length
        )
