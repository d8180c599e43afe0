"""TODO entities.romanisation."""

from __future__ import annotations

import re
from functools import lru_cache


def digraphs(name: str) -> str:
    """A name with the vowels of German and Scandinavian written as two letters: Løkke, Loekke."""
    return name.translate(_DIGRAPHS)


_DIGRAPHS = str.maketrans(
    {
        "ä": "ae",
        "æ": "ae",
        "ö": "oe",
        "ø": "oe",
        "ü": "ue",
        "å": "aa",
        "Ä": "Ae",
        "Æ": "Ae",
        "Ö": "Oe",
        "Ø": "Oe",
        "Ü": "Ue",
        "Å": "Aa",
    }
)


@lru_cache(maxsize=65536)
def romanised(folded: str) -> str:
    """A key under which common romanisations of one spelling meet.

    Zelensky, Zelenskyy and Zelenskiy; Dmitry and Dmitriy; Tatyana and Tatiana; Mariya and Mariia; Mykhailo and Mykhaylo; Aliyev and Aliev;
    Alexander and Aleksander; Arestovych and Arestovich. It leaves alone whatever also tells two names apart: doubled
    letters, h, tz, i and e, the last letter of Modi.
    """
    if len(folded) < 5 or not folded.isascii():
        return folded
    key = re.sub(r"sk(iy|ii|yy|yi|ij|yj|y|i)$", "ski", folded)
    key = re.sub(r"(iy|ii|yi|ij|yj)$", "y", key)
    key = re.sub(r"(?<=[aeiou])y(?=ev(a|ich|na)?$)", "", key)
    key = re.sub(r"(?<=[^aeiouyj])([yj]|ii|iy)(?=[au])", "i", key).replace("ks", "x")
    key = re.sub(r"(?<=[ao])y(?=[^aeiouy])", "i", key)
    return re.sub(r"(?<=.{3}[oe]v)ych$", "ich", key)
