"""The tables, step by step. A step that was applied anywhere is never changed or renamed.

On a server, programs of two versions use one database while they are exchanged one by one. So a
new step adds what the new version needs (``migrations.adds``); what no version uses any more is
taken away one version later (``migrations.takes_away``).
"""

import sqlite3
from collections.abc import Callable, Collection, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlite_utils import Database, Migrations

from pollbot.errors import StartError

Step = Callable[[Database], None]
ANY = ""


class Steps(Migrations):
    """The steps, and of each the one that a program has to know to go on beside it."""

    def __init__(self) -> None:
        super().__init__("pollbot")
        self._needs: dict[str, str] = {}

    def adds(self) -> Callable[[Step], Step]:
        """Mark a step that only adds: programs of any age go on beside it.

        It makes tables, indexes that refuse nothing, or columns that may be left out, and changes
        nothing that was there.
        """
        return lambda step: self._marked(step, ANY)

    def takes_away(self, unused_since: Step) -> Callable[[Step], Step]:
        """Mark a step that takes away what no program uses that knows the step ``unused_since``."""
        return lambda step: self._marked(step, unused_since.__name__)

    def needs(self, name: str) -> str:
        """Return the step to be known beside that one: ANY, or itself if nothing was said."""
        return self._needs.get(name, name)

    def _marked(self, step: Step, needs: str) -> Step:
        self._needs[step.__name__] = needs
        return self()(step)


migrations = Steps()


@migrations()
def first_light(db: Database) -> None:
    """Accounts, links, intents, cards, and what was already handled. Times are unix seconds."""
    db.executescript(
        """
        CREATE TABLE accounts (
            team_id      TEXT NOT NULL,
            user_id      TEXT NOT NULL,
            site         TEXT NOT NULL,
            account_id   TEXT NOT NULL,
            display_name TEXT NOT NULL,
            base_url     TEXT NOT NULL,
            credential   TEXT NOT NULL,
            refused_at   REAL,
            connected_at REAL NOT NULL,
            PRIMARY KEY (team_id, user_id, site)
        ) STRICT;

        CREATE TABLE links (
            team_id    TEXT NOT NULL,
            channel_id TEXT NOT NULL,
            site       TEXT NOT NULL,
            issue_key  TEXT NOT NULL,
            linked_by  TEXT NOT NULL,
            linked_at  REAL NOT NULL,
            PRIMARY KEY (team_id, channel_id)
        ) STRICT;

        CREATE TABLE intents (
            id                 TEXT NOT NULL PRIMARY KEY,
            team_id            TEXT NOT NULL,
            user_id            TEXT NOT NULL,
            site               TEXT NOT NULL,
            issue_key          TEXT NOT NULL,
            wish               TEXT NOT NULL CHECK (wish IN ('vote', 'withdraw')),
            state              TEXT NOT NULL CHECK (state IN ('queued', 'unconnected', 'settled')),
            attempts           INTEGER NOT NULL DEFAULT 0,
            due_at             REAL NOT NULL,
            asked_at           REAL NOT NULL,
            told               INTEGER NOT NULL DEFAULT 0,
            outcome            TEXT,
            channel_id         TEXT NOT NULL,
            response_url       TEXT,
            replaces           INTEGER NOT NULL DEFAULT 0,
            UNIQUE (team_id, user_id, site, issue_key)
        ) STRICT;
        CREATE INDEX intents_due ON intents (state, due_at);

        CREATE TABLE cards (
            id           TEXT NOT NULL PRIMARY KEY,
            team_id      TEXT NOT NULL,
            channel_id   TEXT NOT NULL,
            message_ts   TEXT,
            site         TEXT NOT NULL,
            issue_key    TEXT NOT NULL,
            posted_by    TEXT NOT NULL,
            posted       INTEGER NOT NULL DEFAULT 0,
            only_by_url  INTEGER NOT NULL DEFAULT 0,
            issue        TEXT,
            read_at      REAL NOT NULL DEFAULT 0,
            changes      INTEGER NOT NULL DEFAULT 1,
            drawn        INTEGER NOT NULL DEFAULT 0,
            attempts     INTEGER NOT NULL DEFAULT 0,
            due_at       REAL NOT NULL,
            made_at      REAL NOT NULL,
            told         INTEGER NOT NULL DEFAULT 0,
            response_url TEXT,
            url_since    REAL NOT NULL DEFAULT 0
        ) STRICT;
        CREATE INDEX cards_of_issue ON cards (team_id, site, issue_key);
        CREATE INDEX cards_waiting ON cards (due_at) WHERE changes > drawn;

        CREATE TABLE deliveries (
            team_id TEXT NOT NULL,
            user_id TEXT NOT NULL,
            subject TEXT NOT NULL,
            stamp   TEXT NOT NULL,
            deed    TEXT NOT NULL,
            seen_at REAL NOT NULL,
            PRIMARY KEY (team_id, user_id, subject, stamp, deed)
        ) STRICT;
        CREATE INDEX deliveries_old ON deliveries (seen_at);

        CREATE TABLE beats (
            name TEXT NOT NULL PRIMARY KEY,
            at   REAL NOT NULL
        ) STRICT;
        """
    )


@migrations()
def polls(db: Database) -> None:
    """Polls, the answers given in Slack, and where polls of a project or space live.

    ``answers.voter`` is a user id where the poll keeps names; else an HMAC under
    the poll's key, which is destroyed when the poll closes. There is no time
    in it: the order of answers would tell who gave them.
    """
    db.executescript(
        """
        CREATE TABLE polls (
            id          TEXT NOT NULL PRIMARY KEY,
            team_id     TEXT NOT NULL,
            site        TEXT NOT NULL,
            kind        TEXT NOT NULL CHECK (kind IN ('plain', 'issue', 'page')),
            subject     TEXT NOT NULL,
            source_id   TEXT,
            workspace   TEXT,
            content     TEXT,
            container   TEXT,
            remote_id   TEXT,
            raw         TEXT,
            title       TEXT NOT NULL,
            description TEXT NOT NULL,
            options     TEXT NOT NULL,
            settings    TEXT NOT NULL,
            template    TEXT,
            created_by  TEXT NOT NULL,
            owners      TEXT NOT NULL DEFAULT '[]',
            created_at  REAL NOT NULL,
            made        INTEGER NOT NULL DEFAULT 1,
            closes_at   REAL,
            closed_at   REAL,
            deleted_at  REAL,
            jira_part   TEXT,
            understood  INTEGER NOT NULL DEFAULT 1,
            read_at     REAL NOT NULL DEFAULT 0,
            read_due_at REAL NOT NULL DEFAULT 0,
            read_every  REAL NOT NULL DEFAULT 300
        ) STRICT;
        CREATE INDEX polls_of ON polls (team_id, subject);
        CREATE INDEX polls_to_close ON polls (closes_at)
            WHERE closed_at IS NULL AND deleted_at IS NULL;
        CREATE INDEX polls_to_read ON polls (read_due_at) WHERE remote_id IS NOT NULL;
        CREATE UNIQUE INDEX polls_remote ON polls (team_id, source_id, content, remote_id)
            WHERE remote_id IS NOT NULL;

        CREATE TABLE poll_keys (
            poll_id TEXT NOT NULL PRIMARY KEY REFERENCES polls (id) ON DELETE CASCADE,
            key     TEXT NOT NULL
        ) STRICT;

        CREATE TABLE answers (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            voter     TEXT NOT NULL,
            option_id TEXT NOT NULL,
            PRIMARY KEY (poll_id, voter, option_id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE comments (
            poll_id TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            voter   TEXT NOT NULL,
            comment TEXT NOT NULL,
            PRIMARY KEY (poll_id, voter)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE sources (
            id        TEXT NOT NULL PRIMARY KEY,
            team_id   TEXT NOT NULL,
            workspace TEXT NOT NULL,
            url       TEXT NOT NULL,
            token     TEXT NOT NULL,
            set_by    TEXT NOT NULL,
            set_at    REAL NOT NULL,
            UNIQUE (team_id, workspace)
        ) STRICT;

        CREATE TABLE pages (
            team_id  TEXT NOT NULL,
            page_id  TEXT NOT NULL,
            space_id TEXT NOT NULL,
            title    TEXT NOT NULL,
            macro_id TEXT,
            PRIMARY KEY (team_id, page_id)
        ) STRICT;

        CREATE TABLE teams (
            team_id    TEXT NOT NULL PRIMARY KEY,
            needs_jira INTEGER NOT NULL DEFAULT 0
        ) STRICT;

        ALTER TABLE cards ADD COLUMN poll_id TEXT;
        CREATE INDEX cards_of_poll ON cards (poll_id) WHERE poll_id IS NOT NULL;
        """
    )


@migrations()
def schedules(db: Database) -> None:
    """What is posted by itself, what a poll's end brings about, and results written in Jira.

    ``posts`` holds a row for everything that is posted at most once, ever: it is
    claimed before it is sent, so one that is claimed and not sent may be missing,
    and never doubled. ``tell`` says whether a schedule's owner is still to hear of it.
    """
    db.executescript(
        """
        CREATE TABLE schedules (
            id         TEXT NOT NULL PRIMARY KEY,
            team_id    TEXT NOT NULL,
            site       TEXT NOT NULL,
            owner      TEXT NOT NULL,
            plan       TEXT NOT NULL,
            stamp      TEXT,
            made_at    REAL NOT NULL,
            next_at    REAL,
            try_at     REAL,
            attempts   INTEGER NOT NULL DEFAULT 0,
            paused     INTEGER NOT NULL DEFAULT 0,
            why        TEXT NOT NULL DEFAULT '',
            needs_jira INTEGER NOT NULL DEFAULT 0,
            posted     INTEGER NOT NULL DEFAULT 0,
            failures   INTEGER NOT NULL DEFAULT 0,
            snapshot   TEXT,
            UNIQUE (team_id, owner, stamp)
        ) STRICT;
        CREATE INDEX schedules_due ON schedules (try_at) WHERE paused = 0 AND next_at IS NOT NULL;
        CREATE INDEX schedules_of ON schedules (team_id, owner);
        CREATE INDEX schedules_stopped ON schedules (team_id, owner) WHERE needs_jira = 1;

        CREATE TABLE posts (
            subject    TEXT NOT NULL,
            due_at     REAL NOT NULL,
            team_id    TEXT NOT NULL,
            claimed_at REAL NOT NULL,
            sent_at    REAL,
            too_old    INTEGER NOT NULL DEFAULT 0,
            tell       TEXT CHECK (tell IN ('owed', 'done')),
            PRIMARY KEY (subject, due_at)
        ) STRICT;
        CREATE INDEX posts_unsent ON posts (subject) WHERE sent_at IS NULL AND tell IS NULL;
        CREATE INDEX posts_to_tell ON posts (subject) WHERE tell = 'owed';

        ALTER TABLE polls ADD COLUMN closed_by TEXT;
        ALTER TABLE polls ADD COLUMN remind_before REAL;
        ALTER TABLE polls ADD COLUMN remind_at REAL;
        ALTER TABLE polls ADD COLUMN record INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX polls_to_remind ON polls (remind_at) WHERE remind_at IS NOT NULL;

        CREATE TABLE endings (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            team_id   TEXT NOT NULL,
            closed_at REAL NOT NULL,
            try_at    REAL NOT NULL,
            attempts  INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (poll_id, closed_at)
        ) STRICT;

        CREATE TABLE records (
            poll_id    TEXT NOT NULL PRIMARY KEY REFERENCES polls (id) ON DELETE CASCADE,
            team_id    TEXT NOT NULL,
            site       TEXT NOT NULL,
            issue_key  TEXT NOT NULL,
            owner      TEXT NOT NULL,
            state      TEXT NOT NULL
                CHECK (state IN ('wanted', 'unconnected', 'written', 'refused')),
            comment_id TEXT,
            tried      INTEGER NOT NULL DEFAULT 0,
            attempts   INTEGER NOT NULL DEFAULT 0,
            try_at     REAL NOT NULL,
            closed_at  REAL NOT NULL
        ) STRICT;
        CREATE INDEX records_due ON records (try_at) WHERE state = 'wanted';

        ALTER TABLE cards ADD COLUMN ballot TEXT;
        ALTER TABLE cards ADD COLUMN frame TEXT;
        CREATE TABLE ballot_lines (
            card_id   TEXT NOT NULL REFERENCES cards (id) ON DELETE CASCADE,
            place     INTEGER NOT NULL,
            team_id   TEXT NOT NULL,
            site      TEXT NOT NULL,
            issue_key TEXT NOT NULL,
            issue     TEXT NOT NULL,
            read_at   REAL NOT NULL,
            PRIMARY KEY (card_id, issue_key)
        ) STRICT;
        CREATE INDEX ballot_lines_of ON ballot_lines (team_id, site, issue_key);
        """
    )


@migrations()
def queues(db: Database) -> None:
    """What waits and what is held become two things, in every table that holds work.

    ``due_at`` is NULL for what is held, and for what only news can help; see store/queue.py.
    """
    now = "CAST(strftime('%s', 'now') AS REAL)"
    for table, old, index in (
        ("intents", "due_at", "intents_due"),
        ("cards", "due_at", "cards_waiting"),
        ("endings", "try_at", None),
        ("records", "try_at", "records_due"),
        ("schedules", "try_at", "schedules_due"),
    ):
        was = "due_before"
        if index is not None:
            db.execute(f"DROP INDEX {index}")
        db.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {was}")
        db.execute(f"ALTER TABLE {table} ADD COLUMN due_at REAL DEFAULT 0")
        db.execute(f"ALTER TABLE {table} ADD COLUMN held_until REAL")
        db.execute(f"ALTER TABLE {table} ADD COLUMN holder TEXT")
        # What an earlier version left claimed looks as if it waited; cards out of reach said 1e12.
        at = "next_at" if table == "schedules" else f"min({was}, {now})"
        db.execute(f"UPDATE {table} SET due_at = CASE WHEN {was} < 1e12 THEN {at} END")
        db.execute(f"ALTER TABLE {table} DROP COLUMN {was}")
    db.executescript(
        """
        DROP INDEX polls_to_read;
        ALTER TABLE polls RENAME COLUMN read_due_at TO read_due_before;
        ALTER TABLE polls ADD COLUMN read_due_at REAL;
        ALTER TABLE polls ADD COLUMN read_held_until REAL;
        ALTER TABLE polls ADD COLUMN read_holder TEXT;
        ALTER TABLE polls ADD COLUMN read_attempts INTEGER NOT NULL DEFAULT 0;
        UPDATE polls SET read_due_at = read_due_before
            WHERE remote_id IS NOT NULL AND closed_at IS NULL AND deleted_at IS NULL;
        ALTER TABLE polls DROP COLUMN read_due_before;

        DROP INDEX polls_to_remind;
        ALTER TABLE polls RENAME COLUMN remind_at TO remind_due_at;
        ALTER TABLE polls ADD COLUMN remind_held_until REAL;
        ALTER TABLE polls ADD COLUMN remind_holder TEXT;
        ALTER TABLE polls ADD COLUMN remind_attempts INTEGER NOT NULL DEFAULT 0;

        CREATE INDEX intents_due ON intents (due_at);
        CREATE INDEX intents_held ON intents (held_until) WHERE held_until IS NOT NULL;
        CREATE INDEX cards_due ON cards (due_at) WHERE changes > drawn;
        CREATE INDEX cards_held ON cards (held_until) WHERE held_until IS NOT NULL;
        CREATE INDEX endings_due ON endings (due_at);
        CREATE INDEX endings_held ON endings (held_until) WHERE held_until IS NOT NULL;
        CREATE INDEX records_due ON records (due_at) WHERE state = 'wanted';
        CREATE INDEX records_held ON records (held_until) WHERE held_until IS NOT NULL;
        CREATE INDEX schedules_due ON schedules (due_at) WHERE paused = 0 AND next_at IS NOT NULL;
        CREATE INDEX schedules_held ON schedules (held_until) WHERE held_until IS NOT NULL;
        CREATE INDEX polls_to_read ON polls (read_due_at) WHERE read_due_at IS NOT NULL;
        CREATE INDEX polls_reading ON polls (read_held_until) WHERE read_held_until IS NOT NULL;
        CREATE INDEX polls_to_remind ON polls (remind_due_at) WHERE remind_due_at IS NOT NULL;
        CREATE INDEX polls_reminding ON polls (remind_held_until)
            WHERE remind_held_until IS NOT NULL;
        """
    )


@migrations()
def outbox(db: Database) -> None:
    """What is said once has a subject in columns, and is told by a queue; see store/outbox.py."""
    db.executescript(
        """
        CREATE TABLE outbox (
            kind       TEXT NOT NULL,
            about      TEXT NOT NULL,
            reader     TEXT NOT NULL DEFAULT '',
            occasion   REAL NOT NULL DEFAULT 0,
            team_id    TEXT NOT NULL,
            state      TEXT NOT NULL
                CHECK (state IN ('claimed', 'sent', 'unsure', 'left_out', 'owed')),
            owed       INTEGER NOT NULL DEFAULT 0,
            tries      INTEGER NOT NULL DEFAULT 0,
            changed_at REAL NOT NULL,
            due_at     REAL DEFAULT 0,
            held_until REAL,
            holder     TEXT,
            attempts   INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (kind, about, reader, occasion)
        ) STRICT;
        INSERT INTO outbox (kind, about, reader, occasion, team_id, state, owed, tries, changed_at)
        SELECT
            substr(subject, 1, instr(subject, ' ') - 1),
            CASE WHEN subject LIKE 'remind %'
                THEN substr(subject, 8, instr(substr(subject, 8), ' ') - 1)
                ELSE substr(subject, instr(subject, ' ') + 1) END,
            CASE WHEN subject LIKE 'remind %'
                THEN substr(subject, 8 + instr(substr(subject, 8), ' ')) ELSE '' END,
            due_at,
            team_id,
            CASE
                WHEN subject LIKE 'stopped %' OR subject LIKE 'gone %'
                    THEN CASE tell WHEN 'owed' THEN 'owed' ELSE 'sent' END
                WHEN sent_at IS NOT NULL THEN 'sent'
                WHEN too_old = 1 THEN 'left_out'
                WHEN tell IS NOT NULL THEN 'unsure'
                WHEN subject LIKE 'schedule %' OR subject LIKE 'run %' THEN 'claimed'
                ELSE 'unsure'
            END,
            CASE tell WHEN 'owed' THEN 2 ELSE 0 END,
            1,
            coalesce(sent_at, claimed_at)
        FROM posts;
        DROP TABLE posts;
        CREATE INDEX outbox_owed ON outbox (due_at) WHERE owed > 0;
        CREATE INDEX outbox_held ON outbox (held_until) WHERE held_until IS NOT NULL;
        CREATE INDEX outbox_claimed ON outbox (kind) WHERE state = 'claimed';
        """
    )


@migrations()
def parted_for_good(db: Database) -> None:
    """Answers to closed anonymous polls become nobody's: random ids stand where pseudonyms were.

    ``polls.people`` is how many people answered such a poll; NULL while they can be counted.
    """
    db.execute("ALTER TABLE polls ADD COLUMN people INTEGER")
    over = (
        "SELECT id FROM polls WHERE json_extract(settings, '$.names') = 0"
        " AND NOT EXISTS (SELECT 1 FROM poll_keys WHERE poll_keys.poll_id = polls.id)"
    )
    db.execute(
        "UPDATE polls SET people = (SELECT count(DISTINCT voter) FROM answers"
        f" WHERE answers.poll_id = polls.id) WHERE id IN ({over})"
    )
    for table in ("answers", "comments"):
        db.execute(
            f"UPDATE {table} SET voter = lower(hex(randomblob(16))) WHERE poll_id IN ({over})"
        )


@migrations()
def tries(db: Database) -> None:
    """Calls that left for Jira: those without an answer may still land; see jira/try_rows.py."""
    db.executescript(
        """
        CREATE TABLE tries (
            id          TEXT NOT NULL PRIMARY KEY,
            team_id     TEXT NOT NULL,
            user_id     TEXT NOT NULL,
            site        TEXT NOT NULL,
            issue_key   TEXT NOT NULL,
            wish        TEXT NOT NULL CHECK (wish IN ('vote', 'withdraw')),
            sent_at     REAL NOT NULL,
            answered_at REAL
        ) STRICT;
        CREATE INDEX tries_of ON tries (team_id, user_id, site, issue_key);
        """
    )


@migrations()
def steps(db: Database) -> None:
    """What was seen of open anonymous polls: the splits, and which comments.

    ``people`` is NULL where it is not known. What an earlier version showed was seen, too.
    """
    db.executescript(
        """
        CREATE TABLE steps (
            poll_id TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            part    TEXT NOT NULL CHECK (part IN ('slack', 'jira')),
            place   INTEGER NOT NULL,
            people  INTEGER,
            counts  TEXT NOT NULL,
            PRIMARY KEY (poll_id, part, place)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX steps_near ON steps (poll_id, part, people);

        INSERT INTO steps (poll_id, part, place, people, counts)
        SELECT id, 'slack', 1, (SELECT count(DISTINCT voter) FROM answers WHERE poll_id = id),
            (SELECT json_group_object(option_id, answers) FROM
                (SELECT option_id, count(*) AS answers FROM answers WHERE poll_id = polls.id
                    GROUP BY option_id ORDER BY option_id))
        FROM polls WHERE EXISTS (SELECT 1 FROM poll_keys WHERE poll_id = id);
        DELETE FROM steps WHERE people < 3;

        INSERT INTO steps (poll_id, part, place, people, counts)
        SELECT id, 'jira', 1, json_extract(jira_part, '$.people'),
            json_extract(jira_part, '$.counts')
        FROM polls WHERE jira_part IS NOT NULL
            AND EXISTS (SELECT 1 FROM poll_keys WHERE poll_id = id);

        ALTER TABLE comments ADD COLUMN shown INTEGER NOT NULL DEFAULT 0;
        UPDATE comments SET shown = 1;
        """
    )


@migrations()
def cards_by_message(db: Database) -> None:
    """A card is found by its message: two messages may carry the same buttons."""
    db.execute("CREATE INDEX cards_at ON cards (channel_id, message_ts)")


@migrations()
def edits(db: Database) -> None:
    """``answers.was``: what the option said when it was chosen, if it says something else now."""
    db.execute("ALTER TABLE answers ADD COLUMN was TEXT")


@migrations()
def receipts(db: Database) -> None:
    """Receipts of answers are owed (polls/answers/receipt_rows.py). Earlier ones were told."""
    db.executescript(
        """
        CREATE TABLE receipts (
            id           TEXT NOT NULL,
            team_id      TEXT NOT NULL,
            user_id      TEXT NOT NULL,
            poll_id      TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            since        REAL NOT NULL,
            channel_id   TEXT NOT NULL,
            response_url TEXT,
            replaces     INTEGER NOT NULL DEFAULT 0,
            due_at       REAL,
            held_until   REAL,
            holder       TEXT,
            attempts     INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (team_id, user_id, poll_id)
        ) STRICT;
        CREATE INDEX receipts_due ON receipts (due_at);
        CREATE INDEX receipts_held ON receipts (held_until) WHERE held_until IS NOT NULL;
        CREATE INDEX receipts_of ON receipts (poll_id);

        ALTER TABLE deliveries ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
        UPDATE deliveries SET told = 1;
        """
    )


@migrations()
def found(db: Database) -> None:
    """``polls.found``: it was made in Jira or Confluence, and came here by a list.

    Of those in Team Voice that an earlier version kept, nobody knows whether they were.
    """
    db.execute("ALTER TABLE polls ADD COLUMN found INTEGER NOT NULL DEFAULT 0")
    db.execute("UPDATE polls SET found = 1 WHERE remote_id IS NOT NULL")


@migrations()
def waiting_polls(db: Database) -> None:
    """Polls that people asked for and that could not be made yet; see polls/waiting/rows.py."""
    db.executescript(
        """
        CREATE TABLE waiting_polls (
            id           TEXT NOT NULL PRIMARY KEY,
            team_id      TEXT NOT NULL,
            user_id      TEXT NOT NULL,
            site         TEXT NOT NULL,
            kind         TEXT NOT NULL CHECK (kind IN ('issue', 'page')),
            subject      TEXT NOT NULL,
            ask          TEXT NOT NULL,
            stamp        TEXT NOT NULL,
            channel_id   TEXT NOT NULL,
            response_url TEXT,
            state        TEXT NOT NULL
                CHECK (state IN ('queued', 'unconnected', 'making', 'settled')),
            asked_at     REAL NOT NULL,
            ends_at      REAL,
            outcome      TEXT,
            due_at       REAL,
            held_until   REAL,
            holder       TEXT,
            attempts     INTEGER NOT NULL DEFAULT 0,
            UNIQUE (team_id, user_id, stamp)
        ) STRICT;
        CREATE INDEX waiting_polls_due ON waiting_polls (due_at);
        """
    )


@migrations()
def issues(db: Database) -> None:
    """Which issue a key leads to, by Jira's id, and the key that it has by now; NULL if this one.

    An intent may get another key while it is held, so it is found by the one it had at first.
    """
    db.executescript(
        """
        CREATE TABLE issues (
            site      TEXT NOT NULL,
            issue_key TEXT NOT NULL,
            issue_id  TEXT NOT NULL,
            moved_to  TEXT,
            PRIMARY KEY (site, issue_key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX issues_by_id ON issues (site, issue_id);

        ALTER TABLE intents ADD COLUMN first_key TEXT NOT NULL DEFAULT '';
        UPDATE intents SET first_key = issue_key;
        """
    )


@migrations()
def asked(db: Database) -> None:
    """``polls.asked``: what the first answers were given to, if the question is another one now."""
    db.execute("ALTER TABLE polls ADD COLUMN asked TEXT NOT NULL DEFAULT ''")


@migrations()
def mark(db: Database) -> None:
    """How many commits there were, compared with the file beside; see store/mark.py."""
    db.execute(
        "CREATE TABLE mark (id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL,"
        " count INTEGER NOT NULL) STRICT"
    )


@migrations()
def refusal(db: Database) -> None:
    """``outbox.code``: the error of Slack's for which this is owed instead of something else."""
    db.execute("ALTER TABLE outbox ADD COLUMN code TEXT NOT NULL DEFAULT ''")


@migrations()
def places(db: Database) -> None:
    """``polls.source``: which body keeps it, NULL for pollbot itself; ``place``: for that to read.

    What Team Voice reads is a list: the project or space, the issue or page, and the macro.
    """
    db.executescript(
        """
        ALTER TABLE polls ADD COLUMN source TEXT;
        ALTER TABLE polls ADD COLUMN place TEXT;
        UPDATE polls SET source = 'team_voice', place = json_array(workspace, content, container)
            WHERE source_id IS NOT NULL;
        DROP INDEX polls_remote;
        CREATE UNIQUE INDEX polls_remote ON polls (team_id, source_id, place, remote_id)
            WHERE remote_id IS NOT NULL;
        ALTER TABLE polls DROP COLUMN workspace;
        ALTER TABLE polls DROP COLUMN content;
        ALTER TABLE polls DROP COLUMN container;
        """
    )


@migrations()
def counts(db: Database) -> None:
    """How often each option was chosen; under the id '' how many people answered."""
    db.executescript(
        """
        CREATE TABLE counts (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            option_id TEXT NOT NULL,
            answers   INTEGER NOT NULL,
            PRIMARY KEY (poll_id, option_id)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO counts (poll_id, option_id, answers)
            SELECT poll_id, option_id, count(*) FROM answers GROUP BY poll_id, option_id;
        INSERT INTO counts (poll_id, option_id, answers)
            SELECT answers.poll_id, '', coalesce(polls.people, count(DISTINCT voter))
            FROM answers JOIN polls ON polls.id = answers.poll_id GROUP BY answers.poll_id;
        CREATE INDEX answers_by_option ON answers (poll_id, option_id, voter);
        """
    )


@migrations()
def sign_in(db: Database) -> None:
    """What people allowed at Atlassian, with sealed tokens; and sign-ins under way, by a hash."""
    db.executescript(
        """
        CREATE TABLE grants (
            id           TEXT PRIMARY KEY,
            team_id      TEXT NOT NULL,
            user_id      TEXT NOT NULL,
            site         TEXT NOT NULL,
            access       TEXT NOT NULL,
            refresh      TEXT NOT NULL,
            expires_at   REAL NOT NULL,
            consented_at REAL NOT NULL
        ) STRICT;
        CREATE INDEX grants_by_person ON grants (team_id, user_id, site);
        CREATE TABLE sign_ins (
            state      TEXT PRIMARY KEY,
            team_id    TEXT NOT NULL,
            user_id    TEXT NOT NULL,
            channel_id TEXT NOT NULL,
            asked_at   REAL NOT NULL,
            view_id    TEXT NOT NULL DEFAULT ''
        ) STRICT;
        """
    )


@migrations()
def ends_of_accounts(db: Database) -> None:
    """``told_of_end``: whether its person was told that what an account stands on ends soon."""
    db.executescript("ALTER TABLE accounts ADD COLUMN told_of_end INTEGER NOT NULL DEFAULT 0")


@migrations()
def languages(db: Database) -> None:
    """The language of what everybody in a workspace reads, where its admins chose one."""
    db.executescript(
        """
        CREATE TABLE languages (
            team_id TEXT NOT NULL PRIMARY KEY,
            code    TEXT NOT NULL
        ) STRICT;
        """
    )


@migrations()
def errands(db: Database) -> None:
    """Of all that waits, the id of what it is done for; see errands.py."""
    tables = ("intents", "cards", "receipts", "waiting_polls", "endings", "records", "schedules")
    for table in (*tables, "outbox"):
        db.execute(f"ALTER TABLE {table} ADD COLUMN errand TEXT")
    db.execute("ALTER TABLE polls ADD COLUMN remind_errand TEXT")


@migrations()
def ages(db: Database) -> None:
    """Of what waits, since when it should have been done; see store/queue.py."""
    tables = ("intents", "cards", "receipts", "waiting_polls", "endings", "records", "schedules")
    for table in (*tables, "outbox"):
        db.execute(f"ALTER TABLE {table} ADD COLUMN behind_since REAL")
    for prefix in ("remind", "read"):
        db.execute(f"ALTER TABLE polls ADD COLUMN {prefix}_behind_since REAL")


@migrations()
def threads_of_cards(db: Database) -> None:
    """Under which message a card hangs; NULL in the channel itself."""
    db.executescript(
        """
        ALTER TABLE cards ADD COLUMN thread_ts TEXT;
        ALTER TABLE waiting_polls ADD COLUMN thread_ts TEXT;
        """
    )


@migrations()
def sites_of_sign_ins(db: Database) -> None:
    """To which site somebody signs in; empty where there was but one."""
    db.executescript("ALTER TABLE sign_ins ADD COLUMN site TEXT NOT NULL DEFAULT '';")


@migrations()
def sites_of_pages(db: Database) -> None:
    """On which site a page is; empty for the default one."""
    db.executescript(
        """
        CREATE TABLE pages_of_sites (
            team_id  TEXT NOT NULL,
            site     TEXT NOT NULL DEFAULT '',
            page_id  TEXT NOT NULL,
            space_id TEXT NOT NULL,
            title    TEXT NOT NULL,
            macro_id TEXT,
            PRIMARY KEY (team_id, site, page_id)
        ) STRICT;
        INSERT INTO pages_of_sites (team_id, page_id, space_id, title, macro_id)
            SELECT team_id, page_id, space_id, title, macro_id FROM pages;
        DROP TABLE pages;
        ALTER TABLE pages_of_sites RENAME TO pages;
        """
    )


@migrations()
def previews(db: Database) -> None:
    """``shared``: the link whose preview a card is. And what channels chose about previews."""
    db.executescript(
        """
        ALTER TABLE cards ADD COLUMN shared TEXT;
        CREATE TABLE previews (
            team_id    TEXT NOT NULL,
            channel_id TEXT NOT NULL,
            shown      TEXT NOT NULL,
            PRIMARY KEY (team_id, channel_id)
        ) STRICT;
        """
    )


@migrations()
def sites_of_sources(db: Database) -> None:
    """On which site the project or space of a source is; empty for the default one."""
    db.executescript(
        """
        CREATE TABLE sources_of_sites (
            id        TEXT NOT NULL PRIMARY KEY,
            team_id   TEXT NOT NULL,
            site      TEXT NOT NULL DEFAULT '',
            workspace TEXT NOT NULL,
            url       TEXT NOT NULL,
            token     TEXT NOT NULL,
            set_by    TEXT NOT NULL,
            set_at    REAL NOT NULL,
            UNIQUE (team_id, site, workspace)
        ) STRICT;
        INSERT INTO sources_of_sites (id, team_id, workspace, url, token, set_by, set_at)
            SELECT id, team_id, workspace, url, token, set_by, set_at FROM sources;
        DROP TABLE sources;
        ALTER TABLE sources_of_sites RENAME TO sources;
        """
    )


@migrations()
def seen_wishes(db: Database) -> None:
    """Whether who asked sees what becomes of a wish where they clicked."""
    db.executescript("ALTER TABLE intents ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;")


@migrations()
def wishes_in_threads(db: Database) -> None:
    """In which thread somebody asked for a vote, where the answer belongs, too."""
    db.executescript("ALTER TABLE intents ADD COLUMN thread_ts TEXT;")


@migrations()
def votes_to_be_told_of(db: Database) -> None:
    """Votes that were cast here, until their people hear what became of the issues; and who of
    them wants to hear nothing, of a project, or of any where it is empty."""
    db.executescript(
        """
        CREATE TABLE cast_votes (
            id           TEXT NOT NULL PRIMARY KEY,
            team_id      TEXT NOT NULL,
            user_id      TEXT NOT NULL,
            site         TEXT NOT NULL,
            issue_key    TEXT NOT NULL,
            cast_at      REAL NOT NULL,
            seen_open    INTEGER NOT NULL,
            resolved     INTEGER NOT NULL DEFAULT 0,
            due_at       REAL,
            held_until   REAL,
            holder       TEXT,
            attempts     INTEGER NOT NULL DEFAULT 0,
            errand       TEXT,
            behind_since REAL,
            UNIQUE (team_id, user_id, site, issue_key)
        ) STRICT;
        CREATE INDEX cast_votes_of_issue ON cast_votes (site, issue_key);
        CREATE INDEX cast_votes_due ON cast_votes (due_at) WHERE resolved = 1;

        CREATE TABLE voted_issues (
            id           TEXT NOT NULL PRIMARY KEY,
            team_id      TEXT NOT NULL,
            site         TEXT NOT NULL,
            issue_key    TEXT NOT NULL,
            passed_over  TEXT NOT NULL DEFAULT '',
            due_at       REAL,
            held_until   REAL,
            holder       TEXT,
            attempts     INTEGER NOT NULL DEFAULT 0,
            errand       TEXT,
            behind_since REAL,
            UNIQUE (team_id, site, issue_key)
        ) STRICT;

        CREATE TABLE muted (
            team_id TEXT NOT NULL,
            user_id TEXT NOT NULL,
            site    TEXT NOT NULL,
            project TEXT NOT NULL,
            PRIMARY KEY (team_id, user_id, site, project)
        ) STRICT;
        """
    )


@migrations()
def work_objects(db: Database) -> None:
    """Whether a workspace has previews as Work Objects, and what Slack said when it took none."""
    db.executescript(
        """
        CREATE TABLE work_objects (
            team_id TEXT PRIMARY KEY,
            is_on INTEGER NOT NULL,
            refused TEXT,
            refused_at REAL
        ) STRICT;
        """
    )


@migrations()
def watches(db: Database) -> None:
    """Who wants to watch which issue in Jira, until they heard that they do."""
    db.executescript(
        """
        CREATE TABLE watches (
            id           TEXT NOT NULL PRIMARY KEY,
            team_id      TEXT NOT NULL,
            user_id      TEXT NOT NULL,
            site         TEXT NOT NULL,
            issue_key    TEXT NOT NULL,
            asked_at     REAL NOT NULL,
            told         INTEGER NOT NULL DEFAULT 0,
            parked       INTEGER NOT NULL DEFAULT 0,
            outcome      TEXT,
            channel_id   TEXT NOT NULL,
            response_url TEXT,
            replaces     INTEGER NOT NULL DEFAULT 0,
            thread_ts    TEXT,
            due_at       REAL,
            held_until   REAL,
            holder       TEXT,
            attempts     INTEGER NOT NULL DEFAULT 0,
            errand       TEXT,
            behind_since REAL,
            UNIQUE (team_id, user_id, site, issue_key)
        ) STRICT;
        """
    )


@migrations()
def muted_reminders(db: Database) -> None:
    """Whom no poll reminds, as they asked for that."""
    db.executescript(
        """
        CREATE TABLE muted_reminders (
            team_id TEXT NOT NULL,
            user_id TEXT NOT NULL,
            since   REAL NOT NULL,
            PRIMARY KEY (team_id, user_id)
        ) STRICT;
        """
    )


@migrations()
def where_it_waits_is_told(db: Database) -> None:
    """The direct message that told a person that their vote waits, which its end takes over."""
    db.executescript(
        """
        ALTER TABLE intents ADD COLUMN said_in TEXT NOT NULL DEFAULT '';
        ALTER TABLE intents ADD COLUMN said_ts TEXT NOT NULL DEFAULT '';
        """
    )


@migrations()
def unwatches(db: Database) -> None:
    """Wishes to watch an issue no more, one after the other with those to watch it."""
    db.executescript(
        """
        ALTER TABLE watches ADD COLUMN wish TEXT NOT NULL DEFAULT 'watch';
        ALTER TABLE watches ADD COLUMN first_key TEXT NOT NULL DEFAULT '';
        UPDATE watches SET first_key = issue_key;

        CREATE TABLE tries_of_all (
            id          TEXT NOT NULL PRIMARY KEY,
            team_id     TEXT NOT NULL,
            user_id     TEXT NOT NULL,
            site        TEXT NOT NULL,
            issue_key   TEXT NOT NULL,
            wish        TEXT NOT NULL CHECK (wish IN ('vote', 'withdraw', 'watch', 'unwatch')),
            sent_at     REAL NOT NULL,
            answered_at REAL
        ) STRICT;
        INSERT INTO tries_of_all (id, team_id, user_id, site, issue_key, wish, sent_at, answered_at)
            SELECT id, team_id, user_id, site, issue_key, wish, sent_at, answered_at FROM tries;
        DROP TABLE tries;
        ALTER TABLE tries_of_all RENAME TO tries;
        CREATE INDEX tries_of ON tries (team_id, user_id, site, issue_key);
        """
    )


@migrations()
def poll_defaults(db: Database) -> None:
    """What the polls of a workspace begin with, where its admins said so."""
    db.executescript(
        """
        CREATE TABLE poll_defaults (
            team_id  TEXT NOT NULL PRIMARY KEY,
            defaults TEXT NOT NULL
        ) STRICT;
        """
    )


@migrations.adds()
def vote_counts(db: Database) -> None:
    """How many votes issues had, day by day, as far as pollbot read them."""
    db.executescript(
        """
        CREATE TABLE vote_counts (
            site      TEXT NOT NULL,
            issue_key TEXT NOT NULL,
            day       INTEGER NOT NULL,
            low       INTEGER NOT NULL,
            high      INTEGER NOT NULL,
            votes     INTEGER NOT NULL,
            PRIMARY KEY (site, issue_key, day)
        ) STRICT;
        CREATE INDEX vote_counts_by_day ON vote_counts (day);
        """
    )


@migrations.adds()
def audit(db: Database) -> None:
    """Who changed what, which is added to and never changed; see store/audit.py.

    Of a workspace only what is older than ``audit_forgotten`` says may go.
    """
    db.executescript(
        """
        CREATE TABLE audit (
            nth     INTEGER NOT NULL PRIMARY KEY,
            team_id TEXT NOT NULL,
            at      REAL NOT NULL,
            who     INTEGER,
            what    TEXT NOT NULL,
            about   TEXT NOT NULL,
            fields  TEXT NOT NULL
        ) STRICT;
        CREATE INDEX audit_of ON audit (team_id, nth);
        CREATE INDEX audit_by_age ON audit (team_id, at);

        CREATE TABLE audit_people (
            id      INTEGER NOT NULL PRIMARY KEY,
            team_id TEXT NOT NULL,
            user_id TEXT NOT NULL,
            UNIQUE (team_id, user_id)
        ) STRICT;

        CREATE TABLE audit_forgotten (
            team_id TEXT NOT NULL PRIMARY KEY,
            before  REAL NOT NULL
        ) STRICT;

        CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN
            SELECT RAISE(ABORT, 'the audit log is added to, and never changed');
        END;
        CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit WHEN NOT EXISTS (
            SELECT 1 FROM audit_forgotten WHERE team_id = OLD.team_id AND before > OLD.at
        ) BEGIN
            SELECT RAISE(ABORT, 'the audit log is added to, and kept');
        END;
        CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit WHEN EXISTS (
            SELECT 1 FROM audit WHERE nth = NEW.nth
        ) BEGIN
            SELECT RAISE(ABORT, 'the audit log is added to, and never changed');
        END;
        """
    )


@migrations.adds()
def executions(db: Database) -> None:
    """Runs of steps of Slack's Workflow Builder, until Slack has heard what became of them."""
    db.executescript(
        """
        CREATE TABLE executions (
            team_id      TEXT NOT NULL,
            id           TEXT NOT NULL,
            step         TEXT NOT NULL,
            inputs       TEXT NOT NULL,
            token        TEXT,
            asked_at     REAL NOT NULL,
            poll_id      TEXT,
            why          TEXT,
            due_at       REAL,
            held_until   REAL,
            holder       TEXT,
            attempts     INTEGER NOT NULL DEFAULT 0,
            errand       TEXT,
            behind_since REAL,
            PRIMARY KEY (team_id, id)
        ) STRICT;
        CREATE INDEX executions_of_poll ON executions (poll_id);
        """
    )


@migrations.adds()
def thresholds(db: Database) -> None:
    """Who is told when which issues reach a number of votes, and what of that is to be told."""
    db.executescript(
        """
        CREATE TABLE thresholds (
            id           TEXT NOT NULL PRIMARY KEY,
            team_id      TEXT NOT NULL,
            site         TEXT NOT NULL,
            owner        TEXT NOT NULL,
            what         TEXT NOT NULL,
            subject      TEXT NOT NULL,
            votes        INTEGER NOT NULL,
            channel_id   TEXT NOT NULL,
            stamp        TEXT NOT NULL,
            made_at      REAL NOT NULL,
            paused       INTEGER NOT NULL DEFAULT 0,
            why          TEXT NOT NULL DEFAULT '',
            needs_jira   INTEGER NOT NULL DEFAULT 0,
            baselined    INTEGER NOT NULL DEFAULT 0,
            version      INTEGER NOT NULL DEFAULT 0,
            due_at       REAL,
            held_until   REAL,
            holder       TEXT,
            attempts     INTEGER NOT NULL DEFAULT 0,
            errand       TEXT,
            behind_since REAL,
            UNIQUE (team_id, owner, stamp)
        ) STRICT;

        CREATE TABLE threshold_states (
            threshold_id TEXT NOT NULL,
            team_id      TEXT NOT NULL,
            issue_key    TEXT NOT NULL,
            above        INTEGER NOT NULL,
            below_since  REAL,
            away         INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (threshold_id, issue_key)
        ) STRICT;

        CREATE TABLE crossings (
            id           TEXT NOT NULL PRIMARY KEY,
            team_id      TEXT NOT NULL,
            threshold_id TEXT NOT NULL,
            site         TEXT NOT NULL,
            issue_key    TEXT NOT NULL,
            crossed_at   REAL NOT NULL,
            done         INTEGER NOT NULL DEFAULT 0,
            due_at       REAL,
            held_until   REAL,
            holder       TEXT,
            attempts     INTEGER NOT NULL DEFAULT 0,
            errand       TEXT,
            behind_since REAL
        ) STRICT;
        CREATE INDEX crossings_of ON crossings (threshold_id, issue_key);
        """
    )


@migrations.adds()
def poll_templates(db: Database) -> None:
    """Polls that people keep to ask them again, for themselves or shared with their workspace."""
    db.executescript(
        """
        CREATE TABLE poll_templates (
            id         TEXT NOT NULL PRIMARY KEY,
            team_id    TEXT NOT NULL,
            owner      TEXT NOT NULL,
            name       TEXT NOT NULL,
            folded     TEXT NOT NULL,
            shared     INTEGER NOT NULL DEFAULT 0 CHECK (shared IN (0, 1)),
            definition TEXT NOT NULL,
            made_at    REAL NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX poll_templates_of ON poll_templates (team_id, owner, folded);
        CREATE UNIQUE INDEX poll_templates_shared ON poll_templates (team_id, folded)
            WHERE shared = 1;
        """
    )


@migrations.adds()
def rights(db: Database) -> None:
    """Who may make polls in a workspace, on which projects, and where cards may be posted."""
    db.executescript(
        """
        CREATE TABLE rights (
            team_id TEXT NOT NULL PRIMARY KEY,
            rights  TEXT NOT NULL
        ) STRICT;
        """
    )


@migrations.adds()
def many_workspaces(db: Database) -> None:
    """Where the app is installed beside the one workspace of SLACK_BOT_TOKEN, and where no more."""
    db.executescript(
        """
        CREATE TABLE installations (
            id               TEXT NOT NULL PRIMARY KEY,
            name             TEXT NOT NULL,
            app_id           TEXT NOT NULL,
            bot_user_id      TEXT NOT NULL,
            token            TEXT NOT NULL,
            refresh          TEXT,
            expires_at       REAL,
            refreshing_until REAL,
            installed_by     TEXT NOT NULL,
            installed_at     REAL NOT NULL
        ) STRICT;

        CREATE TABLE workspaces (
            team_id       TEXT NOT NULL PRIMARY KEY,
            enterprise_id TEXT NOT NULL DEFAULT '',
            gone_at       REAL
        ) STRICT;

        CREATE TABLE installs_begun (
            state    TEXT NOT NULL PRIMARY KEY,
            begun_at REAL NOT NULL
        ) STRICT;
        """
    )


@migrations.adds()
def unfinished(db: Database) -> None:
    """Answers that have fewer options than the poll asks for, and so do not count yet."""
    db.executescript(
        """
        CREATE TABLE unfinished (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            voter     TEXT NOT NULL,
            option_id TEXT NOT NULL,
            PRIMARY KEY (poll_id, voter, option_id)
        ) STRICT, WITHOUT ROWID;
        """
    )


@migrations.adds()
def additions(db: Database) -> None:
    """Options that people added to polls of others, and polls that close once all have answered."""
    db.executescript(
        """
        CREATE TABLE additions (
            id        TEXT NOT NULL PRIMARY KEY,
            team_id   TEXT NOT NULL,
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            option_id TEXT NOT NULL,
            title     TEXT NOT NULL,
            added_by  TEXT NOT NULL,
            added_at  REAL NOT NULL
        ) STRICT;
        CREATE INDEX additions_to_poll ON additions (poll_id);

        CREATE TABLE when_all (
            poll_id      TEXT NOT NULL PRIMARY KEY REFERENCES polls (id) ON DELETE CASCADE,
            team_id      TEXT NOT NULL,
            due_at       REAL,
            held_until   REAL,
            holder       TEXT,
            attempts     INTEGER NOT NULL DEFAULT 0,
            errand       TEXT,
            behind_since REAL
        ) STRICT;
        CREATE INDEX when_all_due ON when_all (due_at) WHERE due_at IS NOT NULL;
        CREATE INDEX when_all_held ON when_all (held_until) WHERE held_until IS NOT NULL;

        ALTER TABLE polls ADD COLUMN nudged_at REAL;
        """
    )


@migrations.adds()
def retention(db: Database) -> None:
    """After how many days a workspace forgets what is over, and which polls it has forgotten."""
    db.executescript(
        """
        CREATE TABLE retention (
            team_id TEXT NOT NULL PRIMARY KEY,
            polls   INTEGER,
            audit   INTEGER,
            work    INTEGER
        ) STRICT;

        CREATE TABLE forgotten_polls (
            id           TEXT NOT NULL PRIMARY KEY,
            team_id      TEXT NOT NULL,
            forgotten_at REAL NOT NULL
        ) STRICT;
        """
    )


@migrations.adds()
def last_due(db: Database) -> None:
    """The due time that a schedule turned from, so that of one that is over its age is known."""
    db.executescript("ALTER TABLE schedules ADD COLUMN last_due REAL;")


@migrations.adds()
def unlisted(db: Database) -> None:
    """Since when its source's lists lack a poll, which may have been deleted there, or not."""
    db.executescript(
        """
        ALTER TABLE polls ADD COLUMN unlisted_since REAL;
        CREATE INDEX polls_unlisted ON polls (unlisted_since) WHERE unlisted_since IS NOT NULL;
        """
    )


@migrations.adds()
def page_links(db: Database) -> None:
    """Channels that are linked to a Confluence page, beside those that are to an issue."""
    db.executescript(
        """
        CREATE TABLE page_links (
            team_id    TEXT NOT NULL,
            channel_id TEXT NOT NULL,
            site       TEXT NOT NULL,
            page_id    TEXT NOT NULL,
            linked_by  TEXT NOT NULL,
            linked_at  REAL NOT NULL,
            PRIMARY KEY (team_id, channel_id)
        ) STRICT;
        """
    )


Keep = Callable[[sqlite3.Connection, str], Path | None]
"""Keeps a copy of a database before the step of that name; returns where."""


def migrate(connection: sqlite3.Connection, keep: Keep = lambda _, step: None) -> None:
    """Bring the database up to date; a step that fails leaves it as it was.

    ``keep`` is called before the first step that changes a database that was in use. Raises
    StartError if such a step failed, or if a newer pollbot was there before, and changes nothing
    then.
    """
    newer = unknown(connection)
    if newer:
        raise StartError(
            "pollbot did not start.\n  POLLBOT_DATABASE: a newer pollbot has used this database "
            f"({', '.join(newer)}). Nothing in it was changed. Start that version, or put back "
            "a backup from before with `pollbot restore`."
        )
    db = _as_tables(connection)
    pending = migrations.pending(db)
    kept = keep(connection, pending[0].name) if pending and applied(connection) else None
    try:
        migrations.apply(db)
    except sqlite3.Error as error:
        if kept is None:
            raise
        step = migrations.pending(db)[0].name
        raise StartError(
            f"pollbot did not start.\n  POLLBOT_DATABASE: it could not be brought up to date: the "
            f"step {step} failed ({error}) and left nothing behind. As it was before this version "
            f"it lies in {kept}: to go back, install the version before and restore that file."
        ) from error


def applied(connection: sqlite3.Connection) -> list[str]:
    """Return the steps that were applied to the database; none if it is not pollbot's."""
    return [step.name for step in migrations.applied(_as_tables(connection))]


def pending(connection: sqlite3.Connection) -> list[str]:
    """Return the steps that the next start would apply."""
    return [step.name for step in migrations.pending(_as_tables(connection))]


def unknown(connection: sqlite3.Connection) -> list[str]:
    """Return the applied steps that this version does not know: a newer one has."""
    return sorted(set(applied(connection)) - {step.name for step in all_steps()})


def in_the_way(taken: Iterable[tuple[str, str | None]], known: Collection[str]) -> list[str]:
    """Return the steps beside which a program cannot go on that knows these.

    ``taken`` are steps, each with what it needs to be known; None for itself.
    """
    return sorted(
        name
        for name, needs in taken
        if name not in known and needs != ANY and (needs or name) not in known
    )


def all_steps() -> list[Any]:
    """Return every step that this version knows, with its ``name`` and what it does, ``fn``."""
    with closing(sqlite3.connect(":memory:")) as empty:
        return list(migrations.pending(_as_tables(empty)))


def schema(before: str | None = None) -> tuple[list[str], list[str]]:
    """Return what makes all tables and indexes anew, and the steps that have led there.

    With ``before``, they are as they were before that step.
    """
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as empty:
        migrations.apply(_as_tables(empty), stop_before=before)
        made = empty.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"
            " AND tbl_name NOT LIKE '%\\_migrations' ESCAPE '\\' ORDER BY rowid"
        ).fetchall()
        return [statement for (statement,) in made], applied(empty)


def forget_voters(copied: sqlite3.Connection) -> None:
    """Make a copy from before ``parted_for_good`` worth no more than one of a later version.

    There the installation's key opened the keys of polls, and pseudonyms stayed after the close.
    The keys go, so that open anonymous polls take no more answers, and other ids take the place of
    the pseudonyms of those that are over: of each person one, so that people can be counted still.
    """
    steps = applied(copied)
    if "polls" not in steps or parted_for_good.__name__ in steps:
        return
    copied.execute("PRAGMA secure_delete=ON").fetchall()
    copied.execute("PRAGMA temp_store=MEMORY").fetchall()
    copied.executescript(
        """
        BEGIN;
        CREATE TEMP TABLE people AS
            SELECT poll_id, voter, lower(hex(randomblob(16))) AS id FROM
                (SELECT poll_id, voter FROM answers UNION SELECT poll_id, voter FROM comments)
            WHERE poll_id IN (SELECT id FROM polls WHERE json_extract(settings, '$.names') = 0
                AND id NOT IN (SELECT poll_id FROM poll_keys));
        UPDATE answers SET voter = (SELECT people.id FROM people
                WHERE people.poll_id = answers.poll_id AND people.voter = answers.voter)
            WHERE poll_id IN (SELECT poll_id FROM people);
        UPDATE comments SET voter = (SELECT people.id FROM people
                WHERE people.poll_id = comments.poll_id AND people.voter = comments.voter)
            WHERE poll_id IN (SELECT poll_id FROM people);
        UPDATE poll_keys SET key = '';
        DROP TABLE people;
        COMMIT;
        """
    )


def _as_tables(connection: sqlite3.Connection) -> Database:
    return Database(connection, recursive_triggers=False, execute_plugins=False)
