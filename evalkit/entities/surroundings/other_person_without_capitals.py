"""Whether the word beside a surname is somebody else's given name, in scripts without capitals.

Every word could be a given name there. These say that it is none: it is a listed word (a title, a verb before
its subject), has the form of another word (the Arabic article, a Korean particle), is elsewhere in the
document, or is where the reference has another word. These say that it is one: it is similar to the given name
of the reference, belongs to another person of the document, or is where the reference has the given name.
Without any of them, it counts as a given name: a wrong name accepted is worse than a right one refused.
"""

from __future__ import annotations

import re
from functools import cache

from evalkit.entities.assignment import Span
from evalkit.entities.document import Document
from evalkit.entities.language.inflection import is_same_inflected
from evalkit.entities.language.rules import JOINED_BEFORE, Rules, is_listed
from evalkit.entities.similarity import token_similarity
from evalkit.entities.surroundings.unspaced_neighbours import is_other_unspaced
from evalkit.entities.text import Text
from evalkit.entities.variants.forms import Name

_HAMZA = re.compile("[وفبلك]?[أإآ]ل")
"""Alif with hamza and l, not the article: ألان, ألبرت. Folded words do not have the hamza."""
_SIMILAR = 0.6
"""Least similarity of a given name that is misspelled."""
_SHORT_SURNAME = {"ar": 2, "hi": 2}
"""Most letters of a surname that needs a title, because it could be a word: Hindi शी, Arabic شي."""
_LEAST_STEM = 2
"""Fewest letters of a word of the reference with which an ordinary word begins."""


def is_other_without_capitals(document: Document, index: int, span: Span) -> bool:
    """Whether the words around a form of a person's name make it the name of another person."""
    if not document.rules.target.has_spaces:
        return is_other_unspaced(document, index, span)
    name, text = document.names[index], document.hypotheses[span.segment]
    is_whole = "".join(name.words) in "".join(document.words(span))
    if not name.given or is_whole or span.last - span.first >= len(name.words):
        return False
    if name.surname_first:
        if _is_form(name.words[0], text.folded[span.first], document.rules):
            return _has_other_name_after(document, index, span)
    elif _has_given_name(document, index, span):
        return False
    before, after = _find_before(text, span.first), text.token_after(span.last)
    in_reference = document.occurrences[index].text.vocabulary  # Modi went to the hospital
    if after is not None and is_listed(after.folded, text.rules.words.named_after - in_reference, text.rules):
        return True
    if before and text.folded[before] in text.rules.words.compound_ends:
        before -= 1  # the Nur of Nur al-Din
    if before is None or _begins_with_another_word(text, name, span.first):
        return False
    if is_listed(text.folded[before], text.rules.words.named_after, text.rules):
        return True
    if _HAMZA.match(text.tokens[before].text):
        return not _fits_given(document, index, text.normalised[before])
    if _fits_given(document, index, text.normalised[before]) or _has_middle_name(
        document, index, text, before
    ):
        return False
    return not _is_ordinary(document, index, span, before)


def _has_given_name(document: Document, index: int, span: Span) -> bool:
    """Whether a form has a full given name of the person."""
    inside, rules = document.normalised_words(span), document.rules
    return any(
        all(any(_is_form(part, word, rules) for word in inside) for part in given)
        for given in document.names[index].given
    )


def _has_middle_name(document: Document, index: int, text: Text, position: int) -> bool:
    """Whether a word is between the only given name of a person and the surname: Christine Blasey Ford."""
    if not position or len(document.names[index].all_given) != 1 or text.is_separate(position):
        return False
    return _fits_given(document, index, text.normalised[position - 1])


def _fits_given(document: Document, index: int, word: str) -> bool:
    return any(_is_form(part, word, document.rules) for part in document.names[index].all_given)


def _is_form(name: str, word: str, rules: Rules) -> bool:
    return name == word or is_same_inflected(name, word, rules.target.tag)


def _find_before(text: Text, first: int) -> int | None:
    """The position of the word before a name; None at its sentence's beginning. Particles are passed over."""
    while first and not text.is_separate(first) and not _follows_hyphen(text, first):
        first -= 1
        if text.folded[first] not in text.rules.words.particles:
            return first
    return None


def _follows_hyphen(text: Text, position: int) -> bool:
    """Whether a hyphen joins a word with the one before, as in a pair of names: Kim-Trump."""
    return text.text[text.tokens[position - 1].end : text.tokens[position].start] in ("-", "–", "‑")


def _begins_with_another_word(text: Text, name: Name, first: int) -> bool:
    """Whether a conjunction or preposition is written as one word with a surname, so that nothing precedes it.

    The Arabic article alone may follow a given name.
    """
    prefixes = JOINED_BEFORE.get(text.rules.target.code, ())
    word = text.normalised[first]
    surnames = (text.rules.normalise(part).removeprefix("ال") for part in name.words if part != word)
    return word not in text.rules.normalise_all(name.words) and any(
        word.endswith(surname) and word.removesuffix(surname).startswith(prefixes) for surname in surnames
    )


def _has_other_name_after(document: Document, index: int, span: Span) -> bool:
    """Whether a surname that comes first is without a title though short, or has another given name."""
    text, name = document.hypotheses[span.segment], document.names[index]
    words = text.rules.words
    before, after = text.token_before(span.first), text.token_after(span.last)
    has_title = any(
        token is not None and is_listed(token.folded, words.titles, text.rules) for token in (before, after)
    )
    if len(text.folded[span.first]) <= _SHORT_SURNAME.get(text.rules.target.code, 1) and not has_title:
        return True
    if after is None or text.normalised[span.first] != text.rules.normalise(name.words[0]):
        return False  # no given name follows a particle
    is_part = text.normalised[span.last] in name.all_given or _resembles_given(document, index, after.folded)
    return is_part or not _is_listed_or_said(document, after.folded)


def _resembles_given(document: Document, index: int, word: str) -> bool:
    return any(token_similarity(word, part) >= _SIMILAR for part in document.names[index].all_given)


def _is_ordinary(document: Document, index: int, span: Span, position: int) -> bool:
    """Whether the word before a surname is no given name."""
    text = document.hypotheses[span.segment]
    word = text.folded[position]
    if position and text.folded[position - 1] in text.rules.words.particles:
        return False  # the rest of a name: عبد الله
    others = document.given_names.get(text.normalised[position], set()) - {document.mentions[index].entity}
    if others or _is_ordinary_word(document, word):
        return not others
    if _resembles_given(document, index, word):
        return False
    return _is_elsewhere(document, span, position) or _is_in_place_of_another(document, index, span, position)


def _is_ordinary_word(document: Document, word: str) -> bool:
    """Whether a word is listed, has the form of another word than a name, or is known as one."""
    rules, lists = document.rules, document.rules.words
    has_shape = word not in lists.given_names and _ordinary_shapes(rules).fullmatch(word)
    return (
        bool(has_shape)
        or _is_listed_or_said(document, word)
        or _is_known_place(rules, word)
        or _begins_with_name(document, word)
    )


def _is_listed_or_said(document: Document, word: str) -> bool:
    """Whether a word is listed, or in the reference."""
    rules = document.rules
    is_letter = len(word) == 1 and rules.target.code != "ko"  # 존 is John
    return (
        is_letter or is_listed(word, rules.words.beside_names, rules) or (word,) in document.reference_phrases
    )


@cache
def _ordinary_shapes(rules: Rules) -> re.Pattern[str]:
    """The listed shapes of words that are no given names; * is for letters and ? for one letter."""
    shapes = (
        re.escape(shape).replace(r"\*", ".+").replace(r"\?", ".") for shape in rules.words.ordinary_shapes
    )
    return re.compile("|".join(shapes) or "(?!)")


def _is_known_place(rules: Rules, word: str) -> bool:
    return any(known.type == "LOC" for known in rules.known.find((word,)))


def _begins_with_name(document: Document, word: str) -> bool:
    """Whether a word derives from a place or an organisation of the document: 독일인."""
    return any(
        len(name.words) == 1 and len(name.words[0]) >= _LEAST_STEM and word.startswith(name.words[0])
        for name in document.names.values()
        if name.type != "PER"
    )


def _is_elsewhere(document: Document, span: Span, position: int) -> bool:
    """Whether the hypotheses of the document have a word elsewhere, before another word than the surname."""
    word, next_word = (document.hypotheses[span.segment].folded[at] for at in (position, position + 1))
    return any(
        text.folded[at] == word and text.folded[at + 1 : at + 2] != (next_word,)
        for text in document.hypotheses.values()
        if word in text.vocabulary
        for at in range(len(text.folded))
    )


def _is_in_place_of_another(document: Document, index: int, span: Span, position: int) -> bool:
    """Whether a word is where the reference has a verb or preposition before the whole name, which is gone.

    For "X G S" in the reference, G and S being the name, "Y S" has Y for X if the words before X and Y are the
    same, X is nowhere else, and no verb follows.
    """
    occurrence, text = document.occurrences[index], document.hypotheses[span.segment]
    reference, lists = occurrence.text, document.rules.words
    if not occurrence.first or reference.is_separate(occurrence.first):
        return False
    replaced, before = occurrence.word_before, reference.folded[: occurrence.first - 1][-1:]
    if replaced in text.vocabulary or not is_listed(
        replaced, lists.saying | lists.adpositions, document.rules
    ):
        return False
    after = text.token_after(span.last)
    has_verb_after = after is not None and is_listed(after.folded, lists.saying, document.rules)
    return text.folded[:position][-1:] == before and not has_verb_after
