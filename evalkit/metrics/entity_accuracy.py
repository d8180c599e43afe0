"""Entity accuracy: the share of names of persons, places and organisations that came out right.

Every mention in the reference gets one outcome (`evalkit.entities.matching`): exact, variant, misspelled, replaced or
missing. With N mentions and counts E, V, M, R and D of the outcomes,

    accuracy = (E + V) / N          the headline
    exact    = E / N
    soft     = (E + V + M / 2) / N

all 0–1, over mentions. Where N = 0 the score is null, never 0 or 1. The score is its own: it stands beside BLEU and COMET,
which hardly notice a wrong name, and is no substitute for them.

Worked example. Reference: "Steve Witkoff flew to Kursk. Witkoff met Ushakov." Hypothesis: "Steve Whitcom flew to Kursk.
Witkoff met Yury Ushakov." Outcomes: Steve Witkoff misspelled (Steve Whitcom), Kursk exact, Witkoff exact, Ushakov exact:
accuracy 3/4, soft 3.5/4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from evalkit.entities.matching import ACCEPTED, NEAR, OUTCOMES, match
from evalkit.errors import MetricError
from evalkit.metrics.base import Metric, Statistics
from evalkit.types import ENTITY_TYPES

if TYPE_CHECKING:
    from evalkit.types import FloatArray, SystemOutput, TestSet

VERSION = 1
"""Of the matching rules. A change that moves scores raises it, so that old and new are not compared."""
_COLUMN = {(kind, outcome): t * len(OUTCOMES) + o for t, kind in enumerate(ENTITY_TYPES) for o, outcome in enumerate(OUTCOMES)}


@dataclass(frozen=True, kw_only=True)
class EntityAccuracy(Metric):
    """Entity accuracy. Statistics: counts by type (PER, LOC, ORG) and outcome."""

    name: str = "entity_accuracy"
    label: str = "Entity accuracy"
    decimals: ClassVar[int] = 3

    def signature(self, test_set: TestSet) -> str:
        """Rules, mentions, aliases and threshold."""
        entities = test_set.entities
        mentions, aliases = ("none", "none") if entities is None else (entities.mentions_origin, entities.aliases_origin)
        return f"types:{'+'.join(ENTITY_TYPES)}|mentions:{mentions}|aliases:{aliases}|near:{NEAR}|version:{VERSION}"

    def unscored_reason(self, test_set: TestSet) -> str | None:
        """No names, no score."""
        if test_set.entities is None:
            return "the test set has no entity file; write entities.jsonl and set test_set.entities=FILE"
        return None

    def statistics(self, test_set: TestSet, output: SystemOutput) -> Statistics:
        """Counts of every segment, and one row per mention."""
        if test_set.entities is None:
            raise MetricError(str(self.unscored_reason(test_set)))
        values = np.zeros((len(test_set.segments), len(_COLUMN)))
        rows = []
        for verdict in match(test_set, output.hypotheses):
            mention, segment = verdict.mention, test_set.segments[verdict.mention.segment]
            values[mention.segment, _COLUMN[mention.type, verdict.outcome]] += 1
            rows.append(
                {
                    "document": segment.document,
                    "segment": segment.id,
                    "start": segment.start + mention.start,
                    "end": segment.start + mention.end,
                    "entity": mention.entity,
                    "type": mention.type,
                    "reference": mention.text,
                    "outcome": verdict.outcome,
                    "reason": verdict.reason,
                    "hypothesis": verdict.hypothesis,
                    "similarity": verdict.similarity,
                }
            )
        return Statistics(values, tuple(rows))

    def aggregate(self, total: FloatArray) -> FloatArray:
        """Accuracy, 0–1; NaN without mentions."""
        outcomes = _outcomes(total)
        accepted = outcomes[..., : len(ACCEPTED)].sum(axis=-1)
        mentions = outcomes.sum(axis=-1)
        accuracy: FloatArray = np.divide(accepted, mentions, out=np.full_like(accepted, np.nan), where=mentions > 0)
        return accuracy

    def details(self, test_set: TestSet, total: FloatArray) -> dict[str, Any]:
        """Counts, and the scores beside the headline, overall and by type."""
        found = {"all": _breakdown(_outcomes(total))}
        for index, kind in enumerate(ENTITY_TYPES):
            found[kind] = _breakdown(total[index * len(OUTCOMES) : (index + 1) * len(OUTCOMES)])
        return found


def _outcomes(total: FloatArray) -> FloatArray:
    """[..., types * outcomes] to [..., outcomes]."""
    outcomes: FloatArray = total.reshape(*total.shape[:-1], len(ENTITY_TYPES), len(OUTCOMES)).sum(axis=-2)
    return outcomes


def _breakdown(counts: FloatArray) -> dict[str, Any]:
    exact, variant, misspelled, *_ = (float(count) for count in counts)
    mentions = float(counts.sum())
    scores = {"accuracy": exact + variant, "exact": exact, "soft": exact + variant + misspelled / 2}
    return {
        "mentions": int(mentions),
        "counts": {outcome: int(count) for outcome, count in zip(OUTCOMES, counts, strict=True)},
        **{name: value / mentions if mentions else None for name, value in scores.items()},
    }
