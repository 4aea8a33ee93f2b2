"""What earlier trips say about a place and an hour: medians of merged summaries, as dense arrays that are looked up.

Everything is resolved when the history is made, so one trip and three million get the same bits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from include.errors import BadDataError
from include.features.summaries import BANDS, BINS, HOURS, QUANTITIES, Counts, Summary, medians, merge, summarise
from include.features.temporal_features import MINUTES_A_DAY, time_of_day_category
from include.trips.zones import BOROUGHS, ZONE_COUNT, load_zones
from include.utils.arrays import from_npz, to_npz

__all__ = ["ARRAYS", "History", "merge", "summarise"]

BOROUGH_PRIOR, PAIR_PRIOR, BAND_PRIOR = 30.0, 4.0, 8.0
"""Trips' worth of trust in the next coarser median."""

_PAIR = ("pickup_zone", "dropoff_zone")
ARRAYS: dict[str, tuple[str, ...]] = {
    "pair_trips": _PAIR,
    **{f"pair_{q}": _PAIR for q in QUANTITIES},
    **{f"pair_band_{q}": (*_PAIR, "band") for q in QUANTITIES},
    "zone_demand": ("pickup_zone", "hour"),
    "city_speed_mph": ("hour",),
    **{f"trend_{q}": () for q in QUANTITIES},
}
"""Feature name -> axes. pair_trips: trips so far; zone_demand: pick-ups an hour; trend: last month's median / all."""


@dataclass(frozen=True)
class History:
    """Medians and rates of earlier trips as dense float32 arrays by feature name; ARRAYS names them and their axes."""

    arrays: dict[str, np.ndarray]

    @classmethod
    def from_summaries(cls, summaries: Iterable[Summary]) -> History:
        """The history that these months make. Without any trip medians are NaN and rates 0."""
        return cls({name: array.astype(np.float32) for name, array in _resolve(merge(summaries)).items()})

    def lookup(
        self, pickup_zone: np.ndarray, dropoff_zone: np.ndarray, minute_of_week: np.ndarray
    ) -> dict[str, np.ndarray]:
        """Three (n,) integer arrays (zones 1..265, minutes since Monday 00:00) -> ARRAYS' names, each (n,) float32."""
        hour = minute_of_week // 60
        axes = {"pickup_zone": pickup_zone, "dropoff_zone": dropoff_zone, "hour": hour,
                "band": time_of_day_category(hour % (MINUTES_A_DAY // 60))}  # fmt: skip
        found = {name: self.arrays[name][tuple(axes[a] for a in along)] for name, along in ARRAYS.items()}
        return {name: np.broadcast_to(value, np.shape(pickup_zone)) for name, value in found.items()}

    def to_bytes(self) -> bytes:
        """The arrays as npz; the same history gives the same bytes."""
        return to_npz(self.arrays)

    @classmethod
    def from_bytes(cls, data: bytes) -> History:
        """`to_bytes` backwards. BadDataError when the arrays are not those of ARRAYS."""
        arrays = from_npz(data, "a history")
        if set(arrays) != set(ARRAYS):
            raise BadDataError(f"A history holds {', '.join(ARRAYS)}, not {', '.join(arrays)}: build it again.")
        return cls(arrays)


def _resolve(summary: Summary) -> dict[str, np.ndarray]:
    """A summary -> the arrays of ARRAYS, float64."""
    arrays = {"zone_demand": _demand(summary), "city_speed_mph": _city_speed(summary["speed_mph"])}
    for name in QUANTITIES:
        arrays |= _place_medians(summary[name], name)
        arrays[f"trend_{name}"] = _trend(summary[f"level_{name}"], name)
    pair = summary["duration_min"].keys // BINS // BANDS
    trips = np.bincount(pair, summary["duration_min"].trips, ZONE_COUNT**2)
    return arrays | {"pair_trips": trips.reshape(ZONE_COUNT, ZONE_COUNT)}


def _place_medians(counts: Counts, name: str) -> dict[str, np.ndarray]:
    """City, borough pair, zone pair, zone pair in a time band: each shrunk to the one before by its number of trips."""
    cell, bins = np.divmod(counts.keys, BINS)
    pairs = np.arange(ZONE_COUNT**2)
    borough = load_zones().borough.astype(np.int64)
    region = borough[pairs // ZONE_COUNT] * len(BOROUGHS) + borough[pairs % ZONE_COUNT]
    regions, pair, band = len(BOROUGHS) ** 2, cell // BANDS, cell % BANDS
    city = medians(np.zeros_like(cell), bins, counts.trips, 1, name)
    by_region = _shrunk(medians(region[pair], bins, counts.trips, regions, name), city[0], BOROUGH_PRIOR)
    in_band = medians(region[pair] * BANDS + band, bins, counts.trips, regions * BANDS, name)
    region_band = _shrunk(in_band, np.repeat(by_region, BANDS), BOROUGH_PRIOR)
    by_pair = _shrunk(medians(pair, bins, counts.trips, len(pairs), name), by_region[region], PAIR_PRIOR)
    usual = by_pair[:, None] * (region_band.reshape(regions, BANDS) / by_region[:, None])[region]
    by_band = _shrunk(medians(cell, bins, counts.trips, len(pairs) * BANDS, name), usual.ravel(), BAND_PRIOR)
    shape = (ZONE_COUNT, ZONE_COUNT)
    return {f"pair_{name}": by_pair.reshape(shape), f"pair_band_{name}": by_band.reshape(*shape, BANDS)}


def _shrunk(own: tuple[np.ndarray, np.ndarray], coarser: np.ndarray, prior: float) -> np.ndarray:
    """Medians and their trips -> the geometric mean with the coarser median, which counts as `prior` trips."""
    median, trips = own
    logs = trips * np.log(np.where(trips > 0, median, 1.0)) + prior * np.log(coarser)
    return np.asarray(np.exp(logs / (trips + prior)))


def _city_speed(counts: Counts) -> np.ndarray:
    hour, bins = np.divmod(counts.keys, BINS)
    city, _ = medians(np.zeros_like(hour), bins, counts.trips, 1, "speed_mph")
    return _shrunk(medians(hour, bins, counts.trips, HOURS, "speed_mph"), city[0], BOROUGH_PRIOR)


def _demand(summary: Summary) -> np.ndarray:
    """(266, 168) pick-ups an hour: trips over the number of such weekdays among the dates that had a trip."""
    keys, trips = summary["demand"]
    weekday = (summary["dates"].keys + 3) % 7  # 1970-01-01 was a Thursday
    days = np.repeat(np.maximum(np.bincount(weekday, minlength=7), 1), 24)
    return np.asarray(np.bincount(keys, trips, ZONE_COUNT * HOURS).reshape(ZONE_COUNT, HOURS) / days)


def _trend(counts: Counts, name: str) -> np.ndarray:
    """The last month's median over that of all months; NaN without a trip."""
    month, bins = np.divmod(counts.keys, BINS)
    last = month == month.max(initial=-1)
    newest, _ = medians(np.zeros_like(bins)[last], bins[last], counts.trips[last], 1, name)
    overall, _ = medians(np.zeros_like(bins), bins, counts.trips, 1, name)
    return np.asarray(newest[0] / overall[0])
