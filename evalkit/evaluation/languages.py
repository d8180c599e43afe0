"""What a reader has to know of the languages of a run: of the target language, the metrics, the outputs.

The language of an output is compared with what the identifier makes of the references, and not with the
language code: an identifier that takes Serbian for Croatian, or Burmese, which it does not know, for several
others, does so in both, which then agree. Measured on the interface texts of 108 languages, of which it does
not know 19: in no language does more than 1.3 % of the text seem to be in another one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from evalkit.languages.identifier import load_identifier
from evalkit.languages.registry import find_language

if TYPE_CHECKING:
    from evalkit.evaluation.scoring import Inputs
    from evalkit.types import SystemOutput, TestSet

_LEAST_COPY = 0.1
"""Share of an output that is copied from the source, by length, that is warned of. Of the systems of WMT22
in six language pairs, 0.3 % at most; of the weakest of Text+Berg (BLEU 3), 2 %."""
_LEAST_FOREIGN = 0.15
"""Share of an output in another language that is warned of. Of the same systems, 0.3 % and 11 %: it leaves
half of the words as they are."""
_RELATED = 2.0
"""What a share of the references that equals the source adds to that, as a factor: a translation from
Croatian into Bosnian may rightly leave sentences as they are, and others than the reference does."""
_LEAST_COPIED = 10
"""Bytes of the shortest text that may be a copy, without spaces; shorter ones are not counted."""
_PIECE = 50
"""Bytes of text from which its language is identified; shorter lines are joined with the next ones."""
_PART = re.compile(r"\S.{0,199}(?!\S)|\S.{0,199}", re.DOTALL)
"""A part of a text, such as a sentence or two: a paragraph may be in two languages."""
_MOST_PIECES = 500
"""Pieces of an output that are identified, evenly spread over it."""
_SURE = 20.0
"""By how much the log-likelihood of another language exceeds that of the references'."""
_LEAST_WRONG = 0.8
"""Share of the references in one other language from which the code of the target language seems wrong."""
_ALIKE = tuple(
    frozenset(codes.split())
    for codes in ("no nb nn da", "sr hr bs sl mk", "id ms jv", "cs sk", "gl pt es", "az tr", "kk ky", "xh zu")
)
"""Languages whose codes are not compared: the identifier takes one for another, or another script for one."""
_CERTAIN = 3
"""Pieces in which a language is identified from which it is named: of one piece, a related one may be."""
_USUAL = 0.02
"""Share of the references from which a language that is identified in them is one of theirs: in Croatian,
Bosnian is identified too."""


class _Unit(NamedTuple):
    """A part of an output: the hypothesis of a segment, or an addition."""

    text: str
    source: str
    """Of the segment; of its document if the output was aligned. Without spaces and capitals."""
    references: str


def warn_of_languages(inputs: Inputs) -> Iterator[str]:
    """Warn of a target language that is unknown, and of scores and outputs that do not fit the language.

    Yields:
        One line each.
    """
    test_set = inputs.test_set
    if not find_language(test_set.target_language).is_known:
        yield (
            f"target language {test_set.target_language!r}: unknown code, so "
            "language-specific rules and tokenizers are not applied"
        )
    yield from _warn_of_references(test_set)
    for metric in inputs.metrics:
        yield from (f"{metric.label}: {warning}" for warning in metric.test_set_warnings(test_set))
    for output in inputs.outputs:
        yield from (f"{output.system}: {warning}" for warning in warn_of_output(test_set, output))


def _warn_of_references(test_set: TestSet) -> Iterator[str]:
    """Warn of a language code that is not that of the references."""
    identifier = load_identifier()
    declared = find_language(test_set.target_language).code
    pieces = _cut_pieces([segment.reference for segment in test_set.segments])
    if declared not in identifier.codes or len(pieces) < _CERTAIN:
        return
    others = (identifier.find_other(piece, {declared}, _SURE) for piece in pieces)
    found = Counter(filter(None, others)).most_common(1)
    if found and found[0][1] >= _LEAST_WRONG * len(pieces):
        language = found[0][0]
        if not any({declared, language} <= group for group in _ALIKE):
            yield (
                f"the references seem to be in another language ({language}) than the target language "
                f"({test_set.target_language}), which chooses tokenizers and rules"
            )


def warn_of_output(test_set: TestSet, output: SystemOutput) -> Iterator[str]:
    """Warn of an output in decomposed letters, a copy of the source, or another language."""
    yield from _warn_of_form(output.hypotheses, [segment.reference for segment in test_set.segments])
    units = [unit for unit in _list_units(test_set, output) if _is_long(unit)]
    copied = [_is_copied(unit) for unit in units]
    share = _share(units, copied)
    is_copy = share >= _LEAST_COPY and share >= _LEAST_COPY + _RELATED * _share_of_references(test_set)
    if is_copy:
        yield f"{share:.0%} of the output is copied from the source"
    rest = [unit.text for unit, of_source in zip(units, copied, strict=True) if not of_source]
    foreign = find_foreign(rest, [segment.reference for segment in test_set.segments])
    if foreign:
        language, share_of_rest = foreign
        what = "rest" if is_copy else "output"
        named = f" ({language})" if language else ""
        yield (
            f"{share_of_rest:.0%} of the {what} seems to be in another language{named} "
            f"than the references ({test_set.target_language})"
        )


def _warn_of_form(hypotheses: Sequence[str], references: Sequence[str]) -> Iterator[str]:
    """Warn of letters that look like those of the references and are other characters."""
    own, theirs = (
        sum(len(unicodedata.normalize("NFC", text)) < len(text) for text in texts) / len(texts)
        for texts in (hypotheses, references)
    )
    if abs(own - theirs) >= _LEAST_FOREIGN:
        one, other = ("output", "references") if own > theirs else ("references", "output")
        yield (
            f"letters with accents are decomposed (Unicode NFD) in the {one} and not in the {other}, "
            "so that equal words differ; convert both to NFC"
        )


def _list_units(test_set: TestSet, output: SystemOutput) -> Iterator[_Unit]:
    """The hypotheses and additions, each with the source and references that it may repeat."""
    by_document = {
        document: (
            _squeeze(test_set.segments[index].source for index in indices),
            _squeeze(text for index in indices for text in test_set.segments[index].references),
        )
        for document, indices in (test_set.segments_of if output.alignment else {}).items()
    }
    for segment, hypothesis in zip(test_set.segments, output.hypotheses, strict=True):
        own = by_document.get(segment.document)
        yield _Unit(hypothesis, *(own or (_squeeze([segment.source]), _squeeze(segment.references))))
    for addition in output.additions:
        yield _Unit(addition.text, *by_document.get(addition.document, ("", "")))


def _squeeze(texts: Iterable[str | None]) -> str:
    """Texts as one, without spaces and capitals."""
    return "".join("".join(text.split()).casefold() for text in texts if text is not None)


def _is_long(unit: _Unit) -> bool:
    return len(_squeeze([unit.text]).encode()) >= _LEAST_COPIED


def _is_copied(unit: _Unit) -> bool:
    text = _squeeze([unit.text])
    return text in unit.source and text not in unit.references


def _share(units: Sequence[_Unit], copied: Sequence[bool]) -> float:
    """The share of the copied units, by length."""
    lengths = [len(unit.text.strip()) for unit in units]
    total = sum(lengths)
    return sum(length for length, of_source in zip(lengths, copied, strict=True) if of_source) / max(total, 1)


def _share_of_references(test_set: TestSet) -> float:
    """The share of the references, by length, that equals the source: much in related languages."""
    units = [_Unit(s.reference, _squeeze([s.source]), "") for s in test_set.segments if s.reference.strip()]
    return _share(units, [_squeeze([unit.text]) == unit.source for unit in units])


def find_foreign(texts: Sequence[str], references: Sequence[str]) -> tuple[str | None, float] | None:
    """Find the language that texts are in instead of that of the references.

    Args:
        texts: of a system.
        references: of the test set.

    Returns:
        Its code if it is certain, and the share of the texts that are not in the language of the references.
        None if that is little, or if the references are too short.
    """
    identifier = load_identifier()
    usual = _find_usual(tuple(references))
    if not usual:
        return None
    pieces = _cut_pieces(texts)
    foreign = Counter(
        found for piece in pieces if (found := identifier.find_other(piece, usual, _SURE)) is not None
    )
    if not foreign or foreign.total() < _LEAST_FOREIGN * len(pieces):
        return None
    language, count = foreign.most_common(1)[0]
    return language if count >= _CERTAIN else None, foreign.total() / len(pieces)


@lru_cache(maxsize=1)
def _find_usual(references: tuple[str, ...]) -> frozenset[str]:
    """The languages that are identified in the references."""
    identifier = load_identifier()
    found = Counter(identifier.identify(piece) for piece in _cut_pieces(references))
    return frozenset(code for code, count in found.items() if count >= _USUAL * found.total())


def _cut_pieces(texts: Sequence[str]) -> list[str]:
    """Pieces of text that are long enough to identify, at most so many."""
    pieces, piece = [], ""
    for text in (part for whole in texts for part in _PART.findall(whole)):
        piece = f"{piece} {text}".strip()
        if len(piece.encode()) >= _PIECE:
            pieces.append(piece)
            piece = ""
    step = max(1, -(-len(pieces) // _MOST_PIECES))
    return pieces[::step]
