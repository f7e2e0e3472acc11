"""People's Jira accounts, and which issue or page a channel is linked to."""

from collections.abc import Sequence
from dataclasses import dataclass

from pollbot.accounts.rules import (
    LIVES,
    TOLD_BEFORE,
    Disconnected,
    Dropped,
    Ending,
    ToldBy,
    Waiting,
    grant_in,
)
from pollbot.jira.issues import IssueAt
from pollbot.jira.key_rows import present
from pollbot.jira.pages import Linked, PageRef
from pollbot.people import Account, Person
from pollbot.rights.rows import must_use
from pollbot.store import audit, outbox
from pollbot.store.audit import What
from pollbot.store.columns import Columns
from pollbot.store.deliveries import act
from pollbot.store.outbox import Kind, Notice
from pollbot.store.vault import Vault
from pollbot.store.writer import Connection, Writer, reading, transaction

_A_LITTLE = 0.001
"""Seconds: as long ago nobody has connected the account before."""


class Waits:
    """What waits for accounts, as whoever keeps it knows. Each is called in the transaction.

    As it stands here, what waits goes on with the next account, and each piece of work finds out
    by itself that its account is gone.
    """

    def connected(self, db: Connection, person: Person, site: str, now: float) -> Waiting:
        """Let go on what waits for the person's account; return what of it they are to hear."""
        return Waiting()

    def disconnected(self, db: Connection, person: Person, site: str) -> Dropped:
        """Drop what cannot be done without the account; return what that was."""
        return Dropped()

    def refused(
        self, db: Connection, person: Person, site: str, told_by: ToldBy, now: float
    ) -> None:
        """Let all of it wait for a new token."""


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A Jira account as it lies in its table. ``credential`` is sealed."""

    account_id: str
    display_name: str
    base_url: str
    credential: str
    refused_at: float | None


_ROW = Columns(AccountRow)


class AccountRows:
    """One row per person and site. ``waits`` are told in the transaction what became of it."""

    def __init__(self, writer: Writer, vault: Vault, waits: Sequence[Waits]) -> None:
        self._writer = writer
        self._vault = vault
        self._waits = waits

    @transaction
    def find(self, db: Connection, person: Person, site: str) -> Account | None:
        """Return the person's account on the site, refused or not."""
        return self.of(db, person, site)

    def of(self, db: Connection, person: Person, site: str) -> Account | None:
        """Do what ``find`` does, in an open transaction."""
        row = db.execute(
            f"SELECT {_ROW} FROM accounts WHERE team_id = ? AND user_id = ? AND site = ?",
            (person.team_id, person.user_id, site),
        ).fetchone()
        if row is None:
            return None
        kept = _ROW.read(row)
        return Account(
            account_id=kept.account_id,
            display_name=kept.display_name,
            base_url=kept.base_url,
            credential=self._vault.open(kept.credential),
            refused=kept.refused_at is not None,
        )

    async def usable(self, person: Person, site: str) -> Account | None:
        """Return the person's account on the site if Jira takes it, as far as that is known."""
        account = await self.find(person, site)
        return None if account is None or account.refused else account

    def connect(
        self, db: Connection, person: Person, site: str, account: Account, now: float
    ) -> Waiting:
        """Keep the account, in an open transaction, and let go on what waits for it; return that.

        Whether it is still asked for is known to ``accounts/grant_rows.py``.
        """
        db.execute(
            "INSERT INTO accounts (team_id, user_id, site, account_id, display_name, base_url,"
            " credential, connected_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (team_id, user_id, site) DO UPDATE SET account_id = excluded.account_id,"
            " display_name = excluded.display_name, base_url = excluded.base_url,"
            " credential = excluded.credential, connected_at = excluded.connected_at,"
            " refused_at = NULL, told_of_end = 0",
            (
                person.team_id,
                person.user_id,
                site,
                account.account_id,
                account.display_name,
                account.base_url,
                self._vault.seal(account.credential),
                now,
            ),
        )
        audit.note(db, person, What.ACCOUNT_CONNECTED, site, now)
        waiting = [one.connected(db, person, site, now) for one in self._waits]
        return Waiting(
            tuple(key for one in waiting for key in one.votes),
            tuple(title for one in waiting for title in one.polls),
        )

    @transaction
    def tell_of_ends(self, db: Connection, now: float) -> None:
        """Owe a word to whoever has an account that is over soon, once for each."""
        ending = db.execute(
            "UPDATE accounts SET told_of_end = 1 WHERE told_of_end = 0 AND refused_at IS NULL"
            " AND connected_at <= ? RETURNING team_id, user_id, site, connected_at",
            (now - (LIVES - TOLD_BEFORE),),
        ).fetchall()
        for team_id, user_id, site, connected_at in ending:
            outbox.owe(db, Notice(Kind.ACCOUNT_ENDS, site, connected_at, user_id), team_id, now)

    @reading
    def next_end(self, db: Connection) -> float | None:
        """Return when the next word about an end is due."""
        (first,) = db.execute(
            "SELECT min(connected_at) FROM accounts WHERE told_of_end = 0 AND refused_at IS NULL"
        ).fetchone()
        return None if first is None else float(first) + LIVES - TOLD_BEFORE

    @reading
    def ending(
        self, db: Connection, person: Person, site: str, connected_at: float
    ) -> Ending | None:
        """Return the account that was connected then; None if another took its place, or none.

        The moment is that of what is owed, which ``outbox.of_team`` may have put off a little.
        """
        row = db.execute(
            "SELECT credential FROM accounts WHERE team_id = ? AND user_id = ? AND site = ?"
            " AND connected_at BETWEEN ? AND ? AND refused_at IS NULL",
            (person.team_id, person.user_id, site, connected_at - _A_LITTLE, connected_at),
        ).fetchone()
        if row is None:
            return None
        return Ending(site, connected_at, bool(grant_in(self._vault.open(row[0]))))

    @act
    def disconnect(
        self, db: Connection, person: Person, sites: Sequence[str], now: float
    ) -> list[Disconnected]:
        """Forget the accounts, and what waits for them; return what became of each."""
        gone = [self._disconnect(db, person, site) for site in sites]
        for one in gone:
            if one.was_connected:
                audit.note(db, person, What.ACCOUNT_DISCONNECTED, one.site, now)
        return gone

    def disconnect_all(self, db: Connection, team_id: str) -> None:
        """Forget every account of a workspace, in an open transaction, and what waits for them."""
        accounts = db.execute(
            "SELECT user_id, site FROM accounts WHERE team_id = ? ORDER BY user_id, site",
            (team_id,),
        ).fetchall()
        for user_id, site in accounts:
            self._disconnect(db, Person(team_id, user_id), site)

    def _disconnect(self, db: Connection, person: Person, site: str) -> Disconnected:
        gone = db.execute(
            "DELETE FROM accounts WHERE team_id = ? AND user_id = ? AND site = ?"
            " RETURNING account_id",
            (person.team_id, person.user_id, site),
        ).fetchall()
        dropped = [one.disconnected(db, person, site) for one in self._waits]
        votes = tuple(vote for one in dropped for vote in one.votes)
        polls = tuple(title for one in dropped for title in one.polls)
        return Disconnected(site, bool(gone), Dropped(votes, polls))

    @transaction
    def refused(
        self,
        db: Connection,
        person: Person,
        site: str,
        credential: str,
        intent_id: str,
        now: float,
    ) -> bool:
        """Mark the account as no longer accepted; its intents and polls wait for a new token.

        The owner is to be told once, by way of the given intent; by the caller, if
        it is none of them. Return False, and change nothing, if the credential was
        replaced meanwhile.
        """
        row = db.execute(
            "SELECT credential, refused_at FROM accounts"
            " WHERE team_id = ? AND user_id = ? AND site = ?",
            (person.team_id, person.user_id, site),
        ).fetchone()
        if row is None or self._vault.open(row[0]) != credential:
            return False
        told_by = ToldBy(intent_id, before=row[1] is not None)
        for one in self._waits:
            one.refused(db, person, site, told_by, now)
        db.execute(
            "UPDATE accounts SET refused_at = ? WHERE team_id = ? AND user_id = ? AND site = ?",
            (now, person.team_id, person.user_id, site),
        )
        return True

    @act
    def link(
        self, db: Connection, person: Person, channel_id: str, to: IssueAt, now: float
    ) -> IssueAt:
        """Link the channel to the issue, in place of any earlier link; return it as it is now."""
        must_use(db, person.team_id, to.key)
        issue = IssueAt(to.site, present(db, to.site, to.key))
        _unlink(db, person.team_id, channel_id)
        db.execute(
            "INSERT INTO links (team_id, channel_id, site, issue_key, linked_by, linked_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (person.team_id, channel_id, issue.site, issue.key, person.user_id, now),
        )
        linked = What.CHANNEL_LINKED
        audit.note(db, person, linked, channel_id, now, issue=issue.key, site=issue.site)
        return issue

    @act
    def link_page(
        self, db: Connection, person: Person, channel_id: str, to: PageRef, now: float
    ) -> None:
        """Link the channel to the page, in place of any earlier link."""
        _unlink(db, person.team_id, channel_id)
        db.execute(
            "INSERT INTO page_links (team_id, channel_id, site, page_id, linked_by, linked_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (person.team_id, channel_id, to.site, to.page_id, person.user_id, now),
        )
        audit.note(db, person, What.CHANNEL_LINKED, channel_id, now, page=to.page_id, site=to.site)

    @act
    def unlink(self, db: Connection, person: Person, channel_id: str, now: float) -> Linked | None:
        """Remove the channel's link; return what it led to, None if there was none."""
        led_to = _linked(db, person.team_id, channel_id)
        if led_to is None:
            return None
        _unlink(db, person.team_id, channel_id)
        of = {"page": led_to.page_id} if isinstance(led_to, PageRef) else {"issue": led_to.key}
        audit.note(db, person, What.CHANNEL_UNLINKED, channel_id, now, **of)
        return led_to

    @transaction
    def linked(
        self, db: Connection, team_id: str, channel_id: str, sites: Sequence[str]
    ) -> Linked | None:
        """Return what the channel is linked to, if that is on one of the sites."""
        led_to = _linked(db, team_id, channel_id)
        return led_to if led_to is not None and led_to.site in sites else None


def _linked(db: Connection, team_id: str, channel_id: str) -> Linked | None:
    # A pollbot of the version before, beside this one, knows links to issues only.
    row = db.execute(
        "SELECT site, issue_key, '' AS page_id, linked_at FROM links"
        " WHERE team_id = ? AND channel_id = ?"
        " UNION ALL SELECT site, '' AS issue_key, page_id, linked_at FROM page_links"
        " WHERE team_id = ? AND channel_id = ? ORDER BY linked_at DESC LIMIT 1",
        (team_id, channel_id, team_id, channel_id),
    ).fetchone()
    if row is None:
        return None
    site, issue_key, page_id, _ = row
    return PageRef(site, page_id) if page_id else IssueAt(site, issue_key)


def _unlink(db: Connection, team_id: str, channel_id: str) -> None:
    of = (team_id, channel_id)
    db.execute("DELETE FROM links WHERE team_id = ? AND channel_id = ?", of)
    db.execute("DELETE FROM page_links WHERE team_id = ? AND channel_id = ?", of)


def follow(db: Connection, site: str, before: str, key: str) -> None:
    """Have channels that are linked to an issue linked to its new key."""
    db.execute(
        "UPDATE links SET issue_key = ? WHERE site = ? AND issue_key = ?", (key, site, before)
    )
