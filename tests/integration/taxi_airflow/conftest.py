"""Airflow in the test's own process: its home is a temporary one, which must be named before the first import."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator

import pytest
import structlog

HOME = tempfile.mkdtemp(prefix="airflow-")
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
os.environ.update({"AIRFLOW_HOME": HOME, "AIRFLOW__CORE__LOAD_EXAMPLES": "False"})


@pytest.fixture(autouse=True)
def _logs_of_airflow() -> Iterator[None]:
    """Loggers as Airflow's own processes have them: a test of a command may have set up the project's before."""
    from airflow.logging_config import configure_logging

    before = structlog.get_config()
    configure_logging()  # type: ignore[no-untyped-call]
    yield
    structlog.configure(**before)
