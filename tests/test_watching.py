"""deploy/grafana.json and deploy/alerts.yml: all that they name is what a pollbot tells."""

import json
import re
from typing import Any

import pytest
import yaml

from pollbot.wiring import Pollbot
from tests.support import promql
from tests.support.house import House
from tests.support.numbers import Seen, at_rest, numbers, story
from tests.support.pages import ROOT, anchors, read, section

OPERATE = read("operate.md")
DASHBOARD: dict[str, Any] = json.loads((ROOT / "deploy" / "grafana.json").read_text())
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((ROOT / "deploy" / "alerts.yml").read_text())["groups"]
    for rule in group["rules"]
]
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
DRAWN = [(panel["title"], target) for panel in PANELS for target in panel["targets"]]
# Which Prometheus adds to whatever it reads.
ITS_OWN = {"instance", "job"}


def asked_for(expression: str) -> promql.Read:
    """Return what is asked for, once Grafana has filled in what is its own."""
    return promql.read(expression.replace("$__rate_interval", "5m"))


EXPRESSIONS = [
    *((rule["alert"], rule["expr"]) for rule in RULES),
    *((title, target["expr"]) for title, target in DRAWN),
]


@pytest.fixture
async def seen(house: House, pollbot: Pollbot) -> Seen:
    await story(house)
    return await at_rest(house, pollbot)


def said_of(metric: str) -> set[str]:
    """Return the words that the page says of a metric."""
    [row] = [row for row in section(OPERATE, "Watch it").splitlines() if f"`{metric}`" in row[:300]]
    kinds = section(OPERATE, "Watch it").rpartition("The kinds of work are")[2]
    return set(re.findall(r"`([a-z -]+)`", row + (kinds if "work" in metric else "")))


def metric_of(series: str) -> str:
    return re.sub(r"_(bucket|count|sum)$", "", series)


async def test_dashboard_and_alerts_ask_for_what_is_told(seen: Seen) -> None:
    told = {name for name, _ in seen.series}
    for where, expression in EXPRESSIONS:
        read = asked_for(expression)
        assert read.selectors, where
        for one in read.selectors:
            metric = metric_of(one.name)
            assert one.name in told, where
            for label, value in one.labels:
                assert label in seen.labels(metric) | ITS_OWN, f"{where}: {label}"
                if label not in ITS_OWN:
                    assert set(value.split("|")) <= said_of(metric), f"{where}: {value}"
        for by, selectors in read.grouped:
            for one in selectors:
                has = seen.labels(metric_of(one.name)) | ITS_OWN
                assert set(by) <= has | ({"le"} if one.name.endswith("_bucket") else set()), where


async def test_every_metric_is_on_the_dashboard(seen: Seen) -> None:
    drawn = {
        metric_of(one.name) for _, target in DRAWN for one in asked_for(target["expr"]).selectors
    }

    assert drawn == seen.metrics


async def test_the_page_has_every_value_that_a_label_has(seen: Seen) -> None:
    free = {"what", "version", "le", "cause"}
    for name, labels in seen.series:
        values = {value for label, value in labels if label not in free}
        if values:
            assert values <= said_of(metric_of(name)), name


def test_the_dashboard_is_one_that_grafana_can_import() -> None:
    variables = {one["name"]: one for one in DASHBOARD["templating"]["list"]}
    assert DASHBOARD["schemaVersion"] >= 39
    assert variables["datasource"]["type"] == "datasource"
    assert variables["datasource"]["query"] == "prometheus"
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(ids)) == len(ids)
    whole = json.dumps(DASHBOARD)
    uids = set(re.findall(r'"uid": "([^"]*)"', whole))
    assert uids == {"pollbot", "${datasource}"}, "whose data it is, is for whoever imports it"
    assert set(re.findall(r"\$(?!__|labels)\{?(\w+)", whole)) == variables.keys()


def test_no_two_panels_lie_in_one_place() -> None:
    taken: dict[tuple[int, int], str] = {}
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= 24
        for x in range(at["x"], at["x"] + at["w"]):
            for y in range(at["y"], at["y"] + at["h"]):
                assert taken.setdefault((x, y), panel["title"]) == panel["title"]


@pytest.mark.parametrize(("title", "target"), DRAWN, ids=lambda one: str(one)[:40])
def test_a_legend_names_labels_that_are_left(title: str, target: dict[str, Any]) -> None:
    read = asked_for(target["expr"])
    left = {label for by, _ in read.grouped for label in by}

    named = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))

    if read.grouped:
        assert named == left - {"le"}
    ids = [one["refId"] for panel in PANELS if panel["title"] == title for one in panel["targets"]]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_an_alert_says_what_to_do_and_where_it_stands(rule: dict[str, Any]) -> None:
    said = rule["annotations"]
    page, _, place = said["runbook"].partition("#")

    assert rule["labels"]["severity"] in ("page", "ticket")
    assert re.fullmatch(r"\d+m", rule["for"])
    assert said["summary"].endswith(".")
    assert len(said["description"].split()) > 5
    assert page == "docs/operate.md"
    assert place in anchors(ROOT / page)
    left = {label for by, _ in asked_for(rule["expr"]).grouped for label in by}
    assert set(re.findall(r"\$labels\.(\w+)", json.dumps(said))) <= left


def test_every_alert_is_in_the_page() -> None:
    rows = section(OPERATE, "Dashboard and alerts").splitlines()
    named = [name for row in rows for name in re.findall(r"^\| `(\w+)`", row)]

    assert named == [rule["alert"] for rule in RULES]


async def test_a_fresh_pollbot_tells_of_every_part(pollbot: Pollbot) -> None:
    """So that no rule waits for a first time: what is compared with 0 or 1 is there at once."""
    seen = await numbers(pollbot)

    for part in ("slack", "database", "workers"):
        assert ("pollbot_up", frozenset({("part", part)})) in seen.series
    for name in (
        "pollbot_tables_read",
        "pollbot_cards_dirty_age_seconds",
        "pollbot_writer_waiting",
    ):
        assert (name, frozenset()) in seen.series
