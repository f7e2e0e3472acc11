"""Where the polls of a project or space live, what is known of pages, a team's own rules."""

from dataclasses import dataclass, field

from pollbot.chance import Chance, new_id
from pollbot.people import Person
from pollbot.store import audit, outbox
from pollbot.store.audit import What
from pollbot.store.columns import Columns
from pollbot.store.deliveries import act
from pollbot.store.outbox import Kind, Notice
from pollbot.store.vault import Vault
from pollbot.store.writer import Connection, Writer, reading, transaction

DEFAULT = "default"
"""The id of the source of every project that has none of its own, where there is one."""


def of_new_poll(team_id: str, ask: str) -> str:
    """Return SQL for the id of the source that a poll which is still to be made will live in.

    ``team_id`` and ``ask``, the JSON of an Ask, are SQL. It is NULL where that is pollbot
    itself, but for issues: only the settings tell whether there is a default.
    """
    kind, subject = (f"json_extract({ask}, '$.{name}')" for name in ("kind", "subject"))
    site = f"coalesce(json_extract({ask}, '$.site'), '')"
    place = (
        f"CASE {kind} WHEN 'issue' THEN rtrim({subject}, '0123456789') WHEN 'page' THEN"
        f" (SELECT space_id FROM pages WHERE pages.team_id = {team_id} AND pages.site = {site}"
        f" AND page_id = {subject}) || '-' END"
    )
    own = (
        f"(SELECT id FROM sources WHERE team_id = {team_id} AND sources.site = {site}"
        f" AND workspace || '-' = {place})"
    )
    default = f"CASE WHEN {kind} = 'issue' AND {site} = '' THEN '{DEFAULT}' END"
    local = f"CAST(json_extract({ask}, '$.local') AS INTEGER)"
    return f"CASE {local} WHEN 0 THEN coalesce({own}, {default}) END"


@dataclass(frozen=True, slots=True)
class Source:
    """An address that keeps the polls of a project or space. The token is a secret.

    ``site`` is where that is, empty for the default one.
    """

    id: str
    workspace: str
    url: str
    token: str = field(repr=False)
    site: str = ""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source as it lies in its table. ``url`` and ``token`` are sealed."""

    id: str
    workspace: str
    url: str
    token: str
    site: str


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What a source may need to know of a page; ``macro_id`` is None until somebody told it."""

    page_id: str
    space_id: str
    title: str
    macro_id: str | None


_ROW = Columns(SourceRow)
_PAGE = Columns(PageFacts)


class SourceRows:
    """One row per team and project or space."""

    def __init__(self, writer: Writer, vault: Vault, chance: Chance) -> None:
        self._writer = writer
        self._vault = vault
        self._chance = chance

    @reading
    def all(self, db: Connection, team_id: str) -> list[Source]:
        """Return the team's sources, by project or space."""
        rows = db.execute(
            f"SELECT {_ROW} FROM sources WHERE team_id = ? ORDER BY site, workspace",
            (team_id,),
        ).fetchall()
        return [self._source(row) for row in rows]

    @reading
    def of(self, db: Connection, team_id: str, workspace: str, site: str = "") -> Source | None:
        """Return the source of a project or space."""
        row = db.execute(
            f"SELECT {_ROW} FROM sources WHERE team_id = ? AND workspace = ? AND site = ?",
            (team_id, workspace, site),
        ).fetchone()
        return None if row is None else self._source(row)

    @reading
    def find(self, db: Connection, team_id: str, source_id: str) -> Source | None:
        """Return a source by its id."""
        row = db.execute(
            f"SELECT {_ROW} FROM sources WHERE team_id = ? AND id = ?",
            (team_id, source_id),
        ).fetchone()
        return None if row is None else self._source(row)

    @act
    def set(
        self,
        db: Connection,
        person: Person,
        workspace: str,
        url: str,
        token: str,
        now: float,
        site: str = "",
    ) -> None:
        """Keep where the polls of a project or space live, in place of what was known."""
        db.execute(
            "INSERT INTO sources (id, team_id, site, workspace, url, token, set_by, set_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (team_id, site, workspace) DO UPDATE SET"
            " url = excluded.url, token = excluded.token, set_by = excluded.set_by,"
            " set_at = excluded.set_at",
            (
                new_id(self._chance),
                person.team_id,
                site,
                workspace,
                self._vault.seal(url),
                self._vault.seal(token),
                person.user_id,
                now,
            ),
        )
        (source_id,) = db.execute(
            "SELECT id FROM sources WHERE team_id = ? AND workspace = ? AND site = ?",
            (person.team_id, workspace, site),
        ).fetchone()
        outbox.forget(db, Kind.SOURCE_REFUSED, source_id)
        audit.note(db, person, What.SOURCE_SET, workspace, now, source=source_id, site=site)

    @transaction
    def takes_token(self, db: Connection, source_id: str, now: float, *, taken: bool) -> None:
        """Have who set the source up hear that it refuses its token, once until it takes it."""
        if taken:
            outbox.forget(db, Kind.SOURCE_REFUSED, source_id)
            return
        row = db.execute(
            "SELECT team_id, set_by FROM sources WHERE id = ?", (source_id,)
        ).fetchone()
        if row is not None:
            team_id, set_by = row
            outbox.owe(db, Notice(Kind.SOURCE_REFUSED, source_id, reader=set_by), team_id, now)

    @act
    def remove(self, db: Connection, by: Person, source_id: str, now: float) -> None:
        """Forget a source; its polls stay where they are, and their cards as they stand."""
        gone = db.execute(
            "DELETE FROM sources WHERE team_id = ? AND id = ? RETURNING workspace, site",
            (by.team_id, source_id),
        ).fetchall()
        outbox.forget(db, Kind.SOURCE_REFUSED, source_id)
        for workspace, site in gone:
            audit.note(db, by, What.SOURCE_REMOVED, workspace, now, source=source_id, site=site)

    @reading
    def page(self, db: Connection, team_id: str, page_id: str, site: str = "") -> PageFacts | None:
        """Return what is known of a page; ``site`` is empty for the default one."""
        row = db.execute(
            f"SELECT {_PAGE} FROM pages WHERE team_id = ? AND page_id = ? AND site = ?",
            (team_id, page_id, site),
        ).fetchone()
        return None if row is None else _PAGE.read(row)

    @act
    def know_page(self, db: Connection, team_id: str, page: PageFacts, site: str = "") -> None:
        """Remember a page; a macro id once told is kept until another one is."""
        _know_page(db, team_id, page, site)

    @act
    def tell_macro(
        self, db: Connection, by: Person, page: PageFacts, now: float, site: str = ""
    ) -> None:
        """Remember a page with the macro id that somebody told."""
        _know_page(db, by.team_id, page, site)
        audit.note(db, by, What.PAGE_KNOWN, page.page_id, now, macro=page.macro_id)

    @reading
    def needs_jira(self, db: Connection, team_id: str) -> bool:
        """Return whether answers need a connected account that can see the issue."""
        return needs_jira(db, team_id)

    @act
    def set_needs_jira(self, db: Connection, by: Person, now: float, *, needed: bool) -> None:
        """Say whether answers need a connected account that can see the issue."""
        db.execute(
            "INSERT INTO teams (team_id, needs_jira) VALUES (?, ?)"
            " ON CONFLICT (team_id) DO UPDATE SET needs_jira = excluded.needs_jira",
            (by.team_id, int(needed)),
        )
        audit.note(db, by, What.SETUP_CHANGED, "answers need Jira", now, after=needed)

    def _source(self, row: tuple[object, ...]) -> Source:
        kept = _ROW.read(row)
        url, token = self._vault.open(kept.url), self._vault.open(kept.token)
        return Source(kept.id, kept.workspace, url, token, kept.site)


def _know_page(db: Connection, team_id: str, page: PageFacts, site: str) -> None:
    db.execute(
        "INSERT INTO pages (team_id, site, page_id, space_id, title, macro_id)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (team_id, site, page_id) DO UPDATE SET"
        " space_id = excluded.space_id, title = excluded.title,"
        " macro_id = coalesce(excluded.macro_id, pages.macro_id)",
        (team_id, site, page.page_id, page.space_id, page.title, page.macro_id),
    )


def needs_jira(db: Connection, team_id: str) -> bool:
    """Return whether answers need a connected account that can see the issue."""
    row = db.execute("SELECT needs_jira FROM teams WHERE team_id = ?", (team_id,)).fetchone()
    return row is not None and bool(row[0])
