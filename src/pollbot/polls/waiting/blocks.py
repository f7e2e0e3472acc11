"""What is said of a poll that could not be made when it was asked for: kept, made, or why not."""

from dataclasses import replace

from pollbot.jira.issues import issue_url
from pollbot.jira.pages import page_url
from pollbot.polls.blocks import linked
from pollbot.polls.defaults.rules import USUAL, Defaults
from pollbot.polls.kept import Kept
from pollbot.polls.rules import Ask, Draft
from pollbot.polls.sentences import LOOK, sentence
from pollbot.polls.sources.source import About
from pollbot.polls.typed import OpenForm, as_command
from pollbot.polls.waiting.rules import Because, Decision, Delayed, WaitingPoll
from pollbot.slack import waits
from pollbot.slack.clicks import DropPollClick
from pollbot.slack.kit import (
    Block,
    Message,
    button,
    connect_button,
    fit,
    is_direct,
    moment,
    section,
    words,
)
from pollbot.text.catalog import mark, say, say_marked
from pollbot.text.writing import disarmed


def asked_when_due(why: Because) -> str:
    """Return what is said of a poll that is made later, where nobody could be asked about it."""
    if why is Because.NO_ACCOUNT:
        return say(
            ":link: It is made with your own Jira account, which pollbot needs once. Connect it "
            "before that; if it is not connected by then, the schedule is paused and I tell you."
        )
    if why is Because.TOKEN_REFUSED:
        return say(
            ":warning: {refused} Connect again with a new one before that; if it is not connected "
            "by then, the schedule is paused and I tell you.",
            refused=waits.token_refused(),
        )
    return say(
        ":hourglass_flowing_sand: Whether that poll may be made there could not be asked: {why}. "
        "It is asked when it is due; should it be refused then, I tell you.",
        why=_REASONS[why].why,
    )


def delayed(poll: Delayed, site: str, usual: Defaults = USUAL) -> Message:
    """Return what is said at once of a poll that is on disk, and not made yet.

    ``usual``, here and below, are the defaults under which a command makes it again.
    """
    on = linked(poll.about)
    if poll.why is None:
        return looked_for(poll.ask, on, site, usual)
    return kept(poll.id, poll.ask, on, poll.why)


def not_saved_yet() -> Message:
    """Return what is said where Slack has to be answered, and nothing is on disk yet."""
    return words(
        say(
            ":hourglass_flowing_sand: Your poll is not saved yet, since what it needs to know "
            "comes slowly. Its card comes by itself, or I tell you why not. Should you hear "
            "nothing for some minutes, look at `/poll list`: if it is not there, please create it "
            "again."
        )
    )


def still_owed(
    waiting: WaitingPoll, about: About, site: str, usual: Defaults = USUAL
) -> Message | None:
    """Return what its person is still to hear of a poll now; None if that is nothing."""
    on = linked(about)
    if waiting.outcome is not None:
        return decided(waiting, on, site, usual)
    if waiting.state == "unconnected":
        return kept(waiting.id, waiting.ask, on, Because.TOKEN_REFUSED)
    return None


def kept(waiting_id: str, ask: Ask, on: str, why: Because) -> Message:
    """Return what is said at once: it is on disk, and what has to happen; ``on`` is a link."""
    poll, drop = _titled(ask.draft), button(say("Drop it"), DropPollClick(waiting=waiting_id))
    if why is Because.TOKEN_REFUSED:
        saved = say(
            "your poll {poll} on {subject} is saved, and is made and posted by itself",
            poll=poll,
            subject=on,
        )
        said = waits.with_a_new_token(saved, _at_most(ask))
        return words(said, connect_button(ask.site), drop)
    saved = say(
        "Your poll {poll} on {subject} is saved, and is made and posted by itself",
        poll=poll,
        subject=on,
    )
    if why is Because.NO_ACCOUNT:
        first = say(
            "A poll on {subject} is made with your own Jira account, which pollbot needs once.",
            subject=on,
        )
        return words(
            waits.once_connected(first, saved, _at_most(ask)), connect_button(ask.site), drop
        )
    return words(waits.queued(_REASONS[why], saved, _at_most(ask)), drop)


def looked_for(ask: Ask, on: str, site: str, usual: Defaults = USUAL) -> Message:
    """Return what is said at once if Team Voice may have made the poll, or not."""
    return _with_typed(
        say(
            ":hourglass_flowing_sand: Team Voice was asked to create it, and gave no answer: Your "
            "poll {poll} on {subject} may have been created all the same. I look there, post its "
            "card if it is there, and tell you if it is not ({kept}). Please do not create it "
            "again before that, or it may be there twice. Should you not want to wait, `local` "
            "keeps one in pollbot instead:",
            poll=_titled(ask.draft),
            subject=on,
            kept=_at_most(ask),
        ),
        replace(ask, local=True),
        site,
        usual,
    )


def decided(waiting: WaitingPoll, on: str, site: str, usual: Defaults = USUAL) -> Message:
    """Return what became of it; of what was not made with what was typed, so nothing is lost."""
    ask, outcome = waiting.ask, waiting.outcome
    poll = _titled(ask.draft)
    refused = sentence(outcome.why) if outcome is not None and outcome.why is not None else ""
    match outcome.decision if outcome is not None else Decision.EXPIRED:
        case Decision.MADE:
            return words(_made(poll, on, waiting.channel_id))
        case Decision.REFUSED:
            why = refused
        case Decision.ENDED:
            ends_at = ask.draft.settings.ends_at or 0.0
            why = say(
                "It would have ended {moment}, and could not be made before that. If you still "
                "mean it, give it a later end and send it again.",
                moment=moment(ends_at),
            )
        case Decision.EXPIRED:
            why = say(
                "It waited for 24 hours, and I have stopped trying. If you still mean it, send it "
                "again."
            )
        case Decision.NOT_THERE:
            why = say(
                "Team Voice was asked to create it and gave no answer; I have looked there several "
                "times since, and it has no such poll. You can create it again, or put `local` "
                "before the question to keep it in pollbot instead."
            )
        case Decision.PERHAPS:
            said = say(
                ":warning: Your poll {poll} on {subject} may have been created, or not, and "
                "pollbot does not try any more. {why}",
                poll=poll,
                subject=on,
                why=refused,
            )
            return _with_typed(f"{said} {say_marked(_ANEW)}", ask, site, usual)
    said = say(
        ":x: Your poll {poll} on {subject} was not made. {why}", poll=poll, subject=on, why=why
    )
    return _with_typed(f"{said} {say_marked(_AS_TYPED)}", ask, site, usual)


def _made(poll: str, on: str, channel_id: str) -> str:
    if is_direct(channel_id):
        return say(
            ":white_check_mark: Your poll {poll} on {subject} is made. Its card goes to your "
            "conversation.",
            poll=poll,
            subject=on,
        )
    return say(
        ":white_check_mark: Your poll {poll} on {subject} is made. Its card goes to {channel}.",
        poll=poll,
        subject=on,
        channel=f"<#{channel_id}>",
    )


def half_made(kept: Kept, usual: Defaults = USUAL) -> Message:
    """Return what is said if pollbot was stopped while Team Voice was asked to make a poll."""
    poll = kept.poll
    draft = Draft(
        poll.title,
        tuple(option.title for option in poll.live),
        description=poll.description,
        settings=poll.settings,
        template=poll.template,
        remind_before=kept.remind_before,
        record=kept.record,
    )
    said = (
        say(
            ":warning: pollbot was stopped while Team Voice was asked to create it: Your poll "
            "{poll} on {subject} may have been created all the same, and no card was posted.",
            poll=_titled(draft),
            subject=kept.subject,
        )
        if kept.kind == "issue"
        else say(
            ":warning: pollbot was stopped while Team Voice was asked to create it: Your poll "
            "{poll} on a page may have been created all the same, and no card was posted.",
            poll=_titled(draft),
        )
    )
    return _with_typed(
        f"{said} {say_marked(LOOK)} {say_marked(_ANEW)}",
        Ask(draft, kept.kind, kept.subject),
        kept.site,
        usual,
    )


def dropped(ask: Ask, on: str, site: str, usual: Defaults = USUAL) -> Message:
    """Return what is said once its person has dropped it."""
    said = say(
        ":wastebasket: Dropped: Your poll {poll} on {subject} is not made.",
        poll=_titled(ask.draft),
        subject=on,
    )
    return _with_typed(f"{said} {say_marked(_AS_TYPED)}", ask, site, usual)


def waits_no_more() -> Message:
    """Return what is said to whoever drops what does not wait any more."""
    return words(
        say(
            "That poll does not wait any more, so nothing was dropped: it was made, is being made "
            "just now, or I have told you why it was not. A poll that was made is deleted from "
            "*More* on its card."
        )
    )


def as_typed(ask: Ask, site: str, usual: Defaults = USUAL) -> str:
    """Return the command that makes this poll, as far as one can."""
    key = issue_url(ask.site, ask.subject) if ask.site else ask.subject
    where = key if ask.kind == "issue" else page_url(ask.site or site, ask.subject)
    is_endless = ask.draft.settings.ends_at is None
    return as_command(OpenForm(where, ask.draft, ask.local, no_end=is_endless), usual)


def _with_typed(text: str, ask: Ask, site: str, usual: Defaults) -> Message:
    """Return the sentences, and below them what was typed, to be copied."""
    blocks: list[Block] = [section(text), _literally(as_typed(ask, site, usual))]
    if ask.draft.description:
        blocks += [section(say("Its description:")), _literally(ask.draft.description)]
    return Message(text, blocks)


def _literally(text: str) -> Block:
    leaf = {"type": "text", "text": disarmed(text)}
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_preformatted", "elements": [leaf]}],
    }


def _titled(draft: Draft) -> str:
    return f"*{fit(draft.title, 150, 400)}*"


def _at_most(ask: Ask) -> str:
    ends_at = ask.draft.settings.ends_at
    if ends_at is None:
        return waits.for_a_day()
    return say("kept for 24 hours, and not after its end, {moment}", moment=moment(ends_at))


_AS_TYPED = mark("This is what it was:")
_ANEW = mark(
    "If it is not, this creates it again; with `local` before the question it is kept in pollbot, "
    "without Team Voice:"
)
_REASONS = {
    Because.JIRA_AWAY: waits.JIRA_AWAY,
    Because.JIRA_BUSY: waits.JIRA_BUSY,
    Because.SITE_MOVED: waits.site_moved(),
    Because.SOURCE_AWAY: waits.SOURCE_AWAY,
    Because.SOURCE_BUSY: waits.SOURCE_BUSY,
    Because.SOURCE_ODD: waits.SOURCE_ODD,
    Because.SLOW: waits.SLOW,
}
