"""From the articles of a system to one hypothesis per reference segment."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from evalkit.alignment.blocks import SHORT, Matrix, Side
from evalkit.alignment.cut import Merged, cut
from evalkit.alignment.monotone import find_links
from evalkit.alignment.path import Step
from evalkit.alignment.sentences import Span, split_paragraphs, split_sentences, splitter
from evalkit.alignment.similarity import centred, vectors
from evalkit.alignment.trust import warning
from evalkit.errors import ConfigError
from evalkit.models.checkpoint import find
from evalkit.models.scoring import Scorer
from evalkit.runtime.cache import Cache
from evalkit.types import Addition, DocumentAlignment, SystemOutput, TestSet, count_words, written_with_spaces

VERSION = 1
"""Of the alignment. A change that moves hypotheses raises it, so that old and new scores are not compared."""

EMBEDDINGS = 0.1
"""Weight of the embeddings beside the characters, where they take part."""


@dataclass(frozen=True)
class Alignment:
    """What became of one article. Spans are character offsets in its text, end exclusive."""

    texts: tuple[str, ...]
    """One per segment; empty for an omission."""
    parts: tuple[tuple[tuple[int, int], ...], ...]
    """Per segment the spans that its text is made of; those of different segments do not overlap."""
    additions: tuple[tuple[tuple[int, int], int | None], ...]
    """Spans of sentences that match nothing, in order, and the segment whose text stands before each; None at the beginning."""
    moved: tuple[int, ...]
    """Segments whose text stands out of order."""
    similarity: float | None
    """Of what was paired, 0-1, mean weighted by length; None where nothing was."""


@dataclass(frozen=True, kw_only=True)
class Aligner:
    """Aligns articles with reference segments."""

    sentences: str = "sentencex"
    """What splits the text of a system: sentencex, or lines, where each line is a sentence."""
    embeddings: str | None = None
    """COMET model whose sentence embeddings take part in the similarity: ``evalkit-mini``, a folder, or a name on the hub; None
    for characters alone."""
    device: str = "auto"
    """For the embeddings: auto, cpu, cuda, cuda:N or mps."""
    cache: str | None = None
    """Folder that keeps embeddings between runs; None for the user's own; ``off``."""
    _loaded: dict[str, Scorer] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check the values."""
        if self.sentences not in ("sentencex", "lines"):
            raise ConfigError(f"alignment.sentences: expected sentencex or lines, found {self.sentences!r}")

    def signature(self, segmentation: str = "sentence") -> str:
        """How hypotheses come about, for the signature of scores.

        Args:
            segmentation: what the segments of the reference are; see `evalkit.types.TestSet.segmentation`.

        Raises:
            ModelError: the model of the embeddings cannot be had.
        """
        parts = {"unit": "segment", "split": splitter(self.sentences), "align": f"monotone-{VERSION}"}
        if segmentation == "paragraph":
            parts["segments"] = segmentation
        if self.embeddings is not None:
            checkpoint = self._scorer(self.embeddings).checkpoint
            parts["embeddings"] = f"{checkpoint.name}@{checkpoint.revision}"
        return "|".join(f"{key}:{value}" for key, value in parts.items())

    def align(
        self, system: str, output: tuple[str, ...] | Mapping[str, str], test_set: TestSet, origin: str = ""
    ) -> SystemOutput:
        """Pair the output of a system with the segments of a test set.

        Args:
            output: one hypothesis per segment, taken as it is; or whole texts by document id.
        """
        if isinstance(output, tuple):
            return SystemOutput(system, output, origin=origin)
        hypotheses = [""] * len(test_set.segments)
        additions: list[Addition] = []
        documents: list[DocumentAlignment] = []
        with_text: dict[tuple[str, ...], list[str]] = {}
        for name, whole in output.items():
            with_text.setdefault(tuple(whole.split()), []).append(name)
        for document, indices in test_set.segments_of.items():
            assert document is not None, "articles are read only for test sets with documents"
            segments = [test_set.segments[index] for index in indices]
            found = self.align_text(
                [segment.references[0] for segment in segments], output[document], test_set.target_language
            )
            for index, text in zip(indices, found.texts, strict=True):
                hypotheses[index] = text
            additions += [
                Addition(document, output[document][start:end], None if after is None else segments[after].id)
                for (start, end), after in found.additions
            ]
            summary = _summary(
                document,
                [segment.id for segment in segments],
                output[document],
                found,
                test_set.target_language,
            )
            others = (other for other in with_text[tuple(output[document].split())] if other != document)
            documents.append(replace(summary, warning=warning(summary, next(others, None))))
        aligner = self.signature(test_set.segmentation)
        return SystemOutput(
            system,
            tuple(hypotheses),
            tuple(additions),
            tuple(documents),
            origin=origin,
            texts=dict(output),
            aligner=aligner,
        )

    def align_text(self, segments: Sequence[str], text: str, language: str) -> Alignment:
        """Give every segment the part of a text that renders it.

        No word is lost or stands twice: each is in the text of one segment or in an addition. Where sentences were merged
        across segments, they are cut at a word boundary.

        Args:
            segments: the reference of one document, in order.
            language: of both, as a code such as ``en``.
        """
        spans = split_paragraphs(text) if self.sentences == "lines" else split_sentences(text, language)
        spaced = written_with_spaces(language)
        sentences = [span.of(text) for span in spans]
        if sentences == list(segments):
            parts = [[(span.start, span.end)] for span in spans]
            return _alignment(text, parts, spans, [], 1.0, spaced=spaced)
        if not sentences:
            return _alignment(text, [[] for _ in segments], [], [], None, spaced=spaced)
        matrix = self._matrix(segments, sentences, spaced=spaced)
        links = find_links(matrix, [span.paragraph for span in spans])
        steps = [*links.in_order, *links.moved]
        parts = _parts(steps, segments, sentences, spans, spaced=spaced)
        moved = [
            number
            for step in links.moved
            for number in range(step.first, step.first + step.height)
            if parts[number]
        ]
        return _alignment(text, parts, spans, moved, matrix.similarity(steps), spaced=spaced)

    def _matrix(self, segments: Sequence[str], sentences: Sequence[str], *, spaced: bool) -> Matrix:
        texts = [*segments, *sentences]
        kinds = [vectors(texts, spaced=spaced)]
        if self.embeddings is not None:
            kinds.append(centred(self._scorer(self.embeddings).embeddings(texts)))
        lengths = np.array([len(text) for text in texts], np.float64)
        sides = (slice(None, len(segments)), slice(len(segments), None))
        rows, columns = (Side(tuple(kind[side] for kind in kinds), lengths[side]) for side in sides)
        weights = (1.0,) if len(kinds) == 1 else (1 - EMBEDDINGS, EMBEDDINGS)
        return Matrix(rows, columns, SHORT if spaced else SHORT / 3, weights)

    def _scorer(self, model: str) -> Scorer:
        if model not in self._loaded:
            cache = Cache.chosen(self.cache)
            checkpoint = find(model, "alignment.embeddings", cache)
            if checkpoint.joint:
                raise ConfigError(
                    f"alignment.embeddings={model}: {checkpoint.class_identifier} has no embeddings of single texts; "
                    "expected a regression model, such as evalkit-mini or Unbabel/wmt22-comet-da"
                )
            self._loaded[model] = Scorer(checkpoint, "fp32", self.device, None, "alignment", cache)
        return self._loaded[model]


def _parts(
    steps: Sequence[Step],
    segments: Sequence[str],
    sentences: Sequence[str],
    spans: Sequence[Span],
    *,
    spaced: bool,
) -> list[list[tuple[int, int]]]:
    """The spans that each segment gets."""
    glue = " " if spaced else ""
    parts: list[list[tuple[int, int]]] = [[] for _ in segments]
    joined = [step for step in steps if step.height > 1]
    merged = []
    for first, height, start, width in steps:
        own = sentences[start : start + width]
        parts[first] = [(span.start, span.end) for span in spans[start : start + width]]
        if height > 1:
            ends = np.cumsum([len(sentence) + len(glue) for sentence in own]) - len(glue)
            merged.append(
                Merged(glue.join(own), frozenset(ends.tolist()), tuple(segments[first : first + height]))
            )
    for (first, _, start, width), bounds in zip(joined, cut(merged, spaced=spaced), strict=True):
        for number, (low, high) in enumerate(bounds, first):
            parts[number] = list(_places(low, high, spans[start : start + width], len(glue)))
    return parts


def _places(low: int, high: int, spans: Sequence[Span], glue: int) -> Iterator[tuple[int, int]]:
    """Where a part of the joined text of some sentences stands in the article."""
    begin = 0
    for span in spans:
        end = begin + span.end - span.start
        if low < end and high > begin:
            yield span.start + max(low - begin, 0), span.start + min(high, end) - begin
        begin = end + glue


def _alignment(
    text: str,
    parts: Sequence[Sequence[tuple[int, int]]],
    spans: Sequence[Span],
    moved: Sequence[int],
    similarity: float | None,
    *,
    spaced: bool,
) -> Alignment:
    glue = " " if spaced else ""
    owners = sorted((start, end, number) for number, own in enumerate(parts) for start, end in own)
    starts = [start for start, _, _ in owners]
    additions = []
    for span in spans:
        at = bisect_left(starts, span.start)
        if at < len(owners) and owners[at][0] < span.end:
            continue
        additions.append(((span.start, span.end), owners[at - 1][2] if at else None))
    texts = tuple(glue.join(text[start:end] for start, end in own) for own in parts)
    return Alignment(texts, tuple(map(tuple, parts)), tuple(additions), tuple(sorted(moved)), similarity)


def _summary(
    document: str, ids: Sequence[str], text: str, found: Alignment, language: str
) -> DocumentAlignment:
    used, added = (
        sum(count_words(text[start:end], language) for start, end in spans)
        for spans in ([span for own in found.parts for span in own], [span for span, _ in found.additions])
    )
    return DocumentAlignment(
        document=document,
        segments=len(ids),
        segments_covered=sum(map(bool, found.texts)),
        words=used + added,
        words_used=used,
        moved=tuple(ids[number] for number in found.moved),
        similarity=found.similarity,
    )
