"""What reports say of the systems of a run against each other."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from evalkit import evaluate
from evalkit.data.articles import Articles
from evalkit.metrics.entity_accuracy import EntityAccuracy
from evalkit.metrics.lexical import Bleu
from evalkit.reports.markdown.differences import difference_lines, differences_report
from evalkit.reports.markdown.run import run_report
from evalkit.significance.units import Bootstrap

FAST = Bootstrap(resamples=200, trials=2000)


@pytest.fixture(scope="module")
def demo(world_news):
    """The run of the article set."""
    return evaluate(
        Articles(path=str(world_news)), [Bleu(), EntityAccuracy()], significance=FAST, name="demo"
    )


def test_who_leads_and_what_could_be_seen_is_said_by_metric(demo):
    bleu, names = difference_lines(demo)
    assert re.fullmatch(
        r"BLEU: fluent is significantly the best; a difference under \d\.\d would hardly be seen\.", bleu
    )
    assert names.startswith(
        "Entity accuracy: best, or not to be told from the best: clumsy, strong; a difference under 0.1"
    )


def test_the_report_has_all_pairs_those_least_sure_first(demo):
    report = run_report(demo)
    assert "## Differences" in report
    assert (
        "p: two-sided, approximate randomisation; Holm: over all pairs of systems in a metric; significant below 0.05."
        in report
    )
    rows = [line for line in differences_report(demo, 20)[2].splitlines() if " – " in line]
    assert len(rows) == 2 * 6
    assert rows[0].startswith(
        "| Entity accuracy | clumsy – strong | +0.000 \\[+0.000, +0.000\\] | 1.0000 | 1.0000 | 1.0000 |"
    )
    assert "… and 9 more in `run.json`, all of them with a smaller p." in differences_report(demo, 3)


def test_with_one_system_it_is_said_what_the_difference_is_to(world_news):
    run = evaluate(Articles(path=str(world_news)), [Bleu()], systems="strong", significance=FAST)
    assert re.fullmatch(
        r"BLEU: a difference to an independent system under \d\.\d would hardly be seen\.",
        *difference_lines(run),
    )


def test_without_draws_nothing_is_said(world_news):
    run = evaluate(
        Articles(path=str(world_news)),
        [Bleu()],
        systems="strong",
        significance=Bootstrap(resamples=0, trials=0),
    )
    assert differences_report(run, 20) == []


def test_a_metric_with_units_of_its_own_says_so(demo):
    tests = {key: replace(found, unit="segment", units=191) for key, found in demo.tests.items()}
    assert difference_lines(replace(demo, tests=tests))[0].endswith("; over 191 segments.")
