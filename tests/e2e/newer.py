"""The program of tomorrow: today's, which adds a table, columns and an index when it starts."""

import sys

from sqlite_utils import Database

from pollbot.cli import main
from pollbot.store.migrations import migrations


@migrations.adds()
def of_tomorrow(db: Database) -> None:
    """Add what a version may add."""
    db.executescript(
        """
        CREATE TABLE moods (team_id TEXT NOT NULL PRIMARY KEY, mood TEXT NOT NULL) STRICT;
        ALTER TABLE polls ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm';
        ALTER TABLE answers ADD COLUMN why TEXT;
        ALTER TABLE intents ADD COLUMN mood TEXT NOT NULL DEFAULT '';
        CREATE INDEX polls_mood ON polls (mood);
        """
    )


sys.exit(main(["serve"]))
