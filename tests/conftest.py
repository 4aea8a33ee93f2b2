"""Fixtures that every test may use."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import hypothesis
import pytest
from sqlalchemy import create_engine, make_url, text

from include.config import Settings, load_settings
from tests.servers.mariadb import MariaDB, find_server

pytest_plugins = ["tests.servers.http", "tests.servers.airflow"]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a fresh home on the embedded sample; the developer's variables and .env do not reach it."""
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    for name in [name for name in os.environ if name.startswith("TAXI_") or name == "MLFLOW_TRACKING_URI"]:
        monkeypatch.delenv(name)
    return load_settings({"home": tmp_path / "home", "source": "sample", "sample_rows": 4000})


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of real TLC months, named by TAXI_TEST_DATA; skips where it is not set."""
    folder = os.environ.get("TAXI_TEST_DATA", "")
    if not folder or not Path(folder, "green").is_dir():
        absent("TAXI_TEST_DATA names no folder of real TLC months")
    return Path(folder)


def absent(reason: str) -> NoReturn:
    """Skips the test; fails it where TAXI_TEST_COMPLETE says that everything must be there."""
    if os.environ.get("TAXI_TEST_COMPLETE"):
        pytest.fail(f"nothing may be skipped here: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def mysql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A MySQL-compatible server: the one that TAXI_TEST_MYSQL_URL names, or a private MariaDB."""
    named = os.environ.get("TAXI_TEST_MYSQL_URL")
    if named:
        yield named
        return
    if find_server() is None:
        absent("no MariaDB server is installed (Debian: mariadb-server), and TAXI_TEST_MYSQL_URL names none")
    server = MariaDB(tmp_path_factory.mktemp("mariadb"), ("--local-infile=1",)).create()
    yield server.url
    server.stop()


@pytest.fixture
def mysql_database(mysql_url: str) -> Iterator[str]:
    """URL of an empty database of the test's own."""
    name = f"taxi_{uuid.uuid4().hex[:12]}"
    server = create_engine(mysql_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} CHARACTER SET utf8mb4"))
    yield make_url(mysql_url).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name}"))
    server.dispose()


hypothesis.settings.register_profile("shared_machine", deadline=None)
hypothesis.settings.load_profile("shared_machine")
