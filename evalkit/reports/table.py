"""The scores of a run as rows and columns of text, and the notes that belong to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tabulate import tabulate

from evalkit.errors import format_count
from evalkit.reports.numbers import format_interval, format_number

if TYPE_CHECKING:
    from evalkit.runs.results import MetricInfo, MetricScore, Run

FEW = 10
"""With fewer documents an interval is unreliable: the segments of a document are not independent."""


def format_score(score: MetricScore, info: MetricInfo) -> str:
    """``43.9 [42.8, 45.0]``, or the status if there is no score."""
    if score.value is None:
        return score.status
    text = format_number(score.value, info.decimals)
    return f"{text} {format_interval(score.interval, info.decimals)}".rstrip()


def format_heading(info: MetricInfo) -> str:
    """The label, with a remark if the best score is not the highest."""
    return f"{info.label} ({info.scale.hint})" if info.scale.hint else info.label


def list_scores(run: Run) -> tuple[list[str], list[list[str]]]:
    """Header and rows: systems × metrics, with intervals."""
    header = ["System", *map(format_heading, run.metrics.values())]
    rows = [
        [name, *(format_score(result.metrics[key], info) for key, info in run.metrics.items())]
        for name, result in run.systems.items()
    ]
    return header, rows


def describe_intervals(run: Run) -> str:
    """One sentence on what the brackets contain, with a warning if there are few documents."""
    how = run.significance
    if not how.resamples:
        return "No confidence intervals (significance.resamples=0)."
    others = [run.metrics[key].label for key, tests in run.tests.items() if tests.unit != how.unit]
    exception = f", for {', '.join(others)} over documents" if others else ""
    warning = ""
    if 0 < run.test_set.documents < FEW:
        warning = f" Fewer than {FEW} documents: the intervals are unreliable."
    return (
        f"In brackets: {how.level:.0%} confidence interval, percentile bootstrap over "
        f"{format_count(how.units, how.unit)}{exception} "
        f"({how.resamples} resamples, seed {how.seed}).{warning}"
    )


def list_signatures(run: Run) -> list[str]:
    """``BLEU: nrefs:1|case:mixed|…``: one line per metric, or more if the systems have several."""
    lines = []
    for key, info in run.metrics.items():
        signatures = {result.metrics[key].signature for result in run.systems.values()} - {None}
        lines += [f"{info.label}: {signature}" for signature in sorted(map(str, signatures))]
    return lines


def list_notes(run: Run) -> list[str]:
    """The notes that metrics attach to their scores, one line each."""
    return [info.note for info in run.metrics.values() if info.note]


def format_plain_table(run: Run) -> str:
    """The scores as plain text, for piped output; `evalkit.reports.terminal` draws them on a terminal."""
    header, rows = list_scores(run)
    table = tabulate(rows, header, tablefmt="simple", disable_numparse=True)
    return "\n".join([table, "", describe_intervals(run), *list_notes(run), *list_signatures(run)])
