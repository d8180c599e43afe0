"""The initials of a name, as acronyms are made of them: WHO, MoD, EE. UU."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from evalkit.entities.language.rules import Rules
from evalkit.entities.language.tokens import Token, Words, tokenize

_LEAST_OF_PERSON = 3
"""Fewest initials of a person: JFK and AMLO are persons, two letters are ambiguous."""
_MOST_SMALL = 3
"""Most function words of a name whose letters an acronym may have."""


def least_initials(kind: str) -> int:
    """Fewest letters of an acronym of a name of this type."""
    return _LEAST_OF_PERSON if kind == "PER" else 2


def find_initials(tokens: Sequence[Token], rules: Rules) -> str:
    """Find the capital initials of a name of two or more words; empty if there are none.

    Function words and generations (Jr.) do not count, but a name must not begin or end with a function word.
    English names need a capital in each word. In other languages only the first word needs one: Organisation
    mondiale de la santé, OMS.
    """
    small = rules.words.function_words
    content = [token.text for token in tokens if _is_content(token, rules)]
    if len(content) < 2 or tokens[0].folded in small or tokens[-1].folded in small:
        return ""
    initials = "".join(text[0] for text in content)
    if rules.target.code != "en" and initials[0].isupper():
        return initials.upper()
    return initials if initials.isupper() else ""


def _is_content(token: Token, rules: Rules) -> bool:
    return token.folded not in rules.words.function_words and token.folded not in rules.words.generations


def collect_initials(spellings: Iterable[str], kind: str, rules: Rules) -> frozenset[str]:
    """Collect the acronyms of several spellings of a name, letter by letter."""
    found: set[str] = set()
    for spelling in spellings:
        tokens = tokenize(spelling, rules.target.tag)
        initials = find_initials(tokens, rules)
        if len(initials) >= least_initials(kind):
            found.add(initials)
            found.update(_with_small_letters(tokens, rules) if kind != "PER" else ())
    return frozenset(found)


def _with_small_letters(tokens: Sequence[Token], rules: Rules) -> Iterator[str]:
    """The acronyms that have letters of function words too: MoD, MOD; FoE."""
    small = [token for token in tokens if not _is_content(token, rules)]
    if rules.target.code != "en" or not small or len(small) > _MOST_SMALL:
        return
    choices = [
        (token.text[0].upper(),) if _is_content(token, rules) else _letters_of(token) for token in tokens
    ]
    for letters in product(*choices):
        acronym = "".join(letters)
        if not acronym.isupper():
            yield from (acronym, acronym.upper())


def _letters_of(small: Token) -> tuple[str, ...]:
    """What a function word may give to an acronym; an article nothing."""
    return ("",) if small.folded in ("the", "a", "an") else ("", small.folded[0])


def double_initials(tokens: Sequence[Token], rules: Rules) -> Iterator[Words]:
    """The acronym of two plurals in Spanish, which doubles the letters: EE. UU., Estados Unidos."""
    if rules.target.code != "es" or len(tokens) != 2 or not all(t.folded.endswith("s") for t in tokens):
        return
    letters = tuple(2 * token.folded[0] for token in tokens)
    yield letters
    yield ("".join(letters),)
