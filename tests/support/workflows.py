"""Steps of workflows, run as Slack runs them."""

from typing import Any

from pollbot.sandbox.slack.workflows import Run
from tests.support.house import ADA, PLANNING, House

CREATE = {"channel": PLANNING, "question": "Lunch?", "options": "Pizza\nSoup"}


async def begun(house: House, step: str, user: str = ADA, **inputs: Any) -> Run:
    """Come to a step in a workflow of this person's, and see that pollbot has taken it."""
    run, answer = await house.slack.workflows.run(user, step, inputs)
    assert (answer.status, answer.body) == (200, "")
    return run


async def done(house: House, run: Run) -> dict[str, Any]:
    """Return what a step told, once it is done."""
    await _over(house, run)
    assert run.state == "completed", run.error
    return run.outputs


async def failed(house: House, run: Run) -> str:
    """Return why a step failed, once Slack was told."""
    await _over(house, run)
    assert run.state == "failed", run.outputs
    return run.error


async def _over(house: House, run: Run) -> None:
    await house.slack.until(lambda: run.state != "running", 10, what=f"the end of {run}")


async def created(house: House, user: str = ADA, **changes: Any) -> dict[str, Any]:
    """Create a poll by a workflow; return what the step told."""
    return await done(house, await begun(house, "create_poll", user, **{**CREATE, **changes}))
