"""How similar two names are, 0–1: edit distance of letters and of consonants, over the best pairing of words.

Similarity ranks near misses and never accepts a name: no threshold accepts Sergey for Sergei yet rejects
Waltz for Walz or Nigeria for Niger. Acceptance is a matter of exact rules (`evalkit.entities.variants.finding`).
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
from rapidfuzz.distance import OSA
from scipy.optimize import linear_sum_assignment

from evalkit.entities.language.tokens import Words

_SOUNDS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        ("wh", "w"),
        ("ph", "f"),
        ("kh|[cq]", "k"),
        ("x", "ks"),
        ("[aeiouyh]", ""),
        (r"(.)\1+", r"\1"),
    )
)
"""Spellings of consonants that transliteration confuses."""
_FEWEST_CONSONANTS = 3
"""Consonants that both words need for the consonants to count: fewer are alike by chance."""


@lru_cache(maxsize=262144)
def token_similarity(a: str, b: str) -> float:
    """Compare two folded words, 0–1.

    The similarity is 1 minus the optimal string alignment distance over the greater length (rapidfuzz's
    ``OSA.normalized_similarity``), or the mean of this and the same of the consonants, whichever is greater.
    Words of two consonants count these only if both are the same: Duma, Dooma.
    """
    letters = float(OSA.normalized_similarity(a, b))
    consonants_a, consonants_b = _reduce_to_consonants(a), _reduce_to_consonants(b)
    if min(len(consonants_a), len(consonants_b)) >= _FEWEST_CONSONANTS:
        return max(letters, (letters + OSA.normalized_similarity(consonants_a, consonants_b)) / 2)
    if consonants_a == consonants_b and len(consonants_a) == 2:
        return max(letters, (letters + 1) / 2)
    return letters


@lru_cache(maxsize=65536)
def _reduce_to_consonants(folded: str) -> str:
    for pattern, replacement in _SOUNDS:
        folded = pattern.sub(replacement, folded)
    return folded


def begin_alike(a: str, b: str) -> bool:
    """Whether two folded words begin with the same consonant sound, or both with a vowel: Qais and Case."""
    same_consonant = _reduce_to_consonants(a)[:1] == _reduce_to_consonants(b)[:1]
    return same_consonant and (a[0] in "aeiou") == (b[0] in "aeiou")


def pair_words(a: Words, b: Words) -> list[tuple[int, int, float]]:
    """Pair the words of two names for the greatest total similarity, weighted by length.

    Returns:
        Index in `a`, index in `b`, similarity of the two words, 0–1. Words without a partner are left out.
    """
    if len(a) == len(b) == 1:
        return [(0, 0, token_similarity(a[0], b[0]))]
    weights = np.array([[token_similarity(x, y) * (len(x) + len(y)) for y in b] for x in a])
    pairs = zip(*linear_sum_assignment(-weights), strict=True)
    return [(int(i), int(j), token_similarity(a[i], b[j])) for i, j in pairs]


@lru_cache(maxsize=65536)
def similarity(a: Words, b: Words) -> float:
    """Compare two names of folded words, 0–1.

    The similarity is the mean over the best pairing of words, weighted by length, or that of both names
    written as one word, whichever is greater. Names in Chinese characters or kana are compared as one word
    only, because the order of characters matters.
    """
    whole = token_similarity("".join(a), "".join(b))
    if max(map(len, a + b)) == 1 or any("\u3040" <= word[:1] <= "\u9fff" for word in a + b):
        return whole
    length = sum(map(len, a)) + sum(map(len, b))
    paired = sum(alike * (len(a[i]) + len(b[j])) for i, j, alike in pair_words(a, b)) / length
    return max(paired, whole)
