"""Months side by side, on months written here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from include.config import Settings
from include.exploration.month_figures import before_and_after, broken_rows, share_grid, typical
from include.exploration.months import (
    MonthTrips,
    findings,
    load_months,
    nulls_over_months,
    reasons_over_months,
    statistics_before_and_after,
    typical_over_months,
)
from include.processing.clean_data import REASONS, clean_taxi_data
from include.processing.run_suite import Outcome
from include.trips.month import Month
from tests.unit.processing.months import MONTH, first, healthy_month


def month_of(month: Month = MONTH, **changes: Any) -> MonthTrips:
    raw = healthy_month(**changes)
    return MonthTrips(month, "here", False, raw, *clean_taxi_data(raw, "yellow", MONTH))


MONTHS = [month_of(Month(2019, 2)), month_of(fare_usd=first(0.1, -5.0, 20.0), tip_usd=first(0.25, None, 1.0))]


@dataclass
class Said:
    passed: bool
    outcomes: tuple[Outcome, ...]
    sentence: str = field(default="said")


def test_reasons_and_nulls_are_percent_of_each_months_rows() -> None:
    reasons, nulls = reasons_over_months(MONTHS), nulls_over_months(MONTHS)
    assert list(reasons.columns) == ["2019-02", "2019-03"]
    assert list(reasons.index) == list(REASONS)
    assert [reasons.loc["negative_amount", month] for month in reasons.columns] == [0, 10]
    assert [nulls.loc["tip_usd", month] for month in nulls.columns] == [0, 25]
    assert "airport_fee_usd" not in nulls.index, "empty in every month"


def test_typical_values_are_those_of_kept_trips() -> None:
    table = typical_over_months(MONTHS)
    assert table["median fare_usd"].tolist() == [10, 20]
    assert table["kept %"].tolist() == [100, 90]
    assert table["rows"].tolist() == [600, 600]


def test_statistics_before_and_after() -> None:
    table = statistics_before_and_after(MONTHS[1])
    assert table.loc["fare_usd", ("mean", "raw")] == pytest.approx(17.5)
    assert table.loc["fare_usd", ("mean", "kept")] == 20


def test_findings_list_every_expectation_with_its_verdict() -> None:
    held = Outcome("row_count", "", "critical", True, "600", "at least 500", None, None)
    broken = Outcome("fares", "fare_usd", "warning", False, "60 rows", "none", 60, 10.0)
    table = findings([Said(True, (held,)), Said(False, (broken,))])
    assert table["holds"].to_dict() == {"row_count": True, "fares": False}
    (ax,) = broken_rows(table).axes
    assert [text.get_text() for text in ax.texts] == ["10.00 %"]


def test_figures_show_each_month_and_measure() -> None:
    assert [ax.get_title() for ax in before_and_after(MONTHS[1].raw, MONTHS[1].kept).axes] == [
        "duration", "distance", "fare", "speed", "pick-up hour",
    ]  # fmt: skip
    (grid,) = share_grid(reasons_over_months(MONTHS), "reasons").axes
    assert len(grid.texts) == 2 * len(REASONS)
    assert [label.get_text() for label in grid.get_xticklabels()] == ["2019-02", "2019-03"]
    assert len(typical(typical_over_months(MONTHS)).axes) == 6


def test_figures_of_one_month_and_of_nothing_to_show() -> None:
    (bare,) = share_grid(nulls_over_months(MONTHS[:1]), "nulls").axes
    assert [text.get_text() for text in bare.texts] == ["nothing to show: no month has any"]
    assert typical(typical_over_months(MONTHS[:1])).axes
    held = Outcome("row_count", "", "critical", True, "600", "at least 500", None, None)
    assert broken_rows(findings([Said(True, (held,))])).axes


def test_months_are_loaded_from_the_source_and_leave_nothing(settings: Settings) -> None:
    loaded = load_months(settings.model_copy(update={"months": (Month(2019, 1), Month(2019, 2))}))
    assert [str(m.month) for m in loaded] == ["2019-01", "2019-02"]
    assert all(m.synthetic and m.kept.num_rows + m.quarantined.num_rows == 4000 for m in loaded)
    assert not settings.home.exists()
