"""How alike texts are, in a way that survives bad translations: tf-idf vectors of character n-grams.

Before they are cut into n-grams, texts are folded: Unicode compatibility forms, case, accents and foreign letters
(``Курск`` is ``kursk``), and the separators within numbers (``1,000`` is ``1000``). So names and numbers meet across their
spellings. N-grams are hashed, so that all texts become vectors at once and no vocabulary is kept.

The idf is that of the article: names and terms that stand everywhere in it tell its sentences apart no better than "the"
does. (An idf over the whole test set was measured, and was worse.)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from anyascii import anyascii
from scipy import sparse

if TYPE_CHECKING:
    from evalkit.types import FloatArray

ORDERS = (4,)
"""Lengths of the character n-grams that are compared; (3, 4, 5) are not better, and take three times as long."""
ORDERS_WITHOUT_SPACES = (1, 2)
"""The same for languages without spaces, whose words have one or two characters."""
EVERYWHERE = 0.15
"""Weight of an n-gram that all texts have: without it lines that are repeated weighed nothing, and fitted anywhere."""
_MOST_BITS = 20
"""Of a hash: a million features keep the n-grams of a chapter apart well enough."""
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio: Fibonacci hashing, Knuth, TAOCP 6.4
_THOUSANDS = re.compile(r"(?<=\d)[.,’' ](?=\d{3})")


def fold(text: str, *, spaced: bool) -> str:
    """What is compared of a text. Languages without spaces keep their letters, of which Latin ones would say less."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    if spaced and not folded.isascii():
        folded = anyascii(folded).lower()
    words = _THOUSANDS.sub("", folded).split()
    return f" {' '.join(words)} " if spaced else "".join(words)


def vectors(texts: Sequence[str], *, spaced: bool) -> sparse.csr_matrix:
    """[texts, features] tf-idf vectors, idf within these texts."""
    folded = [fold(text, spaced=spaced) + "\0" for text in texts]
    codes = np.frombuffer("".join(folded).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    owners = np.repeat(np.arange(len(texts)), [len(text) for text in folded])
    bits = min(_MOST_BITS, len(codes).bit_length() + 4)  # at least sixteen times as many features as n-grams
    keys = []
    for order in ORDERS if spaced else ORDERS_WITHOUT_SPACES:
        count = max(0, len(codes) - order)
        hashed = np.full(count, order, np.uint64)
        for place in range(order):
            hashed = (hashed ^ codes[place : place + count]) * _MULTIPLIER
        inside = (
            owners[:count] == owners[order : order + count]
        )  # an n-gram that reached into the next text would pass its end
        keys.append(
            owners[:count][inside] << bits | (hashed[inside] >> np.uint64(64 - bits)).astype(np.int64)
        )
    found, counts = np.unique(np.concatenate(keys), return_counts=True)
    hashes = found & ((1 << bits) - 1)
    frequency = np.bincount(hashes)
    values = counts * (EVERYWHERE + np.log((1 + len(texts)) / frequency[hashes]))
    features = np.cumsum(frequency > 0)  # scipy takes time for each column, empty ones too
    pointers = np.searchsorted(found >> bits, np.arange(len(texts) + 1))
    return sparse.csr_matrix(
        (values, features[hashes] - 1, pointers), (len(texts), features[-1] if len(features) else 0)
    )


def centred(embeddings: FloatArray) -> FloatArray:
    """[texts, dimensions] embeddings of the texts of one article, each as a unit vector from their mean.

    All texts of an encoder lie in one direction, so that without this any two were alike.
    """
    moved = embeddings - embeddings.mean(axis=0)
    norms = np.linalg.norm(moved, axis=1, keepdims=True)
    unit: FloatArray = moved / np.where(norms > 0, norms, 1.0)
    return unit


def square_norms(rows: sparse.csr_matrix | FloatArray) -> FloatArray:
    """[texts] squared lengths of vectors."""
    if isinstance(rows, np.ndarray):
        return np.asarray((rows**2).sum(axis=1), np.float64)
    owners = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    return np.asarray(np.bincount(owners, rows.data**2, minlength=rows.shape[0]), np.float64)
