"""The words beside a person's name that belong to it: the Hunter of Hunter Biden, not the President of President Biden.

A capitalised word next to a name belongs to it, unless one of the explanations in `_EXPLANATIONS` applies.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from evalkit.entities.assignment import Span
from evalkit.entities.document import Document
from evalkit.entities.language.agreement import has_other_case
from evalkit.entities.language.families import SLAVIC, TURKIC
from evalkit.entities.language.inflection import is_inflected, is_same_inflected
from evalkit.entities.language.lexicon import is_common
from evalkit.entities.language.rules import GENERIC
from evalkit.entities.language.syllables import is_east_asian_given
from evalkit.entities.language.word_lists import capitals_mark_names
from evalkit.entities.surroundings.dates import is_apart, is_date
from evalkit.entities.surroundings.place import Place
from evalkit.entities.text import Text, is_title_case

_LONGEST_RUN = 4
"""Most words before or after a name that are considered."""
SHORTEST_ACRONYM = 3
"""Letters from which a word in capitals is not a pair of initials."""
_LONGEST_MENTION = 4
"""Words of the longest other name that is looked for beside a name."""


def find_name_words(document: Document, index: int, span: Span, step: int) -> list[int]:
    """Find the words before (step -1) or after (step 1) a form that belong to the same name.

    Returns:
        Positions, the nearest first. Particles such as bin and von are passed over.
    """
    text = document.hypotheses[span.segment]
    run: list[int] = []
    position = span.last if step > 0 else span.first - 1
    while 0 <= position < len(text.tokens) and len(run) < _LONGEST_RUN:
        if text.is_separate(max(position, position - step)):
            break
        place = Place(document, index, span, position, step)
        if not _is_particle(place):
            if not _belongs(place):
                break
            run.append(position)
        position += step
    return run


def _is_particle(place: Place) -> bool:
    """Whether a word is a particle: in lower case, or one of the name itself. Ben and Van may be given names."""
    lists = place.text.rules.words
    if place.word not in lists.particles:
        return False
    own = place.word in lists.arabic_articles or place.word in place.name.person_words
    return own or not place.token.capitalised


def _belongs(place: Place) -> bool:
    """Whether a word belongs to the name beside it."""
    if not place.token.nameable or not place.token.text[0].isalpha():
        return False
    if len(place.token.text) == 1 and place.token.text.islower():
        return False  # г-н
    if _is_after_hyphen(place):
        return False
    if place.step > 0 and place.word in place.text.rules.words.generations:
        return False
    is_own = place.normalised in place.name.person_words and not is_apart(place)
    if is_own or _is_initial(place) or _is_rank(place):
        return True
    return not any(explanation.applies(place) for explanation in _EXPLANATIONS)


def _is_after_hyphen(place: Place) -> bool:
    """Whether a word in lower case before a name ends a compound: 51-year-old Haley, but not Ki-moon Ban."""
    if place.step > 0 or not place.token.text[0].islower() or place.normalised in place.name.person_words:
        return False
    return not is_east_asian_given((place.word,), place.text.rules.words)


def _is_initial(place: Place) -> bool:
    """Whether a word before a name is an initial, and not a title (M.) or an article (A)."""
    lists, is_abbreviated = place.text.rules.words, place.text.text[place.token.end :].startswith(".")
    if place.step > 0 or len(place.word) > 1 or place.word in lists.titles:
        return False
    return is_abbreviated or place.word not in lists.openers


class _Explanation(NamedTuple):
    """Why a capitalised word beside a name does not belong to it."""

    example: str
    applies: Callable[[Place], bool]


def _is_other_mention(place: Place) -> bool:
    """Whether another name of the test set ends, or begins, with a word; a given name alone is not enough."""
    text, step = place.text, place.step
    for size in range(_LONGEST_MENTION, 0, -1):
        first = place.position if step > 0 else place.position - size + 1
        form = text.normalised[max(first, 0) : first + size]
        others = place.document.owners.get(form, frozenset()) - {
            place.document.mentions[place.mention].entity
        }
        if len(form) == size and others and (size > 1 or not is_given_to_others(place)):
            return True
    return False


def is_given_to_others(place: Place) -> bool:
    """Whether a word is a given name of other persons in the document."""
    persons = place.document.given_names.get(place.normalised, set())
    return bool(persons - {place.document.mentions[place.mention].entity})


def _is_rank(place: Place) -> bool:
    """Whether a word is a title that comes before given names, but is before a surname: Prince Farouki."""
    lists, before = place.text.rules.words, place.text.token_before(place.position)
    if place.step > 0 or place.word not in lists.before_given or not place.name.given:
        return False
    has_title_before = before is not None and before.folded in lists.titles - lists.openers  # Crown Prince
    return not has_title_before and not _is_in_reference(place)


def _is_title(place: Place) -> bool:
    """Whether a word is a title or a party: President Biden, Republican Trump."""
    rules = place.text.rules
    if place.word in rules.words.names_too - rules.words.before_given and rules.target.code != "en":
        return False
    return place.word in rules.words.parties or rules.is_title(place.word)


def _is_occupation(place: Place) -> bool:
    """Whether an English word before a name has an ending of words for occupations, which given names have not."""
    lists, language = place.text.rules.words, place.text.rules.target.code
    return place.step < 0 and language == "en" and place.word.endswith(tuple(lists.not_given_endings))


def _is_in_reference(place: Place) -> bool:
    """Whether the reference has a word too, in lower case or beside the name; after a name, anywhere."""
    if is_given_to_others(place):
        return False
    document, word, language = place.document, place.normalised, place.text.rules.target.tag
    reference = document.references[place.span.segment]
    positions: Sequence[int] = reference.positions.get(word, ())
    if not positions and is_inflected(language):
        positions = [
            position
            for position, other in enumerate(reference.normalised)
            if is_same_inflected(other, word, language)
        ]
    return any(place.step > 0 or _is_beside(place, reference, position) for position in positions)


def _is_beside(place: Place, reference: Text, position: int) -> bool:
    """Whether a word of the reference is in lower case or beside the mention, so that it names nobody else."""
    if not reference.tokens[position].capitalised:
        return True
    if place.document.mentions[place.mention].segment != place.span.segment:
        return False
    occurrence = place.document.occurrences[place.mention]
    return position in (occurrence.first - 1, occurrence.last)


def _opens_sentence(place: Place) -> bool:
    """Whether a word may be capitalised only because a sentence begins with it.

    It counts as a name if the reference has a given name as well, or, in English, if it is not common.
    """
    if place.step > 0 or is_given_to_others(place) or not place.text.starts_sentence(place.position):
        return False
    document, language = place.document, place.text.rules.target.code
    is_question = "?" in place.text.text[place.token.end :]
    if place.word in place.text.rules.words.names_too and not is_question:
        return False
    if language != "en" and place.text.is_ordinary(place.position):
        return True
    if _differs_in_case(place):
        return True
    is_unlikely_word = not is_common(place.word, language) if language == "en" else bool(place.name.given)
    is_name = len(place.name.words) > 1 or is_unlikely_word
    return not is_name or place.word in document.lower_case


def _differs_in_case(place: Place) -> bool:
    """Whether a word cannot be a given name because it has another case than the surname: Визит Путина."""
    if place.text.rules.target.code not in SLAVIC:
        return False
    return has_other_case(place.word, place.text.folded[place.span.last - 1], place.name.words)


def _is_noun_before(place: Place) -> bool:
    """Whether a word before a name is a noun, where all nouns have capitals."""
    return place.step < 0 and place.text.is_noun(place.position)


def _is_place_of_title(place: Place) -> bool:
    """Whether a word is the place that belongs to a title before it."""
    before = place.text.token_before(place.position)
    if place.step > 0 or before is None or not place.text.rules.is_title(before.folded):
        return False
    return any(known.type == "LOC" for known in place.text.rules.known.find((place.word,)))


def _is_place_inside(place: Place) -> bool:
    """Whether a word is a place because of the preposition before it: En París Messi marcó."""
    before = place.text.token_before(place.position)
    if place.step > 0 or before is None or before.folded not in place.text.rules.words.inside:
        return False
    return any(known.type == "LOC" for known in place.text.rules.known.find((place.word,)))


def _has_suffix(place: Place) -> bool:
    """Whether a word has a suffix after an apostrophe, as given names have not: CHP'li Özel, Irak'ta Sudani."""
    return place.step < 0 and place.text.rules.target.code in TURKIC and "'" in place.token.text


def _is_people(place: Place) -> bool:
    """Whether a word says where a person is from."""
    if place.step > 0 or place.word in place.text.rules.words.names_too:
        return False
    return bool(place.text.rules.known.find_places_of_people((place.word,)))


def _is_acronym(place: Place) -> bool:
    """Whether a word is the acronym of an office or an organisation."""
    letters, surname = place.token.text, place.text.tokens[place.span.first].text
    is_capital = letters.isupper() and letters.isalpha() and len(letters) >= SHORTEST_ACRONYM
    return is_capital and not surname.isupper() and not is_title_case(place.text)


def _is_small_word(place: Place) -> bool:
    """Whether a word is a preposition or the like, which headlines capitalise."""
    lists = place.text.rules.words
    is_listed = place.word in lists.common_words or place.word in lists.function_words
    is_small = is_listed and place.word not in lists.names_too
    return place.step < 0 and is_small and not place.text.is_initial(place.position)


def looks_given(place: Place) -> bool:
    """Whether a word after a surname that comes first looks like a given name: Xi Mingze, but not Xi Visits."""
    is_first = any(person.order in ("first", "either") for person in place.name.persons)
    return is_first and place.token.capitalised and is_east_asian_given((place.word,), place.text.rules.words)


def _is_noun_after(place: Place) -> bool:
    """Whether a capital after a name says nothing: nouns in German, headlines, scripts without capitals."""
    if place.step < 0 or is_given_to_others(place) or looks_given(place):
        return False
    capitals_say_nothing = not capitals_mark_names(place.text.rules.target.tag) or is_title_case(place.text)
    is_opener = place.word in place.text.rules.words.openers and not place.text.is_initial(place.position)
    if capitals_say_nothing or is_opener:
        return True
    return not place.token.capitalised  # Kishida-san, Biden-era


def _begins_other_name(place: Place) -> bool:
    """Whether a word after a surname is a place by itself, or has a Turkish ending after an apostrophe.

    Such endings follow the last word of a name: Fidan Viyana'ya gitti. Biden Foundation is no person.
    """
    document, position = place.document, place.position
    if place.step < 0 or place.position != place.span.last:
        return False
    generic = place.text.parts[position : position + 2]
    if any(part.startswith(GENERIC) for part in generic):
        return False
    if document.rules.target.code in TURKIC and "'" in place.token.text.strip("'"):
        return True
    return any(known.type == "LOC" for known in document.known.find((place.word,)))


_EXPLANATIONS = (
    _Explanation("Macron Biden traf: another mention is beside it", _is_other_mention),
    _Explanation("Fidan Viyana'ya gitti; told Biden Georgia needs help", _begins_other_name),
    _Explanation("President Biden", _is_title),
    _Explanation("Novelist Oe", _is_occupation),
    _Explanation("On Sunday Biden", is_date),
    _Explanation("Talks With Biden", _is_small_word),
    _Explanation("Smiling Biden, still smiling", _opens_sentence),
    _Explanation("CHP'li Özel", _has_suffix),
    _Explanation("En París Messi marcó", _is_place_inside),
    _Explanation("Канцлер Германии Шольц", _is_place_of_title),
    _Explanation("der Besuch Macrons", _is_noun_before),
    _Explanation("Team Biden, if the reference has Team", _is_in_reference),
    _Explanation("American Biden", _is_people),
    _Explanation("CEO Cook", _is_acronym),
    _Explanation("traf Scholz Vertreter", _is_noun_after),
)
