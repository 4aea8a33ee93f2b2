"""The DAGs parse quickly, keep the rules that every task must keep, and have the graph that was agreed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from include.config import SERVICES
from scripts.airflow_declared import pools, read_declared
from tests.servers.airflow import airflow_environment, python_in_airflow

pytestmark = pytest.mark.integration
ROOT = Path(__file__).parents[2]
DAGS = [f"nyc_taxi_{service}_{kind}" for kind in ("model_report", "monthly") for service in sorted(SERVICES)]
HEAVY = {"pandas", "sklearn", "torch", "mlflow", "great_expectations", "xgboost", "lightgbm", "matplotlib"}
SCRIPT = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
from airflow.serialization.serialized_objects import DagSerialization
bag = DagBag(dag_folder={folder!r})
heavy = sorted({heavy!r} & set(sys.modules))
def facts(t):
    return {{
        "pool": t.pool, "retries": t.retries, "timeout": t.execution_timeout and t.execution_timeout.total_seconds(),
        "owner": t.owner, "doc": t.doc_md, "weight": t.priority_weight, "rule": t.trigger_rule.value,
        "policy": type(t.retry_policy).__name__, "told": [c.__name__ for c in t.on_failure_callback or []],
        "inlets": [a.name for a in t.inlets], "outlets": [a.name for a in t.outlets],
        "downstream": sorted(t.downstream_task_ids),
    }}
def shown(d):
    return {{
        "tasks": {{t.task_id: facts(t) for t in d.tasks}}, "catchup": d.catchup, "tags": sorted(d.tags),
        "doc": d.doc_md, "params": d.params.dump(), "schemas": {{k: p.schema for k, p in d.params.items()}},
        "deadline": bool(d.deadline), "told": bool(d.on_failure_callback), "timetable": type(d.timetable).__name__,
        "stored": len(json.dumps(DagSerialization.to_dict(d))),
    }}
print("RESULT" + json.dumps({{
    "errors": dict(bag.import_errors), "heavy": heavy, "dags": {{d.dag_id: shown(d) for d in bag.dags.values()}}}}))
"""
GRAPH = """
features.build_feature_month -> features.validate_feature_month
features.validate_feature_month -> train.await_earlier_months
ingest.await_publication -> ingest.land_month
ingest.ingest_month -> validate.validate_month
ingest.land_month -> ingest.ingest_month
register.register_best -> register.announce_champion
register.register_best -> register.report_registered
register.report_registered -> register.write_champion_cards
train.await_earlier_months -> train.plan_training
train.fit_family -> register.register_best
train.plan_training -> register.register_best
train.plan_training -> register.report_registered
train.plan_training -> train.explore
train.plan_training -> train.fit_family
validate.assess_month -> features.build_feature_month
validate.clean_month -> validate.assess_month
validate.validate_month -> validate.clean_month
""".strip().splitlines()
ASKED = """
register.approve -> register.register_best
register.compare -> register.approve
register.compare -> register.register_best
train.fit_family -> register.compare
train.plan_training -> register.compare
""".strip().splitlines()
LINEAGE = """
features.build_feature_month: clean -> features
ingest.ingest_month:  -> raw
register.announce_champion: features, champion -> champion
validate.clean_month: raw -> clean
""".strip().splitlines()


def parse(home: Path, **settings: str) -> dict[str, Any]:
    script = SCRIPT.format(folder=str(ROOT / "dags"), heavy=HEAVY)
    return dict(python_in_airflow(script, airflow_environment(home, **settings)))


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return parse(tmp_path_factory.mktemp("airflow"))


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The same with TAXI_APPROVAL."""
    return parse(tmp_path_factory.mktemp("asking"), TAXI_APPROVAL="true")


def edges(dag: dict[str, Any]) -> list[str]:
    return sorted(f"{name} -> {after}" for name, task in dag["tasks"].items() for after in task["downstream"])


def test_every_dag_is_there_and_none_fails_to_parse(parsed: dict[str, Any]) -> None:
    assert parsed["errors"] == {}
    assert sorted(parsed["dags"]) == sorted(DAGS)


def test_parsing_loads_no_data_or_training_library(parsed: dict[str, Any], asking: dict[str, Any]) -> None:
    assert parsed["heavy"] == asking["heavy"] == []


@pytest.mark.parametrize("name", DAGS)
def test_a_dag_is_described_tagged_told_of_and_never_catches_up(parsed: dict[str, Any], name: str) -> None:
    dag = parsed["dags"][name]
    assert dag["doc"].strip()
    assert {"nyc-taxi", name.split("_")[2]} <= set(dag["tags"])
    assert dag["told"]
    assert not dag["catchup"]


@pytest.mark.parametrize("name", DAGS)
def test_a_task_can_be_retried_ends_in_time_and_has_a_declared_pool(
    parsed: dict[str, Any], asking: dict[str, Any], name: str
) -> None:
    declared = pools(read_declared())
    for task, facts in (parsed["dags"][name]["tasks"] | asking["dags"][name]["tasks"]).items():
        assert facts["retries"] >= 1, task
        assert facts["policy"] == "ByKindOfError", task
        assert 0 < facts["timeout"] <= 4 * 3600, task
        assert facts["pool"] in declared, task
        assert facts["owner"] == "smart-analytics", task
        assert facts["doc"], task
        assert facts["told"] == ["task_failed"], task


@pytest.mark.parametrize("service", SERVICES)
def test_the_graph_is_the_agreed_one(parsed: dict[str, Any], asking: dict[str, Any], service: str) -> None:
    name = f"nyc_taxi_{service}_monthly"
    assert edges(parsed["dags"][name]) == GRAPH
    straight = "train.fit_family -> register.register_best"
    assert edges(asking["dags"][name]) == sorted([*ASKED, *(edge for edge in GRAPH if edge != straight)])
    assert list(parsed["dags"][f"nyc_taxi_{service}_model_report"]["tasks"]) == ["report.measure_staleness"]


@pytest.mark.parametrize("service", SERVICES)
def test_lineage_goes_from_raw_to_champion_and_to_the_reports(parsed: dict[str, Any], service: str) -> None:
    tasks = parsed["dags"][f"nyc_taxi_{service}_monthly"]["tasks"]
    begin = f"nyc_taxi_{service}_"
    made = [f"{name}: {', '.join(task['inlets'])} -> {', '.join(task['outlets'])}".replace(begin, "")
            for name, task in tasks.items() if task["outlets"]]  # fmt: skip
    assert sorted(made) == LINEAGE
    report = parsed["dags"][f"nyc_taxi_{service}_model_report"]
    assert report["timetable"] == "PartitionedAssetTimetable"
    assert report["tasks"]["report.measure_staleness"]["inlets"] == [f"{begin}champion"]


@pytest.mark.parametrize("service", SERVICES)
def test_a_killed_fit_does_not_take_the_month_down(
    parsed: dict[str, Any], asking: dict[str, Any], service: str
) -> None:
    """What follows the fits runs after fits that failed, and is skipped with a plan that was."""
    name = f"nyc_taxi_{service}_monthly"
    rules = {
        task: facts["rule"] for task, facts in asking["dags"][name]["tasks"].items() if facts["rule"] != "all_success"
    }
    tolerant = "all_done_min_one_success"
    assert rules == {"register.compare": tolerant, "register.register_best": "none_failed_min_one_success"}
    assert parsed["dags"][name]["tasks"]["register.register_best"]["rule"] == tolerant


@pytest.mark.parametrize("service", SERVICES)
def test_promotions_happen_one_at_a_time_and_later_phases_first(parsed: dict[str, Any], service: str) -> None:
    tasks = parsed["dags"][f"nyc_taxi_{service}_monthly"]["tasks"]
    assert pools(read_declared())[tasks["register.register_best"]["pool"]]["slots"] == 1
    weights = [tasks[task]["weight"] for task in ("ingest.land_month", "validate.clean_month",
               "features.build_feature_month", "train.fit_family", "register.register_best")]  # fmt: skip
    assert weights == sorted(set(weights))


def test_the_form_says_what_each_parameter_does(parsed: dict[str, Any]) -> None:
    dag = parsed["dags"]["nyc_taxi_yellow_monthly"]
    assert dag["params"] == {"train": "newest", "newest_month": None}
    assert dag["deadline"]
    for name, schema in dag["schemas"].items():
        assert schema["title"], name
        assert schema["description_md"], name
    assert dag["schemas"]["train"]["enum"] == ["newest", "always", "never"]


def test_a_task_loads_through_the_airflow_connection(tmp_path: Path) -> None:
    connection = {"conn_type": "mysql", "host": "db", "port": 3307, "login": "taxi", "password": "p@ss/w:rd",
                  "schema": "taxi", "extra": {"client": "mysql-connector-python"}}  # fmt: skip
    env = airflow_environment(tmp_path, AIRFLOW_CONN_TAXI_MYSQL=json.dumps(connection))
    script = "import json\nfrom taxi_airflow.run import task_settings\n"
    found = python_in_airflow(script + "print('RESULT' + json.dumps(task_settings().warehouse))", env)
    assert found == "mysql+pymysql://taxi:p%40ss%2Fw%3Ard@db:3307/taxi"


def test_a_backfill_run_is_known_by_the_id_that_airflow_gives_it(tmp_path: Path) -> None:
    """Whose turn it is to train is read off run ids; another form of them would let every month train at once."""
    script = """
import json
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
print("RESULT" + json.dumps([str(run.month) for run in unfinished({made: {}}, "a task")]))
"""
    assert python_in_airflow(script, airflow_environment(tmp_path)) == ["2019-03"]
