"""Who hears what Slack brings, and what browsers get."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from slack_bolt.async_app import AsyncApp

from pollbot import last_stop
from pollbot.accounts.browser import SignInPages
from pollbot.accounts.listeners import AccountListeners
from pollbot.commands import Commands
from pollbot.forgetting.listeners import ForgetListeners
from pollbot.home.listeners import HomeListeners
from pollbot.installs.browser import InstallPages
from pollbot.installs.listeners import InstallListeners
from pollbot.issue_lists.listeners import MentionListeners
from pollbot.picks.listeners import PickListeners
from pollbot.polls.additions.listeners import AdditionListeners
from pollbot.polls.channels.listeners import HangingListeners
from pollbot.polls.ends.listeners import EndListeners
from pollbot.polls.exports.listeners import ExportListeners
from pollbot.polls.forms.listeners import FormListeners
from pollbot.polls.listeners import PollListeners
from pollbot.polls.saved.listeners import SavedListeners
from pollbot.polls.searches.listeners import SearchListeners
from pollbot.previews.listeners import PreviewListeners
from pollbot.records.listeners import RecordListeners
from pollbot.schedules.listeners import ScheduleListeners
from pollbot.setup.listeners import SetupListeners
from pollbot.slack.payloads import Body
from pollbot.slack.straight import Straight
from pollbot.thresholds.listeners import ThresholdListeners
from pollbot.votes.listeners import VoteListeners
from pollbot.votes.shipped.listeners import ShippedListeners
from pollbot.votes.watches.listeners import WatchListeners
from pollbot.wiring.ground import Ground
from pollbot.wiring.outside import Outside
from pollbot.wiring.services import Services
from pollbot.workflows.listeners import WorkflowListeners
from pollbot.written.listeners import Written


@dataclass(frozen=True, slots=True)
class Listening:
    """Who hears what Slack brings.

    ``straight`` are those that crowds press, past Bolt; ``then`` is shown each payload after its
    listener.
    """

    registers: Sequence[Callable[[AsyncApp], None]]
    straight: Straight
    then: Callable[[Body], None]


def listening(ground: Ground, outside: Outside, services: Services) -> Listening:
    """Build the listeners of each feature."""
    store, clock = ground.store, ground.clock
    on_accounts = AccountListeners(
        services.accounts,
        services.sign_ins,
        outside.slack,
        outside.afterwards,
        outside.prompts,
        outside.people,
    )
    on_votes = VoteListeners(services.votes, outside.slack, outside.afterwards)
    on_shipped = ShippedListeners(store.shipped, outside.sites, outside.afterwards)
    on_previews = PreviewListeners(
        services.previews,
        services.panes,
        outside.afterwards,
        outside.slack.lacks,
    )
    on_schedules = ScheduleListeners(
        services.schedules, services.labels, outside.slack, outside.afterwards, clock
    )
    on_thresholds = ThresholdListeners(services.thresholds, outside.slack, outside.afterwards)
    on_forms = FormListeners(
        services.polls,
        services.asked,
        services.answers,
        services.results,
        on_schedules.post_later,
        outside.languages,
        outside.slack,
        outside.afterwards,
        services.picks,
        services.audiences,
        services.additions,
        store.poll_defaults,
        services.saved_polls,
        clock,
    )
    on_saved = SavedListeners(services.saved_polls, on_forms, outside.slack, outside.afterwards)
    on_searches = SearchListeners(services.searches, outside.slack, outside.afterwards)
    on_polls = PollListeners(
        on_forms,
        on_saved,
        on_searches,
        services.polls,
        services.asked,
        services.answers,
        services.receipts,
        services.results,
        outside.people,
        outside.languages,
        outside.slack,
        outside.afterwards,
        store.poll_defaults,
        clock,
    )
    on_setup = SetupListeners(services.answers, services.setup, outside.slack, outside.afterwards)
    on_ends = EndListeners(
        services.polls,
        services.missing,
        services.asked,
        outside.slack,
        outside.afterwards,
        store.endings,
        store.poll_defaults,
        clock,
    )
    on_forgetting = ForgetListeners(services.forgetting, outside.afterwards)
    commands = Commands(
        on_accounts,
        on_schedules,
        on_thresholds,
        on_setup,
        on_votes,
        on_shipped,
        on_previews,
        on_polls,
        on_ends,
        on_forgetting,
    )
    on_home = HomeListeners(services.home, services.invites, outside.slack, outside.afterwards)
    explain = last_stop.explainer(outside.afterwards)
    # Bolt asks its listeners one after the other, about 20 µs each: what crowds press comes first.
    registers = (
        on_polls.register_of_crowds,
        on_votes.register_of_crowds,
        commands.register_help,
        on_votes.register,
        on_shipped.register,
        on_thresholds.register_menu,
        WatchListeners(store.watches, outside.sites, clock).register,
        PickListeners(services.picks).register,
        commands.register,
        on_accounts.register,
        on_previews.register,
        MentionListeners(services.mentions, outside.afterwards).register,
        on_polls.register,
        on_forms.register,
        on_ends.register,
        AdditionListeners(
            services.additions, services.polls, outside.slack, outside.afterwards
        ).register,
        ExportListeners(services.exports, outside.slack, outside.afterwards).register,
        HangingListeners(services.hanging, outside.slack, outside.afterwards).register,
        on_saved.register,
        on_searches.register,
        RecordListeners(services.records, outside.slack, outside.afterwards).register,
        on_schedules.register,
        on_thresholds.register,
        on_setup.register,
        on_forgetting.register,
        WorkflowListeners(store.executions, clock).register,
        Written(commands, outside.afterwards).register,
        on_home.register,
        InstallListeners(services.installs, services.admission).register,
        partial(last_stop.register, explain=explain),
    )
    straight = Straight({**on_polls.of_crowds, **on_votes.of_crowds}, explain)
    return Listening(registers, straight, on_home.then)


def browser_pages(outside: Outside, services: Services) -> list[SignInPages | InstallPages]:
    """Return what browsers get: where people sign in at Jira, and install pollbot."""
    found: list[SignInPages | InstallPages] = []
    if services.sign_ins is not None:
        found.append(
            SignInPages(
                services.sign_ins,
                outside.people,
                outside.languages,
                outside.slack,
                outside.afterwards,
                outside.prompts,
            )
        )
    if services.installs is not None:
        found.append(InstallPages(services.installs, outside.languages))
    return found
