"""``report.md`` of a run in Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evalkit.entities.audit import NameScores
from evalkit.errors import format_count
from evalkit.reports.alignment import list_moved, list_untrusted
from evalkit.reports.markdown.cells import escape, format_list, format_table, join_parts
from evalkit.reports.markdown.differences import render_differences
from evalkit.reports.names import describe_types, list_outcomes, list_types
from evalkit.reports.numbers import format_number, format_ordinal, format_share
from evalkit.reports.ranks import find_disagreement, rank_systems
from evalkit.reports.table import describe_intervals, list_notes, list_scores, list_signatures

if TYPE_CHECKING:
    from evalkit.runs.results import Run


def render_run_report(run: Run, shown: int = 20) -> str:
    """``report.md``: scores, differences, ranks, names, alignment, signatures and links to the systems.

    Args:
        run: that was evaluated.
        shown: rows that a list shows.
    """
    signatures = "\n".join(f"- `{line}`" for line in list_signatures(run))
    links = [f"- [{escape(name)}](systems/{result.slug}/report.md)" for name, result in run.systems.items()]
    return join_parts(
        [
            f"# {escape(run.name)}",
            _describe(run),
            "## Scores",
            format_table(*list_scores(run)),
            describe_intervals(run),
            *map(escape, list_notes(run)),
            *_render_failures(run),
            *_render_warnings(run),
            *render_differences(run, shown),
            *_render_ranks(run),
            *_render_outcomes(run),
            *_render_alignment(run),
            "## Signatures",
            signatures or "No metric has a signature.",
            f"Test set: `{run.test_set.fingerprint}`, segments: {escape(run.test_set.segmentation)}.",
            "## Systems",
            "\n".join(links),
        ]
    )


def _describe(run: Run) -> str:
    test_set = run.test_set
    languages = " → ".join(filter(None, [test_set.source_language, test_set.target_language]))
    size = format_count(test_set.segments, "segment")
    if test_set.documents:
        size += f" in {format_count(test_set.documents, 'document')}"
    references = format_count(len(test_set.references), "reference")
    names = ", ".join(map(escape, test_set.references))
    return (
        f"{escape(test_set.name)}, {languages}: {size}, {references} ({names}), "
        f"{format_count(len(run.systems), 'system')}. evalkit {run.evalkit_version}, {run.created}."
        + "".join(f" **{escape(note)}.**" for note in test_set.notes)
    )


def _render_warnings(run: Run) -> list[str]:
    """The warnings, without what the description of the test set says."""
    warnings = [warning for warning in run.warnings if warning not in run.test_set.notes]
    return ["### Notes", format_list(warnings)] if warnings else []


def _render_failures(run: Run) -> list[str]:
    """Failed metrics, directly below the scores."""
    reasons = {
        run.metrics[key].label: score.reason
        for result in run.systems.values()
        for key, score in result.metrics.items()
        if score.status == "failed"
    }
    return [f"**{escape(label)} failed:** {escape(str(reason))}" for label, reason in reasons.items()]


def _render_ranks(run: Run) -> list[str]:
    """The ranks by each metric, and the greatest disagreement with the names."""
    by_metric = rank_systems(run)
    if len(by_metric) < 2:
        return []
    header = ["System", *(run.metrics[key].label for key in by_metric)]
    rows = [[name, *(ranks[name] for ranks in by_metric.values())] for name in run.systems]
    return ["## Ranks", format_table(header, rows), _describe_disagreement(run)]


def _describe_disagreement(run: Run) -> str:
    overrated = find_disagreement(run)
    if overrated is None:
        return ""
    rank, rank_by_names = format_ordinal(overrated.rank), format_ordinal(overrated.rank_by_names)
    label = run.metrics[overrated.metric].label
    sentence = (
        f"**{escape(overrated.system)} ranks {rank} of {len(run.systems)} by {label}, "
        f"but {rank_by_names} by names: {overrated.wrong:.0%} of its names are wrong.**"
    )
    if not overrated.more_wrong:
        return sentence
    worst, share = overrated.more_wrong[0]
    return f"{sentence} {escape(worst)} has the most wrong names: {share:.0%}."


def _render_outcomes(run: Run) -> list[str]:
    """Counts of the outcomes of names, and of numbers, by system."""
    sections = []
    for items, metric in run.verdict_metrics.items():
        found = {name: result.metrics[metric].names for name, result in run.systems.items()}
        scores = {name: names for name, names in found.items() if names is not None}
        if scores:
            types = list_types(scores.values())
            rows = [_make_outcome_row(name, names, types) for name, names in scores.items()]
            outcomes = list_outcomes(next(iter(scores.values())))
            accuracies = [f"{kind} accuracy" for kind in types]
            header = ["System", "Mentions", *outcomes, "spurious", "precision", "F1", *accuracies]
            sections += [f"## {items.capitalize()}", format_table(header, rows), describe_types(run, metric)]
    return sections


def _make_outcome_row(system: str, names: NameScores, types: Sequence[str]) -> list[object]:
    scores = names.all
    return [
        system,
        scores.mentions,
        *scores.counts.values(),
        scores.spurious,
        format_number(scores.precision),
        format_number(scores.f1),
        *(format_number(names.types[kind].accuracy if kind in names.types else None) for kind in types),
    ]


def _render_alignment(run: Run) -> list[str]:
    """How much of each system's text was aligned, and how many alignments are not trusted."""
    rows = [
        [
            name,
            format_share(result.coverage),
            format_share(result.words_used),
            result.empty,
            len(result.additions),
            len(list_moved(result)),
            len(list_untrusted(result)),
        ]
        for name, result in run.systems.items()
        if result.coverage is not None
    ]
    header = [
        "System",
        "Segments covered",
        "Words used",
        "Segments without a hypothesis",
        "Additions",
        "Moved segments",
        "Documents with alignment not trusted",
    ]
    return ["## Alignment", format_table(header, rows)] if rows else []
