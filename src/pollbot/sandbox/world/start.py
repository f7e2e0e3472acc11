"""What people do before the page opens: they connect, and set up Team Voice, by pollbot's forms."""

from __future__ import annotations

from typing import Any

from pollbot.sandbox.slack.stand_in import Answer, SlackStandIn
from pollbot.sandbox.world.seed import ADA, DOCS_SPACE, PEOPLE, TEAM_VOICE_TOKEN, Newcomer
from pollbot.sandbox.world.stage import Stage


async def move_in(world: Stage) -> None:
    """Have all of them do that, and wait until nothing of it is to be seen any more."""
    for person in PEOPLE:
        if person.connected:
            await connect(world, person)
    for workspace in ("PLAT", DOCS_SPACE):
        await set_up(world, ADA, workspace)
    await world.quiet()
    world.start_over()


async def connect(world: Stage, person: Newcomer) -> None:
    """Have the person connect their Jira account the way anybody does: command, form, submit."""
    slack = world.slack
    channel = slack.direct_channel(person.user).id
    _expect(await slack.command(person.user, channel, "/pollbot", "connect"))
    await _fill_in(slack, person, person.email, person.token)
    await world.jira.until(
        lambda: any(
            (call.account_id, call.path) == (person.account_id, "/rest/api/3/myself")
            for call in world.jira.calls
        ),
        what=f"{person.first_name}'s token to be tried",
    )
    await slack.until(
        lambda: not _forms(slack, person.user, 2), what=f"{person.first_name}'s form to be taken"
    )


async def set_up(world: Stage, admin: Newcomer, workspace: str) -> None:
    """Have an admin enter Team Voice for a project or space, as any admin does; tried on save."""
    slack, heard = world.slack, len(world.team_voice.calls)
    channel = slack.direct_channel(admin.user).id
    for view in reversed(slack.stack_of(admin.user)):
        await slack.close(admin.user, view.id)
    _expect(await slack.command(admin.user, channel, "/pollbot", "setup"))
    await _fill_in(slack, admin, workspace, world.team_voice.url, TEAM_VOICE_TOKEN)
    refused = [view.errors for view in slack.stack_of(admin.user) if view.errors]
    if refused or len(world.team_voice.calls) == heard:
        raise RuntimeError(f"pollbot did not take Team Voice for {workspace}: {refused}")


async def _fill_in(slack: SlackStandIn, person: Newcomer, *texts: str) -> None:
    """Wait for the form that asks for so many things, and send it with these."""
    [(view_id, inputs)] = await slack.until(
        lambda: _forms(slack, person.user, len(texts)),
        what=f"a form in which {person.first_name} writes {len(texts)} things",
    )
    values = {
        block["block_id"]: {block["element"]["action_id"]: text}
        for block, text in zip(inputs, texts, strict=True)
    }
    _expect(await slack.submit(person.user, view_id, values))


def _forms(slack: SlackStandIn, user: str, count: int) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the open forms that ask the person for so many things: their ids and fields."""
    found = []
    for view in slack.stack_of(user):
        inputs = [block for block in view.view["blocks"] if block["type"] == "input"]
        if len(inputs) == count:
            found.append((view.id, inputs))
    return found


def _expect(answer: Answer) -> None:
    if answer.error is not None:
        raise RuntimeError(f"pollbot answered {answer.status} {answer.body!r}: {answer.error}")
