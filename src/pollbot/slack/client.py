"""Slack's Web API and response_urls, through one funnel; answers.py says what a failure means."""

from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Mapping,
    Sequence,
)
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from pollbot.errors import (
    ChannelClosed,
    InstallBroken,
    SlackError,
    SlackUnavailable,
    ViewInDoubt,
)
from pollbot.slack import answers
from pollbot.slack.entities import Entity, Trouble
from pollbot.slack.oauth import App
from pollbot.web.watched import Watch, unwatched, watched

Blocks = list[dict[str, Any]]

_SLACKS = (".slack.com", ".slack-gov.com")
MOST_REPLIES = 1_000
_ON_A_PAGE = 200
_MOST_PAGES = 100
_PAGES_LOOKED_AT = 5
_STAMPED = "pollbot_word"
_A_STEP = "a step of a workflow"


TokenOf = Callable[[str, str], Awaitable[str]]
"""Returns the token of a workspace, by its id; another one than Slack has rejected, if any.

Raises InstallBroken and SlackUnavailable.
"""

Refused = Callable[[str, str, str], Awaitable[None]]
"""Hears that Slack refuses the token of a workspace: its id, that token, and Slack's error."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot token belongs to; ``enterprise_id`` is that of the whole organisation, if any."""

    team_id: str
    bot_user_id: str
    enterprise_id: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message really is: the channel that Slack answered with, not the one asked for."""

    channel_id: str
    ts: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A form as it is on somebody's screen: ``hash`` tells it from what it shows later on."""

    view_id: str
    hash: str


@dataclass(frozen=True, slots=True)
class File:
    """A file to hand to Slack: what it is called, its bytes, and how many these are."""

    name: str
    length: int
    chunks: Callable[[], AsyncIterator[bytes]]

    async def text(self) -> str:
        """Return what stands in it."""
        return b"".join([chunk async for chunk in self.chunks()]).decode()


@dataclass(frozen=True, slots=True)
class Member:
    """What Slack knows of a person that matters here.

    ``team_id`` is the workspace that they belong to, which of somebody in a shared channel is
    another one than ours, and ``is_admin`` tells of that one. ``zone`` is an IANA name. Both
    ids are empty where Slack does not tell. ``is_person``: no app, and nobody whose account
    was deactivated. ``locale`` is the language of their Slack, such as de-DE. ``is_guest``: they
    see such channels only as they are a member of. ``email`` is empty where the app may not know.
    """

    team_id: str
    is_admin: bool
    zone: str
    name: str
    is_person: bool
    locale: str = ""
    is_guest: bool = False
    email: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class UserGroup:
    """A user group of a workspace."""

    id: str
    handle: str
    name: str


class Slack:
    """Slack, as the app. Nothing here tries twice: whoever calls knows if that is safe."""

    def __init__(self, web: AsyncWebClient) -> None:
        self.web = web
        self.token_of: TokenOf | None = None
        """What knows the token of each workspace; without it that of ``web`` is for all."""
        self._scopes: dict[str, frozenset[str]] = {}
        self.watch: Watch = unwatched
        self.refused: Refused = _by_nobody

    def of(self, team_id: str) -> "Workspace":
        """Return a workspace, as the app that is installed there."""
        return Workspace(self, team_id)

    async def identity(self, token: str = "") -> Identity:
        """Return whose token this is. Raises InstallBroken if it is nobody's.

        Source: docs.slack.dev, auth.test.
        """
        answer = await self.ask(self.web.auth_test, token=token)
        enterprise = str(answer.get("enterprise_id") or "")
        return Identity(
            str(answer.get("team_id") or ""),
            str(answer.get("user_id") or ""),
            enterprise if answer.get("is_enterprise_install") is True else "",
        )

    # slack_sdk 3.47 sends these by a class that aiohttp 3.14 calls old, and a secret in an address.
    async def _oauth_v2_access(self, **said: str) -> Any:
        return await self.web.api_call("oauth.v2.access", data=said)

    async def _apps_uninstall(self, **said: str) -> Any:
        return await self.web.api_call("apps.uninstall", data=said)

    async def socket_address(self, app_token: str) -> str:
        """Return where a WebSocket for envelopes can be opened; the ticket in it works once.

        Source: docs.slack.dev, apps.connections.open.
        """
        answer = await self.ask(self.web.apps_connections_open, app_token=app_token)
        address = str(answer.get("url") or "")
        plain = ("ws://",) if str(self.web.base_url).startswith("http://") else ()
        if not address.startswith(("wss://", *plain)):
            raise SlackUnavailable("no address for a WebSocket")
        return address

    async def respond(
        self,
        url: str,
        text: str,
        blocks: Blocks,
        *,
        in_channel: bool = False,
        replace: bool = False,
        thread_ts: str | None = None,
    ) -> None:
        """Answer an interaction; ``replace`` changes the message that it came from.

        With ``thread_ts`` and ``in_channel`` it becomes a reply in that thread. Source:
        docs.slack.dev, "Handling user interaction", publishing responses in thread.
        Raises SlackError once the URL was used 5 times or is 30 minutes old, or where it leads
        away from Slack, and ContentRefused where another URL would not help either.
        """
        said: dict[str, Any] = {
            "text": text,
            "blocks": blocks,
            "response_type": "in_channel" if in_channel else "ephemeral",
            "replace_original": replace,
        }
        if thread_ts is not None:
            said["thread_ts"] = thread_ts
        await self._post_to(url, said)

    async def take_back(self, url: str) -> None:
        """Delete the message that an interaction came from. Raises as ``respond`` does.

        Source: docs.slack.dev, "Handling user interaction", deleting the original.
        """
        await self._post_to(url, {"delete_original": True})

    async def _post_to(self, url: str, said: dict[str, Any]) -> None:
        if not self._is_slacks(url):
            # Only who knows the signing secret can send one: it would tell answers to a stranger.
            raise SlackError("response_url_elsewhere")
        session = self.web.session
        if session is None:
            raise RuntimeError("the Slack client was made without a session")
        with watched(self.watch, "response_url"):
            try:
                async with session.post(
                    url, json=said, proxy=self.web.proxy, allow_redirects=False
                ) as answer:
                    status, headers, body = answer.status, answer.headers, await answer.text()
            except (aiohttp.ClientError, TimeoutError) as error:
                raise answers.silence(error) from error
            except answers.NONSENSE as error:
                raise answers.nonsense(error) from error
            answers.must_be_taken(status, headers, body)

    async def give(self, url: str, file: File) -> None:
        """Send a file's bytes where Slack has said that it takes them."""
        session = self.web.session
        if not self._is_slacks(url):
            # What people answered goes to nobody else.
            raise SlackError("upload_url_elsewhere")
        if session is None:
            raise RuntimeError("the Slack client was made without a session")
        kind = {"Content-Type": "application/octet-stream", "Content-Length": str(file.length)}
        with watched(self.watch, "upload"):
            try:
                async with session.post(
                    url,
                    data=file.chunks(),
                    headers=kind,
                    proxy=self.web.proxy,
                    allow_redirects=False,
                ) as answer:
                    status, headers = answer.status, answer.headers
            except (aiohttp.ClientError, TimeoutError) as error:
                raise answers.silence(error) from error
            if status != 200:
                raise answers.passing(status, f"HTTP {status}", headers)

    def _is_slacks(self, url: str) -> bool:
        """Return whether an address leads to Slack, or to what stands for it in the settings.

        Source: docs.slack.dev, "Handling user interaction": https://hooks.slack.com/…; GovSlack
        has slack-gov.com.
        """
        try:
            asked, ours = urlsplit(url), urlsplit(str(self.web.base_url))
            if (asked.scheme, asked.hostname, asked.port) == (
                ours.scheme,
                ours.hostname,
                ours.port,
            ):
                return asked.username is None
            host, port = asked.hostname or "", asked.port
        except ValueError:
            return False
        plain = asked.username is None and port in (None, 443)
        return asked.scheme == "https" and plain and host.endswith(_SLACKS)

    async def alive(self) -> None:
        """Raise SlackUnavailable unless Slack answers at all. Source: docs.slack.dev, api.test."""
        await self.ask(self.web.api_test)

    async def exchange_code(self, app: App, code: str) -> dict[str, Any]:
        """Return what a code is worth that Slack gave somebody's browser; it works once.

        Source: docs.slack.dev, oauth.v2.access.
        """
        return await self.ask(
            self._oauth_v2_access,
            client_id=app.client_id,
            client_secret=app.client_secret,
            code=code,
            redirect_uri=app.redirect_uri,
        )

    async def exchange_token(self, app: App, refresh_token: str) -> dict[str, Any]:
        """Return the next bot token. Source: docs.slack.dev, "Using token rotation"."""
        return await self.ask(
            self._oauth_v2_access,
            client_id=app.client_id,
            client_secret=app.client_secret,
            grant_type="refresh_token",
            refresh_token=refresh_token,
        )

    async def uninstall(self, app: App, token: str) -> None:
        """Take the app out of that token's workspace. Source: docs.slack.dev, apps.uninstall."""
        await self.ask(
            self._apps_uninstall,
            token=token,
            client_id=app.client_id,
            client_secret=app.client_secret,
        )

    def lacks(self, team_id: str, scopes: Iterable[str]) -> list[str]:
        """Return which of these scopes the app was installed without, as far as Slack has told."""
        granted = self._scopes.get("" if self.token_of is None else team_id)
        return [one for one in scopes if granted is not None and one not in granted]

    async def ask_in(
        self, team_id: str, method: Callable[..., Awaitable[Any]], **said: Any
    ) -> dict[str, Any]:
        """Return what Slack answers about a workspace; see ``ask``.

        Raises what finding its token raises.
        """
        if self.token_of is None:
            return await self.ask(method, **said)
        token = await self.token_of(team_id, "")
        try:
            return await self.ask(method, team_id, token=token, **said)
        except InstallBroken as error:
            # It may have been exchanged meanwhile; of a call that is refused nothing was done.
            fresh = await self.token_of(team_id, token)
            if fresh == token:
                await self.refused(team_id, token, error.code)
                raise
        return await self.ask(method, team_id, token=fresh, **said)

    async def ask(
        self, method: Callable[..., Awaitable[Any]], about: str = "", **said: Any
    ) -> dict[str, Any]:
        """Return the object that Slack answered with ``ok: true``.

        What is no answer of Slack's, and what cannot be read, tells nothing of what became of
        the call: it counts as an answer that was lost.
        """
        if not said.get("token", True):
            del said["token"]
        # slack_sdk names its methods after Slack's, with "_" for each dot.
        with watched(self.watch, method.__name__.strip("_").replace("_", ".")):
            try:
                answer = await method(**said)
            except SlackApiError as error:
                meant = answers.meaning(error)
                if about == _A_STEP and isinstance(meant, InstallBroken):
                    # It was the token of one step, which means nothing for the installation.
                    meant = SlackError(meant.code)
                if isinstance(meant, InstallBroken):
                    meant.team_id = about
                raise meant from error
            except (aiohttp.ClientError, TimeoutError) as error:
                raise answers.silence(error) from error
            except answers.NONSENSE as error:
                raise answers.nonsense(error) from error
            found = answers.object_in(answer)
            if "app_token" not in said and (granted := answers.granted(answer)):
                self._scopes[about] = granted
            if found.get("ok") is not True:
                raise answers.nonsense("no ok")
            return found


class Workspace:
    """One workspace, as the app that is installed there."""

    def __init__(self, slack: Slack, team_id: str) -> None:
        self._slack = slack
        self._web = slack.web
        self._ask = partial(slack.ask_in, team_id)
        self._give = slack.give

    async def look(self) -> None:
        """Raise InstallBroken or SlackUnavailable unless Slack takes the app's token now."""
        await self._ask(self._web.auth_test)

    async def post(
        self,
        channel_id: str,
        text: str,
        blocks: Blocks,
        thread_ts: str | None = None,
        *,
        stamp: str = "",
    ) -> Posted:
        """Post a message, or a reply; a user's id as channel makes it a direct message.

        Slack has no way to tell a second try from a second message: after
        SlackUnavailable with ``perhaps`` it may be there. By its ``stamp`` it is found again.
        """
        payload = {"event_type": _STAMPED, "event_payload": {"id": stamp}}
        answer = await self._ask(
            self._web.chat_postMessage,
            channel=channel_id,
            text=text,
            blocks=blocks,
            unfurl_links=False,
            thread_ts=thread_ts,
            metadata=payload if stamp else None,
        )
        return Posted(str(answer.get("channel") or channel_id), answers.text_in(answer, "ts"))

    async def update(self, channel_id: str, ts: str, text: str, blocks: Blocks) -> None:
        """Change a message. Text and blocks go together: text alone would remove the blocks."""
        await self._ask(self._web.chat_update, channel=channel_id, ts=ts, text=text, blocks=blocks)

    async def delete(self, channel_id: str, ts: str) -> None:
        """Take back a message of the app's own. Source: docs.slack.dev, chat.delete."""
        await self._ask(self._web.chat_delete, channel=channel_id, ts=ts)

    async def unfurl(self, channel_id: str, ts: str, url: str, blocks: Blocks) -> None:
        """Show blocks as the preview of a link in a message, in place of those that it had.

        Source: docs.slack.dev, chat.unfurl.
        """
        unfurls = {url: {"blocks": blocks}}
        await self._ask(self._web.chat_unfurl, channel=channel_id, ts=ts, unfurls=unfurls)

    async def unfurl_entity(self, channel_id: str, ts: str, url: str, entity: Entity) -> None:
        """Show a Work Object as the preview of a link in a message.

        Source: docs.slack.dev, "Implementing Work Objects", unfurl implementation.
        """
        entities = [{"app_unfurl_url": url, **entity}]
        await self._ask(
            self._web.chat_unfurl, channel=channel_id, ts=ts, metadata={"entities": entities}
        )

    async def present(self, trigger_id: str, shown: Entity | Trouble) -> None:
        """Show one person, in the pane that they opened or clicked in, an issue or why not.

        Source: docs.slack.dev, entity.presentDetails.
        """
        if not isinstance(shown, Trouble):
            await self._ask(self._web.entity_presentDetails, trigger_id=trigger_id, metadata=shown)
            return
        error: dict[str, Any] = {
            "status": "custom",
            "custom_title": shown.title,
            "custom_message": shown.said,
        }
        if shown.actions:
            error["actions"] = list(shown.actions)
        await self._ask(self._web.entity_presentDetails, trigger_id=trigger_id, error=error)

    async def post_ephemeral(
        self,
        channel_id: str,
        user_id: str,
        text: str,
        blocks: Blocks,
        thread_ts: str | None = None,
    ) -> None:
        """Show a message to one member of a channel, perhaps in a thread of it."""
        await self._ask(
            self._web.chat_postEphemeral,
            channel=channel_id,
            user=user_id,
            text=text,
            blocks=blocks,
            thread_ts=thread_ts,
        )

    async def member(self, user_id: str) -> Member:
        """Return a member of the workspace, or of one that shares a channel with it.

        Source: docs.slack.dev, the user object; "Understanding Slack Connect", external members.
        """
        asked = await self._ask(self._web.users_info, user=user_id, include_locale=True)
        user = answers.part_in(asked, "user")
        answers.text_in(user, "id")
        is_admin = user.get("is_admin") is True or user.get("is_owner") is True
        return Member(
            team_id=answers.first_text(
                user.get("team_id"), answers.object_in(user.get("profile")).get("team")
            ),
            is_admin=is_admin and user.get("is_stranger") is not True,
            zone=answers.first_text(user.get("tz")),
            name=answers.first_text(user.get("real_name"), user.get("name"), user_id),
            is_person=not (user.get("is_bot") or user.get("deleted") or user_id == "USLACKBOT"),
            locale=answers.first_text(user.get("locale")),
            is_guest=user.get("is_restricted") is True or user.get("is_ultra_restricted") is True,
            email=answers.first_text(answers.object_in(user.get("profile")).get("email")),
        )

    async def members(self, channel_id: str) -> list[str]:
        """Return the user ids of a channel's members, apps among them.

        Raises ChannelClosed where the app may not look. Source: docs.slack.dev,
        conversations.members.
        """
        found: dict[str, None] = {}
        asking = self._pages(self._web.conversations_members, "members", channel=channel_id)
        async for members in asking:
            found |= dict.fromkeys(map(str, members))
        return list(found)

    async def user_groups(self) -> tuple[UserGroup, ...]:
        """Return the user groups of the workspace, without those that are disabled.

        Raises ChannelClosed without the scope usergroups:read. Source: docs.slack.dev,
        usergroups.list.
        """
        answer = await self._ask(self._web.usergroups_list)
        found = answers.list_in(answer, "usergroups")
        groups = [answers.object_in(one) for one in found]
        return tuple(
            UserGroup(
                answers.text_in(one, "id"),
                answers.first_text(one.get("handle"), one["id"]),
                answers.first_text(one.get("name")),
            )
            for one in groups
            if not one.get("date_delete")
        )

    async def group_members(self, group_id: str) -> frozenset[str]:
        """Return the user ids of a user group's members. Raises SlackError if it is gone.

        Source: docs.slack.dev, usergroups.users.list.
        """
        answer = await self._ask(self._web.usergroups_users_list, usergroup=group_id)
        users = answers.list_in(answer, "users")
        return frozenset(str(user_id) for user_id in users)

    async def channels_of(self, user_id: str) -> list[str]:
        """Return the channels of which the person is a member, as far as the app may know.

        Of private ones these are such as it is a member of itself. Source: docs.slack.dev,
        users.conversations.
        """
        asking = self._pages(
            self._web.users_conversations,
            "channels",
            user=user_id,
            types="public_channel,private_channel",
            exclude_archived=True,
        )
        found: list[str] = []
        async for channels in asking:
            found += [str(answers.object_in(one).get("id")) for one in channels]
        return found

    async def is_public(self, channel_id: str) -> bool:
        """Return whether that is a channel which every member of the workspace may look into."""
        answer = await self._ask(self._web.conversations_info, channel=channel_id)
        channel = answers.part_in(answer, "channel")
        return channel.get("is_channel") is True and channel.get("is_private") is False

    async def replies(self, channel_id: str, thread_ts: str) -> list[dict[str, Any]]:
        """Return the messages of a thread, the first of it included, at most 1,000 of them.

        Raises ChannelClosed where the app may not look: it needs channels:history or
        groups:history, and to be a member. Source: docs.slack.dev, conversations.replies.
        """
        answer = await self._ask(
            self._web.conversations_replies, channel=channel_id, ts=thread_ts, limit=MOST_REPLIES
        )
        messages = answers.list_in(answer, "messages")
        return [one for one in messages if isinstance(one, dict)]

    async def has_told(self, user_id: str, stamp: str) -> bool:
        """Return whether a message with this stamp is among the last that somebody was sent.

        Raises ChannelClosed without the scopes im:write and im:history. Source: docs.slack.dev,
        conversations.open, conversations.history and "Message metadata".
        """
        opened = await self._ask(self._web.conversations_open, users=user_id)
        channel = answers.text_in(answers.part_in(opened, "channel"), "id")
        asking = self._pages(
            self._web.conversations_history,
            "messages",
            most=_PAGES_LOOKED_AT,
            channel=channel,
            include_all_metadata=True,
        )
        async with aclosing(asking) as pages:
            async for messages in pages:
                for one in messages:
                    metadata = answers.object_in(answers.object_in(one).get("metadata"))
                    if answers.object_in(metadata.get("event_payload")).get("id") == stamp:
                        return True
        return False

    async def _pages(
        self,
        method: Callable[..., Awaitable[Any]],
        listed: str,
        *,
        most: int = _MOST_PAGES,
        **said: Any,
    ) -> AsyncGenerator[list[Any], None]:
        """Return what is listed under that name, page by page, and no more than ``most`` of them.

        Source: docs.slack.dev, "Pagination".
        """
        cursor = ""
        for _ in range(most):
            answer = await self._ask(method, cursor=cursor or None, limit=_ON_A_PAGE, **said)
            yield answers.list_in(answer, listed)
            metadata = answers.object_in(answer.get("response_metadata"))
            cursor = str(metadata.get("next_cursor") or "")
            if not cursor:
                return

    async def permalink(self, channel_id: str, ts: str) -> str:
        """Return the address of a message. Raises MessageGone if it is not there any more."""
        answer = await self._ask(self._web.chat_getPermalink, channel=channel_id, message_ts=ts)
        return answers.text_in(answer, "permalink")

    async def see_channel(self, channel_id: str) -> None:
        """Raise ChannelClosed if the app could not post there, as far as Slack tells."""
        try:
            answer = await self._ask(self._web.conversations_info, channel=channel_id)
        except ChannelClosed as error:
            # An app that was installed before this was asked for cannot look; it can still try.
            if error.code == "missing_scope":
                return
            raise
        if answers.part_in(answer, "channel").get("is_archived"):
            raise ChannelClosed("is_archived")

    async def open_form(self, trigger_id: str, view: dict[str, Any]) -> Shown:
        """Open a form; Slack allows it within 3 s of the click that the trigger came with."""
        answer = await self._shows(self._web.views_open, trigger_id=trigger_id, view=view)
        return _shown(answer)

    async def push_form(self, trigger_id: str, view: dict[str, Any]) -> Shown:
        """Open a form above the one whose click the trigger came with, which waits below."""
        answer = await self._shows(self._web.views_push, trigger_id=trigger_id, view=view)
        return _shown(answer)

    async def _shows(self, method: Callable[..., Awaitable[Any]], **said: Any) -> dict[str, Any]:
        try:
            return await self._ask(method, **said)
        except SlackUnavailable as error:
            if error.lost:
                raise ViewInDoubt(error.why, perhaps=True, lost=True) from error
            raise

    async def update_form(
        self, view_id: str, view: dict[str, Any], *, instead_of: Shown | None = None
    ) -> Shown | None:
        """Change an open form; return None if the person has closed it.

        So it is if it shows something else by now than ``instead_of``. What was typed stays
        where block_id and action_id do. Source: docs.slack.dev, views.update.
        """
        state = None if instead_of is None else instead_of.hash
        try:
            answer = await self._shows(
                self._web.views_update, view_id=view_id, view=view, hash=state
            )
        except SlackError as error:
            if error.code in ("not_found", "hash_conflict"):
                return None
            raise
        return _shown(answer)

    async def upload(self, file: File) -> str:
        """Hand a file to Slack, and return its id. Nobody sees it until it is shared.

        Source: docs.slack.dev, files.getUploadURLExternal.
        """
        asked = await self._ask(
            self._web.files_getUploadURLExternal, filename=file.name, length=file.length
        )
        await self._give(answers.text_in(asked, "upload_url"), file)
        return answers.text_in(asked, "file_id")

    async def share_files(self, user_id: str, files: Sequence[tuple[str, str]], text: str) -> None:
        """Show files, as their ids and titles, to one person in a direct message with ``text``.

        Source: docs.slack.dev, files.completeUploadExternal: ``channels`` takes user ids, too.
        """
        await self._ask(
            self._web.files_completeUploadExternal,
            files=[{"id": one, "title": title} for one, title in files],
            channels=[user_id],
            initial_comment=text,
        )

    async def show_home(self, user_id: str, view: dict[str, Any]) -> None:
        """Show somebody their tab of App Home, in place of what it showed.

        Source: docs.slack.dev, views.publish.
        """
        await self._ask(self._web.views_publish, user_id=user_id, view=view)

    async def complete_step(
        self, execution_id: str, outputs: Mapping[str, str | int], token: str | None = None
    ) -> None:
        """Tell Slack that a step of a workflow is done, and what it tells to those after it.

        ``token`` is the step's own; without it the app's goes. Raises SlackError if the step is
        over. Source: docs.slack.dev, functions.completeSuccess.
        """
        method = self._web.functions_completeSuccess
        await self._end_step(method, execution_id, token, outputs=outputs)

    async def fail_step(self, execution_id: str, why: str, token: str | None = None) -> None:
        """Tell Slack that a step of a workflow cannot be done, and why; as ``complete_step``.

        Source: docs.slack.dev, functions.completeError.
        """
        await self._end_step(self._web.functions_completeError, execution_id, token, error=why)

    async def _end_step(
        self,
        method: Callable[..., Awaitable[Any]],
        execution_id: str,
        token: str | None,
        **said: Any,
    ) -> None:
        if token is None:
            await self._ask(method, function_execution_id=execution_id, **said)
        else:
            await self._slack.ask(
                method, _A_STEP, function_execution_id=execution_id, token=token, **said
            )


async def _by_nobody(team_id: str, token: str, code: str) -> None:
    """Hear that a token is refused, and do nothing."""


def _shown(answer: dict[str, Any]) -> Shown:
    view = answers.object_in(answer.get("view"))
    return Shown(str(view.get("id") or ""), str(view.get("hash") or ""))
