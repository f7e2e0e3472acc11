"""Who voted here is told once that the issue is resolved: never twice, and nothing that is old."""

import shutil

import pytest

from pollbot.sandbox.slack import Message
from pollbot.store import copies
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, PLANNING, TOKENS, House, letters, rest, shown
from tests.support.team_voice import close_windows

DAY = 86400.0
RESOLVED = "is resolved"


async def voted(house: House, user: str, key: str = "PLAT-13") -> None:
    """Vote, and wait until the receipt is there."""
    if not house.rows("SELECT 1 FROM accounts WHERE user_id = ?", user):
        await house.connect(user)
    told = len(house.words(user))
    await house.vote(user, key)
    await house.slack.until(
        lambda: any("is counted" in one for one in house.words(user)[told:]), what="the receipt"
    )


async def looks(house: House, pollbot: Pollbot, seconds: float = 700.0) -> None:
    """Let time pass until pollbot has looked at the issues, and told what it has to tell."""
    await rest(house, pollbot)
    house.clock.ahead += seconds
    await rest(house, pollbot)
    # What waits for a second or two, too.
    house.clock.ahead += 3.0
    await rest(house, pollbot)


def told(house: House, user: str) -> list[str]:
    return [one for one in letters(house, user) if RESOLVED in one]


async def word(house: House, user: str) -> Message:
    return await house.told(user, RESOLVED)


def pressing(message: Message, label: str) -> str:
    """Return the action_id of a button by its words."""
    return next(
        str(element["action_id"])
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["text"]["text"] == label
    )


async def test_each_voter_is_told_once_that_the_issue_is_resolved(
    house: House, pollbot: Pollbot
) -> None:
    for user in (ADA, BEN):
        await voted(house, user)
    await looks(house, pollbot)
    assert told(house, ADA) == []

    house.jira.resolve("PLAT-13", "Fixed & <done>")
    for _ in range(3):
        await looks(house, pollbot)

    for user in (ADA, BEN):
        assert (
            told(house, user)
            == [
                "🏁 PLAT-13 is resolved (Fixed &amp; &lt;done&gt;), and you voted for it: Dark mode"
            ]
            or len(told(house, user)) == 1
        )
        said = shown(await word(house, user))
        assert "PLAT-13" in said
        assert "Fixed" in said
    # With the word, nothing of the votes is kept any more.
    assert house.rows("SELECT * FROM cast_votes") == []
    assert house.rows("SELECT * FROM voted_issues") == []
    assert house.rows("SELECT * FROM outbox WHERE kind = 'shipped'") == []


async def test_who_withdrew_is_told_nothing(house: House, pollbot: Pollbot) -> None:
    await voted(house, ADA)
    await voted(house, BEN)
    await house.slack.command(ADA, PLANNING, "/unvote", "PLAT-13")
    await house.told(ADA, "is withdrawn")
    # In Jira itself: pollbot did not hear of it.
    house.jira.issues["PLAT-13"].voters.discard("acc-ben")

    house.jira.resolve("PLAT-13")
    await looks(house, pollbot)

    assert told(house, ADA) == told(house, BEN) == []
    assert house.rows("SELECT * FROM cast_votes") == []


async def test_a_withdrawal_that_is_on_its_way_counts(house: House, pollbot: Pollbot) -> None:
    await voted(house, ADA)
    await looks(house, pollbot)
    house.jira.faults.fail_next("DELETE votes", 503, times=1000)
    await house.slack.command(ADA, PLANNING, "/unvote", "PLAT-13")
    await house.told(ADA, "Queued")

    house.jira.resolve("PLAT-13")
    await looks(house, pollbot)

    assert told(house, ADA) == []


async def test_a_muted_project_is_told_of_no_more_until_it_is_wanted_again(
    house: House, pollbot: Pollbot
) -> None:
    await voted(house, ADA)
    await voted(house, ADA, "PLAT-12")
    await voted(house, BEN, "PLAT-12")
    house.jira.resolve("PLAT-13")
    await looks(house, pollbot)
    first = await word(house, ADA)

    await house.slack.press(ADA, first.id, pressing(first, "Mute PLAT"))
    muted = await house.told(ADA, "Muted")
    house.jira.resolve("PLAT-12")
    await looks(house, pollbot)
    assert len(told(house, ADA)) == 1
    assert len(told(house, BEN)) == 1
    assert house.rows("SELECT * FROM cast_votes") == []

    answer = await house.slack.command(ADA, PLANNING, "/pollbot", "shipped")
    assert "Muted projects: PLAT." in answer.body
    await house.slack.press(ADA, muted.id, pressing(muted, "Tell me again"))
    await house.told(ADA, "From now on I tell you once")
    house.jira.add_issue("PLAT-14", "One more")
    await voted(house, ADA, "PLAT-14")
    house.jira.resolve("PLAT-14")
    await looks(house, pollbot)
    assert len(told(house, ADA)) == 2
    answer = await house.slack.command(ADA, PLANNING, "/pollbot", "shipped")
    assert "Muted projects" not in answer.body


async def test_who_muted_all_is_told_of_nothing_and_nothing_is_kept(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    await house.slack.command(ADA, PLANNING, "/pollbot", "shipped")
    shown_first = await house.told(ADA, "I tell you once")
    await house.slack.press(ADA, shown_first.id, pressing(shown_first, "Mute all projects"))
    await house.told(ADA, "Muted")
    await voted(house, ADA)

    assert house.rows("SELECT * FROM cast_votes") == []
    house.jira.resolve("PLAT-13")
    await looks(house, pollbot)
    assert told(house, ADA) == []


async def test_a_duplicate_offers_to_move_the_vote_and_moves_nothing_by_itself(
    house: House, pollbot: Pollbot
) -> None:
    await voted(house, ADA)
    await looks(house, pollbot)
    house.jira.resolve("PLAT-13", "Duplicate", duplicates="PLAT-12")
    await looks(house, pollbot)

    said = await word(house, ADA)
    assert "In Jira it is a duplicate of" in said.text
    assert house.jira.votes("PLAT-12") == 7
    await house.slack.press(ADA, said.id, pressing(said, "Move my vote to PLAT-12"))
    await house.votes("PLAT-12", 8)
    await house.told(ADA, "is counted")
    # Of that one they hear as well.
    await looks(house, pollbot)
    house.jira.resolve("PLAT-12")
    await looks(house, pollbot)
    assert len(told(house, ADA)) == 2


async def test_a_duplicate_that_its_voter_may_not_see_is_not_named(
    house: House, pollbot: Pollbot
) -> None:
    house.jira.add_issue("SEC-1", "Secret", seen_by={"acc-ben"})
    for user in (ADA, BEN):
        await voted(house, user)
    await looks(house, pollbot)
    house.jira.resolve("PLAT-13", "Duplicate", duplicates="SEC-1")
    await looks(house, pollbot)

    assert "SEC-1" not in str((await word(house, ADA)).blocks)
    assert "SEC-1" in str((await word(house, BEN)).blocks)


async def test_who_may_not_see_it_any_more_is_told_nothing_and_others_are(
    house: House, pollbot: Pollbot
) -> None:
    for user in (ADA, BEN):
        await voted(house, user)
    await looks(house, pollbot)
    house.jira.issues["PLAT-13"].seen_by = {"acc-ben"}
    house.jira.resolve("PLAT-13")
    # It is Ada's turn first, to whom Jira does not show it.
    await looks(house, pollbot)
    await looks(house, pollbot)

    assert told(house, ADA) == []
    assert len(told(house, BEN)) == 1


async def test_one_issue_that_is_gone_keeps_no_other_from_being_told(
    house: House, pollbot: Pollbot
) -> None:
    house.jira.add_issue("PLAT-20", "To be deleted")
    for key in ("PLAT-12", "PLAT-20", "PLAT-13"):
        await voted(house, ADA, key)
    await looks(house, pollbot)
    del house.jira.issues["PLAT-20"]
    house.jira.resolve("PLAT-13")
    await looks(house, pollbot)

    assert len(told(house, ADA)) == 1


async def test_an_issue_that_moved_is_told_once_under_its_new_key(
    house: House, pollbot: Pollbot
) -> None:
    await voted(house, ADA)
    await looks(house, pollbot)
    house.jira.move("PLAT-13", "OPS-3")
    await looks(house, pollbot)
    house.jira.resolve("OPS-3")
    for _ in range(3):
        await looks(house, pollbot)

    [once] = told(house, ADA)
    assert "OPS-3" in once


async def test_jira_that_is_away_delays_the_word(house: House, pollbot: Pollbot) -> None:
    await voted(house, ADA)
    await looks(house, pollbot)
    house.jira.resolve("PLAT-13")
    house.jira.faults.mode = "down"
    await looks(house, pollbot)
    await looks(house, pollbot)
    assert told(house, ADA) == []

    house.jira.faults.mode = "up"
    for _ in range(3):
        await looks(house, pollbot, 3700.0)
    assert len(told(house, ADA)) == 1


async def test_an_issue_that_is_reopened_in_time_is_told_later_and_once(
    house: House, pollbot: Pollbot
) -> None:
    await voted(house, ADA)
    await looks(house, pollbot)
    house.jira.resolve("PLAT-13")
    house.slack.faults.mode = "down"
    await looks(house, pollbot)
    house.jira.reopen("PLAT-13")
    house.slack.faults.mode = "up"
    await looks(house, pollbot)
    await looks(house, pollbot)
    assert told(house, ADA) == []

    for _ in range(2):
        house.jira.resolve("PLAT-13")
        await looks(house, pollbot)
        await looks(house, pollbot)
        house.jira.reopen("PLAT-13")
        await looks(house, pollbot)
    assert len(told(house, ADA)) == 1


async def test_what_was_resolved_already_is_told_nothing(house: House, pollbot: Pollbot) -> None:
    house.jira.resolved_may_vote = True
    await voted(house, ADA, "PLAT-7")
    # Resolved before anybody saw it open: its count could not be read back.
    house.jira.faults.fail_next("GET issue", 503, times=2)
    await looks(house, pollbot)
    await looks(house, pollbot)

    assert told(house, ADA) == []
    assert house.rows("SELECT * FROM cast_votes") == []


async def test_who_disconnects_is_forgotten(house: House, pollbot: Pollbot) -> None:
    await voted(house, ADA)
    await voted(house, BEN)
    await looks(house, pollbot)
    await house.slack.command(ADA, PLANNING, "/pollbot", "disconnect")
    assert house.rows("SELECT user_id FROM cast_votes") == [(BEN,)]

    house.jira.resolve("PLAT-13")
    await looks(house, pollbot)
    assert told(house, ADA) == []
    assert len(told(house, BEN)) == 1
    assert house.rows("SELECT * FROM voted_issues") == []


async def test_a_vote_is_kept_for_a_year(house: House, pollbot: Pollbot) -> None:
    await voted(house, ADA)
    await looks(house, pollbot, 364 * DAY)
    assert len(house.rows("SELECT * FROM cast_votes")) == 1
    await looks(house, pollbot, 2 * DAY)
    assert house.rows("SELECT * FROM cast_votes") == []


async def test_whose_account_is_refused_hears_it_once_they_are_connected_again(
    house: House, pollbot: Pollbot
) -> None:
    await voted(house, ADA)
    await looks(house, pollbot)
    house.jira.people["acc-ada"].tokens.clear()
    house.jira.resolve("PLAT-13")
    await looks(house, pollbot)
    assert told(house, ADA) == []

    house.jira.people["acc-ada"].tokens[TOKENS[ADA]] = None
    await close_windows(house, ADA)
    await house.connect(ADA)
    for _ in range(3):
        await looks(house, pollbot, 3700.0)
    assert len(told(house, ADA)) == 1


async def test_a_clock_that_is_set_back_has_nobody_told_twice(
    house: House, pollbot: Pollbot
) -> None:
    await voted(house, ADA)
    await voted(house, BEN, "PLAT-12")
    await looks(house, pollbot)
    house.jira.resolve("PLAT-13")
    await looks(house, pollbot)
    house.clock.wrong -= 40 * DAY
    house.jira.resolve("PLAT-12")
    for _ in range(3):
        await looks(house, pollbot, 3700.0)

    assert len(told(house, ADA)) == 1
    assert len(told(house, BEN)) == 1


@pytest.mark.of_files
async def test_an_older_copy_tells_nobody_again(house: House) -> None:
    async with house.program() as pollbot:
        for user in (ADA, BEN):
            await voted(house, user)
        await voted(house, BEN, "PLAT-12")
        await looks(house, pollbot)
        copy = house.database.with_name("copy.db")
        copies.back_up(house.database, copy)
        house.jira.resolve("PLAT-13")
        await looks(house, pollbot)
        assert len(told(house, ADA)) == len(told(house, BEN)) == 1
    for beside in ("-wal", "-shm"):
        house.database.with_name(house.database.name + beside).unlink(missing_ok=True)
    shutil.copy(copy, house.database)

    async with house.program() as pollbot:
        for _ in range(3):
            await looks(house, pollbot)
        assert len(told(house, ADA)) == len(told(house, BEN)) == 1
        # What is resolved from then on is news.
        house.jira.resolve("PLAT-12")
        await looks(house, pollbot)
        await looks(house, pollbot)
        assert len(told(house, BEN)) == 2


@pytest.mark.parametrize("way", ["taken", "lost"])
async def test_a_word_whose_answer_is_lost_arrives_once(
    house: House, pollbot: Pollbot, way: str
) -> None:
    await voted(house, ADA)
    await looks(house, pollbot)
    house.jira.resolve("PLAT-13")
    if way == "taken":
        house.slack.faults.lose_next_answer("chat.postMessage", 1)
    else:
        house.slack.faults.fail_next("chat.postMessage", 0, times=1)
    await looks(house, pollbot)
    for _ in range(3):
        await looks(house, pollbot, 60.0)

    assert len(told(house, ADA)) == 1


async def test_without_the_scope_to_look_a_word_that_is_in_doubt_is_not_said_again(
    house: House, pollbot: Pollbot
) -> None:
    house.slack.tokens.bot_scopes.remove("im:write")
    await voted(house, ADA)
    await looks(house, pollbot)
    house.jira.resolve("PLAT-13")
    house.slack.faults.lose_next_answer("chat.postMessage", 1)
    await looks(house, pollbot)
    for _ in range(3):
        await looks(house, pollbot, 60.0)

    assert len(told(house, ADA)) == 1
    assert house.rows("SELECT * FROM cast_votes") == []
