"""What hangs holds up its own work and nobody else's: each queue beside each stuck cause.

What hangs drips: an answer of a byte now and then keeps a call for as long as it may take, which
is 10 s. So what is done ``WITHIN`` did not wait for it.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest

from pollbot.database import Store
from pollbot.jira.client import basic
from pollbot.people import Account, Person
from pollbot.sandbox.slack import Message
from pollbot.sandbox.team_voice import TeamVoiceStandIn
from pollbot.wiring import Pollbot
from tests.support import stored
from tests.support.connecting import keep_account
from tests.support.house import ADA, BEN, CLEO, LEADS, PLANNING, House, rest, shown
from tests.support.own_time import own_time
from tests.support.polls import DAY, HOUR, answer, form_poll, poll, until
from tests.support.schedules import press, schedule
from tests.support.team_voice import VOICE_TOKEN, by_default, close_windows, set_up, team_voice

WITHIN = 8.0
CROWD = [f"U0CROWD{number:02}" for number in range(30)]
ELSEWHERE = "C0ELSEWHERE"


@contextmanager
def soon() -> Iterator[None]:
    """See that what is done within this waits for nothing that drips."""
    with own_time() as took:
        yield
        assert took() < WITHIN


@asynccontextmanager
async def program(house: House, **settings: Any) -> AsyncIterator[Pollbot]:
    """Run pollbot; what drips is cut off in the end."""
    async with house.program(**settings) as pollbot:
        try:
            yield pollbot
        finally:
            house.slack.faults.let_go()
            house.jira.faults.let_go()


@pytest.fixture(autouse=True)
async def _everybody(house: House) -> None:
    """Many people with their accounts; Ada, Ben and Cleo have theirs, too."""
    store = Store(house.database, [])
    known = {ADA: "ada", BEN: "ben", CLEO: "cleo"}
    for user in CROWD:
        house.slack.add_person(user, user)
        name = known[user] = user.lower()
        house.jira.add_person(f"acc-{name}", user, f"{name}@example.com", token=f"{name}-token")
    for user, name in known.items():
        credential = basic(f"{name}@example.com", f"{name}-token")
        account = Account(f"acc-{name}", user, house.jira.site_url, credential)
        person = Person(house.slack.team_id, user)
        await keep_account(store, person, house.jira.site_url, account, house.clock())
    store.close()
    house.slack.add_channel(ELSEWHERE, "elsewhere")
    for number in range(20, 40):
        house.jira.add_issue(f"PLAT-{number}", f"Wish {number}")


async def drips(house: House, least: int = 1) -> None:
    """Wait until so many calls hang."""
    await house.slack.until(
        lambda: house.slack.faults.stuck + house.jira.faults.stuck >= least,
        what=f"{least} calls that hang",
    )


async def votes(house: House, users: list[str], issue: str, channel: str = PLANNING) -> None:
    await asyncio.gather(*(house.vote(user, issue, channel=channel) for user in users))


def get_stuck(house: House, how: str, where: str) -> None:
    """Have Slack take no message for a channel or person: it hangs, or answers 429."""
    if how == "hangs":
        house.slack.faults.drip("chat.postMessage", where)
    else:
        house.slack.faults.turn_away("chat.postMessage", where)


# Votes


async def a_vote_goes_on(house: House, issue: str = "PLAT-12") -> None:
    with soon():
        await house.vote(ADA, issue, channel=ELSEWHERE)
        await house.told(ADA, "is counted in Jira")


async def test_votes_beside_an_issue_that_hangs(house: House) -> None:
    house.jira.faults.drip("POST votes", "PLAT-13")
    async with program(house):
        await votes(house, CROWD, "PLAT-13")
        await drips(house, 8)
        await a_vote_goes_on(house)


async def test_votes_beside_an_account_that_hangs(house: House) -> None:
    house.jira.faults.drip("POST votes", "acc-ben")
    async with program(house):
        for number in range(20, 40):
            await house.vote(BEN, f"PLAT-{number}")
        await drips(house, 6)
        await a_vote_goes_on(house)


async def test_a_vote_beside_an_account_that_hangs_where_the_count_is_read(house: House) -> None:
    house.jira.faults.drip("GET issue", "acc-ben")
    async with program(house):
        await house.vote(BEN, "PLAT-12")
        await drips(house)
        await votes(house, CROWD[:3], "PLAT-12")
        await a_vote_goes_on(house)
        with soon():
            for user in CROWD[:3]:
                await house.told(user, "is counted in Jira")


@pytest.mark.parametrize("channels", [1, 4])
async def test_votes_beside_receipts_that_hang(house: House, channels: int) -> None:
    for user in CROWD:
        house.slack.faults.drip("response_url", user)
    async with program(house):
        for place in range(channels):
            channel = f"C0MANY{place}"
            house.slack.add_channel(channel, channel)
            await votes(house, CROWD[place::channels], f"PLAT-{20 + place}", channel)
        await drips(house, 6)
        await a_vote_goes_on(house)


async def test_votes_beside_expired_wishes_whose_people_cannot_be_told(house: House) -> None:
    strangers = [f"U0STRANGE{number}" for number in range(8)]
    for user in strangers:
        house.slack.add_person(user, user)
        for method in ("response_url", "chat.postEphemeral", "chat.postMessage"):
            house.slack.faults.drip(method, user)
    async with program(house) as pollbot:
        house.slack.faults.let_go()
        await votes(house, strangers, "PLAT-12")
        for user in strangers:
            await house.told(user, "needs your Jira account")
        await rest(house, pollbot)
        for user in strangers:
            for method in ("response_url", "chat.postEphemeral", "chat.postMessage"):
                house.slack.faults.drip(method, user)
        house.clock.ahead += DAY + 60
        await drips(house)
        await a_vote_goes_on(house)
        house.slack.faults.let_go()
        for user in strangers:
            await house.told(user, "24 hours")


# Cards


async def a_card_goes_on(house: House) -> None:
    with soon():
        await house.slack.command(ADA, ELSEWHERE, "/votes", "PLAT-12")
        await house.card("PLAT-12", channel=ELSEWHERE)


async def test_cards_beside_an_issue_that_hangs(house: House) -> None:
    house.jira.faults.drip("GET issue", "PLAT-13")
    async with program(house):
        for place, user in enumerate(CROWD[:12]):
            channel = f"C0MANY{place}"
            house.slack.add_channel(channel, channel)
            await house.slack.command(user, channel, "/votes", "PLAT-13")
        await drips(house, 3)
        await a_card_goes_on(house)


async def test_cards_beside_an_account_that_hangs(house: House) -> None:
    house.jira.faults.drip("GET issue", "acc-ben")
    async with program(house):
        for number in range(20, 32):
            channel = f"C0MANY{number}"
            house.slack.add_channel(channel, channel)
            await house.slack.command(BEN, channel, "/votes", f"PLAT-{number}")
        await drips(house, 3)
        await a_card_goes_on(house)


async def test_cards_beside_a_channel_that_hangs(house: House) -> None:
    async with program(house):
        cards = [await poll(house, f'"Lunch {n}?" "Pizza" "Soup"') for n in range(12)]
        other = await poll(house, '"Dinner?" "Pizza" "Soup"', channel=ELSEWHERE)
        house.slack.faults.drip("chat.update", PLANNING)
        for card in cards:
            await answer(house, BEN, card, "Pizza")
        await drips(house, 4)
        with soon():
            await answer(house, BEN, other, "Soup")
            await house.slack.until(lambda: "Soup 1" in other.text, what="the card")


async def test_a_plain_polls_card_beside_a_site_that_hangs(house: House) -> None:
    house.jira.faults.drip("GET issue")
    async with program(house):
        for number, user in enumerate(CROWD[:12]):
            await house.slack.command(user, PLANNING, "/votes", f"PLAT-{20 + number}")
        await drips(house, 4)
        with soon():
            await poll(house, '"Dinner?" "Pizza" "Soup"', channel=ELSEWHERE)


# What follows a poll's end


def said_under(house: House, card: Message) -> list[str]:
    return [m.text for m in house.slack.messages if m.thread_ts == card.ts and m.id != card.id]


async def an_end_is_said(house: House, card: Message) -> None:
    with soon():
        await house.slack.until(
            lambda: any("Closed" in text for text in said_under(house, card)), 20, what="the end"
        )


async def test_ends_beside_a_channel_that_hangs(house: House) -> None:
    async with program(house) as pollbot:
        ends = until(house, HOUR)
        for number in range(12):
            await poll(house, f'{ends} "Lunch {number}?" "Pizza" "Soup"')
        other = await poll(house, f'{ends} "Dinner?" "Pizza" "Soup"', channel=ELSEWHERE)
        await rest(house, pollbot)
        house.slack.faults.drip("chat.postMessage", PLANNING)
        house.clock.ahead += HOUR + 60
        await drips(house)
        await an_end_is_said(house, other)


async def posted_again(house: House, channel: str) -> Message:
    """Post Ada's one poll in another channel, too; return that card."""
    await house.slack.command(ADA, channel, "/poll", "list")
    await press(house, ADA, house.slack.visible_to(ADA, channel)[-1], "Post here")
    return await house.slack.until(
        lambda: next(
            (
                m
                for m in house.slack.messages
                if m.channel == channel and m.blocks and m.ephemeral_for is None
            ),
            None,
        ),
        what="the second card",
    )


@pytest.mark.parametrize("stuck", ["hangs", "asks to wait"])
async def test_an_end_is_said_under_each_card_beside_a_channel_that_is_stuck(
    house: House, stuck: str
) -> None:
    async with program(house) as pollbot:
        first = await poll(house, f'{until(house, HOUR)} "Lunch?" "Pizza" "Soup"')
        second = await posted_again(house, ELSEWHERE)
        await rest(house, pollbot)
        get_stuck(house, stuck, first.channel)
        house.clock.ahead += HOUR + 60
        await an_end_is_said(house, second)
        assert not said_under(house, first)


async def test_ends_beside_a_creator_who_cannot_be_written_to(house: House) -> None:
    async with program(house) as pollbot:
        ends = until(house, HOUR)
        for number in range(10):
            house.slack.add_channel(f"C0MANY{number}", f"many{number}")
            words = f'PLAT-12 local {ends} "Lunch {number}?" "Pizza" "Soup"'
            await poll(house, words, user=BEN, channel=f"C0MANY{number}")
        other = await poll(house, f'{ends} "Dinner?" "Pizza" "Soup"', channel=ELSEWHERE)
        await rest(house, pollbot)
        house.slack.faults.drip("chat.postMessage", BEN)
        house.clock.ahead += HOUR + 60
        await an_end_is_said(house, other)


async def test_ends_beside_somebody_whom_slack_does_not_tell_of(house: House) -> None:
    async with program(house) as pollbot:
        ends = until(house, HOUR)
        for number in range(10):
            house.slack.add_channel(f"C0MANY{number}", f"many{number}")
            words = f'{ends} "Lunch {number}?" "Pizza" "Soup"'
            card = await poll(house, words, user=BEN, channel=f"C0MANY{number}")
            await answer(house, CLEO, card, "Pizza")
        other = await poll(house, f'{ends} "Dinner?" "Pizza" "Soup"', channel=ELSEWHERE)
        await rest(house, pollbot)
        house.slack.faults.drip("users.info", CLEO)
        house.clock.ahead += HOUR + 60
        await an_end_is_said(house, other)


# Reminders


async def asked(house: House, title: str, channel: str, user: str = ADA) -> Message:
    """Make a poll that reminds an hour before its end."""
    return await form_poll(
        house, title=title, channel=channel, user=user, ends_in=2 * HOUR, remind=HOUR
    )


async def is_reminded(house: House, user: str, title: str) -> None:
    with soon():
        await house.slack.until(
            lambda: [w for w in house.words(user) if f"not answered “{title}”" in w],
            20,
            what=f"{user} reminded of {title}",
        )


@pytest.mark.parametrize("stuck", ["hangs", "asks to wait"])
async def test_reminders_beside_people_who_cannot_be_written_to(house: House, stuck: str) -> None:
    house.slack.add_channel("C0FEW", "few", members=(BEN, CLEO))
    house.slack.add_channel("C0OTHERS", "others", members=(CROWD[0], CROWD[1]))
    async with program(house) as pollbot:
        await asked(house, "Lunch?", "C0FEW")
        await asked(house, "Dinner?", "C0OTHERS")
        await rest(house, pollbot)
        get_stuck(house, stuck, BEN)
        get_stuck(house, stuck, CROWD[0])
        house.clock.ahead += HOUR + 60
        await is_reminded(house, CLEO, "Lunch?")
        await is_reminded(house, CROWD[1], "Dinner?")
        assert not [w for w in house.words(BEN) if "not answered" in w]


async def test_reminders_beside_a_channel_whose_members_slack_does_not_tell(house: House) -> None:
    house.slack.add_channel("C0OTHERS", "others", members=(CROWD[1],))
    async with program(house) as pollbot:
        await asked(house, "Lunch?", LEADS)
        await posted_again(house, "C0OTHERS")
        await asked(house, "Breakfast?", LEADS)
        await asked(house, "Dinner?", "C0OTHERS")
        await rest(house, pollbot)
        house.slack.faults.drip("conversations.members", LEADS)
        house.clock.ahead += HOUR + 60
        await is_reminded(house, CROWD[1], "Dinner?")
        await is_reminded(house, CROWD[1], "Lunch?")


# Results on issues


async def a_record_goes_on(house: House) -> None:
    with soon():
        await house.jira.until(lambda: house.jira.comments("PLAT-12"), 20, what="the comment")


@pytest.mark.parametrize("stuck", ["issue", "account", "address"])
async def test_records_beside_what_hangs(house: House, stuck: str) -> None:
    async with program(house) as pollbot:
        for number in range(10):
            on = "PLAT-13" if stuck == "issue" else f"PLAT-{20 + number}"
            by = BEN if stuck == "account" else CROWD[number]
            await recorded(house, f"Lunch {number}?", on, by, LEADS if by == BEN else PLANNING)
        await recorded(house, "Dinner?", "PLAT-12", ADA, ELSEWHERE)
        await rest(house, pollbot)
        match stuck:
            case "issue":
                house.jira.faults.drip("POST comment", "PLAT-13")
            case "account":
                house.jira.faults.drip("POST comment", "acc-ben")
            case "address":
                house.slack.faults.drip("chat.getPermalink", PLANNING)
        house.clock.ahead += HOUR + 60
        await drips(house)
        await a_record_goes_on(house)


async def recorded(house: House, title: str, issue: str, user: str, channel: str) -> Message:
    """Make a poll whose result is to be written on its issue at its end."""
    return await form_poll(
        house, title=title, where=issue, user=user, channel=channel, ends_in=HOUR, record=True
    )


# Schedules


async def scheduled(house: House, what: str, user: str, channel: str) -> None:
    """Have something posted every day, as its person: an issue's votes, or a poll's results."""
    match what:
        case "issue":
            await house.slack.command(
                user, channel, "/votes", "PLAT-13" if user == BEN else "PLAT-12"
            )
            card = await house.card("votes", channel=channel)
        case "plain poll":
            card = await poll(
                house, f'"Lunch of {user}?" "Pizza" "Soup"', user=user, channel=channel
            )
        case "poll in Team Voice":
            words = f'PLAT-13 "Lunch of {user}?" "Pizza" "Soup"'
            card = await poll(house, words, user=user, channel=channel)
    await schedule(house, card, user=user, every="daily", at="09:00")


def all_due(house: House, owner: str, many: int) -> None:
    """Make many of the owner's one schedule, in as many channels; all are due in a minute."""
    due = house.clock() + 60
    with stored.opened(house.database) as db:
        (one,) = stored.by_column(db, "SELECT * FROM schedules WHERE owner = ?", owner)
        for place in range(1, many):
            channel = f"C0MANY{place}"
            house.slack.add_channel(channel, channel)
            plan = json.loads(one["plan"]) | {"channel_id": channel}
            row = one | {"id": f"s{place}", "stamp": f"{place}", "plan": json.dumps(plan)}
            stored.insert(db, "schedules", row)
        db.execute("UPDATE schedules SET next_at = ?, due_at = ?", (due, due + 1))
        db.execute("UPDATE schedules SET due_at = ? WHERE owner = ?", (due, owner))


async def is_posted(house: House, part: str = "") -> None:
    with soon():
        await house.slack.until(
            lambda: any(
                m.channel == ELSEWHERE and "Scheduled by" in shown(m) and part in m.text
                for m in house.slack.messages
            ),
            20,
            what="the post",
        )


@pytest.mark.parametrize("stuck", ["issue", "account", "channel", "name"])
@pytest.mark.parametrize("other", ["issue", "plain poll"])
async def test_schedules_beside_what_hangs(house: House, stuck: str, other: str) -> None:
    async with program(house) as pollbot:
        what = "issue" if stuck in ("issue", "account") else "plain poll"
        await scheduled(house, what, BEN, PLANNING)
        await scheduled(house, other, ADA, ELSEWHERE)
        await rest(house, pollbot)
    all_due(house, BEN, 40)
    # By now nobody's name is known any more.
    async with program(house):
        match stuck:
            case "issue":
                house.jira.faults.drip("GET issue", "PLAT-13")
            case "account":
                house.jira.faults.drip("GET issue", "acc-ben")
            case "channel":
                house.slack.faults.drip("chat.postMessage", "C0MANY")
                house.slack.faults.drip("chat.postMessage", PLANNING)
            case "name":
                house.slack.faults.drip("users.info", BEN)
        house.clock.ahead += 60
        await drips(house)
        await is_posted(house)


async def test_schedules_beside_a_team_voice_that_hangs(house: House) -> None:
    async with team_voice(house) as voice:
        async with program(house, **by_default(voice)) as pollbot:
            await scheduled(house, "poll in Team Voice", BEN, PLANNING)
            await scheduled(house, "issue", ADA, ELSEWHERE)
            await rest(house, pollbot)
        all_due(house, BEN, 12)
        async with program(house, **by_default(voice)):
            voice.faults.drip("GET polls")
            house.clock.ahead += 60
            await voice.until(lambda: voice.faults.stuck, what="calls that hang")
            await is_posted(house)
            voice.faults.let_go()


# Receipts of answers


async def receipts_owed(house: House, many: int) -> None:
    await house.slack.until(
        lambda: house.rows("SELECT count(*) FROM receipts") == [(many,)], 20, what="what is owed"
    )


@pytest.mark.parametrize("stuck", ["a channel", "four channels", "a person"])
async def test_receipts_of_answers_beside_receipts_that_hang(house: House, stuck: str) -> None:
    async with program(house):
        users = [BEN] if stuck == "a person" else CROWD
        channels = [f"C0MANY{n}" for n in range(4 if stuck == "four channels" else 1)]
        other = await poll(house, '"Dinner?" "Pizza" "Soup"', channel=ELSEWHERE)
        cards = []
        for channel in channels:
            house.slack.add_channel(channel, channel)
            for n in range(12 if stuck == "a person" else 1):
                words = f'"Lunch {n}?" "Pizza" "Soup"'
                cards.append(await poll(house, words, channel=channel))
        for user in users:
            house.slack.faults.turn_away("response_url", user)
        pairs = (
            [(BEN, card) for card in cards]
            if stuck == "a person"
            else [(user, cards[n % len(cards)]) for n, user in enumerate(users)]
        )
        await asyncio.gather(*(answer(house, user, card, "Soup") for user, card in pairs))
        await receipts_owed(house, len(pairs))
        house.slack.faults.let_go()
        for user in users:
            house.slack.faults.drip("response_url", user)
        house.clock.ahead += 60
        await drips(house, 2 if stuck == "a person" else 8)
        with soon():
            house.slack.faults.fail_next("response_url", 429, "wait", {"Retry-After": "1"})
            await answer(house, ADA, other, "Soup")
            await receipts_owed(house, len(pairs) + 1)
            await house.told(ADA, "Your answer to *Dinner?*")


# Polls that wait to be made


async def kept_waiting(house: House, many: int) -> None:
    await house.slack.until(
        lambda: house.rows("SELECT count(*) FROM waiting_polls") == [(many,)],
        20,
        what=f"{many} polls that wait",
    )


async def ask(house: House, user: str, issue: str, title: str, channel: str = PLANNING) -> None:
    await house.slack.command(user, channel, "/poll", f'{issue} "{title}" "Pizza" "Soup"')


async def a_waiting_poll_goes_on(house: House, issue: str, waiting: int) -> None:
    """Ask for a poll that cannot be made just now, and see it made."""
    await ask(house, ADA, issue, "Dinner?", ELSEWHERE)
    await kept_waiting(house, waiting + 1)
    with soon():
        await house.card("Dinner?", channel=ELSEWHERE)


@pytest.mark.parametrize("stuck", ["issue", "account"])
async def test_waiting_polls_beside_what_hangs(house: House, stuck: str) -> None:
    house.jira.faults.drip("GET issue", "PLAT-13" if stuck == "issue" else "acc-ben")
    async with program(house):
        asking = (
            [(user, "PLAT-13") for user in CROWD]
            if stuck == "issue"
            else [(BEN, f"PLAT-{number}") for number in range(20, 34)]
        )
        await asyncio.gather(*(ask(house, user, issue, "Lunch?") for user, issue in asking))
        await kept_waiting(house, len(asking))
        await drips(house, 3)
        house.jira.faults.fail_next("GET issue", 503)
        await a_waiting_poll_goes_on(house, "PLAT-12", len(asking))


# Two Team Voices


@asynccontextmanager
async def two_voices(
    house: House,
) -> AsyncIterator[tuple[TeamVoiceStandIn, TeamVoiceStandIn, dict[str, Any]]]:
    """Serve one that is the default, and one for the polls of OPS; and the settings for both."""
    ops = TeamVoiceStandIn(now=house.clock)
    ops.add_token(VOICE_TOKEN, {"OPS"})
    house.jira.add_issue("OPS-1", "Another project")
    await ops.start()
    try:
        async with team_voice(house) as voice:
            settings = by_default(voice)
            async with house.program(**settings):
                await set_up(house, ADA, "OPS", ops.url)
                await close_windows(house, ADA)
            try:
                yield voice, ops, settings
            finally:
                voice.faults.let_go()
    finally:
        await ops.stop()


async def hangs(voice: TeamVoiceStandIn, least: int = 1) -> None:
    await voice.until(lambda: voice.faults.stuck >= least, 20, what="calls that hang")


async def test_waiting_polls_beside_a_team_voice_that_hangs(house: House) -> None:
    async with two_voices(house) as (voice, ops, settings), program(house, **settings):
        voice.faults.drip("GET polls")
        for place in range(5):
            house.slack.add_channel(f"C0MANY{place}", f"many{place}")
        await asyncio.gather(
            *(
                ask(house, user, f"PLAT-{20 + n % 20}", "Lunch?", f"C0MANY{n % 5}")
                for n, user in enumerate(CROWD)
            )
        )
        await kept_waiting(house, len(CROWD))
        await hangs(voice, 3)
        ops.faults.fail_next("GET polls", 503)
        await a_waiting_poll_goes_on(house, "OPS-1", len(CROWD))
        assert ops.polls


async def test_ends_beside_a_team_voice_that_hangs(house: House) -> None:
    async with two_voices(house) as (voice, ops, settings), program(house, **settings) as pollbot:
        ends = until(house, HOUR)
        for number, user in enumerate(CROWD[:10]):
            house.slack.add_channel(f"C0MANY{number}", f"many{number}")
            words = f'PLAT-{20 + number} {ends} "Lunch {number}?" "Pizza" "Soup"'
            await poll(house, words, user=user, channel=f"C0MANY{number}")
        other = await poll(house, f'OPS-1 {ends} "Dinner?" "Pizza" "Soup"', channel=ELSEWHERE)
        assert (len(voice.polls), len(ops.polls)) == (10, 1)
        await rest(house, pollbot)
        voice.faults.drip("GET polls")
        house.clock.ahead += HOUR + 60
        await hangs(voice)
        await an_end_is_said(house, other)


async def test_records_beside_a_team_voice_that_hangs(house: House) -> None:
    async with two_voices(house) as (voice, ops, settings), program(house, **settings) as pollbot:
        for number, user in enumerate(CROWD[:10]):
            await recorded(house, f"Lunch {number}?", f"PLAT-{20 + number}", user, PLANNING)
        await recorded(house, "Dinner?", "OPS-1", ADA, ELSEWHERE)
        assert (len(voice.polls), len(ops.polls)) == (10, 1)
        await rest(house, pollbot)
        voice.faults.drip("GET polls")
        house.clock.ahead += HOUR + 60
        await hangs(voice)
        with soon():
            await house.jira.until(lambda: house.jira.comments("OPS-1"), 20, what="the comment")


async def test_readings_beside_a_team_voice_that_hangs(house: House) -> None:
    async with two_voices(house) as (voice, ops, settings), program(house, **settings) as pollbot:
        for number, user in enumerate(CROWD[:10]):
            await poll(house, f'PLAT-{20 + number} "Lunch {number}?" "Pizza" "Soup"', user=user)
        card = await poll(house, 'OPS-1 "Dinner?" "Pizza" "Soup"', channel=ELSEWHERE)
        await rest(house, pollbot)
        voice.faults.drip("GET polls")
        (in_ops,) = ops.polls.values()
        in_ops.poll["title"] = "Supper?"
        house.clock.ahead += HOUR
        await hangs(voice)
        with soon():
            await house.slack.until(lambda: "Supper?" in card.text, 20, what=card.text)


async def test_results_by_schedule_beside_a_team_voice_that_hangs(house: House) -> None:
    async with two_voices(house) as (voice, _, settings):
        async with program(house, **settings) as pollbot:
            await scheduled(house, "poll in Team Voice", BEN, PLANNING)
            card = await poll(house, 'OPS-1 "Dinner?" "Pizza" "Soup"', channel=ELSEWHERE)
            await schedule(house, card, user=ADA, every="daily", at="09:00")
            await rest(house, pollbot)
        all_due(house, BEN, 12)
        async with program(house, **settings):
            voice.faults.drip("GET polls")
            house.clock.ahead += 60
            await hangs(voice)
            await is_posted(house)


# Two workspaces of one organisation

OTHERS = [f"U0OTHER{number:02}" for number in range(30)]
OTHER_TEAM = "T0OTHER"


@pytest.fixture
async def others(house: House) -> None:
    """People of another workspace, with accounts and a channel each."""
    house.slack.organisation = "E0ORG"
    store = Store(house.database, [])
    for number, user in enumerate(OTHERS):
        house.slack.add_person(user, user, team_id=OTHER_TEAM)
        house.slack.add_channel(f"C0OTHER{number:02}", f"other{number}", members=(ADA, *OTHERS))
        name = user.lower()
        house.jira.add_person(f"acc-{name}", user, f"{name}@example.com", token=f"{name}-token")
        account = Account(
            f"acc-{name}", user, house.jira.site_url, basic(f"{name}@example.com", f"{name}-token")
        )
        person = Person(OTHER_TEAM, user)
        await keep_account(store, person, house.jira.site_url, account, house.clock())
    store.close()


def there(number: int) -> tuple[str, str]:
    """Return somebody of the other workspace and their channel."""
    return OTHERS[number], f"C0OTHER{number:02}"


def workspace_hangs(house: House) -> None:
    """Let all that is said in the other workspace hang, by whatever way."""
    for method in (
        "chat.postMessage",
        "chat.update",
        "chat.postEphemeral",
        "chat.getPermalink",
        "response_url",
        "conversations.members",
    ):
        house.slack.faults.drip(method, "OTHER")


@pytest.mark.usefixtures("others")
async def test_votes_beside_a_workspace_that_hangs(house: House) -> None:
    async with program(house):
        workspace_hangs(house)
        for number in range(30):
            user, channel = there(number)
            await house.vote(user, f"PLAT-{20 + number % 20}", channel=channel)
        assert house.rows("SELECT DISTINCT team_id FROM intents") == [(OTHER_TEAM,)]
        await drips(house, 8)
        await a_vote_goes_on(house)


@pytest.mark.usefixtures("others")
async def test_cards_and_receipts_beside_a_workspace_that_hangs(house: House) -> None:
    async with program(house):
        cards = []
        for number in range(30):
            user, channel = there(number)
            words = f'"Lunch {number}?" "Pizza" "Soup"'
            cards.append(await poll(house, words, user=user, channel=channel))
        other = await poll(house, '"Dinner?" "Pizza" "Soup"', channel=ELSEWHERE)
        workspace_hangs(house)
        await asyncio.gather(
            *(answer(house, there(n)[0], card, "Pizza") for n, card in enumerate(cards))
        )
        await drips(house, 30)
        with soon():
            await answer(house, BEN, other, "Soup")
            await house.slack.until(lambda: "Soup 1" in other.text, what="the card")
            await house.told(BEN, "Your answer")


@pytest.mark.usefixtures("others")
async def test_cards_of_issues_beside_a_workspace_that_hangs(house: House) -> None:
    async with program(house):
        workspace_hangs(house)
        for number in range(20):
            user, channel = there(number)
            await house.slack.command(user, channel, "/votes", f"PLAT-{20 + number}")
        await drips(house, 6)
        await a_card_goes_on(house)


@pytest.mark.usefixtures("others")
async def test_ends_beside_a_workspace_that_hangs(house: House) -> None:
    async with program(house) as pollbot:
        ends = until(house, HOUR)
        for number in range(12):
            user, channel = there(number)
            words = f'{ends} "Lunch {number}?" "Pizza" "Soup"'
            await poll(house, words, user=user, channel=channel)
        other = await poll(house, f'{ends} "Dinner?" "Pizza" "Soup"', channel=ELSEWHERE)
        await rest(house, pollbot)
        workspace_hangs(house)
        house.clock.ahead += HOUR + 60
        await drips(house)
        await an_end_is_said(house, other)


@pytest.mark.usefixtures("others")
async def test_reminders_beside_a_workspace_that_hangs(house: House) -> None:
    house.slack.add_channel("C0FEW", "few", members=(CROWD[1],))
    async with program(house) as pollbot:
        for number in range(6):
            user, channel = there(number)
            await asked(house, f"Lunch {number}?", channel, user)
        await asked(house, "Dinner?", "C0FEW")
        await rest(house, pollbot)
        workspace_hangs(house)
        house.clock.ahead += HOUR + 60
        await drips(house)
        await is_reminded(house, CROWD[1], "Dinner?")


@pytest.mark.usefixtures("others")
async def test_records_beside_a_workspace_that_hangs(house: House) -> None:
    async with program(house) as pollbot:
        for number in range(10):
            user, channel = there(number)
            await recorded(house, f"Lunch {number}?", f"PLAT-{20 + number}", user, channel)
        await recorded(house, "Dinner?", "PLAT-12", ADA, ELSEWHERE)
        await rest(house, pollbot)
        workspace_hangs(house)
        house.clock.ahead += HOUR + 60
        await drips(house)
        await a_record_goes_on(house)


@pytest.mark.usefixtures("others")
@pytest.mark.parametrize("what", ["issue", "plain poll"])
async def test_schedules_beside_a_workspace_that_hangs(house: House, what: str) -> None:
    async with program(house) as pollbot:
        user, channel = there(0)
        await scheduled(house, what, user, channel)
        await scheduled(house, what, ADA, ELSEWHERE)
        await rest(house, pollbot)
    all_due(house, user, 30)
    spread_over_owners(house, user)
    async with program(house):
        workspace_hangs(house)
        house.slack.faults.drip("chat.postMessage", "C0MANY")
        house.clock.ahead += 60
        await drips(house, 6 if what == "issue" else 16)
        await is_posted(house)


def spread_over_owners(house: House, owner: str) -> None:
    """Give each copy of the owner's schedule to another of the other workspace, on its issue."""
    with stored.opened(house.database) as db:
        for one in stored.by_column(
            db, "SELECT id, plan FROM schedules WHERE owner = ? AND length(id) <= 3", owner
        ):
            number, plan = int(one["id"][1:]), json.loads(one["plan"])
            if plan["what"] == "issue":
                plan["subject"] = f"PLAT-{number % 20 + 20}"
            db.execute(
                "UPDATE schedules SET owner = ?, plan = ? WHERE id = ?",
                (f"U0OTHER{number:02}", json.dumps(plan), one["id"]),
            )


# What is owed


@pytest.mark.parametrize("stuck", ["people", "a workspace"])
async def test_owed_words_beside_those_who_cannot_be_written_to(house: House, stuck: str) -> None:
    async with program(house) as pollbot:
        await scheduled(house, "plain poll", ADA, PLANNING)
        await rest(house, pollbot)
    team = OTHER_TEAM if stuck == "a workspace" else house.slack.team_id
    many = [f"U0OTHER{number:03}" for number in range(110)]
    owing = [(user, team) for user in (many if stuck == "a workspace" else CROWD[:12])]
    owing.append(("U0ZOE", house.slack.team_id))
    house.slack.add_person("U0ZOE", "Zoe")
    with stored.opened(house.database) as db:
        (one,) = stored.by_column(db, "SELECT * FROM schedules")
        for place, (owner, team_id) in enumerate(owing):
            row = one | {"id": f"s{place:03}", "stamp": f"{place}", "owner": owner}
            stored.insert(db, "schedules", row | {"team_id": team_id})
        db.execute(
            "INSERT INTO outbox (kind, about, occasion, team_id, state, tries, changed_at)"
            " SELECT 'schedule', id, ?, team_id, 'claimed', 1, ? FROM schedules",
            (house.clock(), house.clock()),
        )
    house.slack.faults.drip("chat.postMessage", "U0OTHER" if team == OTHER_TEAM else "U0CROWD")
    async with program(house):
        await drips(house)
        with soon():
            await house.told("U0ZOE", "may be in its channel")


# Looks at Team Voice


async def test_votes_beside_a_crowd_that_waits_for_team_voice(house: House) -> None:
    async with team_voice(house) as voice, program(house, **by_default(voice)):
        await poll(house, 'PLAT-13 "Lunch?" "Pizza" "Soup"')
        house.clock.ahead += 60
        voice.faults.drip("GET polls")
        many = [*CROWD] * 4
        await asyncio.gather(
            *(house.slack.command(user, PLANNING, "/poll", "list PLAT-13") for user in many)
        )
        await voice.until(lambda: voice.faults.stuck >= 100, what="calls that hang")
        await a_vote_goes_on(house)
        voice.faults.let_go()


# Names


async def test_a_name_is_asked_for_once_by_a_crowd_of_posts(house: House) -> None:
    async with program(house) as pollbot:
        await scheduled(house, "plain poll", BEN, PLANNING)
        await rest(house, pollbot)
    all_due(house, BEN, 25)
    before = names_asked(house, BEN)
    async with program(house):
        house.clock.ahead += 60
        await house.slack.until(lambda: len(by_schedules(house)) == 25, 20, what="all posts")

    assert names_asked(house, BEN) == before + 1
    assert all("Scheduled by Ben" in shown(m) for m in by_schedules(house))


async def test_posts_wait_for_the_name_where_slack_asks_to_wait_for_it(house: House) -> None:
    async with program(house) as pollbot:
        await scheduled(house, "plain poll", BEN, PLANNING)
        await rest(house, pollbot)
    all_due(house, BEN, 25)
    busy = {"ok": False, "error": "ratelimited"}
    house.slack.faults.fail_next("users.info", 429, busy, {"Retry-After": "20"})
    before = names_asked(house, BEN)
    async with program(house) as pollbot:
        house.clock.ahead += 60
        await house.slack.until(lambda: names_asked(house, BEN) > before, what="a question")
        await rest(house, pollbot)
        assert names_asked(house, BEN) == before + 1, "nobody asks while Slack asks to wait"
        assert by_schedules(house) == []

        house.clock.ahead += 40
        await house.slack.until(lambda: len(by_schedules(house)) == 25, 20, what="all posts")

    assert all("Scheduled by Ben" in shown(m) for m in by_schedules(house))


def names_asked(house: House, user: str) -> int:
    calls = [call for call in house.slack.calls if call.method == "users.info"]
    return sum(call.args["user"] == user for call in calls)


def by_schedules(house: House) -> list[Message]:
    return [m for m in house.slack.messages if "Scheduled by" in shown(m)]
