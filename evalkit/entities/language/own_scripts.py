"""Spellings of one name in its own script: 美國, 美国; ヴェネツィア, ベネチア; غوتيريش, جوتيريش; नरेन्द्र, नरेंद्र.

Three levels: `unify_variants` is for variants of a character (reason diacritic), `respell` for spellings of a
sound (reason translit), and `unify_spelling` for what two forms of one word may differ in beside their endings
(reason inflection).

- Chinese, Japanese: `han_variants.txt`, from OpenCC
- katakana: the alternatives of 外来語の表記 (Cabinet Notification No. 2 of 1991), and the long vowels that
  newspapers write or leave out in long words: コンピューター, コンピュータ
- Arabic: the sound g, for which Arabic has no letter, in long words: غ, ج; and final ى for ي
- Hindi: the nasals and dots of the Central Hindi Directorate's मानक वर्तनी; in long words, which are mostly
  foreign, long and short i and u
- Serbian: the Latin alphabet for the Cyrillic one; Greek: the stress, which moves
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

_SOUNDS = re.compile("[ヴツテイウクグ][ァィェォュ]|ヴ")
_SAME_SOUNDS = dict(
    pair.split("=")
    for pair in """ヴァ=バ ヴィ=ビ ヴェ=ベ ヴォ=ボ ヴュ=ビュ ヴ=ブ ツィ=チ ティ=チ テュ=チュ イェ=イエ ウィ=ウイ
    ウェ=ウエ ウォ=ウオ クァ=クア クィ=クイ クェ=クエ クォ=クオ グァ=グア""".split()
)
_VOWEL_AS_LENGTH = re.compile("(?<=[ェエケゲセゼテデネヘベペメレィイキギシジチヂニヒビピミリ])イ")
"""The notes of 外来語の表記 allow a vowel for the sign of length: ジェイムズ, ジェームズ."""
_KATAKANA = re.compile("[ァ-ヴー]+")
_LEAST_WITHOUT_LONG = 5
"""Fewest katakana, without the signs of length, of a word whose signs do not matter: ローマ is not ロマ."""
_LEAST_BEFORE_LAST_LONG = 4
"""The same if the last is the only one: アンディー, アンディ."""
_LEAST_ARABIC = 5
"""Fewest letters of an Arabic word in which غ and ج may be the same: جمال is not غمال."""
_LEAST_ARABIC_FINAL = 4
"""Fewest letters of an Arabic word in which a final ى is the same as ي: علي is not على."""
_NG = re.compile("ن[غج]$")
"""The end of many foreign words, and of few Arabic ones: هونغ كونغ, هونج كونج."""
_NUKTA = "़"
_NASAL = re.compile("[ङञणन]्(?=[क-नशषस])|म्(?=[प-म])")
_LEAST_HINDI = 7
"""Fewest code points of a Hindi word whose vowels i and u may be long or short: शीला is not शिला."""
_LEAST_HINDI_O = 5
_LONG_A = str.maketrans("ऑॉ", "आा")
"""The vowel of Moscow and Australia, for which Hindi has a letter that is not always used."""
_SHORT_VOWELS = str.maketrans("ीू", "िु")
_LONG_AT_END = {"ि": "ी", "ु": "ू"}
"""At the end of a Hindi word, a vowel may be short or long; elsewhere, that changes the sound."""
_SERBIAN = str.maketrans(
    {
        **dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgddezzijklmnoprstcufhccs", strict=True)),
        "љ": "lj",
        "њ": "nj",
        "џ": "dz",
    }
)
"""Serbian Cyrillic, as Latin letters without diacritics."""
_ARABIC_SCRIPT = ("ar", "fa", "ur")
_ARABIC = str.maketrans({"ى": "ي", "ە": "ه", "\u200c": None})
"""Letters that look alike in some positions, beside those that `fold` unifies."""
_JOINERS = str.maketrans(dict.fromkeys("\u200c\u200d"))


@cache
def _han_variants(code: str) -> dict[str, str]:
    """The characters that count as others in a language (`Language.code`)."""
    text = Path(__file__).with_name("han_variants.txt").read_text(encoding="utf-8")
    sections: dict[str, dict[str, str]] = {}
    pairs: dict[str, str] = {}
    for line in text.splitlines():
        if line.startswith("["):
            pairs = sections.setdefault(line.strip("[]"), {})
        elif not line.startswith("#"):
            pairs.update((pair[0], pair[1]) for pair in line.split())
    return sections.get(code, {})


def unify_variants(character: str, code: str) -> str:
    """The usual variant of a Chinese character; in Chinese the simplified one."""
    return _han_variants(code).get(character, character)


def to_simplified(word: str) -> str:
    """Write a Japanese word with the simplified characters of Chinese: 渡辺, 渡边."""
    old = {new: old for old, new in reversed(_han_variants("ja").items())}
    return "".join(unify_variants(old.get(character, character), "zh") for character in word)


@lru_cache(maxsize=65536)
def respell(folded: str, code: str) -> str:
    """Reduce a folded word to what its spellings in a language (`Language.code`) share."""
    if folded.isascii():
        return folded
    if code == "ja":
        return _respell_katakana(folded)
    if code == "ar":
        return _respell_arabic(folded)
    return _respell_hindi(folded) if code == "hi" else folded


def _respell_katakana(word: str) -> str:
    if not _KATAKANA.fullmatch(word):
        return word
    word = _SOUNDS.sub(lambda match: _SAME_SOUNDS.get(match[0], match[0]), word)
    word = _VOWEL_AS_LENGTH.sub("ー", word)
    bare = word.replace("ー", "")
    if len(bare) >= _LEAST_WITHOUT_LONG:
        return bare
    return bare if len(bare) >= _LEAST_BEFORE_LAST_LONG and word == f"{bare}ー" else word


def _respell_arabic(word: str) -> str:
    if len(word) >= _LEAST_ARABIC_FINAL and word.endswith("ى"):
        word = word[:-1] + "ي"
    word = _NG.sub("نج", word)
    if len(word) >= _LEAST_ARABIC and not word.startswith("ال"):
        return word.replace("غ", "ج")
    return word


def _respell_hindi(word: str) -> str:
    letters = _unify_nasals(word)
    if len(letters) >= _LEAST_HINDI_O:
        letters = letters.translate(_LONG_A)
    return letters.translate(_SHORT_VOWELS) if len(letters) >= _LEAST_HINDI else letters


def _unify_nasals(word: str) -> str:
    """Write a Hindi word without the dots of foreign sounds, and with a dot for each nasal before a consonant."""
    letters = unicodedata.normalize("NFD", word).translate(_JOINERS).replace(_NUKTA, "").replace("ँ", "ं")
    return _NASAL.sub(lambda match: _write_nasal(letters, match), letters)


def _write_nasal(word: str, match: re.Match[str]) -> str:
    """A dot for a nasal before a consonant of its class; a doubled nasal stays: अन्न."""
    following = word[match.end()]
    return match[0] if following in "ङञणनम" else "ं"


@lru_cache(maxsize=65536)
def unify_spelling(folded: str, code: str) -> str:
    """Reduce a folded word to what all spellings of its forms share in a language (`Language.code`)."""
    if code in ("sr", "bs"):
        return folded.translate(_SERBIAN)
    if code == "el":
        return unicodedata.normalize("NFC", unicodedata.normalize("NFD", folded).replace("\u0301", ""))
    if code == "hi":
        letters = _unify_nasals(folded)
        return letters[:-1] + _LONG_AT_END.get(letters[-1:], letters[-1:])
    return folded.translate(_ARABIC) if code in _ARABIC_SCRIPT else folded
