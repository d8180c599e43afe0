"""Write the numbers, months and units of `evalkit/numbers/cldr.json` from Unicode's CLDR.

usage: pip install babel==2.19.0 PyICU==2.17, then python training/number_words.py

PyICU needs ICU 72 with its headers (``apt-get install libicu-dev`` in Debian 12). ICU spells out the numbers, with
the rules of CLDR 42, which Babel does not have. Babel has all other words, of CLDR 49.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import icu
from babel import Locale

LANGUAGES = (
    "en de fr es it pt nl sv da nb ru uk pl cs hr sr bg tr ar ko hi he fi hu ro el lt vi id is sk sl et lv ca ja zh fa"
).split()
UNITS = (
    "year month week day hour minute second kilometer meter centimeter millimeter mile foot inch yard kilogram gram"
    " ton tonne pound ounce liter milliliter hectare acre square-kilometer square-meter celsius fahrenheit"
    " kilometer-per-hour mile-per-hour watt kilowatt megawatt"
).split()
PLURALS = ("zero", "one", "two", "few", "many", "other")
NOT_SPELLED = ("ja", "zh", "fa")
"""Languages without words of ICU: Chinese numerals are read character by character, and a Persian word for
10**12 is two words, the last of which is 10**9."""
UNSPACED = ("ja", "zh", "ko")
"""Languages in which a word of one character can be a unit."""
SPELLED = (*range(101), *range(200, 1000, 100), 1000, 2000)
SCALES = tuple(factor * 10**power for power in (6, 9, 12) for factor in (1, 2, 5))
"""Numbers whose last word is million and the like, in the singular and the plurals."""
JOINED_OVER_TWENTY = ("fi", "hu", "is", "et")
"""Languages whose ordinals like 21st are one word, in more forms than texts have."""
TARGET = Path(__file__).parents[1] / "evalkit/numbers/cldr.json"

Numbers = dict[int, set[str]]


def main() -> None:
    """Write one line per language."""
    lines = [f"{json.dumps(code)}:{dump(list_words(code))}" for code in dict.fromkeys(LANGUAGES)]
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def dump(words: object) -> str:
    """JSON without spaces."""
    return json.dumps(words, ensure_ascii=False, separators=(",", ":"))


def list_words(code: str) -> dict[str, object]:
    """All words of a language."""
    locale, cardinals, ordinals, scales = Locale.parse(code), *spell_numbers(code)
    for value, word in list_short_scales(code, locale):
        scales[value].add(word)
    return {
        "months": list_months(locale),
        "decimal": locale.number_symbols.get("latn", locale.number_symbols)["decimal"],
        "cardinals": sort(cardinals),
        "ordinals": sort({value: words for value, words in ordinals.items() if value}),
        "scales": sort(scales),
        "units": {unit: words for unit in UNITS if (words := list_unit(code, locale, unit))},
    }


def sort(numbers: Numbers) -> dict[str, list[str]]:
    """The words of each number, in a fixed order."""
    return {str(value): sorted(words) for value, words in sorted(numbers.items())}


def normalise(text: str) -> str:
    """A word as evalkit compares it: lower case, spaces for hyphens, without soft hyphens and direction marks."""
    for sign, other in (("\u00ad", ""), ("\u200e", ""), ("\u200f", ""), ("\u2019", "'")):
        text = unicodedata.normalize("NFKC", text).replace(sign, other)
    return re.sub(r"[\s-]+", " ", text.casefold()).strip()


def spell_numbers(code: str) -> tuple[Numbers, Numbers, Numbers]:
    """The cardinals, the ordinals, and the words for a thousand and more."""
    cardinals, ordinals, scales = defaultdict(set), defaultdict(set), defaultdict(set)
    for rules, value, words in spell(code):
        is_ordinal = "ordinal" in rules
        if value < 1000:
            if is_usable(code, rules, value, words):
                (ordinals if is_ordinal else cardinals)[value].add(words)
        elif is_ordinal or (code == "hi" and value >= SCALES[0]):
            continue
        elif value == 2000 and " " not in words:
            if code != "fi":
                cardinals[value].add(words)
        else:
            scales[max(base for base in (10**3, 10**6, 10**9, 10**12) if base <= value)].add(
                words.split()[-1]
            )
    return cardinals, ordinals, scales


def spell(code: str) -> Iterator[tuple[str, int, str]]:
    """Each rule set of ICU with each number that it writes in words."""
    spellout = icu.RuleBasedNumberFormat(icu.URBNFRuleSetTag.SPELLOUT, icu.Locale(code))
    for index in range(0 if code in NOT_SPELLED else spellout.getNumberOfRuleSetNames()):
        rules = spellout.getRuleSetName(index)
        if re.match("%spellout-(cardinal|ordinal|numbering(?!-year))", rules):
            for value in (*SPELLED, *SCALES):
                if "ordinal" not in rules or value <= 1000:
                    words = normalise(spellout.format(value, rules))
                    if not re.search(r"\d", words):
                        yield rules, value, words


def is_usable(code: str, rules: str, value: int, words: str) -> bool:
    """Whether a number is one word that texts have; evalkit composes the others of their words."""
    is_ordinal, is_compound = "ordinal" in rules, 20 < value < 100 and value % 10 > 0
    if code == "fi" and is_ordinal and rules != "%spellout-ordinal":
        return False
    if is_compound and code == "fi" and rules != "%spellout-cardinal-masculine" and "numbering" not in rules:
        return False
    if is_compound and is_ordinal and (value > 31 or code in JOINED_OVER_TWENTY):
        return False
    return " " not in words or (value < 100 and code == "fr") or (10 < value < 20)


def list_months(locale: Locale) -> list[list[str]]:
    """The names of each month, in full and abbreviated, in the nominative and within a date."""
    months = []
    for number in range(1, 13):
        forms = (
            locale.months[c][w].get(number, "")
            for c in ("format", "stand-alone")
            for w in ("wide", "abbreviated")
        )
        months.append(
            sorted({normalise(f).rstrip(".") for f in forms if f and not re.search(r"\d", normalise(f))})
        )
    return months


def list_short_scales(code: str, locale: Locale) -> Iterator[tuple[int, str]]:
    """The words and abbreviations for thousand and more behind digits."""
    for kind in ("long", "short"):
        for patterns in locale.compact_decimal_formats[kind].values():
            for magnitude, pattern in patterns.items():
                written = str(pattern.pattern)
                word = normalise(written.replace("0", "").replace("'", "")).rstrip(".").strip()
                value = int(magnitude) // 10 ** max(written.count("0") - 1, 0)
                if "0" not in written or not word:
                    continue
                if code in UNSPACED or (value >= 1000 and " " not in word and len(word) > 1):
                    yield value, word


def list_unit(code: str, locale: Locale, unit: str) -> list[str]:
    """The words and abbreviations of a unit, in each number."""
    patterns = (
        pattern
        for key, lengths in locale._data["unit_patterns"].items()  # Babel only formats with them
        if key.split("-", 1)[-1] == unit
        for length in ("long", "short")
        for plural, pattern in lengths.get(length, {}).items()
        if isinstance(pattern, str) and plural in PLURALS
    )
    words: Iterable[str] = (normalise(pattern.replace("{0}", "")).rstrip(".") for pattern in patterns)
    return sorted({word for word in words if is_unit(code, word)})


def is_unit(code: str, word: str) -> bool:
    """Whether a word can be told from other words: no single letter, no formula."""
    if code in UNSPACED:
        return bool(word) and "/" not in word
    return len(word) > 1 and not re.search(r"[{}/]", word) and len(word.split()) <= 2


if __name__ == "__main__":
    main()
