"""Slack's Workflow Builder has come to a step of ours: it is on disk before Slack is answered."""

import logging
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.slack import payloads
from pollbot.store.worker import Clock
from pollbot.workflows.rows import ExecutionRows
from pollbot.workflows.rules import Execution, read_inputs

log = logging.getLogger(__name__)

Body = dict[str, Any]


class WorkflowListeners:
    """Runs of steps."""

    def __init__(self, execution_rows: ExecutionRows, clock: Clock) -> None:
        self._execution_rows = execution_rows
        self._clock = clock

    def register(self, app: AsyncApp) -> None:
        """Listen for all steps, known or not: each is to hear of its end."""
        app.event("function_executed")(self.execute)

    async def execute(self, ack: AsyncAck, event: Body, body: Body) -> None:
        team_id = payloads.acted(body).team_id
        execution_id = str(event.get("function_execution_id") or "")
        if not team_id or not execution_id:
            # There is nothing by which Slack could be told of its end.
            log.info("a step of a workflow came without its id, or without its workspace")
        else:
            run = Execution(
                team_id,
                execution_id,
                payloads.step_of(body),
                read_inputs(event.get("inputs")),
                self._clock(),
                token=event.get("bot_access_token") or None,
            )
            await self._execution_rows.ask(run)
        await ack()
