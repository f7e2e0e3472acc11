"""Wrong words, old buttons, incomplete payloads: a plain sentence, and nothing changed."""

import json
from typing import Any

import pytest

from pollbot.slack.clicks import Click
from pollbot.slack.kit import actions, button
from pollbot.wiring import Pollbot
from tests.support.clicks import LEAD_ELSEWHERE, kinds, sample
from tests.support.house import ADA, BEN, CLEO, PLANNING, House, buttons, nothing_waits
from tests.support.polls import poll, poll_id

pytestmark = pytest.mark.usefixtures("pollbot")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Which issue? Name one, as in `/vote PLAT-12`"),
        ("   ", "Which issue?"),
        ("coffee", "I found no issue in “coffee”"),
        ("PLAT 12", "Did you mean PLAT-12? Then write it with its hyphen."),
        ("plat12", "Did you mean PLAT-12?"),
        ("Plat_12", "Did you mean PLAT-12?"),
        ("PLAT - 12.", "Did you mean PLAT-12?"),
        ("PLAT-012", "Did you mean PLAT-12?"),
        ("PLAT: 12", "Did you mean PLAT-12?"),
        ("poll Lunch", "A poll is made with `/poll`, and the same words after it."),
        ("„Lunch?“ „Pizza“ „Soup“", "A poll is made with `/poll`"),
        ("PLAT-12 and PLAT-13", "Write it again with the one that you mean."),
        ("PLAT-", "I found no issue"),
        ("PLAT-0", "I found no issue"),
        ("PLAT-12 PLAT-13", "One issue at a time, please: I found PLAT-12 and PLAT-13"),
        ("https://other.example/browse/PLAT-12", "That link leads to other.example"),
        ("🦄", "I found no issue in “🦄”"),
        ("x" * 3000, "I found no issue in “xxxx"),
        ("&lt;!channel&gt; *now*", "I found no issue in “&lt;!channel&gt; *now*”"),
        ("Prüfung-12", "I found no issue in “Prüfung-12”"),
        ("РLAT-12", "“Р” in it only looks like a Latin letter"),
    ],
)
async def test_a_vote_for_no_issue_is_explained(
    house: House, text: str, sentence: str, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    before = len(house.jira.calls)

    answer = await house.vote(ADA, text)

    assert answer.status == 200
    said = house.words(ADA)[-1]
    assert sentence in said
    assert len(said) < 300
    await nothing_waits(house, pollbot)
    assert len(house.jira.calls) == before


@pytest.mark.parametrize(
    "text",
    [
        "plat-12",
        "  PLAT-12  ",
        "PLAT-12 please",
        "(PLAT-12)!",
        "ＰLAT-12",
        "PLAT‑12",
        "PLAT—1２",
        "課題PLAT-12を",
        "[PLAT-12] Add UTF-8 support",
        "PLAT-12 https://github.com/acme/app/pull/31",
    ],
)
async def test_a_key_is_found_as_people_type_it(house: House, text: str) -> None:
    await house.connect(ADA)

    await house.vote(ADA, text)

    await house.votes("PLAT-12", 8)


async def test_a_pasted_link_is_an_issue(house: House) -> None:
    await house.connect(ADA)
    site = house.jira.site_url

    await house.vote(ADA, f"<{site}/browse/PLAT-12?focusedId=1|PLAT-12>")
    await house.vote(ADA, f"{site}/jira/software/projects/PLAT/boards/1?selectedIssue=PLAT-13")
    await house.votes("PLAT-12", 8)
    await house.slack.command(ADA, PLANNING, "/unvote", f"&lt;{site}/browse/PLAT-12&gt;")
    await house.votes("PLAT-12", 7)
    await house.vote(ADA, f"see &lt;{site}/browse/PLAT-12|PLAT-12&gt;, please")

    await house.votes("PLAT-12", 8)
    await house.votes("PLAT-13", 1)


LONG = [
    "x",
    "a1",
    "x_",
    "１x",
    "½",
    "ー",
    "<https://a|",
    "https://",
    "-",
    '"',
    "(",
    "until ",
    "PLAT-1,",
]


@pytest.mark.parametrize("command", ["/vote", "/votes", "/poll", "/pollbot"])
async def test_a_command_as_long_as_a_message_is_answered_in_slacks_time(
    house: House, command: str
) -> None:
    await house.connect(ADA)
    for text in LONG:
        long = (text * 40_000)[:40_000]

        answer = await house.slack.command(ADA, PLANNING, command, long)

        assert (answer.status, answer.error) == (200, None), text
        for form in house.slack.stack_of(ADA):
            await house.slack.close(ADA, form.id)


AROUND = [
    "`{}`",
    "```\n{}\n```",
    "*{}*",
    "_{}_",
    "~{}~",
    "“{}”…",
    "「{}」",
    "&gt; {}",
    "[PLAT-12|{}]",
]
AROUND += ["{}。", "{}…", "{}、", "{}を見て", "{}—please", "{}’s", "{}%20", "({}),"]


async def test_a_link_is_found_whatever_stands_around_it(house: House) -> None:
    site = house.jira.site_url
    issue, board = f"{site}/browse/PLAT-12", f"{site}/jira/boards/1?selectedIssue=PLAT-12"
    page = f"{site}/wiki/spaces/DOCS/pages/98305"

    for around in AROUND:
        for command, link in (("/pollbot", issue), ("/pollbot", board), ("/poll", page)):
            if link is page and "\n" in around:
                continue  # after /poll that is a question
            text = f"{'list' if link is page else 'link'} {around.format(link)}"
            answer = await house.slack.command(CLEO, PLANNING, command, text)

            told = "needs your Jira account" if link is page else "now linked to <http"
            assert told in answer.body, (text, answer.body)


@pytest.mark.parametrize("between", [",", ", ", ";", "、", " ", ") (", "|", "\n"])
async def test_links_to_two_issues_are_two_whatever_stands_between_them(
    house: House, between: str, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    one, other = (f"{house.jira.site_url}/browse/PLAT-{number}" for number in (12, 13))

    for text in (f"{one}{between}{other}", f"{one}{between}PLAT-13"):
        await house.vote(ADA, text)
        assert "I found PLAT-12 and PLAT-13" in house.words(ADA)[-1]

    await nothing_waits(house, pollbot)
    assert (house.jira.votes("PLAT-12"), house.jira.votes("PLAT-13")) == (7, 0)


@pytest.mark.parametrize("command", ["/vote", "/unvote", "/votes"])
async def test_a_linked_channel_needs_no_issue(house: House, command: str) -> None:
    await house.connect(ADA)
    house.jira.issues["PLAT-13"].voters.add("acc-ada" if command == "/unvote" else "acc-ben")
    await house.slack.command(BEN, PLANNING, "/pollbot", "link plat-13")

    await house.slack.command(ADA, PLANNING, command, "")

    if command == "/votes":
        await house.card("PLAT-13")
    else:
        await house.votes("PLAT-13", 2 if command == "/vote" else 0)


async def test_an_issue_that_is_not_there_is_explained(house: House) -> None:
    await house.connect(ADA)

    await house.vote(ADA, "PLAT-999")

    told = await house.told(ADA, "Your vote was not cast")
    assert "Jira knows no issue" in told.text
    assert "PLAT-999" in told.text


@pytest.mark.parametrize("why", ["hidden", "gone"])
async def test_a_poll_on_an_issue_that_is_not_there_says_which_and_why_it_is_on_that(
    house: House, why: str, pollbot: Pollbot
) -> None:
    await house.connect(BEN)
    await house.slack.command(BEN, PLANNING, "/pollbot", "link PLAT-13")
    if why == "hidden":
        house.jira.issues["PLAT-13"].seen_by = {"acc-ada"}
        house.jira.issues["PLAT-12"].seen_by = {"acc-ada"}
    else:
        del house.jira.issues["PLAT-13"], house.jira.issues["PLAT-12"]

    for text, sentence in (
        ('"Lunch?" "Pizza" "Soup"', "This channel is linked to PLAT-13, and Jira knows no such"),
        ('PLAT-12 "Lunch?" "Pizza" "Soup"', "Jira knows no issue PLAT-12, or does not show it"),
        ("list", "Jira knows no issue PLAT-13, or does not show it"),
        ("results PLAT-12", "Jira knows no issue PLAT-12, or does not show it"),
    ):
        await house.slack.command(BEN, PLANNING, "/poll", text)
        assert "nothing was" in (await house.told(BEN, sentence)).text

    await nothing_waits(house, pollbot)
    assert house.rows("SELECT * FROM polls") == []


async def test_a_hidden_issue_looks_like_a_missing_one(house: House) -> None:
    await house.connect(ADA)
    house.jira.people["acc-ada"].projects = {"OTHER"}

    await house.vote(ADA, "PLAT-12")

    told = await house.told(ADA, "Jira knows no issue")
    assert "Export" not in told.text


@pytest.mark.parametrize("locale", ["en_US", "pl_PL"])
@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        ("resolved", "is resolved (Fixed)"),
        ("voting off", "voting is switched off"),
        ("own report", "you reported"),
    ],
)
async def test_a_refusal_is_explained_from_the_issue_in_any_language(
    house: House, case: str, sentence: str, locale: str, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    house.jira.people["acc-ada"].locale = locale
    house.jira.voting_enabled = case != "voting off"
    house.jira.reporters_may_vote = case != "own report"
    house.jira.issues["PLAT-12"].reporter = "acc-ada"
    key = "PLAT-7" if case == "resolved" else "PLAT-12"

    await house.vote(ADA, key)

    told = await house.told(ADA, "Your vote was not cast")
    assert sentence in told.text
    await nothing_waits(house, pollbot)


@pytest.mark.parametrize("strict", [False, True], ids=["as on Cloud", "404 without a vote"])
async def test_withdrawing_no_vote_is_explained(house: House, strict: bool) -> None:
    await house.connect(ADA)
    house.jira.unvoted_delete_is_404 = strict

    await house.slack.command(ADA, PLANNING, "/unvote", "PLAT-12")

    told = await house.told(ADA, "You have no vote on")
    assert buttons(told) == {"vote": "Vote"}
    assert house.jira.votes("PLAT-12") == 7


async def test_a_vote_on_your_own_report_counts_where_the_site_allows_it(house: House) -> None:
    await house.connect(ADA)
    house.jira.issues["PLAT-12"].reporter = "acc-ada"

    await house.vote(ADA, "PLAT-12")

    await house.told(ADA, "is counted")


async def card_click(house: House, user: str = ADA) -> dict[str, Any]:
    """Return the payload of a press on *Vote* on a fresh card."""
    await house.slack.command(user, PLANNING, "/votes", "PLAT-12")
    card = await house.card("PLAT-12")
    return house.slack.click_body(user, card.id, "vote")


@pytest.mark.parametrize(
    "value", ["", "7:0", "{}", '{"v":9,"issue":"PLAT-12"}', '{"v":1,"issue":"??"}']
)
async def test_a_button_of_another_version_says_so(house: House, value: str) -> None:
    await house.connect(ADA)
    click = await card_click(house)
    click["actions"][0]["value"] = value

    answer = await house.slack.deliver(click, kind="interactive")

    assert answer.status == 200
    await house.told(ADA, "That is from an older version of pollbot")
    assert house.jira.votes("PLAT-12") == 7


@pytest.mark.parametrize(
    "kind",
    [kind for kind in kinds() if kind not in LEAD_ELSEWHERE],
    ids=lambda kind: kind.action_id,
)
async def test_each_button_of_a_later_version_says_so_and_does_nothing(
    house: House, kind: type[Click], pollbot: Pollbot
) -> None:
    card = await poll(house, '"Lunch?" "Pizza" "Soup"')
    here = {
        "poll": poll_id(card),
        "option": "1",
        "options": ["1"],
        "schedule": "s1",
        "waiting": "w1",
        "issue": "PLAT-12",
        "view": "bars",
        "what": "top",
        "kind": "plain",
        "subject": "",
        "page": 0,
        "source": "v1",
        "needed": False,
        "code": "de",
    }
    click = sample(kind, **here)
    message = house.slack.post(
        PLANNING, house.slack.bot_user_id, "-", [actions(button("-", click))]
    )
    body = house.slack.click_body(ADA, message.id, kind.action_id)
    body["actions"][0]["value"] = json.dumps({**json.loads(click.pack()), "v": 2})
    before, in_all = kept(house), len(house.slack.messages)

    await house.slack.deliver(body, kind="interactive")

    await house.told(ADA, "That is from an older version of pollbot")
    await nothing_waits(house, pollbot)
    assert (kept(house), len(house.slack.messages)) == (before, in_all + 1)
    assert not house.slack.views


def kept(house: House) -> list[Any]:
    """Return what people have made and said, as it lies on disk."""
    return [
        house.rows(f"SELECT * FROM {table}")  # noqa: S608  names of tables
        for table in ("polls", "answers", "intents", "schedules", "records")
    ]


async def test_a_button_that_no_longer_exists_says_so(house: House) -> None:
    await house.connect(ADA)
    click = await card_click(house)
    click["actions"][0]["action_id"] = "upvote_v0"

    answer = await house.slack.deliver(click, kind="interactive")

    assert answer.status == 200
    await house.told(ADA, "run `/votes` with the issue, or `/poll list`")


@pytest.mark.parametrize("missing", ["team", "channel", "message", "container", "response_url"])
async def test_a_payload_that_lacks_a_part_still_counts(house: House, missing: str) -> None:
    await house.connect(ADA)
    click = await card_click(house)
    click[missing] = None

    answer = await house.slack.deliver(click, kind="interactive")

    assert answer.status == 200
    await house.votes("PLAT-12", 8)
    await house.told(ADA, "is counted")


async def test_a_payload_without_team_channel_and_message_still_counts(house: House) -> None:
    await house.connect(ADA)
    click = await card_click(house)
    for part in ("team", "channel", "message"):
        del click[part]

    answer = await house.slack.deliver(click, kind="interactive")

    assert answer.status == 200
    await house.votes("PLAT-12", 8)


@pytest.mark.parametrize("change", [{"user": None}, {"user": {}}, {"user": "U0ADA"}])
async def test_a_payload_without_a_person_does_nothing(
    house: House, change: dict[str, Any], pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    click = await card_click(house)

    answer = await house.slack.deliver(click | change, kind="interactive")

    assert answer.status < 500
    await nothing_waits(house, pollbot)
    assert house.jira.issues["PLAT-12"].voters == set()
    assert not any("connect" in text for user in (ADA, BEN, CLEO) for text in house.words(user))


@pytest.mark.parametrize("missing", ["text", "channel_id", "response_url", "trigger_id"])
@pytest.mark.parametrize("command", ["/vote", "/votes", "/pollbot"])
async def test_a_command_that_lacks_a_field_is_no_error(
    house: House, command: str, missing: str
) -> None:
    payload = {
        "team_id": house.slack.team_id,
        "user_id": CLEO,
        "channel_id": PLANNING,
        "command": command,
        "text": "PLAT-12",
        "response_url": "",
        "trigger_id": "1.2.3",
    }
    del payload[missing]

    answer = await house.slack.deliver(payload, kind="slash_commands")

    assert answer.status == 200


@pytest.mark.parametrize("text", ["dance", "help", "", "CONNECTED?", "<!here>"])
async def test_unknown_words_get_the_help(house: House, text: str) -> None:
    await house.slack.command(CLEO, PLANNING, "/pollbot", text)

    said = house.words(CLEO)[-1]
    assert "`/vote PLAT-12`" in said
    assert "`/pollbot connect`" in said
    assert "<!here>" not in said


@pytest.mark.parametrize("command", ["/vote", "/unvote", "/votes", "/poll", "/pollbot"])
@pytest.mark.parametrize("text", ["help", " Help! ", "--help", "—help", "?", "ｈｅｌｐ", "help\n"])
async def test_help_after_any_command_is_the_help(house: House, command: str, text: str) -> None:
    answer = await house.slack.command(CLEO, PLANNING, command, text)

    assert "`/vote PLAT-12`" in answer.body
    assert "I do not know" not in answer.body
    assert house.slack.stack_of(CLEO) == []


@pytest.mark.parametrize(
    "text",
    [
        "link PLAT-12",
        "LINK plat-12",
        "link\nPLAT-12",
        "  link\N{NO-BREAK SPACE}PLAT-12",
        "link:\tPLAT-12.",
        "--link PLAT-12",
        "“link” PLAT-12",
        "ｌｉｎｋ　ＰＬＡＴ－１２",
        "link\u200b PLAT-12",
    ],
)
async def test_a_word_after_pollbot_is_read_as_people_type_it(house: House, text: str) -> None:
    await house.slack.command(CLEO, PLANNING, "/pollbot", text)

    assert "now linked to" in house.words(CLEO)[-1]
    assert "PLAT-12" in house.words(CLEO)[-1]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("conect", "connect"), ("unlnk", "unlink"), ("shedules now", "schedules"), ("Votee", "vote")],
)
async def test_a_typo_after_pollbot_is_named(house: House, typed: str, meant: str) -> None:
    answer = await house.slack.command(CLEO, PLANNING, "/pollbot", typed)

    said = house.words(CLEO)[-1]
    assert f"I do not know “{typed.split()[0]}”. Did you mean `/pollbot {meant}`?" in said
    assert answer.status == 200


async def test_every_command_works_after_pollbot_too(house: House) -> None:
    await house.connect(ADA)

    await house.slack.command(ADA, PLANNING, "/pollbot", "vote plat-12")
    await house.votes("PLAT-12", 8)
    await house.slack.command(ADA, PLANNING, "/pollbot", "Unvote PLAT-12")
    await house.votes("PLAT-12", 7)
    await house.slack.command(ADA, PLANNING, "/pollbot", "votes PLAT-13")
    await house.card("PLAT-13: Dark mode")
    await house.slack.command(ADA, PLANNING, "/pollbot", 'poll multi "Lunch?" "Pizza" "Soup"')
    await house.card("Lunch?")
    answer = await house.slack.command(ADA, PLANNING, "/pollbot", "poll list")
    assert "1 poll: Lunch?" in answer.body
    answer = await house.slack.command(ADA, PLANNING, "/pollbot", "unvote")
    assert "Name one, as in `/pollbot unvote PLAT-12`" in answer.body
    answer = await house.slack.command(ADA, PLANNING, "/pollbot", "vote help")
    assert "*Vote on Jira issues, as yourself*" in answer.body


async def test_a_command_nobody_knows_gets_the_help(house: House) -> None:
    await house.slack.command(CLEO, PLANNING, "/pollz", "x")

    assert "`/vote PLAT-12`" in house.words(CLEO)[-1]


@pytest.mark.parametrize(
    ("timestamp", "signature"),
    [(None, "v0=00"), ("1700000000", None), ("soon", None), ("", None), (None, "")],
    ids=["forged", "stale", "no number", "no timestamp", "no signature"],
)
async def test_a_request_that_slack_did_not_sign_is_refused(
    house: House, timestamp: str | None, signature: str | None, pollbot: Pollbot
) -> None:
    headers = {"X-Slack-Signature": ""} if signature == "" else None
    payload = {
        "team_id": house.slack.team_id,
        "user_id": ADA,
        "channel_id": PLANNING,
        "command": "/vote",
        "text": "PLAT-12",
    }

    answer = await house.slack.deliver(
        payload,
        kind="slash_commands",
        timestamp=timestamp,
        signature=signature or None,
        headers=headers,
    )

    assert answer.status == 401
    await nothing_waits(house, pollbot)
    assert house.words(ADA) == []
    await house.connect(ADA)
    await nothing_waits(house, pollbot)
    assert house.jira.issues["PLAT-12"].voters == set(), "nothing was kept for later"


async def test_an_event_that_nobody_asked_for_is_taken_in_silence(house: House) -> None:
    event = {
        "type": "event_callback",
        "team_id": house.slack.team_id,
        "api_app_id": "A0",
        "event_id": "Ev1",
        "event": {"type": "team_join", "user": {"id": ADA}},
    }

    answer = await house.slack.deliver(event, kind="events_api")

    assert answer.status == 200
    assert house.words(ADA) == []


async def test_slack_may_check_the_address(house: House) -> None:
    answer = await house.slack.deliver(
        {"type": "url_verification", "challenge": "c0ffee", "token": "t"}, kind="events_api"
    )

    assert json.loads(answer.body) == {"challenge": "c0ffee"}


@pytest.mark.parametrize(
    ("command", "before"),
    [
        ("/vote", ""),
        ("/unvote", ""),
        ("/votes", ""),
        ("/poll", ""),
        ("/poll", "list "),
        ("/poll", "results "),
        ("/pollbot", "link "),
    ],
)
async def test_every_command_reads_an_issue_in_the_same_way(
    house: House, command: str, before: str
) -> None:
    await house.connect(ADA)
    sentences = {
        "Prüfung-12": "I found no issue in “Prüfung-12”",
        "PLAТ-12": "“Т” in it only looks like a Latin letter",
        "PLAT-12 PLAT‑13": "I found PLAT-12 and PLAT-13",
        "https://other.example/browse/PLAT-12": "leads to other.example",
    }

    for typed, sentence in sentences.items():
        answer = await house.slack.command(ADA, PLANNING, command, f"{before}{typed}")

        said = (answer.json or {}).get("text") or (await house.told(ADA, sentence)).text
        assert sentence in said


NOT_SEEN = "".join(mark for mark in map(chr, (*range(32), *range(127, 160))) if not mark.isspace())
"""What no keyboard has and no screen shows: all control characters but white space."""


@pytest.mark.parametrize(
    ("command", "text"),
    [
        *(("/vote", text) for text in ("{}", "no{}ne", "PLAT{}12", "https://other.{}example/{}")),
        *(("/unvote", "no{}ne"), ("/votes", "no{}ne")),
        *(("/pollbot", text) for text in ("PLAT-12{}", "fr{}ob", "link {}", "link no{}ne")),
        *(("/pollbot", text) for text in ("tell x{} PLAT-12", "reminders o{}n")),
        *(("/pollbot", text) for text in ("forget m{}e", "macro {} {}", "previews {}")),
        *(("/poll", text) for text in ("list no{}ne", "results no{}ne", "template no{}ne")),
    ],
)
async def test_what_nobody_sees_is_not_repeated(house: House, command: str, text: str) -> None:
    await house.connect(ADA)

    before = len(house.words(ADA))

    await house.slack.command(ADA, PLANNING, command, text.replace("{}", NOT_SEEN))

    said = "\n".join(await house.slack.until(lambda: house.words(ADA)[before:]))
    assert [mark for mark in NOT_SEEN if mark in said] == []
    assert "“”" not in said
    assert house.rows("SELECT 1 FROM intents") == []
