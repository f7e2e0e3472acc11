"""The methods users.*, bots.* and conversations.*: what they check and answer.

Source: docs.slack.dev, methods.
"""

from __future__ import annotations

import base64
import datetime
import zoneinfo
from typing import Any

from pollbot.sandbox.slack.refused import Answering, Args, RefusedError, reachable
from pollbot.sandbox.slack.things import Person
from pollbot.sandbox.slack.tokens import Tokens
from pollbot.sandbox.slack.workspace import Workspace

USUAL_MEMBERS, MOST_MEMBERS = 100, 1_000


class PeopleApi:
    """The people and channels of a workspace."""

    def __init__(self, workspace: Workspace, tokens: Tokens) -> None:
        self._workspace = workspace
        self._tokens = tokens
        self.methods: dict[str, Answering] = {
            "users.info": self._users_info,
            "bots.info": self._bots_info,
            "users.conversations": self._users_conversations,
            "conversations.info": self._conversations_info,
            "conversations.members": self._conversations_members,
            "conversations.open": self._conversations_open,
            "usergroups.list": self._usergroups_list,
            "usergroups.users.list": self._usergroups_users_list,
        }

    def _users_info(self, args: Args) -> dict[str, Any]:
        home = self._workspace
        if args.get("user") == home.bot_user_id:
            bot = Person(home.bot_user_id, home.app_name, home.team_id, tz="UTC")
            person, is_bot = bot, True
        elif args.get("user") in home.people:
            person, is_bot = home.people[args["user"]], False
        else:
            raise RefusedError("user_not_found")
        user = {
            "id": person.id,
            "team_id": person.team_id,
            "name": person.name.lower(),
            "real_name": person.name,
            "deleted": not is_bot and person.has_left,
            "is_admin": person.is_admin,
            "is_owner": False,
            "is_bot": is_bot,
            "is_restricted": person.is_guest,
            "tz": person.tz,
            "tz_offset": _offset(person.tz, home.now()),
            "profile": {
                "real_name": person.name,
                "display_name": person.name,
                "team": person.team_id,
                **({"email": person.email} if person.email and self._tokens.tells_emails else {}),
            },
        }
        if person.team_id != home.team_id:
            # True only of those who share no channel with the app (docs.slack.dev, user object).
            shared = any(person.id in channel.members for channel in home.channels.values())
            user["is_stranger"] = not shared
        if _true(args.get("include_locale")):
            user["locale"] = person.locale
        return {"user": user}

    def _users_conversations(self, args: Args) -> dict[str, Any]:
        """Tell the channels of a person; private ones where the app is a member, too."""
        home = self._workspace
        if args.get("user") not in home.people:
            raise RefusedError("user_not_found")
        found = [
            {"id": channel.id, "is_private": channel.is_private}
            for channel in home.channels.values()
            if args["user"] in channel.members
            and not channel.is_im
            and (channel.app_is_member or not channel.is_private)
            and not (channel.is_archived and _true(args.get("exclude_archived")))
        ]
        return {"channels": found, "response_metadata": {"next_cursor": ""}}

    def _bots_info(self, args: Args) -> dict[str, Any]:
        home = self._workspace
        if args.get("bot") != home.bot_id:
            raise RefusedError("bot_not_found")
        return {
            "bot": {
                "id": home.bot_id,
                "deleted": False,
                "name": home.app_name,
                "updated": 0,
                "app_id": home.app_id,
                "user_id": home.bot_user_id,
            }
        }

    def _conversations_info(self, args: Args) -> dict[str, Any]:
        channel = reachable(self._workspace, args)
        found = {
            "id": channel.id,
            "is_channel": not channel.is_private,
            "is_group": channel.is_private and not channel.is_im,
            "is_im": channel.is_im,
            "is_mpim": False,
            "is_private": channel.is_private,
            "is_archived": channel.is_archived,
            "is_member": channel.app_is_member,
            "is_ext_shared": False,
        }
        if channel.is_im:
            found["user"] = next(iter(channel.members))
        else:
            found["name"] = channel.name
        if _true(args.get("include_num_members")):
            found["num_members"] = len(channel.members) + channel.app_is_member
        return {"channel": found}

    def _conversations_members(self, args: Args) -> dict[str, Any]:
        """Needs channels:read, for private channels groups:read."""
        channel = reachable(self._workspace, args)
        limit = str(args.get("limit") or USUAL_MEMBERS)
        if not limit.isdigit() or not 1 <= int(limit) <= MOST_MEMBERS:
            raise RefusedError("invalid_limit")
        app = {self._workspace.bot_user_id} if channel.app_is_member else set()
        everyone = sorted(channel.members | app)
        start = _read_cursor(str(args.get("cursor") or ""))
        rest = [id for id in everyone if id >= start]
        page, later = rest[: int(limit)], rest[int(limit) :]
        return {
            "members": page,
            "response_metadata": {"next_cursor": _cursor(later[0]) if later else ""},
        }

    def _conversations_open(self, args: Args) -> dict[str, Any]:
        users = args.get("users") or []
        named = [user.strip() for user in users.split(",")] if isinstance(users, str) else users
        if not named:
            raise RefusedError("users_list_not_supplied")
        if len(named) > 1:
            # The sandbox knows no group conversations.
            raise RefusedError("too_many_users")
        if named[0] == self._workspace.bot_user_id:
            raise RefusedError("cannot_dm_bot")
        if named[0] not in self._workspace.people:
            raise RefusedError("user_not_found")
        return {"channel": {"id": self._workspace.direct_channel(named[0]).id}}

    def _usergroups_list(self, args: Args) -> dict[str, Any]:
        """Leave out the disabled ones; needs usergroups:read."""
        home = self._workspace
        return {
            "usergroups": [
                {
                    "id": group.id,
                    "team_id": home.team_id,
                    "is_usergroup": True,
                    "name": group.name,
                    "handle": group.handle,
                    "date_delete": 0,
                    "user_count": str(len(group.users)),
                }
                for group in home.groups.values()
                if not group.is_disabled
            ]
        }

    def _usergroups_users_list(self, args: Args) -> dict[str, Any]:
        group = self._workspace.groups.get(str(args.get("usergroup")))
        if group is None or group.is_disabled:
            raise RefusedError("no_such_subteam")
        return {"users": sorted(group.users)}


def _cursor(user: str) -> str:
    """Return the cursor of the page that begins with this member."""
    return base64.b64encode(f"user:{user}".encode()).decode()


def _read_cursor(cursor: str) -> str:
    """Return the first member of that page, empty for the first page."""
    if not cursor:
        return ""
    try:
        kind, _, user = base64.b64decode(cursor, validate=True).decode().partition(":")
    except ValueError:
        kind, user = "", ""
    if kind != "user" or not user:
        raise RefusedError("invalid_cursor")
    return user


def _offset(zone: str, now: float) -> int:
    """Return the zone's seconds from UTC; 0 where there is no such zone."""
    try:
        offset = datetime.datetime.fromtimestamp(now, zoneinfo.ZoneInfo(zone)).utcoffset()
    except (LookupError, ValueError, OSError):
        return 0
    return int(offset.total_seconds()) if offset is not None else 0


def _true(value: Any) -> bool:
    return value is True or str(value).lower() in ("1", "true")
