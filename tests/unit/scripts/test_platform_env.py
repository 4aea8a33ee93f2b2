"""What the services of a home are given."""

from __future__ import annotations

import json
from datetime import date

from pydantic import SecretStr

from include.config import Settings
from include.config.add_api_key import add_key
from include.config.api_keys import find_key
from scripts.platform_env import BIN, platform_keys, service_environment, write_configuration


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


def test_a_platform_whose_keys_are_in_a_file_asks_with_one_of_its_own(settings: Settings) -> None:
    assert platform_keys(settings) == ()
    assert service_environment(settings)["TAXI_API_KEYS"] == ""
    add_key(settings, "dispatcher", ["predict"])
    (own,) = platform_keys(settings)
    given = service_environment(settings)["TAXI_API_KEYS"]
    assert given == own == platform_keys(settings)[0]
    assert (settings.home / "run" / "api_key").stat().st_mode & 0o077 == 0
    found = find_key(settings.model_copy(update={"api_keys": SecretStr(given)}).known_keys(), own)
    assert found is not None
    assert "predict" in found.scopes


def test_keys_of_the_environment_are_used_as_they_are(settings: Settings) -> None:
    add_key(settings, "dispatcher", ["predict"])
    chosen = settings.model_copy(update={"api_keys": SecretStr("first,second")})
    assert platform_keys(chosen) == ("first", "second")
    assert not (settings.home / "run" / "api_key").exists()
