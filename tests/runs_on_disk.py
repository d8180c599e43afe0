"""Small runs evaluated from files and stored, for tests that read, compare and judge stored runs."""

from __future__ import annotations

from miniature import in_folder

from evalkit import evaluate
from evalkit.significance.units import Bootstrap

FAST = Bootstrap(resamples=50, trials=100)
"""Few resamples, for runs whose intervals do not matter."""


def evaluated(folder, metrics, **systems):
    """A run in ``folder/out``; GOOD and BAD are the systems unless others are given by name."""
    reader = in_folder(folder, entities=True)
    for name, lines in systems.items():
        (folder / f"{name}.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    chosen = {name: folder / f"{name}.txt" for name in systems} or str(folder / "systems")
    return evaluate(
        reader, metrics, systems=chosen, significance=FAST, output=folder / "out", name=folder.name
    ).run
