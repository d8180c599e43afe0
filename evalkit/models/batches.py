"""Batches of about equal length, which become smaller if memory is insufficient."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from evalkit.errors import MetricError
from evalkit.runtime.quiet import quiet

log = logging.getLogger(__name__)

_T = TypeVar("_T")


@dataclass
class Batcher:
    """Runs a model on batches."""

    budget: int
    """Tokens of one batch, padding included. It decreases when memory is insufficient."""
    device: str
    """Where the model runs."""
    setting: str
    """What chose the model, for messages: ``metrics.comet``."""

    def run(
        self, items: Sequence[_T], measure: Callable[[_T], int], work: Callable[[Sequence[_T]], Any]
    ) -> Iterator[tuple[list[_T], Any]]:
        """Run a model on all items, longest first: each batch with its result.

        If memory is insufficient for a batch, it is halved, and so are all that follow.

        Args:
            items: what the model reads.
            measure: gives the length of an item in tokens.
            work: runs the model on some items.

        Raises:
            MetricError: memory is insufficient for a single item.
        """
        left = sorted(items, key=measure, reverse=True)
        while left:
            longest = max(1, measure(left[0]))
            batch = left[: max(1, self.budget // longest)]
            result = self._try(batch, measure, work)
            if result is None:
                continue
            left = left[len(batch) :]
            yield batch, result

    def _try(
        self, batch: Sequence[_T], measure: Callable[[_T], int], work: Callable[[Sequence[_T]], Any]
    ) -> Any:
        """Run a model on a batch; None if memory is insufficient."""
        import torch

        try:
            with quiet(), torch.inference_mode():
                return work(batch)
        except (MemoryError, RuntimeError) as error:
            if not _is_out_of_memory(error):
                raise
            self._shrink(len(batch), measure(batch[0]), error)
        # outside of the handler, whose traceback keeps the tensors alive
        if self.device.startswith("cuda"):
            torch.cuda.empty_cache()
        return None

    def _shrink(self, size: int, length: int, error: Exception) -> None:
        if size == 1:
            raise MetricError(
                f"not enough memory on {self.device} for a text of {length} tokens. "
                f"Set {self.setting}.device=cpu, or use a smaller model."
            ) from error
        self.budget = length * (size // 2)
        log.warning(
            f"not enough memory on {self.device} for {size} texts at once: continuing with {size // 2}"
        )


def _is_out_of_memory(error: Exception) -> bool:
    """Whether an error reports a lack of memory; torch has a separate class for CUDA only."""
    message = str(error).lower()
    return isinstance(error, MemoryError) or "out of memory" in message or "can't allocate memory" in message
