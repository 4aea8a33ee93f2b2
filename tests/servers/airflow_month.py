"""A month through its DAG by `dag.test()`, in a process of its own."""

from __future__ import annotations

from typing import Any

from tests.servers.airflow import python_in_airflow

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
