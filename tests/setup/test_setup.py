"""/pollbot setup: where polls live, and who may answer."""

from collections.abc import AsyncIterator

import pytest

from pollbot.sandbox.slack import Message
from pollbot.sandbox.team_voice import TeamVoiceStandIn
from tests.support.house import ADA, BEN, CLEO, House, buttons, letters, rest
from tests.support.polls import polls_listed
from tests.support.team_voice import (
    SLACK_WAITS,
    SPACE,
    VOICE_TOKEN,
    by_default,
    close_windows,
    command,
    connect,
    in_time,
    on_disk,
    press,
    sent,
    set_up,
    team_voice,
    window,
    words,
)

ON_PLAT = 'PLAT-12 "Which export?" "CSV" "JSON"'
ONLY_WHO_SEE = "Only people with a connected Jira account"
EVERYBODY = "Everybody who sees the card"


@pytest.fixture
async def voice(house: House) -> AsyncIterator[TeamVoiceStandIn]:
    async with team_voice(house) as stand_in:
        yield stand_in


async def press_in_window(house: House, user: str, action_id: str, part: str) -> None:
    """Press a button of the window in front, and wait for what it then says."""
    front = house.slack.stack_of(user)[-1]
    in_time(await house.slack.view_action(user, front.id, action_id))
    await window(house, user, part)


async def only_who_sees(house: House) -> None:
    """Have Ada say that answers need an account that can see the issue."""
    await command(house, ADA, "setup", "/pollbot")
    await window(house, ADA, EVERYBODY)
    await press_in_window(house, ADA, "needs_jira", ONLY_WHO_SEE)
    await close_windows(house, ADA)


async def on_issue(house: House) -> Message:
    """Return the card of a poll on PLAT-12 that pollbot keeps."""
    assert await command(house, ADA, f"local {ON_PLAT}") == ""
    return await house.card("Which export?")


def answers(house: House) -> list[tuple[object, ...]]:
    return house.rows("SELECT voter, option_id FROM answers ORDER BY voter")


# Where polls live


@pytest.mark.usefixtures("pollbot")
async def test_only_admins_see_the_form(house: House) -> None:
    await command(house, BEN, "setup", "/pollbot")

    await house.told(BEN, "Only admins of this workspace")
    assert house.slack.stack_of(BEN) == []


@pytest.mark.usefixtures("pollbot")
async def test_only_admins_save_remove_and_decide(house: House, voice: TeamVoiceStandIn) -> None:
    await set_up(house, ADA, "PLAT", voice.url)
    saved = house.slack.deliveries[-1].body
    await press_in_window(house, ADA, "needs_jira", ONLY_WHO_SEE)
    decided = house.slack.deliveries[-1].body
    await press_in_window(house, ADA, "remove_source", "Removed")
    removed = house.slack.deliveries[-1].body
    await set_up_again(house, voice)
    before = house.rows("SELECT * FROM sources") + house.rows("SELECT * FROM teams")
    asked = len(voice.calls)

    for body in (saved, decided, removed):
        await house.slack.deliver(body | {"user": body["user"] | {"id": BEN}}, kind="interactive")

    refused = [str(one.answer.body) for one in house.slack.deliveries[-3:]] + house.words(BEN)
    assert sum("Only admins of this workspace" in words for words in refused) >= 1
    await house.slack.until(
        lambda: sum("Only admins of this workspace" in words for words in house.words(BEN)) == 2,
        what=f"two refusals instead of {house.words(BEN)}",
    )
    assert "Only admins" in str(house.slack.deliveries[-3].answer.body)
    assert house.rows("SELECT * FROM sources") + house.rows("SELECT * FROM teams") == before
    assert len(voice.calls) == asked


async def set_up_again(house: House, voice: TeamVoiceStandIn) -> None:
    await close_windows(house, ADA)
    assert words(await set_up(house, ADA, "PLAT", voice.url)) == ""


async def test_whom_the_settings_name_is_an_admin_too(house: House) -> None:
    async with house.program(admins=frozenset({BEN})):
        await command(house, BEN, "setup", "/pollbot")

        await window(house, BEN, "Where polls live")


@pytest.mark.usefixtures("pollbot")
async def test_a_source_is_tried_with_a_harmless_look_and_then_used(
    house: House, voice: TeamVoiceStandIn
) -> None:
    answer = await set_up(house, ADA, " plat ", voice.url)

    in_time(answer)
    await window(house, ADA, "Saved: Team Voice answered")
    assert [(call.method, call.workspace, call.status) for call in voice.calls] == [
        ("GET", "PLAT", 200)
    ]
    await close_windows(house, ADA)
    await connect(house, ADA)
    assert await command(house, ADA, ON_PLAT) == ""
    await house.card("Which export?")
    assert [kept.content for kept in voice.polls.values()] == ["PLAT-12"]


@pytest.mark.usefixtures("pollbot")
async def test_a_space_is_tried_as_a_space(house: House, voice: TeamVoiceStandIn) -> None:
    await set_up(house, ADA, SPACE, voice.url)

    await window(house, ADA, "Saved: Team Voice answered")
    [call] = voice.calls
    assert (call.workspace, call.status) == (SPACE, 200)
    assert call.container


@pytest.mark.usefixtures("pollbot")
async def test_other_projects_stay_in_pollbot(house: House, voice: TeamVoiceStandIn) -> None:
    house.jira.add_issue("APP-1", "An icon")
    await set_up(house, ADA, "PLAT", voice.url)
    await close_windows(house, ADA)
    await connect(house, ADA)

    assert await command(house, ADA, 'APP-1 "Which icon?" "Cat" "Dog"') == ""

    await house.card("Which icon?")
    assert voice.polls == {}
    assert len(await polls_listed(house, "APP-1")) == 1


@pytest.mark.usefixtures("pollbot")
@pytest.mark.parametrize(
    ("workspace", "address", "token", "field", "sentence"),
    [
        ("PLAT-12", "", VOICE_TOKEN, "workspace", "project's key"),
        ("DÖCS", "", VOICE_TOKEN, "workspace", "project's key"),
        ("PLAT", "", "wrong-token", "token", "does not accept this token"),
        ("OTHER", "", VOICE_TOKEN, "token", "does not accept this token"),
        ("PLAT", "", "two words", "token", "whole token"),
        ("PLAT", "", "schlüssel", "token", "whole token"),
        ("PLAT", "/elsewhere", VOICE_TOKEN, "url", "nothing is there"),
        ("PLAT", "?token=x", VOICE_TOKEN, "url", "up to the “?”"),
        ("PLAT", "http://127.0.0.1:9/x", VOICE_TOKEN, "url", "does not answer right now"),
        ("PLAT", "http://127.0.0.1:70000/x", VOICE_TOKEN, "url", "from https://"),
    ],
    ids=str,
)
async def test_what_cannot_be_used_is_refused_at_its_field(
    house: House,
    voice: TeamVoiceStandIn,
    workspace: str,
    address: str,
    token: str,
    field: str,
    sentence: str,
) -> None:
    url = address if address.startswith("http") else voice.url + address

    answer = await set_up(house, ADA, workspace, url, token)

    in_time(answer)
    assert answer.json is not None, answer
    assert list(answer.json["errors"]) == [field]
    assert sentence in words(answer)
    assert house.rows("SELECT * FROM sources") == []


@pytest.mark.usefixtures("pollbot")
@pytest.mark.parametrize("trouble", ["html", "down", "429", "slow", "500"])
async def test_a_team_voice_in_trouble_is_not_saved(
    house: House, voice: TeamVoiceStandIn, trouble: str
) -> None:
    if trouble == "html":
        voice.html_mode = True
    elif trouble == "500":
        voice.faults.fail_next("GET polls", 500)
    else:
        voice.faults.slow_seconds = 2.3
        voice.faults.mode = trouble

    answer = await set_up(house, ADA, "PLAT", voice.url)

    assert answer.seconds < SLACK_WAITS
    assert answer.json is not None, answer
    assert list(answer.json["errors"]) == ["url"]
    assert words(answer).endswith((".", "`."))
    assert house.rows("SELECT * FROM sources") == []


@pytest.mark.usefixtures("pollbot")
async def test_a_removed_source_is_forgotten_and_its_polls_wait_for_it(
    house: House, voice: TeamVoiceStandIn
) -> None:
    await connect(house, ADA)
    await set_up(house, ADA, "PLAT", voice.url)
    await close_windows(house, ADA)
    await command(house, ADA, ON_PLAT)
    card = await house.card("Which export?")

    await command(house, ADA, "setup", "/pollbot")
    await window(house, ADA, "*PLAT*")
    await press_in_window(house, ADA, "remove_source", "Removed. The token is forgotten.")
    await close_windows(house, ADA)

    assert house.rows("SELECT * FROM sources") == []
    await press(house, ADA, card, "More")
    await window(house, ADA, "poll_more")
    await press_in_window(house, ADA, "delete_poll", "poll_more")
    await house.told(ADA, "has no address of it any more")
    assert "Which export?" in card.text
    assert "More" in buttons(card).values(), "it is still there"
    await close_windows(house, ADA)
    await set_up(house, ADA, "PLAT", voice.url)
    await close_windows(house, ADA)
    await press(house, ADA, card, "More")
    await window(house, ADA, "poll_more")
    await press_in_window(house, ADA, "delete_poll", "is deleted")
    assert voice.polls == {}


@pytest.mark.usefixtures("pollbot")
async def test_a_source_set_up_anew_lists_its_polls_once(
    house: House, voice: TeamVoiceStandIn
) -> None:
    await connect(house, ADA)
    for _ in range(2):
        await set_up(house, ADA, "PLAT", voice.url)
        await close_windows(house, ADA)
        if not voice.polls:
            await command(house, ADA, ON_PLAT)
            await house.card("Which export?")
            await command(house, ADA, "setup", "/pollbot")
            await window(house, ADA, "*PLAT*")
            await press_in_window(house, ADA, "remove_source", "Removed")
            await close_windows(house, ADA)

    listed = await command(house, ADA, "list PLAT-12")

    assert listed.count("Which export?") == 1


async def test_a_project_of_its_own_beats_the_default(
    house: House, voice: TeamVoiceStandIn
) -> None:
    async with team_voice(house) as other, house.program(**by_default(other)):
        other.tokens[VOICE_TOKEN] = None
        house.jira.add_issue("APP-1", "An icon")
        await connect(house, ADA)
        await set_up(house, ADA, "PLAT", voice.url)
        await close_windows(house, ADA)

        await command(house, ADA, ON_PLAT)
        await command(house, ADA, 'APP-1 "Which icon?" "Cat" "Dog"')

        await house.card("Which export?")
        await house.card("Which icon?")
        assert [kept.content for kept in voice.polls.values()] == ["PLAT-12"]
        assert [kept.content for kept in other.polls.values()] == ["APP-1"]


@pytest.mark.usefixtures("pollbot")
async def test_the_token_goes_to_team_voice_and_nowhere_else(
    house: House, voice: TeamVoiceStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")

    refused = await set_up(house, ADA, "PLAT", voice.url + "/elsewhere")
    await set_up(house, ADA, "PLAT", voice.url)
    await window(house, ADA, "Saved")
    await close_windows(house, ADA)
    await command(house, ADA, "setup", "/pollbot")
    await window(house, ADA, "*PLAT*")

    assert words(refused)
    assert house.rows("SELECT workspace FROM sources") == [("PLAT",)]
    for place in (sent(house), caplog.text, on_disk(house).decode("latin-1")):
        assert VOICE_TOKEN not in place
    assert voice.url not in sent(house)
    assert voice.url.encode() not in on_disk(house)


# Who may answer


@pytest.mark.usefixtures("pollbot")
async def test_without_the_rule_everybody_who_sees_the_card_answers(house: House) -> None:
    await connect(house, ADA)
    card = await on_issue(house)

    await press(house, CLEO, card, "CSV")

    await house.told(CLEO, "Your answer to")
    assert answers(house) == [(CLEO, "1")]


@pytest.mark.usefixtures("pollbot")
async def test_an_answer_then_needs_a_connected_account(house: House) -> None:
    await connect(house, ADA)
    card = await on_issue(house)
    await only_who_sees(house)

    await press(house, CLEO, card, "CSV")

    told = await house.told(CLEO, "needs your Jira account")
    assert "connect_jira" in str(told.blocks)
    assert answers(house) == []
    await connect(house, CLEO)
    await press(house, CLEO, card, "CSV")
    await house.told(CLEO, "Your answer to")
    assert answers(house) == [(CLEO, "1")]


@pytest.mark.usefixtures("pollbot")
async def test_an_answer_then_needs_to_see_the_issue(house: House) -> None:
    await connect(house, ADA, BEN)
    card = await on_issue(house)
    await only_who_sees(house)
    house.jira.issues["PLAT-12"].seen_by = {"acc-ada"}

    await press(house, BEN, card, "CSV")
    await press(house, ADA, card, "JSON")

    await house.told(BEN, "does not show it to you")
    await house.told(ADA, "Your answer to")
    assert answers(house) == [(ADA, "2")]


@pytest.mark.usefixtures("pollbot")
@pytest.mark.parametrize("mode", ["down", "slow", "429"])
async def test_an_answer_is_not_counted_while_jira_cannot_be_asked(house: House, mode: str) -> None:
    await connect(house, ADA, BEN)
    card = await on_issue(house)
    await only_who_sees(house)
    house.jira.faults.slow_seconds = 2.5
    house.jira.faults.mode = mode

    await press(house, BEN, card, "CSV")

    busy = "Too many requests came to Jira"
    await house.told(BEN, busy if mode == "429" else "Jira does not answer right now")
    assert answers(house) == []
    house.jira.faults.mode = "up"
    await press(house, BEN, card, "CSV")
    await house.told(BEN, "Your answer to")
    assert answers(house) == [(BEN, "1")]


@pytest.mark.usefixtures("pollbot")
async def test_a_plain_poll_needs_no_account(house: House) -> None:
    await only_who_sees(house)
    await command(house, ADA, '"Lunch?" "Pizza" "Soup"')
    card = await house.card("Lunch?")

    await press(house, CLEO, card, "Soup")

    await house.told(CLEO, "Your answer to")
    assert answers(house) == [(CLEO, "2")]


async def test_the_rule_outlives_a_restart_and_can_be_taken_back(house: House) -> None:
    async with house.program():
        await connect(house, ADA)
        card = await on_issue(house)
        await only_who_sees(house)

    async with house.program():
        await press(house, CLEO, card, "CSV")
        await house.told(CLEO, "needs your Jira account")
        await command(house, ADA, "setup", "/pollbot")
        await window(house, ADA, ONLY_WHO_SEE)
        await press_in_window(house, ADA, "needs_jira", EVERYBODY)
        await press(house, CLEO, card, "CSV")

        await house.told(CLEO, "Your answer to")
    assert answers(house) == [(CLEO, "1")]


@pytest.mark.parametrize("host", ["127.0.0.1", "0x7f000001", "2130706433", "localhost", "[::1]"])
async def test_an_address_inside_is_refused_before_anything_is_sent(
    house: House, voice: TeamVoiceStandIn, host: str
) -> None:
    async with house.program(allow_private_addresses=False):
        inside = voice.url.replace("127.0.0.1", host)
        answer = await set_up(house, ADA, "PLAT", inside)

        assert "POLLBOT_ALLOW_PRIVATE_ADDRESSES" in words(answer)
        assert list((answer.json or {})["errors"]) == ["url"]
    assert not voice.calls
    assert house.rows("SELECT count(*) FROM sources") == [(0,)]


async def test_the_operators_own_server_may_be_inside(
    house: House, voice: TeamVoiceStandIn
) -> None:
    async with house.program(allow_private_addresses=False, **by_default(voice)):
        await set_up(house, ADA, "PLAT", voice.url)
        await window(house, ADA, "Saved: Team Voice answered")


# A token that Team Voice takes no more


def refusals(house: House, user: str) -> list[str]:
    """Return what the user was told of a token that Team Voice does not take."""
    return [text for text in letters(house, user) if "does not accept the access token" in text]


@pytest.mark.parametrize("status", [401, 403])
async def test_the_admin_who_set_it_up_hears_once_that_a_token_is_refused(
    house: House, voice: TeamVoiceStandIn, status: int
) -> None:
    async with house.program() as pollbot:
        await connect(house, ADA, BEN)
        await set_up(house, ADA, "PLAT", voice.url)
        assert await command(house, BEN, ON_PLAT) == ""
        card = await house.card("Which export?")
        await rest(house, pollbot)
        voice.faults.answer_all(status)

        # Whoever meets it reads whose it is; nobody's account is asked for.
        said = await command(house, BEN, 'PLAT-12 "Lunch?" "Pizza" "Soup"')
        assert "Team Voice does not accept the access token that pollbot has" in said
        assert "An admin can enter another one" in said
        assert "connect" not in said.lower()
        told = await house.told(ADA, "does not accept the access token any more")
        assert "*PLAT*" in told.text
        assert "/pollbot setup" in told.text
        for _ in range(2):
            await command(house, BEN, 'PLAT-12 "Lunch?" "Pizza" "Soup"')
            await press(house, BEN, card, "CSV")
            house.clock.ahead += 600
            await rest(house, pollbot)
        assert len(refusals(house, ADA)) == 1
        assert not letters(house, BEN)
        assert "/pollbot setup" in pollbot.remarks()["team voice"]
        assert await pollbot.health() == {}
        assert house.rows("SELECT 1 FROM accounts WHERE refused_at NOTNULL") == []

    # A restart begins no new spell; the next one does, after Team Voice has taken the token.
    async with house.program() as pollbot:
        await command(house, BEN, 'PLAT-12 "Lunch?" "Pizza" "Soup"')
        await rest(house, pollbot)
        assert len(refusals(house, ADA)) == 1
        voice.faults.let_go()
        assert await command(house, BEN, 'PLAT-12 "Lunch?" "Pizza" "Soup"') == ""
        await house.card("Lunch?")
        await rest(house, pollbot)
        assert "team voice" not in pollbot.remarks()
        voice.faults.answer_all(status)
        await command(house, BEN, 'PLAT-12 "Dinner?" "Pizza" "Soup"')
        await house.slack.until(lambda: len(refusals(house, ADA)) == 2, what="a second word")


async def test_a_token_of_the_settings_is_the_operators_matter(
    house: House, voice: TeamVoiceStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    async with house.program(**by_default(voice)) as pollbot:
        await connect(house, ADA)
        voice.faults.answer_all(403)

        for _ in range(2):
            said = await command(house, ADA, ON_PLAT)
            assert "Team Voice does not accept the access token that pollbot has" in said
        await rest(house, pollbot)

        assert not letters(house, ADA)
        assert "POLLBOT_TEAM_VOICE_TOKEN" in pollbot.remarks()["team voice"]
        assert caplog.text.count("POLLBOT_TEAM_VOICE_TOKEN: Team Voice does not take it") == 1


async def test_a_new_token_ends_what_was_owed_about_the_old_one(
    house: House, voice: TeamVoiceStandIn
) -> None:
    async with house.program() as pollbot:
        await connect(house, ADA, BEN)
        await set_up(house, ADA, "PLAT", voice.url)
        voice.add_token("a-new-token", {"PLAT"})
        del voice.tokens[VOICE_TOKEN]
        await command(house, BEN, ON_PLAT)
        await house.told(ADA, "does not accept the access token any more")

        await set_up(house, ADA, "PLAT", voice.url, "a-new-token")
        assert await command(house, BEN, ON_PLAT) == ""
        await house.card("Which export?")
        await rest(house, pollbot)
        assert "team voice" not in pollbot.remarks()
        assert len(refusals(house, ADA)) == 1

        del voice.tokens["a-new-token"]
        await command(house, BEN, 'PLAT-12 "Lunch?" "Pizza" "Soup"')
        await house.slack.until(lambda: len(refusals(house, ADA)) == 2, what="a second word")
