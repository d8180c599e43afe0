"""The direction of a metric, and a metric that is best in the middle of its scale, from its scores to the
gate.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pytest
from miniature import REFERENCE, in_folder
from runs_in_memory import in_memory_run

from evalkit import compare, evaluate
from evalkit.gate import Gate, judge
from evalkit.metrics.base import Metric, Statistics
from evalkit.metrics.scale import Scale
from evalkit.reports.csv_table import Csv
from evalkit.reports.html import Html
from evalkit.reports.latex import Latex
from evalkit.reports.markdown import Markdown
from evalkit.reports.ranks import rank_systems
from evalkit.significance import Bootstrap

FAST = Bootstrap(resamples=50, trials=200)


@dataclass(frozen=True, kw_only=True)
class LengthRatio(Metric):
    """Characters of the hypothesis by those of the reference. Statistics: the two numbers."""

    name: str = "ratio"
    label: str = "Length ratio"
    best_value: ClassVar[float | None] = 1.0

    def signature(self, test_set):
        return "unit:character|version:1"

    def statistics(self, test_set, output):
        pairs = zip(output.hypotheses, test_set.segments, strict=True)
        return Statistics(
            np.array([[len(h), len(segment.references[0])] for h, segment in pairs], dtype=np.float64)
        )

    def aggregate(self, total):
        return total[..., 0] / total[..., 1]


def lengths(*ratios, count=40):
    """[segments, 2] statistics whose ratios alternate."""
    return np.array([[100.0 * ratios[i % len(ratios)], 100.0] for i in range(count)])


@pytest.mark.parametrize(
    ("scale", "better", "worse"),
    [
        (Scale(), 2.0, 1.0),
        (Scale(higher_is_better=False), 1.0, 2.0),
        (Scale(best_value=1.0), 1.1, 0.8),
        (Scale(best_value=1.0), 0.9, 1.2),
        (Scale(higher_is_better=False, best_value=1.0), 0.9, 1.2),
        (Scale(best_value=0.0), -0.1, 0.2),
        (Scale(best_value=0.0), 0.1, -0.2),
    ],
)
def test_the_better_score_has_the_greater_merit(scale, better, worse):
    assert scale.merit(better) > scale.merit(worse)
    assert (scale.merit(np.array([better, worse])) == [scale.merit(better), scale.merit(worse)]).all()


def test_headings_say_the_direction_where_it_is_not_the_usual_one():
    scales = (
        Scale(),
        Scale(higher_is_better=False),
        Scale(best_value=1.0),
        Scale(False, 0.5),
        Scale(best_value=0.0),
    )
    assert [scale.hint for scale in scales] == [
        "",
        "lower is better",
        "best at 1",
        "best at 0.5",
        "best at 0",
    ]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run of three systems: the reference with a character more or less per line, and with half of each
    line.
    """
    folder = tmp_path_factory.mktemp("ratio")
    reader = in_folder(folder)
    texts = {
        "long": [line + "!" for line in REFERENCE],
        "short": [line[:-1] for line in REFERENCE],
        "half": [line[: len(line) // 2] for line in REFERENCE],
    }
    for name, lines in texts.items():
        (folder / f"{name}.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    systems = {name: folder / f"{name}.txt" for name in texts}
    reports = (Markdown(), Html(), Csv(), Latex())
    return evaluate(
        reader, [LengthRatio()], systems=systems, significance=FAST, output=folder / "out", reports=reports
    ).run, folder / "out"


def test_ranks_and_leaders_follow_the_distance_to_the_best_value(run):
    scores = {name: system.metrics["ratio"].value for name, system in run[0].systems.items()}
    assert scores["long"] > 1 > scores["short"] > scores["half"]
    assert rank_systems(run[0])["ratio"]["half"] == 3
    assert set(run[0].tests["ratio"].leaders) >= {"long", "short"}
    pair = next(p for p in run[0].tests["ratio"].pairs if (p.baseline, p.candidate) == ("long", "short"))
    assert pair.delta < 0
    assert pair.p_value > 0.5, "they are equally far from 1"


def test_reports_say_where_the_best_value_is(run):
    for name in ("report.md", "report.html"):
        assert "Length ratio (best at 1)" in (run[1] / name).read_text(encoding="utf-8")
    with (run[1] / "report.csv").open(encoding="utf-8", newline="") as file:
        assert [row["higher_is_better"] for row in csv.DictReader(file)] == ["", "", ""]
    assert "Length ratio $\\to 1$" in (run[1] / "report.tex").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("before", "after", "status"),
    [
        ((0.8, 0.82), (0.95, 0.97), "improved"),
        ((1.2, 1.22), (1.05, 1.07), "improved"),
        ((1.05, 1.07), (1.2, 1.22), "regressed"),
        ((1.05, 1.07), (0.8, 0.82), "regressed"),
        ((0.9, 0.9), (1.1, 1.1), "not significant"),
    ],
)
def test_a_comparison_follows_the_distance_to_the_best_value(before, after, status):
    old, new = (in_memory_run({"x": lengths(*ratios)}, metric=LengthRatio()) for ratios in (before, after))
    (row,) = compare(old, new, significance=FAST).rows
    assert row.status == status
    assert row.delta == pytest.approx(sum(after) / 2 - sum(before) / 2)


def test_scores_on_either_side_of_the_best_value_do_not_differ_in_any_resample():
    """Each segment is as far above 1 in one run as it is below 1 in the other."""
    old, new = (
        in_memory_run({"x": lengths(*ratios)}, metric=LengthRatio()) for ratios in ((0.9, 0.8), (1.1, 1.2))
    )
    (row,) = compare(old, new, significance=FAST).rows
    assert (row.delta, row.detectable) == (pytest.approx(0.3), pytest.approx(0, abs=1e-12))
    assert row.interval[0] < 0.3 < row.interval[1], "the scores themselves do"
    assert (row.p_bootstrap, row.p_randomisation) == (1, 1)


@pytest.mark.parametrize(
    ("before", "after", "rule", "verdict"),
    [
        (1.05, 0.97, {"max_drop": 0}, "passed"),
        (1.0, 1.1, {"max_drop": 0.05}, "failed"),
        (1.0, 0.9, {"max_drop": 0.05}, "failed"),
        (1.0, 0.96, {"floor": 0.95}, "passed"),
        (1.0, 1.04, {"floor": 0.95}, "passed"),
        (1.0, 1.06, {"floor": 0.95}, "failed"),
    ],
)
def test_a_gate_follows_the_distance_to_the_best_value(before, after, rule, verdict):
    old, new = (in_memory_run({"x": lengths(ratio)}, metric=LengthRatio()) for ratio in (before, after))
    (check,) = judge(Gate(rules={"ratio": rule}), [(new, compare(old, new, significance=FAST))]).checks
    assert check.verdict == verdict


def test_segments_that_lost_most_are_those_that_moved_away_from_the_best_value():
    old = in_memory_run({"x": lengths(1.0, count=4)}, metric=LengthRatio())
    new = in_memory_run(
        {"x": np.array([[100.0, 100], [150, 100], [70, 100], [101, 100]])}, metric=LengthRatio()
    )
    changes = compare(old, replace(new, name="new"), significance=FAST, most=2).segments
    assert [change.segment for change in changes] == ["1", "2"]
