"""What people read, in the language of who reads it: nothing is forgotten in the catalogs."""

import ast
import re
from datetime import date
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from pollbot.text.catalog import (
    Catalogs,
    all_of,
    day,
    mark,
    month,
    numeral,
    ordinal,
    say,
    say_marked,
    say_number,
    speaking,
    tenths,
    weekday,
    weekday_name,
)
from pollbot.text.command_words import COMMANDS, DESCRIPTION
from tests.support.catalog import APART, PSEUDO, SRC, forgotten, said, unsaid
from tests.test_house import is_seen

LANGUAGES = sorted((SRC / "languages").glob("*.po"))
PYTHON = sorted(path for path in SRC.rglob("*.py") if "sandbox" not in path.parts)


def places(text: str) -> list[str]:
    """Return the names of the values that a sentence has places for."""
    return sorted({name for _, name, _, _ in Formatter().parse(text) if name is not None})


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.stem)


def forms(message: Message) -> list[str]:
    found = message.string or ""
    return [found] if isinstance(found, str) else list(found)


def test_german_is_among_the_languages() -> None:
    german = Catalogs().of("de-DE")

    assert german is not None
    assert german.name == "Deutsch"


def test_a_language_that_is_not_spoken_is_none() -> None:
    assert [Catalogs().of(locale) for locale in ("", "xx-YY", "../de", "pseudo")] == [None] * 4


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)
def test_a_translation_has_a_place_for_each_value(path: Path) -> None:
    wrong = []
    for message in read(path):
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        known = {name for one in ids for name in places(one)}
        wrong += [one for one in forms(message) if message.id and not set(places(one)) <= known]
        # Of a plural's forms the one for a single thing may leave out the number.
        needed = known - {"number"}
        wrong += [one for one in forms(message) if message.id and needed - set(places(one))]

    assert wrong == []


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(SRC)))
def test_what_is_said_is_a_constant(path: Path) -> None:
    """So that it is found for the catalog; and marked texts are said by ``say_marked``."""
    code = path.read_text()
    if "from pollbot.text.catalog import" not in code:
        return
    wrong = []
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Call(func=ast.Name(id="say" | "mark"), args=[ast.Constant()]):
                pass
            case ast.Call(func=ast.Name(id="say_number"), args=[_, ast.Constant(), ast.Constant()]):
                pass
            case ast.Call(func=ast.Name(id="say" | "mark" | "say_number")):
                wrong.append(ast.unparse(node))

    assert wrong == []


# Rooms of what people see, as tests/test_house.py has them; whoever runs pollbot reads English.
SEEN = [path for path in PYTHON if is_seen(path) and "doctor" not in path.parts]
# What stands in code and is no sentence: names of ours, and examples as people type them.
NO_SENTENCE: dict[str, set[str]] = {
    # The name of a section, and what the manifest tells Slack, which shows it to everybody alike.
    "text/command_words.py": {
        *("by itself", DESCRIPTION, "[issue or page]"),
        *(one.what for one in COMMANDS),
    },
}


@pytest.mark.parametrize("path", SEEN, ids=lambda path: str(path.relative_to(SRC)))
def test_what_people_read_is_in_the_catalog(path: Path) -> None:
    name = str(path.relative_to(SRC))

    assert set(unsaid(path)) == NO_SENTENCE.get(name, set())


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)
def test_a_language_says_all_that_is_said_and_nothing_else(path: Path) -> None:
    has = {message.id for message in read(path) if message.id and all(forms(message))}
    needed = {message.id for message in said() if message.id}

    assert needed - has == set()
    assert has - needed == set()


def test_each_sentence_is_found_for_the_catalog() -> None:
    found = {message.id for message in said()}

    assert "Set up pollbot" in found
    # This one stands within an f-string.
    assert "This is the only reminder." in found


def test_what_was_forgotten_shows_in_the_pseudo_language() -> None:
    with speaking(PSEUDO):
        inner = say("one {thing}", thing="that was typed")
        shown = f"{say('Take {it} now', it=inner)} or leave"

    assert shown == "⟦Take ⟦one that was typed⟧ now⟧ or leave"
    assert forgotten(shown) == "or leave"


def test_with_values_apart_what_was_forgotten_within_a_sentence_shows_too() -> None:
    with speaking(APART):
        inner = say("one {thing}", thing="that was typed")
        shown = f"{say('Take {it} now', it=inner)} or leave"

    assert shown == "⟦Take ⟧⟦one ⟧that was typed⟦⟧⟦ now⟧ or leave"
    assert forgotten(shown) == "that was typed or leave"


def test_a_sentence_outside_the_catalog_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "blocks.py"
    path.write_text(
        '"""It is a module."""\n'
        'KIND = "button"\n'
        "def drawn(key):\n"
        '    """Return it, drawn."""\n'
        '    log.info("no sentence of ours")\n'
        '    said = say("It is {what}.", what=f"closed for {key}")\n'
        '    return [said, f"{key} is closed", "Vote", "Closed.", {"type": "plain text"}]\n'
    )

    assert unsaid(path) == ["closed for ⟦⟧", "⟦⟧ is closed", "Vote", "Closed."]


def test_numbers_and_days_are_written_as_the_language_has_them() -> None:
    german = Catalogs().of("de")
    assert german is not None
    on = date(2026, 11, 27)

    def written() -> list[str]:
        number = say_number(1308, "{number} of {what}", "{number} of {what}", what="it")
        return [numeral(1308), tenths(3.04), weekday(on), weekday_name(6), month(on), number]

    assert written() == ["1,308", "3.0", "Friday", "Sunday", "November 2026", "1,308 of it"]
    with speaking(german):
        assert written() == ["1.308", "3,0", "Freitag", "Sonntag", "November 2026", "1.308 of it"]


def test_days_lists_and_which_one_it_is_are_said_as_the_language_has_them() -> None:
    german = Catalogs().of("de")
    assert german is not None
    names = ["Red", "Green", "Blue"]

    assert day(date(2026, 8, 3)) == "Mon 3 Aug 2026"
    assert [all_of(names[:n]) for n in range(4)] == [
        "",
        "Red",
        "Red and Green",
        "Red, Green and Blue",
    ]
    which = [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 30, 31)]
    assert which == [
        "1st",
        "2nd",
        "3rd",
        "4th",
        "11th",
        "12th",
        "13th",
        "21st",
        "22nd",
        "23rd",
        "30th",
        "31st",
    ]
    with speaking(german):
        assert day(date(2026, 8, 3)) == "Mo., 3. Aug. 2026"
        assert all_of(names) == "Red, Green und Blue"
        assert [ordinal(n) for n in (1, 2, 31)] == ["1.", "2.", "31."]


def test_no_sentence_is_said_as_nothing() -> None:
    german = Catalogs().of("de")
    assert german is not None

    with speaking(german):
        assert say_marked("") == ""


def test_braces_in_a_value_are_only_braces() -> None:
    assert say("{what} is here", what="{0} {name}") == "{0} {name} is here"
    assert say_marked(mark("A {what}"), what="}{") == "A }{"


def test_no_sentence_says_the_same_words_twice_in_a_row() -> None:
    twice = re.compile(r"\b([^\W\d_]+(?: [^\W\d_]+)?) \1\b")

    assert [message.id for message in said() if twice.search(str(message.id))] == []
