"""What is looked at of a database on a PostgreSQL server."""

from collections.abc import Iterator

from pollbot.doctor import findings as found
from pollbot.doctor.kept_rows import Asked, Kept, UnreadableError
from pollbot.doctor.server_rows import ForbiddenError, OnServer, read_server
from pollbot.place import Server
from pollbot.store.postgres import OLDEST

_MOST_OFF = 60.0
"""Seconds."""


def look_at_server(
    server: Server, keys: list[str], asked: Asked
) -> tuple[list[found.Finding], OnServer | None]:
    """Return what was found, and what is there if it was to be read; nothing is changed."""
    try:
        there = read_server(server, keys, asked)
    except ForbiddenError as error:
        return [found.ServerForbids(str(server), str(error))], None
    except UnreadableError as error:
        return [found.ServerAway(str(server), str(error))], None
    return [*_of(there, str(server)), *_of_tables(there, there.kept)], there


def _of(there: OnServer, where: str) -> Iterator[found.Finding]:
    yield found.ServerAnswers(where, there.version)
    if there.version < OLDEST:
        yield found.ServerTooOld(there.version, OLDEST)
    if there.pooled:
        yield found.ServerPooled(where)
    if there.encoding != "UTF8":
        yield found.ServerEncoding(there.encoding)
    if there.read_only:
        yield found.ServerReadOnly(where)
    if not there.syncs:
        yield found.ServerForgets()
    if abs(there.ahead) > _MOST_OFF:
        yield found.ServerClockOff(round(there.ahead))


def _of_tables(there: OnServer, kept: Kept) -> Iterator[found.Finding]:
    yield found.Runs(there.runs)
    if not kept.steps and not kept.newer:
        yield found.NoTables() if there.makes_tables else found.MayNotMakeTables()
    elif kept.newer:
        yield found.ServerNewer(kept.newer)
    elif kept.older:
        yield found.ServerOlder(kept.older)
    elif kept.added:
        yield found.TablesAhead(kept.added)
    else:
        yield found.TablesRight(kept.steps[-1])
