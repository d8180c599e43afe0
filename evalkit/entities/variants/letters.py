"""Letters that a language keeps apart although folded words do not: ä and a in German, ı and i in Turkish.

German needs Müller or Mueller, not Muller; Turkish needs Irak, not İrak. Turkish written in ASCII is right:
Imamoglu. Other diacritics may be left out in any language: Sanchez, Erdogan.
"""

from __future__ import annotations

from functools import lru_cache

from evalkit.entities.language.families import TURKIC
from evalkit.entities.language.romanisation import expand_digraphs
from evalkit.entities.language.tokens import Token, fold, tokenize
from evalkit.entities.text import Text
from evalkit.entities.variants.forms import Name

_UMLAUTS = {
    **dict.fromkeys(("de", "lb"), "äöü"),
    **dict.fromkeys(("sv", "fi", "et"), "åäöüõ"),
    **dict.fromkeys(("da", "no", "nb", "nn"), "åæøäö"),
}
"""Letters that are no variants of a, o and u, by `Language.code`."""
_TURKISH_CAPITALS = str.maketrans({"İ": "i", "I": "ı"})
_SAME_BEGINNING = 3
"""Letters in which a word of a text agrees with the word of the name that it is compared with."""


def keeps_letters(name: Name, text: Text, first: int, last: int) -> bool:
    """Whether the words of a span have the letters of the words of a name to which they are similar."""
    code = name.rules.target.code
    if code not in _UMLAUTS and code not in TURKIC:
        return True
    if text.written(first, last) in name.as_written:
        return True
    return all(_is_in(name, token, code) for token in text.tokens[first:last])


def _is_in(name: Name, token: Token, code: str) -> bool:
    """Whether a word has the letters of a word of the name, or is similar to none."""
    similar = [
        word.text
        for spelling in (name.text, *name.as_written)
        for word in tokenize(spelling, name.rules.target.tag)
        if word.folded[:_SAME_BEGINNING] == token.folded[:_SAME_BEGINNING]
    ]
    return not similar or any(has_same_letters(word, token.text, code) for word in similar)


@lru_cache(maxsize=16384)
def has_same_letters(word: str, written: str, code: str) -> bool:
    """Whether two words that agree when folded, apart from their ends, agree in the letters of the language."""
    if code in TURKIC:
        if written.split("'", maxsplit=1)[0].isascii():
            return True
        return not any({a, b} == {"i", "ı"} for a, b in zip(*map(_lower, (word, written)), strict=False))
    long, other = sorted((fold(expand_digraphs(word)), fold(expand_digraphs(written))), key=len, reverse=True)
    if long.startswith(other):
        return True
    letters = _UMLAUTS.get(code, "")
    pairs = zip(word.lower(), written.lower(), strict=False)
    return not any(a != b and fold(a) == fold(b) and (a in letters or b in letters) for a, b in pairs)


def _lower(word: str) -> str:
    """Convert a Turkish word to lower case."""
    return word.translate(_TURKISH_CAPITALS).lower()
