"""Correct verdicts within a sentence: mentions of one spelling in order, and names that were exchanged."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from evalkit.entities.context import measure_exchange
from evalkit.entities.document import Document
from evalkit.entities.outcomes import ACCEPTED
from evalkit.entities.steps.roles import have_exchanged_roles, have_other_marks
from evalkit.types import NAME_TYPES

_EXCHANGED = 0.8
"""Least evidence that two names were exchanged: how much better their surroundings would agree if exchanged.
Chosen on our own examples; see `measure_exchange`."""
_NAMESAKES_EXCHANGED = 0.45
"""The same for two names that share a word."""


def put_in_order(document: Document) -> None:
    """Give mentions of one spelling in one sentence their verdicts in the order of the text.

    Other names and words, which took the place of a mention, say nothing of the order.
    """
    groups: dict[tuple[int, str], list[int]] = {}
    for index, span in document.spans.items():
        mention = document.mentions[index]
        if span.segment == mention.segment and document.verdicts[index].outcome != "replaced":
            groups.setdefault((mention.segment, mention.text), []).append(index)
    for indices in groups.values():
        if len(indices) == 1:
            continue
        by_place = sorted(indices, key=lambda index: document.mentions[index].start)
        by_span = sorted(indices, key=lambda index: document.spans[index])
        judged = [(document.spans[index], document.verdicts[index]) for index in by_span]
        for index, (span, verdict) in zip(by_place, judged, strict=True):
            document.spans[index] = span
            document.verdicts[index] = replace(verdict, mention=document.mentions[index])


def find_exchanged(document: Document) -> None:
    """Judge pairs of accepted names as replaced if each is in the place of the other.

    The pair with the greatest evidence goes first. A name is exchanged once at most.
    """
    accepted: dict[int, list[int]] = {}
    for index, verdict in document.verdicts.items():
        if verdict.outcome in ACCEPTED:
            accepted.setdefault(document.mentions[index].segment, []).append(index)
    pairs = [
        (_measure_evidence(document, a, b), a, b)
        for indices in accepted.values()
        for a, b in combinations(indices, 2)
        if _could_be_exchanged(document, a, b)
    ]
    done: set[int] = set()
    for evidence, a, b in sorted(pairs, reverse=True):
        if evidence >= 1 and done.isdisjoint((a, b)):
            done.update((a, b))
    for index in done:
        document.verdicts[index] = replace(document.verdicts[index], outcome="replaced", reason="exchanged")


def _could_be_exchanged(document: Document, a: int, b: int) -> bool:
    """Whether two entities that may act are in one sentence, in reference and hypothesis."""
    mention_a, mention_b = document.mentions[a], document.mentions[b]
    if mention_a.entity == mention_b.entity:
        return False
    if mention_a.type != mention_b.type and not {mention_a.type, mention_b.type} <= {*NAME_TYPES}:
        return False
    if "demonym" in (document.verdicts[a].reason, document.verdicts[b].reason):
        return False
    same_segment = mention_a.segment == mention_b.segment
    return same_segment and document.spans[a].segment == document.spans[b].segment


def _measure_evidence(document: Document, a: int, b: int) -> float:
    """Evidence from the words around that two names were exchanged, as a share of the least evidence."""
    reference = document.occurrences[a], document.occurrences[b]
    hypothesis = document.occurrence_of(document.spans[a]), document.occurrence_of(document.spans[b])
    if have_exchanged_roles(reference, hypothesis):
        return 1.0
    is_one_type = document.mentions[a].type == document.mentions[b].type
    if not is_one_type or not document.rules.target.has_spaces or not _swaps_order(document, a, b):
        return 0.0
    if have_other_marks(reference, hypothesis):
        return 0.0
    if set(document.names[a].own_words).isdisjoint(document.names[b].own_words):
        skip = document.positions_of_names[document.mentions[a].segment]
        taken = document.judged_positions(document.spans[a].segment)
        return measure_exchange(reference, hypothesis, skip, taken) / _EXCHANGED
    # other names around distinguish two names that share a surname, so only the two are left out
    skip, taken = ({*x.positions, *y.positions} for x, y in (reference, hypothesis))
    return measure_exchange(reference, hypothesis, skip, taken) / _NAMESAKES_EXCHANGED


def _swaps_order(document: Document, a: int, b: int) -> bool:
    """Whether two mentions are in another order than in the reference."""
    in_order = document.mentions[a].start < document.mentions[b].start
    return in_order != (document.spans[a] < document.spans[b])
