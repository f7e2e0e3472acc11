"""All polls with what they show to everybody, read beside a pollbot that may run on them."""

from collections.abc import Iterator
from dataclasses import replace

from pollbot.jira.issues import issue_url
from pollbot.polls.answers.count_rows import counted
from pollbot.polls.answers.step_rows import last_seen
from pollbot.polls.exports.rules import Row
from pollbot.polls.kept import FRESH, Kept
from pollbot.polls.kept_rows import COLUMNS, kept_from
from pollbot.polls.results.rules import Doubt, Seen
from pollbot.polls.rules import Visibility
from pollbot.polls.sources.source import PLAIN, About
from pollbot.polls.tally import results
from pollbot.store.writer import Connection


def everything(db: Connection, team_id: str | None, now: float) -> Iterator[tuple[Seen, list[Row]]]:
    """Yield each poll of a workspace, or of all, with who chose what where it shows that.

    What is hidden of a poll until its close, or for fear that it tells who chose what, is not in
    it; looking moves no split of an anonymous one.
    """
    ids = db.execute(
        "SELECT id FROM polls WHERE deleted_at IS NULL AND made = 1"
        " AND (CAST(? AS TEXT) IS NULL OR team_id = ?) ORDER BY team_id, created_at, id",
        (team_id, team_id),
    ).fetchall()
    for (poll_id,) in ids:
        row = db.execute(f"SELECT {COLUMNS} FROM polls WHERE id = ?", (poll_id,)).fetchone()
        seen = _seen(db, kept_from(row), now)
        settings = seen.poll.settings
        named = settings.names and not settings.percent_only and seen.results.hidden is None
        yield seen, _answers(db, poll_id) if named else []


def _seen(db: Connection, kept: Kept, now: float) -> Seen:
    poll, part, split = kept.poll, counted(db, kept.poll.id), None
    in_steps = not poll.settings.names and poll.closed_since(now) is None
    if in_steps and poll.settings.visibility is not Visibility.AFTER_CLOSE:
        split = last_seen(db, poll.id)
    comments = db.execute(
        "SELECT voter, comment FROM comments WHERE poll_id = ? AND (shown = 1 OR ? = 0)"
        " ORDER BY voter",
        (poll.id, int(in_steps)),
    ).fetchall()
    part = replace(part, comments=tuple((str(who), str(said)) for who, said in comments))
    shown = results(poll, part, kept.jira_part, now, split=split)
    return Seen(kept, _about(kept), shown, poll.is_open(now), _doubt(kept, now))


def _answers(db: Connection, poll_id: str) -> list[Row]:
    found = db.execute(
        "SELECT voter, option_id FROM answers WHERE poll_id = ? ORDER BY voter, option_id",
        (poll_id,),
    ).fetchall()
    return [(str(voter), str(option_id)) for voter, option_id in found]


def _about(kept: Kept) -> About:
    if kept.kind == "plain":
        return PLAIN
    url = issue_url(kept.site, kept.subject) if kept.kind == "issue" and kept.site else ""
    return About(kept.kind, kept.subject, "", url)


def _doubt(kept: Kept, now: float) -> Doubt | None:
    if not kept.understood:
        return Doubt.NOT_UNDERSTOOD
    return Doubt.OUTDATED if kept.home is not None and now - kept.read_at > 2 * FRESH else None
