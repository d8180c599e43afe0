"""Weak translations, on an article that people aligned: Text+Berg 1957, the development set of Bleualign.

Bleualign's own F1 on the same lines, measured with its default settings, is what must be exceeded.
"""

from __future__ import annotations

import json
import random

import pytest

from evalkit.alignment import Aligner


def read_gold(folder, target):
    """Pairs of a line of the reference and of a line of the translation."""
    pairs = set()
    for bead in (folder / "gold.de-fr").read_text(encoding="utf-8").splitlines():
        german, french = map(json.loads, bead.split(":"))
        rows, columns = (french, german) if target == "fr" else (german, french)
        pairs |= {(row, column) for row in rows for column in columns}
    return pairs


def replace_words(lines, share):
    """Replace a share of the words by any words of the same translation."""
    chance = random.Random(1)
    words = [word for line in lines for word in line.split()]
    return [
        " ".join(chance.choice(words) if chance.random() < share else word for word in line.split())
        for line in lines
    ]


@pytest.mark.parametrize(
    ("system", "target", "replaced", "bleualign"),
    [
        ("google", "fr", 0, 0.848),  # BLEU 12.1
        ("europarllight", "fr", 0, 0.747),  # BLEU 3.8
        ("europarllight", "de", 0, 0.776),  # BLEU 2.3
        ("google", "fr", 0.4, 0.762),  # BLEU 4.5
        ("europarllight", "de", 0.4, 0.626),  # BLEU 0.8
    ],
)
def test_weak_translations_are_aligned_better_than_by_bleualign(shared, system, target, replaced, bleualign):
    folder = shared / "textberg-1957"
    segments = (folder / f"eval1957.{target}").read_text(encoding="utf-8").splitlines()
    lines = (folder / f"eval1957.{system}.{target}").read_text(encoding="utf-8").splitlines()
    lines = replace_words(lines, replaced) if replaced else [line.strip() for line in lines]
    starts = [sum(len(line) + 1 for line in lines[:number]) for number in range(len(lines))]
    found = Aligner(sentences="lines").align_text(segments, "\n".join(lines), target)
    pairs = {
        (row, column)
        for row, own in enumerate(found.parts)
        for start, end in own
        for column, line in enumerate(lines)
        if starts[column] < end and start < starts[column] + len(line)
    }
    gold = read_gold(folder, target)
    f1 = 2 * len(pairs & gold) / (len(pairs) + len(gold))
    assert f1 > bleualign + 0.02, f"{f1:.3f}"
