"""What is kept of a person, in words, and the button that has it forgotten."""

from collections.abc import Iterator

from pollbot.forgetting.rows import Held
from pollbot.slack.clicks import Click
from pollbot.slack.kit import Message, button, confirmation, person, words
from pollbot.text.catalog import say, say_number


class ForgetClick(Click):
    """Forget what is kept of this person; empty for who presses."""

    action_id = "forget"
    user: str = ""


def what_is_kept(held: Held, user_id: str = "") -> Message:
    """Return what is kept, with what becomes of it; ``user_id`` is somebody else's."""
    if held.is_nothing:
        return words(
            say("Nothing is kept of {person}.", person=person(user_id))
            if user_id
            else say("Nothing is kept of you.")
        )
    head = (
        say("*What pollbot keeps of {person}:*", person=person(user_id))
        if user_id
        else say("*What pollbot keeps of you:*")
    )
    listed = "\n".join(f"• {one}" for one in _kinds(held))
    after = say(
        "Forgotten means: account, tokens, waiting votes, schedules, thresholds and templates are "
        "deleted, shared ones too; nothing is posted by those schedules any more. Answers in open "
        "polls with names are withdrawn; in closed ones the numbers stay, without the name. "
        "Comments go. Polls stay as nobody’s, for admins to manage. Answers to anonymous polls "
        "hold no name, and stay. The audit log says “a person who was forgotten”. *Votes in Jira "
        "are Jira’s and stay: withdraw them before, if they are to go.* Messages in Slack stay "
        "until Slack deletes them, and backups until they are deleted. This cannot be undone."
    )
    asked = confirmation(say("Forget it all?"), say("This cannot be undone."), say("Forget it"))
    label = say("Forget this person") if user_id else say("Forget me")
    press = button(label, ForgetClick(user=user_id), style="danger", confirm=asked)
    return words(f"{head}\n{listed}\n\n{after}", press)


def forgotten(held: Held, user_id: str = "") -> Message:
    """Return what is said once it is done."""
    if held.is_nothing:
        return what_is_kept(held, user_id)
    if user_id:
        return words(
            say(":white_check_mark: {person} is forgotten in pollbot.", person=person(user_id))
        )
    return words(
        say(
            ":white_check_mark: You are forgotten in pollbot. What you do here from now on is "
            "known anew. Votes that you cast in Jira are still there."
        )
    )


def _kinds(held: Held) -> Iterator[str]:
    if held.accounts:
        yield say_number(held.accounts, "{number} Jira account", "{number} Jira accounts")
    if held.votes:
        yield say_number(
            held.votes,
            "{number} vote or watch that waits, or of which the end is still to be told",
            "{number} votes or watches that wait, or of which the end is still to be told",
        )
    if held.schedules:
        yield say_number(held.schedules, "{number} schedule", "{number} schedules")
    if held.thresholds:
        yield say_number(held.thresholds, "{number} threshold", "{number} thresholds")
    if held.templates:
        yield say_number(held.templates, "{number} own template", "{number} own templates")
    if held.polls:
        yield say_number(
            held.polls,
            "{number} poll that was made, managed or closed",
            "{number} polls that were made, managed or closed",
        )
    if held.answers:
        yield say_number(
            held.answers,
            "answers in {number} poll with names",
            "answers in {number} polls with names",
        )
    if held.open_answers:
        yield say_number(
            held.open_answers,
            "{number} of these polls is open: the answer there is withdrawn",
            "{number} of these polls are open: the answers there are withdrawn",
        )
    if held.others:
        yield say_number(
            held.others,
            "{number} other line: cards, clicks, words and settings",
            "{number} other lines: cards, clicks, words and settings",
        )
    if held.entries:
        yield say_number(
            held.entries,
            "{number} entry of the audit log",
            "{number} entries of the audit log",
        )
