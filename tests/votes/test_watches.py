"""Watch and Stop watching are kept until Jira has it, done as whoever pressed, and told truly."""

import json

import pytest

from pollbot.jira.rules import LANDS_WITHIN
from pollbot.sandbox.jira.scopes import SCOPES
from pollbot.sandbox.slack import Message
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, PLANNING, House, buttons, nothing_waits, rest
from tests.support.team_voice import close_windows

DAY = 86400.0
WATCHING = "Jira tells you what happens on it"
NOT_WATCHING = "You do not watch"


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


async def choose(house: House, user: str, message: Message, label: str) -> None:
    [choice] = [one for one in menu(message) if one["text"]["text"] == label]  # type: ignore[index]
    await house.slack.choose(user, message.id, "watch", choice["value"])


async def watch(house: House, user: str, message: Message) -> None:
    await choose(house, user, message, "Watch")


async def unwatch(house: House, user: str, message: Message) -> None:
    await choose(house, user, message, "Stop watching")


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
    choice, *_ = menu(shown)
    await rest(house, pollbot)
    before = len(house.jira.calls)
    choice["value"] = remembered
    await house.slack.choose(BEN, shown.id, "watch", remembered)
    await rest(house, pollbot)
    assert house.rows("SELECT * FROM watches") == []
    assert not any(one.method == "POST" for one in house.jira.calls[before:])


async def test_who_watches_stops_it_by_the_menu_and_by_the_receipt(
    house: House, pollbot: Pollbot
) -> None:
    for user in (ADA, BEN):
        await house.connect(user)
    shown = await card(house)
    await watch(house, ADA, shown)
    told = await house.told(ADA, WATCHING)
    await watch(house, BEN, shown)
    await house.told(BEN, WATCHING)

    assert buttons(told)["unwatch"] == "Stop watching"
    await house.slack.press(ADA, told.id, "unwatch")
    stopped = await house.told(ADA, NOT_WATCHING)
    assert watchers(house) == {"acc-ben"}
    await house.slack.press(ADA, stopped.id, "watch")
    await watched(house, "acc-ada")
    await unwatch(house, BEN, shown)
    await house.told(BEN, NOT_WATCHING)
    assert watchers(house) == {"acc-ada"}
    # Twice is once, also for who does not watch.
    await unwatch(house, BEN, shown)
    await house.slack.until(
        lambda: sum(NOT_WATCHING in one for one in house.words(BEN)) == 2, what="a second receipt"
    )
    assert watchers(house) == {"acc-ada"}
    assert house.jira.votes("PLAT-13") == 0
    await nothing_waits(house, pollbot)
    assert house.rows("SELECT * FROM watches") == []


def calls_of_watchers(house: House) -> list[str]:
    return [one.method for one in house.jira.calls if one.path.endswith("/watchers") and one.status]


@pytest.mark.parametrize(
    ("first", "last", "stands", "said"),
    [
        (watch, unwatch, False, NOT_WATCHING),
        (unwatch, watch, True, WATCHING),
    ],
    ids=["stops", "watches"],
)
async def test_the_newest_wish_takes_the_place_of_one_that_waits(
    house: House, first: object, last: object, stands: bool, said: str
) -> None:
    house.jira.issues["PLAT-13"].watchers = set() if stands else {"acc-ada"}
    async with house.program():
        for user in (ADA, BEN):
            await house.connect(user)
        shown = await card(house)
        house.jira.faults.mode = "down"
        await first(house, ADA, shown)  # type: ignore[operator]
        await house.told(ADA, "Queued")
        await last(house, ADA, shown)  # type: ignore[operator]
        await house.slack.until(
            lambda: sum("Queued" in one for one in house.words(ADA)) == 2, what="the newer wish"
        )
        assert len(house.rows("SELECT 1 FROM watches")) == 1
    house.jira.faults.mode = "up"
    async with house.program() as pollbot:
        house.clock.ahead += LANDS_WITHIN
        await house.told(ADA, said)
        await nothing_waits(house, pollbot)
    assert ("acc-ada" in watchers(house)) is stands
    assert set(calls_of_watchers(house)) == {"POST" if stands else "DELETE"}
    assert (WATCHING in str(house.words(ADA))) is stands


async def test_an_older_click_that_comes_late_changes_nothing(
    house: House, pollbot: Pollbot
) -> None:
    for user in (ADA, BEN):
        await house.connect(user)
    shown = await card(house)
    await unwatch(house, ADA, shown)
    told = await house.told(ADA, NOT_WATCHING)
    (action_ts,) = (one["action_ts"] for one in house.slack.deliveries[-1].body["actions"])
    older = f"{float(action_ts) - 60:.6f}"
    late = house.slack.click_body(ADA, told.id, "watch", action_ts=older)
    await house.slack.deliver(late, kind="interactive")

    await nothing_waits(house, pollbot)
    assert watchers(house) == set()


@pytest.mark.parametrize(
    ("first", "verb", "last", "stands", "said"),
    [
        (watch, "POST", unwatch, False, NOT_WATCHING),
        (unwatch, "DELETE", watch, True, WATCHING),
    ],
    ids=["stops", "watches"],
)
async def test_a_call_that_lands_late_does_not_undo_a_newer_wish(
    house: House,
    pollbot: Pollbot,
    first: object,
    verb: str,
    last: object,
    stands: bool,
    said: str,
) -> None:
    for user in (ADA, BEN):
        await house.connect(user)
    shown = await card(house)
    late = house.jira.faults.hold_up_next(f"{verb} watchers")
    await first(house, ADA, shown)  # type: ignore[operator]
    await house.slack.until(late.gone.is_set, what="a call on its way")
    await last(house, ADA, shown)  # type: ignore[operator]
    await house.told(ADA, "that is not final")
    await late.land()
    assert ("acc-ada" in watchers(house)) is not stands

    house.clock.ahead += LANDS_WITHIN
    await house.told(ADA, said)
    await nothing_waits(house, pollbot)
    assert ("acc-ada" in watchers(house)) is stands
    assert (WATCHING in str(house.words(ADA))) is stands


async def stop_forbidden(house: House) -> None:
    house.jira.faults.fail_next("DELETE watchers", 403)


async def stop_odd(house: House) -> None:
    house.jira.faults.fail_next("DELETE watchers", 400)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (hidden, "Jira knows no issue"),
        (switched_off, "Perhaps watching is switched off"),
        (stop_forbidden, "does not allow your account or its token"),
        (stop_odd, "Jira did not take it"),
    ],
)
async def test_what_jira_refuses_of_stopping_is_said_as_it_is(
    house: House, pollbot: Pollbot, wrong: object, said: str
) -> None:
    for user in (ADA, BEN):
        await house.connect(user)
    house.jira.issues["PLAT-13"].watchers = {"acc-ada"}
    shown = await card(house)
    await wrong(house)  # type: ignore[operator]
    await unwatch(house, ADA, shown)
    await house.told(ADA, said)

    assert watchers(house) == {"acc-ada"}
    assert NOT_WATCHING not in str(house.words(ADA))
    await nothing_waits(house, pollbot)


async def test_who_is_not_connected_stops_by_itself_once_they_are(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(BEN)
    house.jira.issues["PLAT-13"].watchers = {"acc-ada"}
    await unwatch(house, ADA, await card(house))
    asked = await house.told(ADA, "pollbot needs your Jira account")
    assert "stop watching" in asked.text
    await house.connect(ADA)
    await house.told(ADA, NOT_WATCHING)
    assert watchers(house) == set()


async def test_each_line_of_a_list_has_a_menu_that_names_its_issue(
    house: House, pollbot: Pollbot
) -> None:
    for user in (ADA, BEN):
        await house.connect(user)
    await house.slack.command(BEN, PLANNING, "/votes", "project = PLAT")
    ballot = await house.card("Vote on these issues")
    labels = [one["text"]["text"] for one in menu(ballot)]  # type: ignore[index]
    assert {"Watch PLAT-12", "Watch PLAT-13", "Stop watching PLAT-13"} <= set(labels)
    assert len(labels) == len(set(labels))

    await choose_on_line(house, ADA, ballot, "Watch PLAT-13")
    await house.told(ADA, WATCHING)
    assert watchers(house) == {"acc-ada"}
    assert watchers(house, "PLAT-12") == set()
    await choose_on_line(house, ADA, ballot, "Stop watching PLAT-13")
    await house.told(ADA, NOT_WATCHING)
    assert watchers(house) == set()


async def choose_on_line(house: House, user: str, ballot: Message, label: str) -> None:
    [(block, value)] = [
        (block["block_id"], choice["value"])
        for block in ballot.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "overflow"
        for choice in element["options"]
        if choice["text"]["text"] == label
    ]
    await house.slack.choose(user, ballot.id, "watch", value, block_id=block)
