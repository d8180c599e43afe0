"""Draws of units, and sums of statistics over them: the same draws for everything that is summed.

All systems and metrics are the columns of one matrix, so that one product of counts and statistics sums a
block of draws for all of them. Memory grows with a block of draws times the units, never with all draws times
the units. Sums are float64: float32 cannot hold the n-gram counts of a million segments.

The streams of draws are those of sacrebleu's `PairedTest`, whatever the size of a block.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from evalkit.types import FloatArray

_CELLS = 2**20
"""Approximate size of a block: draws × units."""
_BITS = 32
"""Trials of a block are a multiple of this: numpy draws so many coins at a time, and drops the rest at the
end."""


def bootstrap_sums(totals: FloatArray, resamples: int, seed: int) -> FloatArray:
    """Sums over units drawn with replacement, as many as there are.

    Args:
        totals: [units, k] statistics of each unit.
        resamples: how often to draw.
        seed: of the draws, which depend only on it and on the number of units.

    Returns:
        [resamples, k].
    """
    units, generator = len(totals), np.random.default_rng(seed)
    sums = np.empty((resamples, totals.shape[1]))
    block = max(8, min(64, _CELLS // max(units, 1)))
    counts = np.empty((block, units))
    for start in range(0, resamples, block):
        size = min(block, resamples - start)
        drawn = generator.integers(0, units, (size, units))
        drawn += np.arange(size)[:, None] * units
        counts[:size] = np.bincount(drawn.ravel(), minlength=size * units).reshape(size, units)
        np.matmul(counts[:size], totals, out=sums[start : start + size])
    return sums


def coin_sums(totals: FloatArray, trials: int, seed: int) -> FloatArray:
    """Sums over the units for which a fair coin shows heads.

    Args:
        totals: [units, k] statistics of each unit.
        trials: how often to throw a coin for every unit.
        seed: of the coins, which depend only on it and on the number of units.

    Returns:
        [trials, k].
    """
    units, generator = len(totals), np.random.default_rng(seed)
    sums = np.empty((trials, totals.shape[1]))
    block = max(_BITS, min(256, _CELLS // max(units, 1) // _BITS * _BITS))
    heads = np.empty((block, units))
    for start in range(0, trials, block):
        size = min(block, trials - start)
        heads[:size] = generator.integers(2, size=(size, units), dtype=bool)
        np.matmul(heads[:size], totals, out=sums[start : start + size])
    return sums
