"""Watch is kept until Jira has it, done as whoever pressed it, and its receipt is true."""

import json

import pytest

from pollbot.sandbox.jira.scopes import SCOPES
from pollbot.sandbox.slack import Message
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, PLANNING, House, buttons, nothing_waits, rest
from tests.support.team_voice import close_windows

DAY = 86400.0
WATCHING = "in Jira now"


async def card(house: House, key: str = "PLAT-13") -> Message:
    await house.slack.command(BEN, PLANNING, "/votes", key)
    return await house.card(key)


def menu(message: Message) -> list[dict[str, object]]:
    """Return the choices of the card's menu."""
    return [
        choice
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "overflow"
        for choice in element["options"]
    ]


async def watch(house: House, user: str, message: Message) -> None:
    [choice] = [one for one in menu(message) if one["text"]["text"] == "Watch"]  # type: ignore[index]
    await house.slack.choose(user, message.id, "watch", choice["value"])


def watchers(house: House, key: str = "PLAT-13") -> set[str]:
    issue = house.jira.find(key)
    assert issue is not None
    return issue.watchers


async def watched(house: House, who: str, key: str = "PLAT-13") -> None:
    await house.jira.until(lambda: who in watchers(house, key), what="a watcher")


async def test_the_menu_of_a_card_lets_each_watch_as_themselves(
    house: House, pollbot: Pollbot
) -> None:
    for user in (ADA, BEN):
        await house.connect(user)
    shown = await card(house)
    await watch(house, ADA, shown)
    await house.told(ADA, WATCHING)

    assert watchers(house) == {"acc-ada"}
    assert house.jira.votes("PLAT-13") == 0
    # Twice is once.
    await watch(house, ADA, shown)
    await house.slack.until(
        lambda: sum(WATCHING in one for one in house.words(ADA)) == 2, what="a second receipt"
    )
    assert watchers(house) == {"acc-ada"}
    await nothing_waits(house, pollbot)
    assert house.rows("SELECT * FROM watches") == []


async def own_issue(house: House) -> None:
    house.jira.issues["PLAT-13"].reporter = "acc-ada"
    house.jira.reporters_may_vote = False


async def voting_off(house: House) -> None:
    house.jira.voting_enabled = False


async def resolved(house: House) -> None:
    house.jira.resolve("PLAT-13")


@pytest.mark.parametrize("refused", [own_issue, voting_off, resolved])
async def test_where_a_vote_is_refused_watching_is_the_next_step(
    house: House, pollbot: Pollbot, refused: object
) -> None:
    await house.connect(ADA)
    await refused(house)  # type: ignore[operator]
    await house.vote(ADA, "PLAT-13")
    told = await house.told(ADA, "Your vote was not cast")

    assert buttons(told)["watch"] == "Watch"
    await house.slack.press(ADA, told.id, "watch")
    await house.told(ADA, WATCHING)
    assert watchers(house) == {"acc-ada"}


async def test_what_is_not_there_is_not_offered_to_watch(house: House, pollbot: Pollbot) -> None:
    await house.connect(ADA)
    await house.vote(ADA, "PLAT-999")
    assert "watch" not in buttons(await house.told(ADA, "Your vote was not cast"))


async def test_while_jira_is_away_it_is_kept_over_a_restart(house: House) -> None:
    async with house.program():
        for user in (ADA, BEN):
            await house.connect(user)
        shown = await card(house)
        house.jira.faults.mode = "down"
        await watch(house, ADA, shown)
        await house.told(ADA, "Queued")
        assert not any(WATCHING in one for one in house.words(ADA))
    house.jira.faults.mode = "up"
    async with house.program() as pollbot:
        house.clock.ahead += 120
        await watched(house, "acc-ada")
        await house.told(ADA, WATCHING)
        await nothing_waits(house, pollbot)


async def test_an_answer_of_jira_that_is_lost_is_asked_for_again(
    house: House, pollbot: Pollbot
) -> None:
    for user in (ADA, BEN):
        await house.connect(user)
    shown = await card(house)
    house.jira.faults.lose_next_answer("POST watchers", 1)
    await watch(house, ADA, shown)
    await house.told(ADA, "Queued")
    house.clock.ahead += 60
    await house.told(ADA, WATCHING)
    assert watchers(house) == {"acc-ada"}


async def test_who_is_not_connected_is_asked_to_and_watches_by_itself_then(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(BEN)
    shown = await card(house)
    await watch(house, ADA, shown)
    await house.told(ADA, "pollbot needs your Jira account")
    await house.connect(ADA)
    await house.told(ADA, WATCHING)
    assert watchers(house) == {"acc-ada"}


async def test_who_does_not_connect_within_a_day_hears_that_it_is_given_up(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(BEN)
    await watch(house, ADA, await card(house))
    await house.told(ADA, "pollbot needs your Jira account")
    await rest(house, pollbot)
    house.clock.ahead += DAY + 120
    await house.told(ADA, "I have stopped trying")
    await close_windows(house, ADA)
    await house.connect(ADA)
    await nothing_waits(house, pollbot)
    assert watchers(house) == set()


async def test_a_token_that_jira_takes_no_more_is_said_once(house: House, pollbot: Pollbot) -> None:
    for user in (ADA, BEN):
        await house.connect(user)
    shown = await card(house)
    tokens = dict(house.jira.people["acc-ada"].tokens)
    house.jira.people["acc-ada"].tokens.clear()
    await watch(house, ADA, shown)
    await house.told(ADA, "Jira no longer accepts your API token")
    house.jira.people["acc-ada"].tokens.update(tokens)
    await close_windows(house, ADA)
    await house.connect(ADA)
    await house.told(ADA, WATCHING)
    assert sum("no longer accepts" in one for one in house.words(ADA)) == 1


async def test_who_disconnects_watches_nothing_later(house: House, pollbot: Pollbot) -> None:
    for user in (ADA, BEN):
        await house.connect(user)
    shown = await card(house)
    house.jira.faults.mode = "down"
    await watch(house, ADA, shown)
    await house.told(ADA, "Queued")
    await house.slack.command(ADA, PLANNING, "/pollbot", "disconnect")
    house.jira.faults.mode = "up"
    await nothing_waits(house, pollbot)
    assert watchers(house) == set()


async def test_a_token_whose_scopes_leave_it_out_stays_good_for_votes(
    house: House, pollbot: Pollbot
) -> None:
    scopes = frozenset().union(*(both[1] for name, both in SCOPES.items() if "watch" not in name))
    house.jira.people["acc-ada"].tokens["granular"] = scopes
    await house.connect(BEN)
    shown = await card(house)
    await house.connect(ADA, token="granular")
    await watch(house, ADA, shown)
    await house.told(ADA, "does not allow your account or its token")
    await house.vote(ADA, "PLAT-13")
    await house.told(ADA, "is counted in Jira")

    assert watchers(house) == set()


async def hidden(house: House) -> None:
    house.jira.issues["PLAT-13"].seen_by = {"acc-ben"}


async def switched_off(house: House) -> None:
    house.jira.watching_enabled = False


async def forbidden(house: House) -> None:
    house.jira.faults.fail_next("POST watchers", 403)


async def odd(house: House) -> None:
    house.jira.faults.fail_next("POST watchers", 400)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (hidden, "Jira knows no issue"),
        (switched_off, "Perhaps watching is switched off"),
        (forbidden, "does not allow your account or its token"),
        (odd, "Jira did not take it"),
    ],
)
async def test_what_jira_refuses_is_said_as_it_is(
    house: House, pollbot: Pollbot, wrong: object, said: str
) -> None:
    for user in (ADA, BEN):
        await house.connect(user)
    shown = await card(house)
    await wrong(house)  # type: ignore[operator]
    await watch(house, ADA, shown)
    await house.told(ADA, said)

    assert watchers(house) == set()
    assert not any(WATCHING in one for one in house.words(ADA))
    await nothing_waits(house, pollbot)


async def test_an_issue_that_moves_meanwhile_is_watched_under_its_new_key(
    house: House, pollbot: Pollbot
) -> None:
    for user in (ADA, BEN):
        await house.connect(user)
    shown = await card(house)
    house.jira.faults.mode = "down"
    await watch(house, ADA, shown)
    await house.told(ADA, "Queued")
    house.jira.move("PLAT-13", "OPS-3")
    house.jira.faults.mode = "up"
    house.clock.ahead += 60
    await watched(house, "acc-ada", "OPS-3")
    await house.told(ADA, WATCHING)


@pytest.mark.parametrize(
    "remembered",
    [
        "",
        "{}",
        "PLAT-13",
        json.dumps({"issue": "../users", "v": 1}),
        json.dumps({"issue": "x" * 99}),
    ],
)
async def test_a_menu_that_is_not_understood_says_so_and_asks_jira_nothing(
    house: House, pollbot: Pollbot, remembered: str
) -> None:
    await house.connect(BEN)
    shown = await card(house)
    [choice] = menu(shown)
    await rest(house, pollbot)
    before = len(house.jira.calls)
    choice["value"] = remembered
    await house.slack.choose(BEN, shown.id, "watch", remembered)
    await rest(house, pollbot)
    assert house.rows("SELECT * FROM watches") == []
    assert not any(one.method == "POST" for one in house.jira.calls[before:])
