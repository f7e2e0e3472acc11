"""What is understood after /poll, and the sentence for everything else."""

import html
import re
import sys
import unicodedata
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pollbot.errors import BadInput
from pollbot.polls.defaults.rules import LASTS, USUAL, Defaults, changes
from pollbot.polls.rules import Draft, PollSettings, Visibility
from pollbot.polls.searches.rules import Search
from pollbot.polls.sentences import noted
from pollbot.polls.templates import TEMPLATES
from pollbot.polls.typed import (
    ListPolls,
    NewPoll,
    OpenForm,
    ShowResults,
    as_command,
    read_command,
)
from pollbot.polls.typed_refusals import TakenAsSettings, WordLeftOut
from pollbot.polls.typed_sentences import EXAMPLE
from pollbot.polls.typed_words import OPPOSITES
from pollbot.text.refusals import NeedsZone
from pollbot.text.writing import alike
from tests.support.refusals import refuses, sentence

NOW = datetime.fromisoformat("2026-10-05T12:00Z").timestamp()
LUNCH = Draft("Lunch?", ("Pizza", "Soup"))
PAGE = "https://acme.atlassian.net/wiki/spaces/ENG/pages/98765"


def new_poll(text: str, zone: str = "UTC") -> NewPoll:
    command = read_command(text, NOW, zone)
    assert isinstance(command, NewPoll)
    return command


def at(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


WITHOUT_A_QUESTION = {
    "nothing": ("", OpenForm("")),
    "white space": (" \N{NO-BREAK SPACE}\N{ZERO WIDTH SPACE}\n", OpenForm("")),
    "an issue": (" plat-12 ", OpenForm("plat-12")),
    "a link to an issue": (
        "<https://a.example/browse/P1-2|the “best” one>",
        OpenForm("<https://a.example/browse/P1-2|the “best” one>"),
    ),
    "list": ("list", ListPolls("")),
    "list in capitals": ("LIST", ListPolls("")),
    "list of an issue": ("list plat-12", ListPolls("plat-12")),
    "list after the issue": ("plat-12 list", ListPolls("plat-12")),
    "results": ("results", ShowResults("")),
    "results of a page": (f"results {PAGE}", ShowResults(PAGE)),
    "results with an escaped query": (
        "results https://a.example/b?c=d&amp;e=f",
        ShowResults("https://a.example/b?c=d&e=f"),
    ),
    "list of an issue in quotes": ("list “PLAT-12”", ListPolls('"PLAT-12"')),
    "results of a link in code": (
        "results `https://a.example/browse/A-1`",
        ShowResults('"https://a.example/browse/A-1"'),
    ),
    "list of what has a word": ("list everything", ListPolls("", Search("everything"))),
}


@pytest.mark.parametrize(
    ("text", "command"), WITHOUT_A_QUESTION.values(), ids=list(WITHOUT_A_QUESTION)
)
def test_without_a_question_something_is_opened_or_shown(text: str, command: object) -> None:
    assert read_command(text, NOW) == command


LUNCHES = {
    "straight quotes": '"Lunch?" "Pizza" "Soup"',
    "curly quotes": "“Lunch?” “Pizza” “Soup”",
    "German quotes": "„Lunch?“ „Pizza“ „Soup“",
    "German quotes, closed as in Polish": "„Lunch?” „Pizza” „Soup”",
    "Swedish quotes": "”Lunch?” ”Pizza” ”Soup”",
    "French quotes": "«Lunch?» « Pizza » «\N{NO-BREAK SPACE}Soup\N{NARROW NO-BREAK SPACE}»",
    "French quotes, turned around": "»Lunch?« »Pizza« »Soup«",
    "full-width quotes": "＂Lunch?＂ ＂Pizza＂ ＂Soup＂",
    "single quotes": "'Lunch?' 'Pizza' 'Soup'",
    "curly single quotes": "‘Lunch?’ ‘Pizza’ ‚Soup‘",
    "French single quotes": "‹Lunch?› ‹Pizza› ›Soup‹",
    "straight and curly mixed": '“Lunch?" "Pizza” \'Soup’',
    "curly the wrong way round": "“Lunch?“ ”Pizza“ “Soup“",
    "no spaces between": '"Lunch?""Pizza"“Soup”',
    "lines": '"Lunch?"\n"Pizza"\r\n\t"Soup"\n',
    "no-break spaces between": '"Lunch?"\N{NO-BREAK SPACE}"Pizza"\N{NARROW NO-BREAK SPACE}"Soup"',
    "zero-width spaces between": '"Lunch?"\N{ZERO WIDTH SPACE}"Pizza"\N{WORD JOINER}"Soup"',
    "commas between": '"Lunch?", "Pizza", "Soup",',
    "a list": '"Lunch?"\n- "Pizza"\n• "Soup"',
    "white space inside": '" Lunch? " "Pizza\n" "\tSoup"',
    "empty quotes among them": '"Lunch?" "" "Pizza" "Soup" " "',
}


@pytest.mark.parametrize("text", LUNCHES.values(), ids=LUNCHES)
def test_however_the_phone_writes_quotes_the_poll_is_the_same(text: str) -> None:
    assert new_poll(text) == NewPoll("", LUNCH, local=False)


TITLES = {
    "an apostrophe": ('"What\'s up?"', "What's up?"),
    "an apostrophe in single quotes": ("'What's up?'", "What's up?"),
    "a curly apostrophe in single quotes": ("‘What’s up?’", "What’s up?"),
    "an escaped quote": (r'"Is \"soup\" food?"', 'Is "soup" food?'),
    "an escaped quote of another kind": (r"“Is \“soup\” food?”", "Is “soup” food?"),
    "other quotes inside": ('"Is “soup” food?"', "Is “soup” food?"),
    "other quotes at the end": ('"Is it “soup”"', "Is it “soup”"),
    "straight inside curly": ('“Is "soup" food?”', 'Is "soup" food?'),
    "curly inside curly": ("“Is “soup” food?”", "Is “soup” food?"),
    "other quotes inside, mixed marks around": ('"Is “soup” food?”', "Is “soup” food?"),
    "double in single": ("'Is \"soup\" food?'", 'Is "soup" food?'),
    "backslashes": (r'"C:\food\soup?"', r"C:\food\soup?"),
    "a backslash at the end": (r'"C:\food\\"', "C:\\food\\"),
    "two backslashes inside": (r'"\\food\soup"', r"\\food\soup"),
    "escapes": ('"Salt &amp; pepper &lt;3"', "Salt & pepper <3"),
    "an escaped escape": ('"How is &amp;amp; read?"', "How is &amp; read?"),
    "a ping as typed": ('"&lt;!channel&gt; lunch?"', "<!channel> lunch?"),
    "a link": ('"<https://a.example/x?a=1&amp;b=2>?"', "https://a.example/x?a=1&b=2?"),
    "a link with a text": ('"Is <https://a.example|a.example> up?"', "Is a.example up?"),
    "a link as typed": ('"&lt;https://a.example|x&gt;"', "<https://a.example|x>"),
    "right to left": ('"מה לאכול?"', "מה לאכול?"),
    "emoji": ('"🍕 or 👩‍🍳?"', "🍕 or 👩‍🍳?"),
    "lines inside": ('"Lunch\n  today?"', "Lunch today?"),
    "a modifier inside": ('"multi"', "multi"),
}


@pytest.mark.parametrize(("written", "title"), TITLES.values(), ids=TITLES)
def test_the_question_is_what_was_meant(written: str, title: str) -> None:
    poll = new_poll(f'{written} "Pizza" "Soup"')

    assert poll.draft == Draft(title, ("Pizza", "Soup"))


SETTINGS = {
    "": PollSettings(),
    "multi": PollSettings(several=True),
    "anonymous": PollSettings(names=False),
    "final": PollSettings(changeable=False),
    "comments": PollSettings(comments=True),
    "percent": PollSettings(percent_only=True),
    "hidden": PollSettings(visibility=Visibility.AFTER_CLOSE),
    "aftervote": PollSettings(visibility=Visibility.AFTER_VOTE),
    "until 2026-10-06T10:00": PollSettings(ends_at=at("2026-10-06T10:00Z"), closes_at_end=True),
}


@pytest.mark.parametrize(("words", "settings"), SETTINGS.items())
def test_each_word_before_the_question_changes_its_setting_and_no_other(
    words: str, settings: PollSettings
) -> None:
    poll = new_poll(f'{words} "Lunch?" "Pizza" "Soup"')

    assert (poll.where, poll.local) == ("", False)
    assert poll.draft == Draft("Lunch?", ("Pizza", "Soup"), settings=settings)


def test_local_is_no_setting_of_the_poll_but_says_where_it_lives() -> None:
    assert new_poll('LOCAL "Lunch?" "Pizza" "Soup"') == NewPoll("", LUNCH, local=True)


@given(
    st.permutations([*SETTINGS, "plat-12", "local"]).filter(
        lambda words: not {"hidden", "aftervote"} <= set(words)
    )
    | st.permutations([word for word in SETTINGS if word != "hidden"] + ["plat-12", "local"]),
    st.sampled_from([" ", "\n", ", ", "\N{NO-BREAK SPACE}"]),
    st.sampled_from([str.lower, str.upper, str.title]),
)
def test_the_words_may_stand_in_any_order_and_any_case(
    words: list[str], between: str, case: type[str]
) -> None:
    poll = new_poll(f'{case(between.join(words))} "Lunch?" "Pizza" "Soup"')

    assert poll.where is not None
    assert poll.where.strip(",").casefold() == "plat-12"
    assert poll.local
    assert poll.draft.settings == PollSettings(
        several=True,
        visibility=Visibility.AFTER_VOTE,
        ends_at=at("2026-10-06T10:00Z"),
        closes_at_end=True,
        percent_only=True,
        changeable=False,
        names=False,
        comments=True,
    )


WHERE = {
    "a key": ("plat-12", "plat-12"),
    "a key with an apostrophe": ("plat-12’s", "plat-12’s"),
    "a key in words without spaces": ("課題PLAT-12を見て", "課題PLAT-12を見て"),
    "an address": (PAGE, PAGE),
    "an address without https": ("acme.example/browse/PLAT-12", "acme.example/browse/PLAT-12"),
    "Slack's link": ("<https://a.example/x|y>", "<https://a.example/x|y>"),
    "a link whose text has spaces and quotes": (
        '<https://a.example/P1-2|Say "hi" multi>',
        '<https://a.example/P1-2|Say "hi" multi>',
    ),
    "a typed link": ("&lt;https://a.example/x|a word&gt;", "<https://a.example/x|a word>"),
    "escapes": ("https://a.example/x?a=1&amp;b=2", "https://a.example/x?a=1&b=2"),
    "two": ("PLAT-12 PLAT-13", "PLAT-12 PLAT-13"),
}


@pytest.mark.parametrize(("written", "where"), WHERE.values(), ids=WHERE)
def test_what_names_an_issue_or_page_is_handed_on(written: str, where: str) -> None:
    for text in (f"{written} multi", f"multi {written}"):
        poll = new_poll(f'{text} "Lunch?" "Pizza" "Soup"')

        assert (poll.where, poll.draft.settings) == (where, PollSettings(several=True))


ENDS = {
    "a date": ("2026-12-24", "UTC", "2026-12-24T23:59:59Z"),
    "today": ("2026-10-05", "UTC", "2026-10-05T23:59:59Z"),
    "a date, by the person's clock": ("2026-12-24", "Asia/Tokyo", "2026-12-24T23:59:59+09:00"),
    "a date on which the clocks change": (
        "2027-03-28",
        "Europe/Berlin",
        "2027-03-28T23:59:59+02:00",
    ),
    "a time": ("2026-12-24T17:00", "UTC", "2026-12-24T17:00Z"),
    "a time by the person's clock": (
        "2026-12-24T17:00",
        "America/New_York",
        "2026-12-24T17:00-05:00",
    ),
    "a time in two words": ("2026-12-24 17:00", "UTC", "2026-12-24T17:00Z"),
    "one digit": ("2026-12-24 9:00", "UTC", "2026-12-24T09:00Z"),
    "one digit in one word": ("2026-12-24T9:30+02:00", "UTC", "2026-12-24T09:30+02:00"),
    "seconds": ("2026-12-24T17:00:30", "UTC", "2026-12-24T17:00:30Z"),
    "an offset": ("2026-12-24T17:00+05:30", "Asia/Tokyo", "2026-12-24T17:00+05:30"),
    "an offset in two words": ("2026-12-24 17:00-08:00", "UTC", "2026-12-24T17:00-08:00"),
    "an offset in three words": ("2026-12-24 17:00 -0800", "UTC", "2026-12-24T17:00-08:00"),
    "Z": ("2026-12-24T17:00Z", "Asia/Tokyo", "2026-12-24T17:00Z"),
    "small letters": ("2026-12-24t17:00z", "Asia/Tokyo", "2026-12-24T17:00Z"),
    "UTC": ("2026-12-24 17:00 UTC", "Asia/Tokyo", "2026-12-24T17:00Z"),
    "a comma": ("2026-12-24 17:00,", "UTC", "2026-12-24T17:00Z"),
    "an offset that needs no zone": ("2026-12-24T17:00Z", "No/Where", "2026-12-24T17:00Z"),
}


@pytest.mark.parametrize(("written", "zone", "end"), ENDS.values(), ids=ENDS)
def test_the_end_is_the_moment_that_was_meant(written: str, zone: str, end: str) -> None:
    poll = new_poll(f'until {written} multi "Lunch?" "Pizza" "Soup"', zone)

    assert poll.draft.settings == PollSettings(several=True, ends_at=at(end), closes_at_end=True)


@pytest.mark.parametrize("dash", ["-", "--", "—", "–", "−"])
def test_dashes_before_a_known_word_are_left_out(dash: str) -> None:
    poll = new_poll(f'{dash}multi {dash}until 2030‑12‑31 PLAT‑12 "Lunch?" "Pizza" "Soup"')

    end = at("2030-12-31T23:59:59Z")
    assert poll.where == "PLAT‑12"
    assert poll.draft.settings == PollSettings(several=True, ends_at=end, closes_at_end=True)


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("question", ["", '""', '"Is it good?"'])
def test_a_template_brings_its_options_and_where_none_is_asked_its_question(
    name: str, question: str
) -> None:
    poll = new_poll(f"plat-12 anonymous {name.upper()} {question}")

    template = TEMPLATES[name]
    title = question.strip('"') or template.title
    settings = PollSettings(names=False)
    assert poll == NewPoll("plat-12", Draft(title, template.options, "", settings, name))


BAD = {
    "unclosed quotes": ('"Lunch?" "Pizza" "Soup', "begin with “Soup” never end"),
    "unclosed single quotes": ('\'Lunch? "Pizza" "Soup"', "never end"),
    "one quote alone": ('"', "never end"),
    "quotes that are closed by an escaped one": (r'"Lunch?" "Pizza" "Soup\"', "never end"),
    "a word between": (
        '"Lunch?" "Pizza" or "Soup"',
        "“or” stands outside the quotes, after “Pizza”",
    ),
    "a word at the end": (
        '"Lunch?" "Pizza" "Soup" ok',
        "“ok” stands outside the quotes, after “Soup”",
    ),
    "a typo between": ('"Lunch?" --mutli "Pizza" "Soup"', "mean `multi`\\?"),
    "a typo at the end": ('"Lunch?" "Pizza" "Soup" untill fri', "mean `until`\\?"),
    "an inch": ('"Lunch?" "12" pizza" "Soup"', "“pizza” stands outside the quotes, after “12”"),
    "an unknown word": ('mutli "Lunch?" "Pizza" "Soup"', "know the word “mutli”"),
    "an unknown word beside a known one": ('multi foo "Lunch?"', "know the word “foo”"),
    "list before a question": ('list "Lunch?" "Pizza" "Soup"', "“list” stands before the quotes"),
    "a question without quotes": (
        'PLAT-12 Where do we eat? "Pizza" "So \\"up"',
        'it into quotes, too: `/poll PLAT-12 "Where do we eat\\?" "Pizza" "So \\\\"up"`',
    ),
    "a question of one word": ('Lunch? "Pizza" "Soup"', '`/poll "Lunch\\?" "Pizza" "Soup"`'),
    "a verb": ('create "Lunch?" "Pizza" "Soup"', "makes a poll by itself, .* “create” before"),
    "quotes that never end, after a stray word": (
        '"Lunch?" "12" pizza" "Soup"',
        "inside a text is written as `[^`]*`\\.$",
    ),
    "close of an issue's poll": ("close the poll PLAT-12", "To close a poll, press"),
    "end of a number": ("end #3", "To close a poll, press"),
    "remove": ("remove", "To delete a poll, press"),
    "delete with the question": ('delete "Lunch?"', "To delete a poll, press"),
    "close": ("close", "To close a poll, press \\*More\\* on its card"),
    "delete": ("Delete.", "To delete a poll, press"),
    "a word that pings": ('&lt;!channel&gt; "Lunch?"', "know the word “&lt;!channel&gt;”"),
    "until without a time": ('until "Lunch?" "Pizza" "Soup"', "After `until` I expect"),
    "until nonsense": ('until lunch "Lunch?" "Pizza" "Soup"', "“lunch” is no day or time"),
    "until more than one day": (
        'until 3/4 "Lunch?" "A" "B"',
        "more than one way: .*`2027-03-04` or",
    ),
    "until a day that is not": ('until 2027-02-29 "Lunch?" "A" "B"', "“2027-02-29” is no day"),
    "until an hour that is not": ('until 2027-02-28 25:00 "Lunch?" "A" "B"', "28 25:00” is no day"),
    "until a date with an offset": (
        'until 2027-02-28+02:00 "Lunch?"',
        "“2027-02-28\\+02:00” is no",
    ),
    "until the past": ('until 2026-10-05T11:59Z "Lunch?" "A" "B"', "in the past"),
    "until now": ('until 2026-10-05T12:00Z "Lunch?" "A" "B"', "in the past"),
    "until yesterday": ('until 2026-10-04 "Lunch?" "A" "B"', "in the past"),
    "until the end of days": ('until 9999-12-31T23:59-14:00 "Lunch?" "A" "B"', "ten years"),
    "two ends": ('until 2026-12-24 until 2026-12-25 "Lunch?" "A" "B"', "`until` contradicts"),
    "two visibilities": ('hidden aftervote "Lunch?" "A" "B"', "`aftervote` contradicts"),
    "a question only": ('"Lunch?"', "question “Lunch\\?” and no options"),
    "a question and one option": ('"Lunch?" "Pizza"', "and only one option, “Pizza”"),
    "a question and empty options": ('"Lunch?" "" " "', "and no options"),
    "options without a question": ('"" "Pizza" "Soup"', "they are empty"),
    "here and an issue": ('PLAT-12 here "Lunch?" "A" "B"', "`here` puts a poll on no issue"),
    "a template with options": ('yesno "Lunch?" "Pizza"', "`yesno` brings its own options"),
    "two templates": ('yesno stars "Lunch?"', "`yesno` and `stars` are two templates"),
    "101 options": ('"Lunch?" ' + " ".join(f'"{n}"' for n in range(101)), "at most 100 options"),
    "equal options": ('"Lunch?" "Soup" "soup"', "Two options are the same"),
    "a long option": (f'"Lunch?" "Soup" "{"x" * 300}"', "300 characters"),
    "a long question": (f'"{"x" * 3000}" "Pizza" "Soup"', "3,000 characters"),
    "an invisible question": ('"\N{ZERO WIDTH SPACE}" "Pizza" "Soup"', "needs a question"),
    "an invisible option": ('"Lunch?" "\N{ZERO WIDTH SPACE}" "Soup"', "at least 2 options"),
}


@pytest.mark.parametrize(("text", "why"), BAD.values(), ids=BAD)
def test_what_cannot_be_a_poll_is_refused_in_a_sentence_with_the_next_step(
    text: str, why: str
) -> None:
    with refuses(BadInput, says=why) as refused:
        read_command(text, NOW, "UTC")

    assert "Nothing was c" in sentence(refused.value)
    assert len(sentence(refused.value)) < 600
    assert "<!" not in sentence(refused.value)


OFFERED = {
    "a question without quotes": ('Lunch? "A" "B"', '"Lunch?" "A" "B"'),
    "an issue before it": ('PLAT-12 Lunch? "A" "B"', 'PLAT-12 "Lunch?" "A" "B"'),
    "a link before it": (
        '<https://a.example/browse/P1-2|P1-2> Lunch? "A" "B"',
        'https://a.example/browse/P1-2 "Lunch?" "A" "B"',
    ),
    "settings before it": ('anonymous final Lunch? "A" "B"', 'anonymous final "Lunch?" "A" "B"'),
    "a setting after it": ('Lunch? --multi "A" "B"', '"Lunch?" --multi "A" "B"'),
    "an end after it": ('Lunch? until 18:00 "A" "B"', '"Lunch?" until 18:00 "A" "B"'),
    "settings at the end": ('Lunch? "A" "B" anonymous', '"Lunch?" "A" "B" anonymous'),
    "a long option": (f'Lunch? "{"x" * 90}" "B"', f'"Lunch?" "{"x" * 90}" "B"'),
    "marks": ('Lunch? "*A* @here" "`b` &lt;3 &amp; c"', '"Lunch?" "*A* @here" "`b` <3 & c"'),
    "or": ('"Q" "A" or "B"', '"Q" "A" "B"'),
    "or, and, and a mention": ('"Q" "A", "B" and "C" or "D" @here', '"Q" "A" "B" "C" "D"'),
    "vs.": ('hidden "Q" "A" vs. "B"', 'hidden "Q" "A" "B"'),
    "oder": ('"Q" "A" oder "B" multi', '"Q" "A" "B" multi'),
    "@here": ('"Q" "A" "B" @here', '"Q" "A" "B"'),
    "@channel in front": ('@channel PLAT-12 "Q" "A" "B"', 'PLAT-12 "Q" "A" "B"'),
    "what Slack would not have made a mention": ('"Q" "A" "B" &lt;!here&gt; <!here>', None),
    "here, from Slack": ('"Q" "A" "B" <!here>', '"Q" "A" "B"'),
    "a person": ('multi <@U0BEN|ben> <@U0CLEO> "Q" "A" "B"', 'multi "Q" "A" "B"'),
    "a channel": ('"Q" "A" "B" <#C0PLANNING|planning>', '"Q" "A" "B"'),
    "a channel, typed": ('#general "Q" "A" "B"', '"Q" "A" "B"'),
    "a group": ('"Q" "A" "B" <!subteam^S1|@devs>', '"Q" "A" "B"'),
    "create": ('create "Q" "A" "B"', '"Q" "A" "B"'),
    "create, in more words": ('PLAT-12 create a new poll: "Q" "A" "B"', 'PLAT-12 "Q" "A" "B"'),
    "new and a setting": ('new multi "Q" "A" "B"', 'multi "Q" "A" "B"'),
    "an option without quotes": ('"Q" "A" B', '"Q" "A" "B"'),
    "options without quotes": ('"Q" A B', '"Q" "A" "B"'),
    "an option of two words": ('final "Q" "A" Pea soup', 'final "Q" "A" "Pea soup"'),
    "more that is wrong": ('Lunch? "A" x "B"', None),
    "a question in two parts": ('Is "it" good? "A" "B"', None),
    "equal options": ('Lunch? "A" "a"', None),
    "too long": (f'Lunch? "{"x" * 120}" "{"y" * 120}"', None),
    "turned round": ('Lunch? "\N{RIGHT-TO-LEFT OVERRIDE}A" "B"', None),
    "strays everywhere": (" ".join(f'"{n}" s{n}' for n in range(24)), None),
}


@pytest.mark.parametrize(("text", "meant"), OFFERED.values(), ids=OFFERED)
def test_a_refusal_offers_the_whole_command_that_was_meant_or_none(
    text: str, meant: str | None
) -> None:
    with pytest.raises(BadInput) as refused:
        read_command(text, NOW, "UTC")

    said = sentence(refused.value)
    assert "Nothing was created" in said
    assert len(said) < 600
    shown = html.unescape(said)
    if meant is None:
        assert {*re.findall(r"`/poll [^`]*`", shown)} <= {EXAMPLE}
        return
    assert f"`/poll {meant}`" in shown
    assert isinstance(read_command(html.escape(meant, quote=False), NOW, "UTC"), NewPoll)


def test_a_time_in_what_a_refusal_offers_asks_for_the_zone() -> None:
    with pytest.raises(NeedsZone):
        read_command('Lunch? until 18:00 "A" "B"', NOW)


@pytest.mark.parametrize("text", ["create", "New.", "create a poll", "make the poll"])
def test_a_verb_alone_opens_the_empty_form(text: str) -> None:
    assert read_command(text, NOW) == OpenForm("")


@pytest.mark.parametrize("typed", ["yes/no", "YES/NO", "Yes-No.", "yes–no", "y/n"])
def test_yes_or_no_is_a_template_however_it_is_parted(typed: str) -> None:
    ship = Draft("Ship?", TEMPLATES["yesno"].options, "", PollSettings(), "yesno")

    assert new_poll(f'{typed} "Ship?"') == NewPoll("", ship)
    assert new_poll(f'"Ship?" {typed}') == NewPoll("", ship)
    assert new_poll(typed).draft.template == "yesno"


def test_the_refusal_of_an_unknown_word_lists_all_known_ones() -> None:
    with pytest.raises(BadInput) as refused:
        read_command('mutli "Lunch?" "Pizza" "Soup"', NOW)

    known = [words.split()[0] for words in SETTINGS if words] + ["local", "here", *TEMPLATES]
    assert [word for word in known if f"`{word}" not in sentence(refused.value)] == []


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ('here "Lunch?" "Pizza" "Soup"', NewPoll(None, LUNCH)),
        ('local HERE, "Lunch?" "Pizza" "Soup"', NewPoll(None, LUNCH, local=True)),
        ("here", OpenForm(None)),
        ("list here", ListPolls(None)),
        ("Here results", ShowResults(None)),
        ("", OpenForm("")),
        ("list", ListPolls("")),
    ],
)
def test_here_is_on_no_issue_whatever_the_channel_is_about(text: str, read: object) -> None:
    assert read_command(text, NOW) == read


@pytest.mark.parametrize("zone", ["", "No/Where", "Europe", "../etc/passwd", "\0", "x" * 300])
def test_a_zone_that_nobody_knows_is_never_taken_for_another(zone: str) -> None:
    with refuses(BadInput, says=r"do not know your time zone.* with its offset"):
        read_command('until 2026-12-24 "Lunch?" "Pizza" "Soup"', NOW, zone)


@pytest.mark.parametrize(
    ("written", "needs"),
    [
        ("2026-12-24", True),
        ("2026-12-24T17:00", True),
        ("2026-12-24 9:00", True),
        ("2026-12-24T17:00Z", False),
        ("2026-12-24T17:00+05:30", False),
        ("2026-12-24 17:00 UTC", False),
    ],
)
def test_without_a_zone_only_a_time_with_an_offset_is_a_moment(written: str, needs: bool) -> None:
    text = f'until {written} "Lunch?" "Pizza" "Soup"'

    if needs:
        with pytest.raises(NeedsZone):
            read_command(text, NOW)
    else:
        assert read_command(text, NOW) == read_command(text, NOW, "America/New_York")


MARKS = "\"“”„‟«»＂'‘’‚‛‹›"
WORDS = ["multi", "until", "2026-12-24", "25:00", "+99:99", "yesno", "list", "PLAT-12"]
SLACK_WRITES = ["<https://a.example|", "<https://", ">", "&lt;", "&amp;"]
pieces = st.sampled_from([*MARKS, "\\", " ", "\n", "\u200b", *WORDS, *SLACK_WRITES])


@given(st.text() | st.lists(pieces | st.text(max_size=3)).map("".join))
@example("until 0001-01-01T00:00+14:00 yesno")
@example("until 9999-12-31 yesno")
@example("until 2026-12-24 ١٢:٠٠ yesno")
def test_any_text_is_a_command_or_bad_input(text: str) -> None:
    outcome: object
    try:
        outcome = read_command(text, NOW, "Europe/Berlin")
    except BadInput as refused:
        outcome = sentence(refused)

    if isinstance(outcome, str):
        assert "Nothing was c" in outcome
    else:
        assert isinstance(outcome, OpenForm | ListPolls | ShowResults | NewPoll)


FAMILIES = ('"“”„‟⹂«»＂〝〞〟″‶❝❞', "'‘’‚‛‹›`´′‵＇❛❜")


def written(text: str, quotes: str) -> str:
    """Return the text in quotes, as somebody writes it who knows the rules, as Slack hands it on.

    Inside double quotes every double mark is escaped, and backslashes before one are doubled.
    """
    family = next(family for family in FAMILIES if quotes[0] in family)
    said, slashes = "", 0
    for mark in text:
        said += "\\" * (slashes + 1) + mark if mark in family else mark
        slashes = slashes + 1 if mark == "\\" else 0
    said = quotes[0] + said + "\\" * slashes + quotes[1]
    return said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


texts = (
    st.text(
        st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from(MARKS + "\\&<>;"),
        min_size=1,
        max_size=40,
    )
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: any(mark.isprintable() and mark.isalnum() for mark in text))
)
quotes = st.sampled_from(['""', "“”", "„“", "””", "«»", "»«", '“"', "''", "‘’", "‹›"])


@given(texts, st.lists(texts, min_size=2, max_size=10, unique_by=alike), st.data())
def test_any_question_and_options_come_back_from_the_command(
    title: str, options: list[str], data: st.DataObject
) -> None:
    said = [written(part, data.draw(quotes)) for part in (title, *options)]

    poll = new_poll(data.draw(st.sampled_from([" ", "\n", "\N{NO-BREAK SPACE}"])).join(said))

    assert poll.draft == Draft(title, tuple(options))


LEFT_OUT = "I do not know “{}” and left it out; did you mean `{}`?"
FILLED_IN: dict[str, tuple[str, str, tuple[str, ...], tuple[str, ...]]] = {
    "a question": ("Lunch?", "Lunch?", (), ()),
    "a question of words": ("What is for lunch", "What is for lunch", (), ()),
    "one word each": ("Lunch? Pizza Soup", "Lunch?", ("Pizza", "Soup"), ()),
    "an apostrophe": ("What's for lunch? Pizza Soup", "What's for lunch?", ("Pizza", "Soup"), ()),
    "an apostrophe first": ("'tis it? Yes No", "'tis it?", ("Yes", "No"), ()),
    "commas": ("Lunch? Pizza, Pea soup, or Salad", "Lunch?", ("Pizza", "Pea soup", "Salad"), ()),
    "or": ("Lunch? Pizza or pea soup", "Lunch?", ("Pizza", "pea soup"), ()),
    "slashes": ("When? Morning / Late noon", "When?", ("Morning", "Late noon"), ()),
    "a colon": ("Lunch: Pizza, Soup", "Lunch", ("Pizza", "Soup"), ()),
    "bars": ("Lunch | Pizza | Pea soup", "Lunch", ("Pizza", "Pea soup"), ()),
    "two questions": ("Lunch? Where? Here There", "Lunch? Where?", ("Here", "There"), ()),
    "a time in it": ("Lunch at 12:30? Yes No", "Lunch at 12:30?", ("Yes", "No"), ()),
    "lines": ("Lunch\nPizza\nPea soup", "Lunch", ("Pizza", "Pea soup"), ()),
    "a list": ("Lunch?\r\n- Pizza\r\n• Pea soup\n", "Lunch?", ("Pizza", "Pea soup"), ()),
    "days": ("When?\n5. May\n12. May", "When?", ("5. May", "12. May"), ()),
    "days in a row": ("When?\n1. May\n2. May", "When?", ("1. May", "2. May"), ()),
    "decimal commas": ("How long? 1,5 h, 2,5 h", "How long?", ("1,5 h", "2,5 h"), ()),
    "commas without spaces": ("How many? 1,2,3", "How many?", ("1", "2", "3"), ()),
    "a numbered list": ("Where?\n1. Rome\n2) New York", "Where?", ("Rome", "New York"), ()),
    "dashes": ("Lunch? —Pizza —Soup", "Lunch?", ("Pizza", "Soup"), ()),
    "Japanese": ("昼食？ピザ、スープ", "昼食？", ("ピザ", "スープ"), ()),
    "Arabic": ("الغداء؟ بيتزا حساء", "الغداء؟", ("بيتزا", "حساء"), ()),
    "escapes": ("Salt &amp; pepper? &lt;3 No", "Salt & pepper?", ("<3", "No"), ()),
    "no address": ("lunch/dinner? Yes No", "lunch/dinner?", ("Yes", "No"), ()),
    "a word that lists polls": ("Which list? A B", "Which list?", ("A", "B"), ()),
    "that word in front": ("List of what? A B", "List of what?", ("A", "B"), ()),
    "until within": ("Wait until friday? Yes No", "Wait until friday?", ("Yes", "No"), ()),
    "a typo with dashes": (
        "Lunch? Pizza Soup --mutli",
        "Lunch?",
        ("Pizza", "Soup"),
        (LEFT_OUT.format("--mutli", "multi"),),
    ),
    "a typo with a long dash in front": (
        "—annonymous Lunch? A B",
        "Lunch?",
        ("A", "B"),
        (LEFT_OUT.format("—annonymous", "anonymous"),),
    ),
    "no known word with dashes": (
        "Lunch? A B --frobnicate",
        "Lunch?",
        ("A", "B"),
        ("I do not know “--frobnicate” and left it out.",),
    ),
    "a typo": (
        "mutli Lunch? A B",
        "mutli Lunch?",
        ("A", "B"),
        ("Did you mean `multi` by “mutli”?",),
    ),
    "an end that may be two": (
        "until 3/4 Lunch? A B",
        "Lunch?",
        ("A", "B"),
        (
            "“3/4” can be read in more than one way: Thu 4 Mar 2027, 23:59 or Sat 3 Apr 2027, "
            "23:59. Choose the end below.",
        ),
    ),
}


@pytest.mark.parametrize(
    ("text", "title", "options", "notes"), FILLED_IN.values(), ids=list(FILLED_IN)
)
def test_without_quotes_the_form_is_wanted_with_what_was_typed(
    text: str, title: str, options: tuple[str, ...], notes: tuple[str, ...]
) -> None:
    form = read_command(text, NOW, "UTC")

    assert isinstance(form, OpenForm)
    assert replace(form, notes=()) == OpenForm("", Draft(title, options))
    assert tuple(map(noted, form.notes)) == notes


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("multi anonymous", OpenForm("", Draft("", (), "", PollSettings(True, names=False)))),
        ("PLAT-12 local", OpenForm("PLAT-12", Draft("", ()), local=True)),
        ("plat-12 Ship? Yes No", OpenForm("plat-12", Draft("Ship?", ("Yes", "No")))),
        (f"{PAGE} Ship? Yes No", OpenForm(PAGE, Draft("Ship?", ("Yes", "No")))),
        ("multi Q? A B", OpenForm("", Draft("Q?", ("A", "B"), "", PollSettings(True)))),
        ("Q? A B --multi", OpenForm("", Draft("Q?", ("A", "B"), "", PollSettings(True)))),
        (
            "Final one? A B",
            OpenForm(
                "",
                Draft("one?", ("A", "B"), "", PollSettings(changeable=False)),
                notes=(TakenAsSettings(("final",)),),
            ),
        ),
        (
            "yesno Is it good?",
            OpenForm("", Draft("Is it good?", ("Yes", "No"), "", PollSettings(), "yesno")),
        ),
    ],
)
def test_known_words_around_a_question_without_quotes_fill_in_their_fields(
    text: str, form: OpenForm
) -> None:
    assert read_command(text, NOW) == form


@pytest.mark.parametrize(
    "words", ["until 18:00 Q? A B", "Q? A B until 18:00", "--until=18:00 Q? A B"]
)
def test_an_end_around_a_question_without_quotes_is_filled_in(words: str) -> None:
    form = read_command(words, NOW, "UTC")

    settings = PollSettings(ends_at=at("2026-10-05T18:00Z"), closes_at_end=True)
    assert form == OpenForm("", Draft("Q?", ("A", "B"), "", settings))


@pytest.mark.parametrize(
    "text",
    [
        '{} "Lunch?" "Pizza" "Soup"',
        '"Lunch?" {} "Pizza" "Soup"',
        '"Lunch?" "Pizza" {}, "Soup"',
        '"Lunch?" "Pizza" "Soup" {}',
        '"Lunch?","Pizza","Soup",{}.',
    ],
)
@pytest.mark.parametrize(
    "words",
    [
        "until tomorrow 9:00 multi plat-12",
        "plat-12 until 9:00 tomorrow multi",
        "multi until “tomorrow 9:00” plat-12",
        "until 'tomorrow at 9am' multi plat-12",
        "multi plat-12 --until=2026-10-06T09:00",
        "multi plat-12 UNTIL: tomorrow 9:00",
    ],
)
def test_the_words_may_stand_before_between_and_after_the_quotes(words: str, text: str) -> None:
    poll = new_poll(text.format(words))

    settings = PollSettings(True, ends_at=at("2026-10-06T09:00Z"), closes_at_end=True)
    assert poll.where is not None
    assert poll.where.strip(".,") == "plat-12"
    assert poll.draft == Draft("Lunch?", ("Pizza", "Soup"), settings=settings)
    assert poll.end_understood


def test_a_quoted_moment_is_an_option_unless_it_follows_until() -> None:
    poll = new_poll('"When?" "until 18:00" "tomorrow"')

    assert poll.draft == Draft("When?", ("until 18:00", "tomorrow"))


def test_only_an_end_that_was_written_out_needs_no_word_on_how_it_was_understood() -> None:
    ends = ["2026-10-06T09:00Z", "2026-10-06 09:00 +02:00", "2026-10-06 09:00", "09:00Z", "2h"]
    said = [new_poll(f'until {end} "Q?" "A" "B"').end_understood for end in ends]

    assert said == [False, False, True, True, True]


ALL_DASHES = [
    chr(code) for code in range(sys.maxunicode) if unicodedata.category(chr(code)) == "Pd"
]


@pytest.mark.parametrize("dash", [*ALL_DASHES, "−", "ー", "ｰ", "﹣", "➖"])
@pytest.mark.parametrize("word", [*SETTINGS, *TEMPLATES, "local", "here"])
def test_any_dashes_before_any_known_word_are_left_out(word: str, dash: str) -> None:
    asked = '"Lunch?"' if word in TEMPLATES else '"Lunch?" "Pizza" "Soup"'

    for dashes in (dash, dash * 2):
        dashed = f"{dashes}{word}" if word else ""
        assert read_command(f"{dashed} {asked}", NOW, "UTC") == read_command(
            f"{word} {asked}", NOW, "UTC"
        )


KNOWN = [*(words.split()[0] for words in SETTINGS if words), "local", *TEMPLATES]


@given(st.sampled_from([word for word in KNOWN if len(word) > 4]), st.data())
def test_a_typo_of_a_known_word_is_named_with_the_nearest_one(
    word: str, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(word) - 2))
    swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    typo = data.draw(st.sampled_from([swapped, word[:place] + word[place + 1 :], word + word[-1]]))
    if typo == word:
        return

    for text in (f'--{typo} "Q?" "A" "B"', f'"Q?" "A" "B" --{typo}', f'{typo} "Q?" "A" "B"'):
        with refuses(BadInput, says=f"did you mean `{word}`"):
            read_command(text, NOW)
    form = read_command(f"Q? A B --{typo}", NOW)
    assert form == OpenForm("", Draft("Q?", ("A", "B")), notes=(WordLeftOut(f"--{typo}", word),))


@given(
    texts,
    st.lists(texts, min_size=2, max_size=5, unique_by=alike),
    st.sampled_from(list(SETTINGS)),
    st.sampled_from(["", "plat-12", None]),
    st.booleans(),
)
def test_what_was_filled_in_can_be_sent_as_a_command(
    title: str, options: list[str], words: str, where: str | None, local: bool
) -> None:
    settings = new_poll(f'{words} "Q?" "A" "B"').draft.settings
    draft = Draft(title, tuple(options), "", settings)

    command = as_command(OpenForm(where, draft, local)).removeprefix("/poll ")
    sent = command.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert new_poll(sent) == NewPoll(where, draft, local)


@given(
    st.text(
        alphabet=st.characters(exclude_characters="\"“”„‟«»＂〝〞〟❝❞⹂‶″'‘’‚‛‹›`´′‵＇❛❜「『｢﹁﹃")
    )
)
def test_no_word_typed_without_quotes_is_lost(text: str) -> None:
    form = read_command(text, NOW)
    if not isinstance(form, OpenForm) or form.draft is None:
        return
    left = " ".join([str(form.where), form.draft.title, *form.draft.options])
    left += " ".join(map(noted, form.notes))
    for word in re.findall(r"\w{4,}", text):
        assert word in left or word.casefold() in str(SETTINGS) + str(TEMPLATES) + "local here"


# Under defaults of a workspace

OPPOSITE: dict[str, Defaults] = {
    "single": Defaults(several=True),
    "named": Defaults(names=False),
    "changeable": Defaults(changeable=False),
    "nocomments": Defaults(comments=True),
    "numbers": Defaults(percent_only=True),
    "visible": Defaults(visibility=Visibility.AFTER_CLOSE),
    "noend": Defaults(lasts=86400.0),
    "noreminder": Defaults(lasts=86400.0, remind_before=3600.0),
    "norecord": Defaults(record=True),
    "fixed": Defaults(addable=True),
    "noautoclose": Defaults(closes_when_all=True),
}


def under(usual: Defaults, text: str) -> NewPoll:
    command = read_command(text, NOW, "UTC", usual)
    assert isinstance(command, NewPoll)
    return command


def test_each_default_has_a_word_that_says_otherwise() -> None:
    assert OPPOSITE.keys() == OPPOSITES.keys()
    said = {name for usual in OPPOSITE.values() for name in changes(USUAL, usual)}
    assert said == set(Defaults.__slots__) - {"stays_open"}  # which `until` says


@pytest.mark.parametrize(("word", "usual"), OPPOSITE.items(), ids=OPPOSITE)
@pytest.mark.parametrize("dash", ["", "--"])
def test_a_word_says_otherwise_than_a_default_and_nothing_else(
    word: str, usual: Defaults, dash: str
) -> None:
    by_default = under(usual, '"Lunch?" "Pizza" "Soup"')
    otherwise = under(usual, f'{dash}{word} "Lunch?" "Pizza" "Soup"')

    assert by_default.draft != LUNCH
    rest = replace(usual, lasts=None) if word == "noend" else usual
    expected = LUNCH if word != "noreminder" else under(replace(rest, remind_before=None), ALONE)
    assert otherwise.draft == (expected if isinstance(expected, Draft) else expected.draft)
    assert under(USUAL, f'{word} "Lunch?" "Pizza" "Soup"').draft == LUNCH


ALONE = '"Lunch?" "Pizza" "Soup"'


@pytest.mark.parametrize(
    "words",
    [
        "multi single",
        "single multi",
        "anonymous named",
        "final changeable",
        "comments nocomments",
        "percent numbers",
        "hidden visible",
        "visible aftervote",
        "until 2h noend",
        "noend until 2h",
    ],
)
def test_a_word_and_its_opposite_contradict_each_other(words: str) -> None:
    with refuses(BadInput, says="contradicts another word before the question"):
        read_command(f'{words} "Lunch?" "Pizza" "Soup"', NOW, "UTC", Defaults(several=True))


def test_a_typo_of_an_opposite_is_named_only_where_it_would_say_something() -> None:
    text = 'singel "Q?" "A" "B"'
    with refuses(BadInput, says="did you mean `single`"):
        read_command(text, NOW, "UTC", Defaults(several=True))
    with refuses(BadInput, says="“singel” stands before the quotes, and I do not know it"):
        read_command(text, NOW)


@pytest.mark.parametrize("word", ["single", "named", "numbers", "visible", "changeable"])
def test_what_is_usual_anyway_begins_a_question_without_quotes(word: str) -> None:
    form = read_command(f"{word} or not? A B", NOW)
    assert form == OpenForm("", Draft(f"{word} or not?", ("A", "B")))

    dashed = read_command(f"--{word} Is it? A B", NOW)
    assert dashed == OpenForm("", Draft("Is it?", ("A", "B")))


def test_an_end_by_default_is_a_full_minute_and_closes_unless_it_is_to_stay_open() -> None:
    settings = under(Defaults(lasts=3600.0), ALONE).draft.settings
    assert (settings.ends_at, settings.closes_at_end) == (NOW + 3600, True)
    stays = under(Defaults(lasts=3600.0, stays_open=True), ALONE).draft.settings
    assert (stays.ends_at, stays.closes_at_end) == (NOW + 3600, False)
    until = under(Defaults(lasts=3600.0, stays_open=True), f"until 2h {ALONE}").draft.settings
    assert (until.ends_at, until.closes_at_end) == (NOW + 7200, True)


def test_a_form_is_wanted_without_an_end_that_is_still_to_be_counted() -> None:
    usual = Defaults(several=True, lasts=86400.0, remind_before=3600.0)

    form = read_command("Lunch? Pizza Soup", NOW, "UTC", usual)

    settings = PollSettings(several=True)
    draft = Draft("Lunch?", ("Pizza", "Soup"), settings=settings, remind_before=3600.0)
    assert form == OpenForm("", draft)


usuals = st.builds(
    Defaults,
    several=st.booleans(),
    changeable=st.booleans(),
    names=st.booleans(),
    comments=st.booleans(),
    percent_only=st.booleans(),
    visibility=st.sampled_from(Visibility),
    lasts=st.sampled_from([None, *LASTS]),
    record=st.booleans(),
)
several_words = st.lists(
    st.sampled_from([word for word in [*SETTINGS, *OPPOSITES] if word]), unique=True, max_size=4
)


@given(usuals, usuals, several_words)
def test_under_any_defaults_a_poll_can_be_typed_again(
    before: Defaults, usual: Defaults, words: list[str]
) -> None:
    try:
        poll = under(before, f'{" ".join(words)} "Lunch?" "Pizza" "Soup"')
    except BadInput:
        return
    endless = poll.draft.settings.ends_at is None

    again = as_command(OpenForm("", poll.draft, no_end=endless), usual).removeprefix("/poll ")

    expected = poll.draft if poll.draft.record else replace(poll.draft, record=False)
    got = under(usual, again).draft
    assert replace(got, record=expected.record) == expected
    assert got.record <= expected.record or usual.record
