"""Chains of suffixes, particles and prefixes that are written as one word with a name: Irak'taki, 서울에서는.

In these languages the name itself does not change, except for a last consonant in Turkish: Zonguldak,
Zonguldağa. Whether a chain fits depends on the last sound of the name. Words are folded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_LEAST_STEM = 2
_LEAST_INFERRED = 4
"""Fewest letters of a name of which both words have a suffix, so that the name itself is not seen."""


@dataclass(frozen=True)
class Suffixes:
    """The suffixes of one language."""

    vowels: str
    after_consonant: re.Pattern[str]
    after_vowel: re.Pattern[str]
    softened: tuple[tuple[str, str], ...] = ()
    """Last consonants of a name, and what they become before a vowel."""
    lemmas: frozenset[str] = frozenset()
    """Words that are names as they are, although they look like a shorter name with a suffix."""

    def fits(self, stem: str, suffix: str) -> bool:
        """Whether a name may have a chain of suffixes."""
        if not suffix:
            return True
        if stem + suffix in self.lemmas or (len(stem) == _LEAST_STEM and len(suffix) == 1):
            return False  # Lee is not a form of Le
        pattern = self.after_vowel if stem[-1] in self.vowels else self.after_consonant
        if pattern.fullmatch(stem + suffix, len(stem)):
            return True
        if stem[-1] in "ye" and self.softened:  # Kennedy'nin, Zelenskiy'in, Steve'in
            return any(
                p.fullmatch(stem + suffix, len(stem)) for p in (self.after_vowel, self.after_consonant)
            )
        is_acronym = _ACRONYM.fullmatch(stem) is not None  # AB'ye: the last letter is read as a syllable
        return is_acronym and self.after_vowel.fullmatch(stem + suffix, len(stem)) is not None


_ACRONYM = re.compile(r"[aeiou]?[bcdfghjklmnpqrstvwxyz]+")

# Dotless ı is i if folded; both are listed so that a fold that keeps it changes nothing here.
_TR_LATER = "(?:l[ae]r)?(?:n?[ıiu]n?|n?[ae]|n?[dt][ae]n?|n?[dt][ae]ki)?"
_TR_COPULA = "(?:y?[dt][ıiu]r?)?"
_TR_CONSONANT = rf"(?:[ıiu]n?|[ae]|[dt][ae]n?|l[ae]|(?:[dt][ae]|[ıiu]n)ki{_TR_LATER})?{_TR_COPULA}"
_TR_VOWEL = (
    rf"(?:y[ıiu]|n[ıiu]n|y[ae]|d[ae]n?|yl[ae]|(?:d[ae]|n[ıiu]n)ki{_TR_LATER}"
    rf"|(?<=[ıiu])(?:n[ıiu]|n[ae]|nd[ae]n?|nd[ae]ki{_TR_LATER}))?{_TR_COPULA}"
)
_AZ_LATER = "(?:l[ae]r)?(?:n?[ıiu]n?|n?[ae]|d[ae]n?)?"
_HU = "nak|nek|ban|ben|ba|be|bol|rol|tol|ra|re|hoz|hez|ig|ert|kent"
_HU_WITH = "|".join(f"(?<={letter}){letter}[ae]l" for letter in "bcdfghjklmnprstvxz")
"""The consonant of -val and -vel becomes that of the name: Bidennel."""
_EU = "(?:r?ek)?(?:ren|rentzat|ri|rekin|rengatik|ko|tik|ra|rantz|raino|n)"
_KA_POST = "ში|ზე|თან|მდე"


def _compile(consonant: str, vowel: str, vowels: str, **more: str) -> Suffixes:
    softened = tuple((pair[0], pair[1]) for pair in more.get("softened", "").split())
    lemmas = frozenset(more.get("lemmas", "").split())
    return Suffixes(vowels, re.compile(consonant), re.compile(vowel), softened, lemmas)


SUFFIXES = {
    "tr": _compile(
        _TR_CONSONANT,
        _TR_VOWEL,
        "aeıiou",
        softened="kg pb td",
        lemmas="suriye aliye naciye kimi nuri rusya kenya libya asya macide sabriye cine sina hindi",
    ),
    "az": _compile(
        rf"(?:[ıiu]n?|[ae]|d[ae]n?|l[ae]|(?:d[ae]|[ıiu]n)ki{_AZ_LATER})?(?:d[ıiu]r)?",
        rf"(?:n[ıiu]n?|y[ae]|d[ae]n?|yl[ae]|(?:d[ae]|n[ıiu]n)ki{_AZ_LATER}|(?<=[ıiu])(?:n[ae]|nd[ae]n?))?(?:d[ıiu]r)?",
        "aeıiou",
        softened="ky qg",
        lemmas="rusiya suriya asiya",
    ),
    "hu": _compile(rf"(?:{_HU}|[aoe]?t|[oe]n|{_HU_WITH})", rf"(?:{_HU}|t|val|vel)", "aeiou"),
    "eu": _compile(
        "(?:ek|en|i|ekin|aren|ari|arekin|engatik|era|etik|eko|ean|go|dik|ko|tik|a|ra|entzat|erantz|eraino)",
        rf"(?:k|{_EU})",
        "aeiou",
    ),
    "ka": _compile(
        rf"(?:ი|მა|ს|ის|ით|ად|იც|მაც|სა|ისა|ისთვის|იდან|ისგან|ამდე|{_KA_POST})",
        rf"(?:მ|ს|თი|დ|ც|მაც|სა|სთვის|დან|სგან|{_KA_POST})",
        "აეიოუ",
    ),
    "hy": _compile("(?:ի|ին|ից|ով|ում|ը|ն|ու|իս)", "(?:յի|յին|յից|յով|յում|ն|ի|ին|ից|ով|ում)", "աեէըիոօւ"),
    "hi": _compile("(?:ों|ओं)", "(?:ओं|यों)", "ािीुूेैोौ"),
    "fa": _compile("(?:ها|هاي)", "(?:ي|ها|هاي)", "او"),
}
"""Languages with suffixes of this kind, by `Language.code`."""


def split_suffixes(a: str, b: str, code: str) -> tuple[str, str] | None:
    """Find the suffixes of two forms of one name; nothing if they are two names."""
    suffixes = SUFFIXES[code]
    for stem, suffix_a, suffix_b in _split(a, b, suffixes):
        is_seen = not suffix_a or not suffix_b
        if len(stem) < (_LEAST_STEM if is_seen else _LEAST_INFERRED):
            continue
        if suffixes.fits(stem, suffix_a) and suffixes.fits(stem, suffix_b):
            return suffix_a, suffix_b
    return None


def _split(a: str, b: str, suffixes: Suffixes) -> Iterator[tuple[str, str, str]]:
    """Find the beginnings that two words share, the longest first, and what follows."""
    common = count_common_letters(a, b)
    if common < min(len(a), len(b)) and common > 1:
        for hard, soft in suffixes.softened:
            for x, y in ((a, b), (b, a)):
                vowel_follows = y[common + 1 : common + 2] in (*suffixes.vowels,)
                if (x[common], y[common]) == (hard, soft) and vowel_follows:
                    yield a[:common] + hard, a[common + 1 :], b[common + 1 :]
    for size in range(common, _LEAST_STEM - 1, -1):
        yield a[:size], a[size:], b[size:]


def count_common_letters(a: str, b: str) -> int:
    """Count the letters at the beginning in which two words agree."""
    common = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        common += 1
    return common


_ARABIC = [
    conjunction + rest for conjunction in ("", *"وف") for rest in ("", *"بلك", "ال", "بال", "كال", "لل")
]
_HEBREW = [
    conjunction + relative + rest
    for conjunction in ("", "ו")
    for relative in ("", "ש", "כש")
    for rest in ("", *"בלמהכ", "של", "מה")
]
PREFIXES = {
    "ar": sorted(filter(None, _ARABIC), key=len),
    "he": sorted(filter(None, _HEBREW), key=len),
}
"""Conjunctions, prepositions and articles that are written as one word with a name, by `Language.code`."""
_NOT_PREFIXED = frozenset(
    """
    وسام كمال كريم بسام وليد فهد بدر فريد كلارا لينا بلال فادي فراس كارل وائل كارين كريس فلين لجين وجين بولندا
    لبنان فارس فاروق بشار بشير لطيف كامل فلاح فاطمة فرح كوبا والي وهبي فؤاد
    שרון שמיר מרון ברוך הלל כרמל מיכל בריאן שלום לוין מלכה הדר שמעון מאיר משה שרית הראל
    """.split()
)
"""Names that look like a prefix and another name: Wisam, Sam."""
_LEAST_AFTER_PREFIX = 3


@lru_cache(maxsize=65536)
def strip_prefixes(word: str, code: str) -> frozenset[str]:
    """The word, and what remains of it after each prefix that it may have."""
    if word in _NOT_PREFIXED:
        return frozenset({word})
    stems = {word[len(prefix) :] for prefix in PREFIXES[code] if word.startswith(prefix)}
    return frozenset({word} | {stem for stem in stems if len(stem) >= _LEAST_AFTER_PREFIX})
