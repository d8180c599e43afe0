"""Test sets of one document with names, for tests of the matching of names."""

from __future__ import annotations

from evalkit.entities.matching import match
from evalkit.types import Alias, EntityFile, Mention, Segment, TestSet


def make(references, names, aliases=(), language="en", documents=None):
    """A test set of one document, or of the given documents.

    Names are text, type, segment and, unless it is the text, entity. A name that is listed again is its next
    occurrence.
    """
    documents = documents or ["d"] * len(references)
    segments = tuple(
        Segment(str(i), document, None, (text,))
        for i, (text, document) in enumerate(zip(references, documents, strict=True))
    )
    mentions, ends = [], {}
    for text, kind, segment, *entity in names:
        start = references[segment].index(text, ends.get((text, segment), 0))
        ends[text, segment] = start + len(text)
        mentions.append(Mention(segment, start, start + len(text), text, kind, *entity or [text]))
    entities = EntityFile(tuple(mentions), {alias.entity: alias for alias in aliases}, "file:test", "none")
    return TestSet("test", None, language, ("A",), segments, entities=entities)


def verdicts(references, names, hypotheses, aliases=(), language="en", documents=None):
    """Outcome, reason and judged words of every name."""
    found = match(make(references, names, aliases, language, documents), hypotheses).verdicts
    return [(verdict.outcome, verdict.reason, verdict.hypothesis) for verdict in found]


def verdict(reference, name, kind, hypothesis, *, forms=(), reject=(), language="en"):
    return verdicts(
        [reference], [(name, kind, 0)], [hypothesis], [Alias(name, tuple(forms), tuple(reject))], language
    )[0]
