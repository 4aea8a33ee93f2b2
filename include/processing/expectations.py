"""What a month is expected to be at each stage: suites derived from the trip contract, the tariff and the features.

Limits are those of the month's era in `thresholds.yaml`. What an expectation is made of is in `expected.py`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

import pyarrow as pa

from include.errors import BadDataError, SettingsError
from include.features.dictionary import FEATURES
from include.features.trip_features import PROBABILITIES, targets_of
from include.processing import derived as d
from include.processing.clean_data import LIMITS as RULES
from include.processing.derived import DERIVED_FROM, NULL_BLOCK_COLUMNS
from include.processing.expected import (
    Expected,
    Severity,
    between,
    columns_present,
    filled,
    greater,
    median_band,
    none_of,
    null_band,
    one_of,
    ordered_columns,
    row_count,
    share_band,
    typed,
    unique_source_row,
)
from include.processing.limits import THRESHOLDS_FILE, Era, Limits, load_thresholds, merged
from include.trips.columns import METERED, SOURCE_ROW, Column, columns_for, schema_for
from include.trips.month import Month
from include.trips.zones import UNKNOWN_ZONES

__all__ = ["KEY_COLUMNS", "NULL_BLOCK_COLUMNS", "Expected", "clean_suite", "expectation_names", "feature_suite",
           "limits_of", "raw_suite"]  # fmt: skip

KEY_COLUMNS = ("pickup_at", "dropoff_at", "pickup_zone", "dropoff_zone", "distance_mi", "fare_usd", "total_usd")
"""A month without these cannot be cleaned, labelled or billed; each service is held to those that it has."""
CENT = 0.011
"""Amounts are equal when they are a cent apart: sums of decimals in binary."""
FLAGS = {
    d.IN_BLOCK: ("null_block_share", f"{', '.join(NULL_BLOCK_COLUMNS)} null, as on app-dispatched trips,"),
}
"""Derived flag -> its expectation, and what the flag says."""
EVERY = Limits((1, 1), {"default": 1.0})


def limits_of(service: str, month_start: datetime, path: Path = THRESHOLDS_FILE) -> Limits:
    """The limits of a service's month. BadDataError for a service without any, SettingsError for a faulty file."""
    eras = _checked(path)
    if service not in eras:
        raise BadDataError(f"No quality limits for service {service!r} in {path.name}; add a section to it.")
    return merged(eras[service], month_start)


def raw_suite(
    service: str, month_start: datetime, month_end: datetime, thresholds: Path = THRESHOLDS_FILE
) -> list[Expected]:
    """Expectations of a raw month [month_start, month_end), in the order that reports show them.

    What has a limit of 0.0 could not be broken, and is not among them.
    """
    return list(_raw(service, limits_of(service, month_start, thresholds), month_start, month_end))


def clean_suite(service: str, month_start: datetime, month_end: datetime) -> list[Expected]:
    """Expectations of a cleaned month: what cleaning promises, for every row."""
    suite = [
        ordered_columns(_contract(service), f"the {service} contract"),
        row_count(1, None),
        unique_source_row(),
        _in_month(EVERY, month_start, month_end),
        *(between(f"{c}_in_range", c, 1, RULES.last_zone, 1, "critical") for c in ("pickup_zone", "dropoff_zone")),
        between("duration_in_range", d.DURATION, RULES.min_minutes, RULES.max_minutes, 1, "critical"),
        between("fare_in_range", "fare_usd", 0, RULES.max_fare_usd, 1, "critical", strict_min=True),
        between("distance_in_range", "distance_mi", 0, RULES.max_miles, 1, "critical"),
        between("speed_in_range", d.SPEED, 0, RULES.max_mph, 1, "critical"),
    ]
    return [spec for spec in suite if _can_read(service, spec)]


def feature_suite(service: str, rows: int) -> list[Expected]:
    """Expectations of a feature month made of `rows` clean trips: every feature there, float32, finite, in its bounds.

    Labels keep the bounds of cleaning; a service that reports no fare has no label to keep.
    """
    names, targets = [f.name for f in FEATURES], targets_of(service)
    return [
        columns_present([SOURCE_ROW.name, "day", *names, *targets], "what models read"),
        row_count(rows, rows),
        unique_source_row(),
        *(typed(name, pa.float32()) for name in (*names, *targets)),
        *(filled(name, 1) for name in ("day", *names)),
        between("day_in_range", "day", 1, 31, 1, "critical"),
        *(between(f"{f.name}_in_range", f.name, f.low, f.high, 1, "critical") for f in FEATURES),
        *_labels(targets, service in METERED),
    ]


def _labels(targets: Iterable[str], metered: bool) -> Iterator[Expected]:
    bounds = {"duration_min": (RULES.min_minutes, RULES.max_minutes), "fare_usd": (0, RULES.max_fare_usd)}
    bounds |= dict.fromkeys(PROBABILITIES, (0, 1))
    for name in targets:
        if metered and name not in PROBABILITIES:
            yield filled(name, 1)
        yield between(f"{name}_in_range", name, *bounds[name], 1, "critical")


def expectation_names(service: str) -> dict[str, set[str]]:
    """Suite -> the names that its expectations have in any month; what limits and waivers may name."""
    november, old = Month(2026, 11), Month(2015, 1)
    eras = _checked(THRESHOLDS_FILE).get(service, ())
    months = (november, old, *(era.since for era in eras))
    raw = {spec.name for m in months for spec in _raw(service, merged(eras, m.start), m.start, m.end)}
    clean = {spec.name for spec in clean_suite(service, november.start, november.end)}
    return {"raw": raw, "clean": clean, "features": {spec.name for spec in feature_suite(service, 1)}}


def _raw(service: str, limits: Limits, start: datetime, end: datetime) -> Iterator[Expected]:
    columns = [c for c in columns_for(service) if not c.until or start <= Month.parse(c.until).start]
    suite = [
        *_shape(service, limits),
        *(filled(name, limits.share(f"{name}_filled", "filled")) for name in KEY_COLUMNS),
        *(null_band(column, *band) for column, band in limits.filled.items()),
        *(_known_values(c, limits) for c in columns if c.values),
        *(_in_range(c, limits) for c in columns if c.low is not None),
        *_places_and_people(limits),
        *_times(limits, start, end),
        *_null_block(limits),
        *_money(limits),
        *_tariff(service, limits),
        *(median_band(column, *band) for column, band in limits.medians.items()),
    ]
    return (spec for spec in suite if _can_read(service, spec) and spec.arguments.get("mostly") != 0)


def _can_read(service: str, spec: Expected) -> bool:
    """True when the service's trips have every column that the expectation reads or derives its values from."""
    names = set(_contract(service))
    named = {spec.arguments["column"]} if "column" in spec.arguments else set(spec.columns)
    return all(set(DERIVED_FROM.get(column, (column,))) <= names for column in named | set(spec.columns))


def _contract(service: str) -> list[str]:
    return [c.name for c in (*columns_for(service), SOURCE_ROW)]


def _shape(service: str, limits: Limits) -> Iterator[Expected]:
    yield ordered_columns(_contract(service), f"the {service} contract")
    for f in schema_for(service):
        severity: Severity = "critical" if f.name in KEY_COLUMNS else "warning"
        yield typed(f.name, f.type, severity)
    yield row_count(*limits.rows)
    yield unique_source_row()


def _known_values(column: Column, limits: Limits) -> Expected:
    name, rule = f"{column.name}_known_values", f"one of {', '.join(map(str, column.values))}"
    return one_of(name, column.name, column.values, rule, limits.share(name, "known_values"))


def _in_range(column: Column, limits: Limits) -> Expected:
    severity: Severity = "critical" if column.name in ("pickup_zone", "dropoff_zone") else "warning"
    name = f"{column.name}_in_range"
    return between(name, column.name, column.low, column.high, limits.share(name), severity)


def _places_and_people(limits: Limits) -> Iterator[Expected]:
    for zone in ("pickup_zone", "dropoff_zone"):
        name = f"{zone}_known_place"
        yield none_of(name, zone, UNKNOWN_ZONES, "a zone inside the city", limits.share(name))
    yield between("passengers_given", "passenger_count", 1, None, limits.share("passengers_given"))
    yield between("distance_positive", "distance_mi", 0, None, limits.share("distance_positive"), strict_min=True)


def _in_month(limits: Limits, start: datetime, end: datetime) -> Expected:
    rule, share = f"from {start:%Y-%m-%d} to before {end:%Y-%m-%d}", limits.share("pickup_in_month")
    return between("pickup_in_month", "pickup_at", start, end, share, "critical", rule, strict_max=True)


def _times(limits: Limits, start: datetime, end: datetime) -> Iterator[Expected]:
    yield _in_month(limits, start, end)
    yield greater("dropoff_after_pickup", "dropoff_at", "pickup_at", "the drop-off after the pick-up",
                  limits.share("dropoff_after_pickup"), "critical")  # fmt: skip
    share = limits.share("duration_plausible")
    yield between("duration_plausible", d.DURATION, RULES.min_minutes, RULES.max_minutes, share)
    yield between("speed_plausible", d.SPEED, 0, RULES.max_mph, limits.share("speed_plausible"))
    if start.month == 11:
        yield _never("repeated_hour", d.IN_REPEATED_HOUR, "a pick-up outside the hour that passes twice", limits)
    if start.month in (3, 11):
        yield _never("clock_change", d.OVER_CLOCK_CHANGE, "no change of the clocks during the trip", limits)


def _never(name: str, flag: str, rule: str, limits: Limits) -> Expected:
    return one_of(name, flag, [0], rule, limits.share(name))


def _null_block(limits: Limits) -> Iterator[Expected]:
    whole = f"{', '.join(NULL_BLOCK_COLUMNS)} null together or not at all"
    yield one_of("null_block_whole", d.NULL_BLOCK, [0, len(NULL_BLOCK_COLUMNS)], whole,
                 limits.share("null_block_whole"))  # fmt: skip
    for flag, band in limits.shares.items():
        yield share_band(FLAGS[flag][0], flag, FLAGS[flag][1], *band)


def _money(limits: Limits) -> Iterator[Expected]:
    yield greater("total_covers_fare", "total_usd", "fare_usd", "a total of at least the fare",
                  limits.share("total_covers_fare"), "warning", or_equal=True)  # fmt: skip
    yield between("total_is_sum", d.TOTAL_GAP, -CENT, CENT, limits.share("total_is_sum"),
                  rule="a total that is the sum of its parts, as its vendor reports them,")  # fmt: skip
    yield between("cash_tip_unrecorded", d.CASH_TIP, 0, 0, limits.share("cash_tip_unrecorded"),
                  rule="no tip on a trip paid in cash")  # fmt: skip
    yield between("card_tip_not_negative", d.CARD_TIP, 0, None, limits.share("card_tip_not_negative"))
    yield between("few_reversals", "fare_usd", 0, None, limits.share("few_reversals"),
                  rule="a fare that takes no other one back (not negative)")  # fmt: skip
    yield one_of("reversals_paired", d.REPAID, [1], "the charge that a reversal takes back in the same month",
                 limits.share("reversals_paired"))  # fmt: skip


def _tariff(service: str, limits: Limits) -> Iterator[Expected]:
    if service in METERED:
        yield between("fare_on_meter", d.OFF_METER, 0, CENT, limits.share("fare_on_meter"),
                      rule="a standard-rate fare of the day's base and whole units")  # fmt: skip
        yield between("jfk_flat_fare", d.OFF_FLAT, 0, CENT, limits.share("jfk_flat_fare"),
                      rule="the day's flat fare on the JFK rate")  # fmt: skip


@cache
def _checked(path: Path) -> dict[str, tuple[Era, ...]]:
    """The file's eras; SettingsError for a limit whose name is no expectation, column or flag of the service."""
    eras = dict(load_thresholds(path))
    for service, of_service in eras.items():
        known = _limited(service)
        for era in of_service:
            for group, names in known.items():
                for name in getattr(era, group):
                    if name not in names:
                        raise SettingsError(_unknown(path, service, era, group, name, names))
    return eras


def _limited(service: str) -> dict[str, set[str]]:
    """Group of limits -> the names that a service's limits of that group may have."""
    months = (Month(2026, 11), Month(2015, 1))
    suite = [spec for m in months for spec in _raw(service, EVERY, m.start, m.end)]
    contract = set(_contract(service))
    derived = {name for name, sources in DERIVED_FROM.items() if set(sources) <= contract}
    return {"mostly": {s.name for s in suite if "mostly" in s.arguments} | {"default", "filled", "known_values"},
            "filled": contract, "shares": derived & set(FLAGS), "medians": contract | derived}  # fmt: skip


def _unknown(path: Path, service: str, era: Era, group: str, name: str, known: set[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(known)) or 'none'}"
    value = getattr(era, group)[name]
    return (f"{path.name}: {service} since {era.since}: {group}.{name} = {value!r}: no such name among the {group} "
            f"limits of {service}; {hint}")  # fmt: skip
