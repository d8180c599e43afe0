"""TODO entities.similarity."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
from rapidfuzz.distance import OSA
from scipy.optimize import linear_sum_assignment

_SOUNDS = tuple(
    (re.compile(a), b)
    for a, b in (
        ("wh", "w"),
        ("ph", "f"),
        ("kh|[cq]", "k"),
        ("x", "ks"),
        ("[aeiouyh]", ""),
        (r"(.)\1+", r"\1"),
    )
)
"""Spellings of consonants that transliteration confuses; only for ranking near misses."""


@lru_cache(maxsize=262144)
def token_similarity(a: str, b: str) -> float:
    """0–1 for two folded words: edit similarity, or its mean with that of the consonants where that is greater."""
    letters = OSA.normalized_similarity(a, b)
    bones_a, bones_b = _consonants(a), _consonants(b)
    if len(bones_a) < 3 or len(bones_b) < 3:
        # of two consonants only the same two say something: Duma, Dooma
        return (
            float(max(letters, (letters + 1) / 2))
            if bones_a == bones_b and len(bones_a) == 2
            else float(letters)
        )
    return float(max(letters, (letters + OSA.normalized_similarity(bones_a, bones_b)) / 2))


@lru_cache(maxsize=65536)
def _consonants(folded: str) -> str:
    for pattern, replacement in _SOUNDS:
        folded = pattern.sub(replacement, folded)
    return folded


def same_beginning(a: str, b: str) -> bool:
    """Whether two folded words begin with the same consonant sound: Qais and Case, Shia and Sheer."""
    return _consonants(a)[:1] == _consonants(b)[:1] and (a[0] in "aeiou") == (b[0] in "aeiou")


def best_pairs(a: tuple[str, ...], b: tuple[str, ...]) -> list[tuple[int, int, float]]:
    """The pairing of the words of two names that gives the greatest similarity: index, index, similarity."""
    if len(a) == len(b) == 1:
        return [(0, 0, token_similarity(a[0], b[0]))]
    weights = np.array([[token_similarity(x, y) * (len(x) + len(y)) for y in b] for x in a])
    return [
        (int(i), int(j), token_similarity(a[i], b[j]))
        for i, j in zip(*linear_sum_assignment(-weights), strict=True)
    ]


@lru_cache(maxsize=65536)
def similarity(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """0–1 for two names of folded words: best pairing of words weighted by length, or both as one word.

    Of names that are single characters, as in Chinese, the order counts: only as one word.
    """
    whole = token_similarity("".join(a), "".join(b))
    if max(map(len, a + b)) == 1:
        return whole
    length = sum(map(len, a)) + sum(map(len, b))
    paired = sum(s * (len(a[i]) + len(b[j])) for i, j, s in best_pairs(a, b)) / length
    return max(paired, whole)
