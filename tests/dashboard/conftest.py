"""A dashboard and an API of their own, on a home that the pipeline filled from the embedded sample.

TAXI_DASHBOARD_HOME names a home that is filled already, and that the tests may change.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from _pytest.runner import runtestprotocol
from playwright.sync_api import Page

from include.config import ROOT
from tests.e2e.conftest import chromium, page

__all__ = ["chromium", "page"]
Environment = dict[str, str]
MONTHS, FILL_SECONDS, START_SECONDS = "2019-01:2019-04", 1500, 240
NETWORK_CHANGED = "ERR_NETWORK_CHANGED"
ADMIN_KEY = "an-admin-key-of-the-dashboards-tests"


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Once more, a test in which the machine's own network changed, as containers that start and stop change it.

    Chromium then drops requests to loopback too and says so by name; nothing else gets a second try.
    """
    if Path(__file__).parent not in item.path.parents:
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    reports = runtestprotocol(item, nextitem=nextitem, log=False)
    if any(report.failed and NETWORK_CHANGED in report.longreprtext for report in reports):
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


@dataclass(frozen=True)
class Running:
    """Where the dashboard is, and the environment of its processes."""

    url: str
    environment: Environment


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment_of(home: Path) -> Environment:
    """Settings of a home on ports of its own; the developer's variables do not reach it."""
    plain = {name: value for name, value in os.environ.items()
             if not name.startswith("TAXI_") and name != "MLFLOW_TRACKING_URI"}  # fmt: skip
    ports = {f"TAXI_{name}_PORT": str(free_port()) for name in ("API", "DASHBOARD", "MLFLOW", "AIRFLOW")}
    return plain | ports | {
        "TAXI_HOME": str(home), "TAXI_SOURCE": "sample", "TAXI_SERVICE": "yellow", "TAXI_MONTHS": MONTHS,
        "TAXI_SAMPLE_ROWS": "6000", "TAXI_FAMILIES": "zone_pair_median,additive_log,ridge", "TAXI_RELOAD_SECONDS": "1",
        "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT),
    }  # fmt: skip


def started(
    module: str, environment: dict[str, str], address: str, log: Path | None = None
) -> subprocess.Popen[bytes]:  # fmt: skip
    """A server that answers; what it says goes into the log, if there is one, else where the tests' own output goes."""
    with log.open("ab") if log else nullcontext() as said:
        process = subprocess.Popen([sys.executable, "-m", module], env=environment, cwd=ROOT, stdout=said, stderr=said)
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            httpx.get(address, timeout=5, trust_env=False).raise_for_status()
            return process
        except httpx.HTTPError:
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                if log:
                    raise RuntimeError(f"{module} did not start; {log} ends: {log.read_text()[-1000:]}") from None
                raise
            time.sleep(0.5)


def ended(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(timeout=30)


def dashboard_of(environment: dict[str, str], log: Path | None = None) -> tuple[subprocess.Popen[bytes], str]:
    url = f"http://127.0.0.1:{environment['TAXI_DASHBOARD_PORT']}"
    return started("include.serving.dashboard", environment, f"{url}/_stcore/health", log), url


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Four sample months, the last two trained for, an API with an admin key, and a dashboard."""
    named = os.environ.get("TAXI_DASHBOARD_HOME")
    home = Path(named) if named else tmp_path_factory.mktemp("dashboard") / "home"
    environment = environment_of(home)
    for months in () if named else ("2019-01:2019-03", MONTHS):
        subprocess.run([sys.executable, "scripts/run_pipeline.py"], env=environment | {"TAXI_MONTHS": months}, cwd=ROOT,
                       check=True, stdout=subprocess.DEVNULL, timeout=FILL_SECONDS)  # fmt: skip
    keys = tmp_path_factory.mktemp("keys") / "api_keys"
    keys.write_text(f"tester:predict,read,admin:{hashlib.sha256(ADMIN_KEY.encode()).hexdigest()}\n")
    api = started("include.serving.api", environment | {"TAXI_API_KEYS_FILE": str(keys)},
                  f"http://127.0.0.1:{environment['TAXI_API_PORT']}/health")  # fmt: skip
    shown, url = dashboard_of(environment)
    yield Running(url, environment)
    ended(shown)
    ended(api)


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard on a home in which nothing was done, with nothing else running."""
    shown, url = dashboard_of(environment_of(tmp_path_factory.mktemp("empty") / "home"))
    yield url
    ended(shown)


@pytest.fixture(scope="session")
def without_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard whose warehouse is a MySQL server that is not there."""
    away = {"TAXI_WAREHOUSE_URL": f"mysql+pymysql://taxi:taxi@127.0.0.1:{free_port()}/taxi"}
    shown, url = dashboard_of(environment_of(tmp_path_factory.mktemp("away") / "home") | away)
    yield url
    ended(shown)


@pytest.fixture(scope="session")
def without_api(running: Running) -> Iterator[str]:
    """A dashboard on the filled home whose API is not there."""
    ports = {f"TAXI_{name}_PORT": str(free_port()) for name in ("API", "DASHBOARD")}
    shown, url = dashboard_of(running.environment | ports)
    yield url
    ended(shown)


@pytest.fixture(scope="session")
def degraded(running: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard and an API on a lake in which no version of a model can be loaded."""
    lake = tmp_path_factory.mktemp("degraded") / "lake"
    shutil.copytree(Path(running.environment["TAXI_HOME"], "lake", "bundles"), lake / "bundles")
    for pointer in lake.glob(
        "bundles/*/champion.json"
    ):  # the copy's pointers lead to itself, and the models are broken
        pointer.write_text(pointer.read_text().replace(f"{running.environment['TAXI_HOME']}/lake", str(lake)))
    for model in lake.glob("bundles/nyc_taxi_yellow_fare_usd/*/model.onnx"):
        model.write_bytes(b"not a model")
    environment = running.environment | {f"TAXI_{name}_PORT": str(free_port()) for name in ("API", "DASHBOARD")}
    environment |= {"TAXI_LAKE_URL": str(lake), "TAXI_MODEL_CACHE": str(lake / "cache"),
                    "TAXI_SPOOL": str(lake / "spool")}  # fmt: skip
    api = started("include.serving.api", environment, f"http://127.0.0.1:{environment['TAXI_API_PORT']}/health/live")
    shown, url = dashboard_of(environment)
    yield url
    ended(shown)
    ended(api)


@pytest.fixture
def tab(page: Page) -> Page:
    """A tab that gives pages of a busy machine their time."""
    page.set_default_timeout(30_000)
    return page
