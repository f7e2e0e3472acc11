"""The menu of issues, which fills while somebody types: what it offers, to whom, and how fast."""

import json
from typing import Any

import pytest

from pollbot.sandbox.slack import Answer, View
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, PLANNING, House, rest
from tests.support.own_time import own_time
from tests.support.polls import window

BOUND = 10.0


async def opened(house: House, user: str = ADA) -> View:
    """Return the form that asks which issue to vote on."""
    await house.slack.shortcut(user, "vote_on_issue")
    return await window(house, user, "Vote on an issue")


async def typed(house: House, form: View, text: str) -> list[tuple[str, str]]:
    """Type into the menu; return what it offers: what is read, and what it stands for."""
    return offered(await house.slack.suggest(form.user, form.id, "pick_issue", text))


def offered(answer: Answer) -> list[tuple[str, str]]:
    assert (answer.status, answer.error) == (200, None), answer
    assert answer.json is not None
    return [(one["text"]["text"], one["value"]) for one in answer.json["options"]]


@pytest.mark.usefixtures("pollbot")
async def test_an_issue_is_found_by_words_of_its_summary_and_voted_on(house: House) -> None:
    await house.connect(ADA)
    form = await opened(house)

    assert await typed(house, form, "dark") == [("PLAT-13 Dark mode", "PLAT-13")]
    await house.slack.submit(ADA, form.id, {"issue": {"pick_issue": "PLAT-13"}})

    await house.votes("PLAT-13", 1)


@pytest.mark.usefixtures("pollbot")
async def test_before_anything_is_typed_the_likely_ones_are_offered_and_none_that_are_done(
    house: House,
) -> None:
    await house.connect(ADA)
    house.jira.add_issue("PLAT-20", "Mine", reporter="acc-ada")
    form = await opened(house)

    found = await typed(house, form, "")

    assert found[0] == ("PLAT-20 Mine", "PLAT-20")
    assert {value for _, value in found} == {"PLAT-12", "PLAT-13", "PLAT-20"}


@pytest.mark.usefixtures("pollbot")
async def test_each_person_is_shown_what_jira_shows_to_them(house: House) -> None:
    await house.connect(ADA)
    await house.connect(BEN)
    house.jira.add_issue("PLAT-21", "Dark secret", seen_by={"acc-ada"})

    assert ("PLAT-21 Dark secret", "PLAT-21") in await typed(house, await opened(house), "dark")
    assert await typed(house, await opened(house, BEN), "dark") == [
        ("PLAT-13 Dark mode", "PLAT-13")
    ]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("plat-99", "PLAT-99"),
        ("<{site}/browse/plat-12|that one>", "PLAT-12"),
        ("{site}/jira/boards/1?selectedIssue=PLAT-12", "PLAT-12"),
        ("please PLAT–12", "PLAT-12"),
    ],
    ids=["a key", "a link of Slack's", "a board", "a dash"],
)
@pytest.mark.usefixtures("pollbot")
async def test_who_is_not_connected_can_still_type_one(house: House, text: str, key: str) -> None:
    form = await opened(house, BEN)

    assert await typed(house, form, text.format(site=house.jira.site_url)) == [(key, key)]
    await house.slack.submit(BEN, form.id, {"issue": {"pick_issue": key}})

    await house.told(BEN, "needs your Jira account once")
    assert not [call for call in house.jira.calls if call.path.endswith("picker")]


@pytest.mark.usefixtures("pollbot")
async def test_a_key_that_jira_knows_is_offered_once_and_first(house: House) -> None:
    await house.connect(ADA)
    form = await opened(house)

    found = await typed(house, form, "PLAT-1")

    assert [value for _, value in found] == ["PLAT-1", "PLAT-13", "PLAT-12"]
    assert await typed(house, form, "plat-13") == [("PLAT-13 Dark mode", "PLAT-13")]


async def test_a_slow_jira_is_not_waited_for_and_the_recent_ones_are_offered(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-13")
    await house.card("Dark mode")
    await rest(house, pollbot)
    form = await opened(house)
    house.jira.faults.slow_seconds, house.jira.faults.mode = 60.0, "slow"

    with own_time() as seconds:
        before = seconds()
        recent = await typed(house, form, "")
        took = seconds() - before

    assert recent == [("PLAT-13 Dark mode", "PLAT-13")]
    assert took < 1.0
    assert await typed(house, form, "export") == []
    assert await typed(house, form, "dar") == recent
    assert await typed(house, form, "PLAT-12") == [("PLAT-12", "PLAT-12")]


@pytest.mark.parametrize("mode", ["down", "429"])
async def test_a_jira_that_is_away_or_busy_leaves_the_recent_ones(
    house: House, pollbot: Pollbot, mode: str
) -> None:
    await house.connect(ADA)
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-13")
    await house.card("Dark mode")
    await rest(house, pollbot)
    house.jira.faults.mode = mode

    assert await typed(house, await opened(house), "") == [("PLAT-13 Dark mode", "PLAT-13")]


NASTY = {
    "a tag": "<script>alert(1)</script>",
    "a mention": "<!channel> <@U0BEN>",
    "quotes": "\"Export\" 'all' “more” \\",
    "JQL": "project = PLAT OR 1=1 ORDER BY votes",
    "half of a query": 'summary ~ "',
    "nothing to see": "\u200b\u202e ",
    "too long": "x" * 5000,
    "many lines": "a\nb\n\n\x00c",
    "emoji": "👩‍👩‍👧 :tada:",
}


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
@pytest.mark.usefixtures("pollbot")
async def test_whatever_is_typed_is_sought_and_never_read_as_more(house: House, text: str) -> None:
    await house.connect(ADA)
    form = await opened(house)

    assert await typed(house, form, text) == []


@pytest.mark.parametrize("connected", [True, False], ids=["connected", "a stranger to Jira"])
@pytest.mark.usefixtures("pollbot")
async def test_what_is_no_text_at_all_offers_nothing_wrong(house: House, connected: bool) -> None:
    if connected:
        await house.connect(ADA)
    form = await opened(house)
    await house.slack.suggest(ADA, form.id, "pick_issue", "")
    body = house.slack.deliveries[-1].body

    for value in (None, ""):
        answer = await house.slack.deliver({**body, "value": value}, kind="interactive")
        assert answer.status == 200
        assert (answer.json or {})["options"] is not None


@pytest.mark.usefixtures("pollbot")
async def test_a_summary_is_cut_and_shown_as_it_stands(house: House) -> None:
    await house.connect(ADA)
    house.jira.add_issue("PLAT-30", "<!channel> & *bold* \u202e" + "long " * 100)
    house.jira.add_issue("PLAT-31", "")
    form = await opened(house)

    ((label, value),) = await typed(house, form, "PLAT-30")

    assert value == "PLAT-30"
    assert label.startswith("PLAT-30 <")
    assert "<!channel>" not in label
    assert len(label) <= 75
    assert await typed(house, form, "PLAT-31") == [("PLAT-31", "PLAT-31")]


@pytest.mark.usefixtures("pollbot")
async def test_a_token_that_jira_refuses_leaves_what_was_typed(house: House) -> None:
    await house.connect(ADA)
    house.jira.revoke("acc-ada")

    assert await typed(house, await opened(house), "PLAT-13") == [("PLAT-13", "PLAT-13")]


async def test_the_menu_is_filled_over_a_socket_too(house: House) -> None:
    async with house.program(socket=True):
        await house.connect(ADA)

        assert await typed(house, await opened(house), "dark") == [("PLAT-13 Dark mode", "PLAT-13")]


@pytest.mark.usefixtures("pollbot")
async def test_an_answer_of_jira_that_is_none_offers_what_was_typed(house: House) -> None:
    await house.connect(ADA)
    form = await opened(house)
    wrong: list[Any] = [[], {"sections": None}, {"sections": [{"issues": [{"key": "no key"}]}]}]

    for said in wrong:
        house.jira.faults.fail_next("GET picker", 200, said)
        found = await typed(house, form, "PLAT-13")
        assert found == [("PLAT-13", "PLAT-13")], json.dumps(said)


async def test_of_several_sites_each_issue_says_its_own(house: House) -> None:
    other = "https://labs.example.com"
    async with house.program(jira_url=f"{house.jira.site_url}, {other}"):
        form = await opened(house, BEN)
        host = house.jira.site_url.removeprefix("http://")

        (first,) = await typed(house, form, "PLAT-12")

        assert first == (f"PLAT-12 ({host})", f"{house.jira.site_url}/browse/PLAT-12")
        assert await typed(house, form, f"{other}/browse/PLAT-12") == [
            ("PLAT-12 (labs.example.com)", f"{other}/browse/PLAT-12")
        ]


async def test_in_a_channel_the_recent_ones_are_those_that_hang_there(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-13")
    await house.card("Dark mode")
    await rest(house, pollbot)

    in_none = await typed(house, await opened(house, BEN), "")
    await house.slack.command(BEN, PLANNING, "/poll", "")
    there = await typed(house, await window(house, BEN, "create_poll"), "")

    assert in_none == []
    assert there == [("PLAT-13 Dark mode", "PLAT-13")]
