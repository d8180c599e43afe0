"""M-ETA (manual entity translation accuracy): the percentage of names with a gold form in the hypothesis.

Conia et al. (2024), "Towards Cross-Cultural Machine Translation with Retrieval-Augmented Generation from
Multilingual Knowledge Graphs", EMNLP; as scored in SemEval-2025 Task 2 by `notebooks/entity_eval.ipynb` of
SapienzaNLP/ea-mt-eval: an item is right if any of its gold forms, casefolded, is a substring of the
hypothesis, casefolded.

    M-ETA = 100 · right / items

0–100 with two digits, as its authors print it. Use it to compare with published numbers; it is coarser than
entity accuracy. A form counts wherever it occurs, even within a word ("Entenei" in "Enteneier"), and one
occurrence counts for any number of mentions. Spellings other than the gold forms do not count, nor do
neighbouring segments; rejected spellings (`reject`) are ignored.

Worked example. Gold forms "Burg Liebenzell" | "Schloss Liebenzell", "Entenei", "Pater Brown". Hypotheses: "Wo
steht das SCHLOSS LIEBENZELL?" right, "Was sind Enteneier?" right, "Wer spielt Father Brown?" wrong: M-ETA 100
· 2/3 = 66.67.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from evalkit.errors import MetricError
from evalkit.metrics.base import Metric, Statistics

if TYPE_CHECKING:
    from evalkit.types import EntityFile, FloatArray, Mention, SystemOutput, TestSet

VERSION = 1
"""Version of the rule and of what an item is. Raise it when scores change."""


@dataclass(frozen=True, kw_only=True)
class MEta(Metric):
    """M-ETA. Statistics: items that are right, and items.

    An item is an entity in a segment, of any type, however often the segment mentions it. Its gold forms are
    the texts of these mentions, and the alias forms of the entity.
    """

    name: str = "m_eta"
    label: str = "M-ETA"
    decimals: ClassVar[int] = 2

    def signature(self, test_set: TestSet) -> str:
        """Mentions, aliases and rule."""
        entities = test_set.entities
        mentions = "none" if entities is None else entities.mentions_origin
        aliases = "none" if entities is None else entities.aliases_origin
        return f"mentions:{mentions}|aliases:{aliases}|case:casefold|match:substring|version:{VERSION}"

    def unscored_reason(self, test_set: TestSet) -> str | None:
        """A test set without names cannot be scored."""
        if not test_set.has_names:
            return "the test set has no entity file; create entities.jsonl and set test_set.entities=FILE"
        return None

    def statistics(self, test_set: TestSet, output: SystemOutput) -> Statistics:
        """[segments, 2] right items and items; one row per item."""
        if test_set.entities is None:
            raise MetricError(str(self.unscored_reason(test_set)))
        values = np.zeros((len(test_set.segments), 2))
        rows = []
        for item in _list_items(test_set.entities):
            match = _find_any(item.forms, output.hypotheses[item.segment])
            values[item.segment] += (match is not None, 1)
            rows.append(item.make_row(test_set, match))
        return Statistics(values, tuple(rows))

    def aggregate(self, total: FloatArray) -> FloatArray:
        """M-ETA, 0–100; NaN without items."""
        right, items = total[..., 0], total[..., 1]
        score: FloatArray = np.divide(100 * right, items, out=np.full_like(items, np.nan), where=items > 0)
        return score

    def details(self, test_set: TestSet, total: FloatArray) -> dict[str, object]:
        """The two counts."""
        return {"right": int(total[0]), "items": int(total[1])}


@dataclass(frozen=True)
class _Item:
    """An entity in a segment."""

    segment: int
    entity: str
    mentions: Sequence[Mention]
    forms: Sequence[str]
    """Gold forms."""

    def make_row(self, test_set: TestSet, match: str | None) -> dict[str, object]:
        """Make the row for the audit file.

        Args:
            test_set: it has the segment.
            match: the part of the hypothesis that equals a form; None if there is none.
        """
        outcome: Literal["hit", "miss"] = "miss" if match is None else "hit"
        return {
            "document": test_set.segments[self.segment].document,
            "segment": test_set.segments[self.segment].id,
            "entity": self.entity,
            "type": self.mentions[0].type,
            "reference": self.mentions[0].text,
            "outcome": outcome,
            "hypothesis": match or "",
        }


def _list_items(entities: EntityFile) -> list[_Item]:
    mentions: dict[tuple[int, str], list[Mention]] = {}
    for mention in entities.mentions:
        mentions.setdefault((mention.segment, mention.entity), []).append(mention)
    items = []
    for (segment, entity), own_mentions in mentions.items():
        alias = entities.aliases.get(entity)
        texts = [mention.text for mention in own_mentions]
        forms = dict.fromkeys([*texts, *(alias.forms if alias else ())])
        items.append(_Item(segment, entity, own_mentions, list(forms)))
    return items


def _find_any(forms: Iterable[str], text: str) -> str | None:
    matches = (_find(form, text) for form in forms)
    return next((match for match in matches if match is not None), None)


def _find(form: str, text: str) -> str | None:
    """Find the part of a text that casefolds to a form; None if there is none."""
    folded = form.casefold()
    start = text.casefold().find(folded)
    if start < 0:
        return None
    # one character may fold to several, as ß to ss
    origins = [index for index, character in enumerate(text) for _ in character.casefold()]
    return text[origins[start] : origins[start + len(folded) - 1] + 1]
