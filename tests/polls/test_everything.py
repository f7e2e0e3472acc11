"""``pollbot export``: all polls in one file, for whoever runs pollbot."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from pollbot.cli import main
from pollbot.wiring import Pollbot
from tests.support import stored
from tests.support.cluster import Databases
from tests.support.house import ADA, BEN, CLEO, House, rest
from tests.support.polls import answer, close, manage, poll, window

Export = Callable[..., Awaitable[tuple[int, str, str]]]
"""Runs the command with these words; returns its exit code, and what it says in both places."""


@pytest.fixture
def export(
    house: House,
    engine: str,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Export:
    async def run(*words: str) -> tuple[int, str, str]:
        named = str(house.database)
        if engine == "postgresql":
            databases: Databases = request.getfixturevalue("databases")
            named = databases.at(house.database).address
        monkeypatch.setenv("POLLBOT_DATABASE", named)
        monkeypatch.chdir(tmp_path)
        code = await asyncio.to_thread(main, ["export", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def read(file: Path) -> dict[str, Any]:
    """Return the polls of a file, by their questions."""
    said = json.loads(file.read_text("utf-8"))
    assert said["format"] == "pollbot-everything-1"
    return {one["poll"]["question"]: one for one in said["polls"]}


def counts(entry: dict[str, Any]) -> dict[str, int | None]:
    return {one["title"]: one["answers"] for one in entry["results"]["options"]}


async def test_each_poll_is_in_it_with_what_it_shows_to_everybody(
    house: House, pollbot: Pollbot, export: Export, tmp_path: Path
) -> None:
    named = await poll(house, 'comments "Lunch? =1" "Pizza" "Soup"')
    hidden = await poll(house, 'hidden "Secret?" "Yes" "No"')
    percent = await poll(house, 'percent "Shares?" "Yes" "No"')
    few = await poll(house, 'anonymous "Few?" "Yes" "No"')
    over = await poll(house, 'anonymous "Over?" "Yes" "No"')
    gone = await poll(house, '"Gone?" "Yes" "No"')
    for user, label in ((BEN, "Soup"), (CLEO, "Soup")):
        await answer(house, user, named, label)
    for card in (hidden, percent, few, over, gone):
        for user in (BEN, CLEO):
            await answer(house, user, card, "Yes")
    await answer(house, ADA, over, "No")
    await house.slack.press(BEN, named.id, "comment")
    form = await window(house, BEN, '"callback_id": "comment_poll"')
    await house.slack.submit(BEN, form.id, {"comment": {"value": "with bread"}})
    await close(house, ADA, over)
    await manage(house, ADA, gone, "delete_poll", "is deleted")
    await rest(house, pollbot)

    code, said, _ = await export("polls.json")

    assert (code, said.partition(" with ")[0]) == (0, "polls.json holds 5 polls")
    file = tmp_path / "polls.json"
    assert file.stat().st_mode & 0o777 == 0o600
    found = read(file)
    assert found.keys() == {"Lunch? =1", "Secret?", "Shares?", "Few?", "Over?"}
    lunch = found["Lunch? =1"]
    assert lunch["workspace"] == house.slack.team_id
    assert counts(lunch) == {"Pizza": 0, "Soup": 2}
    assert {(one["user_id"], one["option_id"]) for one in lunch["answers"]} == {
        (BEN, "2"),
        (CLEO, "2"),
    }
    assert lunch["comments"] == [{"comment": "with bread", "user_id": BEN}]
    for question, why in (("Secret?", "until_closed"), ("Few?", "too_few")):
        assert found[question]["hidden"] == why
        assert counts(found[question]) == {"Yes": None, "No": None}
        assert found[question]["answers"] == []
    assert counts(found["Shares?"]) == {"Yes": None, "No": None}
    assert found["Shares?"]["results"]["options"][0]["percent"] == 100
    assert found["Shares?"]["answers"] == []
    assert counts(found["Over?"]) == {"Yes": 2, "No": 1}
    assert found["Over?"]["answers"] == []
    assert BEN not in json.dumps([found["Over?"], found["Few?"], found["Shares?"]])


async def test_to_export_moves_no_split_of_an_anonymous_poll(
    house: House, pollbot: Pollbot, export: Export, tmp_path: Path
) -> None:
    users = [f"U0EVE{number}" for number in range(4)]
    for user in users:
        house.slack.add_person(user, user.lower())
    card = await poll(house, 'anonymous comments "Leaving?" "Yes" "No"')
    for user in users[:3]:
        await answer(house, user, card, "Yes")
    await house.slack.until(lambda: "Yes 3" in card.text, what=card.text)
    await answer(house, users[3], card, "No")
    await rest(house, pollbot)
    before = house.rows("SELECT part, place, people, counts FROM steps ORDER BY 1, 2")

    await export("polls.json")

    [leaving] = read(tmp_path / "polls.json").values()
    assert counts(leaving) == {"Yes": 3, "No": 0}, "as it was last seen by anybody"
    assert leaving["results"]["as_of_an_earlier_step"]
    assert house.rows("SELECT part, place, people, counts FROM steps ORDER BY 1, 2") == before


async def test_it_is_read_whether_pollbot_runs_or_not_and_nothing_is_changed(
    house: House, export: Export, tmp_path: Path, engine: str
) -> None:
    async with house.program() as pollbot:
        card = await poll(house, '"Lunch?" "Pizza" "Soup"')
        await answer(house, BEN, card, "Soup")
        await rest(house, pollbot)
        assert (await export("first.json"))[0] == 0
        await answer(house, CLEO, card, "Pizza")
        await house.slack.until(lambda: "Pizza 1" in card.text, what=card.text)
        await rest(house, pollbot)
    before = {path.name: path.read_bytes() for path in tmp_path.glob("pollbot.db*")}

    assert (await export("second.json"))[0] == 0

    assert counts(read(tmp_path / "first.json")["Lunch?"]) == {"Pizza": 0, "Soup": 1}
    assert counts(read(tmp_path / "second.json")["Lunch?"]) == {"Pizza": 1, "Soup": 1}
    assert {path.name: path.read_bytes() for path in tmp_path.glob("pollbot.db*")} == before
    assert len(before) > (engine == "sqlite")


async def test_one_workspace_gets_its_own(
    house: House, pollbot: Pollbot, export: Export, tmp_path: Path
) -> None:
    await poll(house, '"Lunch?" "Pizza" "Soup"')
    await poll(house, '"Dinner?" "Pizza" "Soup"')
    await rest(house, pollbot)
    with ExitStack() as stack:
        db = stack.enter_context(stored.opened(house.database))
        db.execute("UPDATE polls SET team_id = 'T0OTHER' WHERE title = 'Dinner?'")

    assert (await export("one.json", "--team", house.slack.team_id))[0] == 0
    assert (await export("other.json", "--team", "T0OTHER"))[0] == 0
    code, _, why = await export("none.json", "--team", "T0NOBODY")

    assert read(tmp_path / "one.json").keys() == {"Lunch?"}
    assert read(tmp_path / "other.json").keys() == {"Dinner?"}
    assert (code, "there is no poll of workspace T0NOBODY" in why) == (1, True)
    assert not (tmp_path / "none.json").exists()


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("there.json", "is there already, and stays as it is"),
        ("nowhere/polls.json", "No such file or directory"),
        ("pollbot.db-wal", "belongs to the database itself"),
    ],
)
@pytest.mark.of_files
async def test_what_cannot_be_written_is_told_and_nothing_is_left(
    house: House, export: Export, tmp_path: Path, file: str, why: str
) -> None:
    async with house.program() as pollbot:
        await poll(house, '"Lunch?" "Pizza" "Soup"')
        await rest(house, pollbot)
    (tmp_path / "there.json").write_text("mine")
    before = sorted(path.name for path in tmp_path.iterdir())

    code, _, said = await export(file)

    assert (code, why in said) == (1, True), said
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert (tmp_path / "there.json").read_text() == "mine"


@pytest.mark.of_files
async def test_what_is_no_database_of_this_pollbot_is_told(
    house: House, export: Export, tmp_path: Path
) -> None:
    assert "there is no" in (await export("polls.json"))[2]
    house.database.write_bytes(b"something else" * 100)
    assert "cannot be read" in (await export("polls.json"))[2]
    house.database.write_bytes(b"")
    assert "is no database of pollbot's" in (await export("polls.json"))[2]
    house.database.unlink()
    async with house.program():
        pass
    known = "SELECT name FROM _sqlite_migrations ORDER BY rowid DESC LIMIT 1"
    with stored.opened(house.database) as db:
        [(newest,)] = db.execute(known).fetchall()
        for name, of_which in (("from_the_future", "a newer pollbot"), (newest, "")):
            db.execute(
                "UPDATE _sqlite_migrations SET name = ? WHERE rowid = (SELECT max(rowid)"
                " FROM _sqlite_migrations)",
                (name,),
            )
            assert of_which in (await export(f"{name}.json"))[2]
        db.execute("DELETE FROM _sqlite_migrations WHERE name = ?", (newest,))
    assert "an older pollbot" in (await export("polls.json"))[2]
    assert [path.name for path in tmp_path.glob("*.json")] == [f"{newest}.json"]
