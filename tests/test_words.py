"""The words of commands stand once: who has to know one of them does, or is named here."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from pollbot.accounts.blocks import help_text
from pollbot.commands import Commands
from pollbot.sandbox.world.seed import COMMANDS as OFFERED
from pollbot.text.command_words import COMMANDS, DESCRIPTION, POLLBOT, WORDS, Word, hints
from pollbot.wiring import Pollbot
from tests.support.house import BEN, PLANNING, House, rest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "using.md").read_text()
TABLE = PAGE.partition("## In Slack")[2].partition("\n\nAn issue")[0]
IN_MANIFEST: list[dict[str, Any]] = yaml.safe_load((ROOT / "manifest.yml").read_text())["features"][
    "slash_commands"
]


def forgotten(
    commands: Iterable[Word],
    words: Iterable[Word],
    *,
    help_says: str,
    page: str,
    hinted: Mapping[str, str],
    answered: Iterable[str],
) -> list[str]:
    """Return where a command or a word after /pollbot is missing, in sentences."""
    commands, words = list(commands), list(words)
    typed = [command.name for command in commands] + [f"{POLLBOT} {word.name}" for word in words]
    own = {command.name for command in commands}
    return [
        *(f"the help does not say {name}" for name in typed if not _says(help_says, name)),
        *(f"docs/using.md has no {name}" for name in typed if not _says(page, name)),
        *(
            f"the hint of {name} is not {hint!r}"
            for name, hint in hints(commands, words).items()
            if hinted.get(name) != hint
        ),
        *(
            f"nobody answers {POLLBOT} {word.name}"
            for word in words
            if f"/{word.name}" not in own and word.name not in {*answered}
        ),
    ]


def _says(text: str, name: str) -> bool:
    """Return whether a text names it in code marks; a command's own name may stand alone."""
    word = name.removeprefix(f"{POLLBOT} ")
    alone = {word} if f"/{word}" in {command.name for command in COMMANDS} else set()
    return any(
        span == name or span.startswith(f"{name} ") or span in alone
        for span in re.findall(r"`([^`]+)`", text)
    )


def answered() -> set[str]:
    """Return the words after /pollbot that are answered."""
    nobody: Any = type("Nobody", (), {"__getattr__": lambda self, name: None})()
    return Commands(*[nobody] * 10).answered


def everywhere(commands: Iterable[Word] = COMMANDS, words: Iterable[Word] = WORDS) -> list[str]:
    return forgotten(
        commands,
        words,
        help_says=HELP_IN_MARKUP,
        page=TABLE,
        hinted={one["command"]: one["usage_hint"] for one in IN_MANIFEST},
        answered=answered(),
    )


HELP_IN_MARKUP = "".join(
    "".join(
        f"`{part['text']}`" if part.get("style", {}).get("code") else str(part.get("text", ""))
        for section in block.get("elements", [])
        for part in section.get("elements", [])
    )
    if block["type"] == "rich_text"
    else str(block.get("text", {}).get("text", ""))
    for block in help_text().blocks
)


def test_help_hints_page_and_answers_know_every_word() -> None:
    assert everywhere() == []


def test_nobody_answers_a_word_that_is_not_known() -> None:
    assert answered() == {word.name for word in WORDS}


NEW_WORD = Word("juggle", "[person]", "account", ("`/pollbot juggle` – three of them",))


def test_a_word_that_was_forgotten_is_named_with_where() -> None:
    assert everywhere(words=[*WORDS, NEW_WORD]) == [
        "the help does not say /pollbot juggle",
        "docs/using.md has no /pollbot juggle",
        f"the hint of /pollbot is not {hints()[POLLBOT] + ' | juggle [person]'!r}",
        "nobody answers /pollbot juggle",
    ]


def test_a_command_that_was_forgotten_is_named_with_where() -> None:
    votes = replace(COMMANDS[2], name="/tally")

    assert everywhere(commands=[*COMMANDS, votes]) == [
        "the help does not say /tally",
        "docs/using.md has no /tally",
        "the hint of /tally is not '[issue]'",
    ]


def test_the_manifest_says_of_each_command_what_the_words_say() -> None:
    said = {one["command"]: one["description"] for one in IN_MANIFEST}

    assert said == {command.name: command.what for command in COMMANDS} | {POLLBOT: DESCRIPTION}


def test_the_sandbox_offers_the_commands_of_the_manifest() -> None:
    kept = ("command", "description", "usage_hint")

    assert list(OFFERED) == [{name: one[name] for name in kept} for one in IN_MANIFEST]


OWN = [word for word in WORDS if f"/{word.name}" not in {command.name for command in COMMANDS}]


@pytest.mark.parametrize("word", OWN, ids=lambda word: word.name)
def test_the_page_says_what_may_follow_a_word_and_who_may_use_it(word: Word) -> None:
    (row,) = [line for line in TABLE.split("\n") if f"`{POLLBOT} {word.hint}`" in line]

    assert ("admins" in row) is (word.who == "admins")


@pytest.mark.parametrize("word", OWN, ids=lambda word: word.name)
def test_the_help_says_what_is_for_admins(word: Word) -> None:
    assert all(("admins" in line) is (word.who == "admins") for line in word.helps)


@pytest.mark.parametrize("word", OWN, ids=lambda word: word.name)
async def test_what_is_for_admins_is_refused_to_others_and_nothing_else_is(
    house: House, pollbot: Pollbot, word: Word
) -> None:
    answer = await house.slack.command(BEN, PLANNING, POLLBOT, word.name)
    await rest(house, pollbot)

    said = f"{answer.body} {house.words(BEN)}"
    assert ("Only admins" in said) is (word.who == "admins"), said
