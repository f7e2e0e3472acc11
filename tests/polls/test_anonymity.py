"""Anonymous means anonymous: no voter in what is sent, nor in what can be read on disk."""

import asyncio
import json
import sqlite3
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from pollbot.people import Person
from pollbot.sandbox.jira import JiraStandIn
from pollbot.sandbox.slack import Message, SlackStandIn, View
from pollbot.wiring import Pollbot
from tests.support import stored as in_database
from tests.support.house import ADA, EMAILS, PLANNING, TOKENS, Clock, House, rest, shown
from tests.support.own_time import run
from tests.support.thief import all_in, database_in, named, readable
from tests.support.torture import tries

VOTERS = {"U0XAVIER": "Xavier", "U0YVONNE": "Yvonne", "U0ZACHARY": "Zachary"}
IDS = list(VOTERS)
BOUND = 10.0


@asynccontextmanager
async def a_house() -> AsyncIterator[tuple[House, Pollbot]]:
    """Return a pretended world with its program; ADA makes polls, and others answer."""
    async with a_world() as house, house.program() as pollbot:
        yield house, pollbot


@asynccontextmanager
async def a_world() -> AsyncIterator[House]:
    """Return a pretended world in which the program does not run yet."""
    clock = Clock()
    slack, jira = SlackStandIn(now=clock), JiraStandIn(now=clock)
    slack.add_person(ADA, "Ada", is_admin=True)
    for user, name in VOTERS.items():
        slack.add_person(user, name)
    slack.add_channel(PLANNING, "planning")
    await slack.start()
    await jira.start()
    with TemporaryDirectory() as folder:
        house = House(slack, jira, Path(folder) / "pollbot.db", clock)
        try:
            yield house
        finally:
            await slack.stop()
            await jira.stop()


def sent(house: House, since: int = 0, hooks_since: int = 0) -> list[str]:
    """Return what pollbot sent about polls and what names a voter.

    Asking Slack whether somebody is an admin names them, but says nothing of a poll.
    """
    out = [str(call.args) for call in house.slack.calls[since:] if call.method != "users.info"] + [
        str(post.body) for post in house.slack.hook_posts[hooks_since:]
    ]
    out += [d.answer.body for d in house.slack.deliveries]
    return [text for text in out if any(word in text for word in (*IDS, *VOTERS.values()))]


def stored(house: House) -> list[str]:
    """Return the rows that name a voter, of every table, as another program would read them."""
    return [
        f"{table}: {row}"
        for table in in_database.tables(house.database)
        for row in house.rows(f"SELECT * FROM {table}")  # noqa: S608  names of tables
        if any(word in str(row) for word in (*IDS, *VOTERS.values()))
    ]


def labels(message: Message) -> dict[str, str]:
    return {
        element["action_id"]: element["text"]["text"]
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "button"
    }


async def window(house: House, user: str, callback_id: str) -> View:
    def there() -> View | None:
        stack = house.slack.stack_of(user)
        return stack[-1] if stack and stack[-1].view["callback_id"] == callback_id else None

    return await house.slack.until(there, BOUND, what=f"{callback_id} for {user}")


async def poll(house: House, words: str, options: int = 3) -> Message:
    quoted = " ".join(f'"Option {n}"' for n in range(1, options + 1))
    answer = await house.slack.command(ADA, PLANNING, "/poll", f'{words} "Leaving?" {quoted}')
    assert answer.body == "", answer.body
    return await house.card("Leaving?")


async def act(house: House, card: Message, user: str, deed: str) -> None:
    """Let a person do one thing; what it shows them may still be on its way."""
    slack = house.slack
    if deed.startswith("answer:"):
        await slack.press(user, card.id, deed)
    elif deed == "twice":
        click = slack.click_body(user, card.id, "answer:0")
        await slack.deliver(click, kind="interactive")
        await slack.deliver(click, kind="interactive")
    elif deed == "comment":
        await slack.press(user, card.id, "comment")
        form = await window(house, user, "comment_poll")
        await slack.submit(user, form.id, {"comment": {"value": "no comment"}})
        await slack.close(user, form.id)
    elif deed in ("results", "names", "edit_poll", "close_poll"):
        await more(house, card, user, deed)
    elif deed == "list":
        await slack.command(user, PLANNING, "/poll", "list")
        listed = slack.visible_to(user, PLANNING)[-1]
        await slack.press(user, listed.id, "show_results")
    elif deed == "withdraw":
        await withdraw(house, user)
    else:
        await slack.press(user, card.id, "my_answer")


async def withdraw(house: House, user: str) -> None:
    receipts = [
        message
        for message in house.slack.messages
        if message.ephemeral_for == user and "Withdraw answer" in labels(message).values()
    ]
    if receipts:
        await house.slack.press(user, receipts[-1].id, "set_answer:0")


async def more(house: House, card: Message, user: str, deed: str) -> None:
    """Press a button behind More, be it one that the person is not shown."""
    await house.slack.press(user, card.id, "more")
    view = await window(house, user, "poll_more")
    action_id = "show_results" if deed == "results" else deed
    if f"'{action_id}'" in str(view.view["blocks"]):
        before = view.hash
        await house.slack.view_action(user, view.id, action_id)
        await house.slack.until(lambda: view.hash != before, BOUND, what=f"{deed} in its window")
    await house.slack.close(user, view.id)


async def quiet(house: House, pollbot: Pollbot) -> None:
    """Wait until every card shows the latest and nobody is told anything more."""
    heard = -1
    while heard != (heard := len(house.slack.calls) + len(house.slack.hook_posts)):
        house.clock.ahead += 2.0  # no card is drawn more often than once per second
        await rest(house, pollbot)
        await asyncio.sleep(0.1)  # a bounded wait: receipts go out beside the acks


DEEDS = st.tuples(
    st.sampled_from(IDS),
    st.sampled_from(
        [
            "answer:0",
            "answer:1",
            "answer:2",
            "twice",
            "withdraw",
            "my answer",
            "comment",
            "results",
            "names",
            "edit_poll",
            "close_poll",
            "list",
        ]
    ),
)


@given(
    deeds=st.lists(DEEDS, min_size=3, max_size=12),
    words=st.sampled_from(["", "multi", "aftervote", "hidden", "final", "percent"]),
)
@example([(user, "answer:0") for user in IDS] + [(user, "results") for user in IDS], "aftervote")
@example([(IDS[0], "comment"), (IDS[0], "answer:1"), (IDS[0], "my answer")], "multi")
@settings(
    max_examples=tries(2, 20),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each example starts a program
)
def test_no_voter_is_in_anything_sent_or_kept_of_an_anonymous_poll(
    deeds: list[tuple[str, str]], words: str
) -> None:
    async def live() -> None:
        async with a_house() as (house, pollbot):
            card = await poll(house, f"anonymous comments {words}")

            for user, deed in deeds:
                await act(house, card, user, deed)
            await quiet(house, pollbot)

            assert sent(house) == []
            assert stored(house) == []

            answers = house.rows("SELECT option_id FROM answers ORDER BY 1")
            await more(house, card, ADA, "close_poll")
            await act(house, card, IDS[0], "list")
            await quiet(house, pollbot)

            assert house.rows("SELECT option_id FROM answers ORDER BY 1") == answers
            assert house.rows("SELECT * FROM poll_keys") == []
            assert house.rows("SELECT * FROM deliveries WHERE subject LIKE 'poll %'") == []
            assert sent(house) == []
            assert stored(house) == []

    run(live())


async def test_the_check_sees_names_where_a_poll_keeps_them() -> None:
    async with a_house() as (house, pollbot):
        card = await poll(house, "comments")

        for user in IDS:
            await act(house, card, user, "answer:0")
            await act(house, card, user, "comment")
        await house.slack.until(lambda: IDS[0] in str(card.blocks), BOUND)
        await act(house, card, ADA, "list")
        await quiet(house, pollbot)

        assert sent(house) != []
        assert {row.partition(":")[0] for row in stored(house)} == {
            "answers",
            "comments",
            "deliveries",
        }


async def test_switching_names_off_rewrites_the_rows_and_the_card() -> None:
    async with a_house() as (house, pollbot):
        card = await poll(house, "comments")
        for user in IDS:
            await act(house, card, user, "answer:0")
            await act(house, card, user, "comment")
        await house.slack.until(lambda: IDS[2] in str(card.blocks), BOUND)
        click = house.slack.click_body(IDS[0], card.id, "answer:1")
        await house.slack.press(ADA, card.id, "more")
        view = await window(house, ADA, "poll_more")
        await house.slack.view_action(ADA, view.id, "edit_poll")
        form = await window(house, ADA, "edit_poll")
        await quiet(house, pollbot)
        calls, hooks = len(house.slack.calls), len(house.slack.hook_posts)

        await house.slack.submit(
            ADA, form.id, {"settings": {"changed": ["changeable", "comments"]}}
        )
        assert stored(house) == []
        await house.slack.until(lambda: "Anonymous" in shown(card), BOUND)
        await house.slack.deliver(click, kind="interactive")
        await act(house, card, IDS[1], "my answer")
        await quiet(house, pollbot)

        assert not any(user in str(card.blocks) for user in IDS)
        assert sent(house, calls, hooks) == []
        assert stored(house) == []
        counts = dict(house.rows("SELECT option_id, count(*) FROM answers GROUP BY 1"))
        assert counts == {"1": 2, "2": 1}


async def test_a_receipt_that_cannot_be_delivered_unnamed_is_not_delivered() -> None:
    async with a_house() as (house, pollbot):
        card = await poll(house, "anonymous")
        house.slack.faults.fail_next("response_url", 404, "expired_url", times=2)

        await act(house, card, IDS[0], "answer:0")
        await act(house, card, IDS[0], "my answer")
        await house.slack.until(lambda: len(house.slack.hook_posts) >= 2, BOUND)
        await quiet(house, pollbot)

        assert sent(house) == []
        assert len(house.rows("SELECT * FROM answers")) == 1


@pytest.mark.parametrize("count", [1, 2])
async def test_few_answers_to_an_anonymous_poll_show_no_split(count: int) -> None:
    async with a_house() as (house, pollbot):
        card = await poll(house, "anonymous")

        for user in IDS[:count]:
            await act(house, card, user, "answer:0")
        await house.slack.until(lambda: "Too few answers" in shown(card), BOUND)
        await act(house, card, ADA, "list")
        await quiet(house, pollbot)
        before_close = everything(house)
        await more(house, card, ADA, "close_poll")
        await house.slack.until(lambda: "Closed on" in card.text, BOUND)
        await quiet(house, pollbot)

        assert "Option 1 1" not in before_close
        assert "%" not in everything(house)


def everything(house: House) -> str:
    return "\n".join(f"{message.text}\n{shown(message)}" for message in house.slack.messages)


async def test_a_menu_of_many_options_names_nobody_either() -> None:
    async with a_house() as (house, pollbot):
        card = await poll(house, "anonymous multi", options=30)

        for user in IDS:
            await house.slack.choose(user, card.id, "choose", ["1", "30"])
        await house.slack.until(lambda: "Option 30 3 (100 %)" in card.text, BOUND, what=card.text)
        await quiet(house, pollbot)

        assert sent(house) == []
        assert stored(house) == []


async def test_without_the_key_whoever_clicks_is_told_and_all_else_works() -> None:
    async with a_world() as house:
        async with house.program():
            card = await poll(house, "anonymous aftervote")
            await act(house, card, IDS[0], "answer:0")
        in_database.lose_poll_keys(house.database)

        async with house.program() as pollbot:
            await act(house, card, IDS[0], "answer:1")
            await house.told(IDS[0], "“Leaving?” is anonymous, and on pollbot's side the key")
            await act(house, card, IDS[1], "my answer")
            await house.told(IDS[1], "Nothing was changed; the answers it has still count")
            await quiet(house, pollbot)

            assert house.rows("SELECT option_id FROM answers") == [("1",)]
            assert sent(house) == []
            async with httpx.AsyncClient(trust_env=False) as http:
                health = await http.get(f"http://127.0.0.1:{pollbot.port}/healthz")
            assert health.status_code == 200
            assert "what seals their keys is missing" in health.json()["remarks"]["poll keys"]
            await more(house, card, ADA, "close_poll")
            await house.slack.until(lambda: "Closed on" in card.text, BOUND)
            assert "1 answer" in shown(card)
            await act(house, card, IDS[0], "list")
            assert not list(house.database.parent.glob("*.poll-key*"))


@pytest.mark.of_files
async def test_while_somebody_reads_the_database_health_says_what_is_still_to_be_destroyed() -> (
    None
):
    async with a_house() as (house, pollbot):
        card = await poll(house, "anonymous")
        await act(house, card, IDS[0], "answer:0")
        await quiet(house, pollbot)
        log = house.database.with_name("pollbot.db-wal")
        with closing(sqlite3.connect(house.database, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM answers").fetchall()

            await more(house, card, ADA, "close_poll")
            await quiet(house, pollbot)

            assert "not destroyed yet" in pollbot.remarks()["closed polls"]
            assert log.stat().st_size > 0
        await house.slack.until(lambda: "closed polls" not in pollbot.remarks(), BOUND)


@pytest.mark.of_files
async def test_after_the_close_the_folder_names_nobody() -> None:
    async with a_house() as (house, pollbot):
        folder, people = house.database.parent, [Person(house.slack.team_id, who) for who in IDS]
        card = await poll(house, "anonymous comments")
        for place, who in enumerate(IDS):
            await act(house, card, who, f"answer:{place}")
            await act(house, card, who, "comment")
        await quiet(house, pollbot)
        before = database_in(folder)
        assert named([all_in(folder)], people) == set(IDS), "whoever runs pollbot can see it"

        await more(house, card, ADA, "close_poll")

        assert named([all_in(folder), before], people) == set()
        await quiet(house, pollbot)
        assert named([all_in(folder), before], people) == set()
        await act(house, card, IDS[0], "my answer")
        assert sent(house) == []


# Every word that is said to somebody who answers, or may have


@dataclass
class Told:
    """A word to somebody: what comes before it, what they do, and what it says."""

    part: str
    deed: str
    words: str = ""
    before: tuple[str, ...] = ()
    option: str = ""
    on: str = ""


WORDS = {
    "an answer": Told("Your answer", "answer:0"),
    "a withdrawn answer": Told("*Leaving?*", "set_answer:0", before=("answer:0",)),
    "my answer": Told("Your answer", "my_answer", before=("answer:0",)),
    "my answer, of none": Told("not answered", "my_answer"),
    "a final answer": Told("are final", "answer:1", words="final", before=("answer:0",)),
    "an option that is gone": Told("option", "answer:0", option="9"),
    "an answer that is not understood": Told("older version", "answer:0", option="\n"),
    "a late click": Told("takes no more answers", "answer:1", before=("answer:0", "close")),
    "a late click of nobody": Told("takes no more answers", "answer:1", before=("close",)),
    "my answer, too late": Told("nobody can tell", "my_answer", before=("answer:0", "close")),
    "a deleted poll": Told("was deleted", "answer:1", before=("answer:0", "delete")),
    "my answer to a deleted poll": Told("was deleted", "my_answer", before=("delete",)),
    "a form that does not open": Told(
        "took too long to open", "comment", words="comments", before=("answer:0", "no form")
    ),
    "an account that is needed": Told(
        "Jira account", "answer:0", on="PLAT-12", before=("only who sees the issue",)
    ),
    "results": Told("Leaving?", "show_results", words="aftervote", before=("answer:0", "list")),
}
Trouble = Callable[[SlackStandIn], None]
TROUBLES: dict[str, Trouble] = {
    "no trouble": lambda slack: None,
    "Slack asks to wait": lambda slack: slack.faults.fail_next(
        "response_url", 429, "slow down", {"Retry-After": "3"}
    ),
    "its answer is lost": lambda slack: slack.faults.lose_next_answer("response_url"),
    "the way is closed": lambda slack: slack.faults.fail_next(
        "response_url", 404, "expired_url", times=9
    ),
    "no way": lambda slack: None,
}


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("word", WORDS)
async def test_no_word_to_whoever_answers_names_them(word: str, trouble: str) -> None:
    what = WORDS[word]
    async with a_house() as (house, pollbot):
        if what.on:
            await has_an_issue(house, what.on)
        card = await poll(house, f"{what.on} anonymous {what.words}")
        old = pressed(house, card, what)
        for deed in what.before:
            await BEFORE.get(deed, answers(deed))(house, card)
            await quiet(house, pollbot)
        body = pressed(house, card, what) or old or pressed_where_it_is(house, what)
        before = len(house.slack.hook_posts)
        TROUBLES[trouble](house.slack)
        if trouble == "no way":
            del body["response_url"]

        await house.slack.deliver(body, kind="interactive")
        for _ in range(4):
            await quiet(house, pollbot)

        said = [str(one.body) for one in house.slack.hook_posts[before:] if one.status in (0, 200)]
        reached = trouble not in ("the way is closed", "no way")
        assert any(what.part in one for one in said) == reached, said
        assert sent(house) == []
        assert stored(house) == []
        assert not [
            one for one in readable([all_in(house.database.parent)]) if IDS[0].encode() in one
        ]


Before = Callable[[House, Message], Awaitable[None]]


def answers(deed: str) -> Before:
    async def answered(house: House, card: Message) -> None:
        await act(house, card, IDS[0], deed)

    return answered


async def closes(house: House, card: Message) -> None:
    await more(house, card, ADA, "close_poll")


async def deletes(house: House, card: Message) -> None:
    await house.slack.press(ADA, card.id, "more")
    view = await window(house, ADA, "poll_more")
    await house.slack.view_action(ADA, view.id, "delete_poll")
    await house.slack.close(ADA, view.id)


async def lists(house: House, card: Message) -> None:
    await house.slack.command(IDS[0], PLANNING, "/poll", "list")


async def lets_no_form_open(house: House, card: Message) -> None:
    house.slack.faults.fail_next("views.open", body={"ok": False, "error": "expired_trigger_id"})


async def asks_for_accounts(house: House, card: Message) -> None:
    await house.slack.command(ADA, PLANNING, "/pollbot", "setup")
    view = await window(house, ADA, "setup")
    before = view.hash
    await house.slack.view_action(ADA, view.id, "needs_jira")
    await house.slack.until(lambda: view.hash != before, BOUND, what="who may answer")
    await house.slack.close(ADA, view.id)


BEFORE: dict[str, Before] = {
    "close": closes,
    "delete": deletes,
    "list": lists,
    "no form": lets_no_form_open,
    "only who sees the issue": asks_for_accounts,
}


async def has_an_issue(house: House, key: str) -> None:
    """Have an issue on which Ada can make polls."""
    house.jira.add_issue(key, "Its summary")
    house.jira.add_person("acc-ada", "Ada of Jira", EMAILS[ADA], token=TOKENS[ADA])
    await house.connect(ADA)
    for view in house.slack.stack_of(ADA):
        await house.slack.close(ADA, view.id)


def pressed(house: House, card: Message, what: Told) -> dict[str, object] | None:
    """Return the press of a button of the card as it is now; None if it is no button of it."""
    if what.deed not in labels(card):
        return None
    body = house.slack.click_body(IDS[0], card.id, what.deed)
    if what.option:
        action = body["actions"][0]
        action["value"] = json.dumps(json.loads(action["value"]) | {"option": what.option})
    return body


def pressed_where_it_is(house: House, what: Told) -> dict[str, object]:
    """Return the press of a button of something that only its person sees."""
    private = next(
        one
        for one in reversed(house.slack.messages)
        if one.ephemeral_for == IDS[0] and what.deed in labels(one)
    )
    return house.slack.click_body(IDS[0], private.id, what.deed)


# What a backup holds


@pytest.mark.of_files
async def test_a_backup_names_nobody_of_an_open_anonymous_poll() -> None:
    async with a_house() as (house, pollbot):
        folder, people = house.database.parent, [Person(house.slack.team_id, who) for who in IDS]
        card = await poll(house, "anonymous comments")
        for place, who in enumerate(IDS):
            await act(house, card, who, f"answer:{place}")
            await act(house, card, who, "comment")
        await quiet(house, pollbot)
        backup, everything = database_in(folder), all_in(folder)
        key = everything["pollbot.db.key"].decode().strip()
        poll_key = {"pollbot.db.poll-key": everything["pollbot.db.poll-key"]}

        assert named([backup], people, [key]) == set()
        assert named([backup, poll_key], people) == set()
        assert named([poll_key], people, [key]) == set()
        assert named([backup, poll_key], people, [key]) == set(IDS), "with all three it can be done"


async def test_a_backup_has_the_exact_split_and_times_of_clicks() -> None:
    """What docs/threats.md says of a backup; the day it fails, that page can promise more."""
    async with a_house() as (house, pollbot):
        card = await poll(house, "anonymous")
        await act(house, card, IDS[0], "answer:1")
        await quiet(house, pollbot)
        clicked = [
            delivery.body["actions"][0]["action_ts"]
            for delivery in house.slack.deliveries
            if "actions" in delivery.body
        ]

        assert "Option 2 1" not in everything(house)
        assert house.rows("SELECT option_id FROM answers") == [("2",)]
        assert house.rows(
            "SELECT stamp FROM deliveries JOIN answers ON deliveries.user_id = answers.voter"
        ) == [(clicked[-1],)]


@pytest.mark.of_files
async def test_whoever_has_the_database_and_its_key_has_the_tokens() -> None:
    """Else nobody does: what is sealed there opens with that key alone."""
    async with a_house() as (house, pollbot):
        house.jira.add_person("acc-ada", "Ada of Jira", EMAILS[ADA], token=TOKENS[ADA])
        await house.connect(ADA)
        await quiet(house, pollbot)
        folder, token = house.database.parent, b64encode(f"{EMAILS[ADA]}:{TOKENS[ADA]}".encode())
        key = all_in(folder)["pollbot.db.key"].decode().strip()
        backup = database_in(folder)

        assert not any(token in found for found in readable([backup]))
        assert any(token in found for found in readable([backup], [key]))
