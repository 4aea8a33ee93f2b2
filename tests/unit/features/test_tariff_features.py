"""What the meter charges by rule, on the days on which it changed."""

from __future__ import annotations

import numpy as np
import pytest

from include.features.tariff_features import extract_tariff_features, hour_surcharge


def at(*times: str) -> np.ndarray:
    return np.array(times, "datetime64[us]")


def test_the_meter_of_the_day() -> None:
    named = extract_tariff_features(at("2012-09-03T23:59", "2012-09-04", "2022-12-18T23:59", "2022-12-19"))
    assert named["meter_base_usd"].tolist() == [2.5, 2.5, 2.5, 3.0]
    assert named["meter_unit_usd"].tolist() == [0.4, 0.5, 0.5, 0.7]
    assert named["jfk_flat_usd"].tolist() == [45, 52, 52, 70]


@pytest.mark.parametrize(
    ("time", "usd"),
    [
        ("2019-06-14T15:59", 0.0),
        ("2019-06-14T16:00", 1.0),  # Friday
        ("2019-06-14T19:59", 1.0),
        ("2019-06-14T20:00", 0.5),
        ("2019-06-15T18:00", 0.0),  # Saturday
        ("2019-07-04T18:00", 0.0),  # a holiday on a Thursday
        ("2019-02-12T18:00", 1.0),  # Lincoln's Birthday, no holiday for a meter
        ("2019-02-15T18:00", 1.0),  # Susan B. Anthony Day
        ("2019-02-18T18:00", 0.0),  # Washington's Birthday
        ("2019-06-15T05:59", 0.5),
        ("2019-06-15T06:00", 0.0),
        ("2023-06-14T18:00", 2.5),
        ("2023-06-14T00:00", 1.0),
    ],
)
def test_surcharges_by_the_hour(time: str, usd: float) -> None:
    assert hour_surcharge(at(time))[0] == usd
