"""Two runs side by side: what pairs, what moved, what does not compare; and the properties that make it worth trusting."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from miniature import BAD, GOOD
from runs_in_memory import bleu_statistics, in_memory_run, noisy, permuted, words
from runs_on_disk import FAST, evaluated

from evalkit import evaluate
from evalkit.comparison.compare import compare
from evalkit.data.articles import Articles
from evalkit.errors import ConfigError, ResultsError
from evalkit.gate import Gate
from evalkit.gate.judging import judge
from evalkit.metrics.entity_accuracy import EntityAccuracy
from evalkit.metrics.lexical import Bleu, Chrf, Ter
from evalkit.significance.units import Bootstrap

REFERENCE = words(0, 120)
DOCUMENTS = [f"d{i // 10}" for i in range(120)]
ONE, OTHER = (
    bleu_statistics(REFERENCE, noisy(REFERENCE, share, seed)) for share, seed in ((0.2, 1), (0.25, 2))
)


# properties


def test_a_run_compared_with_itself_shows_no_difference_and_passes_the_gate(world_news):
    metrics = [Bleu(), Ter(), EntityAccuracy()]
    run = evaluate(Articles(path=str(world_news)), metrics, significance=FAST).run
    comparison = compare(run, run, significance=FAST)
    for row in comparison.rows + comparison.parts:
        assert (row.delta, row.interval, row.p_bootstrap, row.p_randomisation, row.p_adjusted) == (
            0,
            (0, 0),
            1,
            1,
            1,
        )
        assert row.status == "not significant"
    assert (comparison.segments, comparison.entities, comparison.changes) == ((), (), ())
    assert {change.delta for change in comparison.documents} == {0}
    rules = {key: {"metric": key, "max_drop": 0, "alpha": 0.05} for key in run.metrics}
    both = {f"{key} either": {"metric": key, "max_drop": 0} for key in run.metrics}
    verdict = judge(Gate(rules=rules | both, must_hold=["Kursk"]), [(run, comparison)])
    assert verdict.passed
    assert len(verdict.checks) == len(run.systems) * (2 * len(metrics) + 1)


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.sampled_from([None, DOCUMENTS]))
def test_swapping_baseline_and_candidate_negates_differences_and_keeps_p(seed, documents):
    rng = np.random.default_rng(seed)
    swap = rng.random(120)[:, None] < 0.3
    one, other = (
        in_memory_run({"x": np.where(swap, a, b)}, documents=documents)
        for a, b in ((ONE, OTHER), (OTHER, ONE))
    )
    there, back = (compare(*pair, significance=FAST).rows[0] for pair in ((one, other), (other, one)))
    assert (there.delta, there.p_value, there.p_bootstrap, there.p_adjusted) == (
        -back.delta,
        back.p_value,
        back.p_bootstrap,
        back.p_adjusted,
    )
    assert there.interval == pytest.approx((-back.interval[1], -back.interval[0]))
    swapped = {"improved": "regressed", "regressed": "improved"}
    assert swapped.get(there.status, there.status) == back.status


@settings(max_examples=15)
@given(st.permutations(range(12)))
def test_permuting_documents_changes_nothing(order):
    """In one of the runs nothing at all; in both nothing where documents are drawn."""
    segments = [i for document in order for i in range(10 * document, 10 * document + 10)]
    one, other = (in_memory_run({"x": values}, documents=DOCUMENTS) for values in (ONE, OTHER))
    expected, in_one, in_both = (
        compare(*runs, significance=FAST)
        for runs in (
            (one, other),
            (one, permuted(other, segments)),
            (permuted(one, segments), permuted(other, segments)),
        )
    )
    assert in_one.rows == expected.rows
    assert in_one.documents == expected.documents
    assert (in_both.rows[0].delta, in_both.rows[0].p_value) == (
        expected.rows[0].delta,
        expected.rows[0].p_value,
    )
    assert in_both.rows[0].interval == pytest.approx(expected.rows[0].interval, abs=1e-9)


def test_permuting_segments_of_the_candidate_changes_nothing_where_segments_are_drawn():
    one, other = (in_memory_run({"x": values}) for values in (ONE, OTHER))
    order = np.random.default_rng(3).permutation(120)
    assert (
        compare(one, permuted(other, order), significance=FAST).rows
        == compare(one, other, significance=FAST).rows
    )


@pytest.fixture(scope="module")
def planted(world_news, tmp_path_factory):
    """The system *strong* before, and after one mention of a name was corrupted in every document."""
    folder = tmp_path_factory.mktemp("planted") / "strong"
    folder.mkdir()
    mentions = [
        json.loads(line) for line in (world_news / "entities.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    for path in (world_news / "systems" / "strong").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        name = next(
            m["text"]
            for m in mentions
            if m["document"] == path.stem and text.count(m["text"]) == 1 and m["type"] == "PER"
        )
        (folder / path.name).write_text(text.replace(name, "Bob Marley"), encoding="utf-8")
    metrics, reader = [Bleu(), EntityAccuracy()], Articles(path=str(world_news))
    before = evaluate(reader, metrics, systems="strong", name="before").run
    return before, evaluate(reader, metrics, systems={"strong": folder}, name="after").run


def test_a_planted_regression_of_names_is_caught_while_the_rule_of_bleu_passes(planted):
    before, after = planted
    comparison = compare(before, after)
    broken = [change for change in comparison.entities if change.change == "broken"]
    assert {change.document for change in broken} == set(before.documents_of_segments), (
        "one in every document"
    )
    assert {change.candidate_outcome for change in broken} <= {"replaced", "missing", "misspelled"}
    names = {"metric": "entity_accuracy", "alpha": 0.05}
    verdict = judge(
        Gate(rules={"bleu": {"metric": "bleu", "max_drop": 1.5, "alpha": 0.05}, "names": names}),
        [(after, comparison)],
    )
    assert [(check.rule, check.verdict) for check in verdict.checks] == [
        ("bleu", "passed"),
        ("names", "failed"),
    ]
    assert comparison.find_row("strong", "entity_accuracy").status == "regressed"
    assert judge(Gate(must_hold=[broken[0].reference]), [(after, comparison)]).checks[0].verdict == "failed"


def test_the_significance_rule_gives_false_alarms_at_about_alpha():
    """Two outputs of one quality: every segment goes to either run by the toss of a coin. 300 times; alarms both ways.

    A gate stops the half of them in which it is the candidate that looks worse.
    """
    rng, bootstrap = np.random.default_rng(21), Bootstrap(resamples=0, trials=300)
    gate = Gate(rules={"bleu": {"alpha": 0.1}})
    significant, stopped = 0, 0
    for _ in range(300):
        swap = rng.random(120)[:, None] < 0.5
        old, new = (in_memory_run({"x": np.where(swap, a, b)}) for a, b in ((ONE, OTHER), (OTHER, ONE)))
        comparison = compare(old, new, significance=replace(bootstrap, alpha=0.1), most=0)
        significant += comparison.rows[0].status in ("improved", "regressed")
        stopped += not judge(gate, [(new, comparison)]).passed
    assert significant / 300 == pytest.approx(0.1, abs=0.052), "three standard errors"
    assert stopped / 300 == pytest.approx(0.05, abs=0.038)


# pairing


def test_systems_of_other_names_can_be_compared(tmp_path):
    old, new = (
        evaluated(tmp_path / name, [Bleu()], **{f"mine-{name}": lines, "same": BAD})
        for name, lines in (("1", GOOD), ("2", BAD))
    )
    rows = {
        row.system: row
        for row in compare(old, new, significance=FAST, baseline_systems={"mine-2": "mine-1"}).rows
    }
    assert {name: (row.baseline_system, row.status) for name, row in rows.items()} == {
        "mine-2": ("mine-1", "not significant"),
        "same": ("same", "not significant"),
    }
    assert rows["mine-2"].delta < 0
    for renamed in ({"nope": "mine-1"}, {"mine-2": "nope"}):
        with pytest.raises(
            ConfigError, match=r"baseline_systems: [12] has no system nope; it has mine-[12], same"
        ):
            compare(old, new, significance=FAST, baseline_systems=renamed)


def test_a_system_can_be_compared_with_another_of_the_same_name_s_run():
    old, new = (
        in_memory_run({"a": ONE, "b": OTHER}, name="old"),
        in_memory_run({"a": ONE, "b": OTHER}, name="young"),
    )
    rows = compare(old, new, significance=FAST, baseline_systems={"b": "a"}).rows
    assert [(row.system, row.baseline_system, row.delta == 0) for row in rows] == [
        ("a", "a", True),
        ("b", "a", False),
    ]


def test_systems_that_only_one_run_has_are_missing_by_name():
    old, new = (
        in_memory_run({"a": ONE, "gone": ONE}, name="old"),
        in_memory_run({"new": ONE, "a": ONE}, name="young"),
    )
    rows = {row.system: (row.status, row.reason) for row in compare(old, new, significance=FAST).rows}
    assert list(rows) == ["new", "a", "gone"]
    assert rows["gone"] == ("missing", "young: not in the run")
    assert rows["new"] == ("missing", "old: not in the run")


NOT_COMPARABLE = [
    ({"contents": ["same"] * 119 + ["other"]}, "other source or references in 1 of 120 segments (d11:119)"),
    (
        {"ids": ["x", *map(str, range(1, 120))]},
        "the test sets differ: 1 of 121 segments only in the baseline (d0:0)",
    ),
]


@pytest.mark.parametrize(("changed", "reason"), NOT_COMPARABLE, ids=[reason for _, reason in NOT_COMPARABLE])
def test_other_segments_are_refused_by_row_with_the_reason(changed, reason):
    old, new = (
        in_memory_run({"x": ONE}, documents=DOCUMENTS),
        in_memory_run({"x": OTHER}, documents=DOCUMENTS, **changed),
    )
    new = replace(new, test_set=replace(new.test_set, fingerprint="another"))
    (row,) = compare(old, new, significance=FAST).rows
    assert row.status == "not comparable"
    assert reason in row.reason
    assert (row.delta, row.p_value, row.baseline is None) == (None, None, False)


def test_other_references_and_other_signatures_are_told(tmp_path):
    old = evaluated(tmp_path / "old", [Bleu(), Chrf()])
    other = replace(old, test_set=replace(old.test_set, references=("A", "B"), fingerprint="another"))
    assert (
        compare(old, other, significance=FAST).rows[0].reason
        == "the test sets differ in references (A; A, B)"
    )
    new = evaluated(tmp_path / "new", [Bleu(lowercase=True), Chrf(beta=3)])
    reasons = {row.metric: row.reason for row in compare(old, new, significance=FAST).rows}
    assert reasons == {
        "bleu": "the signatures differ: case:mixed → case:lc",
        "chrf": "the signatures differ: nothing → beta:3",
    }


def test_a_metric_that_is_no_longer_there_is_not_comparable():
    run = in_memory_run({"x": ONE})
    info = run.metrics["bleu"]
    gone = replace(run, metrics={"bleu": replace(info, class_name="nowhere.Bleu")})
    (row,) = compare(run, gone, significance=FAST).rows
    assert (row.status, row.reason[:35]) == ("not comparable", "metric nowhere.Bleu of a stored run")


def test_a_score_that_is_not_that_of_its_statistics_was_edited():
    run = in_memory_run({"x": ONE})
    score = run.systems["x"].metrics["bleu"]
    better = replace(
        run,
        systems={"x": replace(run.systems["x"], metrics={"bleu": replace(score, value=score.value + 0.1)})},
    )
    with pytest.raises(
        ResultsError,
        match=r"run: bleu of x is [\d.]+ in run.json, and [\d.]+ by its statistics: edited; run again",
    ):
        compare(run, better, significance=FAST)


# statuses


def test_statuses_follow_direction_significance_and_tolerance():
    worse = bleu_statistics(REFERENCE, noisy(REFERENCE, 0.5, 3))
    old, new = in_memory_run({"x": ONE}), in_memory_run({"x": worse})

    def status(*runs, **given):
        return compare(*runs, significance=FAST, **given).rows[0].status

    assert (status(old, new), status(new, old), status(old, old)) == (
        "regressed",
        "improved",
        "not significant",
    )
    assert status(old, new, tolerance={"bleu": 90}) == "within tolerance"
    edits = [
        in_memory_run({"x": np.column_stack([edits, np.full(120, 12.0)])}, metric=Ter())
        for edits in (np.arange(120.0) % 5, np.arange(120.0) % 3)
    ]
    assert (status(*edits), status(*edits[::-1])) == ("improved", "regressed"), "of TER, less is better"


def test_holm_is_over_the_systems_of_a_metric():
    old, new = (
        in_memory_run({"a": ONE, "b": ONE, "c": ONE}),
        in_memory_run({"a": OTHER, "b": ONE, "c": OTHER}),
    )
    rows = {row.system: row for row in compare(old, new, significance=FAST).rows}
    alone = compare(in_memory_run({"a": ONE}), in_memory_run({"a": OTHER}), significance=FAST).rows[0]
    assert rows["a"].p_value == alone.p_value == alone.p_adjusted
    assert rows["a"].p_adjusted == pytest.approx(min(1, 3 * alone.p_value))


SETTINGS = [
    ({"significance": Bootstrap(resamples=0, trials=0)}, "a comparison needs a test"),
    ({"tolerance": {"nope": 1}}, r"tolerance: expected numbers of 0 or more by metric \(bleu\)"),
    ({"tolerance": {"bleu": -1}}, "tolerance: expected numbers"),
    ({"most": -1}, "most: expected 0 or more, found -1"),
]


@pytest.mark.parametrize(("given", "message"), SETTINGS, ids=[message for _, message in SETTINGS])
def test_settings_that_cannot_be_used_are_refused(given, message):
    run = in_memory_run({"x": ONE})
    with pytest.raises(ConfigError, match=message):
        compare(run, run, **given)


# what moved


def test_segments_that_moved_most_come_with_both_hypotheses_by_hand(tmp_path):
    old, new = (
        evaluated(tmp_path / name, [EntityAccuracy()], mine=lines)
        for name, lines in (("old", GOOD), ("new", BAD))
    )
    for pair in ((old, new), (tmp_path / "old/out", tmp_path / "new/out")):
        first, second = compare(*pair, significance=FAST).segments
        assert (first.document, first.segment, first.baseline, first.candidate, first.delta) == (
            "a",
            "2",
            1,
            0,
            -1,
        )
        assert (first.reference, first.baseline_hypothesis, first.candidate_hypothesis) == (
            "Steve Witkoff flew to Kursk.",
            GOOD[1],
            BAD[1],
        )
        assert (second.segment, second.candidate_hypothesis) == ("1", "")
    assert len(compare(old, new, significance=FAST, most=1).segments) == 1
    assert [change.delta for change in compare(new, old, significance=FAST).segments] == [1, 1]


def test_names_that_broke_and_names_that_were_mended_by_hand(tmp_path):
    half = [GOOD[0], BAD[1], GOOD[2], GOOD[3]]
    runs = [
        evaluated(tmp_path / name, [EntityAccuracy()], mine=lines)
        for name, lines in (("bad", BAD), ("half", half))
    ]
    for pair, change in (
        (runs, "mended"),
        (runs[::-1], "broken"),
        ([tmp_path / "half/out", tmp_path / "bad/out"], "broken"),
    ):
        comparison = compare(*pair, significance=FAST)
        (found,) = comparison.entities
        assert (found.change, found.entity, found.document, found.reference, found.type) == (
            change,
            "kyiv",
            "b",
            "Kyiv",
            "LOC",
        )
        outcomes = {
            (found.baseline_outcome, found.baseline_hypothesis),
            (found.candidate_outcome, found.candidate_hypothesis),
        }
        assert outcomes == {("missing", ""), ("exact", "Kyiv")}
        assert comparison.audited == (("mine", "entity_accuracy"),)


def test_types_are_compared_from_the_same_statistics_by_hand(tmp_path):
    half = [GOOD[0], BAD[1], GOOD[2], GOOD[3]]
    runs = [
        evaluated(tmp_path / name, [EntityAccuracy()], mine=lines)
        for name, lines in (("good", GOOD), ("half", half))
    ]
    parts = {row.part: (row.baseline, row.candidate) for row in compare(*runs, significance=FAST).parts}
    assert parts == {"PER": (1, 0), "LOC": (1, 0.5)}, "Witkoff; Kursk and Kyiv. There is no organisation"
    assert compare(*runs, significance=FAST).find_row("mine", "entity_accuracy", "LOC").delta == -0.5


def test_documents_that_moved(tmp_path):
    half = [GOOD[0], BAD[1], GOOD[2], GOOD[3]]
    runs = [
        evaluated(tmp_path / name, [EntityAccuracy()], mine=lines)
        for name, lines in (("good", GOOD), ("half", half))
    ]
    found = {
        change.document: (change.segments, change.baseline, change.candidate, change.delta)
        for change in compare(*runs, significance=FAST).documents
    }
    assert found == {"a": (2, 1, 0, -1), "b": (2, 1, 1, 0)}


def test_what_changed_between_the_runs_is_listed(tmp_path):
    old, new = (
        evaluated(tmp_path / name, [Bleu()], mine=lines) for name, lines in (("old", GOOD), ("new", BAD))
    )
    packages = {**new.environment.packages, "sacrebleu": "9.9"}
    new = replace(
        new,
        environment=replace(new.environment, packages=packages),
        config={"name": "x", "metrics": {"bleu": {"lowercase": True}}},
    )
    changes = {
        change.key: (change.baseline, change.candidate)
        for change in compare(old, new, significance=FAST).changes
    }
    assert changes["config.metrics.bleu.lowercase"] == (None, True)
    assert changes["packages.sacrebleu"][1] == "9.9"
    assert "hypotheses.mine" in changes
    assert "config.name" not in changes


# stored runs


def test_runs_of_format_version_1_are_compared(root):
    folder = root / "tests" / "fixtures" / "run_v1"
    comparison = compare(folder, folder, significance=FAST)
    assert {row.status for row in comparison.rows} == {"not significant"}
    assert len(comparison.rows) == 6


def test_a_run_of_today_compares_with_one_of_format_version_1(root, tmp_path):
    new = evaluated(tmp_path / "new", [Bleu(), Chrf(), EntityAccuracy()], good=BAD, bad=BAD)
    comparison = compare(root / "tests" / "fixtures" / "run_v1", new, significance=FAST)
    rows = {(row.system, row.metric): row for row in comparison.rows}
    assert rows["good", "bleu"].delta < 0 == rows["bad", "bleu"].delta
    assert rows["good", "entity_accuracy"].delta == -1
    assert {change.entity for change in comparison.entities} == {"witkoff", "kursk", "kyiv"}
    assert comparison.segments[0].baseline_hypothesis in GOOD


def test_comparing_stored_runs_loads_no_model(tmp_path):
    evaluated(tmp_path / "run", [Bleu(), Chrf(), EntityAccuracy()])
    script = (
        "import sys; from evalkit import compare\n"
        f"compare({str(tmp_path / 'run/out')!r}, {str(tmp_path / 'run/out')!r})\n"
        "import evalkit.metrics.comet, evalkit.commands.compare, evalkit.reports.markdown.run\n"
        "print(sorted({'torch', 'comet', 'datasets', 'transformers', 'pandas', 'pyarrow', 'spacy', 'pytorch_lightning'} & set(sys.modules)))\n"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"


def test_a_run_and_the_same_run_stored_give_the_same_comparison(tmp_path):
    runs = [
        evaluated(tmp_path / name, [Bleu(), EntityAccuracy()], mine=lines)
        for name, lines in (("old", GOOD), ("new", BAD))
    ]
    in_memory, stored = (
        compare(*runs, significance=FAST),
        compare(*(Path(tmp_path / n / "out") for n in ("old", "new")), significance=FAST),
    )
    for field in ("rows", "parts", "documents", "segments", "entities", "audited"):
        assert getattr(in_memory, field) == getattr(stored, field), field
