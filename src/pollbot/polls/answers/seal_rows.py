"""What seals the keys of anonymous polls, where no backup of the database holds it.

Beside a file it is a file of its own; on a server, whose replicas share no folder, a table of its
own, which a backup has to leave out (docs/scale.md).
"""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from cryptography.fernet import Fernet

from pollbot.errors import NotDone, StorageUnavailable
from pollbot.store.vault import Vault, write_new
from pollbot.store.writer import Connection, Engine, alone

Opened = Callable[[], dict[str, bytes]]
"""Returns the keys that can be opened, by poll."""

Change = Callable[[dict[str, bytes], Fernet], None]
"""Puts these keys under another seal, in the open transaction."""


class Seal(Protocol):
    """The own key, under which the keys of polls lie, itself sealed under the installation's.

    ``errors`` is what its methods raise where the disk or the server does not take it.
    """

    errors: tuple[type[Exception], ...]

    def __str__(self) -> str:
        """Return where it is, for the log."""

    def own(self, db: Connection) -> Fernet | None:
        """Return the own key in use; None if there is none."""

    def at_hand(self, db: Connection) -> list[Fernet]:
        """Return whatever lies there, in use or not."""

    def first(self, db: Connection) -> Fernet:
        """Make the own key where there is none. Raises StorageUnavailable if it cannot be kept."""

    def renew(self, db: Connection, opened: Opened, change: Change) -> None:
        """Have another own key, or none where nothing is opened, and destroy the one before.

        Outside of any transaction.
        """

    def emptied(self, db: Connection) -> bool:
        """Empty the database of what was deleted; return False if it has to be tried again."""


class SealFile:
    """A file beside the database, for its owner only."""

    errors: tuple[type[Exception], ...] = (OSError, sqlite3.Error)

    def __init__(self, database: Path, vault: Vault) -> None:
        self._vault = vault
        self._file, self._next = _beside(database)
        self._own: Fernet | None = None

    def __str__(self) -> str:
        """Return the file's path."""
        return str(self._file)

    def own(self, db: Connection) -> Fernet | None:
        """Return the own key that this run has written."""
        return self._own

    def at_hand(self, db: Connection) -> list[Fernet]:
        """Return the keys in both files: a crash may have left the next one beside."""
        found = (self._own, self._read(self._file), self._read(self._next))
        return [key for key in found if key is not None]

    def first(self, db: Connection) -> Fernet:
        """Make the file."""
        try:
            own = self._write_next()
            self._replace_file()
        except OSError as error:
            raise StorageUnavailable from error
        self._own = own
        return own

    def renew(self, db: Connection, opened: Opened, change: Change) -> None:
        """Write the next file, change the keys, and put it in the place of the one before."""
        keys = opened()
        if not keys:
            self._own = None
            _destroy(self._file)
            _destroy(self._next)
            return
        fresh = self._write_next()
        db.execute("BEGIN IMMEDIATE")
        try:
            change(keys, fresh)
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
        self._own = fresh
        self._replace_file()

    def emptied(self, db: Connection) -> bool:
        """Empty SQLite's log of what it still holds, unless somebody is reading from it."""
        (patience,) = db.execute("PRAGMA busy_timeout").fetchone()
        db.execute("PRAGMA busy_timeout = 0")
        try:
            # www.sqlite.org/pragma.html#pragma_wal_checkpoint: the first column is 1 if blocked.
            (blocked, *_) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            db.execute(f"PRAGMA busy_timeout = {patience}")
        return not blocked

    def _read(self, path: Path) -> Fernet | None:
        try:
            plain = self._vault.opened(path.read_text(errors="replace").strip())
            return None if plain is None else Fernet(plain)
        except (OSError, ValueError):
            return None

    def _write_next(self) -> Fernet:
        """Write a new own key beside the one in use."""
        key = Fernet.generate_key()
        self._next.unlink(missing_ok=True)
        write_new(self._next, self._vault.seal(key.decode()))
        _sync_folder(self._next)
        return Fernet(key)

    def _replace_file(self) -> None:
        _blank(self._file)
        self._next.replace(self._file)
        _sync_folder(self._file)


class SealTable:
    """A table of its own on the server, which each replica reads when it needs it."""

    def __init__(self, server: Engine, vault: Vault) -> None:
        self._server = server
        self._vault = vault
        self.errors: tuple[type[Exception], ...] = (server.errors,)

    def __str__(self) -> str:
        """Return the table's name."""
        return "what lies in the table poll_key_seal"

    def own(self, db: Connection) -> Fernet | None:
        """Return the own key: another replica may have renewed it just now."""
        return next(iter(self.at_hand(db)), None)

    def at_hand(self, db: Connection) -> list[Fernet]:
        """Return what the table holds."""
        sealed = db.execute("SELECT key FROM poll_key_seal ORDER BY id DESC").fetchall()
        opened = [self._vault.opened(key) for (key,) in sealed]
        return [Fernet(key) for key in opened if key is not None]

    def first(self, db: Connection) -> Fernet:
        """Keep a new own key, in the open transaction."""
        key = Fernet.generate_key()
        db.execute(
            "INSERT INTO poll_key_seal (id, key)"
            " SELECT coalesce(max(id), 0) + 1, CAST(? AS TEXT) FROM poll_key_seal",
            (self._vault.seal(key.decode()),),
        )
        return Fernet(key)

    def renew(self, db: Connection, opened: Opened, change: Change) -> None:
        """Put another own key in the place of the one before, in a transaction of its own.

        What is opened is read in there, too: other replicas make and close polls meanwhile.
        """

        def anew() -> None:
            keys = opened()
            db.execute("DELETE FROM poll_key_seal")
            if keys:
                change(keys, self.first(db))

        alone(self._server, db, anew)

    def emptied(self, db: Connection) -> bool:
        """Have the server overwrite what was deleted, as far as it does so."""
        db.execute("VACUUM poll_key_seal")
        return True


def carry_over(database: Path, vault: Vault | None, db: Connection) -> None:
    """Keep on the server, in the open transaction, what lies beside a file that moves there.

    Raises NotDone if that cannot be opened, and with it the keys of polls that moved.
    """
    beside = [path for path in _beside(database) if path.exists()]
    opened = [
        (sealed, path)
        for path in beside
        for sealed in [path.read_text(errors="replace").strip()]
        if vault is not None and _is_key(vault.opened(sealed))
    ]
    waiting = db.execute("SELECT 1 FROM poll_keys LIMIT 1").fetchone()
    if beside and not opened and waiting:
        raise NotDone(
            f"Nothing was moved: no key that is here opens {beside[0]}, and with it the keys of "
            "open anonymous polls. Put the right key into POLLBOT_ENCRYPTION_KEYS. If there is no "
            "such key any more, delete that file: these polls take no more answers then, and can "
            "be closed."
        )
    for number, (sealed, _) in enumerate(reversed(opened), 1):
        db.execute("INSERT INTO poll_key_seal (id, key) VALUES (?, ?)", (number, sealed))


def forget_beside(database: Path) -> None:
    """Destroy what lies beside a file that moved, as it would be after a close. Raises OSError."""
    for path in _beside(database):
        _destroy(path)


def _beside(database: Path) -> tuple[Path, Path]:
    """Return where the own key of polls lies, and where the next one does while it is renewed."""
    return (
        database.with_name(database.name + ".poll-key"),
        database.with_name(database.name + ".poll-key.new"),
    )


def _is_key(plain: str | None) -> bool:
    try:
        return plain is not None and bool(Fernet(plain))
    except ValueError:
        return False


def _destroy(path: Path) -> None:
    _blank(path)
    if path.is_file() or path.is_symlink():
        path.unlink()
        _sync_folder(path)


def _blank(path: Path) -> None:
    """Write over what is in the file, where that can be done; its name goes in any case."""
    try:
        with path.open("r+b") as file:
            file.write(b"\0" * os.fstat(file.fileno()).st_size)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        return


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
