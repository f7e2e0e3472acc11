"""Two people have the form of one poll open: neither undoes what the other changed, unseen."""

import asyncio
import copy
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from pollbot.sandbox.slack import Answer, Message, View
from pollbot.sandbox.team_voice import TeamVoiceStandIn
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, CLEO, House, rest
from tests.support.polls import (
    BOUND,
    DAY,
    at,
    chosen,
    close,
    drawn,
    manage,
    poll,
    refused,
    send_form,
    until,
    window,
)
from tests.support.team_voice import by_default, connect, team_voice

EDIT = '"callback_id": "edit_poll"'
TOLD = "since you opened the form"
SAFE = "Nothing was saved."


@pytest.fixture
async def card(house: House, pollbot: Pollbot) -> Message:
    """The card of a poll of Ada's on an issue, which Ben may edit as well."""
    await house.connect(ADA)
    words = f'PLAT-12 "Lunch?" "Pizza" "Soup" "Salad" {until(house, 3 * DAY)}'
    made = await poll(house, words)
    form = await manage(house, ADA, made, "poll_owners", '"callback_id": "owners_poll"')
    await house.slack.submit(ADA, form.id, {"owners": {"value": [BEN]}})
    return made


async def edits(house: House, user: str, card: Message, *, who: bool = False) -> View:
    """Return the form that edits the poll; with ``who`` it shows who may answer, and how many."""
    form = await manage(house, user, card, "edit_poll", EDIT)
    if who and '"who_and_how"' in drawn(form):
        await use(house, form, "who_and_how")
    return form


async def use(house: House, form: View, action_id: str, **how: Any) -> None:
    """Use a control of a form, and wait until it is drawn anew."""
    before = form.hash
    pressed = await house.slack.view_action(form.user, form.id, action_id, **how)
    assert (pressed.status, pressed.error) == (200, None), pressed
    await house.slack.until(lambda: form.hash != before, BOUND, what=f"{action_id} to redraw")


async def send(house: House, form: View, **fields: Any) -> Answer:
    """Fill in some fields of a form and send it; an option is named by an underscore and its id."""
    named = {
        f"option:={name[1:]}" if name.startswith("_") else name: value
        for name, value in fields.items()
    }
    return await send_form(house, form, named)


def asks(house: House) -> dict[str, Any]:
    """Return what the one poll asks, and how, as it is kept."""
    [row] = house.rows(
        "SELECT title, description, options, settings, remind_before, record FROM polls"
    )
    title, description, options, settings, remind, record = row
    live = [one for one in json.loads(options) if not one["removed"]]
    own = {"least": 1, "most": None, "places": None, "addable": False, "closes_when_all": False}
    return {
        **own,
        **json.loads(settings),
        "title": title,
        "description": description,
        "options": [one["title"] for one in sorted(live, key=lambda one: int(one["order"]))],
        "remind_before": remind,
        "record": bool(record),
    }


@dataclass(frozen=True)
class Field:
    """A field of the form: two values for it, and what it is called where the poll is kept."""

    name: str
    one: Any
    other: Any
    kept: str
    says: str = ""
    who: bool = False


FIELDS = (
    Field("title", "Dinner?", "Supper?", "title", "“Supper?”"),
    Field("description", "On Friday", "On Monday\n\nat noon", "description", "“On Monday at noon”"),
    Field("_1", "Pasta", "Rice", "options", "“Rice”"),
    Field("visibility", "afterVote", "afterClose", "visibility"),
    Field("end", 2 * DAY, 5 * DAY, "ends_at"),
    Field("remind", "3600", "86400", "remind_before"),
    Field("least", "2", "3", "least", "“3”", who=True),
    Field("most", "2", "3", "most", "“3”", who=True),
    Field("places", "20", "30", "places", "“30”", who=True),
)


def value_of(house: House, field: Field, value: Any) -> Any:
    return at(house, value) if field.name == "end" else value


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.kept)
async def test_each_field_is_whose_who_changed_it_and_of_both_it_is_the_first_ones(
    house: House, card: Message, field: Field
) -> None:
    before = asks(house)
    hers, his = await edits(house, ADA, card), await edits(house, BEN, card, who=field.who)
    one, other = (value_of(house, field, value) for value in (field.one, field.other))

    assert refused(await send(house, his, **{field.name: one})) == {}
    after_his = asks(house)
    assert after_his[field.kept] != before[field.kept]
    another = "description" if field.name == "title" else "title"
    assert refused(await send(house, hers, **{another: "All new"})) == {}
    both = asks(house)
    assert both == after_his | {another: "All new"}

    hers, his = await edits(house, ADA, card, who=field.who), await edits(house, BEN, card)
    assert refused(await send(house, his, **{field.name: other})) == {}
    after_his = asks(house)
    assert after_his[field.kept] != both[field.kept]
    third = {"end": at(house, 7 * DAY), "visibility": "alwaysPublic", "remind": "none"}
    wrong = third.get(field.name, "4" if field.who else "Third")
    sent = await send(house, hers, **{field.name: wrong})

    ((where, said),) = refused(sent).items()
    assert where == (f"option:={field.name[1:]}" if field.name == "_1" else field.name)
    assert TOLD in said
    assert field.says in said
    assert SAFE in said
    assert asks(house) == after_his
    assert hers.id in house.slack.views, "nothing that was typed is lost"
    assert refused(await send(house, hers, **{field.name: other})) == {}, "what it says by now"
    assert asks(house) == after_his


@pytest.mark.parametrize(
    ("his", "hers", "kept"),
    [
        (
            {"settings": ["changeable", "names", "comments"]},
            {"settings": ["changeable", "names", "percent_only"]},
            {"comments": True, "percent_only": True},
        ),
        (
            {"settings": ["names", "stays_open"]},
            {"settings": ["changeable", "names", "several"]},
            {"changeable": False, "closes_at_end": False, "several": True},
        ),
        (
            {"settings": ["changeable", "names", "stays_open"]},
            {"end": 6 * DAY},
            {"closes_at_end": False, "ends_at": 6 * DAY},
        ),
        ({"record": ["record"]}, {"title": "All new"}, {"record": True, "title": "All new"}),
        (
            {"settings": ["changeable"]},
            {"settings": ["changeable", "names", "comments"]},
            {"names": False, "comments": True},
        ),
        ({"settings": ["names"]}, {"settings": ["names"]}, {"changeable": False}),
    ],
    ids=["two ticks", "three ticks", "a tick and the end", "record", "names", "the same tick"],
)
async def test_each_tick_is_a_field_of_its_own(
    house: House, card: Message, his: dict[str, Any], hers: dict[str, Any], kept: dict[str, Any]
) -> None:
    before = asks(house)
    her_form, his_form = await edits(house, ADA, card), await edits(house, BEN, card)

    assert refused(await send(house, his_form, **timed(house, his))) == {}
    assert refused(await send(house, her_form, **timed(house, hers))) == {}

    assert asks(house) == before | timed(house, kept)


def timed(house: House, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields with moments in place of how far ahead they are."""
    return {
        name: at(house, value) if name in ("end", "ends_at") else value
        for name, value in fields.items()
    }


async def test_who_may_answer_is_one_field(house: House, card: Message) -> None:
    hers, his = await edits(house, ADA, card, who=True), await edits(house, BEN, card, who=True)
    await use(house, hers, "changed", block_id="who", value="named")
    assert refused(await send(house, his, who="here")) == {}
    before = asks(house)
    assert before["audience"]["here"]

    sent = await send(house, hers, people=[CLEO])

    ((where, said),) = refused(sent).items()
    assert (where, TOLD in said, SAFE in said) == ("who", True, True)
    assert asks(house) == before
    again = await edits(house, ADA, card)
    assert chosen(again, "who") == "here", "it shows what it is now"


async def test_set_back_to_what_the_form_showed_it_stays_as_the_other_one_has_it(
    house: House, card: Message
) -> None:
    hers, his = await edits(house, ADA, card), await edits(house, BEN, card)
    await send(house, his, title="Dinner?")
    assert "title" in refused(await send(house, hers, title="Supper?", description="On Friday"))

    assert refused(await send(house, hers, title="Lunch?")) == {}

    assert (asks(house)["title"], asks(house)["description"]) == ("Dinner?", "On Friday")


async def test_what_does_not_go_with_what_another_one_changed_is_refused_with_the_reason(
    house: House, card: Message
) -> None:
    hers, his = await edits(house, ADA, card), await edits(house, BEN, card)
    await send(house, his, end=None)
    before = asks(house)

    sent = await send(house, hers, remind="3600")

    ((where, said),) = refused(sent).items()
    assert where == "remind"
    assert "was changed since you opened this form" in said
    assert "open the form again" in said
    assert asks(house) == before
    assert before["ends_at"] is None


Doing = Callable[[House, View], Awaitable[None]]


def up(option: str) -> Doing:
    async def do(house: House, form: View) -> None:
        await use(house, form, "option_up", value=f"={option}")

    return do


def out(option: str) -> Doing:
    async def do(house: House, form: View) -> None:
        await use(house, form, "option_remove", value=f"={option}")

    return do


def new(text: str, *, ups: int = 0) -> Doing:
    async def do(house: House, form: View) -> None:
        await use(house, form, "add_option")
        await use(
            house,
            form,
            "changed",
            block_id="visibility",
            value="alwaysPublic",
            values={"option:1": {"value": text}},
        )
        for _ in range(ups):
            await use(house, form, "option_up", value="1")

    return do


OPTIONS: dict[str, tuple[Doing | dict[str, str], Doing | dict[str, str], list[str] | str]] = {
    "each words another one anew": (
        {"_1": "Pasta"},
        {"_2": "Broth"},
        ["Pasta", "Broth", "Salad"],
    ),
    "one is worded anew, and all are moved": (
        {"_1": "Pasta"},
        up("3"),
        ["Pasta", "Salad", "Soup"],
    ),
    "they are moved, and one is worded anew": (
        up("3"),
        {"_1": "Pasta"},
        ["Pasta", "Salad", "Soup"],
    ),
    "both move them alike": (up("3"), up("3"), ["Pizza", "Salad", "Soup"]),
    "both move them otherwise": (up("2"), up("3"), "into another order"),
    "both add one": (new("Rice"), new("Tofu"), ["Pizza", "Soup", "Salad", "Tofu", "Rice"]),
    "both add the same": (new("Rice"), new("rice"), ["Pizza", "Soup", "Salad", "rice"]),
    "they are moved, and one is added behind the first": (
        up("2"),
        new("Tofu", ups=2),
        ["Soup", "Pizza", "Tofu", "Salad"],
    ),
    "each takes out another one": (out("1"), out("2"), "at least 2"),
    "both take out the same": (out("1"), out("1"), ["Soup", "Salad"]),
    "one is taken out, and another one worded anew": (
        out("1"),
        {"_2": "Broth"},
        ["Broth", "Salad"],
    ),
    "one is taken out, and worded anew": (out("1"), {"_1": "Pasta"}, "was taken out since"),
    "one is worded anew, and taken out": ({"_1": "Pasta"}, out("1"), "it says “Pasta” now"),
    "two change places, by their texts, and another one is added": (
        {"_1": "Soup", "_2": "Pizza"},
        new("Tofu"),
        ["Soup", "Pizza", "Salad", "Tofu"],
    ),
}


@pytest.mark.parametrize(("his", "hers", "becomes"), OPTIONS.values(), ids=OPTIONS)
async def test_options_are_both_ones_too(
    house: House,
    card: Message,
    his: Doing | dict[str, str],
    hers: Doing | dict[str, str],
    becomes: list[str] | str,
) -> None:
    her_form, his_form = await edits(house, ADA, card), await edits(house, BEN, card)

    async def made(form: View, doing: Doing | dict[str, str]) -> Answer:
        if isinstance(doing, dict):
            return await send(house, form, **doing)
        await doing(house, form)
        return await send(house, form)

    assert refused(await made(his_form, his)) == {}
    before = asks(house)
    sent = await made(her_form, hers)

    if isinstance(becomes, str):
        ((_, said),) = refused(sent).items()
        assert becomes in said
        assert "Nothing was" in said
        assert asks(house) == before
    else:
        assert refused(sent) == {}
        assert asks(house) == before | {"options": becomes}


async def test_both_at_the_same_moment_are_both_kept(house: House, card: Message) -> None:
    hers, his = await edits(house, ADA, card), await edits(house, BEN, card)
    before = asks(house)

    both = await asyncio.gather(
        send(house, hers, title="Dinner?"), send(house, his, description="On Friday")
    )

    assert [refused(one) for one in both] == [{}, {}]
    assert asks(house) == before | {"title": "Dinner?", "description": "On Friday"}


async def test_of_both_at_the_same_moment_one_hears_that_the_other_was_first(
    house: House, card: Message
) -> None:
    hers, his = await edits(house, ADA, card), await edits(house, BEN, card)

    both = await asyncio.gather(
        send(house, hers, title="Dinner?"), send(house, his, title="Supper?")
    )

    said = [refused(one) for one in both]
    ((first, second),) = [("Dinner?", said[1]) if said[0] == {} else ("Supper?", said[0])]
    assert f"it says “{first}” now" in second["title"]
    assert asks(house)["title"] == first


@pytest.mark.parametrize("again", ["the same delivery", "a second press"])
async def test_a_form_that_comes_again_undoes_nothing_that_came_after_it(
    house: House, pollbot: Pollbot, card: Message, again: str
) -> None:
    hers = await edits(house, ADA, card)
    await send(house, hers, title="Dinner?")
    body = copy.deepcopy(house.slack.deliveries[-1].body)
    assert body["type"] == "view_submission"
    await send(house, await edits(house, BEN, card), title="Supper?")
    before = asks(house)
    if again == "a second press":
        body["trigger_id"] = "7.7.7"

    answered = await house.slack.deliver(body, kind="interactive")
    await rest(house, pollbot)

    assert answered.status == 200
    assert asks(house) == before
    assert ("errors" in answered.body) is (again == "a second press")


@pytest.mark.parametrize("lost", [("showed", "showed_options"), ("showed",), ("showed_options",)])
async def test_a_form_of_an_earlier_version_works_as_it_did(
    house: House, card: Message, lost: tuple[str, ...]
) -> None:
    hers, his = await edits(house, ADA, card), await edits(house, BEN, card)
    memory = json.loads(hers.view["private_metadata"])
    hers.view["private_metadata"] = json.dumps({k: v for k, v in memory.items() if k not in lost})
    await send(house, his, description="On Friday", _2="Broth")

    assert refused(await send(house, hers, title="Dinner?", _1="Pasta")) == {}

    now = asks(house)
    assert now["title"] == "Dinner?"
    assert now["options"][0] == "Pasta"
    assert now["description"] == ("On Friday" if "showed" not in lost else "")
    assert now["options"][1] == ("Broth" if "showed_options" not in lost else "Soup")


async def test_a_poll_that_was_closed_meanwhile_says_that_before_all_else(
    house: House, card: Message
) -> None:
    hers, his = await edits(house, ADA, card), await edits(house, BEN, card)
    await send(house, his, title="Supper?")
    await close(house, BEN, card)

    ((_, said),) = refused(await send(house, hers, title="Dinner?")).items()

    assert "is closed" in said
    assert asks(house)["title"] == "Supper?"


# Of Team Voice's polls others change in Jira, too


@pytest.fixture
async def voice(house: House) -> AsyncIterator[TeamVoiceStandIn]:
    async with team_voice(house) as stand_in:
        yield stand_in


@pytest.fixture
async def there(house: House, voice: TeamVoiceStandIn) -> AsyncIterator[Message]:
    """The card of a poll that lives in Team Voice."""
    async with house.program(**by_default(voice)):
        await connect(house, ADA, BEN)
        words = f'PLAT-12 "Which export?" "CSV" "JSON" "XML" {until(house, 3 * DAY)}'
        yield await poll(house, words)


def kept_there(voice: TeamVoiceStandIn) -> dict[str, Any]:
    [only] = voice.polls.values()
    return only.poll


def in_jira(voice: TeamVoiceStandIn, **fields: Any) -> None:
    """Change the poll as somebody does inside Jira."""
    [only] = voice.polls.values()
    only.poll = copy.deepcopy(only.poll) | fields


async def test_what_was_changed_in_jira_while_the_form_was_open_stays(
    house: House, voice: TeamVoiceStandIn, there: Message
) -> None:
    form = await edits(house, ADA, there)
    settings = kept_there(voice)["settings"] | {"allowComment": True}
    options = [*kept_there(voice)["options"], {"id": "9", "title": "YAML", "order": 3}]
    in_jira(voice, title="Which export now?", settings=settings, options=options)

    assert refused(await send(house, form, description="For everybody", _2="JSON lines")) == {}

    now = kept_there(voice)
    assert (now["title"], now["description"]) == ("Which export now?", "For everybody")
    assert now["settings"]["allowComment"] is True
    assert [one["title"] for one in now["options"]] == ["CSV", "JSON lines", "XML", "YAML"]
    here = asks(house)
    assert (here["title"], here["description"]) == ("Which export now?", "For everybody")
    assert (here["comments"], here["options"]) == (True, ["CSV", "JSON lines", "XML", "YAML"])


async def test_the_same_changed_in_jira_and_in_the_form_is_refused(
    house: House, voice: TeamVoiceStandIn, there: Message
) -> None:
    form = await edits(house, ADA, there)
    in_jira(voice, title="Which export now?")
    before = copy.deepcopy(kept_there(voice))

    sent = await send(house, form, title="Which one?", description="For everybody")

    ((where, said),) = refused(sent).items()
    assert where == "title"
    assert "it says “Which export now?” now" in said
    assert kept_there(voice) == before
    assert sum(call.method == "PUT" for call in voice.calls) == 0
    assert refused(await send(house, form, title="Which export now?")) == {}
    assert kept_there(voice) == before | {"description": "For everybody"}


async def test_two_at_the_same_moment_are_both_kept_in_team_voice(
    house: House, voice: TeamVoiceStandIn, there: Message
) -> None:
    hers, his = await edits(house, ADA, there), await edits(house, BEN, there)
    voice.faults.mode, voice.faults.slow_seconds = "slow", 0.2

    both = await asyncio.gather(
        send(house, hers, title="Which one?"), send(house, his, _1="CSV, with a head")
    )

    assert [refused(one) for one in both] == [{}, {}]
    assert kept_there(voice)["title"] == "Which one?"
    assert kept_there(voice)["options"][0]["title"] == "CSV, with a head"
    assert (asks(house)["title"], asks(house)["options"][0]) == ("Which one?", "CSV, with a head")


async def test_a_poll_that_is_opened_again_keeps_what_was_changed_in_jira(
    house: House, voice: TeamVoiceStandIn, there: Message
) -> None:
    await close(house, ADA, there)
    form = await manage(house, ADA, there, "reopen_poll", '"callback_id": "reopen_poll_form"')
    in_jira(voice, title="Which export now?", pinned=True)

    sent = await send(house, form, end=at(house, 5 * DAY))

    assert "is open and takes answers again" in sent.body
    assert (kept_there(voice)["title"], kept_there(voice)["pinned"]) == ("Which export now?", True)
    assert asks(house)["title"] == "Which export now?"
    assert asks(house)["ends_at"] == at(house, 5 * DAY)


# Whoever else may manage it


@pytest.mark.parametrize(
    ("began", "his", "hers", "becomes"),
    [
        ([BEN], [BEN, CLEO], [BEN, ADA], {ADA, BEN, CLEO}),
        ([BEN, CLEO], [BEN], [BEN, CLEO, ADA], {ADA, BEN}),
        ([BEN, CLEO], [BEN], [BEN], {BEN}),
        ([BEN], [BEN, CLEO], [BEN], {BEN, CLEO}),
        ([BEN], [BEN, CLEO], [], {CLEO}),
    ],
)
async def test_whom_one_of_two_names_or_leaves_out_as_a_co_owner_the_other_does_not_undo(
    house: House,
    card: Message,
    began: list[str],
    his: list[str],
    hers: list[str],
    becomes: set[str],
) -> None:
    async def form(user: str) -> View:
        return await manage(house, user, card, "poll_owners", '"callback_id": "owners_poll"')

    await send(house, await form(ADA), owners=began)
    her_form, his_form = await form(ADA), await form(BEN)

    await send(house, his_form, owners=his)
    await send(house, her_form, owners=hers)

    [(owners,)] = house.rows("SELECT owners FROM polls")
    assert set(json.loads(owners)) == becomes
    await window(house, ADA, "Saved")
