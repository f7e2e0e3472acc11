"""Votes by command and by button, from a signed payload to Jira's state and back."""

from typing import Any

import pytest

from pollbot.sandbox.jira.people import issue_json
from pollbot.wiring import Pollbot
from tests.support.house import (
    ADA,
    BEN,
    CLEO,
    LEADS,
    PLANNING,
    TWO_OF_US,
    House,
    buttons,
    nothing_waits,
    rest,
    shown,
)
from tests.support.stored import opened

pytestmark = pytest.mark.usefixtures("pollbot")


async def test_a_vote_stands_in_jira_under_the_voters_own_name(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(ADA)

    answer = await house.vote(ADA, "plat-12")

    assert (answer.status, answer.body) == (200, "")
    receipt = await house.told(ADA, "is counted in Jira")
    assert "8 votes" in receipt.text
    assert buttons(receipt) == {"withdraw": "Withdraw"}
    assert house.jira.issues["PLAT-12"].voters == {"acc-ada"}
    await nothing_waits(house, pollbot)


async def test_the_receipt_leads_back(house: House) -> None:
    await house.connect(ADA)
    await house.vote(ADA, "PLAT-12")
    receipt = await house.told(ADA, "is counted")

    await house.slack.press(ADA, receipt.id, "withdraw")

    back = await house.told(ADA, "is withdrawn in Jira")
    assert "7 votes" in back.text
    assert house.jira.issues["PLAT-12"].voters == set()
    assert "is counted" not in str(house.words(ADA)), "the new receipt takes the old one's place"


async def test_unvote_withdraws(house: House) -> None:
    await house.connect(ADA)
    house.jira.issues["PLAT-12"].voters.add("acc-ada")

    await house.slack.command(ADA, PLANNING, "/unvote", "PLAT-12")

    await house.told(ADA, "is withdrawn")
    assert house.jira.issues["PLAT-12"].voters == set()


def issue_of_before(house: House, key: str) -> dict[str, Any]:
    """Return what Jira tells Ada of the issue now, for later."""
    jira = house.jira
    issue, ada = jira.issues[key], jira.people["acc-ada"]
    return issue_json(issue, ada, people=jira.people, site=jira.site_url, asked=())


async def test_a_vote_that_jira_took_is_withdrawn_though_it_tells_of_before(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    before = issue_of_before(house, "PLAT-12")
    await house.vote(ADA, "PLAT-12")
    await house.told(ADA, "is counted")
    await rest(house, pollbot)
    house.jira.faults.fail_next("GET issue", 200, before)

    await house.slack.command(ADA, PLANNING, "/unvote", "PLAT-12")

    await house.told(ADA, "is withdrawn")
    assert house.jira.issues["PLAT-12"].voters == set()


async def test_a_card_hears_of_a_vote_that_was_gone_though_the_count_was_not_read_right_then(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    house.jira.issues["PLAT-12"].voters.add("acc-ada")
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")
    card = await house.card("PLAT-12")
    await rest(house, pollbot)
    assert "8 votes" in shown(card)
    house.jira.issues["PLAT-12"].voters.clear()
    house.jira.faults.fail_next("GET issue", 200, issue_of_before(house, "PLAT-12"))
    house.jira.faults.fail_next("GET issue", 503, {})

    await house.slack.command(ADA, PLANNING, "/unvote", "PLAT-12")

    await house.told(ADA, "You have no vote")
    for _ in range(8):
        await rest(house, pollbot)
        house.clock.ahead += 10
    assert house.jira.votes("PLAT-12") == 7
    assert "7 votes" in shown(card)


async def test_a_card_of_which_nothing_is_kept_waits_for_jira_to_tell_of_it(
    house: House, pollbot: Pollbot
) -> None:
    for user in (ADA, BEN):
        await house.connect(user)
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")
    card = await house.card("PLAT-12")
    await rest(house, pollbot)
    with opened(house.database) as db:
        db.execute("DELETE FROM cards")
    for _ in range(3):
        house.jira.faults.fail_next("GET votes", 503, {})

    await house.slack.press(BEN, card.id, "vote")

    for _ in range(8):
        await rest(house, pollbot)
        house.clock.ahead += 10
    assert house.jira.votes("PLAT-12") == 8
    assert "8 votes" in shown(card)


async def test_what_is_withdrawn_already_is_told_as_that(house: House, pollbot: Pollbot) -> None:
    await house.connect(ADA)
    await house.vote(ADA, "PLAT-12")
    await house.told(ADA, "is counted")
    await house.slack.command(ADA, PLANNING, "/unvote", "PLAT-12")
    await house.told(ADA, "is withdrawn")
    await rest(house, pollbot)

    await house.slack.command(ADA, PLANNING, "/unvote", "PLAT-12")

    await house.told(ADA, "so there was nothing to withdraw")


async def test_a_vote_that_jira_does_not_tell_of_yet_is_withdrawn_all_the_same(
    house: House,
) -> None:
    await house.connect(ADA)
    before = issue_of_before(house, "PLAT-12")
    house.jira.issues["PLAT-12"].voters.add("acc-ada")
    house.jira.faults.fail_next("GET issue", 200, before)

    await house.slack.command(ADA, PLANNING, "/unvote", "PLAT-12")

    await house.told(ADA, "You have no vote on")
    assert house.jira.issues["PLAT-12"].voters == set()


async def test_the_card_shows_the_issue_and_takes_votes(house: House) -> None:
    await house.connect(ADA)
    await house.connect(BEN)

    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")
    card = await house.card("PLAT-12: Export &lt;all&gt; &amp; more (Open) – 7 votes.")
    assert buttons(card) == {
        "vote": "Vote",
        "withdraw": "Withdraw",
        "schedule_issue": "Schedule results",
    }
    assert f"<{house.jira.site_url}/browse/PLAT-12|PLAT-12>" in shown(card)
    await house.slack.press(BEN, card.id, "vote")

    card = await house.card("8 votes")
    assert "Ben of Jira" in shown(card)
    assert house.jira.issues["PLAT-12"].voters == {"acc-ben"}
    await house.told(BEN, "is counted")
    await house.slack.press(BEN, card.id, "withdraw")
    await house.card("7 votes")


async def test_the_same_click_twice_is_one_vote_and_one_receipt(house: House) -> None:
    await house.connect(BEN)
    await house.slack.command(BEN, PLANNING, "/votes", "PLAT-12")
    card = await house.card("7 votes")
    click = house.slack.click_body(BEN, card.id, "vote")

    for _ in range(2):
        assert (await house.slack.deliver(click, kind="interactive")).status == 200

    await house.told(BEN, "is counted")
    assert [call.status for call in house.jira.calls if call.method == "POST"] == [204]


async def test_an_old_click_that_arrives_late_does_not_undo_a_newer_one(house: House) -> None:
    await house.connect(BEN)
    await house.slack.command(BEN, PLANNING, "/votes", "PLAT-12")
    card = await house.card("7 votes")
    vote = house.slack.click_body(BEN, card.id, "vote")
    withdraw = house.slack.click_body(BEN, card.id, "withdraw")
    house.jira.issues["PLAT-12"].voters.add("acc-ben")

    await house.slack.deliver(withdraw, kind="interactive")
    await house.votes("PLAT-12", 7)
    await house.slack.deliver(vote, kind="interactive")
    await house.vote(BEN, "PLAT-13")
    await house.votes("PLAT-13", 1)

    assert house.jira.votes("PLAT-12") == 7


async def test_a_double_click_changes_nothing(house: House, pollbot: Pollbot) -> None:
    await house.connect(BEN)
    await house.slack.command(BEN, PLANNING, "/votes", "PLAT-12")
    card = await house.card("7 votes")

    await house.slack.press(BEN, card.id, "vote")
    await house.slack.press(BEN, card.id, "vote")

    await house.votes("PLAT-12", 8)
    await nothing_waits(house, pollbot)
    assert house.jira.votes("PLAT-12") == 8


async def test_someone_not_connected_is_asked_to_and_the_vote_is_cast_afterwards(
    house: House,
) -> None:
    await house.vote(CLEO, "PLAT-12")
    asked = await house.told(CLEO, "by itself as soon as you are connected")
    assert buttons(asked) == {"connect_jira": "Connect Jira"}
    assert house.jira.votes("PLAT-12") == 7

    await house.slack.press(CLEO, asked.id, "connect_jira")
    form = await house.slack.until(lambda: next(iter(house.slack.views.values()), None))
    await house.slack.submit(
        CLEO, form.id, {"email": {"value": "cleo@example.com"}, "token": {"value": "cleo-token"}}
    )

    assert "PLAT-12" in str(form.view["blocks"])
    await house.told(CLEO, "is counted")
    assert house.jira.issues["PLAT-12"].voters == {"acc-cleo"}


async def test_the_newest_wish_wins_while_jira_is_away(house: House, pollbot: Pollbot) -> None:
    await house.connect(ADA)
    house.jira.faults.mode = "down"
    await house.vote(ADA, "PLAT-12")
    await house.told(ADA, "Queued")
    await house.slack.command(ADA, PLANNING, "/unvote", "PLAT-12")
    await house.slack.command(ADA, PLANNING, "/vote", "PLAT-13")

    house.jira.faults.mode = "up"

    await house.votes("PLAT-13", 1)
    house.clock.ahead += 60
    await rest(house, pollbot)
    await nothing_waits(house, pollbot)
    assert house.jira.votes("PLAT-12") == 7


async def test_a_vote_while_jira_is_down_is_queued_and_counted_later(house: House) -> None:
    await house.connect(ADA)
    house.jira.faults.mode = "down"

    await house.vote(ADA, "PLAT-12")
    queued = await house.told(ADA, "Queued")
    assert "counted in Jira" not in str(house.words(ADA))
    house.jira.faults.mode = "up"

    await house.told(ADA, "is counted in Jira")
    assert "You need not do it again" in queued.text
    assert house.jira.votes("PLAT-12") == 8


async def test_a_slow_jira_is_called_queued_after_a_while(house: House) -> None:
    await house.connect(ADA)
    house.jira.faults.mode, house.jira.faults.slow_seconds = "slow", 3.4

    answer = await house.vote(ADA, "PLAT-12")

    assert answer.seconds < 1
    await house.told(ADA, "Queued")
    house.jira.faults.mode = "up"
    await house.told(ADA, "is counted")


@pytest.mark.parametrize("channel", [LEADS, TWO_OF_US], ids=["private", "direct message"])
async def test_cards_and_receipts_work_where_the_app_is_no_member(
    house: House, channel: str
) -> None:
    await house.connect(ADA)
    await house.connect(BEN)

    await house.slack.command(ADA, channel, "/votes", "PLAT-12")
    card = await house.card("7 votes", channel=channel)
    await house.slack.press(BEN, card.id, "vote")

    assert (await house.told(BEN, "is counted")).channel == channel
    card = await house.card("8 votes", channel=channel)
    await house.slack.press(ADA, card.id, "vote")
    card = await house.card("9 votes", channel=channel)
    assert "Ada of Jira, Ben of Jira" in shown(card)


async def test_names_of_voters_stay_where_jira_hides_them(house: House) -> None:
    house.jira.people["acc-ben"].sees_voters = False
    house.jira.issues["PLAT-12"].voters.add("acc-cleo")
    await house.connect(ADA)
    await house.connect(BEN)

    await house.slack.command(BEN, PLANNING, "/votes", "PLAT-12")
    card = await house.card("8 votes")
    await house.slack.press(ADA, card.id, "vote")

    card = await house.card("9 votes")
    assert "of Jira" not in shown(card)


async def test_a_moved_issue_is_found_and_shown_under_its_new_key(house: House) -> None:
    await house.connect(ADA)
    house.jira.move("PLAT-13", "APP-3")

    await house.vote(ADA, "PLAT-13")

    receipt = await house.told(ADA, "is counted")
    assert "APP-3" in receipt.text
    assert house.jira.votes("APP-3") == 1


async def test_an_issue_that_is_open_to_all_can_be_shown_by_anybody(house: House) -> None:
    house.jira.anonymous_may_browse = True

    await house.slack.command(CLEO, PLANNING, "/votes", "PLAT-12")

    await house.card("PLAT-12")


async def test_a_hidden_issue_asks_for_a_connection_before_it_is_shown(
    house: House, pollbot: Pollbot
) -> None:
    await house.slack.command(CLEO, PLANNING, "/votes", "PLAT-12")

    asked = await house.told(CLEO, "run `/votes` again")

    assert buttons(asked) == {"connect_jira": "Connect Jira"}
    await house.connect(CLEO)
    await nothing_waits(house, pollbot)
    assert not [m for m in house.slack.messages if m.channel == PLANNING and not m.ephemeral_for]


async def test_a_card_waits_for_jira(house: House) -> None:
    await house.connect(ADA)
    house.jira.faults.mode = "down"
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")
    await house.told(ADA, "appears here by itself")

    house.jira.faults.mode = "up"

    await house.card("7 votes")


async def test_a_resolved_issue_has_no_buttons_on_its_card(house: House) -> None:
    await house.connect(ADA)

    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-7")

    card = await house.card("PLAT-7")
    assert buttons(card) == {}
    assert "resolved" in card.text
