"""Published figures stand beside ours only where the published months are there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from include.config import Settings
from include.ingestion.sample import generate_month
from include.models import anchor_protocols
from include.models.anchor_protocols import Months, duration_of, one_hot_zones, pair_and_metered_distance, quote_time
from include.models.anchors import ANCHORS, SAMPLE_REFUSED, Anchor, replay_anchor, report
from include.trips.contract import to_canonical
from include.trips.month import Month

GREEN, _, YELLOW = ANCHORS


def published(service: str, month: Month, rows: int = 2500) -> pa.Table:
    """A sample month as published, without the mark that it is made up."""
    return generate_month(service, month, rows, 3).replace_schema_metadata(None)


def canonical(service: str, *months: Month) -> list[tuple[Month, pa.Table]]:
    return [(month, to_canonical(published(service, month), service, "sample")[0]) for month in months]


@pytest.fixture(scope="module")
def green() -> Months:
    first, second = Month(2021, 1), Month(2021, 2)
    return Months("green", (1, 60), canonical("green", first), [], canonical("green", second))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few trees: what is tested is the way, not the figure."""
    monkeypatch.setattr(anchor_protocols, "TUNED_ROUNDS", 15)


def test_every_published_figure_has_a_line_of_ours_to_stand_beside(green: Months, quick: None) -> None:
    ours = pair_and_metered_distance(green, 1)
    assert set(GREEN.published) < set(ours)
    assert all(np.isfinite(figure) and figure > 0 for figure in ours.values())
    metered = ours["linear on zone pair and metered distance"]
    assert metered < one_hot_zones(green, 1)["linear on both zones"], "the metered distance tells what zones cannot"
    months = replace(green, tune=canonical("green", Month(2021, 3)), minutes=(1, 120))
    assert set(quote_time(months, 1)) == set(YELLOW.published)


def test_trips_outside_the_protocol_do_not_count(green: Months) -> None:
    (_, table), *_ = green.test
    kept = green.bounded(table)
    assert 0 < kept.num_rows < table.num_rows
    assert duration_of(kept).min() >= 1
    assert duration_of(kept).max() <= 60
    assert 0 < len(green.rows(green.test).day) < len(green.rows(green.test, cleaned=False).day) == kept.num_rows


def folder_with(tmp_path: Path, *months: Month, marked: bool = False) -> str:
    for month in months:
        made = generate_month("green", month, 1500, 3)
        pq.write_table(
            made if marked else made.replace_schema_metadata(None), tmp_path / f"green_tripdata_{month}.parquet"
        )
    return str(tmp_path)


def test_an_absent_month_leaves_the_row_empty_with_the_reason(settings: Settings, tmp_path: Path) -> None:
    there = settings.model_copy(update={"source": folder_with(tmp_path, Month(2021, 1))})
    lines = replay_anchor(GREEN, there)
    assert [line.label for line in lines] == list(GREEN.published)
    assert [line.theirs for line in lines] == [7.48, 6.304]
    assert [line.ours for line in lines] == [None, None]
    text = report(lines)
    assert "| green 2021-02 | linear on zone pair and metered distance | rmse | 7.480 |  |" in text
    assert "Ours is empty: TAXI_SOURCE=" in text
    assert "green_tripdata_2021-02.parquet" in text


def test_months_that_are_there_fill_the_row(settings: Settings, tmp_path: Path, quick: None) -> None:
    there = settings.model_copy(update={"source": folder_with(tmp_path, Month(2021, 1), Month(2021, 2))})
    lines = {line.label: line for line in replay_anchor(GREEN, there)}
    assert all(line.ours is not None and not line.reason for line in lines.values())
    assert lines["XGBoost on zone pair and metered distance"].theirs == 6.304
    assert lines["at quote time: floor"].theirs is None


@pytest.mark.parametrize("anchor", ANCHORS, ids=lambda anchor: anchor.name)
def test_made_up_trips_give_no_figure(settings: Settings, anchor: Anchor) -> None:
    assert {(line.ours, line.reason) for line in replay_anchor(anchor, settings)} == {(None, SAMPLE_REFUSED)}


def test_a_file_that_calls_itself_synthetic_gives_none_either(settings: Settings, tmp_path: Path) -> None:
    source = folder_with(tmp_path, Month(2021, 1), Month(2021, 2), marked=True)
    lines = replay_anchor(GREEN, settings.model_copy(update={"source": source}))
    assert all(line.ours is None and "calls itself synthetic" in line.reason for line in lines)
