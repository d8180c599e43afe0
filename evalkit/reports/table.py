"""Results as rows and columns of text, for the terminal and for Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tabulate import tabulate

if TYPE_CHECKING:
    from evalkit.runs.results import MetricInfo, MetricScore, Run

FEW = 10
"""Documents below which an interval says little: the segments of one document are not independent."""


def score_text(score: MetricScore, info: MetricInfo) -> str:
    """``43.9 [42.8, 45.0]``, or why there is no number."""
    if score.value is None:
        return score.status
    text = f"{score.value:.{info.decimals}f}"
    if score.interval is not None:
        low, high = score.interval
        text += f" [{low:.{info.decimals}f}, {high:.{info.decimals}f}]"
    return text


def score_table(run: Run) -> tuple[list[str], list[list[str]]]:
    """Header and rows: systems × metrics, with intervals."""
    header = ["System", *(heading(info) for info in run.metrics.values())]
    rows = [
        [name, *(score_text(result.metrics[key], info) for key, info in run.metrics.items())]
        for name, result in run.systems.items()
    ]
    return header, rows


def heading(info: MetricInfo) -> str:
    """The label, and in words where lower is better."""
    return info.label if info.higher_is_better else f"{info.label} (lower is better)"


def interval_note(run: Run) -> str:
    """What the brackets are."""
    how = run.significance
    if not how["resamples"]:
        return "No intervals (significance.resamples=0)."
    documents = run.test_set["documents"]
    few = f" Fewer than {FEW} documents: the intervals are unreliable." if 0 < documents < FEW else ""
    others = [run.metrics[key].label for key, tests in run.tests.items() if tests.unit != how["unit"]]
    over = f", of {', '.join(others)} over documents" if others else ""
    return (
        f"In brackets: {how['level']:.0%} interval, percentile bootstrap over {how['units']} {how['unit']}s{over} "
        f"({how['resamples']} resamples, seed {how['seed']}).{few}"
    )


def signature_lines(run: Run) -> list[str]:
    """``BLEU: nrefs:1|case:mixed|…``, one line per metric; all systems of a run share it."""
    lines = []
    for key, info in run.metrics.items():
        signatures = {result.metrics[key].signature for result in run.systems.values()} - {None}
        lines += [f"{info.label}: {signature}" for signature in sorted(map(str, signatures))]
    return lines


def notes(run: Run) -> list[str]:
    """What a reader of the scores has to know of a metric, one line each."""
    return [info.note for info in run.metrics.values() if info.note]


def terminal_table(run: Run) -> str:
    """The table that a run prints into a pipe: plain text."""
    header, rows = score_table(run)
    table = tabulate(rows, header, tablefmt="simple", disable_numparse=True)
    return "\n".join([table, "", interval_note(run), *notes(run), *signature_lines(run)])


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A GitHub table; everything in it is shown as text."""
    lines = [
        [escape(cell) for cell in header],
        ["---"] * len(header),
        *([escape(str(cell)) for cell in row] for row in rows),
    ]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def escape(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    for character in "\\`*_{}[]<>|#~":
        text = text.replace(character, "\\" + character)
    return " ".join(text.split())
