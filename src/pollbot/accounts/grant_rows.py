"""What people allowed at Atlassian, with its tokens, and what of signing in is under way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from pollbot.accounts.rows import AccountRows, Waits
from pollbot.accounts.rules import Dropped, Waiting, grant_in
from pollbot.jira.atlassian import Tokens
from pollbot.people import Account, Person
from pollbot.store.columns import Columns, named
from pollbot.store.deliveries import act
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
class NewGrant:
    """What somebody has just allowed at Atlassian, and the id under which it is kept."""

    id: str
    tokens: Tokens


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in or a check under way: who asked for it, of which site, in which channel.

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
"""What the states of checks begin with; those of sign-ins are hidden.

A check is a token that Jira is asked about, or what somebody allowed at Atlassian on its way to
become an account. It has a row for each site to which it may connect, and whoever disconnects from
a site, or is forgotten, takes that away: so where there is no row, nobody asks for it any more.
"""
_SIGN_IN = Columns(SignIn)


class GrantRows:
    """One row for each grant, and for each sign-in or check of a token that somebody has begun."""

    def __init__(self, writer: Writer, vault: Vault, account_rows: AccountRows) -> None:
        self._writer = writer
        self._vault = vault
        self._account_rows = account_rows

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
    def renew(self, db: Connection, grant_id: str, tokens: Tokens, now: float) -> bool:
        """Keep the next tokens of a grant in place of those that were spent.

        Return False, and keep nothing, if the grant was forgotten meanwhile.
        """
        renewed = db.execute(
            "UPDATE grants SET access = :access, refresh = :refresh, expires_at = :expires_at"
            " WHERE id = :id",
            {"id": grant_id} | self._sealed(tokens, now),
        )
        return bool(renewed.rowcount)

    def forget_team(self, db: Connection, team_id: str) -> None:
        """Forget all grants and sign-ins of a workspace, in an open transaction."""
        db.execute("DELETE FROM grants WHERE team_id = ?", (team_id,))
        db.execute("DELETE FROM sign_ins WHERE team_id = ?", (team_id,))

    @transaction
    def begin(self, db: Connection, state: str, sign_in: SignIn, oldest: float) -> None:
        """Keep a sign-in under its state; those that were begun before ``oldest`` go."""
        _begin(db, _hidden(state), sign_in, oldest)

    @transaction
    def begin_check(self, db: Connection, check_id: str, sign_in: SignIn, oldest: float) -> None:
        """Keep that Jira is asked about a token; it is asked for until its person disconnects."""
        _begin(db, _row_of(check_id, sign_in.site), sign_in, oldest)

    @transaction
    def take_up(
        self,
        db: Connection,
        state: str,
        check_id: str,
        sites: Sequence[str],
        oldest: float,
        now: float,
    ) -> SignIn | None:
        """Let the sign-in of that state be a check that may connect to each of the sites.

        Return it as it was; None if there is none, or it is too old. Nobody else can have it.
        """
        row = db.execute(
            f"DELETE FROM sign_ins WHERE state = ? AND asked_at >= ? RETURNING {_SIGN_IN}",
            (_hidden(state), oldest),
        ).fetchone()
        if row is None:
            return None
        sign_in = _SIGN_IN.read(row)
        for site in sites:
            _begin(db, _row_of(check_id, site), replace(sign_in, site=site, asked_at=now), oldest)
        return sign_in

    @transaction
    def end_check(self, db: Connection, check_id: str) -> None:
        """Keep that nothing comes of a check."""
        _end(db, check_id)

    @act
    def connect_checked(
        self,
        db: Connection,
        check_id: str,
        person: Person,
        site: str,
        account: Account,
        now: float,
    ) -> Waiting | None:
        """Connect the person by a token, and end its check; return what waited for the account.

        Return None, and keep nothing, if nobody asks for it any more: they have disconnected, were
        forgotten, or have connected by something that they began later.
        """
        is_asked = _is_asked(db, check_id, site)
        _end(db, check_id)
        return self._account_rows.connect(db, person, site, account, now) if is_asked else None

    @act
    def connect_signed_in(
        self,
        db: Connection,
        check_id: str,
        person: Person,
        site: str,
        accounts: Mapping[str, Account],
        grant: NewGrant,
        now: float,
    ) -> dict[str, Waiting]:
        """Connect who has signed in to a site, and end the check; return what waited, by site.

        The other accounts go along, where nobody has disconnected meanwhile and the person has no
        token of their own. Keep nothing, and return nothing, where ``connect_checked`` would not.
        """
        if not _is_asked(db, check_id, site):
            _end(db, check_id)
            return {}
        self._add(db, grant, person, site, now)
        connected = {
            one: self._account_rows.connect(db, person, one, account, now)
            for one, account in accounts.items()
            if one == site or self._may_go_along(db, check_id, person, one)
        }
        _end(db, check_id)
        return connected

    def _may_go_along(self, db: Connection, check_id: str, person: Person, site: str) -> bool:
        asked = db.execute("SELECT 1 FROM sign_ins WHERE state = ?", (_row_of(check_id, site),))
        if asked.fetchone() is None:
            return False
        account = self._account_rows.of(db, person, site)
        return account is None or account.refused or bool(grant_in(account.credential))

    def _add(self, db: Connection, grant: NewGrant, person: Person, site: str, now: float) -> None:
        row = {
            "id": grant.id,
            "team_id": person.team_id,
            "user_id": person.user_id,
            "site": site,
            "consented_at": now,
        } | self._sealed(grant.tokens, now)
        db.execute(f"INSERT INTO grants {named(row)}", row)

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

    def _sealed(self, tokens: Tokens, now: float) -> dict[str, object]:
        return {
            "access": self._vault.seal(tokens.access),
            "refresh": self._vault.seal(tokens.refresh),
            "expires_at": now + tokens.lives,
        }


class GrantsOfAccounts(Waits):
    """Grants go with the last account that stands on them; what is checked is asked for no more."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def connected(self, db: Connection, person: Person, site: str, now: float) -> Waiting:
        """Forget the grant that another one, or a token, has taken the place of."""
        _forget_unused(db, self._vault, person)
        return Waiting()

    def disconnected(self, db: Connection, person: Person, site: str) -> Dropped:
        """Forget the grant, unless the person has another account on it, and what is checked."""
        _forget_unused(db, self._vault, person)
        db.execute(
            "DELETE FROM sign_ins WHERE team_id = ? AND user_id = ? AND site = ?"
            f" AND state LIKE '{_CHECK}%'",
            (person.team_id, person.user_id, site),
        )
        return Dropped()


def _begin(db: Connection, state: str, sign_in: SignIn, oldest: float) -> None:
    db.execute("DELETE FROM sign_ins WHERE asked_at < ?", (oldest,))
    row = {
        "state": state,
        "team_id": sign_in.team_id,
        "user_id": sign_in.user_id,
        "channel_id": sign_in.channel_id,
        "asked_at": sign_in.asked_at,
        "view_id": sign_in.view_id,
        "site": sign_in.site,
    }
    db.execute(f"INSERT INTO sign_ins {named(row)}", row)


def _is_asked(db: Connection, check_id: str, site: str) -> bool:
    """Return whether a check is asked for; then those are no more that were begun before it."""
    row = db.execute(
        "SELECT team_id, user_id, asked_at FROM sign_ins WHERE state = ?",
        (_row_of(check_id, site),),
    ).fetchone()
    if row is None:
        return False
    db.execute(
        "DELETE FROM sign_ins WHERE team_id = ? AND user_id = ? AND asked_at <= ? AND site = ?"
        f" AND state LIKE '{_CHECK}%'",
        (*row, site),
    )
    return True


def _end(db: Connection, check_id: str) -> None:
    rows = _row_of(check_id, "")
    db.execute("DELETE FROM sign_ins WHERE substr(state, 1, ?) = ?", (len(rows), rows))


def _row_of(check_id: str, site: str) -> str:
    """Return the state of the row of a check that is about a site."""
    return f"{_CHECK}{check_id} {site}"


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
