"""What a COMET model reads, what it returns, and how many tokens it cannot read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

Field: TypeAlias = Literal["mt", "src", "ref"]
"""unbabel-comet's names for hypothesis, source and reference."""
FIELDS: tuple[Field, ...] = ("mt", "src", "ref")
"""In the order in which a joint encoder reads them."""


class ModelInput(NamedTuple):
    """Texts that are scored together; None for what the model does not read."""

    mt: str
    src: str | None
    ref: str | None

    @classmethod
    def strip(cls, mt: str, src: str | None, ref: str | None) -> ModelInput:
        """Make an input of texts without outer whitespace, which ``comet-score`` removes as well."""
        return cls(mt.strip(), None if src is None else src.strip(), None if ref is None else ref.strip())

    @property
    def given(self) -> list[tuple[Field, str]]:
        """Field and text of what the model reads, in the order of `FIELDS`."""
        return [(field, text) for field, text in zip(FIELDS, self, strict=True) if text is not None]


class Scored(NamedTuple):
    """The score of an input, and how much of it the encoder could not read."""

    score: float
    lost: Mapping[Field, int]
    """Tokens that were cut off, by field; only fields that lost any."""


def count_lost_tokens(lengths: Mapping[Field, int], encoder: Any) -> dict[Field, int]:
    """Count the tokens that each text loses if an encoder reads them as one text.

    Follows `comet.encoders.base.Encoder.concat_sequences`: each text is cut alone first, then the end of the
    joined text. With three texts, the encoder also reads the hypothesis with one of the others; these joined
    texts are shorter, so they lose no more.

    Args:
        lengths: tokens of each text, special ones included, in the order of `FIELDS`.
        encoder: of unbabel-comet.

    Returns:
        Tokens by field; only fields that lose any.
    """
    most = encoder.max_positions
    kept = [min(length, most - 2) for length in lengths.values()]
    cuts = _cut_joined([length - 2 for length in kept], most, encoder.size_separator)
    lost = {
        field: length - kept_length + cut
        for (field, length), kept_length, cut in zip(lengths.items(), kept, cuts, strict=True)
    }
    return {field: tokens for field, tokens in lost.items() if tokens}


def _cut_joined(contents: Sequence[int], most: int, separator: int) -> list[int]:
    """Count the tokens that each part of a joined text loses.

    Args:
        contents: tokens of each part, without special ones.
        most: tokens that the encoder reads.
        separator: special tokens after each part.
    """
    begin_of_text = 1
    if sum(contents) <= most - begin_of_text - len(contents) * separator:
        return [0] * len(contents)
    losses, end = [], begin_of_text
    for content in contents:
        losses.append(min(content, max(0, end + content - most)))
        end += content + separator
    return losses
