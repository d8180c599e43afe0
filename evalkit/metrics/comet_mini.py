"""COMET-mini: the small COMET model that comes with evalkit, for use without a network and without a GPU. About 0–1.

It is a metric of its own, since its values are not those of any other COMET model; `evalkit/models/evalkit_mini/README.md`
says how it was made and what it is worth.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from evalkit.metrics.comet import Comet
from evalkit.models import mini


@dataclass(frozen=True, kw_only=True)
class CometMini(Comet):
    """COMET with the embedded checkpoint. Where a test set has no source, the reference stands in its place, as in training."""

    name: str = "comet_mini"
    label: str = "COMET-mini"
    model: str = field(default=mini.NAME, init=False)
    missing_source: str = "reference"

    @property
    def _embedded(self) -> bool:
        return True

    def note(self) -> str:
        """See `Metric.note`."""
        return (
            f"{self.label} comes with evalkit: its values are not those of wmt22-comet-da (for these, 'metrics=[bleu,chrf,comet,entity_accuracy]'), "
            "and it was not shown to rank translations better than chrF."
        )
