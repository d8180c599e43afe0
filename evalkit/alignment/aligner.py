"""Align the articles of a system: one hypothesis per reference segment."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from evalkit.alignment.blocks import SHORT, Matrix
from evalkit.alignment.monotone import Links, find_links
from evalkit.alignment.path import Step
from evalkit.alignment.regroup import Article, Offsets, find_moved, make_article
from evalkit.alignment.sentences import (
    TextSpan,
    find_names,
    is_protected,
    split_paragraphs,
    split_sentences,
    splitter,
)
from evalkit.alignment.side import Side
from evalkit.alignment.similarity import center, vectorize
from evalkit.alignment.trust import explain_doubts
from evalkit.errors import ConfigError
from evalkit.languages.registry import count_words
from evalkit.models.checkpoint import find
from evalkit.models.scoring import Scorer
from evalkit.runtime.cache import Cache
from evalkit.types import Addition, DocumentAlignment, SystemOutput, TestSet, content_hash

VERSION = 2
"""Version of the alignment. Raise it when hypotheses move, so that old and new scores are not compared."""
EMBEDDINGS = 0.1
"""Weight of the embeddings, if used; the n-grams have the rest."""


@dataclass(frozen=True)
class Alignment:
    """How one article is divided among the segments of its reference."""

    texts: tuple[str, ...]
    """One per segment; empty for an omission."""
    parts: tuple[tuple[Offsets, ...], ...]
    """Per segment the spans that make up its text. Spans of different segments do not overlap."""
    additions: tuple[tuple[Offsets, int | None], ...]
    """Spans of sentences that match nothing, in order, and the index of the segment whose text precedes each;
    None at the beginning of the article."""
    moved: tuple[int, ...]
    """Indices of segments whose text is out of order."""
    similarity: float | None
    """Mean similarity of what is aligned, 0-1, weighted by length; None if nothing is."""


@dataclass(frozen=True, kw_only=True)
class Aligner:
    """Aligns articles with reference segments."""

    sentences: str = "sentencex"
    """How the text of a system is split: ``sentencex``, or ``lines`` if each line is a sentence."""
    embeddings: str | None = None
    """COMET model whose sentence embeddings contribute to the similarity: ``evalkit-mini``, a folder, or a
    name on the hub; None to compare characters alone."""
    device: str = "auto"
    """Device for the embeddings: auto, cpu, cuda, cuda:N or mps."""
    cache: str | None = None
    """Folder that keeps embeddings between runs; None for the default folder; ``off``."""
    _loaded: dict[str, Scorer] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check the values."""
        if self.sentences not in ("sentencex", "lines"):
            raise ConfigError(f"alignment.sentences: expected sentencex or lines, found {self.sentences!r}")

    def signature(self, segmentation: str = "sentence", names: Iterable[str] = ()) -> str:
        """How hypotheses are made, for the signature of scores.

        Args:
            segmentation: what the segments of the reference are; see `evalkit.types.TestSet.segmentation`.
            names: those inside which a sentence could be cut, and is not.

        Raises:
            ModelError: the model of the embeddings is not available.
        """
        parts = {"unit": "segment", "split": splitter(self.sentences), "align": f"monotone-{VERSION}"}
        if segmentation == "paragraph":
            parts["segments"] = segmentation
        if (listed := sorted(names)) and self.sentences != "lines":
            parts["names"] = content_hash(listed)[7:15]
        if self.embeddings is not None:
            checkpoint = self._scorer(self.embeddings).checkpoint
            parts["embeddings"] = f"{checkpoint.name}@{checkpoint.revision}"
        return "|".join(f"{key}:{value}" for key, value in parts.items())

    def align(
        self, system: str, output: tuple[str, ...] | Mapping[str, str], test_set: TestSet, origin: str = ""
    ) -> SystemOutput:
        """Pair the output of a system with the segments of a test set.

        Args:
            system: its name.
            output: one hypothesis per segment, which is used as it is; or a text for each document id.
            test_set: the segments, with documents if the output has texts by document.
            origin: the file or folder of the output.
        """
        if isinstance(output, tuple):
            return SystemOutput(system, output, origin=origin)
        hypotheses = [""] * len(test_set.segments)
        additions: list[Addition] = []
        documents: list[DocumentAlignment] = []
        same_text, names_of = _group_same_texts(output), _group_names(test_set)
        protected = set[str]()
        for document, indices in test_set.segments_of.items():
            assert document is not None, "articles are read only for test sets with documents"
            segments = [test_set.segments[index] for index in indices]
            ids = [segment.id for segment in segments]
            text, language = output[document], test_set.target_language
            names = names_of.get(document, set())
            protected.update(name for name in names if is_protected(name, language))
            alignment = self.align_text([segment.reference for segment in segments], text, language, names)
            for index, hypothesis in zip(indices, alignment.texts, strict=True):
                hypotheses[index] = hypothesis
            additions += _list_additions(document, ids, text, alignment)
            summary = _summarise(document, ids, text, alignment, language)
            other = next((name for name in same_text[_key(text)] if name != document), None)
            documents.append(replace(summary, warning=explain_doubts(summary, other)))
        return SystemOutput(
            system,
            tuple(hypotheses),
            tuple(additions),
            tuple(documents),
            origin=origin,
            texts=dict(output),
            aligner=self.signature(test_set.segmentation, protected),
        )

    def align_text(
        self, segments: Sequence[str], text: str, language: str, names: Iterable[str] = ()
    ) -> Alignment:
        """Give every segment the part of a text that renders it.

        Every word goes to one place: the text of a segment, or an addition. Sentences that were merged across
        segments are cut at a word boundary.

        Args:
            segments: the reference of one document, in order.
            text: what the system wrote for the document.
            language: of both, as a code such as ``en``.
            names: no sentence of the text is cut inside one of these.
        """
        if self.sentences == "lines":
            spans = split_paragraphs(text)
        else:
            spans = split_sentences(text, language, find_names(text, names))
        if not spans:
            return Alignment(("",) * len(segments), ((),) * len(segments), (), (), None)
        article = make_article(segments, text, spans, language)
        if (same := article.divide_same()) is not None:
            return _assemble(article, same, [], 1.0)
        matrix = self._build_matrix(article.row_texts, article.column_texts, spaced=not article.ideographic)
        links = find_links(matrix, [spans[unit.owner].paragraph for unit in article.columns])
        if len(segments) == 1 and segments[0].strip() and links == Links((), ()):
            links = Links((Step(0, len(article.rows), 0, len(article.columns)),), ())
        parts = article.divide(links)
        moved = find_moved(parts, {article.rows[row].owner for step in links.moved for row in step.rows})
        similarity = matrix.average_similarity([*links.in_order, *links.moved])
        return _assemble(article, parts, moved, similarity)

    def _build_matrix(self, segments: Sequence[str], sentences: Sequence[str], *, spaced: bool) -> Matrix:
        texts = [*segments, *sentences]
        kinds = [vectorize(texts, spaced=spaced)]
        weights: tuple[float, ...] = (1.0,)
        if self.embeddings is not None:
            kinds.append(center(self._scorer(self.embeddings).embed(texts)))
            weights = (1 - EMBEDDINGS, EMBEDDINGS)
        lengths = np.array([len(text) for text in texts], np.float64)
        sides = (slice(None, len(segments)), slice(len(segments), None))
        rows, columns = (Side(tuple(kind[side] for kind in kinds), lengths[side]) for side in sides)
        return Matrix(rows, columns, SHORT if spaced else SHORT / 3, weights)

    def _scorer(self, model: str) -> Scorer:
        if model not in self._loaded:
            cache = Cache.choose(self.cache)
            checkpoint = find(model, "alignment.embeddings", cache)
            if checkpoint.joint:
                raise ConfigError(
                    f"alignment.embeddings={model}: a model of class {checkpoint.class_identifier} does not "
                    "embed single texts. Use a regression model: evalkit-mini or Unbabel/wmt22-comet-da."
                )
            self._loaded[model] = Scorer(checkpoint, "fp32", self.device, None, "alignment", cache)
        return self._loaded[model]


def _key(text: str) -> tuple[str, ...]:
    """What two texts that differ only in white space have in common."""
    return tuple(text.split())


def _group_same_texts(output: Mapping[str, str]) -> dict[tuple[str, ...], list[str]]:
    groups: dict[tuple[str, ...], list[str]] = {}
    for document, text in output.items():
        groups.setdefault(_key(text), []).append(document)
    return groups


def _group_names(test_set: TestSet) -> dict[str | None, set[str]]:
    """The names that are mentioned in each document, and their accepted spellings."""
    names: dict[str | None, set[str]] = {}
    if test_set.entities is not None:
        for mention in test_set.entities.mentions:
            alias = test_set.entities.aliases.get(mention.entity)
            own = names.setdefault(test_set.segments[mention.segment].document, set())
            own.update((mention.text, *(alias.forms if alias else ())))
    return names


def _assemble(
    article: Article, parts: Sequence[Sequence[Offsets]], moved: Sequence[int], similarity: float | None
) -> Alignment:
    texts = tuple(article.glue.join(article.text[start:end] for start, end in own) for own in parts)
    additions = tuple(_find_additions(parts, article.sentences))
    return Alignment(texts, tuple(map(tuple, parts)), additions, tuple(sorted(moved)), similarity)


def _find_additions(
    parts: Sequence[Sequence[Offsets]], spans: Sequence[TextSpan]
) -> Iterator[tuple[Offsets, int | None]]:
    """Find the sentences of which no segment got a part; see `Alignment.additions`."""
    owners = sorted((start, end, row) for row, own_parts in enumerate(parts) for start, end in own_parts)
    starts = [start for start, _, _ in owners]
    for span in spans:
        at = bisect_left(starts, span.end)
        if not at or owners[at - 1][1] <= span.start:
            yield (span.start, span.end), owners[at - 1][2] if at else None


def _list_additions(document: str, ids: Sequence[str], text: str, alignment: Alignment) -> list[Addition]:
    return [
        Addition(document, text[start:end], None if after is None else ids[after])
        for (start, end), after in alignment.additions
    ]


def _summarise(
    document: str, ids: Sequence[str], text: str, alignment: Alignment, language: str
) -> DocumentAlignment:
    used = _count_words(text, [span for own_parts in alignment.parts for span in own_parts], language)
    added = _count_words(text, [span for span, _ in alignment.additions], language)
    return DocumentAlignment(
        document=document,
        segments=len(ids),
        segments_covered=sum(map(bool, alignment.texts)),
        words=used + added,
        words_used=used,
        moved=tuple(ids[index] for index in alignment.moved),
        similarity=alignment.similarity,
    )


def _count_words(text: str, spans: Sequence[Offsets], language: str) -> int:
    return sum(count_words(text[start:end], language) for start, end in spans)
