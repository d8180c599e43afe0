"""Matrices of given similarities, for tests by hand."""

from __future__ import annotations

import numpy as np

from evalkit.alignment.blocks import Matrix
from evalkit.alignment.side import Side


def make_matrix(similarity, heights=None, widths=None, short=20.0):
    """A matrix of single texts with these similarities; the squares of a column must sum to 1 at most.

    All texts have 100 characters unless lengths are given: `heights` of the segments, `widths` of the sentences.
    """
    similarity = np.array(similarity, np.float64)
    segments, sentences = similarity.shape
    # a segment is a unit vector; a sentence has its similarities as coordinates, and one more for its
    # length to be 1
    rest = np.diag(np.sqrt(1 - (similarity**2).sum(axis=0)))
    rows = np.hstack([np.eye(segments), np.zeros((segments, sentences))])
    columns = np.hstack([similarity.T, rest])
    heights = np.full(segments, 100.0) if heights is None else np.array(heights, np.float64)
    widths = np.full(sentences, 100.0) if widths is None else np.array(widths, np.float64)
    return Matrix(Side((rows,), heights), Side((columns,), widths), short)
