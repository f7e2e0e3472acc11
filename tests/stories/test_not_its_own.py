"""What a proxy or a page to log in answers in place of Jira or Team Voice is no refusal."""

import pytest

from pollbot.sandbox.slack import Message
from pollbot.wiring import Pollbot
from tests.support.house import ADA, House, rest
from tests.support.schedules import top_issues, until_due

PROXYS = "<!doctype html><title>Not here</title><p>The gateway knows no such host."
GATEWAYS = '{"message": "no Route matched with those values"}'
ANSWERS = [
    *((status, PROXYS) for status in (400, 401, 403, 404, 405, 410, 451)),
    *((status, body) for status in (403, 404) for body in (GATEWAYS, "", "Not Found")),
]
EACH = pytest.mark.parametrize(("status", "body"), ANSWERS)


def posts(house: House) -> list[Message]:
    """Return what everybody sees."""
    return [one for one in house.slack.messages if one.ephemeral_for is None]


@EACH
async def test_a_vote_waits_and_is_cast_once_jira_itself_answers(
    house: House, pollbot: Pollbot, status: int, body: str
) -> None:
    await house.connect(ADA)
    house.jira.headers_arrive = False
    house.jira.faults.answer_all(status, body)

    await house.vote(ADA, "PLAT-12")

    await house.told(ADA, "is saved")
    await rest(house, pollbot)
    for _ in range(3):
        house.clock.ahead += 45
        await rest(house, pollbot)
    assert [word for word in house.words(ADA) if "PLAT-12" in word and "is saved" not in word] == []
    house.jira.faults.let_go()
    house.clock.ahead += 45
    await house.told(ADA, "is counted")


@pytest.mark.parametrize(("status", "body"), ANSWERS[:7])
async def test_a_scheduled_search_waits_and_is_posted_once_jira_itself_answers(
    house: House, pollbot: Pollbot, status: int, body: str
) -> None:
    await house.connect(ADA)
    await top_issues(house)
    await rest(house, pollbot)
    house.jira.headers_arrive = False
    house.jira.faults.answer_all(status, body)

    await until_due(house)
    await rest(house, pollbot)
    assert house.rows("SELECT paused FROM schedules") == [(0,)]
    assert posts(house) == []
    house.jira.faults.let_go()
    house.clock.ahead += 45

    await house.slack.until(lambda: posts(house), what="the post")


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize(
    "header",
    [
        {"X-Seraph-LoginReason": "AUTHENTICATION_DENIED"},
        {"X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE; login-url=https://jira/login.jsp"},
    ],
    ids=lambda one: next(iter(one)),
)
async def test_who_has_to_solve_a_captcha_hears_that_a_new_token_is_no_way(
    house: House, pollbot: Pollbot, header: dict[str, str], status: int
) -> None:
    await house.connect(ADA)
    house.jira.headers_arrive = False
    house.jira.faults.answer_all(status, PROXYS, header)

    await house.vote(ADA, "PLAT-12")

    told = await house.told(ADA, "no longer accepts")
    assert "CAPTCHA when you sign in to it in a browser" in told.text
    assert "the old one will do" in told.text
