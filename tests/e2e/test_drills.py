"""Processes die; the platform goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import time

import httpx
import pytest

from include.config import Settings
from scripts.clean_start import leftovers, mark_of
from scripts.platform_env import BIN

pytestmark = pytest.mark.e2e


def process_of(settings: Settings, service: str) -> int:
    """The service's process, as the supervisor of this home knows it."""
    config = settings.home / "run" / "supervisord.conf"
    told = subprocess.run(
        [BIN / "supervisorctl", "-c", config, "pid", service], capture_output=True, text=True, check=True
    )
    return int(told.stdout.strip())


def quote(settings: Settings, seconds: float) -> httpx.Response:
    """An answer of the API, waiting so long for it to come up."""
    trip = {"service": settings.service, "pickup_zone": 74, "dropoff_zone": 75,
            "pickup_datetime": f"{settings.months[-1]}-14T18:30:00"}  # fmt: skip
    deadline = time.monotonic() + seconds
    while True:
        try:
            return httpx.post(f"http://127.0.0.1:{settings.api_port}/predict", json=trip).raise_for_status()
        except httpx.HTTPError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def test_a_killed_api_comes_back_with_the_same_answer(running: Settings) -> None:
    before, victim = quote(running, 30).json(), process_of(running, "api")
    os.kill(victim, signal.SIGKILL)
    after = quote(running, 60).json()
    assert process_of(running, "api") != victim
    assert {k: v for k, v in after.items() if k != "request_id"} == {
        k: v for k, v in before.items() if k != "request_id"
    }


def test_a_killed_mlflow_gets_its_port_back_from_the_children_it_left(running: Settings) -> None:
    victim = process_of(running, "mlflow")
    children = set(leftovers(mark_of(running.home, "mlflow")))
    os.kill(victim, signal.SIGKILL)
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        time.sleep(1)
        after = set(leftovers(mark_of(running.home, "mlflow")))
        if after and not after & children and answers(f"http://127.0.0.1:{running.mlflow_port}/health"):
            break
    assert process_of(running, "mlflow") != victim
    assert not set(leftovers(mark_of(running.home, "mlflow"))) & children
    assert answers(f"http://127.0.0.1:{running.mlflow_port}/health")


def answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=5).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
