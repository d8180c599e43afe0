"""CPU time of COMET: evalkit, ``comet-score`` and ``predict()`` on the same texts and checkpoint, in one run.

    python benchmarks/comet.py wmttest2022.ru-en.all.xml [--model FOLDER] [--segments 200]
        [--systems 10] [--rounds 3] [--alone]

Each row is a whole process including start-up, in CPU seconds (user and system, with children) and wall
seconds: the median over the rounds, in which all commands take turns. Ratios are of the medians. The last
lines show the largest difference between the scores of ``predict()`` and evalkit, and how much bf16 changes
them.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from tabulate import tabulate

from evalkit.data.wmt_xml import WmtXml
from evalkit.models import mini
from evalkit.runtime.cache import FILE

PREDICT = """
import json, sys
from comet import load_from_checkpoint
folder, *systems = sys.argv[1:]
model = load_from_checkpoint(folder + "/checkpoints/model.ckpt", local_files_only=True)
read = lambda name: open(name, encoding="utf-8").read().split("\\n")[:-1]
scores = []
for system in systems:
    rows = [dict(zip(("src", "mt", "ref"), row)) for row in zip(read("src"), read(system), read("ref"))]
    scores.append(model.predict(rows, batch_size=16, gpus=0, progress_bar=False).scores)
json.dump(scores, open("predict.json", "w"))
"""
EMPTY, ONE_LEFT, FULL = "empty cache", "all but one system in the cache", "all in the cache"


@dataclass(frozen=True)
class Time:
    """Seconds that a command took."""

    cpu: float
    wall: float


@dataclass(frozen=True)
class Model:
    """The checkpoint that is measured."""

    folder: str
    metric: str
    settings: tuple[str, ...]
    """Of evalkit."""


def choose_model(folder: str | None) -> Model:
    """Choose a folder of unbabel-comet, or evalkit-mini."""
    if folder is None:
        return Model(str(mini.unpack()), "comet_mini", ("metrics=[comet_mini]",))
    path = str(Path(folder).resolve())
    return Model(path, "comet", ("metrics=[comet]", f"metrics.comet.model={path}"))


def measure(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Time:
    """Run a command in a folder."""
    started = time.monotonic()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **environment}, stdout=log, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)[:200]}\n{(folder / 'log').read_text(encoding='utf-8')[-2000:]}")
    return Time(usage.ru_utime + usage.ru_stime, time.monotonic() - started)


def write_texts(path: str, folder: Path, segments: int, systems: int) -> list[str]:
    """Write source, reference and systems, one segment per line; returns the file names of the systems."""
    reader = WmtXml(path=path)
    test_set = reader.read()
    texts = {
        "src": [str(segment.source) for segment in test_set.segments],
        "ref": [segment.references[0] for segment in test_set.segments],
    }
    for index, name in enumerate(reader.bundled()[:systems]):
        texts[f"system.{index}"] = list(reader.read_bundled(name, test_set))
    for name, lines in texts.items():
        content = "".join(" ".join(line.split()) + "\n" for line in lines[:segments])
        (folder / name).write_text(content, encoding="utf-8")
    return [name for name in texts if name.startswith("system.")]


def evalkit(systems: Sequence[str], settings: Sequence[str], name: str) -> list[str]:
    return [
        *(sys.executable, "-m", "evalkit", "test_set=lines"),
        *("test_set.reference={A: ref}", "test_set.source=src", "test_set.target_language=en"),
        *(f"systems=[{','.join(systems)}]", "significance.resamples=0", f"name={name}", *settings),
    ]


def list_commands(model: Model, systems: Sequence[str], *, alone: bool) -> dict[str, list[str]]:
    bf16 = [*model.settings, f"metrics.{model.metric}.precision=bf16"]
    commands = {
        f"evalkit, {EMPTY}": evalkit(systems, model.settings, "all"),
        f"evalkit, {FULL}": evalkit(systems, model.settings, "again"),
        f"evalkit, {ONE_LEFT}": evalkit(systems, model.settings, "one"),
        f"evalkit, bf16, {EMPTY}": evalkit(systems, bf16, "bf16"),
        "evalkit, no COMET": evalkit(systems, ["metrics=[chrf]"], "none"),
    }
    if alone:
        return commands
    comet_score = [
        str(Path(sys.executable).with_name("comet-score")),
        "-s",
        "src",
        "-r",
        "ref",
        "-t",
        *systems,
    ]
    options = ["--model", f"{model.folder}/checkpoints/model.ckpt", "--gpus", "0", "--quiet"]
    predict = [sys.executable, "-c", PREDICT, model.folder, *systems]
    return {"comet-score": [*comet_score, *options], "predict()": predict, **commands}


def measure_all(
    commands: Mapping[str, Sequence[str]], first: Sequence[str], rounds: int, folder: Path
) -> dict[str, list[Time]]:
    """Measure all commands in turn; `first` fills the cache with all systems but one."""
    offline = {"HF_HUB_OFFLINE": "1", "EVALKIT_CACHE": str(folder / "cache")}
    times: dict[str, list[Time]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            if EMPTY in name or ONE_LEFT in name:
                (folder / "cache" / FILE).unlink(missing_ok=True)
            if ONE_LEFT in name:
                measure(first, folder, offline)
            times[name].append(measure(command, folder, offline))
    return times


def print_times(times: Mapping[str, Sequence[Time]]) -> None:
    unit = median(taken.cpu for taken in times[f"evalkit, {EMPTY}"])
    rows = []
    for name, measured in times.items():
        cpu, wall = median(taken.cpu for taken in measured), median(taken.wall for taken in measured)
        rows.append([name, f"{cpu:.1f}", f"{wall:.1f}", f"{cpu / unit:.2f}"])
    print(tabulate(rows, ["", "CPU s", "wall s", "CPU, evalkit = 1"], tablefmt="github"))


def read_scores(folder: Path, run: str, metric: str) -> np.ndarray:
    """[systems * segments] scores of a run."""
    content = (folder / "outputs" / run / "segments.jsonl").read_text(encoding="utf-8")
    return np.array([json.loads(line)["scores"][metric] for line in content.splitlines()])


def print_differences(folder: Path, metric: str, systems: int, *, alone: bool) -> None:
    fp32, bf16, cached = (read_scores(folder, run, metric) for run in ("all", "bf16", "again"))
    if not alone:
        predicted = np.concatenate(json.loads((folder / "predict.json").read_text(encoding="utf-8")))
        largest = np.abs(fp32 - predicted).max()
        print(f"\nlargest difference from predict(): {largest:.1e} (standard deviation {fp32.std():.4f})")
    segments = np.abs(bf16 - fp32)
    means = [scores.reshape(systems, -1).mean(axis=1) for scores in (bf16, fp32)]
    print(
        f"bf16 compared with fp32: segments {segments.max():.1e} at most, {segments.mean():.1e} on average, "
        f"r {np.corrcoef(bf16, fp32)[0, 1]:.5f}; systems {np.abs(means[0] - means[1]).max():.1e} at most"
    )
    print(f"scores that differ in a run from the cache: {int((cached != fp32).sum())} of {len(fp32)}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("test_set", help="a WMT XML file")
    parser.add_argument("--model", help="folder of a checkpoint (default: evalkit-mini)")
    parser.add_argument("--segments", type=int, default=200)
    parser.add_argument("--systems", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--alone", action="store_true", help="without comet-score and predict()")
    options = parser.parse_args()
    model = choose_model(options.model)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        systems = write_texts(
            str(Path(options.test_set).resolve()), folder, options.segments, options.systems
        )
        if not options.model:
            mini.unpack(folder / "cache" / "models" / Path(model.folder).name)
        commands = list_commands(model, systems, alone=options.alone)
        first = evalkit(systems[:-1], model.settings, "before")
        times = measure_all(commands, first, options.rounds, folder)
        counts = f"{options.segments} segments, {len(systems)} systems, {options.rounds} rounds"
        print(f"{counts}, {Path(model.folder).name}\n")
        print_times(times)
        print_differences(folder, model.metric, len(systems), alone=options.alone)


if __name__ == "__main__":
    main()
