"""Sentences in languages that do not mark their ends as others do: Thai, Lao, Khmer, Burmese, Tibetan.

Khmer and Burmese have marks for the end of a sentence. The Tibetan shad is a full stop unless the syllable
before it continues the sentence. Thai and Lao separate clauses with spaces; a space ends a sentence only
between two long runs of letters, if the second does not begin with a word that continues the sentence, or
before a word that begins sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from evalkit.languages.sentence_words import SentenceWords, find_sentence_words

LONG_RUN = 15
"""Characters without a space, from which Thai and Lao text on both sides of a space are clauses."""
SHORT_RUN = 8
"""The same before a word that begins sentences, such as a pronoun."""
_MARKED = {
    "km": re.compile(r"(?<!។ល)[។៕៚?!](?!ល។)[”»\")]*"),
    "my": re.compile(r"[။?!][”»\")]*"),
}
_SHAD = re.compile(r"([^་།༎\s]*)་?[།༎༏༑](?:\s*[།༎༏༑])*[”»\")]*")
_LETTERS = re.compile(r"[\u0e00-\u0eff”“\"]+")
_NEVER = 'ๆຯฯໆ์໌”"'
"""Signs of repetition, of abbreviation, and of a silent letter, which foreign names end in; and of the end of
a quotation, after which its speaker follows."""


def find_unmarked_ends(content: str, code: str) -> Iterator[int]:
    """Find the ends of sentences in a paragraph of one of these languages; none in others."""
    words = find_sentence_words(code)
    if code in _MARKED:
        yield from (match.end() for match in _MARKED[code].finditer(content))
    elif code == "bo":
        yield from (match.end() for match in _SHAD.finditer(content) if match[1] not in words.continuing)
    elif code in ("th", "lo"):
        yield from _find_clauses(content, words)


def _find_clauses(content: str, words: SentenceWords) -> Iterator[int]:
    """Find the spaces between two clauses; see the module."""
    openers = tuple(words.openers)
    for left, right in pairwise(re.finditer(r"\S+", content)):
        begins = right[0].lstrip('“"')
        opens = begins.startswith(openers)
        follows = opens or (_is_clause(begins, LONG_RUN) and not begins.startswith(words.continuing))
        if follows and _is_clause(left[0], SHORT_RUN if opens else LONG_RUN):
            yield left.end()


def _is_clause(run: str, least: int) -> bool:
    """Whether a run is long enough, and neither a foreign word nor the end of a quotation."""
    return len(run) >= least and bool(_LETTERS.fullmatch(run)) and run[-1] not in _NEVER
