"""A month's history knows strictly earlier months, and months may be built in any order."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from include.features import build_history
from include.features.build_history import history_before, publish_history
from include.features.history import History
from include.lake import Lake, Manifest
from include.trips.month import Month
from tests.unit.features.trips import make_trips

MONTHS = [Month(2019, n) for n in (1, 2, 3, 4)]


def _clean(lake: Lake, month: Month, seed: int, rows: int = 200) -> Manifest:
    trips = make_trips(rows, seed, str(month))
    return lake.publish_table("clean", "yellow", month, pa.table(trips), f"key {seed}")


def _build(root: Path, seeds: dict[Month, int]) -> Lake:
    lake = Lake(str(root))
    for month, seed in seeds.items():
        publish_history(lake, "yellow", month, _clean(lake, month, seed))
    return lake


def test_a_month_read_in_portions_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _build(tmp_path / "a", {MONTHS[0]: 1}).require("history", "yellow", MONTHS[0])
    monkeypatch.setattr(build_history, "PORTION_ROWS", 37)
    assert _build(tmp_path / "b", {MONTHS[0]: 1}).require("history", "yellow", MONTHS[0]).sha256 == whole.sha256


def test_months_built_in_any_order_give_the_same_bytes(tmp_path: Path) -> None:
    seeds = dict(zip(MONTHS, range(4), strict=True))
    forward = _build(tmp_path / "a", seeds)
    backward = _build(tmp_path / "b", dict(reversed(seeds.items())))
    for month in MONTHS:
        assert forward.require("history", "yellow", month).sha256 == backward.require("history", "yellow", month).sha256
    histories = [history_before(lake, "yellow", Month(2019, 5), 12)[0].to_bytes() for lake in (forward, backward)]
    assert histories[0] == histories[1]


def test_what_comes_later_changes_nothing(tmp_path: Path) -> None:
    seeds = dict(zip(MONTHS, range(4), strict=True))
    known, months = history_before(_build(tmp_path / "a", seeds), "yellow", Month(2019, 3), 12)
    other, _ = history_before(
        _build(tmp_path / "b", seeds | {MONTHS[2]: 70, MONTHS[3]: 80}), "yellow", Month(2019, 3), 12
    )
    alone, _ = history_before(_build(tmp_path / "c", {m: seeds[m] for m in MONTHS[:2]}), "yellow", Month(2019, 3), 12)
    assert months == (Month(2019, 1), Month(2019, 2))
    assert known.to_bytes() == other.to_bytes() == alone.to_bytes()


def test_an_earlier_month_does_change_it(tmp_path: Path) -> None:
    seeds = dict(zip(MONTHS, range(4), strict=True))
    known, _ = history_before(_build(tmp_path / "a", seeds), "yellow", Month(2019, 3), 12)
    other, _ = history_before(_build(tmp_path / "b", seeds | {MONTHS[1]: 70}), "yellow", Month(2019, 3), 12)
    assert known.to_bytes() != other.to_bytes()


def test_the_window_leaves_older_months_out(tmp_path: Path) -> None:
    lake = _build(tmp_path, dict(zip(MONTHS, range(4), strict=True)))
    assert history_before(lake, "yellow", Month(2019, 4), 2)[1] == (Month(2019, 2), Month(2019, 3))
    nothing, months = history_before(lake, "yellow", Month(2019, 1), 12)
    assert months == ()
    assert nothing.to_bytes() == History.from_summaries([]).to_bytes()


def test_a_month_of_the_same_trips_is_not_built_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = Lake(str(tmp_path))
    clean = _clean(lake, MONTHS[0], 1)
    first = publish_history(lake, "yellow", MONTHS[0], clean)
    monkeypatch.setattr("include.features.build_history.summarise", lambda _: pytest.fail("built again"))
    assert publish_history(lake, "yellow", MONTHS[0], clean) == first


def test_another_clean_month_replaces_the_summary(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    first = publish_history(lake, "yellow", MONTHS[0], _clean(lake, MONTHS[0], 1))
    second = publish_history(lake, "yellow", MONTHS[0], _clean(lake, MONTHS[0], 2, rows=90))
    assert (first.rows, second.rows) == (200, 90)
    assert lake.months("history", "yellow") == (MONTHS[0],)
    assert np.isclose(history_before(lake, "yellow", MONTHS[1], 1)[0].arrays["pair_trips"].sum(), 90)
