"""The limits file is refused when it is wrong, with everything that somebody needs to put it right."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.errors import BadDataError, SettingsError
from include.processing.expectations import limits_of
from include.processing.limits import THRESHOLDS_FILE, load_thresholds
from include.trips.month import Month

GOOD = """
yellow:
  - since: 2009-01
    rows: [500, 1000]
    mostly: {default: 0.9, filled: 0.95, known_values: 0.99}
    filled: {vendor_id: 0.85}
    shares: {in_null_block: [0, 0.4]}
    medians: {fare_usd: [4, 50]}
  - since: 2019-02
    rows: [700, 9000]
    mostly: {passengers_given: 0.93}
    filled: {congestion_usd: [0.6, 0.99]}
"""


def limits(tmp_path: Path, text: str, month: str = "2019-03") -> object:
    (tmp_path / "limits.yaml").write_text(text)
    return limits_of("yellow", Month.parse(month).start, tmp_path / "limits.yaml")


def test_a_month_has_the_limits_of_every_era_up_to_it(tmp_path: Path) -> None:
    before, after = limits(tmp_path, GOOD, "2019-01"), limits(tmp_path, GOOD, "2019-02")
    assert (before.rows, after.rows) == ((500, 1000), (700, 9000))  # type: ignore[attr-defined]
    assert before.filled == {"vendor_id": (0.85, 1.0)}  # type: ignore[attr-defined]
    assert after.filled == {"vendor_id": (0.85, 1.0), "congestion_usd": (0.6, 0.99)}  # type: ignore[attr-defined]
    assert after.share("passengers_given") == 0.93  # type: ignore[attr-defined]
    assert before.share("passengers_given") == 0.9  # type: ignore[attr-defined]


FAULTS = [
    ("fare_usd: [4, 50]", "fare_usd: [50, 4]",
     r"limits.yaml: yellow since 2009-01: medians.fare_usd = \[50, 4\]: the lower bound comes first"),
    ("default: 0.9,", "default: 1.2,", r"yellow since 2009-01: mostly.default = 1.2: .*less than or equal to 1"),
    ("vendor_id: 0.85", "vendor_id: -0.1", r"filled.vendor_id.* = -0.1: .*greater than or equal to 0"),
    ("fare_usd: [4, 50]", "fare_usd: [4, .inf]", r"medians.fare_usd.* = inf: .*finite"),
    ("passengers_given: 0.93", "passenger_given: 0.93",
     r"yellow since 2019-02: mostly.passenger_given = 0.93: no such name .* did you mean passengers_given\?"),
    ("congestion_usd: [", "congestion: [", r"filled.congestion = \(0.6, 0.99\): .* did you mean congestion_usd\?"),
    ("in_null_block:", "null_block:", r"shares.null_block = .* did you mean in_null_block\?"),
    ("medians:", "median:", r"yellow since 2009-01: median = .*: not a kind of limit; there are since, rows, mostly"),
    ("since: 2019-02", "since: 2019-13", r"since = '2019-13': month '2019-13' is not YYYY-MM"),
    ("since: 2019-02", "since: 2009-01", "eras are in order of `since`"),
    ("default: 0.9, ", "", "the first era needs rows and, under mostly, default, filled, known_values"),
    ("rows: [500, 1000]", "rows: [500, x]", "rows.1 = 'x': .*integer"),
    ("yellow:", "yelow:", "limits.yaml: yelow is no service; known are yellow, green, fhv, fhvhv"),
    ("[500, 1000]", "[500, 1000", r"The limits .*limits.yaml cannot be read"),
]  # fmt: skip


@pytest.mark.parametrize(("good", "bad", "sentence"), FAULTS)
def test_a_fault_is_named_with_file_key_value_and_what_was_expected(
    tmp_path: Path, good: str, bad: str, sentence: str
) -> None:
    assert good in GOOD
    with pytest.raises(SettingsError, match=sentence) as error:
        limits(tmp_path, GOOD.replace(good, bad))
    assert "limits.yaml" in str(error.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"The limits .*none.yaml cannot be read"):
        load_thresholds(tmp_path / "none.yaml")


def test_a_service_without_limits_is_refused() -> None:
    with pytest.raises(BadDataError, match=r"No quality limits for service 'pink' in thresholds.yaml"):
        limits_of("pink", Month(2019, 3).start)


def test_the_projects_own_limits_are_sound() -> None:
    assert set(load_thresholds(THRESHOLDS_FILE)) == {"yellow", "green", "fhv", "fhvhv"}
