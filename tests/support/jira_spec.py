"""Whether what pollbot asks of Jira is what Jira's own description lets one ask.

The description (OpenAPI) is Atlassian's and not part of this project: without the file nothing is
checked.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
from aiohttp import web

SPEC = Path(__file__).parents[3] / "shared" / "specs" / "jira-cloud-v3.openapi.json"
REST = "/rest/api/3/"
# The file is an excerpt. developer.atlassian.com, "Get global settings": it takes no parameters.
BEYOND: dict[str, dict[str, Any]] = {"/rest/api/3/configuration": {"get": {}}}


class Asked(NamedTuple):
    """A request to Jira's REST API, as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    body: str


def listen(app: web.Application) -> list[Asked]:
    """Return a list that fills with what the application is asked."""
    heard: list[Asked] = []

    @web.middleware
    async def hear(request: web.Request, handler: Any) -> web.StreamResponse:
        _, rest, path = request.path.partition(REST)
        if rest:
            asked = Asked(request.method, rest + path, dict(request.query), await request.text())
            heard.append(asked)
        response: web.StreamResponse = await handler(request)
        return response

    app.middlewares.append(hear)
    return heard


def complaints(heard: list[Asked]) -> list[str]:
    """Return what Jira's description does not know of these requests."""
    if not SPEC.exists():
        return []
    return sorted({wrong for asked in heard for wrong in _wrong(asked)})


def _wrong(asked: Asked) -> Iterator[str]:
    what = f"{asked.method} {re.sub('[A-Z][A-Z0-9_]*-[0-9]+', 'KEY', asked.path)}"
    operation = _operation(asked.method, asked.path)
    if operation is None:
        yield f"{what}: no such operation"
        return
    known = {one["name"]: one for one in operation.get("parameters", []) if one["in"] == "query"}
    yield from (f"{what}: no parameter {name}" for name in asked.query.keys() - known.keys())
    missing = {name for name, one in known.items() if one.get("required")} - asked.query.keys()
    yield from (f"{what}: {name} is required" for name in missing)
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        if asked.body:
            yield f"{what}: it takes no body"
        return
    schema = content["schema"] | {"components": _spec()["components"]}
    for error in jsonschema.Draft202012Validator(schema).iter_errors(json.loads(asked.body)):
        yield f"{what}: {error.json_path} {error.message[:200]}"


def _operation(method: str, path: str) -> dict[str, Any] | None:
    for pattern, operations in _patterns():
        if pattern.fullmatch(path) and method.lower() in operations:
            found: dict[str, Any] = operations[method.lower()]
            return found
    return None


@cache
def _spec() -> dict[str, Any]:
    spec: dict[str, Any] = json.loads(SPEC.read_text())
    return spec


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], dict[str, Any]], ...]:
    """Return the paths of the description; those with nothing to fill in come first."""
    paths = sorted((_spec()["paths"] | BEYOND).items(), key=lambda path: path[0].count("{"))
    return tuple(
        (re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))), operations)
        for path, operations in paths
    )
