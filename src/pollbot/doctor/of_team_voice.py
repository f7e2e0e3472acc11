"""What is looked at in Team Voice: whether each source that is set up answers, and to its token."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx

from pollbot.doctor import findings as found
from pollbot.errors import SourceBusy, SourceError, SourceUnavailable
from pollbot.polls.sources.team_voice.client import Endpoint, Place, TeamVoice
from pollbot.polls.sources.team_voice.refusals import (
    OddAnswer,
    PlainAddress,
    PrivateAddress,
    TokenRefused,
)
from pollbot.settings import Settings
from pollbot.web.addresses import EVERYWHERE, Guard


@dataclass(frozen=True, slots=True)
class SetUp:
    """A source of /pollbot setup: its project or space, its address and its token."""

    workspace: str
    url: str = field(repr=False)
    token: str = field(repr=False)


async def look_at_sources(
    http: httpx.AsyncClient, settings: Settings, set_up: Sequence[SetUp], issue: str
) -> list[found.Finding]:
    """Return what is to be said of each source; polls are read, of which nothing is kept.

    ``issue``: one that is known here, whose polls the source of the settings is asked for.
    """
    guard = EVERYWHERE if settings.allow_private_addresses else Guard()
    team_voice = TeamVoice(http, guard)
    findings: list[found.Finding] = []
    url, token = settings.team_voice_url, settings.team_voice_token
    if url is not None and token is not None:
        endpoint = Endpoint(url, token.get_secret_value())
        place = Place(issue.rpartition("-")[0], issue)
        findings.append(await _look(team_voice, "", endpoint, place))
    for one in set_up:
        # As setup asks when a source is entered: polls/sources/team_voice/source.py.
        space = one.workspace.isdigit()
        place = (
            Place(one.workspace, "1", "setup")
            if space
            else Place(one.workspace, f"{one.workspace}-1")
        )
        endpoint = Endpoint(one.url, one.token, typed=one.url != url)
        findings.append(await _look(team_voice, one.workspace, endpoint, place))
    return findings or [found.NoSources()]


async def _look(
    team_voice: TeamVoice, workspace: str, endpoint: Endpoint, place: Place
) -> found.Finding:
    try:
        await team_voice.try_out(endpoint, place)
    except TokenRefused:
        return found.SourceRefusesToken(workspace)
    except PrivateAddress:
        return found.SourcePrivate(workspace)
    except PlainAddress:
        return found.SourcePlain(workspace)
    except OddAnswer as error:
        return found.SourceOdd(workspace, error.why)
    except SourceBusy:
        return found.SourceTaken(workspace)
    except SourceUnavailable as error:
        return found.SourceAway(workspace, error.why)
    except SourceError:
        return found.SourceNowhere(workspace)
    return found.SourceTaken(workspace)
