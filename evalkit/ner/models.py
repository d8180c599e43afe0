"""What the tools for names share: the versions of their libraries, and texts that are longer than a model reads."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable

from evalkit.alignment.sentences import split_sentences
from evalkit.errors import NerError, quote


def library_version(package: str, install: str) -> str:
    """The version of a library, without importing it.

    Raises:
        NerError: it is not installed; says how to.
    """
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError as error:
        raise NerError(f"{package} is not installed; {install}") from error


def pieces(text: str, language: str, fits: Callable[[str], bool]) -> list[tuple[int, str]]:
    """Offset and text of what a model can read at once: the whole text, else its sentences.

    Raises:
        NerError: a sentence is too long as well. No text is cut.
    """
    if not text.strip():
        return []
    if fits(text):
        return [(0, text)]
    sentences = [(span.start, span.of(text)) for span in split_sentences(text, language)]
    for _, sentence in sentences:
        if not fits(sentence):
            raise NerError(
                f"a sentence of {len(sentence)} characters is longer than the model reads at once: {quote(sentence)}; "
                "give shorter segments, or use spaCy, which takes any length: ner=spacy"
            )
    return sentences
