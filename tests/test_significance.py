"""Bootstrap intervals and paired tests, against sacrebleu's own, plain recomputation, and examples worked
by hand.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from miniature import REFERENCE, in_memory, output
from sacrebleu.metrics import BLEU, CHRF, TER
from sacrebleu.significance import PairedTest

from evalkit.data.outputs import read_outputs
from evalkit.data.wmt_xml import WmtXml
from evalkit.errors import ConfigError
from evalkit.metrics.lexical import Bleu, Chrf, Ter
from evalkit.metrics.scale import Scale
from evalkit.significance.paired_tests import bootstrap_p, compare_pair, detectable_difference, holm, interval
from evalkit.significance.pairwise import compare_systems
from evalkit.significance.resampling import bootstrap_sums, coin_sums
from evalkit.significance.units import Bootstrap, choose_units, resample

METRICS = {"BLEU": Bleu(), "chrF2": Chrf(), "TER": Ter()}


def mean(total):
    return np.divide(
        total[..., 0], total[..., 1], out=np.full(total.shape[:-1], np.nan), where=total[..., 1] > 0
    )


def column(values):
    return np.column_stack([values, np.ones(len(values))]).astype(np.float64)


def segments(count):
    return choose_units([None] * count, Bootstrap())


def samples(*values, units=None, **settings):
    """Samples of the mean of several systems."""
    return list(
        resample(
            {i: (mean, column(v)) for i, v in enumerate(values)},
            units or segments(len(values[0])),
            Bootstrap(**settings),
        ).values()
    )


def test_documents_are_resampled_where_there_are_enough():
    documents = [f"d{i // 2}" for i in range(20)]
    assert choose_units(documents, Bootstrap()).kind == "document"
    assert choose_units(documents, Bootstrap()).count == 10
    assert choose_units(documents, Bootstrap(min_documents=11)).kind == "segment"
    assert choose_units(["a", "a"], Bootstrap(min_documents=1)).kind == "document"
    assert choose_units([None] * 50, Bootstrap()).kind == "segment"
    assert choose_units([*documents, None], Bootstrap()).kind == "segment"


def test_a_metric_of_whole_documents_is_resampled_by_document_however_few_there_are():
    units = choose_units(["a", "a", "b"], Bootstrap(), "document")
    assert (units.kind, units.count) == ("document", 2)
    assert choose_units([None, None], Bootstrap(), "document").kind == "segment"


def test_totals_of_documents_are_sums_of_their_segments():
    units = choose_units(["b", "a", "b"], Bootstrap(min_documents=2))
    assert units.sum_by_unit(column([1, 2, 4])).tolist() == [[2, 1], [5, 2]], "in the order of their names"


def test_the_order_of_documents_changes_nothing():
    documents = [f"d{i // 3}" for i in range(60)]
    one, other = np.random.default_rng(1).normal(size=(2, 60))
    order = [
        i
        for document in np.random.default_rng(2).permutation(20)
        for i in range(3 * document, 3 * document + 3)
    ]
    found = []
    for indices in (range(60), order):
        units = choose_units([documents[i] for i in indices], Bootstrap())
        found.append(
            compare_pair(
                mean, *samples(one[list(indices)], other[list(indices)], units=units, trials=500), Bootstrap()
            )
        )
    assert found[0].p_value == found[1].p_value
    assert found[0].interval == pytest.approx(found[1].interval, abs=1e-12)


@pytest.mark.parametrize("units", [7, 400, 70_000])
def test_the_draws_are_those_of_sacrebleu_whatever_the_block(units):
    resamples = {7: 300, 400: 300, 70_000: 40}[units]
    values = np.arange(units, dtype=np.float64)[:, None]
    drawn = np.random.default_rng(3).choice(units, size=(resamples, units), replace=True)
    assert bootstrap_sums(values, resamples, 3)[:, 0].tolist() == drawn.sum(axis=1).tolist()
    heads = np.random.default_rng(3).integers(2, size=(resamples, units), dtype=bool)
    assert coin_sums(values, resamples, 3)[:, 0].tolist() == (heads @ values)[:, 0].tolist()


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others_and_0_is_a_seed():
    values = np.random.default_rng(1).normal(size=200)
    one, again, other = (samples(values, seed=seed)[0].scores.tolist() for seed in (0, 0, 1))
    assert one == again != other


@pytest.mark.parametrize("seed", [0, 7])
def test_the_seed_is_that_of_the_draws_and_of_the_coins(seed):
    """By numpy alone; 0 is a seed like any other."""
    values = np.arange(9.0)
    (found,) = samples(values, resamples=40, trials=64, seed=seed)
    drawn = np.random.default_rng(seed).choice(9, size=(40, 9), replace=True)
    assert found.scores.tolist() == (drawn.sum(axis=1) / 9).tolist()
    heads = np.random.default_rng(seed).integers(2, size=(64, 9), dtype=bool)
    assert found.heads.tolist() == (heads @ column(values)).tolist()


def test_statistics_that_have_the_same_sum_are_not_taken_for_the_same():
    one, other = samples(np.array([1.0, 2, 3, 4]), np.array([4.0, 3, 2, 1]))
    assert one.score == other.score == 2.5
    assert other.scores == pytest.approx(5 - one.scores), "each value is 5 less the other"


def test_all_statistics_see_the_same_draws():
    values = np.random.default_rng(1).normal(size=50)
    one, other = samples(values, values + 1)
    assert other.scores == pytest.approx(one.scores + 1)
    (alone,) = samples(values)
    assert alone.scores.tolist() == one.scores.tolist()


def test_the_interval_of_a_mean_is_that_of_the_normal_approximation():
    values = np.random.default_rng(1).normal(loc=5, size=2000)
    low, high = interval(samples(values, resamples=4000)[0].scores, 0.95)
    error = values.std() / np.sqrt(2000)
    assert (low, high) == pytest.approx(
        (values.mean() - 1.96 * error, values.mean() + 1.96 * error), abs=0.1 * error
    )


def test_resamples_without_anything_to_score_do_not_count():
    assert interval(np.array([0.5, np.nan]), 0.95) == (0.5, 0.5)
    assert interval(np.array([np.nan]), 0.95) is None
    assert interval(np.array([]), 0.95) is None
    assert bootstrap_p(0.0, np.array([0.0, np.nan]), Bootstrap()) == 1
    assert bootstrap_p(0.0, np.array([np.nan]), Bootstrap()) is None
    assert detectable_difference(np.array([0.5, np.nan]), Bootstrap()) is None


def test_a_metric_that_seldom_has_something_to_score_is_tested_on_what_there_is():
    """One segment of six has names: a third of the resamples has none."""
    values = [np.array([[0.0, 0.0]] * 5 + [[right, 1.0]]) for right in (0.0, 1.0)]
    one, other = resample({i: (mean, v) for i, v in enumerate(values)}, segments(6), Bootstrap()).values()
    assert np.isnan(one.scores).mean() == pytest.approx((5 / 6) ** 6, abs=0.05)
    found = compare_pair(mean, one, other, Bootstrap())
    assert (found.delta, found.interval) == (1.0, (1.0, 1.0))
    assert found.p_randomisation == 1, "every exchange of the one segment gives a difference of 1"


def test_p_by_randomisation_is_the_share_of_all_exchanges_by_hand():
    """Six segments: the 64 exchanges can be counted."""
    one, other = np.array([1, 2, 3, 4, 5, 6.0]), np.array([2, 4, 3, 6, 6, 5.5])
    differences = other - one
    exchanges = [abs(np.mean(differences * signs)) for signs in product((1, -1), repeat=6)]
    exact = np.mean([size >= abs(differences.mean()) - 1e-12 for size in exchanges])
    assert compare_pair(
        mean, *samples(one, other, trials=20_000), Bootstrap()
    ).p_randomisation == pytest.approx(exact, abs=0.01)


def test_exchanges_without_a_score_do_not_count():
    """Each system has something to score in one of two segments.

    If only one segment is exchanged, one of the systems has nothing left; the other two exchanges give the observed
    difference.
    """
    values = [np.array(rows, dtype=float) for rows in ([[1, 1], [0, 0]], [[0, 0], [0, 1]])]
    one, other = resample({i: (mean, v) for i, v in enumerate(values)}, segments(2), Bootstrap()).values()
    found = compare_pair(mean, one, other, Bootstrap())
    assert (found.delta, found.p_randomisation) == (-1, 1)


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=20))
def test_equal_outputs_have_p_1(values):
    found = compare_pair(
        mean, *samples(np.array(values), np.array(values), resamples=50, trials=50), Bootstrap()
    )
    assert (found.delta, found.p_bootstrap, found.p_randomisation, found.detectable) == (0, 1, 1, 0)


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=2, max_size=20))
def test_swapping_the_systems_negates_the_difference_and_keeps_p(rows):
    one, other = samples(*np.array(rows).T, resamples=50, trials=50)
    there, back = compare_pair(mean, one, other, Bootstrap()), compare_pair(mean, other, one, Bootstrap())
    assert (there.delta, there.p_bootstrap, there.p_randomisation) == (
        -back.delta,
        back.p_bootstrap,
        back.p_randomisation,
    )
    assert there.interval == pytest.approx((-back.interval[1], -back.interval[0]))


@pytest.fixture(scope="module")
def wmt(shared):
    """WMT22 ru-en: texts by system, references, documents, statistics by system and metric."""
    reader = WmtXml(path=str(shared / "wmt22" / "wmttest2022.ru-en.all.xml"))
    test_set = reader.read()
    outputs = {
        found.system: found for found in read_outputs(reader, test_set, ["HuaweiTSC", "JDExploreAcademy"])
    }
    statistics = {
        (system, name): metric.statistics(test_set, o).values
        for system, o in outputs.items()
        for name, metric in METRICS.items()
    }
    return test_set, {system: found.hypotheses for system, found in outputs.items()}, statistics


@pytest.mark.slow(reason="computes TER on a test set of WMT22")
@pytest.mark.parametrize(("test", "ties"), [("bs", True), ("bs", False), ("ar", True), ("ar", False)])
def test_p_values_on_wmt22_are_those_of_sacrebleu(wmt, monkeypatch, test, ties):
    """All of them; but where ties count, exchanges that give the same TER, which is a ratio of whole
    numbers, add to its p.
    """
    test_set, texts, statistics = wmt
    references = [[segment.references[0] for segment in test_set.segments]]
    theirs = {
        "BLEU": BLEU(references=references),
        "chrF2": CHRF(references=references),
        "TER": TER(references=references),
    }
    for (
        name,
        metric,
    ) in (
        theirs.items()
    ):  # the same statistics: tests/metrics/test_lexical.py holds them equal, and TER takes long
        metric.num_refs = 1
        by_text = {id(hypotheses): statistics[system, name].tolist() for system, hypotheses in texts.items()}
        monkeypatch.setattr(
            metric,
            "_extract_corpus_statistics",
            lambda hypotheses, _, by_text=by_text: by_text[id(hypotheses)],
        )
    monkeypatch.delenv("SACREBLEU_SEED", raising=False)
    bootstrap = Bootstrap(resamples=1000, trials=1000, count_ties=ties)
    of = {key: (METRICS[key[1]].aggregate, values) for key, values in statistics.items()}
    found = resample(of, segments(len(test_set.segments)), bootstrap)
    first, *others = texts
    _, results = PairedTest(list(texts.items()), theirs, None, test, 1000)()
    for name, metric in METRICS.items():
        for index, system in enumerate(others, 1):
            ours = compare_pair(metric.aggregate, found[first, name], found[system, name], bootstrap)
            p, expected = (
                ours.p_bootstrap if test == "bs" else ours.p_randomisation,
                results[name][index].p_value,
            )
            if (name, test, ties) == ("TER", "ar", True):
                assert expected < p < expected + 0.04
            else:
                assert p == expected


def test_sacrebleu_gives_identical_outputs_a_p_near_0_and_we_give_1(monkeypatch):
    """The documented difference."""
    monkeypatch.delenv("SACREBLEU_SEED", raising=False)
    systems = [("one", REFERENCE), ("other", REFERENCE)]
    _, results = PairedTest(systems, {"BLEU": BLEU(references=[REFERENCE])}, None, "bs", 100)()
    assert results["BLEU"][1].p_value == 1 / 101
    metric = Bleu()
    values = metric.statistics(in_memory([REFERENCE]), output(REFERENCE)).values
    one, other = resample(
        {0: (metric.aggregate, values), 1: (metric.aggregate, values.copy())},
        segments(4),
        Bootstrap(trials=100),
    ).values()
    for ties in (True, False):
        found = compare_pair(metric.aggregate, one, other, Bootstrap(count_ties=ties))
        assert (found.p_bootstrap, found.p_randomisation) == (1, 1)


def test_outputs_that_differ_in_one_segment_do_not_differ_significantly():
    """Every exchange gives the observed difference; counting only greater ones, p would be 1/(n+1)."""
    one, other = np.ones(300), np.ones(300)
    other[7] = 0
    assert compare_pair(mean, *samples(one, other), Bootstrap()).p_randomisation == 1
    assert compare_pair(mean, *samples(one, other), Bootstrap(count_ties=False)).p_randomisation == 1 / 10001


def test_without_a_difference_randomisation_finds_one_at_about_alpha_and_the_bootstrap_twice_as_often():
    """Why the p of randomisation decides: 400 pairs of systems that differ by nothing but chance."""
    rng, bootstrap = np.random.default_rng(11), Bootstrap(resamples=400, trials=400)
    base = rng.normal(size=60)
    noise = {i: (mean, column(base + rng.normal(size=60))) for i in range(800)}
    found = resample(noise, segments(60), bootstrap)
    tests = [compare_pair(mean, found[2 * i], found[2 * i + 1], bootstrap) for i in range(400)]
    randomisation, by_bootstrap = (
        np.mean([getattr(t, key) < 0.05 for t in tests]) for key in ("p_randomisation", "p_bootstrap")
    )
    assert 0.02 <= randomisation <= 0.085, "three standard errors"
    assert by_bootstrap > 0.085


def test_holm_by_hand():
    """Sorted .01 .02 .03 .04 times 4 3 2 1 is .04 .06 .06 .04; each at least as great as the one before."""
    assert holm([0.04, 0.01, 0.03, None, 0.02]) == pytest.approx([0.06, 0.04, 0.06, None, 0.06])
    assert holm([0.9, 0.8]) == [1, 1]
    assert holm([]) == []


def test_holm_rejects_what_the_step_down_procedure_rejects():
    rng = np.random.default_rng(4)
    p_values = rng.random(9).tolist()
    rejected = {i for i, p in enumerate(holm(p_values)) if p < 0.4}
    order, expected = sorted(range(9), key=lambda i: p_values[i]), set()
    for rank, i in enumerate(order):  # the step-down procedure as the paper has it
        if p_values[i] >= 0.4 / (9 - rank):
            break
        expected.add(i)
    assert rejected == expected


def test_the_detectable_difference_is_2_8_standard_errors():
    rng = np.random.default_rng(2)
    one, other = rng.normal(size=(2, 1000))
    found = compare_pair(mean, *samples(one, other, resamples=4000), Bootstrap())
    assert found.detectable == pytest.approx((1.96 + 0.8416) * (other - one).std() / np.sqrt(1000), rel=0.05)


def test_the_detectable_difference_by_hand():
    """0 and 1 have the standard deviation sqrt(1/2); z(0.975) is 1.959964, z(0.9) is 1.281552."""
    found = detectable_difference(np.array([0.0, 1.0]), Bootstrap(alpha=0.05, power=0.9))
    assert found == pytest.approx((1.959964 + 1.281552) * np.sqrt(0.5), abs=1e-5)


def test_a_difference_of_that_size_is_found_four_times_in_five():
    rng, bootstrap = np.random.default_rng(6), Bootstrap(resamples=200, trials=400)
    shift = (1.96 + 0.8416) * np.sqrt(2) / np.sqrt(80)
    values = {i: (mean, column(rng.normal(loc=(i % 2) * shift, size=80))) for i in range(600)}
    found = resample(values, segments(80), bootstrap)
    power = np.mean(
        [compare_pair(mean, found[2 * i], found[2 * i + 1], bootstrap).p_value < 0.05 for i in range(300)]
    )
    assert power == pytest.approx(0.8, abs=0.07)


def of_systems(values, *, higher_is_better=True, **settings):
    bootstrap = Bootstrap(**settings)
    units = segments(len(next(iter(values.values()))))
    found = resample({name: (mean, column(v)) for name, v in values.items()}, units, bootstrap)
    return compare_systems(mean, found, units, bootstrap, Scale(higher_is_better))


def test_leaders_are_the_best_system_and_those_that_cannot_be_told_from_it():
    rng = np.random.default_rng(8)
    base = rng.normal(size=300)
    systems = {
        "best": base + 1,
        "as good": base + 1 + rng.normal(size=300) * 0.1,
        "worse": base,
        "identical": base + 1,
    }
    tests = of_systems(systems, trials=500)
    assert set(tests.leaders) == {"best", "as good", "identical"}
    assert len(tests.pairs) == 6
    assert [
        pair.p_adjusted for pair in tests.pairs if {pair.baseline, pair.candidate} == {"best", "identical"}
    ] == [1]
    assert of_systems({"best": base + 1, "worse": base}, trials=500).leaders == ("best",)


def test_where_less_is_better_the_leaders_have_the_lowest_scores():
    rng = np.random.default_rng(8)
    base = rng.normal(size=300)
    systems = {
        "worst": base + 2,
        "best": base,
        "as good": base + rng.normal(size=300) * 0.1,
        "middle": base + 1,
    }
    assert of_systems(systems, trials=500, higher_is_better=False).leaders == ("best", "as good")
    untested = {"a": base + 1, "b": base, "c": base}
    assert of_systems(untested, resamples=0, trials=0, higher_is_better=False).leaders == ("b", "c")


def test_a_p_that_equals_alpha_is_not_significant():
    """300 segments that all differ alike: no trial but the observed exchange reaches the difference."""
    base = np.random.default_rng(8).normal(size=300)
    systems = {"best": base + 1, "worse": base}
    (pair,) = of_systems(systems, trials=199).pairs
    assert pair.p_adjusted == 1 / 200
    assert of_systems(systems, trials=199, alpha=1 / 200).leaders == ("best", "worse")
    assert of_systems(systems, trials=199, alpha=1 / 199).leaders == ("best",)


def test_leaders_follow_the_p_after_holm_s_correction():
    """Six segments that all differ alike: 2 of the 64 exchanges reach the difference, and 3 × 2/64 is over
    0.05.
    """
    base = np.arange(6.0)
    settings = {"trials": 20_000, "resamples": 0}
    assert of_systems({"best": base + 1, "a": base}, **settings).leaders == ("best",)
    tests = of_systems({"best": base + 1, "a": base, "b": base}, **settings)
    assert tests.pairs[0].p_value == pytest.approx(2 / 64, abs=0.005)
    assert tests.pairs[0].p_adjusted == pytest.approx(6 / 64, abs=0.015)
    assert tests.leaders == ("best", "a", "b")


def test_a_system_without_a_score_takes_no_part():
    bootstrap, units = Bootstrap(trials=50), segments(20)
    values = {"a": column(np.arange(20.0)), "nothing": np.zeros((20, 2)), "b": column(np.arange(20.0) + 1)}
    found = resample({name: (mean, of) for name, of in values.items()}, units, bootstrap)
    tests = compare_systems(mean, found, units, bootstrap, Scale())
    assert [(pair.baseline, pair.candidate) for pair in tests.pairs] == [("a", "b")]
    assert set(tests.leaders) <= {"a", "b"}


def test_the_detectable_difference_of_several_systems_is_the_median_over_their_pairs():
    rng = np.random.default_rng(8)
    base = rng.normal(size=200)
    tests = of_systems({"a": base, "b": base + rng.normal(size=200), "c": base + 3 * rng.normal(size=200)})
    least, middle, most = sorted(pair.detectable for pair in tests.pairs)
    assert least < middle < most
    assert tests.detectable == middle


def test_with_one_system_the_detectable_difference_is_that_to_an_independent_one():
    values = np.random.default_rng(8).normal(size=400)
    tests = of_systems({"one": values})
    assert (tests.pairs, tests.leaders, tests.detectable_paired) == ((), ("one",), False)
    assert tests.detectable == pytest.approx((1.96 + 0.8416) * np.sqrt(2) * values.std() / 20, rel=0.1)
    assert of_systems({"one": values}, resamples=0).detectable is None


def test_systems_that_do_not_differ_say_nothing_of_what_can_be_detected():
    rng = np.random.default_rng(8)
    one, other = rng.normal(size=(2, 200))
    tests = of_systems({"a": one, "b": one.copy(), "c": other})
    of_pairs = {(pair.baseline, pair.candidate): pair.detectable for pair in tests.pairs}
    assert of_pairs["a", "b"] == 0 < of_pairs["a", "c"] == of_pairs["b", "c"]
    assert (tests.detectable, tests.detectable_paired) == (of_pairs["a", "c"], True)


def test_where_no_systems_differ_the_detectable_difference_is_that_to_an_independent_one():
    values = np.random.default_rng(8).normal(size=200)
    tests, alone = of_systems({"a": values, "b": values.copy()}), of_systems({"a": values})
    assert tests.detectable == alone.detectable > 0
    assert not tests.detectable_paired


def test_where_all_resamples_are_alike_no_difference_is_called_detectable():
    """As of a single document."""
    assert of_systems({"one": np.array([5.0])}).detectable is None
    assert of_systems({"one": np.full(20, 5.0), "other": np.full(20, 5.0)}).detectable is None


def test_without_tests_scores_that_differ_by_rounding_share_the_lead():
    """0.1 + 0.2 is 0.30000000000000004."""
    systems = {"a": np.array([0.3]), "b": np.array([0.1 + 0.2]), "c": np.array([0.2999])}
    assert of_systems(systems, resamples=0, trials=0).leaders == ("a", "b")


def test_without_tests_only_equal_scores_share_the_lead():
    values = np.arange(20.0)
    assert of_systems({"a": values, "b": values + 1, "c": values + 1}, resamples=0, trials=0).leaders == (
        "b",
        "c",
    )


@pytest.mark.parametrize(
    "settings",
    [
        {"resamples": -1},
        {"trials": -1},
        {"level": 1.0},
        {"level": 0},
        {"alpha": 0},
        {"power": 1},
        {"min_documents": 0},
        {"seed": -1},
    ],
)
def test_settings_that_cannot_be_used_are_refused(settings):
    (key,) = settings
    with pytest.raises(ConfigError, match=rf"^significance\.{key}: expected .*, found {settings[key]}$"):
        Bootstrap(**settings)


def test_the_reference_has_no_spread():
    metric, test_set = Bleu(), in_memory([REFERENCE])
    values = metric.statistics(test_set, output(REFERENCE)).values
    (found,) = resample({0: (metric.aggregate, values)}, segments(4), Bootstrap(resamples=100)).values()
    assert interval(found.scores, 0.95) == pytest.approx((100, 100))


def test_the_example_of_the_documentation():
    """docs/statistics.md, "Worked example"."""
    names = [np.column_stack([right, np.full(4, 5.0)]) for right in ([5, 4, 5, 3], [4, 3, 5, 2])]
    bootstrap = Bootstrap(resamples=4000, trials=20_000)
    one, other = resample(
        {i: (mean, np.array(v, dtype=np.float64)) for i, v in enumerate(names)}, segments(4), bootstrap
    ).values()
    found = compare_pair(mean, one, other, bootstrap)
    assert (one.score, other.score, found.delta) == pytest.approx((0.85, 0.70, -0.15))
    assert found.p_randomisation == pytest.approx(4 / 16, abs=0.01)
    assert found.interval == pytest.approx((-0.20, -0.05))
    assert found.p_bootstrap == 1 / 4001
    assert found.detectable == pytest.approx(0.121, abs=0.004)
    assert holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])
