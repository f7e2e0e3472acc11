"""Rows by the names of their columns: read as the fields of a dataclass, written as a mapping."""

from collections.abc import Iterable
from dataclasses import fields
from functools import cached_property
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

R = TypeVar("R")


class Columns(Generic[R]):
    """The columns that are read together: one for each field of a dataclass, under its name.

    The types of the fields say what lies there; text that is JSON is ``Json[...]``. As a string
    it is the list of names for SELECT and RETURNING.
    """

    def __init__(self, row: type[R]) -> None:
        self._names = tuple(field.name for field in fields(row))  # type: ignore[arg-type]
        self._of = row

    def __str__(self) -> str:
        return ", ".join(self._names)

    def read(self, values: Iterable[Any]) -> R:
        """Return the row of these values, which are in the order of the names.

        Raises ValueError if they are not what the fields say.
        """
        try:
            return self._reads.validate_python(dict(zip(self._names, values, strict=True)))
        except ValidationError as error:
            wrong = sorted({str(one["loc"][0]) for one in error.errors(include_input=False)})
            # pydantic's own words repeat what lies there, which may be a person's.
            raise ValueError(f"a row does not fit: {', '.join(wrong)}") from None

    @cached_property
    def _reads(self) -> TypeAdapter[R]:
        """What reads them, which takes some milliseconds to make: not all of them at a start."""
        return TypeAdapter(self._of)


def named(names: Iterable[str]) -> str:
    """Return what follows INSERT INTO and the table, for values that are given by column name."""
    columns = tuple(names)
    return f"({', '.join(columns)}) VALUES ({', '.join(f':{name}' for name in columns)})"
