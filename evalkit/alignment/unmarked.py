"""Sentences in languages that do not mark their ends as others do: Thai, Lao, Khmer, Burmese, Tibetan.

Khmer and Burmese have marks for the end of a sentence. The Tibetan shad is a full stop unless the syllable
before it continues the sentence. Thai and Lao separate clauses with spaces; a space ends a sentence only
between two long runs of letters, if the second does not begin with a word that continues the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from evalkit.languages.sentence_words import find_sentence_words

LONG_RUN = 20
"""Characters without a space, from which Thai and Lao text on both sides of a space are clauses."""
_MARKED = {
    "km": re.compile(r"(?<!។ល)[។៕៚?!](?!ល។)[”»\")]*"),
    "my": re.compile(r"[။?!][”»\")]*"),
}
_SHAD = re.compile(r"([^་།༎\s]*)་?[།༎༏༑](?:\s*[།༎༏༑])*[”»\")]*")
_PARTICLE = re.compile(r"(?:ครับ|ค่ะ|คะ)$")
_LETTERS = re.compile(r"[\u0e00-\u0eff”“\"]+")
_NEVER = "ๆຯฯໆ"


def find_unmarked_ends(content: str, code: str) -> Iterator[int]:
    """Find the ends of sentences in a paragraph of one of these languages; none in others."""
    if code in _MARKED:
        yield from (match.end() for match in _MARKED[code].finditer(content))
    elif code == "bo":
        continuing = set(find_sentence_words(code).continuing)
        yield from (match.end() for match in _SHAD.finditer(content) if match[1] not in continuing)
    elif code in ("th", "lo"):
        yield from _find_clauses(content, find_sentence_words(code).continuing)


def _find_clauses(content: str, continuing: tuple[str, ...]) -> Iterator[int]:
    """Find the spaces between two clauses; see the module."""
    runs = list(re.finditer(r"\S+", content))
    for left, right in zip(runs, runs[1:], strict=False):
        if _is_clause(left[0]) and _is_clause(right[0]) and not right[0].lstrip("“\"").startswith(continuing):
            yield left.end()


def _is_clause(run: str) -> bool:
    return len(run) >= LONG_RUN and bool(_LETTERS.fullmatch(run)) and run[-1] not in _NEVER
