"""Services are killed under a running month: it ends as if nothing had been, and the champion answers all the while."""

from __future__ import annotations

import time
from functools import partial

import httpx
import pytest

from tests.drills.conftest import MONTH, Reference
from tests.drills.platform import Platform
from tests.drills.processes import kill, members, until
from tests.drills.witness import Witness

pytestmark = [pytest.mark.drill, pytest.mark.usefixtures("undisturbed")]

DOWN_SECONDS = 60


VICTIMS = {"validate.validate_month": "airflow-scheduler", "train.fit_family": "mlflow"}
"""Task that is at work -> service that is killed under it."""


def test_a_killed_scheduler_and_a_killed_mlflow_are_started_again(
    platform: Platform, witness: Witness, reference: Reference
) -> None:
    with platform.month(MONTH) as run, witness.watching():
        for task, service in VICTIMS.items():
            run.at_work(task)
            victim = platform.process(service)
            kill(victim)
            until(partial(replaced, platform, service, victim), 120, f"a new {service}")
        run.ends()
    witness.confirms(reference.before, reference.after)


def test_all_of_airflow_killed_at_once_goes_on(platform: Platform, witness: Witness, reference: Reference) -> None:
    with platform.month(MONTH) as run, witness.watching():
        run.at_work("features.build_feature_month")
        spared = {platform.process("api"), platform.process("mlflow"), platform.session}
        doomed = [pid for pid, line in members(platform.session).items() if pid not in spared and "airflow" in line]
        assert len(doomed) > 4
        for pid in doomed:
            kill(pid)
        run.ends()
    witness.confirms(reference.before, reference.after)


def test_mlflow_away_for_a_while_holds_training_up(platform: Platform, witness: Witness, reference: Reference) -> None:
    with platform.month(MONTH) as run, witness.watching():
        run.at_work("train.fit_family")
        platform.supervisor("stop", "mlflow")
        until(lambda: not mlflow_answers(platform), 30, "the end of MLflow")
        time.sleep(DOWN_SECONDS)
        assert run.process.poll() is None
        platform.supervisor("start", "mlflow")
        run.ends()
    witness.confirms(reference.before, reference.after)


def replaced(platform: Platform, service: str, victim: int) -> bool:
    return platform.process(service) not in (0, victim)


def mlflow_answers(platform: Platform) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{platform.ports[2]}/health", timeout=5).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
