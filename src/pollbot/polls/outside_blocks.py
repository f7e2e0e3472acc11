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
            "its end does not show on the card and its result is not announced; you get the "
            "result as a direct message, to pass on"
        )
    if remind:
        lacks.append("nobody is reminded; you are told when it is time")
    if in_jira:
        lacks.append("answers given in Jira do not appear until somebody presses it again")
    if not lacks:
        return None
    return words(
        f":information_source: {outside(channel_id)}, so Slack lets it change the card of "
        f"{titled(poll)} only in the half hour after somebody presses it. After that, "
        f"{'. Also, '.join(lacks)}. {way_in(channel_id)}"
    )


def not_announced(announcement: Message, codes: Mapping[str, str]) -> Message:
    """Return a poll's result for its creator, where Slack did not take it under the card.

    ``codes`` has Slack's error by the channel that it refused.
    """
    where = places(codes)
    return announcement.after(
        f"Not announced in {where}.",
        [
            section(
                f":warning: Slack did not let pollbot say this in {where}, so it is for you to "
                "pass on."
            ),
            *announcement.blocks,
            context(f"Whoever presses the card there brings it up to date. {_next_time(codes)}"),
        ],
    )


def not_reminded(poll: Poll, codes: Mapping[str, str]) -> Message:
    """Return what a poll's creator is told if nobody could be reminded in these channels.

    ``codes`` has Slack's error by the channel that it refused.
    """
    return words(
        f":bell: {titled(poll)} closes {moment(poll.settings.ends_at or 0.0)}. Slack did not let "
        f"pollbot remind anybody in {places(codes)}, and it does not try again: please do it "
        f"yourself. {_next_time(codes)}"
    )


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
        return "Slack lets no app into a direct message; next time, ask in a channel."
    if not helps_invite(code):
        return why_closed(code)
    return "So that pollbot can do that by itself the next time, type `/invite @pollbot` there."
