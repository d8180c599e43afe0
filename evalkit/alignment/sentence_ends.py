"""Does a sentence end here? Rules for abbreviations, initials, ordinals and what follows a mark.

They correct sentencex, which cuts after many titles and ordinals, and misses ends after years and brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import regex

from evalkit.languages.registry import find_language
from evalkit.languages.sentence_words import SentenceWords, find_sentence_words

CLOSING = "\"'”’“»)]}」』）"
"""Marks that belong to the sentence before them if no space precedes."""
_OPENING = "\"'“„«»‘‚([{¿¡"
_MARKS = ".!?…。！？।॥؟۔"
_BEFORE_NAMES = frozenset("De Di La Le Van Von Da Del Do Dos El Du Des Den Der Ten Ter Al Les Los Mc O".split())
"""Openers that are also the first word of a surname."""
_NEXT = regex.compile(rf"\s*([{re.escape(_OPENING)}\s–—]*)([\p{{L}}\p{{M}}\p{{N}}][\p{{L}}\p{{M}}\p{{N}}'’]*)?(.?)")
_GOES_ON = re.compile(r"\s*[,;:%)\]”’&/=]|-")
_CANDIDATE = regex.compile(rf"[.!?…؟][{re.escape(CLOSING)}]*(?=\s+[{re.escape(_OPENING)}]*[\p{{Lu}}\p{{Lo}}\p{{N}}])")
_ROMAN = re.compile(r"(?=.)C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_NUMBER = re.compile(r"(?:\d+[.\-–/])*(\d{1,4})")
_SCORE = re.compile(r"\d+[-–:]\d+")
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


class SentenceEnds:
    """The rules of one language."""

    def __init__(self, language: str) -> None:
        found = find_language(language)
        self._words: SentenceWords = find_sentence_words(found.code)
        self._code = found.code
        self._spaced = found.has_spaces
        self._letters_end_nothing = found.is_right_to_left

    def judge(self, content: str, at: int, *, cased: bool) -> bool | None:
        """Decide whether a sentence ends at an offset; None if the rules do not say.

        Args:
            content: a paragraph.
            at: an offset behind a mark and its closing quotation marks.
            cased: whether the paragraph has capitals, so that a small letter means that the sentence goes on.
        """
        end = len(content[:at].rstrip())
        if _GOES_ON.match(content, at):
            return False
        bare = content[max(0, end - 40) : end].rstrip(CLOSING)
        if not bare or bare[-1] not in _MARKS:
            return None
        closed = content[end - 1] in CLOSING
        opening, word, follows = _NEXT.match(content, at).groups("")  # type: ignore[union-attr]  # never None
        if cased and word.islower():
            return False
        if closed and self._code in ("ja", "ko") and word.startswith(self._words.continuing):
            return False
        if bare[-1] != ".":
            certain = bare[-1] in "!?" or word in self._words.openers
            return True if word and not closed and certain else None
        if not closed and content[at : at + 1].isalnum() and (self._spaced or content[at].isascii()):
            return _judge_without_space(content, at)
        if bare.endswith(".."):
            return True if word in self._words.openers else None
        return self._judge_stop(bare, (opening, word, follows), at, closed=closed)

    def _judge_stop(self, bare: str, after: tuple[str, str, str], at: int, *, closed: bool) -> bool | None:
        """Decide after a single full stop."""
        opening, word, follows = after
        token = bare[:-1].rsplit(None, 1)[-1].lstrip(_OPENING + "–—-") if bare[:-1].strip() else ""
        last = re.split(r"[.\-–/]", token)[-1]
        words = self._words
        initial = len(word) == 1 and follows == "."
        opens = bool({word, re.split("['’]", word)[0]} & words.openers) and not initial
        if closed:
            return True if self._is_word(token, last) and word[:1].isupper() else None
        if not words.titles.isdisjoint((token, last, re.split("['’]", last)[-1])):
            return False
        if not token:
            return None
        if token.lower() in ("a.m", "p.m"):
            return True if opens else None
        if last.isdigit() or _ROMAN.fullmatch(last):
            if _SCORE.fullmatch(token) or opening.strip():
                return None
            return self._judge_number(token, last, word, at - len(token) - 1, opens=opens)
        if "/" in token:
            return None  # a unit such as km/h
        if len(last) == 1 and last.isalpha():
            return self._judge_letter(last, word, opens=opens)
        if token in words.abbreviations or token.endswith(words.endings) or _is_contraction(token, word):
            return opens
        if word[:1].isdigit() and len(last) < 5:
            return None
        return True if self._is_word(token, last) and (word[:1].isupper() or word[:1].isdigit()) else None

    def _judge_number(self, token: str, last: str, word: str, start: int, *, opens: bool) -> bool | None:
        """Decide after a number: an ordinal, a date or the end."""
        number = _NUMBER.fullmatch(token)
        if start <= 0 and last.isdigit() and len(token) <= 2:
            return False  # the number of an item in a list
        if not self._words.ordinals:
            return self._judge_letter(last, word, opens=opens) if len(last) == 1 and last.isalpha() else None
        if opens:
            return True
        if word[:1].isdigit():
            return False if number and int(last) <= 31 else None
        if last.isdigit():
            return None if not number or len(last) == 4 else False
        return False

    def _judge_letter(self, letter: str, word: str, *, opens: bool) -> bool | None:
        """Decide after a single letter: an initial or an abbreviation."""
        if letter.isupper():
            return opens and word not in _BEFORE_NAMES
        if letter.islower():
            return opens
        return False if self._letters_end_nothing else None

    def _is_word(self, token: str, last: str) -> bool:
        """Whether a token is a word, not an abbreviation, number or initial."""
        known = self._words.titles | self._words.abbreviations
        return len(last) > 2 and last.isalpha() and token not in known and last not in known


def _is_contraction(token: str, word: str) -> bool:
    """Whether a token is a doubled letter as in EE. UU., or begins a name as in Th. Mann."""
    doubled = token.isupper() and len(token) == 2 and len(word) == 2 and word.isupper()
    return doubled or (len(token) <= 3 and token.istitle() and not _VOWEL.search(token))


@cache
def find_sentence_ends(language: str) -> SentenceEnds:
    """The rules of a language, given by its code."""
    return SentenceEnds(language)


def _judge_without_space(content: str, at: int) -> bool | None:
    """Decide at a full stop with a letter or digit behind it: part of a word, or a missing space."""
    before = content[max(0, at - 4) : at - 1]
    return None if before.isalpha() and before.islower() and content[at].isupper() else False

