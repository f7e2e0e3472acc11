"""Does the steps of workflows, and tells Slack of the end of each: once, whatever happens."""

import logging
from collections.abc import Awaitable, Callable

from pollbot.errors import (
    ChannelClosed,
    ContentRefused,
    InstallBroken,
    JiraUnavailable,
    NotLookedUp,
    PollbotError,
    SiteMoved,
    SlackError,
    SlackUnavailable,
    SourceUnavailable,
    StorageUnavailable,
)
from pollbot.people import Person
from pollbot.polls.kept import Kept
from pollbot.polls.results.blocks import note_of
from pollbot.polls.results.service import PollResults
from pollbot.polls.rows import AskedNoMore
from pollbot.rights.refusals import MakersUnread
from pollbot.slack.client import Slack
from pollbot.slack.languages import Languages
from pollbot.slack.markup import unmarked
from pollbot.store.queue import Again, Done, Later, Next, Parked
from pollbot.store.worker import Clock, QueueWorker
from pollbot.text import workflow_steps
from pollbot.workflows import blocks
from pollbot.workflows.refusals import NoSuchStep, OutputsRefused, StepTooOld
from pollbot.workflows.rows import ExecutionRows
from pollbot.workflows.rules import NOT_BEGUN_AFTER, PATIENCE, TOKEN_LIVES, Execution, Outputs
from pollbot.workflows.sentences import sentence
from pollbot.workflows.service import Steps

log = logging.getLogger(__name__)

_AT_ONCE = 12
_LOOK_FOR_CARD = 0.5
_CARD_WITHIN = 120.0
"""Seconds after which a poll's card is waited for no longer; the step goes on without its link."""
_READINGS = 6
"""Tries after which what a poll's source counted last is told, with the doubt."""
# docs.slack.dev, functions.completeSuccess: the step was ended before, or its workflow was.
_OVER = {"execution_not_in_running_state", "function_execution_not_found"}
_OUTPUTS = {"parameter_validation_failed"}


class StepWorker(QueueWorker[Execution]):
    """Serves runs of steps.

    What Jira or a source does not answer is tried for ten minutes, what Slack does not, for as
    long as it takes. A poll that is open parks the run; what closes it makes the run due.
    """

    def __init__(
        self,
        execution_rows: ExecutionRows,
        steps: Steps,
        results: PollResults,
        slack: Slack,
        languages: Languages,
        clock: Clock,
    ) -> None:
        super().__init__(execution_rows.work, clock, at_once=_AT_ONCE)
        self._execution_rows = execution_rows
        self._steps = steps
        self._results = results
        self._slack = slack
        self._languages = languages

    async def serve(self, run: Execution, attempts: int) -> Next:
        """Do a step, or find out why it cannot be done; then tell Slack."""
        if run.why is not None:
            return await self._fail(run, run.why)
        try:
            told = await self._do(run, attempts)
        except AskedNoMore:
            return Done()  # and begun anew, as it knows by now why it cannot be done
        except (StorageUnavailable, SlackUnavailable, InstallBroken):
            raise
        except (JiraUnavailable, SiteMoved, SourceUnavailable, TimeoutError) as error:
            why = JiraUnavailable("timeout") if isinstance(error, TimeoutError) else error
            return await self._not_now(run, why, why.retry_after)
        except (NotLookedUp, MakersUnread) as error:
            if not error.passing:
                return await self._fail_for_good(run, error)
            return await self._not_now(run, error, 0.0)
        except PollbotError as error:
            return await self._fail_for_good(run, error)
        if isinstance(told, dict):
            return await self._complete(run, told)
        return told

    async def _do(self, run: Execution, attempts: int) -> Outputs | Next:
        match run.step:
            case workflow_steps.CREATE_POLL:
                return await self._create(run)
            case workflow_steps.VOTES_OF_ISSUE:
                site, issue = await self._steps.votes(run)
                return blocks.counted(site, issue)
            case workflow_steps.POLL_CLOSED:
                return await self._closed(run, attempts)
            case _:
                raise NoSuchStep

    async def _create(self, run: Execution) -> Outputs | Next:
        kept = await self._steps.made(run)
        if kept is None:
            if self._clock() - run.asked_at > NOT_BEGUN_AFTER:
                raise StepTooOld
            kept = await self._steps.create(run)
        if run.poll_id is None:
            await self._execution_rows.made(run, kept.poll.id)
        now = self._clock()
        link = await self._steps.link(run, kept, wait=now - run.asked_at < _CARD_WITHIN)
        return Later(now + _LOOK_FOR_CARD) if link is None else blocks.created(kept, link)

    async def _closed(self, run: Execution, attempts: int) -> Outputs | Next:
        kept = await self._steps.waited_for(run)
        if kept.poll.is_open(self._clock()):
            return Parked()
        if not self._results.read_now(kept) and attempts < _READINGS:
            return Again()
        return await self._result(kept)

    async def _result(self, kept: Kept) -> Outputs:
        shown = await self._results.of(kept)
        async with self._languages.speaking_in(kept.team_id):
            note = unmarked(note_of(self._results.doubt(kept)).removeprefix(":warning: "))
            return blocks.ended(kept, shown, note)

    async def _not_now(self, run: Execution, why: PollbotError, pause: float) -> Next:
        if self._clock() - run.asked_at < PATIENCE:
            log.debug("a step of a workflow waits (%s)", type(why).__name__)
            return Again(pause)
        return await self._fail_for_good(run, why)

    async def _complete(self, run: Execution, told: Outputs) -> Next:
        try:
            await self._end(
                run, lambda token: self._slack.of(run.team_id).complete_step(run.id, told, token)
            )
        except SlackError as error:
            if not isinstance(error, ContentRefused) and error.code not in _OUTPUTS:
                raise
            log.error("Slack refuses what a step of a workflow tells: %s", error.code)
            return await self._fail_for_good(run, OutputsRefused(error.code))
        return Parked()

    async def _fail_for_good(self, run: Execution, why: PollbotError) -> Next:
        await self._execution_rows.failed(run, why)
        return await self._fail(run, why)

    async def _fail(self, run: Execution, why: PollbotError) -> Next:
        said = unmarked(await self._sentence(run, why))
        try:
            await self._end(
                run, lambda token: self._slack.of(run.team_id).fail_step(run.id, said, token)
            )
        except ContentRefused as error:
            log.error("Slack does not take why a step of a workflow failed: %s", error.code)
            await self._execution_rows.over(run)
        return Parked()

    async def _sentence(self, run: Execution, why: PollbotError) -> str:
        if user_id := run.given("person"):
            async with self._languages.speaking_to(Person(run.team_id, user_id)):
                return sentence(why)
        async with self._languages.speaking_in(run.team_id):
            return sentence(why)

    async def _end(self, run: Execution, call: Callable[[str | None], Awaitable[None]]) -> None:
        """Tell Slack of the end of a run, and forget it.

        Its own token is the surest way, but lives for minutes; the app's lives on.
        """
        own = [] if run.token is None or self._clock() > run.asked_at + TOKEN_LIVES else [run.token]
        for token in [*own, None]:
            try:
                await call(token)
            except SlackError as error:
                if error.code in _OVER:
                    log.info("a step of a workflow was over already: %s", error.code)
                elif isinstance(error, ContentRefused) or error.code in _OUTPUTS:
                    raise
                elif token is not None:
                    continue
                elif isinstance(error, ChannelClosed):
                    log.error("Slack lets pollbot end no step of a workflow: %s", error.code)
                else:
                    raise
            break
        await self._execution_rows.over(run)
