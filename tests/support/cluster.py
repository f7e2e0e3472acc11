"""A PostgreSQL server of the tests' own, from the system's packages.

Each path at which a test would have a file stands for a database on it.
"""

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from cryptography.fernet import Fernet
from psycopg import sql

import pollbot.database
from pollbot.place import Server
from pollbot.sandbox import cluster
from pollbot.sandbox.cluster import programs
from pollbot.store.postgres import PostgresConnection
from pollbot.store.server_tables import migrate

KEY = Fernet.generate_key().decode()
__all__ = ["KEY", "Cluster", "Databases", "programs", "running"]
_TEMPLATE = "empty_pollbot"
_CATALOGS = ("class", "attribute", "attrdef", "index", "constraint", "trigger", "proc")
"""What PostgreSQL knows of the tables of a database."""
_LEADERS_LOCK = 0x706F6C6F


class Cluster(cluster.Cluster):
    """A server, and the databases that tests have asked for."""

    port: int

    def __init__(self, programs: Path, folder: Path, port: int, *, durable: bool = False) -> None:
        self.durable = durable
        self._given_back: list[str] = []
        self._made = 0
        super().__init__(programs, folder, port)
        folder.chmod(0o711)  # a pooler of the tests runs as somebody else

    def make(self, name: str, *, template: str = "template1") -> str:
        """Make a database; return its address."""
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.address(name)

    def run(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement as the server's owner; return its rows."""
        with psycopg.connect(self.address("postgres"), autocommit=True) as db:
            done = db.execute(statement.encode())
            return done.fetchall() if done.description else []

    def cut(self, name: str) -> None:
        """Cut every connection to a database, as a network does."""
        self.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"  # noqa: S608  a test's own name
            f" WHERE datname = '{name}'"
        )

    def leader(self, name: str) -> str | None:
        """Return by its application_name which of the pollbots on a database leads."""
        rows = self.run(
            "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)"  # noqa: S608  a test's own name
            f" WHERE locktype = 'advisory' AND granted AND datname = '{name}'"
            f" AND classid = 0 AND objid = {_LEADERS_LOCK}"
        )
        return str(rows[0][0]) if rows else None

    def make_template(self) -> None:
        """Make the database that all others are copies of, with pollbot's tables."""
        db = PostgresConnection(Server(self.make(_TEMPLATE)))
        db.connect()
        migrate(db)
        db.close()
        with psycopg.connect(self.address(_TEMPLATE)) as made:
            self._as_made = _made_of(made)
            names = made.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            self._rows = {str(name): _rows_of(made, name) for (name,) in names.fetchall()}

    def empty(self) -> str:
        """Return the name of a database with pollbot's tables, as one that nobody has used."""
        if self._given_back:
            return self._given_back.pop()
        self._made += 1
        name = f"pollbot_{self._made}"
        self.make(name, template=_TEMPLATE)
        return name

    def give_back(self, name: str) -> None:
        """Have a database be empty again for whoever asks next; drop one whose tables were changed.

        It has hundreds of files. To make and drop them for each test took longer than the tests.
        """
        self.run(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"  # noqa: S608  a test's own name
            f" WHERE datname = '{name}'"
        )
        with psycopg.connect(self.address(name)) as db:
            is_as_made = _made_of(db) == self._as_made
            if is_as_made:
                self._bring_back(db)
        if is_as_made:
            self._given_back.append(name)
        else:
            self.run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _bring_back(self, db: psycopg.Connection[Any]) -> None:
        # The server's owner may leave what refers to what for later, and the log's keeper aside.
        db.execute("SET session_replication_role = replica")
        has_any = sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")
        looks = [has_any.format(sql.Literal(name), sql.Identifier(name)) for name in self._rows]
        filled = db.execute(sql.SQL(" UNION ALL ").join(looks)).fetchall()
        begun_with = [name for name, rows in self._rows.items() if rows]
        for name in {name for (name,) in filled} | {*begun_with}:
            rows, table = self._rows[name], sql.Identifier(name)
            if rows and rows == _rows_of(db, name):
                continue
            db.execute(sql.SQL("DELETE FROM {}").format(table))
            for row in rows:
                values = sql.SQL(", ").join(map(sql.Literal, row))
                db.execute(sql.SQL("INSERT INTO {} VALUES ({})").format(table, values))


def _rows_of(db: psycopg.Connection[Any], table: str) -> list[tuple[Any, ...]]:
    return db.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))).fetchall()


def _made_of(db: psycopg.Connection[Any]) -> set[tuple[Any, ...]]:
    """Return what is other once any table, or what holds for the database, was changed."""
    looks = [
        f"SELECT '{one}', count(*), sum(xmin::text::bigint) FROM pg_{one}"  # noqa: S608  of the above
        for one in _CATALOGS
    ]
    looks.append(
        "SELECT 'settings', count(*), 0 FROM pg_db_role_setting AS setting"
        " JOIN pg_database AS kept ON kept.oid = setting.setdatabase"
        " WHERE kept.datname = current_database()"
    )
    return set(db.execute(" UNION ALL ".join(looks).encode()).fetchall())


@contextmanager
def running(
    programs: Path, *, durable: bool = False, within: Path | None = None
) -> Iterator[Cluster]:
    """Make a cluster and run it; nothing of it outlives the run."""
    # Not where pytest has its folders: those are for its own user only.
    with tempfile.TemporaryDirectory(prefix="pollbot-pg-", dir=within) as folder:
        cluster = Cluster(programs, Path(folder), _free_port(), durable=durable)
        try:
            yield cluster
        finally:
            cluster.stop()


class Databases:
    """The databases of one test: one for each path, its own from when it is first opened."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._names: dict[Path, str] = {}
        self._reading: dict[Path, PostgresConnection] = {}

    def at(self, path: Path) -> Server:
        """Return the database that stands for a file there."""
        return Server(self._cluster.address(self.name(path)))

    def name(self, path: Path) -> str:
        """Return its name on the server."""
        name = self._names.get(path.resolve())
        if name is None:
            name = self._names[path.resolve()] = self._cluster.empty()
        return name

    def rows(self, path: Path, query: str, values: Any = ()) -> list[tuple[Any, ...]]:
        """Return rows as another program would read them."""
        # Who waits for something looks often, and to connect takes longer than a look.
        db = self._reading.setdefault(path, PostgresConnection(self.at(path)))
        for _ in range(2):
            db.connect()
            try:
                return db.execute(query, values).fetchall()
            except psycopg.OperationalError:  # it was cut since
                db.close()
        raise AssertionError("the server is not there")

    def read(self, path: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the same; the values follow one by one."""
        return self.rows(path, query, values)

    def beside(self, path: Path) -> PostgresConnection:
        """Return a connection beside pollbot's own."""
        db = PostgresConnection(self.at(path))
        db.connect()
        return db

    def copied(self, path: Path, folder: Path) -> Path:
        """Make a database that holds what this one has now; return the path it stands for."""
        folder.mkdir()
        to = folder / path.name
        copy = [str(self._cluster.address(self.name(one))) for one in (path, to)]
        with psycopg.connect(copy[0]) as there, psycopg.connect(copy[1]) as here:
            there.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            # The server's owner may leave what refers to what for later.
            here.execute("SET session_replication_role = replica")
            tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            for (table,) in there.execute(tables).fetchall():
                name = sql.Identifier(table)
                here.execute(sql.SQL("DELETE FROM {}").format(name))
                with (
                    there.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(name)) as out,
                    here.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(name)) as into,
                ):
                    for data in out:
                        into.write(data)
        return to

    def give_back(self) -> None:
        """Let go of them all."""
        for db in self._reading.values():
            db.close()
        for name in self._names.values():
            self._cluster.give_back(name)

    def opened(self, path: Path) -> Any:
        """Return what Store stands on, in place of a file."""
        ground = pollbot.database._OnServer(self.at(path))
        ground.keys = lambda: [KEY]  # type: ignore[method-assign]
        return ground


def _free_port() -> int:
    """Return a port that nobody listens on, and that no connection is given by chance."""
    for port in range(10_000 + os.getpid() % 10_000, 32_000):
        with socket.socket() as one:
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("every port is taken")
