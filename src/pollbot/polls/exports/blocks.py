"""What people see of an export."""

from pollbot.polls.blocks import titled
from pollbot.polls.exports.rules import FILES_SCOPE
from pollbot.polls.results.blocks import note_of, totals_in_words
from pollbot.polls.results.rules import Seen
from pollbot.polls.rules import PollSettings
from pollbot.slack.clicks import ExportAsClick
from pollbot.slack.kit import Block, Message, actions, button, context, escape, section, view
from pollbot.slack.windows import told_view
from pollbot.text.catalog import say, say_number

EXPORT_VIEW = "poll_export"


def export_view(seen: Seen) -> Block:
    """Return the window that asks as what the poll is wanted."""
    poll = seen.poll
    how = say(
        "*CSV* is for spreadsheets: a table of the results, and of what it keeps beside them. "
        "*JSON* is for programs: all of it in one file. I send it to you alone, as a direct "
        "message."
    )
    return view(
        say("Export"),
        [
            section(f"{titled(poll)}\n{how}"),
            actions(
                button(say("CSV"), ExportAsClick(poll=poll.id, kind="csv"), nth=0),
                button(say("JSON"), ExportAsClick(poll=poll.id, kind="json"), nth=1),
            ),
            context(_names(poll.settings)),
        ],
        callback_id=EXPORT_VIEW,
        close=say("Done"),
    )


def on_its_way() -> Block:
    """Return the window once the kind was chosen."""
    return told_view(
        say(
            ":outbox_tray: The export is on its way: it comes as a direct message, to you alone. "
            "Of many answers that takes a moment."
        ),
        title=say("Export"),
    )


def comment(seen: Seen, files: int) -> str:
    """Return what stands above the files."""
    total = totals_in_words(seen.poll, seen.results, now_open=seen.now_open)
    state = say("It is open, so more may come.") if seen.now_open else ""
    head = say_number(
        files,
        ":outbox_tray: Your export of {poll}, {number} file.",
        ":outbox_tray: Your export of {poll}, {number} files.",
        poll=titled(seen.poll),
    )
    steps = (
        say("The split is that of its last step, as on its card.") if seen.results.in_steps else ""
    )
    lines = (
        f"{total}." if total else "",
        state,
        steps,
        _names(seen.poll.settings),
        note_of(seen.doubt),
    )
    return " ".join(filter(None, (head, *lines)))


def as_text(seen: Seen, text: str) -> Message:
    """Return a short export as a message, where Slack takes no files."""
    why = say(
        ":outbox_tray: Slack does not let pollbot send files: the app was installed without the "
        "scope `{scope}`. This export of {poll} is short enough to stand here; for others an "
        "admin has to add the scope with the newest manifest and to install the app again.",
        scope=FILES_SCOPE,
        poll=titled(seen.poll),
    )
    # What closes the frame in the middle of it would let the rest be read as markup.
    inside = escape(text.replace("```", "'''").replace("\ufeff", "").strip())
    return Message(why, [section(why), section(f"```{inside}```")])


def _names(settings: PollSettings) -> str:
    if not settings.names:
        return say("It is anonymous: counts only, no names.")
    if settings.percent_only:
        return say("It shows percentages only, and so do the files: no numbers and no names.")
    return say(
        "The files name who chose what in Slack. Of answers given in Jira there are counts only."
    )
