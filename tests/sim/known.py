"""What pollbot is known to break: found by seeds, and excepted until it is mended."""

KNOWN: dict[str, str] = {
    "copies": (
        "While chat.update has to pause, a card is redrawn by response_url. That of a command "
        "replaces nothing: a new message is posted, and the card counts as redrawn."
    ),
    "given up": (
        "A card whose response_url was used five times, or is too old, is given up when it is "
        "redrawn by it once, and chat.update is never tried again."
    ),
    "posted stale": (
        "A scheduled card shows what was read before it was posted, and hears only of votes that "
        "are settled after it is on disk."
    ),
    "read in vain": (
        "Where Jira took a vote but did not give the new count, the cards ask for it; one that "
        "gets no answer is drawn with the old count, and asks no more."
    ),
    "lost overnight": (
        "A card that has waited for an hour is given up when Jira fails once, also if pollbot was "
        "away for that hour; where Slack does not take the word about it, nobody hears of it."
    ),
}
