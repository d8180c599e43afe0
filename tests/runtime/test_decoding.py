"""From JSON to records: what fits, and what a message says of what does not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pytest

from evalkit.runtime.decoding import DecodeError, decode


@dataclass(frozen=True, kw_only=True)
class Name:
    """Within a record."""

    text: str
    kind: Literal["person", "place"] = "person"


@dataclass(frozen=True, kw_only=True)
class Record:
    """Every kind of field."""

    title: str
    share: float = 0.0
    count: int = 0
    done: bool = False
    range: tuple[float, float] | None = None
    names: tuple[Name, ...] = ()
    scores: Mapping[str, float | None] = field(default_factory=dict)
    anything: object = None


def read(**given: object) -> Record:
    """A record from what JSON keeps of these values."""
    return decode(Record, json.loads(json.dumps(given)))


def test_what_fits_becomes_a_record():
    found = read(
        title="a",
        share=1,
        count=2,
        done=True,
        range=[0, 0.5],
        names=[{"text": "Kyiv", "kind": "place"}, {"text": "Merz"}],
        scores={"bleu": 40.5, "comet": None},
        anything={"x": [1]},
    )
    assert found == Record(
        title="a",
        share=1,
        count=2,
        done=True,
        range=(0, 0.5),
        names=(Name(text="Kyiv", kind="place"), Name(text="Merz")),
        scores={"bleu": 40.5, "comet": None},
        anything={"x": [1]},
    )
    assert read(title="a") == Record(title="a")


WRONG = [
    ({"title": 5}, "title: expected text, found 5"),
    ({"title": None}, "title: expected text, found None"),
    ({"share": True}, "share: expected a number, found True"),
    ({"share": "1"}, "share: expected a number, found '1'"),
    ({"count": True}, "count: expected a whole number, found True"),
    ({"count": 1.5}, "count: expected a whole number, found 1.5"),
    ({"done": 1}, "done: expected true or false, found 1"),
    ({"range": [1, 2, 3]}, "range: expected 2 values, found [1, 2, 3]"),
    ({"range": [1]}, "range: expected 2 values, found [1]"),
    ({"range": [1, "x"]}, "range.1: expected a number, found 'x'"),
    ({"names": "Kyiv"}, "names: expected a list, found 'Kyiv'"),
    ({"names": {"text": "Kyiv"}}, "names: expected a list, found {'text': 'Kyiv'}"),
    ({"names": [{"text": "a"}, "b"]}, "names.1: expected an object, found 'b'"),
    (
        {"names": [{"text": "a", "kind": "river"}]},
        "names.0.kind: expected 'person' or 'place', found 'river'",
    ),
    ({"names": [{"kind": "place"}]}, "names.0: expected the key text, found {'kind': 'place'}"),
    ({"names": [{"text": "a", "sort": 1}]}, "names.0: expected one of the keys text, kind, found 'sort'"),
    ({"scores": [1]}, "scores: expected an object, found [1]"),
    ({"scores": {"bleu": "high"}}, "scores.bleu: expected a number, found 'high'"),
]


@pytest.mark.parametrize(("given", "message"), WRONG, ids=[message for _, message in WRONG])
def test_what_does_not_fit_is_named_with_its_place(given, message):
    with pytest.raises(DecodeError) as error:
        read(**{"title": "a", **given})
    assert str(error.value) == message


@pytest.mark.parametrize("value", [[], "a", None])
def test_a_record_that_is_no_object_has_no_place(value):
    with pytest.raises(DecodeError, match=r"^value: expected an object, found "):
        decode(Record, value)


def test_a_long_value_is_cut_to_80_characters():
    for length, shown in ((78, repr("x" * 78)), (79, "'" + "x" * 78 + "…")):
        with pytest.raises(DecodeError) as error:
            read(title="a", count="x" * length)
        assert str(error.value) == f"count: expected a whole number, found {shown}"
        assert len(shown) == 80
