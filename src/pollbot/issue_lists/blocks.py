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
    escape,
    fit,
    link,
    plain,
    section,
    sections,
    without_charts,
)
from pollbot.text.catalog import mark, numeral, say, say_marked, say_number
from pollbot.votes.watches.blocks import watch_menu

MOST_LISTED = 20

_SUMMARY = 150
_SUMMARIES = (_SUMMARY, 110, 80, 50, 30, 20, 10, 3)
_WITH_MENUS = 50
"""Where that is no room for a summary, lines give up their menus, and buttons do not repeat it."""
_LINES = (
    *((room, True) for room in _SUMMARIES if room >= _WITH_MENUS),
    *((room, False) for room in (*_SUMMARIES, 0) if room <= 80),
)
_SUMMARY_ROOM = 750  # each mark of it may be an escape of five
_BAR = 10
_LABEL = 20
_LEFT_NAMED = 10
_WORDS_ROOM = 3000
_JQL = 300
_JQL_ROOM = 900
_NAME = 80
_STATUS = 40

IssueView = Callable[[str, Sequence[Issue], Changes | None, int], list[Block]]


def bars(site: str, issues: Sequence[Issue], changes: Changes | None, room: int) -> list[Block]:
    """Return for each issue its rank, key and summary, and below it a bar, votes and change."""
    most = max((issue.votes for issue in issues), default=0)
    return sections(
        (
            f"{rank}. {_title(site, issue, room)}\n{_bar(issue.votes, most)} "
            f"{_votes(issue.votes)}{_spaced(_arrow(issue, changes))}{_state(issue)}"
            for rank, issue in enumerate(issues, 1)
        ),
        between="\n\n",
    )


def table(site: str, issues: Sequence[Issue], changes: Changes | None, room: int) -> list[Block]:
    """Return a table of rank, key as a link, votes, change, summary and state.

    docs.slack.dev, "Data table block": people sort it, and turn its pages. On a phone its first
    columns are seen at once.
    """
    compared = changes is not None
    head = [
        *("#", say("Issue"), say("Votes")),
        *([say("Change")] if compared else []),
        *(say("Summary"), say("State")),
    ]
    rows = [
        [
            _number(rank),
            _linked(site, issue),
            _number(issue.votes),
            *([_cell(_arrow(issue, changes) or "-")] if compared else []),
            _cell(plain(issue.summary, room)),
            _cell(plain(issue.status, _STATUS)),
        ]
        for rank, issue in enumerate(issues, 1)
    ]
    return [
        {
            "type": "data_table",
            "caption": say_marked(_TOP),
            "page_size": MOST_LISTED,
            "row_header_column_index": 1,
            "rows": [[_cell(name) for name in head], *rows],
        }
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
            "title": say_marked(_TOP),
            "chart": {
                "type": "bar",
                "series": [
                    {
                        "name": say("Votes"),
                        "data": [
                            {"label": label, "value": issue.votes}
                            for label, issue in zip(labels, issues, strict=True)
                        ],
                    }
                ],
                "axis_config": {
                    "categories": labels,
                    "x_label": say("Issue"),
                    "y_label": say("Votes"),
                },
            },
        },
        *sections([say("Since the last post:"), *moved] if moved else [], between="  "),
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
    name: str = "",
) -> Message:
    """Return the issues with the most votes, and what changed since the last post.

    ``title_jql`` is the project key or the JQL as somebody wrote it, which is shown where the
    list has no ``name``. The first
    twenty are shown, the rest is counted; an unknown view means bars.
    """
    shown, rest = _first(found.issues, found.total)
    draw = ISSUE_VIEWS.get(view, bars)

    def drawn(room: int) -> list[Block]:
        return [
            section(_heading(_TOP, title_jql, name)),
            *(draw(site, shown, changes, room) if shown else [section(say_marked(_NONE_VOTED))]),
            *sections([*_more(rest), *_left(site, changes)]),
        ]

    lines = [_moved_in_words(issue, changes) for issue in shown]
    words = _in_words(shown, lines, rest) if shown else say_marked(_NONE_VOTED)
    left = _left_in_words(changes)
    text = " ".join([f"{_plain_heading(_TOP, title_jql, name)} – {words}", *left])
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
    name: str = "",
) -> Message:
    """Return a card of issues, each with its own *Vote* and *Withdraw*.

    ``title`` is the project key or the JQL as somebody wrote it; none for issues that a message
    names. It is shown where the list has no ``name``. Resolved issues
    stay on the card without buttons; of more than twenty the rest is counted.
    """
    shown, rest = _first(lines, total)

    def drawn(room: tuple[int, bool]) -> list[Block]:
        return [
            section(_heading(_BALLOT, title, name)),
            *(block for issue in shown for block in _ballot_line(card_id, site, issue, *room)),
            *([] if shown else [section(say_marked(_NONE_TO_VOTE))]),
            *sections(_more(rest)),
        ]

    tails = [_tail(issue) for issue in shown]
    words = _in_words(shown, tails, rest) if shown else say_marked(_NONE_TO_VOTE)
    text = f"{_plain_heading(_BALLOT, title, name)} – {words}"
    return Message(text, fitted(drawn, _LINES))


_TOP, _BALLOT = mark("Top voted issues"), mark("Vote on these issues")
_NONE_VOTED = mark(
    "No issue is in this list right now. Votes that people cast in Jira or with `/vote` bring "
    "issues here."
)
_NONE_TO_VOTE = mark(
    "No issue is in this list right now, so there is nothing to vote on. `/vote PLAT-12` works "
    "for any issue."
)


def _ballot_line(card_id: str, site: str, issue: Issue, room: int, whole: bool) -> list[Block]:
    """Return an issue with its buttons; without any room for words its key alone, and no link.

    ``whole``: it has a menu, too, and its buttons say aloud what it is about.
    """
    title = _title(site, issue, room) if room else f"*{escape(issue.key)}*"
    about = f"{title}\n*{_votes(issue.votes)}*"
    if issue.resolution is not None:
        return [section(f"{about}  {_resolved(issue.resolution)}")]
    about += _state(issue)
    summary = clip(issue.summary, room) if whole else ""
    if summary:
        vote = say("Vote on {issue}: {summary}", issue=issue.key, summary=summary)
        withdraw = say("Withdraw my vote from {issue}: {summary}", issue=issue.key, summary=summary)
    else:
        vote = say("Vote on {issue}", issue=issue.key)
        withdraw = say("Withdraw my vote from {issue}", issue=issue.key)
    mine = VoteClick(issue=issue.key, site=site, card=card_id)
    none = WithdrawClick(issue=issue.key, site=site, card=card_id)
    return [
        section(about),
        actions(
            button(say("Vote"), mine, spoken=vote),
            button(say("Withdraw"), none, spoken=withdraw),
            *(watch_menu(site, issue.key, of_several=True) if whole else ()),
        ),
    ]


def _first(issues: Sequence[Issue], total: int) -> tuple[Sequence[Issue], int]:
    """Return the issues to show, and how many more there are."""
    shown = issues[:MOST_LISTED]
    return shown, max(total, len(issues)) - len(shown)


def _heading(what: str, jql: str, name: str) -> str:
    project, said = project_of(jql), say_marked(what)
    if name:
        return f"*{fit(name, _NAME, 5 * _NAME)}*\n{said}"
    if not jql:
        return f"*{said}*"
    if project is not None:
        return f"*{said}: {project}*"
    return f"*{said}*\n`{fit(jql, _JQL, _JQL_ROOM) or '-'}`"


def _plain_heading(what: str, jql: str, name: str) -> str:
    if name:
        return f"{fit(name, _NAME, 300)}: {say_marked(what)}"
    if not jql:
        return say_marked(what)
    return f"{say_marked(what)}: {escape(project_of(jql) or '') or fit(jql, 100, 300)}"


def _title(site: str, issue: Issue, room: int) -> str:
    return f"*{_key(site, issue)}*  {fit(issue.summary, room, min(_SUMMARY_ROOM, 5 * room))}"


def _key(site: str, issue: Issue) -> str:
    return link(issue_url(site, issue.key), issue.key)


def _votes(count: int) -> str:
    return say_number(count, "{number} vote", "{number} votes")


def _resolved(resolution: str) -> str:
    how = _how(resolution)
    if how:
        return say("Resolved ({how}): Jira takes no more votes on it.", how=how)
    return say("Resolved: Jira takes no more votes on it.")


def _state(issue: Issue) -> str:
    return f" · {fit(issue.status, _STATUS, 3 * _STATUS)}" if issue.status.strip() else ""


def _tail(issue: Issue) -> str:
    votes = _votes(issue.votes)
    if issue.resolution is None:
        return votes
    how = _how(issue.resolution)
    if how:
        return say("{votes}, resolved ({how})", votes=votes, how=how)
    return say("{votes}, resolved", votes=votes)


def _how(resolution: str) -> str:
    return fit(resolution, 80, 200)


def _bar(votes: int, most: int) -> str:
    full = round(_BAR * votes / most) if most else 0
    return f"{'▇' * full}{'▁' * (_BAR - full)}"


def _arrow(issue: Issue, changes: Changes | None) -> str:
    """Return what changed since the last post, as a mark; empty where nothing did."""
    if changes is None or issue.key not in changes.by:
        return ""
    by = changes.by[issue.key]
    if by is None:
        return say("new")
    return f"▲{numeral(by)}" if by > 0 else f"▼{numeral(-by)}" if by < 0 else ""


def _moved_in_words(issue: Issue, changes: Changes | None) -> str:
    """Return its votes, and what changed since the last post."""
    votes = _votes(issue.votes)
    if changes is None or issue.key not in changes.by:
        return votes
    by = changes.by[issue.key]
    if by is None:
        return say("{votes}, new", votes=votes)
    if by > 0:
        return say("{votes}, {number} more", votes=votes, number=numeral(by))
    return say("{votes}, {number} fewer", votes=votes, number=numeral(-by)) if by < 0 else votes


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
    return [say_number(rest, "and {number} more", "and {number} more")] if rest > 0 else []


def _left(site: str, changes: Changes | None) -> list[str]:
    if changes is None or not changes.left:
        return []
    return [_left_the_list([link(issue_url(site, key), key) for key in changes.left])]


def _left_in_words(changes: Changes | None) -> list[str]:
    if changes is None or not changes.left:
        return []
    return [f"{_left_the_list([escape(key) for key in changes.left])}."]


def _left_the_list(keys: Sequence[str]) -> str:
    names, rest = ", ".join(keys[:_LEFT_NAMED]), len(keys) - _LEFT_NAMED
    if rest > 0:
        return say_number(
            rest,
            "Left the list since the last post: {names} and {number} more",
            "Left the list since the last post: {names} and {number} more",
            names=names,
        )
    return say("Left the list since the last post: {names}", names=names)


def _links(site: str, issues: Sequence[Issue]) -> list[Block]:
    return sections((_key(site, issue) for issue in issues), between=" · ")


def _label(key: str, rank: int) -> str:
    """Return the key, in at most 20 characters and unlike all others."""
    return key if len(key) <= _LABEL else f"{key[:15]}… {rank}"


def _spaced(mark: str) -> str:
    return f"  {mark}" if mark else ""


def _linked(site: str, issue: Issue) -> Block:
    """Return a cell with the key as a link."""
    to = {"type": "link", "url": issue_url(site, issue.key), "text": issue.key}
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [to]}],
    }


def _cell(text: str) -> Block:
    return {"type": "raw_text", "text": text}


def _number(value: int) -> Block:
    return {"type": "raw_number", "value": value, "text": numeral(value)}
