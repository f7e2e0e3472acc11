"""The service of each feature, from what it stands on to what stands on it."""

from collections.abc import Sequence
from functools import partial

from pollbot.accounts.service import Accounts
from pollbot.accounts.sign_in import SignIns
from pollbot.cards.drawing import Drawers
from pollbot.cards.presses import Presses
from pollbot.forgetting.service import Forgetting
from pollbot.home.invites import Invites
from pollbot.home.tab import Home
from pollbot.installs.admission import Admission
from pollbot.installs.service import Installs
from pollbot.issue_lists.cards import BallotCards
from pollbot.issue_lists.service import Mentions
from pollbot.picks.service import Picks
from pollbot.polls.additions.service import Additions
from pollbot.polls.answers.receipts import Receipts
from pollbot.polls.answers.service import Answers
from pollbot.polls.audience.service import Audiences
from pollbot.polls.cards import PollCards
from pollbot.polls.channels.service import Hanging
from pollbot.polls.ends.missing import MissingAnswers
from pollbot.polls.ends.worker import PollEndings
from pollbot.polls.exports.service import Exports
from pollbot.polls.results.service import PollResults
from pollbot.polls.saved.service import SavedPolls
from pollbot.polls.searches.service import Searches
from pollbot.polls.service import Polls
from pollbot.polls.sources.embedded import Embedded
from pollbot.polls.sources.service import PollSources
from pollbot.polls.sources.source import PollSource
from pollbot.polls.waiting.service import AskedPolls
from pollbot.previews.cards import PreviewCards
from pollbot.previews.panes import Panes
from pollbot.previews.service import Previews
from pollbot.records.service import Records
from pollbot.rights.service import Permits
from pollbot.schedules.labels import ScheduleLabels
from pollbot.schedules.posts import ScheduledPosts
from pollbot.schedules.scheduler import Scheduler
from pollbot.schedules.service import Schedules
from pollbot.settings import Settings
from pollbot.setup.service import Setup
from pollbot.thresholds.reading import Readings as ThresholdReadings
from pollbot.thresholds.service import Thresholds
from pollbot.votes.cards import IssueCards
from pollbot.votes.service import Votes
from pollbot.wiring.ground import Ground
from pollbot.wiring.outside import JIRA_AT, Outside
from pollbot.workflows.service import Steps


class Services:
    """Each is built once, and handed to those after it.

    ``elsewhere`` are sources of polls beside those that the settings name. What needs an app of
    Slack's or Atlassian's, ``installs``, ``admission`` and ``sign_ins``, is None without it.
    """

    def __init__(
        self,
        settings: Settings,
        ground: Ground,
        outside: Outside,
        elsewhere: Sequence[PollSource],
    ) -> None:
        store, clock, chance = ground.store, ground.clock, ground.chance
        self.sources = PollSources(
            store.accounts,
            store.polls,
            store.sources,
            Embedded(outside.people, chance),
            [outside.team_voice, *elsewhere],
            outside.sites,
            clock,
            chance,
        )
        self.cards = PollCards(store.answers, store.polls, self.sources, outside.people, clock)
        self.drawers = Drawers(
            issues=IssueCards(store.accounts, store.cards, outside.sites, clock),
            previews=PreviewCards(
                store.accounts, store.cards, store.previews, outside.sites, clock
            ),
            ballots=BallotCards(store.accounts, store.cards, outside.sites, clock),
            polls=self.cards,
        )
        self.results = PollResults(store.answers, store.polls, self.sources, outside.people, clock)
        self.audiences = Audiences(outside.members, store.polls)
        self.permits = Permits(store.rights, outside.people, outside.members)
        self.polls = Polls(
            store.cards, store.polls, self.sources, self.permits, self.audiences, clock
        )
        self.asked = AskedPolls(
            store.accounts, store.waiting_polls, self.polls, self.sources, outside.sites, clock
        )
        self.labels = ScheduleLabels(store.polls, outside.sites)
        self.posts = ScheduledPosts(
            store.polls,
            store.schedules,
            self.sources,
            self.results,
            outside.sites,
            self.polls,
            outside.languages,
            outside.people,
            self.permits,
            clock,
            chance,
        )
        self.scheduler = Scheduler(
            store.accounts, store.schedules, outside.posting, self.posts, outside.outbox, clock
        )
        self.endings = PollEndings(
            store.polls,
            store.endings,
            store.records.is_there,
            self.sources,
            self.results,
            outside.languages,
            outside.posting,
            outside.outbox,
            clock,
        )
        self.steps = Steps(
            store.accounts,
            store.executions,
            store.polls,
            store.poll_defaults,
            self.polls,
            self.sources,
            outside.sites,
            outside.slack,
            outside.people,
            outside.languages,
            clock,
        )
        self.home = Home(
            store.accounts,
            store.home,
            store.schedules,
            self.labels,
            outside.sites,
            outside.slack,
            outside.people,
            outside.channels,
            self.audiences,
            outside.languages,
            outside.speaker,
            partial(ground.reach.away, JIRA_AT),
            clock,
        )
        self.answers = Answers(
            store.answers,
            store.sources,
            self.sources,
            self.results,
            self.audiences,
            outside.people,
            clock,
        )
        self.additions = Additions(store.additions, store.polls, self.sources, self.answers, clock)
        self.receipts = Receipts(
            store.receipts,
            outside.courier,
            outside.languages,
            outside.speaker,
            outside.turns,
            self.answers,
            clock,
        )
        self.votes = Votes(
            store.accounts, store.intents, store.cards, outside.sites, outside.slack, clock
        )
        self.threshold_readings = ThresholdReadings(outside.sites)
        self.panes = Panes(
            store.accounts, self.votes, outside.sites, outside.slack, outside.languages, clock
        )
        self.accounts = Accounts(store.accounts, store.grants, outside.sites, clock, chance)
        self.records = Records(store.records, self.polls, clock)
        self.schedules = Schedules(
            store.issues,
            store.polls,
            store.schedules,
            self.sources,
            self.results,
            outside.sites,
            outside.slack,
            outside.people,
            self.scheduler,
            self.asked,
            clock,
            chance,
        )
        self.thresholds = Thresholds(
            store.accounts,
            store.thresholds,
            store.vote_counts,
            self.threshold_readings,
            outside.sites,
            outside.slack,
            outside.people,
            self.permits,
            outside.channels,
            clock,
        )
        self.setup = Setup(
            store.sources,
            self.sources,
            outside.team_voice,
            outside.sites,
            outside.people,
            outside.languages,
            store.poll_defaults,
            store.rights,
            store.audit,
            store.retention,
            outside.members,
            clock,
        )
        self.picks = Picks(store.accounts, store.cards, outside.sites)
        self.mentions = Mentions(store.accounts, store.cards, outside.slack, outside.sites, clock)
        self.previews = Previews(store.cards, store.previews, outside.people, outside.sites, clock)
        self.saved_polls = SavedPolls(store.saved_polls, self.polls, outside.people, clock)
        self.searches = Searches(
            store.searches, self.results, self.sources, outside.channels, clock
        )
        self.missing = MissingAnswers(
            self.polls, store.polls, self.audiences, outside.people, clock
        )
        self.hanging = Hanging(
            store.hanging, self.polls, outside.channels, self.permits, outside.slack, clock
        )
        self.exports = Exports(
            store.exports, self.polls, self.results, outside.people, outside.slack, clock
        )
        self.forgetting = Forgetting(store.forgetting, outside.people, clock)
        self.invites = Invites(
            store.home, outside.people, outside.languages, outside.afterwards, clock
        )
        self.presses = Presses(store.presses, outside.sites, clock)
        self.sign_ins: SignIns | None = None
        if outside.atlassian is not None and settings.public_url:
            self.sign_ins = SignIns(
                self.accounts, store.grants, outside.atlassian, settings.public_url, clock, chance
            )
        self.installs: Installs | None = None
        self.admission: Admission | None = None
        if outside.app is not None and outside.tokens is not None:
            self.installs = Installs(
                store.installations, outside.tokens, outside.slack, outside.app, clock
            )
            self.admission = Admission(store.installations, outside.tokens, clock)
