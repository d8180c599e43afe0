"""How much of a text has no spaces between its words, whatever language it is said to be in."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import cache

import regex

from evalkit.languages.registry import WITHOUT_SPACES

HAN = frozenset({"Hani", "Bopo"})
JAPANESE = HAN | {"Hira", "Kana"}
_COMPOSED = frozenset({"Hans", "Hant", "Hanb", "Jpan", "Hrkt"})
"""Codes of scripts that Unicode does not give to characters."""
ALL = WITHOUT_SPACES - _COMPOSED
"""Scripts without spaces between words."""
_SEGMENTED = 8
"""Letters between two spaces, on average, up to which a text has been cut into words: Thai and Khmer words
have four to six letters and marks, their sentences fifty."""


def share_without_spaces(texts: Iterable[str], cut: AbstractSet[str] = frozenset()) -> float:
    """The share of letters in scripts without spaces between words; 0 if the texts are cut into words.

    Args:
        texts: some texts.
        cut: scripts that count as if they had spaces, since a tokenizer cuts them.
    """
    everything, uncut = _letters_of(ALL), _letters_of(ALL - cut)
    letters = unspaced = not_cut = tokens = 0
    for text in texts:
        letters += len(_LETTERS.findall(text))
        not_cut += len(uncut.findall(text))
        counts = [len(everything.findall(token)) for token in text.split()]
        unspaced += sum(counts)
        tokens += sum(count > 0 for count in counts)
    return not_cut / letters if unspaced > _SEGMENTED * tokens else 0.0


_LETTERS = regex.compile(r"[\p{L}\p{M}]")


@cache
def _letters_of(scripts: frozenset[str]) -> regex.Pattern[str]:
    """A pattern that matches one letter or mark of the scripts; nothing if there are none."""
    if not scripts:
        return regex.compile("(?!)")
    inside = "".join(rf"\p{{{script}}}" for script in sorted(scripts))
    return regex.compile(rf"[[{inside}]&&[\p{{L}}\p{{M}}]]", regex.V1)
