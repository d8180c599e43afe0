"""What the tools that find names share: versions of libraries, and texts that are too long for a model."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from evalkit.alignment.sentences import split_sentences, splitter
from evalkit.errors import NerError, quote

SPLITTER = splitter("sentencex")
"""What splits texts that are too long, for signatures."""


class Piece(NamedTuple):
    """A text, or a part of it that a model can read at once."""

    text_index: int
    """Index of the text."""
    offset: int
    """Character offset of the piece in the text."""
    text: str


def library_version(package: str, install: str) -> str:
    """The version of a library, without importing it.

    Args:
        package: name of the library.
        install: the command that installs it, for the message.

    Raises:
        NerError: it is not installed.
    """
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError as error:
        raise NerError(f"{package} is not installed; run {install}") from error


def split_texts(texts: Sequence[str], language: str, fits: Callable[[str], bool]) -> list[Piece]:
    """Split texts into pieces that a model can read at once: whole texts or sentences. Blank texts have none.

    Args:
        texts: the texts.
        language: of the texts.
        fits: whether the model can read a text at once.

    Raises:
        NerError: a sentence is too long. No text is truncated.
    """
    return [piece for index, text in enumerate(texts) for piece in _split(index, text, language, fits)]


def _split(index: int, text: str, language: str, fits: Callable[[str], bool]) -> Iterator[Piece]:
    if not text.strip():
        return
    if fits(text):
        yield Piece(index, 0, text)
        return
    for span in split_sentences(text, language):
        sentence = span.of(text)
        if not fits(sentence):
            raise NerError(
                f"a sentence of {len(sentence)} characters is too long for the model: {quote(sentence)}; "
                "shorten the segments, or use ner=spacy, which accepts any length"
            )
        yield Piece(index, span.start, sentence)
