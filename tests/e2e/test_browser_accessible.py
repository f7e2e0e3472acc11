"""The page as it is heard and used without a mouse: each control has a name, and keys reach it."""

import re

from playwright.async_api import Locator, Page, expect

from pollbot.sandbox.world import World
from pollbot.sandbox.world.seed import PLANNING
from tests.e2e.browser import message, page, say, world
from tests.e2e.test_browser_links import shot

__all__ = ["page", "world"]

SLOW = 20_000
CONTROLS = (
    *("button", "checkbox", "combobox", "link", "listbox", "menuitem", "option", "radio"),
    *("searchbox", "slider", "spinbutton", "switch", "tab", "textbox"),
)
# In Playwright's snapshot a name follows its role in quotes; the whole line is in others where it
# would not be YAML.
NAMELESS = re.compile(rf"^\s*- '?(?:{'|'.join(CONTROLS)})\b(?! \")", re.MULTILINE)


async def nameless(shown: Locator) -> list[str]:
    """Return the controls that a screen reader cannot name."""
    heard = await shown.aria_snapshot()
    assert heard.strip()
    return [line.strip() for line in NAMELESS.findall(heard)]


async def tab_to(page: Page, wanted: Locator, most: int = 60) -> None:
    """Press Tab until this has the focus."""
    for _ in range(most):
        await page.keyboard.press("Tab")
        if await wanted.evaluate("node => node === document.activeElement"):
            return
    raise AssertionError(f"{most} times Tab do not lead to {wanted}")


async def test_a_vote_an_answer_and_a_form_need_no_mouse(page: Page) -> None:
    await page.get_by_test_id("composer").focus()
    await page.keyboard.type("/votes PLAT-12")
    await page.keyboard.press("Enter")
    card = message(page, "Remember my board filters")
    vote = card.get_by_role("button", name="Vote", exact=True)
    await expect(vote).to_be_visible(timeout=SLOW)
    await card.get_by_role("link").first.focus()
    await tab_to(page, vote)
    await page.keyboard.press("Enter")
    await expect(card).to_contain_text("8 votes", timeout=SLOW)
    # Drawn anew, the card leaves the focus where it was.
    await expect(vote).to_be_focused()

    await page.get_by_test_id("shortcuts").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    form = page.get_by_test_id("form")
    await expect(form.get_by_role("textbox").first).to_be_visible(timeout=SLOW)
    await expect(form.get_by_role("textbox", name="Question")).to_be_focused()
    await page.keyboard.type("Lunch?")
    await tab_to(page, form.get_by_role("textbox", name="Options"))
    await page.keyboard.type("Pizza")
    await shot(page, "accessible-form")
    await page.keyboard.press("Escape")
    await expect(form).to_have_count(0)
    await expect(page.get_by_test_id("shortcuts")).to_be_focused()


async def test_each_control_of_cards_forms_home_and_pane_has_a_name(
    page: Page, world: World
) -> None:
    for typed in (
        "/votes PLAT-12",
        '/poll here "Lunch?" "Pizza" "Soup"',
        "/votes project = PLAT as Next?",
    ):
        await say(page, typed)
    for part in ("Remember my board filters", "Lunch?", "Next?"):
        await expect(message(page, part).get_by_role("button").first).to_be_visible(timeout=SLOW)
    assert await nameless(page.locator("body")) == []

    for name in ("New poll", "Vote on an issue"):
        await page.get_by_test_id("shortcuts").click()
        await page.get_by_role("menuitem", name=name).click()
        form = page.get_by_test_id("form")
        await expect(form.get_by_role("combobox").first).to_be_visible(timeout=SLOW)
        assert await nameless(form) == []
        await form.get_by_test_id("form-close").click()
        await expect(form).to_have_count(0)

    await page.get_by_test_id("channel-HOME").click()
    home = page.get_by_test_id("home")
    await expect(home).to_contain_text("Lunch?", timeout=SLOW)
    assert await nameless(home) == []

    await page.get_by_test_id(f"channel-{PLANNING}").click()
    await say(page, "/pollbot previews")
    asked = message(page, "gets a preview")
    await asked.get_by_role("button", name="As Work Objects").click()
    await expect(message(page, "are Work Objects: open one")).to_be_visible(timeout=SLOW)
    await say(page, f"{world.jira.site_url}/browse/PLAT-12")
    await page.get_by_test_id("object-open").click()
    pane = page.get_by_test_id("pane")
    await expect(pane.get_by_role("button", name="Vote", exact=True)).to_be_visible(timeout=SLOW)
    assert await nameless(pane) == []


async def test_a_control_without_a_name_is_found(page: Page) -> None:
    await page.evaluate(
        "document.body.innerHTML = '<main><button></button><input><a href=\"/\">Home</a></main>'"
    )

    assert await nameless(page.locator("main")) == ["- button", "- textbox"]
