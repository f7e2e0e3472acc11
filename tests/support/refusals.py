"""What is refused, and in which words."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

import pytest

from pollbot.errors import PollbotError
from pollbot.forgetting.sentences import sentence

__all__ = ["refuses", "sentence"]

Refusal = TypeVar("Refusal", bound=PollbotError)


@contextmanager
def refuses(
    kind: type[Refusal] | tuple[type[Refusal], ...], says: str = ""
) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """Check that this refuses something, and that its sentence has what ``says`` matches."""
    with pytest.raises(kind) as caught:
        yield caught
    assert re.search(says, sentence(caught.value)), sentence(caught.value)
