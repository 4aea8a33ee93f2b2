"""Who answers, as the lake's pointers say; and when a champion's staleness is worth measuring."""

from __future__ import annotations

import pytest

from include.config import Settings
from include.errors import NothingToDo
from include.lake import Lake
from include.models import staleness
from include.models.bundle import Pointer, publish_pointer
from include.models.champions import champions_of
from include.models.staleness import measure_latest
from include.trips.month import Month, parse_months


def test_the_targets_with_a_pointer_have_a_champion(settings: Settings) -> None:
    assert champions_of("green", settings) == {}
    name = "nyc_taxi_green_fare_usd"
    publish_pointer(settings.lake, Pointer(name, 3, "uri", "ab", "2023-03-01T00:00:00+00:00", "2023-02"))
    assert champions_of("green", settings) == {
        "fare_usd": {"model": f"{name}/3", "tested_on": "2023-02", "sha256": "ab"}
    }  # fmt: skip
    assert champions_of("yellow", settings) == {}


@pytest.mark.parametrize(
    ("wanted", "reason"), [(0, "TAXI_STALENESS_MONTHS=0"), (3, "over 3 months .* holds 0 of green")]
)
def test_staleness_is_not_measured_when_nobody_wants_it_or_months_lack(
    settings: Settings, wanted: int, reason: str
) -> None:
    with pytest.raises(NothingToDo, match=reason):
        measure_latest("green", settings.model_copy(update={"staleness_months": wanted}))


def test_staleness_is_measured_over_the_latest_months(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Month, ...]] = []

    def measured(service: str, months: tuple[Month, ...], settings: Settings) -> dict[str, dict[str, object]]:
        asked.append(months)
        return {"fare_usd": {"answer": "retrain quarterly", "cells": 1, "files": [], "costs": []}}

    monkeypatch.setattr(Lake, "months", lambda *_: parse_months("2019-01:2019-05"))
    monkeypatch.setattr(staleness, "measure_staleness", measured)
    found = measure_latest("green", settings.model_copy(update={"staleness_months": 3}))
    assert asked == [parse_months("2019-03:2019-05")]
    assert found == {"fare_usd": {"answer": "retrain quarterly", "cells": 1, "files": []}}
