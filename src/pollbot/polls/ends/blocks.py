"""What is said around a poll's end: a reminder, the announcement, the result on the issue."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from pollbot.jira.issues import issue_url
from pollbot.polls.blocks import BUTTONS, choosing, titled, who_sees
from pollbot.polls.kept import ALL_ANSWERED
from pollbot.polls.results.blocks import (
    COMMENTS_ON_CARD,
    bars,
    called,
    in_words,
    is_numbered,
    outcome,
    summary,
)
from pollbot.polls.rooms import ROOMS, Room
from pollbot.polls.rules import TITLE, Option, Poll
from pollbot.polls.tally import Results
from pollbot.slack import waits
from pollbot.slack.budget import fitted
from pollbot.slack.clicks import AnswerClick, RecordClick, RemindersClick, SeeCardClick
from pollbot.slack.kit import (
    Block,
    Message,
    actions,
    beside,
    button,
    connect_button,
    context,
    fit,
    link,
    link_button,
    moment,
    moment_in_words,
    person,
    section,
    sections,
    words,
)
from pollbot.slack.waits import Reason
from pollbot.text.catalog import say, say_number
from pollbot.text.writing import echo


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
    title = f"{titled(poll)} ({about})" if about else titled(poll)
    first = say(":checkered_flag: {poll} is closed, {who}. The result:", poll=title, who=who)

    def drawn(room: Room) -> list[Block]:
        return [
            section(first),
            *outcome(quiet, note=note),
            *bars(poll, quiet, room),
            *summary(poll, quiet, now_open=False, note=note, comments=COMMENTS_ON_CARD, room=room),
        ]

    result = in_words(poll, quiet, now_open=False, about=about, note=note)
    said = say("Closed, {who}. {result}", who=who, result=result)
    return Message(said, fitted(drawn, ROOMS))


def announcement_maybe_missing(poll: Poll) -> Message:
    """Return what a poll's creator is told if Slack may have taken its result, or not."""
    return words(
        say(
            ":warning: Slack did not answer while pollbot was posting the result of {poll} under "
            "its card, or pollbot was stopped before it could. It may be there or not, and is not "
            "posted again by itself, so that nothing comes twice. The card shows the result in any "
            "case.",
            poll=titled(poll),
        )
    )


def perhaps_reminded(poll: Poll) -> Message:
    """Return what a poll's creator is told if Slack may have taken a reminder, or not."""
    return words(
        say(
            ":warning: Slack did not answer while pollbot was reminding people of {poll}, or "
            "pollbot was stopped meanwhile. Somebody may not have been reminded; nobody is "
            "reminded again, so that nothing comes twice. If it matters, please ask in the "
            "channel.",
            poll=titled(poll),
        )
    )


def closer(poll: Poll, closed_by: str | None, names: Mapping[str, str] | None) -> str:
    """Return who closed the poll, as markup; an anonymous one names nobody.

    Nobody is mentioned who is called by one of these ``names``.
    """
    if closed_by is None:
        return say("by its deadline")
    if closed_by == ALL_ANSWERED:
        return say("as all had answered")
    if not closed_by or not poll.settings.names or (names is not None and closed_by not in names):
        return say("by hand")
    return say("by {person}", person=called(closed_by, names))


def reminder(poll: Poll, channel_id: str, card_url: str, asker: str = "") -> Message:
    """Return what somebody is told who has not answered; most polls can be answered in it.

    ``asker`` is what the poll's creator is called, empty if that is not known.
    """
    ends_at = _end_of(poll)
    first = _reminds(poll, channel_id, asker, None if ends_at is None else moment(ends_at))
    live = poll.live
    here = len(live) <= BUTTONS

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
        small = f"{_where(card_url, here=here)} {who_sees(poll.settings)}"
        only = context(f"{small} {say('This is the only reminder.')}")
        return [*blocks, only, actions(mute_button())]

    return Message(_reminds_in_words(poll, channel_id, asker, ends_at), fitted(drawn, ROOMS))


def digest(polls: Sequence[tuple[Poll, str, str]]) -> Message:
    """Return what somebody is told once a day of polls that they have not answered.

    Each comes with the channel and the address of its card, empty if it has none.
    """
    first = say_number(
        len(polls),
        ":bell: {number} poll waits for your answer:",
        ":bell: {number} polls wait for your answer:",
    )
    drawn = []
    for poll, channel, url in polls:
        line = _closes(poll, channel, moment)
        if url:
            spoken = say("To the card of {poll}", poll=fit(poll.title, TITLE, 60))
            to_card = link_button(say("To the card"), SeeCardClick(), url, spoken=spoken)
        drawn.append(beside(line, to_card) if url else section(line))
    lines = [_closes(poll, channel, moment_in_words) for poll, channel, _ in polls]
    small = context(say("You are reminded of each only here, once."))
    whole = [section(first), *drawn, small, actions(mute_button())]
    return Message("\n".join([first, *lines]), whole)


def _end_of(poll: Poll) -> float | None:
    """Return when the poll closes by itself; None if somebody has to close it."""
    return poll.settings.ends_at if poll.settings.closes_at_end else None


def _closes(poll: Poll, channel_id: str, spelt: Callable[[float], str]) -> str:
    channel, ends_at = f"<#{channel_id}>", _end_of(poll)
    if ends_at is None:
        return say("{poll} in {channel}.", poll=titled(poll), channel=channel)
    return say(
        "{poll} in {channel} closes {moment}.",
        poll=titled(poll),
        channel=channel,
        moment=spelt(ends_at),
    )


def mute_button() -> Block:
    """Return the button after which no poll reminds its presser."""
    return button(say("Mute reminders"), RemindersClick(wanted=False))


def remind_button() -> Block:
    """Return the way back for who muted all reminders."""
    return button(say("Remind me again"), RemindersClick(wanted=True))


def reminders_wanted(*, wanted: bool) -> Message:
    """Return that somebody is reminded of polls, or is not, with the way back."""
    if wanted:
        return words(say(":bell: Polls remind you again before they close."), mute_button())
    return words(
        say(
            ":no_bell: No poll reminds you any more. You can still answer them on their cards, and "
            "be reminded again with the button here."
        ),
        remind_button(),
    )


def reminders_stand(*, muted: bool, typed: str = "") -> Message:
    """Return whether somebody is reminded of polls; ``typed`` is a word that means nothing."""
    if muted:
        said = say(
            ":no_bell: No poll reminds you, as you muted that. You can still answer them on their "
            "cards."
        )
        control = remind_button()
    else:
        said = say(
            ":bell: A poll that you have not answered may remind you before it closes, in a direct "
            "message. Whoever creates it decides that."
        )
        control = mute_button()
    if typed:
        said = say(
            "I do not know {word} here: type `/pollbot reminders on` or `/pollbot reminders off`. "
            "Nothing was changed. {how_it_stands}",
            word=echo(typed),
            how_it_stands=said,
        )
    small = say("Of issues that are resolved: `/pollbot shipped`.")
    message = words(said, control)
    return Message(message.text, [*message.blocks, context(small)])


def _reminds(poll: Poll, channel_id: str, asker: str, at: str | None) -> str:
    channel, title = f"<#{channel_id}>", titled(poll)
    if at is None:
        return (
            say(
                ":bell: {person} asks in {channel}: {poll} You have not answered yet.",
                person=fit(asker, 60, 120),
                channel=channel,
                poll=title,
            )
            if asker
            else say(
                ":bell: A poll in {channel}: {poll} You have not answered yet.",
                channel=channel,
                poll=title,
            )
        )
    if not asker:
        return say(
            ":bell: A poll in {channel}: {poll} You have not answered yet. It closes {moment}.",
            channel=channel,
            poll=title,
            moment=at,
        )
    return say(
        ":bell: {person} asks in {channel}: {poll} You have not answered yet. It closes {moment}.",
        person=fit(asker, 60, 120),
        channel=channel,
        poll=title,
        moment=at,
    )


def _reminds_in_words(poll: Poll, channel_id: str, asker: str, ends_at: float | None) -> str:
    channel, title = f"<#{channel_id}>", fit(poll.title, TITLE, 400)
    options = ", ".join(fit(option.title, 60, 120) or "-" for option in poll.live[:BUTTONS])
    if ends_at is None:
        return (
            say(
                "Reminder: you have not answered “{poll}” yet. {person} asks in {channel}. "
                "Options: {options}.",
                poll=title,
                person=fit(asker, 60, 120),
                channel=channel,
                options=options,
            )
            if asker
            else say(
                "Reminder: you have not answered “{poll}” yet. A poll in {channel}. Options: "
                "{options}.",
                poll=title,
                channel=channel,
                options=options,
            )
        )
    at = moment_in_words(ends_at)
    if not asker:
        return say(
            "Reminder: you have not answered “{poll}” yet. A poll in {channel}. It closes on "
            "{moment}. Options: {options}.",
            poll=title,
            channel=channel,
            moment=at,
            options=options,
        )
    return say(
        "Reminder: you have not answered “{poll}” yet. {person} asks in {channel}. It closes on "
        "{moment}. Options: {options}.",
        poll=title,
        person=fit(asker, 60, 120),
        channel=channel,
        moment=at,
        options=options,
    )


def _where(card_url: str, *, here: bool) -> str:
    """Return where to choose: here as well as on the card, or only there."""
    match here, bool(card_url):
        case True, True:
            return say("Choose here, or on <{url}|its card>.", url=card_url)
        case True, False:
            return say("Choose here, or on its card there.")
        case False, True:
            return say("Choose on <{url}|its card>.", url=card_url)
        case _:
            return say("Choose on its card there.")


def closes_soon(poll: Poll, asker: str = "") -> Message:
    """Return the one reminder for a channel whose members cannot be read."""
    title, ends_at = titled(poll), _end_of(poll)
    if ends_at is None:
        return words(
            say(
                ":bell: {poll} waits for answers. If you have not answered yet, choose on the card "
                "above.",
                poll=title,
            )
        )
    at = moment(ends_at)
    if not asker:
        return words(
            say(
                ":bell: {poll} closes {moment}. If you have not answered yet, choose on the card "
                "above.",
                poll=title,
                moment=at,
            )
        )
    return words(
        say(
            ":bell: {person} asks: {poll} closes {moment}. If you have not answered yet, choose on "
            "the card above.",
            person=fit(asker, 60, 120),
            poll=title,
            moment=at,
        )
    )


def record_offer(poll: Poll, site: str, key: str, *, by_all: bool = False) -> Message:
    """Return what a poll's creator is asked once its deadline, or all answers, have closed it."""
    said = (
        say(
            ":lock: {poll} has closed as all had answered. Its result can be kept on {issue}, as "
            "one comment in your name.",
            poll=titled(poll),
            issue=_issue(site, key),
        )
        if by_all
        else say(
            ":lock: {poll} has closed by its deadline. Its result can be kept on {issue}, as one "
            "comment in your name.",
            poll=titled(poll),
            issue=_issue(site, key),
        )
    )
    return words(said, record_button(poll.id))


def record_button(poll_id: str) -> Block:
    """Return the button that writes a poll's result on its issue."""
    return button(say("Write result on the issue"), RecordClick(poll=poll_id), style="primary")


def record_wanted(poll: Poll, site: str, key: str) -> Message:
    """Return what is said before the comment is there."""
    return words(
        say(
            ":hourglass_flowing_sand: The result of {poll} is on its way to {issue}, as a comment "
            "in your name. I will tell you once it is there.",
            poll=titled(poll),
            issue=_issue(site, key),
        )
    )


def record_of_other(poll: Poll, site: str, key: str, owner: str) -> Message:
    """Return what is said to somebody who asks for what another person's comment holds."""
    return words(
        say(
            "The result of {poll} is kept in a comment of {person} on {issue}, so no second one is "
            "written. It is brought up to date in their name.",
            poll=titled(poll),
            person=person(owner),
            issue=_issue(site, key),
        )
    )


def recorded(poll: Poll, site: str, key: str, comment_id: str, *, anew: bool) -> Message:
    """Return what is said once Jira has the comment; ``anew``: it was there before."""
    there = link(f"{issue_url(site, key)}?focusedCommentId={comment_id}", key)
    if anew:
        return words(
            say(
                ":memo: The comment with the result of {poll} is up to date: {issue}.",
                poll=titled(poll),
                issue=there,
            )
        )
    return words(
        say(
            ":memo: The result of {poll} is written on the issue, as a comment in your name: "
            "{issue}.",
            poll=titled(poll),
            issue=there,
        )
    )


def record_waits(poll: Poll, site: str, key: str, reason: Reason) -> Message:
    """Return what is said while it cannot be written."""
    saved = say(
        "The result of {poll} is saved, and is written on {issue} by itself",
        poll=titled(poll),
        issue=_issue(site, key),
    )
    return words(waits.queued(reason, saved))


def record_needs_account(poll: Poll, site: str, key: str, *, refused: bool) -> Message:
    """Return the way to connect, for an owner without an account, or one with a dead token."""
    title, issue = titled(poll), _issue(site, key)
    if refused:
        saved = say(
            "the result of {poll} is saved, and is written on {issue} in your name by itself",
            poll=title,
            issue=issue,
        )
        return words(waits.with_a_new_token(saved), connect_button(site))
    first = say(
        "A result is written on an issue with your own Jira account, which pollbot needs once."
    )
    saved = say(
        "The result of {poll} is saved, and is written on {issue} in your name by itself",
        poll=title,
        issue=issue,
    )
    return words(waits.once_connected(first, saved), connect_button(site))


def record_refused(poll: Poll, site: str, key: str, why: str) -> Message:
    """Return why Jira did not take the comment; ``why`` is a sentence, markup already."""
    return words(
        say(
            ":x: The result of {poll} was not written on {issue}. {why} The result itself is safe "
            "on the poll's card. Once that is mended, try again.",
            poll=titled(poll),
            issue=_issue(site, key),
            why=why,
        ),
        button(say("Try again"), RecordClick(poll=poll.id)),
    )


def _choice(poll: Poll, option: Option, place: int, room: Room) -> Block:
    return choosing(poll, option, AnswerClick(poll=poll.id, option=option.id), place, room)


def _issue(site: str, key: str) -> str:
    return link(issue_url(site, key), key)
