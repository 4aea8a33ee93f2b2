"""A real Prometheus that scrapes a real service and exporter, by the project's own configuration and rules.

TAXI_MONITORING_HOME names a home whose months and champions are used instead of made-up ones; nothing in it is changed
but its prediction log.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from include.config import ROOT, Settings
from include.config.add_api_key import add_key
from include.warehouse.engine import engine_for
from tests.champions import TRIP, published
from tests.conftest import absent
from tests.homes import settings_of
from tests.servers.mariadb import free_port
from tests.unit.models.trips import sample_rows, window_of
from tests.unit.monitoring.rows import filled

DEPLOYED = ROOT / "deploy/prometheus"
START_SECONDS = 60


@dataclass(frozen=True)
class Watched:
    """Prometheus' address, and the process of the service that it scrapes."""

    url: str
    api: subprocess.Popen[bytes]

    def ask(self, query: str) -> list[dict[str, Any]]:
        """The series that a query gives now."""
        answer = httpx.post(f"{self.url}/api/v1/query", data={"query": query}, timeout=20).json()
        assert answer["status"] == "success", answer
        return list(answer["data"]["result"])

    def rules(self) -> list[dict[str, Any]]:
        """Every rule as Prometheus last judged it."""
        answer = httpx.get(f"{self.url}/api/v1/rules", timeout=20).json()
        return [rule for group in answer["data"]["groups"] for rule in group["rules"]]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Months and champions, with a service's keys; months of a folder, so that the next one is due."""
    given = os.environ.get("TAXI_MONITORING_HOME")
    if given:
        return settings_of(Path(given), source="tlc")
    settings = published(tmp_path_factory.mktemp("home"), window_of(sample_rows(tmp_path_factory.mktemp("rows"))))
    filled(engine_for(settings.warehouse))
    return settings


@pytest.fixture(scope="session")
def watched(home: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """Prometheus after some scrapes, with predictions between them."""
    if shutil.which("prometheus") is None:
        absent("prometheus is not installed (Debian: prometheus)")
    folder = tmp_path_factory.mktemp("prometheus")
    keys = home.model_copy(update={"api_keys_file": str(folder / "api_keys")})
    reader, client = (add_key(keys, name, [scope]) for name, scope in (("prometheus", "read"), ("tests", "predict")))
    ports = {name: free_port() for name in ("api", "exporter", "prometheus")}
    environment = _environment(keys, ports)
    with ExitStack() as running:
        api, _ = (
            running.enter_context(_started([sys.executable, "-m", module], folder / module, environment))
            for module in ("include.serving.api", "include.monitoring.exporter")
        )
        address = f"http://127.0.0.1:{ports['api']}"
        eventually(lambda: httpx.get(f"{address}/health", timeout=5).json()["ready"])
        eventually(lambda: "taxi_months{" in httpx.get(f"http://127.0.0.1:{ports['exporter']}/metrics", timeout=5).text)
        at = f"--web.listen-address=127.0.0.1:{ports['prometheus']}"
        command = ["prometheus", f"--config.file={_configured(folder, ports, reader)}", at]
        command.append(f"--storage.tsdb.path={folder}/data")
        running.enter_context(_started(command, folder / "prometheus", environment))
        found = Watched(f"http://127.0.0.1:{ports['prometheus']}", api)
        _use(found, address, client)
        yield found


def eventually(true: Callable[[], Any], seconds: float = START_SECONDS) -> None:
    """Asks until it is so; servers that do not answer yet are asked again."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if true():
                return
        except (httpx.HTTPError, KeyError, ValueError):
            pass
        time.sleep(0.5)
    raise AssertionError(f"not within {seconds:g} s")


def _environment(settings: Settings, ports: dict[str, int]) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("TAXI_")}
    return plain | {
        "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "TAXI_HOME": str(settings.home), "TAXI_SOURCE": "tlc",
        "TAXI_API_PORT": str(ports["api"]), "TAXI_EXPORTER_PORT": str(ports["exporter"]),
        "TAXI_API_KEYS_FILE": settings.api_keys_file, "TAXI_WAREHOUSE_URL": settings.warehouse,
    }  # fmt: skip


def _configured(folder: Path, ports: dict[str, int], key: str) -> Path:
    """The deployed configuration, with addresses of this machine and a scrape each second."""
    (folder / "prometheus_key").write_text(key)
    config = yaml.safe_load((DEPLOYED / "prometheus.yml").read_text(encoding="utf-8"))
    config["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    config["rule_files"] = [str(DEPLOYED / "alerts.yml")]
    targets = {"taxi-api": "api", "taxi-warehouse": "exporter", "prometheus": "prometheus"}
    for job in config["scrape_configs"]:
        job.pop("scrape_interval", None)
        job["static_configs"] = [{"targets": [f"127.0.0.1:{ports[targets[job['job_name']]]}"]}]
        if "authorization" in job:
            job["authorization"]["credentials_file"] = str(folder / "prometheus_key")
    path = folder / "prometheus.yml"
    path.write_text(yaml.safe_dump(config))
    return path


@contextmanager
def _started(command: list[str], log: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with log.with_suffix(".log").open("wb") as file:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=file, stderr=file)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=60)


def _use(watched: Watched, address: str, key: str) -> None:
    """Predictions until each of them is in two scrapes, and so has a rate."""
    headers = {"X-API-Key": key}

    def counted() -> bool:
        for _ in range(5):
            httpx.post(f"{address}/predict", json=TRIP, headers=headers, timeout=20).raise_for_status()
        grown = watched.ask("sum(increase(taxi_predictions_total[1m]))")
        shipped = watched.ask("sum(increase(taxi_log_shipped_rows_total[1m]))")
        return all(series and float(series[0]["value"][1]) > 0 for series in (grown, shipped))

    eventually(counted)
