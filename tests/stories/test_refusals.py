"""Each refusal of Jira's, whatever was under way: said by whose fault, and nothing else touched."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import pytest

from pollbot.sandbox.slack import Message
from pollbot.wiring import Pollbot
from tests.stories.test_whose_fault import ask_later
from tests.support.house import ADA, BEN, PLANNING, House, letters, rest, shown
from tests.support.polls import answer, close, poll
from tests.support.schedules import change, form, lines, listed, press, schedule, submit, until_due
from tests.support.team_voice import close_windows, command, connect, window

KEY, HALLWAY, HOUR = "PLAT-12", "C0HALLWAY", 3600.0
ELSEWHERE = {"Location": "https://new.example/rest"}


# Whose fault it is


@dataclass(frozen=True)
class Fault:
    """What Jira answers to everything, and the words of which one is in what a person reads.

    ``mends_itself``: what was put off is done once Jira answers as before.
    """

    name: str
    words: tuple[str, ...]
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    mends_itself: bool = False

    def begin(self, house: House) -> None:
        house.jira.faults.answer_all(self.status, "", self.headers)


ACCOUNT = Fault(
    "the account",
    ("no longer accepts", "any more", "does not accept", "Connect your Jira account"),
    401,
)
RIGHT = Fault("a right", ("does not", "refused", "forbid", "not allow", "may not", "only to"), 403)
HIDDEN = Fault("not found", ("knows no issue", "knows no such issue", "does not show", "only"), 404)
BUSY = Fault("429", ("oo many requests",), 429, {"Retry-After": "2"}, mends_itself=True)
AWAY = Fault("away", ("does not answer", "Jira is back", "did not"), 503, mends_itself=True)
MOVED = Fault("moved", ("leads ",), 302, ELSEWHERE, mends_itself=True)
CUT = Fault("cut", AWAY.words, 0, mends_itself=True)
ODD = Fault("a refusal that nobody knows", ("HTTP 4", "refused", "gave no reason"), 409)
FAULTS = (ACCOUNT, RIGHT, HIDDEN, ODD, BUSY, AWAY, MOVED, CUT)
NOBODYS = (BUSY, AWAY, MOVED, CUT)

# What is said only where it is true.
ONLY_FOR = {
    "ask for a new token": (("no longer accepts", "any more", "Connect again"), (ACCOUNT,)),
    "call it busy": (("oo many requests",), (BUSY,)),
    "send to the operator": (("POLLBOT_JIRA_URL", "leads "), (MOVED,)),
    "call it away": (("Jira does not answer",), (AWAY, CUT)),
    "deny that it is there": (("knows no issue", "knows no such"), (HIDDEN, RIGHT)),
}


# What is under way


@dataclass
class Doing:
    """Something that asks Jira as Ada."""

    deed: Callable[[], Awaitable[object]]
    after: Callable[[], Awaitable[object]] | None = None
    """What is there once Jira answers again, if it was kept."""


Caller = Callable[[House], Awaitable[Doing]]


async def a_command(house: House) -> Doing:
    async def counted() -> None:
        await house.votes(KEY, 8)

    return Doing(lambda: house.vote(ADA, KEY), counted)


async def a_button(house: House) -> Doing:
    card = await issue_card(house)

    async def counted() -> None:
        await house.votes(KEY, 8)
        await house.slack.until(lambda: "8 votes" in card.text, what=card.text)

    return Doing(lambda: house.slack.press(ADA, card.id, "vote"), counted)


async def a_withdrawal(house: House) -> Doing:
    await house.vote(ADA, KEY)
    await house.told(ADA, "is counted")
    house.slack.messages.clear()

    async def withdrawn() -> None:
        await house.votes(KEY, 7)

    return Doing(lambda: house.slack.command(ADA, PLANNING, "/unvote", KEY), withdrawn)


async def a_card(house: House) -> Doing:
    return Doing(lambda: house.slack.command(ADA, PLANNING, "/votes", KEY))


async def a_poll(house: House) -> Doing:
    return Doing(lambda: command(house, ADA, f'{KEY} "Lunch?" "Pizza" "Soup"'))


async def a_list(house: House) -> Doing:
    return Doing(lambda: command(house, ADA, f"list {KEY}"))


async def results(house: House) -> Doing:
    await poll(house, f'{KEY} "Lunch?" "Pizza" "Soup"')
    return Doing(lambda: command(house, ADA, f"results {KEY}"))


async def an_answer(house: House) -> Doing:
    """An answer where only those may who can see the issue."""
    card = await poll(house, f'{KEY} "Lunch?" "Pizza" "Soup"')
    await command(house, ADA, "setup", "/pollbot")
    front = await window(house, ADA, "Everybody who sees the card")
    await house.slack.view_action(ADA, front.id, "needs_jira")
    await window(house, ADA, "Only people with a connected Jira account")
    await close_windows(house, ADA)
    return Doing(lambda: answer(house, ADA, card, "Soup"))


async def a_record(house: House) -> Doing:
    card = await poll(house, f'{KEY} "Lunch?" "Pizza" "Soup"')
    await answer(house, BEN, card, "Soup")
    told = await close(house, ADA, card)

    async def written() -> None:
        await house.jira.until(lambda: house.jira.comments(KEY), what="the comment")

    return Doing(lambda: house.slack.view_action(ADA, told.id, "record_result"), written)


async def a_schedule_by_hand(house: House) -> Doing:
    await issue_schedule(house)
    row = await listed(house)
    house.slack.messages[:] = [row]
    return Doing(lambda: press(house, ADA, row, "Run now"))


# What goes on by itself: its owner reads of it in their own chat


async def issue_card(house: House) -> Message:
    await house.slack.command(ADA, PLANNING, "/votes", KEY)
    return await house.card(KEY)


async def issue_schedule(house: House) -> None:
    await schedule(house, await issue_card(house), every="daily", at="09:00", channel=HALLWAY)


async def a_list_of_top_issues(house: House) -> None:
    await press(house, ADA, await listed(house), "New: top voted issues")
    await form(house)
    await change(house, "every", "daily")
    await submit(house, query="project = PLAT", at="09:00", view="bars", channel=HALLWAY)


async def a_ballot(house: House) -> None:
    await press(house, ADA, await listed(house), "New: ballot")
    await form(house)
    await change(house, "every", "daily")
    await submit(house, query="project = PLAT ORDER BY key", at="09:00", channel=HALLWAY)


async def a_polls_results(house: House) -> None:
    card = await poll(house, f'{KEY} "Lunch?" "Pizza" "Soup"')
    await schedule(house, card, every="daily", at="09:00", channel=HALLWAY)


DEEDS: dict[str, Caller] = {
    "a vote by command": a_command,
    "a vote by a button": a_button,
    "a withdrawal": a_withdrawal,
    "a card": a_card,
    "a poll": a_poll,
    "a list of polls": a_list,
    "results": results,
    "an answer": an_answer,
    "a result on an issue": a_record,
    "a post by hand": a_schedule_by_hand,
}
POSTS: dict[str, Callable[[House], Awaitable[None]]] = {
    "an issue": issue_schedule,
    "top issues": a_list_of_top_issues,
    "a ballot": a_ballot,
    "a poll's results": a_polls_results,
    "a fresh poll": ask_later,
}
MARKS = {a_command, a_button, a_withdrawal, a_card, a_poll, a_record}
"""What marks an account as refused, so that its owner is asked once; the rest just says so."""


class Heard:
    """What Ada reads privately from now on: messages, answers to what she sent, and windows."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._before = {id(message) for message in house.slack.messages}
        self._sent = len(house.slack.deliveries)

    @property
    def words(self) -> str:
        slack = self._house.slack
        private = [
            m.text + shown(m)
            for m in slack.messages
            if id(m) not in self._before and m.text in self._house.words(ADA)
        ]
        answers = [str(sent.answer.body) for sent in slack.deliveries[self._sent :]]
        return "\n".join([*private, *answers, *(str(v.view) for v in slack.stack_of(ADA))])


def kept(house: House) -> list[object]:
    """Return what no refusal may change: votes, answers, comments, links and other accounts."""
    return [
        {key: sorted(issue.voters) for key, issue in house.jira.issues.items()},
        [house.jira.comments(key) for key in house.jira.issues],
        house.rows("SELECT poll_id, voter, option_id FROM answers ORDER BY poll_id, voter"),
        house.rows("SELECT id, title, deleted_at FROM polls ORDER BY id"),
        house.rows("SELECT user_id, credential FROM accounts ORDER BY user_id"),
        house.rows("SELECT id, plan, snapshot FROM schedules ORDER BY id"),
        house.rows("SELECT user_id, refused_at FROM accounts WHERE user_id <> ?", ADA),
    ]


def refused(house: House) -> list[str]:
    return [user for (user,) in house.rows("SELECT user_id FROM accounts WHERE refused_at NOTNULL")]


def said_truly(words: str, fault: Fault) -> None:
    for claim, (parts, of) in ONLY_FOR.items():
        if fault not in of:
            found = [part for part in parts if part in words]
            assert not found, f"{claim}, though it is {fault.name}: {words}"


@pytest.fixture
async def world(house: House, pollbot: Pollbot) -> House:
    del pollbot
    house.slack.add_channel(HALLWAY, "hallway")
    await connect(house, ADA, BEN)
    return house


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
@pytest.mark.parametrize("caller", DEEDS.values(), ids=DEEDS)
async def test_what_a_person_does_is_refused_in_words_that_name_whose_fault_it_is(
    world: House, pollbot: Pollbot, caller: Caller, fault: Fault
) -> None:
    house = world
    doing = await caller(house)
    await rest(house, pollbot)
    before, heard = kept(house), Heard(house)
    fault.begin(house)

    await doing.deed()

    await house.slack.until(
        lambda: any(part in heard.words for part in fault.words), what=f"{fault}: {heard.words}"
    )
    await rest(house, pollbot)
    said_truly(heard.words, fault)
    assert kept(house) == before
    assert refused(house) == ([ADA] if fault is ACCOUNT and caller in MARKS else [])

    if fault.mends_itself and doing.after is not None:
        house.jira.faults.let_go()
        house.clock.ahead += 130
        await doing.after()
        assert refused(house) == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
@pytest.mark.parametrize("plan", POSTS.values(), ids=POSTS)
async def test_a_schedule_is_paused_only_for_what_is_its_own(
    world: House, pollbot: Pollbot, plan: Callable[[House], Awaitable[None]], fault: Fault
) -> None:
    house = world
    await plan(house)
    await rest(house, pollbot)
    before, posted = kept(house), len(posts(house))
    fault.begin(house)

    await until_due(house)

    if fault in NOBODYS:
        await house.jira.until(lambda: len(house.jira.calls) > 0, what="a try")
        await rest(house, pollbot)
        if fault is MOVED and plan is not a_polls_results:
            await house.told(ADA, "Your schedules are not paused")
    else:
        told = await house.told(ADA, "Your schedule is paused")
        await rest(house, pollbot)
        assert any(part in told.text for part in fault.words), told.text
        said_truly(told.text, fault)
    assert ("Paused" in str(await lines(house))) is (fault not in NOBODYS)
    assert refused(house) == ([ADA] if fault is ACCOUNT else [])
    if plan is a_polls_results and fault in NOBODYS:
        # Jira's silence is no no, and pollbot has the answers itself.
        assert not letters(house, ADA)
        assert len(posts(house)) == posted + 1
        return
    assert len(letters(house, ADA)) == (0 if fault in (BUSY, AWAY, CUT) else 1)
    assert kept(house) == before
    assert len(posts(house)) == posted

    house.jira.faults.let_go()
    if fault in NOBODYS:
        house.clock.ahead += 130
        await house.slack.until(lambda: len(posts(house)) > posted, 8, what="the post")
    else:
        assert len(posts(house)) == posted


def posts(house: House) -> list[str]:
    return [m.text for m in house.slack.messages if "Scheduled by" in shown(m)]


# Somebody else's account


async def hers(house: House) -> Message:
    """Have a schedule of Ben's, and return the list in which Ada, an admin, sees it."""
    await house.slack.command(BEN, PLANNING, "/votes", KEY)
    card = await house.card(KEY)
    await schedule(house, card, user=BEN, every="daily", at="09:00", channel=HALLWAY)
    row = await listed(house)
    house.slack.messages[:] = [row]
    return row


@pytest.mark.parametrize("fault", [ACCOUNT, RIGHT, HIDDEN], ids=lambda fault: fault.name)
@pytest.mark.parametrize("way", ["Run now", "Edit"])
async def test_what_jira_refuses_the_owner_is_not_told_to_an_admin_as_theirs(
    world: House, pollbot: Pollbot, fault: Fault, way: str
) -> None:
    house = world
    row = await hers(house)
    before, heard = kept(house), Heard(house)

    fault.begin(house)
    await press(house, ADA, row, way)
    if way == "Edit":
        await form(house)
        await submit(house, at="10:00")

    await house.slack.until(lambda: "whoever made that schedule" in heard.words, what=way)
    await rest(house, pollbot)
    said = heard.words
    assert ("their account" in said) is (fault is ACCOUNT), said
    assert "your account" not in said
    assert "to you" not in said
    assert kept(house) == before
    assert not posts(house)
    assert refused(house) == []
