"""What people wished one thing to be, in order, and what it may be by what they heard of that."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Deed:
    """What somebody wished to be so from then on; ``acked_at`` once they heard that it is.

    ``is_dated``: Slack tells when they pressed, so that this does not count where something that
    was pressed later did.
    """

    to: str
    sent_at: float
    acked_at: float | None = None
    is_dated: bool = False


@dataclass(slots=True)
class Deeds:
    """What one thing was wished to be, in order, and what it was in the beginning.

    ``comes_late``: what nobody heard of may still come after what was wished later. What is once
    ``for_good`` is so whatever is wished then.
    """

    first: str
    comes_late: bool
    all: list[Deed] = field(default_factory=list)
    for_good: str | None = None

    def between(self, since: float, until: float) -> set[str]:
        """Return all that it may have been at any time between these."""
        possible, late = {self.first}, list[Deed]()
        for one in self.all:
            if one.sent_at > until:
                break
            after = {self._after(before, one) for before in possible}
            if one.acked_at is not None and one.acked_at <= since:
                late = [other for other in late if not (one.is_dated and other.is_dated)]
                possible = after
            else:
                possible |= after
            if one.acked_at is None and self.comes_late:
                late.append(one)
            possible |= {self._after(before, other) for before in possible for other in late}
        return possible

    @property
    def newest(self) -> str:
        """Return what it was last wished to be, whether that is so or not."""
        return self.all[-1].to if self.all else self.first

    @property
    def last(self) -> set[str]:
        """What it may be in the end."""
        return self.between(float("inf"), float("inf"))

    def _after(self, before: str, deed: Deed) -> str:
        return before if before == self.for_good else deed.to
