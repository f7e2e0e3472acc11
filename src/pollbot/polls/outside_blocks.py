"""What is said where pollbot is no member: what does not work there, and what could not be said."""

from collections.abc import Mapping

from pollbot.polls.blocks import titled
from pollbot.polls.rules import Poll
from pollbot.slack.closed import helps_invite, outside, way_in, why_closed
from pollbot.slack.kit import (
    Message,
    context,
    is_direct,
    moment,
    places,
    section,
    words,
)
from pollbot.text.catalog import say

_MOST_REASONS = 3


def poll_card_outside(
    poll: Poll, channel_id: str, *, remind: bool, in_jira: bool
) -> Message | None:
    """Return what does not work on a poll's card in a channel without the app; None if all does.

    ``remind``: a reminder is set. ``in_jira``: it can be answered there, too.
    """
    lacks = []
    if poll.settings.closes_at_end:
        lacks.append(
            say(
                "its end does not show on the card and its result is not announced; you get the "
                "result as a direct message, to pass on"
            )
        )
    if remind:
        lacks.append(say("nobody is reminded; you are told when it is time"))
    if in_jira:
        lacks.append(say("answers given in Jira do not appear until somebody presses it again"))
    if not lacks:
        return None
    only = say(
        ":information_source: {outside}, so Slack lets it change the card of {poll} only in the "
        "half hour after somebody presses it.",
        outside=outside(channel_id),
        poll=titled(poll),
    )
    first, *others = lacks
    then = say("After that, {lack}.", lack=first)
    also = [say("Also, {lack}.", lack=lack) for lack in others]
    return words(" ".join((only, then, *also, way_in(channel_id))))


def not_announced(announcement: Message, codes: Mapping[str, str]) -> Message:
    """Return a poll's result for its creator, where Slack did not take it under the card.

    ``codes`` has Slack's error by the channel that it refused.
    """
    where = places(codes)
    helps = [_next_time(codes)]
    if any(code != "is_archived" for code in codes.values()):
        helps.insert(0, say("Whoever presses the card there brings it up to date."))
    return announcement.after(
        say("Not announced in {places}.", places=where),
        [
            section(
                say(
                    ":warning: Slack did not let pollbot say this in {places}, so it is for you to "
                    "pass on.",
                    places=where,
                )
            ),
            *announcement.blocks,
            context(" ".join(helps)),
        ],
    )


def announced_nowhere(announcement: Message) -> Message:
    """Return a poll's result for its creator, where no card of it is left to say it under."""
    return announcement.after(
        say("Announced nowhere."),
        [
            section(
                say(
                    ":warning: None of its cards in Slack can be reached any more, so nobody was "
                    "told there: this is for you to pass on."
                )
            ),
            *announcement.blocks,
        ],
    )


def not_reminded(poll: Poll, codes: Mapping[str, str]) -> Message:
    """Return what a poll's creator is told if nobody could be reminded in these channels.

    ``codes`` has Slack's error by the channel that it refused.
    """
    said = say(
        ":bell: {poll} closes {when}. Slack did not let pollbot remind anybody in {places}, and it "
        "does not try again: please do it yourself.",
        poll=titled(poll),
        when=moment(poll.settings.ends_at or 0.0),
        places=places(codes),
    )
    return words(f"{said} {_next_time(codes)}")


def _next_time(codes: Mapping[str, str]) -> str:
    """Return what helps, once for all channels where it is the same."""
    said: dict[str, list[str]] = {}
    for channel_id, code in codes.items():
        said.setdefault(_what_helps(channel_id, code), []).append(channel_id)
    if len(said) == 1:
        return next(iter(said))
    named = [f"{places(channels)}: {what}" for what, channels in said.items()]
    return " ".join(named[:_MOST_REASONS])


def _what_helps(channel_id: str, code: str) -> str:
    if is_direct(channel_id):
        return say("Slack lets no app into a direct message; next time, ask in a channel.")
    if not helps_invite(code):
        return why_closed(code)
    return say(
        "So that pollbot can do that by itself the next time, type `/invite @pollbot` there."
    )
