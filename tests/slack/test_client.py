"""The Slack client, over real HTTP against a pretended workspace: what each failure means."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from pollbot.accounts.blocks import connect_form
from pollbot.accounts.rules import OnSite
from pollbot.errors import (
    ChannelClosed,
    ContentRefused,
    InstallBroken,
    MessageGone,
    SlackBusy,
    SlackError,
    SlackUnavailable,
    TriggerExpired,
)
from pollbot.sandbox.slack import SlackStandIn
from pollbot.slack.client import Posted, Slack
from pollbot.slack.kit import section
from pollbot.web.pauses import OF_SLACK
from tests.support.house import ADA, BEN, LEADS, PLANNING, Clock
from tests.support.refusals import refuses

TEAM = "T0SANDBOX"
TEXT, BLOCKS = "7 votes", [section("*7 votes*")]
OTHER = [section("*8 votes*")]
FORM = connect_form([OnSite("https://acme.atlassian.net", None)], "")


@pytest.fixture
async def workspace(clock: Clock) -> AsyncIterator[SlackStandIn]:
    slack = SlackStandIn(now=clock)
    for user in (ADA, BEN):
        slack.add_person(user, user)
    slack.add_channel(PLANNING, "planning")
    slack.add_channel(LEADS, "leads", is_private=True, members=(ADA,))
    await slack.start()
    yield slack
    await slack.stop()


def client(workspace: SlackStandIn, session: aiohttp.ClientSession, token: str = "") -> Slack:
    return Slack(
        AsyncWebClient(
            token=token or workspace.bot_token,
            base_url=workspace.api_url,
            session=session,
            retry_handlers=[],
        )
    )


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
        yield session


@pytest.fixture
def slack(workspace: SlackStandIn, session: aiohttp.ClientSession) -> Slack:
    return client(workspace, session)


@pytest.fixture
async def hasty(workspace: SlackStandIn) -> AsyncIterator[Slack]:
    """A client that waits 0.2 s for an answer and no longer."""
    haste = aiohttp.ClientTimeout(total=10, sock_read=0.2)
    async with aiohttp.ClientSession(timeout=haste) as session:
        yield client(workspace, session)


# What it does


async def test_it_knows_whose_token_it_has(workspace: SlackStandIn, slack: Slack) -> None:
    who = await slack.identity()

    assert (who.team_id, who.bot_user_id) == (workspace.team_id, workspace.bot_user_id)


async def test_a_message_is_posted_and_changed_with_text_and_blocks(
    workspace: SlackStandIn, slack: Slack
) -> None:
    posted = await slack.of(TEAM).post(PLANNING, TEXT, BLOCKS)
    (message,) = workspace.messages
    assert posted == Posted(PLANNING, message.ts)
    assert (message.text, message.blocks[0]["text"]["text"]) == (TEXT, "*7 votes*")

    await slack.of(TEAM).update(posted.channel_id, posted.ts, "8 votes", OTHER)

    assert (message.text, message.blocks[0]["text"]["text"]) == ("8 votes", "*8 votes*")
    assert not message.edited


async def test_a_direct_message_says_in_which_channel_it_really_is(
    workspace: SlackStandIn, slack: Slack
) -> None:
    posted = await slack.of(TEAM).post(ADA, TEXT, BLOCKS)

    assert posted.channel_id == workspace.messages[0].channel != ADA
    await slack.of(TEAM).update(posted.channel_id, posted.ts, "8 votes", OTHER)


async def test_a_whisper_is_seen_by_one(workspace: SlackStandIn, slack: Slack) -> None:
    await slack.of(TEAM).post_ephemeral(PLANNING, BEN, TEXT, BLOCKS)

    assert len(workspace.visible_to(BEN, PLANNING)) == 1
    assert workspace.visible_to(ADA, PLANNING) == []


async def test_a_form_is_opened_and_changed_until_it_is_closed(
    workspace: SlackStandIn, slack: Slack
) -> None:
    await slack.of(TEAM).open_form(workspace.new_trigger(ADA), FORM)
    (form,) = workspace.views.values()
    assert await slack.of(TEAM).update_form(form.id, {**FORM, "callback_id": "changed"})
    assert form.view["callback_id"] == "changed"

    await workspace.close(ADA, form.id)

    assert not await slack.of(TEAM).update_form(form.id, FORM)


async def test_a_form_comes_too_late_for_an_old_click(
    workspace: SlackStandIn, slack: Slack, clock: Clock
) -> None:
    trigger = workspace.new_trigger(ADA)
    clock.ahead += 10

    with refuses(TriggerExpired, says="Slack took too long"):
        await slack.of(TEAM).open_form(trigger, FORM)


# What failures mean

GONE = (
    *("message_not_found", "cant_update_message", "edit_window_closed", "is_inactive"),
    "cannot_reply_to_message",
)
CLOSED = (
    "channel_not_found",
    "not_in_channel",
    "is_archived",
    "restricted_action",
    "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel",
    "messages_tab_disabled",
    "user_not_in_channel",
    "cannot_dm_bot",
    "missing_scope",
)
BROKEN = ("token_revoked", "account_inactive", "invalid_auth", "not_authed")
PASSING = (
    "ratelimited",
    "rate_limited",
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
    "team_access_not_granted",
    "ekm_access_denied",
)
CONTENT = (
    "invalid_arguments",
    "invalid_attachments",
    "invalid_blocks",
    "invalid_blocks_format",
    "msg_blocks_too_long",
    "msg_too_long",
    "no_text",
    "too_many_attachments",
    "view_too_large",
)
MEANINGS: dict[str, type[Exception]] = {
    **dict.fromkeys(GONE, MessageGone),
    **dict.fromkeys(CLOSED, ChannelClosed),
    **dict.fromkeys(BROKEN, InstallBroken),
    **dict.fromkeys(PASSING, SlackUnavailable),
    **dict.fromkeys(("ratelimited", "rate_limited"), SlackBusy),
    **dict.fromkeys(CONTENT, ContentRefused),
    "something_new": SlackError,
}
CALLS: dict[str, Callable[[Slack], Awaitable[object]]] = {
    "chat.postMessage": lambda slack: slack.of(TEAM).post(PLANNING, TEXT, BLOCKS),
    "chat.update": lambda slack: slack.of(TEAM).update(PLANNING, "1.2", TEXT, BLOCKS),
    "chat.postEphemeral": lambda slack: slack.of(TEAM).post_ephemeral(PLANNING, ADA, TEXT, BLOCKS),
    "views.open": lambda slack: slack.of(TEAM).open_form("1.T.x", FORM),
    "views.update": lambda slack: slack.of(TEAM).update_form("V1", FORM),
    "auth.test": lambda slack: slack.identity(),
}


@pytest.mark.parametrize(("code", "meaning"), MEANINGS.items())
async def test_each_error_of_slack_has_its_meaning(
    workspace: SlackStandIn, slack: Slack, code: str, meaning: type[Exception]
) -> None:
    workspace.faults.fail_next("chat.update", 200, {"ok": False, "error": code})

    with pytest.raises(meaning) as failure:
        await slack.of(TEAM).update(PLANNING, "1.2", TEXT, BLOCKS)

    assert type(failure.value) is meaning
    if isinstance(failure.value, SlackError):
        assert failure.value.code == code


@pytest.mark.parametrize("code", ["expired_trigger_id", "exchanged_trigger_id"])
async def test_a_spent_trigger_needs_a_new_click(
    workspace: SlackStandIn, slack: Slack, code: str
) -> None:
    workspace.faults.fail_next("views.open", 200, {"ok": False, "error": code})

    with pytest.raises(TriggerExpired):
        await slack.of(TEAM).open_form("1.T.x", FORM)


@pytest.mark.parametrize(("method", "call"), CALLS.items())
@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, "Internal Server Error"),
        (502, "<!doctype html><title>Bad gateway</title>"),
        (503, {"ok": False, "error": "service_unavailable"}),
        (200, {"ok": False}),
        (0, ""),
    ],
    ids=["500", "502", "503", "no word why", "a cut line"],
)
async def test_what_is_no_answer_of_slacks_may_pass(
    workspace: SlackStandIn,
    slack: Slack,
    method: str,
    call: Callable[[Slack], Awaitable[object]],
    status: int,
    body: dict[str, object] | str,
) -> None:
    workspace.faults.fail_next(method, status, body)

    with pytest.raises(SlackUnavailable):
        await call(slack)

    assert len(workspace.calls) == 1, "whoever calls knows whether to try again"


async def test_a_429_says_how_long_to_wait(workspace: SlackStandIn, slack: Slack) -> None:
    workspace.limits["chat.update"] = (1, 30.0)
    posted = await slack.of(TEAM).post(PLANNING, TEXT, BLOCKS)
    await slack.of(TEAM).update(posted.channel_id, posted.ts, TEXT, BLOCKS)

    with pytest.raises(SlackUnavailable) as failure:
        await slack.of(TEAM).update(posted.channel_id, posted.ts, TEXT, BLOCKS)

    assert 28 <= failure.value.retry_after <= 30


@pytest.mark.parametrize(
    ("value", "pause"), [("999999999", OF_SLACK), ("9" * 5000, OF_SLACK), ("1.5", 1.5), ("-1", 0.0)]
)
async def test_a_429_asks_for_no_more_than_is_honest(
    workspace: SlackStandIn, slack: Slack, value: str, pause: float
) -> None:
    busy = {"ok": False, "error": "ratelimited"}
    workspace.faults.fail_next("chat.update", 429, busy, {"Retry-After": value})

    with pytest.raises(SlackUnavailable) as failure:
        await slack.of(TEAM).update(PLANNING, "1.2", TEXT, BLOCKS)

    assert (failure.value.retry_after, failure.value.perhaps) == (pause, False)


async def test_a_slow_slack_is_away(workspace: SlackStandIn, hasty: Slack) -> None:
    workspace.faults.mode, workspace.faults.slow_seconds = "slow", 1.0

    with pytest.raises(SlackUnavailable):
        await hasty.of(TEAM).post(PLANNING, TEXT, BLOCKS)


async def test_a_slack_where_nobody_listens_is_away(workspace: SlackStandIn, slack: Slack) -> None:
    hook = workspace.new_hook(ADA, PLANNING)
    await workspace.stop()

    for call in (slack.of(TEAM).post(PLANNING, TEXT, BLOCKS), slack.respond(hook, TEXT, BLOCKS)):
        with pytest.raises(SlackUnavailable):
            await call


async def test_a_foreign_token_is_a_broken_installation(
    workspace: SlackStandIn, session: aiohttp.ClientSession
) -> None:
    with pytest.raises(InstallBroken) as failure:
        await client(workspace, session, "xoxb-somebody-elses").identity()

    assert "xoxb" not in f"{failure.value} {failure.value!r}"


async def test_a_private_channel_without_the_app_is_closed_and_its_response_url_is_not(
    workspace: SlackStandIn, slack: Slack
) -> None:
    with pytest.raises(ChannelClosed):
        await slack.of(TEAM).post(LEADS, TEXT, BLOCKS)

    await slack.respond(workspace.new_hook(ADA, LEADS), TEXT, BLOCKS, in_channel=True)

    assert workspace.messages[0].ephemeral_for is None


# Whether it may have arrived all the same


async def test_what_found_nobody_did_not_arrive(workspace: SlackStandIn, slack: Slack) -> None:
    await workspace.stop()

    with pytest.raises(SlackUnavailable) as failure:
        await slack.of(TEAM).post(PLANNING, TEXT, BLOCKS)

    assert not failure.value.perhaps


async def test_what_is_answered_too_late_may_have_arrived(
    workspace: SlackStandIn, hasty: Slack
) -> None:
    workspace.faults.mode, workspace.faults.slow_seconds = "slow", 1.0

    with pytest.raises(SlackUnavailable) as failure:
        await hasty.of(TEAM).post(PLANNING, TEXT, BLOCKS)

    assert failure.value.perhaps


@pytest.mark.parametrize(
    ("status", "body", "perhaps"),
    [
        (429, {"ok": False, "error": "ratelimited"}, False),
        (200, {"ok": False, "error": "ratelimited"}, False),
        (200, {"ok": False, "error": "message_limit_exceeded"}, False),
        (200, {"ok": False, "error": "internal_error"}, True),
        (200, {"ok": False, "error": "fatal_error"}, True),
        (200, {"ok": False}, True),
        (500, "", True),
        (503, {"ok": False, "error": "service_unavailable"}, True),
        (0, None, True),
    ],
)
async def test_only_a_clear_no_says_that_a_message_did_not_arrive(
    workspace: SlackStandIn,
    slack: Slack,
    status: int,
    body: dict[str, object] | str | None,
    perhaps: bool,
) -> None:
    workspace.faults.fail_next("chat.postMessage", status, body)

    with pytest.raises(SlackUnavailable) as failure:
        await slack.of(TEAM).post(PLANNING, TEXT, BLOCKS)

    assert failure.value.perhaps == perhaps


def page(body: str | bytes, content_type: str = "application/json") -> Callable[..., Any]:
    """Return a Slack that answers every call with this, whatever it is asked."""

    async def answer(_: web.Request) -> web.Response:
        raw = body if isinstance(body, bytes) else body.encode()
        return web.Response(body=raw, headers={"Content-Type": content_type})

    return answer


NONSENSE = {
    "a page": page("<!doctype html><title>Maintenance</title>", "text/html"),
    "a page that says it is JSON": page("<!doctype html><title>Maintenance</title>"),
    "text": page("The service is being moved.", "text/plain"),
    "half an answer": page('{"ok": true, "channel": "C0PL'),
    "deep": page('{"ok": true, "x": ' + "[" * 200_000 + "]" * 200_000 + "}"),
    "a number of 5,000 digits": page('{"ok": true, "x": ' + "9" * 5000 + "}"),
    "a list": page('["ok"]'),
    "a word": page('"fine"'),
    "a number": page("7"),
    "null": page("null"),
    "no UTF-8": page(b'{"ok": true, "channel": "\xff\xfe"}'),
    "a charset that nobody knows": page('{"ok": 1}', "application/json; charset=klingon"),
    "ok that is no yes": page('{"ok": "certainly"}'),
    "a reason that is none": page('{"ok": false, "error": {"code": 7}}'),
    "a reason of a megabyte": page('{"ok": false, "error": "' + "x" * 1_000_000 + '"}'),
}


@pytest.mark.parametrize("answer", NONSENSE.values(), ids=NONSENSE)
@pytest.mark.parametrize("method", [*CALLS, "response_url"])
async def test_nonsense_tells_nothing_so_that_it_was_perhaps_done(
    slack: Slack, session: aiohttp.ClientSession, answer: Callable[..., Any], method: str
) -> None:
    del slack
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = "http://{}:{}/".format(*runner.addresses[0][:2])
    nonsensical = Slack(
        AsyncWebClient(token="xoxb-x", base_url=url, session=session, retry_handlers=[])
    )
    calls = CALLS | {"response_url": lambda slack: slack.respond(url, TEXT, BLOCKS)}

    with pytest.raises(SlackUnavailable) as failure:
        await calls[method](nonsensical)

    assert (failure.value.perhaps, failure.value.lost) == (True, True)
    assert len(failure.value.why) < 100
    await runner.cleanup()


@pytest.mark.parametrize(
    ("body", "meaning"),
    [
        ("ok", None),
        ("", None),
        ('{"ok": true}', None),
        ('{"ok": false, "error": "invalid_blocks"}', ContentRefused),
        ('{"ok": false, "error": "something_new"}', SlackError),
        ('{"ok": false, "error": "ratelimited"}', SlackUnavailable),
    ],
)
async def test_a_response_url_says_yes_and_no_in_several_ways(
    workspace: SlackStandIn, slack: Slack, body: str, meaning: type[Exception] | None
) -> None:
    workspace.faults.fail_next("response_url", 200, body)
    sending = slack.respond(workspace.new_hook(ADA, PLANNING), TEXT, BLOCKS)

    if meaning is None:
        await sending
    else:
        with pytest.raises(meaning):
            await sending


@pytest.mark.parametrize(
    ("body", "meaning"),
    [
        ("invalid_blocks", ContentRefused),
        ("no_text", ContentRefused),
        ('{"ok": false, "error": "msg_blocks_too_long"}', ContentRefused),
        ("used_url", SlackError),
        ("<html>not invalid_blocks</html>", SlackError),
    ],
)
async def test_a_response_url_tells_its_own_end_from_what_is_in_the_message(
    workspace: SlackStandIn, slack: Slack, body: str, meaning: type[SlackError]
) -> None:
    workspace.faults.fail_next("response_url", 404, body)

    with pytest.raises(SlackError) as failure:
        await slack.respond(workspace.new_hook(ADA, PLANNING), TEXT, BLOCKS)

    assert type(failure.value) is meaning


async def test_where_slack_objects_is_known_and_nothing_that_it_quotes(slack: Slack) -> None:
    wrong = [{"type": "section", "text": {"type": "mrkdwn", "text": "secret" * 600}}]

    with pytest.raises(ContentRefused) as failure:
        await slack.of(TEAM).post(PLANNING, TEXT, wrong)

    assert failure.value.code == "invalid_blocks"
    assert "secret" not in failure.value.where


async def test_the_parts_that_slack_names_go_to_the_log(
    workspace: SlackStandIn, slack: Slack
) -> None:
    said = [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
        "[ERROR] “Lunch at Ada's” is wrong [json-pointer:/blocks/2]",
    ]
    workspace.faults.fail_next(
        "chat.postMessage",
        200,
        {"ok": False, "error": "invalid_blocks", "response_metadata": {"messages": said}},
    )

    with pytest.raises(ContentRefused) as failure:
        await slack.of(TEAM).post(PLANNING, TEXT, BLOCKS)

    assert failure.value.where == "/blocks/0/text/text, /blocks/2"


NOT_THERE: list[Any] = [None, 7, ["x"], {"x": "x"}]


@pytest.mark.parametrize(
    ("method", "name", "call", "values"),
    [
        ("chat.postMessage", "ts", CALLS["chat.postMessage"], NOT_THERE),
        ("users.info", "user", lambda slack: slack.of(TEAM).member(ADA), [*NOT_THERE[:3], "x"]),
        (
            "conversations.members",
            "members",
            lambda slack: slack.of(TEAM).members(PLANNING),
            [None, "x"],
        ),
        (
            "chat.getPermalink",
            "permalink",
            lambda slack: slack.of(TEAM).permalink(PLANNING, "1"),
            NOT_THERE,
        ),
        (
            "conversations.info",
            "channel",
            lambda slack: slack.of(TEAM).see_channel(PLANNING),
            [*NOT_THERE[:3], "x"],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_yes_without_what_was_asked_for_is_nonsense(
    workspace: SlackStandIn,
    slack: Slack,
    method: str,
    name: str,
    call: Callable[[Slack], Awaitable[object]],
    values: list[Any],
) -> None:
    for value in values:
        workspace.faults.fail_next(method, 200, {"ok": True, name: value})

        with pytest.raises(SlackUnavailable) as failure:
            await call(slack)

        assert failure.value.lost


# Threads, members, addresses


async def test_a_reply_hangs_under_its_message(workspace: SlackStandIn, slack: Slack) -> None:
    posted = await slack.of(TEAM).post(PLANNING, TEXT, BLOCKS)

    await slack.of(TEAM).post(PLANNING, "a reply", BLOCKS, posted.ts)

    assert [m.thread_ts for m in workspace.messages] == [None, posted.ts]
    with pytest.raises(MessageGone):
        await slack.of(TEAM).post(PLANNING, "a reply", BLOCKS, "1.000001")


async def test_all_members_of_a_large_channel_are_found(
    workspace: SlackStandIn, slack: Slack
) -> None:
    everybody = {f"U{number:04}" for number in range(450)}
    for user in everybody:
        workspace.add_person(user, user)
    workspace.add_channel("C0LARGE", "large", members=everybody)

    found = await slack.of(TEAM).members("C0LARGE")

    assert len(found) == len(everybody)
    assert set(found) == everybody
    assert sum(call.method == "conversations.members" for call in workspace.calls) == 3


async def test_members_of_a_channel_without_the_app_are_not_told(
    workspace: SlackStandIn, slack: Slack
) -> None:
    del workspace

    with pytest.raises(ChannelClosed):
        await slack.of(TEAM).members(LEADS)


async def test_a_message_has_an_address_while_it_is_there(
    workspace: SlackStandIn, slack: Slack
) -> None:
    posted = await slack.of(TEAM).post(PLANNING, TEXT, BLOCKS)

    assert posted.ts.replace(".", "") in await slack.of(TEAM).permalink(PLANNING, posted.ts)
    workspace.messages.clear()
    with pytest.raises(MessageGone):
        await slack.of(TEAM).permalink(PLANNING, posted.ts)


async def test_people_have_a_name_and_the_app_is_none(
    workspace: SlackStandIn, slack: Slack
) -> None:
    workspace.people[ADA].name = "Ada Lovelace"

    ada, app = await slack.of(TEAM).member(ADA), await slack.of(TEAM).member(workspace.bot_user_id)

    assert (ada.name, ada.is_person, app.is_person) == ("Ada Lovelace", True, False)


TOLD_OF: dict[str, tuple[dict[str, Any], tuple[str, bool, str]]] = {
    "an admin": (
        {"team_id": "T1", "is_admin": True, "tz": "Asia/Tokyo"},
        ("T1", True, "Asia/Tokyo"),
    ),
    "an owner": ({"team_id": "T1", "is_owner": True}, ("T1", True, "")),
    "a member": ({"team_id": "T1", "is_admin": False}, ("T1", False, "")),
    "a team in the profile": ({"profile": {"team": "T1"}, "is_admin": True}, ("T1", True, "")),
    "a stranger": ({"team_id": "T1", "is_admin": True, "is_stranger": True}, ("T1", False, "")),
    "no team": ({"is_admin": True}, ("", True, "")),
    "nonsense": (
        {"team_id": 7, "is_admin": "true", "tz": ["x"], "real_name": {}, "profile": "x"},
        ("", False, ""),
    ),
}


@pytest.mark.parametrize(("user", "known"), TOLD_OF.values(), ids=TOLD_OF)
async def test_of_a_person_only_what_slack_tells_is_known(
    workspace: SlackStandIn, slack: Slack, user: dict[str, Any], known: tuple[str, bool, str]
) -> None:
    workspace.faults.fail_next("users.info", 200, {"ok": True, "user": {"id": ADA, **user}})

    member = await slack.of(TEAM).member(ADA)

    assert (member.team_id, member.is_admin, member.zone) == known
    assert member.name == ADA


# response_urls


async def test_a_response_url_answers_privately_and_can_replace_what_was_pressed(
    workspace: SlackStandIn, slack: Slack
) -> None:
    pressed = workspace.post(PLANNING, workspace.bot_user_id, TEXT, BLOCKS, ephemeral_for=ADA)

    await slack.respond(workspace.new_hook(ADA, PLANNING, pressed.id), "beside", BLOCKS)
    await slack.respond(
        workspace.new_hook(ADA, PLANNING, pressed.id), "instead", OTHER, replace=True
    )

    assert [m.text for m in workspace.visible_to(ADA, PLANNING)] == ["instead", "beside"]
    assert workspace.visible_to(BEN, PLANNING) == []


async def test_a_response_url_is_spent_after_five_uses(
    workspace: SlackStandIn, slack: Slack
) -> None:
    url = workspace.new_hook(ADA, PLANNING)
    for _ in range(5):
        await slack.respond(url, TEXT, BLOCKS)

    with pytest.raises(SlackError) as failure:
        await slack.respond(url, TEXT, BLOCKS)

    assert url not in f"{failure.value} {failure.value!r}"
    assert len(workspace.messages) == 5


async def test_a_response_url_is_spent_after_half_an_hour(
    workspace: SlackStandIn, slack: Slack, clock: Clock
) -> None:
    url = workspace.new_hook(ADA, PLANNING)
    clock.ahead += 31 * 60

    with pytest.raises(SlackError):
        await slack.respond(url, TEXT, BLOCKS)


@pytest.mark.parametrize(
    ("status", "headers", "pause"),
    [
        (429, {"Retry-After": "9"}, 9.0),
        (500, {}, 0.0),
        (503, {"Retry-After": "4"}, 4.0),
        (429, {"Retry-After": "999999999"}, OF_SLACK),
        (429, {"Retry-After": "-1"}, 0.0),
        (0, {}, 0),
    ],
)
async def test_a_response_url_that_fails_for_now_is_not_taken_for_spent(
    workspace: SlackStandIn, slack: Slack, status: int, headers: dict[str, str], pause: float
) -> None:
    workspace.faults.fail_next("response_url", status, "", headers)

    with pytest.raises(SlackUnavailable) as failure:
        await slack.respond(workspace.new_hook(ADA, PLANNING), TEXT, BLOCKS)

    assert failure.value.retry_after == pause
