"""Significance beside sacrebleu's own, on the same statistics, in one run; and what it needs of memory.

    OMP_NUM_THREADS=1 python benchmarks/significance.py --wmt FOLDER/wmttest2022.ru-en.all.xml [--rounds 5]

Paired: BLEU, chrF and TER of all systems, the first of them as the baseline, 1,000 resamples over segments. Both sides get
the statistics, so that neither scores a text; the ratio is of CPU times, round by round. All p-values are held against each
other. All pairs: every pair of systems, from statistics in memory. Memory: 100,000 segments, each a copy of one of the test
set, two systems, BLEU, chrF and TER, 1,000 resamples and 10,000 trials, in a process of its own.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from sacrebleu.metrics import BLEU, CHRF, TER
from sacrebleu.significance import PairedTest

from evalkit.data.outputs import read_outputs
from evalkit.data.wmt_xml import WmtXml
from evalkit.metrics.base import Metric
from evalkit.metrics.lexical import Bleu, Chrf, Ter
from evalkit.significance.paired_tests import Paired, compare_pair
from evalkit.significance.pairwise import compare_systems
from evalkit.significance.units import Bootstrap, choose_units, resample

METRICS: Mapping[str, Metric] = {"BLEU": Bleu(), "chrF2": Chrf(), "TER": Ter()}
Statistics = Mapping[tuple[str, str], np.ndarray]
"""[segments, k] by system and metric."""


class Named(list):
    """Stands for the hypotheses of a system, whose statistics are known."""

    def __init__(self, name: str, length: int) -> None:
        super().__init__([None] * length)
        self.name = name


def cpu(work: Callable[[], Any]) -> tuple[Any, float]:
    started = time.process_time()
    found = work()
    return found, time.process_time() - started


def theirs(found: Statistics, systems: Sequence[str], test: str, count: int) -> dict[str, list[float]]:
    """sacrebleu's p-values by metric, from the statistics given."""
    metrics = {"BLEU": BLEU(), "chrF2": CHRF(), "TER": TER()}
    lists = {key: values.tolist() for key, values in found.items()}
    for name, metric in metrics.items():
        metric.num_refs = 1
        metric._extract_corpus_statistics = lambda hypotheses, _, name=name: lists[hypotheses.name, name]
    named = [(system, Named(system, len(lists[system, "BLEU"]))) for system in systems]
    _, results = PairedTest(named, metrics, None, test, count)()
    return {name: [result.p_value for result in results[name][1:]] for name in metrics}


def ours(found: Statistics, systems: Sequence[str], bootstrap: Bootstrap) -> dict[str, list[Paired]]:
    """Tests of every system against the first, by metric."""
    units = choose_units([None] * len(next(iter(found.values()))), bootstrap)
    samples = resample(
        {key: (METRICS[key[1]].aggregate, values) for key, values in found.items()}, units, bootstrap
    )
    return {
        name: [
            compare_pair(metric.aggregate, samples[systems[0], name], samples[other, name], bootstrap)
            for other in systems[1:]
        ]
        for name, metric in METRICS.items()
    }


def all_pairs(found: Statistics, systems: Sequence[str], bootstrap: Bootstrap) -> int:
    """Every system against every other; returns how many tests that was."""
    units = choose_units([None] * len(next(iter(found.values()))), bootstrap)
    samples = resample(
        {key: (METRICS[key[1]].aggregate, values) for key, values in found.items()}, units, bootstrap
    )
    tests = 0
    for name, metric in METRICS.items():
        own = {system: samples[system, name] for system in systems}
        tests += len(
            compare_systems(
                metric.aggregate, own, units, bootstrap, higher_is_better=metric.higher_is_better
            ).pairs
        )
    return tests


def side_by_side(found: Statistics, systems: Sequence[str], test: str, count: int, rounds: int) -> None:
    """Print CPU times of both, their ratio, and how many p-values are equal."""
    bootstrap = Bootstrap(
        resamples=count if test == "bs" else 0, trials=count if test == "ar" else 0, count_ties=False
    )
    ratios, times = [], []
    for _ in range(rounds):
        expected, slow = cpu(lambda: theirs(found, systems, test, count))
        tests, fast = cpu(lambda: ours(found, systems, bootstrap))
        ratios.append(slow / fast)
        times.append((slow, fast))
    equal = [
        p == (one.p_bootstrap if test == "bs" else one.p_randomisation)
        for name in METRICS
        for p, one in zip(expected[name], tests[name], strict=True)
    ]
    slow, fast = (statistics.median(column) for column in zip(*times, strict=True))
    print(
        f"{test} × {count}: sacrebleu {slow:.2f} s, evalkit {fast * 1000:.0f} ms CPU: {statistics.median(ratios):.0f} times less "
        f"[{min(ratios):.0f}–{max(ratios):.0f}], {sum(equal)} of {len(equal)} p-values equal"
    )


def large(found: Statistics, systems: Sequence[str], segments: int) -> None:
    """Print the memory of a process that tests two systems on many segments."""
    copies = np.arange(segments) % len(next(iter(found.values())))
    few = {(system, name): found[system, name][copies] for system in systems for name in METRICS}
    _, seconds = cpu(lambda: ours(few, systems, Bootstrap()))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{segments} segments × 2 systems × 3 metrics, 1000 resamples and 10000 trials: {seconds:.1f} s CPU, {peak:.0f} MiB at most in all"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--wmt", required=True, help="a WMT XML file")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--slow",
        action="store_true",
        help="approximate randomisation beside sacrebleu's as well: about half a minute a round",
    )
    arguments = parser.parse_args()
    reader = WmtXml(path=arguments.wmt)
    test_set = reader.read()
    outputs = read_outputs(reader, test_set, None)
    systems = [output.system for output in outputs]
    found = {
        (output.system, name): metric.statistics(test_set, output).values
        for output in outputs
        for name, metric in METRICS.items()
    }
    print(f"{len(systems)} systems × {len(test_set.segments)} segments × {', '.join(METRICS)}; one core")
    side_by_side(found, systems, "bs", 1000, arguments.rounds)
    if arguments.slow:
        side_by_side(found, systems, "ar", 10000, 1)
    for bootstrap in (Bootstrap(trials=0), Bootstrap()):
        times = [
            cpu(lambda bootstrap=bootstrap: all_pairs(found, systems, bootstrap))
            for _ in range(arguments.rounds)
        ]
        seconds = statistics.median(seconds for _, seconds in times)
        print(
            f"all pairs, {bootstrap.resamples} resamples, {bootstrap.trials} trials: {times[0][0]} tests in {seconds:.3f} s CPU"
        )
    process = multiprocessing.get_context("spawn").Process(target=large, args=(found, systems[:2], 100_000))
    process.start()
    process.join()


if __name__ == "__main__":
    main()
