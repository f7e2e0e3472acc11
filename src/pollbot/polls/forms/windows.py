"""The windows beside the form of a poll: a comment, names, what else can be done, a word."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from pollbot.errors import StaleForm
from pollbot.polls.blocks import how_it_works
from pollbot.polls.ends.blocks import record_button
from pollbot.polls.kept import Kept
from pollbot.polls.results.blocks import end, mark_of
from pollbot.polls.rules import COMMENT, OPTION, TITLE, Ask, Option, Poll
from pollbot.slack import kit
from pollbot.slack.clicks import (
    CloseClick,
    CopyClick,
    DeleteClick,
    DuplicateClick,
    EditClick,
    ExportClick,
    NamesClick,
    NotAnsweredClick,
    OwnersClick,
    ReopenClick,
    SaveTemplateClick,
    ShareClick,
    ShowResultsClick,
)
from pollbot.slack.kit import (
    VIEW_MEMORY,
    Block,
    Message,
    actions,
    button,
    confirmation,
    context,
    fit,
    moment,
    person,
    section,
    view,
    without_charts,
    writing,
)
from pollbot.slack.windows import told_view
from pollbot.text.catalog import mark, numeral, say, say_marked, say_number

COMMENT_FORM = "comment_poll"
OWNERS_FORM = "owners_poll"
REOPEN_FORM = "reopen_poll_form"
NAMES_VIEW = "poll_names"
MORE_VIEW = "poll_more"
PREVIEW_VIEW = "poll_preview"
STILL = "still"
"""The action_id of what stands in a preview and does nothing, with its place behind it."""
COMMENT_FIELD = "comment"
REOPEN_END_FIELD = "end"
OWNERS_FIELD = "owners"

SLOW_CARD = mark(
    ":hourglass_flowing_sand: This takes longer than usual. You may close this window; the card "
    "appears by itself, and if something is wrong, I will tell you."
)
SLOW = mark(
    ":hourglass_flowing_sand: This takes longer than usual. You may close this window; I will tell "
    "you how it went."
)
OWNERS_SAVED = mark(
    ":white_check_mark: Saved. They can edit, close and delete this poll from *More*."
)
_KEY_GONE = mark(
    "It was anonymous: what tied answers to people was destroyed when it closed, so it cannot be "
    "opened again. A copy asks the same anew."
)
_NAMES_IN_PARAGRAPH = 50
_PARAGRAPHS_ON_PAGE = 40


def comment_form(poll: Poll, current: str = "") -> Block:
    """Return the form for a comment on my answer; left empty, it removes the comment."""
    return view(
        say("Comment"),
        [
            section(say("Your comment on *{title}*", title=fit(poll.title, 150, 400))),
            kit.field(
                COMMENT_FIELD,
                say("Comment"),
                writing(longest=COMMENT, initial=current, multiline=True),
                hint=_how_shown(poll),
                optional=True,
            ),
        ],
        callback_id=COMMENT_FORM,
        submit=say("Save"),
        close=say("Cancel"),
        memory=json.dumps({"poll": poll.id}),
    )


def _how_shown(poll: Poll) -> str:
    """Return how a comment is shown, and how it is taken away."""
    if _shows_names(poll):
        return say("It is shown with the results, with your name. Left empty, it is removed.")
    if poll.settings.names:
        return say("It is shown with the results, without your name. Left empty, it is removed.")
    return say(
        "It is shown with the results, without your name, once there are two more new ones, or at "
        "the close. Left empty, it is removed."
    )


def read_comment(view: Mapping[str, Any]) -> tuple[str, str]:
    """Return the poll's id and the comment. Raises StaleForm if it is not our form."""
    poll_id = poll_of(view)
    typed = view.get("state", {}).get("values", {}).get(COMMENT_FIELD, {}).get("value", {})
    return poll_id, str(typed.get("value") or "").strip()


def poll_of(view: Mapping[str, Any]) -> str:
    """Return the id that our form remembers. Raises StaleForm if it remembers none."""
    poll_id = _remembered(view).poll
    if not poll_id:
        raise StaleForm
    return poll_id


class _Memory(BaseModel):
    """What a window about a poll keeps: the poll's id, and that of the card it was opened from.

    ``owners`` are the co-owners that it opened with; None where it shows none, or too many.
    """

    poll: str = ""
    card: str = ""
    owners: list[str] | None = None


def _remembered(view: Mapping[str, Any]) -> _Memory:
    """Return what a window keeps; nothing of another one's, or of what nobody could have written.

    Half of a surrogate pair is such, which the standard library's reader lets through.
    """
    try:
        return _Memory.model_validate_json(view["private_metadata"])
    except (KeyError, TypeError, ValueError):
        return _Memory()


def names_view(poll: Poll, names_by_option: Mapping[str, Sequence[str]], page: int = 0) -> Block:
    """Return everybody who answered, by option and in pages; nobody where names are not shown."""
    if not _shows_names(poll):
        return told_view(say("This poll shows no names."), title=say("Names"))
    pages = _pages([text for option in poll.options for text in _named(option, names_by_option)])
    page = min(max(0, page), len(pages) - 1)
    turns = []
    if page > 0:
        turns.append(button(say("Previous"), NamesClick(poll=poll.id, page=page - 1), nth=0))
    if page < len(pages) - 1:
        turns.append(button(say("Next"), NamesClick(poll=poll.id, page=page + 1), nth=1))
    here = say("Page {page} of {pages}", page=numeral(page + 1), pages=numeral(len(pages)))
    number = [context(here)] if len(pages) > 1 else []
    return view(
        say("Names"),
        [
            section(f"*{fit(poll.title, TITLE, 2000)}*"),
            *(section(text) for text in pages[page]),
            *number,
            *([actions(*turns)] if turns else []),
        ],
        callback_id=NAMES_VIEW,
    )


def more_view(
    poll: Poll,
    *,
    may_manage: bool,
    now_open: bool = True,
    may_share: bool = False,
    on_issue: bool = False,
    card_id: str = "",
) -> Block:
    """Return what else can be done with this poll, by those who may; the card's id comes back.

    ``may_share``: who manages it is said here, and not by Jira. ``on_issue``: its
    result can be written on an issue once it is closed.
    """
    rows = [button(say("Results"), ShowResultsClick(poll=poll.id, view="bars"))]
    if _shows_names(poll):
        rows.append(button(say("Names"), NamesClick(poll=poll.id)))
    rows.append(button(say("Duplicate"), DuplicateClick(poll=poll.id, card=card_id or None)))
    if may_manage and (now_open or poll.settings.names):
        label = say("Not answered yet") if now_open else say("Not answered")
        rows.append(button(label, NotAnsweredClick(poll=poll.id)))
    if not now_open:
        rows.append(copy_button(poll, card_id))
    rows.append(button(say("Share"), ShareClick(poll=poll.id)))
    rows.append(button(say("Save as template"), SaveTemplateClick(poll=poll.id)))
    manage = []
    if may_manage:
        if now_open:
            manage.append(button(say("Edit"), EditClick(poll=poll.id)))
            manage.append(button(say("Close"), CloseClick(poll=poll.id), confirm=_closing(poll)))
        elif poll.settings.names:
            manage.append(button(say("Reopen"), ReopenClick(poll=poll.id)))
        if on_issue and not now_open:
            manage.append(record_button(poll.id))
        manage.append(button(say("Export"), ExportClick(poll=poll.id)))
        if may_share:
            manage.append(button(say("Co-owners"), OwnersClick(poll=poll.id)))
        manage.append(
            button(say("Delete"), DeleteClick(poll=poll.id), style="danger", confirm=_deleting())
        )
    small = [how_it_works(poll, now_open=now_open)]
    if not may_manage:
        small.append(say("Only its creator, its co-owners and admins can change it."))
    final = [] if now_open or poll.settings.names else [context(say_marked(_KEY_GONE))]
    return view(
        say("Poll"),
        [
            section(f"*{fit(poll.title, TITLE, 2000)}*"),
            actions(*rows),
            *([actions(*manage)] if manage else []),
            *final,
            context(" ".join(small)),
        ],
        callback_id=MORE_VIEW,
        close=say("Done"),
        memory=json.dumps({"poll": poll.id, "card": card_id}),
    )


def with_note(window: Block, note: str) -> Block:
    """Return a window with one more small line at its end; as it is without one."""
    return {**window, "blocks": [*window["blocks"], context(note)]} if note else window


def more_card(view: Mapping[str, Any]) -> str:
    """Return the id of the card that this window was opened from, empty if it does not say."""
    return _remembered(view).card


def owners_form(poll: Poll, owners: Iterable[str]) -> Block:
    """Return the form that says who may edit, close and delete the poll."""
    chosen = sorted(owners)
    element = {
        "type": "multi_users_select",
        "action_id": "value",
        **({"initial_users": chosen} if chosen else {}),
    }
    memory = json.dumps({"poll": poll.id, "owners": chosen})
    if len(memory) > VIEW_MEMORY:
        memory = json.dumps({"poll": poll.id})
    return view(
        say("Co-owners"),
        [
            section(f"*{fit(poll.title, TITLE, 2000)}*"),
            kit.field(
                OWNERS_FIELD,
                say("Who else may edit, close and delete this poll"),
                element,
                hint=say("Beside its creator and the admins of this workspace."),
                optional=True,
            ),
        ],
        callback_id=OWNERS_FORM,
        submit=say("Save"),
        close=say("Cancel"),
        memory=memory,
    )


def read_owners(view: Mapping[str, Any]) -> tuple[str, list[str], list[str] | None]:
    """Return the poll's id, the chosen user ids, and those that the form opened with.

    None for these where it does not know them. Raises StaleForm if it is not our form.
    """
    poll_id = poll_of(view)
    try:
        chosen = view["state"]["values"][OWNERS_FIELD]["value"]["selected_users"] or []
    except (KeyError, TypeError) as error:
        raise StaleForm from error
    return poll_id, [str(user) for user in chosen], _remembered(view).owners


def copy_button(poll: Poll, card_id: str) -> Block:
    """Return the button that posts the same poll anew where the card hangs."""
    return button(say("Post a copy"), CopyClick(poll=poll.id, card=card_id or None))


def left_behind(kept: Kept, ask: Ask) -> str:
    """Return what a poll has that its duplicate begins without, as it is over; empty if nothing."""
    before, after = kept.poll.settings, ask.draft.settings
    lines = []
    if before.ends_at is not None and after.ends_at is None:
        lines.append(
            say(
                "The end of that poll, {when}, has passed, so this one has none yet. Choose one "
                "under *End* if it is to close by itself.",
                when=moment(before.ends_at),
            )
        )
    if kept.remind_before is not None and ask.draft.remind_before is None:
        lines.append(say("Its reminder is left out, since it needs an end that is still to come."))
    return " ".join(lines)


def reopen_form(poll: Poll, now: float) -> Block:
    """Return the form that asks when a poll that is opened again shall close."""
    settings = poll.settings
    ahead = settings.ends_at if settings.ends_at is not None and settings.ends_at > now else None
    return view(
        say("Reopen poll"),
        [
            section(
                say(
                    "*{title}*\nIt takes answers again; those it had are still there.",
                    title=fit(poll.title, TITLE, 2000),
                )
            ),
            kit.moment_field(
                REOPEN_END_FIELD,
                say("New end"),
                "value",
                ahead,
                say(
                    "It closes then, in your own time zone. Left empty, it stays open until "
                    "somebody closes it by hand."
                ),
            ),
        ],
        callback_id=REOPEN_FORM,
        submit=say("Reopen"),
        close=say("Cancel"),
        memory=json.dumps({"poll": poll.id}),
    )


def read_reopen(view: Mapping[str, Any]) -> tuple[str, float | None]:
    """Return the poll's id and its new end. Raises StaleForm if it is not our form."""
    poll_id = poll_of(view)
    try:
        end = view["state"]["values"][REOPEN_END_FIELD]["value"].get("selected_date_time")
    except (KeyError, TypeError, AttributeError) as error:
        raise StaleForm from error
    return poll_id, float(end) if isinstance(end, int | float) else None


def reopened(poll: Poll) -> str:
    """Return what is said to whoever opened a poll again."""
    again = say(
        ":unlock: *{title}* is open and takes answers again; those it had are still there.",
        title=fit(poll.title, TITLE, 2000),
    )
    ends = end(poll, now_open=True) or say(
        "It has no end: close it by hand, or set one with *Edit*."
    )
    return f"{again} {ends}"


def copied(title: str, channel_id: str) -> str:
    """Return what is said to whoever posted a copy of a poll."""
    return say(
        ":white_check_mark: A copy of *{title}* is on its way to {channel}, without the answers of "
        "this one. It is yours: you can edit and close it.",
        title=fit(title, TITLE, 2000),
        channel=f"<#{channel_id}>",
    )


def preview_view(message: Message) -> Block:
    """Return a poll's card as it would look; its controls are there, and do nothing."""
    note = say("So it will look in the channel. Nothing is posted yet, and these buttons wait.")
    blocks = [_inert(place, block) for place, block in enumerate(without_charts(message.blocks))]
    return view(
        say("Preview"), [context(note), *blocks], callback_id=PREVIEW_VIEW, close=say("Back")
    )


def _inert(place: int, block: Block) -> Block:
    """Return a block of a card whose controls bring back nothing."""
    bare = {name: part for name, part in block.items() if name != "block_id"}
    if isinstance(block.get("elements"), list) and block["type"] == "actions":
        elements = enumerate(block["elements"])
        return bare | {"elements": [_still(one, f"{place}-{nth}") for nth, one in elements]}
    if isinstance(block.get("accessory"), dict):
        return bare | {"accessory": _still(block["accessory"], str(place))}
    return bare


def _still(element: Block, place: str) -> Block:
    kept = {name: part for name, part in element.items() if name not in ("value", "confirm", "url")}
    return kept | ({"action_id": f"{STILL}:{place}"} if "action_id" in element else {})


def created(title: str, channel_id: str, *, is_kept_there: bool) -> str:
    """Return what is said of a poll that was made where its maker may not see it come."""
    if is_kept_there:
        return say(
            ":white_check_mark: *{title}* is created in Team Voice, where people can answer in "
            "Jira as well. Its card is on its way to {channel}.",
            title=fit(title, TITLE, 2000),
            channel=f"<#{channel_id}>",
        )
    return say(
        ":white_check_mark: *{title}* is created. Its card is on its way to {channel}.",
        title=fit(title, TITLE, 2000),
        channel=f"<#{channel_id}>",
    )


def _closing(poll: Poll) -> Block:
    stays = (
        say("It takes no more answers; its results stay. It can be opened again.")
        if poll.settings.names
        else say(
            "It takes no more answers; its results stay. It is anonymous, so it cannot be opened "
            "again."
        )
    )
    return confirmation(say("Close this poll?"), stays, say("Close it"))


def _deleting() -> Block:
    return confirmation(
        say("Delete this poll?"),
        say(
            "The poll and all its answers are deleted for everybody, in Team Voice too if it is "
            "kept there. This cannot be undone."
        ),
        say("Delete it"),
    )


def _shows_names(poll: Poll) -> bool:
    return poll.settings.names and not poll.settings.percent_only


def _named(option: Option, names_by_option: Mapping[str, Sequence[str]]) -> list[str]:
    ids = names_by_option.get(option.id, ())
    title = f"*{fit(option.title, OPTION, 600) or '-'}*"
    became = mark_of(option)
    head = (
        say_number(
            len(ids),
            "{option} ({number} person, {mark})",
            "{option} ({number} people, {mark})",
            option=title,
            mark=became,
        )
        if became
        else say_number(
            len(ids), "{option} ({number} person)", "{option} ({number} people)", option=title
        )
    )
    return [
        f"{head}\n"
        + ", ".join(person(user_id) for user_id in ids[start : start + _NAMES_IN_PARAGRAPH])
        for start in range(0, len(ids), _NAMES_IN_PARAGRAPH)
    ]


def _pages(texts: Sequence[str]) -> list[Sequence[str]]:
    if not texts:
        return [[say("Nobody has answered in Slack yet.")]]
    return [
        texts[start : start + _PARAGRAPHS_ON_PAGE]
        for start in range(0, len(texts), _PARAGRAPHS_ON_PAGE)
    ]
