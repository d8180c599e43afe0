"""What the tests of the systems against each other say: in a line per metric, and as a Markdown table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.reports.table import escape, markdown_table

if TYPE_CHECKING:
    from evalkit.runs.results import MetricInfo, Run
    from evalkit.significance.pairwise import MetricTests, Pair


def difference_lines(run: Run) -> list[str]:
    """``BLEU: fluent is significantly the best; a difference under 3.0 would hardly be seen.``, one line per metric that was tested."""
    return [
        f"{run.metrics[key].label}: {'; '.join(found)}."
        for key, tests in run.tests.items()
        if (found := _told(run, key, tests))
    ]


def differences_report(run: Run, shown: int) -> list[str]:
    """The section of a run's report: the lines, then the pairs, those that are least sure first."""
    lines = difference_lines(run)
    if not lines:
        return []
    rows = [(pair, run.metrics[key]) for key, tests in run.tests.items() for pair in tests.pairs]
    parts = ["## Differences", "\n".join(f"- {escape(line)}" for line in lines)]
    if not rows:
        return parts
    rows.sort(key=lambda row: -(row[0].p_adjusted or 0.0))
    header = ["Metric", "Systems", "Difference", "p", "p, Holm", "p, bootstrap"]
    more = (
        f"… and {len(rows) - shown} more in `run.json`, all of them with a smaller p."
        if len(rows) > shown
        else ""
    )
    how = run.significance
    note = (
        f"Second system less first, with its {how['level']:.0%} interval. p: two-sided, {how['test']}; Holm: over all pairs of systems "
        f"in a metric; significant below {how['alpha']:g}."
    )
    return [
        *parts,
        markdown_table(header, [_cells(pair, info) for pair, info in rows[:shown]]),
        *filter(None, [more]),
        note,
    ]


def _told(run: Run, key: str, tests: MetricTests) -> list[str]:
    digits = run.metrics[key].decimals
    found = []
    if tests.pairs and len(tests.leaders) == 1:
        found.append(f"{tests.leaders[0]} is significantly the best")
    elif tests.pairs:
        found.append(f"best, or not to be told from the best: {', '.join(tests.leaders)}")
    if tests.detectable is not None:
        against = "" if tests.detectable_paired else "to an independent system "
        found.append(f"a difference {against}under {tests.detectable:.{digits}f} would hardly be seen")
    if found and tests.unit != run.significance["unit"]:
        found.append(f"over {tests.units} {tests.unit}{'s' * (tests.units != 1)}")
    return found


def _cells(pair: Pair, info: MetricInfo) -> list[str]:
    digits = info.decimals
    difference = f"{pair.delta:+.{digits}f}"
    if pair.interval is not None:
        difference += f" [{pair.interval[0]:+.{digits}f}, {pair.interval[1]:+.{digits}f}]"
    p_values = ("–" if p is None else f"{p:.4f}" for p in (pair.p_value, pair.p_adjusted, pair.p_bootstrap))
    return [info.label, f"{pair.baseline} – {pair.candidate}", difference, *p_values]
