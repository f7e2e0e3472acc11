"""The form in which somebody adds an option to a poll, and what is said then."""

import json
from collections.abc import Mapping

from pollbot.polls.blocks import titled
from pollbot.polls.rules import OPTION, TITLE, Poll
from pollbot.slack import kit
from pollbot.slack.kit import Block, Message, fit, person, section, view, words, writing
from pollbot.text.catalog import mark, say, say_number

ADD_FORM = "add_option_form"
OPTION_FIELD = "new_option"
SLOW = mark(
    ":hourglass_flowing_sand: Team Voice takes longer than usual. You may close this window; I "
    "will tell you how it went."
)
_SHOWN = 20


def add_form(poll: Poll) -> Block:
    """Return the form with one field."""
    hint = (
        say("At the end of the list. Whoever made the poll sees that it is yours.")
        if poll.settings.names
        else say("At the end of the list. Nobody sees that it is yours.")
    )
    return view(
        say("Add an option"),
        [
            section(f"*{fit(poll.title, TITLE, 2000)}*"),
            kit.field(OPTION_FIELD, say("Option"), writing(longest=OPTION), hint=hint),
        ],
        callback_id=ADD_FORM,
        submit=say("Add"),
        close=say("Cancel"),
        memory=json.dumps({"poll": poll.id}),
    )


def added(poll: Poll, title: str) -> Message:
    """Return what is said to who added an option."""
    return words(
        say(
            ":white_check_mark: “{option}” is an option of {poll} now. Your answer is as it was: "
            "choose it on the card.",
            option=fit(title, OPTION, 600),
            poll=titled(poll),
        )
    )


def who_added(poll: Poll, by_option: Mapping[str, str]) -> str:
    """Return which options were added by whom, for who manages the poll; empty if none were."""
    theirs = [
        say(
            "“{option}” by {person}",
            option=fit(one.title, 60, 120),
            person=person(by_option[one.id]),
        )
        for one in poll.live
        if one.id in by_option
    ]
    if not theirs:
        return ""
    rest = len(theirs) - _SHOWN
    more = [say_number(rest, "and {number} more", "and {number} more")] if rest > 0 else []
    return say("Added by others: {options}.", options=", ".join([*theirs[:_SHOWN], *more]))
