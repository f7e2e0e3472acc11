"""The errand: something that came in, or whose time has come, and all that is done because of it.

Each has a short id, which stands in every line that is logged on the way, in whatever part. It is
ambient, as nothing else is that a part is told: whoever logs a call to Jira has no other use for
it, and to hand it down would put it into every signature between a click and that call. So nothing
but the log and the column ``errand`` of what waits (``store/queue.py``) may ever depend on it.
"""

from contextlib import AbstractContextManager, suppress
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Errand:
    id: str
    kept: bool = True


_ERRAND: ContextVar[_Errand | None] = ContextVar("errand", default=None)


class _GoingBy:
    """What is done within goes by an errand. A generator would take four times as long for it."""

    __slots__ = ("_before", "_errand")

    def __init__(self, errand: _Errand | None) -> None:
        self._errand = errand

    def __enter__(self) -> None:
        self._before = _ERRAND.set(self._errand)

    def __exit__(self, *_: object) -> None:
        # What is thrown away in the middle is closed by somebody else, in a context of theirs.
        with suppress(ValueError):
            _ERRAND.reset(self._before)


def under(errand_id: str) -> AbstractContextManager[None]:
    """Have what is done in here, and what it starts, go by this id; by none if it is empty."""
    return _GoingBy(_Errand(errand_id) if errand_id else None)


def unkept() -> AbstractContextManager[None]:
    """Have what is done in here not keep the id with the work that it causes.

    For answers: nothing on disk may tell that it was caused by a click that stands in the log,
    since polls that keep no names are answered the same way.
    """
    errand = _ERRAND.get()
    return _GoingBy(None if errand is None else _Errand(errand.id, kept=False))


def current() -> str:
    """Return the id for the log; empty where nothing in particular is done."""
    errand = _ERRAND.get()
    return "" if errand is None else errand.id


def to_keep() -> str | None:
    """Return the id for the row of what is to be done later; None if it is not to be kept."""
    errand = _ERRAND.get()
    return errand.id if errand is not None and errand.kept else None
