"""The issues that a message names: one becomes its card, several a list to vote on."""

from functools import partial

from pollbot.accounts.rows import AccountRows
from pollbot.cards.rows import CardRows, Wanted
from pollbot.errors import SlackBusy, SlackError, SlackUnavailable
from pollbot.issue_lists.refusals import NoneMentioned, ThreadUnread
from pollbot.jira.issues import IssueAt
from pollbot.jira.sites import Sites
from pollbot.people import Person
from pollbot.slack.client import Slack
from pollbot.slack.messages import Said, names_of
from pollbot.store.deliveries import aside
from pollbot.store.worker import Clock


class Mentions:
    """What the shortcut in a message's menu does."""

    def __init__(
        self,
        account_rows: AccountRows,
        card_rows: CardRows,
        slack: Slack,
        sites: Sites,
        clock: Clock,
    ) -> None:
        self._account_rows = account_rows
        self._card_rows = card_rows
        self._slack = slack
        self._sites = sites
        self._clock = clock

    async def show(
        self, person: Person, said: Said, response_url: str | None, stamp: str | None
    ) -> None:
        """Keep that a card of the issues is wanted under the message, of each site its own.

        Where the message begins a thread, what that names counts, too, if pollbot may read it.
        Raises NoneMentioned; ThreadUnread if it may, and Slack says no more than that.
        """
        text, unread = said.names, False
        if said.begins_thread:
            try:
                slack = self._slack.of(person.team_id)
                replies = await slack.replies(said.channel_id, said.thread_ts)
                text = "\n".join([text, *map(names_of, replies)])
            except SlackUnavailable as error:
                raise ThreadUnread(busy=isinstance(error, SlackBusy)) from error
            except SlackError:
                unread = True
        linked = partial(
            self._account_rows.linked, person.team_id, said.channel_id, self._sites.all
        )
        found = await self._sites.mentioned(text, linked)
        if not found:
            raise NoneMentioned(thread_unread=unread)
        rights = await self._card_rows.rights(person.team_id)
        if not any(rights.allows(one.key) for one in found):
            rights.check_issue(found[0].key)
        found = [one for one in found if rights.allows(one.key)]
        *others, last = (
            _wanted(said, [one for one in found if one.site == site], response_url, stamp)
            for site in dict.fromkeys(one.site for one in found)
        )
        for one in others:
            with aside():
                await self._card_rows.want(person, one, self._clock())
        await self._card_rows.want(person, last, self._clock())


def _wanted(
    said: Said, issues: list[IssueAt], response_url: str | None, stamp: str | None
) -> Wanted:
    keys = tuple(one.key for one in issues)
    return Wanted(
        said.channel_id,
        issues[0].site,
        response_url,
        stamp,
        issue_key=keys[0] if len(keys) == 1 else "",
        issue_keys=keys if len(keys) > 1 else (),
        thread_ts=said.thread_ts or None,
    )
