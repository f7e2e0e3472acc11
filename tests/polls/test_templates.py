"""Ready-made polls: what they ask is for everybody, so in the language of the team."""

from collections.abc import Iterator
from typing import Any

import pytest

from pollbot.polls.forms import blocks as forms
from pollbot.polls.forms.state import FormOption, FormState, apply_template, to_draft
from pollbot.polls.rules import Option, Poll, PollSettings
from pollbot.polls.tally import Part, results
from pollbot.polls.templates import TEMPLATES, Template
from pollbot.sandbox.slack import View
from pollbot.text.catalog import Catalogs, Language, speaking
from tests.support.catalog import PSEUDO
from tests.support.house import ADA, PLANNING, House, buttons
from tests.support.team_voice import close_windows, command, in_time, window

NOW = 1_800_000_000.0
SCALES = [name for name, template in TEMPLATES.items() if template.scale]


def language(code: str) -> Language:
    found = Catalogs().of(code)
    assert found is not None
    return found


def said(name: str, code: str) -> Template:
    with speaking(language(code)):
        return TEMPLATES[name].said()


async def german_cards(house: House) -> None:
    await command(house, ADA, "setup", "/pollbot")
    form = await window(house, ADA, "The language of cards")
    in_time(await house.slack.view_action(ADA, form.id, "language:0"))
    await window(house, ADA, "in *Deutsch*")
    await close_windows(house, ADA)


def texts(node: Any) -> Iterator[str]:
    """Return all that a person reads in a form."""
    match node:
        case {"text": str() as text}:
            yield text
        case dict():
            for inner in node.values():
                yield from texts(inner)
        case list():
            for inner in node:
                yield from texts(inner)


def option_texts(form: View) -> list[str]:
    lines: list[str] = [
        block["element"].get("initial_value", "")
        for block in form.view["blocks"]
        if block.get("block_id", "").startswith("options")
    ]
    return lines[0].split("\n")


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.usefixtures("pollbot")
async def test_a_ready_made_poll_asks_in_the_language_of_the_team(house: House, name: str) -> None:
    await german_cards(house)
    german = said(name, "de")

    await house.slack.command(ADA, PLANNING, "/poll", f"here {name}")

    card = await house.card(german.title)
    assert list(buttons(card).values())[: len(german.options)] == list(german.options)
    assert house.rows("SELECT template FROM polls") == [(name,)]


@pytest.mark.usefixtures("pollbot")
async def test_the_form_offers_a_template_in_the_language_of_the_team(house: House) -> None:
    await german_cards(house)
    german = said("emoji", "de")
    await command(house, ADA, "here", "/poll")
    form = await window(house, ADA, "Your own options")

    in_time(await house.slack.view_action(ADA, form.id, "pick_template", value="emoji"))

    form = await window(house, ADA, f"Left empty, it is “{german.title}”")
    assert option_texts(form) == list(german.options)
    assert {"New poll", "Emoji, angry to happy"} <= set(texts(form.view))
    in_time(await house.slack.submit(ADA, form.id, {"channel": {"value": PLANNING}}))
    card = await house.card(german.title)
    assert list(buttons(card).values())[:5] == list(german.options)
    assert house.rows("SELECT template FROM polls") == [("emoji",)]


@pytest.mark.parametrize("name", TEMPLATES)
def test_only_what_everybody_reads_is_in_the_language_of_the_team(name: str) -> None:
    with speaking(PSEUDO):
        state = apply_template(FormState(), name)
        german = TEMPLATES[name].said()

    read = list(texts(forms.create_form(state, team=PSEUDO)))

    assert f"Left empty, it is “{german.title}”" in read
    assert german.title in read
    assert [text for text in read if text.startswith("⟦")] == [german.title]


@pytest.mark.parametrize("code", Catalogs().codes)
@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_stays_one_in_whatever_language_it_was_made(name: str, code: str) -> None:
    options = said(name, code).options
    state = FormState(template=name, options=tuple(FormOption(o, o) for o in options))

    drafts = []
    for later in ("en", "de"):
        if TEMPLATES[name].scale or later == code:
            with speaking(language(later)):
                drafts.append(to_draft(state).template)

    assert set(drafts) == {name}


@pytest.mark.parametrize("code", Catalogs().codes)
@pytest.mark.parametrize("name", TEMPLATES)
def test_each_option_of_a_ready_made_poll_says_something_in_words_or_figures(
    name: str, code: str
) -> None:
    heard = ["".join(filter(str.isalnum, option)) for option in said(name, code).options]

    assert all(heard)
    assert len({*heard}) == len(heard)


@pytest.mark.parametrize("code", Catalogs().codes)
@pytest.mark.parametrize("name", SCALES)
def test_an_average_is_the_same_in_all_languages_and_orders(name: str, code: str) -> None:
    titles = said(name, code).options
    options = tuple(Option(title, title, 5 - place) for place, title in enumerate(titles))
    poll = Poll("P1", "How is it?", "", options, PollSettings(), ADA, name)

    shown = results(poll, Part({titles[0]: 1, titles[4]: 2}, 3), None, NOW)

    assert shown.average == pytest.approx((1 + 5 + 5) / 3)
