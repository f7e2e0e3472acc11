"""What a step tells to those after it: plain text, which mentions and notifies nobody."""

from pollbot.jira.issues import Issue, issue_url
from pollbot.polls.ends.blocks import closer
from pollbot.polls.kept import Kept
from pollbot.polls.results.blocks import in_words, share
from pollbot.polls.tally import Line, Results
from pollbot.slack.markup import unmarked
from pollbot.text.catalog import numeral, say
from pollbot.text.writing import disarmed
from pollbot.workflows.rules import Outputs


def created(kept: Kept, link: str) -> Outputs:
    """Return what is told of a poll that was created; ``link`` is empty where none is known."""
    told: Outputs = {"poll": kept.poll.id, "question": disarmed(kept.poll.title)}
    return told | ({"link": link} if link else {})


def counted(site: str, issue: Issue) -> Outputs:
    """Return what is told of an issue."""
    return {
        "key": issue.key,
        "votes": issue.votes,
        "summary": disarmed(issue.summary),
        "status": disarmed(issue.status),
        "link": issue_url(site, issue.key),
    }


def ended(kept: Kept, results: Results, note: str = "") -> Outputs:
    """Return what is told of a poll that closed: what its card shows to everybody, without names.

    ``note`` is what is doubtful about it.
    """
    poll = kept.poll
    said = in_words(poll, results, now_open=False, note=note)
    told: Outputs = {
        "question": disarmed(poll.title),
        "result": disarmed(unmarked(f"{said} {note}" if note else said)),
        "reason": closer(poll, kept.closed_by, {}),
    }
    leading = [line.option.title for line in results.lines if line.option.id in results.leading]
    if leading and not note:
        told["winner"] = disarmed(", ".join(leading))
    if counts := [_counts(line) for line in results.lines if line.percent is not None]:
        told["counts"] = disarmed("\n".join(counts))
    people = results.people if results.people is not None else results.answers
    return told if people is None else told | {"answers": people}


def _counts(line: Line) -> str:
    shown = share(line.percent or 0)
    if line.answers is None:
        return say("{option}: {share}", option=line.option.title, share=shown)
    return say(
        "{option}: {number} ({share})",
        option=line.option.title,
        number=numeral(line.answers),
        share=shown,
    )
