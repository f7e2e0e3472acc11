"""What one of several pollbots changed, or was told, another one goes by."""

from tests.door.test_every_delivery import press_in_setup
from tests.door.test_two_doors import all_rest, url
from tests.stories.test_home import home, opened, press
from tests.stories.test_replicas import ONE, end_leaders_session, two
from tests.support.cluster import Cluster, Databases
from tests.support.house import ADA, BEN, House
from tests.support.polls import action, poll


async def test_what_an_admin_says_at_one_door_counts_at_another_at_once(
    house: House, databases: Databases
) -> None:
    async with two(house, databases) as (leader, door):
        await house.connect(ADA)
        card = await poll(house, 'local PLAT-12 "Which?" "CSV" "JSON"')
        await house.slack.press(BEN, card.id, action(card, "CSV"))
        await house.told(BEN, "CSV")

        house.slack.events_url = url(leader)
        await press_in_setup(house, "needs_jira", "Only people")
        house.slack.events_url = url(door)
        await house.slack.press(BEN, card.id, action(card, "JSON"))

        await house.told(BEN, "onnect")
        assert len(databases.rows(ONE, "SELECT 1 FROM answers")) == 1
        await all_rest(leader, door)


async def test_home_shows_what_was_pressed_there_at_whatever_door(
    house: House, databases: Databases
) -> None:
    async with two(house, databases) as (leader, door):
        await house.connect(ADA)
        house.slack.events_url = url(leader)
        await house.vote(ADA, "PLAT-13")
        await house.votes("PLAT-13", 1)
        await opened(house, ADA, "PLAT-13")

        house.slack.events_url = url(door)
        await press(house, ADA, "Withdraw")

        await house.votes("PLAT-13", 0)
        await house.slack.until(
            lambda: "PLAT-13" not in home(house, ADA), timeout=20, what="a Home without that vote"
        )
        await all_rest(leader, door)


async def test_who_leads_again_after_another_one_goes_on_from_what_is_on_disk(
    house: House, cluster: Cluster, databases: Databases
) -> None:
    async with two(house, databases) as (first, second):
        await house.connect(ADA)
        card = await poll(house, '"Lunch?" "Pizza" "Soup"')
        for wish, votes in (("/vote", 1), ("/unvote", 0), ("/vote", 1)):
            await house.slack.command(ADA, card.channel, wish, "PLAT-13")
            await house.votes("PLAT-13", votes)
            end_leaders_session(cluster, databases.name(ONE))
            await house.slack.until(
                lambda: first.leads != second.leads,
                timeout=20,
                what="the other leader",
            )
        await house.slack.press(BEN, card.id, action(card, "Soup"))
        await house.slack.until(lambda: "1 answer" in card.text, timeout=20, what="the card")
        await all_rest(first, second)
        assert await first.health() == await second.health() == {}
        roles = sorted(one.remarks()["role"].partition(" ")[0] for one in (first, second))
        assert roles == ["another", "this"]
        assert first.pulse().leads != second.pulse().leads
