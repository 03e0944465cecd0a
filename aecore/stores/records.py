"""Records: dataclasses as JSON and arrays, and back by their type hints: processes hand them on without pickle."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np

from aecore.stores.results import Result

T = TypeVar("T")
Arrays = Mapping[str, np.ndarray]
Build = Callable[[Any, Arrays], Any]

_PLAIN = (str, int, float, bool, type(None))


def pack(value: object) -> Result:
    """The value as JSON and arrays.

    value: dataclasses, tuples, lists, sets, dicts with texts as keys, arrays, numbers and texts, in each other.
    TypeError for anything else.
    """
    arrays: dict[str, np.ndarray] = {}
    return Result({"value": _packed(value, arrays)}, arrays)


def unpack(kind: type[T], result: Result) -> T:
    """The value of this type that `pack` was given; arrays are read-only.

    TypeError, ValueError or KeyError if the result does not fit the type.
    """
    for array in result.arrays.values():
        array.flags.writeable = False
    value: T = _builder(kind)(result.values["value"], result.arrays)
    return value


def _packed(value: Any, arrays: dict[str, np.ndarray]) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, np.ndarray):
        name = str(len(arrays))
        arrays[name] = value
        return name
    if is_dataclass(value) and not isinstance(value, type):
        return [_packed(getattr(value, each.name), arrays) for each in fields(value)]
    if isinstance(value, set | frozenset):
        return sorted(_packed(each, arrays) for each in value)
    if isinstance(value, tuple | list):
        return [_packed(each, arrays) for each in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: _packed(each, arrays) for key, each in value.items()}
    raise TypeError(f"{type(value).__name__} cannot be stored as JSON and arrays")


@cache
def _builder(kind: Any) -> Build:
    """What makes a value of this type from its packed form."""
    origin, arguments = get_origin(kind), get_args(kind)
    if kind in _PLAIN or origin is Literal:
        return _same
    if kind is np.ndarray:
        return lambda packed, arrays: arrays[packed]
    if origin in (Union, types.UnionType):
        (inner,) = [_builder(each) for each in arguments if each is not type(None)]
        return lambda packed, arrays: None if packed is None else inner(packed, arrays)
    if origin is tuple and not (len(arguments) == 2 and arguments[1] is ...):
        builders = tuple(map(_builder, arguments))
        return lambda packed, arrays: tuple(build(each, arrays) for build, each in zip(builders, packed, strict=True))
    if origin in (tuple, list, set, frozenset):
        return _collection(origin, _builder(arguments[0]))
    if origin is dict:
        inner = _builder(arguments[1])
        return lambda packed, arrays: {key: inner(each, arrays) for key, each in packed.items()}
    if is_dataclass(kind):
        return _record(kind)
    raise TypeError(f"{kind} cannot be made from JSON and arrays")


def _same(packed: Any, arrays: Arrays) -> Any:
    return packed


def _collection(origin: Any, inner: Build) -> Build:
    if inner is _same:
        return lambda packed, arrays: origin(packed)
    return lambda packed, arrays: origin(inner(each, arrays) for each in packed)


def _record(kind: Any) -> Build:
    hints = get_type_hints(kind)
    names = [each.name for each in fields(kind)]
    builders = [_builder(hints[name]) for name in names]

    def build(packed: Any, arrays: Arrays) -> Any:
        if len(packed) != len(names):
            raise ValueError(f"{len(packed)} fields for {kind.__name__}, which has {len(names)}")
        return kind(*(each if make is _same else make(each, arrays) for make, each in zip(builders, packed)))  # noqa: B905

    return build
