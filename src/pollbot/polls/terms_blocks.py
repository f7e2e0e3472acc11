"""What a poll asks of whoever answers it: how many options, who, and what else it lets them do."""

from collections.abc import Iterator

from pollbot.polls.audience.rules import Audience
from pollbot.polls.rules import PollSettings
from pollbot.slack.kit import fit
from pollbot.text.catalog import numeral, say, say_number


def how_many_in_short(settings: PollSettings) -> str:
    """Return how many options an answer has, and that it is final if it is."""
    match settings.several, settings.changeable:
        case True, True:
            return f"{_choose(settings)}."
        case False, True:
            return say("Choose one.")
        case _:
            return how_many(settings)


def how_many(settings: PollSettings) -> str:
    """Return how many options an answer has, and whether it can be changed."""
    match settings.several, settings.changeable:
        case True, True:
            return say("{choose}, you can change your answer.", choose=_choose(settings))
        case True, _:
            return say("{choose}, answers are final.", choose=_choose(settings))
        case _, True:
            return say("Choose one, you can change your answer.")
        case _:
            return say("Choose one, answers are final.")


def _choose(settings: PollSettings) -> str:
    least, most = settings.least, settings.most
    if most is None:
        if least == 1:
            return say("Choose as many as you like")
        return say_number(least, "Choose {number} or more", "Choose {number} or more")
    if least == most:
        return say_number(least, "Choose exactly {number}", "Choose exactly {number}")
    if least == 1:
        return say_number(most, "Choose up to {number}", "Choose up to {number}")
    return say("Choose {least} to {most}", least=numeral(least), most=numeral(most))


def terms(settings: PollSettings) -> str:
    """Return what holds beside that: places, who may answer and add, and what closes the poll."""
    return " ".join(_terms(settings))


def _terms(settings: PollSettings) -> Iterator[str]:
    if settings.places is not None:
        yield say_number(
            settings.places, "Each option has {number} place.", "Each option has {number} places."
        )
    if not settings.audience.is_everybody:
        yield say("Only {people} may answer.", people=who(settings.audience))
    if settings.addable:
        yield say("You may add options.")
    if settings.closes_when_all:
        yield (
            say("It closes once all members of this channel have answered.")
            if settings.audience.is_everybody
            else say("It closes once all of them have answered.")
        )


def who(audience: Audience) -> str:
    """Return who may answer, as markup that mentions nobody; empty for everybody."""
    parts = []
    if audience.here:
        channel = f"<#{audience.channel}>"
        parts.append(
            say("members of {channel}", channel=channel)
            if audience.channel
            else say("members of the channel where it is posted")
        )
    parts += [fit(f"@{group.handle}", 40, 80) for group in audience.groups]
    if audience.people:
        parts.append(
            say_number(
                len(audience.people),
                "{number} person whom its maker chose",
                "{number} people whom its maker chose",
            )
        )
    if len(parts) < 2:
        return "".join(parts)
    return say("{some} and {last}", some=", ".join(parts[:-1]), last=parts[-1])


def too_few_chosen(settings: PollSettings, chosen: int) -> str:
    """Return that an answer does not count yet; empty if it has enough options."""
    missing = settings.least - chosen
    if missing <= 0:
        return ""
    return say_number(
        missing,
        "It does not count yet: choose {number} more.",
        "It does not count yet: choose {number} more.",
    )


def still_unfinished(people: int, least: int) -> str:
    """Return how many answers do not count yet; empty if there are none."""
    if not people:
        return ""
    return say_number(
        people,
        "{number} person has chosen fewer than {least} options, which does not count yet.",
        "{number} people have chosen fewer than {least} options, which does not count yet.",
        least=numeral(least),
    )
