"""What goes on beside: the workers, each with the rows that it serves."""

from functools import partial

from pollbot.accounts.worker import AccountEnds
from pollbot.cards.refresher import Refresher
from pollbot.installs.worker import GoneWorkspaces
from pollbot.polls.answers.receipts import OwedReceipts
from pollbot.polls.cards import Leftovers, PollCloser, PollReader
from pollbot.polls.ends.all import WhenAll
from pollbot.polls.ends.reminders import Reminders
from pollbot.polls.waiting.worker import PollMaker
from pollbot.records.worker import Recorder
from pollbot.retention.worker import Retainer
from pollbot.store.leader import LeftAtDoors
from pollbot.store.worker import Worker
from pollbot.teller import Teller
from pollbot.thresholds.worker import CrossingTeller, ThresholdLooks
from pollbot.votes.shipped.worker import Resolutions, ShippedTeller
from pollbot.votes.watches.worker import WatchWorker
from pollbot.votes.worker import VoteWorker
from pollbot.wiring.ground import Ground
from pollbot.wiring.outside import Outside
from pollbot.wiring.services import Services
from pollbot.workflows.worker import StepWorker


def of_leader(ground: Ground, outside: Outside, services: Services) -> list[Worker]:
    """Return what does all that is due: of several pollbots on one database, in the leader."""
    store, clock, chance = ground.store, ground.clock, ground.chance
    workers: list[Worker] = [
        VoteWorker(
            store.accounts,
            store.intents,
            store.tries,
            store.outbox,
            outside.sites,
            outside.courier,
            outside.languages,
            outside.outbox,
            outside.pace,
            clock,
            redraw=partial(services.home.redraw, looks=True),
            beside=services.panes.settled,
            turns=outside.turns,
        ),
        WatchWorker(
            store.accounts,
            store.watches,
            store.tries,
            outside.sites,
            outside.courier,
            outside.languages,
            outside.outbox,
            outside.pace,
            clock,
        ),
        Resolutions(store.accounts, store.shipped, outside.sites, clock),
        ShippedTeller(
            store.accounts,
            store.shipped,
            outside.sites,
            outside.slack,
            outside.posting,
            outside.languages,
            outside.outbox,
            clock,
        ),
        OwedReceipts(store.receipts, services.receipts, outside.outbox, clock),
        Refresher(
            store.cards,
            store.outbox,
            outside.slack,
            outside.posting,
            outside.courier,
            outside.languages,
            outside.outbox,
            clock,
            services.drawers,
            no_entity=store.previews.refused,
        ),
        PollCloser(store.polls, store.on_due, clock),
        Leftovers(store.poll_keys, store.on_due, clock),
        Retainer(store.retention, clock),
        PollReader(store.polls, services.sources, clock),
        PollMaker(
            store.accounts,
            store.polls,
            store.waiting_polls,
            services.polls,
            services.sources,
            outside.sites,
            clock,
        ),
        services.endings,
        WhenAll(store.when_all, store.polls, services.audiences, outside.people, clock),
        Reminders(
            store.endings,
            store.outbox,
            outside.slack,
            outside.posting,
            outside.languages,
            outside.people,
            services.audiences,
            outside.outbox,
            clock,
        ),
        Recorder(
            store.accounts,
            store.polls,
            store.endings,
            store.records,
            outside.sites,
            outside.slack,
            outside.courier,
            outside.languages,
            outside.outbox,
            outside.speaker,
            services.sources,
            services.results,
            outside.people,
            outside.pace,
            clock,
        ),
        services.scheduler,
        StepWorker(
            store.executions,
            services.steps,
            services.results,
            outside.slack,
            outside.languages,
            clock,
        ),
        ThresholdLooks(
            store.accounts,
            store.thresholds,
            store.vote_counts,
            services.threshold_readings,
            outside.sites,
            services.permits,
            clock,
        ),
        CrossingTeller(
            store.accounts,
            store.thresholds,
            services.threshold_readings,
            outside.sites,
            outside.posting,
            outside.languages,
            outside.people,
            services.permits,
            outside.outbox,
            clock,
            chance,
        ),
        AccountEnds(store.accounts, clock),
        GoneWorkspaces(store.installations, clock),
        Teller(
            store,
            outside.courier,
            outside.languages,
            services.labels,
            services.drawers,
            services.endings,
            services.asked,
            services.posts,
            clock,
        ),
    ]
    if store.lead.shared:
        workers.append(LeftAtDoors(store.take_up_at_doors, clock))
    return workers
