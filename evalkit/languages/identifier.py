"""Which language a text is in, by py3langid: naive Bayes over byte n-grams, for 97 languages, offline."""

from __future__ import annotations

import unicodedata
from collections.abc import Set as AbstractSet
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from evalkit.languages.registry import find_language

if TYPE_CHECKING:
    from evalkit.types import FloatArray

_LONGEST = 400
"""Characters of a text that are read."""


class Identifier:
    """The model; it takes 0.1 s to load and 0.1 ms for a text."""

    def __init__(self) -> None:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        self._model = LanguageIdentifier.from_pickled_model(MODEL_FILE)
        self.codes = [find_language(code).code for code in self._model.nb_classes]
        """The languages that it knows, as `Language.code`."""

    def identify(self, text: str) -> str:
        """The most likely language of a text."""
        return self.codes[int(np.argmax(self._score(text)))]

    def find_other(self, text: str, languages: AbstractSet[str], margin: float) -> str | None:
        """The most likely language of a text if its log-likelihood exceeds that of some others by a margin.

        Args:
            text: the text.
            languages: the others.
            margin: by how much.
        """
        scores = self._score(text)
        own = max((score for score, code in zip(scores, self.codes, strict=True) if code in languages))
        best = int(np.argmax(scores))
        return self.codes[best] if scores[best] > own + margin else None

    def _score(self, text: str) -> FloatArray:
        """[languages] log-likelihoods."""
        # it was trained on composed letters, and on few texts in capitals
        read = unicodedata.normalize("NFC", text[:_LONGEST])
        read = read.lower() if read.isupper() else read
        scores: FloatArray = self._model.nb_classprobs(self._model.instance2fv(read))
        return scores


@cache
def load_identifier() -> Identifier:
    """The identifier, loaded once."""
    return Identifier()
