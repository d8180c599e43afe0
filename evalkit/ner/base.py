"""What finds names in texts. A new tool is one module with one class, and one YAML in `configs/ner/`.

The fields of the class are its settings; their types are checked. Libraries and models are loaded when the first text
has to be read, and not at all where every result is in the cache.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from evalkit.entities.languages import base
from evalkit.errors import ConfigError, shorten
from evalkit.runtime.cache import hash_parts
from evalkit.types import ENTITY_TYPES

_LABELS = {
    "PER": "PER PERSON PERSNAME PRS",
    "LOC": "LOC LOCATION GPE GPE_LOC GPE_ORG FAC PLACENAME GEOGNAME",
    "ORG": "ORG ORGANIZATION ORGANISATION ORGNAME",
    "NORP": "NORP",
    "MISC": "MISC EVENT PRODUCT WORK_OF_ART LAW EVN WRK OBJ",
}
"""Labels of OntoNotes, CoNLL and WikiNER, and of spaCy's Polish, Swedish and Norwegian pipelines, by type."""
_TYPES = {label: type_ for type_, labels in _LABELS.items() for label in labels.split()}

_SAME = {"no": "nb"}
"""Codes for which models may have another: Norwegian is Bokmål where nothing else is said."""


class Found(NamedTuple):
    """A name as a model found it: character offsets, end exclusive, and one of `evalkit.types.ENTITY_TYPES`."""

    start: int
    end: int
    type: str


@dataclass(frozen=True, kw_only=True)
class Ner(ABC):
    """Finds names with one model."""

    model: str
    labels: dict[str, str] | None = None
    """Types of further labels of the model: ``{LABEL_1: PER}``. They go before the known ones."""

    def __post_init__(self) -> None:
        """Check the settings, and expand ``~``, which a shell leaves as it is after ``ner.model=``."""
        for label, type_ in self.own_labels.items():
            if type_ not in ENTITY_TYPES:
                raise ConfigError(
                    f"ner.labels: {label}: expected one of {', '.join(ENTITY_TYPES)}, found {type_!r}"
                )
        if not self.model.strip():
            raise ConfigError("ner.model: expected the name of a model or a folder, found nothing")
        if self.model.startswith("~"):
            object.__setattr__(self, "model", str(Path(self.model).expanduser()))

    @abstractmethod
    def signature(self) -> str:
        """What finds the names: tool, model and content of the model, so that two models never share a signature.

        Raises:
            NerError: the model or its library is not here; the message says what to do.
        """

    @abstractmethod
    def find(self, texts: Sequence[str], language: str) -> list[list[Found]]:
        """The names of each text, as the model gives them. No text is cut.

        Raises:
            ConfigError: the model cannot do this: another language, no labels that are known.
            NerError: the model cannot be loaded, or a text is longer than it takes.
        """

    def prepare(self) -> str:
        """Load the model and let it read a sentence; returns what it is.

        Raises:
            ConfigError, ModelError, NerError: as `find`.
        """
        self.find(["Nobody came."], self.language() or "en")
        return self.signature()

    def language(self) -> str | None:
        """The language that the model is for, as the first part of a code; None for all.

        Raises:
            NerError: as `signature`.
        """
        return None

    def check_language(self, wanted: str) -> None:
        """Refuse a target language that the model is not for.

        Raises:
            ConfigError: names both languages.
            NerError: as `signature`.
        """
        own = self.language()
        if own not in (None, base(wanted), _SAME.get(base(wanted))):
            raise ConfigError(
                f"ner.model={self.model}: is for {own!r}, and the references are in {wanted!r}; choose a model for {base(wanted)!r}, or a multilingual one"
            )

    def type_of(self, label: str) -> str | None:
        """The type that a label of the model stands for; None for dates, numbers and whatever else is no name."""
        plain = re.sub(r"^[BI]-", "", label)
        return self.own_labels.get(label) or self.own_labels.get(plain) or _TYPES.get(plain.upper())

    def check_labels(self, labels: Iterable[str]) -> None:
        """Refuse a model of whose labels none is known.

        Raises:
            ConfigError: names some of the labels.
        """
        found = sorted(labels)
        if found and not any(map(self.type_of, found)):
            raise ConfigError(
                f"ner.model={self.model}: no type is known for its labels {shorten(found)}; say 'ner.labels={{{found[0]}: PER}}'"
            )

    @property
    def own_labels(self) -> dict[str, str]:
        """The setting `labels`."""
        return self.labels or {}

    def labels_signature(self) -> str:
        """The setting `labels` for the signature; empty where nothing is set."""
        return (
            "/labels-" + hash_parts(*(part for item in sorted(self.own_labels.items()) for part in item))[:6]
            if self.labels
            else ""
        )
