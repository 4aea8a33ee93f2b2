"""Which rows a family may see, and what becomes of one that fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from include.config import Settings
from include.errors import LakeError, NothingToDo
from include.features.dictionary import FEATURE_NAMES
from include.models import families, tracking, train_all
from include.models.families import ROWS
from include.models.recipes import Fitted, Lesson
from include.models.rows import Rows, Window, load_rows, load_window
from include.models.train_all import (
    compare_models,
    fit_family,
    split_outcomes,
    train_classification_models,
    train_regression_models,
)
from include.models.tuned import Tuned
from tests.unit.models.trips import changed, window_of

DAYS = np.arange(1, 29)


def feature_month(folder: Path, month: str, days: np.ndarray = DAYS) -> str:
    """One trip a day; every feature holds month * 100 + day, so a row says where it came from."""
    mark = float(month[-2:]) * 100 + days
    columns: dict[str, np.ndarray] = {"day": days.astype(np.int8)} | {
        name: mark.astype(np.float32) for name in FEATURE_NAMES
    }
    columns |= {"duration_min": mark, "fare_usd": mark, "high_tip": mark % 2, "app_dispatched": days % 2}
    pq.write_table(pa.table(columns), folder / f"{month}.parquet")
    return str(folder / f"{month}.parquet")


def roles_of(folder: Path, *earlier: str) -> dict[str, set[int]]:
    """Role -> marks of its rows."""
    uris = {month: feature_month(folder, month) for month in (*earlier, "2019-09")}
    plan = {"service": "yellow", "month": "2019-09", "earlier": list(earlier), "uris": uris}
    window = load_window(plan)
    return {role: set(getattr(window, role).x[:, 0].astype(int)) for role in ("train", "tune", "calibrate")}


def test_no_row_has_two_roles_and_the_test_month_has_none(tmp_path: Path) -> None:
    roles = roles_of(tmp_path, "2019-05", "2019-06", "2019-07", "2019-08")
    assert not roles["train"] & roles["tune"]
    assert not roles["train"] & roles["calibrate"]
    assert not roles["tune"] & roles["calibrate"]
    assert not any(mark // 100 == 9 for marks in roles.values() for mark in marks)


def test_the_last_month_tunes_on_odd_days_and_calibrates_on_even_ones(tmp_path: Path) -> None:
    roles = roles_of(tmp_path, "2019-06", "2019-07", "2019-08")
    assert roles["tune"] == {800 + day for day in DAYS if day % 2}
    assert roles["calibrate"] == {800 + day for day in DAYS if not day % 2}
    assert {mark // 100 for mark in roles["train"]} <= {6, 7}


def test_one_earlier_month_is_split_by_its_days(tmp_path: Path) -> None:
    roles = roles_of(tmp_path, "2019-08")
    assert roles["train"] == {800 + day for day in range(1, 21)}
    assert roles["tune"] | roles["calibrate"] == {800 + day for day in range(21, 29)}


def test_a_window_without_trips_on_its_days_says_so(tmp_path: Path) -> None:
    uri = feature_month(tmp_path, "2019-08", np.arange(1, 10))
    plan = {"service": "yellow", "month": "2019-09", "earlier": ["2019-08"], "uris": {"2019-08": uri}}
    with pytest.raises(NothingToDo, match="no trip on its tune days"):
        load_window(plan)


def test_a_missing_label_takes_the_trip_from_its_own_target_alone(tmp_path: Path) -> None:
    uri = feature_month(tmp_path, "2019-08")
    table = pq.read_table(uri)
    fares = table["fare_usd"].to_numpy().copy()
    fares[3] = np.nan
    pq.write_table(table.set_column(table.schema.get_field_index("fare_usd"), "fare_usd", pa.array(fares)), uri)
    rows = load_rows(uri, "yellow")
    assert [len(rows.of(target)) for target in rows.y] == [28, 27, 28]
    assert rows.of("fare_usd").day.tolist() == [day for day in DAYS if day != 4]
    assert rows.of("fare_usd").app_dispatched[:4].tolist() == [True, False, True, True]  # day 4 is gone
    assert list(load_rows(uri, "fhv").y) == ["duration_min"]


def test_a_month_without_any_fare_has_no_row_of_it(tmp_path: Path) -> None:
    uri = feature_month(tmp_path, "2019-08")
    table = pq.read_table(uri)
    nothing = pa.nulls(len(DAYS), pa.float32())
    pq.write_table(table.set_column(table.schema.get_field_index("fare_usd"), "fare_usd", nothing), uri)
    rows = load_rows(uri, "fhvhv")
    assert (len(rows.of("duration_min")), len(rows.of("fare_usd"))) == (28, 0)


PLAN: dict[str, Any] = {
    "service": "yellow", "month": "2019-04", "earlier": ["2019-03"], "uris": {}, "key": "k", "gaps": [],
    "families": ["zone_pair_median", "ridge"],
}  # fmt: skip


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch, window: Window) -> None:
    """A window without files, and runs that nobody writes down."""
    monkeypatch.setattr(train_all, "load_window", lambda _: window)
    monkeypatch.setattr(train_all, "log_failure", lambda *_: "failed-run")
    monkeypatch.setattr(tracking, "log_fit", lambda *_: "run")


def test_a_target_that_cannot_be_learned_is_named_and_the_others_go_on(
    quiet: None, monkeypatch: pytest.MonkeyPatch, settings: Settings, rows: Rows
) -> None:
    monkeypatch.setattr(train_all, "load_window", lambda _: window_of(changed(rows, "duration_min", 12.0)))
    duration, fare, tip = fit_family(PLAN, "ridge", settings)
    assert duration["target"] == "duration_min"
    assert "duration_min is 12 on all" in duration["failed"]
    assert (fare["target"], tip["target"]) == ("fare_usd", "high_tip")
    assert fare["loss"] < 5
    assert split_outcomes([[duration], [fare, tip]]) == ([fare, tip], [duration])


def test_a_family_that_raises_is_named_and_the_others_go_on(
    quiet: None, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    def broken(estimator: str, params: Mapping[str, Any], lesson: Lesson) -> Fitted:
        raise MemoryError("no room for the encoder")

    row = next(row for row in ROWS if (row.name, row.task) == ("ridge", "regression"))
    others = tuple(other for other in ROWS if other is not row)
    monkeypatch.setattr(families, "ROWS", (*others, replace(row, fit=broken)))
    outcomes = [outcome for family in PLAN["families"] for outcome in fit_family(PLAN, family, settings)]
    failed = {(o["family"], o["target"]): o["failed"] for o in outcomes if "failed" in o}
    assert failed == {("ridge", t): "MemoryError: no room for the encoder" for t in ("duration_min", "fare_usd")}
    boards = compare_models(split_outcomes([outcomes])[0])
    assert [c["family"] for c in boards["duration_min"]] == ["zone_pair_median"]
    assert {c["family"] for c in boards["high_tip"]} == {"zone_pair_median", "ridge"}


def test_linear_algebra_has_the_fits_threads_whatever_the_environment_allows(
    quiet: None, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    seen: set[int] = set()

    def watched(estimator: str, params: Mapping[str, Any], lesson: Lesson) -> Fitted:
        seen.update(library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas")
        raise MemoryError("seen enough")

    row = next(row for row in ROWS if (row.name, row.task) == ("ridge", "regression"))
    monkeypatch.setattr(
        families, "ROWS", tuple(replace(other, fit=watched) if other is row else other for other in ROWS)
    )
    with threadpool_limits(2, user_api="blas"):
        fit_family(PLAN, "ridge", settings)
    assert seen == {settings.fit_threads} == {1}


@pytest.mark.parametrize("away", [LakeError("the lake has no room"), ConnectionResetError("the store is away")])
def test_a_store_that_is_away_is_not_the_familys_failure(
    quiet: None, monkeypatch: pytest.MonkeyPatch, settings: Settings, away: Exception
) -> None:
    def search(*_: Any) -> Tuned:
        raise away

    monkeypatch.setattr(train_all, "tune", search)
    monkeypatch.setattr(train_all, "log_failure", lambda *_: pytest.fail("no family failed"))
    with pytest.raises(type(away), match=str(away)):
        fit_family(PLAN, "zone_pair_median", settings)


def test_a_fit_that_was_done_is_read_back(quiet: None, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    first = fit_family(PLAN, "zone_pair_median", settings)
    monkeypatch.setattr(train_all, "load_window", lambda _: pytest.fail("nothing has to be fitted"))
    assert fit_family(PLAN, "zone_pair_median", settings) == first


def test_each_kind_of_target_is_trained_by_the_families_that_have_it(quiet: None, settings: Settings) -> None:
    plan = PLAN | {"families": ["zone_pair_median", "additive_log"]}
    assert {o["target"] for o in train_regression_models(plan, settings)} == {"duration_min", "fare_usd"}
    assert [(o["family"], o["target"]) for o in train_classification_models(plan, settings)] == [
        ("zone_pair_median", "high_tip")
    ]


def test_equal_losses_are_ranked_by_name() -> None:
    made = [{"family": name, "target": "fare_usd", "loss": loss} for name, loss in (("c", 2), ("b", 1), ("a", 2))]
    assert [c["family"] for c in compare_models(made)["fare_usd"]] == ["b", "a", "c"]
