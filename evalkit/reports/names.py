"""Lists of wrong, inconsistent and spurious names, from the audit of a metric, worst first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from evalkit.entities.audit import AuditRow, NameScores
from evalkit.entities.outcomes import Outcome
from evalkit.errors import format_count

if TYPE_CHECKING:
    from evalkit.runs.results import Run

REASONS = {
    "case": "different capitalisation",
    "diacritic": "different diacritics",
    "spacing": "different spaces or hyphens",
    "alias": "an accepted alias",
    "translit": "another transcription",
    "acronym": "an acronym or its expansion",
    "demonym": "the people for the place, or the place for the people",
    "reorder": "words in another order",
    "generic": "other generic words, such as River or Ministry",
    "short": "a shorter form of the name",
    "inflection": "an inflected form",
    "spelling": "recognisable, but misspelled",
    "truncated": "words of the name are left out",
    "garbled": "recognisable, but garbled",
    "added": "the right name with something put to it",
    "other": "another name in its place",
    "partial": "another name that shares a word",
    "word": "a common word in its place",
    "exchanged": "swapped with another name",
    "format": "another format",
    "value": "another value",
    "unit": "another unit",
    "incomplete": "a part is left out",
}
"""The reasons of verdicts in words."""
TYPES = {
    "PER": "persons",
    "LOC": "places",
    "ORG": "organisations",
    "NORP": "peoples and their adjectives",
    "MISC": "events, products, works and other names",
}
"""The types of names in words."""


class Form(NamedTuple):
    """One translation of a name."""

    text: str
    """Empty if the name is missing."""
    outcome: str
    times: int


class WrongName(NamedTuple):
    """An entity with at least one wrong mention."""

    name: str
    """Its longest mention."""
    type: str
    wrong: int
    """Mentions that are wrong."""
    mentions: int
    forms: tuple[Form, ...]
    """The wrong translations, most frequent first."""


class InconsistentName(NamedTuple):
    """An entity that one document has right at least once and wrong at least once."""

    document: str
    name: str
    """Its longest mention in the document."""
    right: int
    """Mentions that are right."""
    mentions: int
    forms: tuple[tuple[str, int], ...]
    """All translations with their frequencies; ``missing`` if there is none."""


class SpuriousForm(NamedTuple):
    """A name of a hypothesis that the reference does not have."""

    document: str
    name: str
    times: int


def find_audit(run: Run, system: str, items: str = "names") -> Sequence[AuditRow]:
    """The verdicts on the names, or the numbers, of a system; none if no metric of the run keeps them."""
    return run.systems[system].audits.get(run.verdict_metrics.get(items, ""), ())


def find_audits(run: Run, system: str) -> list[AuditRow]:
    """The verdicts of a system on everything that has verdicts: names, then numbers."""
    return [row for items in run.verdict_metrics for row in find_audit(run, system, items)]


def list_types(scores: Iterable[NameScores | None]) -> list[str]:
    """The types that any of the systems has, in the order of the metric."""
    return list(dict.fromkeys(kind for names in scores if names is not None for kind in names.types))


def list_outcomes(names: NameScores) -> list[Outcome]:
    """The outcomes that the metric has."""
    return list(names.all.counts)


def describe_types(run: Run, metric: str) -> str:
    """The types of names in words, and how many mentions are of types that the headline does not count."""
    found = [result.metrics[metric].names for result in run.systems.values()]
    mentions = {kind: scores.mentions for names in found if names for kind, scores in names.types.items()}
    counted = run.metrics[metric].settings.get("types")
    inside = [kind for kind in mentions if not isinstance(counted, list) or kind in counted]
    beside = [
        f"{kind} ({TYPES.get(kind, kind)}, {format_count(count, 'mention')})"
        for kind, count in mentions.items()
        if kind not in inside and count
    ]
    described = [f"{kind} ({TYPES[kind]})" for kind in inside if kind in TYPES]
    sentences = [f"The headline counts {', '.join(described)}."] if described else []
    sentences += [f"Judged but not in the headline: {', '.join(beside)}."] if beside else []
    return " ".join(sentences)


def list_wrong_names(rows: Sequence[AuditRow]) -> list[WrongName]:
    """Entities with wrong mentions, most often wrong first.

    Args:
        rows: of the audit; spurious names are skipped.
    """
    by_entity: dict[str, list[AuditRow]] = defaultdict(list)
    for row in rows:
        if not row.is_spurious:
            by_entity[str(row.entity)].append(row)
    names = [name for mentions in by_entity.values() if (name := _summarise(mentions)).wrong]
    return sorted(names, key=lambda name: (-name.wrong, name.mentions, name.name))


def _summarise(mentions: Sequence[AuditRow]) -> WrongName:
    longest = max(mentions, key=lambda row: len(row.reference))
    forms = count_forms((row.hypothesis, row.outcome) for row in mentions if not row.is_right)
    wrong = sum(form.times for form in forms)
    return WrongName(longest.reference, str(longest.type), wrong, len(mentions), forms)


def count_forms(translations: Iterable[tuple[str, str]]) -> tuple[Form, ...]:
    """Pairs of text and outcome, counted; the most frequent first."""
    counts = Counter(translations)
    return tuple(Form(text, outcome, times) for (text, outcome), times in counts.most_common())


def list_inconsistent_names(rows: Sequence[AuditRow]) -> list[InconsistentName]:
    """Entities that a document has both right and wrong, most often wrong first.

    Args:
        rows: of the audit; spurious names are skipped. Without documents, every segment is one.
    """
    groups: dict[tuple[str, str], list[AuditRow]] = defaultdict(list)
    for row in rows:
        if not row.is_spurious:
            groups[row.document or row.segment, str(row.entity)].append(row)
    names = []
    for (document, _), mentions in groups.items():
        right = sum(row.is_right for row in mentions)
        if 0 < right < len(mentions):
            forms = Counter(row.hypothesis or "missing" for row in mentions)
            name = max((row.reference for row in mentions), key=len)
            names.append(InconsistentName(document, name, right, len(mentions), tuple(forms.most_common())))
    return sorted(names, key=lambda name: (name.right - name.mentions, name.document, name.name))


def list_spurious_names(rows: Sequence[AuditRow]) -> list[SpuriousForm]:
    """Names that the reference does not have, most frequent first.

    Args:
        rows: of the audit.
    """
    counts = Counter((row.document or "", row.hypothesis) for row in rows if row.is_spurious)
    return [SpuriousForm(document, name, times) for (document, name), times in counts.most_common()]
