"""How a figure of trips is called, and its unit and decimals."""

from __future__ import annotations

from include.llm.ask.trips.asked import Aggregate
from include.llm.ask.trips.conditions import MONEY, NAMES

_UNITS = {
    "distance_mi": "miles",
    "duration_min": "minutes",
    "duration_h": "hours",
    "passenger_count": "passengers",
    "speed": "mph",
    "haversine_km": "km",
    "manhattan_km": "km",
}
_PLURAL = {
    "tip_usd": "tips",
    "fare_usd": "metered fares",
    "total_usd": "totals charged",
    "distance_mi": "metered distances",
    "duration_min": "durations",
    "duration_h": "hours on the road",
    "congestion_usd": "congestion surcharges",
    "extra_usd": "extras",
    "improvement_usd": "improvement surcharges",
    "airport_fee_usd": "airport fees",
}
_ONE = {"distance_mi": "mile", "duration_min": "minute", "passenger_count": "passenger"}


def unit_of(figure: Aggregate) -> str:
    if figure.fn == "count" or (figure.fn in ("per_day", "per_hour") and not figure.column):
        return "trips"
    if figure.fn == "ratio" and figure.over in MONEY:
        return "share" if figure.column in MONEY else "score"
    if figure.column == "tip_of_fare":
        return "share"
    return "dollars" if figure.column in MONEY else _UNITS.get(figure.column, "score")


def decimals_of(figure: Aggregate) -> int:
    if figure.fn == "count":
        return 0
    if figure.fn == "sum":
        return {"passenger_count": 0, "duration_min": 1}.get(figure.column, 2)
    if figure.fn in ("max", "min"):
        return 0 if figure.column == "passenger_count" else 2
    return 4 if figure.fn == "ratio" and figure.over in MONEY else 3


def says_of(figure: Aggregate) -> str:
    name, plural = (
        NAMES.get(figure.column, figure.column),
        _PLURAL.get(figure.column, NAMES.get(figure.column, figure.column)),
    )
    if figure.fn == "count":
        return "trips that cleaning kept"
    if figure.fn == "speed":
        return "mean speed (all miles over all hours)"
    if figure.fn == "sum":
        return "revenue (sum of the totals charged)" if figure.column == "total_usd" else f"sum of the {plural}"
    if figure.fn == "ratio":
        over = _ONE.get(figure.over) or f"dollar of {_PLURAL.get(figure.over, figure.over)}"
        return f"sum of the {plural} per {over}"
    if figure.fn in ("per_day", "per_hour"):
        each = "day" if figure.fn == "per_day" else "hour (24 of each day)"
        return f"mean of {f'the sum of the {plural}' if figure.column else 'trips'} per {each}"
    if figure.fn == "percentile":
        return f"percentile {figure.number * 100:.0f} of the {plural}"
    word = {"mean": "mean", "median": "median", "max": "greatest", "min": "least"}[figure.fn]
    return f"{word} {name}"
