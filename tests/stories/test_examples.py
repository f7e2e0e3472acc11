"""Everything that pollbot's texts tell people to type does what they say of it."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pollbot.jira.jql import is_query
from pollbot.polls.typed_words import OPPOSITES
from pollbot.sandbox.slack import Message
from pollbot.sandbox.slack.things import UserGroup
from pollbot.wiring import Pollbot
from tests.support import examples, polls
from tests.support.house import ADA, LEADS, PLANNING, Clock, House, letters, shown
from tests.support.team_voice import MACRO, PAGE, close_windows, team_voice

pytestmark = pytest.mark.usefixtures("pollbot")

LINKED, ALONE = PLANNING, LEADS
LUNCH = '"Lunch?" "Pizza" "Soup"'
TEMPLATES = ("yesno", "score", "stars", "emoji", "hearts")
UNTIL = re.compile(r"\d.*|tomorrow.*|(?:mon|tue|wed|thu|fri|sat|sun)\b.*")
TYPED = examples.typed()
JQL = re.compile(r"PLAT|\w+ = .*")
NOON = datetime(2030, 11, 28, 12, 0, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()


@pytest.fixture
def clock() -> Clock:
    """It is a Thursday noon in November: `30 Nov` is to come, and `3/4` may be two days."""
    return Clock.begun(NOON)


@pytest.fixture(autouse=True)
async def world(house: House, pollbot: Pollbot) -> AsyncIterator[None]:
    """Ada is connected; one channel is linked to PLAT-12, which has a poll, as has no issue."""
    del pollbot
    async with team_voice(house):
        await house.connect(ADA)
        await close_windows(house, ADA)
        await house.slack.command(ADA, LINKED, "/pollbot", "link PLAT-12")
        house.slack.groups["S0DEVS"] = UserGroup("S0DEVS", "devs", "Devs", {ADA})
        await polls.poll(house, '"On the issue?" "A" "B"', channel=LINKED)
        await polls.poll(house, '"On nothing?" "A" "B"', channel=ALONE)
        yield


def as_written(house: House, span: str) -> tuple[str, str]:
    """Return the command and its text, with something in place of what stands for something."""
    page = f"{house.jira.site_url}/wiki/spaces/DOCS/pages/{PAGE}/Release+plan"
    for placeholder, value in {
        "[issue]": "PLAT-12",
        "[votes]": "15",
        "[page]": page,
        "[id]": MACRO,
        "https://acme.atlassian.net/wiki/spaces/DOCS/pages/123 4f1c9b7e": f"{page} {MACRO}",
    }.items():
        span = span.replace(placeholder, value)
    span = span.replace(" …", "" if span.count('"') > 2 else ' "Pizza" "Soup"')
    if span == "/pollbot macro":
        span = f"{span} {page} {MACRO}"
    if not span.startswith("/"):
        span = in_its_command(span)
    command, _, text = span.partition(" ")
    return command, text


def in_its_command(span: str) -> str:
    """Return the command in which a word or a text may stand."""
    first = span.split()[0]
    if first == "@pollbot" or (f"/{first}" in examples.HINTS and span != first):
        # In a message the same words do the same (tests/stories/test_written.py).
        return f"/pollbot {span.removeprefix('@pollbot ')}"
    if span == "me":
        return "/pollbot forget me"
    own = {way.split()[0] for way in examples.HINTS["/pollbot"].split(" | ")}
    if f"/{span}" in examples.HINTS:
        return f"/pollbot {span} PLAT-12" if span != "poll" else f"/pollbot poll {LUNCH}"
    if span in own:
        return f"/pollbot {span}"
    if re.fullmatch(r"[A-Za-z]+-\d+", span):
        return f"/vote {span}"
    if span in TEMPLATES:
        return f"/poll {span}"
    if first == "top":
        return f"/votes {span} PLAT"
    if re.fullmatch("open|closed|mine|[0-9]+[my]", span):
        return f"/poll list {span}"
    if span in ("@devs", "everybody", "members"):
        return f"/poll for {span} {LUNCH}"
    if span == "for":
        return f"/poll for members {LUNCH}"
    if span == "max 3":
        return f'/poll {span} {LUNCH} "Salad"'
    if UNTIL.fullmatch(span):
        return f"/poll until {span} {LUNCH}"
    if span == '\\"':
        return '/poll "Is it \\"Lunch?\\" now?" "Pizza" "Soup"'
    return f"/poll {span} {LUNCH}"


async def run(house: House, command: str, text: str) -> str:
    """Type the command where it makes sense, and return what its person is told at once."""
    bare = command in ("/vote", "/unvote", "/votes") and not text
    here = text.split()[:1] == ["here"] or text.split()[1:2] == ["here"]
    channel = LINKED if bare or here or command == "/pollbot" else ALONE
    answer = await house.slack.command(ADA, channel, command, text)
    assert (answer.status, answer.error) == (200, None), answer
    return answer.body


async def votes(house: House, command: str, text: str) -> None:
    if command == "/unvote":
        await house.vote(ADA, "PLAT-12")
        await house.votes("PLAT-12", 8)
    await run(house, command, text)
    if text == "top":
        await polls.window(house, ADA, '"callback_id": "show_votes"')
    elif text.startswith("top "):
        await house.card("Top voted issues: PLAT", channel=ALONE)
    elif command == "/votes":
        shown = "Vote on these issues" if is_query(text) else "PLAT-12: Export"
        await house.card(shown, channel=ALONE if text else LINKED)
    else:
        await house.votes("PLAT-12", 8 if command == "/vote" else 7)


async def makes_a_poll(house: House, _command: str, text: str) -> None:
    """A form, a list, or a poll with all that was asked for."""
    first = text.partition('"')[0].split()
    page = any("/wiki/" in word for word in first)
    if first[:1] in (["template"], ["templates"]):
        await opens_a_template(house, text)
        return
    said = await run(house, "/poll", text)
    if first[:1] == ["list"] and {*first} - {"list", "here", "PLAT-12"} and not page:
        assert "Nothing found" in said or "polls found" in said, said
        return
    if {"list", "results"} & {*first}:
        has, lacks = "On the issue?", "On nothing?"
        if "PLAT-12" not in first:
            has, lacks = lacks, has
        assert has in said
        assert lacks not in said
        assert "Post here" in said
        return
    if '"' not in text and not {*first} & {*TEMPLATES}:
        form = await polls.window(house, ADA, '"callback_id": "create_poll"')
        assert ("PLAT-12" in polls.drawn(form)) == ("PLAT-12" in first)
        assert (PAGE in polls.drawn(form)) == page
        assert polls.chosen(form, "title") in (None, "") or "?" in first[0]
        return
    assert "Nothing was created" not in said, said
    quoted = re.findall(r'"((?:\\.|[^"\\])+)"', text)
    card = await newest_poll(house)
    for part in quoted:
        assert part.replace('\\"', '"') in shown(card).replace("\\'", "'")
    assert ("PLAT-12" in shown(card)) == ("PLAT-12" in first)
    assert ("Release plan" in shown(card)) == page
    # What is usual changes nothing without defaults of a workspace (tests/polls/test_defaults.py).
    other = ("PLAT-12", "here", "local", *TEMPLATES, *OPPOSITES)
    plain = [word for word in first if word not in other and "/wiki/" not in word]
    # That everybody may answer is so anyway.
    plain = [] if plain == ["for", "everybody"] else plain
    if plain:
        await run(house, "/poll", text.replace(" ".join(plain), "", 1).strip())
        without = await newest_poll(house)
        assert without.id != card.id
        assert shown(without) != shown(card), f"{plain} changed nothing"
    if "until" in first and "all" not in first:
        assert polls.end_of(card) is not None


async def opens_a_template(house: House, text: str) -> None:
    """The list of them, or the form with the one that is named."""
    name = text.partition(" ")[2]
    if name:
        card = await polls.poll(house, '"Fine?" "Yes" "No"')
        form = await polls.manage(house, ADA, card, "save_as_template", "Saved as")
        await house.slack.submit(ADA, form.id, {"name": {"value": name}})
        await house.slack.close(ADA, form.id)
    await run(house, "/poll", text)
    form = await polls.window(house, ADA, "create_poll" if name else "poll_templates")
    assert not name or polls.chosen(form, "title") == "Fine?"


def in_marks(block: dict[str, Any]) -> str:
    """Return what a paragraph says, its code between marks, whatever Slack has it as."""
    if "text" in block:
        return str(block["text"]["text"])
    return "".join(
        f"`{part['text']}`" if part.get("style", {}).get("code") else str(part.get("text", ""))
        for line in block["elements"]
        for part in line["elements"]
    )


async def newest_poll(house: House) -> Message:
    before = {"On the issue?", "On nothing?"}

    def there() -> Message | None:
        found = [card for card in polls.hanging(house) if not any(t in card.text for t in before)]
        ((made,),) = house.rows("SELECT count(*) FROM polls")
        return found[-1] if found and len(found) == made - len(before) else None

    return await house.slack.until(there, polls.BOUND, what="the card of the newest poll")


async def manages(house: House, command: str, text: str) -> None:
    word, _, rest = text.partition(" ")
    if f"/{word}" in examples.HINTS:
        channel = ALONE if rest else LINKED
        if word in ("vote", "unvote", "votes"):
            if word == "unvote":
                await house.vote(ADA, "PLAT-12")
                await house.votes("PLAT-12", 8)
            await house.slack.command(ADA, channel, command, text)
            if word == "votes":
                await house.card("PLAT-12: Export", channel=channel)
            else:
                await house.votes("PLAT-12", 8 if word == "vote" else 7)
        else:
            await house.slack.command(ADA, channel, command, text)
            assert "Lunch?" in (await newest_poll(house)).text
        return
    said = await run(house, command, text)
    forms = {"connect": "connect_jira", "setup": "setup", "tell": "threshold"}
    sentences = {
        "disconnect": "is disconnected",
        "link": "is now linked to" if rest else "This channel is linked to",
        "unlink": "is no longer linked to",
        "previews": "gets a preview",
        "shipped": "I tell you once",
        "reminders": {"": "may remind you", "on": "remind you again", "off": "No poll reminds"}.get(
            rest, ""
        ),
        "schedules": "schedules",
        "thresholds": "thresholds",
        "forget": "What pollbot keeps of you" if rest == "me" else "Nothing is kept of",
        "macro": "Remembered for *Release plan*",
        "help": "*Vote on Jira issues, as yourself*",
    }
    if word in forms:
        await polls.window(house, ADA, f'"callback_id": "{forms[word]}"')
    else:
        assert sentences[word] in said, said
        assert "I do not know" not in said


RULES: dict[str, Callable[[House, str, str], Awaitable[None]]] = {
    "/vote": votes,
    "/unvote": votes,
    "/votes": votes,
    "/poll": makes_a_poll,
    "/pollbot": manages,
}


@pytest.mark.parametrize(
    "span",
    [
        span
        for span in TYPED
        if not span.startswith("/invite ") and not JQL.fullmatch(span)  # Slack's own, and Jira's
    ],
)
async def test_what_is_said_to_type_does_what_is_said_of_it(house: House, span: str) -> None:
    command, text = as_written(house, span)

    await RULES[command](house, command, text)

    assert not any("Something broke" in text for text in letters(house, ADA))


REFUSED = [
    "/vote",
    "/unvote Prüfung-12",
    "/votes РLAT-12",
    "/poll mutli PLAT-12 {lunch}",
    "/poll lunch {lunch}",
    '/poll "Lunch?"',
    "/poll {lunch} Salad",
    '/poll "Lunch? Pizza',
    "/poll yesno {lunch}",
    "/poll yesno hearts",
    "/poll here PLAT-12 {lunch}",
    '/poll Lunch? "Pizza" "Soup"',
    '/poll multi PLAT-12 Lunch? "Pizza" "Soup"',
    '/poll Lunch? until 18:00 "Pizza" "Soup"',
    '/poll "Lunch?" "Pizza" or "Soup"',
    '/poll "Lunch?" "Pizza" Soup',
    "/poll {lunch} @here",
    "/poll final {lunch} <@U0BEN|ben>",
    "/poll create anonymous {lunch}",
    "/poll close PLAT-12",
    "/poll until {lunch}",
    "/poll until 3/4 {lunch}",
    "/poll until eod {lunch}",
    "/poll until tonight {lunch}",
    "/poll until 17:00 CET {lunch}",
    "/pollbot conect",
    "/pollbot dance",
    "/pollbot macro PLAT-12",
]


@pytest.mark.parametrize("wrong", REFUSED)
async def test_what_a_refusal_says_to_type_does_what_is_meant(house: House, wrong: str) -> None:
    command, _, text = wrong.replace("{lunch}", LUNCH).partition(" ")
    answer = await house.slack.command(ADA, ALONE, command, text)
    said = str((answer.json or {}).get("text")) if answer.body else ""
    if not said:
        form = await polls.window(house, ADA, '"callback_id": "create_poll"')
        said = in_marks(form.view["blocks"][0])
        await house.slack.close(ADA, form.id)
    assert house.rows("SELECT count(*) FROM polls") == [(2,)]

    for span in {*examples.spans(said)} - {*TYPED} - {"until"}:
        command, text = as_written(house, span)
        await RULES[command](house, command, text)
        house.jira.issues["PLAT-12"].voters.discard("acc-ada")
        await close_windows(house, ADA)
