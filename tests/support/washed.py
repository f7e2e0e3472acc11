"""A world set back to what it was, around a program that goes on: cheaper than another world."""

import copy
import sqlite3
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

# Which id comes next goes on, since nothing that comes later may look like what came before.
_GOES_ON = {"_serial", "_last_microsecond", "chance", "_ids"}
_KEPT = (dict, list, set, deque)


class Memory:
    """What stood in some stand-ins, in all their collections and flags, when it was made."""

    def __init__(self, *stand_ins: object) -> None:
        self._parts = {id(part): part for stand_in in stand_ins for part in _parts(stand_in)}
        self._stood = {
            (key, name): self._copied(value)
            for key, part in self._parts.items()
            for name, value in vars(part).items()
            if _is_data(name, value)
        }

    def bring_back(self) -> None:
        """Have all of it stand there again, in the same collections."""
        for (key, name), value in self._stood.items():
            part, fresh = self._parts[key], self._copied(value)
            now = getattr(part, name)
            if isinstance(now, dict | set):
                now.clear()
                now.update(fresh)
            elif isinstance(now, list | deque):
                now.clear()
                now.extend(fresh)
            elif now != fresh:
                setattr(part, name, fresh)

    def _copied(self, value: Any) -> Any:
        return copy.deepcopy(value, dict(self._parts))


def _is_data(name: str, value: object) -> bool:
    if name in _GOES_ON or name.startswith("on_"):
        return False
    if isinstance(value, dict):
        return not any(map(callable, value.values()))
    return isinstance(value, (*_KEPT, str, int, float, bool, type(None)))


def _parts(whole: object) -> Iterator[object]:
    """Yield what a stand-in is made of, as far as that is the sandbox's own."""
    waiting, seen = [whole], set[int]()
    while waiting:
        part = waiting.pop()
        ours = type(part).__module__.startswith("pollbot.sandbox.")
        if not ours or id(part) in seen or not hasattr(part, "__dict__"):
            continue
        if type(part).__name__ in ("Sockets", "SignedHttp"):
            continue  # connections cannot be set back
        seen.add(id(part))
        yield part
        waiting.extend(vars(part).values())


class Rows:
    """Another program's look at a database, and its hand on it: what was written, and back."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, timeout=10)
        self._stood = sqlite3.connect(":memory:")

    def close(self) -> None:
        """Look no more."""
        self._db.close()
        self._stood.close()

    @property
    def version(self) -> int:
        """A number that changes with each commit of somebody else."""
        (found,) = self._db.execute("PRAGMA data_version").fetchone()
        return int(found)

    def all(self, parts: Mapping[str, str] = {}) -> dict[str, list[str]]:
        """Return each row of each table; of those in ``parts`` these columns, or nothing."""
        names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        return {
            name: sorted(map(str, self._db.execute(f'SELECT {columns} FROM "{name}"')))  # noqa: S608
            for (name,) in self._db.execute(names).fetchall()
            if (columns := parts.get(name, "*"))
        }

    def write(self, statement: str, *values: object) -> None:
        """Change it, as another program could."""
        with self._db:
            self._db.execute(statement, values)

    def remember(self) -> None:
        """Keep all of it, to be brought back."""
        self._db.backup(self._stood)

    def bring_back(self) -> None:
        """Have the rows be what they were; whoever reads them next sees that."""
        self._stood.backup(self._db)
