"""The registry of languages: everything that depends on a language asks it, and nothing else reads codes.

Codes may be BCP 47 (``pt-BR``), ISO 639-1 or -3 (``zh``, ``zho``), or the spellings of WMT and FLORES
(``zh_TW``, ``zho_Hans``). langcodes normalises them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import langcodes
from langcodes.tag_parser import LanguageTagError

UNKNOWN_SCRIPT = "Zyyy"
"""ISO 15924's code for no script in particular."""
_VARIETIES = {
    **dict.fromkeys("nan hak wuu gan hsn cdo cjy cpx czh czo mnp lzh".split(), "zh"),
    "yue": "zh-Hant",
    **dict.fromkeys("acm acq acw aeb afb ajp apc apd ars ary arz ayl".split(), "ar"),
    "pbt": "ps",
    "azb": "az-Arab",
}
"""Languages that langcodes does not count to the macrolanguage whose rules and tokenizer apply to them."""
_PLACEHOLDERS = frozenset({"src", "tgt", "trg", "ref", "hyp", "und", "mul", "mis", "zxx"})
"""Codes that name no language in practice, although most are registered."""
_HAN = ("Hani", "Hans", "Hant", "Hanb", "Bopo")
WITHOUT_SPACES = frozenset(
    {*_HAN, "Jpan", "Hira", "Kana", "Hrkt", "Thai", "Laoo", "Khmr", "Mymr", "Tibt", "Lana", "Talu", "Tavt"}
)
"""Scripts written without spaces between words, by their ISO 15924 code."""
_SAME_SCRIPTS = {
    **dict.fromkeys(("Hang", "Jamo"), "Kore"),
    **dict.fromkeys(("Hira", "Kana", "Hrkt"), "Jpan"),
    **dict.fromkeys(("Latf", "Latg"), "Latn"),
    "Aran": "Arab",
    "Cyrs": "Cyrl",
}
"""Parts and styles of a script, by its code: ``kor_Hang`` is Korean."""
_TOKENIZERS = {
    **dict.fromkeys(_HAN, "zh"),
    "Jpan": "ja-mecab",
    "Kore": "ko-mecab",
}
"""sacrebleu's tokenizers for a script. Its own choice by language is the same."""
_WITH_CAPITALS = frozenset({"Latn", "Cyrl", "Grek", "Armn", UNKNOWN_SCRIPT})
"""Scripts that distinguish capital letters, by their ISO 15924 code. Georgian texts do not use theirs."""
_RIGHT_TO_LEFT = frozenset({"Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg", "Mand", "Samr"})
"""Scripts written from right to left, by their ISO 15924 code."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language, as its code describes it."""

    tag: str
    """BCP 47: ``zh-Hans``, ``pt-BR``."""
    code: str
    """The shortest code of the language or of the macrolanguage it belongs to: ``zh`` for ``cmn`` and
    ``yue``."""
    script: str
    """ISO 15924, the usual one if the code names none: ``Cyrl``."""
    is_known: bool
    """Whether the code is registered; a private code such as ``dsgs`` or ``x-mine`` is not."""

    @property
    def has_spaces(self) -> bool:
        """Whether words are separated by spaces."""
        return self.script not in WITHOUT_SPACES

    @property
    def has_capitals(self) -> bool:
        """Whether the script distinguishes capital letters; so do unknown scripts."""
        return self.script in _WITH_CAPITALS

    @property
    def is_ideographic(self) -> bool:
        """Whether a character is about a word; sentences have no spaces between them either."""
        return self.script in (*_HAN, "Jpan")

    @property
    def is_right_to_left(self) -> bool:
        """Whether it is written from right to left."""
        return self.script in _RIGHT_TO_LEFT

    @property
    def tokenizer(self) -> str:
        """The tokenizer of sacrebleu for BLEU: by characters if there are no spaces and no better one."""
        return _TOKENIZERS.get(self.script, "13a" if self.has_spaces else "char")


@cache
def find_language(code: str) -> Language:
    """Find a language by its code in any of the spellings above. Case does not matter.

    Several codes joined by ``+`` are no language.
    """
    if "+" in code:
        return Language(code, code.lower(), UNKNOWN_SCRIPT, is_known=False)
    base = re.split("[-_]", code.lower())[0]
    found = _parse(code) or _parse(base)
    if found is None or not found.language:
        return Language(code, base, UNKNOWN_SCRIPT, is_known=False)
    is_known = _is_registered(found.language) and base not in _PLACEHOLDERS
    if not is_known:
        return Language(found.to_tag(), found.language, found.script or UNKNOWN_SCRIPT, is_known=False)
    main = langcodes.Language.get(_VARIETIES.get(found.language, found.language)).prefer_macrolanguage()
    usual = main.update_dict({"territory": found.territory}) if not main.script else main
    script = found.script or usual.maximize().script or UNKNOWN_SCRIPT
    return Language(found.to_tag(), str(main.language), _SAME_SCRIPTS.get(script, script), is_known=True)


def _parse(code: str) -> langcodes.Language | None:
    try:
        return langcodes.Language.get(code)
    except LanguageTagError:
        return None


def _is_registered(language: str) -> bool:
    is_private = language.startswith("x-") or "qaa" <= language <= "qtz"
    return not is_private and langcodes.Language.get(language).is_valid()


def is_same_language(a: str | None, b: str | None) -> bool:
    """Whether two codes mean one language in one script: ``zh`` and ``zho_Hans``, ``pt`` and ``pt-BR``."""
    if a is None or b is None or a == b:
        return a == b
    return shorten_code(a).lower() == shorten_code(b).lower()


def shorten_code(code: str) -> str:
    """The shortest code of the same language in the same script: ``zh`` for ``zho_Hans``, ``zh-Hant``.

    Of several codes joined by ``+``, that of each.
    """
    if "+" in code:
        return "+".join(map(shorten_code, code.split("+")))
    found = find_language(code)
    if not found.is_known:
        return found.tag
    usual = find_language(found.code).script
    return found.code if found.script == usual else f"{found.code}-{found.script}"


def suggest_code(name: str) -> str | None:
    """The two-letter code of a language by its English name; None if there is none."""
    from langcodes.registry_parser import parse_registry

    name, similar = name.lower(), None
    for entry in parse_registry():  # type: ignore[no-untyped-call]
        code, names = str(entry.get("Subtag", "")), [text.lower() for text in entry.get("Description", [])]
        if entry["Type"] == "language" and len(code) == 2 and "Deprecated" not in entry:
            if name in names:
                return code
            if any(name in re.findall(r"\w+", text) for text in names):
                similar = similar or code
    return similar


def has_spaces(language: str) -> bool:
    """Whether a language, given by its code, has spaces between its words."""
    return find_language(language).has_spaces


def count_words(text: str, language: str) -> int:
    """The number of words in a text, or of characters in a language without spaces between words."""
    if has_spaces(language):
        return len(text.split())
    return sum(not character.isspace() for character in text)
