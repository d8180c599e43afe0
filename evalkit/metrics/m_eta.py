"""M-ETA (manual entity translation accuracy): the percentage of names of which some gold form stands in the hypothesis.

Conia et al. (2024), "Towards Cross-Cultural Machine Translation with Retrieval-Augmented Generation from Multilingual
Knowledge Graphs", EMNLP; as scored in SemEval-2025 Task 2 by `notebooks/entity_eval.ipynb` of SapienzaNLP/ea-mt-eval:
an item is right if any of its gold forms, casefolded, is a substring of the hypothesis, casefolded.

    M-ETA = 100 · right / items

0–100 with two digits, as its authors print it. It is here to compare with published numbers, and is coarser than entity
accuracy: a form counts wherever it stands, also within a word ("Entenei" in "Enteneier") and as often as it is asked
for; spellings that the gold forms lack do not count, nor do neighbouring segments; refused spellings (`reject`) are unknown to it.

Worked example. Gold forms "Burg Liebenzell" | "Schloss Liebenzell", "Entenei", "Pater Brown". Hypotheses: "Wo steht das SCHLOSS
LIEBENZELL?" right, "Was sind Enteneier?" right, "Wer spielt Father Brown?" wrong: M-ETA 100 · 2/3 = 66.67.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from evalkit.errors import MetricError
from evalkit.metrics.base import Metric, Statistics

if TYPE_CHECKING:
    from evalkit.types import FloatArray, Mention, SystemOutput, TestSet

VERSION = 1
"""Of the rule and of what an item is. A change that moves scores raises it."""


@dataclass(frozen=True, kw_only=True)
class MEta(Metric):
    """M-ETA. Statistics: items that are right, and items.

    An item is an entity in a segment, of any type, however often the segment mentions it. Its gold forms are the texts of
    these mentions, and the alias forms of the entity.
    """

    name: str = "m_eta"
    label: str = "M-ETA"
    decimals: ClassVar[int] = 2

    def signature(self, test_set: TestSet) -> str:
        """Mentions, aliases and rule."""
        entities = test_set.entities
        mentions, aliases = (
            ("none", "none") if entities is None else (entities.mentions_origin, entities.aliases_origin)
        )
        return f"mentions:{mentions}|aliases:{aliases}|case:casefold|match:substring|version:{VERSION}"

    def unscored_reason(self, test_set: TestSet) -> str | None:
        """No names, no score."""
        if not test_set.has_names:
            return "the test set has no entity file; write entities.jsonl and set test_set.entities=FILE"
        return None

    def statistics(self, test_set: TestSet, output: SystemOutput) -> Statistics:
        """Counts of every segment, and one row per item."""
        if test_set.entities is None:
            raise MetricError(str(self.unscored_reason(test_set)))
        items: dict[tuple[int, str], list[Mention]] = {}
        for mention in test_set.entities.mentions:
            items.setdefault((mention.segment, mention.entity), []).append(mention)
        values = np.zeros((len(test_set.segments), 2))
        rows = []
        for (index, entity), mentions in items.items():
            alias = test_set.entities.aliases.get(entity)
            forms = dict.fromkeys([mention.text for mention in mentions] + list(alias.forms if alias else ()))
            found = next(
                (text for form in forms if (text := _find(form, output.hypotheses[index])) is not None), None
            )
            values[index] += (found is not None, 1)
            rows.append(
                {
                    "document": test_set.segments[index].document,
                    "segment": test_set.segments[index].id,
                    "entity": entity,
                    "type": mentions[0].type,
                    "reference": mentions[0].text,
                    "outcome": "miss" if found is None else "hit",
                    "hypothesis": found or "",
                }
            )
        return Statistics(values, tuple(rows))

    def aggregate(self, total: FloatArray) -> FloatArray:
        """M-ETA, 0–100; NaN without items."""
        right, items = total[..., 0], total[..., 1]
        score: FloatArray = np.divide(100 * right, items, out=np.full_like(items, np.nan), where=items > 0)
        return score

    def details(self, test_set: TestSet, total: FloatArray) -> dict[str, Any]:
        """The two counts."""
        return {"right": int(total[0]), "items": int(total[1])}


def _find(form: str, text: str) -> str | None:
    """The part of a text that casefolds to a form; None where there is none."""
    folded = form.casefold()
    start = text.casefold().find(folded)
    if start < 0:
        return None
    # one character may fold to several, as ß to ss
    origins = [index for index, character in enumerate(text) for _ in character.casefold()]
    return text[origins[start] : origins[start + len(folded) - 1] + 1]
