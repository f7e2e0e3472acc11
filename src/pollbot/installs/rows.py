"""Where the app is installed, with its tokens there, and which workspaces it has left.

```
              kept                            renewed, again and again, if tokens are rotated
    [*] ─────────────▶ installed ◀───────────────────────────────────────────────────────────┐
                        │    ▲  └─────────────────────────────────────────────────────────────┘
   removed, or revoked  │    │ installed again
                        ▼    │
                       gone ─┘── KEPT_FOR ──▶ forgotten: all that was of that workspace
```

Of a workspace that is gone nothing is done: no queue hands out its rows (``store/queue.py``).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from pollbot.installs.rules import GOOD_FOR, KEPT_FOR, Installation, Installed, Tokens
from pollbot.people import Person
from pollbot.store import audit
from pollbot.store.columns import Columns, named
from pollbot.store.deliveries import act
from pollbot.store.vault import Vault
from pollbot.store.writer import Connection, Writer, long_transaction, reading, transaction

OfTeam = Callable[[Connection, str, float], None]
"""Does something with all that is of a workspace, in the transaction; the moment is now."""

_REFRESHING = 60.0
"""Seconds for which who began to exchange a token has the right to; then it has ended."""


@dataclass(frozen=True, slots=True)
class InstallationRow:
    """An installation as it lies in its table; its two tokens are sealed."""

    id: str
    name: str
    app_id: str
    bot_user_id: str
    token: str
    refresh: str | None
    expires_at: float | None
    installed_at: float


_ROW = Columns(InstallationRow)
_OF_TEAM = (
    "(id = :team OR id = (SELECT enterprise_id FROM workspaces WHERE team_id = :team))"
    " AND NOT EXISTS (SELECT 1 FROM workspaces WHERE team_id = :team AND gone_at IS NOT NULL)"
)


class InstallationRows:
    """One row for each workspace or organisation in which somebody installed the app.

    ``left`` hears in the transaction that a workspace is gone, ``back`` that it has come back, and
    ``forget`` that its time is over.
    """

    def __init__(
        self, writer: Writer, vault: Vault, *, left: OfTeam, back: OfTeam, forget: OfTeam
    ) -> None:
        self._writer = writer
        self._vault = vault
        self._left = left
        self._back = back
        self._forget = forget

    # An installation under way

    @transaction
    def begin(self, db: Connection, state: str, now: float) -> None:
        """Keep that an installation was begun under a state; older ones are over."""
        db.execute("DELETE FROM installs_begun WHERE begun_at < ?", (now - GOOD_FOR,))
        row = {"state": _hidden(state), "begun_at": now}
        db.execute(f"INSERT INTO installs_begun {named(row)}", row)

    @transaction
    def end(self, db: Connection, state: str, now: float) -> bool:
        """Return whether one was begun under that state, which nobody has any more then."""
        row = db.execute(
            "DELETE FROM installs_begun WHERE state = ? AND begun_at >= ? RETURNING state",
            (_hidden(state), now - GOOD_FOR),
        ).fetchone()
        return row is not None

    # Installations

    @reading
    def find(self, db: Connection, team_id: str) -> Installation | None:
        """Return the installation that serves a workspace: its own, or its organisation's."""
        return self._of_team(db, team_id)

    @reading
    def by_id(self, db: Connection, id_: str) -> Installation | None:
        """Return the installation of just that workspace or organisation."""
        return self._by_id(db, id_)

    @transaction
    def keep(self, db: Connection, installed: Installed, now: float) -> None:
        """Keep a new installation, in place of an earlier one; its workspaces are back."""
        row = {
            "id": installed.id,
            "name": installed.name,
            "app_id": installed.app_id,
            "bot_user_id": installed.bot_user_id,
            "installed_by": installed.installed_by,
            "installed_at": now,
            "refreshing_until": None,
        } | self._sealed(installed.tokens, now)
        db.execute("DELETE FROM installations WHERE id = ?", (installed.id,))
        db.execute(f"INSERT INTO installations {named(row)}", row)
        by = Person(installed.id, installed.installed_by)
        audit.note(db, by, audit.What.INSTALLED, installed.app_id, now)
        for team_id in (installed.id, *self._teams_of(db, installed.id, "gone_at IS NOT NULL")):
            self._come_back(db, team_id, now)

    @act
    def leave(self, db: Connection, id_: str, now: float, since: float | None = None) -> list[str]:
        """Let go of an installation, or of one workspace of an organisation's.

        Return the workspaces that are gone. What happened at ``since`` is no news of an
        installation that was made after that.
        """
        return self._leave(db, id_, now, since)

    @transaction
    def refused(self, db: Connection, token: str, team_id: str, now: float) -> list[str]:
        """Let go of the installation that serves a workspace, if that is its token still."""
        found = self._of_team(db, team_id)
        if found is None or found.token != token:
            return []
        return self._leave(db, found.id, now, None)

    @act
    def come_back(self, db: Connection, team_ids: Sequence[str], now: float) -> None:
        """Have workspaces of an organisation served again that were taken out of it."""
        for team_id in team_ids:
            self._come_back(db, team_id, now)

    @transaction
    def meet(self, db: Connection, team_id: str, enterprise_id: str) -> None:
        """Keep to which organisation a workspace belongs in all of which the app is installed."""
        db.execute(
            "INSERT INTO workspaces (team_id, enterprise_id) VALUES (?, ?) ON CONFLICT (team_id)"
            " DO UPDATE SET enterprise_id = excluded.enterprise_id",
            (team_id, enterprise_id),
        )

    @reading
    def met(self, db: Connection, team_id: str) -> str:
        """Return the organisation of a workspace, as far as it was told; else an empty text."""
        row = db.execute(
            "SELECT enterprise_id FROM workspaces WHERE team_id = ?", (team_id,)
        ).fetchone()
        return "" if row is None else str(row[0])

    # Tokens that are rotated

    @transaction
    def take_turn(self, db: Connection, id_: str, token: str, now: float) -> bool:
        """Return whether it is the caller's turn to exchange that token, and nobody else's."""
        row = db.execute(
            f"SELECT {_ROW} FROM installations WHERE id = ?"
            " AND (refreshing_until IS NULL OR refreshing_until <= ?)",
            (id_, now),
        ).fetchone()
        if row is None or self._opened(_ROW.read(row)).token != token:
            return False
        db.execute(
            "UPDATE installations SET refreshing_until = ? WHERE id = ?", (now + _REFRESHING, id_)
        )
        return True

    @transaction
    def renew(self, db: Connection, id_: str, spent: str, tokens: Tokens, now: float) -> None:
        """Keep the next tokens in place of the one that was spent."""
        found = self._by_id(db, id_)
        if found is not None and found.token == spent:
            db.execute(
                "UPDATE installations SET token = :token, refresh = :refresh,"
                " expires_at = :expires_at, refreshing_until = NULL WHERE id = :id",
                {"id": id_} | self._sealed(tokens, now),
            )

    # Workspaces that are gone

    @long_transaction
    def forget_old(self, db: Connection, now: float) -> list[str]:
        """Forget all that was of workspaces that are gone for long; return which those were."""
        rows = db.execute(
            "SELECT team_id FROM workspaces WHERE gone_at <= ? ORDER BY team_id",
            (now - KEPT_FOR,),
        ).fetchall()
        for (team_id,) in rows:
            self._forget(db, team_id, now)
            db.execute("DELETE FROM workspaces WHERE team_id = ?", (team_id,))
        return [team_id for (team_id,) in rows]

    @reading
    def next_to_forget(self, db: Connection) -> float | None:
        """Return when the next one is to be forgotten."""
        (first,) = db.execute("SELECT min(gone_at) FROM workspaces").fetchone()
        return None if first is None else float(first) + KEPT_FOR

    def counts(self, db: Connection) -> dict[str, int]:
        """Return how many installations there are, and workspaces that are gone."""
        (there,) = db.execute("SELECT count(*) FROM installations").fetchone()
        (gone,) = db.execute("SELECT count(*) FROM workspaces WHERE gone_at IS NOT NULL").fetchone()
        return {"installed": int(there), "gone": int(gone)}

    def _leave(self, db: Connection, id_: str, now: float, since: float | None) -> list[str]:
        found = self._of_team(db, id_)
        if found is None or (since is not None and since < int(found.installed_at)):
            return []
        gone = [id_]
        if found.id == id_:
            db.execute("DELETE FROM installations WHERE id = ?", (id_,))
            # What was one workspace's own may be its organisation's, too.
            among = [id_, *self._teams_of(db, id_, "gone_at IS NULL")]
            gone = [one for one in among if self._of_team(db, one) is None]
        for team_id in gone:
            db.execute(
                "INSERT INTO workspaces (team_id, gone_at) VALUES (?, ?) ON CONFLICT (team_id)"
                " DO UPDATE SET gone_at = excluded.gone_at",
                (team_id, now),
            )
            audit.note(db, audit.nobody(team_id), audit.What.UNINSTALLED, id_, now)
            self._left(db, team_id, now)
        return gone

    def _come_back(self, db: Connection, team_id: str, now: float) -> None:
        back = db.execute(
            "UPDATE workspaces SET gone_at = NULL WHERE team_id = ? AND gone_at IS NOT NULL"
            " RETURNING team_id",
            (team_id,),
        ).fetchone()
        if back is not None:
            self._back(db, team_id, now)

    def _teams_of(self, db: Connection, enterprise_id: str, which: str) -> list[str]:
        """Return the workspaces of an organisation that were met, as far as they are such."""
        rows = db.execute(
            f"SELECT team_id FROM workspaces WHERE enterprise_id = ? AND {which} ORDER BY team_id",
            (enterprise_id,),
        ).fetchall()
        return [team_id for (team_id,) in rows]

    def _of_team(self, db: Connection, team_id: str) -> Installation | None:
        row = db.execute(
            f"SELECT {_ROW} FROM installations WHERE {_OF_TEAM}"
            " ORDER BY CASE WHEN id = :team THEN 0 ELSE 1 END LIMIT 1",
            {"team": team_id},
        ).fetchone()
        return None if row is None else self._opened(_ROW.read(row))

    def _by_id(self, db: Connection, id_: str) -> Installation | None:
        row = db.execute(f"SELECT {_ROW} FROM installations WHERE id = ?", (id_,)).fetchone()
        return None if row is None else self._opened(_ROW.read(row))

    def _opened(self, row: InstallationRow) -> Installation:
        return Installation(
            row.id,
            row.name,
            row.app_id,
            row.bot_user_id,
            self._vault.open(row.token),
            None if row.refresh is None else self._vault.open(row.refresh),
            row.expires_at,
            row.installed_at,
        )

    def _sealed(self, tokens: Tokens, now: float) -> dict[str, object]:
        return {
            "token": self._vault.seal(tokens.token),
            "refresh": self._vault.seal_any(tokens.refresh),
            "expires_at": None if tokens.lives is None else now + tokens.lives,
        }


def _hidden(state: str) -> str:
    """Return what is kept of a state: whoever reads the table cannot come back with it."""
    return sha256(state.encode()).hexdigest()
