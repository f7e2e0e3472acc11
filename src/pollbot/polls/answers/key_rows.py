"""What stands between the answers to an anonymous poll and the people who gave them.

While the poll is open, a voter is an HMAC under the poll's key. Poll keys are sealed under a key
that lies in a file of its own beside the database, itself sealed under the installation's key (on
a server, in a table of its own):

```
    <database>            poll_keys.key ── opened by ──▶ the poll's key ──▶ voters
    <database>.poll-key   the own key, which no backup of the database holds
```

At the close each voter becomes a random id and the poll's key goes, in one transaction. Right
after its commit, before anybody hears of it, the own key is renewed: the keys of the polls that
are still open are sealed anew, the old own key is destroyed, and SQLite's log is emptied. So
what lies in the folder, together with any earlier copy of the database, names nobody.

A crash between any two of these steps is mended at the start, which goes through all of them
again. Both key files may lie there then; the right one is the one that opens the keys.
"""

import hashlib
import hmac
import logging
import secrets

from cryptography.fernet import Fernet, InvalidToken

from pollbot.people import Person
from pollbot.polls.answers import step_rows as steps
from pollbot.polls.answers import unfinished_rows as unfinished
from pollbot.polls.answers.receipt_rows import forget_receipts
from pollbot.polls.answers.seal_rows import Seal
from pollbot.polls.kept import Kept
from pollbot.polls.refusals import PollClosed, PollKeyLost
from pollbot.store import outbox
from pollbot.store.vault import Vault
from pollbot.store.writer import Connection, Writer, transaction

log = logging.getLogger(__name__)

LEFTOVERS = "leftovers"
"""What is woken when a closed poll left something on disk that could not be destroyed yet."""


class PollKeys:
    """The keys of open anonymous polls, and what seals them. Lives on the writer's thread.

    ``lost`` is how many open polls have a key that cannot be opened; ``leftovers``
    says that something is still to be destroyed.
    """

    def __init__(self, writer: Writer, seal: Seal, vault: Vault) -> None:
        self._writer = writer
        self._vault = vault
        self._seal = seal
        self._to_renew = False
        self.lost = 0
        self.leftovers = False

    def take_up(self, db: Connection, *, older: bool = False) -> None:
        """Open the keys, renew what seals them, and destroy what an earlier run left.

        Where none can be opened the files stay as they are, so that they can be put right. But if
        the database is an ``older`` copy, an own key that opens nothing in it belongs to the one
        that it replaced, which is perhaps kept, and whose polls are never closed any more.
        """
        opened = self._opened(db)
        of_another = older and any(self._seal.at_hand(db))
        self._to_renew = bool(opened) or not self.lost or of_another
        if self.lost:
            log.error(
                "%s is missing or cannot be read: %d open anonymous polls take no answers until it "
                "is put back. All else works; they can be closed, and copies of them be posted",
                self._seal,
                self.lost,
            )
        self.destroy(db)

    def new(self, db: Connection, poll_id: str) -> bytes:
        """Make the key under which an anonymous poll keeps its voters."""
        key = secrets.token_bytes(32)
        own = self._seal.own(db) or self._seal.first(db)
        sealed = own.encrypt(key.hex().encode()).decode()
        db.execute("INSERT INTO poll_keys (poll_id, key) VALUES (?, ?)", (poll_id, sealed))
        return key

    def find(self, db: Connection, kept: Kept) -> bytes:
        """Return the poll's key. Raises PollClosed if it is gone, PollKeyLost if it is lost."""
        sealed = _sealed(db, kept.poll.id)
        if sealed is None:
            raise PollClosed(kept.poll.title)
        key = _open(self._seal.own(db), sealed)
        if key is None:
            key = self._open_any(sealed, self._seal.at_hand(db))
            if key is None:
                raise PollKeyLost(kept.poll.title)
            self._renew_after(db)
        return key

    def forget(self, db: Connection, poll_id: str) -> None:
        """Destroy the poll's key, and whatever could open an older copy of it."""
        db.execute("DELETE FROM poll_keys WHERE poll_id = ?", (poll_id,))
        db.execute("DELETE FROM deliveries WHERE subject = ?", (f"poll {poll_id}",))
        steps.forget(db, poll_id)
        self._renew_after(db)

    def forgotten(self, db: Connection) -> None:
        """Destroy whatever could open copies of keys that went with their polls."""
        self._renew_after(db)

    def destroy(self, db: Connection) -> None:
        """Destroy what closed polls have left on disk, outside of any transaction.

        What cannot be done now is left over, for whoever listens to LEFTOVERS.
        """
        try:
            if self._to_renew:
                self._renew(db)
                self._to_renew = False
            done = self._seal.emptied(db)
        except self._seal.errors as error:
            done = False
            if not self.leftovers:
                log.error("what closed polls left on disk is not destroyed yet: %s", error)
        if not done and not self.leftovers:
            db.made_due.append(LEFTOVERS)
        self.leftovers = not done

    @transaction
    def destroy_leftovers(self, db: Connection) -> None:
        """Try once more to destroy what is left over."""
        db.after_commit.append(self.destroy)

    def _renew_after(self, db: Connection) -> None:
        self._to_renew = True
        db.after_commit.append(self.destroy)

    def _renew(self, db: Connection) -> None:
        """Put the keys of all open polls under a new own key, and destroy the old one.

        What no key opens stays as it is: nothing that lies here can open it either.
        """

        def put_under(opened: dict[str, bytes], fresh: Fernet) -> None:
            db.executemany(
                "UPDATE poll_keys SET key = ? WHERE poll_id = ?",
                [(fresh.encrypt(key.hex().encode()).decode(), id_) for id_, key in opened.items()],
            )

        self._seal.renew(db, lambda: self._opened(db), put_under)

    def _opened(self, db: Connection) -> dict[str, bytes]:
        """Return the keys that can be opened, by poll; count those that cannot."""
        rows: list[tuple[str, str]] = db.execute("SELECT poll_id, key FROM poll_keys").fetchall()
        at_hand = self._seal.at_hand(db) if rows else []
        found = {poll_id: self._open_any(sealed, at_hand) for poll_id, sealed in rows}
        opened = {poll_id: key for poll_id, key in found.items() if key is not None}
        self.lost = len(found) - len(opened)
        return opened

    def _open_any(self, sealed: str, at_hand: list[Fernet]) -> bytes | None:
        for own in at_hand:
            key = _open(own, sealed)
            if key is not None:
                return key
        # Before there was a file for them, poll keys were sealed under the installation's key.
        plain = self._vault.opened(sealed)
        return None if plain is None else bytes.fromhex(plain)


def voter_of(db: Connection, keys: PollKeys, kept: Kept, person: Person) -> str:
    """Return what stands for the person in this poll's rows.

    Raises PollClosed for an anonymous poll whose key is gone, PollKeyLost for one
    whose key is lost.
    """
    if kept.poll.settings.names:
        return person.user_id
    return _pseudonym(keys.find(db, kept), person.team_id, person.user_id)


def make_anonymous(db: Connection, keys: PollKeys, kept: Kept) -> None:
    """Put a pseudonym in place of every name that the poll has kept so far."""
    poll_id = kept.poll.id
    outbox.forget_readers(db, poll_id)
    forget_receipts(db, poll_id)
    db.execute("UPDATE polls SET closed_by = '' WHERE id = ? AND closed_by IS NOT NULL", (poll_id,))
    steps.keep(db, kept)
    key = keys.new(db, poll_id)
    for table, who, of, value in (
        ("answers", "voter", "poll_id", poll_id),
        ("comments", "voter", "poll_id", poll_id),
        ("unfinished", "voter", "poll_id", poll_id),
        # Else a click that Slack delivers again would count again.
        ("deliveries", "user_id", "subject", f"poll {poll_id}"),
    ):
        people = db.execute(
            f"SELECT DISTINCT {who} FROM {table} WHERE {of} = ?", (value,)
        ).fetchall()
        for (person,) in people:
            db.execute(
                f"UPDATE {table} SET {who} = ? WHERE {of} = ? AND {who} = ?",
                (_pseudonym(key, kept.team_id, person), value, person),
            )
    db.after_commit.append(keys.destroy)


def part_for_good(db: Connection, keys: PollKeys, poll_id: str) -> None:
    """Part the answers from their people for good: each answer and comment is nobody's now.

    How many people answered is kept, since it can no longer be counted.
    """
    db.execute(
        "UPDATE polls SET people = (SELECT count(DISTINCT voter) FROM answers WHERE poll_id = ?)"
        " WHERE id = ?",
        (poll_id, poll_id),
    )
    for table in ("answers", "comments"):
        db.execute(f"UPDATE {table} SET voter = random_id() WHERE poll_id = ?", (poll_id,))
    # It would tell who answered before an edit, and who after it.
    db.execute("UPDATE answers SET was = NULL WHERE poll_id = ?", (poll_id,))
    unfinished.forget(db, poll_id)
    keys.forget(db, poll_id)


def _sealed(db: Connection, poll_id: str) -> str | None:
    row = db.execute("SELECT key FROM poll_keys WHERE poll_id = ?", (poll_id,)).fetchone()
    return None if row is None else str(row[0])


def _open(own: Fernet | None, sealed: str) -> bytes | None:
    try:
        return None if own is None else bytes.fromhex(own.decrypt(sealed.encode()).decode())
    except InvalidToken:
        return None


def _pseudonym(key: bytes, team_id: str, user_id: str) -> str:
    return hmac.new(key, f"{team_id} {user_id}".encode(), hashlib.sha256).hexdigest()
