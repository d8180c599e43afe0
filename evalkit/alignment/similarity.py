"""How similar texts are, even if one is a bad translation: tf-idf vectors of character n-grams.

Texts are folded first: Unicode compatibility forms, case, accents, foreign letters (``Курск`` is ``kursk``)
and separators within numbers (``1,000`` is ``1000``). So names and numbers match across spellings. N-grams
are hashed: all texts become vectors at once, and no vocabulary is kept.

The idf is that of the article: names and terms that occur throughout it distinguish its sentences as little
as "the". (An idf over the whole test set was measured, and was worse.)
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
    from numpy.typing import NDArray

    from evalkit.types import FloatArray, IntArray

ORDERS = (4,)
"""Lengths of the character n-grams; (3, 4, 5) are not better, and take three times as long."""
ORDERS_WITHOUT_SPACES = (1, 2)
"""The same for languages without spaces, whose words have one or two characters."""
SPELLED = 0.5
"""Weight of an n-gram of hiragana or Latin letters alone, without spaces.

Hiragana write Japanese endings and particles, and hardly ever names; a Latin letter is far less than a word.
"""
EVERYWHERE = 0.15
"""Weight of an n-gram that all texts contain. At 0, repeated lines would weigh nothing, and fit anywhere."""
_MOST_BITS = 20
"""Bits of a hash: among a million features, few n-grams of a chapter collide."""
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio: Fibonacci hashing, Knuth, TAOCP 6.4
_THOUSANDS = re.compile(r"(?<=\d)[.,’' ](?=\d{3})")


def fold_text(text: str, *, spaced: bool) -> str:
    """Reduce a text to what is compared of it.

    Args:
        text: any text.
        spaced: whether its language puts spaces between words. Other languages keep their letters: romanised,
            they would carry less information.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    if spaced and not folded.isascii():
        folded = anyascii(folded).lower()
    words = _THOUSANDS.sub("", folded).split()
    return f" {' '.join(words)} " if spaced else "".join(words)


def vectorize(texts: Sequence[str], *, spaced: bool) -> sparse.csr_matrix:
    """Make tf-idf vectors of texts, with the idf of these texts.

    Returns:
        [texts, features], float64. Features are hashes that occur; their order has no meaning.
    """
    folded = [fold_text(text, spaced=spaced) + "\0" for text in texts]
    codes = np.frombuffer("".join(folded).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    owners = np.repeat(np.arange(len(texts)), [len(text) for text in folded])
    bits = min(_MOST_BITS, len(codes).bit_length() + 4)  # at least sixteen times as many features as n-grams
    orders = ORDERS if spaced else ORDERS_WITHOUT_SPACES
    spelled = np.zeros(len(codes), np.bool_) if spaced else _find_spelled(codes)
    keys = np.concatenate([_hash_ngrams(codes, owners, spelled, order, bits) for order in orders])
    return _weigh(keys, bits + 1, len(texts))


def _find_spelled(codes: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """[characters] whether each is hiragana or a Latin letter, in lower case."""
    hiragana = (codes >= ord("ぁ")) & (codes <= ord("ゟ"))
    return hiragana | (codes >= ord("a")) & (codes <= ord("z"))


def _hash_ngrams(
    codes: NDArray[np.uint64], owners: IntArray, spelled: NDArray[np.bool_], order: int, bits: int
) -> IntArray:
    """Hash the n-grams of all texts: [n-grams] index of the text, hash, and one bit for `spelled` alone.

    Args:
        codes: [characters] of all texts, each text followed by a 0.
        owners: [characters] index of the text that each belongs to.
        spelled: [characters] see `SPELLED`.
        order: length of the n-grams.
        bits: of a hash.
    """
    count = max(0, len(codes) - order)
    hashed = np.full(count, order, np.uint64)
    alone = np.ones(count, np.bool_)
    for place in range(order):
        hashed = (hashed ^ codes[place : place + count]) * _MULTIPLIER
        alone &= spelled[place : place + count]
    # the character after an n-gram belongs to the same text, unless the n-gram includes the 0 at its end
    inside = owners[:count] == owners[order : order + count]
    features = (hashed[inside] >> np.uint64(64 - bits)).astype(np.int64)
    keys: IntArray = owners[:count][inside] << (bits + 1) | features << 1 | alone[inside]
    return keys


def _weigh(keys: IntArray, bits: int, texts: int) -> sparse.csr_matrix:
    """Count n-grams and weigh them by idf: see `_hash_ngrams` for the keys, `vectorize` for the result.

    Args:
        keys: of all n-grams.
        bits: of a key, without the index of the text.
        texts: how many.
    """
    ngrams, counts = np.unique(keys, return_counts=True)
    hashes = ngrams & ((1 << bits) - 1)
    frequency = np.bincount(hashes)
    values = counts * (EVERYWHERE + np.log((1 + texts) / frequency[hashes]))
    values *= np.where(hashes & 1, SPELLED, 1.0)
    features = np.cumsum(frequency > 0)  # scipy takes time for each column, empty ones included
    pointers = np.searchsorted(ngrams >> bits, np.arange(texts + 1))
    shape = (texts, features[-1] if len(features) else 0)
    return sparse.csr_matrix((values, features[hashes] - 1, pointers), shape)


def center(embeddings: FloatArray) -> FloatArray:
    """Turn the embeddings of the texts of one article into unit vectors around their mean.

    All embeddings of an encoder point in a similar direction: without this, any two texts would be similar.

    Args:
        embeddings: [texts, dimensions].

    Returns:
        [texts, dimensions]; zeros for an embedding that equals the mean.
    """
    moved = embeddings - embeddings.mean(axis=0)
    norms = np.linalg.norm(moved, axis=1, keepdims=True)
    unit: FloatArray = moved / np.where(norms > 0, norms, 1.0)
    return unit


def square_norms(rows: sparse.csr_matrix | FloatArray) -> FloatArray:
    """[texts] squared lengths of [texts, features] vectors."""
    if isinstance(rows, np.ndarray):
        return np.asarray((rows**2).sum(axis=1), np.float64)
    owners = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    return np.asarray(np.bincount(owners, rows.data**2, minlength=rows.shape[0]), np.float64)
