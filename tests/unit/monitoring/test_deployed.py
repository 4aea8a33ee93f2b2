"""Prometheus' rules and Grafana's dashboards name what the code exports, in a form that both accept.

Grafana itself is not run here: its dashboards are held to their structure, their queries to a real Prometheus
(tests/monitoring).
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import create_engine

from include.config import ROOT, Settings
from include.monitoring.exporter import Figures
from include.monitoring.gather import read_figures
from include.serving.api import create_app
from tests.conftest import absent

PROMETHEUS, GRAFANA = ROOT / "deploy/prometheus", ROOT / "deploy/grafana"
DASHBOARDS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in GRAFANA.glob("dashboards/*.json")}
RULES = [rule for group in yaml.safe_load((PROMETHEUS / "alerts.yml").read_text(encoding="utf-8"))["groups"]
         for rule in group["rules"]]  # fmt: skip
PANELS = [(name, panel) for name, dashboard in DASHBOARDS.items() for panel in dashboard["panels"]]
QUERIES = [target["expr"] for _, panel in PANELS for target in panel["targets"]]
HISTOGRAM = ("_bucket", "_sum", "_count")


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names of every series that the service and the exporter can have."""
    from tests.homes import settings_of

    settings = settings_of(tmp_path_factory.mktemp("home"))
    return _of_the_service(settings) | _of_the_exporter(settings)


def _of_the_service(settings: Settings) -> set[str]:
    with TestClient(create_app(settings)) as client:
        families = list(text_string_to_metric_families(client.get("/prometheus").text))
    names = {family.name if family.type != "counter" else f"{family.name}_total" for family in families}
    return names | {family.name + end for family in families if family.type == "histogram" for end in HISTOGRAM}


def _of_the_exporter(settings: Settings) -> set[str]:
    figures = Figures(lambda: read_figures(create_engine("sqlite:///:memory:"), settings))
    figures.look()
    return {family.name for family in figures.collect()}


def named(query: str) -> set[str]:
    return set(re.findall(r"\btaxi_\w+", re.sub(r'"[^"]*"', "", query)))


def test_every_metric_of_a_dashboard_or_an_alert_is_exported(exported: set[str]) -> None:
    for query in (*QUERIES, *(rule["expr"] for rule in RULES)):
        assert named(query) <= exported, query
    assert any(named(query) for query in QUERIES)


def test_every_figure_of_the_exporter_is_shown_somewhere(tmp_path: Path, settings: Settings) -> None:
    shown = set().union(*map(named, QUERIES))
    assert _of_the_exporter(settings) <= shown


def test_dashboards_and_panels_have_identities_of_their_own() -> None:
    assert set(DASHBOARDS) == {"api", "pipeline", "models", "drift"}
    assert len({dashboard["uid"] for dashboard in DASHBOARDS.values()}) == len(DASHBOARDS)
    for name, dashboard in DASHBOARDS.items():
        assert dashboard["uid"] == f"taxi-{name}"
        assert re.fullmatch(r"[a-zA-Z0-9_-]{1,40}", dashboard["uid"])
        ids = [panel["id"] for panel in dashboard["panels"]]
        assert len(set(ids)) == len(ids)
        assert dashboard["title"]


@pytest.mark.parametrize(("name", "panel"), PANELS, ids=[f"{name}: {panel['title']}" for name, panel in PANELS])
def test_every_panel_asks_the_provisioned_datasource(name: str, panel: dict[str, Any]) -> None:
    (source,) = yaml.safe_load((GRAFANA / "provisioning/datasources/prometheus.yml").read_text())["datasources"]
    assert panel["datasource"] == {"type": source["type"], "uid": source["uid"]}
    assert panel["title"]
    assert panel["type"] in ("stat", "timeseries", "bargauge", "table")
    assert [target["refId"] for target in panel["targets"]] == sorted({target["refId"] for target in panel["targets"]})
    assert all(target["expr"] for target in panel["targets"])


def test_panels_lie_beside_each_other_on_the_grid() -> None:
    for name, dashboard in DASHBOARDS.items():
        taken: set[tuple[int, int]] = set()
        for panel in dashboard["panels"]:
            place = panel["gridPos"]
            cells = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                     for y in range(place["y"], place["y"] + place["h"])}  # fmt: skip
            assert place["x"] + place["w"] <= 24, (name, panel["title"])
            assert not cells & taken, (name, panel["title"])
            taken |= cells


def test_grafana_finds_datasource_and_dashboards_where_compose_mounts_them() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yaml").read_text(encoding="utf-8"))
    grafana, prometheus = compose["services"]["grafana"], compose["services"]["prometheus"]
    mounted = dict(volume.split(":")[:2] for volume in grafana["volumes"])
    (provider,) = yaml.safe_load((GRAFANA / "provisioning/dashboards/dashboards.yml").read_text())["providers"]
    assert mounted["./deploy/grafana/dashboards"] == provider["options"]["path"]
    assert mounted["./deploy/grafana/provisioning"] == "/etc/grafana/provisioning"
    assert (
        grafana["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"] == f"{provider['options']['path']}/api.json"
    )
    (source,) = yaml.safe_load((GRAFANA / "provisioning/datasources/prometheus.yml").read_text())["datasources"]
    assert source["url"] == "http://prometheus:9090"
    assert set(grafana["networks"]) & set(prometheus["networks"])


def test_prometheus_asks_services_that_are_composed(settings: Settings) -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yaml").read_text(encoding="utf-8"))
    scraped = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]
    jobs = {job["job_name"]: job for job in scraped}
    targets = {name: job["static_configs"][0]["targets"] for name, job in jobs.items()}
    assert targets == {
        "taxi-api": [f"api:{settings.api_port}"],
        "taxi-warehouse": [f"exporter:{settings.exporter_port}"],
        "prometheus": ["localhost:9090"],
    }
    for service in ("api", "exporter"):
        assert set(compose["services"][service]["networks"]) & set(compose["services"]["prometheus"]["networks"])
    (secret,) = compose["services"]["prometheus"]["secrets"]
    assert jobs["taxi-api"]["authorization"]["credentials_file"] == f"/run/secrets/{secret}"
    assert compose["secrets"][secret] == {"environment": "PROMETHEUS_KEY"}


def test_every_alert_says_what_it_saw_and_is_tried_and_explained() -> None:
    tried = (PROMETHEUS / "alerts_test.yml").read_text(encoding="utf-8")
    explained = (ROOT / "docs/DEPLOYMENT.md").read_text(encoding="utf-8")
    fires = {case["alertname"] for test in yaml.safe_load(tried)["tests"] for case in test["alert_rule_test"]
             if case.get("exp_alerts")}  # fmt: skip
    assert fires == {rule["alert"] for rule in RULES}
    for rule in RULES:
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert rule["annotations"]["summary"].endswith(".")
        assert f"| `{rule['alert']}` |" in explained, rule["alert"]


def promtool(*arguments: str | Path) -> str:
    found = shutil.which("promtool")
    if found is None:
        absent("promtool is not installed (Debian: prometheus)")
    ran = subprocess.run([found, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_promtool_takes_configuration_and_rules(tmp_path: Path) -> None:
    key, config = tmp_path / "key", tmp_path / "prometheus.yml"
    key.write_text("a-key")
    text = (PROMETHEUS / "prometheus.yml").read_text(encoding="utf-8")
    config.write_text(text.replace("/run/secrets/prometheus_key", str(key)))
    shutil.copy(PROMETHEUS / "alerts.yml", tmp_path)
    assert f"{len(RULES)} rules found" in promtool("check", "config", config)


def test_alerts_fire_when_they_should_and_only_then() -> None:
    assert "SUCCESS" in promtool("test", "rules", PROMETHEUS / "alerts_test.yml")
