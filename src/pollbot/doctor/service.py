"""The doctor: looks at everything that pollbot stands on, in order, and changes nothing."""

import asyncio
import json
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import httpx

from pollbot.doctor import findings as found
from pollbot.doctor.asking import Clock, ask
from pollbot.doctor.kept_rows import Asked, Kept
from pollbot.doctor.of_files import Files, look_at_files, port_is_taken
from pollbot.doctor.of_jira import JiraLook
from pollbot.doctor.of_slack import SlackLook
from pollbot.doctor.of_team_voice import look_at_sources
from pollbot.errors import StartError
from pollbot.previews.rules import REFUSED_FOR, WorkObjects
from pollbot.settings import Settings, read_settings, read_storage
from pollbot.web.calls import for_jira_and_sources

ALL_WELL, SOMETHING_WRONG, NO_START = 0, 1, 2

_MOST_OFF = 60.0
"""Seconds by which a clock may be off; Slack's requests are turned away from 300 on."""


@dataclass(frozen=True)
class Looked:
    """What was found, what is stored, and the exit code. ``settings``: None if unusable."""

    findings: tuple[found.Finding, ...]
    kept: Kept
    settings: Settings | None

    @property
    def code(self) -> int:
        if self.settings is None:
            return NO_START
        wrong = any(one.weight == "wrong" for one in self.findings)
        return SOMETHING_WRONG if wrong else ALL_WELL


def _asked(settings: Settings, now: float) -> Asked:
    return Asked(tuple(site.url for site in settings.jira_sites), now)


async def look(clock: Clock = time.time) -> Looked:
    """Look at everything that the settings of this environment lead to."""
    try:
        settings = read_settings()
    except StartError as error:
        return _without_settings(error)
    files = await asyncio.to_thread(look_at_files, settings, _asked(settings, clock()))
    way: found.Finding = found.SettingsRead("Socket Mode" if settings.socket_mode else "HTTP")
    pages = [
        found.SiteIsPage(remark)
        for remark in settings.remarks
        if remark.startswith("POLLBOT_JIRA_URL")
    ]
    async with for_jira_and_sources() as http:
        slack, jira = SlackLook(http, settings, clock), JiraLook(http, settings, clock)
        of_slack, of_jira, of_sources, of_health = await asyncio.gather(
            slack.findings(),
            jira.findings(files.kept.readers),
            look_at_sources(http, settings, files.kept.sources, files.kept.issue),
            _health(http, settings, files, clock),
        )
    told = {"Slack": slack.off_by, "Jira": jira.off_by}
    refused = files.kept.counts.get("accounts", {}).get("refused", 0)
    return Looked(
        (
            way,
            *pages,
            *of_slack,
            *_of_previews(files.kept, clock()),
            *of_jira,
            *([found.AccountsRefused(refused)] if refused else []),
            *of_sources,
            *_of_clock({whose: off for whose, off in told.items() if off is not None}),
            *files.findings,
            *of_health,
        ),
        files.kept,
        settings,
    )


def _of_previews(kept: Kept, now: float) -> list[found.Finding]:
    """Return what is known of previews of links, which people and admins choose in Slack."""
    off: list[found.Finding] = [found.PreviewsOff(kept.previews_off)] if kept.previews_off else []
    match kept.work_objects:
        case None:
            return off
        case WorkObjects(is_on=False):
            return [*off, found.WorkObjectsOff()]
        case WorkObjects(refused=str(code), refused_at=float(at)) if now - at < REFUSED_FOR:
            return [*off, found.WorkObjectsRefused(code, max(1, round((now - at) / 60)))]
    return [*off, found.WorkObjectsOn()]


def _without_settings(error: StartError) -> Looked:
    """Look at what can be looked at all the same: what lies on this machine."""
    _, _, lines = str(error).partition("\n")
    findings: list[found.Finding] = [found.SettingsUnusable(lines.strip() or str(error))]
    kept = Kept()
    with suppress(StartError):
        files = look_at_files(read_storage(), Asked((), 0.0))
        findings, kept = [*findings, *files.findings], files.kept
    return Looked(tuple(findings), kept, None)


async def _health(
    http: httpx.AsyncClient, settings: Settings, files: Files, clock: Clock
) -> Sequence[found.Finding]:
    """Return what the pollbot that runs says of itself, or what listens on its port instead."""
    if settings.port == 0:
        return ()
    if not files.runs:
        taken = port_is_taken(settings.host, settings.port)
        return (taken,) if taken else ()
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    named = f"[{host}]" if ":" in host else host
    try:
        answer = await ask(http, "GET", f"http://{named}:{settings.port}/healthz", clock)
        body = json.loads(answer.response.content)
    except (httpx.HTTPError, ValueError, RecursionError):
        if files.on_server:
            return ()  # It may run on another machine, at another address.
        return (found.RunsUnwell("health page", "it gives no answer"),)
    if not isinstance(body, dict):
        return (found.RunsUnwell("health page", "it is not understood"),)
    remarks = body.pop("remarks", {})
    body.pop("ok", None)
    told = {**(remarks if isinstance(remarks, dict) else {}), **body}
    told.pop("role", None)  # Whether it leads is no fault.
    return tuple(found.RunsUnwell(str(what), str(said)) for what, said in told.items())


def _of_clock(told: dict[str, float]) -> list[found.Finding]:
    off = {whose: seconds for whose, seconds in told.items() if abs(seconds) > _MOST_OFF}
    right = tuple(whose for whose in told if whose not in off)
    findings: list[found.Finding] = []
    if off:
        seconds = max(off.values(), key=abs)
        findings.append(found.ClockOff(round(seconds), tuple(off)))
    if right:
        findings.append(found.ClockRight(right))
    return findings or [found.ClockUnknown()]
