"""Poll cards and receipts: whatever people write, Slack takes it, and it pings and names nobody."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pollbot.errors import StaleButton
from pollbot.polls import blocks
from pollbot.polls.forms.windows import more_view
from pollbot.polls.results import blocks as views
from pollbot.polls.results.rules import Listed
from pollbot.polls.rules import Option, Poll, Visibility
from pollbot.polls.tally import Part, results
from pollbot.polls.templates import TEMPLATES
from pollbot.sandbox.slack.blockkit import elements
from pollbot.slack.clicks import (
    AnswerClick,
    ChooseClick,
    Click,
    CloseClick,
    CommentClick,
    DeleteClick,
    EditClick,
    MoreClick,
    MyAnswerClick,
    NamesClick,
    PollsPageClick,
    PostPollClick,
    SetAnswerClick,
    ShowResultsClick,
    poll_block_id,
    read_poll_block_id,
)
from pollbot.slack.kit import Message
from tests.support.drawn import (
    LINK,
    NOON,
    PEOPLE,
    answers,
    assert_slack_takes,
    elsewhere,
    labels,
    markup,
    part_of,
    parts,
    poll,
    polls,
    pressed,
    shown,
    texts,
)


def card(
    poll: Poll,
    slack: Part,
    jira: Part | None = None,
    *,
    about: str = "",
    asker: str = "",
    note: str = "",
) -> Message:
    shown = results(poll, slack, jira, NOON)
    asked = blocks.Asked(about, asker)
    return blocks.poll_card("c1", poll, shown, now_open=poll.is_open(NOON), asked=asked, note=note)


def small_print(message: Message) -> str:
    """Return the last line of a card."""
    assert message.blocks[-1]["type"] == "context"
    return shown(replace(message, blocks=message.blocks[-1:]))


# Any card


@given(st.data())
def test_slack_takes_the_card_of_any_poll_and_it_pings_nobody(data: st.DataObject) -> None:
    poll = data.draw(polls())

    message = card(poll, data.draw(parts(poll)), data.draw(elsewhere(poll)), about=LINK)

    assert_slack_takes(message)
    assert "<" not in message.text, "the text is in words only"
    assert "U0PERSON" not in message.text, "the text names nobody"


@given(st.data())
def test_an_anonymous_poll_names_nobody_anywhere(data: st.DataObject) -> None:
    poll = data.draw(polls().filter(lambda one: not one.settings.names))
    slack = replace(data.draw(parts(poll)), comments=((PEOPLE[0], "Hm"),))
    jira = data.draw(elsewhere(poll))
    tally = results(poll, slack, jira, NOON, answered=True)
    mine = frozenset(option.id for option in poll.options[:3])

    messages = [
        card(poll, slack, jira),
        blocks.answered(poll, mine, tally, "mine"),
        *(views.results_message(poll, tally, view, now_open=True) for view in views.RESULT_VIEWS),
        blocks.poll_list([Listed(poll, tally, now_open=True)]),
    ]

    assert "U0PERSON" not in json.dumps([[each.text, each.blocks] for each in messages])


@given(st.data())
def test_slack_takes_every_receipt(data: st.DataObject) -> None:
    poll = data.draw(polls())
    tally = results(poll, data.draw(parts(poll)), None, NOON, answered=True)
    mine = frozenset(
        data.draw(st.sets(st.sampled_from([option.id for option in poll.options] or ["1"])))
    )
    comment = data.draw(texts)
    listed = Listed(poll, tally, now_open=poll.is_open(NOON))

    for message in [
        blocks.answered(poll, mine, tally, comment),
        blocks.answered(poll, mine, None, comment, now_open=False),
        blocks.withdrawn(poll),
        blocks.no_answer(poll),
        blocks.answer_not_known(poll),
        blocks.comment_kept(poll, comment),
        blocks.closed(poll),
        blocks.deleted(poll),
        blocks.poll_made_not_posted(poll, "Invite me with `/invite`."),
        blocks.poll_list([listed] * data.draw(st.integers(0, 60)), LINK),
    ]:
        assert_slack_takes(message)


def test_of_the_largest_poll_that_we_take_every_option_can_be_chosen() -> None:
    titles = [f"{n:03}" + "&" * 197 for n in range(100)]
    large = replace(poll(*titles), title="?" * 300, description="&" * 2000)
    everybody = part_of({option.id: set(PEOPLE) for option in large.options})

    message = card(large, everybody)

    assert_slack_takes(message)
    offered = next(b for b in message.blocks if b["type"] == "actions")["elements"][0]["options"]
    assert [option["value"] for option in offered] == [option.id for option in large.options]
    assert all(
        option["text"]["text"].startswith(f"{n + 1}. {n:03}") for n, option in enumerate(offered)
    )
    assert "*" + "?" * 300 + "*" in shown(message)
    assert "under *More* on the card" in shown(message)


def test_many_removed_options_do_not_break_the_card() -> None:
    options = tuple(Option(str(n), f"{n:03}", n, removed=n >= 100) for n in range(400))
    everybody = part_of({option.id: set(PEOPLE) for option in options})

    message = card(replace(poll(), options=options), everybody)

    assert_slack_takes(message)
    assert "more" in shown(message)


# What it says


def test_a_card_shows_the_whole_description() -> None:
    described = replace(poll(), description="Friday at noon.\n" + "& one " * 300 + " end")

    read = shown(card(described, Part()))

    assert "Friday at noon.\n&amp;" in read
    assert read.count("&amp;") == 300
    assert " end" in read


def test_a_card_shows_bars_numbers_parts_and_names() -> None:
    jira = Part({"1": 2, "2": 1}, people=3)

    message = card(poll(), answers("1", "1", "2"), jira, about=LINK)

    read = shown(message)
    assert "*Lunch?*\n" + LINK in read
    assert "Pizza\n▇▇▇▇▇▇▇▁▁▁ 4 · 67 %\n<@U0PERSON000>, <@U0PERSON001>" in read
    assert "Soup\n▇▇▇▁▁▁▁▁▁▁ 2 · 33 %\n<@U0PERSON002>" in read
    assert "6 participants · 6 answers: 3 in Slack, 3 in Jira" in read
    assert "Names are shown. Everybody sees the results." in read
    assert labels(message.blocks) == ["Pizza", "Soup", "My answer", "Schedule results", "More"]


def test_the_text_tells_the_whole_result_in_words() -> None:
    message = card(poll(), answers("1", "1", "2"), Part({"1": 1}, people=1), about=LINK)

    assert message.text == (
        "Poll on PLAT-12: Lunch? – Pizza 3 (75 %), Soup 1 (25 %). "
        "4 participants · 4 answers: 3 in Slack, 1 in Jira."
    )


def test_the_text_tells_every_option_of_the_largest_poll() -> None:
    large = poll(*(f"{n:03} {'word ' * 30}" for n in range(100)))

    message = card(large, answers("1", "2", "100"))

    assert all(f"{n:03} " in message.text for n in range(100))
    assert message.text.count(" (33 %)") == 3
    assert message.text.endswith("3 participants · 3 answers.")


def test_a_scale_has_an_average() -> None:
    stars = replace(poll(*TEMPLATES["stars"].options), template="stars")

    message = card(stars, answers("5", "4", "2"))

    assert "3 answers · average 3.7 of 5" in shown(message)
    assert "average 3.7 of 5" in message.text


def test_more_than_ten_names_become_a_number() -> None:
    message = card(poll(), answers(*["1"] * 12))

    assert f"<@{PEOPLE[9]}> and 2 more" in shown(message)
    assert PEOPLE[10] not in json.dumps(message.blocks)


def test_an_option_that_vanished_keeps_its_answers_but_no_button() -> None:
    first, second = poll().options
    edited = replace(poll(), options=(first, Option("2", "Soup", 1, removed=True)))

    message = card(edited, answers("1", "2", "2"))

    assert second.title == "Soup"
    assert "Soup _(removed)_\n▇▇▇▇▇▇▇▁▁▁ 2 · 67 %" in shown(message)
    assert "Soup 2 (67 %, removed)" in message.text
    assert labels(message.blocks) == ["Pizza", "My answer", "Schedule results", "More"]


@pytest.mark.parametrize(
    ("set_to", "read"),
    [
        ({"visibility": Visibility.AFTER_CLOSE}, "The results are shown when the poll closes."),
        ({"visibility": Visibility.AFTER_VOTE}, "You see the results once you have answered"),
        ({"names": False}, "Too few answers to show them"),
    ],
)
def test_what_is_hidden_is_not_there_and_the_card_says_why(
    set_to: dict[str, Any], read: str
) -> None:
    message = card(poll(**set_to), answers("1", "2"))

    assert read in shown(message)
    assert read in message.text
    assert "▇" not in shown(message)
    assert "%" not in shown(message) + message.text
    assert "2 participants · 2 answers" in shown(message)


def test_a_poll_of_percentages_shows_no_number_and_no_name() -> None:
    message = card(poll(percent_only=True), answers("1", "1", "2"))

    assert "▇▇▇▇▇▇▇▁▁▁ 67 %" in shown(message)
    assert "Pizza 67 %, Soup 33 %." in message.text
    assert "U0PERSON" not in json.dumps(message.blocks)
    assert not re.search(r"\d (participants?|answers?)\b", shown(message) + message.text)


EACH_SETTING: list[tuple[dict[str, Any], str, str]] = [
    ({"several": True}, "Choose as many as you like, ", "Choose one, "),
    ({"changeable": False}, "answers are final.", "you can change your answer."),
    ({"names": False}, "Anonymous: nobody sees who chose what", "Names are shown"),
    ({"visibility": Visibility.AFTER_CLOSE}, "Nobody sees the results before", "at any time"),
    ({"visibility": Visibility.AFTER_VOTE}, "once you have answered, everybody", "at any time"),
    ({"percent_only": True}, "Names are kept, but not shown.", "Names are shown"),
    ({"comments": True}, "Comments are shown with them, with names.", "at any time."),
    ({"ends_at": NOON + 60}, "Planned to end on <!date^1750000060^", "at any time."),
    ({"ends_at": NOON + 60, "closes_at_end": True}, "Closes on <!date^1750000060^", "any time."),
]


@pytest.mark.parametrize(("set_to", "on", "off"), EACH_SETTING, ids=lambda one: str(one)[:40])
def test_more_says_what_each_setting_does(set_to: dict[str, Any], on: str, off: str) -> None:
    plain, changed = (
        json.dumps(more_view(each, may_manage=True)) for each in (poll(), poll(**set_to))
    )

    assert on in changed
    assert on not in plain
    assert off in plain


@pytest.mark.parametrize(
    ("set_to", "on", "off"),
    [
        ({"several": True}, "Choose as many as you like.", "Choose one."),
        ({"changeable": False}, "Choose one, answers are final.", "Choose one."),
        ({"names": False}, "Anonymous: nobody sees who chose what.", "Names are shown."),
        ({"names": False}, "from 3 answers on and in steps of 3.", "sees the results."),
        ({"visibility": Visibility.AFTER_CLOSE}, "when the poll closes.", "sees the results."),
        ({"visibility": Visibility.AFTER_VOTE}, "once you have answered.", "sees the results."),
        ({"percent_only": True}, "Names are not shown.", "Names are shown."),
        ({"percent_only": True}, "Everybody sees the percentages.", "sees the results."),
        ({"ends_at": NOON + 60}, "Planned to end on <!date^1750000060^", "sees the results."),
        ({"ends_at": NOON + 60, "closes_at_end": True}, "Closes on <!date^1750000060^", "Choose"),
    ],
    ids=lambda one: str(one)[:40],
)
def test_the_small_print_of_a_card_is_one_line(set_to: dict[str, Any], on: str, off: str) -> None:
    plain, changed = card(poll(), Part()), card(poll(**set_to), Part())

    assert on in small_print(changed)
    assert on not in small_print(plain)
    assert off in small_print(plain)


@pytest.mark.parametrize("visibility", Visibility)
def test_what_more_says_is_true_after_the_close(visibility: Visibility) -> None:
    closed = poll(closed_at=NOON - 60, visibility=visibility)

    more = json.dumps(more_view(closed, may_manage=True, now_open=False))

    assert "Closed on <!date^1749999940^" in more
    assert "Names are shown with the results. Everybody sees the results at any time." in more
    assert "Choose one" not in more
    small = small_print(card(closed, answers("1")))
    assert small.startswith(":lock: Closed on <!date^1749999940^")
    assert small.endswith("Names are shown.")


def test_nobody_answered_yet_is_no_row_of_zeros() -> None:
    message = card(poll(), Part(), asker="Ada & Co")

    assert shown(message).startswith("*Lunch?*\nAda &amp; Co asks\nNo answers yet. Choose one.")
    assert labels(message.blocks)[:2] == ["Pizza", "Soup"]
    assert message.text == "Ada &amp; Co asks: Lunch? – Pizza, Soup. No answers yet."
    numbered = card(poll("A" * 100, "Soup"), Part())
    assert f"• 1. {'A' * 100}\n• 2. Soup" in shown(numbered)
    assert "0 %" not in shown(numbered) + numbered.text


def test_an_option_is_closer_to_its_bar_than_to_its_neighbour() -> None:
    read = shown(card(poll(), answers("1", "2")))

    assert "Pizza\n▇▇▇▇▇▁▁▁▁▁ 1 · 50 %\n<@U0PERSON000>\n\nSoup\n▇▇▇▇▇" in read


@pytest.mark.parametrize(
    ("chosen", "said", "text"),
    [
        ("112", ":trophy: Most answers: *Pizza*", "Most answers: Pizza."),
        ("12", ":scales: A tie: *Pizza*, *Soup*", "A tie: Pizza, Soup."),
        ("12345", ":scales: A tie of 5 options", "A tie of 5 options."),
    ],
)
def test_a_closed_poll_says_what_won(chosen: str, said: str, text: str) -> None:
    dishes = ("Pizza", "Soup", "Rice", "Fish", "Cake")
    titles = dishes if len(chosen) > 3 else dishes[:2]
    closed = poll(*titles, closed_at=NOON - 60)

    message = card(closed, answers(*chosen))

    assert said in shown(message)
    assert text in message.text
    still_open = card(poll(*titles), answers(*chosen))
    doubted = card(closed, answers(*chosen), note=views.JIRA_NOT_UNDERSTOOD)
    for other in (still_open, doubted):
        assert said not in shown(other)
        assert text not in other.text


def test_nobody_wins_where_nobody_answered_or_too_few_to_tell() -> None:
    closed = poll(closed_at=NOON - 60)
    hidden = poll(closed_at=NOON - 60, names=False)

    for message in (card(closed, Part()), card(hidden, answers("1", "1"))):
        assert "Most answers" not in shown(message) + message.text
        assert "tie" not in shown(message)
    assert "Nobody answered." in small_print(card(closed, Part()))


def test_what_won_is_told_by_the_counts_and_not_by_rounded_shares() -> None:
    closed = poll("A", "B", closed_at=NOON - 60, percent_only=True)

    close_by = card(closed, Part({"1": 1001, "2": 999}))
    tie = card(closed, Part({"1": 1000, "2": 1000}))

    assert shown(close_by).count("50 %") == shown(tie).count("50 %") == 2
    assert ":trophy: Most answers: *A*" in shown(close_by)
    assert ":scales: A tie: *A*, *B*" in shown(tie)


def test_a_comment_has_a_button_only_where_it_is_allowed() -> None:
    assert "Comment" in labels(card(poll(comments=True), Part()).blocks)
    assert "Comment" not in labels(card(poll(), Part()).blocks)


def test_a_closed_poll_keeps_its_results_and_loses_its_controls() -> None:
    message = card(poll(closed_at=NOON - 60), answers("1"))

    assert "Pizza\n▇▇▇▇▇▇▇▇▇▇ 1 · 100 %" in shown(message)
    assert ":lock: Closed on <!date^1749999940^" in shown(message)
    assert message.text.endswith("Closed on 2025-06-15 15:05 UTC.")
    assert labels(message.blocks) == ["Results", "Schedule results", "More"]


def test_a_deleted_poll_is_one_line_and_a_word_on_why() -> None:
    message = card(poll(deleted=True), answers("1"), note="It was deleted in Jira.")

    assert shown(message) == ":wastebasket: The poll *Lunch?* was deleted.\nIt was deleted in Jira."
    assert message.text == "The poll “Lunch?” was deleted."
    assert labels(message.blocks) == []


def test_a_note_stands_on_the_card() -> None:
    assert views.JIRA_NOT_UNDERSTOOD in shown(card(poll(), Part(), note=views.JIRA_NOT_UNDERSTOOD))


# Controls


def test_each_of_twenty_options_has_its_own_button() -> None:
    message = card(poll(*(f"Dish {n}" for n in range(20))), Part())

    row = next(block for block in message.blocks if block["type"] == "actions")
    clicks = [AnswerClick.unpack(each) for each in row["elements"]]
    assert [click.option for click in clicks] == [str(n + 1) for n in range(20)]
    assert {(click.poll, click.card) for click in clicks} == {("p1", "c1")}
    assert all(AnswerClick.pattern().search(each["action_id"]) for each in row["elements"])


def test_a_title_that_a_button_cannot_show_is_numbered_and_told_from_its_like() -> None:
    twins = [f"{'The same long beginning ' * 4} {end}" for end in ("with cheese", "without")]

    message = card(poll(*twins, "Soup"), Part())

    buttons = [each for block in message.blocks for each in elements(block)][:3]
    assert [each["text"]["text"][:3] for each in buttons] == ["1. ", "2. ", "3. "]
    assert buttons[0]["accessibility_label"].endswith("with cheese")
    assert "accessibility_label" not in buttons[2]
    assert "2. The same long" in shown(message)
    assert "without" in shown(message)


@pytest.mark.parametrize("count", [21, 100])
def test_more_options_share_a_select_that_knows_poll_and_card(count: int) -> None:
    message = card(poll(*(f"Dish {n}" for n in range(count))), Part())

    block = next(block for block in message.blocks if block["type"] == "actions")
    (select,) = block["elements"]
    assert select["type"] == "static_select"
    assert len(select["options"]) == count
    click = ChooseClick.unpack(
        {"block_id": block["block_id"], "selected_option": select["options"][-1]}
    )
    assert click == ChooseClick(poll="p1", card="c1", options=(str(count),), several=False)


def test_where_several_answers_are_allowed_the_select_holds_all_of_them() -> None:
    message = card(poll(*(f"Dish {n}" for n in range(21)), several=True), Part())

    block = next(block for block in message.blocks if "accessory" in block)
    assert block["accessory"]["type"] == "multi_static_select"
    chosen = block["accessory"]["options"][:2]
    click = ChooseClick.unpack({"block_id": block["block_id"], "selected_options": chosen})
    assert click == ChooseClick(poll="p1", card="c1", options=("1", "2"), several=True)


def test_my_answer_can_be_withdrawn_or_taken_back_in_part() -> None:
    several = poll("Pizza", "Soup", "Rice", several=True)

    message = blocks.answered(several, frozenset({"3", "1"}))

    assert "Your answers to *Lunch?*: *Pizza*, *Rice*." in shown(message)
    assert labels(message.blocks) == ["Withdraw answer", "Remove “Pizza”", "Remove “Rice”"]
    assert SetAnswerClick.unpack(pressed(message.blocks, "Withdraw answer")).options == ()
    assert SetAnswerClick.unpack(pressed(message.blocks, "Remove “Pizza”")).options == ("3",)


def test_a_single_answer_can_only_be_withdrawn_as_a_whole() -> None:
    assert labels(blocks.answered(poll(), frozenset({"1"})).blocks) == ["Withdraw answer"]


def test_more_answers_than_five_are_withdrawn_as_a_whole() -> None:
    many = poll(*"ABCDEFG", several=True)

    message = blocks.answered(many, frozenset("123456"))

    assert labels(message.blocks) == ["Withdraw answer"]
    assert "and 1 more." in shown(message)


def test_a_final_answer_has_no_way_back_and_the_receipt_says_so() -> None:
    message = blocks.answered(poll(changeable=False), frozenset({"1"}))

    assert "Answers to this poll are final." in shown(message)
    assert labels(message.blocks) == []


def test_the_answer_to_a_closed_poll_is_shown_without_a_way_back() -> None:
    message = blocks.answered(poll(), frozenset({"1"}), now_open=False)

    assert "*Pizza*" in shown(message)
    assert labels(message.blocks) == []


def test_a_receipt_brings_the_results_where_they_are_for_those_who_answered() -> None:
    hidden = poll(visibility=Visibility.AFTER_VOTE)
    for_me = results(hidden, answers("1", "2"), None, NOON, answered=True)

    message = blocks.answered(hidden, frozenset({"1"}), for_me, "Hot & fresh")

    assert "Your comment: Hot &amp; fresh" in shown(message)
    assert "Pizza\n▇▇▇▇▇▁▁▁▁▁ 1 · 50 %" in shown(message)
    assert "Pizza 1 (50 %)" in message.text


def test_an_empty_answer_is_no_answer() -> None:
    assert blocks.answered(poll(), frozenset()) == blocks.no_answer(poll())


def test_a_poll_without_its_card_can_be_posted() -> None:
    message = blocks.poll_made_not_posted(poll(), "Invite me first.")

    assert "could not be posted. Invite me first." in shown(message)
    assert PostPollClick.unpack(pressed(message.blocks, "Post it")).poll == "p1"


def test_a_list_has_each_poll_with_its_ways() -> None:
    tally = results(poll(), answers("1"), None, NOON)

    message = blocks.poll_list([Listed(poll(), tally, now_open=True)], LINK)

    assert f"*Polls on {LINK}*\n*Lunch?*\n1 participant · 1 answer. Open." in shown(message)
    assert labels(message.blocks) == ["Post here", "Results", "Schedule results", "Find polls"]


def test_a_long_list_comes_in_pages() -> None:
    one = Listed(poll(), results(poll(), Part(), None, NOON), now_open=True)

    first, last = (
        blocks.poll_list(
            [one] * count,
            click=PollsPageClick(kind="issue", subject="PLAT-12", page=page),
            total=43,
        )
        for page, count in ((0, 20), (2, 3))
    )

    assert first.text.startswith("43 polls: ")
    assert_slack_takes(first)
    assert shown(first).endswith("Page 1 of 3, the open ones first")
    assert ("Next" in labels(first.blocks), "Previous" in labels(first.blocks)) == (True, False)
    assert ("Next" in labels(last.blocks), "Previous" in labels(last.blocks)) == (False, True)
    back = PollsPageClick.unpack(pressed(last.blocks, "Previous"))
    assert (back.kind, back.subject, back.page) == ("issue", "PLAT-12", 1)


# What the buttons remember

ids = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=40)
option_ids = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1).map(
    lambda text: (text * 150)[:150]
)
samples: dict[type[Click], st.SearchStrategy[Click]] = {
    AnswerClick: st.builds(AnswerClick, poll=ids, option=option_ids, card=st.none() | ids),
    SetAnswerClick: st.builds(
        SetAnswerClick, poll=ids, options=st.lists(option_ids, max_size=4).map(tuple)
    ),
    MyAnswerClick: st.builds(MyAnswerClick, poll=ids, card=st.none() | ids),
    CommentClick: st.builds(CommentClick, poll=ids),
    MoreClick: st.builds(MoreClick, poll=ids, card=st.none() | ids),
    ShowResultsClick: st.builds(
        ShowResultsClick, poll=ids, view=st.sampled_from(sorted(views.RESULT_VIEWS))
    ),
    NamesClick: st.builds(NamesClick, poll=ids, page=st.integers(0, 10**6)),
    PostPollClick: st.builds(PostPollClick, poll=ids),
    EditClick: st.builds(EditClick, poll=ids),
    CloseClick: st.builds(CloseClick, poll=ids),
    DeleteClick: st.builds(DeleteClick, poll=ids),
}


@pytest.mark.parametrize("kind", samples, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_a_click_on_a_poll_brings_back_what_its_button_was_given(
    kind: type[Click], data: st.DataObject
) -> None:
    click = data.draw(samples[kind])

    packed = click.pack()

    assert kind.unpack({"value": packed}) == click
    assert len(packed) <= 2000


@pytest.mark.parametrize("kind", samples, ids=lambda kind: kind.__name__)
def test_a_pattern_matches_its_own_buttons_alone_and_in_a_row(kind: type[Click]) -> None:
    matches = kind.pattern().search

    assert matches(kind.action_id)
    assert matches(kind.nth(0))
    assert matches(kind.nth(19))
    others = [other for other in samples if other is not kind]
    assert not any(matches(each) for other in others for each in (other.action_id, other.nth(3)))
    assert not matches(f"{kind.action_id}:x")
    assert not matches(f"{kind.action_id}:1\n")


@given(st.text(max_size=60), st.text(max_size=40))
def test_a_block_brings_back_its_poll_and_card(poll_id: str, card_id: str) -> None:
    assert read_poll_block_id(poll_block_id(poll_id, card_id)) == (poll_id, card_id)


@pytest.mark.parametrize(
    "action",
    [
        {},
        {"block_id": "abc", "selected_option": {"value": "1"}},
        {"block_id": '["vote","p1","c1"]', "selected_option": {"value": "1"}},
        {"block_id": '["choose",1,2]', "selected_option": {"value": "1"}},
        {"block_id": '["choose","p1"]', "selected_option": {"value": "1"}},
        {"block_id": poll_block_id("p1", "c1")},
        {"block_id": poll_block_id("p1", "c1"), "selected_option": None},
        {"block_id": poll_block_id("p1", "c1"), "selected_options": [{}]},
        {"block_id": poll_block_id("", "c1"), "selected_options": []},
    ],
)
def test_a_select_of_another_version_is_told_from_ours(action: dict[str, Any]) -> None:
    with pytest.raises(StaleButton):
        ChooseClick.unpack(action)


@example("```")
@example("&" * 500)
@given(texts)
def test_no_title_breaks_out_of_its_line(title: str) -> None:
    message = card(poll(title[:200] or "x", "```"), answers("1"))

    assert "```" in shown(message)
    assert "```" not in "".join(markup(message.blocks))
    assert_slack_takes(message)
