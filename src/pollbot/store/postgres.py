"""The database on a PostgreSQL server.

Statements are written as SQLite reads them; what PostgreSQL reads otherwise is put right here, in
one place: question marks and names, booleans, empty lists, and a few functions over JSON.
"""

import re
import secrets
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from enum import Enum
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import conninfo
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.pq import TransactionStatus

from pollbot.errors import StartError
from pollbot.place import Server
from pollbot.store.writer import Connection, Cursor, Values

_CONNECTING = 2
"""Seconds: Slack waits 3 s for the answer to a click. libpq takes no fewer than 2."""
_BETWEEN_TRIES = 1.0
_GONE_WITHIN = 4
_WAITING_FOR_OTHERS = 2200
_STANDING_STILL = 1500
"""Milliseconds. A process that stands still in the middle of a transaction, for whose end others
wait, is cut off by the server before they give up."""
OLDEST = 14
_USUAL: dict[str, Any] = {
    "connect_timeout": _CONNECTING,
    "application_name": "pollbot",
    "tcp_user_timeout": 2500,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
}
"""What libpq is told where the address says nothing else."""
_FEW = 4
_IN_USE = 0x706F6C6C
"""The advisory lock that the writing connection of each pollbot has for as long as it lives: shared
by all of them, or by one that wants to be alone."""
WRITING = 0x706F6C77
"""The one that each transaction has that changes something, so that they come one by one."""
_BEGIN_ALONE = "BEGIN; SELECT pg_current_xact_id(), 0"
# Each statement sees what was on disk when it began, so the lock has to be had before.
_BEGIN = (
    f"BEGIN; SELECT pg_advisory_xact_lock({WRITING});"
    " SELECT pg_current_xact_id(), (SELECT number FROM leader)"
)
CHANNEL = "pollbot_due"
"""Where each pollbot tells what it made due: its ``run`` first, then the queues, line by line."""

_PARTS = re.compile(r"'(?:[^']|'')*'|\?|(?<!:):[a-z_]+|%|\bIN \(\)|\bIS (?:NOT )?(?=\?)")

FUNCTIONS = """
CREATE OR REPLACE FUNCTION random_id() RETURNS text
LANGUAGE sql VOLATILE AS $$ SELECT replace(gen_random_uuid()::text, '-', '') $$;
CREATE OR REPLACE FUNCTION json_extract(doc text, path text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE jsonb_typeof(found) WHEN 'boolean' THEN CASE found WHEN 'true' THEN '1' ELSE '0' END
        WHEN 'null' THEN NULL ELSE found #>> '{}' END
    FROM (SELECT doc::jsonb #> string_to_array(substr(path, 3), '.') AS found) AS looked
$$;
CREATE OR REPLACE FUNCTION json_patch(doc text, patch text) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    patched jsonb := doc::jsonb;
    field record;
BEGIN
    FOR field IN SELECT key, value FROM jsonb_each(patch::jsonb) LOOP
        patched := CASE jsonb_typeof(field.value)
            WHEN 'null' THEN patched - field.key
            WHEN 'object' THEN jsonb_set(patched, ARRAY[field.key],
                json_patch(coalesce(patched ->> field.key, '{}'), field.value::text)::jsonb)
            ELSE jsonb_set(patched, ARRAY[field.key], field.value) END;
    END LOOP;
    RETURN patched::text;
END
$$;
CREATE OR REPLACE FUNCTION json_each(doc text) RETURNS TABLE (value text)
LANGUAGE sql IMMUTABLE AS $$ SELECT jsonb_array_elements_text(doc::jsonb) $$;
"""
"""What pollbot's statements use and PostgreSQL has not."""


@lru_cache(maxsize=2000)
def as_postgres_reads(statement: str) -> str:
    """Return a statement of pollbot's in PostgreSQL's words, with psycopg's placeholders."""
    return _PARTS.sub(_part, statement)


def _part(found: "re.Match[str]") -> str:
    match found[0]:
        case "?":
            return "%s"
        case "%":
            return "%%"
        case "IN ()":
            return "IN (SELECT NULL WHERE FALSE)"
        case "IS ":
            return "IS NOT DISTINCT FROM "
        case "IS NOT ":
            return "IS DISTINCT FROM "
        case name if name.startswith(":"):
            return f"%({name[1:]})s"
        case literal:
            return literal.replace("%", "%%")


_TRIGGER = re.compile(
    r"CREATE TRIGGER (\w+) BEFORE (\w+) ON (\w+)(?: WHEN (.*?))? BEGIN\s+"
    r"SELECT RAISE\(ABORT, ('[^']*')\);\s+END",
    re.DOTALL,
)


def _trigger(found: "re.Match[str]") -> str:
    """Return a trigger that refuses something. Emptying a table at once is deleting, too."""
    name, deed, table, when, why = found.groups()
    row = "OLD" if deed == "DELETE" else "NEW"
    made = (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {when or 'TRUE'} THEN RAISE EXCEPTION {why}; END IF; RETURN {row}; END $$;"
        f" CREATE TRIGGER {name} BEFORE {deed} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    )
    if deed != "DELETE":
        return made
    return made + (
        f"; CREATE OR REPLACE FUNCTION {name}_whole() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION {why}; END $$; CREATE TRIGGER {name}_whole BEFORE TRUNCATE ON"
        f" {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}_whole()"
    )


def tables_as_postgres_makes_them(statement: str) -> str:
    """Return a statement about tables, indexes or triggers in PostgreSQL's words."""
    said = _TRIGGER.sub(_trigger, statement)
    said = re.sub(r"\)\s*STRICT(?:, WITHOUT ROWID)?", ")", said)
    said = re.sub(r"\bREAL\b", "DOUBLE PRECISION", said)
    said = re.sub(r"\bINTEGER\b", "BIGINT", said)
    # Text is compared byte by byte, whatever the database's own order is.
    return re.sub(r"\bTEXT\b", 'TEXT COLLATE "C"', said)


def storable(value: Any) -> Any:
    """Return a value as the server takes it."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str) and "\0" in value:
        # postgresql.org, "Character Types": the character with code zero cannot be stored.
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}")
    return value


def _values(values: Values) -> Any:
    if isinstance(values, dict):
        return {name: storable(value) for name, value in values.items()}
    return [storable(value) for value in values]


class _NumericLoader(Loader):
    """Sums of whole numbers come as ``numeric``, which has no end."""

    def load(self, data: Buffer) -> float | int:
        text = bytes(data).decode()
        return int(text) if text.lstrip("-").isdigit() else float(text)


Greeting = Callable[["psycopg.Connection[Any]"], None]


class PostgresConnection:
    """A connection to the server, made anew once it was lost."""

    def __init__(self, server: Server, greet: Greeting = lambda _: None) -> None:
        """``greet`` is called with each connection that is made, and may raise psycopg.Error."""
        self._server = server
        self._greet = greet
        self._raw: psycopg.Connection[Any] | None = None
        self._tried_at = 0.0
        self.made_due: list[str] = []
        self.after_commit: list[Callable[[Connection], None]] = []
        self.total_changes = 0
        self.to_claim = " FOR UPDATE SKIP LOCKED"

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open, failed or not."""
        if self._raw is None or self._raw.closed:
            return False
        status = self._raw.info.transaction_status
        return status not in (TransactionStatus.IDLE, TransactionStatus.UNKNOWN)

    def execute(self, statement: str, values: Values = (), /) -> Cursor:
        """Run one statement. Raises psycopg.Error."""
        return self.raw.execute(as_postgres_reads(statement).encode(), _values(values))

    def executemany(self, statement: str, rows: Iterable[Values], /) -> Cursor:
        """Run one statement for each of these rows. Raises psycopg.Error."""
        cursor, query = self.raw.cursor(), as_postgres_reads(statement).encode()
        values = [_values(row) for row in rows]
        if len(values) > _FEW:
            cursor.executemany(query, values)
            return cursor
        # To begin and end a pipeline takes longer than to ask a few times.
        for one in values:
            cursor.execute(query, one)
        return cursor

    def run(self, script: str) -> Any:
        """Run statements in PostgreSQL's own words; return the cursor of the last one."""
        cursor = self.raw.execute(script.encode())
        while cursor.nextset():
            pass
        return cursor

    @property
    def raw(self) -> "psycopg.Connection[Any]":
        """The connection itself. Raises psycopg.OperationalError if there is none."""
        if self._raw is None:
            raise psycopg.OperationalError("there is no connection")
        return self._raw

    @property
    def is_open(self) -> bool:
        """Whether it is not known to be lost."""
        return self._raw is not None and not self._raw.closed

    def connect(self) -> None:
        """Connect, if it is not. Raises psycopg.OperationalError, at once if that just failed."""
        if self.is_open:
            return
        since = time.monotonic() - self._tried_at
        if self._tried_at and since < _BETWEEN_TRIES:
            raise psycopg.OperationalError("it was not to be reached a moment ago")
        try:
            raw = _connected(self._server)
            try:
                self._greet(raw)
            except BaseException:
                raw.close()
                raise
            self._raw = raw
        except AnotherProcessError:
            raise
        except psycopg.Error:
            self._tried_at = time.monotonic()
            raise
        self._tried_at = 0.0

    def close(self) -> None:
        """Let go of it."""
        if self._raw is not None:
            with suppress(psycopg.Error):
                self._raw.close()
            self._raw = None


class PostgresServer:
    """The database on the server, which all pollbots write that use it.

    Their transactions come one after the other, as those of one process do: what pollbot keeps
    was built on that, and a commit is shared by all that waits at each of them. ``run`` is the
    id by which others know what this one says. ``alone``: no other pollbot may use it meanwhile;
    ``greet`` is called with each connection that is to write, and may raise psycopg.Error.
    """

    at_hand = False
    errors: type[Exception] = psycopg.Error
    no_fault_of_ours: type[Exception] = psycopg.OperationalError

    def __init__(
        self, server: Server, *, alone: bool = False, greet: Greeting = lambda _: None
    ) -> None:
        self.server = server
        self.in_doubt: tuple[type[Exception], ...] = (InDoubtError,)
        self.run = secrets.token_hex(8)
        self.leader = 0

        def begin(raw: "psycopg.Connection[Any]") -> None:
            _hold("pg_try_advisory_lock" if alone else "pg_try_advisory_lock_shared", raw)
            greet(raw)

        self.connection = PostgresConnection(server, begin)
        self._wants_alone = alone
        self._begin_words = _BEGIN_ALONE if alone else _BEGIN
        self._transaction = 0

    def open(self) -> PostgresConnection:
        """Return the connection that writes. Raises StartError if the server is not to be had."""
        try:
            self._wait_for_the_last_one()
            version = self.connection.raw.info.server_version
            pooled = self._is_pooled()
        except CannotGoOnError as error:
            raise StartError(f"pollbot did not start.\n  {error}") from error
        except AnotherProcessError as error:
            raise StartError(
                f"pollbot did not start.\n  {self._why_not()}, or name another database."
            ) from error
        except psycopg.Error as error:
            raise StartError(
                f"pollbot did not start.\n  POLLBOT_DATABASE: {self.server} cannot be used as a "
                f"database ({said(error)}). Nothing in it was changed. Look at the address, the "
                "name, the password and what the server's pg_hba.conf allows."
            ) from None
        if pooled:
            self.close()
            raise StartError(
                f"pollbot did not start.\n  POLLBOT_DATABASE: {self.server} is reached through a "
                "pooler that gives each transaction another connection. pollbot's locks belong to "
                "connections: name the server itself, or set the pooler to session mode."
            )
        if version < OLDEST * 10000:
            self.close()
            raise StartError(
                f"pollbot did not start.\n  POLLBOT_DATABASE: {self.server} is PostgreSQL "
                f"{version // 10000}; pollbot needs {OLDEST} or newer."
            )
        return self.connection

    def open_to_read(self) -> PostgresConnection:
        """Return one that reads beside it."""
        reading = PostgresConnection(self.server)
        reading.connect()
        return reading

    def begin(self, db: Connection, *, wait: bool = True) -> bool:
        """Begin to write, which always waits; connect anew if the server went away."""
        try:
            self._begin()
        except psycopg.OperationalError:
            if self.connection.is_open:
                raise
            self.connection.connect()
            self._begin()
        return True

    def commit(self, db: Connection) -> None:
        """Have all that was changed on disk, and the leader hear what became due.

        Raises psycopg.OperationalError if it is not, and InDoubtError if nobody can tell: the
        connection was lost with the answer, and the server is not to be reached to ask for it.
        """
        try:
            self.connection.run(self._told(db.made_due) + "COMMIT")
        except psycopg.OperationalError:
            if self.connection.is_open or not self._was_committed():
                raise

    def begin_to_read(self, db: Connection) -> None:
        """Begin to read what is on disk now."""
        db.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def is_lost(self, db: Connection) -> bool:
        """Return whether a connection was cut, or the server is gone."""
        return not (isinstance(db, PostgresConnection) and db.is_open)

    def away(self, db: Connection, is_away: bool) -> None:
        """Nothing is to be done: a lost connection is made anew when it is used."""

    def close(self) -> None:
        """Let go of the connection."""
        self.connection.close()

    def _begin(self) -> None:
        self.connection.connect()
        cursor = self.connection.run(self._begin_words)
        self._transaction, self.leader = cursor.fetchone()

    def _told(self, made_due: list[str]) -> str:
        """Return what tells the leader, when the transaction is on disk, what it made due."""
        if not made_due:
            return ""
        told = "\n".join((self.run, *dict.fromkeys(made_due))).replace("'", "''")
        return f"SELECT pg_notify('{CHANNEL}', '{told}'); "

    def _why_not(self) -> str:
        if self._wants_alone:
            return f"Another pollbot already uses {self.server}: stop the other one"
        return (
            f"{self.server} is in use by `pollbot migrate-to`, which shares it with no other "
            "pollbot: wait until that is done"
        )

    def _wait_for_the_last_one(self) -> None:
        """Connect; a process that has just ended may still have its lock for a moment."""
        for left in reversed(range(_GONE_WITHIN)):
            try:
                self.connection.connect()
                return
            except (AnotherProcessError, CannotGoOnError) as error:
                if not left or not error.passes:
                    raise
                time.sleep(1.0)

    def _is_pooled(self) -> bool:
        """Return whether a second connection gets what is the first one's: only poolers do that."""
        with _connected(self.server) as other:
            mine = self.connection.run("SELECT pg_backend_pid()").fetchone()
            return bool(other.execute("SELECT pg_backend_pid()").fetchone() == mine)

    def _was_committed(self) -> bool:
        """Return what became of the transaction whose commit has lost its answer.

        Raises InDoubtError if that is not to be known now.
        """
        for _ in range(20):
            try:
                self.connection.connect()
                asked = self.connection.run(f"SELECT pg_xact_status('{self._transaction}')")
                (state,) = asked.fetchone()
            except psycopg.OperationalError as error:
                raise InDoubtError(f"a commit has lost its answer: {said(error)}") from error
            if state != "in progress":
                return bool(state == "committed")
            time.sleep(0.05)
        raise InDoubtError("a commit whose answer was lost goes on for a second")


class InDoubtError(psycopg.OperationalError):
    """Whether the server has kept a transaction is not to be known now."""


class AnotherProcessError(psycopg.OperationalError):
    """Another process has the database."""

    passes = True


class CannotGoOnError(psycopg.OperationalError):
    """Others that use or used the database leave no place for this one; the text says why.

    ``passes``: whether it is over once they are gone.
    """

    def __init__(self, why: str, *, passes: bool = False) -> None:
        super().__init__(why)
        self.passes = passes


def _hold(lock: str, raw: "psycopg.Connection[Any]") -> None:
    (ours,) = raw.execute(f"SELECT {lock}({_IN_USE})".encode()).fetchone() or (False,)
    if not ours:
        raise AnotherProcessError("another pollbot uses the database")


def in_use(db: PostgresConnection) -> bool:
    """Return whether a pollbot has the database now, on whatever machine."""
    (found,) = db.run(
        "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        f" AND classid = 0 AND objid = {_IN_USE})"
    ).fetchone()
    return bool(found)


def said(error: psycopg.Error) -> str:
    """Return what the server or libpq says, on one line; neither repeats a password."""
    return " ".join(str(error).split())


def as_libpq_takes_it(server: Server) -> str:
    """Return how to connect to the server. Raises psycopg.OperationalError."""
    try:
        given = {**_USUAL, **conninfo.conninfo_to_dict(server.address)}
    except psycopg.ProgrammingError:
        # libpq repeats what it cannot read, the password too.
        raise psycopg.OperationalError("it is no address that PostgreSQL's library reads") from None
    return conninfo.make_conninfo("", **given)


def settings(**also: int) -> bytes:
    """Return the statements that a connection begins with."""
    given = {
        "lock_timeout": _WAITING_FOR_OTHERS,
        "idle_in_transaction_session_timeout": _STANDING_STILL,
        # So that the server notices a machine that is gone, and with it lets its locks go.
        "tcp_keepalives_idle": 5,
        "tcp_keepalives_interval": 2,
        "tcp_keepalives_count": 3,
        **also,
    }
    said = [f"SET {name} = {value}" for name, value in given.items()]
    return "; ".join([*said, "SET synchronous_commit = on"]).encode()


def _connected(server: Server) -> "psycopg.Connection[Any]":
    raw = psycopg.connect(as_libpq_takes_it(server), autocommit=True)
    try:
        raw.adapters.register_loader("numeric", _NumericLoader)
        raw.execute(settings())
    except BaseException:
        raw.close()
        raise
    return raw
