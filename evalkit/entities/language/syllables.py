"""Whether romanised words look like Chinese, Korean, Vietnamese or Japanese names."""

from __future__ import annotations

import re
from functools import lru_cache

from evalkit.entities.language.tokens import Words
from evalkit.entities.language.word_lists import WordLists

_PINYIN = (
    r"(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(?:uang|iang|iong|iao|uai|ang|eng|ing|ong|ian|uan|ai|ei|ao|ou|an|en|er|ia|ie|iu|in|ua|uo|ui|un|ue|[aoeiu])"
)
_CHINESE_GIVEN = re.compile(rf"(?:{_PINYIN}){{1,2}}(?:s|a|u|em|om|iem|ovi|owi)?")
"""With the case endings of German, Czech and Polish."""
_CHINESE_SYLLABLE = re.compile(_PINYIN)
_SYLLABLE = re.compile(
    r"(?:ch|zh|sh|ts|hs|ng|kw|gw|ph|th|tr|kh|nh|gi|qu|kk|pp|tt|ss|[bcdfghjklmnpqrstvwxz])?"
    r"[aeiouyw]{1,3}(?:ch|ng|nh|[nmkpthclrbg])?"
)
"""One syllable in any of the romanisations of Chinese, Korean and Vietnamese: Hsien, Loong, Trong."""
_CYRILLIC_SYLLABLE = r"(?:[^\Wаеёиоуыэюяіїєaeiouьъ]{0,3}[аеёиоуыэюяіїє]{1,2}[йн]?ь?)"
_CYRILLIC_GIVEN = re.compile(rf"{_CYRILLIC_SYLLABLE}{{1,2}}(?:а|у|ом|е|і|я|ю|ем|ові)?")
_CYRILLIC_PART = re.compile(rf"{_CYRILLIC_SYLLABLE}[кмплртх]?")
"""Chinese and Korean in Cyrillic: Цзиньпин; Чен, Ын."""
_JAPANESE = re.compile(
    r"(?:(?:[kgnhbpmrj]y|ch|sh|ts|[kgsztdnhbpmrwjfy])?[aeiou]|n(?![aeiouy])|[kstp](?=[kstpc])|h(?=[^aeiouy]|$))+"
)


@lru_cache(maxsize=16384)
def is_chinese_surname(word: str) -> bool:
    """Whether a folded word is one syllable of Pinyin: Xi."""
    return bool(_CHINESE_SYLLABLE.fullmatch(word))


@lru_cache(maxsize=16384)
def is_japanese(word: str) -> bool:
    """Whether a folded word can be written in kana: Kishida, Junichiro, but not Klitschko."""
    return bool(_JAPANESE.fullmatch(word))


def is_east_asian_given(words: Words, lists: WordLists) -> bool:
    """Whether folded words look like a Chinese, Korean or Vietnamese given name, in one or two words.

    Jinping, Jong Un, Jae-myung, Kuan Yew, Phu Trong; but not Novak, Harvey or Basinger.
    """
    whole = "".join(words)
    if len(words) > 2:
        return False
    if not whole.isascii():
        parts = len(words) == 2 and all(_CYRILLIC_PART.fullmatch(word) for word in words)
        return parts or bool(_CYRILLIC_GIVEN.fullmatch(whole))
    if _CHINESE_GIVEN.fullmatch(whole) or split_korean(whole, lists) is not None:
        return True
    return len(words) == 2 and all(_SYLLABLE.fullmatch(word) for word in words)


def split_given(word: str, lists: WordLists) -> tuple[Words, ...]:
    """Split a given name of two syllables: Jaemyung, Jae Myung; Jingping, Jing Ping."""
    korean = split_korean(word, lists)
    if korean is not None:
        return (korean,) if len(korean) == 2 else ()
    cuts = ((word[:cut], word[cut:]) for cut in range(1, len(word)))
    return tuple(parts for parts in cuts if all(_CHINESE_SYLLABLE.fullmatch(part) for part in parts))


def split_korean(word: str, lists: WordLists) -> Words | None:
    """Split a Korean given name into its one or two syllables; None if it is not one."""
    if word in lists.korean_syllables:
        return (word,)
    for cut in range(1, len(word)):
        if word[:cut] in lists.korean_syllables and word[cut:] in lists.korean_syllables:
            return word[:cut], word[cut:]
    return None


def is_japanese_surname(word: str, lists: WordLists) -> bool:
    """Whether a word ends like a Japanese surname: Nishimura, Ishiba."""
    return is_japanese(word) and _has_ending(word, lists.japanese_surname_endings)


@lru_cache(maxsize=16384)
def _has_ending(word: str, endings: frozenset[str]) -> bool:
    return word.endswith(tuple(endings))
