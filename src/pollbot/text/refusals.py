"""What is refused of what people type, whatever it is for. The sentences are in sentences.py."""

from pollbot.errors import BadField, BadInput


class NotAMoment(BadInput):
    """What was typed is no moment, more than one, or one at which nothing can end.

    ``why`` is a sentence; ``instead`` says what to write.
    """

    def __init__(self, why: str, instead: str = "") -> None:
        instead = instead or (
            "Write it like `18:00`, `tomorrow 9:00`, `fri 17:00`, `2h`, `30 Nov`, "
            "`2030-12-31 17:00` or `2030-12-31T17:00+01:00`."
        )
        super().__init__(f"{why} Nothing was created. {instead}")
        self.why = why


class NeedsZone(BadInput):
    """A time of the day was named, which is a moment only in its person's time zone."""


class NotSaved(BadField):
    """A field of a form that keeps something cannot be used, so nothing was kept.

    ``why`` is a sentence, and so is ``instead``, which says what to write.
    """

    def __init__(self, field: str, why: str, instead: str) -> None:
        super().__init__(field, BadInput(f"{why} Nothing was saved. {instead}"))
        self.instead = instead
