"""Bootstrap intervals and paired tests, against sacrebleu's own and against plain recomputation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from miniature import REFERENCE, in_memory, output
from sacrebleu.metrics import BLEU
from sacrebleu.significance import PairedTest

from evalkit.errors import ConfigError
from evalkit.metrics.lexical import Bleu
from evalkit.significance import Bootstrap, choose_units, interval, paired_p_value, resample


def mean(total):
    return total[..., 0] / total[..., 1]


def column(values):
    return np.column_stack([values, np.ones(len(values))]).astype(np.float64)


def segments(count):
    return choose_units([None] * count, Bootstrap())


def test_documents_are_resampled_where_there_are_enough():
    documents = [f"d{i // 2}" for i in range(20)]
    assert choose_units(documents, Bootstrap()).kind == "document"
    assert choose_units(documents, Bootstrap()).count == 10
    assert choose_units(documents, Bootstrap(min_documents=11)).kind == "segment"
    assert choose_units([None] * 50, Bootstrap()).kind == "segment"


def test_totals_of_documents_are_sums_of_their_segments():
    units = choose_units(["b", "a", "b"], Bootstrap(min_documents=2))
    assert units.totals(column([1, 2, 4])).tolist() == [[5, 2], [2, 1]]


def test_the_resampled_scores_are_those_of_drawing_segments_one_by_one():
    values, bootstrap = column(np.arange(7.0)), Bootstrap(resamples=150, seed=3)
    generator = np.random.default_rng(3)
    expected = []
    for start in range(0, 150, 64):
        draws = generator.integers(0, 7, (min(64, 150 - start), 7))
        expected += [values[drawn, 0].mean() for drawn in draws]
    assert resample(mean, values, segments(7), bootstrap) == pytest.approx(expected)


def test_the_same_seed_gives_the_same_interval_and_another_seed_another():
    values = column(np.random.default_rng(1).normal(size=200))
    one, again, other = (resample(mean, values, segments(200), Bootstrap(seed=seed)) for seed in (0, 0, 1))
    assert one.tolist() == again.tolist() != other.tolist()


def test_the_interval_of_a_mean_is_that_of_the_normal_approximation():
    values = column(np.random.default_rng(1).normal(loc=5, size=2000))
    low, high = interval(resample(mean, values, segments(2000), Bootstrap(resamples=4000)), 0.95)
    error = values[:, 0].std() / np.sqrt(2000)
    assert (low, high) == pytest.approx((values[:, 0].mean() - 1.96 * error, values[:, 0].mean() + 1.96 * error), abs=0.1 * error)


def test_resamples_without_anything_to_score_do_not_count():
    assert interval(np.array([0.5, np.nan]), 0.95) == (0.5, 0.5)
    assert interval(np.array([np.nan]), 0.95) is None
    assert interval(np.array([]), 0.95) is None
    assert paired_p_value(0.0, np.array([0.5, np.nan]), np.array([0.5, np.nan])) == 1
    assert paired_p_value(0.0, np.array([np.nan]), np.array([np.nan])) is None


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=20))
def test_equal_outputs_have_p_1(values):
    scores = resample(mean, column(values), segments(len(values)), Bootstrap(resamples=50))
    assert paired_p_value(0.0, scores, scores) == 1


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=2, max_size=20))
def test_swapping_the_systems_keeps_p(rows):
    a, b = (resample(mean, column([row[i] for row in rows]), segments(len(rows)), Bootstrap(resamples=50)) for i in (0, 1))
    delta = np.mean([row[1] - row[0] for row in rows])
    assert paired_p_value(delta, a, b) == paired_p_value(-delta, b, a)


def test_p_values_are_about_those_of_sacrebleu():
    rng = np.random.default_rng(5)
    reference = [" ".join(rng.choice(list("abcdefgh"), 12)) for _ in range(80)]

    def system(noise):
        return [" ".join(w if rng.random() > noise else "x" for w in line.split()) for line in reference]

    a, b = system(0.30), system(0.33)
    _, results = PairedTest([("a", a), ("b", b)], {"BLEU": BLEU(references=[reference])}, None, "bs", 5000)()
    metric, test_set = Bleu(tokenize="13a"), in_memory([reference])
    values = [metric.statistics(test_set, output(hypotheses)).values for hypotheses in (a, b)]
    scores = [resample(metric.aggregate, value, segments(80), Bootstrap(resamples=5000)) for value in values]
    headline = [float(metric.aggregate(value.sum(axis=0))) for value in values]
    assert paired_p_value(headline[1] - headline[0], *scores) == pytest.approx(results["BLEU"][1].p_value, abs=0.02)


@pytest.mark.parametrize("settings", [{"resamples": -1}, {"level": 1.0}, {"level": 0}, {"min_documents": 0}, {"seed": -1}])
def test_settings_that_cannot_be_used_are_refused(settings):
    with pytest.raises(ConfigError, match="significance: expected"):
        Bootstrap(**settings)


def test_seed_0_is_a_seed():
    values = column(np.arange(30.0))
    assert len({tuple(resample(mean, values, segments(30), Bootstrap(seed=0, resamples=20))) for _ in range(3)}) == 1


def test_the_reference_has_no_spread():
    metric, test_set = Bleu(), in_memory([REFERENCE])
    values = metric.statistics(test_set, output(REFERENCE)).values
    assert interval(resample(metric.aggregate, values, segments(4), Bootstrap(resamples=100)), 0.95) == pytest.approx((100, 100))
