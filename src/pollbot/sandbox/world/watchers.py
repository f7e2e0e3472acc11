"""The open pages, woken after each change."""

from __future__ import annotations

import asyncio


class Watchers:
    """Wakes every open page after a change."""

    def __init__(self) -> None:
        self._bells: set[asyncio.Event] = set()
        self.closed = False

    def changed(self) -> None:
        """Have every page redrawn soon. Cheap enough for every call."""
        for bell in self._bells:
            bell.set()

    def close(self) -> None:
        """End every stream."""
        self.closed = True
        self.changed()

    def join(self) -> asyncio.Event:
        bell = asyncio.Event()
        bell.set()
        self._bells.add(bell)
        return bell

    def leave(self, bell: asyncio.Event) -> None:
        self._bells.discard(bell)
