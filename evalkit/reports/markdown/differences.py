"""Which systems of a run differ significantly: one line per metric, and a Markdown table of all pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.errors import format_count
from evalkit.reports.markdown.cells import format_list, format_rest, format_table
from evalkit.reports.numbers import format_difference, format_p

if TYPE_CHECKING:
    from evalkit.runs.results import MetricInfo, Run
    from evalkit.significance.pairwise import MetricTests, Pair

HEADER = ["Metric", "Systems", "Difference", "p", "p, Holm", "p, bootstrap"]


def describe_differences(run: Run) -> list[str]:
    """One line per metric that was tested: its best systems and its minimum detectable difference.

    For example ``BLEU: fluent is significantly better than every other system; smallest difference this test
    set can detect: 3.0.``
    """
    described = {key: _describe(run, key, tests) for key, tests in run.tests.items()}
    return [
        f"{run.metrics[key].label}: {'; '.join(clauses)}." for key, clauses in described.items() if clauses
    ]


def render_differences(run: Run, shown: int) -> list[str]:
    """The section of a run's report: the lines, then the pairs of systems, the largest p first."""
    lines = describe_differences(run)
    if not lines:
        return []
    parts = ["## Differences", format_list(lines)]
    pairs = [(pair, run.metrics[key]) for key, tests in run.tests.items() for pair in tests.pairs]
    if not pairs:
        return parts
    pairs.sort(key=lambda item: -(item[0].p_adjusted or 0.0))
    how = run.significance
    note = (
        f"Difference: second system minus first, with its {how.level:.0%} confidence interval. "
        f"p: two-sided, {how.test}. Holm: corrected over all pairs of systems in a metric; "
        f"statistically significant below {how.alpha:g}."
    )
    rest = format_rest(len(pairs) - shown, "in `run.json`, none with a larger p")
    table = format_table(HEADER, [_cells(pair, info) for pair, info in pairs[:shown]])
    return [*parts, table, *filter(None, [rest]), note]


def _describe(run: Run, key: str, tests: MetricTests) -> list[str]:
    clauses = []
    if tests.pairs and len(tests.leaders) == 1:
        clauses.append(f"{tests.leaders[0]} is significantly better than every other system")
    elif tests.pairs:
        clauses.append(f"best, or not significantly worse than the best: {', '.join(tests.leaders)}")
    if tests.detectable is not None:
        # without pairs the difference is from a system that was not scored: `MetricTests.detectable_paired`
        other = "" if tests.detectable_paired else " from an independent system that"
        size = f"{tests.detectable:.{run.metrics[key].decimals}f}"
        clauses.append(f"smallest difference{other} this test set can detect: {size}")
    if clauses and tests.unit != run.significance.unit:
        clauses.append(f"over {format_count(tests.units, tests.unit)}")
    return clauses


def _cells(pair: Pair, info: MetricInfo) -> list[str]:
    p_values = (pair.p_value, pair.p_adjusted, pair.p_bootstrap)
    return [
        info.label,
        f"{pair.baseline} – {pair.candidate}",
        format_difference(pair.delta, pair.interval, info.decimals),
        *map(format_p, p_values),
    ]
