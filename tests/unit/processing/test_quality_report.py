"""Statistics of columns, by hand; bad columns are recorded or refused in a sentence, never passed over."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from include.errors import BadDataError
from include.processing.drift_store import parts_of
from include.processing.quality_report import (
    compute_null_percentages,
    compute_outlier_counts,
    compute_summary_stats,
)
from include.processing.report.measures import (
    MEASURED,
    MEASURES,
    count_pickups,
    distributions,
    distributions_of_parts,
)
from tests.unit.processing.months import ROWS, first, healthy_month


def test_a_summary_is_what_numpy_says() -> None:
    fares = np.arange(ROWS, dtype=float)
    found = compute_summary_stats(healthy_month(fare_usd=fares))["fare_usd"]
    assert (found.values, found.mean, found.p50, found.min, found.max) == (ROWS, 299.5, 299.5, 0, 599)
    assert found.std == pytest.approx(fares.std())
    assert found.p99 == pytest.approx(np.percentile(fares, 99))


def test_duration_and_speed_are_summarised_too() -> None:
    found = compute_summary_stats(healthy_month())
    assert (found["duration_min"].p50, found["speed_mph"].p50) == (12, 10)


def test_nothing_infinite_or_missing_reaches_a_mean() -> None:
    fares = [np.inf, -np.inf, np.nan, None] * (ROWS // 4)
    assert "fare_usd" not in compute_summary_stats(healthy_month(fare_usd=fares))
    assert compute_summary_stats(healthy_month(fare_usd=[*fares[:-1], 7.0]))["fare_usd"].mean == 7


def test_null_percentages_name_every_column() -> None:
    found = compute_null_percentages(healthy_month(tip_usd=None, passenger_count=first(0.25, None, 1)))
    assert (found["tip_usd"], found["passenger_count"], found["fare_usd"]) == (100, 25, 0)
    assert "source_row" not in found
    assert set(compute_null_percentages(healthy_month().slice(0, 0)).values()) == {0.0}


def test_a_frame_counts_like_its_table() -> None:
    trips = healthy_month(tip_usd=first(0.5, None, 1.0))
    assert compute_null_percentages(trips.to_pandas()) == compute_null_percentages(trips)
    assert compute_summary_stats(trips.to_pandas()) == compute_summary_stats(trips)


def test_outliers_lie_beyond_the_outer_fences() -> None:
    fares = np.arange(ROWS, dtype=float)
    fares[:5], fares[-2:] = -5000, 5000
    found = compute_outlier_counts(healthy_month(fare_usd=fares))["fare_usd"]
    first_quarter, third_quarter = np.percentile(fares, [25, 75])
    assert found.low == first_quarter - 3 * (third_quarter - first_quarter)
    assert (found.below, found.above, found.percent) == (5, 2, 100 * 7 / ROWS)


def test_a_column_without_spread_has_no_fences() -> None:
    assert "mta_tax_usd" not in compute_outlier_counts(healthy_month())
    assert "tip_usd" not in compute_outlier_counts(healthy_month(tip_usd=None))


def test_a_month_of_one_row_has_statistics() -> None:
    one = healthy_month().slice(0, 1)
    assert compute_summary_stats(one)["fare_usd"].std == 0
    assert compute_outlier_counts(one) == {}


def test_text_where_numbers_belong_is_refused_by_name() -> None:
    trips = healthy_month().to_pandas().assign(fare_usd="ten")
    with pytest.raises(BadDataError, match="fare_usd should hold numbers"):
        compute_summary_stats(trips)
    mixed = trips.assign(fare_usd=pd.Series(["ten", 10.0] * (ROWS // 2), dtype=object))
    with pytest.raises(BadDataError, match="mixes types"):
        compute_outlier_counts(mixed)


def test_every_row_is_in_one_bin() -> None:
    raw = healthy_month(fare_usd=first(0.5, -1.0, 80.0), distance_mi=None)
    found = {d.measure: d for d in distributions(raw, raw.slice(0, 10))}
    assert set(found) == {"duration", "fare", "pick-up hour"}
    assert (found["fare"].before[0], found["fare"].before[-1]) == (300, 300)
    assert {sum(d.before) for d in found.values()} == {ROWS}
    assert {sum(d.after) for d in found.values()} == {10}
    assert len(found["fare"].before) == next(m.bins for m in MEASURES if m.name == "fare") + 2


def test_pickups_without_a_zone_are_left_out() -> None:
    assert count_pickups(healthy_month(pickup_zone=first(0.5, None, 132))) == {132: 300}


def test_rows_counted_in_parts_are_those_counted_at_once(tmp_path: Path) -> None:
    raw = healthy_month(fare_usd=np.linspace(-5, 90, ROWS), distance_mi=first(0.3, None, 2.0))
    kept = raw.slice(40, 300)
    for name, trips, rows in (("raw", raw, 70), ("clean", kept, 299)):
        pq.write_table(trips, tmp_path / name, row_group_size=rows)
    parts = [list(parts_of(str(tmp_path / name), list(MEASURED))) for name in ("raw", "clean")]
    assert [len(each) for each in parts] == [9, 2]
    assert distributions_of_parts(*parts) == distributions(raw, kept)
    assert len(distributions(raw, kept)) == len(MEASURES)


def test_a_month_of_which_nothing_is_kept_is_drawn_with_empty_bins() -> None:
    for after in ([], [healthy_month().slice(0, 0)]):
        found = distributions_of_parts([healthy_month()], after)
        assert len(found) == len(MEASURES)
        assert {sum(d.after) for d in found} == {0}
    assert distributions_of_parts([], []) == ()
