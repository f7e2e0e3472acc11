"""What people read of a refusal, or a note, of what they typed after /poll."""

from pollbot.errors import PollbotError
from pollbot.polls.typed import KNOWN_TEMPLATES, KNOWN_WORDS
from pollbot.polls.typed_refusals import (
    BetweenOptions,
    Contradiction,
    EmptyQuestion,
    FewTyped,
    HereAndPlace,
    MentionOutside,
    OnACard,
    OutsideQuotes,
    PerhapsMeant,
    QuestionUnquoted,
    TakenAsSettings,
    TemplateHasOptions,
    TwoTemplates,
    UnknownWord,
    VerbBefore,
    WordLeftOut,
)
from pollbot.text.writing import as_written, echo

EXAMPLE = '`/poll "Lunch?" "Pizza" "Soup"`'


def sentence(refusal: PollbotError) -> str | None:
    """Return what happened, what is safe, and what to do next; None if it is of something else."""
    match refusal:
        case OnACard(verb):
            return (
                f"To {verb} a poll, press *More* on its card; `/poll list` shows the polls here, "
                "and where their cards are gone. Nothing was changed."
            )
        case MentionOutside(mention, command):
            return (
                f"“{echo(mention)}” stands outside the quotes, but a poll calls nobody and is "
                f"posted where it is typed. Nothing was created. Leave it out{_like(command)}."
            )
        case BetweenOptions(word, after, command):
            return (
                f"{_outside(word, after)}, but options stand one after the other. Nothing was "
                f"created. Leave it out{_like(command)}; if it is part of an option, put it into "
                "the quotes."
            )
        case OutsideQuotes(word, after, meant, command):
            option = f" If it is an option: {_typed(command)}." if command else ""
            return (
                f"{_outside(word, after)}, and I do not know it{_near(meant)} Nothing was created. "
                "If it is part of a text, put it into the quotes; a quote inside a text is written "
                f'as `\\"`.{option}'
            )
        case VerbBefore(word, command):
            return (
                f"`/poll` makes a poll by itself, and I do not know “{echo(word)}” before the "
                f"question. Nothing was created. Leave it out{_like(command)}."
            )
        case UnknownWord(word, meant):
            return (
                f"I do not know the word “{echo(word)}” before the question{_near(meant)} Nothing "
                f"was created. Known are {_listed(KNOWN_WORDS)} and the templates "
                f"{_listed(KNOWN_TEMPLATES)}; an issue is written like `PLAT-12`. The question and "
                f"each option stand in quotes, like {EXAMPLE}."
            )
        case QuestionUnquoted(text, command):
            return (
                f"“{echo(text)}” stands before the quotes, and I do not know it. Nothing was "
                f"created. If it is the question, put it into quotes, too{_like(command)}. Else "
                "leave it out."
            )
        case TemplateHasOptions(template, option):
            return (
                f"`{template}` brings its own options, so only the question stands in quotes; I "
                f"also found “{echo(option)}”. Nothing was created. Leave out `{template}` or the "
                "options."
            )
        case EmptyQuestion():
            return (
                "The first quotes are for the question, and they are empty. Nothing was created. "
                f"Write it like {EXAMPLE}."
            )
        case FewTyped(question, option):
            found = "no options" if option is None else f"only one option, “{echo(option)}”"
            return (
                f"I found the question “{echo(question)}” and {found}. Nothing was created. Add at "
                f"least two in quotes, like {EXAMPLE}; or use `yesno` before the question."
            )
        case HereAndPlace(here, place):
            return (
                f"`{here}` puts a poll on no issue, and “{echo(place)}” names one. Nothing was "
                "created. Leave one of them out."
            )
        case Contradiction(word):
            return (
                f"`{word}` contradicts another word before the question. Nothing was created. "
                "Leave one of them out."
            )
        case TwoTemplates(first, second):
            return (
                f"`{first}` and `{second}` are two templates. Nothing was created. Leave one of "
                "them out."
            )
        case _:
            return None


def noted(note: WordLeftOut | TakenAsSettings | PerhapsMeant) -> str:
    """Return what is said in the form about words that were taken one way or the other."""
    match note:
        case WordLeftOut(word, meant):
            return f"I do not know “{echo(word)}” and left it out{_near(meant)}"
        case TakenAsSettings(words):
            return f"I took {_listed(words)} for a setting, not for part of the question."
        case PerhapsMeant(word, meant):
            return f"Did you mean `{meant}` by “{echo(word)}”?"


def _outside(word: str, after: str) -> str:
    return f"“{echo(word)}” stands outside the quotes, after “{echo(after)}”"


def _near(meant: str | None) -> str:
    return f"; did you mean `{meant}`?" if meant else "."


def _like(command: str) -> str:
    """Return how it is typed instead: the command that is meant, or how one looks."""
    return f": {_typed(command)}" if command else f", like {EXAMPLE}"


def _typed(line: str) -> str:
    return f"`/poll {as_written(line)}`"


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words)
