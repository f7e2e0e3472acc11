"""Ready-made polls."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Template:
    """A ready-made poll. ``scale``: its answers have an average."""

    name: str
    label: str
    title: str
    options: tuple[str, ...]
    scale: bool = False


TEMPLATES = {
    one.name: one
    for one in (
        Template("yesno", "Yes / No", "Yes or no?", ("Yes", "No")),
        Template("score", "Score 1 to 5", "How do you rate it?", ("1", "2", "3", "4", "5"), True),
        Template(
            "stars",
            "Stars 1 to 5",
            "How many stars?",
            ("⭐ 1", "⭐⭐ 2", "⭐⭐⭐ 3", "⭐⭐⭐⭐ 4", "⭐⭐⭐⭐⭐ 5"),
            True,
        ),
        Template(
            "emoji",
            "Emoji, angry to happy",
            "How do you feel about it?",
            ("😠 1 Angry", "🙁 2 Unhappy", "😐 3 Neutral", "🙂 4 Content", "😀 5 Happy"),
            True,
        ),
        Template(
            "hearts",
            "Hearts 1 to 5",
            "How much do you like it?",
            ("❤️ 1", "❤️❤️ 2", "❤️❤️❤️ 3", "❤️❤️❤️❤️ 4", "❤️❤️❤️❤️❤️ 5"),
            True,
        ),
    )
}
