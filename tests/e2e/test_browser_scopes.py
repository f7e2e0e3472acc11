"""What a workspace sees of pollbot that was installed without the scopes that may be left out."""

from playwright.async_api import Page, expect

from pollbot.sandbox.world import World
from pollbot.text.manifest import SCOPES
from tests.e2e.browser import message, page, press, say, world
from tests.e2e.test_browser_links import shot, use

__all__ = ["page", "world"]

SLOW = 20_000


async def test_without_the_optional_scopes_features_say_so_and_all_else_works(
    page: Page, world: World
) -> None:
    world.slack.tokens.bot_scopes[:] = SCOPES

    await say(page, '/poll here "Lunch?" "Pizza" "Soup"')
    poll = page.get_by_test_id("message").filter(has_text="Lunch?").filter(has_text="Pizza").first
    await poll.get_by_role("button", name="Soup").click()
    await expect(poll).to_contain_text("@Ada", timeout=SLOW)

    # Slack tells of no link now; the command says that, and why.
    await say(page, f"{world.jira.site_url}/browse/PLAT-12")
    await say(page, "/pollbot previews")
    said = message(page, "as yet no link gets one")
    await expect(said).to_contain_text("links:read", timeout=SLOW)
    await expect(page.get_by_test_id("preview")).to_have_count(0)
    await shot(page, "scopes-previews")

    # Of a thread only the message itself is read.
    await say(page, "What comes first, PLAT-15?")
    await use(message(page, "What comes first"), page, "Vote on these")
    card = message(page, "Export the sprint report as CSV")
    await expect(card).to_be_visible(timeout=SLOW)
    await press(card, "Vote")
    await expect(message(page, "is counted in Jira")).to_contain_text("PLAT-15", timeout=SLOW)
