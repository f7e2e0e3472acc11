"""The report that may be sent to others: what is set and found, and nothing of anybody."""

import json
import platform
from importlib import metadata
from typing import Any

from pollbot.doctor.findings import Finding
from pollbot.doctor.kept_rows import SQLITE
from pollbot.doctor.service import Looked
from pollbot.settings import which_are_set

_LIBRARIES = ("slack-bolt", "slack-sdk", "aiohttp", "httpx", "pydantic", "sqlite-utils", "psycopg")


def bundle(version: str, looked: Looked) -> str:
    """Return the report as JSON.

    Of each finding only its kind and what it may tell is in it, of each setting whether it is set.
    No log is in it, since pollbot keeps none: it logs to standard error.
    """
    return (
        json.dumps(
            {
                "pollbot": version,
                "python": platform.python_version(),
                "system": platform.system(),
                "sqlite": SQLITE,
                "libraries": {name: _version(name) for name in _LIBRARIES},
                "settings": which_are_set(),
                "findings": [_told(one) for one in looked.findings],
                "schema": list(looked.kept.steps),
                "work": looked.kept.counts,
                "log": "pollbot logs to standard error and keeps no log",
            },
            indent=2,
            ensure_ascii=False,
        )
        + "\n"
    )


def _told(finding: Finding) -> dict[str, Any]:
    return {
        "part": finding.part,
        "weight": finding.weight,
        "kind": type(finding).__name__,
        **{name: getattr(finding, name) for name in finding.told},
    }


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
