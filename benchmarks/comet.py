"""CPU time of COMET: evalkit beside ``comet-score`` and ``predict()``, on the same texts and checkpoint, in one run.

    python benchmarks/comet.py wmttest2022.ru-en.all.xml [--model FOLDER] [--segments 200] [--systems 10] [--rounds 3] [--alone]

Each line is a whole process, start-up included, in CPU seconds (user and system, children too) and wall seconds: the
median of the rounds, in which all take turns. Ratios are of the medians. The largest difference between the scores of
``predict()`` and evalkit is shown as well, and what bf16 moves.
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
from pathlib import Path
from statistics import median

import numpy as np
from tabulate import tabulate

from evalkit.data.wmt_xml import WmtXml
from evalkit.models import mini

PREDICT = """
import json, sys
from comet import load_from_checkpoint
folder, *systems = sys.argv[1:]
model = load_from_checkpoint(folder + "/checkpoints/model.ckpt", local_files_only=True)
read = lambda name: open(name, encoding="utf-8").read().split("\\n")[:-1]
found = []
for system in systems:
    rows = [dict(zip(("src", "mt", "ref"), row)) for row in zip(read("src"), read(system), read("ref"))]
    found.append(model.predict(rows, batch_size=16, gpus=0, progress_bar=False).scores)
json.dump(found, open("predict.json", "w"))
"""


def measure(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> tuple[float, float]:
    """CPU and wall seconds of a command."""
    started = time.monotonic()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **environment}, stdout=log, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)[:200]}\n{(folder / 'log').read_text(encoding='utf-8')[-2000:]}")
    return usage.ru_utime + usage.ru_stime, time.monotonic() - started


def write_texts(path: str, folder: Path, segments: int, systems: int) -> list[str]:
    """Source, reference and systems, one segment per line; returns the names of the systems' files."""
    reader = WmtXml(path=path)
    test_set = reader.read()
    texts = {
        "src": [str(s.source) for s in test_set.segments],
        "ref": [s.references[0] for s in test_set.segments],
    }
    for number, name in enumerate(reader.bundled()[:systems]):
        texts[f"system.{number}"] = list(reader.read_bundled(name, test_set))
    for name, lines in texts.items():
        (folder / name).write_text(
            "".join(" ".join(line.split()) + "\n" for line in lines[:segments]), encoding="utf-8"
        )
    return [name for name in texts if name.startswith("system.")]


def evalkit(systems: Sequence[str], settings: Sequence[str], name: str) -> list[str]:
    return [
        *(
            sys.executable,
            "-m",
            "evalkit",
            "test_set=lines",
            "test_set.reference={A: ref}",
            "test_set.source=src",
            "test_set.target_language=en",
        ),
        *(f"systems=[{','.join(systems)}]", "significance.resamples=0", f"name={name}", *settings),
    ]


def scores_of(folder: Path, name: str, metric: str) -> np.ndarray:
    rows = [
        json.loads(line)
        for line in (folder / "outputs" / name / "segments.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    return np.array([row["scores"][metric] for row in rows])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("test_set")
    parser.add_argument(
        "--model", help="folder of a checkpoint; the one that comes with evalkit, where nothing is said"
    )
    parser.add_argument("--segments", type=int, default=200)
    parser.add_argument("--systems", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--alone", action="store_true", help="leave comet-score and predict() out")
    options = parser.parse_args()
    test_set = str(Path(options.test_set).resolve())
    model = str(Path(options.model).resolve()) if options.model else str(mini.unpack())
    metric = "comet" if options.model else "comet_mini"
    settings = [f"metrics=[{metric}]", *([f"metrics.comet.model={model}"] if options.model else [])]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        systems = write_texts(test_set, folder, options.segments, options.systems)
        offline = {"HF_HUB_OFFLINE": "1", "EVALKIT_CACHE": str(folder / "cache")}
        if not options.model:
            mini.unpack(folder / "cache" / "models" / Path(model).name)
        stock = [
            "-s",
            "src",
            "-r",
            "ref",
            "-t",
            *systems,
            "--model",
            f"{model}/checkpoints/model.ckpt",
            "--gpus",
            "0",
            "--quiet",
        ]
        commands = {
            "comet-score": [str(Path(sys.executable).with_name("comet-score")), *stock],
            "predict()": [sys.executable, "-c", PREDICT, model, *systems],
            "evalkit, nothing in the cache": evalkit(systems, settings, "all"),
            "evalkit, all in the cache": evalkit(systems, settings, "again"),
            "evalkit, all but one system in the cache": evalkit(systems, settings, "one"),
            "evalkit, bf16, nothing in the cache": evalkit(
                systems, [*settings, f"metrics.{metric}.precision=bf16"], "bf16"
            ),
            "evalkit, no COMET": evalkit(systems, ["metrics=[chrf]"], "none"),
        }
        if options.alone:
            del commands["comet-score"], commands["predict()"]
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        for _ in range(options.rounds):
            for name, command in commands.items():
                if "nothing" in name or "all but one" in name:
                    (folder / "cache" / "cache-2.sqlite").unlink(missing_ok=True)
                if "all but one" in name:
                    measure(evalkit(systems[:-1], settings, "before"), folder, offline)
                times[name].append(measure(command, folder, offline))
        first = median(cpu for cpu, _ in times["evalkit, nothing in the cache"])
        rows = []
        for name, found in times.items():
            cpu, wall = (median(column) for column in zip(*found, strict=True))
            rows.append([name, f"{cpu:.1f}", f"{wall:.1f}", f"{cpu / first:.2f}"])
        print(
            f"{options.segments} segments, {len(systems)} systems, {options.rounds} rounds, {Path(model).name}\n"
        )
        print(tabulate(rows, ["", "CPU s", "wall s", "CPU, evalkit = 1"], tablefmt="github"))
        ours = scores_of(folder, "all", metric)
        if not options.alone:
            theirs = np.concatenate(json.loads((folder / "predict.json").read_text(encoding="utf-8")))
            print(
                f"\nlargest difference to predict(): {np.abs(ours - theirs).max():.1e} (standard deviation of the scores {ours.std():.4f})"
            )
        bf16 = scores_of(folder, "bf16", metric)
        by_system = np.abs(
            bf16.reshape(len(systems), -1).mean(axis=1) - ours.reshape(len(systems), -1).mean(axis=1)
        )
        print(
            f"bf16 against fp32: segments {np.abs(bf16 - ours).max():.1e} at most, {np.abs(bf16 - ours).mean():.1e} on average, "
            f"r {np.corrcoef(bf16, ours)[0, 1]:.5f}; systems {by_system.max():.1e} at most"
        )
        differing = int((scores_of(folder, "again", metric) != ours).sum())
        print(f"scores that a run from the cache gives otherwise: {differing} of {len(ours)}")


if __name__ == "__main__":
    main()
