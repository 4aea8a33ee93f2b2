"""Figures and names as an answer shows them: with their unit, never with more digits than they are worth."""

from __future__ import annotations

from typing import Any

from include.llm.ask.meanings.lexicon import lexicon
from include.llm.ask.meanings.measure import Measure
from include.llm.ask.question.month_patterns import NAMES

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
TARGET_UNITS = {"duration_min": "minutes", "fare_usd": "dollars", "high_tip": "log loss"}
TARGET_NAMES = {"duration_min": "trip duration", "fare_usd": "fare", "high_tip": "high tip"}
PAYMENTS = {0: "app-dispatched", 1: "card", 2: "cash", 3: "no charge", 4: "dispute", 5: "unknown", 6: "voided"}
LEAST_SHARE_DECIMALS = 2


def unit_of(measure: Measure, target: str = "", column: str = "") -> str:
    """The unit of a measure of this target or column; "" for a column without one."""
    if measure.unit == "target":
        return TARGET_UNITS.get(target, "score")
    if measure.unit == "column":
        return lexicon().column_units.get(column, "score")
    return measure.unit


def figure(value: float, unit: str, decimals: int) -> str:
    """`3.762 minutes`, `79.16 %` of a share 0.7916, `19,675 trips`."""
    if unit == "share":
        return f"{value * 100:,.{max(LEAST_SHARE_DECIMALS, decimals - 2)}f} %"
    if unit == "log loss":
        return f"{value:,.4f} log loss" if decimals < 4 else f"{value:,.{decimals}f} log loss"
    shown = f"{value:,.{decimals}f}"
    return shown if unit in ("score", "version", "zone", "place") else f"{shown} {unit if value != 1 else _one(unit)}"


def _one(unit: str) -> str:
    return {"families": "family"}.get(unit, unit.removesuffix("s"))


def month_name(month: str) -> str:
    """March 2019 (2019-03)."""
    year, number = month.split("-")
    return f"{NAMES[int(number) - 1].capitalize()} {year} ({month})"


def name_of(dimension: str, value: Any) -> str:
    """A value of a dimension for people, with the form that the tables hold."""
    if value is None:
        return "not known"
    if dimension in ("month", "test_month", "trained_to"):
        return month_name(str(value))
    if dimension in ("pickup_zone", "dropoff_zone", "zone"):
        return zone_name(int(value))
    if dimension == "hour":
        return f"{int(value):02d}:00 to {int(value) + 1:02d}:00 (hour {int(value)})"
    if dimension == "weekday":
        return f"{WEEKDAYS[int(value)]} (weekday {int(value)})"
    if dimension == "payment":
        return f"{PAYMENTS.get(int(value), 'other')} (payment type {int(value)})"
    if dimension == "model":
        return model_name(str(value))
    if dimension == "target" and value in TARGET_NAMES:
        return f"{TARGET_NAMES[str(value)]} ({value})"
    return str(value)


def model_name(model: str) -> str:
    """Yellow fare (fare_usd, nyc_taxi_yellow_fare_usd)."""
    service, _, target = model.removeprefix("nyc_taxi_").partition("_")
    return f"{service} {TARGET_NAMES.get(target, target)} ({target}, {model})"


def zone_name(zone: int) -> str:
    """Upper East Side South (zone 237)."""
    from include.trips.zones import ZONE_COUNT, load_zones

    name = load_zones().name[zone] if 0 < zone < ZONE_COUNT else ""
    return f"{name} (zone {zone})" if name else f"zone {zone}"
