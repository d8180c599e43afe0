"""From JSON to records: every value is checked against the type of its field, and what does not fit is named.

A library such as msgspec ignores unknown keys of dataclasses and does not say which key of a mapping is
wrong.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin

T = TypeVar("T")
Decoder = Callable[[Any], Any]


class DecodeError(ValueError):
    """A value does not have the type of its field.

    The message names the place, what was expected and what was found.
    """

    def __init__(self, expected: str, value: object, path: str = "") -> None:
        found = repr(value)
        super().__init__(
            f"{path or 'value'}: expected {expected}, found {found if len(found) <= 80 else found[:79] + '…'}"
        )
        self.expected, self.value, self.path = expected, value, path

    def within(self, part: object) -> DecodeError:
        """The same error, seen from one level further out."""
        return DecodeError(self.expected, self.value, f"{part}.{self.path}" if self.path else str(part))


def decode(kind: type[T], value: object) -> T:
    """Make a record of JSON values.

    Args:
        kind: a dataclass whose fields are records, mappings by text, tuples, Literals, unions with None,
            text, numbers, truth values, or ``object`` for any JSON.
        value: what `json.loads` gave.

    Raises:
        DecodeError: a value of another type, an unknown key, or a key that is missing.
    """
    record: T = _decoder(cast("Hashable", kind))(value)
    return record


@cache
def _decoder(kind: Hashable) -> Decoder:
    """How values of a type are decoded."""
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is object or kind is Any:
        return lambda value: value
    if dataclasses.is_dataclass(kind):
        return _decode_record(kind)
    if origin is Literal:
        return _check(lambda value: value in arguments, " or ".join(map(repr, arguments)))
    if origin in (Union, types.UnionType):
        (inner,) = (argument for argument in arguments if argument is not type(None))
        decode_inner = _decoder(inner)
        return lambda value: None if value is None else decode_inner(value)
    if origin is not None and issubclass(origin, Mapping):
        return _decode_mapping(_decoder(arguments[1]))
    if origin is not None and issubclass(origin, Sequence):
        return _decode_sequence(arguments)
    return _SCALARS[kind]


def _check(holds: Callable[[Any], bool], expected: str) -> Decoder:
    def decode_scalar(value: Any) -> Any:
        if not holds(value):
            raise DecodeError(expected, value)
        return value

    return decode_scalar


_SCALARS: dict[Any, Decoder] = {
    str: _check(lambda value: isinstance(value, str), "text"),
    bool: _check(lambda value: isinstance(value, bool), "true or false"),
    int: _check(lambda value: isinstance(value, int) and not isinstance(value, bool), "a whole number"),
    float: _check(lambda value: isinstance(value, int | float) and not isinstance(value, bool), "a number"),
}


def _decode_mapping(decode_value: Decoder) -> Decoder:
    def decode_mapping(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise DecodeError("an object", value)
        return {key: _decode_part(decode_value, item, key) for key, item in value.items()}

    return decode_mapping


def _decode_sequence(arguments: tuple[Any, ...]) -> Decoder:
    count = len(arguments) if Ellipsis not in arguments and len(arguments) > 1 else None
    decode_item = _decoder(arguments[0])

    def decode_sequence(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or (count is not None and len(value) != count):
            raise DecodeError("a list" if count is None else f"{count} values", value)
        return tuple(_decode_part(decode_item, item, index) for index, item in enumerate(value))

    return decode_sequence


def _decode_record(kind: Any) -> Decoder:
    hints = typing.get_type_hints(kind)
    decoders = {field.name: _decoder(hints[field.name]) for field in dataclasses.fields(kind)}
    needed = {
        field.name
        for field in dataclasses.fields(kind)
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    }

    def decode_record(value: Any) -> Any:
        if not isinstance(value, dict):
            raise DecodeError("an object", value)
        for key in value.keys() - decoders.keys():
            raise DecodeError(f"one of the keys {', '.join(decoders)}", key)
        for key in sorted(needed - value.keys()):
            raise DecodeError(f"the key {key}", value)
        return kind(**{key: _decode_part(decoders[key], item, key) for key, item in value.items()})

    return decode_record


def _decode_part(decode_value: Decoder, value: Any, part: object) -> Any:
    try:
        return decode_value(value)
    except DecodeError as error:
        raise error.within(part) from None
