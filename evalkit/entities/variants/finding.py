"""Find the accepted forms of a name in a text, each by an exact rule: similarity never accepts a name.

- (no rule): the same words
- case: NATO, Nato
- diacritic: Erdogan, Erdoğan
- spacing: Hong Kong, Hongkong; J. D. Vance, JD Vance; U.S., US
- alias: in the alias file, elsewhere in the reference for the same entity, or well known: Kyiv, Kiev
- translit: romanisations of one name: Sergey, Sergei; Mohammed, Muhammad
- acronym: World Health Organization, WHO; John Fitzgerald Kennedy, JFK
- demonym: Russia, Russian
- reorder: Ministry of Defence, Defence Ministry (places and organisations)
- generic: Tisza River, the Tisza; Takahama Town, Takahama-cho; Election Commission, Electoral Committee;
  East and West Berlin
- short: a person's surname, alone or with the first name but without those between: Steve Witkoff, Witkoff
- inflection: other endings, in languages that inflect names: Путин, Путина
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

from evalkit.entities.language.inflection import (
    is_inflected,
    is_same_name_inflected,
    list_stems,
)
from evalkit.entities.language.romanisation import expand_digraphs
from evalkit.entities.language.tokens import Words, tokenize
from evalkit.entities.reasons import MatchingRule
from evalkit.entities.text import Text
from evalkit.entities.variants.acronyms import find_acronym, find_expansion
from evalkit.entities.variants.forms import (
    NEEDS_DIACRITIC,
    FormRule,
    Name,
    join_span,
)
from evalkit.entities.variants.institutions import find_with_generic_words
from evalkit.entities.variants.joint_names import find_joint, find_shared
from evalkit.entities.variants.korean import find_korean
from evalkit.entities.variants.letters import keeps_letters
from evalkit.entities.variants.unspaced import find_unspaced
from evalkit.types import NAME_TYPES

_SHORT_WORD = 4
"""Letters from which a string in capitals cannot be a common word, such as us and who."""
_LONG_PLACE = 6
"""Letters from which the name of a place is unlikely to be a common word as well."""
_MOST_JOINED = 4
"""Words of a hypothesis that may be one word in the reference."""
_SIGNS = str.maketrans({"‘": "'", "’": "'", "ʼ": "'", "‐": "-", "‑": "-"})


def find_variants(name: Name, text: Text) -> Iterator[tuple[int, int, MatchingRule]]:
    """Find the accepted forms of a name that are not rejected spellings.

    Yields:
        First and last position of the words, last exclusive, and the rule. Spans may overlap. Each comes
        once, with the first rule that accepts it.
    """
    seen: set[tuple[int, int]] = set()
    for first, last, rule in _find_all(name, text):
        if (first, last) not in seen and not _is_rejected(name, text, first, last):
            seen.add((first, last))
            if not rule or keeps_letters(name, text, first, last):
                yield first, last, rule


def _find_all(name: Name, text: Text) -> Iterator[tuple[int, int, MatchingRule]]:
    yield from _find_listed(name, text, name.forms)
    if is_inflected(name.rules.target.tag):
        yield from _find_inflected(name, text)
    if name.rules.target.has_spaces:
        yield from _find_joined(name, text)
        yield from find_acronym(name, text)
        yield from find_expansion(name, text)
        if name.type != "PER":
            yield from find_with_generic_words(name, text)
            yield from _find_interrupted(name, text)
            yield from ((first, last, "generic") for first, last in find_shared(name, text))
        else:
            yield from ((first, last, "short") for first, last in find_joint(name, text))
    else:
        yield from find_unspaced(name, text)
    if name.rules.target.code == "ko":
        yield from find_korean(name, text)
    yield from _find_listed(name, text, name.well_known)
    if is_inflected(name.rules.target.tag):
        yield from _find_well_known_inflected(name, text)


def _find_well_known_inflected(name: Name, text: Text) -> Iterator[tuple[int, int, MatchingRule]]:
    """Find the words of a well-known form with other endings."""
    for form, form_rule in name.well_known:
        for stem in list_stems(form[0], name.rules.target.tag):
            for first in text.stems.get(stem, ()):
                last = first + len(form)
                words = text.folded[first:last]
                if is_same_name_inflected(form, words, name.rules.target.tag):
                    is_small = form in name.rules.known.lower_case  # в минфине
                    rule = form_rule if is_small else _choose_rule(name, text, first, last, form_rule)
                    if rule is not None:
                        yield first, last, rule


def _is_rejected(name: Name, text: Text, first: int, last: int) -> bool:
    """Whether a span is a rejected spelling, or part of one."""
    if not name.reject:
        return False
    return any(
        join_span(text, start, end) in name.reject
        for start in range(max(0, last - name.longest_reject), first + 1)
        for end in range(last, min(len(text.tokens), start + name.longest_reject) + 1)
    )


def _find_listed(
    name: Name, text: Text, forms: Iterable[tuple[Words, FormRule]]
) -> Iterator[tuple[int, int, MatchingRule]]:
    """Find the words of an accepted form, in any romanisation."""
    for form, form_rule in forms:
        size = len(form)
        for first in text.positions.get(form[0], ()):
            if text.normalised[first : first + size] == form:
                rule = _choose_rule(name, text, first, first + size, form_rule)
                if rule is not None:
                    yield first, first + size, rule


def _choose_rule(name: Name, text: Text, first: int, last: int, rule: FormRule) -> MatchingRule | None:
    """The rule that accepts a span with the normalised words of a form; None if the span is not a name."""
    tokens, written = text.tokens[first:last], text.written(first, last)
    is_part = name.type == "LOC" and set(text.words(first, last)) < set(name.words)
    if rule == "alias" and is_part and text.continues_name(last):
        return None  # Rio for Rio de Janeiro, but not in Rio Grande
    if rule == "short" and _is_the_title(text, first, last):
        return None
    if rule and rule != NEEDS_DIACRITIC and written in name.as_written:
        return rule
    if rule in ("demonym", "alias") and text.words(first, last) in text.rules.known.lower_case:
        return rule
    if _is_lower_case(name, text, first, last) or _is_opening_pronoun(name, text, first, last):
        return None
    if rule == NEEDS_DIACRITIC:
        return "diacritic" if expand_digraphs(written) != written else None
    if rule:
        is_name = tokens[0].nameable or tokens[-1].nameable or name.text[0].islower()
        is_name = is_name or (rule == "short" and _is_surname_in_lower_case(text, first))
        return rule if is_name else None
    return _compare_spelling(name, text, first, last)


def _is_the_title(text: Text, first: int, last: int) -> bool:
    """Whether an article makes a surname a title: Stephen King, the King."""
    before, lists = text.token_before(first), text.rules.words
    is_title = last == first + 1 and text.folded[first] in lists.titles
    articles = lists.articles or {"the"}
    return is_title and before is not None and before.folded in articles


def _is_lower_case(name: Name, text: Text, first: int, last: int) -> bool:
    """Whether a span is in lower case although the name is not.

    In a text without any capitals, only short acronyms need capitals: us is not US.
    """
    if any(token.nameable for token in text.tokens[first:last]) or name.text[0].islower():
        return False
    is_short = len(text.written(first, last)) < _SHORT_WORD
    return not text.uncased or (name.text.isupper() and is_short)


def _is_surname_in_lower_case(text: Text, first: int) -> bool:
    """Whether no given name of somebody else can be before a surname in a text without capitals."""
    if not text.uncased:
        return False
    before, lists = text.token_before(first), text.rules.words
    return (
        before is None or before.folded in lists.openers | lists.never_given | lists.saying - lists.names_too
    )


def _is_opening_pronoun(name: Name, text: Text, first: int, last: int) -> bool:
    """Whether a short word only opens a sentence, and is not the acronym: Us is not US."""
    letters = text.written(first, last).replace(".", "")
    is_short = len(text.written(first, last)) < _SHORT_WORD
    return is_short and letters != letters.upper() and name.text.isupper() and text.starts_sentence(first)


def _compare_spelling(name: Name, text: Text, first: int, last: int) -> MatchingRule | None:
    """How a span with the normalised words of the name itself differs from it; None if it is not a name."""
    written = text.written(first, last)
    if _unify_signs(written).rstrip(".") == _unify_signs(name.text).rstrip("."):
        return ""
    if text.words(first, last) != name.words:
        return "translit" if text.tokens[first].nameable else None
    if written.casefold() == name.text.casefold():
        return "case"
    in_text = "".join(token.text for token in text.tokens[first:last])
    in_name = "".join(token.text for token in tokenize(name.text, name.rules.target.tag))
    same_letters = in_text.replace(".", "").casefold() == in_name.replace(".", "").casefold()
    return "spacing" if same_letters else "diacritic"


def _unify_signs(text: str) -> str:
    """Unify apostrophes, hyphens and spaces, which readers do not notice."""
    return " ".join(text.translate(_SIGNS).split())


def _find_inflected(name: Name, text: Text) -> Iterator[tuple[int, int, MatchingRule]]:
    """Find the words of an accepted form with other endings, in lower case only if they are unlikely others."""
    for form, form_rule in name.folded_forms:
        rule: MatchingRule = "diacritic" if form_rule == NEEDS_DIACRITIC else form_rule or "inflection"
        size = len(form)
        for first in text.find_inflected(form[0]):
            if not text.tokens[first].nameable and not _may_be_lower(name, size):
                continue
            if rule == "short" and _is_the_title(text, first, first + size):
                continue
            words = text.folded[first : first + size]
            if size == 1 or is_same_name_inflected(form, words, name.rules.target.tag):
                yield first, first + size, rule


def _may_be_lower(name: Name, size: int) -> bool:
    """Whether a form of so many words is the name in lower case too: в москве, but not в орле."""
    if name.text[0].islower():
        return True
    is_long_place = name.type == "LOC" and size == 1 and len(name.text) >= _LONG_PLACE
    return is_long_place or (name.type not in NAME_TYPES and size > 1)


def _find_joined(name: Name, text: Text) -> Iterator[tuple[int, int, MatchingRule]]:
    """Find the name with words joined or split: Hong Kong, Hongkong.

    Khaled Azia is not Khaleda Zia: either the name or the text must have all word boundaries of the other, in
    letters from the beginning.
    """
    own = name.forms[0][0]
    yield from _find_joined_words(name.words, name.beginnings, text.folded, text.positions_of_folded, text)
    if own != name.words:
        yield from _find_joined_words(own, name.own_beginnings, text.normalised, text.positions, text)


def _find_joined_words(
    own: Words, beginnings: frozenset[str], words: Words, positions: Mapping[str, Sequence[int]], text: Text
) -> Iterator[tuple[int, int, MatchingRule]]:
    whole, in_name = "".join(own), frozenset(accumulate(map(len, own)))
    starts = sorted(beginnings & positions.keys(), key=len)
    for first, last in _find_letters(text, whole, starts, words, positions):
        in_text = frozenset(accumulate(map(len, words[first:last])))
        if in_text != in_name and (in_text < in_name or in_name < in_text):
            yield first, last, "spacing"


def _find_letters(
    text: Text, whole: str, starts: Iterable[str], words: Words, positions: Mapping[str, Sequence[int]]
) -> Iterator[tuple[int, int]]:
    """Find the spans that could be a name and that, written as one word, are a given word.

    Args:
        starts: the words of the text that the whole word begins with.
    """
    for beginning in starts:
        for first in positions[beginning]:
            if not text.tokens[first].nameable:
                continue
            letters, last = beginning, first + 1
            while len(letters) < len(whole) and last < len(words) and last - first < _MOST_JOINED:
                letters += words[last]
                last += 1
            if letters == whole:
                yield first, last


def _find_interrupted(name: Name, text: Text) -> Iterator[tuple[int, int, MatchingRule]]:
    """Find the words of the name in order, with one small word too many: "Buenos from Aires"."""
    if len(name.words) < 2:
        return
    size = len(name.words) + 1
    for first in text.positions.get(text.rules.normalise(name.words[0]), ()):
        for extra in range(first + 1, min(first + size - 1, len(text.tokens))):
            is_small = text.folded[extra] in text.rules.words.openers and not text.tokens[extra].capitalised
            if is_small and text.words(first, extra) + text.words(extra + 1, first + size) == name.words:
                yield first, first + size, "reorder"
