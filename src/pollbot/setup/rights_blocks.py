"""The form in which admins say who makes polls, on which projects, and where."""

from collections.abc import Mapping, Sequence

from pollbot.rights.rules import (
    ALL,
    MOST_CHANNELS,
    MOST_PEOPLE,
    Makers,
    Places,
    Rights,
)
from pollbot.setup.rights_rules import (
    CHANNELS,
    GROUP,
    MAKERS,
    PEOPLE,
    PICKED,
    PLACES,
    PROJECTS,
    memory_of,
)
from pollbot.slack.clicks import Click
from pollbot.slack.client import UserGroup
from pollbot.slack.kit import (
    Block,
    actions,
    button,
    choice,
    context,
    escape,
    field,
    picker,
    section,
    view,
    writing,
)
from pollbot.text.catalog import mark, numeral, say, say_marked

RIGHTS_FORM = "rights"
_MOST_GROUPS = 100
_LONGEST = 600
MAKER_WORDS: Mapping[str, str] = {
    Makers.EVERYBODY: mark("Everybody"),
    Makers.ADMINS: mark("Admins only"),
    Makers.GROUP: mark("Members of a user group"),
    Makers.PEOPLE: mark("People whom I name"),
}
_PLACES: Mapping[str, str] = {
    Places.ALL: mark("In all channels"),
    Places.ONLY: mark("Only in the channels below"),
    Places.BUT: mark("In all channels but those below"),
}


class RightsClick(Click):
    """Show the form with who makes polls, on which projects, and where."""

    action_id = "rights"


def rights_section(rights: Rights) -> list[Block]:
    """Return what is allowed, in the form of all that is set up, with a way to change it."""
    said = (
        say("*Rights*\nEverybody makes polls, on all projects, and cards hang in all channels.")
        if rights == ALL
        else say("*Rights*\n{rights}", rights=in_words(rights))
    )
    return [section(said), actions(button(say("Change rights"), RightsClick()))]


def in_words(rights: Rights) -> str:
    """Return what is allowed, as sentences."""
    return " ".join((_makers(rights), _projects(rights), _places(rights)))


def rights_form(rights: Rights, groups: Sequence[UserGroup] | None) -> Block:
    """Return the form; it remembers with what it began. ``groups``: None if Slack tells none."""
    known = [(one.id, one.handle) for one in groups or ()]
    if rights.group and rights.group not in (id_ for id_, _ in known):
        known.insert(0, (rights.group, rights.handle))
    makers = [choice(say_marked(label), one) for one, label in MAKER_WORDS.items()]
    places = [choice(say_marked(label), one) for one, label in _PLACES.items()]
    return view(
        say("Rights"),
        [
            section(
                say(
                    "What is not allowed is refused with your rule. Admins make polls whatever it "
                    "says. Polls and cards that are there stay; what a schedule would post against "
                    "a rule pauses it, and its owner is told."
                )
            ),
            field(
                MAKERS,
                say("Who makes polls"),
                picker("static_select", PICKED, makers, chosen=[rights.makers]),
            ),
            *_group(known, rights, is_told=groups is not None),
            field(
                PEOPLE,
                say("People"),
                {
                    "type": "multi_users_select",
                    "action_id": PICKED,
                    "max_selected_items": MOST_PEOPLE,
                    **({"initial_users": list(rights.people)} if rights.people else {}),
                },
                optional=True,
            ),
            field(
                PROJECTS,
                say("Jira projects"),
                writing(longest=_LONGEST, initial=", ".join(rights.projects), placeholder="PLAT"),
                hint=say(
                    "Keys, with commas between them: votes, polls, lists, links and schedules are "
                    "for issues of these only. None: all projects."
                ),
                optional=True,
            ),
            field(
                PLACES,
                say("Where cards may be posted"),
                picker("static_select", PICKED, places, chosen=[rights.places]),
            ),
            field(
                CHANNELS,
                say("Channels"),
                {
                    "type": "multi_conversations_select",
                    "action_id": PICKED,
                    "max_selected_items": MOST_CHANNELS,
                    "filter": {"include": ["public", "private"]},
                    **({"initial_conversations": list(rights.channels)} if rights.channels else {}),
                },
                hint=say("Direct messages are always allowed."),
                optional=True,
            ),
        ],
        callback_id=RIGHTS_FORM,
        submit=say("Save"),
        close=say("Cancel"),
        memory=memory_of(rights),
    )


def _group(known: list[tuple[str, str]], rights: Rights, *, is_told: bool) -> list[Block]:
    untold = context(
        say(
            ":warning: Slack does not tell pollbot the user groups of this workspace: it needs the "
            "scope `usergroups:read`, or does not answer at the moment."
        )
    )
    notes = [] if is_told else [untold]
    if not known:
        return notes
    choices = [choice(f"@{handle}", id_) for id_, handle in known[:_MOST_GROUPS]]
    select = picker("static_select", PICKED, choices, chosen=[rights.group])
    return [field(GROUP, say("User group"), select, optional=True), *notes]


def _makers(rights: Rights) -> str:
    match rights.makers:
        case Makers.ADMINS:
            return say("Only admins make polls.")
        case Makers.GROUP:
            return say(
                "Members of the user group @{group} make polls, and admins.",
                group=escape(rights.handle),
            )
        case Makers.PEOPLE:
            return say(
                "Polls are made by admins and {people} more whom you named.",
                people=numeral(len(rights.people)),
            )
        case Makers.EVERYBODY:
            return say("Everybody makes polls.")


def _projects(rights: Rights) -> str:
    if not rights.projects:
        return say("Issues of all projects are used.")
    return say("Only issues of {projects} are used.", projects=", ".join(rights.projects))


def _places(rights: Rights) -> str:
    named = ", ".join(f"<#{one}>" for one in rights.channels)
    match rights.places:
        case Places.ONLY:
            return say("Cards are posted in {channels} only.", channels=named)
        case Places.BUT:
            return say("Cards are posted everywhere but in {channels}.", channels=named)
        case Places.ALL:
            return say("Cards are posted in all channels.")
