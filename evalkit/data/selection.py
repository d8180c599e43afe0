"""Which segments of a test set are scored: one rule for all formats.

Readers return a test set as its files have it. `select` leaves out test suites (as sacrebleu does: published
scores are without them) and segments without a reference, then applies the settings `test_set.only` and
`limit`, which become part of its name. Its notes say what was left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias, TypeVar

from evalkit.data.missing import describe_missing
from evalkit.data.text import normalize_id
from evalkit.errors import ConfigError, DataError, format_count, shorten
from evalkit.types import EntityFile, Segment, Selection, TestSet

TEST_SUITE = "testsuite"
"""The kind of group that is left out unless it is chosen."""
DOCUMENT = "document"
"""What `only` calls the document, beside the kinds of groups."""
_Indices: TypeAlias = tuple[int, ...]
_Only: TypeAlias = Mapping[str, Sequence[str]]
T = TypeVar("T")


def select(whole: TestSet, only: Mapping[str, Any] | None = None, limit: int | None = None) -> TestSet:
    """Narrow a test set to the segments that are scored.

    Args:
        whole: as its files have it.
        only: groups to score by kind: ``{"domain": "news"}``, or lists of groups.
        limit: how many documents to score; segments, if the test set has no documents.

    Raises:
        ConfigError: the test set has no such groups, or the limit is not 1 or more.
        DataError: there is nothing to score.
    """
    if limit is not None and limit < 1:
        raise ConfigError(f"limit: expected 1 or more, or null for all, found {limit}")
    chosen = _check_only(whole, only or {})
    eligible = _find_eligible(whole, with_suites=TEST_SUITE in chosen)
    if not eligible:
        reason = _describe_left_out(whole, eligible) or "it has no segments"
        raise DataError(f"{whole.name}: there is nothing to score: {reason}{_suggest_suite(whole)}")
    matching = tuple(index for index in eligible if _matches(whole.segments[index], chosen))
    if not matching:
        raise ConfigError(f"test_set.only: no segment that can be scored has {_describe_only(chosen)}")
    kept = _limit(whole, matching, limit)
    left_out = _describe_left_out(whole, eligible)
    narrowed = _describe_settings(whole, chosen, eligible, matching, kept, limit)
    test_set = whole if len(kept) == len(whole.segments) else _narrow(whole, eligible, kept, left_out)
    return replace(
        test_set,
        name=f"{whole.name} ({', '.join(narrowed)})" if narrowed else whole.name,
        notes=(
            *whole.notes,
            *([f"not scored: {left_out}"] if left_out else []),
            *(f"{setting}: {what}" for setting, what in narrowed.items()),
            *describe_missing(test_set),
        ),
    )


def _narrow(whole: TestSet, eligible: _Indices, kept: _Indices, left_out: str) -> TestSet:
    places = {index: place for place, index in enumerate(kept)}
    return replace(
        whole,
        segments=tuple(whole.segments[index] for index in kept),
        entities=None if whole.entities is None else _narrow_names(whole.entities, places),
        selection=Selection(whole, eligible, kept, left_out),
    )


def _narrow_names(names: EntityFile, places: Mapping[int, int]) -> EntityFile:
    mentions = tuple(
        replace(mention, segment=places[mention.segment])
        for mention in names.mentions
        if mention.segment in places
    )
    return replace(names, mentions=mentions)


def pair_rows(rows: Sequence[T], test_set: TestSet) -> tuple[T, ...] | None:
    """Pair rows with the segments that are scored, by their order; None if their number does not fit.

    There can be one for each segment that is scored, each that can be, each outside test suites, or each of
    the whole test set.
    """
    if len(rows) == len(test_set.segments):
        return tuple(rows)
    for indices in _list_possible_rows(test_set).values():
        if len(rows) == len(indices):
            places = {index: place for place, index in enumerate(indices)}
            return tuple(rows[places[index]] for index in _list_kept(test_set))
    return None


def describe_counts(test_set: TestSet) -> str:
    """The numbers of rows that `pair_rows` takes, for a message."""
    if test_set.selection is None:
        return f"{len(test_set.segments)} (as in {test_set.name})"
    counts = {len(test_set.segments): "one per segment that is scored"}
    counts |= {len(indices): what for what, indices in _list_possible_rows(test_set).items()}
    return " or ".join(f"{count} ({what})" for count, what in counts.items())


def describe_rows(count: int, test_set: TestSet) -> str:
    """What the rows of an output are taken for, if they are fewer than the segments of the whole test set."""
    whole = len(test_set.whole.segments)
    if count == whole:
        return ""
    possible = {len(indices): what for what, indices in _list_possible_rows(test_set).items()}
    what = possible.get(count, "one per segment that is scored")
    return f"it has {format_count(count, 'row')}, taken as those {what}; the test set has {whole:,}"


def _list_kept(test_set: TestSet) -> _Indices:
    return () if test_set.selection is None else test_set.selection.kept


def _list_possible_rows(test_set: TestSet) -> dict[str, _Indices]:
    """The segments that an output may have rows for, by what they are, the fewest first."""
    if test_set.selection is None:
        return {}
    selection, segments = test_set.selection, test_set.whole.segments
    others = tuple(index for index, segment in enumerate(segments) if TEST_SUITE not in segment.groups)
    return {
        f"without {selection.left_out}": selection.eligible,
        **({"without test suites": others} if set(others) >= set(selection.kept) else {}),
        f"one per segment of {selection.whole.name}": tuple(range(len(segments))),
    }


def _check_only(test_set: TestSet, only: Mapping[str, Any]) -> _Only:
    """The setting `only` with lists of texts; its kinds and groups exist."""
    groups = list_groups(test_set) if only else {}
    chosen = {}
    for kind, value in only.items():
        values = value if isinstance(value, list | tuple) else [value]
        if not values or not all(
            isinstance(name, str | int) and not isinstance(name, bool) for name in values
        ):
            raise ConfigError(f"test_set.only: {kind}: expected a name or a list of names, found {value!r}")
        chosen[kind] = [normalize_id(str(name)) for name in values]
        if kind not in groups:
            raise ConfigError(f"test_set.only: no {kind!r} in {test_set.name}, which has {_list(groups)}")
        unknown = [name for name in chosen[kind] if name not in groups[kind]]
        if unknown:
            raise ConfigError(
                f"test_set.only: no {kind} {shorten(unknown)} in {test_set.name}, which has {_list(groups)}"
            )
    return chosen


def list_groups(test_set: TestSet) -> dict[str, list[str]]:
    """The groups of a test set by kind, in order of first appearance; the documents as well."""
    groups: dict[str, dict[str, None]] = {}
    for segment in test_set.segments:
        for kind, name in _name_groups(segment).items():
            groups.setdefault(kind, {})[name] = None
    return {kind: list(names) for kind, names in groups.items()}


def _name_groups(segment: Segment) -> dict[str, str]:
    documents = {} if segment.document is None else {DOCUMENT: segment.document}
    return {**segment.groups, **documents}


def _list(groups: Mapping[str, Sequence[str]]) -> str:
    listed = [f"{kind} ({shorten(names, 5)})" for kind, names in groups.items()]
    return shorten(listed) or "no groups and no documents"


def _find_eligible(test_set: TestSet, *, with_suites: bool) -> _Indices:
    return tuple(
        index
        for index, segment in enumerate(test_set.segments)
        if segment.present_references and (with_suites or TEST_SUITE not in segment.groups)
    )


def _matches(segment: Segment, chosen: _Only) -> bool:
    groups = _name_groups(segment)
    return all(groups.get(kind) in names for kind, names in chosen.items())


def _limit(test_set: TestSet, indices: _Indices, limit: int | None) -> _Indices:
    if limit is None:
        return indices
    documents = _list_documents(test_set, indices)
    if documents == [None]:
        return indices[:limit]
    first = set(documents[:limit])
    return tuple(index for index in indices if test_set.segments[index].document in first)


def _list_documents(test_set: TestSet, indices: Sequence[int]) -> list[str | None]:
    return list(dict.fromkeys(test_set.segments[index].document for index in indices))


def _describe_left_out(test_set: TestSet, eligible: _Indices) -> str:
    """The segments that cannot be scored, in words: ``5 segments of test suites (d7)``."""
    others = sorted(set(range(len(test_set.segments))).difference(eligible))
    in_suites = [index for index in others if TEST_SUITE in test_set.segments[index].groups]
    without = [index for index in others if TEST_SUITE not in test_set.segments[index].groups]
    parts = {"of test suites": in_suites, "without a reference": without}
    return " and ".join(
        f"{format_count(len(indices), 'segment')} {what}{_name_documents(test_set, indices)}"
        for what, indices in parts.items()
        if indices
    )


def _suggest_suite(test_set: TestSet) -> str:
    """How to score the test suites of a test set that has nothing else, for a message."""
    indices = _find_eligible(test_set, with_suites=True)
    names = dict.fromkeys(test_set.segments[index].groups[TEST_SUITE] for index in indices)
    return (
        f"; to score a test suite, set test_set.only={{{TEST_SUITE}: {next(iter(names))}}}" if names else ""
    )


def _name_documents(test_set: TestSet, indices: Sequence[int]) -> str:
    documents = [document for document in _list_documents(test_set, indices) if document is not None]
    return f" ({shorten(documents, 3)})" if documents else ""


def _describe_only(chosen: _Only) -> str:
    parts = [
        f"{kind} {' or '.join(names) if len(names) < 4 else shorten(names, 3)}"
        for kind, names in chosen.items()
    ]
    return " and ".join(parts)


def _describe_settings(
    test_set: TestSet,
    chosen: _Only,
    eligible: _Indices,
    matching: _Indices,
    kept: _Indices,
    limit: int | None,
) -> dict[str, str]:
    """What the settings leave of the segments that can be scored, by setting; empty if they leave all."""
    described = {}
    if chosen:
        total = format_count(len(eligible), "segment")
        described[f"only {_describe_only(chosen)}"] = f"{len(matching):,} of {total}"
    if kept != matching:
        documents = _list_documents(test_set, matching)
        size = f"of {format_count(len(matching), 'segment')}"
        if documents != [None]:
            size = f"of {format_count(len(documents), 'document')}, {len(kept):,} {size}"
        first = "first" if limit == 1 else f"first {limit:,}"
        described[f"limit={limit}"] = f"a trial with the {first} {size}"
    return described
