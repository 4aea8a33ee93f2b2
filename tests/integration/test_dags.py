"""The DAGs parse, and their graph is the one that was agreed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.integration
ROOT = Path(__file__).parents[2]
PYTHONPATH = os.pathsep.join(str(ROOT / folder) for folder in ("", "dags", "plugins"))
SCRIPT = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(dag_folder={folder!r})
heavy = sorted({{"pandas", "sklearn", "torch", "mlflow", "great_expectations", "xgboost"}} & set(sys.modules))
dags = bag.dags.values()
graph = {{d.dag_id: sorted(f"{{t.task_id}} -> {{u}}" for t in d.tasks for u in t.downstream_task_ids) for d in dags}}
retries = sorted({{t.retries for d in bag.dags.values() for t in d.tasks}})
rules = {{t.task_id: t.trigger_rule.value for d in dags for t in d.tasks if t.trigger_rule.value != "all_success"}}
found = {{"errors": dict(bag.import_errors), "heavy": heavy, "graph": graph, "retries": retries, "rules": rules}}
print("RESULT" + json.dumps(found))
"""
EDGES = [
    "features.build_feature_month -> features.validate_feature_month",
    "features.validate_feature_month -> train.plan_training",
    "ingest.await_publication -> ingest.land_month",
    "ingest.ingest_month -> validate.validate_month",
    "ingest.land_month -> ingest.ingest_month",
    "register.register_best -> register.report_registered",
    "train.await_earlier_months -> train.plan_training",
    "train.fit_family -> register.register_best",
    "train.plan_training -> register.register_best",
    "train.plan_training -> register.report_registered",
    "train.plan_training -> train.explore",
    "train.plan_training -> train.fit_family",
    "validate.assess_month -> features.build_feature_month",
    "validate.clean_month -> validate.assess_month",
    "validate.validate_month -> validate.clean_month",
]


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    home = tmp_path_factory.mktemp("airflow")
    env = os.environ | {"AIRFLOW_HOME": str(home), "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
                        "PYTHONPATH": PYTHONPATH}  # fmt: skip
    script = SCRIPT.format(folder=str(ROOT / "dags"))
    outcome = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=False)
    assert "RESULT" in outcome.stdout, outcome.stderr[-2000:]
    return dict(json.loads(outcome.stdout.split("RESULT")[1]))


def test_dags_parse_without_errors(parsed: dict[str, Any]) -> None:
    assert parsed["errors"] == {}
    assert sorted(parsed["graph"]) == [f"nyc_taxi_{service}_monthly" for service in ("fhv", "fhvhv", "green", "yellow")]


def test_the_graph_is_the_agreed_one(parsed: dict[str, Any]) -> None:
    for edges in parsed["graph"].values():
        assert edges == EDGES


def test_every_task_is_retried(parsed: dict[str, Any]) -> None:
    assert min(parsed["retries"]) >= 1


def test_a_killed_fit_does_not_take_the_month_down(parsed: dict[str, Any]) -> None:
    """The registering step runs after fits that failed, and is skipped with a plan that was."""
    assert parsed["rules"] == {"register.register_best": "all_done_min_one_success"}


def test_a_task_loads_through_the_airflow_connection(tmp_path: Path) -> None:
    connection = {"conn_type": "mysql", "host": "db", "port": 3307, "login": "taxi", "password": "p@ss/w:rd",
                  "schema": "taxi", "extra": {"client": "mysql-connector-python"}}  # fmt: skip
    env = os.environ | {"AIRFLOW_HOME": str(tmp_path), "PYTHONPATH": PYTHONPATH,
                        "AIRFLOW_CONN_TAXI_MYSQL": json.dumps(connection)}  # fmt: skip
    script = "import steps; print('RESULT' + steps.task_settings().warehouse)"
    outcome = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=False)
    assert outcome.stdout.split("RESULT")[1].strip() == "mysql+pymysql://taxi:p%40ss%2Fw%3Ard@db:3307/taxi"


def test_a_backfill_run_is_known_by_the_id_that_airflow_gives_it(tmp_path: Path) -> None:
    """Whose turn it is to train is read off run ids; another form of them would let every month train at once."""
    script = """
from datetime import UTC, datetime
from airflow.sdk import CronPartitionTimetable
from airflow.serialization.encoders import encode_timetable
from airflow.serialization.decoders import decode_timetable
from airflow.utils.types import DagRunType
from taxi_airflow.turns import unfinished
declared = CronPartitionTimetable("0 0 5 * *", timezone="UTC", run_offset=-2, key_format="%Y-%m")
made = decode_timetable(encode_timetable(declared)).generate_run_id(
    run_type=DagRunType.BACKFILL_JOB, run_after=datetime(2019, 5, 5, tzinfo=UTC), data_interval=None,
    partition_key="2019-03")
print("RESULT" + ",".join(str(run.month) for run in unfinished({made: {}}, "a task")))
"""
    env = os.environ | {"AIRFLOW_HOME": str(tmp_path), "PYTHONPATH": PYTHONPATH}
    outcome = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=False)
    assert outcome.stdout.rpartition("RESULT")[2].strip() == "2019-03", outcome.stderr[-2000:]
