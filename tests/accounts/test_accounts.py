"""Connecting, forgetting and linking, from the form to Jira and the rows."""

import asyncio
from pathlib import Path

import pytest

from pollbot.sandbox.slack import View
from pollbot.sandbox.slack import payloads as slack_payloads
from pollbot.wiring import Pollbot
from tests.support.house import (
    ADA,
    BEN,
    CLEO,
    PLANNING,
    TWO_OF_US,
    House,
    buttons,
    nothing_waits,
    rest,
)

pytestmark = pytest.mark.usefixtures("pollbot")


async def form_of(house: House, user: str, part: str) -> View:
    """Return the open form that says ``part``."""
    return await house.slack.until(
        lambda: next(
            (v for v in house.slack.views.values() if v.user == user and part in str(v.view)), None
        ),
        what=f"a form with “{part}”, instead of {[v.view for v in house.slack.views.values()]}",
    )


async def test_a_right_token_connects(house: House) -> None:
    answer = await house.connect(CLEO)

    assert answer.status == 200
    form = await form_of(house, CLEO, "You are connected to 127.0.0.1")
    assert "Cleo of Jira" in str(form.view)
    await house.vote(CLEO, "PLAT-12")
    await house.votes("PLAT-12", 8)
    assert house.jira.issues["PLAT-12"].voters == {"acc-cleo"}


async def test_the_address_of_ones_slack_is_filled_in_and_decides_nothing(house: House) -> None:
    house.slack.people[CLEO].email = "ben@example.com"
    await house.slack.command(CLEO, PLANNING, "/pollbot", "connect")
    form = await form_of(house, CLEO, "This is the address of your Slack")

    refused = await house.slack.submit(CLEO, form.id, {"token": {"value": "cleo-token"}})
    assert "does not accept" in str(refused.body)
    assert house.rows("SELECT user_id FROM accounts") == []
    sent = {"email": {"value": "cleo@example.com"}, "token": {"value": "cleo-token"}}
    await house.slack.submit(CLEO, form.id, sent)

    await form_of(house, CLEO, "You are connected to 127.0.0.1")
    assert house.rows("SELECT user_id, account_id FROM accounts") == [(CLEO, "acc-cleo")]
    files = house.database.parent.glob("pollbot.db*")
    assert not any(b"ben@example.com" in file.read_bytes() for file in files)


async def test_who_has_no_address_or_whom_slack_does_not_tell_in_time_types_it(
    house: House,
) -> None:
    for failing in (False, True):
        if failing:
            house.slack.people[BEN].email = "ben@example.com"
            house.slack.faults.fail_next("users.info", status=500, body={"ok": False}, times=9)
        await house.slack.command(BEN, PLANNING, "/pollbot", "connect")
        form = await form_of(house, BEN, "The address that you sign in to Jira with.")
        assert 'example.com"' not in str(form.view["blocks"])
        await house.slack.close(BEN, form.id)


async def test_a_wrong_token_is_refused_at_its_field(house: House) -> None:
    await house.connect(CLEO, token="wrong")

    form = await form_of(house, CLEO, "Your API token")
    assert "Jira does not accept this token" in form.errors["token"]
    assert form.values["email"]["value"] == "cleo@example.com", "what was typed is kept"
    await house.slack.command(CLEO, PLANNING, "/pollbot", "disconnect")
    await house.told(CLEO, "nothing to forget")


@pytest.mark.parametrize("email", ["cleo", "cleo@", "a b@example.com"])
async def test_a_wrong_address_is_refused_at_its_field(house: House, email: str) -> None:
    await house.slack.command(CLEO, PLANNING, "/pollbot", "connect")
    form = await form_of(house, CLEO, "Your API token")
    form.values = {"email": {"value": email}, "token": {"value": "cleo-token"}}

    # Slack's own clients would stop such an address; a payload can still bring it.
    answer = await house.slack.deliver(
        slack_payloads.view_submission(house.slack, form), kind="interactive"
    )

    assert answer.json is not None
    assert "no e-mail address" in answer.json["errors"]["email"]
    assert house.jira.calls == []


@pytest.mark.parametrize("token", ["two words", "tökén", " "])
async def test_a_token_that_cannot_be_one_is_refused_at_its_field(house: House, token: str) -> None:
    await house.connect(CLEO, token=token)

    form = await form_of(house, CLEO, "Your API token")
    assert form.errors["token"]
    assert house.jira.calls == []


async def test_a_token_with_scopes_works_through_the_gateway(house: House) -> None:
    house.jira.add_person("acc-dan", "Dan", "dan@example.com", scoped_token="dan-scoped")

    await house.connect(CLEO, email="dan@example.com", token="dan-scoped")
    await house.vote(CLEO, "PLAT-12")

    await house.told(CLEO, "is counted")
    assert house.jira.issues["PLAT-12"].voters == {"acc-dan"}


async def test_a_token_without_the_scope_to_vote_is_explained_when_it_matters(
    house: House,
) -> None:
    house.jira.add_person(
        "acc-dan",
        "Dan",
        "dan@example.com",
        scoped_token="dan-scoped",
        scopes=frozenset({"read:jira-user", "read:jira-work"}),
    )
    await house.connect(CLEO, email="dan@example.com", token="dan-scoped")

    await house.vote(CLEO, "PLAT-12")

    told = await house.told(CLEO, "Connect again")
    assert buttons(told) == {"connect_jira": "Connect Jira"}


async def test_a_slow_jira_does_not_hold_up_slack(house: House) -> None:
    house.jira.faults.mode, house.jira.faults.slow_seconds = "slow", 2.6

    answer = await house.connect(CLEO)

    assert answer.seconds < 2.8
    await form_of(house, CLEO, "Checking with 127.0.0.1")
    await house.vote(CLEO, "PLAT-12")
    await house.told(CLEO, "by itself as soon as you are connected")
    await form_of(house, CLEO, "You are connected")
    await house.votes("PLAT-12", 8)


async def test_a_slow_refusal_brings_the_form_back(house: House) -> None:
    house.jira.faults.mode, house.jira.faults.slow_seconds = "slow", 1.2

    await house.connect(CLEO, token="wrong")
    await form_of(house, CLEO, "Checking")
    house.jira.faults.mode = "up"

    form = await form_of(house, CLEO, "Jira does not accept this token")
    assert form.view["submit"]["text"] == "Connect"
    assert "wrong" not in str(form.view)
    await house.slack.command(CLEO, PLANNING, "/pollbot", "disconnect")
    await house.told(CLEO, "nothing to forget")


async def test_how_connecting_went_is_told_once_slack_takes_words_again(house: House) -> None:
    house.jira.faults.mode, house.jira.faults.slow_seconds = "slow", 2.3
    await house.connect(CLEO)
    await form_of(house, CLEO, "Checking")
    house.slack.faults.mode = "429"
    await house.slack.until(lambda: house.rows("SELECT 1 FROM accounts"), what="the account")
    await house.slack.until(
        lambda: [call for call in house.slack.calls[-2:] if call.status == 429][1:],
        what="a try to say it in the form, and one beside it",
    )

    house.slack.faults.mode = "up"
    house.clock.ahead += 130

    await house.told(CLEO, "You are connected")


async def test_closing_the_form_while_jira_thinks_loses_nothing(house: House) -> None:
    house.jira.faults.mode, house.jira.faults.slow_seconds = "slow", 2.3
    await house.connect(CLEO)
    checking = await form_of(house, CLEO, "Checking")

    await house.slack.close(CLEO, checking.id)

    await house.told(CLEO, "You are connected")


@pytest.mark.parametrize("seconds", [1.0, 2.6], ids=["before its answer", "after it"])
async def test_who_disconnects_while_jira_checks_their_token_is_not_connected_after_it(
    house: House, seconds: float
) -> None:
    house.jira.faults.mode, house.jira.faults.slow_seconds = "slow", seconds
    connecting = asyncio.create_task(house.connect(CLEO))
    await house.slack.until(lambda: house.rows("SELECT 1 FROM sign_ins"), what="a check")

    await house.slack.command(CLEO, PLANNING, "/pollbot", "disconnect")
    await house.told(CLEO, "nothing to forget")
    await connecting

    told = await form_of(house, CLEO, "still being checked when you disconnected")
    assert house.rows("SELECT 1 FROM accounts WHERE user_id = ?", CLEO) == []
    assert house.rows("SELECT 1 FROM sign_ins") == []
    house.jira.faults.mode = "up"
    await house.slack.close(CLEO, told.id)
    await house.connect(CLEO)
    await form_of(house, CLEO, "You are connected")


async def test_a_revoked_token_is_told_once_and_the_votes_wait(house: House) -> None:
    await house.connect(CLEO)
    house.jira.revoke("acc-cleo")

    await house.vote(CLEO, "PLAT-12")
    told = await house.told(CLEO, "Jira no longer accepts your API token")
    await house.vote(CLEO, "PLAT-13")
    await house.slack.until(lambda: sum("Connect again" in word for word in house.words(CLEO)) == 2)
    house.jira.people["acc-cleo"].tokens["new-token"] = None
    await house.slack.press(CLEO, told.id, "connect_jira")
    form = await form_of(house, CLEO, "Your API token")
    await house.slack.submit(
        CLEO, form.id, {"email": {"value": "cleo@example.com"}, "token": {"value": "new-token"}}
    )

    await house.votes("PLAT-12", 8)
    await house.votes("PLAT-13", 1)


async def test_many_waiting_votes_bring_one_word_about_a_revoked_token(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(CLEO)
    house.jira.faults.mode = "down"
    for number in range(5):
        house.jira.add_issue(f"PLAT-{100 + number}", "one of many")
        await house.vote(CLEO, f"PLAT-{100 + number}")
    for number in range(5):
        await house.told(CLEO, f"PLAT-{100 + number}")
    house.jira.revoke("acc-cleo")

    house.jira.faults.mode = "up"

    await house.told(CLEO, "no longer accepts")
    house.clock.ahead += 60
    await rest(house, pollbot)
    await nothing_waits(house, pollbot)
    assert sum("no longer accepts" in word for word in house.words(CLEO)) == 1
    house.jira.people["acc-cleo"].tokens["new-token"] = None
    for view in list(house.slack.stack_of(CLEO)):
        await house.slack.close(CLEO, view.id)
    await house.connect(CLEO, token="new-token")
    for number in range(5):
        await house.votes(f"PLAT-{100 + number}", 1)


async def test_disconnecting_forgets_the_token_and_what_waits(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(CLEO)
    house.jira.faults.mode = "down"
    await house.vote(CLEO, "PLAT-12")
    await house.told(CLEO, "Queued")

    await house.slack.command(CLEO, PLANNING, "/pollbot", "disconnect")

    said = await house.told(CLEO, "your token is forgotten")
    assert "PLAT-12" in said.text
    assert "will not reach Jira" in said.text
    house.jira.faults.mode = "up"
    await nothing_waits(house, pollbot)
    await house.slack.command(CLEO, PLANNING, "/pollbot", "disconnect")
    await house.told(CLEO, "nothing to forget")
    for view in list(house.slack.stack_of(CLEO)):
        await house.slack.close(CLEO, view.id)
    await house.connect(CLEO)
    await nothing_waits(house, pollbot)
    assert house.jira.votes("PLAT-12") == 7


async def test_disconnecting_nothing_says_so(house: House) -> None:
    await house.slack.command(CLEO, PLANNING, "/pollbot", "disconnect")

    await house.told(CLEO, "nothing to forget")


async def test_a_channel_is_linked_and_unlinked(house: House) -> None:
    await house.slack.command(CLEO, PLANNING, "/pollbot", "link plat-12")
    linked = await house.told(CLEO, "now linked to")
    assert "I could not look in Jira whether there is such an issue" in linked.text
    await house.vote(BEN)
    assert "PLAT-12" in (await house.told(BEN, "by itself as soon as you are connected")).text
    await house.vote(BEN, channel=TWO_OF_US)
    await house.told(BEN, "Which issue?")

    await house.slack.command(BEN, PLANNING, "/pollbot", "unlink")

    await house.told(BEN, "no longer linked")
    await house.vote(CLEO)
    await house.told(CLEO, "Which issue?")
    await house.slack.command(BEN, PLANNING, "/pollbot", "unlink")
    await house.told(BEN, "linked to no issue")


async def test_a_link_says_whether_jira_was_asked(house: House) -> None:
    await house.connect(ADA)
    for user, mode in ((BEN, "up"), (ADA, "down"), (ADA, "up")):
        house.jira.faults.mode = mode
        await house.slack.command(user, PLANNING, "/pollbot", "link PLAT-12")
        await house.told(user, "now linked to")

    unseen = "I could not look in Jira"
    assert [unseen in word for word in house.words(ADA)[-2:]] == [True, False]
    assert unseen in house.words(BEN)[-1]


async def test_link_alone_says_what_the_channel_is_linked_to(house: House) -> None:
    await house.slack.command(CLEO, PLANNING, "/pollbot", "link")
    await house.told(CLEO, "This channel is linked to no issue or page.")
    await house.slack.command(CLEO, PLANNING, "/pollbot", "link plat-12")
    confirmed = await house.told(CLEO, "now linked to")

    await house.slack.command(BEN, PLANNING, "/pollbot", "link ")

    said = await house.told(BEN, "This channel is linked to")
    assert "/browse/PLAT-12|PLAT-12>" in said.text
    for word in (confirmed.text, said.text):
        assert '`/poll "Lunch?" …` makes one on <' in word
        assert '`/poll here "Lunch?" …` makes one on no issue' in word


async def test_connect_says_as_whom_one_is_connected(house: House) -> None:
    async def form(user: str) -> str:
        await house.slack.command(user, PLANNING, "/pollbot", "connect")
        (opened,) = await house.slack.until(lambda: house.slack.stack_of(user))
        await house.slack.close(user, opened.id)
        return str(opened.view)

    assert "You are connected" not in await form(ADA)
    await house.connect(ADA)
    await house.slack.close(ADA, house.slack.stack_of(ADA)[-1].id)

    assert "You are connected as *Ada of Jira*" in await form(ADA)
    assert "You are connected" not in await form(BEN)
    house.jira.revoke("acc-ada")
    await house.vote(ADA, "PLAT-12")
    await house.told(ADA, "no longer accepts your API token")
    assert "You were connected as *Ada of Jira*" in await form(ADA)


@pytest.mark.parametrize("text", ["link coffee", "link PLAT-1 PLAT-2"])
async def test_a_link_to_no_issue_is_explained(house: House, text: str) -> None:
    await house.slack.command(CLEO, PLANNING, "/pollbot", text)

    assert house.words(CLEO)[-1]
    await house.vote(CLEO)
    await house.told(CLEO, "Which issue?")


async def test_a_link_to_an_issue_that_i_cannot_see_is_refused(house: House) -> None:
    await house.connect(ADA)

    await house.slack.command(ADA, PLANNING, "/pollbot", "link PLAT-999")

    await house.told(ADA, "left as it was")
    await house.vote(ADA)
    await house.told(ADA, "Which issue?")


async def test_a_late_click_on_connect_is_explained(house: House) -> None:
    house.slack.faults.fail_next("views.open", body={"ok": False, "error": "expired_trigger_id"})

    await house.slack.command(CLEO, PLANNING, "/pollbot", "connect")

    await house.told(CLEO, "Slack took too long to open the form")


async def test_a_form_that_slack_cannot_open_is_explained(house: House) -> None:
    house.slack.faults.fail_next("views.open", status=500, body="oops")

    answer = await house.slack.command(CLEO, PLANNING, "/pollbot", "connect")

    assert answer.status == 200
    await house.told(CLEO, "Slack does not answer pollbot right now")


async def test_a_token_is_nowhere_in_the_clear(
    house: House, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level("DEBUG")

    await house.connect(CLEO)
    await house.vote(CLEO, "PLAT-12")
    await house.told(CLEO, "is counted")

    for file in tmp_path.glob("pollbot.db*"):
        assert b"cleo-token" not in file.read_bytes()
    sent = [str(call.args) for call in house.slack.calls] + [
        str(p.body) for p in house.slack.hook_posts
    ]
    assert not any("cleo-token" in one for one in sent)
    ours = [
        r.getMessage() for r in caplog.records if r.name.startswith(("pollbot", "httpx", "slack"))
    ]
    assert ours
    assert not any("cleo-token" in line for line in ours)
