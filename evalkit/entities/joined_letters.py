"""A text as one string of normalised letters, in which names are found whatever separates their words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evalkit.entities.language.tokens import NAME_DOT, Words


@dataclass(frozen=True, slots=True)
class Letters:
    """The normalised words of a text without spaces, and without the dots within foreign names."""

    whole: str
    offsets: tuple[int, ...]
    """Where each word begins, and the length of all."""
    starts: dict[int, int]
    ends: dict[int, int]
    """The position of the word that begins at an offset, and of the one after the word that ends there."""

    @classmethod
    def of(cls, words: Words) -> Letters:
        """Join the words of a text."""
        offsets, starts, ends, offset = [], {}, {}, 0
        for position, word in enumerate(words):
            offsets.append(offset)
            if word != NAME_DOT:
                starts[offset] = position
                offset += len(word)
                ends[offset] = position + 1
        return cls("".join(word for word in words if word != NAME_DOT), (*offsets, offset), starts, ends)

    def find(self, part: str) -> Iterator[tuple[int, int]]:
        """Find the spans of whole words that consist of these letters."""
        offset = self.whole.find(part) if part else -1
        while offset >= 0:
            first, last = self.starts.get(offset), self.ends.get(offset + len(part))
            if first is not None and last is not None:
                yield first, last
            offset = self.whole.find(part, offset + 1)

    def before(self, position: int) -> str:
        """All letters before a word."""
        return self.whole[: self.offsets[position]]

    def after(self, position: int) -> str:
        """All letters from a word on."""
        return self.whole[self.offsets[position] :]
