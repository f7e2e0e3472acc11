"""Whether pollbots of other versions, or with other keys, may use a server's database beside this.

Each has shared locks that say what it knows, for as long as its writing connection lives, so that
whoever comes later sees who is there, on whatever machine, and whoever is gone says nothing.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import psycopg

from pollbot.store.migrations import in_the_way
from pollbot.store.postgres import CannotGoOnError

_KNOWS = 0x706F6C31
"""Of the steps of the tables so many, from the first one on."""
_OPENS = 0x706F6C32
_SEALS = 0x706F6C33
"""With a key of this fingerprint."""

OTHERS = (
    "SELECT pid, classid::bigint, objid::bigint FROM pg_locks"
    " WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND pid <> pg_backend_pid()"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_STEPS_THERE = (
    "SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('pollbot_steps')"
    " AND attname = 'needs' AND NOT attisdropped)"
)


class Beside:
    """What this pollbot knows, as others see it."""

    def __init__(self, steps: Sequence[str], keys: Sequence[str]) -> None:
        """``steps`` are those that it knows, in their order; ``keys`` the newest first."""
        self._steps = steps
        self._keys = [_fingerprint(key) for key in keys]

    def greet(self, raw: "psycopg.Connection[Any]") -> None:
        """Say what it knows, and look whether it may be there. Raises CannotGoOnError."""
        said = [(_KNOWS, len(self._steps)), *((_OPENS, key) for key in self._keys)]
        if self._keys:
            said.append((_SEALS, self._keys[0]))
        locks = ", ".join(f"pg_advisory_lock_shared({what}, {which})" for what, which in said)
        raw.execute(f"SELECT {locks}".encode())
        self._look_at_steps(raw)
        self._look_at_keys(raw)

    def _look_at_steps(self, raw: "psycopg.Connection[Any]") -> None:
        (there,) = raw.execute(_STEPS_THERE).fetchone() or (False,)
        taken = raw.execute("SELECT name, needs FROM pollbot_steps").fetchall() if there else []
        if newer := in_the_way(taken, self._steps):
            raise too_new(newer)

    def _look_at_keys(self, raw: "psycopg.Connection[Any]") -> None:
        if not self._keys:
            return
        for said in _others(raw.execute(OTHERS)).values():
            seals, opens = said[_SEALS], said[_OPENS]
            if seals and self._keys[0] not in opens:
                raise CannotGoOnError(
                    "POLLBOT_ENCRYPTION_KEYS: its first key is not among those of another pollbot "
                    "that runs on this database, which could not read what this one keeps. Nothing "
                    "was changed. Add a new key as the last one on every pollbot first, and put "
                    "it in front on each after that.",
                    passes=True,
                )
            if not seals <= set(self._keys):
                raise CannotGoOnError(
                    "POLLBOT_ENCRYPTION_KEYS: another pollbot that runs on this database seals "
                    "what it keeps with a key that is not among them. Nothing was changed. Keep "
                    "the old key as the last one here until no pollbot has it in front any more.",
                    passes=True,
                )


def too_new(steps: Iterable[str]) -> CannotGoOnError:
    """Return what is said where newer pollbots have changed what this version uses."""
    return CannotGoOnError(
        f"POLLBOT_DATABASE: a newer pollbot has used this database ({', '.join(steps)}) and "
        "changed what this version uses. Nothing in it was changed now. Start that version."
    )


def how_many_older(rows: Iterable[tuple[int, int, int]], known: int) -> int:
    """Return how many of the OTHERS in these rows know fewer steps than that."""
    return sum(1 for said in _others(rows).values() if any(one < known for one in said[_KNOWS]))


def _others(rows: Iterable[tuple[int, int, int]]) -> dict[int, dict[int, set[int]]]:
    """Return of each of the others what it said, by kind."""
    said: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for pid, what, which in rows:
        said[pid][what].add(which)
    return said


def _fingerprint(key: str) -> int:
    """Return a number that is the same wherever the key is known, and says nothing of it."""
    return int.from_bytes(hashlib.sha256(b"pollbot key " + key.encode()).digest()[:4]) & 0x7FFFFFFF
