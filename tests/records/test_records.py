"""Decisions on record: a closed poll's result, once on its issue, as the person who wants it."""

from typing import Any

from pollbot.sandbox.jira.people import Comment
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, CLEO, PLANNING, House, buttons, rest, written
from tests.support.polls import (
    BOUND,
    DAY,
    HOUR,
    action,
    answer,
    close,
    form_poll,
    manage,
    more,
    offers,
    poll,
    reopen,
    reply,
    until,
    window,
)
from tests.support.team_voice import by_default, close_windows, connect, team_voice

KEY = "PLAT-12"
WRITE = "Write result on the issue"


async def comment(house: House, part: str = "") -> Comment:
    """Return the issue's one comment once it has ``part``."""

    def there() -> bool:
        return any(part in said(one) for one in house.jira.comments(KEY))

    await house.jira.until(there, BOUND, what=f"a comment with “{part}”")
    (only,) = house.jira.comments(KEY)
    return only


def said(comment: Comment) -> str:
    """Return a comment's text, its nodes divided by spaces."""

    def texts(node: Any) -> list[str]:
        own = [node["text"]] if "text" in node else []
        return own + [text for child in node.get("content", []) for text in texts(child)]

    return " ".join(texts(comment.body))


async def at_peace(house: House, pollbot: Pollbot) -> None:
    """See that nothing more is tried in Jira, however much time passes."""
    await rest(house, pollbot)
    tried = comment_calls(house)
    for _ in range(2):
        house.clock.ahead += HOUR
        await rest(house, pollbot)
    assert comment_calls(house) == tried


def comment_calls(house: House) -> int:
    """Return how often Jira was asked anything about comments."""
    return sum("/comment" in call.path for call in house.jira.calls)


async def closed(house: House, words: str = "") -> None:
    """Let Ada close a poll on the issue that Ben has answered, and want its result there."""
    card = await poll(house, f'{KEY} {words} "Lunch?" "Pizza" "Soup"')
    await answer(house, BEN, card, "Soup")
    told = await close(house, ADA, card)
    await house.slack.view_action(ADA, told.id, "record_result")


# Written


async def test_whoever_closes_a_poll_on_an_issue_is_offered_to_write_it_there(
    house: House, pollbot: Pollbot
) -> None:
    del pollbot
    await connect(house, ADA)
    card = await poll(house, f'{KEY} "Lunch?" "Pizza" "Soup"')
    await answer(house, BEN, card, "Soup")

    told = await close(house, ADA, card)
    assert offers(told) == [WRITE]
    await house.slack.view_action(ADA, told.id, "record_result")

    written = await comment(house)
    assert written.author == "acc-ada"
    text = said(written)
    assert "Lunch?" in text
    assert "Option Answers Percent Pizza 0 0 % Soup 1 100 %" in text
    assert "Closed by Ada on" in text
    assert f"/archives/{PLANNING}/p{card.ts.replace('.', '')}" in str(written.body)
    word = await house.told(ADA, "is written on the issue")
    assert f"/browse/{KEY}?focusedCommentId={written.id}" in word.text
    assert "Ben" not in text


async def test_the_form_can_say_that_it_is_written_by_itself(
    house: House, pollbot: Pollbot
) -> None:
    del pollbot
    await connect(house, ADA)
    card = await form_poll(house, ends_in=HOUR, record=True, where=KEY)
    await answer(house, BEN, card, "Soup")

    house.clock.ahead += HOUR

    written = await comment(house)
    assert written.author == "acc-ada"
    assert "Closed by its deadline on" in said(written)
    await house.told(ADA, "is written on the issue")
    await reply(house, card, "by its deadline")
    assert not any("Its result can be kept" in text for text in house.words(ADA))


async def test_a_deadline_asks_the_creator_whether_to_write_it(
    house: House, pollbot: Pollbot
) -> None:
    del pollbot
    await connect(house, ADA)
    await poll(house, f'{KEY} {until(house, HOUR)} "Lunch?" "Pizza" "Soup"')

    house.clock.ahead += HOUR
    asked = await house.told(ADA, "has closed by its deadline")
    assert house.jira.comments(KEY) == []
    await house.slack.press(ADA, asked.id, action(asked, WRITE))

    await comment(house, "Closed by its deadline")
    assert sum("has closed by its deadline" in text for text in house.words(ADA)) == 1


async def test_it_is_offered_later_to_those_who_may_manage_the_poll(
    house: House, pollbot: Pollbot
) -> None:
    del pollbot
    await connect(house, ADA, BEN)
    card = await poll(house, f'{KEY} "Lunch?" "Pizza" "Soup"', user=BEN)
    await close(house, BEN, card)

    assert WRITE in offers(await more(house, BEN, card))
    assert WRITE not in offers(await more(house, CLEO, card))
    await manage(house, ADA, card, "record_result", "on its way")

    assert (await comment(house)).author == "acc-ada"


async def test_an_anonymous_poll_is_written_without_a_name(house: House, pollbot: Pollbot) -> None:
    del pollbot
    await connect(house, ADA)
    card = await poll(house, f'{KEY} anonymous "Lunch?" "Pizza" "Soup"')
    for user in (ADA, BEN, CLEO):
        await answer(house, user, card, "Soup")
    told = await close(house, ADA, card)

    await house.slack.view_action(ADA, told.id, "record_result")

    text = said(await comment(house))
    assert "Soup 3 100 %" in text
    assert "Closed by hand on" in text
    assert not any(name in text for name in ("Ada", "Ben", "Cleo"))


async def test_whom_slack_does_not_name_stands_on_no_issue_by_an_id(
    house: House, pollbot: Pollbot
) -> None:
    del pollbot
    busy = {"ok": False, "error": "ratelimited"}
    house.slack.faults.fail_next("users.info", 429, busy, {"Retry-After": "30"}, times=500)
    await connect(house, BEN)
    card = await poll(house, f'{KEY} "Lunch?" "Pizza" "Soup"', user=BEN)

    told = await close(house, BEN, card)
    await house.slack.view_action(BEN, told.id, "record_result")

    text = said(await comment(house))
    assert "Closed by hand on" in text
    assert BEN not in text


async def test_reopened_and_closed_again_the_same_comment_is_edited(
    house: House, pollbot: Pollbot
) -> None:
    del pollbot
    await connect(house, ADA)
    card = await poll(house, f'{KEY} "Lunch?" "Pizza" "Soup"')
    told = await close(house, ADA, card)
    await house.slack.view_action(ADA, told.id, "record_result")
    first = await comment(house, "Soup 0")
    await house.told(ADA, "is written on the issue")
    await reopen(house, ADA, card)
    await answer(house, BEN, card, "Soup")

    await close(house, ADA, card)

    assert (await comment(house, "Soup 1 100 %")).id == first.id
    await house.told(ADA, "is up to date")


async def test_a_second_wish_writes_no_second_comment(house: House, pollbot: Pollbot) -> None:
    await connect(house, ADA, BEN)
    card = await poll(house, f'{KEY} "Lunch?" "Pizza" "Soup"', user=BEN)
    await close(house, BEN, card)
    await manage(house, BEN, card, "record_result", "on its way")
    await comment(house)
    await at_peace(house, pollbot)

    await manage(house, ADA, card, "record_result", f"<@{BEN}>")

    await house.told(BEN, "is up to date")
    assert (await comment(house)).author == "acc-ben"


async def test_a_poll_that_is_open_or_on_no_issue_has_nothing_to_write(
    house: House, pollbot: Pollbot
) -> None:
    await connect(house, ADA)
    card = await poll(house, f'{KEY} {until(house, HOUR)} "Lunch?" "Pizza" "Soup"')
    house.clock.ahead += HOUR
    asked = await house.told(ADA, "has closed by its deadline")
    await reopen(house, ADA, card)

    await house.slack.press(ADA, asked.id, action(asked, WRITE))

    await house.told(ADA, "is still open")
    assert offers(await close(house, ADA, card)) == [WRITE], "no wish was kept"
    await at_peace(house, pollbot)
    assert house.jira.comments(KEY) == []


# Not connected


async def test_without_a_connection_the_wish_is_kept_until_there_is_one(
    house: House, pollbot: Pollbot
) -> None:
    await connect(house, ADA)
    card = await form_poll(house, record=True, where=KEY)
    await house.slack.command(ADA, PLANNING, "/pollbot", "disconnect")

    await close(house, ADA, card)
    asked = await house.told(ADA, "with your own Jira account, which pollbot needs once")
    assert list(buttons(asked).values()) == ["Connect Jira"]
    await at_peace(house, pollbot)
    house.clock.ahead += 3 * DAY
    await close_windows(house, ADA)
    await house.connect(ADA)

    await comment(house)
    assert sum("which pollbot needs once" in text for text in house.words(ADA)) == 1
    await rest(house, pollbot)
    written = comment_calls(house)
    await house.slack.command(ADA, PLANNING, "/pollbot", "disconnect")
    await house.connect(ADA)
    await rest(house, pollbot)
    assert comment_calls(house) == written, "what is there waits for no account"


async def test_a_refused_token_asks_for_a_new_one(house: House, pollbot: Pollbot) -> None:
    await connect(house, ADA)
    card = await form_poll(house, record=True, where=KEY)
    house.jira.revoke("acc-ada")

    await close(house, ADA, card)

    await house.told(ADA, "no longer accepts your API token")
    await at_peace(house, pollbot)


# Refused


async def test_a_missing_permission_is_told_and_the_offer_stays(
    house: House, pollbot: Pollbot
) -> None:
    await connect(house, ADA)
    ada = house.jira.people["acc-ada"]
    ada.may_comment = set()
    await closed(house)
    refused = await house.told(ADA, "you lack the permission *Add comments*")
    await at_peace(house, pollbot)

    ada.may_comment = None
    await house.slack.press(ADA, refused.id, action(refused, "Try again"))

    await comment(house)


async def test_an_issue_that_is_gone_is_told(house: House, pollbot: Pollbot) -> None:
    await connect(house, ADA)
    card = await form_poll(house, record=True, where=KEY)
    del house.jira.issues[KEY]

    await close(house, ADA, card)

    await house.told(ADA, f"Jira knows no issue {KEY}")
    await at_peace(house, pollbot)


# Jira away


async def test_while_jira_is_away_it_waits_and_says_so_once(house: House, pollbot: Pollbot) -> None:
    await connect(house, ADA)
    card = await form_poll(house, record=True, where=KEY)
    house.jira.faults.mode = "down"
    await close(house, ADA, card)
    await house.told(ADA, "Jira does not answer right now")
    house.clock.ahead += 60
    await house.jira.until(lambda: comment_calls(house) >= 2, BOUND, what="two lost tries")
    await rest(house, pollbot)

    house.jira.faults.mode = "up"
    house.clock.ahead += 60

    await comment(house)
    await house.told(ADA, "is written on the issue")
    assert sum("does not answer right now" in text for text in house.words(ADA)) == 1


async def test_that_it_waits_is_said_as_soon_as_slack_takes_words(
    house: House, pollbot: Pollbot
) -> None:
    await connect(house, ADA)
    card = await form_poll(house, record=True, where=KEY)
    house.jira.faults.mode = "down"
    house.slack.faults.turn_away("chat.postMessage", ADA)
    await close(house, ADA, card)
    await rest(house, pollbot)
    assert "Jira does not answer right now" not in str(house.words(ADA))

    house.slack.faults.let_go()
    house.clock.ahead += 60

    await house.told(ADA, "Jira does not answer right now")


async def test_that_it_waits_is_not_said_once_it_is_written(house: House, pollbot: Pollbot) -> None:
    await connect(house, ADA)
    card = await form_poll(house, record=True, where=KEY)
    house.jira.faults.mode = "down"
    house.slack.faults.turn_away("chat.postMessage", ADA)
    await close(house, ADA, card)
    await rest(house, pollbot)
    house.jira.faults.mode = "up"
    house.clock.ahead += 60
    await comment(house)
    await rest(house, pollbot)

    house.slack.faults.let_go()
    house.clock.ahead += 60

    await house.told(ADA, "is written on the issue")
    await rest(house, pollbot)
    assert "Jira does not answer right now" not in str(house.words(ADA))


async def test_a_lost_answer_makes_no_second_comment(house: House, pollbot: Pollbot) -> None:
    await connect(house, ADA)
    house.jira.faults.lose_next_answer("POST comment")

    await closed(house)
    await house.told(ADA, "Jira does not answer right now")
    house.clock.ahead += 60

    await comment(house, "Soup 1")
    await house.told(ADA, "is up to date")
    await at_peace(house, pollbot)


async def test_a_kill_between_jiras_answer_and_our_row_makes_no_second_comment(
    house: House,
) -> None:
    async with house.program():
        await connect(house, ADA)
        house.jira.faults.lose_next_answer("POST comment")
        await closed(house)
        await house.told(ADA, "Jira does not answer right now")

    async with house.program() as pollbot:
        await house.told(ADA, "is up to date")
        await at_peace(house, pollbot)

    await comment(house, "Soup 1")


async def test_a_comment_that_was_deleted_in_jira_is_written_anew(
    house: House, pollbot: Pollbot
) -> None:
    del pollbot
    await connect(house, ADA)
    card = await poll(house, f'{KEY} "Lunch?" "Pizza" "Soup"')
    told = await close(house, ADA, card)
    await house.slack.view_action(ADA, told.id, "record_result")
    first = await comment(house)
    await house.told(ADA, "is written on the issue")
    house.jira.issues[KEY].comments.clear()

    await manage(house, ADA, card, "record_result", "on its way")

    second = await comment(house)
    assert second.id != first.id


async def test_a_kill_while_a_deleted_comment_is_written_anew_makes_no_second_one(
    house: House,
) -> None:
    async with house.program():
        await connect(house, ADA)
        card = await poll(house, f'{KEY} "Lunch?" "Pizza" "Soup"')
        told = await close(house, ADA, card)
        await house.slack.view_action(ADA, told.id, "record_result")
        await comment(house)
        await house.told(ADA, "is written on the issue")
        house.jira.issues[KEY].comments.clear()
        house.jira.faults.lose_next_answer("POST comment")
        await manage(house, ADA, card, "record_result", "on its way")
        await house.told(ADA, "Jira does not answer right now")

    async with house.program() as pollbot:
        await comment(house)
        await house.told(ADA, "is up to date")
        await at_peace(house, pollbot)

    await comment(house)


async def test_two_presses_while_jira_is_slow_write_one_comment(house: House) -> None:
    async with house.program() as pollbot:
        await connect(house, ADA)
        card = await poll(house, f'{KEY} "Lunch?" "Pizza" "Soup"')
        told = await close(house, ADA, card)
        house.jira.faults.mode, house.jira.faults.slow_seconds = "slow", 2.0

        await house.slack.view_action(ADA, told.id, "record_result")
        await house.slack.heard("chat.getPermalink")
        await written(pollbot)
        opened = await more(house, ADA, card)
        house.jira.faults.mode = "up"
        await house.slack.view_action(ADA, opened.id, "record_result")

        await house.told(ADA, "is written on the issue")
        await at_peace(house, pollbot)

    await comment(house)


async def test_of_a_poll_that_was_opened_again_meanwhile_nothing_is_written(house: House) -> None:
    async with team_voice(house) as voice, house.program(**by_default(voice)) as pollbot:
        await connect(house, ADA)
        card = await poll(house, f'{KEY} "Lunch?" "Pizza" "Soup"')
        told = await close(house, ADA, card)
        await reply(house, card, "Closed")
        house.clock.ahead += 60
        voice.faults.mode, voice.faults.slow_seconds = "slow", 1.0
        await house.slack.view_action(ADA, told.id, "record_result")
        await window(house, ADA, "on its way")

        await reopen(house, ADA, card)

        voice.faults.mode = "up"
        await rest(house, pollbot)
        assert house.jira.comments(KEY) == []
        await close(house, ADA, card)
        await comment(house, "Soup 0")


async def test_a_revoked_token_is_not_taken_for_a_deleted_comment(
    house: House, pollbot: Pollbot
) -> None:
    del pollbot
    await connect(house, ADA)
    card = await poll(house, f'{KEY} "Lunch?" "Pizza" "Soup"')
    told = await close(house, ADA, card)
    await house.slack.view_action(ADA, told.id, "record_result")
    first = await comment(house)
    await house.told(ADA, "is written on the issue")
    house.jira.revoke("acc-ada")

    await manage(house, ADA, card, "record_result", "on its way")

    await house.told(ADA, "no longer accepts your API token")
    house.jira.people["acc-ada"].tokens["new-token"] = None
    await close_windows(house, ADA)
    await house.connect(ADA, token="new-token")
    await house.told(ADA, "is up to date")
    assert (await comment(house)).id == first.id


async def test_results_are_read_anew_before_they_are_written(house: House) -> None:
    async with team_voice(house) as voice, house.program(**by_default(voice)):
        await connect(house, ADA, BEN)
        card = await poll(house, f'{KEY} "Lunch?" "Pizza" "Soup"')
        await answer(house, BEN, card, "Soup")
        (there,) = voice.polls
        told = await close(house, ADA, card)
        await reply(house, card, "Closed")
        house.clock.ahead += 60
        voice.answer_inside(there, "somebody", [voice.polls[there].option_ids[0]])

        await house.slack.view_action(ADA, told.id, "record_result")

        text = said(await comment(house))
        assert "2 answers: 1 in Slack, 1 in Jira" in text
        await window(house, ADA, "on its way")
