"""Find names of places and institutions whose generic words moved, changed, are missing or were added.

The words that are the name's own must all be there: the Tisza of Tisza River, the Hubei and the Film of Hubei
Film Administration. Of generic words (`generic_words.yaml`), only those may be missing, or be too many, that
an editor would leave out or add.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from evalkit.entities.language.inflection import is_inflected, is_same_inflected
from evalkit.entities.language.lexicon import is_common
from evalkit.entities.language.rules import GENERIC, JOINED, Rules
from evalkit.entities.language.tokens import Words
from evalkit.entities.reasons import MatchingRule
from evalkit.entities.text import Text
from evalkit.entities.variants.forms import Name

_MOST_ADDED = 3
"""Most words without content that a name in another order may have: of, the."""


def find_with_generic_words(name: Name, text: Text) -> Iterator[tuple[int, int, MatchingRule]]:
    """Find the name with its own words, and with generic words that an editor would take for the same.

    An institution of the country of the source language may lack the country: Japan Meteorological Agency.
    """
    if not name.own_parts or (len(name.own_parts) == 1 and not name.kinds):
        return
    found = list(_find(name, text, name.own_parts))
    abroad = tuple(part for part in name.own_parts if part not in name.rules.generic.home)
    if not found and name.type != "LOC" and name.kinds and 0 < len(abroad) < len(name.own_parts):
        found = [item for item in _find(name, text, abroad) if _is_alone(text, *item[:2])]
        found = [(a, b, rule) for a, b, rule in found if any(t.nameable for t in text.tokens[a:b])]
    yield from found


def _find(name: Name, text: Text, own_parts: Words) -> Iterator[tuple[int, int, MatchingRule]]:
    """Find spans with these words, and with fitting generic words."""
    for first, last in _find_own_words(name, text, own_parts):
        if not _has_capitals(name, text, first, last):
            continue
        start, end = _add_generic_words(name, text, first, last)
        if _fits(name, text, start, end):
            yield start, end, _name_rule(name, text, start, end)


def _is_alone(text: Text, first: int, last: int) -> bool:
    """Whether no other name is beside a span, such as that of another country."""
    if text.continues_name(last):
        return False
    end = last
    while end < len(text.tokens) and text.folded[end] in text.rules.words.links:
        end += 1
    if last < end < len(text.tokens) and text.tokens[end].capitalised:
        return False
    if first == 0:
        return True
    before = text.tokens[first - 1]
    return not before.nameable or text.starts_sentence(first - 1) or text.starts_sentence(first)


def _find_own_words(name: Name, text: Text, own_parts: Words) -> Iterator[tuple[int, int]]:
    """Find spans that have the name's own words and, between them, only generic and small words."""
    spots = _find_spots(text, own_parts)
    positions = sorted(spots)
    size, wanted = len(own_parts), sorted(own_parts)
    for start in range(len(positions) - size + 1):
        window = positions[start : start + size]
        found = [spots[position] for position in window]
        in_order = name.type != "LOC" or tuple(found) == own_parts
        if in_order and sorted(found) == wanted and _is_connected(text, window):
            last = window[-1] + 1
            while last < len(text.parts) and text.parts[last] == JOINED:
                last += 1
            yield window[0], last


def _find_spots(text: Text, own_parts: Words) -> Mapping[int, str]:
    """The positions of the name's own words; none unless all are there."""
    spots: dict[int, str] = {}
    inflected = is_inflected(text.rules.target.tag)
    for part in dict.fromkeys(own_parts):
        positions = _find_inflected(part, text) if inflected else text.positions_of_parts.get(part, ())
        if not positions:
            return {}
        spots.update(dict.fromkeys(positions, part))
    return spots


def _find_inflected(part: str, text: Text) -> Sequence[int]:
    """The positions of a word in any form."""
    language = text.rules.target.tag
    return [
        position
        for other, positions in text.positions_of_parts.items()
        if other[:1] == part[:1] and is_same_inflected(part, other, language)
        for position in positions
    ]


def _is_connected(text: Text, positions: Sequence[int]) -> bool:
    """Whether only generic and small words are between some words, and not too many of the small ones."""
    inside = range(positions[0] + 1, positions[-1])
    between = [text.parts[position] for position in inside if position not in positions]
    if not all(not part or part.startswith((GENERIC, JOINED)) for part in between):
        return False
    is_split = any(map(text.starts_sentence, range(positions[0] + 1, positions[-1] + 1)))
    return between.count("") <= _MOST_ADDED and not is_split


def _has_capitals(name: Name, text: Text, first: int, last: int) -> bool:
    """Whether the name's own words could be a name; those of an institution may be in lower case.

    The Iraqi football association is the Iraqi Football Association; an association is none.
    """
    own = [text.tokens[p].nameable for p in range(first, last) if text.parts[p] and not _kind(text, p)]
    if all(own) or name.type == "LOC" or not name.kinds:
        return all(own)
    before = text.folded[first - 1] if first else ""
    return any(own) or before not in text.rules.words.indefinite


def _kind(text: Text, position: int) -> str:
    """The kind that the word at a position names; empty if it is not generic, or outside the text."""
    part = text.parts[position] if 0 <= position < len(text.parts) else ""
    return part[1:] if part.startswith(GENERIC) else ""


def _add_generic_words(name: Name, text: Text, first: int, last: int) -> tuple[int, int]:
    """Add the generic words before and after: the city of Mutsu, Tisza River.

    Those in lower case, only if the name has them: of "Hubei city", only Hubei.
    """
    while last < len(text.tokens) and not text.is_separate(last) and _belongs(name, text, last):
        last += 1
    while first and not text.is_separate(first):
        position = first - 1
        while position > 0 and _joins(text, position):
            position -= 1
        links = set(text.folded[position + 1 : first]) <= text.rules.words.links
        if not _belongs(name, text, position) or not (links or _kind(text, position) in name.kinds):
            break
        first = position
    return first, last


def _joins(text: Text, position: int) -> bool:
    """Whether a small word joins the words of a name: of, in, the; not and."""
    lists, word = text.rules.words, text.folded[position]
    is_small = word in lists.links or word in lists.determiners or word in lists.adpositions
    return is_small and not text.parts[position]


def _belongs(name: Name, text: Text, position: int) -> bool:
    kind = _kind(text, position)
    return bool(kind) and (text.tokens[position].nameable or kind in name.kinds)


def _fits(name: Name, text: Text, first: int, last: int) -> bool:
    """Whether a span may lack the generic words that it lacks, and may have those that it adds."""
    kinds = frozenset(kind for position in range(first, last) if (kind := _kind(text, position)))
    missing, added = name.kinds - kinds, kinds - name.kinds
    beside = _kinds_beside(name)
    if missing and added and not missing | added <= beside:
        return False
    left_out = name.rules.generic.left_out
    if name.type == "LOC" or name.kinds <= left_out:
        return not added - beside and missing <= left_out | beside and _may_be_bare(name, kinds)
    if not kinds and not name.rules.generic.alone.isdisjoint(name.own_words):
        return True
    return _may_differ(name, kinds & name.kinds, (missing | added) - beside)


def _kinds_beside(name: Name) -> frozenset[str]:
    """Kinds that the name may lack or add because of another word in it: police station, police."""
    beside = name.rules.generic.beside
    parts = name.kinds.union(name.own_parts)
    return frozenset().union(*(beside[part] for part in parts if part in beside))


def _may_differ(name: Name, shared: frozenset[str], other: frozenset[str]) -> bool:
    """Whether an institution may lack or add generic words: Provincial; Ltd."""
    generic = name.rules.generic
    free = generic.legal
    if shared - generic.districts and not shared & generic.several:
        free |= generic.districts
    return other <= free and (bool(shared) or not other or _is_no_place(name))


def _is_no_place(name: Name) -> bool:
    """Whether the words of a company's name are not well known as a name: not Japan of Japan Holdings."""
    known = name.rules.known.names
    return name.own_words not in known and name.own_words[:1] not in known


def _may_be_bare(name: Name, kinds: frozenset[str]) -> bool:
    """Whether words name the same place without its generic word: Tisza, but not Niger for Niger River."""
    if kinds or not name.kinds:
        return True
    words, generic = name.own_words, name.rules.generic
    if not generic.alone.isdisjoint(words):
        return True
    known_names = () if name.kinds == {"city"} else name.rules.known.find(words)
    if any(name.words not in known.forms for known in known_names):
        return False
    is_named = any(not is_common(word, name.rules.target.code) for word in words)
    return is_named and generic.whole.isdisjoint(words)


def _name_rule(name: Name, text: Text, first: int, last: int) -> MatchingRule:
    """How the words of a span differ from the name."""
    words = text.words(first, last)
    if words == name.words:
        return "case"
    same = _sort_content(text.rules, words) == _sort_content(text.rules, name.words)
    return "reorder" if same else "generic"


def _sort_content(rules: Rules, words: Words) -> list[str]:
    """The words except small ones, sorted; the same for a place and its people."""
    return sorted(rules.reduce_to_place(word) for word in words if word not in rules.words.optional)
