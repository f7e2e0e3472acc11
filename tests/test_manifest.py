"""manifest.yml: Slack would take it, it asks for little, and the program answers all of it."""

import importlib
import json
import pkgutil
import re
import tomllib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

import pollbot
from pollbot.accounts import blocks as accounts
from pollbot.accounts.rules import OnSite
from pollbot.cli import main
from pollbot.sandbox.world.seed import SHORTCUTS
from pollbot.sandbox.world.steps import STEPS
from pollbot.slack import kit
from pollbot.slack.clicks import Click, ConnectClick
from pollbot.wiring import Pollbot
from tests.support import polls, schedules
from tests.support.clicks import LEAD_ELSEWHERE, kinds, sample
from tests.support.house import ADA, BEN, PLANNING, House
from tests.support.polls import drawn
from tests.support.rights import rights_form

ROOT = Path(__file__).parents[1]
SCHEMA = ROOT.parent / "shared" / "specs" / "manifest.schema.json"
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text())
COMMANDS = {command["command"]: command for command in MANIFEST["features"]["slash_commands"]}
# docs.slack.dev: what each call of the Web API asks for; forms and auth.test ask for nothing.
SCOPES = {
    "chat_postMessage": {"chat:write", "chat:write.public"},
    "chat_postEphemeral": {"chat:write"},
    "chat_update": {"chat:write"},
    "chat_delete": {"chat:write"},
    "chat_unfurl": {"links:read", "links:write"},
    "users_info": {"users:read", "users:read.email"},
    "users_conversations": {"channels:read", "groups:read"},
    "conversations_info": {"channels:read", "groups:read"},
    "conversations_members": {"channels:read", "groups:read"},
    "conversations_replies": {"channels:history", "groups:history"},
    "conversations_history": {"im:history"},
    "conversations_open": {"im:write"},
    "files_getUploadURLExternal": {"files:write"},
    "files_completeUploadExternal": {"files:write"},
    "usergroups_list": {"usergroups:read"},
    "usergroups_users_list": {"usergroups:read"},
}
# Slack tells of links only with links:read.
OPTIONAL = {
    *("chat:write.public", "channels:read", "groups:read"),
    *("channels:history", "groups:history"),
    *("im:history", "im:write", "usergroups:read"),
    *("links:read", "links:write"),
    *("files:write", "users:read.email"),
}
# docs.slack.dev: what each event asks for, which is told by Slack and needs no call.
EVENTS = {
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "entity_details_requested": "",
    "link_shared": "links:read",
    "message.im": "im:history",
}
FORMS = {
    accounts.CONNECT_FORM: accounts.connect_form([OnSite("https://acme.atlassian.net", None)], ""),
    accounts.TOLD_FORM: accounts.checking("https://acme.atlassian.net"),
}


for module in pkgutil.walk_packages(pollbot.__path__, "pollbot."):
    importlib.import_module(module.name)


def invocations() -> list[tuple[str, str]]:
    """Return every command as its hint tells people to use it."""
    found = []
    for name, command in COMMANDS.items():
        for way in command["usage_hint"].split("|"):
            words = way.replace("[issue]", "PLAT-12").replace("[on/off]", "off").split()
            found.append((name, " ".join(words)))
    return found


async def answered(house: House, user: str) -> None:
    """Wait until something that the user sees is there besides what was asked."""
    await house.slack.until(
        lambda: (
            house.slack.visible_to(user, PLANNING)
            or any(view.user == user for view in house.slack.views.values())
        ),
        what="an answer",
    )


@pytest.mark.skipif(not SCHEMA.exists(), reason="Slack's manifest schema is not at hand")
def test_slack_takes_the_manifest() -> None:
    schema = json.loads(SCHEMA.read_text())

    checker = jsonschema.validators.validator_for(schema)(schema)

    assert [f"{error.json_path}: {error.message}" for error in checker.iter_errors(MANIFEST)] == []
    broken = {**MANIFEST, "display_information": {"name": "x" * 36}}
    assert list(checker.iter_errors(broken)), "the schema does say no"


def test_the_manifest_asks_for_no_more_than_is_used() -> None:
    client = (ROOT / "src" / "pollbot" / "slack" / "client.py").read_text()
    used = set(re.findall(r"\bself\._web\.(\w+)", client))
    needed = set().union(*(needs for call, needs in SCOPES.items() if call in used))

    assert set(MANIFEST["oauth_config"]) == {"scopes"}
    scopes = MANIFEST["oauth_config"]["scopes"]
    assert set(scopes) == {"bot", "bot_optional"}
    assert sorted(scopes["bot"]) == sorted({"commands", *needed} - OPTIONAL)
    assert set(scopes["bot_optional"]) == OPTIONAL & needed | set(EVENTS.values()) - {""}
    assert MANIFEST["settings"]["interactivity"] == {"is_enabled": True}
    assert MANIFEST["settings"]["socket_mode_enabled"] is True
    assert MANIFEST["settings"]["event_subscriptions"] == {"bot_events": list(EVENTS)}
    assert MANIFEST["features"]["unfurl_domains"] == ["atlassian.net"]
    assert MANIFEST["features"]["app_home"]["messages_tab_enabled"], "receipts may come there"


def test_what_people_write_is_read_by_nothing_but_what_may_be_left_out() -> None:
    scopes = MANIFEST["oauth_config"]["scopes"]
    # docs.slack.dev, "Scopes": what lets an app read messages that are not about it.
    reads = re.compile(r":history$|^search:|^files:read$|^app_mentions:read$")

    assert [scope for scope in scopes["bot"] if reads.search(scope)] == []
    assert [scope for scope in scopes["bot_optional"] if reads.search(scope)] == [
        "channels:history",
        "groups:history",
        "app_mentions:read",
        "im:history",
    ]


def test_the_sandbox_offers_the_shortcuts_of_the_manifest() -> None:
    assert list(SHORTCUTS) == MANIFEST["features"]["shortcuts"]


REACHED = "https://pollbot.example.com"


@pytest.mark.parametrize("steps", [(), ("--steps",)], ids=["", "with steps"])
@pytest.mark.parametrize("url", ["", REACHED])
@pytest.mark.parametrize("prefix", ["", "j", "jira-", "acme_2_"])
@pytest.mark.skipif(not SCHEMA.exists(), reason="Slack's manifest schema is not at hand")
def test_slack_takes_each_manifest_that_is_printed(
    capsys: pytest.CaptureFixture[str], url: str, prefix: str, steps: tuple[str, ...]
) -> None:
    schema = json.loads(SCHEMA.read_text())
    checker = jsonschema.validators.validator_for(schema)(schema)

    printed = yaml.safe_load(told(capsys, "--url", url, "--prefix", prefix, *steps))

    assert [f"{error.json_path}: {error.message}" for error in checker.iter_errors(printed)] == []


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return what `pollbot manifest` prints with these arguments."""
    assert main(["manifest", *arguments]) == 0
    return capsys.readouterr().out


def test_the_manifest_is_the_one_that_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert yaml.safe_load(told(capsys)) == MANIFEST


@pytest.mark.parametrize(
    "url", [REACHED, f"{REACHED}/", f"{REACHED}/slack/events", "https://acme.example.com:8443/bot"]
)
def test_a_manifest_for_http_says_where_slack_is_to_send(
    capsys: pytest.CaptureFixture[str], url: str
) -> None:
    printed = yaml.safe_load(told(capsys, "--url", url))

    events = f"{url.rstrip('/').removesuffix('/slack/events')}/slack/events"
    assert printed["settings"]["socket_mode_enabled"] is False
    assert printed["settings"]["interactivity"] == {"is_enabled": True, "request_url": events}
    assert printed["settings"]["event_subscriptions"]["request_url"] == events
    assert [one.pop("url") for one in printed["features"]["slash_commands"]] == [events] * 5
    assert printed["features"] == MANIFEST["features"]
    assert printed["oauth_config"] == MANIFEST["oauth_config"]


def test_steps_for_workflows_are_in_the_manifest_that_asks_for_them_only(
    capsys: pytest.CaptureFixture[str],
) -> None:
    without, printed = MANIFEST, yaml.safe_load(told(capsys, "--steps"))

    # docs.slack.dev, "Custom steps": without the first Slack takes no steps, without the second
    # it does not bring them here, and from whom there is no paid plan it takes none of it.
    assert printed["settings"].pop("org_deploy_enabled") is True
    assert printed["settings"].pop("function_runtime") == "remote"
    assert printed["settings"]["event_subscriptions"]["bot_events"].pop() == "function_executed"
    functions = printed.pop("functions")
    assert printed == {
        **without,
        "settings": {
            name: value
            for name, value in without["settings"].items()
            if name != "org_deploy_enabled"
        },
    }
    assert functions == STEPS, "what the sandbox offers"
    for step in functions.values():
        assert len(step["title"]) <= 255
        for part in ("input_parameters", "output_parameters"):
            parameters = step[part]["properties"]
            assert set(step[part]["required"]) <= parameters.keys()
            assert all(one["title"] and one["description"] for one in parameters.values())


@pytest.mark.parametrize(
    ("sites", "domains"),
    [
        ((), []),
        (("jira.example.com",), ["jira.example.com"]),
        (
            ("https://acme.jira.com/browse", "https://Jira.Example.com:8443"),
            ["acme.jira.com", "jira.example.com"],
        ),
        (("acme.atlassian.net", "atlassian.net"), []),
        (
            ("jira.example.com", "notatlassian.net", "https://jira.example.com/jira"),
            ["jira.example.com", "notatlassian.net"],
        ),
    ],
)
def test_slack_is_to_tell_of_links_to_each_site_that_is_named(
    capsys: pytest.CaptureFixture[str], sites: tuple[str, ...], domains: list[str]
) -> None:
    printed = yaml.safe_load(told(capsys, *(f"--jira={site}" for site in sites)))

    assert printed["features"]["unfurl_domains"] == ["atlassian.net", *domains]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--url", "http://pollbot.example.com"), "--url"),
        (("--url", "pollbot.example.com"), "--url"),
        (("--url", "https://pollbot.example.com/?token=1"), "--url"),
        (("--url", "https://me:word@pollbot.example.com"), "--url"),
        (("--url", "https://[::1"), "--url"),
        (("--jira", "intranet"), "--jira"),
        (("--jira", "https://[::1"), "--jira"),
        (("--jira", "jira.example.com", "--jira", "intranet"), "--jira"),
        (("--prefix", "Jira-"), "--prefix"),
        (("--prefix", "ji ra"), "--prefix"),
        (("--prefix", "un"), "--prefix"),
        (("--prefix", "j" * 21), "--prefix"),
    ],
)
def test_no_manifest_is_printed_that_slack_or_pollbot_would_not_understand(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], why: str
) -> None:
    code = main(["manifest", *arguments])

    out, said = capsys.readouterr()
    assert (code, out) == (2, "")
    assert f"There is no such manifest. {why}: it " in said


@pytest.mark.parametrize("prefix", ["j", "jira-", "acme_", "/jira-", "poll", "pollbot-", "vote-"])
async def test_commands_with_a_prefix_do_what_they_do_without(
    house: House, pollbot: Pollbot, capsys: pytest.CaptureFixture[str], prefix: str
) -> None:
    del pollbot
    printed = yaml.safe_load(told(capsys, "--prefix", prefix))
    own = [one["command"] for one in printed["features"]["slash_commands"]]
    vote, unvote, votes, poll, pollbot_command = own
    stem = prefix.removeprefix("/")
    assert own == [f"/{stem}{name}" for name in ("vote", "unvote", "votes", "poll")] + ["/pollbot"]
    await house.connect(ADA)

    await house.slack.command(ADA, PLANNING, vote, "PLAT-13")
    await house.votes("PLAT-13", 1)
    await house.slack.command(ADA, PLANNING, unvote, "PLAT-13")
    await house.votes("PLAT-13", 0)
    await house.slack.command(ADA, PLANNING, votes, "PLAT-13")
    await house.card("PLAT-13")
    await house.slack.command(ADA, PLANNING, poll, '"Lunch?" "Pizza" "Soup"')
    await house.card("Lunch?")
    await house.slack.command(BEN, PLANNING, vote, "")
    await house.told(BEN, f"`{vote} PLAT-12`")
    await house.slack.command(BEN, PLANNING, f"/{stem}pollbot", "help")
    await house.told(BEN, "`/pollbot connect`")
    assert pollbot_command == "/pollbot"


def test_the_version_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])

    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"pollbot {declared}\n"


def test_every_command_says_what_it_does_and_how() -> None:
    assert {"/vote", "/unvote", "/votes", "/pollbot"} <= set(COMMANDS)
    for command in COMMANDS.values():
        assert command["description"]
        assert command["usage_hint"]
        assert command["should_escape"] is False, "people's words arrive as typed"
        assert f"`{command['command']} " in accounts.help_text().text


@pytest.mark.parametrize(("command", "text"), invocations(), ids=lambda value: value or "alone")
async def test_every_command_of_the_manifest_is_answered(
    house: House, pollbot: Pollbot, command: str, text: str
) -> None:
    del pollbot

    answer = await house.slack.command(BEN, PLANNING, command, text)

    assert (answer.status, answer.error) == (200, None)
    await answered(house, BEN)
    assert "I do not know" not in f"{answer.body} {house.words(BEN)}"


@pytest.mark.parametrize("command", COMMANDS)
async def test_every_command_is_answered_without_a_word_too(
    house: House, pollbot: Pollbot, command: str
) -> None:
    del pollbot

    answer = await house.slack.command(BEN, PLANNING, command, "")

    assert (answer.status, answer.error) == (200, None)
    await answered(house, BEN)
    assert "I do not know" not in str(house.words(BEN))


@pytest.mark.parametrize(("command", "text"), [("/votee", "PLAT-12"), ("/pollbot", "dance")])
async def test_what_is_not_in_the_manifest_gets_the_help(
    house: House, pollbot: Pollbot, command: str, text: str
) -> None:
    del pollbot

    answer = await house.slack.command(BEN, PLANNING, command, text)

    assert answer.status == 200
    await house.told(BEN, "I do not know")


def test_every_kind_of_button_has_its_own_name() -> None:
    names = [kind.action_id for kind in kinds()]

    assert {"vote", "withdraw", "connect_jira"} <= set(names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "kind",
    [kind for kind in kinds() if kind not in LEAD_ELSEWHERE],
    ids=lambda kind: kind.action_id,
)
async def test_every_button_is_answered(house: House, pollbot: Pollbot, kind: type[Click]) -> None:
    del pollbot
    click = sample(kind)
    message = house.slack.post(
        PLANNING, house.slack.bot_user_id, "A card", [kit.actions(kit.button("Press", click))]
    )

    answer = await house.slack.press(BEN, message.id, click.action_id)

    assert (answer.status, answer.error) == (200, None)
    await house.slack.until(
        lambda: house.words(BEN) or house.slack.views or house.slack.homes,
        what="a receipt or a form",
    )
    assert "older version" not in str(house.words(BEN))


async def test_a_button_that_nobody_made_is_called_old(house: House, pollbot: Pollbot) -> None:
    del pollbot
    block = kit.actions({**kit.button("Press", ConnectClick()), "action_id": "dance"})
    message = house.slack.post(PLANNING, house.slack.bot_user_id, "A card", [block])

    answer = await house.slack.press(BEN, message.id, "dance")

    assert answer.status == 200
    await house.told(BEN, "older version")


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
async def test_every_form_that_can_be_sent_is_answered(
    house: House, pollbot: Pollbot, form: dict[str, Any]
) -> None:
    del pollbot
    opened = house.slack.open_view(ADA, form, on_top=False)
    filled = {
        block["block_id"]: {block["element"]["action_id"]: "ada@example.com"}
        for block in form["blocks"]
        if block["type"] == "input"
    }

    answer = await house.slack.submit(ADA, opened.id, filled)

    if "submit" in form:
        assert (answer.status, answer.error) == (200, None)
        assert answer.json is not None
        assert answer.json["response_action"] in ("errors", "update")
    else:
        assert (answer.status, answer.error) == (0, "this form has no submit button")


async def no_card(house: House) -> None:
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")
    await house.told(ADA, "/invite @pollbot")


async def one_reminder_for_all(house: House) -> None:
    card = await polls.form_poll(house, ends_in=3 * polls.HOUR, remind=polls.HOUR)
    house.clock.ahead += 2 * polls.HOUR + 60
    await polls.reply(house, card, "If you have not answered yet, choose on the card above")


async def no_thread_read(house: House) -> None:
    message = house.slack.say(BEN, PLANNING, "What do we do next?")
    house.slack.say(BEN, PLANNING, "PLAT-12, I say", thread_ts=message.ts)
    await house.slack.shortcut(ADA, "vote_on_mentioned", message.id)
    await house.told(ADA, "Slack does not let pollbot read its thread")


async def no_preview(house: House) -> None:
    await house.slack.command(ADA, PLANNING, "/pollbot", "previews")
    await house.told(ADA, "links:read")


async def no_file(house: House) -> None:
    card = await polls.poll(house, '"Export?" "Yes" "No"')
    await polls.manage(house, ADA, card, "export_poll", "poll_export")
    (view,) = house.slack.stack_of(ADA)
    await house.slack.view_action(ADA, view.id, "export_poll_as:0")
    await house.told(ADA, "without the scope `files:write`")


async def nothing_heard(house: House) -> None:
    """Slack tells pollbot of no such message, so pollbot cannot say anything about it."""
    await house.slack.share(ADA, PLANNING, f"<@{house.slack.bot_user_id}> votes PLAT-12")
    assert not any("PLAT-12" in one.text for one in house.slack.messages if one.blocks)


async def no_group(house: House) -> None:
    await house.slack.command(ADA, PLANNING, "/poll", 'for @devs "Lunch?" "Pizza" "Soup"')
    await house.told(ADA, "usergroups:read")
    assert "usergroups:read" in drawn(await rights_form(house))


async def no_address_filled_in(house: House) -> None:
    house.slack.people[BEN].email = "ben@slack.example"
    await house.slack.command(BEN, PLANNING, "/pollbot", "connect")
    form = await polls.window(house, BEN, "Your Jira e-mail")
    assert "ben@slack.example" not in str(form.view)
    await house.slack.close(BEN, form.id)


# Together where Slack has one scope for public channels and one for private ones.
MISSED: dict[tuple[str, ...], Callable[[House], Awaitable[None]]] = {
    ("chat:write.public",): no_card,
    ("channels:read", "groups:read"): one_reminder_for_all,
    ("channels:history", "groups:history"): no_thread_read,
    ("links:read", "links:write"): no_preview,
    ("files:write",): no_file,
    ("usergroups:read",): no_group,
    ("users:read.email",): no_address_filled_in,
    # What im:write is for is held in tests/votes/test_shipped.py.
    ("app_mentions:read", "im:history", "im:write"): nothing_heard,
}


def test_of_each_scope_that_may_be_left_out_it_is_known_what_is_missed() -> None:
    missed = {scope for scopes in MISSED for scope in scopes}

    assert missed == set(MANIFEST["oauth_config"]["scopes"]["bot_optional"])


@pytest.mark.parametrize("scopes", MISSED, ids=" ".join)
async def test_what_a_scope_is_for_says_that_it_is_missing_and_all_else_goes_on(
    house: House, scopes: tuple[str, ...]
) -> None:
    house.slack.tokens.bot_scopes = [
        scope for scope in house.slack.tokens.bot_scopes if scope not in scopes
    ]
    if "chat:write.public" not in scopes:
        house.slack.channels[PLANNING].app_is_member = True
    async with house.program():
        await house.connect(ADA)
        await MISSED[scopes](house)

        house.slack.channels[PLANNING].app_is_member = True
        await house.slack.command(ADA, PLANNING, "/votes", "PLAT-13")
        card = await house.card("PLAT-13")
        await house.slack.press(ADA, card.id, "vote")
        await house.votes("PLAT-13", 1)
        lunch = await polls.poll(house, '"Dinner?" "Pizza" "Soup"')
        await polls.answer(house, BEN, lunch, "Soup")
        await house.card("1 participant")


async def test_without_any_scope_that_may_be_left_out_the_core_works(house: House) -> None:
    house.slack.tokens.bot_scopes = list(MANIFEST["oauth_config"]["scopes"]["bot"])
    house.slack.channels[PLANNING].app_is_member = True
    async with house.program():
        await house.connect(ADA)
        await house.vote(ADA, "PLAT-12")
        await house.told(ADA, "is counted in Jira. It has 8 votes now.")
        card = await polls.poll(house, '"Lunch?" "Pizza" "Soup"')
        await polls.answer(house, BEN, card, "Soup")
        await house.card("1 participant")
        await schedules.schedule(house, card, every="daily", at="09:00")
        assert len(house.rows("SELECT 1 FROM schedules")) == 1
