"""What each button remembers between the message and the click."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pollbot.errors import StaleButton


class Click(BaseModel):
    """Packed into a button's ``value`` and read back when it is pressed.

    Buttons outlive deployments: whoever presses last year's is told so
    (StaleButton). Nothing about other people is ever in here.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    action_id: ClassVar[str]

    def pack(self) -> str:
        """Return the button's value, far below Slack's 2,000 characters."""
        return self.model_dump_json(exclude_none=True)

    @classmethod
    def unpack(cls, action: Mapping[str, Any]) -> Self:
        """Return what the button remembered. Raises StaleButton if it is not understood."""
        try:
            return cls.model_validate_json(action["value"])
        except (KeyError, TypeError, ValidationError) as error:
            raise StaleButton from error


class _OnIssue(Click):
    v: Literal[1] = 1
    issue: str = Field(min_length=3, max_length=40)
    card: str | None = Field(default=None, max_length=40)


class VoteClick(_OnIssue):
    """My vote on this issue stands."""

    action_id = "vote"


class WithdrawClick(_OnIssue):
    """I have no vote on this issue."""

    action_id = "withdraw"


class ConnectClick(Click):
    """Open the form that connects my Jira account."""

    action_id = "connect_jira"
    v: Literal[1] = 1
