"""What the ways to see results, and lists of issues, are called."""

from pollbot.text.catalog import mark, say_marked

OF_ISSUES = ("table", "bars", "chart")
"""The ways to see the top voted issues, the usual one first."""

_NAMES = {
    "bars": mark("Bars"),
    "table": mark("Table"),
    "chart": mark("Chart"),
    "pie": mark("Pie"),
}


def look_name(look: str) -> str:
    """Return what is written where that way to see results can be chosen."""
    return say_marked(_NAMES[look]) if look in _NAMES else look.capitalize()
