"""A damaged file arrives: the month fails at once and is not tried again; the whole file mends it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from include.config import ROOT
from include.ingestion.sample import write_month
from include.trips.month import Month
from tests.drills.conftest import Reference
from tests.drills.platform import Platform
from tests.drills.results import leftovers, results
from tests.drills.witness import Witness
from tests.homes import settings_of

pytestmark = pytest.mark.drill

SERVICE, MONTH, ROWS, SEED = "green", "2019-01", 2000, 7
"""Another service than the one whose champion answers: its first month ends with features."""


def undisturbed(home: Path, source: Path) -> dict[str, dict[str, object]]:
    """What the month leaves when the same phases run over the whole file in one process."""
    settings = settings_of(home, source=str(source), service=SERVICE, months=MONTH)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("TAXI_", "MLFLOW_"))}
    environment |= {"TAXI_HOME": str(home), "TAXI_SOURCE": str(source), "TAXI_SERVICE": SERVICE, "TAXI_MONTHS": MONTH,
                    "TAXI_WAREHOUSE_URL": settings.warehouse, "PYTHONPATH": str(ROOT)}  # fmt: skip
    subprocess.run([sys.executable, ROOT / "scripts/run_pipeline.py"], env=environment, check=True)
    return results(settings, MONTH)


def test_a_damaged_file_fails_at_once_and_a_whole_one_mends_it(
    platform: Platform, witness: Witness, reference: Reference, tmp_path: Path
) -> None:
    published = tmp_path / "source"
    published.mkdir()
    file = write_month(published / f"{SERVICE}_tripdata_{MONTH}.parquet", SERVICE, Month.parse(MONTH), ROWS, SEED)
    whole = file.read_bytes()
    expected = undisturbed(tmp_path / "alone", published)
    chosen = {"TAXI_SOURCE": str(published), "TAXI_SERVICE": SERVICE}

    file.write_bytes(whole[: len(whole) // 2])
    with platform.month(MONTH, **chosen) as run, witness.watching():
        said = run.ends(well=False)
    assert file.name in said
    assert "attempt=1.log" in said
    assert leftovers(platform.settings) == []

    file.write_bytes(whole)
    with platform.month(MONTH, **chosen) as run:
        run.ends()
    witness.confirms(reference.before, reference.before)
    green = platform.settings.model_copy(update={"service": SERVICE})
    found = results(green, MONTH)
    assert {name: found[name] for name in ("stages", "rows")} == {name: expected[name] for name in ("stages", "rows")}
    assert leftovers(platform.settings) == []
    assert platform.orphans() == {}
