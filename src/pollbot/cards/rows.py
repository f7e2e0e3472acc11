"""Cards: messages that pollbot keeps fresh, and whether they show the latest."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pydantic import Json, TypeAdapter

from pollbot.chance import Chance, new_id
from pollbot.jira.issues import Issue, Suggested
from pollbot.jira.jql import Found, project_of
from pollbot.jira.key_rows import MOVED_TO, present
from pollbot.jira.try_rows import was_voted_since
from pollbot.people import Person
from pollbot.rights.rows import must_allow, rights_of
from pollbot.rights.rules import Rights
from pollbot.store import outbox
from pollbot.store.columns import Columns, named
from pollbot.store.deliveries import act
from pollbot.store.outbox import Kind, Notice
from pollbot.store.queue import Limit, Queue, Work
from pollbot.store.set_back import owe_word
from pollbot.store.vault import Vault
from pollbot.store.writer import Connection, Writer, reading, transaction

ISSUE = TypeAdapter(Issue)

_URL_LIVES = 29 * 60.0
_NEEDS_JIRA = "poll_id IS NULL AND ballot IS NULL"
CARDS = Queue(
    "cards",
    "cards",
    ("id",),
    "changes > drawn",
    limits=(
        Limit(f"CASE WHEN {_NEEDS_JIRA} THEN site END", 8),
        Limit(f"CASE WHEN {_NEEDS_JIRA} THEN team_id || ' ' || site END", 6),
        Limit(f"CASE WHEN {_NEEDS_JIRA} THEN site || ' ' || issue_key END", 3),
        Limit(f"CASE WHEN {_NEEDS_JIRA} THEN team_id || ' ' || posted_by || ' ' || site END", 3),
        Limit("channel_id", 4),
        Limit("team_id", 10),
    ),
    by_news=True,
)
_OLDER = "abs(read_at) < ?"
"""That a card shows something older than a reading. What is negative was not read since then."""
_OF_ISSUE = f"team_id = ? AND site = ? AND issue_key = coalesce({MOVED_TO}, ?)"
"""That a card is of an issue, by any of its keys: team, site, site, key and key."""
_CHANGED = "json_patch(issue, ?)"
_BALLOT = "ballot-"
# What two messages of the same card have in common; the rest begins anew.
_SHARED = ", ".join(
    (
        *("team_id", "site", "issue_key", "poll_id", "posted_by", "issue", "read_at", "made_at"),
        *("ballot", "frame", "thread_ts"),
    )
)
_LINE = "place, team_id, site, issue_key, issue, read_at"


@dataclass(frozen=True, slots=True)
class Ballot:
    """The headline of a ballot, and how many issues its query found in all.

    ``title`` is empty for the issues that a message named; ``name`` is what the list is called,
    empty for one that is called by its query. ``look`` is there for a list to look at, which has
    no buttons and stays as it was posted.
    """

    title: str
    total: int
    name: str = ""
    look: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands above and below a card that was posted by itself, as markup."""

    above: str
    below: str


@dataclass(frozen=True, slots=True)
class Shared:
    """A link in somebody's message, under which a card is drawn as its preview.

    ``ts`` is the message, ``url`` the link exactly as Slack told it.
    """

    url: str
    ts: str


BALLOT = TypeAdapter(Ballot)
SHARED = TypeAdapter(Shared)
FRAME = TypeAdapter(Frame)


@dataclass(frozen=True, slots=True)
class CardRow:
    """A card as it lies in its table, but for what only its queue looks at.

    ``response_url`` is sealed.
    """

    id: str
    team_id: str
    channel_id: str
    message_ts: str | None
    site: str
    issue_key: str
    posted_by: str
    posted: bool
    only_by_url: bool
    issue: Json[Issue] | None
    read_at: float
    changes: int
    told: bool
    response_url: str | None
    url_since: float
    made_at: float
    poll_id: str | None
    ballot: Json[Ballot] | None
    frame: Json[Frame] | None
    thread_ts: str | None
    shared: Json[Shared] | None


_ROW = Columns(CardRow)
_COLUMNS = str(_ROW)


@dataclass(frozen=True, slots=True)
class Card:
    """An issue's card in a channel. ``changes`` counts what it should show by now.

    ``is_stale``: Jira took a vote, and nobody has read the new count yet.
    ``message_ts`` is None until the message is known: a card that went out by
    ``response_url`` learns it from the first click. ``response_url`` is None
    once it is too old; with a message it is that of a click, without one that of
    the command. ``ballot`` is there for a card of many issues. ``thread_ts`` is the message under
    which it hangs; None in the channel itself. ``shared`` is there for the preview of a link.
    """

    id: str
    channel_id: str
    message_ts: str | None
    site: str
    issue_key: str
    posted_by: Person
    posted: bool
    only_by_url: bool
    issue: Issue | None
    is_stale: bool
    changes: int
    told: bool
    response_url: str | None
    made_at: float
    poll_id: str | None
    ballot: Ballot | None = None
    frame: Frame | None = None
    thread_ts: str | None = None
    shared: Shared | None = None


@dataclass(frozen=True, slots=True)
class NewCard:
    """What a message shows that is to be kept fresh: one issue, a poll, or a ballot's issues.

    ``read_at`` is when Jira was asked for the issues.
    """

    id: str
    read_at: float = 0.0
    issue: Issue | None = None
    poll_id: str | None = None
    ballot: Ballot | None = None
    lines: tuple[Issue, ...] = ()
    frame: Frame | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A card that somebody asks for in a channel, by a delivery with this ``stamp``.

    ``issue_keys`` are those of a ballot, or ``query`` finds them, and ``name`` is what it is
    called; with a ``look`` it is a list of the top voted ones. ``poll_issues`` are what its
    poll is on. ``thread_ts`` is the message under which it is to hang, ``shared`` the link whose
    preview it is to be.
    """

    channel_id: str
    site: str
    response_url: str | None
    stamp: str | None
    issue_key: str = ""
    poll_id: str | None = None
    poll_issues: tuple[str, ...] = ()
    issue_keys: tuple[str, ...] = ()
    query: str = ""
    name: str = ""
    look: str = ""
    thread_ts: str | None = None
    shared: Shared | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """An issue of a ballot, as it was last read; ``is_stale`` as for a card."""

    issue: Issue
    is_stale: bool


def card_id(chance: Chance, *, ballot: bool = False) -> str:
    """Return the id of a card to be."""
    return f"{_BALLOT if ballot else ''}{new_id(chance)}"


class CardRows:
    """A card is work while ``changes`` is ahead of ``drawn``.

    ```
        asked ──▶ changes > drawn ──── posted, or updated ────▶ changes = drawn
                      ▲                                              │
                      └── the issue was read, an answer came, … ─────┘
    ```

    A change during a drawing leaves ``changes`` ahead of what was drawn.
    """

    def __init__(self, writer: Writer, vault: Vault, chance: Chance) -> None:
        self._writer = writer
        self._vault = vault
        self._chance = chance
        self.work: Work[Card] = Work(writer, CARDS, _COLUMNS, self._card, chance)

    @act
    def want(self, db: Connection, person: Person, wanted: Wanted, now: float) -> None:
        """Keep that a card is to be posted."""
        want(db, self._vault, self._chance, person, wanted, now)

    @reading
    def rights(self, db: Connection, team_id: str) -> Rights:
        """Return what admins allow where cards hang."""
        return rights_of(db, team_id)

    @transaction
    def keep_issue(self, db: Connection, card_id: str, issue: Issue, read_at: float) -> Issue:
        """Keep what the card's poster saw; return it, or what is known if that is newer."""
        kept = db.execute(
            "UPDATE cards SET issue = ?, read_at = ?, issue_key = coalesce((SELECT moved_to"
            " FROM issues WHERE issues.site = cards.site AND issues.issue_key = ?), ?)"
            f" WHERE id = ? AND {_OLDER} RETURNING 1",
            (
                ISSUE.dump_json(issue).decode(),
                read_at,
                issue.key,
                issue.key,
                card_id,
                read_at,
            ),
        ).fetchone()
        row = db.execute("SELECT issue FROM cards WHERE id = ?", (card_id,)).fetchone()
        if kept is not None or row is None or row[0] is None:
            return issue
        return ISSUE.validate_json(row[0])

    @transaction
    def drawn(
        self,
        db: Connection,
        card: Card,
        *,
        only_by_url: bool | None = None,
    ) -> None:
        """Keep that people now see the card as it was when read, and perhaps by which way."""
        db.execute(
            "UPDATE cards SET drawn = ?, only_by_url = coalesce(?, only_by_url) WHERE id = ?",
            (card.changes, only_by_url, card.id),
        )

    @transaction
    def refused(self, db: Connection, card: Card, now: float) -> None:
        """Keep that Slack does not take what the card would show: it waits for the next change.

        Whoever owns it hears that, once.
        """
        db.execute("UPDATE cards SET drawn = ? WHERE id = ?", (card.changes, card.id))
        outbox.owe(db, Notice(Kind.REFUSED, card.id), card.posted_by.team_id, now)

    @transaction
    def posted(
        self, db: Connection, card: Card, channel_id: str, message_ts: str, now: float
    ) -> None:
        """Keep that Slack took the card, as the message that it answered with."""
        if keep_message_of(db, self._chance, card.id, channel_id, message_ts, now) == card.id:
            db.execute("UPDATE cards SET drawn = ? WHERE id = ?", (card.changes, card.id))
        outbox.forget(db, Kind.POSTED, card.id)

    @transaction
    def shown(self, db: Connection, card: Card) -> None:
        """Keep that people now see the card as the preview of a link."""
        db.execute("UPDATE cards SET drawn = ?, posted = 1 WHERE id = ?", (card.changes, card.id))

    @transaction
    def perhaps_posted(self, db: Connection, card: Card, now: float) -> None:
        """Keep that the card is not posted again: it may hang twice, or not at all.

        Whoever asked for it is to hear that. Where it hangs is known once it is pressed.
        """
        db.execute("UPDATE cards SET drawn = changes, posted = 1 WHERE id = ?", (card.id,))
        outbox.forget(db, Kind.POSTED, card.id)
        outbox.owe(db, Notice(Kind.PERHAPS_POSTED, card.id), card.posted_by.team_id, now)

    @transaction
    def posted_by_url(self, db: Connection, card: Card, now: float, *, is_to_hear: bool) -> None:
        """Keep that the card went out where the app is no member; its message is not known yet.

        ``is_to_hear``: whoever asked for it is to be told what does not work there. About
        cards of issues a person hears that once in each channel.
        """
        db.execute(
            "UPDATE cards SET drawn = ?, posted = 1, only_by_url = 1 WHERE id = ?",
            (card.changes, card.id),
        )
        outbox.forget(db, Kind.POSTED, card.id)
        heard = db.execute(
            "SELECT 1 FROM cards JOIN outbox ON outbox.kind = ? AND outbox.about = cards.id"
            " WHERE cards.team_id = ? AND cards.channel_id = ? AND cards.posted_by = ?"
            " AND cards.poll_id IS NULL",
            (Kind.OUTSIDE, card.posted_by.team_id, card.channel_id, card.posted_by.user_id),
        ).fetchone()
        if is_to_hear and (card.poll_id is not None or heard is None):
            outbox.owe(db, Notice(Kind.OUTSIDE, card.id), card.posted_by.team_id, now)

    @transaction
    def find(self, db: Connection, team_id: str, card_id: str, now: float) -> Card | None:
        """Return a card of the team, None if it is not known."""
        row = db.execute(
            f"SELECT {_COLUMNS} FROM cards WHERE team_id = ? AND id = ?", (team_id, card_id)
        ).fetchone()
        return None if row is None else self._card(row, now)

    @transaction
    def told(self, db: Connection, card_id: str) -> None:
        """Keep that whoever asked for the card knows that it waits for Jira."""
        db.execute("UPDATE cards SET told = 1 WHERE id = ?", (card_id,))

    @transaction
    def only_by_url(self, db: Connection, card_id: str) -> None:
        """Keep that only the response_url of a click leads to the card."""
        db.execute("UPDATE cards SET only_by_url = 1 WHERE id = ?", (card_id,))

    @reading
    def recent_issues(
        self, db: Connection, person: Person, channel_id: str, sites: Sequence[str]
    ) -> list[Suggested]:
        """Return the issues whose cards the person asked for, or that hang there, newest first."""
        rows = db.execute(
            "SELECT site, issue_key, summary FROM (SELECT site, issue_key, made_at,"
            " json_extract(issue, '$.summary') AS summary, row_number() OVER"
            " (PARTITION BY site, issue_key ORDER BY made_at DESC) AS place FROM cards"
            " WHERE team_id = ? AND (posted_by = ? OR channel_id = ?) AND issue IS NOT NULL"
            " AND poll_id IS NULL AND ballot IS NULL) AS seen"
            " WHERE place = 1 ORDER BY made_at DESC LIMIT 50",
            (person.team_id, person.user_id, channel_id),
        ).fetchall()
        return [Suggested(*row) for row in rows if row[0] in sites]

    @transaction
    def ballot_lines(self, db: Connection, card_id: str) -> list[Line]:
        """Return the issues of a ballot, in their order."""
        return _lines(db, card_id)

    @transaction
    def keep_lines(
        self, db: Connection, card_id: str, issues: Iterable[Issue], read_at: float
    ) -> list[Line]:
        """Keep what was read of a ballot's issues, and return all of them.

        One that was stale and not found keeps its count: nobody can read a newer one.
        """
        db.executemany(
            "UPDATE ballot_lines SET issue = ?, read_at = ?"
            f" WHERE card_id = ? AND issue_key = ? AND {_OLDER}",
            [(_shown(issue), read_at, card_id, issue.key, read_at) for issue in issues],
        )
        db.execute(
            f"UPDATE ballot_lines SET read_at = ? WHERE card_id = ? AND read_at <= 0 AND {_OLDER}",
            (read_at, card_id, read_at),
        )
        return _lines(db, card_id)

    @transaction
    def found(self, db: Connection, card: Card, found: Found, read_at: float) -> None:
        """Keep which issues a ballot shows that is not posted yet."""
        site = card.site
        lines = [
            (one, 0.0 if was_voted_since(db, site, one.key, read_at) else read_at)
            for one in found.issues
        ]
        db.execute("DELETE FROM ballot_lines WHERE card_id = ?", (card.id,))
        _keep_lines(db, card.id, card.posted_by.team_id, site, lines)
        db.execute(
            "UPDATE cards SET ballot = json_patch(ballot, ?) WHERE id = ?",
            (_json(total=found.total), card.id),
        )

    @transaction
    def channel_of(self, db: Connection, team_id: str, card_id: str) -> str:
        """Return the channel of a card, empty if it is not known."""
        row = db.execute(
            "SELECT channel_id FROM cards WHERE team_id = ? AND id = ?", (team_id, card_id)
        ).fetchone()
        return "" if row is None else str(row[0])

    @transaction
    def forget(self, db: Connection, card_id: str) -> None:
        """Drop the card: its message is gone, or will never be."""
        drop(db, card_id)

    def _card(self, row: tuple[object, ...], now: float) -> Card:
        kept = _ROW.read(row)
        return Card(
            id=kept.id,
            channel_id=kept.channel_id,
            message_ts=kept.message_ts,
            site=kept.site,
            issue_key=kept.issue_key,
            posted_by=Person(kept.team_id, kept.posted_by),
            posted=kept.posted,
            only_by_url=kept.only_by_url,
            issue=kept.issue,
            is_stale=kept.read_at <= 0.0,
            changes=kept.changes,
            told=kept.told,
            response_url=living(self._vault, kept.response_url, kept.url_since, now),
            made_at=kept.made_at,
            poll_id=kept.poll_id,
            ballot=kept.ballot,
            frame=kept.frame,
            thread_ts=kept.thread_ts,
            shared=kept.shared,
        )


def drop(db: Connection, card_id: str) -> None:
    """Drop a card whose message is gone, or will never be."""
    db.execute("DELETE FROM cards WHERE id = ?", (card_id,))
    outbox.forget(db, Kind.CARD, card_id)
    outbox.forget(db, Kind.POSTED, card_id)


def want(
    db: Connection, vault: Vault, chance: Chance, person: Person, wanted: Wanted, now: float
) -> None:
    """Keep that a card is to be posted. The same ``stamp`` twice asks for one card."""
    channel_id, site, poll_id = wanted.channel_id, wanted.site, wanted.poll_id
    must_allow(db, person.team_id, channel_id, _keys_of(wanted))
    if wanted.stamp is not None:
        issues = " ".join(wanted.issue_keys) or wanted.issue_key or wanted.query
        about = f"{channel_id} {site} {issues} {poll_id or ''}"
        fresh = db.execute(
            "INSERT INTO deliveries (team_id, user_id, subject, stamp, deed, seen_at)"
            " VALUES (?, ?, ?, ?, 'card', ?) ON CONFLICT DO NOTHING RETURNING 1",
            (person.team_id, person.user_id, about, wanted.stamp, now),
        ).fetchone()
        if fresh is None:
            return
    if wanted.shared is not None and _has_preview(db, person.team_id, channel_id, wanted.shared):
        return
    # One that Slack refused would come as well, with the next change of its poll.
    db.execute(
        "DELETE FROM cards WHERE poll_id = ? AND channel_id = ? AND posted = 0 AND changes = drawn",
        (poll_id, channel_id),
    )
    keys = tuple(dict.fromkeys(present(db, site, key) for key in wanted.issue_keys))
    ballot = None
    if keys or wanted.query:
        ballot = Ballot(wanted.query, len(keys), wanted.name, wanted.look)
    new = card_id(chance, ballot=ballot is not None)
    row: dict[str, object] = {
        "id": new,
        "team_id": person.team_id,
        "channel_id": channel_id,
        "thread_ts": wanted.thread_ts,
        "shared": None if wanted.shared is None else SHARED.dump_json(wanted.shared).decode(),
        "site": site,
        "issue_key": wanted.issue_key,
        "poll_id": poll_id,
        "ballot": None if ballot is None else BALLOT.dump_json(ballot).decode(),
        "posted_by": person.user_id,
        "made_at": now,
        "response_url": vault.seal_any(wanted.response_url),
        "url_since": now,
    }
    db.execute(f"INSERT INTO cards {named(row)}", row)
    _keep_lines(db, new, person.team_id, site, [(_unread(key), 0.0) for key in keys])
    CARDS.make_due(db, now, "id = ?", new)


def _keys_of(wanted: Wanted) -> tuple[str, ...]:
    """Return the keys of all issues that a card is about, and of a project that a list is of."""
    project = project_of(wanted.query) if wanted.query else None
    of_project = () if project is None else (f"{project}-0",)
    of_card = (wanted.issue_key,) if wanted.issue_key else ()
    return (*wanted.issue_keys, *of_card, *wanted.poll_issues, *of_project)


def _has_preview(db: Connection, team_id: str, channel_id: str, shared: Shared) -> bool:
    """Return whether the link has its preview: Slack tells of a message anew when it is edited."""
    row = db.execute(
        "SELECT 1 FROM cards WHERE team_id = ? AND channel_id = ?"
        " AND json_extract(shared, '$.ts') = ? AND json_extract(shared, '$.url') = ?",
        (team_id, channel_id, shared.ts, shared.url),
    ).fetchone()
    return row is not None


def touch_previews(db: Connection, team_id: str, channel_id: str) -> None:
    """Have all previews of a channel drawn anew."""
    touch(db, "team_id = ? AND channel_id = ? AND shared IS NOT NULL", team_id, channel_id)


def living(vault: Vault, url: str | None, since: float, now: float) -> str | None:
    """Return the response_url that lies in a row, None if there is none or it is too old."""
    return vault.open(url) if url is not None and now - since < _URL_LIVES else None


def keep_message_of(
    db: Connection, chance: Chance, id_: str, channel_id: str, message_ts: str, now: float
) -> str:
    """Keep that a message carries the card's buttons; return the id of the card that it is.

    A post whose answer was lost is perhaps there twice. Each message of the same card but the
    first that is known becomes a card of its own, with the same content, and is drawn as such.
    """
    row = db.execute(
        "SELECT channel_id, message_ts, ballot FROM cards WHERE id = ?", (id_,)
    ).fetchone()
    if row is None or row[:2] == (channel_id, message_ts):
        return id_
    if row[1] is None:
        # Until now it had but the URL of its command, which leads to no message.
        db.execute(
            "UPDATE cards SET channel_id = ?, message_ts = ?, posted = 1, response_url = NULL"
            " WHERE id = ?",
            (channel_id, message_ts, id_),
        )
        return id_
    twin = card_id(chance, ballot=row[2] is not None)
    db.execute(
        f"INSERT INTO cards (id, channel_id, message_ts, posted, {CARDS.columns}, {_SHARED})"
        f" SELECT ?, ?, ?, 1, ?, ?, {_SHARED} FROM cards WHERE id = ?",
        (twin, channel_id, message_ts, *CARDS.due(now), id_),
    )
    db.execute(
        f"INSERT INTO ballot_lines (card_id, {_LINE}) SELECT ?, {_LINE} FROM ballot_lines"
        " WHERE card_id = ?",
        (twin, id_),
    )
    CARDS.wake(db)
    return twin


def is_ballot(id_: str) -> bool:
    """Return whether a card with that id shows many issues."""
    return id_.startswith(_BALLOT)


def touch(db: Connection, where: str, *values: object) -> None:
    """Have cards drawn anew."""
    CARDS.news(db, "changes = changes + 1", where, *values)


def show_issue(
    db: Connection, team_id: str, site: str, issue_key: str, issue: Issue, read_at: float
) -> None:
    """Let every card of the issue show this count, unless it already shows a later reading.

    The rest of it stays as each card's own reader saw it: who reads one need not be allowed to
    see what Jira showed to somebody else. A preview is read anew, as its channel may see it.
    """
    counted = _json(votes=issue.votes, status=issue.status, resolution=issue.resolution)
    which = (team_id, site, site, issue_key, issue_key, read_at)
    CARDS.news(
        db,
        f"issue = {_CHANGED}, read_at = ?, changes = changes + 1",
        f"{_OF_ISSUE} AND {_OLDER} AND poll_id IS NULL AND shared IS NULL",
        counted,
        read_at,
        *which,
    )
    CARDS.news(
        db,
        "read_at = -abs(read_at), changes = changes + 1",
        f"{_OF_ISSUE} AND {_OLDER} AND shared IS NOT NULL",
        *which,
    )
    ballots = db.execute(
        f"UPDATE ballot_lines SET issue = {_CHANGED}, read_at = ?"
        f" WHERE {_OF_ISSUE} AND {_OLDER} RETURNING card_id",
        (counted, read_at, *which),
    ).fetchall()
    for (card_id,) in ballots:
        touch(db, "id = ?", card_id)


def follow(db: Connection, site: str, before: str, key: str) -> None:
    """Have cards and ballots show the new key of an issue."""
    CARDS.news(
        db,
        f"issue_key = ?, issue = {_CHANGED}, changes = changes + 1",
        "site = ? AND issue_key = ?",
        key,
        _json(key=key),
        site,
        before,
    )
    db.execute(
        "DELETE FROM ballot_lines WHERE site = ? AND issue_key = ? AND EXISTS"
        " (SELECT 1 FROM ballot_lines AS moved WHERE moved.card_id = ballot_lines.card_id"
        " AND moved.site = ? AND moved.issue_key = ?)",
        (site, key, site, before),
    )
    ballots = db.execute(
        f"UPDATE ballot_lines SET issue_key = ?, issue = {_CHANGED}"
        " WHERE site = ? AND issue_key = ? RETURNING card_id",
        (key, _json(key=key), site, before),
    ).fetchall()
    for (card_id,) in ballots:
        touch(db, "id = ?", card_id)


def count_anew(db: Connection, team_id: str, site: str, issue_key: str, since: float) -> None:
    """Have each card of the issue look for its count: Jira took a vote, and it is not known.

    What was read from before ``since`` is not that count.
    """
    which = (team_id, site, site, issue_key, issue_key)
    CARDS.news(
        db,
        "changes = changes + 1, read_at = -?",
        f"{_OF_ISSUE} AND poll_id IS NULL",
        since,
        *which,
    )
    ballots = db.execute(
        f"UPDATE ballot_lines SET read_at = -? WHERE {_OF_ISSUE} RETURNING card_id",
        (since, *which),
    ).fetchall()
    for (card_id,) in ballots:
        touch(db, "id = ?", card_id)


def keep_unposted(
    db: Connection, card: NewCard, person: Person, site: str, channel_id: str, now: float
) -> None:
    """Keep a card whose message is about to be posted; which one it is, is not known yet.

    So whoever presses it before that is known, or though it never is, finds it here. What
    was voted since its issues were read is looked for once it hangs.
    """
    issue, ballot = card.issue, card.ballot
    shown = card.lines if issue is None else (issue,)
    stale = {one.key for one in shown if was_voted_since(db, site, one.key, card.read_at)}
    row: dict[str, object] = {
        "id": card.id,
        "team_id": person.team_id,
        "channel_id": channel_id,
        "site": site,
        "issue_key": present(db, site, issue.key) if issue is not None else "",
        "poll_id": card.poll_id,
        "ballot": None if ballot is None else BALLOT.dump_json(ballot).decode(),
        "frame": None if card.frame is None else FRAME.dump_json(card.frame).decode(),
        "posted_by": person.user_id,
        "posted": 1,
        "issue": None if issue is None else ISSUE.dump_json(issue).decode(),
        "read_at": 0.0 if stale and issue is not None else card.read_at,
        "changes": 1,
        "drawn": int(not stale),
        "made_at": now,
    }
    db.execute(f"INSERT INTO cards {named(row)}", row)
    lines = [(one, 0.0 if one.key in stale else card.read_at) for one in card.lines]
    _keep_lines(db, card.id, person.team_id, site, lines)


def keep_message(
    db: Connection, chance: Chance, id_: str, channel_id: str, message_ts: str, now: float
) -> None:
    """Keep which message the card is, and have it drawn if it should show something else now."""
    CARDS.unpark(db, now, "id = ?", keep_message_of(db, chance, id_, channel_id, message_ts, now))
    CARDS.wake(db)


def forget_unposted(db: Connection, id_: str) -> None:
    """Forget a card whose message was certainly not posted."""
    db.execute("DELETE FROM cards WHERE id = ? AND message_ts IS NULL", (id_,))


def _keep_lines(
    db: Connection, card_id: str, team_id: str, site: str, lines: Iterable[tuple[Issue, float]]
) -> None:
    """Keep the issues of a ballot in their order, each with when it was read; 0 for not yet."""
    db.executemany(
        f"INSERT INTO ballot_lines (card_id, {_LINE}) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (card_id, place, team_id, site, present(db, site, issue.key), _shown(issue), read_at)
            for place, (issue, read_at) in enumerate(lines)
        ],
    )


def _unread(key: str) -> Issue:
    """Return what is known of an issue that nobody has read yet."""
    return Issue(key, summary="", status="", type="", votes=0)


def _lines(db: Connection, card_id: str) -> list[Line]:
    rows = db.execute(
        "SELECT issue, read_at FROM ballot_lines WHERE card_id = ? ORDER BY place", (card_id,)
    ).fetchall()
    return [Line(ISSUE.validate_json(issue), read_at <= 0.0) for issue, read_at in rows]


def _json(**changed: object) -> str:
    """Return what ``json_patch`` puts in place of some of a reading's fields."""
    return json.dumps(changed)


def _shown(issue: Issue) -> str:
    """Return a reading as it is kept for others: without what Jira showed to its reader only."""
    return ISSUE.dump_json(replace(issue, voted=False, voters=None)).decode()


def leave_out_all(db: Connection, now: float) -> int:
    """Forget each card that was not posted yet, as it may have been since; return how many."""
    rows = db.execute(
        "DELETE FROM cards WHERE posted = 0 RETURNING team_id, posted_by, issue_key, poll_id"
    ).fetchall()
    for team_id, user_id, key, poll_id in rows:
        about = f"card {key}" if poll_id is None else f"poll {poll_id}"
        owe_word(db, about, user_id, team_id, now)
    return len(rows)
