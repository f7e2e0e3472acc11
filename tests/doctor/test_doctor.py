"""pollbot doctor: each fault that somebody may make is found, and what mends it is named."""

import asyncio
import dataclasses
import json
import os
import socket
import sqlite3
import stat
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
from cryptography.fernet import Fernet

from pollbot.cli import main
from pollbot.doctor import findings as found
from pollbot.doctor.sentences import said
from pollbot.sandbox.jira import JiraStandIn
from pollbot.sandbox.slack import Message
from pollbot.sandbox.team_voice import TeamVoiceStandIn
from pollbot.store.vault import Vault
from tests.support.house import (
    ADA,
    BEN,
    CLEO,
    EMAILS,
    PLANNING,
    TOKENS,
    House,
    buttons,
    rest,
)
from tests.support.polls import poll
from tests.support.signing import APP, signing
from tests.support.team_voice import VOICE_TOKEN, connect, set_up, team_voice

SECRET = "0123456789abcdef0123456789abcdef"


@dataclass
class Ground:
    """A pollbot that was used, and is stopped: its world, its files, and its environment."""

    house: House
    voice: TeamVoiceStandIn
    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        return self.house.database

    def beside(self, end: str) -> Path:
        return self.database.with_name(self.database.name + end)

    def sql(self, statement: str, *values: float | str) -> None:
        """Change the database as no program would, while none runs."""
        with closing(sqlite3.connect(self.database)) as db, db:
            db.execute(statement, values)

    def files(self) -> dict[str, tuple[int, bytes]]:
        """Return what lies in the folder: the mode and the bytes of each file."""
        return {
            path.name: (path.stat().st_mode, path.read_bytes())
            for path in sorted(self.folder.iterdir())
        }


@pytest.fixture
async def ground(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Ground]:
    monkeypatch.chdir(tmp_path)
    async with team_voice(house) as voice:
        async with house.program():
            await connect(house, ADA)
            await set_up(house, ADA, "PLAT", voice.url)
            await house.slack.command(ADA, PLANNING, "/pollbot", "link PLAT-12")
            await house.vote(ADA, "PLAT-13")
            await house.votes("PLAT-13", 1)
            await poll(house, 'anonymous local "Who leaves next?" "The red one" "The blue one"')
        made = Ground(house, voice, tmp_path)
        made.env = {
            "SLACK_BOT_TOKEN": house.slack.bot_token,
            "SLACK_APP_TOKEN": house.slack.app_token,
            "POLLBOT_SLACK_API_URL": house.slack.api_url,
            "POLLBOT_JIRA_URL": house.jira.site_url,
            "POLLBOT_ATLASSIAN_API_URL": house.jira.gateway_url,
            "POLLBOT_DATABASE": str(house.database),
            "POLLBOT_TEAM_VOICE_URL": voice.url,
            "POLLBOT_TEAM_VOICE_TOKEN": voice.add_token("for-every-project"),
            "POLLBOT_ALLOW_PRIVATE_ADDRESSES": "true",
            "POLLBOT_PORT": "0",
        }
        yield made


Run = Callable[..., Awaitable[tuple[int, str]]]


@pytest.fixture
def run(ground: Ground, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `pollbot doctor` in that environment; returns its exit code and what it says."""

    async def doctor(*more: str) -> tuple[int, str]:
        for name, value in ground.env.items():
            monkeypatch.setenv(name, value)
        code = await asyncio.to_thread(main, ["doctor", *more])
        out, err = capsys.readouterr()
        return code, " ".join(out.split()) + err

    return doctor


# Plants. Each makes one mistake, as somebody makes it.


def setting(name: str, value: str) -> Callable[[Ground], None]:
    def plant(ground: Ground) -> None:
        ground.env[name] = value

    return plant


def without(name: str) -> Callable[[Ground], None]:
    def plant(ground: Ground) -> None:
        del ground.env[name]

    return plant


def by_http(secret: str) -> Callable[[Ground], None]:
    def plant(ground: Ground) -> None:
        del ground.env["SLACK_APP_TOKEN"]
        ground.env["SLACK_SIGNING_SECRET"] = secret

    return plant


def mode(end: str, bits: int = 0o644) -> Callable[[Ground], None]:
    def plant(ground: Ground) -> None:
        ground.beside(end).chmod(bits)

    return plant


def cut(end: str, length: int = 20) -> Callable[[Ground], None]:
    def plant(ground: Ground) -> None:
        path = ground.beside(end)
        path.write_text(path.read_text()[:length])

    return plant


def gone(end: str) -> Callable[[Ground], None]:
    def plant(ground: Ground) -> None:
        ground.beside(end).unlink()

    return plant


def bot_revoked(ground: Ground) -> None:
    ground.house.slack.tokens.bot = "xoxb-a-new-one"


def bot_lacks_scopes(ground: Ground) -> None:
    for scope in ("chat:write", "commands"):
        ground.house.slack.tokens.bot_scopes.remove(scope)


def app_lacks_scope(ground: Ground) -> None:
    ground.house.slack.tokens.app_scopes.clear()


def app_of_another(ground: Ground) -> None:
    ground.house.slack.tokens.app_token_of = "A0ANOTHER"


def slack_down(ground: Ground) -> None:
    ground.house.slack.faults.mode = "down"


def sockets_blocked(ground: Ground) -> None:
    ground.house.slack.faults.fail_next(
        "apps.connections.open",
        body={"ok": True, "url": "ws://127.0.0.1:9/link/?ticket=t&app_id=A0POLLBOT"},
    )


def proxy_logs_in(ground: Ground) -> None:
    ground.house.slack.faults.answer_all(200, "<!doctype html><title>Log in</title>")


def maintained(ground: Ground) -> None:
    ground.house.slack.faults.answer_all(503, "We are back soon")


def jira_down(ground: Ground) -> None:
    ground.house.jira.faults.mode = "down"


def site_renamed(ground: Ground) -> None:
    ground.house.jira.faults.answer_all(
        301, "Moved", {"Location": "https://acme-two.atlassian.net/"}
    )


def not_jira(ground: Ground) -> None:
    ground.env["POLLBOT_JIRA_URL"] = ground.voice.base_url


def voting_off(ground: Ground) -> None:
    ground.house.jira.voting_enabled = False


def default_token_ended(ground: Ground) -> None:
    ground.env["POLLBOT_TEAM_VOICE_TOKEN"] = "an-old-token"


def set_up_token_ended(ground: Ground) -> None:
    del ground.voice.tokens[VOICE_TOKEN]


def private_source(ground: Ground) -> None:
    del ground.env["POLLBOT_TEAM_VOICE_URL"], ground.env["POLLBOT_TEAM_VOICE_TOKEN"]
    ground.env["POLLBOT_ALLOW_PRIVATE_ADDRESSES"] = "false"


def plain_source(ground: Ground) -> None:
    private_source(ground)
    key = ground.beside(".key").read_text().strip()
    ground.sql("UPDATE sources SET url = ?", Vault([key]).seal("http://8.8.8.8/team-voice"))


def voice_down(ground: Ground) -> None:
    ground.voice.faults.mode = "down"


def voice_logs_in(ground: Ground) -> None:
    ground.voice.html_mode = True


def hour_off(ground: Ground) -> None:
    # Everybody else's clock goes an hour behind: this one's is ahead.
    ground.house.slack.clock_off_by = ground.house.jira.clock_off_by = -3600.0


def behind_slack(ground: Ground) -> None:
    ground.house.slack.clock_off_by = 400.0


def other_key(ground: Ground) -> None:
    ground.beside(".key").write_text(Fernet.generate_key().decode())


def other_keys_set(ground: Ground) -> None:
    ground.env["POLLBOT_ENCRYPTION_KEYS"] = Fernet.generate_key().decode()


def half_a_key_set(ground: Ground) -> None:
    ground.env["POLLBOT_ENCRYPTION_KEYS"] = Fernet.generate_key().decode()[:21]


def env_open(ground: Ground) -> None:
    path = ground.folder / ".env"
    path.write_text("POLLBOT_LOG_LEVEL=INFO\n")
    path.chmod(0o644)


def damaged(ground: Ground) -> None:
    with ground.database.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        for at in range(4096, size, 4096):
            file.seek(at)
            file.write(b"\xff" * 64)


def no_database(ground: Ground) -> None:
    ground.database.write_text("Dear diary, it is no database. " * 200)


def others_database(ground: Ground) -> None:
    ground.database.unlink()
    ground.sql("CREATE TABLE recipes (name TEXT)")
    ground.database.chmod(0o600)
    ground.beside(".key").unlink()


def newer(ground: Ground) -> None:
    ground.sql(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " VALUES ('pollbot', 'of_the_future', '2030-01-01')"
    )


def folder_gone(ground: Ground) -> None:
    ground.env["POLLBOT_DATABASE"] = str(ground.folder / "data" / "pollbot.db")


def a_folder_instead(ground: Ground) -> None:
    ground.beside(".mark").unlink()
    ground.beside(".mark").mkdir()


def disk_full(ground: Ground) -> None:
    # A file with a hole takes no room, but says how long it is: more than any disk of tests has.
    os.truncate(ground.beside(".lock"), 15 * 10**12)


def own_word(ground: Ground) -> None:
    ground.sql("INSERT INTO beats (name, at) VALUES ('command /umfrage', 0)")


def own_step(ground: Ground) -> None:
    ground.sql("INSERT INTO beats (name, at) VALUES ('step dance', 0)")


@dataclass(frozen=True)
class Fault:
    """What is planted, the one thing that is found wrong, what of it is said, and what mends it."""

    plant: Callable[[Ground], None]
    kind: type[found.Finding]
    wrong: str
    mend: str
    code: int = 1


FAULTS = {
    "a bot token that was revoked": Fault(
        bot_revoked, found.BotTokenRefused, "SLACK_BOT_TOKEN", "OAuth & Permissions"
    ),
    "a scope that is missing": Fault(
        bot_lacks_scopes,
        found.ScopesMissing,
        "lacks the scopes commands, chat:write",
        "Reinstall to Workspace",
    ),
    "a wrong app-level token": Fault(
        setting("SLACK_APP_TOKEN", "xapp-another"),
        found.AppTokenRefused,
        "SLACK_APP_TOKEN: Slack does not accept it (invalid_auth)",
        "App-Level Tokens",
    ),
    "an app-level token without its scope": Fault(
        app_lacks_scope, found.AppTokenLacksScope, "lacks the scope", "connections:write"
    ),
    "tokens of two apps": Fault(
        app_of_another, found.AppTokenOfAnother, "A0ANOTHER", "one and the same app"
    ),
    "WebSockets that a firewall stops": Fault(
        sockets_blocked,
        found.SocketBlocked,
        "No connection to 127.0.0.1 can be opened",
        "*.slack.com on port 443",
    ),
    "half a signing secret": Fault(
        by_http(SECRET[:20]), found.SecretCut, "has 20 characters", "Copy the whole Signing Secret"
    ),
    "a bot token that is none": Fault(
        setting("SLACK_BOT_TOKEN", "xoxp-of-a-user"),
        found.SettingsUnusable,
        "SLACK_BOT_TOKEN cannot be used: it is a user's token",
        "the bot token (xoxb-…)",
        2,
    ),
    "no token at all": Fault(
        without("SLACK_BOT_TOKEN"),
        found.SettingsUnusable,
        "SLACK_BOT_TOKEN is missing",
        "OAuth & Permissions",
        2,
    ),
    "Slack out of reach": Fault(
        setting("POLLBOT_SLACK_API_URL", "http://127.0.0.1:9/api/"),
        found.SlackAway,
        "Slack's Web API does not answer",
        "firewall, proxy, DNS",
    ),
    "Jira out of reach": Fault(
        setting("POLLBOT_JIRA_URL", "http://127.0.0.1:9"),
        found.JiraAway,
        "does not answer",
        "Open that address in a browser",
    ),
    "a site that was renamed": Fault(
        site_renamed,
        found.JiraMoved,
        "leads to https://acme-two.atlassian.net now",
        "Set POLLBOT_JIRA_URL=https://acme-two.atlassian.net",
    ),
    "an address that is no Jira": Fault(
        not_jira, found.NoJira, "is no Jira (HTTP 404)", "such as https://acme.atlassian.net"
    ),
    "voting off": Fault(
        voting_off,
        found.VotingOff,
        "Voting is switched off",
        "“Allow users to vote on issues”",
    ),
    "a gateway out of reach": Fault(
        setting("POLLBOT_ATLASSIAN_API_URL", "http://127.0.0.1:9"),
        found.GatewayAway,
        "Atlassian's gateway does not answer",
        "api.atlassian.com",
    ),
    "an old token of the default source": Fault(
        default_token_ended,
        found.SourceRefusesToken,
        "does not accept the token (POLLBOT_TEAM_VOICE_URL)",
        "enter it in POLLBOT_TEAM_VOICE_TOKEN",
    ),
    "an old token of a source in set-up": Fault(
        set_up_token_ended,
        found.SourceRefusesToken,
        "does not accept the token for PLAT",
        "enter it in /pollbot setup",
    ),
    "a wrong address of the default source": Fault(
        setting("POLLBOT_TEAM_VOICE_URL", "http://127.0.0.1:9/team-voice"),
        found.SourceAway,
        "Team Voice does not answer (POLLBOT_TEAM_VOICE_URL)",
        "that it is the right one",
    ),
    "a source in a private network": Fault(
        private_source,
        found.SourcePrivate,
        "for PLAT leads into a private network",
        "POLLBOT_ALLOW_PRIVATE_ADDRESSES=true",
    ),
    "a source by http": Fault(
        plain_source,
        found.SourcePlain,
        "for PLAT begins with http://",
        "Enter it with https://",
    ),
    "a clock that is an hour ahead": Fault(
        hour_off,
        found.ClockOff,
        "60 minutes ahead of that of Slack and Jira",
        "timedatectl set-ntp true",
    ),
    "a clock that is minutes behind": Fault(
        behind_slack, found.ClockOff, "7 minutes behind that of Slack.", "best by NTP"
    ),
    "half a key file": Fault(cut(".key"), found.KeyFileBroken, "cut off", "Put the right file"),
    "no key file": Fault(gone(".key"), found.KeyFileMissing, ".key is missing", "back from where"),
    "another key file": Fault(
        other_key, found.KeysOpenNothing, "sealed with another key", "Put the right .key file back"
    ),
    "other keys": Fault(
        other_keys_set,
        found.KeysOpenNothing,
        "none of POLLBOT_ENCRYPTION_KEYS",
        "at the end of POLLBOT_ENCRYPTION_KEYS",
    ),
    "half a key": Fault(
        half_a_key_set,
        found.SettingsUnusable,
        "POLLBOT_ENCRYPTION_KEYS cannot be used",
        "Fernet.generate_key()",
        2,
    ),
    "a key file for everybody": Fault(
        mode(".key"), found.KeyFileOpen, "Others on this machine may read", "chmod 600"
    ),
    "half a key of anonymous polls": Fault(
        cut(".poll-key"), found.PollKeysLost, "1 open anonymous poll cannot", "post copies"
    ),
    "no key of anonymous polls": Fault(
        gone(".poll-key"), found.PollKeysLost, ".poll-key is missing", "no backup holds it"
    ),
    ".env for everybody": Fault(
        env_open, found.EnvOpen, "Others on this machine may read", "chmod 600"
    ),
    "a database for everybody": Fault(
        mode(""), found.OpenToOthers, "Others on this machine may read", "chmod 600"
    ),
    "a damaged database": Fault(damaged, found.Damaged, "is damaged", "pollbot restore FILE"),
    "a file that is no database": Fault(
        no_database, found.NotADatabase, "is no database of pollbot's", "pollbot restore FILE"
    ),
    "another program's database": Fault(
        others_database, found.NotADatabase, "no tables of pollbot's", "Name the right file"
    ),
    "a database of a newer pollbot": Fault(
        newer, found.NewerDatabase, "of_the_future", "Install that newer version"
    ),
    "a folder that is not there": Fault(
        folder_gone, found.FolderMissing, "there is no folder", "mkdir -p"
    ),
    "a file that cannot be written": Fault(
        a_folder_instead, found.NotWritable, ".mark cannot be written", "chown"
    ),
    "a disk that is full": Fault(disk_full, found.DiskFull, "are needed", "Make room"),
    "a command that is none": Fault(
        own_word, found.CommandUnknown, "/umfrage", "pollbot manifest prints"
    ),
    "a step that is none": Fault(
        own_step, found.StepUnknown, "the step dance", "pollbot manifest --steps"
    ),
}


async def wrongs(ground: Ground, run: Run) -> tuple[int, str, list[str]]:
    """Run the doctor; return its exit code, its words, and the kinds of what is wrong."""
    bundle = ground.folder.with_name(ground.folder.name + ".bundle")
    bundle.unlink(missing_ok=True)
    code, words = await run("--bundle", str(bundle))
    told = json.loads(bundle.read_text())["findings"]
    return code, words, [one["kind"] for one in told if one["weight"] == "wrong"]


async def test_where_all_is_well_nothing_is_wrong(ground: Ground, run: Run) -> None:
    code, words, wrong = await wrongs(ground, run)

    assert (code, wrong) == (0, [])
    assert "WRONG" not in words
    assert "Nothing is wrong." in words
    assert "Voting is switched on in Jira." in words
    assert "Team Voice answers for PLAT." in words
    assert "pollbot does not run on it now." in words


def action_of(message: Message, label: str) -> str:
    """Return the action_id of a button by its words."""
    return next(name for name, words in buttons(message).items() if words == label)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_each_fault_is_found_alone_with_what_mends_it(
    ground: Ground, run: Run, fault: Fault
) -> None:
    fault.plant(ground)

    code, words, wrong = await wrongs(ground, run)

    assert (code, wrong) == (fault.code, [fault.kind.__name__])
    _, _, of_it = words.partition("WRONG ")
    assert fault.wrong in of_it
    assert "That means: " in of_it
    assert fault.mend in of_it
    assert "1 thing is wrong." in of_it


@pytest.mark.parametrize(
    ("plant", "kinds"),
    [
        (slack_down, {"SlackAway"}),
        (proxy_logs_in, {"SlackAway"}),
        (maintained, {"SlackAway"}),
        (jira_down, {"JiraAway"}),
        (voice_down, {"SourceAway"}),
        (voice_logs_in, {"SourceOdd"}),
    ],
)
async def test_who_is_away_is_told_wherever_it_matters(
    ground: Ground, run: Run, plant: Callable[[Ground], None], kinds: set[str]
) -> None:
    plant(ground)

    code, words, wrong = await wrongs(ground, run)

    assert (code, set(wrong)) == (1, kinds)
    assert "Traceback" not in words


def untold(ground: Ground) -> None:
    ground.house.slack.faults.fail_next(
        "auth.test", body={"ok": True, "team": "acme", "team_id": "T1", "bot_id": "B1"}
    )


def beyond(ground: Ground) -> None:
    ground.house.slack.tokens.bot_scopes.append("reactions:write")


def busy(ground: Ground) -> None:
    ground.house.slack.faults.mode = "429"


def odd_secret(ground: Ground) -> None:
    by_http("a-secret-of-another-kind")(ground)


def no_accounts(ground: Ground) -> None:
    ground.sql("DELETE FROM accounts")


def refused_account(ground: Ground) -> None:
    ground.sql("UPDATE accounts SET refused_at = 1.0")


def older(ground: Ground) -> None:
    ground.sql("DELETE FROM _sqlite_migrations WHERE name = 'ends_of_accounts'")


def page_as_site(ground: Ground) -> None:
    ground.env["POLLBOT_JIRA_URL"] += "/browse/PLAT-12"


@pytest.mark.parametrize(
    ("plant", "says"),
    [
        (untold, "Slack did not say which scopes"),
        (beyond, "more than pollbot needs: reactions:write"),
        (busy, "Slack asks to wait, so the bot token was not looked at"),
        (busy, "Slack asks to wait, so the app-level token was not looked at"),
        (odd_secret, "SLACK_SIGNING_SECRET does not look like Slack's"),
        (by_http(SECRET), "The signing secret looks like one"),
        (no_accounts, "nobody has connected an account yet"),
        (refused_account, "Jira does not accept the token of one person any more"),
        (older, "the next start brings it up to date (ends_of_accounts)"),
        (page_as_site, "POLLBOT_JIRA_URL is the address of a page"),
    ],
)
async def test_what_could_not_be_looked_at_is_no_fault(
    ground: Ground, run: Run, plant: Callable[[Ground], None], says: str
) -> None:
    plant(ground)

    code, words, wrong = await wrongs(ground, run)

    assert (code, wrong) == (0, [])
    assert says in words


LINKS = "links:read", "links:write"


def no_links(ground: Ground) -> None:
    for scope in LINKS:
        ground.house.slack.tokens.bot_scopes.remove(scope)


async def of_previews(ground: Ground, run: Run) -> str:
    """Return what the doctor says, none of which is a fault."""
    code, words, wrong = await wrongs(ground, run)
    assert (code, wrong) == (0, [])
    return words


async def test_it_is_told_whether_links_may_be_previewed(ground: Ground, run: Run) -> None:
    words = await of_previews(ground, run)
    assert "may preview links to Jira issues" in words
    assert "Slack tells of links to 127.0.0.1 only if" in words
    assert "pollbot manifest --jira 127.0.0.1 prints" in words

    no_links(ground)
    words = await of_previews(ground, run)
    assert "may preview links" not in words
    assert "without links:read, links to Jira issues get no preview" in words


async def test_it_is_told_in_how_many_channels_links_get_no_preview(
    ground: Ground, run: Run
) -> None:
    assert "somebody chose" not in await of_previews(ground, run)
    async with ground.house.program():
        await ground.house.slack.command(ADA, PLANNING, "/pollbot", "previews")
        asked = await ground.house.told(ADA, "gets a preview")
        await ground.house.slack.press(ADA, asked.id, action_of(asked, "No previews here"))
        await ground.house.told(ADA, "no preview")

    assert "In one channel somebody chose that links get no previews" in await of_previews(
        ground, run
    )


async def test_it_is_told_how_it_stands_with_work_objects(ground: Ground, run: Run) -> None:
    assert "Previews are drawn as blocks" in await of_previews(ground, run)
    house = ground.house
    async with house.program():
        await house.slack.command(ADA, PLANNING, "/pollbot", "previews")
        asked = await house.told(ADA, "gets a preview")
        await house.slack.press(ADA, asked.id, action_of(asked, "As Work Objects"))
        await house.told(ADA, "are Work Objects: open one")

    assert "Slack refused none of late" in await of_previews(ground, run)
    assert "Slack took none" not in await of_previews(ground, run)


@pytest.mark.parametrize(
    ("before", "said"), [(5 * 60, "5 minutes ago"), (7 * 3600, "7 hours ago"), (90_000, "")]
)
async def test_it_is_told_that_slack_took_no_work_object_for_a_day(
    ground: Ground, run: Run, before: float, said: str
) -> None:
    at = time.time() - before
    ground.sql("INSERT INTO work_objects (team_id, is_on) VALUES ('T0', 1)")
    ground.sql("UPDATE work_objects SET refused = 'entities_not_enabled', refused_at = ?", at)

    words = await of_previews(ground, run)

    if said:
        assert f"Slack took none {said} (entities_not_enabled)" in words
        assert "under Work Object Previews, switch them on with the type Task" in words
    else:
        assert "Slack refused none of late" in words


async def test_of_a_database_from_before_previews_nothing_is_told_of_them(
    ground: Ground, run: Run
) -> None:
    for statement in ("DROP TABLE previews", "DROP TABLE work_objects"):
        ground.sql(statement)

    words = await of_previews(ground, run)

    assert "Work Objects" not in words
    assert "somebody chose" not in words


async def test_the_names_under_which_commands_came_are_told(ground: Ground, run: Run) -> None:
    async with ground.house.program():
        await ground.house.slack.command(BEN, PLANNING, "/jira-poll", "help")
        await ground.house.told(BEN, "Polls")

    code, words, wrong = await wrongs(ground, run)

    assert (code, wrong) == (0, [])
    assert "these commands here: /jira-poll, /poll, /pollbot, /vote." in words
    assert "Nobody has used /unvote, /votes yet" in words


async def test_the_steps_of_workflows_that_slack_brought_are_told(ground: Ground, run: Run) -> None:
    slack = ground.house.slack
    async with ground.house.program() as pollbot:
        await slack.workflows.run(BEN, "votes_of_issue", {"issue": "the export"})
        await rest(ground.house, pollbot)

    code, words, wrong = await wrongs(ground, run)

    assert (code, wrong) == (0, [])
    assert "Workflow Builder came to these steps here: Votes of an issue." in words


async def test_a_command_that_nobody_answers_is_told_after_it_was_used(
    ground: Ground, run: Run
) -> None:
    async with ground.house.program():
        await ground.house.slack.command(BEN, PLANNING, "/umfrage", "help me")
        await ground.house.told(BEN, "I do not know")

    code, words, wrong = await wrongs(ground, run)

    assert (code, wrong) == (1, ["CommandUnknown"])
    assert "Slack brought the command /umfrage" in words


async def test_jira_is_asked_as_who_signed_in_and_no_token_is_refreshed(
    ground: Ground, run: Run
) -> None:
    ground.sql("DELETE FROM accounts")
    async with signing(ground.house) as at:
        await at.sign_in(CLEO, "acc-cleo")
    ground.env |= {
        "POLLBOT_PUBLIC_URL": at.public_url,
        "POLLBOT_JIRA_CLIENT_ID": APP,
        "POLLBOT_JIRA_CLIENT_SECRET": "its-secret",
        "POLLBOT_ATLASSIAN_AUTH_URL": ground.house.jira.gateway_url,
    }

    code, words, wrong = await wrongs(ground, run)

    assert (code, wrong) == (0, [])
    assert "Voting is switched on in Jira." in words

    ground.sql("UPDATE grants SET expires_at = 0")
    ground.env["POLLBOT_ATLASSIAN_AUTH_URL"] = "http://127.0.0.1:9"
    code, words, wrong = await wrongs(ground, run)

    assert (code, wrong) == (1, ["SignInAway"])
    assert "Let this machine reach auth.atlassian.com" in words
    assert "Whether voting is switched on, Jira tells only to people" in words
    assert ground.house.jira.consents.refreshes == 0


async def test_nothing_is_changed(ground: Ground, run: Run) -> None:
    before = ground.files(), len(ground.house.slack.messages), ground.house.jira.votes("PLAT-13")
    heard = len(ground.house.jira.calls), len(ground.voice.calls)

    await run()

    assert before == (
        ground.files(),
        len(ground.house.slack.messages),
        ground.house.jira.votes("PLAT-13"),
    )
    assert {call.method for call in ground.house.jira.calls[heard[0] :]} == {"GET"}
    assert {call.method for call in ground.voice.calls[heard[1] :]} == {"GET"}
    assert ground.house.slack.sockets.open == []


async def test_what_a_killed_run_left_is_looked_at_and_stays(ground: Ground, run: Run) -> None:
    with closing(sqlite3.connect(ground.database)) as db:
        db.execute("PRAGMA wal_autocheckpoint=0").fetchall()
        with db:
            db.execute("INSERT INTO beats (name, at) VALUES ('command /umfrage', 0)")
        kept = {end: ground.beside(end).read_bytes() for end in ("", "-wal")}
    for end, content in kept.items():
        ground.beside(end).write_bytes(content)
        ground.beside(end).chmod(0o600)
    ground.beside("-shm").unlink(missing_ok=True)
    before = ground.files()

    code, words, wrong = await wrongs(ground, run)

    assert (code, wrong) == (1, ["CommandUnknown"])
    assert ground.files() == before
    assert "/umfrage" in words


async def test_it_works_beside_a_pollbot_that_runs(ground: Ground, run: Run) -> None:
    async with ground.house.program():
        code, words, wrong = await wrongs(ground, run)
        await ground.house.vote(ADA, "PLAT-7")
        await ground.house.told(ADA, "PLAT-7")

    assert (code, wrong) == (0, [])
    assert "pollbot runs on it now." in words


async def test_what_the_running_one_says_of_itself_is_told(ground: Ground, run: Run) -> None:
    ground.beside(".mark").unlink()
    async with ground.house.program() as pollbot:
        ground.env["POLLBOT_PORT"] = str(pollbot.port)
        ground.env["POLLBOT_HOST"] = "127.0.0.1"

        code, words, wrong = await wrongs(ground, run)

    assert (code, wrong) == (1, ["RunsUnwell"])
    assert "an older copy of the database" in words


async def test_a_port_that_another_program_has_is_told(ground: Ground, run: Run) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ground.env |= {"POLLBOT_PORT": str(port), "POLLBOT_HOST": "127.0.0.1"}

        code, words, wrong = await wrongs(ground, run)

    assert (code, wrong) == (1, ["PortTaken"])
    assert f"listens on port {port}" in words
    assert "set POLLBOT_PORT to a port that is free" in words


async def test_the_bundle_names_nobody_and_holds_no_secret_and_no_text(
    ground: Ground, run: Run
) -> None:
    for fault in ("a scope that is missing", "tokens of two apps", "half a key file"):
        FAULTS[fault].plant(ground)
    ground.env["POLLBOT_ADMINS"] = ADA
    key = ground.beside(".poll-key").read_text().strip()
    bundle = ground.folder.with_name("of-all.json")

    code, words = await run("--bundle", str(bundle))

    written = bundle.read_text()
    house = ground.house
    planted = [
        *TOKENS.values(),
        *EMAILS.values(),
        *(
            house.slack.bot_token,
            house.slack.app_token,
            house.slack.signing_secret,
            VOICE_TOKEN,
            "for-every-project",
        ),
        *(person.name for person in house.slack.people.values()),
        *(person.name for person in house.jira.people.values()),
        *(ADA, BEN, "acc-ada", PLANNING, "planning", house.slack.team_id, house.slack.domain),
        *("PLAT", "Export", "Who leaves next?", "The red one", "A0ANOTHER", house.slack.app_id),
        *(house.jira.site_url, ground.voice.url, str(ground.folder), ground.database.name, key),
    ]
    assert code == 1
    assert [secret for secret in planted if secret in written] == []
    assert stat.S_IMODE(bundle.stat().st_mode) == 0o600
    told = json.loads(written)
    assert told["settings"]["SLACK_BOT_TOKEN"] is True
    assert told["settings"]["SLACK_SIGNING_SECRET"] is False
    assert told["schema"][0] == "first_light"
    assert told["work"]["polls"] == {"open": 1}
    assert told["work"]["accounts"] == {"connected": 1}
    assert "can be sent to others" in words


async def test_a_bundle_never_takes_another_files_place(ground: Ground, run: Run) -> None:
    there = ground.folder.with_name("there.json")
    there.write_text("mine")

    code, words = await run("--bundle", str(there))

    assert (code, there.read_text()) == (1, "mine")
    assert "Name a new file." in words


def every(kind: type[found.Finding] = found.Finding) -> list[type[found.Finding]]:
    return [one for below in kind.__subclasses__() for one in [below, *every(below)]]


@pytest.mark.parametrize("kind", every(), ids=lambda kind: kind.__name__)
def test_each_finding_has_its_words_and_each_fault_its_mend(kind: type[found.Finding]) -> None:
    samples = {str: "PLAT", int: 3, bool: True, tuple[str, ...]: ("users:read",)}
    fields = {
        one.name: samples.get(cast(Any, one.type), "HTTP") for one in dataclasses.fields(kind)
    }

    words = said(kind(**fields))

    assert words.what.endswith(".") or kind is found.SettingsUnusable
    assert bool(words.means) == bool(words.mend) == (kind.weight == "wrong")
    assert set(kind.told) <= set(fields)


async def test_each_of_several_sites_is_looked_at(ground: Ground, run: Run) -> None:
    labs, gone = JiraStandIn(now=ground.house.clock), JiraStandIn(now=ground.house.clock)
    labs.voting_enabled, labs.anonymous_may_browse = False, True
    for site in (labs, gone):
        await site.start()
    sites = (ground.house.jira.site_url, f"{labs.site_url}=LAB", gone.site_url)
    ground.env["POLLBOT_JIRA_URL"] = ", ".join(sites)
    await gone.stop()
    try:
        code, said = await run()
    finally:
        await labs.stop()

    assert code == 1
    assert f"Jira answers at {ground.house.jira.site_url}." in said
    assert f"Voting is switched on in Jira at {ground.house.jira.site_url}." in said
    assert f"Jira answers at {labs.site_url}." in said
    assert f"Voting is switched off in Jira at {labs.site_url}." in said
    assert f"POLLBOT_JIRA_URL: {gone.site_url} does not answer" in said
