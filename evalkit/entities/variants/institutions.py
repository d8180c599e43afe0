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

_FEWEST_KINDS = 3
"""Generic words that are a name without any other: CPC Provincial Committee."""
_MOST_ADDED = 3
"""Most words without content that a name in another order may have: of, the."""
_ADMINISTRATIVE = frozenset({"city", "prefecture", "province"})
"""Kinds of places whose names mean the same without them: Okinawa Prefecture, but not Niger River."""


def find_with_generic_words(name: Name, text: Text) -> Iterator[tuple[int, int, MatchingRule]]:
    """Find the name with its own words, and with generic words that an editor would take for the same.

    An institution of the country of the source language may lack the country: Japan Meteorological Agency.
    """
    if not name.own_parts:
        yield from _find_generic_alone(name, text)
    if not name.own_parts or (len(name.own_parts) == 1 and not name.kinds):
        return
    found = list(_find(name, text, name.own_parts))
    for shorter in _shorten(name) if not found and name.type != "LOC" and name.kinds else ():
        found += [item for item in _find(name, text, shorter) if _is_alone(text, *item[:2])]
        found = [(a, b, rule) for a, b, rule in found if any(t.nameable for t in text.tokens[a:b])]
    yield from found


def _shorten(name: Name) -> Iterator[Words]:
    """The own words that are enough: without the country of the source; of a ministry, the first matter.

    Commerce Ministry of China, Commerce Ministry; Ministry of Health, Labour and Welfare, Health Ministry.
    """
    abroad = tuple(part for part in name.own_parts if part not in name.rules.generic.home)
    if 0 < len(abroad) < len(name.own_parts):
        yield abroad
    first, comma, _ = name.text.partition(",")
    if comma and name.kinds == {"ministry"}:
        parts = Text.of(first, name.rules.target.tag, name.rules.source).parts
        if matter := tuple(part for part in parts if part and not part.startswith((GENERIC, JOINED))):
            yield matter


def _find_generic_alone(name: Name, text: Text) -> Iterator[tuple[int, int, MatchingRule]]:
    """Find a name of several generic words: CPC Provincial Committee, the provincial Party committee."""
    if len(name.kinds) < _FEWEST_KINDS:
        return
    parts = {GENERIC + kind for kind in name.kinds}
    if not parts <= text.positions_of_parts.keys():
        return
    for first in sorted(position for part in parts for position in text.positions_of_parts[part]):
        last = first + 1
        while last < len(text.parts) and text.parts[last] in {"", *parts} and not text.is_separate(last):
            last += 1
        while not text.parts[last - 1]:
            last -= 1
        if set(text.parts[first:last]) - {""} == parts and _is_alone(text, first, last):
            yield first, last, "generic"


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
        if in_order and sorted(found) == wanted and _is_connected(name, text, window):
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


def _is_connected(name: Name, text: Text, positions: Sequence[int]) -> bool:
    """Whether only generic and small words are between some words, and not too many of the small ones."""
    inside = range(positions[0] + 1, positions[-1])
    between = [p for p in inside if p not in positions and not _is_acronym_in_brackets(text, p)]
    parts = [text.parts[position] for position in between]
    if not all(not part or part.startswith((GENERIC, JOINED)) for part in parts):
        return False
    is_split = any(_is_split(name, text, p) for p in range(positions[0] + 1, positions[-1] + 1))
    return parts.count("") <= _MOST_ADDED and not is_split


def _is_acronym_in_brackets(text: Text, position: int) -> bool:
    """Whether a word is an acronym of the words before it: the Center for Research (CiRA) at Kyoto University."""
    token = text.tokens[position]
    brackets = text.text[token.start - 1 : token.start], text.text[token.end : token.end + 1]
    return brackets == ("(", ")") and token.text[:1].isupper() and token.text[-1:].isupper()


def _is_split(name: Name, text: Text, position: int) -> bool:
    """Whether a sentence or an item of a list begins with a word: Federation, the Lao; not Agency, Beijing."""
    start, end = text.tokens[position - 1].end, text.tokens[position].start
    is_small = not text.tokens[position].nameable
    has_comma = is_small and "," in text.text[start:end] and "," not in name.text
    return has_comma or text.starts_sentence(position)


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
    known = name.kinds | name.kinds_beside
    while last < len(text.tokens) and not text.is_separate(last):
        position = last
        while (
            position < len(text.tokens) - 1 and _joins(text, position) and not text.is_separate(position + 1)
        ):
            position += 1  # School of Medicine
        if not _belongs(name, text, position) or (position > last and _kind(text, position) not in known):
            break
        last = position + 1
    while first and not text.is_separate(first):
        position = first - 1
        while position > 0 and _joins(text, position) and not text.is_separate(position):
            position -= 1
        links = set(text.folded[position + 1 : first]) <= text.rules.words.links
        if not _belongs(name, text, position) or not (links or _kind(text, position) in known):
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
    if not kind or (name.type == "LOC" and kind in name.rules.generic.governing):
        return False
    return text.tokens[position].nameable or kind in name.kinds | name.kinds_beside


def _fits(name: Name, text: Text, first: int, last: int) -> bool:
    """Whether a span may lack the generic words that it lacks, and may have those that it adds."""
    kinds = frozenset(kind for position in range(first, last) if (kind := _kind(text, position)))
    missing, added = name.kinds - kinds, kinds - name.kinds
    beside = name.kinds_beside
    if missing and added and not missing | added <= beside:
        return False
    left_out = name.rules.generic.left_out
    if name.type == "LOC" or name.kinds <= left_out:
        return not added - beside and missing <= left_out | beside and _may_be_bare(name, kinds)
    if not kinds and not name.rules.generic.alone.isdisjoint(name.own_words):
        return True
    if not kinds and text.continues_name(last):
        return False  # Toyota Boshoku for Toyota Motor Corporation
    return _may_differ(name, kinds, (missing | added) - beside)


def _may_differ(name: Name, kinds: frozenset[str], other: frozenset[str]) -> bool:
    """Whether an institution may lack or add generic words: Provincial; Ltd."""
    generic, shared = name.rules.generic, kinds & name.kinds
    free = generic.legal
    if shared - generic.districts and not shared & generic.several:
        free |= generic.districts
    if other <= free and kinds - generic.legal:
        return True
    is_bare = not name.kinds & generic.districts and _is_distinct(name, lacks_legal=bool(other))
    return other <= free and (bool(shared) or is_bare)


def _is_distinct(name: Name, *, lacks_legal: bool) -> bool:
    """Whether a company's own words are no other name: not Japan of Japan Holdings, General of General Motors."""
    known, words = name.rules.known.names, name.own_words
    is_named = any(not is_common(word, name.rules.target.code) for word in words)
    is_known = words in known or (lacks_legal and words[:1] in known)  # Japan Post of Japan Post Holdings
    return is_named and not is_known


def _may_be_bare(name: Name, kinds: frozenset[str]) -> bool:
    """Whether words name the same place without its generic word: Tisza, but not Niger for Niger River."""
    if kinds or not name.kinds:
        return True
    words, generic = name.own_words, name.rules.generic
    if not generic.alone.isdisjoint(words):
        return True
    known_names = () if name.kinds <= _ADMINISTRATIVE else name.rules.known.find(words)
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
