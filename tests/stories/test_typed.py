"""What people type after /poll, from the signed command to the card, the form or the sentence."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pollbot.sandbox.slack import Answer, Message, View
from tests.support import polls
from tests.support.house import ADA, BEN, LEADS, PLANNING, Clock, House, shown

pytestmark = pytest.mark.usefixtures("pollbot")

BERLIN = "Europe/Berlin"
LUNCH = '"Lunch?" "Pizza" "Soup"'
NOON = datetime(2030, 11, 28, 12, 0, tzinfo=ZoneInfo(BERLIN)).timestamp()  # a Thursday


@pytest.fixture
def clock() -> Clock:
    """It is Thursday noon in Berlin, where everybody here lives."""
    return Clock.begun(NOON)


async def poll(house: House, text: str, user: str = ADA, channel: str = PLANNING) -> Answer:
    answer = await house.slack.command(user, channel, "/poll", text)
    assert (answer.status, answer.error) == (200, None), answer
    return answer


async def without_trigger(house: House, text: str) -> Answer:
    """Send the command with nothing by which a form could be opened."""
    payload = {
        "team_id": house.slack.team_id,
        "user_id": ADA,
        "channel_id": PLANNING,
        "command": "/poll",
        "text": text,
        "response_url": "",
    }
    return await house.slack.deliver(payload, kind="slash_commands")


async def card_of(house: House, text: str) -> Message:
    """Return the card of the poll “Lunch?” that this text makes."""
    answer = await poll(house, text)
    assert "Nothing was created" not in answer.body, answer
    return await house.card("Lunch?")


async def form_of(house: House, text: str) -> View:
    await poll(house, text)
    return await polls.window(house, ADA, '"callback_id": "create_poll"')


def made(house: House) -> list[tuple[Any, ...]]:
    return house.rows("SELECT title FROM polls")


def options(form: View) -> list[str]:
    """Return the options that a form has in it."""
    return (polls.chosen(form, "options") or "").split("\n")


def berlin(moment: str) -> float:
    return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(BERLIN)).timestamp()


ENDS = {
    "18:00": "2030-11-28 18:00",
    "6 PM": "2030-11-28 18:00",
    "６：３０ｐｍ": "2030-11-28 18:30",
    "6:30\N{NARROW NO-BREAK SPACE}pm": "2030-11-28 18:30",
    "tomorrow 9:00": "2030-11-29 09:00",
    "tomorrow": "2030-11-29 23:59:59",
    "fri 17:00": "2030-11-29 17:00",
    "FRIDAY": "2030-11-29 23:59:59",
    "next monday 10:00": "2030-12-02 10:00",
    "noon": "2030-11-29 12:00",
    "midnight": "2030-11-29 00:00",
    "30 Nov": "2030-11-30 23:59:59",
    "Nov 30 17:00": "2030-11-30 17:00",
    "30.11. 17:00": "2030-11-30 17:00",
    "2030‑11‑30": "2030-11-30 23:59:59",
    "2030-11-30 17:00": "2030-11-30 17:00",
    "2030-11-30T24:00": "2030-12-01 00:00",
}


@pytest.mark.parametrize(("said", "end"), ENDS.items())
async def test_an_end_is_understood_as_people_say_it_and_said_back(
    house: House, said: str, end: str
) -> None:
    card = await card_of(house, f"until {said} {LUNCH}")

    assert polls.end_of(card) == int(berlin(end))
    told = await house.told(ADA, "closes on")
    day = datetime.fromtimestamp(berlin(end), ZoneInfo(BERLIN))
    assert f"<!date^{int(berlin(end))}^{{date_long}}, {{time}}|" in shown(told)
    assert f"{day:%a} {day.day} {day:%b %Y, %H:%M}" in shown(told)
    assert BERLIN in shown(told)
    assert f"<!date^{int(berlin(end))}^{{date_long}}, {{time}}|" in shown(card)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("2h", 7200), ("90 min", 5400), ("3 days", 3 * 86400), ("1 week", 7 * 86400), ("1h30m", 5400)],
)
async def test_an_end_may_be_so_much_time_from_now(house: House, said: str, seconds: int) -> None:
    card = await card_of(house, f"{LUNCH} until {said}")

    end = polls.end_of(card)
    assert end is not None
    assert abs(end - (NOON + seconds)) < 60
    assert "closes on" in (await house.told(ADA, "closes on")).text


@pytest.mark.parametrize(
    "text",
    [
        f"until 18:00 {LUNCH}",
        f'until "18:00" {LUNCH}',
        f"{LUNCH} until 18:00",
        f"{LUNCH} until “6 pm”",
        '"Lunch?" until 18:00 "Pizza" "Soup"',
        f"—until 18:00 {LUNCH}",
        f"--until=18:00 {LUNCH}",
        f"ｕｎｔｉｌ 18:00 {LUNCH}",
    ],
)
async def test_the_end_may_stand_before_and_after_the_options(house: House, text: str) -> None:
    card = await card_of(house, text)

    assert polls.end_of(card) == int(berlin("2030-11-28 18:00"))
    assert {"Pizza", "Soup"} < set(polls.labels(card).values())


async def test_an_end_is_by_the_clock_of_whoever_types_it(house: House) -> None:
    house.slack.people[ADA].tz = "America/New_York"

    card = await card_of(house, f"until 18:00 {LUNCH}")

    assert polls.end_of(card) == int(berlin("2030-11-29 00:00"))
    told = await house.told(ADA, "closes on")
    assert "Thu 28 Nov 2030, 18:00" in shown(told)
    assert "your time zone, America/New York" in shown(told)


async def test_an_end_with_date_and_offset_leaves_nothing_to_say_back(house: House) -> None:
    answer = await poll(house, f"until 2030-11-28T17:00Z {LUNCH}")

    assert answer.body == ""
    assert polls.end_of(await house.card("Lunch?")) == int(berlin("2030-11-28 18:00"))


NO_ENDS = {
    "3/4": "Write `2031-03-04` or `2031-04-03`",
    "next friday": "Write `2030-11-29` or `2030-12-06`",
    "5:30": "Write `2030-11-28 17:30` or `2030-11-29 05:30`",
    "eod": "Write `2030-11-28 17:00` or `2030-11-28 23:59`",
    "2031-10-26 2:30": "Write `2031-10-26 02:30+02:00` or `2031-10-26 02:30+01:00`",
    "2031-03-30 2:30": "does not exist",
    "yesterday": "in the past: Wed 27 Nov 2030, 23:59",
    "10 sec": "less than a minute",
    "11 years": "more than ten years",
    "17:00 CET": "short name",
    "1700 hours": "Write `2030-11-28 17:00` or `2031-02-07 08:00`",
    "17:00-18:00": "Write `2030-11-28 17:00` or `2030-11-28 18:00`",
    "lunch": "no day or time that I can read",
}


@pytest.mark.parametrize(("said", "why"), NO_ENDS.items())
async def test_an_end_that_cannot_be_meant_is_refused_with_what_to_write(
    house: House, said: str, why: str
) -> None:
    answer = await without_trigger(house, f"until {said} {LUNCH}")

    assert why in answer.body
    assert "Nothing was created." in answer.body
    assert made(house) == []


@pytest.mark.parametrize("said", NO_ENDS)
async def test_an_end_that_cannot_be_meant_is_chosen_in_the_form_with_all_the_rest(
    house: House, said: str
) -> None:
    form = await form_of(house, f"until {said} {LUNCH}")

    assert (polls.chosen(form, "title"), options(form)) == ("Lunch?", ["Pizza", "Soup"])
    assert polls.chosen(form, "end") is None
    assert "warning" in polls.drawn(form)
    assert "left it out" not in polls.drawn(form)
    assert made(house) == []


QUOTED = [
    "″Lunch?″ ″Don't know″ ″5″ screen″",
    "`Lunch?` `Don't know` `5″ screen`",
    "「Lunch?」「Don't know」「5″ screen」",
    "『Lunch?』 『Don't know』 『5″ screen』",
    "„Lunch?“ „Don't know“ „5″ screen“",
    "„Lunch?” „Don't know” „5″ screen”",
    "”Lunch?” ”Don't know” ”5″ screen”",
    "«\N{NO-BREAK SPACE}Lunch?\N{NO-BREAK SPACE}» «\N{NARROW NO-BREAK SPACE}Don't know »"
    " «5″ screen»",
    "‹Lunch?› ›Don't know‹ ‹5″ screen›",
    "〝Lunch?〞 〝Don't know〟 〝5″ screen〟",
    "＇Lunch?＇ ‚Don't know‘ ‛5″ screen’",
    "´Lunch?´ `Don't know´ '5″ screen'",
    "''Lunch?'' ``Don't know'' ,,5″ screen”",
    '“Lunch?" „Don\'t know" "5″ screen“',
]


@pytest.mark.parametrize("text", QUOTED)
async def test_every_kind_of_quotation_marks_makes_the_same_poll(house: House, text: str) -> None:
    answer = await poll(house, text)

    assert answer.body == ""
    card = await house.card("Lunch?")
    assert list(polls.labels(card).values())[:2] == ["Don't know", "5″ screen"]


FORMS = {
    "Lunch?": [""],
    "Lunch? Pizza Soup": ["Pizza", "Soup"],
    "Lunch?\nPizza\nPea soup": ["Pizza", "Pea soup"],
    "Lunch?\n- Pizza\n- Pea soup\n- Salad": ["Pizza", "Pea soup", "Salad"],
    "Lunch? Pizza, Pea soup or Salad": ["Pizza", "Pea soup", "Salad"],
}


@pytest.mark.parametrize(("text", "options"), FORMS.items())
async def test_a_question_without_quotes_opens_the_form_filled_in(
    house: House, text: str, options: list[str]
) -> None:
    form = await form_of(house, text)

    assert polls.chosen(form, "title") == "Lunch?"
    assert (polls.chosen(form, "options") or "").split("\n") == options
    assert made(house) == []


async def test_the_form_that_was_filled_in_makes_the_poll(house: House) -> None:
    form = await form_of(house, "multi until fri 17:00 Lunch? Pizza Soup")
    assert polls.chosen(form, "end") == int(berlin("2030-11-29 17:00"))
    assert "several" in polls.chosen(form, "settings")

    sent = await house.slack.submit(ADA, form.id, {})

    assert (sent.status, sent.body) == (200, "")
    card = await house.card("Lunch?")
    assert polls.end_of(card) == int(berlin("2030-11-29 17:00"))
    assert {"Pizza", "Soup"} < set(polls.labels(card).values())
    assert "Choose as many as you like" in shown(card)


async def test_what_the_form_does_not_understand_is_said_in_it(house: House) -> None:
    form = await form_of(house, "until 3/4 Lunch? Pizza Soup --mutli")

    said = polls.drawn(form)
    assert "can be read in more than one way" in said
    assert "left it out; did you mean `multi`?" in said
    assert polls.chosen(form, "end") is None
    assert options(form) == ["Pizza", "Soup"]


async def test_what_was_not_understood_stays_said_when_the_form_is_drawn_again(
    house: House,
) -> None:
    await house.connect(ADA)
    for view in house.slack.stack_of(ADA):
        await house.slack.close(ADA, view.id)

    form = await form_of(house, "PLAT-12 until 3/4 Lunch? Pizza Soup --mutli")
    await house.slack.view_action(ADA, form.id, "turn_place")
    await polls.window(house, ADA, "Without an issue or page")
    await polls.all_of(house, form)

    assert "can be read in more than one way" in polls.drawn(form)
    assert "did you mean `multi`?" in polls.drawn(form)


@pytest.mark.parametrize("code", ["expired_trigger_id", "invalid_trigger_id", "view_too_large"])
async def test_where_no_form_opens_the_sentence_is_the_command_to_send(
    house: House, code: str
) -> None:
    house.slack.faults.fail_next("views.open", body={"ok": False, "error": code})

    await poll(house, "multi What's `it`? A&amp;B C until 18:00")
    told = await house.told(ADA, "without the form")

    assert made(house) == []
    command = literal(told).partition("/poll ")[2]
    answer = await poll(house, command.replace("&", "&amp;"))
    assert "Nothing was created" not in answer.body
    card = await house.card("What's")
    assert {"A&B", "C"} < set(polls.labels(card).values())
    assert polls.end_of(card) == int(berlin("2030-11-28 18:00"))


async def test_a_command_without_a_trigger_loses_nothing(house: House) -> None:
    await without_trigger(house, "Lunch? Pizza Soup")

    told = await house.told(ADA, "without the form")
    assert '/poll "Lunch?" "Pizza" "Soup"' in told.text


async def test_more_than_a_form_holds_is_given_back_as_a_command(house: House) -> None:
    await poll(house, "Which? " + " ".join(f"o{n:060}" for n in range(50)))

    told = await house.told(ADA, "too much for a form")
    assert f'"o{0:060}" "o{1:060}"' in told.text
    assert f'"o{49:060}"' in told.text


async def test_a_wrong_issue_before_a_question_gives_the_question_back(house: House) -> None:
    await poll(house, "Prüfung-12 Lunch? Pizza Soup")

    told = await house.told(ADA, "I found no issue in “Prüfung-12”")
    assert '"Lunch?" "Pizza" "Soup"' in told.text


async def test_a_typo_of_a_known_word_is_named_and_makes_no_poll(house: House) -> None:
    for text in (f"--mutli {LUNCH}", f"{LUNCH} --mutli", f"mutli {LUNCH}"):
        answer = await poll(house, text)

        assert "did you mean `multi`?" in await polls.why_not(house, ADA, answer)
        form = await polls.window(house, ADA, "create_poll")
        assert (polls.chosen(form, "title"), options(form)) == ("Lunch?", ["Pizza", "Soup"])
        await house.slack.close(ADA, form.id)
    assert made(house) == []


@pytest.mark.parametrize("dash", ["--", "—", "–", "－", "ー", "‐", "−"])
@pytest.mark.parametrize(
    ("word", "shows"),
    [
        ("multi", "Choose as many as you like"),
        ("anonymous", "Anonymous: nobody sees who chose what"),
        ("final", "answers are final"),
        ("comments", "Comment"),
        ("percent", "Everybody sees the percentages"),
        ("hidden", "The results are shown when the poll closes"),
        ("aftervote", "You see the results once you have answered"),
        ("until 18:00", "Closes on"),
    ],
)
async def test_dashes_before_a_word_do_not_matter(
    house: House, word: str, shows: str, dash: str
) -> None:
    card = await card_of(house, f"{dash}{word} {LUNCH}")

    assert shows in shown(card)


async def test_the_end_is_said_back_where_the_app_is_no_member_too(house: House) -> None:
    await poll(house, f"until fri 17:00 {LUNCH}", user=BEN, channel=LEADS)

    await house.card("Lunch?", channel=LEADS)
    told = await house.told(BEN, "closes on")
    assert "Fri 29 Nov 2030, 17:00" in shown(told)


def literal(message: Message) -> str:
    """Return the words of the message as a person sees them."""

    def words(part: Any) -> list[str]:
        if isinstance(part, dict):
            own = [part["text"]] if isinstance(part.get("text"), str) else []
            return own + [word for each in part.values() for word in words(each)]
        return [word for each in part for word in words(each)] if isinstance(part, list) else []

    return "".join(words(message.blocks)).replace("&lt;", "<").replace("&gt;", ">")
