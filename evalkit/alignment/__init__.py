"""From what a system wrote to one hypothesis per reference segment."""

from __future__ import annotations

from evalkit.alignment.monotone import align_by_text
from evalkit.alignment.sentences import split_sentences
from evalkit.types import Addition, DocumentAlignment, SystemOutput, TestSet


def align(system: str, output: tuple[str, ...] | dict[str, str], test_set: TestSet, origin: str = "") -> SystemOutput:
    """Pair the output of a system with the segments of the test set.

    Args:
        output: one hypothesis per segment, taken as it is; or whole texts by document id, which are split into
            sentences and aligned within their document.
    """
    if not isinstance(output, dict):
        return SystemOutput(system, output, origin=origin)
    hypotheses = [""] * len(test_set.segments)
    additions: list[Addition] = []
    documents: list[DocumentAlignment] = []
    for document, indices in test_set.segments_of.items():
        assert document is not None, "articles are read only for test sets with documents"
        text = output[document]
        sentences = [span.of(text) for span in split_sentences(text, test_set.target_language)]
        references = [test_set.segments[index].references[0] for index in indices]
        found = align_by_text(references, sentences, test_set.target_language)
        for index, hypothesis in zip(indices, found.texts, strict=True):
            hypotheses[index] = hypothesis
        additions += [Addition(document, addition) for addition in found.additions]
        words, added = len(text.split()), sum(len(addition.split()) for addition in found.additions)
        documents.append(DocumentAlignment(document, len(indices), found.covered, words, words - added))
    return SystemOutput(system, tuple(hypotheses), tuple(additions), tuple(documents), origin=origin)
