"""Does a sentence end here? Rules for abbreviations, initials, ordinals and what follows a mark.

They correct sentencex, which cuts after many titles and ordinals, and misses ends after years and brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import regex

from evalkit.languages.registry import find_language
from evalkit.languages.sentence_words import SentenceWords, find_sentence_words

CLOSING = "\"'”’“»)]}」』）"
"""Marks that belong to the sentence before them if no space precedes."""
_OPENING = "\"'“„«»‘‚([{¿¡"
_MARKS = ".!?…。！？।॥؟۔"
_LONG_WORD = re.compile(r"(?:^|[ „“«])[^\W\d_]{7,}[.]$")
"""A word that is too long for an abbreviation."""
_SUFFIX = re.compile(r"\w\w-[^\W\d_A-Z]$")
"""An ending behind a hyphen: SAD-u."""
_UNITS = frozenset("mglths")
"""Letters that are a unit behind a number, and may end a sentence: 8848 m."""
_WITHOUT_STOPS = ("th", "lo", "km", "my")
_LONGEST = 5
"""Letters of an abbreviation in Thai, Lao, Khmer and Burmese, whose sentences do not end in a full stop."""
_COMMA = "၊"
"""The Burmese comma, at which sentencex cuts."""
_BEFORE_NAMES = frozenset(
    "De Di La Le Van Von Da Del Do Dos El Du Des Den Der Ten Ter Al Les Los Mc O".split()
)
"""Openers that are also the first word of a surname."""
_NEXT = regex.compile(
    rf"\s*([{re.escape(_OPENING)}\s–—]*)([\p{{L}}\p{{M}}\p{{N}}][\p{{L}}\p{{M}}\p{{N}}'’]*)?(.?)"
)
_GOES_ON = re.compile(r"\s*[,;:%)\]”’&/=]|(?<=[.])-\w")
_CANDIDATE = regex.compile(
    rf"[.!?…؟][{re.escape(CLOSING)}]*(?=\s+[{re.escape(_OPENING)}]*[\p{{Lu}}\p{{Lo}}\p{{N}}])"
)
_ROMAN = re.compile(r"(?=.)C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_NUMBER = re.compile(r"(?:\d+[.\-–/])*(\d{1,4})")
_DAY = re.compile(r"\d+[.]")
_DECIMAL = re.compile(r"\d[.．]")
_BRAND = re.compile("[A-Za-z][!?]")
_CLAUSE = re.compile(r"([^。！？，；：、.!?,\s]{1,12})[。！？.!?]")
"""A short clause that ends the sentence; others may introduce the next quotation."""
_SCORE = re.compile(r"\d+[-–:]\d+|0")
_APOSTROPHE = re.compile("['’]")
_LATIN = re.compile(r"[A-Za-z0-9.\-–/]*$")
_BETWEEN_SCORES = (":", "\u0336")
_VOWEL = re.compile("(?i)[aeiouyáéíóúýàèìòùâêîôûäëïöüãõåæøœőűůěąęėįųūāēīаеёиоуыэюяєіїαεηιουωάέήίόύώ]")
_QUOTE = re.compile(r"[\"“”„«»‚([)\]]")


def find_candidates(content: str) -> Iterator[int]:
    """Find where sentences may end: after a mark, before white space and a letter that is not lower case."""
    return (match.end() for match in _CANDIDATE.finditer(content))


def is_quoted(content: str, start: int, end: int) -> bool:
    """Whether a quotation or bracket that opens in a part of a text is still open at its end."""
    depth = 0
    for match in _QUOTE.finditer(content, start, end):
        at = match.start()
        opens = (at == start or content[at - 1] in " ([-") and content[at + 1 : at + 2] not in ("", " ")
        depth += 1 if opens else -1
    return depth > 0


class _Stop(NamedTuple):
    """A full stop, what is before it and what is behind it."""

    before: str
    """The text before it."""
    token: str
    """The last word of that text: ``z.B``."""
    last: str
    """The part of the token behind its last full stop or hyphen: ``B``."""
    word: str
    """The next word."""
    opens: bool
    """Whether the next word is one that begins sentences."""
    quotes: bool
    """Whether a quotation or bracket opens before the next word."""


class SentenceEnds:
    """The rules of one language."""

    def __init__(self, language: str) -> None:
        found = find_language(language)
        self._words: SentenceWords = find_sentence_words(found.code)
        self._code = found.code
        self._spaced = found.has_spaces
        self._letters_end_nothing = found.is_right_to_left

    def judge(self, content: str, at: int, *, cased: bool, start: int = 0) -> bool | None:
        """Decide whether a sentence ends at an offset; None if the rules do not say.

        Args:
            content: a paragraph.
            at: an offset behind a mark and its closing quotation marks.
            start: where the sentence begins.
            cased: whether the paragraph has capitals, so that a small letter means that the sentence goes on.
        """
        if _GOES_ON.match(content, at) or self._is_inside(content, at):
            return False
        bare = content[max(0, at - 40) : at].rstrip(CLOSING + " ")
        if not bare or bare[-1] not in _MARKS:
            return False if bare.endswith(_COMMA) else None
        opening, word, follows = _NEXT.match(content, at).groups("")
        closed = content[at - 1] in CLOSING
        # Georgian has small letters without capitals; some texts begin sentences with small letters
        if cased and word.islower() and word[0].title() != word[0]:
            return None if not closed and _LONG_WORD.search(bare) else False
        if closed and self._attributes(content, at, word):
            return False
        opens = self._is_opener(word, follows)
        if bare[-1] != "." or bare.endswith(".."):
            return True if word and not closed and (opens or bare[-1] in "!?") else None
        if not closed and content[at : at + 1].isalnum() and (self._spaced or content[at].isascii()):
            return _judge_without_space(content, at)
        token = _find_token(bare[:-1], spaced=self._spaced)
        last = re.split(r"[.\-–/]", token)[-1]
        stop = _Stop(bare[: -len(token) - 1], token, last, word, opens, bool(opening.strip()))
        if closed:
            return True if self._is_word(token, last) and word[:1].isupper() else None
        return self._judge_stop(stop, is_first=content[start:at].strip() == f"{token}.")

    def _is_inside(self, content: str, at: int) -> bool:
        """Whether an offset in a language without spaces is in a decimal, a brand or an abbreviation."""
        before, follows = content[max(0, at - 2) : at], content[at : at + 1]
        if self._spaced:
            return False
        if before.endswith("》"):  # of the title of a work
            return True
        if follows.isalnum() and (_DECIMAL if follows.isdigit() else _BRAND).fullmatch(before):
            return True
        if self._code not in _WITHOUT_STOPS or not before.endswith("."):
            return False
        letters = re.split(r"[\s.(]", content[max(0, at - 30) : at - 1])[-1]
        return 0 < len(letters) <= _LONGEST and not letters.isascii()

    def _attributes(self, content: str, at: int, word: str) -> bool:
        """Whether the words behind a quotation say who said it, so that the sentence goes on."""
        if self._code in ("ja", "ko") and word.startswith(self._words.continuing):
            return True
        clause = _CLAUSE.match(content, at)
        return clause is not None and clause[1].endswith(self._words.said)

    def _judge_stop(self, stop: _Stop, *, is_first: bool) -> bool | None:
        """Decide after a single full stop; `is_first` if its token begins the sentence."""
        words, token, last = self._words, stop.token, stop.last
        if not words.titles.isdisjoint((token, last, _APOSTROPHE.split(last)[-1])):
            return False
        if not token:
            return None
        if token.lower() in ("a.m", "p.m"):
            return False if stop.word in words.continuing else stop.opens or None
        if last.isdigit() or (len(last) > 1 and _ROMAN.fullmatch(last)):
            return False if is_first and len(token) <= 2 else self._judge_number(stop)
        if token in words.last:
            return stop.word[:1].isupper() or None
        if "/" in token:
            return (last.islower() and stop.word[:1].isupper()) or None  # a unit such as km/h
        if len(last) == 1 and last.isalpha() and not _SUFFIX.search(token):
            return self._judge_letter(stop)
        if token in words.abbreviations or token.endswith(words.endings) or _is_contraction(stop):
            return stop.opens
        return self._judge_word(stop)

    def _judge_number(self, stop: _Stop) -> bool | None:
        """Decide after a number, Arabic or Roman: an ordinal, a part of a date, or the end."""
        if stop.opens:
            return True
        before = stop.before.rstrip().rpartition(" ")[2]
        if self._code == "ko" and (stop.word[:1].isdigit() or _DAY.match(before)):
            return False  # a date: 2020. 5. 3.
        is_score = _SCORE.fullmatch(stop.token) or before in _BETWEEN_SCORES
        counts = self._words.ordinals and before.rstrip(".") not in self._words.numbered
        if not counts or stop.quotes or is_score:
            return None
        if not stop.last.isdigit():
            return False
        most = 3 if self._code == "de" else 2  # nouns have capitals in German: 300. Geburtstag
        if not _NUMBER.fullmatch(stop.token) or len(stop.last) > most:
            return None
        return None if stop.word[:1].isdigit() and int(stop.last) > 31 else False

    def _judge_letter(self, stop: _Stop) -> bool | None:
        """Decide after a single letter: an initial or an abbreviation."""
        if not self._spaced and not stop.word.isascii():
            # J. K. 罗琳, but not a label such as Q.
            return False if stop.before.rstrip().endswith(".") else None
        if stop.last.isupper():
            return stop.opens and stop.word not in _BEFORE_NAMES
        is_listed = stop.last in self._words.abbreviations
        counted = stop.before.rstrip()[-1:].isdigit()
        if counted and (stop.quotes or (stop.last in _UNITS and not is_listed)):
            return False if stop.word[:1].isdigit() else stop.opens or None
        if stop.last.islower():
            return stop.opens
        return False if self._letters_end_nothing else None

    def _judge_word(self, stop: _Stop) -> bool | None:
        """Decide after a word that is not known as an abbreviation."""
        is_number = stop.word[:1].isdigit()
        if is_number and _APOSTROPHE.split(stop.last)[-1] in self._words.numbered:
            return False
        long = len(stop.last) > 4 or not is_number
        if long and self._is_word(stop.token, stop.last) and (is_number or stop.word[:1].isupper()):
            return True
        if _SUFFIX.search(stop.token) and stop.word[:1].isupper():
            return True
        return True if stop.opens and stop.word not in _BEFORE_NAMES else None

    def _is_opener(self, word: str, follows: str) -> bool:
        """Whether a word begins sentences, also with an article: ``L'accord``. An initial does not."""
        is_initial = len(word) == 1 and follows == "."
        return not is_initial and not self._words.openers.isdisjoint((word, _APOSTROPHE.split(word)[0]))

    def _is_word(self, token: str, last: str) -> bool:
        """Whether a token is a word, not an abbreviation, number or initial."""
        words = self._words
        known = {token, last} & words.titles or {token, last} & words.abbreviations
        spoken = last.lower() == last.upper() or _VOWEL.search(last)
        return len(last) > 2 and last.isalpha() and bool(spoken) and not known


def _find_token(before: str, *, spaced: bool) -> str:
    """Find the last word before a full stop, or the last Latin letters in a language without spaces."""
    if not spaced:
        latin = _LATIN.search(before)
        return latin[0] if latin else ""
    return before.rpartition(" ")[2].lstrip(_OPENING + "–—-")


def _is_contraction(stop: _Stop) -> bool:
    """Whether a token is a doubled letter as in EE. UU., or begins a name as in Th. Mann."""
    token, word = stop.token, stop.word
    doubled = token.isupper() and len(token) == 2 and len(word) == 2 and word.isupper()
    return doubled or (len(token) <= 3 and token.isalpha() and token.istitle() and not _VOWEL.search(token))


@cache
def find_sentence_ends(language: str) -> SentenceEnds:
    """The rules of a language, given by its code."""
    return SentenceEnds(language)


def _judge_without_space(content: str, at: int) -> bool | None:
    """Decide at a full stop with a letter or digit behind it: part of a word, or a missing space."""
    before = content[max(0, at - 4) : at - 1]
    return None if before.isalpha() and before.islower() and content[at].isupper() else False
