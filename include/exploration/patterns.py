"""When, where and how fast the city rides: small frames computed from trips, for figures and for the text."""

from __future__ import annotations

import numpy as np
import pandas as pd

from include.features.trip_features import compute_speed, compute_trip_duration
from include.trips.zones import load_zones

CARD = 1
"""The payment type whose tips are recorded."""
DAY_KINDS = ("working day", "weekend")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def minutes_of(trips: pd.DataFrame) -> pd.Series:
    """Minutes from pick-up to drop-off."""
    return pd.Series(compute_trip_duration(trips["pickup_at"].to_numpy(), trips["dropoff_at"].to_numpy()), trips.index)


def tip_percent(trips: pd.DataFrame) -> pd.Series:
    """Tips of card trips in percent of what was charged before the tip: the sum that the card reader's buttons take."""
    card = trips[(trips["payment_type"] == CARD) & (trips["tip_usd"] >= 0)]
    before = card["total_usd"] - card["tip_usd"]
    return (100 * card["tip_usd"] / before)[before > 0]


def tip_spike(percent: pd.Series) -> tuple[int, float]:
    """Tip shares -> (the whole percentage above 0 that most tips round to, percent of all that do)."""
    counts = percent[percent > 0].round().value_counts()
    if counts.empty:
        return 0, 0.0
    return int(counts.index[0]), 100 * float(counts.iloc[0]) / len(percent)


def demand_by_hour_of_week(trips: pd.DataFrame) -> pd.DataFrame:
    """7 weekdays x 24 hours: mean pick-ups in that hour, over the days of that kind that the trips touch."""
    pickup = trips["pickup_at"].dt
    counts = pd.crosstab(pickup.weekday, pickup.hour).reindex(index=range(7), columns=range(24), fill_value=0)
    days = pickup.normalize().drop_duplicates().dt.weekday.value_counts().reindex(range(7), fill_value=0)
    means = counts.div(days.clip(lower=1), axis=0)
    return means.set_axis(list(WEEKDAYS), axis="index")


def speed_by_hour(trips: pd.DataFrame) -> pd.DataFrame:
    """Miles per hour by hour of the day: (working day | weekend) x (p10, median, p90); trips without distance apart."""
    moved = trips[trips["distance_mi"] > 0]
    speed = pd.Series(compute_speed(moved["distance_mi"].to_numpy(), minutes_of(moved).to_numpy()), moved.index)
    kind = np.where(moved["pickup_at"].dt.weekday < 5, *DAY_KINDS)
    grouped = speed.groupby([kind, moved["pickup_at"].dt.hour]).quantile(np.array([0.1, 0.5, 0.9]))
    named = grouped.rename({0.1: "p10", 0.5: "median", 0.9: "p90"}, level=2)
    columns = pd.MultiIndex.from_product([DAY_KINDS, ["p10", "median", "p90"]])
    return pd.DataFrame(named.unstack([0, 2]).reindex(index=range(24), columns=columns))


def top_zones(trips: pd.DataFrame, count: int = 15) -> pd.DataFrame:
    """The busiest pick-up zones by name: percent of all pick-ups and of all drop-offs that they hold."""
    shares = {
        end: 100 * trips[f"{end}_zone"].value_counts(normalize=True).reindex(range(1, 266), fill_value=0.0)
        for end in ("pickup", "dropoff")
    }
    top = pd.DataFrame(shares).nlargest(count, "pickup")
    return top.set_axis([load_zones().name[zone] for zone in top.index], axis="index")


def pair_coverage(trips: pd.DataFrame, few: int = 5) -> tuple[int, float]:
    """(distinct zone pairs, percent of trips whose pair has fewer than `few` trips)."""
    sizes = trips.groupby(["pickup_zone", "dropoff_zone"]).size()
    return len(sizes), 100 * float(sizes[sizes < few].sum()) / max(len(trips), 1)
