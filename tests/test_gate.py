"""The gate: a table of cases by hand, the sentences, and what it refuses."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from miniature import BAD, GOOD, in_folder
from runs_in_memory import bleu_statistics, in_memory_run, noisy, words
from runs_on_disk import FAST, evaluated

from evalkit import evaluate
from evalkit.comparison.compare import compare
from evalkit.errors import ConfigError
from evalkit.gate import Gate, Score
from evalkit.gate.judging import judge
from evalkit.metrics.entity_accuracy import EntityAccuracy
from evalkit.metrics.lexical import Bleu, Ter
from evalkit.significance.units import Bootstrap

REFERENCE = words(0, 60)
GOOD_ONE, WORSE = (bleu_statistics(REFERENCE, noisy(REFERENCE, share, 1)) for share in (0.2, 0.5))


@pytest.fixture(scope="module")
def pair():
    """A run, its comparison with a baseline that is better by far; BLEU 59.9 → 20.9 or so."""
    old, new = in_memory_run({"x": GOOD_ONE}, name="old"), in_memory_run({"x": WORSE}, name="new")
    return new, compare(old, new, significance=Bootstrap(resamples=50, trials=200))


def verdicts(gate, *runs):
    return [check.verdict for check in judge(gate, runs).checks]


def test_absolute_floors_are_judged_on_unrounded_values(pair):
    run, _ = pair
    value = run.systems["x"].metrics["bleu"].value
    for floor, expected in ((value, "passed"), (value + 1e-6, "failed"), (value - 1e-6, "passed")):
        assert verdicts(Gate(rules={"bleu": {"floor": floor}}), (run, None)) == [expected]


def test_the_floor_of_a_metric_where_less_is_better_is_its_greatest_value():
    run = in_memory_run({"x": GOOD_ONE[:, :2] * [1, 10]}, metric=Ter())
    value = run.systems["x"].metrics["ter"].value
    assert verdicts(Gate(rules={"ter": {"floor": value + 0.01}}), (run, None)) == ["passed"]
    (check,) = judge(Gate(rules={"ter": {"floor": value - 0.01}}), [(run, None)]).checks
    assert (check.verdict, "<=" in check.sentence) == ("failed", True)
    assert verdicts(Gate(rules={"ter": {"floor": value}}), (run, None)) == ["passed"]


CASES = [  # a drop of about 39 BLEU, with p = 1/201
    ({"max_drop": 50}, "passed"),
    ({"max_drop": 1}, "failed"),
    ({"alpha": 0.05}, "failed"),
    ({"alpha": 0.001}, "passed"),
    ({"max_drop": 1, "alpha": 0.05}, "failed"),
    ({"max_drop": 50, "alpha": 0.05}, "passed"),
    ({"max_drop": 1, "alpha": 0.001}, "passed"),
]


@pytest.mark.parametrize(("rule", "expected"), CASES)
def test_drops_and_significance_alone_and_together(pair, rule, expected):
    assert verdicts(Gate(rules={"bleu": rule}), pair) == [expected]


def test_two_rules_fail_where_either_does(pair):
    gate = Gate(rules={"drop": {"metric": "bleu", "max_drop": 50}, "test": {"metric": "bleu", "alpha": 0.05}})
    assert verdicts(gate, pair) == ["passed", "failed"]
    assert not judge(gate, [pair]).passed


def test_a_limit_is_missed_by_more_than_a_billionth():
    """TER 25 in the baseline and 50 in the run."""
    old, new = alike("x", 60)
    pair = new, compare(old, new, significance=FAST)
    for limit, expected in ((25, "passed"), (25 - 1e-10, "passed"), (25 - 1e-8, "failed")):
        assert verdicts(Gate(rules={"ter": {"max_drop": limit}}), pair) == [expected], limit
        assert verdicts(Gate(rules={"ter": {"floor": 25 + limit}}), pair) == [expected], limit


def test_a_difference_without_a_p_is_missing(pair):
    """Such as one whose resamples have nothing to score."""
    run, comparison = pair
    rows = tuple(replace(row, p_value=None, p_adjusted=None) for row in comparison.rows)
    (check,) = judge(Gate(rules={"bleu": {"alpha": 0.05}}), [(run, replace(comparison, rows=rows))]).checks
    assert check.sentence == "x: bleu is missing (there is no p): failed"
    assert check.status == "missing"


def test_a_score_that_failed_is_missing_with_its_reason(pair):
    run = pair[0]
    score = replace(run.systems["x"].metrics["bleu"], status="failed", value=None, reason="no luck")
    failed = replace(run, systems={"x": replace(run.systems["x"], metrics={"bleu": score})})
    for metric, reason in (("bleu", "no luck"), ("chrf", "not in the run")):
        (check,) = judge(Gate(rules={metric: {"floor": 0}}), [(failed, None)]).checks
        assert check.sentence == f"x: {metric} is missing ({reason}): failed"
        assert (check.limit, check.candidate) == (0, None)


def alike(systems, segments):
    """Runs of TER that differ by one edit in each segment of four words, and their comparison."""
    fewer, more = (
        np.column_stack([np.full(segments, count), np.full(segments, 4.0)]) for count in (1.0, 2.0)
    )
    return [
        in_memory_run(dict.fromkeys(systems, found), metric=Ter(), name=name)
        for name, found in (("old", fewer), ("new", more))
    ]


def test_a_p_that_equals_alpha_passes():
    """Sixty segments that all differ alike: no trial but the observed exchange reaches the difference."""
    old, new = alike("x", 60)
    pair = new, compare(old, new, significance=Bootstrap(resamples=0, trials=199))
    assert pair[1].rows[0].p_adjusted == 1 / 200
    assert verdicts(Gate(rules={"ter": {"alpha": 1 / 200}}), pair) == ["passed"]
    assert verdicts(Gate(rules={"ter": {"alpha": 1 / 199}}), pair) == ["failed"]


def test_the_p_that_is_judged_is_that_after_holm_s_correction():
    """Six segments that all differ alike: 2 of the 64 exchanges reach the difference, and 2 × 2/64 is over
    0.05.
    """
    for systems, expected in (("a", ["failed"]), ("ab", ["passed", "passed"])):
        old, new = alike(systems, 6)
        comparison = compare(old, new, significance=Bootstrap(resamples=0, trials=20_000))
        assert comparison.rows[0].p_value == pytest.approx(2 / 64, abs=0.005)
        assert verdicts(Gate(rules={"ter": {"alpha": 0.05}}), (new, comparison)) == expected


def test_a_rule_may_be_for_one_system_alone():
    old, new = alike("ab", 6)
    comparison = compare(old, new, significance=FAST)
    for rule in ({"floor": 25}, {"max_drop": 1}):
        for system, expected in ((None, ["a", "b"]), ("b", ["b"])):
            gate = Gate(rules={"ter": {**rule, "system": system}})
            checks = judge(gate, [(new, comparison)]).checks
            assert [(check.system, check.verdict) for check in checks] == [
                (name, "failed") for name in expected
            ]


def test_what_is_better_never_fails():
    old, new = in_memory_run({"x": WORSE}, name="old"), in_memory_run({"x": GOOD_ONE}, name="new")
    rules = {"drop": {"metric": "bleu", "max_drop": 0}, "test": {"metric": "bleu", "alpha": 0.99}}
    assert verdicts(Gate(rules=rules), (new, compare(old, new, significance=FAST))) == ["passed", "passed"]


@settings(max_examples=30)
@given(st.floats(0, 60), st.floats(0, 60))
def test_a_wider_limit_never_fails_what_a_narrower_one_passes(one, other):
    old, new = in_memory_run({"x": GOOD_ONE}, name="old"), in_memory_run({"x": WORSE}, name="new")
    pair = new, compare(old, new, significance=Bootstrap(resamples=0, trials=20), most=0)
    narrow, wide = (
        verdicts(Gate(rules={"bleu": {"max_drop": limit}}), pair)[0] for limit in sorted((one, other))
    )
    assert (narrow, wide) != ("passed", "failed")


def test_rounding_noise_of_floats_does_not_fail_a_drop_that_is_allowed():
    """0.7 - 0.6 is 0.10000000000000009 here."""
    old, new = (in_memory_run({"x": np.array([[edits, 1000.0]])}, metric=Ter()) for edits in (6.0, 7.0))
    row = compare(old, new, significance=FAST).rows[0]
    assert row.delta > 0.1
    assert verdicts(Gate(rules={"ter": {"max_drop": 0.1}}), (new, compare(old, new, significance=FAST))) == [
        "passed"
    ]


def test_the_sentence_says_rule_values_limit_p_and_verdict(pair):
    (check,) = judge(Gate(rules={"bleu": {"max_drop": 1, "alpha": 0.05}}), [pair]).checks
    row = pair[1].rows[0]
    assert check.sentence == (
        f"x: bleu must not be worse by more than 1 and significantly worse at 0.05: {row.baseline:.10g} → {row.candidate:.10g} "
        f"({row.delta:+.6g}, p = {1 / 201:.4f}): failed"
    )
    assert (check.baseline, check.candidate, check.delta, check.limit, check.alpha) == (
        row.baseline,
        row.candidate,
        row.delta,
        1,
        0.05,
    )
    assert (check.run, check.system, check.rule, check.subject, check.p_value) == (
        "new",
        "x",
        "bleu",
        "bleu",
        1 / 201,
    )


# missing, not comparable


def test_what_is_missing_or_not_comparable_fails_unless_it_is_allowed_by_name():
    old = in_memory_run({"x": GOOD_ONE, "gone": GOOD_ONE}, name="old")
    new = in_memory_run({"x": GOOD_ONE, "new": GOOD_ONE}, name="new")
    comparison = compare(old, new, significance=FAST)
    rules = {"bleu": {"max_drop": 1}}

    def found(**settings):
        return {
            check.system: check.verdict
            for check in judge(Gate(rules=rules, **settings), [(new, comparison)]).checks
        }

    assert found() == {"x": "passed", "new": "failed", "gone": "failed"}
    assert found(allow=["gone", "new/bleu"]) == {"x": "passed", "new": "allowed", "gone": "allowed"}
    assert judge(Gate(rules=rules, allow=["bleu"]), [(new, comparison)]).passed
    other = replace(new, test_set=replace(new.test_set, target_language="de", fingerprint="another"))
    (check, *_) = judge(Gate(rules=rules), [(other, compare(old, other, significance=FAST))]).checks
    assert (check.verdict, check.status) == ("failed", "not comparable")
    assert (
        check.sentence
        == "x: bleu is not comparable (the test sets differ in target language (en; de)): failed"
    )


def test_what_is_there_and_fails_is_never_allowed(pair):
    """Only what is missing, or not comparable, may be allowed."""
    for rule in ({"floor": 99}, {"max_drop": 1}, {"alpha": 0.05}):
        assert verdicts(Gate(rules={"bleu": rule}, allow=["x", "bleu", "x/bleu"]), pair) == ["failed"], rule


def test_every_run_needs_a_baseline_where_a_rule_needs_one(pair):
    with pytest.raises(ConfigError, match="gate: no baseline, which these rules need: bleu"):
        judge(Gate(rules={"bleu": {"max_drop": 1}}), [pair, (pair[0], None)])


def test_a_rule_on_what_the_run_does_not_have_fails(pair):
    for rule in (
        {"metric": "nope", "floor": 1},
        {"metric": "bleu", "system": "nope", "floor": 1},
        {"metric": "bleu", "type": "PER", "floor": 1},
    ):
        assert verdicts(Gate(rules={"x": rule}), pair) == ["failed"]
    for rule in (
        {"metric": "nope", "max_drop": 1},
        {"metric": "bleu", "system": "nope", "alpha": 0.1},
        {"metric": "bleu", "type": "PER", "alpha": 0.1},
    ):
        assert verdicts(Gate(rules={"x": rule}), pair) == ["failed"]


def test_a_verdict_without_checks_has_not_passed(pair):
    assert not judge(Gate(rules={"x": {"metric": "bleu", "floor": 1}}), []).passed


NAMED = [
    (["mine"], "allowed"),
    (["entity_accuracy"], "allowed"),
    (["entity_accuracy/ORG"], "allowed"),
    (["mine/entity_accuracy"], "allowed"),
    (["mine/entity_accuracy/ORG"], "allowed"),
    (["yours", "ORG", "bleu", "yours/entity_accuracy", "mine/bleu", "entity_accuracy/PER"], "failed"),
    ([], "failed"),
]


@pytest.mark.parametrize(("allow", "expected"), NAMED)
@pytest.mark.parametrize("limit", [{"floor": 0.5}, {"max_drop": 0.5}])
def test_a_part_may_be_missing_where_its_system_its_metric_or_itself_is_allowed(
    names, limit, allow, expected
):
    """The test set has no organisation."""
    rule = {"metric": "entity_accuracy", "type": "ORG", **limit}
    pair = names["good"], compare(names["good"], names["good"], significance=FAST)
    assert verdicts(Gate(rules={"x": rule}, allow=allow), pair) == [expected]


# names


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    """Runs of one system by their hypotheses: Witkoff, Kursk and Kyiv right; Witkoff and Kursk misspelt;
    and Kyiv missing as well.
    """
    half = [GOOD[0], BAD[1], GOOD[2], GOOD[3]]
    lines = {"good": GOOD, "half": half, "bad": BAD}
    folder = tmp_path_factory.mktemp("names")
    return {
        name: evaluated(folder / name, [Bleu(), EntityAccuracy()], mine=found)
        for name, found in lines.items()
    }


def test_names_that_must_hold_by_hand(names):
    gate = Gate(must_hold=["kyiv", "Steve Witkoff"])

    def found(run, baseline=None):
        comparison = None if baseline is None else compare(names[baseline], names[run], significance=FAST)
        return [check.verdict for check in judge(gate, [(names[run], comparison)]).checks]

    assert found("good") == ["passed", "passed"]
    assert found("half") == ["passed", "failed"], "without a baseline no mention may be wrong"
    assert found("half", "good") == ["passed", "failed"]
    assert found("bad", "half") == ["failed", "passed"], "Witkoff was wrong before"
    (check,) = judge(
        Gate(must_hold=["Kursk"]), [(names["half"], compare(names["good"], names["half"], significance=FAST))]
    ).checks
    assert check.sentence == "mine: Kursk must not regress: 1 of 1 mentions wrong (Corsak in a): failed"


def test_a_name_is_found_by_its_id_and_by_its_text_whatever_the_case(names):
    for name in ("witkoff", "WITKOFF", "Steve Witkoff", "steve WITKOFF"):
        (check,) = judge(Gate(must_hold=[name]), [(names["half"], None)]).checks
        assert check.sentence == (
            f"mine: {name} must be right: 1 of 1 mentions wrong (Steve Whitcom in a): failed"
        )
    assert verdicts(Gate(must_hold=["Witkof"]), (names["good"], None)) == ["failed"], "no part of a name"


def test_a_name_that_was_mended_holds_and_each_system_is_judged_by_itself(names, tmp_path):
    good, bad = names["good"], names["bad"]
    gate = Gate(must_hold=["Kursk"])
    assert verdicts(gate, (good, compare(bad, good, significance=FAST))) == ["passed"]
    old, new = (
        evaluated(tmp_path / name, [EntityAccuracy()], steady=GOOD, mine=lines)
        for name, lines in (("old", GOOD), ("new", BAD))
    )
    checks = judge(gate, [(new, compare(old, new, significance=FAST))]).checks
    assert [(check.system, check.verdict) for check in checks] == [("steady", "passed"), ("mine", "failed")]


def test_a_name_does_not_hold_where_the_runs_cannot_be_compared(names, tmp_path):
    other = evaluated(tmp_path / "other", [EntityAccuracy(types=["PER"])], mine=GOOD)
    comparison = compare(other, names["good"], significance=FAST)
    (check,) = judge(Gate(must_hold=["Kursk"]), [(names["good"], comparison)]).checks
    assert (check.verdict, check.status) == ("failed", "not comparable")
    assert "the signatures differ: types:PER → types:PER+LOC+ORG" in check.sentence
    assert verdicts(Gate(must_hold=["Kursk"], allow=["Kursk"]), (names["good"], comparison)) == ["allowed"]


def named(folder, reference, names, hypotheses):
    """A run of the system *mine*; a name is a text and the entity."""
    reader = in_folder(folder, entities=True)
    rows = [{"document": "a", "text": text, "type": "LOC", "entity": entity} for text, entity in names]
    files = {
        "ref.en": reference,
        "docs": ["a"] * len(reference),
        "mine.txt": hypotheses,
        "entities.jsonl": map(json.dumps, rows),
    }
    for path, lines in files.items():
        (folder / path).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    systems = {"mine": folder / "mine.txt"}
    return evaluate(reader, [EntityAccuracy()], systems=systems, significance=FAST).run


def test_a_name_holds_where_all_mentions_of_its_entity_do_whatever_they_are_called(tmp_path):
    """Kyiv is right, and the same city under its other name is missing."""
    names = [("Kyiv", "kyiv"), ("Kiev", "kyiv"), ("Lviv", "lviv")]
    reference = ["Then Kyiv slept.", "Then Kiev woke.", "Then Lviv slept."]
    run = named(tmp_path, reference, names, ["Then Kyiv slept.", "Then it woke.", "Then it slept."])
    for name in ("Kyiv", "Kiev", "kyiv"):
        (check,) = judge(Gate(must_hold=[name]), [(run, None)]).checks
        assert check.sentence == f"mine: {name} must be right: 1 of 2 mentions wrong (missing in a): failed"


def test_a_name_is_found_whatever_the_case_of_letters_that_have_no_capital(tmp_path):
    run = named(tmp_path, ["Then Weißensee slept."], [("Weißensee", "w")], ["Then Weißensee slept."])
    for name in ("Weißensee", "WEISSENSEE", "weißensee"):
        assert verdicts(Gate(must_hold=[name]), (run, None)) == ["passed"], name


def test_a_name_that_only_the_hypothesis_has_is_no_name_of_the_test_set(tmp_path):
    """It belongs to no entity, and so does not to one called None."""
    run = named(
        tmp_path, ["Then Kyiv met the envoy."], [("Kyiv", "kyiv")], ["Then Kyiv met the envoy Lavrov."]
    )
    assert [row.outcome for row in run.systems["mine"].audits["entity_accuracy"]] == ["exact", "spurious"]
    for name in ("None", "Lavrov"):
        (check,) = judge(Gate(must_hold=[name]), [(run, None)]).checks
        assert check.sentence == f"mine: {name} is missing (no mention of it was judged): failed"


def test_a_name_is_judged_by_the_metric_that_has_it(names):
    """Here the first metric with verdicts has judged Witkoff alone."""
    run = names["half"]
    info, result = run.metrics["entity_accuracy"], run.systems["mine"]
    rows = result.audits["entity_accuracy"]
    audits = {"persons": [row for row in rows if row.type == "PER"], "entity_accuracy": rows}
    both = replace(
        run,
        metrics={"persons": info, "entity_accuracy": info},
        systems={"mine": replace(result, audits=audits)},
    )
    assert verdicts(Gate(must_hold=["Kursk", "Kyiv"]), (both, None)) == ["failed", "passed"]


def test_only_what_broke_by_the_metric_and_in_the_system_that_are_judged_counts(names):
    comparison = compare(names["good"], names["half"], significance=FAST)
    for other in ({"metric": "another"}, {"system": "another"}):
        elsewhere = tuple(replace(change, **other) for change in comparison.entities)
        assert elsewhere
        pair = names["half"], replace(comparison, entities=elsewhere)
        assert verdicts(Gate(must_hold=["Kursk"]), pair) == ["passed"], other


def test_a_baseline_that_has_verdicts_for_another_system_does_not_pass_this_one(tmp_path):
    old, new = (
        evaluated(tmp_path / name, [EntityAccuracy()], first=GOOD, second=lines)
        for name, lines in (("old", GOOD), ("new", BAD))
    )
    silent = replace(old, systems={**old.systems, "second": replace(old.systems["second"], audits={})})
    checks = judge(Gate(must_hold=["Kursk"]), [(new, compare(silent, new, significance=FAST))]).checks
    assert [(check.system, check.verdict, check.status) for check in checks] == [
        ("first", "passed", ""),
        ("second", "failed", "missing"),
    ]
    assert "old has no verdicts on names" in checks[1].sentence


def test_a_type_is_judged_by_the_score_that_the_metric_shows(tmp_path):
    """One of one persons is misspelt: 0 by accuracy, and a half by the soft score."""
    lines = [GOOD[0], BAD[1], *GOOD[2:]]
    for score, expected in (("accuracy", 0), ("soft", 0.5)):
        run = evaluated(tmp_path / score, [EntityAccuracy(score=score)], mine=lines)
        rule = {"metric": "entity_accuracy", "type": "PER", "floor": 0.5}
        (check,) = judge(Gate(rules={"x": rule}), [(run, None)]).checks
        assert (check.candidate, check.verdict) == (expected, "passed" if expected else "failed")


def test_a_name_that_the_test_set_does_not_have_is_missing(names):
    assert verdicts(Gate(must_hold=["Moscow"]), (names["good"], None)) == ["failed"]
    assert verdicts(Gate(must_hold=["Moscow"], allow=["Moscow"]), (names["good"], None)) == ["allowed"]


def test_a_baseline_that_says_nothing_of_names_does_not_pass_them(names):
    silent = replace(names["good"], systems={"mine": replace(names["good"].systems["mine"], audits={})})
    comparison = compare(silent, names["bad"], significance=FAST)
    (check,) = judge(Gate(must_hold=["Kursk"]), [(names["bad"], comparison)]).checks
    assert (check.verdict, check.status) == ("failed", "missing")


def test_rules_by_entity_type_by_hand(names):
    def found(rule, baseline=None):
        comparison = None if baseline is None else compare(names[baseline], names["half"], significance=FAST)
        (check,) = judge(
            Gate(rules={"x": {"metric": "entity_accuracy", **rule}}), [(names["half"], comparison)]
        ).checks
        return check.verdict, check.candidate

    assert found({"type": "LOC", "floor": 0.5}) == ("passed", 0.5)
    assert found({"type": "PER", "floor": 0.5}) == ("failed", 0)
    assert found({"type": "LOC", "max_drop": 0.5}, "good") == ("passed", 0.5)
    assert found({"type": "LOC", "max_drop": 0.4}, "good") == ("failed", 0.5)
    assert found({"type": "ORG", "floor": 0.5}) == ("failed", None), "there is none"


def test_the_floor_of_coverage(names, world_news):
    from evalkit.data.articles import Articles

    assert verdicts(Gate(coverage=1.0), (names["good"], None)) == ["passed"]
    assert verdicts(Gate(coverage=0.76), (names["bad"], None)) == ["failed"], "one line of four is empty"
    assert verdicts(Gate(coverage=0.75), (names["bad"], None)) == ["passed"]
    run = evaluate(
        Articles(path=str(world_news)), [Bleu()], systems="pivot", significance=Bootstrap(resamples=0)
    ).run
    (check,) = judge(Gate(coverage=0.95), [(run, None)]).checks
    assert (check.verdict, check.candidate) == ("failed", run.systems["pivot"].coverage)


def test_the_coverage_of_aligned_output_is_that_of_its_alignment(names):
    """All but one of four hypotheses have text, but only half of the reference is aligned."""
    run = names["bad"]
    for coverage, expected, found in ((None, "passed", 0.75), (0.5, "failed", 0.5), (0.0, "failed", 0.0)):
        result = replace(run.systems["mine"], coverage=coverage)
        (check,) = judge(Gate(coverage=0.75), [(replace(run, systems={"mine": result}), None)]).checks
        assert (check.verdict, check.candidate) == (expected, found)


# settings

WRONG = [
    ({}, "gate: no rules; set at least one"),
    ({"rules": {"bleu": {"metric": "bleu"}}}, "gate: no rules"),
    (
        {"rules": {"bleu": {"max_dorp": 1}}},
        "gate.rules.bleu.max_dorp: unknown setting; Score has metric, system, type, floor, max_drop, alpha",
    ),
    (
        {"rules": {"bleu": 1}},
        "gate.rules.bleu: expected the settings of a rule, found 1",
    ),
    ({"rules": {"bleu": {"floor": "high"}}}, "gate.rules.bleu.floor: expected a number, found 'high'"),
    ({"rules": {"bleu": {"floor": True}}}, "gate.rules.bleu.floor: expected a number, found True"),
    ({"rules": {"bleu": {"metric": None, "floor": 1}}}, "gate.rules.bleu.metric: expected text, found None"),
    (
        {"rules": {"bleu": {"max_drop": -1}}},
        "gate.rules.bleu: max_drop: expected a finite number of 0 or more, found -1",
    ),
    (
        {"rules": {"bleu": {"alpha": 5}}},
        "gate.rules.bleu: alpha: expected a number between 0 and 1, found 5",
    ),
    (
        {"rules": {"bleu": {"alpha": 1}}},
        "gate.rules.bleu: alpha: expected a number between 0 and 1, found 1",
    ),
    (
        {"rules": {"bleu": {"alpha": 0}}},
        "gate.rules.bleu: alpha: expected a number between 0 and 1, found 0",
    ),
    ({"coverage": -0.1}, "gate.coverage: expected a share from 0 to 1, found -0.1"),
    ({"coverage": 95.0}, "gate.coverage: expected a share from 0 to 1, found 95"),
]


@pytest.mark.parametrize(("given", "message"), WRONG, ids=[message for _, message in WRONG])
def test_rules_that_cannot_be_used_are_refused(given, message):
    with pytest.raises(ConfigError) as error:
        Gate(**given)
    assert message in str(error.value)


def test_the_limits_of_what_is_allowed_are_allowed():
    assert Gate(coverage=0).coverage == 0
    assert Gate(coverage=1).coverage == 1
    assert Gate(rules={"bleu": {"max_drop": 0}}).active_rules["bleu"].needs_baseline
    assert not Gate(rules={"bleu": {"floor": 0}}).active_rules["bleu"].needs_baseline


def test_a_rule_on_a_difference_needs_a_baseline(pair):
    with pytest.raises(
        ConfigError, match="gate: no baseline, which these rules need: drop; set baseline=FOLDER"
    ):
        judge(
            Gate(rules={"drop": {"metric": "bleu", "max_drop": 1}, "x": {"metric": "bleu", "floor": 1}}),
            [(pair[0], None)],
        )


def test_rules_may_be_given_as_objects_and_taken_away_with_null(pair):
    gate = Gate(rules={"bleu": Score(metric="bleu", floor=1.0), "chrf": None})
    assert verdicts(gate, pair) == ["passed"]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize("key", ["floor", "max_drop", "alpha"])
def test_limits_are_numbers_that_can_be_missed(key, value):
    with pytest.raises(ConfigError, match=rf"gate.rules.bleu: {key}: expected .*, found {value}"):
        Gate(rules={"bleu": {key: value}})
