"""What the services of a home are given."""

from __future__ import annotations

import json
from datetime import date

from include.config import Settings
from scripts.platform_env import BIN, service_environment, write_configuration


def test_a_home_keeps_its_secret_and_its_first_day(settings: Settings) -> None:
    first, second = service_environment(settings), service_environment(settings)
    assert first == second
    assert len(first["AIRFLOW__API__SECRET_KEY"]) > 40
    assert (settings.home / "run" / "secret").stat().st_mode & 0o077 == 0


def test_a_schedule_that_was_set_wins_over_the_first_day(settings: Settings) -> None:
    service_environment(settings)
    chosen = settings.model_copy(update={"schedule_from": date(2025, 1, 1)})
    assert service_environment(chosen)["TAXI_SCHEDULE_FROM"] == "2025-01-01"


def test_each_part_of_airflow_is_started_again_by_itself(settings: Settings) -> None:
    text = write_configuration(settings).read_text()
    for part in ("api-server", "scheduler", "dag-processor", "triggerer"):
        program = text.split(f"[program:airflow-{part}]")[1].split("[program:")[0]
        assert f"scripts.clean_start {BIN}/airflow {part}\n" in program
        assert "autorestart=true" in program
    assert "standalone" not in text


def test_a_mysql_warehouse_becomes_the_airflow_connection(settings: Settings) -> None:
    assert "AIRFLOW_CONN_TAXI_MYSQL" not in service_environment(settings)
    url = "mysql+pymysql://taxi:p%40ss@db:3307/trips"
    told = json.loads(
        service_environment(settings.model_copy(update={"warehouse_url": url}))["AIRFLOW_CONN_TAXI_MYSQL"]
    )
    assert (told["host"], told["port"], told["login"], told["password"], told["schema"]) == (
        "db", 3307, "taxi", "p@ss", "trips"
    )  # fmt: skip


def test_two_homes_share_nothing(settings: Settings) -> None:
    other = settings.model_copy(update={"home": settings.home.parent / "other"})
    first, second = service_environment(settings), service_environment(other)
    for name in ("TAXI_HOME", "AIRFLOW_HOME", "AIRFLOW__API__SECRET_KEY", "AIRFLOW__LOGGING__BASE_LOG_FOLDER"):
        assert first[name] != second[name]
