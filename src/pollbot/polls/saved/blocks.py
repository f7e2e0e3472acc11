"""What people see of their templates."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, Field

from pollbot.errors import StaleForm
from pollbot.polls.rules import TITLE
from pollbot.polls.saved.rules import (
    LISTED,
    NAME,
    NAME_FIELD,
    SHARED_FIELD,
    Saved,
    Wish,
    parts_of,
)
from pollbot.slack import kit
from pollbot.slack.clicks import (
    DeleteTemplateClick,
    EditTemplateClick,
    TakeTemplateClick,
    TemplatesPageClick,
    UseTemplateClick,
)
from pollbot.slack.kit import (
    Block,
    Message,
    actions,
    button,
    choice,
    confirmation,
    context,
    fit,
    person,
    picker,
    section,
    told_apart,
    view,
    words,
    writing,
)
from pollbot.slack.meanwhile import traces
from pollbot.text.catalog import numeral, say, say_number

TEMPLATE_FORM = "save_template"
TEMPLATES_VIEW = "poll_templates"
_SHARED = "shared"


def template_form(saved: Saved, said: str = "") -> Block:
    """Return the form that names a template, and shares it or not."""
    tick = choice(
        say("Shared with this workspace"), _SHARED, say("Everybody finds it in the form's menu")
    )
    return view(
        say("Template"),
        [
            *([section(said)] if said else []),
            section(_asks(saved)),
            kit.field(
                NAME_FIELD,
                say("Name"),
                writing(longest=NAME, initial=saved.name),
                hint=say("With this name after /poll template its form is opened."),
            ),
            kit.field(
                SHARED_FIELD,
                say("For whom"),
                picker("checkboxes", "value", [tick], chosen=[_SHARED] if saved.shared else []),
                optional=True,
            ),
        ],
        callback_id=TEMPLATE_FORM,
        submit=say("Save"),
        close=say("Close"),
        memory=_Memory(template=saved.id, showed=traces(parts_of(saved))).model_dump_json(),
    )


def just_saved(saved: Saved) -> str:
    """Return what is said above the form of a template that was saved this moment."""
    return say(
        ":white_check_mark: Saved as *{name}*, for you alone. Here you can give it another name, "
        "or share it.",
        name=fit(saved.name, NAME, 2 * NAME),
    )


def saved_unseen(saved: Saved) -> Message:
    """Return what is said of a template that was saved where its form was not to be seen."""
    return words(
        say(
            ":white_check_mark: Saved as *{name}*, for you alone. `/poll templates` lists it, to "
            "be renamed or shared.",
            name=fit(saved.name, NAME, 2 * NAME),
        )
    )


def deleted() -> str:
    """Return what is said of a template that was deleted, where no list shows it."""
    return say(":wastebasket: The template is deleted.")


def taken_over() -> str:
    """Return what is said of a template that has a new owner, where no list shows it."""
    return say(":white_check_mark: The template is yours now. `/poll templates` lists it.")


class _Memory(BaseModel):
    """What the form keeps: the template's id, and traces of what it shows."""

    template: str = Field(min_length=1)
    showed: str = ""


def read_template(form: Mapping[str, Any]) -> Wish:
    """Return what somebody wants of a template. Raises StaleForm."""
    try:
        memory = _Memory.model_validate_json(form["private_metadata"])
        values = form["state"]["values"]
        name = str(values[NAME_FIELD]["value"].get("value") or "")
        ticked = values[SHARED_FIELD]["value"].get("selected_options") or []
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StaleForm from error
    return Wish(memory.template, name, bool(ticked), memory.showed)


def changed(saved: Saved) -> str:
    """Return what is said once a template was named."""
    name = fit(saved.name, NAME, 2 * NAME)
    if saved.shared:
        return say(
            ":white_check_mark: *{name}* is saved, and everybody in this workspace can use it.",
            name=name,
        )
    return say(":white_check_mark: *{name}* is saved, for you alone.", name=name)


def templates_view(
    templates: Sequence[Saved],
    me: str,
    channel: str,
    *,
    left: Collection[str] = (),
    is_admin: bool = False,
    page: int = 0,
) -> Block:
    """Return the list of templates; ``channel`` is where a poll is to be posted that one begins."""
    if not templates:
        none = say(
            "You have no templates yet, and nobody has shared one. *Save as template* is under "
            "*More* on a poll's card, and in the form of `/poll`. The five ready-made ones are in "
            "that form's menu."
        )
        return view(say("Templates"), [section(none)], callback_id=TEMPLATES_VIEW)
    last = (len(templates) - 1) // LISTED
    page = min(max(0, page), last)
    drawn: list[Block] = []
    for nth, one in enumerate(templates[page * LISTED : (page + 1) * LISTED]):
        mine = one.owner == me
        drawn += [
            section(f"{_asks(one)}\n{_whose(one, mine=mine, gone=one.owner in left)}"),
            actions(*_ways(one, channel, nth, mine=mine, is_admin=is_admin)),
        ]
    turns = [
        button(label, TemplatesPageClick(channel=channel, page=to), nth=nth)
        for nth, (label, to) in enumerate(((say("Previous"), page - 1), (say("Next"), page + 1)))
        if 0 <= to <= last
    ]
    number = say("Page {page} of {pages}", page=numeral(page + 1), pages=numeral(last + 1))
    pages = [context(number), actions(*turns)] if turns else []
    return view(say("Templates"), [*drawn, *pages], callback_id=TEMPLATES_VIEW, close=say("Done"))


def _ways(one: Saved, channel: str, nth: int, *, mine: bool, is_admin: bool) -> list[Block]:
    use = UseTemplateClick(template=one.id, channel=channel)
    ways = [button(say("Use"), use, nth=nth, spoken=told_apart(say("Use"), one.name))]
    if mine or is_admin:
        edit, delete = say("Rename or share"), say("Delete")
        ways.append(
            button(
                edit, EditTemplateClick(template=one.id), nth=nth, spoken=told_apart(edit, one.name)
            )
        )
        ways.append(
            button(
                delete,
                DeleteTemplateClick(template=one.id, channel=channel),
                nth=nth,
                style="danger",
                spoken=told_apart(delete, one.name),
                confirm=confirmation(
                    say("Delete this template?"),
                    say("It is deleted for everybody. Polls that it began stay as they are."),
                    say("Delete it"),
                ),
            )
        )
    if is_admin and not mine:
        take = say("Take over")
        ways.append(
            button(
                take,
                TakeTemplateClick(template=one.id, channel=channel),
                nth=nth,
                spoken=told_apart(take, one.name),
            )
        )
    return ways


def _asks(saved: Saved) -> str:
    name = fit(saved.name, NAME, 2 * NAME)
    if saved.definition is None:
        newer = say("Saved by a newer pollbot, which this one cannot read.")
        return f"*{name}*\n:warning: {newer}"
    draft = saved.definition.draft
    what = say_number(
        len(draft.options),
        "{question} ({number} option)",
        "{question} ({number} options)",
        question=fit(draft.title, TITLE, 600),
    )
    return f"*{name}*\n{what}"


def _whose(saved: Saved, *, mine: bool, gone: bool) -> str:
    if mine:
        return say("_Yours, shared._") if saved.shared else say("_Yours alone._")
    if gone:
        return say("_Shared by somebody who has left; it works as before._")
    return say("_Shared by {person}._", person=person(saved.owner))
