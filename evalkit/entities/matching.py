"""What became of every reference mention in a hypothesis: exact, variant, misspelled, replaced or missing.

Mentions go through the stages in this order; longer names first, nearer places first; a hypothesis span counts once.

1. exact       the same words
2. variant     case, diacritic, alias, translit, spacing, acronym, reorder, short: rules that cannot take one
               name for another; `reject` entries and given names of somebody else overrule them
3. misspelled  the most similar capitalised words, if similarity less distance is at least NEAR
4. replaced    a left-over name of the hypothesis at about the same place
5. missing

Stages 1 and 2 look in the aligned segment and then, among what its own mentions left over, in its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linear_sum_assignment

from evalkit.entities.names import FUNCTION_WORDS, Token, best_pairs, romanised, similarity, tokenize
from evalkit.types import Alias, EntityFile, Mention, TestSet, written_with_spaces

OUTCOMES = ("exact", "variant", "misspelled", "replaced", "missing")
ACCEPTED = ("exact", "variant")
NEAR = 0.62
"""Least similarity, less a penalty for distance, of a misspelled name."""
OTHER_WORD = 0.45
"""A word of a name less similar than this to its counterpart is another word."""
SAME_PLACE = 0.45
"""Greatest difference of relative positions of a name and what replaced it."""
TITLES = frozenset(
    (
        "mr mrs ms dr sir prof professor president minister premier chancellor king queen prince princess pope sheikh general "
        "colonel captain senator governor mayor ambassador secretary director chairman chair chief leader judge spokesman "
        "spokeswoman envoy commissioner coach doctor father saint st and"
    ).split()
)
"""Words before a surname that are no given name."""
CALENDAR = frozenset(
    (
        "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september "
        "october november december"
    ).split()
)
"""Capitalised words before a surname that are no given name."""
PARTICLES = frozenset("al el bin ibn bint von van der den de del della da di du la le".split())
"""Small words within a person's name, in lower case or not."""
COMMON_WORDS = frozenset(
    (
        "the a an this that these those it he she they we you i his her their its our my there here then now when while after "
        "before as at in on of for from to by with and but or if so yet however meanwhile according both each every all some many "
        "most one two three first next last also only not no yes what who which where why how during since until under over "
        "between among without within about into such other another earlier later today yesterday tomorrow"
    ).split()
)
"""English words that begin sentences."""

_Words = tuple[str, ...]
_Span = tuple[int, int, int]
"""Segment, first token, last token + 1."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one mention."""

    mention: Mention
    outcome: str
    reason: str = ""
    hypothesis: str = ""
    """The words of the hypothesis that were judged."""
    similarity: float | None = None


@dataclass
class _Document:
    """One document at work: the hypotheses as tokens, and what is taken of them."""

    language: str
    tokens: dict[int, tuple[Token, ...]]
    """By segment."""
    texts: dict[int, str]
    reference_words: dict[int, frozenset[str]]
    lengths: dict[int, int]
    """Characters of the reference, by segment."""
    lower_case: frozenset[str]
    """Words that the references or hypotheses of the document write in lower case somewhere, and function words."""
    taken: set[tuple[int, int]] = field(default_factory=set)
    verdicts: dict[Mention, Verdict] = field(default_factory=dict)

    def free(self, span: _Span) -> bool:
        segment, first, last = span
        return all((segment, i) not in self.taken for i in range(first, last))

    def words(self, span: _Span) -> _Words:
        return tuple(t.folded for t in self.tokens[span[0]][span[1] : span[2]])

    def plain(self, span: _Span) -> str:
        return " ".join(t.text for t in self.tokens[span[0]][span[1] : span[2]]).casefold()

    def text(self, span: _Span) -> str:
        tokens = self.tokens[span[0]]
        return self.texts[span[0]][tokens[span[1]].start : tokens[span[2] - 1].end]

    def apart(self, segment: int, token: int) -> bool:
        """Whether punctuation stands between a token and the one before it."""
        tokens = self.tokens[segment]
        return bool(self.texts[segment][tokens[token - 1].end : tokens[token].start].strip(" -‑"))

    def distance(self, mention: Mention, span: _Span) -> float:
        """Difference of relative positions in segment and hypothesis, 0–1; more for a neighbour."""
        here = (mention.start + mention.end) / 2 / max(self.lengths[mention.segment], 1)
        tokens = self.tokens[span[0]]
        there = (tokens[span[1]].start + tokens[span[2] - 1].end) / 2 / max(len(self.texts[span[0]]), 1)
        return abs(here - there) + abs(mention.segment - span[0])

    def settle(self, mention: Mention, outcome: str, reason: str, span: _Span | None) -> None:
        if span is None:
            self.verdicts[mention] = Verdict(mention, outcome, reason)
            return
        self.taken.update((span[0], i) for i in range(span[1], span[2]))
        alike = similarity(_folded(mention.text, self.language), self.words(span))
        self.verdicts[mention] = Verdict(mention, outcome, reason, self.text(span), round(alike, 4))


def match(test_set: TestSet, hypotheses: Sequence[str]) -> list[Verdict]:
    """The verdict on every mention of the test set, in the order of its mentions.

    Args:
        hypotheses: one per segment.
    """
    entities = test_set.entities
    if entities is None:
        return []
    by_document: dict[str | None, list[Mention]] = {}
    for mention in entities.mentions:
        by_document.setdefault(test_set.segments[mention.segment].document, []).append(mention)
    verdicts: dict[Mention, Verdict] = {}
    for document, mentions in by_document.items():
        indices = test_set.segments_of[document] if document is not None else sorted({m.segment for m in mentions})
        verdicts.update(_match_document(test_set, entities, hypotheses, indices, mentions))
    return [verdicts[mention] for mention in entities.mentions]


def _match_document(
    test_set: TestSet, entities: EntityFile, hypotheses: Sequence[str], indices: Sequence[int], mentions: list[Mention]
) -> dict[Mention, Verdict]:
    language = test_set.target_language
    texts = [text for i in indices for text in (hypotheses[i], test_set.segments[i].references[0])]
    work = _Document(
        language,
        {i: tokenize(hypotheses[i], language) for i in indices},
        {i: hypotheses[i] for i in indices},
        {i: frozenset(t.folded for t in tokenize(test_set.segments[i].references[0], language)) for i in indices},
        {i: len(test_set.segments[i].references[0]) for i in indices},
        COMMON_WORDS | {t.folded for text in texts for t in tokenize(text, language) if not t.capitalised},
    )
    names = _Names.of(mentions, entities.aliases, language)
    longest_first = sorted(mentions, key=lambda m: (-len(m.text), m.segment, m.start))
    neighbours = (0, -1, 1) if test_set.segments[indices[0]].document is not None else (0,)
    for offset in neighbours:
        for rule in _RULES:
            for mention in longest_first:
                segment = mention.segment + offset
                if mention not in work.verdicts and segment in work.tokens and not (offset and _has_name_at(work, names, mention)):
                    _accept(work, mention, names, segment, rule)
    for segment in indices:
        _near_misses(work, [m for m in longest_first if m.segment == segment and m not in work.verdicts], names)
        _replacements(work, [m for m in mentions if m.segment == segment and m not in work.verdicts], names, segment)
    for mention in mentions:
        if mention not in work.verdicts:
            work.settle(mention, "missing", "", None)
    return work.verdicts


@dataclass(frozen=True)
class _Name:
    """All that is known of one entity in a document."""

    entity: str
    forms: frozenset[_Words]
    """Folded words of every accepted spelling: the mentions of the document and the alias file."""
    aliases: frozenset[_Words]
    reject: frozenset[str]
    """Refused spellings, with their diacritics, without regard to case."""
    longest_reject: int
    """Words of the longest of them."""
    given: frozenset[str]
    """Words before the last one of a person's full names."""

    @classmethod
    def of(cls, mentions: Sequence[Mention], alias: Alias, kind: str | None, language: str) -> _Name:
        aliases = frozenset(_folded(form, language) for form in alias.forms)
        forms = aliases | {_folded(m.text, language) for m in mentions if m.entity == alias.entity}
        words = kind == "PER" and written_with_spaces(language)
        given = {word for form in forms for word in form[:-1] if words} - FUNCTION_WORDS
        reject = frozenset(_plain(form, language) for form in alias.reject)
        longest = max((len(form.split()) for form in reject), default=0)
        return cls(alias.entity, forms, aliases, reject, longest, frozenset(given))


@dataclass(frozen=True)
class _Names:
    """The entities of a document, and every form of every entity of the test set."""

    by_entity: dict[str, _Name]
    owners: dict[_Words, set[str]]
    """Entities by form."""

    @classmethod
    def of(cls, mentions: Sequence[Mention], aliases: Mapping[str, Alias], language: str) -> _Names:
        kinds = {m.entity: m.type for m in mentions}
        by_entity = {e: _Name.of(mentions, aliases.get(e, Alias(e, ())), kind, language) for e, kind in kinds.items()}
        owners: dict[_Words, set[str]] = {}
        for name in by_entity.values():
            for form in name.forms:
                owners.setdefault(form, set()).add(name.entity)
        for alias in aliases.values():
            for text in alias.forms:
                owners.setdefault(_folded(text, language), set()).add(alias.entity)
        return cls(by_entity, owners)

    def belongs_to_another(self, words: _Words, entity: str) -> bool:
        """Whether the words name other entities and not this one."""
        return bool(self.owners.get(words)) and entity not in self.owners[words]

    def given_of_others(self, entity: str) -> frozenset[str]:
        """Given names of the other persons in the document."""
        return frozenset(w for name in self.by_entity.values() if name.entity != entity for w in name.given)


def _folded(text: str, language: str) -> _Words:
    return tuple(token.folded for token in tokenize(text, language)) or (text.casefold(),)


def _plain(text: str, language: str) -> str:
    return " ".join(token.text for token in tokenize(text, language)).casefold()


_Rule = Callable[[_Document, Mention, "_Name", _Span], str | None]
"""Whether a span renders a mention: the reason (empty for exact), or None."""


def _exact(work: _Document, mention: Mention, name: _Name, span: _Span) -> str | None:
    reference = tuple(t.text for t in tokenize(mention.text, work.language))
    return "" if tuple(t.text for t in work.tokens[span[0]][span[1] : span[2]]) == reference else None


def _spelling(work: _Document, mention: Mention, name: _Name, span: _Span) -> str | None:
    """The same folded words: only capitals or diacritics differ."""
    words, reference = work.words(span), _folded(mention.text, work.language)
    if words != reference or not any(t.nameable for t in work.tokens[span[0]][span[1] : span[2]]):
        return None
    return "case" if work.text(span).casefold() == mention.text.casefold() else "diacritic"


def _alias(work: _Document, mention: Mention, name: _Name, span: _Span) -> str | None:
    tokens = work.tokens[span[0]][span[1] : span[2]]
    return "alias" if work.words(span) in name.aliases and any(t.nameable for t in tokens) else None


def _translit(work: _Document, mention: Mention, name: _Name, span: _Span) -> str | None:
    words, reference = work.words(span), _folded(mention.text, work.language)
    if len(words) != len(reference) or not work.tokens[span[0]][span[1]].nameable:
        return None
    return "translit" if [romanised(w) for w in words] == [romanised(w) for w in reference] else None


def _spacing(work: _Document, mention: Mention, name: _Name, span: _Span) -> str | None:
    same = "".join(work.words(span)) == "".join(_folded(mention.text, work.language))
    return "spacing" if same and work.tokens[span[0]][span[1]].nameable else None


def _acronym(work: _Document, mention: Mention, name: _Name, span: _Span) -> str | None:
    if mention.type == "PER":
        return None
    tokens, reference = work.tokens[span[0]][span[1] : span[2]], tokenize(mention.text, work.language)
    for short, long in ((tokens, reference), (reference, tokens)):
        initials = "".join(t.text[0] for t in long if t.folded not in FUNCTION_WORDS)
        if long[0].folded in FUNCTION_WORDS or long[-1].folded in FUNCTION_WORDS:
            continue
        if len(short) == 1 and len(long) > 1 and short[0].text.isupper() and short[0].text == initials and initials.isupper():
            return "acronym"
    return None


def _reorder(work: _Document, mention: Mention, name: _Name, span: _Span) -> str | None:
    """The same content words in another order, for organisations and places; of a person it would be another name."""
    words, reference = work.words(span), _folded(mention.text, work.language)
    if (
        mention.type == "PER"
        or len(reference) < 2
        or not written_with_spaces(work.language)
        or words[0] in FUNCTION_WORDS
        or words[-1] in FUNCTION_WORDS
    ):
        return None
    same = sorted(w for w in words if w not in FUNCTION_WORDS) == sorted(w for w in reference if w not in FUNCTION_WORDS)
    return "reorder" if same and work.tokens[span[0]][span[1]].nameable else None


def _short(work: _Document, mention: Mention, name: _Name, span: _Span) -> str | None:
    """The surname alone, where the reference has the full name of a person."""
    reference = _folded(mention.text, work.language)
    if mention.type != "PER" or len(reference) < 2 or not written_with_spaces(work.language):
        return None
    if span[2] - span[1] != 1 or not work.tokens[span[0]][span[1]].nameable:
        return None
    return "short" if work.words(span) == reference[-1:] else None


_RULES: tuple[_Rule, ...] = (_exact, _spelling, _alias, _translit, _spacing, _acronym, _reorder, _short)


def _accept(work: _Document, mention: Mention, names: _Names, segment: int, rule: _Rule) -> None:
    """Settle a mention with the nearest free span that the rule accepts and nothing overrules."""
    name = names.by_entity[mention.entity]
    found = [
        (work.distance(mention, span), span, reason)
        for span in _spans(work, mention, name, segment)
        if work.free(span) and (reason := rule(work, mention, name, span)) is not None
        if not _refused(work, name, span) and not _somebody_else(work, names, name, mention, span)
    ]
    if found:
        _, span, reason = min(found)
        work.settle(mention, "variant" if reason else "exact", reason, span)


def _spans(work: _Document, mention: Mention, name: _Name, segment: int) -> Iterator[_Span]:
    """Windows of a hypothesis as long as some form of the name, give or take two words for spacing and acronyms."""
    tokens = work.tokens[segment]
    lengths = {len(form) for form in name.forms} | {1}
    reference = len(_folded(mention.text, work.language))
    if mention.type != "PER":
        lengths |= set(range(1, max(reference + 2, 2 * len(mention.text) if mention.text.isupper() and len(mention.text) < 8 else 0) + 1))
    else:
        lengths |= {max(reference - 1, 1), reference + 1}
    for length in sorted(lengths):
        for first in range(len(tokens) - length + 1):
            yield segment, first, first + length


def _refused(work: _Document, name: _Name, span: _Span) -> bool:
    """Whether the span is a refused spelling of the name, or lies within one."""
    segment, first, last = span
    for start in range(max(0, last - name.longest_reject), first + 1):
        for end in range(last, min(len(work.tokens[segment]), start + name.longest_reject) + 1):
            if work.plain((segment, start, end)) in name.reject:
                return True
    return False


def _somebody_else(work: _Document, names: _Names, name: _Name, mention: Mention, span: _Span) -> bool:
    """Whether the span is the surname of a person whom another given name before it, or his own after it, tells apart."""
    if not name.given or name.given & set(work.words(span)):
        return False
    tokens, given = work.tokens[span[0]], {romanised(word) for word in name.given}
    after = span[2]
    if after < len(tokens) and not work.apart(span[0], after) and romanised(tokens[after].folded) in given and tokens[after].capitalised:
        return True
    before = _word_before(work, span)
    if before is None:
        return False
    word = tokens[before].folded
    if romanised(word) in given or len(word) == 1:
        return False
    if word in names.given_of_others(name.entity):
        return True
    if word in work.reference_words[span[0]]:
        return False
    # the first word of a sentence is capitalised anyway: it is a given name where the reference has one as well
    first = before == 0 or bool(re.search(r"[.!?:…]", work.texts[span[0]][tokens[before - 1].end : tokens[before].start]))
    return not first or (len(_folded(mention.text, work.language)) > 1 and word not in work.lower_case)


def _word_before(work: _Document, span: _Span) -> int | None:
    """The capitalised word that a name continues, over particles such as bin and von; None where there is none."""
    tokens, at = work.tokens[span[0]], span[1]
    while at > 0:
        at -= 1
        if work.apart(span[0], at + 1):
            return None
        if tokens[at].folded not in PARTICLES:
            return at if tokens[at].capitalised and tokens[at].folded not in TITLES | CALENDAR else None
    return None


def _near_misses(work: _Document, mentions: list[Mention], names: _Names) -> None:
    """Stage 3: pairs of greatest similarity first, as long as both are free."""
    scored = []
    for mention in mentions:
        reference = _folded(mention.text, work.language)
        for span in _candidates(work, mention.segment, len(reference)):
            words = work.words(span)
            distance = work.distance(mention, span)
            value = similarity(reference, words) - 0.05 * distance - 0.02 * abs(len(words) - len(reference))
            if work.plain(span) in names.by_entity[mention.entity].reject:
                value = max(value, NEAR + 0.1 * (1 - distance))
            if value >= NEAR:
                scored.append((-value, mention.start, span, mention))
    for _, _, span, mention in sorted(scored, key=lambda item: item[:3]):
        if mention in work.verdicts or not work.free(span):
            continue
        words, reference = work.words(span), _folded(mention.text, work.language)
        another_word = any(alike < OTHER_WORD for _, _, alike in best_pairs(reference, words)) and similarity(reference, words) < 0.9
        if names.belongs_to_another(words, mention.entity) or similarity(reference, words) < NEAR:
            work.settle(mention, "replaced", "other", span)  # too unlike a name: only a refused form comes here
        elif another_word:
            work.settle(mention, "replaced", "partial", span)
        else:
            work.settle(mention, "misspelled", "truncated" if len(words) < len(reference) else "spelling", span)


def _candidates(work: _Document, segment: int, length: int) -> Iterator[_Span]:
    """Free windows that begin and end with capitalised words, within two words of a length.

    A window shorter than the name has to take in the capitalised words beside it: of "Mykola Stefanchuk", for Ruslan
    Stefanchuk, the surname alone is no candidate.
    """
    tokens, known = work.tokens[segment], work.reference_words[segment]

    def continues(here: int, there: int) -> bool:
        """Whether a name word stands at `there`, next to the window that ends at `here`."""
        if not 0 <= there < len(tokens) or not work.free((segment, there, there + 1)):
            return False
        left, right = sorted((here, there))
        apart = work.texts[segment][tokens[left].end : tokens[right].start].strip(" -‑")
        word = tokens[there]
        return (
            not apart
            and word.capitalised
            and word.folded not in TITLES
            and word.folded not in known
            and (there > 0 or word.folded not in work.lower_case)
        )

    for size in range(max(1, length - 2), length + 3):
        for first in range(len(tokens) - size + 1):
            last = first + size
            inner = tokens[first:last]
            named = inner[0].nameable and inner[-1].nameable
            if not named or not all(t.nameable or t.folded in FUNCTION_WORDS for t in inner) or not work.free((segment, first, last)):
                continue
            if size < length and (continues(first, first - 1) or continues(last - 1, last)):
                continue
            yield segment, first, last


def _replacements(work: _Document, mentions: list[Mention], names: _Names, segment: int) -> None:
    """Stage 4: the names left over in the hypothesis, given to the mentions left over by place."""
    runs = list(_left_over_names(work, names, segment))
    if not mentions or not runs:
        return
    distances = np.array([[work.distance(mention, run) for run in runs] for mention in mentions])
    for i, j in zip(*linear_sum_assignment(np.minimum(distances, 10 * SAME_PLACE)), strict=True):
        if distances[i, j] <= SAME_PLACE:
            work.settle(mentions[i], "replaced", "other", runs[j])


def _has_name_at(work: _Document, names: _Names, mention: Mention) -> bool:
    """Whether the aligned hypothesis has another name at the place of a mention: then its neighbours do not have it."""
    return any(work.distance(mention, run) <= SAME_PLACE for run in _left_over_names(work, names, mention.segment))


def _left_over_names(work: _Document, names: _Names, segment: int) -> Iterator[_Span]:
    """Longest runs of free capitalised words that say something else than the reference, or name another entity.

    A single capitalised word at the beginning of the hypothesis is a name only where the document never writes it in lower case.
    """
    tokens, known = work.tokens[segment], work.reference_words[segment]
    first = 0
    while first < len(tokens):
        last = first
        while last < len(tokens) and tokens[last].capitalised and not tokens[last].text.isdigit() and work.free((segment, last, last + 1)):
            last += 1
            if last < len(tokens) and work.texts[segment][tokens[last - 1].end : tokens[last].start].strip(" -‑"):
                break  # punctuation ends a name
        words = tuple(t.folded for t in tokens[first:last])
        common = TITLES | FUNCTION_WORDS | known
        is_name = (bool(words) and not set(words) <= common) or words in names.owners
        if is_name and not (first == 0 and last == 1 and words not in names.owners and words[0] in work.lower_case):
            yield segment, first, last
        first = max(last, first + 1)
