"""The forms around a poll: within every limit, and nothing that somebody typed is lost."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pollbot.errors import StaleButton
from pollbot.picks.blocks import PICK_ISSUE
from pollbot.polls.edits.rules import Options
from pollbot.polls.forms import blocks as forms
from pollbot.polls.forms import state as filling
from pollbot.polls.forms import windows
from pollbot.polls.forms.state import FormOption, FormState
from pollbot.polls.kept import Kept
from pollbot.polls.rules import (
    Draft,
    Option,
    Poll,
    PollSettings,
    Visibility,
    checked,
    one_line,
)
from pollbot.polls.templates import TEMPLATES
from pollbot.sandbox.slack.blockkit import elements, view_problems
from pollbot.sandbox.slack.state import state_values
from pollbot.slack.clicks import (
    Click,
    CloseClick,
    DeleteClick,
    EditClick,
    NamesClick,
    ShowResultsClick,
)
from pollbot.slack.kit import VIEW_TEXT, Block
from pollbot.slack.windows import told_view
from pollbot.text.recurrence import Every
from tests.support.drawn import (
    LINK,
    NOON,
    PEOPLE,
    assert_pings_nobody,
    labels,
    markup,
    poll,
    polls,
    pressed,
    settings_of_polls,
    texts,
)


@st.composite
def states(draw: st.DrawFn, *, fewest: int = 2) -> FormState:
    """Draw a form as somebody may have left it."""
    typed = draw(st.lists(texts, min_size=fewest, max_size=6) | st.just(["x" * 200] * 40))
    ends_at = draw(st.none() | st.integers(10**9, 10**10 - 1).map(float))
    return FormState(
        title=draw(texts),
        description=draw(texts),
        options=tuple(FormOption(str(n + 1), text) for n, text in enumerate(typed)),
        settings=replace(draw(settings_of_polls), ends_at=ends_at),
        template=draw(st.none() | st.sampled_from(sorted(TEMPLATES))),
        issue=draw(st.sampled_from(["", "PLAT-12"])),
        page=draw(st.sampled_from(["", "98371"])),
        offered_issue="PLAT-12",
        offered_page="98371",
        linked=draw(st.booleans()),
        hitch=draw(st.none() | st.sampled_from(filling.Hitch)),
        asked=draw(st.sampled_from(["", "PLAT-12", "PLAT-12 local"])),
        channel=draw(st.sampled_from(["", "C0PLANNING"])),
        has_source=draw(st.booleans()),
        next_key=len(typed) + 1,
        remind_before=draw(st.sampled_from([None, *filling.REMIND_BEFORE])),
        post_at=draw(st.none() | st.integers(10**9, 10**10 - 1).map(float)),
        repeat=draw(st.sampled_from([None, *filling.REPEATS])),
    )


def filled_in(view: Block, **typed: Any) -> Block:
    """Return the form as Slack sends it, after somebody typed into some of its fields."""
    values = state_values(
        view["blocks"], {block_id: {"value": text} for block_id, text in typed.items()}
    )
    return {**view, "state": {"values": values}}


def assert_slack_takes(view: Block) -> None:
    assert view_problems(view) == []
    assert "<!channel" not in json.dumps(_without_typed(view))
    for text in markup(view["blocks"]):
        assert_pings_nobody(text, LINK)


def _without_typed(part: Any) -> Any:
    """Return the form without what people find in its fields again, which is theirs."""
    if isinstance(part, dict):
        return {
            name: _without_typed(value) for name, value in part.items() if name != "initial_value"
        }
    return [_without_typed(each) for each in part] if isinstance(part, list) else part


def option_texts(state: FormState) -> list[str]:
    return [one.text for one in state.options]


# The form and what it brings back


@given(states(), st.sampled_from(["", LINK]), st.sampled_from(["", "That went wrong."]))
def test_slack_takes_the_form_however_it_is_filled_in(
    state: FormState, about: str, problem: str
) -> None:
    assert_slack_takes(forms.create_form(replace(state, notes=problem), about=about))


def _closing(state: FormState) -> FormState:
    """Return the form with an end that closes the poll, unless it is to stay open."""
    closes = state.settings.ends_at is not None and not state.stays_open
    return replace(state, settings=replace(state.settings, closes_at_end=closes))


@given(states(), st.sampled_from(["source", "pollbot"]), st.booleans(), st.booleans())
def test_a_form_brings_back_what_stands_in_it(
    state: FormState, keep: filling.Keep, record: bool, stays_open: bool
) -> None:
    state = replace(
        state,
        keep=keep if state.has_source else "pollbot",
        record=record and bool(state.issue),
        stays_open=stays_open,
    )
    assume(len(state.lines) <= VIEW_TEXT)

    read = forms.read_form(filled_in(forms.create_form(state)))

    assert read == _closing(replace(state, options=_one_on_a_line(state)))


def _one_on_a_line(state: FormState) -> tuple[FormOption, ...]:
    lines = [line for line in state.lines.split("\n") if line.strip()]
    return tuple(FormOption(str(n), line) for n, line in enumerate(lines, 1))


@given(states(), st.sampled_from(["source", "pollbot"]))
def test_what_is_not_shown_comes_back_as_well(state: FormState, keep: filling.Keep) -> None:
    settings = replace(state.settings, ends_at=None, closes_at_end=False)
    state = FormState(
        title=state.title,
        options=state.options,
        settings=settings,
        template=state.template,
        has_source=state.has_source,
        keep=keep if state.has_source else "pollbot",
        more=False,
        own="Pizza\nSoup",
    )
    assume(len(state.lines) <= VIEW_TEXT)

    form = forms.create_form(state)

    assert_slack_takes(form)
    assert forms.read_form(filled_in(form)) == replace(state, options=_one_on_a_line(state))
    all_of_it = forms.create_form(filling.with_more(state, NOON))
    assert forms.read_form(filled_in(all_of_it)).settings == settings


@given(polls(), st.sampled_from([None, *filling.REMIND_BEFORE]), st.booleans())
def test_slack_takes_the_form_that_edits_any_poll(
    poll: Any, remind_before: float | None, record: bool
) -> None:
    ends_at = poll.settings.ends_at
    assume(ends_at is None or 10**9 <= ends_at < 10**10)
    state = forms.state_of(poll, remind_before, record, issue="PLAT-12")

    form = forms.edit_form(state, about=LINK, problem="That went wrong.")

    assert_slack_takes(form)
    read = forms.read_form(filled_in(form))
    whole = None if ends_at is None else float(int(ends_at))
    kept = replace(poll.settings, ends_at=whole)
    whole_state = replace(state, settings=kept, has_source=False, offered_issue="PLAT-12")
    assert read == _closing(whole_state)
    assert ends_at is None or read.settings.closes_at_end == poll.settings.closes_at_end


def options_of(view: Block, now: Poll) -> Options | None:
    """Return what an edit makes of the options of a poll; None if they stay as they are."""
    return forms.edit_of(forms.read_form(view), Kept(now, "T1", "", "plain", "", NOON)).options


def test_an_edit_knows_which_options_are_old_and_which_are_new() -> None:
    lunch = poll("Pizza", "Soup", "Rice")
    state = filling.add_option(forms.state_of(lunch))
    state = filling.move_option(filling.remove_option(state, "=2"), "=3", -1)

    view = filled_in(forms.edit_form(state), **{"option:=1": "Pizza!", "option:1": "Bread"})

    assert options_of(view, lunch) == (
        ("3", "Rice"),
        ("1", "Pizza!"),
        (None, "Bread"),
    )


def test_an_emptied_option_is_an_option_removed() -> None:
    lunch = poll("Pizza", "Soup")

    view = filled_in(forms.edit_form(forms.state_of(lunch)), **{"option:=1": ""})

    assert options_of(view, lunch) == (("2", "Soup"),)


@pytest.mark.parametrize("count", [41, 100])
def test_more_options_than_a_form_holds_stay_as_they_are(count: int) -> None:
    many = poll(*(f"Dish {n}" for n in range(count)))

    view = filled_in(forms.edit_form(forms.state_of(many)), title="Dinner?")

    assert forms.read_form(view).title == "Dinner?"
    assert options_of(view, many) is None
    assert not any(block.get("block_id", "").startswith("option:") for block in view["blocks"])


def test_options_with_ids_too_long_to_remember_stay_as_they_are() -> None:
    long = tuple(Option(f"{n:0100}", f"Dish {n}", n) for n in range(40))

    form = forms.edit_form(forms.state_of(replace(poll(), options=long)))

    assert options_of(filled_in(form), replace(poll(), options=long)) is None
    assert_slack_takes(form)


def test_the_form_becomes_a_draft() -> None:
    empty = FormState(issue="PLAT-12", channel="C0PLANNING")
    view = filled_in(
        forms.create_form(empty),
        title=" Lunch? ",
        description="Friday",
        options="Pizza\nSoup",
    )

    draft = filling.to_draft(forms.read_form(view))

    assert draft == Draft("Lunch?", ("Pizza", "Soup"), "Friday", PollSettings())


def test_what_is_longer_than_we_would_take_can_still_be_edited() -> None:
    made_in_jira = replace(poll("x" * 300, "Soup"), title="t" * 500, description="d" * 4000)

    form = forms.edit_form(forms.state_of(made_in_jira))

    fields = {block["block_id"]: block["element"] for block in form["blocks"] if "element" in block}
    for block_id, length in {"title": 500, "description": 3000, "option:=1": 300}.items():
        assert len(fields[block_id]["initial_value"]) == length
        assert fields[block_id]["max_length"] >= length
    assert_slack_takes(form)


@given(polls(), polls(), st.sampled_from([None, *filling.REMIND_BEFORE, 1234.0]), st.booleans())
def test_a_form_that_was_left_alone_undoes_nothing_that_changed_meanwhile(
    before: Poll, now: Poll, remind: float | None, record: bool
) -> None:
    opened = forms.edit_form(forms.state_of(before, None, False, "PLAT-12"))
    kept = Kept(now, "T1", "", "issue", "PLAT-12", NOON, remind_before=remind, record=record)

    sent = forms.read_form(filled_in(opened))
    edit = forms.edit_of(sent, kept)

    as_it_is = forms.state_of(now, remind, record, "PLAT-12")
    assert edit.draft == filling.to_draft(_closing(as_it_is))
    said = {option.id: option.title for option in now.live if one_line(option.title)}
    if not sent.options_fixed:
        assert edit.options == tuple(
            (option.id, said[option.id]) for option in before.live if option.id in said
        )


@pytest.mark.parametrize("ends_at", [0.0, 1e9 - 1, 1e10, 1e15])
def test_an_end_that_slack_could_not_show_leaves_the_field_empty(ends_at: float) -> None:
    state = FormState(settings=PollSettings(ends_at=ends_at))

    assert_slack_takes(forms.create_form(state))


EACH_SETTING: list[tuple[str, str, str, Any]] = [
    *(("settings", "changed", name, True) for name in ("several", "percent_only", "comments")),
    ("visibility", "changed", "afterVote", Visibility.AFTER_VOTE),
    ("visibility", "changed", "afterClose", Visibility.AFTER_CLOSE),
]


@pytest.mark.parametrize(("block_id", "action_id", "value", "wanted"), EACH_SETTING)
def test_each_setting_is_read_as_it_was_chosen(
    block_id: str, action_id: str, value: str, wanted: Any
) -> None:
    form = forms.create_form(FormState())

    typed = {block_id: {action_id: [value] if block_id == "settings" else value}}
    view = {**form, "state": {"values": state_values(form["blocks"], typed)}}

    off = PollSettings(changeable=False, names=False) if wanted is True else PollSettings()
    name = "visibility" if block_id == "visibility" else value
    assert forms.read_form(view).settings == replace(off, **{name: wanted})


def test_an_end_is_a_moment_and_can_be_taken_away() -> None:
    form = forms.create_form(FormState())
    ended = forms.read_form(filled_in(form, end=1_750_000_000))
    again = forms.create_form(ended)

    assert (ended.settings.ends_at, ended.settings.closes_at_end) == (NOON, True)
    assert forms.read_form(filled_in(again)).settings.ends_at == NOON
    assert forms.read_form(filled_in(again, end=None)).settings == PollSettings()
    typed: dict[str, dict[str, Any]] = {
        "end": {"value": 1_750_000_000},
        "settings": {"changed": ["stays_open"]},
    }
    open_after = {**form, "state": {"values": state_values(form["blocks"], typed)}}
    assert not forms.read_form(open_after).settings.closes_at_end
    assert forms.read_form(open_after).stays_open


def test_the_channel_that_was_chosen_counts_before_the_one_it_came_from() -> None:
    form = forms.create_form(FormState(channel="C0PLANNING"))

    assert forms.read_form(filled_in(form, channel="C0RANDOM")).channel == "C0RANDOM"
    assert forms.read_form(filled_in(form)).channel == "C0PLANNING"


def test_the_channel_comes_with_a_way_to_post_where_the_app_was_not_invited() -> None:
    form = forms.create_form(FormState())

    channel = next(block for block in form["blocks"] if block.get("block_id") == "channel")
    assert channel["element"]["response_url_enabled"] is True


def test_where_a_poll_is_kept_is_asked_only_where_there_is_a_choice() -> None:
    without, with_source = FormState(), FormState(has_source=True, keep="source")

    assert "Team Voice" not in json.dumps(forms.create_form(without))
    assert forms.read_form(filled_in(forms.create_form(with_source))).keep == "source"


def test_the_form_says_who_will_see_what() -> None:
    hidden = PollSettings(names=False, visibility=Visibility.AFTER_CLOSE)
    state = FormState(has_source=True, keep="source", settings=hidden)

    read = "\n".join(markup(forms.create_form(state)["blocks"]))

    assert "Anonymous: nobody sees who chose what" in read
    assert "Nobody sees the results before it is closed" in read
    assert "Team Voice shows results always" in read
    for other in (replace(state, keep="pollbot"), replace(state, source_hides=True)):
        seen = "\n".join(markup(forms.create_form(other)["blocks"]))
        assert "Team Voice shows results always" not in seen


def test_what_changes_that_line_is_sent_at_once() -> None:
    form = forms.create_form(FormState(has_source=True))

    sent = {block["block_id"] for block in form["blocks"] if block.get("dispatch_action")}

    assert sent == {"issue", "settings", "visibility", "end", "keep", "remind", "post_at", "repeat"}
    assert {
        block["element"]["action_id"] for block in form["blocks"] if block.get("block_id") in sent
    } == {forms.CHANGED, "value", PICK_ISSUE}


def test_a_reminder_and_a_record_are_part_of_the_draft() -> None:
    form = forms.create_form(FormState(issue="PLAT-12"))

    typed: dict[str, Any] = {"remind": {"changed": "86400"}, "record": {"value": ["record"]}}
    view = {**form, "state": {"values": state_values(form["blocks"], typed)}}

    draft = filling.to_draft(forms.read_form(view))
    assert (draft.remind_before, draft.record) == (86400.0, True)
    plain = filling.to_draft(forms.read_form(filled_in(form)))
    assert (plain.remind_before, plain.record) == (None, False)


@pytest.mark.parametrize("form", [forms.create_form, forms.edit_form])
def test_only_a_poll_on_an_issue_can_be_written_there(form: Any) -> None:
    on_issue, elsewhere = form(FormState(issue="PLAT-12")), form(FormState(page="98371"))

    assert "Write the result on the issue" in json.dumps(on_issue)
    assert "Write the result on the issue" not in json.dumps(elsewhere)


def test_a_poll_may_be_posted_later_and_again() -> None:
    form = forms.create_form(FormState())

    typed: dict[str, Any] = {"post_at": {"changed": 1_750_000_000}, "repeat": {"changed": "weekly"}}
    view = {**form, "state": {"values": state_values(form["blocks"], typed)}}

    read = forms.read_form(view)
    assert (read.post_at, read.repeat) == (NOON, Every.WEEKLY)
    assert forms.read_form(filled_in(forms.create_form(read))) == read


def test_a_poll_that_is_edited_is_not_posted_later() -> None:
    fields = {block.get("block_id") for block in forms.edit_form(FormState(poll="p1"))["blocks"]}

    assert not fields & {"post_at", "repeat"}
    assert "remind" in fields


@pytest.mark.parametrize(
    ("state", "hitch"),
    [
        (
            FormState(remind_before=3600.0, settings=PollSettings(closes_at_end=True)),
            "",
        ),
        (
            FormState(remind_before=3600.0, settings=PollSettings(names=False, closes_at_end=True)),
            "An anonymous poll cannot remind anybody",
        ),
        (FormState(remind_before=3600.0), "needs an *End* at which the poll closes"),
        (FormState(repeat=Every.DAILY), "To repeat, it needs a time"),
        (FormState(repeat=Every.DAILY, post_at=NOON), ""),
    ],
    ids=["reminder", "anonymous", "no end", "no time", "again"],
)
def test_the_form_says_which_choices_do_not_go_together(state: FormState, hitch: str) -> None:
    read = "\n".join(markup(forms.create_form(state)["blocks"]))

    assert hitch in read
    assert (":warning:" in read) == bool(hitch)


@pytest.mark.parametrize("memory", [None, "", "x", "[]", '{"v":2}', '{"poll":1}', '{"old":"key"}'])
def test_a_form_of_another_version_is_told_from_ours(memory: str | None) -> None:
    view = {} if memory is None else {"private_metadata": memory}

    with pytest.raises(StaleButton):
        forms.read_form(view)


def test_a_form_without_its_fields_is_an_empty_one() -> None:
    form = forms.create_form(FormState(issue="PLAT-12"))

    read = forms.read_form(form | {"state": {"values": {"title": {}}}})

    assert read.issue == "PLAT-12"
    assert read.title == ""
    assert option_texts(read) == []


# Changing it in place


@given(states())
def test_an_option_added_and_removed_leaves_everything_as_it_was(state: FormState) -> None:
    assume(len(state.options) < filling.MOST_IN_FORM)

    added = filling.add_option(state)

    new = added.options[-1].key
    assert new not in {one.key for one in state.options}
    assert filling.remove_option(added, new) == replace(state, next_key=state.next_key + 1)


@given(states(), st.data())
def test_an_option_moved_down_and_up_again_is_where_it_was(
    state: FormState, data: st.DataObject
) -> None:
    key = data.draw(st.sampled_from([one.key for one in state.options[:-1]]))

    down = filling.move_option(state, key, 1)

    assert down != state
    assert sorted(down.options, key=lambda one: one.key) == sorted(
        state.options, key=lambda one: one.key
    )
    assert filling.move_option(down, key, -1) == state


@given(states(), st.data())
def test_any_changes_keep_what_was_typed(state: FormState, data: st.DataObject) -> None:
    state = replace(state, poll="p1")
    typed = {one.key: one.text for one in state.options}
    removed: set[str] = set()

    for _ in range(data.draw(st.integers(0, 8))):
        key = data.draw(st.sampled_from([one.key for one in state.options]))
        change = data.draw(st.sampled_from(["up", "down", "add", "remove"]))
        match change:
            case "up":
                state = filling.move_option(state, key, -1)
            case "down":
                state = filling.move_option(state, key, 1)
            case "add":
                state = filling.add_option(state)
            case _:
                smaller = filling.remove_option(state, key)
                removed |= {key} if smaller != state else set()
                state = smaller
        state = forms.read_form(filled_in(forms.edit_form(state)))

    kept = {one.key: one.text for one in state.options if one.key in typed}
    assert kept == {key: text for key, text in typed.items() if key not in removed}
    assert filling.MOST_IN_FORM >= len(state.options) >= 2


def test_the_first_option_goes_no_further_up_and_the_last_no_further_down() -> None:
    state = FormState(options=(FormOption("1", "A"), FormOption("2", "B")))

    assert filling.move_option(state, "1", -1) == state
    assert filling.move_option(state, "2", 1) == state
    assert filling.move_option(state, "9", 1) == state


def test_two_options_stay_whatever_is_removed() -> None:
    assert filling.remove_option(FormState(), "1") == FormState()


def test_a_form_takes_forty_options_and_says_where_more_are_taken() -> None:
    state = FormState(poll="p1")
    for _ in range(60):
        state = filling.add_option(state)

    form = forms.edit_form(state, problem="That went wrong.", about=LINK)

    assert len(state.options) == 40
    assert "Add an option" not in labels(form["blocks"])
    assert "takes up to 100" in "\n".join(markup(form["blocks"]))
    assert_slack_takes(form)


def test_each_option_has_its_moves_with_its_key() -> None:
    options = (FormOption("7", "A"), FormOption("8", "B"), FormOption("9", "C"))

    form = forms.edit_form(FormState(options=options, next_key=10, poll="p1"))

    moves = [
        (each["action_id"], each["value"])
        for block in form["blocks"]
        for each in elements(block)
        if each["action_id"].startswith("option_")
    ]
    assert moves == [
        ("option_down", "7"),
        ("option_remove", "7"),
        ("option_up", "8"),
        ("option_down", "8"),
        ("option_remove", "8"),
        ("option_up", "9"),
        ("option_remove", "9"),
    ]


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_brings_its_options_in_a_field_of_its_own(name: str) -> None:
    before = FormState(title="Mine", options=(FormOption("1", "A"), FormOption("2", "B")))

    state = filling.apply_template(before, name)

    assert tuple(option_texts(state)) == TEMPLATES[name].options
    assert state.options_field != before.options_field
    assert state.title == "Mine"
    back = filling.apply_template(state, "none")
    assert (option_texts(back), back.template, back.own) == (["A", "B"], None, "")
    assert back.options_field not in (state.options_field, before.options_field)
    assert_slack_takes(forms.create_form(state))
    assert filling.to_draft(forms.read_form(filled_in(forms.create_form(state)))).template == name


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_asks_its_own_question_where_none_is_typed(name: str) -> None:
    form = forms.create_form(filling.apply_template(FormState(), name))

    draft = filling.to_draft(forms.read_form(filled_in(form)))

    assert checked(draft, NOON).title == TEMPLATES[name].title
    assert next(block for block in form["blocks"] if block.get("block_id") == "title")["optional"]
    assert TEMPLATES[name].title in json.dumps(form, ensure_ascii=False)


def test_a_scale_that_was_changed_is_no_scale_any_more() -> None:
    state = filling.apply_template(FormState(), "score")

    moved = filling.move_option(state, state.options[0].key, 1)

    assert filling.to_draft(state).template == "score"
    assert filling.to_draft(moved).template is None


def test_ones_own_options_are_no_template() -> None:
    state = filling.apply_template(FormState(), "score")
    form = forms.create_form(state)
    own = next(each for block in form["blocks"] for each in elements(block))["options"][0]

    picked = forms.picked_template({"selected_option": own})

    assert picked == "none"
    assert filling.apply_template(state, picked).template is None
    assert option_texts(filling.apply_template(state, picked)) == option_texts(state)
    assert forms.picked_template({"selected_option": None}) == "none"


# The other windows


@given(polls(), texts, st.integers(-3, 10**6), st.booleans(), st.booleans())
def test_slack_takes_every_window_of_any_poll(
    poll: Any, typed: str, page: int, may_manage: bool, names: bool
) -> None:
    ids = PEOPLE * 5
    everybody = {option.id: ids for option in poll.options}

    for view in [
        windows.comment_form(poll, typed),
        windows.names_view(poll, everybody, page),
        windows.names_view(poll, {}, page),
        windows.more_view(poll, may_manage=may_manage, card_id="c1"),
        told_view("Saved."),
    ]:
        assert_slack_takes(view)


@given(texts)
def test_a_comment_comes_back_as_it_was_written(comment: str) -> None:
    view = filled_in(windows.comment_form(poll(comments=True), comment))

    assert windows.read_comment(view) == ("p1", comment.strip())


@pytest.mark.parametrize("memory", ["", "x", "[]", "{}"])
def test_a_comment_of_another_version_is_told_from_ours(memory: str) -> None:
    with pytest.raises(StaleButton):
        windows.read_comment({"private_metadata": memory})


def test_everybody_is_named_once_over_all_pages() -> None:
    people = [f"U0PERSON{n:05}" for n in range(4321)]
    view = windows.names_view(poll(), {"1": people, "2": ["U0LATE"]})
    seen = []
    while True:
        seen += [
            name
            for text in markup(view["blocks"])
            for name in text.split("\n")[-1].split(", ")
            if name.startswith("<@")
        ]
        if "Next" not in labels(view["blocks"]):
            break
        view = windows.names_view(poll(), {"1": people, "2": ["U0LATE"]}, _page(view, "Next"))

    assert seen == [f"<@{one}>" for one in people] + ["<@U0LATE>"]
    assert _page(view, "Previous") == 1


def _page(view: Block, label: str) -> int:
    return NamesClick.unpack(pressed(view["blocks"], label)).page


@pytest.mark.parametrize("set_to", [{"names": False}, {"percent_only": True}])
def test_a_poll_that_shows_no_names_has_no_names_to_look_at(set_to: dict[str, Any]) -> None:
    view = windows.names_view(poll(**set_to), {"1": PEOPLE})
    more = windows.more_view(poll(**set_to), may_manage=True)

    assert PEOPLE[0] not in json.dumps(view)
    assert "Names" not in labels(more["blocks"])


def test_only_those_who_may_are_offered_to_change_a_poll() -> None:
    anybody = windows.more_view(poll(), may_manage=False)
    maker = windows.more_view(poll(names=False), may_manage=True, card_id="c1")

    everybody = ["Share", "Save as template"]
    assert labels(anybody["blocks"]) == ["Results", "Names", "Duplicate", *everybody]
    own = ["Edit", "Close", "Export", "Delete"]
    first = ["Results", "Duplicate", "Not answered yet"]
    assert labels(maker["blocks"]) == [*first, *everybody, *own]
    assert json.loads(maker["private_metadata"]) == {"poll": "p1", "card": "c1"}
    kinds: dict[str, type[Click]] = {
        "Results": ShowResultsClick,
        "Edit": EditClick,
        "Close": CloseClick,
        "Delete": DeleteClick,
    }
    for label, kind in kinds.items():
        assert kind.unpack(pressed(maker["blocks"], label))


def test_what_is_for_good_is_asked_first() -> None:
    view = windows.more_view(poll(names=False), may_manage=True)

    assert "cannot be opened again" in pressed(view["blocks"], "Close")["confirm"]["text"]["text"]
    assert "cannot be undone" in pressed(view["blocks"], "Delete")["confirm"]["text"]["text"]
    assert "confirm" not in pressed(view["blocks"], "Edit")


COPIES = ("Post a copy", "Share", "Save as template")


@pytest.mark.parametrize(
    ("names", "ways"),
    [
        (
            True,
            [
                "Results",
                "Names",
                "Duplicate",
                "Not answered",
                *COPIES,
                "Reopen",
                "Export",
                "Delete",
            ],
        ),
        (False, ["Results", "Duplicate", *COPIES, "Export", "Delete"]),
    ],
    ids=["with names", "anonymous"],
)
def test_a_closed_poll_can_be_copied_and_reopened_unless_its_key_is_gone(
    names: bool, ways: list[str]
) -> None:
    view = windows.more_view(poll(names=names), may_manage=True, now_open=False)

    assert labels(view["blocks"]) == ways
    assert ("cannot be opened again" in "\n".join(markup(view["blocks"]))) == (not names)
