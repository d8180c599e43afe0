"""Cleaning the spans that a model finds: trimming them to the name, and dropping those that are not names.

In all languages, quotes, brackets and punctuation around a name are removed. Numbers, addresses, hashtags and
spans without a capital letter are dropped, and so are texts that are all capitals. In English, articles,
titles and possessives are removed as well, and days, months, units and currencies are dropped.
"""

from __future__ import annotations

import re

from evalkit.entities.language.tokens import Token, tokenize
from evalkit.entities.language.word_lists import is_english, words_of
from evalkit.languages.registry import has_spaces
from evalkit.types import EntityType

_ENGLISH = words_of("en")
VERSION = 1
"""Version of all rules in `evalkit.ner`, for the signature. Raise it with every change that adds or removes
mentions."""

_PUNCTUATION = "\"'“”„‟«»‹›‘’‚`´″()[]{}<>,;:.!?¡¿…–—-−*•|/\\、。，；：！？「」『』《》（）［］【】·"
_OPENING_BRACKETS = {")": "(", "]": "[", "}": "{", "\uff09": "\uff08", "\u3011": "\u3010"}
_ABBREVIATED = re.compile(r"(?:^|[\s.])(?:\w\.)+$|\b(?:Inc|Corp|Co|Ltd|Bros|Jr|Sr|St|Mt|Dept)\.$")
"""A final full stop that belongs to the name: U.S., Acme Inc."""
_POSSESSIVE = re.compile(r"['’ʼ][sS]$|(?<=[sS])['’ʼ]$")
_ADDRESS = re.compile(r"://|^www\.|@|^#")
_NUMBERED_DOCUMENT = re.compile(r"\w+\s+(?:No\.?\s*)?[\d][\d.,/:–-]*\w?")
"""Bill 7176, Article 5."""

_UNITS = frozenset(
    (
        "uah usd eur gbp rub cny jpy chf pln try inr kzt sek nok dkk czk huf ron bgn gel amd azn byn ils "
        "sar aed egp krw brl mxn zar cad aud nzd dollar dollars euro euros hryvnia hryvnias hryvnya ruble "
        "rubles rouble roubles yuan yen renminbi pound pounds sterling franc francs rupee rupees lira zloty "
        "zlotys tenge shekel shekels dirham dirhams riyal riyals rial rials dinar dinars cent cents krona "
        "kronor krone kroner won km kmh kg mg mm cm ml kw mw gw tw kwh mwh gwh twh ha hectare hectares mph "
        "celsius fahrenheit percent am pm gmt utc cet cest eet eest msk est edt pst pdt bst ist bn mln "
        "million billion trillion"
    ).split()
)
_NUMBERS = frozenset(
    (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred "
        "thousand first second third fourth fifth sixth seventh eighth ninth tenth"
    ).split()
)
_FEASTS = frozenset("day days week month year eve".split())
"""Last words of the names of feasts: Navy Day."""
_PERSONS_AND_MONTHS = frozenset(["may", "april", "june", "august"])
"""Months that are also names of persons. They are kept if the model finds a person."""
_PARTS_OF_NAMES = frozenset("and new st saint first second then us uk eu un".split())
"""Words in the list of titles that may be the beginning of the name: Saint Nicholas."""
_WITHIN_TITLES = frozenset("of the state for affairs and".split())
"""Secretary of State, Minister of Foreign Affairs."""
_NOT_NAMES = _ENGLISH.calendar | _UNITS | _NUMBERS | _WITHIN_TITLES
"""Words that alone are not names."""


def trim(text: str, start: int, end: int, type_: EntityType, language: str) -> tuple[int, int] | None:
    """Trim a span to the name in it.

    Args:
        text: the text.
        start: character offset of the span.
        end: the same, exclusive.
        type_: of the name, as the model has it.
        language: of the text.

    Returns:
        The offsets of the name, or None if the span is not a name.
    """
    if _is_in_address(text, start, end):
        return None
    english = is_english(language)
    before = None
    while before != (start, end):
        before = start, end
        start, end = _trim_punctuation(text, start, end)
        if english:
            start, end = _trim_english(text, start, end, type_, language)
    return (start, end) if start < end and _is_name(text[start:end], type_, language) else None


def is_all_capitals(text: str) -> bool:
    """Whether a text of several words is all capitals, so that capitals do not show which words are names."""
    words = [word for word in re.findall(r"[^\W\d_]+", text) if word.upper() != word.lower()]
    return len(words) > 1 and all(word.isupper() for word in words)


def split_brackets(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Split a span into a name and its short form in brackets: World Health Organization (WHO).

    Returns:
        The offsets of both, or of the whole span if it has no brackets.
    """
    bracket = re.search(r"(?<=\S)\s*[(\[（]", text[start:end])
    if bracket is None:
        return [(start, end)]
    return [(start, start + bracket.start()), (start + bracket.end(), end)]


def extend_to_words(text: str, start: int, end: int, language: str) -> tuple[int, int]:
    """Extend a span to whole words. Models that read word pieces may find a part of a word."""
    if not has_spaces(language) or start >= end:
        return start, end
    while start > 0 and _is_letter(text[start - 1]) and _is_letter(text[start]):
        start -= 1
    while end < len(text) and _is_letter(text[end]) and _is_letter(text[end - 1]):
        end += 1
    return start, end


def _is_letter(character: str) -> bool:
    return character.isalnum() or character == "_"


def _is_in_address(text: str, start: int, end: int) -> bool:
    """Whether a span is, or overlaps, a web or mail address, a hashtag or a handle."""
    first = max((match.end() for match in re.finditer(r"[\s(\[\"“«]", text[:start])), default=0)
    last = re.search(r"[\s)\]\"”»]|$", text[end:])
    whole_words = text[first : end + (last.start() if last else 0)]
    return any(_ADDRESS.search(word) for word in whole_words.split())


def _trim_punctuation(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (text[start].isspace() or text[start] in _PUNCTUATION):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in _PUNCTUATION):
        last = text[end - 1]
        if last == "." and _ABBREVIATED.search(text[start:end]):
            break
        if last in _OPENING_BRACKETS and _OPENING_BRACKETS[last] in text[start : end - 1]:
            break
        end -= 1
    return start, end


def _trim_english(text: str, start: int, end: int, type_: EntityType, language: str) -> tuple[int, int]:
    """Remove a possessive, an article, a conjunction or titles: the first of these that it has."""
    possessive = _POSSESSIVE.search(text[start:end])
    if possessive:
        return start, start + possessive.start()
    article = re.match(r"(?:an?|the|The|THE|and|or|of)\s+(?!Hague\b)", text[start:end])
    if article:
        return start + article.end(), end
    conjunction = re.search(r"\s+(?:and|or|of|the|in|for|with)$", text[start:end])
    if conjunction:
        return start, start + conjunction.start()
    lower_case = re.search(r"(?<=\w)(?:\s+[a-z]+)+$", text[start:end])
    if lower_case and type_ != "PER":
        return start, start + lower_case.start()  # the Awami League party
    if type_ == "PER":
        words = tokenize(text[start:end], language)
        first = _after_titles(words)
        if 0 < first < len(words) and words[first].capitalised:
            return start + words[first].start, end
    return start, end


def _after_titles(words: tuple[Token, ...]) -> int:
    """Index of the first word that is not a title."""
    for index, word in enumerate(words):
        is_title = word.folded in _ENGLISH.titles and word.folded not in _PARTS_OF_NAMES
        if not is_title and not (index and word.folded in _WITHIN_TITLES):
            return index
    return len(words)


def _is_name(name: str, type_: EntityType, language: str) -> bool:
    letters = [character for character in name if character.isalpha()]
    if not letters or not _may_be_capitalised(letters) or _NUMBERED_DOCUMENT.fullmatch(name):
        return False
    return not is_english(language) or _is_english_name(name, type_, language)


def _may_be_capitalised(letters: list[str]) -> bool:
    """Whether letters have a capital, or come from a script that does not write names with capitals."""
    # Georgian has capitals in Unicode, but does not write names with them
    cased = [letter for letter in letters if letter.upper() != letter.lower() and not "ა" <= letter <= "ჿ"]
    return not cased or any(letter.isupper() or letter.istitle() for letter in cased)


def _is_english_name(name: str, type_: EntityType, language: str) -> bool:
    words = tokenize(name, language)
    folded = [word.folded for word in words]
    if type_ == "PER" and len(folded) == 1 and folded[0] in _PERSONS_AND_MONTHS:
        return True
    if _after_titles(words) == len(words) or folded[-1] in _FEASTS:
        return False
    return not all(word in _NOT_NAMES or word.isdigit() for word in folded)
