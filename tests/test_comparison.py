"""Two runs side by side: what pairs, what moved, what does not compare; and the properties that make it
worth trusting.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from miniature import BAD, GOOD, in_folder
from miniature import REFERENCE as REFERENCE_LINES
from runs_in_memory import bleu_statistics, in_memory_run, noisy, permuted, words
from runs_on_disk import FAST, evaluated

from evalkit import evaluate
from evalkit.commands.baseline import store
from evalkit.comparison.compare import compare
from evalkit.comparison.pairing import describe_signature_change
from evalkit.data.articles import Articles
from evalkit.errors import ConfigError, ResultsError
from evalkit.gate import Gate
from evalkit.gate.judging import judge
from evalkit.metrics import entity_accuracy
from evalkit.metrics.base import Metric
from evalkit.metrics.entity_accuracy import EntityAccuracy
from evalkit.metrics.lexical import Bleu, Chrf, DocumentBleu, Ter
from evalkit.runtime.provenance import GitState
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


def test_that_the_test_sets_differ_is_said_before_all_else():
    run = in_memory_run({"x": ONE})
    score = replace(run.systems["x"].metrics["bleu"], signature="another")
    other = replace(
        run,
        test_set=replace(run.test_set, target_language="de", fingerprint="another"),
        systems={"x": replace(run.systems["x"], metrics={"bleu": score})},
    )
    comparison = compare(run, other, significance=FAST)
    assert (
        comparison.rows[0].reason == comparison.unpaired == "the test sets differ in target language (en; de)"
    )


@pytest.mark.parametrize("key", ["source_language", "target_language"])
def test_other_languages_are_refused(key):
    run = in_memory_run({"x": ONE})
    other = replace(run, test_set=replace(run.test_set, **{key: "de"}, fingerprint="another"))
    (row,) = compare(run, other, significance=FAST).rows
    name = key.replace("_", " ")
    assert row.status == "not comparable"
    assert row.reason == f"the test sets differ in {name} ({getattr(run.test_set, key)}; de)"


def test_two_codes_of_one_language_are_compared_and_two_scripts_are_not():
    run = in_memory_run({"x": ONE})
    run = replace(run, test_set=replace(run.test_set, source_language="eng_Latn", target_language="zho_Hans"))
    for target, is_same in (("zh", True), ("zh-CN", True), ("zho_Hant", False)):
        info = replace(run.test_set, source_language="en", target_language=target, fingerprint="another")
        (row,) = compare(run, replace(run, test_set=info), significance=FAST).rows
        assert (row.status != "not comparable") == is_same


def test_a_segment_less_is_refused_whatever_the_fingerprint_says():
    old, new = in_memory_run({"x": ONE}), in_memory_run({"x": OTHER[:119]})
    assert old.test_set.fingerprint == new.test_set.fingerprint
    (row,) = compare(old, new, significance=FAST).rows
    assert row.status == "not comparable"
    assert row.reason == "the test sets differ: 1 of 120 segments only in the baseline (119)"


def test_a_segment_more_is_refused():
    old, new = in_memory_run({"x": ONE}), in_memory_run({"x": np.vstack([OTHER, OTHER[:1]])})
    (row,) = compare(old, new, significance=FAST).rows
    assert row.status == "not comparable"
    assert row.reason == "the test sets differ: 1 of 121 segments only in the candidate (120)"


def test_segments_that_have_no_ids_cannot_be_paired_with_those_of_another_test_set():
    """Runs of format version 1 have none."""
    run = in_memory_run({"x": ONE}, name="old")
    other = replace(
        run,
        test_set=replace(run.test_set, name="other", fingerprint="another"),
        segment_ids=(),
        segment_contents=(),
    )
    for runs, names in (((run, other), "mini; other"), ((other, run), "other; mini")):
        (row,) = compare(*runs, significance=FAST).rows
        assert row.status == "not comparable"
        assert row.reason == f"the test sets differ ({names}), and one of the runs has no ids"


def test_what_two_signatures_differ_in_by_hand():
    for old, new, expected in (
        ("case:mixed|tok:13a", "case:mixed|tok:intl", "tok:13a → tok:intl"),
        ("case:mixed|tok:13a", "case:lc|tok:intl", "case:mixed → case:lc, tok:13a → tok:intl"),
        ("case:mixed|tok:13a", "tok:13a", "case:mixed → nothing"),
        ("tok:13a", "case:mixed|tok:13a", "nothing → case:mixed"),
        ("a:1|b:1|c:1", "b:2|c:1", "a:1 → b:2, b:1 → nothing"),
        (None, "tok:13a", "nothing → tok:13a"),
        ("tok:13a", "tok:13a", ""),
    ):
        assert describe_signature_change(old, new) == expected


def test_a_score_that_failed_is_missing_with_its_reason():
    run = in_memory_run({"x": ONE, "y": OTHER}, name="old")
    score = replace(run.systems["x"].metrics["bleu"], status="failed", value=None, reason="no luck")
    failed = replace(run.systems["x"], metrics={"bleu": score})
    other = replace(run, name="new", systems={**run.systems, "x": failed})
    for runs, scores in (((run, other), (True, False)), ((other, run), (False, True))):
        first, second = compare(*runs, significance=FAST).rows
        assert (first.system, first.status, first.reason) == ("x", "missing", "new: failed: no luck")
        assert (first.baseline is not None, first.candidate is not None) == scores
        assert second.status == "not significant"


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


def test_a_score_may_differ_from_that_of_its_statistics_by_what_another_machine_rounds():
    """Up to a millionth, of the score where that is more than 1: BLEU 0.5 here, and then about 60."""
    almost_nothing = np.tile([12.0, 12, 1, 1, 0, 0, 12, 11, 10, 9], (120, 1))
    for values, least in ((almost_nothing, 0), (ONE, 50)):
        run = in_memory_run({"x": values})
        score = run.systems["x"].metrics["bleu"]
        unit = max(1, score.value)
        assert score.value > least
        for size, refused in ((0.9e-6, False), (1.1e-6, True)):
            stored = replace(score, value=score.value + size * unit)
            other = replace(run, systems={"x": replace(run.systems["x"], metrics={"bleu": stored})})
            if refused:
                with pytest.raises(ResultsError, match="by its statistics: edited; run again"):
                    compare(run, other, significance=FAST)
            else:
                assert compare(run, other, significance=FAST).rows[0].status == "not significant"


@pytest.mark.parametrize("side", [0, 1])
def test_statistics_that_give_no_score_or_are_of_another_metric_were_edited(tmp_path, side):
    run = evaluated(tmp_path / "run", [EntityAccuracy()], mine=GOOD)
    values = run.statistics["mine"]["entity_accuracy"]
    for changed, message in (
        (
            0 * values,
            "entity_accuracy of mine is 1.0 in run.json, and nan by its statistics: edited; run again",
        ),
        (values[:, :3], "entity_accuracy of mine: .*; damaged or edited: run again"),
    ):
        other = replace(run, statistics={"mine": {"entity_accuracy": changed}})
        with pytest.raises(ResultsError, match=message):
            compare(*((run, other), (other, run))[side], significance=FAST)


def test_statistics_of_too_few_columns_were_edited():
    """Those of BLEU have ten."""
    run = in_memory_run({"x": ONE})
    other = replace(run, statistics={"x": {"bleu": ONE[:, :1]}})
    with pytest.raises(ResultsError, match=r"bleu of x: .*; damaged or edited: run again"):
        compare(run, other, significance=FAST)


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


def edits_run(*counts, name="run", **more):
    """A run of TER of one system, from the edits in each of its segments of four words."""
    return in_memory_run({"x": np.column_stack([counts, np.full(len(counts), 4.0)])}, metric=Ter(), name=name)


def test_a_difference_that_equals_the_tolerance_is_within_it():
    """One edit and two edits in each segment of four words: TER 25 and 50."""
    old, new = edits_run(*[1.0] * 60), edits_run(*[2.0] * 60)
    for tolerance, status in ((25, "within tolerance"), (24.9, "regressed"), (0, "regressed")):
        (row,) = compare(old, new, significance=FAST, tolerance={"ter": tolerance}).rows
        assert (row.baseline, row.candidate, row.delta, row.status) == (25, 50, 25, status), tolerance


def test_a_p_that_equals_alpha_is_not_significant():
    """Sixty segments that all differ alike: no trial but the observed exchange reaches the difference."""
    old, new = edits_run(*[1.0] * 60), edits_run(*[2.0] * 60)
    for alpha, status in ((1 / 200, "not significant"), (1 / 199, "regressed")):
        (row,) = compare(old, new, significance=Bootstrap(resamples=0, trials=199, alpha=alpha)).rows
        assert (row.p_adjusted, row.status) == (1 / 200, status)


def test_the_status_follows_the_p_after_holm_s_correction():
    """Six segments that all differ alike: 2 of the 64 exchanges reach the difference, and 2 × 2/64 is over
    0.05.
    """
    fewer, more = (np.column_stack([np.full(6, count), np.full(6, 4.0)]) for count in (1.0, 2.0))
    bootstrap = Bootstrap(resamples=0, trials=20_000)
    for systems, p, status in (("a", 2 / 64, "regressed"), ("ab", 4 / 64, "not significant")):
        old, new = (in_memory_run(dict.fromkeys(systems, found), metric=Ter()) for found in (fewer, more))
        rows = compare(old, new, significance=bootstrap).rows
        assert [row.status for row in rows] == [status] * len(systems)
        assert rows[0].p_adjusted == pytest.approx(p, abs=0.01)


def test_a_tolerance_is_for_the_parts_of_a_metric_too():
    """All names of persons are right in one run and wrong in the other."""
    counts = np.zeros((2, 60, 31))
    counts[0, :, 0] = counts[1, :, 4] = 1
    old, new = (in_memory_run({"x": values}, metric=EntityAccuracy()) for values in counts)
    for tolerance, status in ((1, "within tolerance"), (0.9, "regressed")):
        found = compare(old, new, significance=FAST, tolerance={"entity_accuracy": tolerance})
        rows = {row.part: (row.baseline, row.candidate, row.status) for row in found.rows + found.parts}
        assert rows == {"": (1, 0, status), "PER": (1, 0, status)}


def test_a_comparison_says_what_was_drawn_and_how(tmp_path):
    """Twelve documents of ten segments are drawn as documents; two documents only by a metric of documents."""
    old, new = (in_memory_run({"x": values}, documents=DOCUMENTS) for values in (ONE, OTHER))
    comparison = compare(old, new, significance=FAST)
    assert (comparison.rows[0].unit, comparison.rows[0].units) == ("document", 12)
    assert comparison.significance == FAST
    named = [
        replace(run, test_set=replace(run.test_set, name=name)) for run, name in ((old, "a"), (new, "b"))
    ]
    assert compare(*named, significance=FAST).test_set == "b", "the name that the candidate gives it"
    run = evaluated(tmp_path / "run", [Bleu(), DocumentBleu()], mine=GOOD)
    rows = compare(run, run, significance=FAST).rows
    assert {row.metric: (row.unit, row.units) for row in rows} == {
        "bleu": ("segment", 4),
        "d_bleu": ("document", 2),
    }


def test_a_tolerance_may_be_for_a_metric_that_only_one_run_has(tmp_path):
    both = evaluated(tmp_path / "both", [Bleu(), Chrf()])
    one = evaluated(tmp_path / "one", [Bleu()])
    for runs in ((both, one), (one, both)):
        assert compare(*runs, significance=FAST, tolerance={"chrf": 1}).rows[0].status == "not significant"


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
    (
        {"significance": Bootstrap(resamples=0, trials=0)},
        "a comparison needs a test, found resamples=0 and trials=0; set one of them",
    ),
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
    for runs, delta in (((old, new), -1), ((new, old), 1)):
        (change,) = compare(*runs, significance=FAST, most=1).segments
        assert change.delta == delta, "two segments have no names, and so moved in no direction"
    assert [change.delta for change in compare(new, old, significance=FAST).segments] == [1, 1]


def test_segments_that_moved_most_are_those_that_got_worse_and_then_those_that_got_better_by_hand():
    """Edits of TER, of which less is better: 3 and 1 more in segments 1 and 3, 4, 1 and 2 less in 4, 5 and
    6.
    """
    old, new = edits_run(0.0, 0.0, 0.0, 4.0, 1.0, 2.0), edits_run(3.0, 0.0, 1.0, 0.0, 0.0, 0.0)
    moved = compare(old, new, significance=FAST).segments
    assert [(change.segment, change.baseline, change.candidate, change.delta) for change in moved] == [
        ("0", 0, 75, 75),
        ("2", 0, 25, 25),
        ("3", 100, 0, -100),
        ("5", 50, 0, -50),
        ("4", 25, 0, -25),
    ]
    for most, expected in ((0, []), (1, ["0", "3"]), (2, ["0", "2", "3", "5"])):
        moved = compare(old, new, significance=FAST, most=most).segments
        assert [change.segment for change in moved] == expected


def test_a_metric_of_whole_documents_has_no_segments_that_moved(tmp_path):
    old, new = (
        evaluated(tmp_path / name, [Bleu(), DocumentBleu()], mine=lines)
        for name, lines in (("old", GOOD), ("new", BAD))
    )
    comparison = compare(old, new, significance=FAST)
    assert {change.metric for change in comparison.documents} == {"bleu", "d_bleu"}
    assert {change.metric for change in comparison.segments} == {"bleu"}


def write_lines(folder, documents, reference, hypotheses):
    """A run of a system *mine* on these lines; `documents` has the document of each."""
    reader = in_folder(folder)
    for path, lines in (("docs", documents), ("ref.en", reference), ("mine.txt", hypotheses)):
        (folder / path).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    systems = {"mine": folder / "mine.txt"}
    return evaluate(reader, [Bleu()], systems=systems, significance=FAST, output=folder / "out").run


def test_hypotheses_are_those_of_the_segment_in_whichever_order_the_run_has_it(tmp_path):
    """In the candidate, document b comes before document a, and the last segment is another text."""
    old = write_lines(tmp_path / "old", "aabb", REFERENCE_LINES, GOOD)
    turned = [2, 3, 0, 1]
    texts = [*GOOD[:3], "Somebody came."]
    new = write_lines(
        tmp_path / "new", "bbaa", [REFERENCE_LINES[i] for i in turned], [texts[i] for i in turned]
    )
    for pair in ((old, new), (tmp_path / "old" / "out", tmp_path / "new" / "out")):
        comparison = compare(*pair, significance=FAST)
        assert comparison.unpaired == ""
        (change,) = comparison.segments
        assert (change.document, change.segment, change.reference) == ("b", "2", REFERENCE_LINES[3])
        assert (change.baseline_hypothesis, change.candidate_hypothesis) == (GOOD[3], "Somebody came.")
        assert [(change.document, change.delta == 0) for change in comparison.documents] == [
            ("a", True),
            ("b", False),
        ]


def test_a_variant_of_a_name_is_as_right_as_the_name_itself(tmp_path):
    capitals = [GOOD[0], "Steve Witkoff flew to KURSK.", *GOOD[2:]]
    good, variant, bad = (
        evaluated(tmp_path / name, [EntityAccuracy()], mine=lines)
        for name, lines in (("good", GOOD), ("variant", capitals), ("bad", BAD))
    )
    assert compare(good, variant, significance=FAST).entities == ()
    assert compare(variant, good, significance=FAST).entities == ()
    broken = {
        change.entity: change.baseline_outcome
        for change in compare(variant, bad, significance=FAST).entities
        if change.change == "broken"
    }
    assert broken == {"witkoff": "exact", "kursk": "variant", "kyiv": "exact"}


@pytest.mark.parametrize(("after", "start"), [("Lviv saw Kyiv.", 0), ("Kyiv saw Lviv.", 9)])
def test_each_mention_of_a_name_is_compared_with_itself(tmp_path, after, start):
    """One of two mentions in a segment breaks; the segment begins its document."""
    before, runs = "Kyiv saw Kyiv.", []
    for name, text in (("old", before), ("new", after)):
        reader = in_folder(tmp_path / name, entities=True)
        for path, line in (("ref.en", before), ("mine.txt", text)):
            lines = [*GOOD[:2], line, GOOD[3]]
            (tmp_path / name / path).write_text("".join(f"{one}\n" for one in lines), encoding="utf-8")
        systems = {"mine": tmp_path / name / "mine.txt"}
        runs.append(evaluate(reader, [EntityAccuracy()], systems=systems, significance=FAST).run)
    (change,) = compare(*runs, significance=FAST).entities
    assert (change.change, change.entity, change.reference) == ("broken", "kyiv", "Kyiv")
    assert (change.start, change.end) == (start, start + len("Kyiv"))


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


def test_a_document_without_names_has_no_score_and_no_difference(tmp_path):
    """The names are in documents a and b, of which b is another one here."""
    runs = []
    for name, lines in (("old", GOOD), ("new", BAD)):
        reader = in_folder(tmp_path / name, entities=True)
        for path, texts in (("docs", ["a", "a", "b", "c"]), ("mine.txt", lines)):
            (tmp_path / name / path).write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
        systems = {"mine": tmp_path / name / "mine.txt"}
        runs.append(evaluate(reader, [EntityAccuracy()], systems=systems, significance=FAST).run)
    found = {
        change.document: (change.baseline, change.candidate, change.delta)
        for change in compare(*runs, significance=FAST).documents
    }
    assert found == {"a": (1, 0, -1), "b": (1, 0, -1), "c": (None, None, None)}


@dataclass(frozen=True, kw_only=True)
class Counts(Metric):
    """A sum of two counts; each is a part, and has no score if it is 0."""

    name: str = "counts"
    label: str = "Counts"
    column: int | None = None

    def signature(self, test_set):
        return "counts"

    def statistics(self, test_set, output):
        raise NotImplementedError

    def aggregate(self, total):
        if self.column is None:
            return total.sum(axis=-1)
        return np.where(total[..., self.column] > 0, total[..., self.column], np.nan)

    def parts(self):
        return {"first": replace(self, column=0), "second": replace(self, column=1)}


def test_a_part_that_has_a_score_in_one_run_alone_is_not_compared():
    both, first = (
        in_memory_run({"x": np.tile(row, (20, 1))}, metric=Counts()) for row in ([1.0, 2], [1.0, 0])
    )
    for runs in ((both, first), (first, both)):
        assert [row.part for row in compare(*runs, significance=FAST).parts] == ["first"]


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
    what_differs_anyway = {
        "name": "x",
        "baseline": "old",
        "gate": {"coverage": 1},
        "report": {"csv": {"rows": 1}},
    }
    new = replace(
        new,
        environment=replace(new.environment, packages=packages),
        config={**what_differs_anyway, "metrics": {"bleu": {"lowercase": True}}},
    )
    changes = {
        change.key: (change.baseline, change.candidate)
        for change in compare(old, new, significance=FAST).changes
    }
    assert changes["config.metrics.bleu.lowercase"] == (None, True)
    assert changes["packages.sacrebleu"][1] == "9.9"
    assert "hypotheses.mine" in changes
    assert [key for key in changes if key.startswith("config.")] == ["config.metrics.bleu.lowercase"]


def test_a_commit_that_changed_is_listed():
    old = in_memory_run({"x": ONE})
    for before, after in (
        (None, GitState(commit="a1", dirty=False)),
        (GitState(commit="a1", dirty=True), None),
    ):
        runs = [replace(old, environment=replace(old.environment, git=git)) for git in (before, after)]
        changes = {
            change.key: (change.baseline, change.candidate)
            for change in compare(*runs, significance=FAST).changes
        }
        assert changes["git.commit"] == (before and "a1", after and "a1")
        assert changes["git.dirty"] == (before and before.dirty, after and after.dirty)


def test_the_hypotheses_that_changed_are_those_of_the_systems_that_are_compared():
    """In both runs there is a *b*, with the same hypotheses, but the *b* of one is compared with the *a* of
    the other.
    """
    old, new = in_memory_run({"a": ONE, "b": OTHER}), in_memory_run({"b": OTHER})
    assert compare(old, new, significance=FAST).changes == ()
    (change,) = compare(old, new, significance=FAST, baseline_systems={"b": "a"}).changes
    assert (change.key, change.baseline, change.candidate) == ("hypotheses.b", "a", "b")


# stored runs


def test_runs_of_format_version_1_are_compared(root):
    folder = root / "tests" / "fixtures" / "run_v1"
    comparison = compare(folder, folder, significance=FAST)
    assert {row.status for row in comparison.rows} == {"not significant"}
    assert len(comparison.rows) == 6


def test_names_judged_by_other_rules_are_not_compared(root, tmp_path):
    new = evaluated(tmp_path / "new", [EntityAccuracy()], good=BAD, bad=BAD)
    comparison = compare(root / "tests" / "fixtures" / "run_v1", new, significance=FAST)
    row = next(row for row in comparison.rows if row.metric == "entity_accuracy")
    assert row.status == "not comparable"
    assert "version:2" in row.reason
    assert "version:3" in row.reason


def test_a_run_of_today_compares_with_one_of_format_version_1(root, tmp_path, monkeypatch):
    monkeypatch.setattr(entity_accuracy, "VERSION", 2)  # as if the rules had stayed the same
    new = evaluated(tmp_path / "new", [Bleu(), Chrf(), EntityAccuracy()], good=BAD, bad=BAD)
    comparison = compare(root / "tests" / "fixtures" / "run_v1", new, significance=FAST)
    rows = {(row.system, row.metric): row for row in comparison.rows}
    assert rows["good", "bleu"].delta < 0 == rows["bad", "bleu"].delta
    assert rows["good", "entity_accuracy"].delta == -1
    assert {change.entity for change in comparison.entities} == {"witkoff", "kursk", "kyiv"}
    assert comparison.segments[0].baseline_hypothesis in GOOD
    wrong = {(change.document, change.segment) for change in comparison.segments if change.candidate == 0}
    assert {("a", "2"), ("b", "1")} <= wrong, "the ids are those of the run that has them"


def test_segments_of_two_runs_of_format_version_1_are_numbered(root):
    folder = root / "tests" / "fixtures" / "run_v1"
    comparison = compare(folder, folder, significance=FAST, baseline_systems={"bad": "good"})
    wrong = [change for change in comparison.segments if change.metric == "entity_accuracy"]
    assert [(change.document, change.segment) for change in wrong] == [("a", "2"), ("b", "3")]


def test_a_text_that_only_the_baseline_has_kept_is_shown(tmp_path):
    for name, lines in (("old", GOOD), ("new", BAD)):
        evaluated(tmp_path / name, [EntityAccuracy()], mine=lines)
    store(tmp_path / "new" / "out", tmp_path / "slim")
    first, second = compare(tmp_path / "old" / "out", tmp_path / "slim", significance=FAST).segments
    assert (first.reference, second.reference) == tuple(REFERENCE_LINES[1:3])
    assert (first.baseline_hypothesis, second.baseline_hypothesis) == tuple(GOOD[1:3])
    assert (first.candidate_hypothesis, second.candidate_hypothesis) == (None, None)


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
