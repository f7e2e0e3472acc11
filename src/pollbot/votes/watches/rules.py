"""Rules of watching an issue, or not: what becomes of it when somebody asks for that."""

from enum import StrEnum


class Watched(StrEnum):
    """What Jira made of it."""

    DONE = "done"
    NOT_FOUND = "not_found"
    NOT_ALLOWED = "not_allowed"
    NOT_TAKEN = "not_taken"
    EXPIRED = "expired"
