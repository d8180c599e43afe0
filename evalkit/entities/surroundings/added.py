"""What a hypothesis puts to a name that is otherwise right, as text from a catalogue does.

- a common noun in brackets behind it: John (Stadt)
- a word of catalogues in front of it: Kategorie: Erik, Songtexte von Erik
- a stray sign: ¿Erik, Erik), Erik|

None of them counts where the reference has it too.
"""

from __future__ import annotations

import re
import unicodedata

from evalkit.entities.assignment import Span
from evalkit.entities.document import Document
from evalkit.entities.language.word_lists import capitals_mark_names

_IN_BRACKETS = re.compile(r"\s?[(\[（【]\s*([^\W\d_]+)\s*[)\]）】]")
_REACH = 2
"""Words beside a name that belong to it."""
_PHRASE = re.compile(".*[的の].*|.{7,}")
"""More than one word, where words have no spaces between them."""
_AS_DOT = re.compile("(?<=[一-鿿ァ-ヴー])[*＊=]|[*＊=](?=[一-鿿ァ-ヴー])")
"""Signs for the dot within a foreign name: 罗伯特*马利."""
_STRAY = frozenset("¿¡|*_~^\\=+")
"""Signs that do not touch a name in running text, except where the reference has them too."""
_BRACKETS = {
    "(": ")",
    "[": "]",
    "{": "}",
    "<": ">",
    "（": "）",
    "【": "】",
    "「": "」",
    "『": "』",
    "《": "》",
}
_CLOSING = {closing: opening for opening, closing in _BRACKETS.items()}
_INVERTED = {"¿": "?", "¡": "!"}
"""Signs that begin a sentence, and those that end it."""
_USES_INVERTED = frozenset({"es", "gl", "ast"})
"""Languages whose questions begin with ¿."""


def has_addition(document: Document, index: int, span: Span) -> bool:
    """Whether something is put to the words of a span that the reference does not put to the mention."""
    text = document.hypotheses[span.segment]
    start, end = text.tokens[span.first].start, text.tokens[span.last - 1].end
    reference = document.references[document.mentions[index].segment]
    before, after = text.text[:start], text.text[end:]
    return (
        _has_stray_sign(before, after, reference.text, document.rules.target.code)
        or _has_lone_bracket(before, text.text[start:end], after, reference.text)
        or _is_from_catalogue(document, index, span)
        or _has_word_in_brackets(document, index, span, after)
    )


def _has_stray_sign(before: str, after: str, reference: str, code: str) -> bool:
    begins = {sign for sign, end in _INVERTED.items() if end in after and code in _USES_INVERTED}
    touching = _AS_DOT.sub("", before[-2:])[-1:] + _AS_DOT.sub("", after[:2])[:1]
    return any(sign in _STRAY - begins and sign not in reference for sign in touching)


def _has_lone_bracket(before: str, written: str, after: str, reference: str) -> bool:
    """Whether a bracket that touches the name has no partner, and the reference no such bracket."""
    opening, closing = before[-1:], after[:1]
    return _is_lone(opening, _BRACKETS.get(opening), written + after, reference) or _is_lone(
        closing, _CLOSING.get(closing), before + written, reference
    )


def _is_lone(bracket: str, partner: str | None, others: str, reference: str) -> bool:
    return partner is not None and not any(
        sign in text for sign, text in ((partner, others), (partner, reference), (bracket, reference))
    )


def _is_from_catalogue(document: Document, index: int, span: Span) -> bool:
    """Whether a word such as category comes before the name, at most a small word between, and is new."""
    text, lists = document.hypotheses[span.segment], document.rules.words
    reference = document.reference_words[document.mentions[index].segment]
    first = max(0, span.first - _REACH)
    if not document.rules.target.has_spaces:
        before, written = text.text[: text.tokens[span.first].start], document.references
        known = written[document.mentions[index].segment].text
        return any(before.rstrip(" :：").endswith(word) and word not in known for word in lists.catalogue)
    words = text.folded[first : span.first]
    new = [word in lists.catalogue and word not in reference for word in words]
    links = lists.function_words, lists.adpositions, lists.links
    return any(new[-1:]) or (any(new) and any(words[-1] in listed for listed in links))


def _has_word_in_brackets(document: Document, index: int, span: Span, after: str) -> bool:
    """Whether a common noun in brackets follows that the reference does not have beside the mention."""
    found = _IN_BRACKETS.match(after)
    if not found or found.group(1).isupper() or span.last >= len(document.hypotheses[span.segment].tokens):
        return False
    if not document.rules.target.has_spaces and _PHRASE.fullmatch(found.group(1)):
        return False  # 欧盟委员会（欧盟的执行机构）
    text, occurrence = document.hypotheses[span.segment], document.occurrences[index]
    word = text.tokens[span.last]
    if word.capitalised and capitals_mark_names(document.rules.target.tag):
        return False  # Kursk (Russia)
    if _is_latin(found.group(1)) != _is_latin(text.tokens[span.last - 1].text):
        return False  # 塔利班（Taliban）
    near = occurrence.text.folded[max(0, occurrence.first - 1) : occurrence.last + _REACH]
    behind = occurrence.text.text[document.mentions[index].end :].lstrip()
    return word.folded not in near and not behind.startswith(tuple(_BRACKETS))


def _is_latin(word: str) -> bool:
    """Whether a word begins with a Latin letter."""
    return "LATIN" in unicodedata.name(word[0], "")
