"""*Export*: a poll as files, sent to who may manage it and to nobody else."""

import csv
import io
import json
from typing import Any

import pytest

from pollbot.polls.exports.rules import BOM, cell
from pollbot.sandbox.slack import Message
from pollbot.slack.clicks import ExportAsClick
from pollbot.wiring import Pollbot
from tests.support import stored
from tests.support.house import ADA, BEN, CLEO, PLANNING, House, pings, rest
from tests.support.polls import (
    BOUND,
    answer,
    close,
    form_poll,
    manage,
    more,
    offers,
    poll,
    poll_id,
    window,
)
from tests.support.team_voice import by_default, close_windows, connect, team_voice

LUNCH = '"Lunch?" "Pizza" "Soup"'
VOTERS = [f"UCROWD{n}" for n in range(4)]


async def press(house: House, user: str, card: Message, kind: str) -> None:
    """Ask for an export under *More*."""
    opened = await manage(house, user, card, "export_poll", '"callback_id": "poll_export"')
    label = {"csv": "export_poll_as:0", "json": "export_poll_as:1"}[kind]
    sent = await house.slack.view_action(user, opened.id, label)
    assert (sent.status, sent.error) == (200, None), sent
    await window(house, user, "on its way")


async def files(house: House, user: str, count: int = 1) -> dict[str, str]:
    """Return what stands in the files of the newest export to the user, by their parts."""

    def there() -> Message | None:
        found = [one for one in house.slack.messages if one.files]
        return found[-1] if len(found) >= count else None

    message = await house.slack.until(there, BOUND, what=f"an export: {house.words(user)}")
    channel = house.slack.channels[message.channel]
    assert channel.is_im
    assert channel.members == {user}
    return {one.name.rpartition("-")[2]: one.text for one in message.files}


async def exported(house: House, card: Message, kind: str = "csv") -> dict[str, str]:
    await press(house, ADA, card, kind)
    return await files(house, ADA)


def table(text: str) -> list[dict[str, str]]:
    assert text.startswith(BOM)
    assert text.endswith("\r\n")
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline="")))


async def crowd(house: House, card: Message, answers: dict[str, str]) -> None:
    for user, label in answers.items():
        if user not in house.slack.people:
            house.slack.add_person(user, user.title())
            house.slack.channels[PLANNING].members.add(user)
        await answer(house, user, card, label)


async def test_a_table_of_the_results_and_one_of_who_chose_what(
    house: House, pollbot: Pollbot
) -> None:
    card = await poll(house, LUNCH)
    await answer(house, BEN, card, "Soup")
    await answer(house, CLEO, card, "Soup")
    await rest(house, pollbot)

    found = await exported(house, card)

    assert set(found) == {"results.csv", "answers.csv"}
    same = {"question": "Lunch?", "in_jira": "", "removed": "no"}
    assert table(found["results.csv"]) == [
        same | {"option": "Pizza", "answers": "0", "in_slack": "0", "percent": "0"},
        same | {"option": "Soup", "answers": "2", "in_slack": "2", "percent": "100"},
    ]
    assert table(found["answers.csv"]) == [
        {"option": "Soup", "user_id": BEN, "name": "Ben"},
        {"option": "Soup", "user_id": CLEO, "name": "Cleo"},
    ]
    told = next(one for one in house.slack.messages if one.files)
    assert "Your export of *Lunch?*, 2 files. 2 participants · 2 answers." in told.text
    assert "It is open" in told.text
    assert pings(house) == []


async def test_all_of_it_in_one_file_for_programs(house: House, pollbot: Pollbot) -> None:
    card = await form_poll(house, settings=("changeable", "names", "comments"))
    await answer(house, BEN, card, "Soup")
    await house.slack.press(BEN, card.id, "comment")
    form = await window(house, BEN, '"callback_id": "comment_poll"')
    await house.slack.submit(BEN, form.id, {"comment": {"value": '=1+1 "hot"'}})
    await rest(house, pollbot)
    await close_windows(house, ADA)

    said = json.loads((await exported(house, card, "json")).popitem()[1])

    assert said["poll"]["question"] == "Lunch?"
    assert said["results"]["answers"] == 1
    assert said["answers"] == [
        {"option_id": said["results"]["options"][1]["id"], "user_id": BEN, "name": "Ben"}
    ]
    assert said["comments"] == [{"comment": '=1+1 "hot"', "user_id": BEN, "name": "Ben"}]


FORMULAS = (
    *("=cmd()", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝cmd()", "＋1", "－1", "＠A"),
    *(" =cmd()", "\u200b=1", "a;=cmd()", "a\n=cmd()", "a; =cmd()"),
)


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_run_it_only_shows(text: str) -> None:
    for between in ",;\t":
        rows = csv.reader(io.StringIO(cell(f"1{text}"[1:]) + "\r\n", newline=""), delimiter=between)
        for row in rows:
            for one in row:
                bare = one.strip(" \u200b\u3000")
                assert bare[:1] == "'" or bare[:1] not in set("=+-@\t\r\n＝＋－＠"), row


async def test_an_option_that_is_a_formula_stays_what_it_is_in_both(
    house: House, pollbot: Pollbot
) -> None:
    card = await poll(house, '"Which one?" "=cmd()" "a ""b"", c"')
    await rest(house, pollbot)

    rows = table((await exported(house, card))["results.csv"])
    await press(house, ADA, card, "json")
    said = json.loads((await files(house, ADA, 2)).popitem()[1])

    assert rows[0]["option"] == "'=cmd()"
    assert said["results"]["options"][0]["title"] == "=cmd()"
    assert rows[1]["option"] == said["results"]["options"][1]["title"]


async def test_of_an_anonymous_poll_there_are_counts_and_nobody(
    house: House, pollbot: Pollbot
) -> None:
    card = await poll(house, f"anonymous comments {LUNCH}")
    await crowd(house, card, dict.fromkeys(VOTERS[:2], "Soup"))
    await rest(house, pollbot)

    view = await manage(house, ADA, card, "export_poll", "fewer than 3 answers")
    assert "CSV" not in offers(view)
    await crowd(house, card, dict.fromkeys(VOTERS[2:3], "Pizza"))
    await rest(house, pollbot)
    found = await exported(house, card)

    assert set(found) == {"results.csv"}
    assert [row["answers"] for row in table(found["results.csv"])] == ["1", "2"]
    await press(house, ADA, card, "json")
    text = (await files(house, ADA, 2)).popitem()[1]
    assert "answers" not in json.loads(text)
    assert not any(voter in text for voter in VOTERS)


async def test_one_that_shows_only_percentages_is_exported_so(
    house: House, pollbot: Pollbot
) -> None:
    card = await poll(house, f"percent {LUNCH}")
    await answer(house, BEN, card, "Soup")
    await rest(house, pollbot)

    found = await exported(house, card)

    assert set(found) == {"results.csv"}
    assert [(row["answers"], row["percent"]) for row in table(found["results.csv"])] == [
        ("", "0"),
        ("", "100"),
    ]


async def test_hidden_results_are_exported_when_they_are_shown(
    house: House, pollbot: Pollbot
) -> None:
    card = await poll(house, f"hidden {LUNCH}")
    await answer(house, BEN, card, "Soup")
    await rest(house, pollbot)

    await manage(house, ADA, card, "export_poll", "before it is closed, so nothing was exported")
    await close(house, ADA, card)
    found = await exported(house, card)

    assert [row["answers"] for row in table(found["results.csv"])] == ["0", "1"]


async def test_answers_given_in_jira_are_named_apart(house: House) -> None:
    async with team_voice(house) as voice, house.program(**by_default(voice)) as pollbot:
        await connect(house, ADA)
        card = await poll(house, f"PLAT-12 {LUNCH}")
        await answer(house, BEN, card, "Soup")
        (made,) = voice.polls_on("PLAT-12")
        for n in range(3):
            voice.answer_inside(made.id, f"inside-{n}", [made.option_ids[1]])
        house.clock.ahead += 600
        await rest(house, pollbot)
        await close_windows(house, ADA)

        rows = table((await exported(house, card))["results.csv"])

        assert [(row["answers"], row["in_slack"], row["in_jira"]) for row in rows] == [
            ("0", "0", "0"),
            ("4", "1", "3"),
        ]


async def test_who_may_not_manage_it_gets_nothing(house: House, pollbot: Pollbot) -> None:
    card = await poll(house, LUNCH)
    assert "Export" not in offers(await more(house, BEN, card))

    forged = await house.slack.press(
        BEN, card.id, "more", value=ExportAsClick(poll=poll_id(card), kind="csv").pack()
    )
    assert forged.status == 200
    body: dict[str, Any] = house.slack.deliveries[-1].body
    body["actions"][0]["action_id"] = "export_poll_as:0"
    await house.slack.deliver(body, kind=house.slack.deliveries[-1].kind)

    await house.told(BEN, "Only whoever created the poll, its co-owners and admins")
    await rest(house, pollbot)
    assert not any(call.method.startswith("files.") for call in house.slack.calls)


async def test_a_window_that_is_pressed_twice_sends_it_once(house: House, pollbot: Pollbot) -> None:
    card = await poll(house, LUNCH)
    await exported(house, card)
    body = next(
        one for one in reversed(house.slack.deliveries) if "export_poll_as" in str(one.body)
    )
    again = {**body.body, "trigger_id": "1.2.3"}
    again["actions"] = [{**body.body["actions"][0], "action_ts": "9999999999.0001"}]

    await house.slack.deliver(again, kind=body.kind)

    await rest(house, pollbot)
    assert len([one for one in house.slack.messages if one.files]) == 1


async def test_without_the_scope_a_short_one_is_told_and_a_long_one_says_what_to_do(
    house: House,
) -> None:
    house.slack.tokens.bot_scopes.remove("files:write")
    async with house.program() as pollbot:
        card = await poll(house, LUNCH)
        await press(house, ADA, card, "csv")
        told = await house.told(ADA, "without the scope `files:write`")
        assert house.slack.channels[told.channel].is_im
        assert '"Lunch?","Pizza",0,0,,0' in str(told.blocks)
        await close_windows(house, ADA)

        options = " ".join(f'"{n} {"long " * 20}"' for n in range(60))
        long = await poll(house, f'"Which?" {options}')
        await press(house, ADA, long, "csv")

        await house.told(ADA, "Nothing was sent. Ask an admin to add it")
        await rest(house, pollbot)
        assert not any(one.files for one in house.slack.messages)


TROUBLES: dict[str, tuple[str, dict[str, Any], str]] = {
    "full": ("files.getUploadURLExternal", {"error": "storage_limit_reached"}, "no room for files"),
    "forbidden": ("files.getUploadURLExternal", {"error": "file_uploads_disabled"}, "not allowed"),
    "kind": ("files.completeUploadExternal", {"error": "file_type_not_allowed"}, "not allowed"),
}


@pytest.mark.parametrize(("method", "said", "told"), TROUBLES.values(), ids=TROUBLES)
async def test_what_slack_does_not_take_is_told(
    house: House, pollbot: Pollbot, method: str, said: dict[str, Any], told: str
) -> None:
    card = await poll(house, LUNCH)
    house.slack.faults.fail_next(method, body={"ok": False, **said})

    await press(house, ADA, card, "csv")

    await house.told(ADA, told)
    await rest(house, pollbot)
    assert not any(one.files for one in house.slack.messages)


async def test_bytes_that_do_not_arrive_are_told(house: House, pollbot: Pollbot) -> None:
    del pollbot
    card = await poll(house, LUNCH)
    house.slack.faults.fail_next("upload", 500, "upload failed")

    await press(house, ADA, card, "csv")

    await house.told(ADA, "Please export once more in a minute")
    assert not any(one.files for one in house.slack.messages)


async def test_one_that_is_deleted_meanwhile_is_not_sent(house: House, pollbot: Pollbot) -> None:
    card = await poll(house, LUNCH)
    opened = await manage(house, ADA, card, "export_poll", '"callback_id": "poll_export"')
    await house.slack.view_action(ADA, opened.id, "export_poll_as:1")
    exported_before = await files(house, ADA)
    assert exported_before
    opened = await manage(house, ADA, card, "export_poll", '"callback_id": "poll_export"')
    body = next(one for one in house.slack.deliveries if "export_poll_as" in str(one.body))
    await manage(house, ADA, card, "delete_poll", "is deleted")
    later = {**body.body, "view": {**body.body["view"], "id": opened.id}, "trigger_id": "3.2.1"}
    later["actions"] = [{**body.body["actions"][0], "action_ts": "9999999999.0002"}]

    await house.slack.deliver(later, kind=body.kind)

    await house.told(ADA, "deleted")
    await rest(house, pollbot)
    assert len([one for one in house.slack.messages if one.files]) == 1


async def test_forty_thousand_answers_are_exported_while_others_go_on(house: House) -> None:
    most = 40_000
    counts = {"1": most // 2, "2": most // 2, "": most}
    async with house.program():
        card = await poll(house, LUNCH)
    with stored.opened(house.database) as db:
        db.execute("BEGIN")
        db.executemany(
            "INSERT INTO answers (poll_id, voter, option_id) VALUES (?, ?, ?)",
            [(poll_id(card), f"U{n:09}", "12"[n % 2]) for n in range(most)],
        )
        db.executemany(
            "INSERT INTO counts (poll_id, option_id, answers) VALUES (?, ?, ?)",
            [(poll_id(card), one, many) for one, many in counts.items()],
        )
        db.execute("COMMIT")
    async with house.program() as pollbot:
        await press(house, ADA, card, "csv")
        await answer(house, BEN, card, "Soup")

        found = await files(house, ADA)

        rows = table(found["answers.csv"])
        # Whoever answers while it is written may be in it.
        assert {row["user_id"] for row in rows} - {BEN} == {f"U{n:09}" for n in range(most)}
        counted = sum(int(row["answers"]) for row in table(found["results.csv"]))
        assert counted in (most, most + 1)
        await rest(house, pollbot)
