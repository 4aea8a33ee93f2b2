"""One DAG per taxi service that a new champion starts: what is to be said of it. Wiring only."""

from __future__ import annotations

import steps
from airflow.sdk import DAG, PartitionedAssetTimetable, dag
from taxi_airflow.alerts import run_failed
from taxi_airflow.assets import assets_of
from taxi_airflow.policy import phase, task_defaults

from include.config import SERVICES

DOC = """
### Reports on a new champion of {service} trips

Runs when the champion of a target has changed, with the month that changed it as partition key. `staleness` scores
models trained to each of the latest months on every later one: how often must one retrain? Heat map and table are under
`reports/staleness` in the home, and in MLflow.
"""


def reports(service: str) -> DAG:
    """The DAG of one service."""
    champion = assets_of(service).champion

    @dag(
        dag_id=f"nyc_taxi_{service}_model_report",
        schedule=PartitionedAssetTimetable(assets=champion),
        catchup=False,
        is_paused_upon_creation=False,
        max_active_runs=1,
        tags=["nyc-taxi", service, "report"],
        doc_md=DOC.format(service=service),
        default_args=task_defaults(),
        on_failure_callback=run_failed,
    )
    def report() -> None:
        with phase("report"):
            steps.measure_staleness.override(inlets=[champion])(service)

    return report()


for _service in SERVICES:
    globals()[f"nyc_taxi_{_service}_model_report"] = reports(_service)
