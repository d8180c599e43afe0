"""What a model calls a name, and what of it is one: trimming, and dropping what names nobody.

For all languages: quotes, brackets and punctuation around; numbers, addresses, hashtags; what has no capital letter;
texts in capitals throughout. For English only: articles, titles, possessives, days, months, units and currencies.
"""

from __future__ import annotations

import re

from evalkit.entities.languages import CALENDAR, TITLES, is_english
from evalkit.entities.tokens import Token, tokenize
from evalkit.types import written_with_spaces

VERSION = 1
"""Of these rules and of those in `evalkit.ner.names`. A change that moves mentions raises it."""

_AROUND = "\"'“”„‟«»‹›‘’‚`´″()[]{}<>,;:.!?¡¿…–—-−*•|/\\、。，；：！？「」『』《》（）［］【】·"
_PAIRS = {")": "(", "]": "[", "}": "{", "\uff09": "\uff08", "\u3011": "\u3010"}
_ABBREVIATED = re.compile(r"(?:^|[\s.])(?:\w\.)+$|\b(?:Inc|Corp|Co|Ltd|Bros|Jr|Sr|St|Mt|Dept)\.$")
"""A full stop at the end that belongs to the name: U.S., Acme Inc."""
_POSSESSIVE = re.compile(r"['’ʼ][sS]$|(?<=[sS])['’ʼ]$")
_ADDRESS = re.compile(r"://|^www\.|@|^#")
_NUMBERED = re.compile(r"\w+\s+(?:No\.?\s*)?[\d][\d.,/:–-]*\w?")
"""Bill 7176, Article 5."""

_UNITS = frozenset(
    (
        "uah usd eur gbp rub cny jpy chf pln try inr kzt sek nok dkk czk huf ron bgn gel amd azn byn ils sar aed egp krw brl mxn zar cad aud nzd "
        "dollar dollars euro euros hryvnia hryvnias hryvnya ruble rubles rouble roubles yuan yen renminbi pound pounds sterling franc francs "
        "rupee rupees lira zloty zlotys tenge shekel shekels dirham dirhams riyal riyals rial rials dinar dinars cent cents krona kronor krone kroner won "
        "km kmh kg mg mm cm ml kw mw gw tw kwh mwh gwh twh ha hectare hectares mph celsius fahrenheit percent "
        "am pm gmt utc cet cest eet eest msk est edt pst pdt bst ist bn mln million billion trillion"
    ).split()
)
_NUMBERS = frozenset(
    (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty "
        "thirty forty fifty sixty seventy eighty ninety hundred thousand first second third fourth fifth sixth seventh eighth ninth tenth"
    ).split()
)
_TIMES = frozenset("day days week month year eve".split())
"""Last words of feasts: Navy Day."""
_MONTHS_AND_NAMES = frozenset(["may", "april", "june", "august"])
"""Months that are names of persons as well: believed where a model says so."""
_NOT_BEFORE_A_NAME = frozenset("and new st saint first second then us uk eu un".split())
"""Words of the list of titles, and others, that may begin the name itself: Saint Nicholas."""
_WITHIN_TITLES = frozenset("of the state for affairs and".split())
"""Secretary of State, Minister of Foreign Affairs."""


def trim(text: str, start: int, end: int, type_: str, language: str) -> tuple[int, int] | None:
    """What of a span is a name: offsets in the text, end exclusive; None where nothing is."""
    if _address(text, start, end):
        return None
    english = is_english(language)
    before = None
    while before != (start, end):
        before = start, end
        start, end = _trim_signs(text, start, end)
        if english:
            start, end = _trim_english(text, start, end, type_, language)
    return (start, end) if start < end and _names_something(text[start:end], type_, language) else None


def shouted(text: str) -> bool:
    """Whether a text of several words is in capitals throughout, so that capitals say nothing."""
    words = [word for word in re.findall(r"[^\W\d_]+", text) if word.upper() != word.lower()]
    return len(words) > 1 and all(word.isupper() for word in words)


def apart(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A span, or its two parts where a name and its short form in brackets were found as one: World Health Organization (WHO)."""
    bracket = re.search(r"(?<=\S)\s*[(\[（]", text[start:end])
    if bracket is None:
        return [(start, end)]
    return [(start, start + bracket.start()), (start + bracket.end(), end)]


def whole_words(text: str, start: int, end: int, language: str) -> tuple[int, int]:
    """A span grown to whole words: models that read parts of words may find a part of one."""
    if not written_with_spaces(language) or start >= end:
        return start, end
    while start > 0 and _letter(text[start - 1]) and _letter(text[start]):
        start -= 1
    while end < len(text) and _letter(text[end]) and _letter(text[end - 1]):
        end += 1
    return start, end


def _letter(character: str) -> bool:
    return character.isalnum() or character == "_"


def _address(text: str, start: int, end: int) -> bool:
    """Whether the span lies in a web or mail address, a hashtag or a handle."""
    first = max((match.end() for match in re.finditer(r"[\s(\[\"“«]", text[:start])), default=0)
    last = re.search(r"[\s)\]\"”»]|$", text[end:])
    # a span of several words is as good as the word it begins with, and the one it ends with
    around = text[first : end + (last.start() if last else 0)]
    return any(_ADDRESS.search(word) for word in around.split())


def _trim_signs(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (text[start].isspace() or text[start] in _AROUND):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in _AROUND):
        sign = text[end - 1]
        if sign == "." and _ABBREVIATED.search(text[start:end]):
            break
        if sign in _PAIRS and _PAIRS[sign] in text[start : end - 1]:
            break
        end -= 1
    return start, end


def _trim_english(text: str, start: int, end: int, type_: str, language: str) -> tuple[int, int]:
    """Without possessive, article, conjunction and titles."""
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
    """Index of the first word that is no title."""
    first = 0
    while first < len(words) and (
        (words[first].folded in TITLES and words[first].folded not in _NOT_BEFORE_A_NAME)
        or (first and words[first].folded in _WITHIN_TITLES)
    ):
        first += 1
    return first


def _names_something(name: str, type_: str, language: str) -> bool:
    letters = [character for character in name if character.isalpha()]
    if not letters:
        return False
    # Georgian has capitals in Unicode, and does not write names with them
    cased = [
        character
        for character in letters
        if character.upper() != character.lower() and not "ა" <= character <= "ჿ"
    ]
    if cased and not any(character.isupper() or character.istitle() for character in cased):
        return False
    if _NUMBERED.fullmatch(name):
        return False
    if not is_english(language):
        return True
    words = tokenize(name, language)
    folded = [word.folded for word in words]
    if type_ == "PER" and len(folded) == 1 and folded[0] in _MONTHS_AND_NAMES:
        return True
    if _after_titles(words) == len(words) or folded[-1] in _TIMES:
        return False
    return not all(word in CALENDAR | _UNITS | _NUMBERS | _WITHIN_TITLES or word.isdigit() for word in folded)
