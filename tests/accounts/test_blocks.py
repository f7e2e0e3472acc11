"""The connect form, what it turns into, and the help."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pollbot.accounts import blocks
from pollbot.accounts.rules import (
    EMAIL,
    TOKEN,
    Connected,
    Dropped,
    DroppedVote,
    Link,
    OnSite,
    Waiting,
)
from pollbot.jira.issues import IssueAt
from pollbot.jira.pages import PageRef
from pollbot.jira.rules import Wish
from pollbot.sandbox.slack.blockkit import problems, view_problems
from pollbot.slack.kit import Message
from tests.support.drawn import assert_room

SITE = "https://acme.atlassian.net"
NOT_YET = OnSite(SITE, None)
NASTY = [
    "<!channel> <@U0ADA> <https://evil.example|click>",
    "& < >",
    "x" * 3000,
    "&" * 3000,
    "🔥" * 1000,
    "שלום \u202e עולם",
    "one\ntwo",
]
texts = st.one_of(st.sampled_from(NASTY), st.text(max_size=300))
keys = st.from_regex(r"[A-Z][A-Z0-9_]{1,9}-[1-9][0-9]{0,9}", fullmatch=True)
memories = st.just("") | st.just(json.dumps({"channel": "C0PLANNING"}))


def assert_nothing_pings(part: object) -> None:
    shown = str(part)
    for markup in ("<!", "<@", "<#", "<https://evil.example"):
        assert markup not in shown


def assert_slack_takes(message: Message) -> None:
    assert problems(message.blocks, "message") == []
    assert_room(message)
    assert_nothing_pings(message.text)
    assert_nothing_pings(message.blocks)


def inputs(view: dict[str, Any]) -> list[str]:
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]


@given(memories, st.sampled_from(["", "Jira does not accept this token.", "x" * 3000]))
def test_slack_takes_the_form(memory: str, problem: str) -> None:
    form = blocks.connect_form([NOT_YET], memory, problem=problem, email="ada@example.com")

    assert view_problems(form) == []
    assert form["callback_id"] == blocks.CONNECT_FORM
    assert inputs(form) == [EMAIL, TOKEN]
    assert form["private_metadata"] == memory


def test_the_form_says_for_which_site_it_is_what_happens_to_the_token_and_where_to_get_one() -> (
    None
):
    form = str(blocks.connect_form([OnSite("https://jira.example.com/jira", None)], ""))

    assert "*jira.example.com*" in form
    assert "kept encrypted" in form
    assert "/pollbot disconnect" in form
    assert "https://id.atlassian.com/manage-profile/security/api-tokens" in form


def test_a_form_that_is_shown_again_keeps_the_email_and_never_the_token() -> None:
    form = blocks.connect_form([NOT_YET], "", problem="That failed.", email="ada@example.com")

    fields = {b["block_id"]: b["element"] for b in form["blocks"] if b["type"] == "input"}
    assert fields[EMAIL]["initial_value"] == "ada@example.com"
    assert "initial_value" not in fields[TOKEN]
    assert "That failed." in str(form["blocks"][0])


@given(texts, st.lists(keys, max_size=30))
def test_slack_takes_what_the_form_turns_into(name: str, waiting: list[str]) -> None:
    for view in (
        blocks.checking(SITE),
        blocks.connected_form([Connected(SITE, name, Waiting(tuple(waiting), (name, name)))]),
    ):
        assert view_problems(view) == []
        assert "submit" not in view
        assert_nothing_pings(view)


@given(texts, st.lists(keys, max_size=30))
def test_slack_takes_every_message_about_an_account(name: str, waiting: list[str]) -> None:
    said = blocks.connected(
        [Connected(SITE, name, Waiting(tuple(waiting), (name,) * len(waiting)))]
    )
    assert len(said) <= 3000
    assert_nothing_pings(said)
    for message in (
        *(
            say(
                SITE,
                Dropped(
                    tuple(DroppedVote(key, wish, may_land) for key in waiting),
                    (name,) * len(waiting),
                ),
            )
            for say in (blocks.disconnected, blocks.not_connected)
            for wish in Wish
            for may_land in (False, True)
        ),
        blocks.help_text(name),
        blocks.unlinked(None),
        *(blocks.linked(Link(IssueAt(SITE, key), seen=False)) for key in waiting[:1]),
        *(blocks.unlinked(IssueAt(SITE, key)) for key in waiting[:1]),
        *(say(Link(PageRef(SITE, "98431"), True, name)) for say in (blocks.linked, blocks.link_of)),
    ):
        assert_slack_takes(message)


@pytest.mark.parametrize(
    ("waiting", "said"),
    [
        (Waiting(), "try `/vote`"),
        (
            Waiting(("PLAT-1",)),
            f"Your vote on <{SITE}/browse/PLAT-1|PLAT-1> is on its way to Jira.",
        ),
        (
            Waiting(tuple(f"PLAT-{n}" for n in range(1, 9))),
            "|PLAT-5> and 3 more is on its way",
        ),
        (Waiting(polls=("Lunch?",)), "Your poll “Lunch?” is being made"),
        (Waiting(polls=("Lunch?", "When?")), "Your polls “Lunch?”, “When?” are being made"),
        (Waiting(polls=("Lunch?",) * 10), "“Lunch?” and 2 more are being made"),
    ],
    ids=["none", "one", "many", "a poll", "polls", "many polls"],
)
def test_who_connects_hears_what_goes_on_now(waiting: Waiting, said: str) -> None:
    sentence = blocks.connected([Connected(SITE, "Ada of Jira", waiting)])

    assert "connected to acme.atlassian.net as *Ada of Jira*" in sentence
    assert said in sentence


@pytest.mark.parametrize("say", [blocks.disconnected, blocks.not_connected])
def test_who_disconnects_hears_which_wishes_are_dropped_and_which_may_land_yet(
    say: Callable[[str, Dropped], Message],
) -> None:
    dropped = (
        DroppedVote("PLAT-12", Wish.VOTE, may_land=False),
        DroppedVote("PLAT-13", Wish.WITHDRAW, may_land=True),
    )

    said = say(SITE, Dropped(dropped, ("Lunch?",))).text

    assert f"your vote on <{SITE}/browse/PLAT-12|PLAT-12>, your withdrawal from <" in said
    assert "will not reach Jira" in said
    assert f"over <{SITE}/browse/PLAT-13|PLAT-13> had left already" in said
    assert "Dropped with it, and not made: your poll “Lunch?”." in said
    assert "had left" not in say(SITE, Dropped(dropped[:1])).text
    assert "Dropped" not in say(SITE, Dropped()).text
    assert say(SITE, Dropped(polls=("Lunch?",))).text.count("Dropped") == 1


def test_the_help_names_every_command_and_the_word_it_did_not_know() -> None:
    def read(message: Message) -> str:
        return "\n".join(one["text"]["text"] for one in message.blocks if "text" in one)

    known, unknown = read(blocks.help_text()), read(blocks.help_text("/votee"))

    for command in (
        "/vote ",
        "/unvote ",
        "/votes ",
        "/pollbot connect",
        "/pollbot disconnect",
        "/pollbot link ",
        "/pollbot unlink",
        "/pollbot help",
    ):
        assert f"`{command}" in known
    assert known in unknown
    assert unknown.startswith("I do not know “/votee”.")
