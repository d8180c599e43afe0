"""Reports in Markdown: one for the run, one per system."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.entities.matching import OUTCOMES
from evalkit.reports.markdown.cells import _count, _doubtful, _moved, _score, _share
from evalkit.reports.markdown.differences import differences_report
from evalkit.reports.names import ENTITIES
from evalkit.reports.ranks import disagreement, ranks
from evalkit.reports.table import (
    escape,
    interval_note,
    markdown_table,
    notes,
    score_table,
    signature_lines,
)
from evalkit.runs.results import FAILED
from evalkit.types import NAME_TYPES

if TYPE_CHECKING:
    from evalkit.runs.results import Run


def run_report(run: Run, shown: int = 20) -> str:
    """The report of a run: scores, differences, ranks, names, signatures."""
    test_set = run.test_set
    languages = " → ".join(filter(None, [test_set["source_language"], test_set["target_language"]]))
    documents = f" in {_count(test_set['documents'], 'document')}" if test_set["documents"] else ""
    header, rows = score_table(run)
    parts = [
        f"# {escape(run.name)}",
        (
            f"{escape(test_set['name'])}, {languages}: {_count(test_set['segments'], 'segment')}{documents}, "
            f"{_count(len(test_set['references']), 'reference')} ({', '.join(map(escape, test_set['references']))}), "
            f"{_count(len(run.systems), 'system')}. evalkit {run.evalkit_version}, {run.created}."
        ),
        "## Scores",
        markdown_table(header, rows),
        interval_note(run),
        *map(escape, notes(run)),
        *_failures(run),
        *differences_report(run, shown),
        *_ranks(run),
        *_outcomes(run),
        *_alignment(run),
        "## Signatures",
        "\n".join(f"- `{line}`" for line in signature_lines(run)) or "No metric got as far as a signature.",
        f"Test set: `{test_set['fingerprint']}`, segments: {escape(test_set['segmentation'])}.",
    ]
    if run.warnings:
        parts += ["## Notes", "\n".join(f"- {escape(warning)}" for warning in run.warnings)]
    links = [f"- [{escape(name)}](systems/{result.slug}/report.md)" for name, result in run.systems.items()]
    return "\n\n".join([*parts, "## Systems", "\n".join(links)]) + "\n"


def _failures(run: Run) -> list[str]:
    """Failed metrics, where nobody can miss them."""
    failed = {
        run.metrics[key].label: score.reason
        for r in run.systems.values()
        for key, score in r.metrics.items()
        if score.status == FAILED
    }
    return [f"**{escape(label)} failed:** {escape(str(reason))}" for label, reason in failed.items()]


def _ranks(run: Run) -> list[str]:
    """The systems ranked by each metric, and the greatest disagreement with entity accuracy."""
    by_metric = ranks(run)
    if len(by_metric) < 2:
        return []
    rows = [[name, *(of[name] for of in by_metric.values())] for name in run.systems]
    parts = ["## Ranks", markdown_table(["System", *(run.metrics[key].label for key in by_metric)], rows)]
    found = disagreement(run)
    if found is not None:
        parts.append(
            f"**{escape(found.system)} is number {found.rank} of {len(rows)} by {run.metrics[found.metric].label} "
            f"but number {found.rank_by_names} by names: {found.wrong:.0%} of them are wrong.**"
            + "".join(
                f" More are wrong in {escape(name)}: {share:.0%}." for name, share in found.more_wrong[:1]
            )
        )
    return parts


def _outcomes(run: Run) -> list[str]:
    """Counts of the outcomes of names, by system."""
    rows = []
    for name, result in run.systems.items():
        details = result.metrics[ENTITIES].details if ENTITIES in result.metrics else {}
        if details:
            counts = details["all"]["counts"]
            rows.append(
                [
                    name,
                    details["all"]["mentions"],
                    *(counts[outcome] for outcome in OUTCOMES),
                    details["all"]["spurious"],
                    *(_score(details["all"][score]) for score in ("precision", "f1")),
                    *(_score(details[kind]["accuracy"]) for kind in NAME_TYPES),
                ]
            )
    if not rows:
        return []
    header = [
        "System",
        "Mentions",
        *OUTCOMES,
        "spurious",
        "precision",
        "F1",
        *(f"{kind} accuracy" for kind in NAME_TYPES),
    ]
    return ["## Names", markdown_table(header, rows)]


def _alignment(run: Run) -> list[str]:
    """How much of the articles was compared with something, and which alignments are not to be trusted."""
    aligned = {name: result for name, result in run.systems.items() if result.coverage is not None}
    if not aligned:
        return []
    rows = [
        [
            name,
            _share(result.coverage),
            _share(result.words_used),
            result.empty,
            len(result.additions),
            len(_moved(result)),
            len(_doubtful(result)),
        ]
        for name, result in aligned.items()
    ]
    header = [
        "System",
        "Segments covered",
        "Words used",
        "Segments without hypothesis",
        "Additions",
        "Moved",
        "Doubtful documents",
    ]
    return ["## Alignment", markdown_table(header, rows)]
