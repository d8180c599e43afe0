"""Exchanged names that keep their order while the verb turns passive.

Google acquired Fitbit, Google was acquired by Fitbit; 谷歌收购了摩托罗拉, 谷歌被摩托罗拉收购了. In a passive, the one who
acts has a preposition or a particle (`agents`), and there is an auxiliary or an ending of the verb (`passives`).
"""

from __future__ import annotations

from evalkit.entities.context import Occurrence, OccurrencePair, is_content
from evalkit.entities.text import Text
from evalkit.entities.variants.unspaced_persons import HAN

_REACH = 4
"""Words after the second name among which the verb is looked for."""
_MOST_BETWEEN = 8
_STEM = 4
"""Letters in which the forms of a verb agree."""


def turns_passive(reference: OccurrencePair, hypothesis: OccurrencePair) -> bool:
    """Whether two names stay in their order, and a sentence with the same verb becomes passive, or active."""
    (a, b), (x, y) = reference, hypothesis
    if (a.first < b.first) != (x.first < y.first) or not a.text.rules.words.agents:
        return False
    before, now = (sorted(names, key=lambda name: name.first) for names in (reference, hypothesis))
    if _is_passive(*before) == _is_passive(*now) or not (_are_close(*before) and _are_close(*now)):
        return False
    verbs = _find_verbs(*before)
    return bool(verbs) and bool(verbs & _find_verbs(*now))


def _are_close(left: Occurrence, right: Occurrence) -> bool:
    """Whether the first name may be the subject of the verb before the second one."""
    between = range(left.last, right.first + 1)
    is_one_clause = not any(left.text.is_separate(position) for position in between)
    return (
        is_one_clause
        and len(between) <= _MOST_BETWEEN
        and left.word_before not in left.text.rules.words.adpositions
    )


def _is_passive(left: Occurrence, right: Occurrence) -> bool:
    """Whether the second of two names is the one who acts, in a passive."""
    text, lists = left.text, left.text.rules.words
    between, after = text.folded[left.last : right.first], text.folded[right.last : right.last + _REACH]
    if lists.case_particles:
        behind = text.text[text.tokens[right.first].end - 1 :]
        has_agent = any(_begins_after_name(text, right, agent) for agent in lists.agents)
        return has_agent and any(ending in behind for ending in lists.passives)
    is_by = any(word in lists.agents for word in between[-2:])
    return is_by and (not lists.passives or not lists.passives.isdisjoint((*between, *after)))


def _begins_after_name(text: Text, name: Occurrence, agent: str) -> bool:
    """Whether a particle is at the end of a name or behind it."""
    token = text.tokens[name.last - 1]
    return text.text.startswith(agent, token.end) or token.text.endswith(agent)


def _find_verbs(left: Occurrence, right: Occurrence) -> set[str]:
    """The beginnings of the words between two names and behind them; characters in Chinese and Japanese."""
    text, lists = left.text, left.text.rules.words
    last = min(len(text.tokens), right.last + _REACH)
    positions = [*range(left.last, right.first), *range(right.last, last)]
    words = [text.folded[p] for p in positions if is_content(text, p) and text.folded[p] not in lists.markers]
    if not text.rules.target.has_spaces:
        return {word for word in words if HAN.match(word)}
    size = 2 if lists.case_particles else _STEM
    return {word[:size] for word in words if len(word) >= size and word not in lists.passives}
