"""Which trips of a month are possible at all: the others are quarantined with a reason, never lost.

Rows are dropped only for what cannot have happened, or is not a trip (a reversal, a meter left running); a trip that is
merely hard to predict stays.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from include.config import Settings, get_settings
from include.errors import BadDataError
from include.features.trip_features import compute_speed, compute_trip_duration
from include.lake import Lake, Manifest, read_table
from include.trips.columns import FHV, METERED, columns_for
from include.trips.month import Month
from include.utils.cli import run_month_step
from include.utils.hashing import code_hash, fingerprint
from include.utils.logs import get_logger

if TYPE_CHECKING:
    from collections.abc import Mapping

CLEANING_SOURCES = ("processing/clean_data.py", "features/trip_features.py", "trips/month.py", "trips/columns.py")
INPUTS = ("pickup_at", "dropoff_at", "pickup_zone", "dropoff_zone", "distance_mi", "fare_usd", "total_usd")
"""What the rules read; a service is held to the rules whose columns it has."""
MAY_LACK_ZONES = (FHV,)
"""Most bases report no pick-up zone and many no destination: null is their "not known", as 264 is others'."""


@dataclass(frozen=True)
class CleaningLimits:
    """What a trip can be, bounds included. Shares are of the real yellow and green months 2018-01..2025-02."""

    min_minutes: float = 1.0
    """Shorter ones are false starts of the meter: 0.7-1.5 % of yellow, 1.9-3.8 % of green rows."""
    max_minutes: float = 180.0
    """Longer ones are meters left running, most of them for about 24 hours: 0.1-0.5 % of rows."""
    max_fare_usd: float = 500.0
    """The contract's bound; above it lie typing errors of up to 429,490 dollars. At most 0.02 % of rows."""
    max_miles: float = 200.0
    """The contract's bound; above it lie odometer errors of up to 120,098 miles. At most 0.08 % of rows."""
    max_mph: float = 100.0
    """Twice the speed limit of the city's highways: 0.02-0.7 % of rows, nearly all with seconds between the times."""
    last_zone: int = 265
    """TLC's zone numbers are 1..265; 264 (not known) and 265 (outside the city) are places that trips have."""


LIMITS = CleaningLimits()
REASONS: dict[str, str] = {
    "missing_time": "pick-up or drop-off time missing",
    "out_of_month": "pick-up outside the file's month",
    "zone_out_of_range": f"a zone missing or outside 1..{LIMITS.last_zone}",
    "negative_amount": "negative fare or total: the reversal of another row",
    "duration_under_1_min": f"shorter than {LIMITS.min_minutes:g} minute, or ends before it starts",
    "duration_over_3_h": f"longer than {LIMITS.max_minutes:g} minutes",
    "fare_out_of_range": f"fare missing, zero, or above {LIMITS.max_fare_usd:g} USD",
    "distance_out_of_range": f"distance missing, negative, or above {LIMITS.max_miles:g} miles",
    "speed_out_of_range": f"faster than {LIMITS.max_mph:g} mph on average",
}
"""Every reason in the order in which they are tried; the first that holds is the one a row gets."""


def clean_taxi_data(trips: pa.Table, service: str, month: Month) -> tuple[pa.Table, pa.Table]:
    """A raw month -> (kept, quarantined), rows in their order; together they are `trips`.

    Both have the columns of `trips`; quarantined has `reason` (string) too. BadDataError when a column is absent.
    """
    inputs = [c.name for c in columns_for(service) if c.name in INPUTS]
    absent = [name for name in inputs if name not in trips.column_names]
    if absent:
        raise BadDataError(f"{service} {month} lacks {', '.join(absent)}, so it cannot be cleaned: ingest it again.")
    columns = {n: trips[n].to_numpy(zero_copy_only=False) for n in inputs if _is_given(trips[n], n, service)}
    code = reason_codes(columns, month, service in MAY_LACK_ZONES)
    names = pa.array(["", *REASONS])
    quarantined = trips.filter(pa.array(code > 0))
    return trips.filter(pa.array(code == 0)), quarantined.append_column("reason", names.take(pa.array(code[code > 0])))


def _is_given(values: pa.ChunkedArray, name: str, service: str) -> bool:
    """False for a fare or distance that no row of a hired service's month has: files of 2019 came without both."""
    return service in METERED or name not in ("fare_usd", "distance_mi") or values.null_count < len(values)


def reason_codes(trips: Mapping[str, np.ndarray], month: Month, zones_may_lack: bool = False) -> np.ndarray:
    """Columns of n rows -> (n,) int8: 0 for a row to keep, else 1 + the reason's position in REASONS.

    NaN and NaT are missing values. A missing total alone does not condemn a row, nor does a missing zone where
    `zones_may_lack`. Rules on amounts and distance hold only where their column is there.
    """
    broken = _broken_times_and_places(trips, month, zones_may_lack) | _broken_measures(trips)
    code = np.zeros(len(trips["pickup_at"]), np.int8)
    for position, reason in reversed(list(enumerate(REASONS, start=1))):
        if reason in broken:
            code[broken[reason]] = position
    return code


def _broken_times_and_places(
    trips: Mapping[str, np.ndarray], month: Month, zones_may_lack: bool
) -> dict[str, np.ndarray]:
    pickup, dropoff = trips["pickup_at"], trips["dropoff_at"]
    minutes = compute_trip_duration(pickup, dropoff)
    places = [_is_zone(trips[name], zones_may_lack) for name in ("pickup_zone", "dropoff_zone")]
    return {
        "missing_time": np.isnat(pickup) | np.isnat(dropoff),
        "out_of_month": ~((pickup >= np.datetime64(month.start)) & (pickup < np.datetime64(month.end))),
        "zone_out_of_range": ~(places[0] & places[1]),
        "duration_under_1_min": minutes < LIMITS.min_minutes,
        "duration_over_3_h": minutes > LIMITS.max_minutes,
    }


def _broken_measures(trips: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    broken: dict[str, np.ndarray] = {}
    if "fare_usd" in trips:
        fare = trips["fare_usd"]
        broken["negative_amount"] = (fare < 0) | (trips.get("total_usd", fare) < 0)
        broken["fare_out_of_range"] = ~((fare > 0) & (fare <= LIMITS.max_fare_usd))
    if "distance_mi" in trips:
        distance = trips["distance_mi"]
        minutes = compute_trip_duration(trips["pickup_at"], trips["dropoff_at"])
        broken["distance_out_of_range"] = ~((distance >= 0) & (distance <= LIMITS.max_miles))
        broken["speed_out_of_range"] = compute_speed(distance, minutes) > LIMITS.max_mph
    return broken


def _is_zone(zone: np.ndarray, may_lack: bool) -> np.ndarray:
    valid = (zone >= 1) & (zone <= LIMITS.last_zone)
    if may_lack:
        valid |= np.isnan(zone)
    return np.asarray(valid)


def count_reasons(quarantined: pa.Table) -> dict[str, int]:
    """Rows per reason, zero included, in the order of REASONS."""
    counted = {row["values"]: row["counts"] for row in quarantined["reason"].value_counts().to_pylist()}
    return {reason: counted.get(reason, 0) for reason in REASONS}


def clean_month(service: str, month: str, settings: Settings | None = None) -> dict[str, Any]:
    """Step: the raw month -> `clean` and `quarantine` in the lake, `processed_taxi_trips` and the reason counts.

    BadDataError when no row is left.
    """
    from include.warehouse.engine import get_engine
    from include.warehouse.load import replace_month, replace_rows

    settings = settings or get_settings()
    lake, parsed = Lake(settings.lake), Month.parse(month)
    raw = lake.require("raw", service, parsed)
    key = fingerprint(raw.sha256, code_hash(*CLEANING_SOURCES), asdict(LIMITS))
    clean = lake.current("clean", service, parsed)
    unchanged = clean is not None and clean.key == key and lake.current("quarantine", service, parsed) is not None
    if clean is None or not unchanged:
        clean = _publish(lake, raw, service, parsed, key)
    rows = metric_rows(clean.meta["quarantined"], raw.rows, clean.meta["cleaned_at"])
    keys = {"service": service, "month": month, "suite": "cleaning"}
    replace_rows(get_engine(settings), "data_quality_metrics", keys, rows)
    replace_month(get_engine(settings), "processed_taxi_trips", clean)
    status = "unchanged" if unchanged else "done"
    return {"uri": clean.uri, "rows": clean.rows, "quarantined": clean.meta["quarantined"], "status": status}


def _publish(lake: Lake, raw: Manifest, service: str, month: Month, key: str) -> Manifest:
    kept, quarantined = clean_taxi_data(read_table(raw.uri), service, month)
    counts = count_reasons(quarantined)
    if kept.num_rows == 0:
        worst = max(counts, key=lambda reason: counts[reason])
        raise BadDataError(
            f"Cleaning keeps none of the {raw.rows:,} rows of {service} {month}; most are {worst} ({REASONS[worst]}). "
            "Check that the file is the month it is named for, then ingest it again."
        )
    meta = {"quarantined": counts, "cleaned_at": datetime.now(UTC).isoformat()}
    lake.publish_table("quarantine", service, month, quarantined, key, meta)
    clean = lake.publish_table("clean", service, month, kept, key, meta)
    logger = get_logger(phase="clean", service=service, month=str(month))
    logger.info("month cleaned", rows=clean.rows, quarantined=quarantined.num_rows)
    return clean


def metric_rows(counts: Mapping[str, int], rows_read: int, cleaned_at: str) -> list[dict[str, Any]]:
    """Reason counts -> rows of data_quality_metrics, one per reason. Shares are percent of the rows read."""
    shares = {reason: 100 * count / max(rows_read, 1) for reason, count in counts.items()}
    return [
        {"expectation": reason, "column_name": "", "severity": "warning", "success": True,
         "observed": f"{count:,} of {rows_read:,} rows ({shares[reason]:.3f} %)", "limit_text": REASONS[reason],
         "unexpected_count": count, "unexpected_percent": shares[reason],
         "validated_at": datetime.fromisoformat(cleaned_at)}
        for reason, count in counts.items()
    ]  # fmt: skip


def main() -> None:
    """`python -m include.processing.clean_data --service green --month 2023-01`: validates, then cleans."""
    from include.processing.validate_data import validate_month

    run_month_step(validate_month, clean_month)


if __name__ == "__main__":
    main()
