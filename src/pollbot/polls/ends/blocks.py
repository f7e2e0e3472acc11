"""What is said around a poll's end: a reminder, the announcement, the result on the issue."""

from collections.abc import Mapping
from dataclasses import replace

from pollbot.jira.issues import issue_url
from pollbot.polls.blocks import BUTTONS, choosing, titled, who_sees
from pollbot.polls.results.blocks import (
    COMMENTS_ON_CARD,
    bars,
    called,
    in_words,
    is_numbered,
    summary,
)
from pollbot.polls.rooms import ROOMS, Room
from pollbot.polls.rules import TITLE, Option, Poll
from pollbot.polls.tally import Results
from pollbot.slack import waits
from pollbot.slack.budget import fitted
from pollbot.slack.clicks import AnswerClick, RecordClick
from pollbot.slack.kit import (
    Block,
    Message,
    actions,
    button,
    connect_button,
    context,
    fit,
    link,
    moment,
    moment_in_words,
    person,
    section,
    sections,
    words,
)
from pollbot.slack.waits import Reason


def announcement(
    poll: Poll, results: Results, closed_by: str | None, *, about: str = "", note: str = ""
) -> Message:
    """Return the result as everybody may see it, for the thread under a card.

    It mentions nobody, and names no voter but beside a comment; for an anonymous
    poll it names nobody at all.
    """
    quiet = replace(
        results,
        lines=tuple(replace(line, names=()) for line in results.lines),
        called=results.called or {},
    )
    who = closer(poll, closed_by, quiet.called)
    place = f" ({about})" if about else ""

    def drawn(room: Room) -> list[Block]:
        return [
            section(f":checkered_flag: {titled(poll)}{place} is closed, {who}. The result:"),
            *bars(poll, quiet, room),
            *summary(poll, quiet, now_open=False, note=note, comments=COMMENTS_ON_CARD, room=room),
        ]

    said = in_words(poll, quiet, now_open=False, about=about)
    return Message(f"Closed, {who}. {said}", fitted(drawn, ROOMS))


def announcement_maybe_missing(poll: Poll) -> Message:
    """Return what a poll's creator is told if Slack may have taken its result, or not."""
    return words(
        f":warning: Slack did not answer while pollbot was posting the result of {titled(poll)} "
        "under its card, or pollbot was stopped before it could. It may be there or not, and is "
        "not posted again by itself, so that nothing comes twice. The card shows the result "
        "in any case."
    )


def perhaps_reminded(poll: Poll) -> Message:
    """Return what a poll's creator is told if Slack may have taken a reminder, or not."""
    return words(
        f":warning: Slack did not answer while pollbot was reminding people of {titled(poll)}, or "
        "pollbot was stopped meanwhile. Somebody may not have been reminded; nobody is reminded "
        "again, so that nothing comes twice. If it matters, please ask in the channel."
    )


def closer(poll: Poll, closed_by: str | None, names: Mapping[str, str] | None) -> str:
    """Return who closed the poll, as markup; an anonymous one names nobody.

    Nobody is mentioned who is called by one of these ``names``.
    """
    if closed_by is None:
        return "by its deadline"
    if not closed_by or not poll.settings.names or (names is not None and closed_by not in names):
        return "by hand"
    return f"by {called(closed_by, names)}"


def reminder(poll: Poll, channel_id: str, card_url: str, asker: str = "") -> Message:
    """Return what somebody is told who has not answered; most polls can be answered in it.

    ``asker`` is what the poll's creator is called, empty if that is not known.
    """
    ends_at = poll.settings.ends_at or 0.0
    there = link(card_url, "its card") if card_url else "its card there"
    first = (
        f":bell: {_asks(asker)} in <#{channel_id}>: {titled(poll)} You have not answered yet. "
        f"It closes {moment(ends_at)}."
    )
    live = poll.live
    here = len(live) <= BUTTONS
    how = "Choose here, or on" if here else "Choose on"

    def drawn(room: Room) -> list[Block]:
        blocks: list[Block] = [section(first)]
        if here and is_numbered(poll, room):
            blocks += sections(
                f"{number}. {fit(option.title, room.title, 3 * room.title) or '-'}"
                for number, option in enumerate(live, 1)
            )
        if here and live:
            blocks.append(
                actions(*(_choice(poll, option, nth, room) for nth, option in enumerate(live)))
            )
        small = f"{how} {there}. {who_sees(poll.settings)} This is the only reminder."
        return [*blocks, context(small)]

    options = ", ".join(fit(option.title, 60, 120) or "-" for option in live[:BUTTONS])
    said = (
        f"Reminder: you have not answered “{fit(poll.title, TITLE, 400)}” yet. "
        f"{_asks(asker)} in <#{channel_id}>. It closes on {moment_in_words(ends_at)}. "
        f"Options: {options}."
    )
    return Message(said, fitted(drawn, ROOMS))


def closes_soon(poll: Poll, asker: str = "") -> Message:
    """Return the one reminder for a channel whose members cannot be read."""
    asks = f"{_asks(asker)}: " if asker else ""
    return words(
        f":bell: {asks}{titled(poll)} closes {moment(poll.settings.ends_at or 0.0)}. "
        "If you have not answered yet, choose on the card above."
    )


def record_offer(poll: Poll, site: str, key: str) -> Message:
    """Return what a poll's creator is asked once its deadline has closed it."""
    return words(
        f":lock: {titled(poll)} has closed by its deadline. Its result can be kept on "
        f"{_issue(site, key)}, as one comment in your name.",
        record_button(poll.id),
    )


def record_button(poll_id: str) -> Block:
    """Return the button that writes a poll's result on its issue."""
    return button("Write result on the issue", RecordClick(poll=poll_id), style="primary")


def record_wanted(poll: Poll, site: str, key: str) -> Message:
    """Return what is said before the comment is there."""
    return words(
        f":hourglass_flowing_sand: The result of {titled(poll)} is on its way to "
        f"{_issue(site, key)}, as a comment in your name. I will tell you once it is there."
    )


def record_of_other(poll: Poll, site: str, key: str, owner: str) -> Message:
    """Return what is said to somebody who asks for what another person's comment holds."""
    return words(
        f"The result of {titled(poll)} is kept in a comment of {person(owner)} on "
        f"{_issue(site, key)}, so no second one is written. It is brought up to date in their name."
    )


def recorded(poll: Poll, site: str, key: str, comment_id: str, *, anew: bool) -> Message:
    """Return what is said once Jira has the comment; ``anew``: it was there before."""
    there = link(f"{issue_url(site, key)}?focusedCommentId={comment_id}", key)
    how = "The comment with the result of" if anew else "The result of"
    end = "is up to date" if anew else "is written on the issue, as a comment in your name"
    return words(f":memo: {how} {titled(poll)} {end}: {there}.")


def record_waits(poll: Poll, site: str, key: str, reason: Reason) -> Message:
    """Return what is said while it cannot be written."""
    saved = (
        f"The result of {titled(poll)} is saved, and is written on {_issue(site, key)} by itself"
    )
    return words(waits.queued(reason, saved))


def record_needs_account(poll: Poll, site: str, key: str, *, refused: bool) -> Message:
    """Return the way to connect, for an owner without an account, or one with a dead token."""
    result = (
        f"result of {titled(poll)} is saved, and is written on {_issue(site, key)} in your name "
        "by itself"
    )
    if refused:
        return words(waits.with_a_new_token(f"the {result}"), connect_button())
    first = "A result is written on an issue with your own Jira account, which pollbot needs once."
    return words(waits.once_connected(first, f"The {result}"), connect_button())


def record_refused(poll: Poll, site: str, key: str, why: str) -> Message:
    """Return why Jira did not take the comment; ``why`` is a sentence, markup already."""
    return words(
        f":x: The result of {titled(poll)} was not written on {_issue(site, key)}. {why} "
        "The result itself is safe on the poll's card. Once that is mended, try again.",
        button("Try again", RecordClick(poll=poll.id)),
    )


def _asks(asker: str) -> str:
    return f"{fit(asker, 60, 120)} asks" if asker else "A poll"


def _choice(poll: Poll, option: Option, place: int, room: Room) -> Block:
    return choosing(poll, option, AnswerClick(poll=poll.id, option=option.id), place, room)


def _issue(site: str, key: str) -> str:
    return link(issue_url(site, key), key)
