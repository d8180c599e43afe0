"""COMET-mini: a small COMET model that is part of evalkit and needs neither a network nor a GPU. About 0–1.

It is a separate metric, since its values are comparable only with other COMET-mini scores;
`evalkit/models/evalkit_mini/README.md` describes how it was trained and how well it ranks translations.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from evalkit.metrics.comet import Comet
from evalkit.models import mini


@dataclass(frozen=True, kw_only=True)
class CometMini(Comet):
    """COMET with evalkit-mini. If a test set has no sources, the reference replaces them, as in training."""

    name: str = "comet_mini"
    label: str = "COMET-mini"
    model: str = field(default=mini.NAME, init=False)
    missing_source: str = "reference"

    @property
    def _uses_mini(self) -> bool:
        return True

    def note(self) -> str:
        """A warning about its values; see `Metric.note`."""
        return (
            f"{self.label} is part of evalkit: its values are not those of wmt22-comet-da (for those, set "
            "'metrics=[bleu,chrf,comet,entity_accuracy]'), and it was not shown to rank translations better "
            "than chrF."
        )
