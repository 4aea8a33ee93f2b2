"""FHV and high-volume FHV months through every data phase: rules and features only where a column exists."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import text

from include.config import Settings
from include.errors import QualityError
from include.features.dictionary import FEATURE_NAMES
from include.ingestion.ingest_data import ingest_month, land_month
from include.lake import Lake, read_table
from include.pipeline import DATA_STEPS
from include.processing.clean_data import clean_month
from include.processing.validate_data import validate_clean_month, validate_month
from include.trips.month import Month
from include.warehouse.engine import get_engine
from tests.unit.ingestion.files import fhv_month, fhvhv_month

pytestmark = pytest.mark.integration

Put = Callable[[pa.Table, str, str], Settings]


@pytest.fixture
def put(tmp_path: Path, settings: Settings) -> Put:
    """A folder with one published month."""

    def write(table: pa.Table, service: str, month: str) -> Settings:
        place = tmp_path / "tlc"
        place.mkdir(exist_ok=True)
        pq.write_table(table, place / f"{service}_tripdata_{month}.parquet")
        return settings.model_copy(update={"source": str(place)})

    return write


def features(settings: Settings, service: str, month: str) -> pa.Table:
    return read_table(Lake(settings.lake).require("features", service, Month.parse(month)).uri)


def replaced(table: pa.Table, name: str, values: object) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, pa.array(values))


def test_a_high_volume_month_has_duration_and_base_fare(put: Put) -> None:
    settings = put(fhvhv_month(), "fhvhv", "2023-01")
    done = {step.__name__: step("fhvhv", "2023-01", settings) for step in DATA_STEPS}
    assert done["validate_month"]["warnings"] == []
    assert done["clean_month"]["rows"] == 600
    table = features(settings, "fhvhv", "2023-01")
    assert table["duration_min"].to_pylist() == [15.0] * 600
    assert table["fare_usd"][0].as_py() == pytest.approx(18.4)
    assert set(FEATURE_NAMES) <= set(table.column_names)
    assert validate_clean_month("fhvhv", "2023-01", settings)["critical"] == []
    with get_engine(settings).connect() as connection:
        query = "SELECT license_number, trip_seconds, access_a_ride, wav_match FROM raw_taxi_trips ORDER BY source_row"
        assert connection.execute(text(query)).first() == ("HV0005", 900, None, "Y")


def test_a_for_hire_month_has_a_duration_only_and_keeps_trips_without_a_zone(put: Put) -> None:
    settings = put(fhv_month(), "fhv", "2019-03")
    done = {step.__name__: step("fhv", "2019-03", settings) for step in DATA_STEPS}
    assert done["clean_month"]["rows"] == 600
    table = features(settings, "fhv", "2019-03")
    assert "fare_usd" not in table.column_names
    assert table["pickup_zone"].to_pylist()[:6] == [161, 264, 264, 264, 264, 161]
    assert np.isfinite(np.column_stack([table[name] for name in FEATURE_NAMES])).all()
    assert validate_clean_month("fhv", "2019-03", settings)["critical"] == []


def test_doing_it_again_changes_nothing(put: Put) -> None:
    settings = put(fhv_month(), "fhv", "2019-03")
    first = [step("fhv", "2019-03", settings)["uri"] for step in DATA_STEPS]
    again = [step("fhv", "2019-03", settings) for step in DATA_STEPS]
    assert [step["uri"] for step in again] == first
    assert {step["status"] for step in again} == {"unchanged"}


def test_fares_are_cleaned_where_the_file_has_any(put: Put) -> None:
    fares = np.full(600, 18.4)
    fares[:5] = [0, -3, 900, np.nan, 18.4]
    settings = put(replaced(fhvhv_month(), "base_passenger_fare", fares), "fhvhv", "2023-01")
    for step in (land_month, ingest_month):
        step("fhvhv", "2023-01", settings)
    done = clean_month("fhvhv", "2023-01", settings)
    assert done["rows"] == 596
    assert {k: n for k, n in done["quarantined"].items() if n} == {"negative_amount": 1, "fare_out_of_range": 3}


def test_a_high_volume_month_of_2019_has_no_fare_to_clean(put: Put) -> None:
    names = ["hvfhs_license_num", "dispatching_base_num", "pickup_datetime", "dropoff_datetime", "PULocationID",
             "DOLocationID"]  # fmt: skip
    settings = put(fhvhv_month(month="2019-02").select(names), "fhvhv", "2019-02")
    done = {step.__name__: step("fhvhv", "2019-02", settings) for step in DATA_STEPS}
    assert done["clean_month"]["rows"] == 600
    assert {"fare_usd_null_band", "distance_mi_null_band"} <= set(done["validate_month"]["warnings"])
    assert features(settings, "fhvhv", "2019-02")["fare_usd"].null_count in (0, 600)


def test_a_for_hire_month_without_drop_offs_is_ingested_and_not_fit_for_use(put: Put) -> None:
    table = fhv_month(month="2015-03").select(["dispatching_base_num", "pickup_datetime", "PUlocationID"])
    settings = put(table.rename_columns(["Dispatching_base_num", "Pickup_date", "locationID"]), "fhv", "2015-03")
    land_month("fhv", "2015-03", settings)
    assert ingest_month("fhv", "2015-03", settings)["rows"] == 600
    with pytest.raises(QualityError, match=r"fhv 2015-03 .*dropoff_at_filled: 600 rows \(100.000 %\) break it"):
        validate_month("fhv", "2015-03", settings)
