"""What the ways to see results are called."""

from pollbot.text.catalog import mark, say_marked

_NAMES = {
    "bars": mark("Bars"),
    "table": mark("Table"),
    "chart": mark("Chart"),
    "pie": mark("Pie"),
}


def look_name(look: str) -> str:
    """Return what is written where that way to see results can be chosen."""
    return say_marked(_NAMES[look]) if look in _NAMES else look.capitalize()
