"""Steps of Workflow Builder that the app offers: what runs them, and how it tells of their end.

Sources: docs.slack.dev, function_executed, functions.completeSuccess, functions.completeError and
"Custom steps". A step's own token ends that step only, and lives for 15 minutes; once its step is
over it is revoked (slackapi/bolt-python#1305). That the app's own token ends steps, too, is what
the pages of both methods say.
"""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pollbot.sandbox.slack.delivery import Kind
from pollbot.sandbox.slack.payloads import TOKEN
from pollbot.sandbox.slack.refused import Args, RefusedError
from pollbot.sandbox.slack.things import Answer
from pollbot.sandbox.slack.tokens import Tokens
from pollbot.sandbox.slack.workspace import Workspace

Json = dict[str, Any]

COMPLETE, FAIL = "functions.completeSuccess", "functions.completeError"
TOKEN_SECONDS = 900.0
WHO_USES_IT = "slack#/types/user_context"
_TYPES: dict[str, type | tuple[type, ...]] = {"number": (int, float), "integer": int}


@dataclass
class Run:
    """One run of a step. ``user`` used the workflow; it is empty if nobody did."""

    id: str
    step: str
    user: str
    inputs: Json
    token: str
    began_at: float
    state: Literal["running", "completed", "failed", "cancelled"] = "running"
    outputs: Json = field(default_factory=dict)
    error: str = ""


class Workflows:
    """The runs of a workspace, by their ids; ``offered`` are the app's steps, as in its manifest.

    ``app_ends``: whether the app's own token ends steps.
    """

    def __init__(
        self,
        home: Workspace,
        tokens: Tokens,
        deliver: Callable[[Json, Kind], Awaitable[Answer]],
    ) -> None:
        self._home = home
        self._tokens = tokens
        self._deliver = deliver
        self.offered: dict[str, Json] = {}
        self.runs: dict[str, Run] = {}
        self.app_ends = True

    async def run(self, user: str, step: str, inputs: Mapping[str, Any]) -> tuple[Run, Answer]:
        """Come to a step in a workflow that somebody uses; return the run, and the app's answer."""
        run = self.begin(user, step, inputs)
        return run, await self._deliver(self.executed(run), "events_api")

    def begin(self, user: str, step: str, inputs: Mapping[str, Any]) -> Run:
        """Return a new run, of which the app does not hear by this."""
        given = dict(inputs)
        for name, parameter in self._parameters(step, "input_parameters").items():
            if parameter["type"] == WHO_USES_IT and user:
                given[name] = {"id": user, "secret": f"secret-of-{user}"}
                given[f"{name}.id"] = user
        id_ = self._home.next_id("Fx0")
        run = Run(id_, step, user, given, f"xwfp-{id_}", self._home.now())
        self.runs[id_] = run
        self._home.changed()
        return run

    def executed(self, run: Run) -> Json:
        """Return the payload by which the app hears of a run."""
        home, step = self._home, self.offered.get(run.step, {})
        return {
            "token": TOKEN,
            "team_id": home.team_id,
            "api_app_id": home.app_id,
            "event": {
                "type": "function_executed",
                "function": {
                    "id": f"Fn0{run.step.upper()}",
                    "callback_id": run.step,
                    "title": step.get("title", run.step),
                    "description": step.get("description", ""),
                    "type": "app",
                    "app_id": home.app_id,
                },
                "inputs": copy.deepcopy(run.inputs),
                "function_execution_id": run.id,
                "workflow_execution_id": f"Wx0{run.id}",
                "event_ts": home.next_ts(),
                "bot_access_token": run.token,
            },
            "type": "event_callback",
            "event_id": home.next_id("Ev0"),
            "event_time": int(home.now()),
            "authorizations": [
                {
                    "enterprise_id": home.organisation or None,
                    "team_id": home.team_id,
                    "user_id": home.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": bool(home.organisation),
                }
            ],
        }

    def cancel(self, run: Run) -> None:
        """End a workflow from outside; the app does not hear of it."""
        run.state = "cancelled"
        self._home.changed()

    def end(self, method: str, args: Args, token: str) -> Json | None:
        """Return the answer to a call that ends a run; None to any other."""
        if method not in (COMPLETE, FAIL):
            return None
        try:
            self._end(method, args, token)
        except RefusedError as refused:
            return refused.answer
        self._home.changed()
        return {"ok": True}

    def _end(self, method: str, args: Args, token: str) -> None:
        run = self.runs.get(str(args.get("function_execution_id")))
        own = next((one for one in self.runs.values() if one.token == token), None)
        if own is not None:
            if own.state != "running":
                raise RefusedError("token_revoked")
            if self._home.now() - own.began_at > TOKEN_SECONDS:
                raise RefusedError("token_expired")
            if own is not run:
                raise RefusedError("access_denied")
        elif (refused := self._tokens.refused(method, token)) is not None:
            raise RefusedError(refused["error"])
        elif not self.app_ends:
            raise RefusedError("access_denied")
        if run is None:
            raise RefusedError("function_execution_not_found")
        if run.state != "running":
            raise RefusedError("execution_not_in_running_state")
        if method == FAIL:
            if not isinstance(args.get("error"), str) or not args["error"]:
                raise RefusedError("invalid_arguments")
            run.state, run.error = "failed", args["error"]
            return
        outputs = args.get("outputs")
        if not isinstance(outputs, dict):
            raise RefusedError("invalid_arguments")
        if wrong := self._unfit(run.step, outputs):
            raise RefusedError("parameter_validation_failed", wrong)
        run.state, run.outputs = "completed", outputs

    def _unfit(self, step: str, outputs: Json) -> list[str]:
        """Return what is wrong with the outputs of a step, as its manifest has them."""
        known = self._parameters(step, "output_parameters")
        required = self.offered.get(step, {}).get("output_parameters", {}).get("required", [])
        wrong = [f"{name}: missing" for name in required if name not in outputs]
        for name, value in outputs.items():
            if name not in known:
                wrong.append(f"{name}: unknown")
            elif not isinstance(value, _TYPES.get(known[name]["type"], str)):
                wrong.append(f"{name}: no {known[name]['type']}")
        return wrong

    def _parameters(self, step: str, kind: str) -> dict[str, Json]:
        found: dict[str, Json] = self.offered.get(step, {}).get(kind, {}).get("properties", {})
        return found
