"""Whether a word beside a person's name is a date: June Carter, but in June Betsy Carter sang."""

from __future__ import annotations

from evalkit.entities.surroundings.place import Place


def is_date(place: Place) -> bool:
    """Whether a word is of the calendar: on Sunday, but not Sunday at the beginning."""
    lists = place.text.rules.words
    if place.word not in lists.calendar:
        return False
    if is_apart(place):
        return True
    in_reference = place.normalised in place.document.references[place.span.segment].positions
    if not lists.before_dates and place.word in lists.names_too:
        return _is_date_by_word_before(place)  # Julio Iglesias
    if place.step > 0 or not lists.before_dates or in_reference:
        return True
    if place.position == 0:
        return False
    before = place.text.tokens[place.position - 1]
    return before.folded in lists.before_dates | lists.calendar or before.text[0].isdigit()


def _is_date_by_word_before(place: Place) -> bool:
    """Whether a small word or a number makes a date of a word that is a given name too: im August, 3. August."""
    lists, before = place.text.rules.words, place.text.tokens[max(place.position - 1, 0)]
    is_small = before.folded in lists.function_words | lists.adpositions | lists.articles
    return place.position > 0 and (is_small or before.text[0].isdigit())


def is_apart(place: Place) -> bool:
    """Whether a given name of the person is another word here, apart from the surname.

    In June Betsy Carter sang, for June Carter; Will Maggie Smith win? for Will Smith.
    """
    lists, before = place.text.rules.words, place.text.token_before(place.position)
    if place.position + 1 >= place.span.first:
        return False
    if place.word in lists.names_too and place.text.starts_sentence(place.position):
        return "?" in place.text.text[place.token.end :]
    is_date = place.word in lists.calendar
    return is_date and before is not None and before.folded in lists.before_dates
