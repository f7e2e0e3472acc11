"""Bolt's app, behind the door."""

from collections.abc import Callable, Sequence

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_sdk.web.async_client import AsyncWebClient

from pollbot.logs import for_bolt
from pollbot.settings import Settings
from pollbot.wiring.program import Pollbot


def bolt_app(
    settings: Settings,
    web_client: AsyncWebClient,
    listening: Sequence[Callable[[AsyncApp], None]],
    pollbot: Pollbot,
) -> AsyncApp:
    client = AsyncWebClient(
        base_url=settings.slack_api_url, session=web_client.session, retry_handlers=[]
    )

    bolt = AsyncApp(
        # Bolt 1.30 names a logger after this, and sets the level of that one, too.
        name="slack_bolt.app",
        client=client,
        # Without it, Bolt would take SLACK_CLIENT_ID of the environment for a flow of its own.
        authorize=_Authorize(pollbot),
        logger=for_bolt(),
        # The door has done that, before anything in the request was read.
        request_verification_enabled=False,
        # A step of a workflow brings a token of its own, which is for its end alone.
        attaching_function_token_enabled=False,
        # Listeners end with their ack; else Bolt 1.30 looks for it only every 10 ms, and
        # loses the ack of a listener that fails right after it.
        process_before_response=True,
    )

    for register in listening:
        register(bolt)
    return bolt


class _Authorize(AsyncAuthorize):
    """Lets everybody in whose request the door has let in.

    Bolt's own way asks auth.test first; a click must be kept while Slack's API is away, too.
    """

    def __init__(self, pollbot: Pollbot) -> None:
        self._pollbot = pollbot

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        **_: str | None,
    ) -> AuthorizeResult:
        """Return as whom Bolt answers."""
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_user_id=await self._pollbot.bot_user_id(team_id or enterprise_id or ""),
        )
