"""Sentences in our markup: as rich text, without any markup, and as notifications have them."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pollbot.sandbox.slack.blockkit import problems
from pollbot.slack.kit import Message, context, escape, section, sections, words
from pollbot.slack.markup import unmarked
from pollbot.text.writing import undirected
from tests.support.drawn import shown

WRITTEN = [
    "*A*",
    "_b_",
    "~c~",
    "`d`",
    "```e```",
    "> 5 days",
    "a > b",
    "<!channel>",
    "@here",
    "<https://evil.example|https://good.example>",
    "<!date^0^{date}|x>",
    "&lt;b&gt; &amp;",
    "&#42;",
    "2 * 3 * 4",
    "snake_case_name",
    ":pizza:",
    "12:30:45",
    "https://a.example/x_y_z?a=1&b=2",
]


def test_ordinary_words_stay_in_slacks_own_markup() -> None:
    assert section(f"*{escape('Lunch & <more>')}*")["text"]["text"] == "*Lunch &amp; &lt;more&gt;*"
    assert context(escape("5 > 4"))["elements"][0]["type"] == "mrkdwn"


def test_what_mrkdwn_cannot_show_is_rich_text_with_our_own_styles() -> None:
    block = section(
        f"*{escape('*A*')}* <@U1> <https://a.example|a> <!date^5^{{date}}|then> `/poll` :wave:"
    )

    assert block == {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "text", "text": "*A*", "style": {"bold": True}},
                    {"type": "text", "text": " "},
                    {"type": "user", "user_id": "U1"},
                    {"type": "text", "text": " "},
                    {"type": "link", "url": "https://a.example", "text": "a"},
                    {"type": "text", "text": " "},
                    {"type": "date", "timestamp": 5, "format": "{date}", "fallback": "then"},
                    {"type": "text", "text": " "},
                    {"type": "text", "text": "/poll", "style": {"code": True}},
                    {"type": "text", "text": " "},
                    {"type": "emoji", "name": "wave"},
                ],
            }
        ],
    }


def test_only_our_own_quotations_are_quotations() -> None:
    block = section(f"> {escape('_ours_')}\n{escape('> theirs')}")

    kinds = [(part["type"], part["elements"][0]["text"]) for part in block["elements"]]
    assert kinds == [("rich_text_quote", "_ours_"), ("rich_text_section", "> theirs")]


def visible(text: str) -> str:
    return undirected(text).replace("\u2060", "")


@pytest.mark.parametrize("draw", [section, context], ids=["a paragraph", "small print"])
@pytest.mark.parametrize("written", WRITTEN)
def test_what_people_wrote_is_shown_as_they_wrote_it(draw: Any, written: str) -> None:
    block = draw(f"You said {escape(written)}.")

    message = words("x")
    message.blocks[:] = [block]
    said = shown(message)
    if block["type"] in ("section", "context") and "mrkdwn" in str(block):
        said = unmarked(said)
    assert visible(said) == f"You said {written}."
    assert problems([block], "message") == []


@pytest.mark.parametrize("written", WRITTEN)
def test_in_a_form_and_in_a_notification_it_reads_the_same(written: str) -> None:
    sentence = f"*Not* taken: “{escape(written)}”. Write `/poll`, or ask <@U1>."

    assert unmarked(sentence) == f"Not taken: “{written}”. Write /poll, or ask @U1."
    said = words(sentence).text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert f"“{written}”" in said


@given(st.text())
def test_any_text_comes_back_from_the_markup_as_it_was(text: str) -> None:
    assert undirected(unmarked(escape(text))) == undirected(text)
    assert problems(sections([f"*{escape(text)}* x"]), "message") == []


@given(said=st.text(max_size=60), written=st.text(max_size=60))
@example(said="before", written="the `c` *x* & <b>")
def test_words_after_a_sentence_stay_as_they_were(said: str, written: str) -> None:
    message = Message(escape(written), [])

    both = message.after(escape(said), [])

    before = Message(escape(said), []).text
    assert both.text == " ".join(part for part in (before, message.text) if part)
