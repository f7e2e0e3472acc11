"""The spaces and pages of the pretended site, and who may edit them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote_plus


@dataclass(frozen=True)
class Space:
    """A space; its id is what other apps know it by."""

    id: str
    key: str
    name: str


@dataclass
class Page:
    """A page. ``seen_by`` and ``edited_by`` are its restrictions; ``None`` lets everyone."""

    id: str
    space: Space
    title: str
    seen_by: set[str] | None = None
    edited_by: set[str] | None = None
    text: str = ""

    @property
    def path(self) -> str:
        """Where people read it, after the site's ``/wiki``."""
        return f"/spaces/{self.space.key}/pages/{self.id}/{quote_plus(self.title)}"

    def shown_to(self, account_id: str | None) -> bool:
        return account_id is not None and _among(self.seen_by, account_id)

    def editable_by(self, account_id: str | None) -> bool:
        return (
            account_id is not None
            and self.shown_to(account_id)
            and _among(self.edited_by, account_id)
        )


class Confluence:
    """What there is, by id."""

    def __init__(self) -> None:
        self.spaces: dict[str, Space] = {}
        self.pages: dict[str, Page] = {}

    def add_space(self, id: str, key: str, name: str) -> Space:
        """Add a space; ids are strings of digits."""
        self.spaces[id] = Space(id, key, name)
        return self.spaces[id]

    def add_page(
        self,
        id: str,
        space: Space,
        title: str,
        *,
        seen_by: Iterable[str] | None = None,
        edited_by: Iterable[str] | None = None,
        text: str = "",
    ) -> Page:
        """Add a page, restricted to these accounts if any are named."""
        page = Page(id, space, title, text=text)
        page.seen_by = None if seen_by is None else set(seen_by)
        page.edited_by = None if edited_by is None else set(edited_by)
        self.pages[id] = page
        return page

    def page_url(self, page: Page, site: str) -> str:
        """Return the address that a browser shows for the page."""
        return f"{site}/wiki{page.path}"


def _among(accounts: set[str] | None, account_id: str) -> bool:
    return accounts is None or account_id in accounts
