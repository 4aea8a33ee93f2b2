"""A damaged file arrives: the month fails at once and is not tried again; the whole file mends it."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.ingestion.sample import write_month
from include.trips.month import Month
from tests.drills.conftest import Reference
from tests.drills.platform import Platform
from tests.drills.results import leftovers, results
from tests.drills.witness import Witness

pytestmark = pytest.mark.drill

SERVICE, MONTH, ROWS, SEED = "green", "2019-01", 2000, 7
"""Another service than the one whose champion answers: its first month ends with features."""


def test_a_damaged_file_fails_at_once_and_a_whole_one_mends_it(
    platform: Platform, witness: Witness, reference: Reference, tmp_path: Path
) -> None:
    published = tmp_path / "source"
    published.mkdir()
    file = write_month(published / f"{SERVICE}_tripdata_{MONTH}.parquet", SERVICE, Month.parse(MONTH), ROWS, SEED)
    whole = file.read_bytes()
    chosen = {"TAXI_SOURCE": str(published), "TAXI_SERVICE": SERVICE}
    alone = Platform(tmp_path / "alone", platform.ports, chosen)
    alone.in_one_process(MONTH)

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
    found, expected = results(green, MONTH), results(alone.settings, MONTH)
    assert (found["stages"], found["rows"]) == (expected["stages"], expected["rows"])
    assert leftovers(platform.settings) == []
    assert platform.orphans() == {}
