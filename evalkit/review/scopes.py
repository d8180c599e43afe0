"""Scopes of a review: documents, or segments if there are none. In a scope, a spelling names one entity."""

from __future__ import annotations

from functools import cached_property
from typing import TypeAlias

from evalkit.entities.language.tokens import tokenize
from evalkit.types import TestSet

Scope: TypeAlias = str | int
"""A document id; if there are no documents, the index of a segment."""


class Scopes:
    """The scopes of the references of a test set, and their texts."""

    def __init__(self, test_set: TestSet) -> None:
        self.test_set = test_set

    def scope_of(self, segment: int) -> Scope:
        """The scope of a segment, given by its index."""
        document = self.test_set.segments[segment].document
        return segment if document is None else document

    def label(self, scope: Scope) -> str:
        """The name of a scope in the sheet: a document id, or a segment id."""
        return self.test_set.segments[scope].id if isinstance(scope, int) else scope

    def reference(self, segment: int) -> str:
        """The primary reference of a segment, given by its index."""
        return self.test_set.segments[segment].reference

    @cached_property
    def segments(self) -> dict[Scope, list[int]]:
        """Indices of the segments of each scope."""
        segments: dict[Scope, list[int]] = {}
        for index in range(len(self.test_set.segments)):
            segments.setdefault(self.scope_of(index), []).append(index)
        return segments

    @cached_property
    def texts(self) -> dict[Scope, str]:
        """The references of each scope, joined by line feeds."""
        return {scope: "\n".join(map(self.reference, indices)) for scope, indices in self.segments.items()}

    @cached_property
    def words(self) -> dict[Scope, set[str]]:
        """The distinct words of each scope."""
        language = self.test_set.target_language
        return {scope: {word.text for word in tokenize(text, language)} for scope, text in self.texts.items()}
