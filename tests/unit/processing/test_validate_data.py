"""Validators for notebooks: what is wrong with trips is an answer, whatever is wrong with them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from include.errors import BadDataError
from include.processing.validate_data import (
    DuplicateDetector,
    NullValidator,
    OutlierDetector,
    SchemaValidator,
    Verdict,
    iqr_fences,
    validate_all,
    zscore_fences,
)
from tests.unit.processing.months import ROWS, first, healthy_month


def frame(**changes: Any) -> pd.DataFrame:
    """A healthy month as pandas, with whole columns changed afterwards."""
    trips: pd.DataFrame = healthy_month().to_pandas()
    return trips.assign(**changes)


def broken(verdict: Verdict) -> set[str]:
    return {outcome.expectation for outcome in verdict.outcomes if not outcome.success}


def test_a_healthy_frame_passes_everything_and_is_left_as_it_was() -> None:
    trips = frame(fare_usd=10.0 + np.arange(ROWS) % 7)
    before = trips.copy()
    verdicts = validate_all(trips)
    assert list(verdicts) == ["schema", "nulls", "outliers (iqr)", "outliers (zscore)", "duplicates"]
    assert {check: verdict.sentence for check, verdict in verdicts.items() if not verdict.passed} == {}
    pd.testing.assert_frame_equal(trips, before)


def test_a_table_and_a_frame_get_the_same_answer() -> None:
    table = healthy_month(passenger_count=first(0.5, None, 1))
    assert SchemaValidator().validate(table) == SchemaValidator().validate(table.to_pandas())


@pytest.mark.parametrize(
    "values", [["x"] * ROWS, [1.0] * 300 + ["x"] * 300, np.linspace(0, 1, ROWS)], ids=["text", "mixed", "fractions"]
)
def test_text_or_fractions_where_whole_numbers_belong_are_a_wrong_type(values: Any) -> None:
    verdict = SchemaValidator().validate(frame(pickup_zone=values))
    assert broken(verdict) == {"pickup_zone_type"}
    assert "schema: 1 of 27 expectations broken over 600 rows - pickup_zone_type" in verdict.sentence


def test_a_missing_column_breaks_the_order_and_its_type() -> None:
    assert broken(SchemaValidator().validate(frame().drop(columns="fare_usd"))) == {
        "columns_of_contract", "fare_usd_type"
    }  # fmt: skip


def test_an_empty_column_is_a_finding_and_the_null_block_is_none() -> None:
    block = dict.fromkeys(("passenger_count", "rate_code", "store_and_fwd"), None)
    assert NullValidator(month="2019-08").validate(healthy_month(**{k: first(0.2, None, g) for k, g in
        zip(block, (1, 1, "N"), strict=True)})).passed  # fmt: skip
    verdict = NullValidator().validate(frame(total_usd=np.nan, congestion_usd=None))
    assert broken(verdict) == {"total_usd_filled", "congestion_usd_null_band"}
    assert "total_usd_filled: 600 rows (100.000 %) break it" in verdict.sentence


def test_fences_are_tukeys_and_the_z_scores() -> None:
    values = np.array([1.0, 2, 3, 4, 100])
    assert iqr_fences(values, 1.5) == (-1.0, 7.0)
    assert zscore_fences(values, 1) == pytest.approx((22 - values.std(), 22 + values.std()))


def test_outliers_are_counted_with_examples_and_their_share_decides() -> None:
    trips = frame(fare_usd=first(0.1, 400.0, 10.0), distance_mi=2.0 + np.arange(ROWS) % 3)
    within = OutlierDetector(["fare_usd", "distance_mi"], most=0.1).validate(trips)
    outcome = next(o for o in within.outcomes if o.expectation == "fare_usd_iqr")
    assert within.passed
    assert (outcome.unexpected_count, outcome.unexpected_percent, outcome.examples) == (60, 10.0, ("400",))
    assert broken(OutlierDetector(["fare_usd"], most=0.09).validate(trips)) == {"fare_usd_iqr"}
    assert broken(OutlierDetector(["fare_usd"], "zscore", reach=2, most=0.05).validate(trips)) == {"fare_usd_zscore"}


@pytest.mark.parametrize("method", ["iqr", "zscore"])
def test_infinity_is_an_outlier_and_does_not_move_the_fences(method: Any) -> None:
    trips = frame(fare_usd=[np.inf, -np.inf, *(10.0 + np.arange(ROWS - 2) % 5)])
    outcome = OutlierDetector(["fare_usd"], method, most=0).validate(trips).outcomes[1]
    assert (outcome.success, outcome.unexpected_count, outcome.examples) == (False, 2, ("inf", "-inf"))


@pytest.mark.parametrize("values", [np.nan, np.inf, "x"], ids=["null", "infinite", "text"])
def test_a_column_without_numbers_never_passes(values: Any) -> None:
    for method in ("iqr", "zscore"):
        assert not OutlierDetector(["fare_usd"], method).validate(frame(fare_usd=values)).passed


def test_derived_columns_may_be_looked_at() -> None:
    times = {"dropoff_at": healthy_month()["dropoff_at"].to_numpy() + np.timedelta64(23, "h") * (np.arange(ROWS) < 9)}
    outcome = OutlierDetector(["duration_min"], most=0.01).validate(frame(**times)).outcomes[1]
    assert (outcome.success, outcome.unexpected_count) == (False, 9)


def test_what_cannot_be_looked_for_is_named() -> None:
    with pytest.raises(BadDataError, match="No outliers can be looked for in surge: the trips lack surge; they have"):
        OutlierDetector(["surge"]).validate(frame())
    with pytest.raises(BadDataError, match="No outlier method is called 'mad'; there are iqr, zscore"):
        OutlierDetector(method="mad")  # type: ignore[arg-type]


def test_a_trip_that_comes_twice_is_found_and_a_reversal_is_not_one() -> None:
    trips = frame()
    twice = pd.concat([trips, trips.head(2)], ignore_index=True)
    verdict = DuplicateDetector().validate(twice)
    assert broken(verdict) == {"source_row_unique", "trip_unique"}
    assert next(o.unexpected_count for o in verdict.outcomes if o.expectation == "trip_unique") == 4
    back = trips.head(2).assign(fare_usd=-10.0, total_usd=-12.8, source_row=[600, 601])
    reversed_ = DuplicateDetector().validate(pd.concat([trips, back], ignore_index=True))
    assert reversed_.passed
    assert next(o.unexpected_count for o in reversed_.outcomes if o.expectation == "few_reversals") == 2


def test_one_row_is_too_little_for_outliers() -> None:
    verdicts = validate_all(healthy_month().slice(0, 1))
    assert not verdicts["outliers (iqr)"].passed
    assert "fare_usd_enough_values: 1, expected at least 4 values" in verdicts["outliers (iqr)"].sentence
    assert verdicts["schema"].passed


def test_trips_without_a_time_are_refused_by_name() -> None:
    with pytest.raises(BadDataError, match=r"no pick-up time \(pickup_at\), so no month can be told"):
        NullValidator().validate(pa.table({"fare_usd": [1.0]}))
