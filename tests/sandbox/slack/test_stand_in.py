"""The stand-in as the app calls it: Web API, response_urls, limits and failures."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from pollbot.sandbox.slack import SlackStandIn

Json = dict[str, Any]

SECTION: Json = {"type": "section", "block_id": "s", "text": {"type": "mrkdwn", "text": "*Hi*"}}
MODAL: Json = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": [SECTION]}


class Clock:
    def __init__(self) -> None:
        self.time = 1_700_000_000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def now() -> Clock:
    return Clock()


@pytest.fixture
async def slack(now: Clock) -> AsyncIterator[SlackStandIn]:
    slack = SlackStandIn(now=now)
    slack.add_person("U0ADA", "Ada", is_admin=True)
    slack.add_person("U0BOB", "Bob")
    slack.add_channel("C0PLAN", "planning")
    slack.add_channel("C0OPEN", "open", is_private=True, app_is_member=True)
    slack.add_channel("C0SHUT", "shut", is_private=True)
    slack.add_channel("C0OLD", "old", app_is_member=True).is_archived = True
    slack.add_channel("C0ADA", "ada", app_is_member=True, members=["U0ADA"])
    await slack.start()
    yield slack
    await slack.stop()


@pytest.fixture
def client(slack: SlackStandIn) -> AsyncWebClient:
    return AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def refusal(client: AsyncWebClient, method: str, **args: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await client.api_call(method, json=args)
    return str(caught.value.response["error"])


async def post(http: aiohttp.ClientSession, url: str, **body: Any) -> tuple[int, str]:
    async with http.post(url, json=body) as response:
        return response.status, await response.text()


# Tokens and transport


@pytest.mark.parametrize(
    ("token", "method", "error"),
    [
        ("", "auth.test", "not_authed"),
        ("xoxb-other", "auth.test", "invalid_auth"),
        ("xapp-sandbox", "auth.test", "not_allowed_token_type"),
        ("xoxb-sandbox", "apps.connections.open", "not_allowed_token_type"),
        ("xoxb-sandbox", "chat.shout", "unknown_method"),
    ],
)
async def test_a_call_needs_its_token(
    slack: SlackStandIn, token: str, method: str, error: str
) -> None:
    client = AsyncWebClient(token=token, base_url=slack.api_url)

    assert await refusal(client, method) == error


async def test_arguments_may_be_form_fields_with_json_inside(
    slack: SlackStandIn, http: aiohttp.ClientSession
) -> None:
    form = {"token": slack.bot_token, "channel": "C0PLAN", "blocks": '[{"type":"divider"}]'}

    async with http.post(f"{slack.api_url}chat.postMessage", data=form) as response:
        answer = await response.json()

    assert answer["ok"]
    assert slack.messages[0].blocks[0]["type"] == "divider"
    assert slack.calls[0].args == {"channel": "C0PLAN", "blocks": [{"type": "divider"}]}


# Messages


async def test_a_message_is_stored_as_sent_and_answered_with_its_place(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    metadata = {"event_type": "poll", "event_payload": {"id": "7"}}

    first = await client.chat_postMessage(
        channel="C0PLAN", text="*Hi* &amp;", blocks=[SECTION], metadata=metadata
    )
    second = await client.chat_postMessage(channel="C0PLAN", text="Re", thread_ts=first["ts"])

    root, reply = slack.visible_to("U0BOB", "C0PLAN")
    assert (root.ts, root.text, root.blocks) == (first["ts"], "*Hi* &amp;", [SECTION])
    assert (root.user, root.metadata, root.edited) == (slack.bot_user_id, metadata, False)
    assert (reply.thread_ts, reply.ts) == (root.ts, second["ts"])
    assert reply.ts > root.ts
    assert first["message"]["blocks"] == [SECTION]


async def test_blocks_and_elements_without_ids_get_some(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    button = {"type": "button", "text": {"type": "plain_text", "text": "Go"}}

    await client.chat_postMessage(
        channel="C0PLAN", text="Go", blocks=[{"type": "actions", "elements": [button]}]
    )

    [block] = slack.messages[0].blocks
    assert block["block_id"]
    assert block["elements"][0]["action_id"]


async def test_a_post_to_a_person_opens_their_direct_channel(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    posted = await client.chat_postMessage(channel="U0ADA", text="Hello")
    opened = await client.conversations_open(users="U0ADA")

    assert posted["channel"].startswith("D")
    assert opened["channel"]["id"] == posted["channel"]
    assert len(slack.visible_to("U0ADA", posted["channel"])) == 1
    assert slack.visible_to("U0BOB", posted["channel"]) == []


BAD_BLOCKS = [{"type": "section"}]


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"channel": "C0NONE", "text": "x"}, "channel_not_found"),
        ({"channel": "C0SHUT", "text": "x"}, "channel_not_found"),
        ({"channel": "C0OLD", "text": "x"}, "is_archived"),
        ({"channel": "C0PLAN"}, "no_text"),
        ({"channel": "C0PLAN", "text": "x", "blocks": BAD_BLOCKS}, "invalid_blocks"),
        ({"channel": "C0PLAN", "text": "x", "blocks": "[{"}, "invalid_blocks_format"),
        ({"channel": "C0PLAN", "text": "x", "thread_ts": "1.1"}, "thread_not_found"),
        ({"channel": "C0PLAN", "text": "x", "metadata": {"a": 1}}, "invalid_metadata_format"),
    ],
)
async def test_a_post_is_refused(
    slack: SlackStandIn, client: AsyncWebClient, args: Json, error: str
) -> None:
    assert await refusal(client, "chat.postMessage", **args) == error
    assert slack.messages == []


async def test_bad_blocks_are_explained(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C0PLAN", text="x", blocks=BAD_BLOCKS)

    assert caught.value.response["response_metadata"]["messages"] == [
        "[ERROR] /blocks/0: needs one of text, fields"
    ]


async def test_a_public_channel_can_be_closed_to_apps_that_are_not_in_it(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    slack.tokens.bot_scopes.remove("chat:write.public")

    error = await refusal(client, "chat.postMessage", channel="C0PLAN", text="x")

    assert error == "not_in_channel"


async def test_a_long_text_is_cut_when_posted_and_refused_when_updated(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    posted = await client.chat_postMessage(channel="C0PLAN", text="x" * 40_001)
    assert len(slack.messages[0].text) == 40_000

    place = {"channel": "C0PLAN", "ts": posted["ts"]}
    await client.chat_update(**place, text="y" * 4000)

    assert await refusal(client, "chat.update", **place, text="y" * 4001) == "msg_too_long"


async def test_an_update_with_text_alone_removes_the_blocks(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    posted = await client.chat_postMessage(channel="C0PLAN", text="1", blocks=[SECTION])
    place = {"channel": "C0PLAN", "ts": posted["ts"]}

    await client.api_call("chat.update", json={**place, "blocks": [SECTION, {"type": "divider"}]})
    [message] = slack.messages
    assert (message.text, len(message.blocks), message.edited) == ("1", 2, False)

    await client.chat_update(**place, text="2")
    assert (message.text, message.blocks, message.edited) == ("2", [], True)


async def test_metadata_stays_until_it_is_cleared(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    metadata = {"event_type": "poll", "event_payload": {}}
    posted = await client.chat_postMessage(channel="C0PLAN", text="1", metadata=metadata)
    place = {"channel": "C0PLAN", "ts": posted["ts"]}

    await client.chat_update(**place, text="2")
    assert slack.messages[0].metadata == metadata

    await client.chat_update(**place, text="3", metadata={})
    assert slack.messages[0].metadata is None


async def test_only_the_apps_own_lasting_messages_can_be_changed(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    said = slack.say("U0ADA", "C0PLAN", "mine")
    private = await client.chat_postEphemeral(channel="C0PLAN", user="U0ADA", text="psst")

    async def change(channel: str, ts: str) -> tuple[str, str]:
        place = {"channel": channel, "ts": ts}
        updated = await refusal(client, "chat.update", **place, text="x")
        return updated, await refusal(client, "chat.delete", **place)

    assert await change("C0PLAN", said.ts) == ("cant_update_message", "cant_delete_message")
    assert await change("C0PLAN", private["message_ts"]) == ("message_not_found",) * 2
    assert await change("U0ADA", "1.1") == ("channel_not_found",) * 2


async def test_an_ephemeral_message_is_seen_by_one_member_only(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    await client.chat_postEphemeral(channel="C0ADA", user="U0ADA", text="psst")

    assert [m.text for m in slack.visible_to("U0ADA", "C0ADA")] == ["psst"]
    assert slack.visible_to("U0BOB", "C0ADA") == []
    error = await refusal(client, "chat.postEphemeral", channel="C0ADA", user="U0BOB", text="x")
    assert error == "user_not_in_channel"


async def test_a_deleted_message_is_gone(slack: SlackStandIn, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="C0PLAN", text="x")
    place = {"channel": "C0PLAN", "message_ts": posted["ts"]}
    link = await client.chat_getPermalink(**place)

    await client.chat_delete(channel="C0PLAN", ts=posted["ts"])

    assert link["permalink"].endswith("/archives/C0PLAN/p" + posted["ts"].replace(".", ""))
    assert slack.messages == []
    assert await refusal(client, "chat.getPermalink", **place) == "message_not_found"


# People and channels


async def test_people_and_channels_are_told(slack: SlackStandIn, client: AsyncWebClient) -> None:
    me = await client.auth_test()
    ada = (await client.users_info(user="U0ADA", include_locale=True))["user"]
    bot = (await client.users_info(user=me["user_id"]))["user"]
    open_ = (await client.conversations_info(channel="C0OPEN", include_num_members=True))["channel"]

    assert (me["user_id"], me["team_id"]) == (slack.bot_user_id, slack.team_id)
    assert (ada["real_name"], ada["is_admin"], ada["tz"]) == ("Ada", True, "Europe/Berlin")
    assert (ada["tz_offset"], ada["locale"]) == (3600, "en-US")
    assert (bot["is_bot"], ada["is_bot"]) == (True, False)
    assert (open_["is_private"], open_["is_member"], open_["num_members"]) == (True, True, 3)


async def test_a_zone_that_does_not_exist_is_told_as_it_is(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    for zone in ("Mars/Olympus", "../etc", "Europe", ""):
        slack.people["U0ADA"].tz = zone

        ada = (await client.users_info(user="U0ADA"))["user"]

        assert (ada["tz"], ada["tz_offset"]) == (zone, 0)


async def test_members_come_page_by_page(slack: SlackStandIn, client: AsyncWebClient) -> None:
    pages = [
        page["members"]
        async for page in await client.conversations_members(channel="C0OPEN", limit=2)
    ]
    public = await client.conversations_members(channel="C0PLAN")

    assert pages == [["U0ADA", "U0BOB"], [slack.bot_user_id]]
    assert public["members"] == ["U0ADA", "U0BOB"]
    assert public["response_metadata"]["next_cursor"] == ""


async def test_nobody_is_told_twice_when_somebody_leaves_between_two_pages(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    first = await client.conversations_members(channel="C0OPEN", limit=1)
    slack.channels["C0OPEN"].members.remove("U0ADA")

    cursor = first["response_metadata"]["next_cursor"]
    second = await client.conversations_members(channel="C0OPEN", cursor=cursor)

    assert first["members"] == ["U0ADA"]
    assert second["members"] == ["U0BOB", slack.bot_user_id]


async def test_a_channel_that_is_closed_or_gone_takes_no_post(
    slack: SlackStandIn, client: AsyncWebClient, http: aiohttp.ClientSession
) -> None:
    card = await client.chat_postMessage(channel="C0PLAN", text="1")
    url = slack.new_hook("U0ADA", "C0PLAN")

    slack.archive("C0PLAN")
    closed = await refusal(client, "chat.postMessage", channel="C0PLAN", text="2")
    info = (await client.conversations_info(channel="C0PLAN"))["channel"]
    slack.delete_channel("C0PLAN")
    gone = await refusal(client, "chat.postMessage", channel="C0PLAN", text="3")
    place = {"channel": "C0PLAN", "ts": card["ts"]}

    assert (closed, info["is_archived"], gone) == ("is_archived", True, "channel_not_found")
    assert await refusal(client, "chat.update", **place, text="4") == "channel_not_found"
    assert await post(http, url, text="5") == (404, "channel_not_found")
    assert slack.messages == []


async def test_after_a_jump_of_the_clock_only_what_came_before_is_over(
    slack: SlackStandIn, client: AsyncWebClient, http: aiohttp.ClientSession, now: Clock
) -> None:
    trigger, url = slack.new_trigger("U0ADA"), slack.new_hook("U0ADA", "C0PLAN")
    before = await client.chat_postMessage(channel="C0PLAN", text="1")

    now.time += 7 * 86400
    after = await client.chat_postMessage(channel="C0PLAN", text="2")

    assert await refusal(client, "views.open", trigger_id=trigger, view=MODAL) == (
        "expired_trigger_id"
    )
    assert await post(http, url, text="3") == (404, "expired_url")
    assert (await client.views_open(trigger_id=slack.new_trigger("U0ADA"), view=MODAL))["ok"]
    assert (await post(http, slack.new_hook("U0ADA", "C0PLAN"), text="4"))[0] == 200
    assert float(after["ts"]) - float(before["ts"]) == pytest.approx(7 * 86400, abs=1)
    now.time -= 86400
    assert (await client.chat_postMessage(channel="C0PLAN", text="5"))["ts"] > after["ts"]


@pytest.mark.parametrize(
    ("method", "args", "error"),
    [
        ("users.info", {"user": "U0NONE"}, "user_not_found"),
        ("conversations.info", {"channel": "C0SHUT"}, "channel_not_found"),
        ("conversations.members", {"channel": "C0SHUT"}, "channel_not_found"),
        ("conversations.members", {"channel": "C0PLAN", "limit": 1001}, "invalid_limit"),
        ("conversations.members", {"channel": "C0PLAN", "limit": "many"}, "invalid_limit"),
        ("conversations.members", {"channel": "C0PLAN", "cursor": "dXNlcg=="}, "invalid_cursor"),
        ("conversations.members", {"channel": "C0PLAN", "cursor": "ß"}, "invalid_cursor"),
        ("conversations.open", {"users": ""}, "users_list_not_supplied"),
        ("conversations.open", {"users": "U0NONE"}, "user_not_found"),
        ("conversations.open", {"users": "U0POLLBOT"}, "cannot_dm_bot"),
    ],
)
async def test_unknown_people_and_channels_are_refused(
    client: AsyncWebClient, method: str, args: Json, error: str
) -> None:
    assert await refusal(client, method, **args) == error


# Forms


async def test_a_trigger_opens_one_form_within_three_seconds(
    slack: SlackStandIn, client: AsyncWebClient, now: Clock
) -> None:
    trigger, late = slack.new_trigger("U0ADA"), slack.new_trigger("U0ADA")

    now.time += 3
    opened = await client.views_open(trigger_id=trigger, view=MODAL)
    now.time += 0.1

    [view] = slack.views.values()
    assert (view.user, view.id, view.hash) == (
        "U0ADA",
        opened["view"]["id"],
        opened["view"]["hash"],
    )
    opening = {"view": MODAL}
    assert await refusal(client, "views.open", **opening, trigger_id=trigger) == (
        "exchanged_trigger_id"
    )
    assert await refusal(client, "views.open", **opening, trigger_id=late) == "expired_trigger_id"
    assert await refusal(client, "views.open", **opening, trigger_id="1") == "invalid_trigger_id"


async def test_forms_are_pushed_three_deep(slack: SlackStandIn, client: AsyncWebClient) -> None:
    root = await client.views_open(trigger_id=slack.new_trigger("U0ADA"), view=MODAL)
    top = root["view"]["id"]

    for _ in range(2):
        trigger = slack.new_trigger("U0ADA", view=top)
        pushed = await client.views_push(trigger_id=trigger, view=MODAL)
        assert (pushed["view"]["previous_view_id"], pushed["view"]["root_view_id"]) == (
            top,
            root["view"]["id"],
        )
        top = pushed["view"]["id"]

    deep, outside = slack.new_trigger("U0ADA", view=top), slack.new_trigger("U0ADA")
    assert await refusal(client, "views.push", trigger_id=deep, view=MODAL) == "push_limit_reached"
    assert await refusal(client, "views.push", trigger_id=outside, view=MODAL) == (
        "invalid_trigger_id"
    )
    assert [view.id for view in slack.stack_of("U0ADA")][-1] == top


async def test_an_update_needs_the_newest_hash_and_an_open_form(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    view = MODAL | {"external_id": "poll-7"}
    opened = (await client.views_open(trigger_id=slack.new_trigger("U0ADA"), view=view))["view"]

    await client.views_update(external_id="poll-7", view=view, hash=opened["hash"])
    stale = {"view_id": opened["id"], "view": view, "hash": opened["hash"]}

    assert await refusal(client, "views.update", **stale) == "hash_conflict"
    assert await refusal(client, "views.update", view_id="V0", view=view) == "not_found"
    trigger = slack.new_trigger("U0BOB")
    assert await refusal(client, "views.open", trigger_id=trigger, view=view) == (
        "duplicate_external_id"
    )


@pytest.mark.parametrize(
    ("view", "error"),
    [
        ("{", "invalid_arguments"),
        (MODAL | {"title": {"type": "plain_text", "text": "T" * 25}}, "invalid_arguments"),
        ({"type": "home", "blocks": [SECTION]}, "invalid_arguments"),
        (MODAL | {"private_metadata": "x" * 250_000}, "view_too_large"),
    ],
)
async def test_a_bad_form_is_refused_and_leaves_the_trigger_unused(
    slack: SlackStandIn, client: AsyncWebClient, view: Any, error: str
) -> None:
    trigger = slack.new_trigger("U0ADA")

    assert await refusal(client, "views.open", trigger_id=trigger, view=view) == error

    assert (await client.views_open(trigger_id=trigger, view=MODAL))["ok"]


# response_urls


async def test_a_response_url_posts_five_times(
    slack: SlackStandIn, http: aiohttp.ClientSession
) -> None:
    url = slack.new_hook("U0ADA", "C0SHUT")

    answers = [await post(http, url, text=str(n)) for n in range(6)]

    assert answers == [(200, "ok")] * 5 + [(404, "used_url")]
    assert len(slack.visible_to("U0ADA", "C0SHUT")) == 5
    assert slack.visible_to("U0BOB", "C0SHUT") == []
    assert [p.status for p in slack.hook_posts] == [200] * 5 + [404]
    assert (slack.hook_posts[0].url, slack.hook_posts[0].body) == (url, {"text": "0"})


async def test_a_response_url_lasts_half_an_hour(
    slack: SlackStandIn, http: aiohttp.ClientSession, now: Clock
) -> None:
    url = slack.new_hook("U0ADA", "C0PLAN")

    now.time += 1800
    assert await post(http, url, text="x", response_type="in_channel") == (200, "ok")
    now.time += 0.1
    assert await post(http, url, text="x") == (404, "expired_url")

    assert len(slack.visible_to("U0BOB", "C0PLAN")) == 1
    assert await post(http, f"{slack.base_url}/hooks/none", text="x") == (404, "invalid_token")


async def test_a_response_url_replaces_and_deletes_its_own_message(
    slack: SlackStandIn, http: aiohttp.ClientSession
) -> None:
    private = slack.post("C0SHUT", slack.bot_user_id, "1", [SECTION], ephemeral_for="U0ADA")
    url = slack.new_hook("U0ADA", "C0SHUT", private.id)

    assert await post(http, url, text="2", blocks=[SECTION], replace_original=True) == (200, "ok")
    assert [(m.text, m.blocks) for m in slack.messages] == [("2", [SECTION])]

    assert await post(http, url, text="3", replace_original=True) == (200, "ok")
    assert [(m.text, m.blocks) for m in slack.messages] == [("3", [])]

    assert await post(http, url, delete_original=True) == (200, "ok")
    assert slack.messages == []
    assert await post(http, url, text="4", replace_original=True) == (404, "message_not_found")


async def test_after_a_command_there_is_nothing_to_replace(
    slack: SlackStandIn, http: aiohttp.ClientSession
) -> None:
    url = slack.new_hook("U0ADA", "C0PLAN")

    assert await post(http, url, text="1", replace_original=True) == (200, "ok")

    assert [(m.text, m.ephemeral_for) for m in slack.messages] == [("1", "U0ADA")]


async def test_a_response_url_refuses_what_slack_would(
    slack: SlackStandIn, http: aiohttp.ClientSession
) -> None:
    url = slack.new_hook("U0ADA", "C0PLAN")

    assert await post(http, url, text="x", blocks=BAD_BLOCKS) == (400, "invalid_blocks")
    assert await post(http, url) == (400, "no_text")
    async with http.post(url, data="nothing") as response:
        assert (response.status, await response.text()) == (400, "invalid_payload")
    assert slack.messages == []


# Limits, failures, watching


async def test_a_methods_limit_counts_by_the_clock(
    slack: SlackStandIn, client: AsyncWebClient, now: Clock
) -> None:
    slack.limits["auth.test"] = (2, 60.0)
    await client.auth_test()
    now.time += 20
    await client.auth_test()

    with pytest.raises(SlackApiError) as caught:
        await client.auth_test()
    assert (caught.value.response.status_code, caught.value.response["error"]) == (
        429,
        "ratelimited",
    )
    assert caught.value.response.headers["Retry-After"] == "40"

    now.time += 40
    assert (await client.auth_test())["ok"]
    assert [call.status for call in slack.calls] == [200, 200, 429, 200]


async def test_failures_are_given_and_noted(slack: SlackStandIn, client: AsyncWebClient) -> None:
    slack.faults.fail_next("chat.postMessage", 200, {"ok": False, "error": "internal_error"})
    slack.faults.lose_next_answer("chat.postMessage")

    refused = await refusal(client, "chat.postMessage", channel="C0PLAN", text="1")
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="C0PLAN", text="2")

    assert refused == "internal_error"
    assert [message.text for message in slack.messages] == ["2"]
    assert [(c.status, c.answer["ok"]) for c in slack.calls] == [(200, False), (0, True)]


async def test_a_response_url_fails_too_when_slack_is_away(
    slack: SlackStandIn, http: aiohttp.ClientSession
) -> None:
    url = slack.new_hook("U0ADA", "C0PLAN")

    slack.faults.mode = "429"
    status, _ = await post(http, url, text="x")
    slack.faults.mode = "down"
    with pytest.raises(aiohttp.ClientError):
        await post(http, url, text="x")

    assert status == 429
    assert {p.status for p in slack.hook_posts} == {429, 0}
    assert slack.messages == []


async def test_waiting_ends_with_what_was_heard_instead(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    await client.auth_test()

    assert len(await slack.heard("auth.test")) == 1
    with pytest.raises(AssertionError, match=r"2 x chat.update not heard .*auth.test ok"):
        await slack.heard("chat.update", 2, timeout=0.05)
    with pytest.raises(AssertionError, match="for the card; heard"):
        await slack.until(lambda: False, timeout=0.05, what="the card")


async def test_whoever_watches_hears_of_every_change(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    seen: list[int] = []

    slack.on_change.append(lambda: seen.append(len(slack.messages)))

    slack.say("U0ADA", "C0PLAN", "hello")
    await client.chat_postMessage(channel="C0PLAN", text="hello")

    assert seen[0] == 1
    assert seen[-1] == 2


async def test_people_who_come_later_are_in_the_channels_for_everyone(slack: SlackStandIn) -> None:
    slack.add_person("U0CAT", "Cat")

    assert "U0CAT" in slack.channels["C0PLAN"].members
    assert "U0CAT" not in slack.channels["C0ADA"].members
