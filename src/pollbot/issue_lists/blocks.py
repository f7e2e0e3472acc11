"""Lists of issues in a channel: the top voted ones, and a ballot with buttons for each."""

from collections.abc import Callable, Sequence

from pollbot.jira.issues import Issue, issue_url
from pollbot.jira.jql import Changes, Found, project_of
from pollbot.slack.budget import fits, fitted
from pollbot.slack.clicks import VoteClick, WithdrawClick
from pollbot.slack.kit import (
    Block,
    Message,
    actions,
    button,
    clip,
    context,
    counted,
    escape,
    fit,
    link,
    plain,
    section,
    sections,
    without_charts,
)

MOST_LISTED = 20

_SUMMARY = 150
_SUMMARIES = (_SUMMARY, 110, 80, 50, 30, 20, 10, 3)
_SUMMARY_ROOM = 750  # each mark of it may be an escape of five
_BAR = 10
_LABEL = 20
_LEFT_NAMED = 10
_WORDS_ROOM = 3000
_JQL = 300
_JQL_ROOM = 900

IssueView = Callable[[str, Sequence[Issue], Changes | None, int], list[Block]]


def bars(site: str, issues: Sequence[Issue], changes: Changes | None, room: int) -> list[Block]:
    """Return for each issue its rank, key and summary, and below it a bar, votes and change."""
    most = max((issue.votes for issue in issues), default=0)
    return sections(
        f"{rank}. {_title(site, issue, room)}\n{_bar(issue.votes, most)} {_votes(issue.votes)}"
        f"{_spaced(_arrow(issue, changes))}"
        for rank, issue in enumerate(issues, 1)
    )


def table(site: str, issues: Sequence[Issue], changes: Changes | None, room: int) -> list[Block]:
    """Return a table of rank, key, summary, votes and change, and the keys as links."""
    compared = changes is not None
    head = ["#", "Issue", "Summary", "Votes", *(["Change"] if compared else [])]
    rows = [
        [
            _number(rank),
            _cell(issue.key),
            _cell(plain(issue.summary, room)),
            _number(issue.votes),
            *([_cell(_arrow(issue, changes) or "-")] if compared else []),
        ]
        for rank, issue in enumerate(issues, 1)
    ]
    right: Block = {"align": "right"}
    return [
        {
            "type": "table",
            "column_settings": [
                right,
                {"align": "left"},
                {"is_wrapped": True},
                right,
                *([right] if compared else []),
            ],
            "rows": [[_cell(name) for name in head], *rows],
        },
        *_links(site, issues),
    ]


def chart(site: str, issues: Sequence[Issue], changes: Changes | None, room: int) -> list[Block]:
    """Return a bar chart of the votes, what changed in words, and the keys as links."""
    labels = [_label(issue.key, rank) for rank, issue in enumerate(issues, 1)]
    moved = [
        f"{_key(site, issue)} {arrow}" for issue in issues if (arrow := _arrow(issue, changes))
    ]
    return [
        {
            "type": "data_visualization",
            "title": "Top voted issues",
            "chart": {
                "type": "bar",
                "series": [
                    {
                        "name": "Votes",
                        "data": [
                            {"label": label, "value": issue.votes}
                            for label, issue in zip(labels, issues, strict=True)
                        ],
                    }
                ],
                "axis_config": {"categories": labels, "x_label": "Issue", "y_label": "Votes"},
            },
        },
        *sections(["Since the last post:", *moved] if moved else [], between="  "),
        *_links(site, issues),
    ]


ISSUE_VIEWS: dict[str, IssueView] = {"bars": bars, "table": table, "chart": chart}


def top_issues(
    site: str,
    title_jql: str,
    found: Found,
    changes: Changes | None,
    view: str,
    *,
    note: str = "",
) -> Message:
    """Return the issues with the most votes, and what changed since the last post.

    ``title_jql`` is the project key or the JQL as somebody wrote it. The first
    twenty are shown, the rest is counted; an unknown view means bars.
    """
    shown, rest = _first(found.issues, found.total)
    draw = ISSUE_VIEWS.get(view, bars)

    def drawn(room: int) -> list[Block]:
        return [
            section(_heading("Top voted issues", title_jql)),
            *(draw(site, shown, changes, room) if shown else [section(_NONE_VOTED)]),
            *sections([*_more(rest), *_left(site, changes)]),
            *([context(note)] if note else []),
        ]

    lines = [f"{_votes(issue.votes)}{_moved_in_words(issue, changes)}" for issue in shown]
    words = _in_words(shown, lines, rest) if shown else _NONE_VOTED
    left = _left_in_words(changes)
    text = " ".join([f"{_plain_heading('Top voted issues', title_jql)} – {words}", *left])
    plain_too = fitted(
        drawn, _SUMMARIES, lambda blocks: fits(blocks) and fits(without_charts(blocks))
    )
    return Message(text, plain_too)


def ballot_card(
    card_id: str,
    site: str,
    title: str,
    lines: Sequence[Issue],
    total: int,
    *,
    note: str = "",
) -> Message:
    """Return a card of issues, each with its own *Vote* and *Withdraw*.

    ``title`` is the project key or the JQL as somebody wrote it. Resolved issues
    stay on the card without buttons; of more than twenty the rest is counted.
    """
    shown, rest = _first(lines, total)

    def drawn(room: int) -> list[Block]:
        return [
            section(_heading("Vote on these issues", title)),
            *(block for issue in shown for block in _ballot_line(card_id, site, issue, room)),
            *([] if shown else [section(_NONE_TO_VOTE)]),
            *sections(_more(rest)),
            *([context(note)] if note else []),
        ]

    tails = [f"{_votes(issue.votes)}{_resolved(issue, ', ')}" for issue in shown]
    words = _in_words(shown, tails, rest) if shown else _NONE_TO_VOTE
    text = f"{_plain_heading('Vote on these issues', title)} – {words}"
    return Message(text, fitted(drawn, _SUMMARIES))


_NONE_VOTED = (
    "No issue is in this list right now. Votes that people cast in Jira or with `/vote` bring "
    "issues here."
)
_NONE_TO_VOTE = (
    "No issue is in this list right now, so there is nothing to vote on. `/vote PLAT-12` works "
    "for any issue."
)


def _ballot_line(card_id: str, site: str, issue: Issue, room: int) -> list[Block]:
    about = f"{_title(site, issue, room)}\n*{_votes(issue.votes)}*"
    if issue.resolution is not None:
        return [section(f"{about}  {_resolved(issue)}: Jira takes no more votes on it.")]
    return [
        section(about),
        actions(
            button(
                "Vote",
                VoteClick(issue=issue.key, card=card_id),
                style="primary",
                spoken=f"Vote on {issue.key}: {clip(issue.summary, room)}",
            ),
            button(
                "Withdraw",
                WithdrawClick(issue=issue.key, card=card_id),
                spoken=f"Withdraw my vote from {issue.key}: {clip(issue.summary, room)}",
            ),
        ),
    ]


def _first(issues: Sequence[Issue], total: int) -> tuple[Sequence[Issue], int]:
    """Return the issues to show, and how many more there are."""
    shown = issues[:MOST_LISTED]
    return shown, max(total, len(issues)) - len(shown)


def _heading(what: str, jql: str) -> str:
    project = project_of(jql)
    if project is not None:
        return f"*{what}: {project}*"
    return f"*{what}*\n`{fit(jql, _JQL, _JQL_ROOM) or '-'}`"


def _plain_heading(what: str, jql: str) -> str:
    return f"{what}: {escape(project_of(jql) or '') or fit(jql, 100, 300)}"


def _title(site: str, issue: Issue, room: int) -> str:
    return f"*{_key(site, issue)}*  {fit(issue.summary, room, min(_SUMMARY_ROOM, 5 * room))}"


def _key(site: str, issue: Issue) -> str:
    return link(issue_url(site, issue.key), issue.key)


def _votes(count: int) -> str:
    return counted(count, "vote", "votes")


def _resolved(issue: Issue, before: str = "") -> str:
    if issue.resolution is None:
        return ""
    how = fit(issue.resolution, 80, 200)
    word = "resolved" if before else "Resolved"
    return f"{before}{word}{f' ({how})' if how else ''}"


def _bar(votes: int, most: int) -> str:
    full = round(_BAR * votes / most) if most else 0
    return f"{'▇' * full}{'▁' * (_BAR - full)}"


def _arrow(issue: Issue, changes: Changes | None) -> str:
    """Return what changed since the last post, as a mark; empty where nothing did."""
    if changes is None or issue.key not in changes.by:
        return ""
    by = changes.by[issue.key]
    if by is None:
        return "new"
    return f"▲{by:,}" if by > 0 else f"▼{-by:,}" if by < 0 else ""


def _moved_in_words(issue: Issue, changes: Changes | None) -> str:
    if changes is None or issue.key not in changes.by:
        return ""
    by = changes.by[issue.key]
    if by is None:
        return ", new"
    return f", {by:,} more" if by > 0 else f", {-by:,} fewer" if by < 0 else ""


def _in_words(issues: Sequence[Issue], tails: Sequence[str], rest: int) -> str:
    """Return the issues in one sentence, in which each has the same room."""
    taken = sum(len(issue.key) + len(tail) + 5 for issue, tail in zip(issues, tails, strict=True))
    room = max(6, (_WORDS_ROOM - taken) // len(issues))
    named = (
        f"{escape(issue.key)} {fit(issue.summary, min(room, _SUMMARY), room) or '-'} ({tail})"
        for issue, tail in zip(issues, tails, strict=True)
    )
    return f"{' '.join([', '.join(named), *_more(rest)])}."


def _more(rest: int) -> list[str]:
    return [f"and {rest:,} more"] if rest > 0 else []


def _left(site: str, changes: Changes | None) -> list[str]:
    if changes is None or not changes.left:
        return []
    named = ", ".join(link(issue_url(site, key), key) for key in changes.left[:_LEFT_NAMED])
    return [f"Left the list since the last post: {named}{_and_more(changes)}"]


def _left_in_words(changes: Changes | None) -> list[str]:
    if changes is None or not changes.left:
        return []
    named = ", ".join(map(escape, changes.left[:_LEFT_NAMED]))
    return [f"Left the list since the last post: {named}{_and_more(changes)}."]


def _and_more(changes: Changes) -> str:
    rest = len(changes.left) - _LEFT_NAMED
    return f" and {rest:,} more" if rest > 0 else ""


def _links(site: str, issues: Sequence[Issue]) -> list[Block]:
    return sections((_key(site, issue) for issue in issues), between=" · ")


def _label(key: str, rank: int) -> str:
    """Return the key, in at most 20 characters and unlike all others."""
    return key if len(key) <= _LABEL else f"{key[:15]}… {rank}"


def _spaced(mark: str) -> str:
    return f"  {mark}" if mark else ""


def _cell(text: str) -> Block:
    return {"type": "raw_text", "text": text}


def _number(value: int) -> Block:
    return {"type": "raw_number", "value": value, "text": f"{value:,}"}
