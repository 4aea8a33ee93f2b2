"""The service, its database and its disk are killed or filled while it answers; then the rows are counted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from include.config import ROOT, Settings
from include.config.add_api_key import add_key
from include.models.bundle import read_pointer
from include.pipeline import run_month
from include.serving.log.spool import Spool
from include.warehouse.engine import engine_for
from include.warehouse.metadata import PREDICTIONS, PROMOTIONS
from include.warehouse.schema import init_db
from tests.answers import eventually, logged
from tests.champions import DURATION, TRIP, published
from tests.conftest import absent
from tests.homes import settings_of
from tests.servers.mariadb import MariaDB, find_server, free_port
from tests.unit.models.trips import sample_rows, window_of

pytestmark = pytest.mark.drill
KILLED_MAY_LOSE_SECONDS = 1.0
CLIENTS = 4


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home with champions of yellow."""
    return published(tmp_path_factory.mktemp("home"), window_of(sample_rows(tmp_path_factory.mktemp("rows"))))


@pytest.fixture
def fresh(home: Settings, tmp_path: Path) -> Settings:
    """The same champions, with an empty warehouse and spool of the test's own."""
    settings = home.model_copy(update={"warehouse_url": f"sqlite:///{tmp_path}/w.db", "spool": str(tmp_path / "spool")})
    init_db(engine_for(settings.warehouse))
    return settings


@pytest.fixture
def database(tmp_path: Path) -> Iterator[MariaDB]:
    """A MariaDB server that a test may kill and start again."""
    if find_server() is None:
        absent("no MariaDB server is installed (Debian: mariadb-server)")
    server = MariaDB(tmp_path / "mariadb").create()
    yield server
    server.stop()


class Service:
    """A process of `python -m include.serving.api` on a port of its own."""

    def __init__(self, settings: Settings, **more: str) -> None:
        self.settings, self.port, self.more = settings, free_port(), more
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TAXI_")} | {
            "PYTHONPATH": str(ROOT), "TAXI_HOME": str(self.settings.home), "TAXI_API_PORT": str(self.port),
            "TAXI_WAREHOUSE_URL": self.settings.warehouse, "TAXI_SPOOL": str(self.settings.spool_folder),
            "OMP_NUM_THREADS": "1", **self.more,
        }  # fmt: skip
        with (self.settings.home / f"service-{self.port}.log").open("ab") as log:
            process = subprocess.Popen([sys.executable, "-m", "include.serving.api"], cwd=ROOT, env=environment,
                                       stdout=log, stderr=log)  # fmt: skip
        assert eventually(lambda: process.poll() is not None or self.health() is not None, 60)
        assert process.poll() is None, (self.settings.home / f"service-{self.port}.log").read_text()[-2000:]
        return process

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def health(self) -> dict[str, Any] | None:
        """What it says of itself, None while it does not answer."""
        try:
            return dict(httpx.get(f"{self.address}/health", timeout=2).json())
        except httpx.HTTPError:
            return None

    def log_state(self) -> dict[str, Any]:
        """What it says of its prediction log."""
        return dict((self.health() or {"dependencies": {"prediction_log": {}}})["dependencies"]["prediction_log"])

    def figure(self, name: str) -> float:
        """A figure of /prometheus, summed over its labels."""
        lines = httpx.get(f"{self.address}/prometheus", timeout=5).text.splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name))

    def kill(self) -> None:
        """Ends it as a crash would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Ends it as an operator does."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)

    def start_again(self) -> None:
        """The same home, after its end."""
        self.process = self._start()


@contextmanager
def service(settings: Settings, **more: str) -> Iterator[Service]:
    """A running service, ended whatever happens."""
    running = Service(settings, **more)
    try:
        yield running
    finally:
        running.kill()


class Load:
    """Clients that ask one after the other; every answer they got is remembered by request id, with its time."""

    def __init__(self, address: str) -> None:
        self.address, self.answered, self.failed = address, dict[str, float](), 0
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(CLIENTS)]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, client: int) -> None:
        number = 0
        with httpx.Client(timeout=10) as http:
            while not self._over.is_set():
                number += 1
                name = f"c{client}-{number}"
                try:
                    answer = http.post(f"{self.address}/predict", json=TRIP, headers={"x-request-id": name})
                except httpx.HTTPError:
                    self.failed += 1
                    time.sleep(0.05)
                else:
                    assert answer.status_code == 200, answer.text
                    self.answered[name] = time.monotonic()


def request_ids(settings: Settings) -> list[str]:
    """The request of every row of the table."""
    with engine_for(settings.warehouse).connect() as connection:
        return list(connection.execute(select(PREDICTIONS.c.request_id)).scalars())


def test_a_killed_service_loses_at_most_the_last_second(fresh: Settings, record_property: Any) -> None:
    with service(fresh) as running:
        with Load(running.address) as load:
            assert eventually(lambda: len(load.answered) > 500, 180)
            killed = time.monotonic()
            running.kill()
        running.start_again()
        assert eventually(lambda: not Spool(fresh.spool_folder, []).segments(), 30)
        running.stop()
    there = request_ids(fresh)
    lost = {name: killed - at for name, at in load.answered.items() if name not in set(there)}
    oldest = max(lost.values(), default=0.0)
    said = f"{len(load.answered)} answered, {len(lost)} lost, the oldest {oldest:.2f} s before the kill"
    record_property("lost", said)
    print(said)
    assert len(there) == len(set(there))
    assert oldest <= KILLED_MAY_LOSE_SECONDS


def test_a_service_that_is_asked_to_end_loses_nothing(fresh: Settings) -> None:
    with service(fresh) as running, Load(running.address) as load:
        time.sleep(3)
        running.stop()
    there = request_ids(fresh)
    assert len(load.answered) > 100
    assert len(there) == len(set(there))
    assert set(load.answered) <= set(there)


def test_a_killed_database_gets_every_row_once_when_it_is_back(fresh: Settings, database: MariaDB) -> None:
    settings = fresh.model_copy(update={"warehouse_url": database.url})
    init_db(engine_for(database.url))
    with service(settings) as running:
        with Load(running.address) as load:
            assert eventually(lambda: logged(engine_for(database.url)) > 100)
            database.kill()
            assert eventually(lambda: running.log_state().get("status") == "degraded")
            before = len(load.answered)
            time.sleep(4)
            assert len(load.answered) > before + 100
            assert running.figure("taxi_log_spool_bytes") > 0
            database.start()
            assert eventually(lambda: running.log_state().get("status") == "ok")
            database.kill()
            time.sleep(2)
        database.start()
        assert eventually(lambda: not Spool(settings.spool_folder, []).segments(), 60)
        assert running.figure("taxi_log_dropped_rows_total") == 0
    there = request_ids(settings)
    assert load.failed == 0
    assert len(there) == len(set(there))
    assert set(there) == set(load.answered)


def test_service_and_database_killed_together(fresh: Settings, database: MariaDB) -> None:
    settings = fresh.model_copy(update={"warehouse_url": database.url})
    init_db(engine_for(database.url))
    with service(settings) as running:
        with Load(running.address) as load:
            assert eventually(lambda: logged(engine_for(database.url)) > 100)
            database.kill()
            before = len(load.answered)
            assert eventually(lambda: len(load.answered) > before + 100)
            time.sleep(KILLED_MAY_LOSE_SECONDS)
            killed = time.monotonic()
            running.kill()
        running.start_again()
        assert Spool(settings.spool_folder, []).segments()
        database.start()
        assert eventually(lambda: not Spool(settings.spool_folder, []).segments(), 60)
    there = request_ids(settings)
    lost = [killed - at for name, at in load.answered.items() if name not in set(there)]
    assert len(there) == len(set(there))
    assert max(lost, default=0.0) <= KILLED_MAY_LOSE_SECONDS


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    if os.geteuid() != 0:
        absent("only root can mount a small tmpfs")
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], check=False).returncode:
        absent("this container may not mount a tmpfs")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_costs_rows_and_no_answers(home: Settings, tmp_path: Path, small_disk: Path) -> None:
    settings = home.model_copy(update={"warehouse_url": f"sqlite:///{tmp_path}/later.db", "spool": str(small_disk)})
    batch = {"trips": [TRIP] * 5000}
    with service(settings) as running:
        for _ in range(14):
            assert httpx.post(f"{running.address}/predict/batch", json=batch, timeout=30).status_code == 200
        assert eventually(lambda: "No space left" in running.log_state().get("detail", ""))
        assert running.figure("taxi_log_dropped_rows_total") > 0
        assert httpx.post(f"{running.address}/predict", json=TRIP).status_code == 200
        init_db(engine_for(settings.warehouse))
        assert eventually(lambda: running.figure("taxi_log_queue_rows") == 0, 180)
        assert eventually(lambda: not Spool(small_disk, []).segments())
        assert running.log_state()["detail"].endswith("are in no log")
        kept = logged(engine_for(settings.warehouse))
        dropped = int(running.figure("taxi_log_dropped_rows_total"))
    assert kept + dropped == 14 * 5000 + 1
    assert dropped < 14 * 5000


def test_a_rollback_over_http_is_answered_by_at_once(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, sample_rows=4000, bootstrap_rounds=100, families=("zone_pair_median", "ridge"))
    for month in ("2019-01", "2019-02", "2019-03"):
        run_month("yellow", month, "newest", settings)
    champion = read_pointer(settings.lake, DURATION)
    assert champion is not None
    other = 1 if champion.version != 1 else 2
    keys = {scope: {"X-API-Key": add_key(settings, scope, [scope])} for scope in ("admin", "predict")}
    with service(settings, TAXI_API_KEYS_FILE=str(settings.api_keys_path)) as running:
        asked = {"model": DURATION, "version": other, "reason": "a drill"}
        answer = httpx.post(f"{running.address}/admin/rollback", json=asked, headers=keys["admin"], timeout=150)
        assert answer.status_code == 200, answer.text
        assert answer.json()["answers_now"] == f"{DURATION}/{other}"
        quoted = httpx.post(f"{running.address}/predict", json=TRIP, headers=keys["predict"]).json()
        assert quoted["duration_min"]["model"] == f"{DURATION}/{other}"
    query = select(PROMOTIONS.c.actor, PROMOTIONS.c.reason).where(PROMOTIONS.c.decision == "rollback")
    with engine_for(settings.warehouse).connect() as connection:
        assert connection.execute(query).one() == ("api:admin", "a drill")
