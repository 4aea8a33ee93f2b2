"""Every query of dashboards and alerts, asked of a Prometheus that has scraped the real thing."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator

import pytest
import yaml

from include.config import ROOT
from tests.monitoring.conftest import DEPLOYED, Watched, eventually

DASHBOARDS = ROOT / "deploy/grafana/dashboards"
NEVER_HERE = {'taxi_requests_total{route=~"/predict.*", status=~"5.."}', 'taxi_predictions_total{degraded="true"}'}
"""Selectors of what goes wrong: nothing has, so they have no series."""


def queries() -> Iterator[tuple[str, str]]:
    """(panel, query) of every dashboard."""
    for path in sorted(DASHBOARDS.glob("*.json")):
        for panel in json.loads(path.read_text(encoding="utf-8"))["panels"]:
            for target in panel["targets"]:
                yield f"{path.stem}: {panel['title']} {target['refId']}", target["expr"]


@pytest.mark.parametrize("query", [query for _, query in queries()], ids=[panel for panel, _ in queries()])
def test_every_query_of_every_dashboard_gives_figures(watched: Watched, query: str) -> None:
    found = watched.ask(query)
    assert found, "no series"
    assert any(math.isfinite(float(series["value"][1])) for series in found), found[:3]


def test_every_part_of_an_alert_selects_something(watched: Watched) -> None:
    text = (DEPLOYED / "alerts.yml").read_text(encoding="utf-8")
    selectors = {selector for group in yaml.safe_load(text)["groups"] for rule in group["rules"]
                 for selector in re.findall(r"taxi_\w+(?:\{[^}]*\})?", rule["expr"])}  # fmt: skip
    assert len(selectors) > 15
    for selector in selectors - NEVER_HERE:
        assert watched.ask(selector), selector
    assert not {selector for selector in NEVER_HERE if watched.ask(selector)}


def test_every_rule_is_judged_and_those_of_old_months_alone_are_pending(watched: Watched) -> None:
    """The months are of 2019 and so overdue; nothing critical is."""
    rules = watched.rules()
    assert {rule["health"] for rule in rules} == {"ok"}
    speaking = {rule["name"]: rule["labels"]["severity"] for rule in rules if rule["alerts"]}
    assert "TaxiMonthOverdue" in speaking
    assert set(speaking) <= {
        "TaxiMonthOverdue",
        "TaxiDrift",
        "TaxiErrorAboveBound",
        "TaxiChampionOld",
        "TaxiMonthBlocked",
    }


def test_a_service_that_is_killed_is_seen(watched: Watched) -> None:
    assert watched.ask('up{job="taxi-api"} == 1')
    watched.api.kill()
    eventually(lambda: watched.ask('ALERTS{alertname="TaxiApiDown", severity="critical"}'))
