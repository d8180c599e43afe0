"""Whether the words around a person's name make it the name of somebody else: Hunter Biden for Joe Biden.

The hypothesis and the reference are compared by `RULES`; the first one that applies decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from evalkit.entities.assignment import Span
from evalkit.entities.document import Document
from evalkit.entities.language.tokens import Words
from evalkit.entities.surroundings.name_words import is_given_to_others, looks_given
from evalkit.entities.surroundings.other_person_without_capitals import is_other_without_capitals
from evalkit.entities.surroundings.place import Place
from evalkit.entities.surroundings.written import Written
from evalkit.entities.variants.letters import keeps_letters
from evalkit.entities.variants.ordinals import find_ordinal
from evalkit.entities.variants.person_forms import may_reorder

_PATRONYMICS = frozenset({"ru", "uk", "be", "bg"})
"""Languages that write Путин Владимир Владимирович in documents."""
_PATRONYMIC = re.compile(r"(?:ич|вн|ичн)(?:а|у|ем|ом|е|і|ы|и|ой|ою|еві)?$")
_FAMILIES = {"ru": ("ых", "их", "ыми", "ими"), "uk": ("их", "ими"), "be": ("ых", "іх", "ымі", "імі")}
"""Endings of a surname that names a family, in other cases than the nominative."""
_PLURALS, _SURNAMES = ("ы", "и"), ("ов", "ев", "єв", "ин", "ын", "ін", "їн")
"""The ending in the nominative, after these endings of surnames."""
_FULL_GENERATION = {"jr": "junior", "sr": "senior"}
_LONGEST_PLACE = 3
"""Words of the longest place after a name."""


def is_other_person(document: Document, index: int, span: Span) -> bool:
    """Whether the words before or after a form make it the name of another person, or in the wrong order."""
    if document.names[index].type != "PER":
        return False
    written = Written(document, index, span)
    if not document.rules.target.has_capitals:
        return _has_other_number(written) or is_other_without_capitals(document, index, span)
    return find_rule(written).is_other


class Rule(NamedTuple):
    """How a name in a hypothesis differs from the one in the reference, and whether that makes it another."""

    examples: tuple[tuple[str, str], ...]
    """Hypothesis and reference."""
    applies: Callable[[Written], bool]
    is_other: bool


def find_rule(written: Written) -> Rule:
    """The first rule that applies."""
    return next(rule for rule in RULES if rule.applies(written))


def _has_other_number(written: Written) -> bool:
    numbers = _find_numbers(written)
    if numbers and _find_other_numbers(written) - numbers:
        return True
    after = written.text.token_after(written.span.last)
    if after is None or not after.text.isupper():
        return False
    # a single I is a pronoun, unless the reference has a number too
    return after.folded not in numbers and (
        after.folded in written.document.rules.words.numbered or (after.folded == "i" and bool(numbers))
    )


def _has_ordinal(written: Written) -> bool:
    return find_ordinal(written.text, written.span.last) in _find_numbers(written)


def _find_other_numbers(written: Written) -> set[str]:
    """The number before a form, as in II. Mehmed, and the one written as a word after it."""
    text, first = written.text, written.span.first
    numbers = {find_ordinal(text, written.span.last)}
    for token in text.tokens[max(first - 1, 0) : first]:
        is_number = token.folded in text.rules.words.numbered or token.text == "I"
        if is_number and token.text.isupper() and text.text.startswith(".", token.end):
            numbers.add(token.folded)
    return numbers - {""}


def _find_numbers(written: Written) -> set[str]:
    """The numbers in the name, or right after it in the reference."""
    occurrence = written.document.occurrences[written.index]
    reference = written.document.references[written.document.mentions[written.index].segment]
    words = {*written.name.words[1:], *reference.folded[occurrence.last : occurrence.last + 1]}
    numbers = {person.number for person in written.name.persons} - {""}
    return numbers | (words & {*written.document.rules.words.numbered, "i"})


def _has_other_generation(written: Written) -> bool:
    lists, after = written.document.rules.words, written.text.token_after(written.span.last)
    if after is None or after.folded not in lists.generations - lists.numbered:
        return False
    numbers = {_FULL_GENERATION.get(person.number, person.number) for person in written.name.persons} - {""}
    own = _FULL_GENERATION.get(after.folded, after.folded)
    return own not in numbers if numbers else bool(written.name.given)


def _has_other_place(written: Written) -> bool:
    text, last = written.text, written.span.last
    last += int(any(token.folded in text.rules.words.numbered for token in text.tokens[last : last + 1]))
    places = {written.document.rules.normalise_all(person.place) for person in written.name.persons}
    after = text.token_after(last)
    if not any(places) or after is None or after.folded not in written.document.rules.words.before_place:
        return False
    written_places = (text.normalised[last + 1 : last + 1 + size] for size in range(1, _LONGEST_PLACE + 1))
    return places.isdisjoint(written_places)


def _is_unknown(written: Written) -> bool:
    return not written.name.persons and not _has_given_name_of_others(written)


def _has_given_name_of_others(written: Written) -> bool:
    return any(
        is_given_to_others(Place(written.document, written.index, written.span, position, step))
        for positions, step in ((written.positions_before[:1], -1), (written.positions_after[:1], 1))
        for position in positions
    )


def _has_initials_after(written: Written) -> bool:
    after = written.after
    return (
        bool(after)
        and all(len(word) == 1 for word in after)
        and written.fits(after[0], written.name.all_given)
    )


def _has_patronymic_after(written: Written) -> bool:
    if written.document.rules.target.code not in _PATRONYMICS or len(written.after) < 2:
        return False
    given, patronymic = written.after[0], written.text.folded[written.positions_after[1]]
    return written.fits(given, written.name.all_given) and bool(_PATRONYMIC.search(patronymic))


def is_family(document: Document, index: int, span: Span) -> bool:
    """Whether a form has the plural of a surname, which names a family: Ивановых, Ивановы for Иванов."""
    endings = _FAMILIES.get(document.rules.target.code, ())
    if not endings or document.names[index].type != "PER":
        return False
    form, own = document.words(span)[-1], document.names[index].words[-1]
    is_nominative = form[:-1] == own and form.endswith(_PLURALS) and own.endswith(_SURNAMES)
    return is_nominative or (form.endswith(endings) and not own.endswith(endings))


def _has_other_letters(written: Written) -> bool:
    return not all(
        keeps_letters(written.name, written.text, position, position + 1)
        for position in (*written.positions_before, *written.positions_after)
    )


def _is_reordered(written: Written) -> bool:
    if len(written.inside) < len(written.name.words):
        return False  # the whole name is a form too
    return any(may_reorder(person, written.document.rules) for person in written.name.persons) and (
        _has_all_given_names(written, written.after) or _has_all_given_names(written, written.before)
    )


def _has_all_given_names(written: Written, words: Words) -> bool:
    """Whether words are all given names of a spelling, and nothing else."""
    return bool(words) and any(
        written.covers(given, words) and all(written.fits(word, given) for word in words)
        for given in written.name.given
    )


def _has_words_after(written: Written) -> bool:
    if not written.after:
        return False
    if not written.is_full or "none" in written.orders:
        return True
    first = Place(written.document, written.index, written.span, written.positions_after[0], 1)
    lists = written.document.rules.words
    is_noun = first.word in lists.place_nouns or first.word in lists.general_nouns
    is_place = is_noun and first.word not in lists.titles  # Kennedy Airport
    return is_place or first.word in written.name.person_words or looks_given(first)


def _has_surname_before(written: Written) -> bool:
    surname = written.name.person_words - written.name.all_given - {*written.inside}
    if written.orders == {"first"} and written.inside[0] not in written.name.all_given:
        return not written.name.all_given.isdisjoint(written.before)  # Jinping Xi
    return written.orders != {"first"} and not surname.isdisjoint(written.before)


def _is_hyphened(written: Written) -> bool:
    """Whether a word that the reference does not have is joined to a given name by a hyphen."""
    for position in written.positions_before:
        before, after = written.text.tokens[position : position + 2]
        is_joined = written.text.text[before.end : after.start] in ("-", "‐", "‑")
        is_own = written.text.normalised[position] in written.name.person_words
        if is_joined and not is_own and after.folded in written.name.all_given:
            return True
    return False


def _has_other_first(written: Written) -> bool:
    """Whether another given name is before the first one, and both are of those that are often two."""
    text, given = written.text, written.name.all_given
    own = [position for position in written.positions_before if text.normalised[position] in given]
    first = min((*own, written.span.first))
    before, paired = text.token_before(first), written.document.rules.words.paired_given
    if (
        before is None
        or text.normalised[first] not in given
        or not paired >= {before.folded, text.folded[first]}
    ):
        return False
    return text.normalised[first - 1] not in written.name.person_words


def _has_half_of_given(written: Written) -> bool:
    """Whether only one half of a given name with a hyphen is there: Luc Mélenchon for Jean-Luc Mélenchon."""
    words = (*written.before, *written.inside)
    return any(
        len({first, second} & {*words}) == 1 and not any(len(word) == 1 for word in words)
        for first, second in written.name.joined_given
    )


def _has_other_initials(written: Written) -> bool:
    given = written.name.all_given
    in_name = {word for word in given if len(word) == 1}
    of_given_names = written.initials - in_name
    in_text = [word for word in written.before if len(word) == 1 and word not in of_given_names]
    if not in_name or not in_text:
        return False
    orders = ([word for word in person.given_words if len(word) == 1] for person in written.name.persons)
    return {*in_text} != in_name or (len(in_text) > 1 and in_text not in orders)


def _has_given_and_more(written: Written) -> bool:
    words = (*written.before, *written.inside)
    return any(written.covers(given, words) for given in written.name.given)


def _has_fewer(written: Written) -> bool:
    given, before = written.name.all_given, written.before
    if before and all(len(word) == 1 for word in before):
        return written.fits(before[0], given)  # В. В. Путин
    return all(written.fits(word, given) for word in before)


def _stands_alone(written: Written) -> bool:
    return not written.before or written.is_full


def _has_others(written: Written) -> bool:
    return bool(written.before)


RULES = (
    Rule((("Charles II", "Charles III"),), _has_other_number, is_other=True),
    Rule((("Karl der Dritte", "Karl III"),), _has_ordinal, is_other=False),
    Rule((("Donald Trump Jr.", "Donald Trump"),), _has_other_generation, is_other=True),
    Rule((("Albert II of Belgium", "Albert II of Monaco"),), _has_other_place, is_other=True),
    Rule((("Steve Witkoff", "Witkoff"),), _is_unknown, is_other=False),
    Rule((("Jurgen Klopp", "Jürgen Klopp"),), _has_other_letters, is_other=True),
    Rule((("Путин В. В.", "Владимир Путин"),), _has_initials_after, is_other=False),
    Rule((("Путин Владимир Владимирович", "Владимир Путин"),), _has_patronymic_after, is_other=False),
    Rule((("Jinping Xi", "Xi Jinping"),), _is_reordered, is_other=False),
    Rule(
        (("Kennedy Center", "Robert Kennedy"), ("Biden Joe", "Joe Biden"), ("Xi Mingze", "Xi Jinping")),
        _has_words_after,
        is_other=True,
    ),
    Rule((("Ahmed Abiy", "Abiy Ahmed"),), _has_surname_before, is_other=True),
    Rule((("Jean-Marie Curie", "Marie Curie"),), _is_hyphened, is_other=True),
    Rule((("Anna Maria Silva", "Maria Silva"),), _has_other_first, is_other=True),
    Rule((("Luc Curie", "Jean-Luc Curie"),), _has_half_of_given, is_other=True),
    Rule((("Biden", "Joe Biden"), ("Minister Joe Biden", "Joe Biden")), _stands_alone, is_other=False),
    Rule((("George V. Bush", "George W. Bush"),), _has_other_initials, is_other=True),
    Rule((("Donald John Trump", "Donald Trump"),), _has_given_and_more, is_other=False),
    Rule(
        (("Mohammed al-Sudani", "Mohammed Shia al-Sudani"), ("J. Biden", "Joe Biden")),
        _has_fewer,
        is_other=False,
    ),
    Rule((("Hunter Biden", "Joe Biden"),), _has_others, is_other=True),
)
