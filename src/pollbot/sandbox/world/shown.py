"""What the page shows of the pretended world, as the JSON of one state."""

from __future__ import annotations

from typing import Any

from pollbot.sandbox.world.log import LOG_LINES, LogLine
from pollbot.sandbox.world.seed import COMMANDS, PEOPLE, SHORTCUTS, account_of
from pollbot.sandbox.world.stage import Stage

_RUNS = 5


def shown_to(world: Stage, viewer: str) -> dict[str, Any]:
    """Return everything the page shows to this person."""
    slack, jira = world.slack, world.jira
    channels = [place for place in slack.channels.values() if slack.can_see(viewer, place)]
    return {
        "viewer": viewer,
        "clock": {"ahead": world.clock.ahead},
        "people": [
            {
                "id": person.user,
                "name": person.first_name,
                "is_admin": person.is_admin,
                "tz": slack.people[person.user].tz,
                "jira": {
                    "name": person.full_name,
                    "email": person.email,
                    "token": person.token,
                },
            }
            for person in PEOPLE
        ],
        "channels": [
            {
                "id": place.id,
                "name": slack.app_name if place.is_im else place.name,
                "is_private": place.is_private,
                "is_im": place.is_im,
                "app_is_member": place.app_is_member,
            }
            for place in channels
        ],
        "messages": _messages(world, viewer, [place.id for place in channels]),
        "views": _views(world, viewer),
        "pane": _pane(world, viewer),
        "home": slack.homes[viewer].view if viewer in slack.homes else None,
        "commands": list(COMMANDS),
        "shortcuts": list(SHORTCUTS),
        "workflows": _workflows(world),
        "jira": {"site": jira.site_url, "issues": _issues(world)},
        "pages": _pages(world),
        "team_voice": {"polls": _polls(world, account_of(viewer))},
        "switches": {
            "slack": slack.faults.mode,
            "jira": jira.faults.mode,
            "team_voice": world.team_voice.faults.mode,
        },
        "replicas": world.replicas.shown() if world.replicas else None,
        "log": [line.json() for line in log(world)],
    }


def log(world: Stage) -> list[LogLine]:
    """Return the newest lines of both directions, the newest last."""
    lines = list(world.deliveries)
    for call in world.slack.calls[-LOG_LINES:]:
        ok = call.answer.get("ok") is True
        outcome = "ok" if ok else str(call.answer.get("error") or call.status or "no answer")
        lines.append(LogLine(call.at, "pollbot", "Slack", call.method, outcome))
    for post in world.slack.hook_posts[-LOG_LINES:]:
        outcome = "ok" if post.status == 200 else str(post.status or "no answer")
        lines.append(LogLine(post.at, "pollbot", "Slack", "response_url", outcome))
    for heard in world.jira.calls[-LOG_LINES:]:
        what = f"{heard.method} {heard.path}"
        lines.append(LogLine(heard.at, "pollbot", "Jira", what, str(heard.status or "no answer")))
    for asked in world.team_voice.calls[-LOG_LINES:]:
        what = f"{asked.method} {asked.content}"
        status = str(asked.status or "no answer")
        lines.append(LogLine(asked.at, "pollbot", "Team Voice", what, status))
    recent = [line for line in lines if line.at >= world.log_from]
    return sorted(recent, key=lambda line: line.at)[-LOG_LINES:]


def _messages(world: Stage, viewer: str, channels: list[str]) -> list[dict[str, Any]]:
    seen = [message for channel in channels for message in world.slack.visible_to(viewer, channel)]
    return [
        {
            "id": message.id,
            "channel": message.channel,
            "ts": message.ts,
            "user": message.user,
            "is_app": message.user == world.slack.bot_user_id,
            "text": message.text,
            "blocks": message.blocks,
            "ephemeral_for": message.ephemeral_for,
            "thread_ts": message.thread_ts,
            "edited": message.edited,
            "unfurls": message.unfurls,
            "entities": message.entities,
            "files": [{"name": one.name, "text": one.text} for one in message.files],
        }
        for message in sorted(seen, key=lambda message: float(message.ts))
    ]


def _views(world: Stage, viewer: str) -> list[dict[str, Any]]:
    return [
        {"id": view.id, "view": view.view, "values": view.values, "errors": view.errors}
        for view in world.slack.stack_of(viewer)
    ]


def _pane(world: Stage, viewer: str) -> dict[str, Any] | None:
    pane = world.slack.work_objects.panes.get(viewer)
    return None if pane is None else {"url": pane.url, "entity": pane.entity, "error": pane.error}


def _workflows(world: Stage) -> dict[str, Any]:
    """Return the steps that pollbot offers, and the last runs of them, the newest first."""
    flows = world.slack.workflows
    runs = [
        {
            "id": run.id,
            "step": run.step,
            "state": run.state,
            "outputs": run.outputs,
            "error": run.error,
        }
        for run in [*flows.runs.values()][: -_RUNS - 1 : -1]
    ]
    return {"steps": flows.offered, "runs": runs}


def _issues(world: Stage) -> list[dict[str, Any]]:
    """Return the issues as an administrator of the Jira site sees them."""
    jira = world.jira
    projects = list(dict.fromkeys(issue.project for issue in jira.issues.values()))
    return [
        {
            "key": issue.key,
            "summary": issue.summary,
            "type": issue.type,
            "status": issue.status,
            "category": issue.category,
            "resolution": issue.resolution,
            "votes": issue.votes,
            "voters": [voter.name for voter in jira.voters(issue.key)],
            "reporter": jira.name_of(issue.reporter),
            "seen_by": None
            if issue.seen_by is None
            else sorted(filter(None, map(jira.name_of, issue.seen_by))),
            "url": f"{jira.site_url}/browse/{issue.key}",
        }
        for issue in sorted(
            jira.issues.values(), key=lambda issue: (projects.index(issue.project), issue.number)
        )
    ]


def _pages(world: Stage) -> list[dict[str, Any]]:
    confluence = world.jira.confluence
    return [
        {
            "id": page.id,
            "title": page.title,
            "space": page.space.name,
            "url": confluence.page_url(page, world.jira.site_url),
        }
        for page in confluence.pages.values()
    ]


def _polls(world: Stage, account_id: str) -> list[dict[str, Any]]:
    """Return the polls as Team Voice shows them; ``mine`` is what this person chose there."""
    return [
        {
            "id": kept.id,
            "content": kept.content,
            "container": kept.container,
            "title": kept.title,
            "several": kept.takes_several,
            "options": [
                {"id": str(option["id"]), "title": str(option.get("title") or "")}
                for option in kept.in_order
            ],
            "answers": {one: kept.count(one) for one in kept.option_ids},
            "participants": len(kept.answers),
            "mine": sorted(kept.answers.get(account_id, ())),
        }
        for kept in world.team_voice.polls.values()
    ]
