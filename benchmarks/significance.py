"""Significance tests of evalkit and of sacrebleu on the same statistics, in one run; and the memory they
need.

    OMP_NUM_THREADS=1 python benchmarks/significance.py --wmt FOLDER/wmttest2022.ru-en.all.xml [--rounds 5]

Paired: BLEU, chrF and TER of all systems, with the first as baseline, 1,000 resamples over segments. Both
sides get the statistics, so neither scores a text. The ratio is of CPU times, by round. All p-values are
compared. All pairs: every pair of systems, from statistics in memory. Memory: 100,000 segments, copied from
those of the test set, two systems, BLEU, chrF and TER, 1,000 resamples and 10,000 trials, in a separate
process.
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


class Placeholder(list):
    """Replaces the hypotheses of a system whose statistics are known."""

    def __init__(self, system: str, length: int) -> None:
        super().__init__([None] * length)
        self.system = system


def measure_cpu(work: Callable[[], Any]) -> tuple[Any, float]:
    """Do some work: its result, and the CPU seconds it took."""
    started = time.process_time()
    result = work()
    return result, time.process_time() - started


def test_with_sacrebleu(
    values: Statistics, systems: Sequence[str], test: str, count: int
) -> dict[str, list[float]]:
    """Test every system against the first with sacrebleu: p-values by metric."""
    metrics = {"BLEU": BLEU(), "chrF2": CHRF(), "TER": TER()}
    lists = {key: array.tolist() for key, array in values.items()}
    for name, metric in metrics.items():
        metric.num_refs = 1
        metric._extract_corpus_statistics = lambda hypotheses, _, name=name: lists[hypotheses.system, name]
    placeholders = [(system, Placeholder(system, len(lists[system, "BLEU"]))) for system in systems]
    _, results = PairedTest(placeholders, metrics, None, test, count)()
    return {name: [result.p_value for result in results[name][1:]] for name in metrics}


def draw(values: Statistics, bootstrap: Bootstrap) -> Any:
    """Resample all systems and metrics: units, and samples by system and metric."""
    units = choose_units([None] * len(next(iter(values.values()))), bootstrap)
    aggregates = {key: (METRICS[key[1]].aggregate, array) for key, array in values.items()}
    return units, resample(aggregates, units, bootstrap)


def test_with_evalkit(
    values: Statistics, systems: Sequence[str], bootstrap: Bootstrap
) -> dict[str, list[Paired]]:
    """Test every system against the first with evalkit, by metric."""
    _, samples = draw(values, bootstrap)
    return {
        name: [
            compare_pair(metric.aggregate, samples[systems[0], name], samples[other, name], bootstrap)
            for other in systems[1:]
        ]
        for name, metric in METRICS.items()
    }


def test_all_pairs(values: Statistics, systems: Sequence[str], bootstrap: Bootstrap) -> int:
    """Test every system against every other; returns the number of tests."""
    units, samples = draw(values, bootstrap)
    tests = 0
    for name, metric in METRICS.items():
        of_metric = {system: samples[system, name] for system in systems}
        compared = compare_systems(
            metric.aggregate, of_metric, units, bootstrap, higher_is_better=metric.higher_is_better
        )
        tests += len(compared.pairs)
    return tests


def compare(values: Statistics, systems: Sequence[str], test: str, count: int, rounds: int) -> None:
    """Print the CPU times of both, their ratio, and how many p-values are equal."""
    uses_bootstrap = test == "bs"
    bootstrap = Bootstrap(
        resamples=count if uses_bootstrap else 0, trials=0 if uses_bootstrap else count, count_ties=False
    )
    ratios, times = [], []
    for _ in range(rounds):
        expected, slow = measure_cpu(lambda: test_with_sacrebleu(values, systems, test, count))
        tests, fast = measure_cpu(lambda: test_with_evalkit(values, systems, bootstrap))
        ratios.append(slow / fast)
        times.append((slow, fast))
    equal = [
        p == (result.p_bootstrap if uses_bootstrap else result.p_randomisation)
        for name in METRICS
        for p, result in zip(expected[name], tests[name], strict=True)
    ]
    slow, fast = (statistics.median(column) for column in zip(*times, strict=True))
    ratio = f"{statistics.median(ratios):.0f} times less [{min(ratios):.0f}–{max(ratios):.0f}]"
    print(
        f"{test} × {count}: sacrebleu {slow:.2f} s, evalkit {fast * 1000:.0f} ms CPU: {ratio}, "
        f"{sum(equal)} of {len(equal)} p-values equal"
    )


def measure_pairs(values: Statistics, systems: Sequence[str], bootstrap: Bootstrap, rounds: int) -> None:
    """Print the CPU time of all pairs."""
    times = [measure_cpu(lambda: test_all_pairs(values, systems, bootstrap)) for _ in range(rounds)]
    seconds = statistics.median(seconds for _, seconds in times)
    counts = f"{bootstrap.resamples} resamples, {bootstrap.trials} trials"
    print(f"all pairs, {counts}: {times[0][0]} tests in {seconds:.3f} s CPU")


def measure_memory(values: Statistics, systems: Sequence[str], segments: int) -> None:
    """Print the memory of a process that tests two systems on many segments."""
    copies = np.arange(segments) % len(next(iter(values.values())))
    many = {(system, name): values[system, name][copies] for system in systems for name in METRICS}
    _, seconds = measure_cpu(lambda: test_with_evalkit(many, systems, Bootstrap()))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{segments} segments × 2 systems × 3 metrics, 1000 resamples and 10000 trials: "
        f"{seconds:.1f} s CPU, peak memory of the process {peak:.0f} MiB"
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
        help="also compare approximate randomisation, which takes about half a minute per round",
    )
    options = parser.parse_args()
    reader = WmtXml(path=options.wmt)
    test_set = reader.read()
    outputs = read_outputs(reader, test_set, None)
    systems = [output.system for output in outputs]
    values = {
        (output.system, name): metric.statistics(test_set, output).values
        for output in outputs
        for name, metric in METRICS.items()
    }
    print(f"{len(systems)} systems × {len(test_set.segments)} segments × {', '.join(METRICS)}; one core")
    compare(values, systems, "bs", 1000, options.rounds)
    if options.slow:
        compare(values, systems, "ar", 10000, 1)
    for bootstrap in (Bootstrap(trials=0), Bootstrap()):
        measure_pairs(values, systems, bootstrap, options.rounds)
    process = multiprocessing.get_context("spawn").Process(
        target=measure_memory, args=(values, systems[:2], 100_000)
    )
    process.start()
    process.join()


if __name__ == "__main__":
    main()
