"""The issues that a message names: one becomes its card, several a list to vote on."""

from pollbot.cards.rows import CardRows, Wanted
from pollbot.errors import PollbotError
from pollbot.issue_lists.refusals import NoneMentioned
from pollbot.jira.issues import mentioned
from pollbot.people import Person
from pollbot.slack.client import Slack
from pollbot.slack.messages import Said, text_of
from pollbot.store.worker import Clock


class Mentions:
    """What the shortcut in a message's menu does."""

    def __init__(self, card_rows: CardRows, slack: Slack, site: str, clock: Clock) -> None:
        self._card_rows = card_rows
        self._slack = slack
        self._site = site
        self._clock = clock

    async def show(
        self, person: Person, said: Said, response_url: str | None, stamp: str | None
    ) -> None:
        """Keep that a card of the issues is wanted under the message. Raises NoneMentioned.

        Where the message begins a thread, what that names counts, too, as far as it can be read.
        """
        text, unread = said.text, False
        if said.begins_thread:
            try:
                replies = await self._slack.replies(said.channel_id, said.thread_ts)
                text = "\n".join([text, *map(text_of, replies)])
            except PollbotError:
                unread = True
        keys = tuple(mentioned(text, self._site))
        if not keys:
            raise NoneMentioned(thread_unread=unread)
        wanted = Wanted(
            said.channel_id,
            self._site,
            response_url,
            stamp,
            issue_key=keys[0] if len(keys) == 1 else "",
            issue_keys=keys if len(keys) > 1 else (),
            thread_ts=said.thread_ts or None,
        )
        await self._card_rows.want(person, wanted, self._clock())
