"""A link to an issue gets a preview to vote on, as far as everybody in the channel may see it."""

import json

import pytest

from pollbot.sandbox.slack import Message
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, LEADS, PLANNING, House, nothing_waits, rest
from tests.support.team_voice import command, in_time, words

UNFURL = "chat.unfurl"


@pytest.fixture(autouse=True)
def open_issue(house: House) -> None:
    """The site shows its issues to anybody, but for PLAT-7."""
    house.jira.anonymous_may_browse = True
    house.jira.issues["PLAT-7"].seen_by = {"acc-ada", "acc-ben"}


def link(house: House, key: str = "PLAT-12") -> str:
    return f"{house.jira.site_url}/browse/{key}"


async def preview(house: House, message: Message, url: str, part: str = "") -> str:
    """Return the preview of a link as JSON once it is there, and has ``part``."""
    return await house.slack.until(
        lambda: next(
            (
                drawn
                for drawn in [json.dumps(message.unfurls.get(url), ensure_ascii=False)]
                if url in message.unfurls and part in drawn
            ),
            None,
        ),
        what=f"a preview with “{part}” of {url} instead of {message.unfurls}",
    )


def unfurled(house: House) -> int:
    return sum(call.method == UNFURL for call in house.slack.calls)


@pytest.mark.usefixtures("pollbot")
async def test_a_pasted_link_is_voted_on_in_one_click(house: House) -> None:
    await house.connect(ADA)
    url = link(house)

    message = await house.slack.share(BEN, PLANNING, f"Please vote: <{url}|the export>")

    drawn = await preview(house, message, url, "Export")
    assert '"Vote"' in drawn
    assert '"Withdraw"' in drawn
    in_time(await house.slack.press_preview(ADA, message.id, url, "vote"))
    await house.votes("PLAT-12", 8)
    await preview(house, message, url, "*8 votes*")
    assert [m.text for m in house.slack.messages if m.channel == PLANNING and not m.ephemeral_for]
    told = await house.told(ADA, "is counted in Jira. It has 8 votes now.")
    assert told.ephemeral_for == ADA


@pytest.mark.usefixtures("pollbot")
async def test_a_vote_that_is_cast_elsewhere_shows_on_the_preview(house: House) -> None:
    await house.connect(ADA)
    url = link(house)
    message = await house.slack.share(BEN, PLANNING, url)
    await preview(house, message, url, "*7 votes*")

    await house.vote(ADA, "PLAT-12")

    await preview(house, message, url, "*8 votes*")


async def test_what_not_everybody_may_see_gets_no_preview(house: House, pollbot: Pollbot) -> None:
    await house.connect(ADA)

    message = await house.slack.share(ADA, PLANNING, link(house, "PLAT-7"))
    await rest(house, pollbot)

    assert message.unfurls == {}
    assert house.rows("SELECT * FROM cards") == []
    assert not any("PLAT-7" in said for said in house.words(ADA))


@pytest.mark.usefixtures("pollbot")
async def test_an_admin_lets_a_channel_show_what_the_poster_sees(house: House) -> None:
    await house.connect(ADA)
    await house.connect(BEN)
    answer = await house.slack.command(ADA, LEADS, "/pollbot", "previews")
    assert "if Jira shows the issue to everybody" in words(answer)
    said = next(m for m in house.slack.messages if m.ephemeral_for == ADA and "preview" in m.text)
    in_time(await house.slack.press(ADA, said.id, "previews:2"))
    await house.told(ADA, "whoever posts the link may see the issue")
    url = link(house, "PLAT-7")

    message = await house.slack.share(BEN, LEADS, url)

    await preview(house, message, url, "Old bug")


async def test_the_poster_has_to_see_it_too(house: House, pollbot: Pollbot) -> None:
    await allow(house)
    house.jira.issues["PLAT-13"].seen_by = {"acc-ada"}
    await house.connect(BEN)

    message = await house.slack.share(BEN, PLANNING, link(house, "PLAT-13"))
    await rest(house, pollbot)

    assert message.unfurls == {}


async def allow(house: House) -> None:
    await command(house, ADA, "previews", "/pollbot")
    said = next(m for m in house.slack.messages if m.ephemeral_for == ADA and "preview" in m.text)
    await house.slack.press(ADA, said.id, "previews:2")
    await house.told(ADA, "whoever posts the link may see the issue")


@pytest.mark.usefixtures("pollbot")
async def test_only_admins_let_a_channel_show_more(house: House) -> None:
    await command(house, BEN, "previews", "/pollbot")
    said = next(m for m in house.slack.messages if m.ephemeral_for == BEN and "preview" in m.text)

    in_time(await house.slack.press(BEN, said.id, "previews:2"))

    await house.told(BEN, "Only admins of this workspace")
    assert house.rows("SELECT * FROM previews") == []


async def test_anybody_switches_them_off_for_a_channel(house: House, pollbot: Pollbot) -> None:
    await command(house, BEN, "previews", "/pollbot")
    said = next(m for m in house.slack.messages if m.ephemeral_for == BEN and "preview" in m.text)
    in_time(await house.slack.press(BEN, said.id, "previews:0"))
    await house.told(BEN, "get no preview in this channel")

    message = await house.slack.share(ADA, PLANNING, link(house))
    elsewhere = await house.slack.share(ADA, LEADS, link(house))
    await preview(house, elsewhere, link(house))
    await rest(house, pollbot)

    assert message.unfurls == {}


@pytest.mark.parametrize(
    "text",
    [
        "https://elsewhere.example/browse/PLAT-12",
        "{site}/browse/",
        "{site}/wiki/spaces/PLAT/pages/1",
        "{site}/browse/NOPE-1",
        "PLAT-12 without a link",
    ],
)
async def test_other_links_get_none(house: House, pollbot: Pollbot, text: str) -> None:
    house.slack.unfurl_domains.append("elsewhere.example")

    message = await house.slack.share(ADA, PLANNING, text.format(site=house.jira.site_url))
    await rest(house, pollbot)

    assert message.unfurls == {}
    assert house.rows("SELECT * FROM cards") == []


async def test_of_fifty_links_five_get_one(house: House, pollbot: Pollbot) -> None:
    keys = [f"PLAT-{number}" for number in range(100, 150)]
    for key in keys:
        house.jira.add_issue(key, f"Issue {key}")

    message = await house.slack.share(ADA, PLANNING, " ".join(link(house, key) for key in keys))
    await preview(house, message, link(house, keys[4]))
    await rest(house, pollbot)

    assert list(message.unfurls) == [link(house, key) for key in keys[:5]]


async def test_the_same_event_again_draws_nothing_again(house: House, pollbot: Pollbot) -> None:
    url = link(house)
    message = await house.slack.share(ADA, PLANNING, url)
    await preview(house, message, url)
    again = house.slack.deliveries[-1].body
    before = unfurled(house)

    await house.slack.deliver(again, kind="events_api")
    await rest(house, pollbot)

    assert unfurled(house) == before
    assert len(house.rows("SELECT * FROM cards")) == 1


async def test_the_same_event_after_a_restart_draws_nothing_again(house: House) -> None:
    url = link(house)
    async with house.program():
        message = await house.slack.share(ADA, PLANNING, url)
        await preview(house, message, url)
        again = house.slack.deliveries[-1].body
    before = unfurled(house)

    async with house.program() as pollbot:
        await house.slack.deliver(again, kind="events_api")
        await rest(house, pollbot)

    assert unfurled(house) == before


async def test_a_link_that_is_old_news_gets_none(house: House, pollbot: Pollbot) -> None:
    message = house.slack.say(ADA, PLANNING, link(house))
    await house.slack.share(ADA, LEADS, link(house))
    late = house.slack.deliveries[-1].body
    late = late | {"event_id": "Ev0LATE", "event_time": late["event_time"] - 3600}
    late["event"] = late["event"] | {"channel": PLANNING, "message_ts": message.ts}

    await house.slack.deliver(late, kind="events_api")
    await rest(house, pollbot)

    assert message.unfurls == {}


async def test_a_message_that_is_gone_is_forgotten(house: House, pollbot: Pollbot) -> None:
    url = link(house)
    message = await house.slack.share(ADA, PLANNING, url)
    await preview(house, message, url)
    await house.connect(BEN)
    house.slack.delete(message)

    await house.vote(BEN, "PLAT-12")
    await house.votes("PLAT-12", 8)

    await house.slack.until(
        lambda: not house.rows("SELECT * FROM cards"), what="a preview that is forgotten"
    )
    await nothing_waits(house, pollbot)


async def test_without_the_scope_there_are_none_and_nobody_hears(
    house: House, pollbot: Pollbot
) -> None:
    house.slack.tokens.bot_scopes.remove("links:write")

    message = await house.slack.share(ADA, PLANNING, link(house))
    await rest(house, pollbot)

    assert message.unfurls == {}
    assert house.words(ADA) == []
    assert house.rows("SELECT * FROM cards") == []


@pytest.mark.usefixtures("pollbot")
async def test_jira_away_delays_it_for_ten_minutes_at_most(house: House) -> None:
    url = link(house)
    house.jira.faults.mode = "down"
    message = await house.slack.share(ADA, PLANNING, url)
    house.clock.ahead += 60
    house.jira.faults.mode = "up"

    await preview(house, message, url)


async def test_jira_away_for_long_means_none(house: House, pollbot: Pollbot) -> None:
    house.jira.faults.mode = "down"
    message = await house.slack.share(ADA, PLANNING, link(house))
    house.clock.ahead += 700

    await house.slack.until(
        lambda: not house.rows("SELECT * FROM cards"), what="a preview that is given up"
    )
    house.jira.faults.mode = "up"
    await rest(house, pollbot)

    assert message.unfurls == {}
    assert house.words(ADA) == []


async def test_while_it_is_being_written_there_is_none(house: House, pollbot: Pollbot) -> None:
    """Slack tells of the link again once it is posted: docs.slack.dev, link_shared."""
    told = {
        "type": "link_shared",
        "channel": "COMPOSER",
        "message_ts": "Uf0DRAFT-909b5454",
        "unfurl_id": "Uf0DRAFT",
        "source": "composer",
        "links": [{"domain": "127.0.0.1", "url": link(house)}],
    }

    await house.slack.happen(BEN, told)
    await rest(house, pollbot)

    assert unfurled(house) == 0
    assert house.rows("SELECT * FROM cards") == []


async def test_an_edited_message_keeps_its_one_preview(house: House, pollbot: Pollbot) -> None:
    url = link(house)
    message = await house.slack.share(ADA, PLANNING, url)
    await preview(house, message, url)
    again = house.slack.deliveries[-1].body | {"event_id": "Ev0EDITED"}

    await house.slack.deliver(again, kind="events_api")
    await rest(house, pollbot)

    assert len(house.rows("SELECT * FROM cards")) == 1


SECRET = "SECRET new plan"


async def shown_then_hidden(house: House, user: str = BEN) -> tuple[Message, str]:
    """Share an open issue; then let only the user see it, under a new summary."""
    await house.connect(user)
    url = link(house)
    message = await house.slack.share(ADA, PLANNING, url)
    await preview(house, message, url, "Export")
    issue = house.jira.issues["PLAT-12"]
    issue.seen_by = {"acc-ben" if user == BEN else "acc-ada"}
    issue.summary = SECRET
    return message, url


@pytest.mark.usefixtures("pollbot")
async def test_what_becomes_private_is_not_shown_by_somebody_elses_vote(house: House) -> None:
    message, url = await shown_then_hidden(house)

    await house.vote(BEN, "PLAT-12")
    await house.votes("PLAT-12", 8)

    drawn = await preview(
        house, message, url, "does not show this issue to everybody here any more"
    )
    assert SECRET not in drawn
    assert "Vote" not in drawn
    await house.slack.until(
        lambda: not house.rows("SELECT * FROM cards"), what="a preview that is forgotten"
    )


@pytest.mark.usefixtures("pollbot")
async def test_what_an_admin_takes_back_is_not_shown_any_more(house: House) -> None:
    await allow(house)
    await house.connect(ADA)
    url = link(house, "PLAT-7")
    message = await house.slack.share(ADA, PLANNING, url)
    await preview(house, message, url, "Old bug")
    said = next(m for m in reversed(house.slack.messages) if m.ephemeral_for == ADA)

    await command(house, ADA, "previews", "/pollbot")
    said = next(
        m for m in reversed(house.slack.messages) if m.ephemeral_for == ADA and "preview" in m.text
    )
    in_time(await house.slack.press(ADA, said.id, "previews:1"))

    drawn = await preview(
        house, message, url, "does not show this issue to everybody here any more"
    )
    assert "Old bug" not in drawn


@pytest.mark.usefixtures("pollbot")
async def test_switched_off_they_go_where_they_hang_too(house: House) -> None:
    url = link(house)
    message = await house.slack.share(ADA, PLANNING, url)
    await preview(house, message, url, "Export")
    await command(house, BEN, "previews", "/pollbot")
    said = next(m for m in house.slack.messages if m.ephemeral_for == BEN and "preview" in m.text)

    in_time(await house.slack.press(BEN, said.id, "previews:0"))

    await preview(house, message, url, "Previews are switched off in this channel.")


@pytest.mark.usefixtures("pollbot")
async def test_a_card_shows_the_count_of_others_and_nothing_else_of_theirs(house: House) -> None:
    await house.connect(ADA)
    await house.connect(BEN)
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")
    card = await house.card("PLAT-12: Export")
    issue = house.jira.issues["PLAT-12"]
    issue.seen_by, issue.summary = {"acc-ben"}, SECRET

    await house.vote(BEN, "PLAT-12")

    await house.slack.until(lambda: "8 votes" in card.text, what=f"the vote on {card.text}")
    assert SECRET not in json.dumps(card.blocks) + card.text


@pytest.mark.parametrize("trouble", ["Slack", "a restart"])
async def test_after_hours_of_trouble_there_is_none(house: House, trouble: str) -> None:
    away = house.slack.faults if trouble == "Slack" else house.jira.faults
    async with house.program():
        away.mode = "down"
        message = await house.slack.share(ADA, PLANNING, link(house))
        if trouble == "Slack":
            house.clock.ahead += 3 * 3600
            await house.slack.until(
                lambda: not house.rows("SELECT * FROM cards"), what="a preview that is given up"
            )
    away.mode = "up"
    house.clock.ahead += 3 * 3600

    async with house.program() as pollbot:
        await rest(house, pollbot)

    assert message.unfurls == {}
    assert house.rows("SELECT * FROM cards") == []


async def test_after_a_week_it_stays_as_it_is(house: House, pollbot: Pollbot) -> None:
    url = link(house)
    message = await house.slack.share(ADA, PLANNING, url)
    await preview(house, message, url, "*7 votes*")
    await house.connect(BEN)
    house.clock.ahead += 8 * 86400

    await house.vote(BEN, "PLAT-12")
    await house.votes("PLAT-12", 8)
    await rest(house, pollbot)

    assert "7 votes" in await preview(house, message, url)
    in_time(await house.slack.press_preview(BEN, message.id, url, "withdraw"))
    await house.votes("PLAT-12", 7)


@pytest.mark.usefixtures("pollbot")
async def test_an_idea_of_product_discovery_says_that_its_votes_may_not_show_there(
    house: House,
) -> None:
    house.jira.issues["PLAT-13"].project_type = "product_discovery"
    urls = [link(house, "PLAT-12"), link(house, "PLAT-13")]

    message = await house.slack.share(BEN, PLANNING, " ".join(urls))

    assert "an idea of Jira Product Discovery" in await preview(house, message, urls[1])
    assert "Discovery" not in await preview(house, message, urls[0])
