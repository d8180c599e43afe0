"""The base class of tools that find names. A new tool is a module with one class, and a YAML file.

The fields of the class are its settings: `configs/ner/<tool>.yaml` lists them, and their types are checked. A
tool loads its library and model when it reads the first text, and not at all if every result is in the cache.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

from evalkit.errors import ConfigError, shorten
from evalkit.languages.registry import find_language
from evalkit.runtime.cache import hash_parts
from evalkit.runtime.paths import expand_home
from evalkit.types import ENTITY_TYPES, EntityType

_LABELS: Mapping[EntityType, str] = {
    "PER": "PER PERSON PERSNAME PRS",
    "LOC": "LOC LOCATION GPE GPE_LOC GPE_ORG FAC PLACENAME GEOGNAME",
    "ORG": "ORG ORGANIZATION ORGANISATION ORGNAME",
    "NORP": "NORP",
    "MISC": "MISC EVENT PRODUCT WORK_OF_ART LAW EVN WRK OBJ",
}
"""Labels of OntoNotes, CoNLL and WikiNER, and of spaCy's Polish, Swedish and Norwegian pipelines, by type."""
_TYPES = {label: type_ for type_, labels in _LABELS.items() for label in labels.split()}

_NUMBERS = frozenset("DATE TIME PERCENT MONEY QUANTITY CARDINAL ORDINAL".split())
"""Labels of OntoNotes whose spans `evalkit.ner.hygiene` drops, whatever type they are given."""
_OTHER_CODES = {"no": "nb"}
"""Codes that models use for a language: Norwegian models are usually Bokmål models."""


class NameSpan(NamedTuple):
    """A name in a text, as a model found it."""

    start: int
    end: int
    """Character offsets; `end` is exclusive."""
    type: EntityType


@dataclass(frozen=True, kw_only=True)
class Ner(ABC):
    """Finds names with one model."""

    model: str
    labels: dict[str, str] | None = None
    """Types of further labels of the model: ``{LABEL_1: PER}``. They take precedence over the known
    labels."""

    def __post_init__(self) -> None:
        """Check the settings, and expand ``~``, which a shell does not expand after ``ner.model=``."""
        for label, type_ in self.extra_labels.items():
            if re.sub(r"^[BI]-", "", label).upper() in _NUMBERS:
                raise ConfigError(
                    f"ner.labels: {label}: dates and numbers are not names; remove it, "
                    "and check them with the metric numbers: 'metrics=[numbers]'"
                )
            if type_ not in ENTITY_TYPES:
                raise ConfigError(
                    f"ner.labels: {label}: expected one of {', '.join(ENTITY_TYPES)}, found {type_!r}"
                )
        if not self.model.strip():
            raise ConfigError("ner.model: expected the name of a model or a folder, found an empty text")
        if self.model.startswith("~"):
            object.__setattr__(self, "model", str(expand_home(self.model)))

    @abstractmethod
    def signature(self) -> str:
        """What finds the names: tool, model and hash of the model. Two models never share a signature.

        Raises:
            NerError: the model or its library is missing; the message says what to do.
        """

    @abstractmethod
    def find(self, texts: Sequence[str], language: str) -> list[list[NameSpan]]:
        """Find the names of each text. No text is truncated.

        Raises:
            ConfigError: the model is for another language, or none of its labels is known.
            NerError: the model cannot be loaded, or a text is too long for it.
        """

    def prepare(self) -> str:
        """Load the model and let it read a sentence.

        Returns:
            The signature.

        Raises:
            ConfigError, ModelError, NerError: as `find`.
        """
        self.find(["Nobody came."], self.language() or "en")
        return self.signature()

    def language(self) -> str | None:
        """The language of the model, as the first part of a code; None if it is for all languages.

        Raises:
            NerError: as `signature`.
        """
        return None

    def check_language(self, target: str) -> None:
        """Refuse a target language that the model is not for.

        Raises:
            ConfigError: names both languages.
            NerError: as `signature`.
        """
        supported, code = self.language(), find_language(target).code
        if supported is not None and find_language(supported).code not in (code, _OTHER_CODES.get(code)):
            raise ConfigError(
                f"ner.model={self.model}: the model is for {supported!r}, "
                f"but the references are in {target!r}; choose a model for {code!r}, or a multilingual one"
            )

    def type_of(self, label: str) -> EntityType | None:
        """The type of a label of the model; None for labels of dates, numbers and other things than names."""
        plain = re.sub(r"^[BI]-", "", label)
        type_ = self.extra_labels.get(label) or self.extra_labels.get(plain) or _TYPES.get(plain.upper())
        return cast("EntityType | None", type_)  # extra labels are checked above

    def check_labels(self, labels: Iterable[str]) -> None:
        """Refuse a model if none of its labels is known.

        Raises:
            ConfigError: names some of the labels.
        """
        names = sorted(labels)
        if names and not any(map(self.type_of, names)):
            raise ConfigError(
                f"ner.model={self.model}: unknown labels {shorten(names)}; "
                f"set their types, such as 'ner.labels={{{names[0]}: PER}}'"
            )

    @property
    def extra_labels(self) -> dict[str, str]:
        """The setting `labels`."""
        return self.labels or {}

    def labels_signature(self) -> str:
        """The part of the signature that the setting `labels` gives; empty if it is not set."""
        if not self.labels:
            return ""
        parts = [part for item in sorted(self.labels.items()) for part in item]
        return f"/labels-{hash_parts(*parts)[:6]}"
