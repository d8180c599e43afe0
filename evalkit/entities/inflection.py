"""Endings and prefixes of names in languages that inflect them: Путин, Путина; بوتين, وبوتين."""

from __future__ import annotations

from functools import lru_cache

from evalkit.entities.tokens import Words, fold
from evalkit.languages.registry import find_language

_SLAVIC_CYRILLIC = """
    а о у ю я е ё и і ы й ь ом ем ём ым им ой ей ою ею ого его ому ему ая яя ую юю ий ый ое ее ие ые их ых ими
    ыми ам ям ами ями ах ях ові еві ою єю єм ів
"""
_SLAVIC_LATIN = """
    a u y i e o ě ů ą ę em om ou ym im iem ie owi ovi owie ów ego iego emu iemu ej iej ou ami iami ach iach
    ech ích ich ých ych om oj ém ému ého ý á é í ym ymi imi ima ama ih og eg om
"""
_HUNGARIAN = """
    t et ot at nak nek ban ben ba be ból ből on en ön ra re ról ről hoz hez höz tól től val vel ig ért a e ja
    je i
"""
_TURKIC = """
    ı i u ü yı yi yu yü ın in un ün nın nin nun nün a e ya ye da de ta te dan den tan ten la le yla yle daki
    deki lı li lu lü
"""
_SPELT_ENDINGS = {
    **dict.fromkeys(("ru", "uk", "be", "bg", "mk"), _SLAVIC_CYRILLIC),
    **dict.fromkeys(("pl", "cs", "sk", "sl", "hr", "bs"), _SLAVIC_LATIN),
    "sr": _SLAVIC_CYRILLIC + _SLAVIC_LATIN,  # written in both scripts
    "de": "s es e en em",
    **dict.fromkeys(("nl", "sv", "da", "no", "nb", "nn"), "s es"),
    "is": "s ar i u ur inn um a jar nni num nu",
    "lt": "as is us ys o io a e ai ui iui u iu e yje uje ą į ę ų ei os es ai ius om ams",
    "lv": "s is us a u i am im ā ē ī ū as es e ei ai iem ām",
    "fi": "n in a ä ta tä ssa ssä sta stä on en hin lla llä lta ltä lle na nä ksi ja jä",
    "et": "i a e u t d s st sse le l lt ga ks ni na ta",
    "hu": _HUNGARIAN,
    **dict.fromkeys(("tr", "az"), _TURKIC),
    "el": "ς ν υ ου ο α η ας ης ων ους οι ες",
    "hi": "ओं ों",
    "ko": "은 는 이 가 을 를 의 에 에서 에게 로 으로 와 과 도 만 까지 부터 라고 이라고 측 씨",
    "ka": "ი ის მა ს ში ზე დან თან თვის ით ად",
}
"""Case endings and particles in which two forms of one name may differ, by `Language.code`."""
_ENDINGS = {
    language: frozenset({"", *map(fold, endings.split())}) for language, endings in _SPELT_ENDINGS.items()
}
"""The same, folded, and no ending."""
_PREFIXES = {
    "ar": tuple("و ف ب ل ك ال وال بال فال لل ول وب ولل وبال".split()),
    "fa": ("و",),
    "he": tuple("ו ב ל מ ה ש כ וב ול ומ וה וש שב של".split()),
}
"""Conjunctions, prepositions and articles that are written as one word with a name, by `Language.code`."""
_LEAST_STEM = 3
"""Fewest letters that two forms share."""
_LEAST_KOREAN_STEM = 2


def is_inflected(language: str) -> bool:
    """Whether names take listed endings or prefixes in this language."""
    code = find_language(language).code
    return code in _ENDINGS or code in _PREFIXES


def is_same_inflected(a: str, b: str, language: str) -> bool:
    """Whether two folded words are forms of one name.

    They are if they share a stem of three letters or more (Korean: two) and each continues with a listed
    ending or none: Путин, Путина, Путиным; Ankara, Ankara'da; Putin, Putins. In Arabic, Persian and Hebrew
    they are if they differ in listed prefixes: بوتين, وبوتين.
    """
    code = find_language(language).code
    if code in _PREFIXES:
        return bool(_strip_prefixes(a, code) & _strip_prefixes(b, code))
    endings = _ENDINGS.get(code)
    if endings is None:
        return a == b
    least = _LEAST_KOREAN_STEM if code == "ko" else _LEAST_STEM
    stems = range(_count_common_letters(a, b), least - 1, -1)
    return any(a[stem:] in endings and b[stem:] in endings for stem in stems)


def is_all_inflected(one: Words, other: Words, language: str) -> bool:
    """Whether two names of equally many words are forms of one name, word by word."""
    return all(is_same_inflected(a, b, language) for a, b in zip(one, other, strict=True))


@lru_cache(maxsize=65536)
def list_stems(word: str, language: str) -> frozenset[str]:
    """What two forms of one name have in common, for an index: first letters, or the word without prefixes."""
    code = find_language(language).code
    if code in _PREFIXES:
        return frozenset(_strip_prefixes(word, code))
    return frozenset({word[: _LEAST_KOREAN_STEM if code == "ko" else _LEAST_STEM]})


def _count_common_letters(a: str, b: str) -> int:
    """Count the letters at the beginning in which two words agree."""
    common = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        common += 1
    return common


def _strip_prefixes(word: str, code: str) -> set[str]:
    """The word, and what remains of it after each prefix that it may have."""
    prefixes = [prefix for prefix in _PREFIXES[code] if word.startswith(prefix)]
    stems = {word[len(prefix) :] for prefix in prefixes}
    return {word} | {stem for stem in stems if len(stem) >= _LEAST_STEM}
