"""A threshold tells once that an issue reached a number of votes, and first what it would have."""

from typing import Any

import pytest

from pollbot.slack.clicks import (
    DeleteThresholdClick,
    EditThresholdClick,
    PauseThresholdClick,
    ResumeThresholdClick,
)
from pollbot.slack.kit import actions, button
from pollbot.wiring import Pollbot
from tests.support.catalog import unbracketed
from tests.support.house import (
    ADA,
    BEN,
    LEADS,
    PLANNING,
    TOKENS,
    TWO_OF_US,
    House,
    buttons,
    letters,
    pings,
    rest,
    shown,
)
from tests.support.rights import allow
from tests.support.schedules import errors, press, told_in_form
from tests.support.team_voice import close_windows
from tests.support.thresholds import (
    form,
    listed,
    look,
    opened,
    preview,
    save,
    submit,
    tells,
    told,
    vote_in_jira,
)

DAY = 86400.0


@pytest.fixture(autouse=True)
async def ada(house: House, pollbot: Pollbot) -> None:
    """Ada is connected, and it is a minute after midnight."""
    del pollbot
    house.slack.channels[LEADS].app_is_member = True
    await house.connect(ADA)
    await close_windows(house, ADA)
    house.clock.ahead += DAY - house.clock() % DAY + 60


# Once


async def test_a_channel_is_told_once_that_an_issue_has_so_many_votes(
    house: House, pollbot: Pollbot
) -> None:
    await tells(house, pollbot, "5 PLAT-13")
    vote_in_jira(house, "PLAT-13", 4)
    await look(house, pollbot)
    assert told(house) == []

    vote_in_jira(house, "PLAT-13", 6)
    for _ in range(3):
        await look(house, pollbot)

    [message] = told(house)
    assert message.text.startswith(":bell: PLAT-13 reached 5 votes.")
    assert "Threshold of Ada" in shown(message)
    assert {"Vote", "Withdraw"} <= set(buttons(message).values())
    assert pings(house) == []
    # It is over, so nothing of it is kept.
    assert house.rows("SELECT * FROM crossings") == []
    assert house.rows("SELECT * FROM outbox WHERE kind = 'crossed'") == []


async def test_what_was_told_stays_fresh(house: House, pollbot: Pollbot) -> None:
    await tells(house, pollbot, "5 PLAT-13")
    vote_in_jira(house, "PLAT-13", 5)
    await look(house, pollbot)
    [message] = told(house)

    await house.slack.press(ADA, message.id, "vote")
    await house.slack.until(lambda: "*6 votes*" in str(message.blocks), what="the new count")

    assert message.text.startswith(":bell: PLAT-13 reached 5 votes.")


async def test_a_vote_that_pollbot_brings_is_told_without_delay(
    house: House, pollbot: Pollbot
) -> None:
    vote_in_jira(house, "PLAT-13", 4)
    await tells(house, pollbot, "5 PLAT-13")
    before = house.clock()

    await house.vote(ADA, "PLAT-13")
    await house.slack.until(lambda: told(house), what="the word")

    assert house.clock() - before < 120


async def test_what_has_so_many_votes_already_is_no_news(house: House, pollbot: Pollbot) -> None:
    vote_in_jira(house, "PLAT-13", 7)
    await tells(house, pollbot, "5 PLAT-13")
    vote_in_jira(house, "PLAT-13", 9)

    await look(house, pollbot)

    assert told(house) == []


async def test_flapping_is_no_news_and_a_fall_that_lasts_makes_the_next_rise_one(
    house: House, pollbot: Pollbot
) -> None:
    await tells(house, pollbot, "5 PLAT-13")
    for votes in (5, 4, 5, 4, 6):
        vote_in_jira(house, "PLAT-13", votes)
        await look(house, pollbot)
    assert len(told(house)) == 1

    vote_in_jira(house, "PLAT-13", 4)
    for _ in range(2):
        await look(house, pollbot)
    vote_in_jira(house, "PLAT-13", 5)
    await look(house, pollbot)

    assert len(told(house)) == 2


async def test_only_its_owner_is_told_where_no_channel_is_chosen(
    house: House, pollbot: Pollbot
) -> None:
    await tells(house, pollbot, "5 PLAT-13", channel=None)
    vote_in_jira(house, "PLAT-13", 5)

    for _ in range(2):
        await look(house, pollbot)

    [word] = [one for one in letters(house, ADA) if "reached" in one]
    assert word.startswith(":bell: PLAT-13 reached 5 votes.")
    assert told(house) == []
    assert house.rows("SELECT 1 FROM cards") == []


# Many


def some_issues(house: House, number: int) -> list[str]:
    keys = [f"OPS-{n}" for n in range(1, number + 1)]
    for key in keys:
        house.jira.add_issue(key, f"Wish {key}")
    return keys


async def test_jira_that_was_away_for_hours_has_forty_issues_told_in_one_message(
    house: House, pollbot: Pollbot
) -> None:
    keys = some_issues(house, 40)
    await tells(house, pollbot, "5 OPS")
    house.jira.faults.mode = "down"
    for _ in range(3):
        await look(house, pollbot, 3600)
    for key in keys:
        vote_in_jira(house, key, 6)
    house.jira.faults.mode = "up"

    for _ in range(8):
        await look(house, pollbot, 3600)

    [message] = told(house)
    assert message.text.startswith(":bell: OPS-1, OPS-2, OPS-3, ")
    assert "OPS-39 and OPS-40 reached 5 votes" in message.text
    assert all(key in message.text for key in keys)
    assert "and 20 more" in shown(message)


async def test_what_goes_to_one_channel_at_once_is_one_message(
    house: House, pollbot: Pollbot
) -> None:
    await tells(house, pollbot, "5 PLAT-13")
    await tells(house, pollbot, "9 PLAT-12")
    await tells(house, pollbot, "3 project = PLAT", channel=LEADS)
    vote_in_jira(house, "PLAT-12", 9)
    vote_in_jira(house, "PLAT-13", 5)

    await look(house, pollbot)

    [message] = told(house)
    assert message.text.startswith(":bell: PLAT-12 reached 9 votes. PLAT-13 reached 5 votes.")
    [elsewhere] = told(house, LEADS)
    assert elsewhere.text.startswith(":bell: PLAT-13 reached 3 votes.")


async def test_thresholds_on_single_issues_share_one_search(house: House, pollbot: Pollbot) -> None:
    for key in some_issues(house, 8):
        await tells(house, pollbot, f"5 {key}")
    await look(house, pollbot)
    before = len(house.jira.calls)

    house.clock.ahead += 700
    await rest(house, pollbot)

    assert [call.path.rpartition("/")[2] for call in house.jira.calls[before:]] == ["jql"]


async def test_an_issue_that_left_the_list_is_no_news_when_it_comes_back(
    house: House, pollbot: Pollbot
) -> None:
    some_issues(house, 2)
    await tells(house, pollbot, "5 OPS")
    vote_in_jira(house, "OPS-1", 6)
    await look(house, pollbot)
    house.jira.resolve("OPS-1")
    await look(house, pollbot)
    house.jira.reopen("OPS-1")
    await look(house, pollbot)
    assert len(told(house)) == 1

    # Voted down to nothing it is in no list of issues with votes, and yet seen to fall.
    vote_in_jira(house, "OPS-1", 0)
    for _ in range(2):
        await look(house, pollbot)
    vote_in_jira(house, "OPS-1", 5)
    await look(house, pollbot)

    assert len(told(house)) == 2


async def test_an_issue_that_is_resolved_is_asked_for_by_its_key_once(
    house: House, pollbot: Pollbot
) -> None:
    some_issues(house, 2)
    await tells(house, pollbot, "5 OPS")
    vote_in_jira(house, "OPS-1", 6)
    await look(house, pollbot)
    house.jira.resolve("OPS-1")
    await look(house, pollbot)
    before = len(house.jira.calls)

    await look(house, pollbot)

    assert len(house.jira.calls) - before == 1


# Before it is saved


async def test_a_rule_first_shows_what_it_would_have_done(house: House, pollbot: Pollbot) -> None:
    for day, votes in enumerate((2, 4, 6, 3, 7)):
        vote_in_jira(house, "PLAT-13", votes)
        await house.slack.command(ADA, TWO_OF_US, "/votes", "PLAT-13")
        await house.slack.until(
            lambda: house.rows("SELECT 1 FROM vote_counts WHERE votes = ?", votes),  # noqa: B023
            what=f"the count of day {day}",
        )
        house.clock.ahead += DAY

    await opened(house, "5 PLAT-13")
    said = await preview(house, channel=PLANNING)

    assert "1 of 1 has so many votes already, which is not told: " in said
    assert "In the last 30 days it would have told 2 times: " in said
    assert "pollbot read them on 5 of the 30 days before today, and what was" in said
    assert house.rows("SELECT * FROM thresholds") == []


async def test_of_what_nobody_has_counted_the_preview_says_so(
    house: House, pollbot: Pollbot
) -> None:
    house.rows("SELECT 1")
    await opened(house, "50 PLAT")

    said = await preview(house, channel=PLANNING)

    assert "which all have fewer votes now" in said or "which has fewer votes now" in said
    assert "it would have told nothing, as far as is known" in said
    assert "has read those of none of these issues before today" in said


async def test_another_number_is_shown_anew_before_it_is_saved(
    house: House, pollbot: Pollbot
) -> None:
    vote_in_jira(house, "PLAT-13", 7)
    await opened(house, "5 PLAT-13")
    assert "1 of 1 has so many votes already" in await preview(house, channel=PLANNING)

    await submit(house, votes="8", channel=PLANNING)
    view = await form(house)

    assert "which has fewer votes now" in str(view.view)
    assert house.rows("SELECT * FROM thresholds") == []
    # Whom it tells may change without that.
    assert "Saved" in told_in_form(await submit(house, votes="8", channel=LEADS))
    assert house.rows("SELECT votes, channel_id FROM thresholds") == [(8, LEADS)]


async def test_a_jira_that_takes_long_shows_it_once_it_has_answered(
    house: House, pollbot: Pollbot
) -> None:
    view = await opened(house, "5 PLAT-13")
    house.jira.faults.slow_down("GET issue", 6.0)
    answer = await submit(house, channel=PLANNING)
    assert "Jira takes its time" in told_in_form(answer)

    await house.slack.until(
        lambda: "what it would have done" in str(view.view), 10, what="the preview, later"
    )
    house.jira.faults.mend("GET issue")

    assert "Saved" in told_in_form(await submit(house, channel=PLANNING))


async def test_the_menu_of_a_card_opens_the_form(house: House, pollbot: Pollbot) -> None:
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-13")
    card = await house.card("PLAT-13")
    menu = next(
        element
        for block in card.blocks
        for element in block.get("elements", ())
        if element["type"] == "overflow"
    )
    entry = next(
        one for one in menu["options"] if unbracketed(one["text"]["text"]) == "Tell at … votes"
    )

    await house.slack.choose(ADA, card.id, menu["action_id"], entry["value"])

    view = await form(house)
    assert "'initial_value': 'PLAT-13'" in str(view.view)
    assert f"'initial_conversation': '{PLANNING}'" in str(view.view)
    assert "Saved" in await save(house, votes="3", channel=PLANNING)
    # The menu's other entries do what they did.
    watch = next(one for one in menu["options"] if unbracketed(one["text"]["text"]) == "Watch")
    await house.slack.choose(ADA, card.id, menu["action_id"], watch["value"])
    await house.told(ADA, "You watch")


async def test_a_channel_that_is_named_in_the_command_is_asked_for(
    house: House, pollbot: Pollbot
) -> None:
    view = await opened(house, "15 #product PLAT-13")

    assert "Choose #product here." in str(view.view)
    assert "initial_conversation" not in str(view.view)


# What is wrong with it


@pytest.mark.parametrize(
    "typed", ["", "0 PLAT-12", "-3 PLAT-12", "1e9 PLAT-12", "fünfzehn PLAT-12"]
)
async def test_what_is_no_number_is_said_and_opens_nothing(
    house: House, pollbot: Pollbot, typed: str
) -> None:
    answer = await house.slack.command(ADA, PLANNING, "/pollbot", f"tell {typed}")

    assert "Give a whole number from 1 to 1,000,000" in answer.body
    assert not house.slack.views


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({"subject": "NOPE-1"}, "subject", "or does not show it to you"),
        ({"subject": "NOPE"}, "subject", "Jira does not take that JQL"),
        ({"subject": "project = "}, "subject", "Jira does not take that JQL"),
        ({"subject": "PLAT-12 PLAT-13"}, "subject", "one issue at a time"),
    ],
)
async def test_what_cannot_be_waited_for_stands_at_its_field(
    house: House, pollbot: Pollbot, fields: dict[str, str], field: str, says: str
) -> None:
    await opened(house, "5 PLAT-13")

    said = errors(await submit(house, channel=PLANNING, **fields))

    assert list(said) == [field]
    assert says.casefold() in said[field].casefold(), said
    assert house.rows("SELECT * FROM thresholds") == []


async def test_who_is_not_connected_is_told_so(house: House, pollbot: Pollbot) -> None:
    await opened(house, "5 PLAT-13", BEN)

    answer = await submit(house, BEN, channel=PLANNING)

    assert "connect" in str(errors(answer) or told_in_form(answer)).casefold()
    assert house.rows("SELECT * FROM thresholds") == []


async def test_the_same_threshold_is_not_kept_twice(house: House, pollbot: Pollbot) -> None:
    await tells(house, pollbot, "5 PLAT-13")
    await opened(house, "5 plat-13")
    await preview(house, channel=PLANNING)

    said = errors(await submit(house, channel=PLANNING))

    assert "You have that threshold already" in str(said)
    # Elsewhere, or at another number, it is another one.
    assert "Saved" in told_in_form(await submit(house, channel=LEADS))
    assert house.rows("SELECT count(*) FROM thresholds") == [(2,)]


async def test_a_private_channel_is_told_only_for_its_members(
    house: House, pollbot: Pollbot
) -> None:
    house.slack.add_channel("C0SECRET", "secret", is_private=True, members=[BEN])
    house.slack.channels["C0SECRET"].app_is_member = True
    await opened(house, "5 PLAT-13")
    await preview(house, channel="C0SECRET")

    said = errors(await submit(house, channel="C0SECRET"))

    assert "does not say that you may look into that channel" in said["channel"]
    assert house.rows("SELECT * FROM thresholds") == []


async def test_a_channel_that_is_archived_is_refused(house: House, pollbot: Pollbot) -> None:
    house.slack.channels[LEADS].is_archived = True
    await opened(house, "5 PLAT-13")
    await preview(house, channel=LEADS)

    assert "channel" in errors(await submit(house, channel=LEADS))
    assert house.rows("SELECT * FROM thresholds") == []


async def test_twenty_are_enough(house: House, pollbot: Pollbot) -> None:
    for number in range(1, 21):
        await opened(house, f"{number} PLAT-13")
        await save(house, channel=PLANNING)
    await opened(house, "21 PLAT-13")
    await preview(house, channel=PLANNING)

    said = errors(await submit(house, channel=PLANNING))

    assert "You have 20 thresholds already" in str(said)
    assert house.rows("SELECT count(*) FROM thresholds") == [(20,)]


async def test_a_list_of_which_too_many_are_above_is_refused_and_paused_later(
    house: House, pollbot: Pollbot
) -> None:
    for key in some_issues(house, 100):
        vote_in_jira(house, key, 2)
    await opened(house, "2 OPS")
    said = errors(await submit(house, channel=PLANNING))
    assert "At least 100 issues there have that many votes" in said["votes"]

    await submit(house, votes="3", channel=PLANNING)
    assert "Saved" in told_in_form(await submit(house, votes="3", channel=PLANNING))
    await rest(house, pollbot)
    for key in list(house.jira.issues):
        vote_in_jira(house, key, 3)
    await look(house, pollbot)

    assert "At least 100 issues there have that many votes" in str(letters(house, ADA))
    assert house.rows("SELECT paused FROM thresholds") == [(1,)]
    assert told(house) == []


async def test_where_voting_is_switched_off_there_is_nothing_to_wait_for(
    house: House, pollbot: Pollbot
) -> None:
    house.jira.issues["PLAT-13"].voters.clear()
    house.jira.voting_enabled = False
    await opened(house, "5 PLAT-13")

    said = errors(await submit(house, channel=PLANNING))

    assert "Voting is switched off" in said["subject"]


# Managing


async def test_a_paused_one_tells_nothing_and_not_later_either(
    house: House, pollbot: Pollbot
) -> None:
    await tells(house, pollbot, "5 PLAT-13")
    await press(house, ADA, await listed(house), "Pause")
    await house.told(ADA, "Paused: at 5 votes on")
    vote_in_jira(house, "PLAT-13", 5)
    await look(house, pollbot)
    await press(house, ADA, await listed(house), "Resume")
    await house.told(ADA, "It goes on")
    await look(house, pollbot)
    assert told(house) == []

    vote_in_jira(house, "PLAT-13", 1)
    for _ in range(2):
        await look(house, pollbot)
    vote_in_jira(house, "PLAT-13", 5)
    await look(house, pollbot)

    assert len(told(house)) == 1


async def test_an_edited_one_begins_anew_but_not_for_another_channel(
    house: House, pollbot: Pollbot
) -> None:
    await tells(house, pollbot, "5 PLAT-13")
    vote_in_jira(house, "PLAT-13", 6)
    await look(house, pollbot)
    await press(house, ADA, await listed(house), "Edit")
    await save(house, votes="4", channel=PLANNING)
    await look(house, pollbot)
    assert len(told(house)) == 1

    await press(house, ADA, await listed(house), "Edit")
    await save(house, votes="8", channel=PLANNING)
    await look(house, pollbot)
    await press(house, ADA, await listed(house), "Edit")
    await save(house, votes="8", channel=LEADS)
    vote_in_jira(house, "PLAT-13", 8)
    await look(house, pollbot)

    assert len(told(house)) == 1
    [message] = told(house, LEADS)
    assert "PLAT-13 reached 8 votes" in message.text


async def test_a_deleted_one_tells_nothing(house: House, pollbot: Pollbot) -> None:
    await tells(house, pollbot, "5 PLAT-13")
    await press(house, ADA, await listed(house), "Delete")
    await house.told(ADA, "The threshold is deleted")
    vote_in_jira(house, "PLAT-13", 5)

    await look(house, pollbot)

    assert told(house) == []
    for table in ("thresholds", "threshold_states", "crossings"):
        assert house.rows(f"SELECT * FROM {table}") == []  # noqa: S608  a name


async def test_others_in_the_channel_see_it_and_change_nothing(
    house: House, pollbot: Pollbot
) -> None:
    await tells(house, pollbot, "5 PLAT-13")
    [(mine,)] = house.rows("SELECT id FROM thresholds")

    theirs = await listed(house, BEN)
    assert "Told in this channel for others" in shown(theirs)
    assert set(buttons(theirs).values()) == {"New threshold"}
    for click in (
        PauseThresholdClick(threshold=mine),
        ResumeThresholdClick(threshold=mine),
        EditThresholdClick(threshold=mine),
        DeleteThresholdClick(threshold=mine),
    ):
        before = len(house.words(BEN))
        message = house.slack.post(
            PLANNING, house.slack.bot_user_id, "-", [actions(button("-", click))]
        )
        await house.slack.press(BEN, message.id, click.action_id)
        await house.slack.until(lambda: len(house.words(BEN)) > before, what="a refusal")  # noqa: B023
        assert "Only whoever made that threshold" in house.words(BEN)[-1]

    assert house.rows("SELECT paused, version FROM thresholds") == [(0, 0)]
    elsewhere = await listed(house, BEN, LEADS)
    assert "PLAT-13" not in shown(elsewhere)


async def test_an_admin_pauses_and_deletes_those_of_others_but_does_not_edit_them(
    house: House, pollbot: Pollbot
) -> None:
    await tells(house, pollbot, "5 PLAT-13", channel=None)
    house.slack.people[BEN].is_admin = True

    theirs = await listed(house, BEN)
    assert "told to its owner alone · by Ada" in shown(theirs)
    assert set(buttons(theirs).values()) == {"Pause", "Delete", "New threshold"}
    await press(house, BEN, theirs, "Pause")
    await house.told(BEN, "Paused")

    assert house.rows("SELECT paused FROM thresholds") == [(1,)]


async def test_the_list_has_pages(house: House, pollbot: Pollbot) -> None:
    for number in range(1, 13):
        await opened(house, f"{number} PLAT-13")
        await save(house, channel=PLANNING)

    first = await listed(house)
    assert "Page 1 of 2" in shown(first)
    await press(house, ADA, first, "Next")

    await house.told(ADA, "12 thresholds: At 2 votes on PLAT-13")


# What does not mend itself


async def test_whose_account_is_refused_hears_it_once_and_it_goes_on_once_connected(
    house: House, pollbot: Pollbot
) -> None:
    await tells(house, pollbot, "5 PLAT-13")
    house.jira.people["acc-ada"].tokens.clear()
    vote_in_jira(house, "PLAT-13", 5)
    for _ in range(3):
        await look(house, pollbot)
    [word] = [one for one in letters(house, ADA) if "Your threshold is paused" in one]
    assert "Jira does not accept your account" in word
    assert house.rows("SELECT paused FROM thresholds") == [(1,)]

    house.jira.people["acc-ada"].tokens[TOKENS[ADA]] = None
    await house.connect(ADA)
    await look(house, pollbot)

    assert len(told(house)) == 1
    assert house.rows("SELECT paused FROM thresholds") == [(0,)]


@pytest.mark.parametrize("how", ["deleted", "hidden"])
async def test_an_issue_that_is_gone_pauses_it(house: House, pollbot: Pollbot, how: str) -> None:
    await tells(house, pollbot, "5 PLAT-13")
    await tells(house, pollbot, "9 PLAT-12")
    if how == "deleted":
        del house.jira.issues["PLAT-13"]
    else:
        house.jira.issues["PLAT-13"].seen_by = {"acc-ben"}
    vote_in_jira(house, "PLAT-12", 9)

    for _ in range(2):
        await look(house, pollbot)

    [word] = [one for one in letters(house, ADA) if "Your threshold is paused" in one]
    assert "Jira knows no issue PLAT-13, or does not show it to you any more" in word
    # The other one goes on.
    assert len(told(house)) == 1


async def test_a_query_that_jira_does_not_take_any_more_pauses_it(
    house: House, pollbot: Pollbot
) -> None:
    some_issues(house, 1)
    await tells(house, pollbot, "5 OPS")
    del house.jira.issues["OPS-1"]

    await look(house, pollbot)

    [word] = [one for one in letters(house, ADA) if "Your threshold is paused" in one]
    assert "Jira does not take that JQL" in word


async def test_votes_that_are_gone_as_voting_is_switched_off_are_no_fall(
    house: House, pollbot: Pollbot
) -> None:
    await tells(house, pollbot, "5 PLAT-13")
    vote_in_jira(house, "PLAT-13", 5)
    await look(house, pollbot)
    house.jira.voting_enabled = False
    vote_in_jira(house, "PLAT-13", 0)
    await look(house, pollbot)
    [word] = [one for one in letters(house, ADA) if "Your threshold is paused" in one]
    assert "Voting is switched off" in word

    house.jira.voting_enabled = True
    vote_in_jira(house, "PLAT-13", 6)
    await press(house, ADA, await listed(house), "Resume")
    await look(house, pollbot)

    assert len(told(house)) == 1


async def test_a_channel_that_is_closed_pauses_it_and_what_it_was_to_tell_comes_later(
    house: House, pollbot: Pollbot
) -> None:
    await tells(house, pollbot, "5 PLAT-13")
    house.slack.channels[PLANNING].is_archived = True
    vote_in_jira(house, "PLAT-13", 5)
    for _ in range(3):
        await look(house, pollbot)
    [word] = [one for one in letters(house, ADA) if "Your threshold is paused" in one]
    assert "It was about to tell that PLAT-13 reached that number" in word
    assert told(house) == []

    house.slack.channels[PLANNING].is_archived = False
    await press(house, ADA, await listed(house, channel=LEADS), "Resume")
    await look(house, pollbot)

    assert len(told(house)) == 1


async def test_what_fell_before_it_could_be_told_is_not_told(
    house: House, pollbot: Pollbot
) -> None:
    await tells(house, pollbot, "5 PLAT-13")
    house.slack.faults.fail_next("chat.postMessage", 503, times=3)
    vote_in_jira(house, "PLAT-13", 5)
    await look(house, pollbot)
    vote_in_jira(house, "PLAT-13", 3)
    house.slack.faults.mend("chat.postMessage")
    for _ in range(3):
        await look(house, pollbot)
    said = len(told(house))
    vote_in_jira(house, "PLAT-13", 5)
    await look(house, pollbot)
    await look(house, pollbot)

    # Whatever Slack took in time: each rise that stood when it was said is said once.
    assert len(told(house)) == said + 1


# Slack


async def test_a_lost_answer_is_told_to_its_owner_and_not_posted_again(
    house: House, pollbot: Pollbot
) -> None:
    await tells(house, pollbot, "5 PLAT-13")
    await look(house, pollbot)
    house.slack.faults.lose_next_answer("chat.postMessage")
    vote_in_jira(house, "PLAT-13", 5)

    for _ in range(3):
        await look(house, pollbot)

    assert len(told(house)) == 1
    [word] = [one for one in letters(house, ADA) if "Slack did not answer" in one]
    assert "reached 5 votes" in word


async def test_slack_that_is_away_delays_it(house: House, pollbot: Pollbot) -> None:
    await tells(house, pollbot, "5 PLAT-13")
    house.slack.faults.fail_next(
        "chat.postMessage", 429, {"ok": False, "error": "ratelimited"}, times=2
    )
    vote_in_jira(house, "PLAT-13", 5)

    for _ in range(4):
        await look(house, pollbot)

    assert len(told(house)) == 1
    assert not [one for one in letters(house, ADA) if "Slack did not answer" in one]


# Issues that move


async def test_an_issue_that_moved_is_not_told_twice(house: House, pollbot: Pollbot) -> None:
    await tells(house, pollbot, "5 PLAT-13")
    some_issues(house, 1)
    await tells(house, pollbot, "5 project in (PLAT, OPS)", channel=LEADS)
    vote_in_jira(house, "PLAT-13", 5)
    await look(house, pollbot)
    house.jira.move("PLAT-13", "OPS-7")
    for _ in range(2):
        await look(house, pollbot)
    assert (len(told(house)), len(told(house, LEADS))) == (1, 1)

    vote_in_jira(house, "OPS-7", 2)
    for _ in range(2):
        await look(house, pollbot)
    vote_in_jira(house, "OPS-7", 5)
    await look(house, pollbot)

    # Under its new key it is the same issue.
    assert (len(told(house)), len(told(house, LEADS))) == (2, 2)
    assert "OPS-7 reached 5 votes" in told(house)[-1].text
    assert house.rows("SELECT subject FROM thresholds WHERE what = 'issue'") == [("OPS-7",)]


# What admins allow


@pytest.mark.parametrize(
    ("chosen", "typed", "field", "says"),
    [
        ({"projects": "OPS"}, "5 PLAT-13", "subject", "OPS only"),
        ({"projects": "OPS"}, "5 PLAT", "subject", "OPS only"),
        ({"places": "but", "channels": [PLANNING]}, "5 PLAT-13", "channel", "does not let pollbot"),
    ],
)
async def test_what_admins_do_not_allow_is_refused_at_its_field(
    house: House,
    pollbot: Pollbot,
    chosen: dict[str, Any],
    typed: str,
    field: str,
    says: str,
) -> None:
    await allow(house, **chosen)
    await opened(house, typed)

    said = errors(await submit(house, channel=PLANNING))

    assert says in said[field]
    assert house.rows("SELECT * FROM thresholds") == []


@pytest.mark.parametrize("chosen", [{"projects": "OPS"}, {"places": "but", "channels": [PLANNING]}])
async def test_what_admins_do_not_allow_any_more_is_paused_and_tells_nothing(
    house: House, pollbot: Pollbot, chosen: dict[str, Any]
) -> None:
    await tells(house, pollbot, "5 PLAT-13")
    await allow(house, **chosen)
    vote_in_jira(house, "PLAT-13", 5)

    for _ in range(2):
        await look(house, pollbot)

    assert told(house) == []
    assert len([one for one in letters(house, ADA) if "Your threshold is paused" in one]) == 1


async def test_of_a_list_only_issues_of_projects_that_are_allowed_are_told(
    house: House, pollbot: Pollbot
) -> None:
    some_issues(house, 1)
    await tells(house, pollbot, "5 votes > 0 or project = OPS")
    await allow(house, projects="OPS")
    vote_in_jira(house, "PLAT-13", 9)
    vote_in_jira(house, "OPS-1", 9)

    await look(house, pollbot)

    [message] = told(house)
    assert message.text.startswith(":bell: OPS-1 reached 5 votes.")


async def test_who_changed_what_is_in_the_audit_log(house: House, pollbot: Pollbot) -> None:
    await tells(house, pollbot, "5 PLAT-13")
    await press(house, ADA, await listed(house), "Edit")
    await save(house, votes="6", channel=PLANNING)
    for label, word in (("Pause", "Paused"), ("Resume", "It goes on"), ("Delete", "is deleted")):
        await press(house, ADA, await listed(house), label)
        await house.told(ADA, word)

    deeds = house.rows("SELECT what, fields FROM audit WHERE what LIKE 'rule %' ORDER BY nth")

    assert [what for what, _ in deeds] == [
        "rule made",
        "rule changed",
        "rule paused",
        "rule resumed",
        "rule removed",
    ]
    assert "PLAT" not in str(deeds)
