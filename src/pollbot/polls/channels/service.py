"""One poll in many channels."""

import asyncio
from collections.abc import Sequence

from pollbot.errors import BadField, ChannelClosed, MessageGone, NotYours, PollbotError, SlackError
from pollbot.people import Person
from pollbot.polls.channels.refusals import CardGone, CardStays, NoCardChannel, PostersOnly
from pollbot.polls.channels.rows import HangingRows
from pollbot.polls.channels.rules import CHANNELS_FIELD, MOST_AT_ONCE, Hangs, Hung, Places
from pollbot.polls.service import Polls
from pollbot.rights.rules import Rights
from pollbot.rights.service import Permits
from pollbot.slack.channels import Channels
from pollbot.slack.client import Slack
from pollbot.store.worker import Clock


class Hanging:
    """Who manages a poll hangs it up in more channels; all cards show the same, and take answers.

    Who posted a card may take that one down.
    """

    def __init__(
        self,
        hanging_rows: HangingRows,
        polls: Polls,
        channels: Channels,
        permits: Permits,
        slack: Slack,
        clock: Clock,
    ) -> None:
        self._hanging_rows = hanging_rows
        self._polls = polls
        self._channels = channels
        self._permits = permits
        self._slack = slack
        self._clock = clock

    async def look(self, person: Person, poll_id: str) -> Places:
        """Return where the poll hangs, but for channels into which the person may not look."""
        kept = await self._polls.find(person, poll_id)
        cards = await self._hanging_rows.cards(person.team_id, poll_id)
        seen = await self._channels.seen_by(person, {one.channel_id for one in cards})
        mine = [one for one in cards if one.channel_id in seen or one.posted_by == person.user_id]
        may_manage = await self._polls.may_manage(person, kept)
        return Places(kept, mine, len(cards) - len(mine), may_manage)

    async def hang(self, person: Person, poll_id: str, channels: Sequence[str]) -> list[Hung]:
        """Hang the poll up in each of the channels in which that is possible."""
        kept = await self._polls.find(person, poll_id)
        await self._polls.must_manage(person, kept)
        wanted = list(dict.fromkeys(channels))[:MOST_AT_ONCE]
        if not wanted:
            raise BadField(CHANNELS_FIELD, NoCardChannel())
        rights = await self._permits.of(person.team_id)
        looks = (self._why_not(person.team_id, one, rights) for one in wanted)
        why_not = dict(zip(wanted, await asyncio.gather(*looks), strict=True))
        can = [one for one in wanted if why_not[one] is None]
        new = await self._hanging_rows.hang(person, poll_id, can, self._clock())
        return [Hung(one, one in new, why_not[one]) for one in wanted]

    async def take_down(self, person: Person, poll_id: str, card_id: str) -> Hangs:
        """Take one card of the poll down. Its answers stay, and so do its other cards."""
        kept = await self._polls.find(person, poll_id)
        cards = await self._hanging_rows.cards(person.team_id, poll_id)
        card = next((one for one in cards if one.card_id == card_id), None)
        if card is None:
            raise CardGone
        if card.posted_by != person.user_id:
            try:
                await self._polls.must_manage(person, kept)
            except PollbotError as error:
                raise PostersOnly from error
        if card.message_ts is None:
            raise CardStays(card.channel_id, "message_not_known")
        try:
            await self._slack.of(person.team_id).delete(card.channel_id, card.message_ts)
        except MessageGone:
            pass
        except SlackError as error:
            raise CardStays(card.channel_id, error.code) from error
        await self._hanging_rows.take_down(card_id)
        return card

    async def _why_not(self, team_id: str, channel_id: str, rights: Rights) -> PollbotError | None:
        """Return why nothing can be posted there; None if it can, as far as Slack tells."""
        try:
            rights.check_channel(channel_id)
            await self._slack.of(team_id).see_channel(channel_id)
        except (ChannelClosed, NotYours) as error:
            return error
        except PollbotError:
            return None
        return None
