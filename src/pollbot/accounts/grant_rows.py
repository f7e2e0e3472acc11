"""What people allowed at Atlassian, with its tokens, and what of signing in is under way."""

from dataclasses import dataclass, field
from hashlib import sha256

from pollbot.accounts.rows import Waits
from pollbot.accounts.rules import Dropped, grant_in
from pollbot.jira.atlassian import Tokens
from pollbot.people import Person
from pollbot.store.columns import Columns, named
from pollbot.store.vault import Vault
from pollbot.store.writer import Connection, Writer, transaction


@dataclass(frozen=True, slots=True)
class GrantRow:
    """The tokens of a grant as they lie in its table, sealed."""

    access: str
    refresh: str
    expires_at: float


@dataclass(frozen=True, slots=True)
class Grant:
    """The tokens of a grant; the access token is good until ``expires_at``."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: float


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in or a check of a token under way: who asked for it, of which site, in which channel.

    ``site`` is empty where there was but one; ``view_id`` is the form that shows its link.
    """

    team_id: str
    user_id: str
    channel_id: str
    asked_at: float
    view_id: str = ""
    site: str = ""

    @property
    def person(self) -> Person:
        """Who asked for it in Slack."""
        return Person(self.team_id, self.user_id)


_ROW = Columns(GrantRow)
_CHECK = "check "
"""What the states of checks begin with; those of sign-ins are hidden."""
_SIGN_IN = Columns(SignIn)


class GrantRows:
    """One row for each grant, and for each sign-in or check of a token that somebody has begun."""

    def __init__(self, writer: Writer, vault: Vault) -> None:
        self._writer = writer
        self._vault = vault

    @transaction
    def find(self, db: Connection, grant_id: str) -> Grant | None:
        """Return the tokens of a grant; None if it was forgotten."""
        row = db.execute(f"SELECT {_ROW} FROM grants WHERE id = ?", (grant_id,)).fetchone()
        if row is None:
            return None
        kept = _ROW.read(row)
        access, refresh = self._vault.open(kept.access), self._vault.open(kept.refresh)
        return Grant(access, refresh, kept.expires_at)

    @transaction
    def add(
        self, db: Connection, grant_id: str, person: Person, site: str, tokens: Tokens, now: float
    ) -> None:
        """Keep a new grant of a person."""
        row = {
            "id": grant_id,
            "team_id": person.team_id,
            "user_id": person.user_id,
            "site": site,
            "consented_at": now,
        } | self._sealed(tokens, now)
        db.execute(f"INSERT INTO grants {named(row)}", row)

    @transaction
    def renew(self, db: Connection, grant_id: str, tokens: Tokens, now: float) -> None:
        """Keep the next tokens of a grant in place of those that were spent."""
        db.execute(
            "UPDATE grants SET access = :access, refresh = :refresh, expires_at = :expires_at"
            " WHERE id = :id",
            {"id": grant_id} | self._sealed(tokens, now),
        )

    @transaction
    def forget_unused(self, db: Connection, person: Person) -> None:
        """Forget those of the person's grants that no account of theirs stands on."""
        _forget_unused(db, self._vault, person)

    def forget_team(self, db: Connection, team_id: str) -> None:
        """Forget all grants and sign-ins of a workspace, in an open transaction."""
        db.execute("DELETE FROM grants WHERE team_id = ?", (team_id,))
        db.execute("DELETE FROM sign_ins WHERE team_id = ?", (team_id,))

    @transaction
    def begin(self, db: Connection, state: str, sign_in: SignIn, oldest: float) -> None:
        """Keep a sign-in under its state; those that were begun before ``oldest`` go."""
        self._begin(db, _hidden(state), sign_in, oldest)

    @transaction
    def begin_check(self, db: Connection, check_id: str, sign_in: SignIn, oldest: float) -> None:
        """Keep that Jira is asked about a token; it is asked for until its person disconnects."""
        self._begin(db, _CHECK + check_id, sign_in, oldest)

    @transaction
    def end_check(self, db: Connection, check_id: str) -> None:
        """Keep that nothing comes of a check."""
        end_check(db, check_id)

    def _begin(self, db: Connection, state: str, sign_in: SignIn, oldest: float) -> None:
        db.execute("DELETE FROM sign_ins WHERE asked_at < ?", (oldest,))
        row = {
            "state": state,
            "team_id": sign_in.team_id,
            "user_id": sign_in.user_id,
            "channel_id": sign_in.channel_id,
            "asked_at": sign_in.asked_at,
            "site": sign_in.site,
        }
        db.execute(f"INSERT INTO sign_ins {named(row)}", row)

    @transaction
    def shown_in(self, db: Connection, state: str, view_id: str) -> None:
        """Keep in which form the link of a sign-in stands."""
        db.execute("UPDATE sign_ins SET view_id = ? WHERE state = ?", (view_id, _hidden(state)))

    @transaction
    def under_way(self, db: Connection, state: str, oldest: float) -> SignIn | None:
        """Return the sign-in of that state; None if there is none, or it is too old."""
        row = db.execute(
            f"SELECT {_SIGN_IN} FROM sign_ins WHERE state = ? AND asked_at >= ?",
            (_hidden(state), oldest),
        ).fetchone()
        return None if row is None else _SIGN_IN.read(row)

    @transaction
    def end(self, db: Connection, state: str, oldest: float) -> SignIn | None:
        """Return the sign-in of that state, and let nobody else have it."""
        row = db.execute(
            f"DELETE FROM sign_ins WHERE state = ? AND asked_at >= ? RETURNING {_SIGN_IN}",
            (_hidden(state), oldest),
        ).fetchone()
        return None if row is None else _SIGN_IN.read(row)

    def _sealed(self, tokens: Tokens, now: float) -> dict[str, object]:
        return {
            "access": self._vault.seal(tokens.access),
            "refresh": self._vault.seal(tokens.refresh),
            "expires_at": now + tokens.lives,
        }


class GrantsOfAccounts(Waits):
    """Grants go with the last account that stands on them, and tokens are checked no more."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def disconnected(self, db: Connection, person: Person, site: str) -> Dropped:
        """Forget the grant, unless the person has another account on it, and what is checked."""
        _forget_unused(db, self._vault, person)
        db.execute(
            "DELETE FROM sign_ins WHERE team_id = ? AND user_id = ? AND site = ?"
            f" AND state LIKE '{_CHECK}%'",
            (person.team_id, person.user_id, site),
        )
        return Dropped()


def end_check(db: Connection, check_id: str) -> bool:
    """Let a check be over; return whether what it was for was still asked for."""
    gone = db.execute("DELETE FROM sign_ins WHERE state = ?", (_CHECK + check_id,))
    return bool(gone.rowcount)


def _forget_unused(db: Connection, vault: Vault, person: Person) -> None:
    whose = (person.team_id, person.user_id)
    accounts = db.execute(
        "SELECT credential FROM accounts WHERE team_id = ? AND user_id = ?", whose
    ).fetchall()
    used = {grant_in(vault.open(sealed)) for (sealed,) in accounts}
    marks = ", ".join("?" * len(used))
    db.execute(
        f"DELETE FROM grants WHERE team_id = ? AND user_id = ? AND id NOT IN ({marks})",
        (*whose, *used),
    )


def _hidden(state: str) -> str:
    """Return what is kept of a state: whoever reads the table cannot sign in with it."""
    return sha256(state.encode()).hexdigest()
