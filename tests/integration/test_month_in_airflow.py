"""A month through its DAG, task by task as Airflow runs them."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.servers.airflow_month import run_month, states

pytestmark = pytest.mark.integration


def test_a_sample_month_ends_with_champions_that_are_announced_once(airflow_env: dict[str, str]) -> None:
    found = run_month(airflow_env, "2019-02", [{}, {}], before=("2019-01",))
    first, again = map(states, found["runs"])
    assert set(first.values()) == {"success"}
    assert {"train.fit_family[ridge]", "train.fit_family[zone_pair_median]"} <= set(first)
    assert {task for task, state in again.items() if state != "success"} == {"register.announce_champion"}
    assert again["register.announce_champion"] == "skipped"
    assert {key for _, key, _ in found["events"]} == {"2019-02"}
    stages = Counter(name.removeprefix("nyc_taxi_yellow_") for name, _, _ in found["events"])
    assert stages == {"raw": 2, "clean": 2, "features": 2, "champion": 1}
    extras = {name.removeprefix("nyc_taxi_yellow_"): extra for name, _, extra in found["events"]}
    assert extras["raw"]["rows"] == 2000
    assert extras["features"]["sha256"] in extras["features"]["uri"]
    assert sorted(extras["champion"]["champions"]) == ["duration_min", "fare_usd", "high_tip"]
