"""docs/*.md: what they name is there, and what there is they name."""

import re
import sqlite3
from argparse import _SubParsersAction
from contextlib import closing
from pathlib import Path

import pytest

from pollbot.accounts import service as accounts
from pollbot.cli import _parser
from pollbot.home import rules as home
from pollbot.home.blocks import MOST_INVITED
from pollbot.issue_lists.blocks import MOST_LISTED
from pollbot.jira.jql import LONGEST_JQL, LONGEST_NAME
from pollbot.polls import rules
from pollbot.polls.additions.rules import MOST_ADDED
from pollbot.polls.audience import rules as audience
from pollbot.polls.channels.rules import MOST_AT_ONCE
from pollbot.polls.ends import reminders
from pollbot.polls.exports import rules as exports
from pollbot.polls.forms.state import MOST_IN_FORM
from pollbot.polls.saved import rules as saved
from pollbot.polls.searches import rules as searches
from pollbot.polls.waiting.rules import MOST_WAITING
from pollbot.previews.rules import FRESH, LATEST, MOST_LINKS
from pollbot.schedules import service as schedules
from pollbot.settings import Settings
from pollbot.slack.clicks import MOST_WORDS
from pollbot.slack.client import MOST_REPLIES
from pollbot.slack.runs import BETWEEN
from pollbot.store import writer
from pollbot.text.command_words import COMMANDS, POLLBOT
from pollbot.text.manifest import OPTIONAL, SCOPES
from pollbot.text.moments import LONGEST
from pollbot.thresholds import rows as threshold_rows
from pollbot.thresholds import rules as thresholds
from pollbot.votes.rules import KEPT_FOR
from pollbot.votes.shipped import rules as shipped
from pollbot.wiring import Pollbot
from pollbot.workflows import rules as workflows
from tests.support.house import House
from tests.support.numbers import at_rest, story
from tests.support.pages import (
    DOCS,
    ROOT,
    SRC,
    anchors,
    errors_logged,
    named_tests,
    read,
    section,
    sentences,
)

OPERATE = read("operate.md")
GUIDE = read("install.md") + OPERATE
PAGES = sorted([*DOCS.glob("*.md"), ROOT / "README.md", ROOT / "SECURITY.md"])
SLACKS = {
    *("slack_bot_token", "slack_app_token", "slack_signing_secret"),
    *("slack_client_id", "slack_client_secret"),
}
SETTINGS = {
    name.upper() if name in SLACKS else f"POLLBOT_{name.upper()}" for name in Settings.model_fields
}
[SHELL] = [one.choices for one in _parser()._actions if isinstance(one, _SubParsersAction)]
COUNTED = dict(enumerate(("Twenty-three", "Twenty-four", "Twenty-five", "Twenty-six"), 23))
SAID = ("pollbot does not start, or stops", "pollbot runs, and the log or /healthz says")


def test_every_setting_is_named_and_every_name_is_a_setting() -> None:
    assert set(re.findall(r"\b(?:POLLBOT|SLACK)_[A-Z_]+[A-Z]\b", GUIDE)) == SETTINGS


def test_every_shell_command_is_named_and_every_name_is_a_command() -> None:
    # In a block, or in marks; after /pollbot stands what is typed in Slack.
    typed = re.findall(r"(?:^ {4}|bin/|exec pollbot |`)pollbot (--)?([a-z-]+)", GUIDE, re.MULTILINE)
    commands = {word for option, word in typed if not option}

    # The message that a start says begins with the program's name, too.
    assert commands - {"is"} == set(SHELL)
    assert {word for option, word in typed if option} <= {"version"}


def test_every_option_that_is_named_exists() -> None:
    named = re.findall(r"\bpollbot ([a-z-]+) (--[a-z]+)", GUIDE)

    assert {"--url", "--prefix", "--bundle"} <= {option for _, option in named}
    for command, option in named:
        if command in SHELL:
            assert option in SHELL[command]._option_string_actions


async def test_every_route_that_is_named_exists(pollbot: Pollbot) -> None:
    served = {
        route
        for path in SRC.rglob("*.py")
        if "sandbox" not in path.parts
        for route in re.findall(r'\.add_(?:get|post)\(\s*"([^"]+)"', path.read_text())
    }
    named = set(re.findall(r"/(?:slack|jira)/\w+|/(?:healthz|metrics)\b", GUIDE))

    assert {"/healthz", "/slack/events", "/jira/callback"} <= served
    assert named >= served
    assert named <= served


def test_every_scope_is_named_with_what_it_is_for() -> None:
    rows = [row for row in section(GUIDE, "2. The Slack app").splitlines() if row.startswith("| `")]

    named = [scope for row in rows for scope in re.findall(r"`([\w:.]+)`", row.split(" | ")[0])]
    assert named == [*SCOPES, *OPTIONAL]


def test_every_slash_command_that_is_named_exists() -> None:
    ours = {word.name for word in COMMANDS} | {POLLBOT}
    typed = set(re.findall(r"`(/[a-z]+)(?: [^`]*)?`", GUIDE))

    assert typed - {"/invite", "/data", "/healthz", "/metrics"} <= ours
    assert {"/vote", "/votes", "/poll", "/pollbot"} <= typed


def named(titles: tuple[str, ...] = SAID) -> list[str]:
    """Return each message in the first column of those tables."""
    rows = "\n".join(section(OPERATE, title) for title in titles).splitlines()
    return [
        said
        for row in rows
        if row.startswith("| `")
        for said in re.findall(r"`([^`]+)`", row.split(" | ")[0])
    ]


@pytest.mark.parametrize("said", named())
def test_every_message_that_is_named_is_said(said: str) -> None:
    wanted = said.removeprefix("… ")

    assert any(wanted in sentence for sentence in sentences())


def test_every_error_in_the_log_is_explained() -> None:
    errors = errors_logged()

    assert len(errors) > 15
    assert [error for error in errors if not any(said in error for said in named())] == []


async def test_every_metric_is_named_with_its_labels(house: House, pollbot: Pollbot) -> None:
    await story(house)
    seen = await at_rest(house, pollbot)
    rows = [row.split(" | ") for row in section(OPERATE, "Watch it").splitlines()]
    named = {
        name: set(re.findall(r"`(\w+)`", row[1]))
        for row in rows
        if row[0].startswith("| `")
        for name in re.findall(r"`(\w+)`", row[0])
    }

    assert named == {name: seen.labels(name) for name in seen.metrics}


async def test_every_kind_of_work_is_named(house: House, pollbot: Pollbot) -> None:
    seen = await at_rest(house, pollbot)
    said = section(OPERATE, "Watch it").rpartition("The kinds of work are")[2]

    named = set(re.findall(r"`([a-z ]+)`", said))

    assert named == {dict(labels)["kind"] for name, labels in seen.series if name == "pollbot_work"}


async def test_the_map_counts_the_workers(pollbot: Pollbot) -> None:
    # A file has them all but the one that looks for what doors left.
    assert f"{COUNTED[len(pollbot._workers)]} workers run" in read("architecture.md")


async def test_every_table_is_in_the_page_about_privacy(house: House, pollbot: Pollbot) -> None:
    with closing(sqlite3.connect(house.database)) as db:
        found = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    tables = {str(name) for (name,) in found if not str(name).startswith(("_", "sqlite_"))}
    rows = section(read("privacy.md"), "In the database").splitlines()

    named = [name for row in rows for name in re.findall(r"`(\w+)`", row.partition(" | ")[0])]

    assert sorted(named) == sorted(tables)


@pytest.mark.parametrize(
    ("what", "most"),
    [
        ("options of a poll", f"{rules.MOST_OPTIONS};"),
        ("a question", f"{rules.TITLE} characters"),
        ("options in the form of a new poll", f"{rules.MOST_OPTIONS}, one on a line"),
        ("options in the form that edits one", f"{MOST_IN_FORM};"),
        ("previews below one message", f"{MOST_LINKS}"),
        ("messages of a thread", f"{MOST_REPLIES:,}"),
        ("how long a preview follows its issue", f"{FRESH / 86400:.0f} days;"),
        ("how old a pasted link may be", f"{LATEST / 60:.0f} minutes"),
        ("an option", f"{rules.OPTION} characters"),
        ("a poll's description", f"{rules.DESCRIPTION:,} characters"),
        ("a comment", f"{rules.COMMENT} characters"),
        ("issues in a list or ballot", f"{MOST_LISTED}"),
        ("schedules of one person", f"{schedules._MOST}"),
        ("thresholds of one person", f"{threshold_rows.MOST}"),
        ("how many votes a threshold", f"{thresholds.MOST_VOTES:,}"),
        ("issues that a threshold looks at", f"{thresholds.MOST_READ}, those with"),
        ("how often a threshold looks", f"every {thresholds.LOOK_EVERY / 60:.0f} minutes"),
        ("how long an issue has fewer", f"{thresholds.FALLS_AFTER / 60:.0f} minutes"),
        ("how far back a threshold", f"{thresholds.DAYS} days"),
        ("how far away an end or a date may be", f"{LONGEST / 366 / 86400:.0f} years"),
        ("how long a vote waits", f"{KEPT_FOR / 3600:.0f} hours"),
        ("polls of one person that wait", f"{MOST_WAITING}"),
        ("a query", f"{LONGEST_JQL:,} characters"),
        ("the name of a list", f"{LONGEST_NAME} characters"),
        ("people who stand in an export", f"{exports.MOST_NAMED},"),
        ("an export without", f"{exports.MOST_AS_TEXT:,} bytes,"),
        ("channels in which a poll is hung up", f"{MOST_AT_ONCE},"),
        ("templates of one person", f"{saved.MOST_OWN}"),
        ("templates that are shared", f"{saved.MOST_SHARED}"),
        ("a template's name", f"{saved.NAME} characters"),
        ("polls that `/poll list`", f"the newest {searches.LOOKED_THROUGH:,} of"),
        ("the words that `/poll list` looks for", f"{searches.WORDS} characters"),
        ("words to pollbot", f"{MOST_WORDS} characters"),
        (
            "on App Home",
            f"{home.WAITING} polls that wait, of the newest 200 with their cards; "
            f"{home.POLLS} of your own; {home.VOTES} votes; {home.SCHEDULES} schedules;",
        ),
        ("people invited by one form", f"{MOST_INVITED},"),
        ("how often it looks whether an issue", f"every {shipped.READ_EVERY / 60:.0f} minutes"),
        ("options that one person adds", f"{MOST_ADDED}"),
        ("people and user groups by name", f"{audience.MOST_PEOPLE} and {audience.MOST_GROUPS}"),
        ("places of an option", f"{rules.MOST_PLACES:,};"),
        ("clicks that share a receipt", f"those within {BETWEEN:.0f} seconds of each other"),
        ("how long a step of a workflow waits", f"{workflows.PATIENCE / 60:.0f} minutes;"),
        ("reminders as messages", f"{reminders._MOST} members"),
        ("a link to sign in", f"{accounts.GOOD_FOR / 60:.0f} minutes"),
        ("changes that wait for the disk", f"{writer._MOST_WAITING:,};"),
    ],
)
def test_the_page_about_limits_has_the_numbers_that_hold(what: str, most: str) -> None:
    rows = section(read("limits.md"), "What it takes").splitlines()

    [row] = [row for row in rows if row.startswith(f"| {what}")]
    assert row.split(" | ")[1].startswith(most)


@pytest.mark.parametrize(
    ("file", "test"),
    sorted({named for page in PAGES for named in named_tests(page.read_text())}),
    ids="::".join,
)
def test_each_test_that_a_page_names_is_there(file: str, test: str) -> None:
    there = (ROOT / "tests" / file).read_text()

    assert re.search(rf"^(async )?def {test}\(", there, re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_tests_are_named_as_they_are_read(page: Path) -> None:
    said = page.read_text()

    # The page itself says how it names them.
    assert set(re.findall(r"[^\s|]*::[^\s|]*", said)) - {"`file::test`"} == {
        f"`{file}::{test}`" for file, test in named_tests(said)
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text()):
        if "://" not in target:
            file, _, place = target.partition("#")
            path = page.parent / file if file else page
            assert path.exists(), target
            assert not place or place in anchors(path), target


def test_readme_leads_to_each_page() -> None:
    readme = (ROOT / "README.md").read_text()

    for page in PAGES:
        if page.name != "README.md":
            assert f"({page.relative_to(ROOT)})" in readme
