"""Entity accuracy: the share of the names of persons, places and organisations that are translated correctly.

Every mention in the reference gets one outcome (`evalkit.entities.matching`): exact, variant, misspelled,
replaced or missing. A name of the hypothesis that the reference does not have is spurious. With N mentions,
counts E, V, M, R, D of the outcomes and S spurious names,

    accuracy  = (E + V) / N                    the headline; also the recall in F1
    exact     = E / N
    soft      = (E + V + M / 2) / N
    precision = (E + V) / (E + V + M + R + S)
    f1        = 2 precision accuracy / (precision + accuracy)
    soft_f1   = the same with E + V + M / 2 in place of E + V
    entities  = mean of the accuracies of the distinct entities of each document

all 0–1. If there is nothing to divide by, the score is null, never 0 or 1. BLEU and COMET hardly notice a
wrong name; entity accuracy notices nothing else, and is not a substitute for them.

Consistency, over the entities with two or more mentions in a document: mixed (right at least once and wrong
at least once) and always wrong.

Worked example. Reference: "Steve Witkoff flew to Kursk. Witkoff met Ushakov." Hypothesis: "Steve Whitcom flew
to Kursk. Witkoff met Yury Ushakov." Outcomes: Steve Witkoff misspelled (Steve Whitcom), Kursk exact, Witkoff
exact, Ushakov exact: accuracy 3/4, soft 3.5/4, precision 3/4; Witkoff is mixed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from evalkit.entities.audit import (
    AllScores,
    AuditRow,
    Consistency,
    HypothesisSpan,
    NameScores,
    TypeScores,
)
from evalkit.entities.language.inflection import is_inflected
from evalkit.entities.language.known import known_names
from evalkit.entities.language.lexicon import lexicon_version
from evalkit.entities.language.word_lists import has_rules
from evalkit.entities.matching import NEAR, JudgedSpan, Matching, match
from evalkit.entities.outcomes import ACCEPTED, OUTCOMES, Outcome
from evalkit.errors import ConfigError, MetricError
from evalkit.languages.registry import find_language
from evalkit.metrics.base import Metric, Statistics
from evalkit.types import ENTITY_TYPES, NAME_TYPES, EntityType

if TYPE_CHECKING:
    from evalkit.types import FloatArray, SystemOutput, TestSet

VERSION = 3
"""Of the matching rules. A change that moves scores raises it, so that old and new are not compared."""
SCORES = ("accuracy", "exact", "soft", "precision", "f1", "soft_f1", "entities")
_OTHER = ("spurious", "entities", "accuracy_of_entities", "repeated", "mixed", "always_wrong")
"""Statistics after the counts by type and outcome. Entities count once per document, in the segment that has
them first."""
_COUNTS = len(ENTITY_TYPES) * len(OUTCOMES)
_COLUMN: dict[tuple[EntityType, Outcome] | str, int] = {
    (kind, outcome): t * len(OUTCOMES) + o
    for t, kind in enumerate(ENTITY_TYPES)
    for o, outcome in enumerate(OUTCOMES)
} | {name: _COUNTS + index for index, name in enumerate(_OTHER)}


@dataclass(frozen=True, kw_only=True)
class EntityAccuracy(Metric):
    """Entity accuracy.

    Statistics: counts by type and outcome, spurious names, and distinct entities with their accuracy.
    """

    name: str = "entity_accuracy"
    label: str = "Entity accuracy"
    score: str = "accuracy"
    """Which score is the headline: accuracy, exact, soft, precision, f1, soft_f1 or entities."""
    types: list[str] = field(default_factory=lambda: list(NAME_TYPES))
    """Which mentions the scores count. Others, such as NORP, are judged as well and reported apart."""
    decimals: ClassVar[int] = 3
    keeps_verdicts: ClassVar[bool] = True

    def __post_init__(self) -> None:
        """Check the settings."""
        if self.score not in SCORES:
            raise ConfigError(f"metrics.{self.name}.score={self.score}: expected one of {', '.join(SCORES)}")
        if (
            not self.types
            or not set(self.types) <= set(ENTITY_TYPES)
            or len(set(self.types)) < len(self.types)
        ):
            raise ConfigError(
                f"metrics.{self.name}.types=[{','.join(self.types)}]: "
                f"expected distinct types out of {', '.join(ENTITY_TYPES)}"
            )

    @property
    def audit_file(self) -> str:
        """``entities.jsonl``, or a file named after the metric if it has another name than the default."""
        return "entities.jsonl" if self.name == EntityAccuracy.name else super().audit_file

    def heading(self) -> str:
        """The label, with the score where it is not the accuracy."""
        return self.label if self.score == "accuracy" else f"{self.label} ({self.score.replace('_', ' ')})"

    def signature(self, test_set: TestSet) -> str:
        """Where mentions and aliases come from, source language, threshold, dictionary, and version of the rules."""
        entities = test_set.entities
        if entities is None or not test_set.has_names:
            raise MetricError(str(self.unscored_reason(test_set)))
        mentions, aliases = entities.mentions_origin, entities.aliases_origin
        score = "" if self.score == "accuracy" else f"score:{self.score}|"
        source = f"source:{find_language(test_set.source_language).code}|" if test_set.source_language else ""
        rules = f"{source}near:{NEAR}|words:{lexicon_version(test_set.target_language)}|version:{VERSION}"
        return f"{score}types:{'+'.join(self.types)}|mentions:{mentions}|aliases:{aliases}|{rules}"

    def unscored_reason(self, test_set: TestSet) -> str | None:
        """Without names there is no score. `signature` fails with this reason, so that nobody misses it."""
        if not test_set.has_names:
            return (
                "the test set has no reviewed names; add an entity file (entities.jsonl, "
                "test_set.entities=FILE), let a model find them (ner=spacy ner.model=en_core_web_sm), "
                "or leave the metric out: 'metrics=[bleu,chrf]'"
            )
        return None

    def test_set_warnings(self, test_set: TestSet) -> Iterator[str]:
        """Warn of a language without rules for names; see `Metric.test_set_warnings`."""
        language = test_set.target_language
        missing = [] if has_rules(language) else ["titles and small words"]
        if not known_names(language).names:
            missing.append("well-known names")
            missing += [] if is_inflected(language) else ["endings"]
        if test_set.has_names and missing:
            yield (
                f"there are no rules for {' or '.join(missing)} in {language}, so a right name in another form may "
                "count as wrong; list its forms in the alias file"
            )

    def statistics(self, test_set: TestSet, output: SystemOutput) -> Statistics:
        """Counts of every segment, and one row per mention and per spurious name."""
        if not test_set.has_names:
            raise MetricError(str(self.unscored_reason(test_set)))
        found = match(test_set, output.hypotheses)
        values = np.zeros((len(test_set.segments), _COUNTS + len(_OTHER)))
        for verdict in found.verdicts:
            values[verdict.mention.segment, _COLUMN[verdict.mention.type, verdict.outcome]] += 1
        for name in found.spurious:
            values[name.place.segment, _COLUMN["spurious"]] += 1
        for segment, right in self._entities(test_set, found):
            values[segment, _COLUMN["entities"]] += 1
            values[segment, _COLUMN["accuracy_of_entities"]] += sum(right) / len(right)
            values[segment, _COLUMN["repeated"]] += len(right) > 1
            values[segment, _COLUMN["mixed"]] += any(right) and not all(right)
            values[segment, _COLUMN["always_wrong"]] += len(right) > 1 and not any(right)
        return Statistics(values, audit=tuple(_audit(test_set, found)))

    def _entities(self, test_set: TestSet, found: Matching) -> list[tuple[int, list[bool]]]:
        """For every entity of a document, the segment that has it first, and which mentions are right."""
        entities: dict[tuple[object, str], tuple[int, list[bool]]] = {}
        for verdict in found.verdicts:
            if verdict.mention.type in self.types:
                segment = test_set.segments[verdict.mention.segment]
                # without documents, every segment counts as one
                key = segment.id if segment.document is None else (segment.document,), verdict.mention.entity
                entities.setdefault(key, (verdict.mention.segment, []))[1].append(verdict.outcome in ACCEPTED)
        return list(entities.values())

    def aggregate(self, total: FloatArray) -> FloatArray:
        """The headline, 0–1; NaN where there is nothing to score."""
        return _scores(_outcomes(total, self.types), total[..., _COUNTS:])[self.score]

    def parts(self) -> Mapping[str, Metric]:
        """Each type of entity alone. A headline that counts spurious names has none: these have no type."""
        return (
            {kind: replace(self, types=[kind]) for kind in ENTITY_TYPES}
            if self.score in ("accuracy", "exact", "soft")
            else {}
        )

    def name_scores(self, total: FloatArray) -> NameScores:
        """Counts and scores of what the headline counts and of each type, and the consistency."""
        counts = {kind: _outcomes(total, [kind]) for kind in ENTITY_TYPES}
        shown = [kind for kind in ENTITY_TYPES if kind in NAME_TYPES or counts[kind].sum()]
        return NameScores(
            all=_score_all(_outcomes(total, self.types), total[_COUNTS:]),
            types={kind: _score_type(counts[kind]) for kind in shown},
        )


def _audit(test_set: TestSet, matching: Matching) -> Iterator[AuditRow]:
    """The verdicts in the order of the mentions, then the spurious names."""
    for verdict in matching.verdicts:
        mention = verdict.mention
        segment = test_set.segments[mention.segment]
        yield AuditRow(
            document=segment.document,
            segment=segment.id,
            start=segment.start + mention.start,
            end=segment.start + mention.end,
            entity=mention.entity,
            type=mention.type,
            reference=mention.text,
            outcome=verdict.outcome,
            reason=verdict.reason,
            hypothesis=verdict.hypothesis,
            similarity=verdict.similarity,
            found=None if verdict.place is None else _locate(test_set, verdict.place),
        )
    for name in matching.spurious:
        segment = test_set.segments[name.place.segment]
        yield AuditRow.make_spurious(segment, name.hypothesis, _locate(test_set, name.place))


def _locate(test_set: TestSet, place: JudgedSpan) -> HypothesisSpan:
    return HypothesisSpan(test_set.segments[place.segment].id, place.start, place.end)


def _outcomes(total: FloatArray, types: Sequence[str]) -> FloatArray:
    """[..., k] to [..., outcomes]: counts of mentions of these types."""
    counts = total[..., :_COUNTS].reshape(*total.shape[:-1], len(ENTITY_TYPES), len(OUTCOMES))
    chosen: FloatArray = counts[..., [ENTITY_TYPES.index(kind) for kind in types], :].sum(axis=-2)
    return chosen


def _scores(outcomes: FloatArray, other: FloatArray) -> dict[str, FloatArray]:
    """[..., outcomes] counts and [..., k] further statistics to [...] scores."""
    exact, variant, misspelled, replaced, _ = np.moveaxis(outcomes, -1, 0)
    spurious, entities, accuracy_of_entities = np.moveaxis(other[..., :3], -1, 0)
    mentions = outcomes.sum(axis=-1)
    right, soft = exact + variant, exact + variant + misspelled / 2
    named = exact + variant + misspelled + replaced + spurious
    return {
        "accuracy": _ratio(right, mentions),
        "exact": _ratio(exact, mentions),
        "soft": _ratio(soft, mentions),
        "precision": _ratio(right, named),
        # 2PA / (P + A) with P = right / named and A = right / mentions; 0 where there are only spurious names
        "f1": _ratio(2 * right, named + mentions),
        "soft_f1": _ratio(2 * soft, named + mentions),
        "entities": _ratio(accuracy_of_entities, entities),
    }


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    ratio: FloatArray = np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)
    return ratio


def _score_type(counts: FloatArray) -> TypeScores:
    """[outcomes] counts of one type to its scores.

    Those that need spurious names, which have no type, are not among them.
    """
    scores = _scores(counts, np.zeros(len(_OTHER)))
    shown = {name: _or_none(scores[name]) for name in ("accuracy", "exact", "soft")}
    return TypeScores(mentions=int(counts.sum()), counts=_by_outcome(counts), **shown)


def _score_all(counts: FloatArray, other: FloatArray) -> AllScores:
    """[outcomes] counts of the types that the headline counts, and the further statistics, to all scores."""
    scores = {name: _or_none(score) for name, score in _scores(counts, other).items()}
    entities = {
        name: int(other[_OTHER.index(name)]) for name in ("entities", "repeated", "mixed", "always_wrong")
    }
    return AllScores(
        mentions=int(counts.sum()),
        counts=_by_outcome(counts),
        spurious=int(other[0]),
        consistency=Consistency(**entities),
        **scores,
    )


def _by_outcome(counts: FloatArray) -> dict[Outcome, int]:
    return {outcome: int(count) for outcome, count in zip(OUTCOMES, counts, strict=True)}


def _or_none(score: FloatArray) -> float | None:
    return None if np.isnan(score) else float(score)
