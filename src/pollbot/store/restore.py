"""A copy is put in the place of the database, while no pollbot runs on it.

The copy is judged before anything is touched: is it a database of pollbot's, whole, of no newer
version, and does a key that is here open it? What was in place is kept beside it. Whatever is put
back is an older copy from then on, see store/mark.py: what waits in it may have been done since.

```
    FILE ──▶ <database>.part, judged ──▶ the mark goes ahead ──▶ <database>
                            <database>, its log folded in ──▶ <database>.replaced-<time>
```

A kill between any two of these steps leaves the old database in place, or the new one. Once the
old one has its second name, and the place is not taken yet, pollbot refuses to start by either.
"""

import os
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

from pollbot.errors import NotDone
from pollbot.store import mark
from pollbot.store.copies import (
    REPLACED,
    copy,
    damage_of,
    open_existing,
    owned_like,
    sync_folder,
    unfinished,
    why,
)
from pollbot.store.migrations import applied, unknown
from pollbot.store.sqlite import hold, is_in_the_way

Opens = Callable[[sqlite3.Connection], bool]
"""Whether a key that is here opens what is sealed in a database."""


def restore(database: Path, copied: Path, opens: Opens, now: float) -> Path | None:
    """Put a copy of the database in its place; return where that is kept which was there.

    Raises NotDone; then all is as it was.
    """
    named, database = database, database.resolve()
    try:
        lock = hold(database)
    except BlockingIOError:
        raise NotDone(
            f"Nothing was restored: pollbot runs on {database}. Stop it first, and start it again "
            "afterwards."
        ) from None
    except OSError as error:
        raise NotDone(f"Nothing was restored: {why(error)}.") from None
    try:
        with unfinished(database) as part:
            _judge(copied, part, named, opens)
            return _swap(part, database, now)
    except (sqlite3.Error, OSError) as error:
        raise NotDone(f"Nothing was restored: {why(error)}.") from error
    finally:
        os.close(lock)


def _judge(copied: Path, part: Path, database: Path, opens: Opens) -> None:
    """Write the copy once more, into the database's folder, and judge that. Raises NotDone."""
    try:
        if database.exists() and copied.samefile(database):
            raise NotDone(f"Nothing was restored: {copied} is the database itself.")
        with closing(_open_to_read(copied)) as db:
            copy(db, part)
        with closing(open_existing(part)) as made:
            newer = unknown(made)
            is_ours, opened = bool(applied(made)), bool(newer) or opens(made)
    except FileNotFoundError:
        raise NotDone(f"Nothing was restored: there is no file {copied}.") from None
    except (sqlite3.Error, OSError) as error:
        raise NotDone(
            f"Nothing was restored: {copied} is no backup that can be used ({why(error)}). The "
            "database is as it was; try an earlier backup."
        ) from error
    if not is_ours:
        raise NotDone(f"Nothing was restored: {copied} is no database of pollbot's.")
    if newer:
        raise NotDone(
            f"Nothing was restored: a newer pollbot has used {copied} ({', '.join(newer)}). "
            "Restore it with that version, or take a backup from before."
        )
    if not opened:
        raise NotDone(
            f"Nothing was restored: no key that is here opens the tokens in {copied}. Put the key "
            f"that belongs to it into {database}.key, or into POLLBOT_ENCRYPTION_KEYS."
        )


def _swap(part: Path, database: Path, now: float) -> Path | None:
    """Put the new file in place. Raises OSError or sqlite3.Error, and has undone what it did."""
    there = database.exists()
    if there:
        _fold_in(database)
    with ExitStack() as undo:
        with closing(open_existing(part)) as made:
            undo.callback(mark.go_ahead(database, made))
        beside = (database.with_name(database.name + end) for end in (".mark", ".lock"))
        for made_here in (part, *beside):
            owned_like(made_here, database if there else database.parent)
        kept = _keep(database, now, undo)
        part.replace(database)
        undo.pop_all()
    sync_folder(database)
    return kept


def _fold_in(database: Path) -> None:
    """Bring what lies in SQLite's log into the file, if SQLite can open that.

    Raises NotDone if another program has it open.
    """
    try:
        with closing(open_existing(database)) as db:
            damage_of(db)
            db.execute("PRAGMA journal_mode=DELETE").fetchall()
    except sqlite3.OperationalError as error:
        if not is_in_the_way(error):
            return
        raise NotDone(
            f"Nothing was restored: another program has {database} open (sqlite3? Litestream?). "
            "Close it first."
        ) from None
    except sqlite3.DatabaseError:
        return


def _keep(database: Path, now: float, undo: ExitStack) -> Path | None:
    """Move what lies in the place to a name of its own; return that of the database, if it did.

    The database has both names until its place is taken. Its log goes even where it is all that is
    left: beside the new database, SQLite would write it into that.
    """
    at = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ")
    kept = database.with_name(f"{database.name}{REPLACED}{at}")
    number = 1
    while os.path.lexists(kept):
        number += 1
        kept = database.with_name(f"{database.name}{REPLACED}{at}-{number}")
    there = database.exists()
    if there:
        try:
            os.link(database, kept)
            undo.callback(kept.unlink)
        except OSError:
            # A file system without hard links, such as FAT.
            database.rename(kept)
            undo.callback(kept.rename, database)
    for end in ("-wal", "-journal", "-shm"):
        left, to = (path.with_name(path.name + end) for path in (database, kept))
        if left.exists():
            left.rename(to)
            undo.callback(to.rename, left)
    return kept if there else None


def _open_to_read(copied: Path) -> sqlite3.Connection:
    """Open a copy without changing it, also where nothing may be written beside it."""
    copied.stat()
    beside = (copied.with_name(copied.name + end) for end in ("-wal", "-journal"))
    at_rest = "" if any(map(os.path.lexists, beside)) else "&immutable=1"
    return sqlite3.connect(
        f"{copied.absolute().as_uri()}?mode=ro{at_rest}", uri=True, isolation_level=None
    )
