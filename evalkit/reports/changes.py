"""Names, documents and segments that changed between two runs, the greatest change first."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from evalkit.comparison.results import BROKEN, FIXED
from evalkit.reports.names import Form, count_forms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalkit.comparison.results import Comparison, DocumentChange, EntityChange, SegmentChange

CHANGES = {BROKEN: "broken", FIXED: "fixed"}
"""The changes of names in words. ``mended`` is how ``comparison.json`` stores them."""


class ChangedName(NamedTuple):
    """An entity whose mentions one system has right in one run and wrong in the other."""

    system: str
    name: str
    """Its longest mention."""
    type: str
    mentions: int
    """Mentions that changed."""
    baseline: tuple[Form, ...]
    candidate: tuple[Form, ...]
    places: tuple[str, ...]
    """Documents, or segments if there are no documents."""


def list_changed_mentions(comparison: Comparison) -> list[EntityChange]:
    """Broken or fixed mentions, each once: by the first metric with verdicts on names, or on numbers."""
    judges: dict[tuple[str, str], str] = {}
    for system, metric in comparison.audited:
        judges.setdefault((system, comparison.metrics[metric].verdicts_on), metric)
    judged = {(system, metric) for (system, _), metric in judges.items()}
    return [mention for mention in comparison.entities if (mention.system, mention.metric) in judged]


def group_changed_mentions(comparison: Comparison) -> dict[str, list[EntityChange]]:
    """The same by what they are: names, numbers."""
    groups: dict[str, list[EntityChange]] = {}
    for mention in list_changed_mentions(comparison):
        groups.setdefault(comparison.metrics[mention.metric].verdicts_on, []).append(mention)
    return groups


def list_changed_names(comparison: Comparison, change: str, items: str = "names") -> list[ChangedName]:
    """Entities with mentions that are broken, or fixed; the most mentions first.

    Args:
        comparison: of two runs.
        change: a key of `CHANGES`.
        items: what they are: names, numbers.
    """
    groups: dict[tuple[str, str], list[EntityChange]] = {}
    for mention in group_changed_mentions(comparison).get(items, ()):
        if mention.change == change:
            groups.setdefault((mention.system, mention.entity), []).append(mention)
    names = [_summarise(mentions) for mentions in groups.values()]
    return sorted(names, key=lambda name: (-name.mentions, name.system, name.name))


def _summarise(mentions: Sequence[EntityChange]) -> ChangedName:
    return ChangedName(
        system=mentions[0].system,
        name=max((mention.reference for mention in mentions), key=len),
        type=mentions[0].type,
        mentions=len(mentions),
        baseline=count_forms((mention.baseline_hypothesis, mention.baseline_outcome) for mention in mentions),
        candidate=count_forms(
            (mention.candidate_hypothesis, mention.candidate_outcome) for mention in mentions
        ),
        places=tuple(dict.fromkeys(mention.document or mention.segment for mention in mentions)),
    )


def list_changed_documents(comparison: Comparison) -> dict[str, list[DocumentChange]]:
    """Documents whose score changed, by metric.

    Only metrics in which a system improved or regressed; if there is none, the first metric.
    """
    significant = {row.metric for row in comparison.rows if row.status in ("improved", "regressed")}
    keys = [key for key in comparison.metrics if key in significant] or list(comparison.metrics)[:1]
    by_metric = {
        key: [change for change in comparison.documents if change.metric == key and change.delta]
        for key in keys
    }
    return {
        key: sorted(changes, key=lambda change: -abs(change.delta or 0.0))
        for key, changes in by_metric.items()
        if changes
    }


def list_changed_segments(comparison: Comparison) -> dict[str, list[SegmentChange]]:
    """Segments that changed most, by metric."""
    by_metric: dict[str, list[SegmentChange]] = {key: [] for key in comparison.metrics}
    for change in sorted(comparison.segments, key=lambda change: -abs(change.delta)):
        by_metric[change.metric].append(change)
    return {key: changes for key, changes in by_metric.items() if changes}
