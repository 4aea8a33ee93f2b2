"""Two real months through their DAG, task by task as Airflow runs them: `make test-long`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.servers.airflow_month import run_month, states

pytestmark = pytest.mark.integration


def test_a_real_month_without_an_earlier_one_ends_after_its_data(airflow_env: dict[str, str], real_data: Path) -> None:
    found = run_month(airflow_env | {"TAXI_SOURCE": str(real_data)}, "2018-01", [{}])
    (run,) = map(states, found["runs"])
    ended = {phase: {state for task, state in run.items() if task.startswith(phase)}
             for phase in ("ingest", "validate", "features", "train", "register")}  # fmt: skip
    data = {"success"}
    assert ended == {"ingest": data, "validate": data, "features": data, "train": {"skipped"}, "register": {"skipped"}}
    assert [extra["rows"] for name, _, extra in found["events"] if name.endswith("raw")] == [10_000]


def test_a_real_month_ends_with_champions(airflow_env: dict[str, str], real_data: Path) -> None:
    found = run_month(airflow_env | {"TAXI_SOURCE": str(real_data)}, "2018-02", [{}], before=("2018-01",))
    (run,) = map(states, found["runs"])
    assert set(run.values()) == {"success"}
    champions = [extra["champions"] for name, _, extra in found["events"] if name.endswith("champion")]
    assert [sorted(stand) for stand in champions] == [["duration_min", "fare_usd", "high_tip"]]
