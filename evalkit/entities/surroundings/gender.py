"""Whether a surname has the endings of the other gender: Захаров for Мария Захарова, Навальная for Навальный.

The gender of the person in the reference must be clear: Захарова is a woman, or the genitive of Захаров.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from evalkit.entities.assignment import Span
from evalkit.entities.document import Document
from evalkit.entities.variants.persons import PersonName


class _Endings(NamedTuple):
    """Endings of surnames in a language."""

    feminine: re.Pattern[str]
    """In the nominative."""
    is_clear: re.Pattern[str]
    """Those of them that are no case of a masculine surname."""
    masculine: re.Pattern[str]
    """In the nominative."""
    only_feminine: re.Pattern[str]
    """In any case, of no masculine surname."""
    only_masculine: re.Pattern[str]


_ENDINGS = {
    "ru": _Endings(
        feminine=re.compile(r"(?:[оеё]ва|[иы]на|[цс]кая|ная)$"),
        is_clear=re.compile(r"ая$"),
        masculine=re.compile(r"(?:[оеё]в|[иы]н|[цс]кий|ный)$"),
        only_feminine=re.compile(r"(?:ая|ую|[оеё]вой|[иы]ной|[цс]кой|ной)$"),
        only_masculine=re.compile(r"(?:[оеё]в|[иы]н|(?:[оеё]в|[иы]н)(?:ым|е)|[иы]й|ого|ому|[иы]м|ом)$"),
    ),
    "uk": _Endings(
        feminine=re.compile(r"(?:[оеє]ва|[иії]на|[цс]ька|на)$"),
        is_clear=re.compile(r"[цс]ька$"),
        masculine=re.compile(r"(?:[оеє]в|[иії]н|[цс]ький|ний)$"),
        only_feminine=re.compile(r"(?:[оеє]вою|[иії]ною|[цс]ьк(?:а|у|ої|ою)|[оеє]вої|[иії]ної)$"),
        only_masculine=re.compile(r"(?:[оеє]в|[иії]н|(?:[оеє]в|[иії]н)(?:им|ом|ові)|ий|ого|ому)$"),
    ),
}
_INDECLINABLE = {"ru": re.compile("ко$")}
"""Endings of surnames without cases, by language: Кличко, but Кличка is another name."""


def has_other_gender(document: Document, index: int, span: Span) -> bool:
    """Whether the last word of a form is a surname of the other gender, or of nobody."""
    code, name = document.rules.target.code, document.names[index]
    if name.type != "PER" or code not in _ENDINGS:
        return False
    form, persons = document.words(span)[-1], name.persons
    own = {person.surname[-1] for person in persons if person.surname}
    if form in own:
        return False
    if code in _INDECLINABLE and any(map(_INDECLINABLE[code].search, own)):
        return form[:-1] in {word[:-1] for word in own}
    return any(_is_contrary(person, form, code, document) for person in persons)


def _is_contrary(person: PersonName, form: str, code: str, document: Document) -> bool:
    """Whether a surname has an ending that the gender of a person excludes."""
    if not person.surname or not person.given_words:
        return False
    endings, own = _ENDINGS[code], person.surname[-1]
    if endings.masculine.search(own):
        return bool(endings.only_feminine.search(form))
    is_woman = person.given_words[0] in document.rules.words.feminine_given
    is_clear = bool(endings.is_clear.search(own)) or (is_woman and bool(endings.feminine.search(own)))
    return is_clear and bool(endings.only_masculine.search(form))
