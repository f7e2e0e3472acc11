"""What people read of a refusal, or a note, of what they typed after /poll."""

from collections.abc import Iterator

from pollbot.errors import PollbotError
from pollbot.polls.rules import DESCRIPTION, OPTION
from pollbot.polls.typed_refusals import (
    BetweenOptions,
    CardVerb,
    Contradiction,
    CutShort,
    EmptyQuestion,
    FewTyped,
    HereAndPlace,
    MentionOutside,
    NobodyAfter,
    NumberMissing,
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
from pollbot.polls.typed_words import KNOWN_TEMPLATES, KNOWN_WORDS
from pollbot.text.catalog import mark, numeral, say, say_marked, say_number
from pollbot.text.writing import as_written, echo

EXAMPLE = '`/poll "Lunch?" "Pizza" "Soup"`'
_ON_A_CARD: dict[CardVerb, str] = {
    "close": mark(
        "To close a poll, press *More* on its card; `/poll list` shows the polls here, and where "
        "their cards are gone. Nothing was changed."
    ),
    "delete": mark(
        "To delete a poll, press *More* on its card; `/poll list` shows the polls here, and where "
        "their cards are gone. Nothing was changed."
    ),
    "edit": mark(
        "To edit a poll, press *More* on its card; `/poll list` shows the polls here, and where "
        "their cards are gone. Nothing was changed."
    ),
    "reopen": mark(
        "To reopen a poll, press *More* on its card; `/poll list` shows the polls here, and where "
        "their cards are gone. Nothing was changed."
    ),
}


def sentence(refusal: PollbotError) -> str | None:
    """Return what happened, what is safe, and what to do next; None if it is of something else."""
    match refusal:
        case OnACard(verb):
            return say_marked(_ON_A_CARD[verb])
        case MentionOutside(mention, command):
            outside = say(
                "“{mention}” stands outside the quotes, but a poll calls nobody and is posted "
                "where it is typed. Nothing was created.",
                mention=echo(mention),
            )
            return f"{outside} {_leave_out(command)}"
        case BetweenOptions(word, after, command):
            outside = say(
                "“{word}” stands outside the quotes, after “{after}”, but options stand one after "
                "the other. Nothing was created.",
                word=echo(word),
                after=echo(after),
            )
            return f"{outside} {_leave_out_or_quote(command)}"
        case OutsideQuotes():
            return _outside_quotes(refusal)
        case VerbBefore(word, command):
            makes = say(
                "`/poll` makes a poll by itself, and I do not know “{word}” before the question. "
                "Nothing was created.",
                word=echo(word),
            )
            return f"{makes} {_leave_out(command)}"
        case UnknownWord():
            return _unknown_word(refusal)
        case QuestionUnquoted(text, command):
            before = say(
                "“{text}” stands before the quotes, and I do not know it. Nothing was created.",
                text=echo(text),
            )
            return f"{before} {_quote_or_leave_out(command)}"
        case TemplateHasOptions(template, option):
            return say(
                "`{template}` brings its own options, so only the question stands in quotes; I "
                "also found “{option}”. Nothing was created. Leave out `{template}` or the "
                "options.",
                template=template,
                option=echo(option),
            )
        case EmptyQuestion():
            return say(
                "The first quotes are for the question, and they are empty. Nothing was created. "
                "Write it like {example}.",
                example=EXAMPLE,
            )
        case FewTyped(question, None):
            return say(
                "I found the question “{question}” and no options. Nothing was created. Add at "
                "least two in quotes, like {example}; or use `yesno` before the question.",
                question=echo(question),
                example=EXAMPLE,
            )
        case FewTyped(question, option):
            return say(
                "I found the question “{question}” and only one option, “{option}”. Nothing was "
                "created. Add at least two in quotes, like {example}; or use `yesno` before the "
                "question.",
                question=echo(question),
                option=echo(option or ""),
                example=EXAMPLE,
            )
        case HereAndPlace(here, place):
            return say(
                "`{here}` puts a poll on no issue, and “{place}” names one. Nothing was created. "
                "Leave one of them out.",
                here=here,
                place=echo(place),
            )
        case Contradiction(word):
            return say(
                "`{word}` contradicts another word before the question. Nothing was created. Leave "
                "one of them out.",
                word=word,
            )
        case NumberMissing(word):
            return say(
                "After `{word}` comes a number, as in `{word} 3`. Nothing was created.", word=word
            )
        case NobodyAfter():
            return say(
                "After `for` comes who may answer: `members` (of the channel where the poll is "
                "posted), a user group such as `@devs`, or `everybody`. Nothing was created. "
                "People are chosen in the form that `/poll` alone opens."
            )
        case TwoTemplates(first, second):
            return say(
                "`{first}` and `{second}` are two templates. Nothing was created. Leave one of "
                "them out.",
                first=first,
                second=second,
            )
        case _:
            return None


def noted(note: WordLeftOut | TakenAsSettings | PerhapsMeant | CutShort) -> str:
    """Return what is said in the form about words that were taken one way or the other."""
    match note:
        case WordLeftOut(word, None):
            return say("I do not know “{word}” and left it out.", word=echo(word))
        case WordLeftOut(word, meant):
            return say(
                "I do not know “{word}” and left it out; did you mean `{meant}`?",
                word=echo(word),
                meant=meant,
            )
        case TakenAsSettings(words):
            return say(
                "I took {words} for a setting, not for part of the question.", words=_listed(words)
            )
        case PerhapsMeant(word, meant):
            return say("Did you mean `{meant}` by “{word}”?", word=echo(word), meant=meant)
        case CutShort(options, description):
            return " ".join(_cut(options, description=description))


def _cut(options: int, *, description: bool) -> Iterator[str]:
    if options:
        yield say_number(
            options,
            "{number} option of the message is cut: one takes {most} characters.",
            "{number} options of the message are cut: each takes {most} characters.",
            most=numeral(OPTION),
        )
    if description:
        yield say("The description is cut: it takes {most} characters.", most=numeral(DESCRIPTION))


def _outside_quotes(refusal: OutsideQuotes) -> str:
    word, after = echo(refusal.word), echo(refusal.after)
    outside = (
        say(
            "“{word}” stands outside the quotes, after “{after}”, and I do not know it; did you "
            "mean `{meant}`? Nothing was created.",
            word=word,
            after=after,
            meant=refusal.meant,
        )
        if refusal.meant
        else say(
            "“{word}” stands outside the quotes, after “{after}”, and I do not know it. Nothing "
            "was created.",
            word=word,
            after=after,
        )
    )
    inside = say(
        "If it is part of a text, put it into the quotes; a quote inside a text is written as "
        '`\\"`.'
    )
    if not refusal.command:
        return f"{outside} {inside}"
    option = say("If it is an option: {command}.", command=_typed(refusal.command))
    return f"{outside} {inside} {option}"


def _unknown_word(refusal: UnknownWord) -> str:
    unknown = (
        say(
            "I do not know the word “{word}” before the question; did you mean `{meant}`? Nothing "
            "was created.",
            word=echo(refusal.word),
            meant=refusal.meant,
        )
        if refusal.meant
        else say(
            "I do not know the word “{word}” before the question. Nothing was created.",
            word=echo(refusal.word),
        )
    )
    known = say(
        "Known are {words} and the templates {templates}; an issue is written like `PLAT-12`. The "
        "question and each option stand in quotes, like {example}.",
        words=_listed(KNOWN_WORDS),
        templates=_listed(KNOWN_TEMPLATES),
        example=EXAMPLE,
    )
    return f"{unknown} {known}"


def _leave_out(command: str) -> str:
    """Return how it is typed instead: the command that is meant, or how one looks."""
    if command:
        return say("Leave it out: {command}.", command=_typed(command))
    return say("Leave it out, like {example}.", example=EXAMPLE)


def _leave_out_or_quote(command: str) -> str:
    if command:
        return say(
            "Leave it out: {command}; if it is part of an option, put it into the quotes.",
            command=_typed(command),
        )
    return say(
        "Leave it out, like {example}; if it is part of an option, put it into the quotes.",
        example=EXAMPLE,
    )


def _quote_or_leave_out(command: str) -> str:
    if command:
        return say(
            "If it is the question, put it into quotes, too: {command}. Else leave it out.",
            command=_typed(command),
        )
    return say(
        "If it is the question, put it into quotes, too, like {example}. Else leave it out.",
        example=EXAMPLE,
    )


def _typed(line: str) -> str:
    return f"`/poll {as_written(line)}`"


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words)
