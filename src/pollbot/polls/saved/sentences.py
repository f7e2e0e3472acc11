"""What people read of a refusal about templates."""

from pollbot.errors import PollbotError
from pollbot.polls.saved.refusals import (
    LongName,
    ManyTemplates,
    NameTaken,
    NoName,
    NoSuchTemplate,
    TemplateGone,
    TemplateNewer,
    TemplateNotYours,
)
from pollbot.polls.saved.rules import NAME
from pollbot.text.catalog import numeral, say, say_number
from pollbot.text.writing import echo

_NAMED = 10


def sentence(refusal: PollbotError) -> str | None:
    """Return what happened, what is safe, and what to do next; None if it is not of this part."""
    match refusal:
        case NoName():
            return say("A template needs a name. Nothing was changed.")
        case LongName(length):
            return say_number(
                length,
                "The name has {number} character; at most {most} are possible. Nothing was "
                "changed.",
                "The name has {number} characters; at most {most} are possible. Nothing was "
                "changed.",
                most=numeral(NAME),
            )
        case NameTaken(name, shared=True):
            return say(
                "Another template that is shared in this workspace is called “{name}”. Nothing was "
                "changed. Give this one another name.",
                name=echo(name),
            )
        case NameTaken(name):
            return say(
                "Another template of yours is called “{name}”. Nothing was changed. Give this one "
                "another name.",
                name=echo(name),
            )
        case ManyTemplates(number, shared=True):
            return say_number(
                number,
                "{number} template is shared in this workspace already, which is all that fits. "
                "Nothing was changed. Have one of them deleted first.",
                "{number} templates are shared in this workspace already, which is all that fits. "
                "Nothing was changed. Have one of them deleted first.",
            )
        case ManyTemplates(number):
            return say_number(
                number,
                "You have {number} template already, which is all that fits. Nothing was saved. "
                "Delete one first, under `/poll templates`.",
                "You have {number} templates already, which is all that fits. Nothing was saved. "
                "Delete one first, under `/poll templates`.",
            )
        case NoSuchTemplate(name, known):
            if not known:
                return say(
                    "There is no template “{name}”, and none of your own or shared ones yet. "
                    "Nothing was created. Save one with *Save as template*, under *More* on a "
                    "poll's card or in the form of `/poll`.",
                    name=echo(name),
                )
            return say(
                "There is no template “{name}”. Nothing was created. There are: {names}; "
                "`/poll templates` shows them all.",
                name=echo(name),
                names=", ".join(f"“{echo(one)}”" for one in known[:_NAMED]),
            )
        case TemplateGone():
            return say(
                "That template is not there any more, or is shared no longer. Nothing was changed. "
                "`/poll templates` shows those that are."
            )
        case TemplateNotYours():
            return say(
                "Only whoever owns that template, and of a shared one an admin, may change it. "
                "Nothing was changed."
            )
        case TemplateNewer(name):
            return say(
                "The template “{name}” was saved by a newer pollbot and has settings that this one "
                "does not know, so nothing was opened. It is safe, and works again once this "
                "pollbot is upgraded.",
                name=echo(name),
            )
        case _:
            return None
