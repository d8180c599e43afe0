"""A word beside a form of a person's name."""

from __future__ import annotations

from typing import NamedTuple

from evalkit.entities.assignment import Span
from evalkit.entities.document import Document
from evalkit.entities.language.tokens import Token
from evalkit.entities.text import Text
from evalkit.entities.variants.forms import Name


class Place(NamedTuple):
    """A word beside a form of a person's name."""

    document: Document
    mention: int
    """Its index."""
    span: Span
    """The form."""
    position: int
    """Of the word."""
    step: int
    """-1 if the word is before the form, 1 if it is after it."""

    @property
    def text(self) -> Text:
        """The hypothesis."""
        return self.document.hypotheses[self.span.segment]

    @property
    def name(self) -> Name:
        """The name of the mention."""
        return self.document.names[self.mention]

    @property
    def token(self) -> Token:
        """The word as written."""
        return self.text.tokens[self.position]

    @property
    def word(self) -> str:
        """The word, folded."""
        return self.text.folded[self.position]

    @property
    def normalised(self) -> str:
        """The word, normalised."""
        return self.text.normalised[self.position]
