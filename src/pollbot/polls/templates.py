"""Ready-made polls."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pollbot.text.catalog import mark, say_marked


@dataclass(frozen=True, slots=True)
class Template:
    """A ready-made poll, marked for the catalog. ``scale``: its answers have an average.

    What it asks is written into the poll when that is made, and stays: it is for everybody, so
    it is said in the language of the team. ``label`` is said to whoever chooses the template.
    """

    name: str
    label: str
    title: str
    options: tuple[str, ...]
    scale: bool = False

    def said(self) -> "Template":
        """Return it as it asks in the language spoken here."""
        return replace(
            self,
            title=say_marked(self.title),
            options=tuple(say_marked(option) for option in self.options),
        )

    def places(self, titles: Sequence[str]) -> list[int] | None:
        """Return at which of the options each title stands; None if they are not all there.

        What counts is the figure or picture at the begin of each step of a scale, which is the
        same in all languages, whatever is written after it.
        """
        steps = [_step(option) for option in self.options]
        found = [_step(title) for title in titles]
        return [steps.index(one) for one in found] if sorted(found) == sorted(steps) else None

    def is_as_it_was(self, titles: Sequence[str]) -> bool:
        """Return whether these are the options, in their order, in this or another language."""
        if not self.scale:
            return tuple(titles) in (self.options, self.said().options)
        return self.places(titles) == list(range(len(self.options)))


def _step(option: str) -> list[str]:
    return option.split()[:2]


TEMPLATES = {
    one.name: one
    for one in (
        Template("yesno", mark("Yes / No"), mark("Yes or no?"), (mark("Yes"), mark("No"))),
        Template(
            "score",
            mark("Score 1 to 5"),
            mark("How do you rate it?"),
            ("1", "2", "3", "4", "5"),
            True,
        ),
        Template(
            "stars",
            mark("Stars 1 to 5"),
            mark("How many stars?"),
            ("⭐ 1", "⭐⭐ 2", "⭐⭐⭐ 3", "⭐⭐⭐⭐ 4", "⭐⭐⭐⭐⭐ 5"),
            True,
        ),
        Template(
            "emoji",
            mark("Emoji, angry to happy"),
            mark("How do you feel about it?"),
            (
                mark("😠 1 Angry"),
                mark("🙁 2 Unhappy"),
                mark("😐 3 Neutral"),
                mark("🙂 4 Content"),
                mark("😀 5 Happy"),
            ),
            True,
        ),
        Template(
            "hearts",
            mark("Hearts 1 to 5"),
            mark("How much do you like it?"),
            ("❤️ 1", "❤️❤️ 2", "❤️❤️❤️ 3", "❤️❤️❤️❤️ 4", "❤️❤️❤️❤️❤️ 5"),
            True,
        ),
    )
}
