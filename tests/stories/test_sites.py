"""Several Jira sites in one workspace: which one is meant, and that each stands for itself."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from pollbot.sandbox.jira import JiraStandIn
from pollbot.sandbox.slack import Message
from pollbot.slack.clicks import VoteClick
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, EMAILS, PLANNING, House, buttons, rest, shown
from tests.support.jira_spec import complaints, listen
from tests.support.numbers import numbers
from tests.support.polls import answer, close, form_poll
from tests.support.schedules import form, listed, press, schedule, told_in_form
from tests.support.signing import signing
from tests.support.team_voice import by_default, set_up, team_voice

COUNTED = "is counted in Jira"
LABS_TOKENS = {ADA: "ada-of-labs", BEN: "ben-of-labs"}


@dataclass
class Houses:
    """A house with two sites: its own is the default one, ``labs`` is where LAB and OPS live."""

    house: House
    labs: JiraStandIn
    pollbot: Pollbot
    settings: str = field(repr=False)

    @property
    def slack(self) -> Any:
        return self.house.slack

    @property
    def jira(self) -> JiraStandIn:
        return self.house.jira

    def at_labs(self, key: str) -> str:
        """Return the address of an issue there."""
        return f"{self.labs.site_url}/browse/{key}"

    async def form(self, user: str, *, card: Message | None = None) -> Any:
        """Open the form that connects, by the command or by the button of a message."""
        self.slack.views.clear()
        if card is None:
            await self.slack.command(user, PLANNING, "/pollbot", "connect")
        else:
            await self.slack.press(user, card.id, "connect_jira")
        return await self.slack.until(
            lambda: next((v for v in self.slack.views.values() if v.user == user), None),
            what="the form",
        )

    async def connect(self, user: str, site: str = "", *, token: str = "") -> Any:
        """Connect to a site by an API token; without one, to that which the form shows."""
        form = await self.form(user)
        return await self.submit(user, form, site, token=token)

    async def submit(self, user: str, form: Any, site: str = "", *, token: str = "") -> Any:
        site = site or chosen(form.view)
        tokens = LABS_TOKENS if site == self.labs.site_url else None
        given = token or (tokens[user] if tokens else f"{EMAILS[user].partition('@')[0]}-token")
        return await self.slack.submit(
            user,
            form.id,
            {
                "site": {"value": site},
                "email": {"value": EMAILS[user]},
                "token": {"value": given},
            },
        )


def chosen(view: dict[str, Any]) -> str:
    """Return the site that the form starts with."""
    [select] = [block["element"] for block in view["blocks"] if block.get("block_id") == "site"]
    return str(select["initial_option"]["value"])


@pytest.fixture
async def labs(house: House) -> AsyncIterator[JiraStandIn]:
    """Another site with the same keys, behind the same gateway."""
    labs = JiraStandIn(now=house.clock)
    labs.cloud_id = "9b1c3f5e-0000-4000-8000-5a4db0c5a4db"
    labs.consents = house.jira.consents
    for user, token in LABS_TOKENS.items():
        name = EMAILS[user].partition("@")[0]
        labs.add_person(f"acc-{name}", f"{name.capitalize()} of Labs", EMAILS[user], token=token)
    labs.add_issue("PLAT-12", "The same key, another issue", other_votes=40)
    labs.add_issue("LAB-1", "A thing of labs")
    asked = listen(labs.app)
    await labs.start()
    # Hosts tell sites apart, and ports are part of a host.
    house.jira.behind[labs.cloud_id] = labs
    house.jira.other_sites[labs.cloud_id] = labs.site_url
    yield labs
    await labs.stop()
    assert complaints(asked) == []


@pytest.fixture
async def two(house: House, labs: JiraStandIn) -> AsyncIterator[Houses]:
    written = f"{house.jira.site_url}, {labs.site_url}=LAB OPS"
    async with house.program(jira_url=written) as pollbot:
        yield Houses(house, labs, pollbot, written)


async def both(two: Houses, user: str = ADA) -> None:
    """Connect to both sites."""
    await two.connect(user, two.jira.site_url)
    await two.connect(user, two.labs.site_url)


async def test_the_same_key_on_two_sites_is_voted_on_by_link_and_by_key(two: Houses) -> None:
    await both(two)

    await two.house.vote(ADA, "PLAT-12")
    await two.house.told(ADA, COUNTED)
    assert (two.jira.votes("PLAT-12"), two.labs.votes("PLAT-12")) == (8, 40)

    await two.house.vote(ADA, two.at_labs("PLAT-12"))
    said = await two.house.told(ADA, "It has 41 votes now")

    assert f"{two.at_labs('PLAT-12')}|" in said.text
    assert (two.jira.votes("PLAT-12"), two.labs.votes("PLAT-12")) == (8, 41)
    await two.slack.press(ADA, said.id, "withdraw")
    await two.house.told(ADA, "is withdrawn")
    assert (two.jira.votes("PLAT-12"), two.labs.votes("PLAT-12")) == (8, 40)


async def test_a_key_of_a_listed_project_goes_where_that_lives(two: Houses) -> None:
    await both(two)

    await two.house.vote(ADA, "lab-1")

    await two.house.told(ADA, COUNTED)
    assert two.labs.votes("LAB-1") == 1


async def test_in_a_linked_channel_a_key_alone_is_of_the_channels_site(two: Houses) -> None:
    await both(two)
    link = await two.slack.command(ADA, PLANNING, "/pollbot", f"link {two.at_labs('LAB-1')}")
    assert two.at_labs("LAB-1") in str(link.json)

    await two.house.vote(ADA, "PLAT-12")
    await two.house.told(ADA, "It has 41 votes now")
    await two.house.vote(ADA)
    await two.house.told(ADA, "It has 1 vote now")

    assert (two.jira.votes("PLAT-12"), two.labs.votes("LAB-1")) == (7, 1)
    answer = await two.slack.command(ADA, PLANNING, "/pollbot", "unlink")
    assert two.at_labs("LAB-1") in str(answer.json)


async def test_a_link_to_none_of_them_is_refused_and_names_them(two: Houses) -> None:
    answer = await two.house.vote(ADA, "https://evil.example/browse/PLAT-12")

    said = str(answer.json)
    for site in (two.jira, two.labs):
        assert site.site_url.removeprefix("http://") in said
    assert two.house.rows("SELECT 1 FROM intents") == []


async def test_cards_of_both_issues_hang_in_a_channel_and_each_knows_its_site(two: Houses) -> None:
    await both(two)
    await two.slack.command(ADA, PLANNING, "/votes", "PLAT-12")
    await two.slack.command(ADA, PLANNING, "/votes", two.at_labs("PLAT-12"))
    here = await two.house.card("Export")
    there = await two.house.card("another issue")

    await two.slack.press(ADA, there.id, "vote")
    await two.house.told(ADA, COUNTED)

    await two.slack.until(lambda: "41 votes" in shown(there), what="the new count on its card")
    await rest(two.house, two.pollbot)
    assert "7 votes" in shown(here)
    assert (two.jira.votes("PLAT-12"), two.labs.votes("PLAT-12")) == (7, 41)


async def test_a_button_from_before_there_were_several_means_the_first_one(two: Houses) -> None:
    await both(two)
    await two.slack.command(ADA, PLANNING, "/votes", "PLAT-12")
    card = await two.house.card("Export")
    old = VoteClick(issue="PLAT-12").pack()
    assert json.loads(old) == {"v": 1, "issue": "PLAT-12"}

    await two.slack.press(ADA, card.id, "vote", value=old)

    await two.house.told(ADA, COUNTED)
    assert (two.jira.votes("PLAT-12"), two.labs.votes("PLAT-12")) == (8, 40)


async def test_a_button_of_a_site_that_is_gone_votes_nowhere_and_says_so(two: Houses) -> None:
    await both(two)
    await two.slack.command(ADA, PLANNING, "/votes", "PLAT-12")
    card = await two.house.card("Export")
    gone = VoteClick(issue="PLAT-12", site="https://gone.example").pack()

    await two.slack.press(ADA, card.id, "vote", value=gone)

    await two.house.told(ADA, "older version")
    assert (two.jira.votes("PLAT-12"), two.labs.votes("PLAT-12")) == (7, 40)


async def test_a_vote_asks_to_connect_to_its_site_and_is_cast_afterwards(two: Houses) -> None:
    await two.connect(ADA, two.jira.site_url)

    await two.house.vote(ADA, two.at_labs("PLAT-12"))

    asked = await two.house.told(ADA, "so pollbot needs your Jira account on")
    assert two.labs.site_url.removeprefix("http://") in asked.text
    assert "connect_jira" in buttons(asked)
    form = await two.form(ADA, card=asked)
    assert chosen(form.view) == two.labs.site_url
    answer = await two.submit(ADA, form)
    assert "Ada of Labs" in str(answer.json)
    await two.house.told(ADA, COUNTED)
    assert (two.jira.votes("PLAT-12"), two.labs.votes("PLAT-12")) == (7, 41)


async def test_the_form_shows_how_it_stands_on_each_site(two: Houses) -> None:
    here, there = (site.site_url.removeprefix("http://") for site in (two.jira, two.labs))
    form = await two.form(ADA)
    assert f"Not connected to {here}" in str(form.view)
    assert f"Not connected to {there}" in str(form.view)
    assert chosen(form.view) == two.jira.site_url

    await two.submit(ADA, form)
    form = await two.form(ADA)

    assert f"You are connected as *Ada of Jira* to {here}" in str(form.view)
    assert f"Not connected to {there}" in str(form.view)
    assert chosen(form.view) == two.labs.site_url


async def test_a_token_that_one_site_refuses_leaves_the_other(two: Houses) -> None:
    await both(two)
    two.labs.people["acc-ada"].tokens.clear()

    await two.house.vote(ADA, two.at_labs("PLAT-12"))
    again = await two.house.told(ADA, "no longer accepts")
    await two.house.vote(ADA, "PLAT-12")

    await two.house.told(ADA, COUNTED)
    assert (two.jira.votes("PLAT-12"), two.labs.votes("PLAT-12")) == (8, 40)
    two.labs.people["acc-ada"].tokens[LABS_TOKENS[ADA]] = None
    form = await two.form(ADA, card=again)
    await two.submit(ADA, form)
    await two.house.told(ADA, "It has 41 votes now")


async def test_one_consent_for_both_sites_connects_to_both_and_ends_with_the_last(
    house: House, labs: JiraStandIn
) -> None:
    written = f"{house.jira.site_url}, {labs.site_url}"
    async with signing(house, jira_url=written) as at:
        await house.vote(ADA, "PLAT-12")
        await house.vote(ADA, f"{labs.site_url}/browse/PLAT-12")
        house.jira.consents.sites = (house.jira.cloud_id, labs.cloud_id)

        page = await at.sign_in(ADA, "acc-ada")

        assert "You are connected" in page.text
        await house.votes("PLAT-12", 8)
        await labs.until(lambda: labs.votes("PLAT-12") == 41, what="the vote there")
        house.clock.ahead += 2 * 3600
        await house.vote(ADA, "PLAT-13")
        await house.vote(ADA, f"{labs.site_url}/browse/LAB-1")
        await labs.until(lambda: labs.votes("LAB-1") == 1, what="another vote there")
        await house.votes("PLAT-13", 1)
        assert house.jira.consents.refreshes == 1, "one grant, refreshed once"
        [here, there] = (url.removeprefix("http://") for url in written.split(", "))
        await house.slack.command(ADA, PLANNING, "/pollbot", f"disconnect {here}")
        assert len(house.rows("SELECT 1 FROM grants")) == 1
        await house.slack.command(ADA, PLANNING, "/pollbot", f"disconnect {there}")
        assert house.rows("SELECT 1 FROM grants") == []


async def test_a_second_consent_takes_the_other_site_along_and_leaves_a_token(
    house: House, labs: JiraStandIn
) -> None:
    """At Atlassian a second consent of one person ends what the first one gave."""
    written = f"{house.jira.site_url}, {labs.site_url}"
    async with signing(house, jira_url=written) as at:
        house.jira.consents.sites = (house.jira.cloud_id,)
        await at.sign_in(ADA, "acc-ada")
        house.jira.consents.sites = (house.jira.cloud_id, labs.cloud_id)

        await at.sign_in(ADA, "acc-ada", labs.site_url)

        assert len(house.rows("SELECT 1 FROM grants")) == 1
        house.clock.ahead += 2 * 3600
        await house.vote(ADA, "PLAT-12")
        await house.votes("PLAT-12", 8)
        two = Houses(house, labs, at.pollbot, written)
        await two.connect(ADA, labs.site_url)
        await at.sign_in(ADA, "acc-ada")
        [(base_url,)] = house.rows("SELECT base_url FROM accounts WHERE site = ?", labs.site_url)
        assert base_url == labs.site_url, "their own token stays"


async def test_a_consent_for_the_other_site_only_connects_to_neither(
    house: House, labs: JiraStandIn
) -> None:
    async with signing(house, jira_url=f"{house.jira.site_url}, {labs.site_url}") as at:
        house.jira.consents.sites = (house.jira.cloud_id,)

        page = await at.sign_in(ADA, "acc-ada", labs.site_url)

        there = labs.site_url.removeprefix("http://")
        assert f"choose {there}" in page.text
        assert house.rows("SELECT 1 FROM accounts") == []


async def test_disconnecting_says_from_which_sites_and_may_be_from_one(two: Houses) -> None:
    await both(two)
    here, there = (site.site_url.removeprefix("http://") for site in (two.jira, two.labs))

    one = str((await two.slack.command(ADA, PLANNING, "/pollbot", f"disconnect {there}")).json)
    assert f"Your account on *{there}* is disconnected" in one
    assert here not in one
    assert two.house.rows("SELECT site FROM accounts") == [(two.jira.site_url,)]

    rest_of_it = str((await two.slack.command(ADA, PLANNING, "/pollbot", "disconnect")).json)
    assert f"Your account on *{here}* is disconnected" in rest_of_it
    assert f"You have no account on *{there}* connected" in rest_of_it
    assert two.house.rows("SELECT 1 FROM accounts") == []

    wrong = await two.slack.command(ADA, PLANNING, "/pollbot", "disconnect evil.example")
    assert "leads to evil.example" in str(wrong.json)


async def test_a_site_that_hangs_delays_nothing_of_the_other(two: Houses) -> None:
    """Neither votes nor cards, though one person alone waits for more than they may at once."""
    await both(two)
    keys = [f"LAB-{number}" for number in range(2, 14)]
    for key in keys:
        two.labs.add_issue(key, "Waits")
    for name in ("POST votes", "GET issue", "GET votes"):
        two.labs.faults.drip(name)
    for key in keys:
        await two.house.vote(ADA, key)
        await two.slack.command(ADA, PLANNING, "/votes", key)
    await two.slack.until(lambda: two.labs.faults.stuck >= 6, what="calls that hang")

    await two.house.vote(ADA, "PLAT-12")
    await two.slack.command(ADA, PLANNING, "/votes", "PLAT-13")

    await two.house.told(ADA, COUNTED)
    await two.house.card("Dark mode")
    assert two.labs.faults.stuck >= 6, "they still hang"
    two.labs.faults.let_go()


async def test_a_poll_is_on_the_issue_of_the_site_that_was_named(two: Houses) -> None:
    await both(two)
    there = two.at_labs("PLAT-12")

    await two.slack.command(ADA, PLANNING, "/poll", f'{there} "Which of labs?" "Yes" "No"')
    card = await two.house.card("Which of labs?")
    await two.slack.command(ADA, PLANNING, "/poll", 'PLAT-12 "Which of ours?" "Yes" "No"')
    await two.house.card("Which of ours?")

    assert f"{there}|" in str(card.blocks)
    await two.slack.command(ADA, PLANNING, "/poll", f"list {there}")
    listed = await two.house.told(ADA, "Which of labs?")
    assert "Which of ours?" not in listed.text
    await two.slack.command(ADA, PLANNING, "/poll", "list PLAT-12")
    listed = await two.house.told(ADA, "Which of ours?")
    assert "Which of labs?" not in listed.text


async def test_a_poll_asks_to_connect_to_its_site_and_is_made_afterwards(two: Houses) -> None:
    await two.connect(ADA, two.jira.site_url)

    await two.slack.command(ADA, PLANNING, "/poll", 'LAB-1 "Of labs?" "Yes" "No"')

    asked = await two.house.told(ADA, "as soon as you are connected")
    form = await two.form(ADA, card=asked)
    assert chosen(form.view) == two.labs.site_url
    await two.submit(ADA, form)
    card = await two.house.card("Of labs?")
    assert f"{two.at_labs('LAB-1')}|" in str(card.blocks)


async def test_the_form_of_a_poll_remembers_the_site_of_the_channels_issue(two: Houses) -> None:
    await both(two)
    await two.slack.command(ADA, PLANNING, "/pollbot", f"link {two.at_labs('PLAT-12')}")

    card = await form_poll(two.house)

    assert f"{two.at_labs('PLAT-12')}|" in str(card.blocks)


async def test_a_result_is_written_on_the_issue_of_the_polls_site(two: Houses) -> None:
    await both(two)
    await two.slack.command(
        ADA, PLANNING, "/poll", f'{two.at_labs("PLAT-12")} "Of labs?" "Yes" "No"'
    )
    card = await two.house.card("Of labs?")
    await answer(two.house, ADA, card, "Yes")
    closed = await close(two.house, ADA, card)

    await two.slack.view_action(ADA, closed.id, "record_result")

    await two.labs.until(
        lambda: len(two.labs.issues["PLAT-12"].comments) == 1, what="the comment there"
    )
    assert two.jira.issues["PLAT-12"].comments == []


async def test_a_schedule_of_an_issue_looks_at_the_cards_site(two: Houses) -> None:
    await both(two)
    await two.slack.command(ADA, PLANNING, "/votes", two.at_labs("PLAT-12"))
    card = await two.house.card("another issue")

    saved = await schedule(two.house, card)

    assert two.at_labs("PLAT-12") in told_in_form(saved)
    await press(two.house, ADA, await listed(two.house), "Run now")
    post = await two.house.card("40 votes")
    await two.slack.press(ADA, post.id, "vote")
    await two.house.told(ADA, "It has 41 votes now")


async def test_a_list_by_jql_asks_which_site_and_looks_there(two: Houses) -> None:
    await both(two)
    await press(two.house, ADA, await listed(two.house), "New: top voted issues")
    opened = await form(two.house)
    assert chosen(opened.view) == two.jira.site_url
    filled = {"site": two.labs.site_url, "query": "PLAT", "channel": PLANNING}

    saved = await two.slack.submit(
        ADA, opened.id, {name: {"value": value} for name, value in filled.items()}
    )

    assert "Saved" in told_in_form(saved), saved
    await press(two.house, ADA, await listed(two.house), "Run now")
    post = await two.house.card("Top voted issues")
    assert two.at_labs("PLAT-12") in str(post.blocks)


async def test_a_list_that_is_posted_now_asks_which_site_and_looks_there(two: Houses) -> None:
    await both(two)
    await two.slack.command(ADA, PLANNING, "/votes", "")
    opened = await form(two.house, callback_id="show_votes")
    assert chosen(opened.view) == two.jira.site_url
    filled = {"site": two.labs.site_url, "query": "PLAT", "look": "table"}

    await two.slack.submit(
        ADA, opened.id, {name: {"value": value} for name, value in filled.items()}
    )

    post = await two.house.card("Top voted issues")
    assert two.at_labs("PLAT-12") in str(post.blocks)


async def test_the_health_page_says_which_site_has_moved(two: Houses) -> None:
    two.labs.faults.answer_all(301, headers={"Location": "https://moved.example/"})
    await two.connect(ADA, two.labs.site_url)

    said = two.pollbot.remarks()["jira"]

    assert two.labs.site_url.removeprefix("http://") in said
    assert "moved.example" in said


async def test_the_issues_of_a_message_hang_under_it_in_a_card_of_each_site(two: Houses) -> None:
    await both(two)
    text = f"PLAT-12, PLAT-13 and {two.at_labs('PLAT-12')} or LAB-1?"
    message = two.slack.say(BEN, PLANNING, text)

    await two.slack.shortcut(ADA, "vote_on_mentioned", message.id)

    here = await two.house.card("Dark mode")
    there = await two.house.card("A thing of labs")
    assert (here.thread_ts, there.thread_ts) == (message.ts, message.ts)
    assert "another issue" not in shown(here)
    assert "another issue" in shown(there)


async def test_a_project_of_the_same_key_has_its_own_team_voice_on_each_site(
    two: Houses,
) -> None:
    await both(two)
    async with team_voice(two.house) as ours, team_voice(two.house) as theirs:
        await set_up(two.house, ADA, "PLAT", ours.url)
        again = await set_up(two.house, ADA, "PLAT", theirs.url, site=two.labs.site_url)
        there = two.labs.site_url.removeprefix("http://")
        assert f"*PLAT ({there})*" in str(again.json)

        link = two.at_labs("PLAT-12")
        await two.slack.command(ADA, PLANNING, "/poll", f'{link} "Of labs?" "Yes" "No"')
        await two.house.card("Of labs?")
        await two.slack.command(ADA, PLANNING, "/poll", 'PLAT-12 "Of ours?" "Yes" "No"')
        await two.house.card("Of ours?")

        assert [kept.poll["title"] for kept in theirs.polls_on("PLAT-12")] == ["Of labs?"]
        assert [kept.poll["title"] for kept in ours.polls_on("PLAT-12")] == ["Of ours?"]
        await two.slack.command(ADA, PLANNING, "/poll", f"list {link}")
        listed_there = await two.house.told(ADA, "Of labs?")
        assert "Of ours?" not in listed_there.text


async def test_the_team_voice_of_the_settings_keeps_polls_of_the_first_site_only(
    house: House, labs: JiraStandIn
) -> None:
    written = f"{house.jira.site_url}, {labs.site_url}"
    async with team_voice(house) as voice:
        async with house.program(jira_url=written, **by_default(voice)) as pollbot:
            two = Houses(house, labs, pollbot, written)
            await both(two)
            link = two.at_labs("PLAT-12")
            await two.slack.command(ADA, PLANNING, "/poll", f'{link} "Of labs?" "Yes" "No"')
            await house.card("Of labs?")
            await two.slack.command(ADA, PLANNING, "/poll", 'PLAT-12 "Of ours?" "Yes" "No"')
            await house.card("Of ours?")

        assert [kept.poll["title"] for kept in voice.polls.values()] == ["Of ours?"]


async def test_one_site_that_is_away_shows_in_a_number_however_well_the_other_answers(
    two: Houses,
) -> None:
    await both(two)
    two.labs.faults.mode = "down"
    await two.house.vote(ADA, two.at_labs("LAB-1"))
    await two.house.told(ADA, "Queued")
    await two.house.vote(ADA, "PLAT-12")
    await two.house.told(ADA, COUNTED)

    away = await numbers(two.pollbot)
    two.labs.faults.mode = "up"
    await two.labs.until(lambda: two.labs.votes("LAB-1") == 1, what="the vote there")
    back = await numbers(two.pollbot)

    assert away("pollbot_jira_sites_away") == 1
    assert back("pollbot_jira_sites_away") == 0
