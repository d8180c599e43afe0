"""Who does what to whom: what the words at two names say of their roles in a sentence.

A name has a mark that tells its role: the preposition before it (en, fr, zh), the particle after it (ja, ko,
hi), or its own ending (ru, cs, tr). Where neither name has one, their order tells it. Two names are exchanged if
the sentence around them is the same and each has the role of the other:

- Macron criticised Merkel, Merkel criticised Macron: the order
- sanctions of Russia on Ukraine, of Ukraine on Russia; 美国对俄罗斯, 俄罗斯对美国: the preposition
- 미국이 러시아를, 러시아가 미국을: the particle
- Путин обвинил Байдена, Байден обвинил Путина: the ending

They are not where a word of the sentence goes both ways (met, with, borders), in a list, and where the verb
has another form, as in a passive. Languages without a list of such words have no rule.
"""

from __future__ import annotations

import re
from collections import Counter

from evalkit.entities.context import Occurrence, OccurrencePair
from evalkit.entities.language.families import SLAVIC, TURKIC
from evalkit.entities.language.rules import JOINED_BEFORE, is_listed
from evalkit.entities.steps.role_marks import find_mark, find_marks, has_listed, is_possessive
from evalkit.entities.steps.voice import turns_passive
from evalkit.entities.variants.unspaced_persons import HAN

_BEFORE, _AFTER = 2, 4
"""Words before the first name and after the second one that tell of the two."""
_SAME_SENTENCE = 0.5
"""Least share of these words that reference and hypothesis have in common."""
_DECLINING = SLAVIC | TURKIC | frozenset("lt lv et fi hu el ka".split())
"""Languages whose names have cases, so that their order does not tell who acts."""
_VOWELS = frozenset("аеёиоуыэюяіїєaeiouy")
_UKRAINIAN_PAST = re.compile("(?:в|ла|ло|ли)$")
_VERB_FIRST = frozenset({"ar"})
"""Languages in which subject and object follow the verb, without a word between them."""
_STEM = 4
"""Fewest letters of a verb whose last letter may differ, as its gender or tense does: критиковал, критиковала."""


def have_exchanged_roles(reference: OccurrencePair, hypothesis: OccurrencePair) -> bool:
    """Whether two names have each other's role in the hypothesis. See above.

    Args:
        reference: both names in the reference.
        hypothesis: the same two names in the hypothesis.
    """
    if not reference[0].text.rules.words.symmetrical:
        return False
    is_passive = turns_passive(reference, hypothesis)
    if not is_passive and not _have_exchanged_marks(reference, hypothesis):
        return False
    if any(map(_goes_both_ways, (reference, hypothesis))):
        return False
    return is_passive or _is_same_sentence(reference, hypothesis)


def _have_exchanged_marks(reference: OccurrencePair, hypothesis: OccurrencePair) -> bool:
    """Whether each name has the mark of the other, or the other order where neither has a mark."""
    marks, marks_now = find_marks(*reference), find_marks(*hypothesis)
    if marks[0] != marks[1]:
        return marks_now == marks[::-1] and _have_same_governors(reference, hypothesis)
    endings = _compare_endings(reference, hypothesis)
    if endings is not None:
        return endings
    return marks_now == marks and _has_other_order(reference, hypothesis)


def have_other_marks(reference: OccurrencePair, hypothesis: OccurrencePair) -> bool:
    """Whether not as many of two names have a mark as in the reference, so that the sentence is another."""
    marks, marks_now = find_marks(*reference), find_marks(*hypothesis)
    return sum(map(bool, marks)) != sum(map(bool, marks_now))


def _find_range(names: OccurrencePair) -> range:
    """The positions of both names and of the words near them, within their sentence."""
    first, last = min(name.first for name in names), max(name.last for name in names)
    text = names[0].text
    start, end = first, last
    while start > max(0, first - _BEFORE) and not text.starts_sentence(start):
        start -= 1
    while end < min(len(text.tokens), last + _AFTER) and not text.starts_sentence(end):
        end += 1
    return range(start, end)


def _list_words(names: OccurrencePair, positions: range) -> list[str]:
    """The words at these positions that belong to neither name."""
    inside = {*names[0].positions, *names[1].positions}
    return [names[0].text.folded[position] for position in positions if position not in inside]


def _find_between(names: OccurrencePair) -> range:
    left, right = sorted(names, key=lambda name: name.first)
    return range(left.last, right.first)


def _goes_both_ways(names: OccurrencePair) -> bool:
    """Whether the names are in a list, or a word near them such as met has no direction."""
    text, lists = names[0].text, names[0].text.rules.words
    between = _list_words(names, _find_between(names))
    if between and all(word in lists.conjunctions for word in between):
        return True
    if not between and _begins_with_and(names):
        return True
    words = _list_words(names, _find_range(names))
    if not text.rules.target.has_spaces:
        letters = "".join(words)
        return any(word in letters for word in lists.symmetrical)
    return has_listed(words, lists.symmetrical) and not has_listed(words, lists.one_way)


def _begins_with_and(names: OccurrencePair) -> bool:
    """Whether the second of two names is written together with the word for and, as in Arabic: والأردن."""
    right = max(names, key=lambda name: name.first)
    prefixes = JOINED_BEFORE.get(right.text.rules.target.code, ())[:1]
    return right.text.folded[right.first].startswith(prefixes) if prefixes else False


def _is_same_sentence(reference: OccurrencePair, hypothesis: OccurrencePair) -> bool:
    """Whether the words near the names are much the same, and those that tell of the deed all."""
    before = _list_content(reference, _find_range(reference))
    now = _list_content(hypothesis, _find_range(hypothesis))
    shared = sum(word in now or any(_is_same_verb(word, other) for other in now) for word in before)
    if not shared or shared < _SAME_SENTENCE * max(len(before), len(now)):
        return False
    return all(any(_is_same_verb(word, other) for other in now) for word in _find_deed(reference))


def _list_content(names: OccurrencePair, positions: range) -> list[str]:
    """The words at these positions that belong to neither name, without small words."""
    text = names[0].text
    small = text.rules.words.small_or_titles
    inside = {*names[0].positions, *names[1].positions}
    beside = {edge for name in names for edge in (name.first - 1, name.last)}
    return [
        text.folded[position]
        for position in positions
        if position not in inside and not is_listed(text.folded[position], small, text.rules)
        # the rest of a name of which only the surname was judged
        if not (position in beside and text.tokens[position].capitalised)
    ]


def _find_deed(names: OccurrencePair) -> list[str]:
    """The words between the names; if there are none, as where the verb is last, those after them."""
    between, near = _find_between(names), _find_range(names)
    last = max(name.last for name in names)
    words = _list_content(names, between) or _list_content(names, range(last, near.stop))
    return [word for word in words if HAN.match(word)] or words  # 負け of 負けた


def _is_same_verb(a: str, b: str) -> bool:
    """Whether one of two words has one more letter, or another vowel, at the end: проиграла, проиграло.

    Ukrainian verbs of a man end in в: запросив, запросила; переміг, перемогла.
    """
    if _UKRAINIAN_PAST.search(a) or _UKRAINIAN_PAST.search(b):
        a, b = (_UKRAINIAN_PAST.sub("", word).replace("і", "о") for word in (a, b))
    short, long = sorted((a, b), key=len)
    stem = len(long) - 1
    if a == b or len(short) < _STEM or short[:stem] != long[:stem]:
        return a == b
    return len(short) == stem or {a[-1], b[-1]} <= _VOWELS


def _have_same_governors(reference: OccurrencePair, hypothesis: OccurrencePair) -> bool:
    """Whether prepositions of the names depend on the same words: sanctions on Russia, sanctions on Ukraine.

    Sapporo's Shiroishi Ward is not exchanged with Shiroishi Ward, Sapporo. Particles depend on the verb.
    """
    rules = reference[0].text.rules
    if not rules.words.adpositions or not rules.target.has_spaces:
        return True
    if not all(_find_between(names) for names in (reference, hypothesis)):
        return False
    pairs = zip(reference, hypothesis[::-1], strict=True)
    return any(_is_same_verb(_find_governor(a), _find_governor(b)) for a, b in pairs if find_mark(a))


def _find_governor(name: Occurrence) -> str:
    """Find the nearest word before a name that is neither a name nor a small word; empty if there is none.

    A name with 's depends on the word after it: China's minorities.
    """
    text, lists = name.text, name.text.rules.words
    small = lists.function_words | lists.adpositions | lists.titles
    after = range(name.last, len(text.tokens))
    positions = after if is_possessive(name) else range(name.first - 1, -1, -1)
    content = (p for p in positions if text.folded[p] not in small and not text.tokens[p].capitalised)
    return next((text.folded[position] for position in content), "")


def _compare_endings(reference: OccurrencePair, hypothesis: OccurrencePair) -> bool | None:
    """Whether both names have other endings, or one has that cannot tell; None if the language has none."""
    if reference[0].text.rules.target.code not in _DECLINING:
        return None
    changed = [_has_other_ending(a, b) for a, b in zip(reference, hypothesis, strict=True)]
    if not any(changed) and all(map(_may_be_subject_or_object, reference)):
        return None
    return all(changed) or (any(changed) and _swaps_order(reference, hypothesis))


def _has_other_ending(a: Occurrence, b: Occurrence) -> bool:
    return a.text.folded[a.last - 1] != b.text.folded[b.last - 1]


def _may_be_subject_or_object(name: Occurrence) -> bool:
    """Whether the words of a Slavic name end in consonants, which may be either case: Иран, not Юлии Цой."""
    is_slavic = name.text.rules.target.code in SLAVIC
    return is_slavic and not any(word[-1] in _VOWELS for word in name.text.folded[name.first : name.last])


def _swaps_order(reference: OccurrencePair, hypothesis: OccurrencePair) -> bool:
    (a, b), (x, y) = reference, hypothesis
    return (a.first < b.first) != (x.first < y.first)


def _has_other_order(reference: OccurrencePair, hypothesis: OccurrencePair) -> bool:
    """Whether the names are in the other order around the same words, or behind the same verb."""
    if not _swaps_order(reference, hypothesis):
        return False
    rules = reference[0].text.rules
    before, now = (
        [word for word in _list_words(names, _find_between(names)) if word not in rules.words.function_words]
        for names in (reference, hypothesis)
    )
    if not before and not now:
        return rules.target.code in _VERB_FIRST
    different = (Counter(before) - Counter(now)) + (Counter(now) - Counter(before))
    has_deed = bool(_list_content(reference, _find_between(reference)))
    return has_deed and len(different) <= 1 and rules.words.adpositions.isdisjoint(different)
