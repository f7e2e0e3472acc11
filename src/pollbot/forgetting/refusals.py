"""What is refused of who is to be forgotten."""

from pollbot.errors import BadInput


class NotAPerson(BadInput):
    """What stands behind the word is neither "me" nor the id of a person."""
