"""What marks the role of a name: the preposition before it, or the particle behind it."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.entities.context import Occurrence
from evalkit.entities.language.tokens import fold
from evalkit.entities.text import Text

_MOST_SKIPPED = 2
"""Articles and titles between a preposition and a name."""
_SHORT_FORMS = {
    "со": "с",
    "ко": "к",
    "во": "в",
    "изо": "из",
    "ото": "от",
    "зі": "з",
    "із": "з",
    "se": "s",
    "ke": "k",
    "ze": "z",
    "ve": "v",
    "al": "a",
    "del": "de",
    "au": "a",
    "aux": "a",
    "du": "de",
    "des": "de",
    "vom": "von",
    "zum": "zu",
    "zur": "zu",
}
"""Forms of a preposition before other letters, or with an article, and the usual one."""


def find_marks(a: Occurrence, b: Occurrence) -> tuple[str, str]:
    """What marks the roles of two names in one text. Empty for a name without a mark, such as a subject."""
    return find_mark(a), find_mark(b)


def find_mark(name: Occurrence) -> str:
    """Find the mark of one name; empty if it has none."""
    lists = name.text.rules.words
    if lists.case_particles:
        return _find_particle(name)
    if is_possessive(name):
        return "of"
    position = name.first - 1
    for _ in range(_MOST_SKIPPED + 1):
        if position < 0 or name.text.is_separate(position + 1):
            return ""
        word = name.text.folded[position]
        if word in lists.adpositions or (word in lists.symmetrical and is_one_way(name.text)):
            return _SHORT_FORMS.get(word, word)
        if word not in lists.titles and word not in lists.function_words:
            return ""
        position -= 1
    return ""


def is_one_way(text: Text) -> bool:
    """Whether a verb gives a word such as with a direction: lost with."""
    return has_listed(text.folded, text.rules.words.one_way)


def _find_particle(name: Occurrence) -> str:
    """Find the longest particle at the end of a name or behind it, as the first of those of its role."""
    text, last = name.text, name.text.tokens[name.last - 1]
    behind = fold(text.text[last.end :].lstrip())
    is_korean, ending = text.rules.target.code == "ko", last.folded
    if is_korean and behind.startswith(tuple(text.rules.words.titles)):
        ending = text.folded[name.last]  # 대통령은
    found = [
        (len(particle), group)
        for group in text.rules.words.case_particles
        for particle in group.split("/")
        if behind.startswith(particle) or (is_korean and ending.endswith(particle))
    ]
    return max(found, default=(0, ""))[1]


def is_possessive(name: Occurrence) -> bool:
    """Whether 's follows a name."""
    return name.text.text.startswith(("'s", "’s"), name.text.tokens[name.last - 1].end)


def has_listed(words: Sequence[str], listed: frozenset[str]) -> bool:
    """Whether a list has one of the words, or with a hyphen its beginning."""
    stems = tuple(word[:-1] for word in listed if word.endswith("-"))
    return any(word in listed or word.startswith(stems) for word in words)
