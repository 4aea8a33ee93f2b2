"""The sample is a function of its arguments and says that it is synthetic."""

from __future__ import annotations

import numpy as np

from include.ingestion.sample import generate_month
from include.trips.month import Month


def test_equal_arguments_give_equal_months_and_others_differ() -> None:
    first = generate_month("yellow", Month(2019, 1), 1000, 5)
    assert first.equals(generate_month("yellow", Month(2019, 1), 1000, 5))
    assert not first.equals(generate_month("yellow", Month(2019, 1), 1000, 6))
    assert not first.equals(generate_month("yellow", Month(2019, 2), 1000, 5))


def test_it_says_that_it_is_synthetic() -> None:
    assert b"synthetic" in generate_month("green", Month(2019, 1), 1000, 5).schema.metadata


def test_card_tips_and_meter_are_plausible() -> None:
    month = generate_month("yellow", Month(2019, 3), 20_000, 5)
    fare = np.abs(month["fare_amount"].to_numpy())
    assert fare.min() >= 2.5
    assert 7 < np.median(fare) < 13
    cash = month["payment_type"].to_numpy() == 2
    assert month["tip_amount"].to_numpy()[cash].max() == 0
