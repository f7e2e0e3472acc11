"""The audit log as admins read it in Slack."""

from collections.abc import Mapping

from pollbot.setup import audit_words
from pollbot.setup.rules import AUDIT_SIZE
from pollbot.slack.clicks import Click
from pollbot.slack.kit import Block, actions, button, context, escape, moment, person, section, view
from pollbot.store.audit import AuditPage, Entry, What
from pollbot.text.catalog import mark, numeral, say, say_marked

_WORDS: Mapping[str, str] = {
    What.POLL_MADE: mark("made a poll"),
    What.POLL_EDITED: mark("edited a poll"),
    What.POLL_CLOSED: mark("closed a poll"),
    What.POLL_REOPENED: mark("reopened a poll"),
    What.POLL_DELETED: mark("deleted a poll"),
    What.POLL_SHARED: mark("said who manages a poll"),
    What.OPTION_ADDED: mark("added an option to a poll"),
    What.SCHEDULE_MADE: mark("made a schedule"),
    What.SCHEDULE_CHANGED: mark("changed a schedule"),
    What.SCHEDULE_PAUSED: mark("paused a schedule"),
    What.SCHEDULE_RESUMED: mark("resumed a schedule"),
    What.SCHEDULE_DELETED: mark("deleted a schedule"),
    What.CHANNEL_LINKED: mark("linked a channel"),
    What.CHANNEL_UNLINKED: mark("unlinked a channel"),
    What.PREVIEWS_CHANGED: mark("changed a channel’s previews"),
    What.ACCOUNT_CONNECTED: mark("connected a Jira account"),
    What.ACCOUNT_DISCONNECTED: mark("disconnected a Jira account"),
    What.SOURCE_SET: mark("said where polls of a project or space live"),
    What.SOURCE_REMOVED: mark("removed where polls of a project or space live"),
    What.PAGE_KNOWN: mark("told a page’s macro"),
    What.SETUP_CHANGED: mark("changed what is set up"),
    What.TEMPLATE_SHARED: mark("shared a template, or stopped that"),
    What.TEMPLATE_REMOVED: mark("removed a shared template"),
    What.EXPORTED: mark("took a poll along as a file"),
    What.INSTALLED: mark("installed pollbot"),
    What.UNINSTALLED: mark("removed pollbot"),
    What.RULE_MADE: mark("made a threshold"),
    What.RULE_CHANGED: mark("changed a threshold"),
    What.RULE_PAUSED: mark("paused a threshold"),
    What.RULE_RESUMED: mark("resumed a threshold"),
    What.RULE_REMOVED: mark("deleted a threshold"),
    What.FORGOTTEN_BY_AGE: mark("forgot what was too old"),
    What.PERSON_FORGOTTEN: mark("forgot a person"),
}


class AuditClick(Click):
    """Show a page of the audit log, the newest first."""

    action_id = "audit"
    page: int = 0


def audit_view(page: AuditPage) -> Block:
    """Return a page of the log."""
    last = max(0, page.total - 1) // AUDIT_SIZE
    blocks: list[Block] = [
        context(
            say(
                "Who changed what, the newest first: {total} entries. They are only added to; "
                "`pollbot audit` on the command line writes all of them.",
                total=numeral(page.total),
            )
        )
    ]
    blocks += [section(_line(one)) for one in page.entries]
    ways = [
        *([(say("Newer"), page.number - 1)] if page.number else []),
        *([(say("Older"), page.number + 1)] if page.number < last else []),
    ]
    if ways:
        pages = [
            button(label, AuditClick(page=to), nth=nth) for nth, (label, to) in enumerate(ways)
        ]
        blocks.append(actions(*pages))
    return view(say("Audit"), blocks, callback_id="audit", close=say("Close"))


def _line(entry: Entry) -> str:
    word, about = _WORDS.get(entry.what), audit_words.about(entry)
    deed = escape(entry.what) if word is None else say_marked(word)
    return say(
        "{moment} – {who} {what} {about}",
        moment=moment(entry.at),
        who=_who(entry),
        what=f"{deed}:" if about else deed,
        about=about,
    ).rstrip()


def _who(entry: Entry) -> str:
    if entry.who is None:
        return "pollbot"
    if entry.who:
        return person(entry.who)
    return say("a person who was forgotten ({number})", number=numeral(entry.nobody or 0))
