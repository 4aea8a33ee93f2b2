"""A month through its DAG, task by task as Airflow runs them: on the sample with training, and on a real file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.servers.airflow import python_in_airflow

pytestmark = pytest.mark.integration
SCRIPT = """
import json
import airflow.models.dagrun as runs
from airflow.models.asset import AssetEvent
from airflow.utils.session import create_session
from include.config import get_settings
from include.features.build_month import build_feature_month
from include.ingestion.ingest_data import ingest_month, land_month
from include.processing.clean_data import clean_month
for month in {before!r}:
    for step in (land_month, ingest_month, clean_month, build_feature_month):
        step("yellow", month, get_settings())

made = runs.get_or_create_dagrun
def of_the_month(**given):  # dag.test() knows no partition key; the scheduler and the REST API do
    run = made(**given)
    run.partition_key = {month!r}
    given["session"].commit()
    return run
runs.get_or_create_dagrun = of_the_month

from nyc_taxi_monthly import nyc_taxi_yellow_monthly as dag
dag.deadline = None  # dag.test() keeps deadlines unstored, and then looks for them in the database
found = []
for conf in {confs!r}:
    run = dag.test(logical_date=None, run_conf=conf)
    found.append([[ti.task_id, ti.rendered_map_index, str(ti.state)] for ti in run.get_task_instances()])
with create_session() as session:
    rows = session.query(AssetEvent).order_by(AssetEvent.id).all()
    events = [[event.asset.name, event.partition_key, event.extra] for event in rows]
print("RESULT" + json.dumps({{"runs": found, "events": events}}))
"""


def states(run: list[list[str]]) -> dict[str, str]:
    return {f"{task}[{name}]" if name else task: state for task, name, state in run}


def run_month(env: dict[str, str], month: str, confs: list[dict[str, str]], before: tuple[str, ...] = ()) -> Any:
    chosen = {"TAXI_SAMPLE_ROWS": "2000", "TAXI_FAMILIES": "zone_pair_median,ridge", "TAXI_BOOTSTRAP_ROUNDS": "100"}
    return python_in_airflow(SCRIPT.format(before=before, month=month, confs=confs), env | chosen)


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


def test_a_real_month_without_an_earlier_one_ends_after_its_data(airflow_env: dict[str, str], real_data: Path) -> None:
    found = run_month(airflow_env | {"TAXI_SOURCE": str(real_data)}, "2018-01", [{}])
    (run,) = map(states, found["runs"])
    ended = {phase: {state for task, state in run.items() if task.startswith(phase)}
             for phase in ("ingest", "validate", "features", "train", "register")}  # fmt: skip
    data = {"success"}
    assert ended == {"ingest": data, "validate": data, "features": data, "train": {"skipped"}, "register": {"skipped"}}
    assert [extra["rows"] for name, _, extra in found["events"] if name.endswith("raw")] == [10_000]
