"""JSON as evalkit writes it."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np

from evalkit.runtime.json_text import dumps, to_json


@dataclass(frozen=True)
class Point:
    """A record."""

    name: str
    values: tuple[float, ...]


def test_numbers_that_json_does_not_have_become_null():
    for value in (float("nan"), float("inf"), float("-inf"), np.float64("nan"), np.float64("inf")):
        assert dumps({"a": [value, (value, 1.5)]}) == '{"a": [null, [null, 1.5]]}'


def test_records_become_objects_and_sequences_lists():
    point = Point("x", (1.0, float("nan")))
    assert to_json({"points": (point, [point])}) == {
        "points": [{"name": "x", "values": [1.0, None]}, [{"name": "x", "values": [1.0, None]}]]
    }
    assert json.loads(dumps(point)) == {"name": "x", "values": [1.0, None]}


def test_text_is_written_as_it_is_and_not_escaped():
    assert dumps({"имя": "Київ – 基輔"}) == '{"имя": "Київ – 基輔"}'


def test_numbers_keep_all_their_digits():
    for value in (0.1 + 0.2, 1 / 3, 1e-300, 2.0**53):
        assert json.loads(dumps([value])) == [value]
