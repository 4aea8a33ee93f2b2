"""Every feature a model sees, in matrix order, and what is computed of a trip after it; the rest derives from this.

Code, bundle, warehouse and docs: `docs/feature_dictionary.json` and the table in `docs/FEATURES.md` are written by
`make docs` (`python -m include.features.dictionary`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

Kind = Literal["number", "category", "flag"]
Known = Literal["pickup", "dropoff"]
Role = Literal["feature", "label", "analysis"]
ALL_TARGETS = ("duration_min", "fare_usd", "high_tip")
"""A model is given the whole matrix, whatever it predicts."""


@dataclass(frozen=True)
class Feature:
    """One column of the matrix, float32. `low` and `high` are included; None where nothing bounds it.

    `known` is when its sources are, `targets` the predictions it is an input of, or the one it is the label of.
    """

    name: str
    meaning: str
    sources: tuple[str, ...]
    low: float
    high: float | None
    unit: str = ""
    type: Kind = "number"
    known: Known = "pickup"
    targets: tuple[str, ...] = ALL_TARGETS
    role: Role = "feature"


_WHEN, _WHERE = ("pickup_at",), ("pickup_zone", "dropoff_zone")
_START, _END = ("pickup_zone",), ("dropoff_zone",)


def _flag(name: str, meaning: str, sources: tuple[str, ...]) -> Feature:
    return Feature(name, meaning, sources, 0, 1, type="flag")


def _after(
    name: str, meaning: str, sources: tuple[str, ...], low: float, high: float | None, unit: str, **how: Any
) -> Feature:
    return Feature(name, meaning, sources, low, high, unit, known="dropoff",
                   **{"role": "analysis", "targets": (), **how})  # fmt: skip


FEATURES: tuple[Feature, ...] = (
    # by zone pair
    Feature("pickup_zone", "TLC zone of the pick-up", _START, 1, 265, type="category"),
    Feature("dropoff_zone", "TLC zone of the destination", _END, 1, 265, type="category"),
    Feature("pickup_lat", "latitude of the pick-up zone's centroid", _START, 40.4, 41.0, "deg"),
    Feature("pickup_lon", "longitude of the pick-up zone's centroid", _START, -74.3, -73.6, "deg"),
    Feature("dropoff_lat", "latitude of the destination zone's centroid", _END, 40.4, 41.0, "deg"),
    Feature("dropoff_lon", "longitude of the destination zone's centroid", _END, -74.3, -73.6, "deg"),
    Feature("pickup_along_km", "how far up the avenues the pick-up zone is, from 60th Street", _START, -50, 50, "km"),
    Feature("pickup_across_km", "how far east along the streets it is, from Fifth Avenue", _START, -50, 50, "km"),
    Feature("dropoff_along_km", "how far up the avenues the destination zone is", _END, -50, 50, "km"),
    Feature("dropoff_across_km", "how far east along the streets it is", _END, -50, 50, "km"),
    Feature("haversine_km", "great-circle distance between the centroids", _WHERE, 0, 80, "km"),
    Feature("manhattan_km", "distance along the street grid, rotated 29 degrees", _WHERE, 0, 110, "km"),
    Feature("avenue_km", "its part along the avenues", _WHERE, 0, 80, "km"),
    Feature("street_km", "its part along the streets", _WHERE, 0, 80, "km"),
    Feature("bearing_sin", "sine of the direction, clockwise from north", _WHERE, -1, 1),
    Feature("bearing_cos", "cosine of the direction", _WHERE, -1, 1),
    Feature("pickup_borough", "borough of the pick-up, index into BOROUGHS", _START, 0, 6, type="category"),
    Feature("dropoff_borough", "borough of the destination", _END, 0, 6, type="category"),
    _flag("pickup_in_cbd", "pick-up in Manhattan south of 60th Street (congestion relief zone)", _START),
    _flag("dropoff_in_cbd", "destination in Manhattan south of 60th Street", _END),
    _flag("is_surcharge_trip", "either end in Manhattan south of 96th Street (congestion surcharge)", _WHERE),
    _flag("same_zone", "pick-up and destination in one zone", _WHERE),
    _flag("is_airport", "either end at an airport", _WHERE),
    _flag("is_jfk_flat", "between JFK and Manhattan, where the flat fare applies", _WHERE),
    _flag("places_known", "both zones have a place in the city", _WHERE),
    # by minute of the week
    Feature("hour", "hour of the pick-up", _WHEN, 0, 23, "h"),
    Feature("weekday", "day of the week, Monday 0", _WHEN, 0, 6, type="category"),
    Feature("minute_of_day", "minutes since midnight", _WHEN, 0, 1439, "min"),
    Feature("minute_of_week", "minutes since Monday 00:00", _WHEN, 0, 10079, "min"),
    Feature("day_sin", "sine of the time of day", _WHEN, -1, 1),
    Feature("day_cos", "cosine of the time of day", _WHEN, -1, 1),
    Feature("week_sin", "sine of the time of week", _WHEN, -1, 1),
    Feature("week_cos", "cosine of the time of week", _WHEN, -1, 1),
    _flag("is_weekend", "Saturday or Sunday", _WHEN),
    Feature("time_band", "night 0, morning 1, midday 2, evening 3, late 4", _WHEN, 0, 4, type="category"),
    # by hour of the calendar
    _flag("is_holiday", "public holiday in New York, or the day on which one is observed", _WHEN),
    _flag("is_holiday_eve", "day before a public holiday", _WHEN),
    _flag("is_day_after_holiday", "day after a public holiday", _WHEN),
    Feature("day_of_year", "days since 1 January; a number that trees cut where a season turns", _WHEN, 0, 365, "d"),
    Feature("meter_base_usd", "initial charge of the meter on that day", _WHEN, 2.5, 3, "USD"),
    Feature("meter_unit_usd", "meter's charge per 1/5 mile or slow minute on that day", _WHEN, 0.4, 0.7, "USD"),
    Feature("jfk_flat_usd", "flat fare between JFK and Manhattan on that day", _WHEN, 45, 70, "USD"),
    Feature("hour_surcharge_usd", "rush-hour or overnight surcharge at that hour", _WHEN, 0, 2.5, "USD"),
    # given
    Feature("passenger_count", "passengers; 0 when not given", ("passenger_count",), 0, 9, "persons"),
)

FEATURE_NAMES: tuple[str, ...] = tuple(f.name for f in FEATURES)
"""Column order of the matrix; part of every bundle."""
SOURCES: tuple[str, ...] = tuple(dict.fromkeys(source for f in FEATURES for source in f.sources))
"""Columns that features are made of: all known at pick-up."""

_TIMES = ("pickup_at", "dropoff_at")
AFTER_TRIP: tuple[Feature, ...] = (
    _after("duration_min", "pick-up to drop-off", _TIMES, 1, 180, "min", role="label", targets=("duration_min",)),
    _after("fare_usd", "time-and-distance fare on the meter", ("fare_usd",), 0, 500, "USD", role="label",
           targets=("fare_usd",)),
    _after("high_tip", "tip of at least 20 % of the total before it, in whole cents; trips paid by card",
           ("tip_usd", "total_usd", "payment_type"), 0, 1, "", type="flag", role="label", targets=("high_tip",)),
    _after("speed_mph", "metered distance over duration", ("distance_mi", *_TIMES), 0, 100, "mph"),
    _after("price_per_mile_usd", "fare over metered distance", ("fare_usd", "distance_mi"), 0, None, "USD/mi"),
    _after("distance_class", "metered distance: walk 0, short 1, medium 2, long 3, out of town 4; -1 not known",
           ("distance_mi",), -1, 4, "", type="category"),
)  # fmt: skip
"""Known after the trip: labels, analysis and quality. Never an input of the same trip's prediction."""

DOCS = Path(__file__).resolve().parents[2] / "docs"
JSON_FILE, PAGE = DOCS / "feature_dictionary.json", DOCS / "FEATURES.md"
BEGIN, END = "<!-- dictionary: written by make docs -->\n", "<!-- end of the dictionary -->\n"


def create_feature_dictionary() -> list[dict[str, Any]]:
    """The declarations as JSON-able rows, features in matrix order and then what is known after the trip."""
    return [{**asdict(f), "sources": list(f.sources), "targets": list(f.targets)} for f in (*FEATURES, *AFTER_TRIP)]


def dictionary_json() -> str:
    """The content of docs/feature_dictionary.json."""
    return json.dumps(create_feature_dictionary(), indent=1, ensure_ascii=False) + "\n"


def dictionary_tables() -> str:
    """The written part of docs/FEATURES.md: one table of features, one of what is known after the trip."""
    return (f"### {len(FEATURES)} features, known at pick-up\n\n{_table(FEATURES)}\n"
            f"### Known after the trip\n\n{_table(AFTER_TRIP)}\n")  # fmt: skip


def _table(features: Iterable[Feature]) -> str:
    head = "| name | meaning | type | unit | range | from | role | targets |\n|---|---|---|---|---|---|---|---|\n"
    return head + "".join(
        f"| `{f.name}` | {f.meaning} | {f.type} | {f.unit} | {f.low:g} to {'-' if f.high is None else f'{f.high:g}'} "
        f"| {', '.join(f.sources)} | {f.role} | {'all' if f.targets == ALL_TARGETS else ', '.join(f.targets)} |\n"
        for f in features
    )


def page_with_tables(page: str) -> str:
    """docs/FEATURES.md with the part between its two marks replaced."""
    before, rest = page.split(BEGIN)
    return before + BEGIN + dictionary_tables() + END + rest.split(END)[1]


def main() -> None:
    """`make docs`: writes both files from the declarations."""
    JSON_FILE.write_text(dictionary_json(), encoding="utf-8")
    PAGE.write_text(page_with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"{len(FEATURES)} features and {len(AFTER_TRIP)} columns of finished trips: {JSON_FILE.name}, {PAGE.name}")


if __name__ == "__main__":
    main()
