"""The process of a running task is killed: its retry ends with the month that nobody disturbed."""

from __future__ import annotations

import pytest

from tests.drills.conftest import MONTH, Reference
from tests.drills.platform import Platform
from tests.drills.witness import Witness

pytestmark = [pytest.mark.drill, pytest.mark.usefixtures("undisturbed")]

VICTIMS = {
    "ingest.ingest_month": (0.2,), "validate.validate_month": (1.5,), "features.build_feature_month": (0.3,),
    "train.fit_family": (4.0,), "register.register_best": (1.5, 3.5),
}  # fmt: skip
"""Task of each phase -> seconds after which it is killed, at its first try and its second."""


def test_a_task_killed_in_each_phase_is_done_again(platform: Platform, witness: Witness, reference: Reference) -> None:
    with platform.month(MONTH) as run, witness.watching():
        for task, moments in VICTIMS.items():
            for after in moments:
                run.kill_at_work(task, after)
        run.ends()
    witness.confirms(reference.before, reference.after)
