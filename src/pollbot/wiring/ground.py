"""What pollbot stands on."""

from dataclasses import dataclass, field

import httpx
from slack_sdk.web.async_client import AsyncWebClient

from pollbot.chance import Chance
from pollbot.database import Store
from pollbot.metrics import Metrics
from pollbot.store.worker import Clock
from pollbot.web.reach import Reach


@dataclass(frozen=True, slots=True)
class Ground:
    """What pollbot stands on: what it keeps, reaches others with, and goes by."""

    store: Store
    http: httpx.AsyncClient
    web_client: AsyncWebClient
    clock: Clock
    chance: Chance
    reach: Reach
    metrics: Metrics = field(default_factory=Metrics)
