"""Which rows a family may see, and what its intervals promise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from include.errors import NothingToDo
from include.features.dictionary import FEATURE_NAMES
from include.models.train_all import load_rows, load_window, residual_intervals

DAYS = np.arange(1, 29)


def feature_month(folder: Path, month: str, days: np.ndarray = DAYS) -> str:
    """One trip a day; every feature holds month * 100 + day, so a row says where it came from."""
    mark = float(month[-2:]) * 100 + days
    columns: dict[str, np.ndarray] = {"day": days.astype(np.int8)} | {
        name: mark.astype(np.float32) for name in FEATURE_NAMES
    }
    columns |= {"duration_min": mark, "fare_usd": mark}
    pq.write_table(pa.table(columns), folder / f"{month}.parquet")
    return str(folder / f"{month}.parquet")


def window_of(folder: Path, *earlier: str) -> dict[str, set[int]]:
    """Role -> marks of its rows."""
    uris = {month: feature_month(folder, month) for month in (*earlier, "2019-09")}
    plan = {"service": "yellow", "month": "2019-09", "earlier": list(earlier), "uris": uris}
    window = load_window(plan)
    return {role: set(getattr(window, role).x[:, 0].astype(int)) for role in ("train", "tune", "calibrate")}


def test_no_row_has_two_roles_and_the_test_month_has_none(tmp_path: Path) -> None:
    roles = window_of(tmp_path, "2019-05", "2019-06", "2019-07", "2019-08")
    assert not roles["train"] & roles["tune"]
    assert not roles["train"] & roles["calibrate"]
    assert not roles["tune"] & roles["calibrate"]
    assert not any(mark // 100 == 9 for marks in roles.values() for mark in marks)


def test_the_last_month_tunes_on_odd_days_and_calibrates_on_even_ones(tmp_path: Path) -> None:
    roles = window_of(tmp_path, "2019-06", "2019-07", "2019-08")
    assert roles["tune"] == {800 + day for day in DAYS if day % 2}
    assert roles["calibrate"] == {800 + day for day in DAYS if not day % 2}
    assert {mark // 100 for mark in roles["train"]} <= {6, 7}


def test_one_earlier_month_is_split_by_its_days(tmp_path: Path) -> None:
    roles = window_of(tmp_path, "2019-08")
    assert roles["train"] == {800 + day for day in range(11, 21)}
    assert roles["tune"] | roles["calibrate"] == {800 + day for day in range(21, 29)}


def test_a_window_without_trips_on_its_days_says_so(tmp_path: Path) -> None:
    uri = feature_month(tmp_path, "2019-08", np.arange(1, 10))
    plan = {"service": "yellow", "month": "2019-09", "earlier": ["2019-08"], "uris": {"2019-08": uri}}
    with pytest.raises(NothingToDo, match="no trip on its train days"):
        load_window(plan)


def test_a_trip_without_a_label_is_no_row(tmp_path: Path) -> None:
    uri = feature_month(tmp_path, "2019-08")
    table = pq.read_table(uri)
    fares = table["fare_usd"].to_numpy().copy()
    fares[3] = np.nan
    pq.write_table(table.set_column(table.schema.get_field_index("fare_usd"), "fare_usd", pa.array(fares)), uri)
    assert len(load_rows(uri, "yellow").day) == len(DAYS) - 1
    assert len(load_rows(uri, "fhv").day) == len(DAYS)


def test_intervals_hold_eighty_of_a_hundred_trips_at_every_size() -> None:
    rng = np.random.default_rng(1)
    predicted = rng.uniform(1, 60, 40_000)
    actual = predicted * rng.lognormal(0, 0.3, predicted.size)
    intervals = residual_intervals(predicted[::2], actual[::2])
    low, high = intervals.around(predicted[1::2])
    held = (actual[1::2] >= low) & (actual[1::2] <= high)
    for size in (predicted[1::2] < 15, predicted[1::2] > 45):
        assert 0.76 < held[size].mean() < 0.84
