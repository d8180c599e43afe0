"""What reports say about the differences between the systems of a run."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from evalkit import evaluate
from evalkit.data.articles import Articles
from evalkit.metrics.entity_accuracy import EntityAccuracy
from evalkit.metrics.lexical import Bleu
from evalkit.reports.markdown.differences import describe_differences, render_differences
from evalkit.reports.markdown.run import render_run_report
from evalkit.significance.units import Bootstrap

FAST = Bootstrap(resamples=200, trials=2000)


@pytest.fixture(scope="module")
def demo(world_news):
    """The run of the article set."""
    return evaluate(
        Articles(path=str(world_news)), [Bleu(), EntityAccuracy()], significance=FAST, name="demo"
    ).run


def test_each_metric_has_a_line_with_its_best_systems_and_the_detectable_difference(demo):
    bleu, names = describe_differences(demo)
    assert re.fullmatch(
        r"BLEU: fluent is significantly better than every other system; "
        r"smallest difference this test set can detect: \d\.\d\.",
        bleu,
    )
    assert names.startswith(
        "Entity accuracy: best, or not significantly worse than the best: clumsy, strong; "
        "smallest difference this test set can detect: 0.1"
    )


def test_the_report_has_all_pairs_the_largest_p_first(demo):
    report = render_run_report(demo)
    assert "## Differences" in report
    assert (
        "p: two-sided, approximate randomisation. Holm: corrected over all pairs of systems in a metric; "
        "statistically significant below 0.05." in report
    )
    rows = [line for line in render_differences(demo, 20)[2].splitlines() if " – " in line]
    assert len(rows) == 2 * 6
    assert rows[0].startswith(
        "| Entity accuracy | clumsy – strong | +0.000 \\[+0.000, +0.000\\] | 1.0000 | 1.0000 | 1.0000 |"
    )
    assert "… and 9 more in `run.json`, none with a larger p." in render_differences(demo, 3)


def test_with_one_system_the_line_says_that_the_difference_is_from_an_independent_system(world_news):
    run = evaluate(Articles(path=str(world_news)), [Bleu()], systems="strong", significance=FAST).run
    assert re.fullmatch(
        r"BLEU: smallest difference from an independent system that this test set can detect: \d\.\d\.",
        *describe_differences(run),
    )


def test_without_resampling_there_is_no_section(world_news):
    run = evaluate(
        Articles(path=str(world_news)),
        [Bleu()],
        systems="strong",
        significance=Bootstrap(resamples=0, trials=0),
    ).run
    assert render_differences(run, 20) == []


def test_a_metric_with_different_units_says_so(demo):
    tests = {key: replace(result, unit="segment", units=191) for key, result in demo.tests.items()}
    assert describe_differences(replace(demo, tests=tests))[0].endswith("; over 191 segments.")
