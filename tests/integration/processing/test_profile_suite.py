"""Above the setting nothing is looked at less: every rule's count and verdict are those of the whole month."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from include.processing import profile_suite
from include.processing.expectations import raw_suite
from include.processing.expected import Expected
from include.processing.outcomes import Outcome, outcomes
from include.processing.profile_suite import examine_profile, read_profile
from include.processing.run_suite import examine
from include.trips.columns import schema_for
from include.trips.month import Month
from tests.unit.processing.months import MONTH, ROWS, first, healthy_month

pytestmark = pytest.mark.integration

Put = Callable[[pa.Table], str]
NOVEMBER = Month(2019, 11)
YELLOW = raw_suite("yellow", MONTH.start, MONTH.end)


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """A month as Parquet in four row groups."""

    def write(trips: pa.Table) -> str:
        pq.write_table(trips, tmp_path / "month.parquet", row_group_size=-(-max(trips.num_rows, 4) // 4))
        return str(tmp_path / "month.parquet")

    return write


def messy_month(service: str, month: Month) -> pa.Table:
    """600 rows in which every column is now null, now out of bounds, now fine; seeded."""
    rng = np.random.default_rng(7)
    start = np.datetime64(month.start, "us")
    columns = {f.name: _messy(rng, f.type, start) for f in schema_for(service)}
    late = start + np.timedelta64(2 * 24 * 60 + 70, "m")  # 01:10 of Sunday 3 November 2019
    columns["pickup_at"] = pa.array(np.where(rng.random(ROWS) < 0.2, late, columns["pickup_at"].to_numpy()))
    columns["dropoff_at"] = pa.array(columns["pickup_at"].to_numpy() + rng.integers(-5, 90, ROWS) * 60_000_000)
    columns["source_row"] = pa.array([*range(ROWS - 3), 5, 5, 17])
    for name in ("rate_code", "payment_type"):
        if name in columns:
            columns[name] = pa.array(rng.integers(1, 3, ROWS), pa.int32())
    return reversed_charges(pa.table(columns, schema=schema_for(service)), service)


def _messy(rng: np.random.Generator, kind: pa.DataType, start: np.datetime64) -> pa.Array:
    null = rng.random(ROWS) < 0.1
    if pa.types.is_timestamp(kind):
        return pa.array(start + rng.integers(-1, 40, ROWS) * np.timedelta64(20, "h"), kind)
    if pa.types.is_string(kind):
        return pa.array(np.where(null, np.array(None, object), rng.choice(["Y", "N", "?"], ROWS)), kind)
    values = rng.integers(-1, 12, ROWS) if pa.types.is_integer(kind) else np.round(rng.normal(8, 9, ROWS), 2)
    values = values.astype(float)
    if pa.types.is_floating(kind):
        values[:2] = np.inf, -np.inf
    return pa.array(np.where(null, np.nan, values), pa.float64(), from_pandas=True).cast(kind)


def reversed_charges(trips: pa.Table, service: str) -> pa.Table:
    """The last fifty rows take back the first fifty, ten of them with another amount."""
    if service != "yellow":
        return trips
    charges, rest = trips.slice(0, 50), trips.slice(0, ROWS - 50)
    back = -np.abs(charges["fare_usd"].to_numpy()) + np.r_[np.zeros(40), np.ones(10)]
    place = trips.schema.get_field_index("fare_usd")
    return pa.concat_tables([rest, charges.set_column(place, "fare_usd", pa.array(back, from_pandas=True))])


@pytest.mark.parametrize("service", ["yellow", "fhvhv"])
def test_counts_by_row_group_are_those_of_great_expectations_for_every_rule(put: Put, service: str) -> None:
    trips, suite = messy_month(service, NOVEMBER), raw_suite(service, NOVEMBER.start, NOVEMBER.end)
    whole = {o.expectation: o for o in outcomes(suite, examine(trips, suite, "s", "a")[1])}
    counted = {o.expectation: o for o in examine_profile(put(trips), suite, "s", "a")[2]}
    assert list(counted) == [spec.name for spec in suite]
    for name, outcome in whole.items():
        assert facts(counted[name]) == facts(outcome), name
    assert sum(not o.success for o in counted.values()) > 20


def facts(outcome: Outcome) -> tuple[object, ...]:
    percent = None if outcome.unexpected_percent is None else round(outcome.unexpected_percent, 9)
    return outcome.success, outcome.unexpected_count, percent, outcome.observed, outcome.column_name


def named(*names: str) -> list[Expected]:
    return [spec for spec in YELLOW if spec.name in names]


def test_a_share_on_its_limit_passes_both_ways(put: Put) -> None:
    trips, suite = healthy_month(fare_usd=first(0.04, -10.0, 10.0)), named("few_reversals")
    assert examine(trips, suite, "s", "a")[1].success
    assert examine_profile(put(trips), suite, "s", "a")[2][0].success
    over = healthy_month(fare_usd=first(0.042, -10.0, 10.0))
    assert not examine_profile(put(over), suite, "s", "a")[2][0].success


def test_a_column_that_is_absent_or_holds_text_is_a_broken_rule(put: Put) -> None:
    trips = healthy_month().drop_columns(["total_usd"])
    trips = trips.set_column(trips.schema.get_field_index("fare_usd"), "fare_usd", pa.array(["x"] * ROWS))
    suite = named("total_usd_filled", "total_is_sum", "fare_usd_median", "fare_usd_in_range", "fare_on_meter")
    found = examine_profile(put(trips), suite, "s", "a")[2]
    assert [o.expectation for o in found if o.success] == []
    assert "could not be computed" in next(o.observed for o in found if o.expectation == "fare_usd_in_range")


def test_a_month_without_rows_or_values_does_not_pass(put: Put) -> None:
    suite = named("row_count", "fare_usd_median", "fare_usd_filled", "vendor_id_null_band")
    assert not any(o.success for o in examine_profile(put(healthy_month().slice(0, 0)), suite, "s", "a")[2])
    empty = examine_profile(put(healthy_month(fare_usd=None, vendor_id=None)), suite, "s", "a")[2]
    assert [o.expectation for o in empty if o.success] == ["row_count"]


def test_the_page_says_that_rows_were_counted_and_a_sample_was_looked_at(
    put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profile_suite, "SAMPLE_ROWS", 50)
    suite, merged, _ = examine_profile(put(healthy_month()), named("fare_usd_in_range", "row_count"), "s", "a")
    said = [rule.description for rule in suite.expectations]
    assert "Counted exactly over all 600 rows by row group: 600 have a value, 0 break it" in said[1]
    assert said[2].endswith("on a seeded sample of 50 rows, for its examples: no verdict depends on it")
    assert merged.results[2].result["element_count"] == 50


def test_the_sample_is_the_same_each_time_and_in_order(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profile_suite, "SAMPLE_ROWS", 50)
    once, again = (read_profile(put(healthy_month()), named("source_row_unique")).sample for _ in range(2))
    assert once.equals(again)
    rows = once["source_row"].to_pylist()
    assert (len(set(rows)), rows) == (50, sorted(rows))
