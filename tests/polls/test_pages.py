"""Polls on a Confluence page: seen as the person, the macro, and where the poll lives."""

from collections.abc import AsyncIterator

import pytest

from pollbot.sandbox.team_voice import TeamVoiceStandIn
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, CLEO, House, buttons, shown
from tests.support.polls import hanging, polls_listed, window
from tests.support.team_voice import (
    MACRO,
    PAGE,
    PATIENCE,
    SPACE,
    card_says,
    close_windows,
    command,
    connect,
    edit,
    manage,
    press,
    set_up,
    team_voice,
    words,
)

pytestmark = pytest.mark.usefixtures("pollbot")

DAY = '"Which day?" "Tuesday" "Thursday"'


@pytest.fixture
async def voice(house: House, pollbot: Pollbot) -> AsyncIterator[TeamVoiceStandIn]:
    """Team Voice, not set up yet; Ada and Ben are connected."""
    async with team_voice(house) as stand_in:
        await connect(house, ADA, BEN)
        yield stand_in


async def with_source(house: House, voice: TeamVoiceStandIn) -> None:
    assert words(await set_up(house, ADA, SPACE, voice.url)) == ""
    await close_windows(house, ADA)
    voice.calls.clear()


def link(house: House, page: str = PAGE) -> str:
    return f"{house.jira.site_url}/wiki/spaces/DOCS/pages/{page}/Release+plan"


async def test_a_page_without_a_source_has_its_polls_in_pollbot(
    house: House, voice: TeamVoiceStandIn
) -> None:
    said = await command(house, BEN, f"{link(house)} {DAY}")

    assert said == ""
    card = await house.card("Which day?")
    assert "Release plan" in shown(card)
    await press(house, CLEO, card, "Tuesday")
    await card_says(house, card, "Tuesday 1")
    assert voice.calls == []
    assert len(await polls_listed(house, link(house))) == 1


async def test_the_macro_is_asked_for_once_and_remembered(
    house: House, voice: TeamVoiceStandIn
) -> None:
    await with_source(house, voice)

    asked = await command(house, ADA, f"{link(house)} {DAY}")
    made = hanging(house)
    known = await command(house, ADA, f"macro {link(house)} {MACRO}", "/pollbot")
    first = await command(house, ADA, f"{link(house)} {DAY}")
    second = await command(house, BEN, f'{link(house)} "At noon?" "Yes" "No"')

    assert "/pollbot macro" in asked
    assert made == []
    assert "Release plan" in known
    assert (first, second) == ("", "")
    await house.card("Which day?")
    await house.card("At noon?")
    posts = [call for call in voice.calls if call.method == "POST"]
    assert [(call.workspace, call.content, call.container) for call in posts] == [
        (SPACE, PAGE, MACRO)
    ] * 2
    assert len(await polls_listed(house, link(house))) == 2, "they are known to be those there"


@pytest.mark.parametrize(
    "form",
    [
        "<{site}/wiki/spaces/DOCS/pages/98305/Release+plan|Release plan>",
        "{site}/wiki/pages/viewpage.action?pageId=98305",
        "{site}/wiki/x/AYAB",
    ],
)
async def test_other_links_lead_to_the_same_page(
    house: House, voice: TeamVoiceStandIn, form: str
) -> None:
    said = await command(house, ADA, f"{form.format(site=house.jira.site_url)} {DAY}")

    assert said == ""
    await house.card("Which day?")
    assert len(await polls_listed(house, link(house))) == 1


@pytest.mark.parametrize(
    "text",
    ["macro", "macro {link}", "macro {link} no%id", "macro {link} x", "macro PLAT-12 3f6c2d1e"],
)
async def test_a_macro_that_cannot_be_is_refused(
    house: House, voice: TeamVoiceStandIn, text: str
) -> None:
    await with_source(house, voice)

    said = await command(house, ADA, text.format(link=link(house)), "/pollbot")

    assert "Nothing was changed" in said
    assert "/pollbot macro" in await command(house, ADA, f"{link(house)} {DAY}")


async def test_who_does_not_see_the_page_makes_no_poll_and_tells_no_macro(
    house: House, voice: TeamVoiceStandIn
) -> None:
    await with_source(house, voice)
    house.jira.confluence.pages[PAGE].seen_by = {"acc-ada"}

    poll = await command(house, BEN, f"{link(house)} {DAY}")
    macro = await command(house, BEN, f"macro {link(house)} {MACRO}", "/pollbot")
    unknown = await command(house, ADA, f"{link(house, '404404')} {DAY}")

    for said in (poll, macro, unknown):
        assert "Confluence knows no such page, or does not show it to you" in said
    assert "Release plan" not in poll + macro
    assert voice.calls == []
    assert "/pollbot macro" in await command(house, ADA, f"{link(house)} {DAY}")
    assert hanging(house) == []


async def test_who_may_not_edit_the_page_makes_and_changes_no_poll_in_team_voice(
    house: House, voice: TeamVoiceStandIn
) -> None:
    await with_source(house, voice)
    await command(house, ADA, f"macro {link(house)} {MACRO}", "/pollbot")
    await command(house, ADA, f"{link(house)} {DAY}")
    card = await house.card("Which day?")
    house.jira.confluence.pages[PAGE].edited_by = {"acc-ada"}

    created = await command(house, BEN, f'{link(house)} "At noon?" "Yes" "No"')
    edited = words(await edit(house, BEN, card, title="Which week?"))
    await close_windows(house, BEN)
    await manage(house, BEN, card, "Delete")

    for said in (created, edited, (await house.told(BEN, "may edit")).text):
        assert "those who may edit Release plan" in said
    [kept] = voice.polls.values()
    assert kept.title == "Which day?"
    assert "Which day?" in card.text
    assert "Tuesday" in buttons(card).values()
    assert words(await edit(house, ADA, card, title="Which week?")) == ""
    assert next(iter(voice.polls.values())).title == "Which week?"


async def test_who_is_not_connected_is_asked_to_connect(
    house: House, voice: TeamVoiceStandIn
) -> None:
    said = await command(house, CLEO, f"{link(house)} {DAY}")

    assert "own Jira account" in said
    assert await polls_listed(house, link(house)) == []
    assert hanging(house) == []


async def test_answers_given_in_confluence_are_added(house: House, voice: TeamVoiceStandIn) -> None:
    await with_source(house, voice)
    await command(house, ADA, f"macro {link(house)} {MACRO}", "/pollbot")
    await command(house, ADA, f"{link(house)} {DAY}")
    card = await house.card("Which day?")
    [kept] = voice.polls.values()
    voice.answer_inside(kept.id, "acc-x", "2")
    house.clock.ahead = 11.0

    await press(house, CLEO, card, "Thursday")

    await card_says(house, card, "Thursday 2")
    assert (await command(house, ADA, f"list {link(house)}")).count("Which day?") == 1


async def test_a_confluence_that_is_away_makes_no_poll_yet(
    house: House, voice: TeamVoiceStandIn
) -> None:
    house.jira.faults.fail_next("GET page", 503, times=2)

    said = await command(house, ADA, f"{link(house)} {DAY}")

    assert "does not answer right now" in said
    assert "does not answer right now" in await command(house, ADA, f"list {link(house)}")
    assert await polls_listed(house, link(house)) == []
    assert hanging(house) == []


async def test_a_slow_confluence_keeps_slack_not_waiting(
    house: House, voice: TeamVoiceStandIn
) -> None:
    house.jira.faults.slow_seconds = 2.5
    house.jira.faults.mode = "slow"

    poll = await command(house, ADA, f"{link(house)} {DAY}")
    macro = await command(house, ADA, f"macro {link(house)} {MACRO}", "/pollbot")

    assert "takes longer than usual" in poll
    assert "did not answer within 2 s" in macro
    await house.slack.until(
        lambda: any("Which day?" in message.text for message in house.slack.messages),
        timeout=PATIENCE,
    )


async def test_another_sites_page_is_refused(house: House, voice: TeamVoiceStandIn) -> None:
    said = await command(
        house, ADA, f"https://other.example.com/wiki/spaces/DOCS/pages/98305 {DAY}"
    )

    assert "other.example.com" in said
    assert await polls_listed(house, link(house)) == []
    assert hanging(house) == []


# A channel that is linked to a page


async def linking(house: House, text: str, user: str = ADA) -> str:
    return await command(house, user, text, "/pollbot")


@pytest.mark.parametrize("source", [False, True])
async def test_polls_are_on_the_page_that_the_channel_is_linked_to(
    house: House, voice: TeamVoiceStandIn, source: bool
) -> None:
    if source:
        await with_source(house, voice)
        await linking(house, f"macro {link(house)} {MACRO}")

    assert "now linked to" in (said := await linking(house, f"link {link(house)}"))
    assert "Release plan" in said
    assert await command(house, BEN, DAY) == ""

    card = await house.card("Which day?")
    assert "Release plan" in shown(card)
    assert len(voice.polls) == source
    for listed in (f"list {link(house)}", "list", "results"):
        assert (await command(house, BEN, listed)).count("Which day?") == 1, listed
    assert await command(house, BEN, 'here "On none?" "A" "B"') == ""
    assert "Release plan" not in shown(await house.card("On none?"))
    assert "Which day?" not in await command(house, BEN, "list here")

    assert "Release plan" in await linking(house, "link", BEN)
    assert "no longer linked to" in await linking(house, "unlink", BEN)
    assert "no issue or page" in await linking(house, "link", BEN)
    assert await command(house, BEN, '"Since?" "A" "B"') == ""
    assert "Release plan" not in shown(await house.card("Since?"))


async def test_the_form_says_that_the_channel_is_linked_to_the_page(
    house: House, voice: TeamVoiceStandIn
) -> None:
    await linking(house, f"link {link(house)}")

    await command(house, ADA, "")

    form = await window(house, ADA, '"create_poll"')
    assert "Release plan" in str(form.view) or PAGE in str(form.view)
    assert "which this channel is linked to." in str(form.view)


@pytest.mark.parametrize(
    "form",
    [
        "{site}/wiki/spaces/DOCS/pages/{page}",
        "{site}/wiki/spaces/DOCS/pages/edit-v2/{page}",
        "<{site}/wiki/spaces/DOCS/pages/{page}/Release+plan|Release plan>",
        "{site}/wiki/pages/viewpage.action?pageId={page}&focusedCommentId=7",
        "to {site}/wiki/spaces/DOCS/pages/{page}/Release+plan#Heading, please",
    ],
)
async def test_a_page_is_linked_by_any_of_its_links(
    house: House, voice: TeamVoiceStandIn, form: str
) -> None:
    said = await linking(house, "link " + form.format(site=house.jira.site_url, page=PAGE))

    assert "now linked to" in said
    assert house.rows("SELECT page_id FROM page_links") == [(PAGE,)]


async def test_the_newest_link_takes_the_place_of_the_other(
    house: House, voice: TeamVoiceStandIn
) -> None:
    both = "SELECT issue_key FROM links UNION ALL SELECT page_id FROM page_links"
    for to, kept in ((link(house), PAGE), ("PLAT-12", "PLAT-12"), (link(house), PAGE)):
        assert "now linked to" in await linking(house, f"link {to}")
        assert house.rows(both) == [(kept,)]

    assert "no longer linked to" in await linking(house, "unlink")
    assert house.rows(both) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{site}/wiki/spaces/DOCS/pages/4711", "Confluence knows no such page"),
        ("{site}/wiki/spaces/DOCS/overview", "to no page that I can tell"),
        ("{link} {site}/wiki/spaces/DOCS/pages/4711", "One page at a time"),
        ("https://other.example.com/wiki/spaces/DOCS/pages/98305", "other.example.com"),
    ],
)
async def test_what_is_no_page_leaves_the_link_as_it_was(
    house: House, voice: TeamVoiceStandIn, text: str, why: str
) -> None:
    await linking(house, "link PLAT-13")

    said = await linking(house, "link " + text.format(site=house.jira.site_url, link=link(house)))

    assert why in said
    assert "PLAT-13" in await linking(house, "link")


async def test_who_may_not_see_the_page_links_no_channel_and_makes_no_poll(
    house: House, voice: TeamVoiceStandIn
) -> None:
    house.jira.confluence.pages[PAGE].seen_by = {"acc-ada"}

    assert "Confluence knows no such page" in await linking(house, f"link {link(house)}", BEN)
    assert house.rows("SELECT 1 FROM page_links") == []
    await linking(house, f"link {link(house)}")
    refused = await command(house, BEN, DAY)
    asked = await linking(house, "link", BEN)

    assert "This channel is linked to a Confluence page" in refused
    assert "nothing was created" in refused
    assert "is linked to <" in asked
    assert "Release plan" not in refused + asked
    assert await polls_listed(house, link(house)) == []
    assert hanging(house) == []
    assert await command(house, BEN, f"here {DAY}") == ""


async def test_who_is_not_connected_links_the_page_unseen(
    house: House, voice: TeamVoiceStandIn
) -> None:
    said = await linking(house, f"link {link(house)}", CLEO)

    assert "I could not look in Confluence" in said
    assert "Release plan" not in said
    assert "Release plan" in await linking(house, "link")


@pytest.mark.parametrize("name", ["/vote", "/unvote"])
async def test_a_page_takes_no_votes(house: House, voice: TeamVoiceStandIn, name: str) -> None:
    await linking(house, f"link {link(house)}")

    said = await command(house, ADA, "", name)

    assert "This channel is linked to a Confluence page, and a page takes no votes." in said
    assert f"`{name} PLAT-12`" in said
    assert house.rows("SELECT 1 FROM intents") == []
    await command(house, ADA, "", "/votes")
    assert await window(house, ADA, '"show_votes"')
