"""Small checks that describe JSON: each takes a value and its path, and yields what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, TypeAlias

Check: TypeAlias = Callable[[Any, str], Iterator[str]]
Fields: TypeAlias = Mapping[str, Check]


def string(most: int | None = None, *, least: int = 0, pattern: str | None = None) -> Check:
    """Return a check for a string of ``least`` to ``most`` characters."""

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{path}: {_kind(value)}, must be a string"
            return
        yield from _size(len(value), "characters", path, least, most)
        if pattern is not None and value and not re.fullmatch(pattern, value):
            yield f"{path}: {value!r} does not have the form {pattern}"

    return check


def boolean(value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield f"{path}: {_kind(value)}, must be true or false"


def integer(least: int | None = None, most: int | None = None) -> Check:
    """Return a check for a whole number between the two, both allowed."""

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield f"{path}: {_kind(value)}, must be a whole number"
        elif (least is not None and value < least) or (most is not None and value > most):
            yield f"{path}: {value}, must be between {least} and {most}"

    return check


def number(*, positive: bool = False) -> Check:
    """Return a check for any number, or for numbers above zero."""

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, int | float) or isinstance(value, bool):
            yield f"{path}: {_kind(value)}, must be a number"
        elif positive and value <= 0:
            yield f"{path}: {value}, must be more than 0"

    return check


def one_of(*allowed: str) -> Check:
    def check(value: Any, path: str) -> Iterator[str]:
        if value not in allowed:
            yield f"{path}: {value!r} is none of {', '.join(allowed)}"

    return check


def anything(_value: Any, _path: str) -> Iterator[str]:
    return iter(())


def nullable(check: Check) -> Check:
    """Return a check that also takes null."""
    return lambda value, path: iter(()) if value is None else check(value, path)


def each(check: Check, *, least: int = 0, most: int | None = None) -> Check:
    """Return a check for a list whose items all pass ``check``."""

    def check_list(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{path}: {_kind(value)}, must be a list"
            return
        yield from _size(len(value), "items", path, least, most)
        for index, item in enumerate(value):
            yield from check(item, f"{path}/{index}")

    return check_list


def shape(
    required: Fields | None = None,
    optional: Fields | None = None,
    *,
    any_of: Collection[str] = (),
    only_one_of: Collection[str] = (),
    rules: Collection[Check] = (),
) -> Check:
    """Return a check for an object with these fields and no others.

    At least one field of ``any_of`` and exactly one of ``only_one_of`` must be there. ``rules``
    look at the object as a whole, once its fields are sound. Null counts as left out.
    """
    needed = dict(required or {})
    known = needed | dict(optional or {})

    def check_fields(value: dict[str, Any], path: str) -> Iterator[str]:
        given = {name for name, field in value.items() if field is not None}
        yield from (f"{path}/{name}: missing" for name in needed if name not in given)
        yield from (f"{path}/{name}: unknown field" for name in value if name not in known)
        if any_of and given.isdisjoint(any_of):
            yield f"{path}: needs one of {', '.join(any_of)}"
        if only_one_of and len(given.intersection(only_one_of)) != 1:
            yield f"{path}: needs exactly one of {', '.join(only_one_of)}"
        for name in known:
            if name in given:
                yield from known[name](value[name], f"{path}/{name}")

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{path}: {_kind(value)}, must be an object"
            return
        wrong = list(check_fields(value, path))
        yield from wrong
        if not wrong:
            for rule in rules:
                yield from rule(value, path)

    return check


def tagged(kinds: Mapping[str, Check], *, noun: str) -> Check:
    """Return a check for an object whose ``type`` says which of ``kinds`` it must pass."""

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{path}: {_kind(value)}, must be an object"
        elif not isinstance(value.get("type"), str) or value["type"] not in kinds:
            yield f"{path}/type: {value.get('type')!r} is no {noun} that may stand here"
        else:
            yield from kinds[value["type"]](value, path)

    return check


def _size(size: int, unit: str, path: str, least: int, most: int | None) -> Iterator[str]:
    if most is not None and size > most:
        yield f"{path}: {size} {unit}, at most {most}"
    if size < least:
        yield f"{path}: {size} {unit}, at least {least}"


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean"}
    return "null" if value is None else names.get(type(value), "a number")
