"""A month in TLC's format that nobody drove: a function of service, month, volume and seed, so it needs no network."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from include.ingestion import sample_facts as facts
from include.ingestion.sample_places import JFK, draw_pairs, drive_miles, street_map
from include.trips.calendar import FIRST_DAY, holiday_table
from include.trips.month import Month

PREFIX = {"yellow": "tpep", "green": "lpep"}


def generate_month(service: str, month: Month, rows: int, seed: int) -> pa.Table:
    """`rows` trips with the published names of the zone era; equal arguments give equal tables. Metadata: synthetic."""
    rng = np.random.default_rng([seed, month.ordinal, sorted(PREFIX).index(service)])
    pickup = _pickup_times(service, month, rows, rng)
    start, end = draw_pairs(service, rows, rng)
    miles = drive_miles(start, end, rng)
    seconds = _seconds(service, month, pickup, start, end, miles, rng)
    app = rng.random(rows) < facts.share_at(facts.APP_SHARE[service], month)
    money = _money(service, month, pickup, start, end, miles, seconds, app, rng)
    seconds = _artefacts(seconds, rng)
    reversal = rng.random(rows) < facts.REVERSAL_SHARE[service]
    paid_by = money.pop("payment")
    for name, amount in money.items():
        money[name] = np.where(reversal, -amount, amount)
    payment = np.where(app, 0, np.where(reversal, 4, paid_by)).astype(np.int64)
    vendor = np.where(rng.random(rows) < facts.share_at(facts.FIRST_VENDOR_SHARE[service], month), 1, 2)
    passengers = rng.choice([1.0, 2, 3, 4, 5, 6], rows, p=[0.72, 0.14, 0.04, 0.02, 0.05, 0.03])
    columns = {
        "VendorID": pa.array(vendor),
        f"{PREFIX[service]}_pickup_datetime": pa.array(pickup),
        f"{PREFIX[service]}_dropoff_datetime": pa.array(pickup + seconds.astype("timedelta64[s]")),
        "passenger_count": pa.array(passengers, mask=app),
        "trip_distance": pa.array(np.round(miles, 2)),
        "RatecodeID": pa.array(np.where((start == JFK) & street_map().manhattan[end], 2.0, 1.0), mask=app),
        "store_and_fwd_flag": pa.array(np.where(rng.random(rows) < 0.005, "Y", "N"), mask=app),
        "PULocationID": pa.array(start),
        "DOLocationID": pa.array(end),
        "payment_type": pa.array(payment),
        **{name: pa.array(np.round(amount / 100, 2)) for name, amount in money.items()},
    }  # fmt: skip
    table = pa.table(columns)
    return table.replace_schema_metadata({"synthetic": f"generated, not TLC data; seed {seed}"})


def _pickup_times(service: str, month: Month, rows: int, rng: np.random.Generator) -> np.ndarray:
    """(rows,) datetime64[us], sorted, by hour-of-week demand; one in two thousand lies outside the month."""
    first = np.datetime64(month.start, "D")
    days = np.arange(first, np.datetime64(month.end, "D"))
    kind = np.asarray(facts.DAY_KINDS)[(days.astype(np.int64) + 3) % 7]
    holiday = holiday_table()[(days - FIRST_DAY).astype(np.int64)] == 1
    weight = np.asarray(facts.DEMANDS[service].hours)[kind] * np.where(holiday, facts.HOLIDAY_DEMAND, 1)[:, None]
    cell = rng.choice(weight.size, rows, p=(weight / weight.sum()).ravel())
    seconds = cell * 3600 + rng.integers(0, 3600, rows)
    seconds = np.where(rng.random(rows) < 0.0005, seconds - 40 * 86400, seconds)
    return np.asarray(np.sort(first.astype("datetime64[us]") + seconds.astype("timedelta64[s]")))


def _seconds(
    service: str, month: Month, pickup: np.ndarray, start: np.ndarray, end: np.ndarray, miles: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:  # fmt: skip
    """(n,) seconds driven: distance over a speed of the hour, the streets, the season, the day and the driver."""
    day = pickup.astype("datetime64[D]").astype(np.int64)
    hour = (pickup.astype("datetime64[h]").astype(np.int64)) % 24
    speed = np.asarray(facts.DEMANDS[service].speed_mph)[np.asarray(facts.DAY_KINDS)[(day + 3) % 7], hour]
    log_miles = np.log(miles)
    log_speed = np.log(speed) + facts.SPEED_BY_LOG_MILES[0] * log_miles + facts.SPEED_BY_LOG_MILES[1] * log_miles**2
    log_speed += (street_map().slow[start] + street_map().slow[end]) / 2 + facts.SEASON[month.number - 1]
    _, of_day = np.unique(day, return_inverse=True)
    log_speed += facts.DAY_NOISE * rng.standard_normal(of_day.max() + 1)[of_day]
    log_speed += facts.SPEED_NOISE * rng.standard_normal(len(miles))
    return np.asarray(np.round(np.clip(miles / np.clip(np.exp(log_speed), 2, 70) * 3600, 5, 3 * 3600)))


def _money(
    service: str, month: Month, pickup: np.ndarray, start: np.ndarray, end: np.ndarray, miles: np.ndarray,
    seconds: np.ndarray, app: np.ndarray, rng: np.random.Generator,
) -> dict[str, np.ndarray]:  # fmt: skip
    """Published money columns in cents, (n,) each, and the payment type."""
    tariff = facts.NEW_TARIFF if str(month) >= facts.NEW_TARIFF_FROM[:7] else facts.OLD_TARIFF
    slow_minutes = np.maximum(seconds / 60 - miles * 60 / 12, 0)
    fare = tariff.base + tariff.unit * np.ceil(miles * 5 + 0.35 * slow_minutes)
    manhattan = street_map().manhattan
    flat = ((start == JFK) & manhattan[end]) | ((end == JFK) & manhattan[start])
    fare = np.where(flat, tariff.jfk_flat, fare)
    hour = pickup.astype("datetime64[h]").astype(np.int64) % 24
    extra = np.where((hour >= 20) | (hour < 6), tariff.night, np.where((hour >= 16), tariff.rush, 0))
    tolls = np.where(flat & (rng.random(len(fare)) < 0.5), 576, 0)
    congestion = np.where(manhattan[start] | manhattan[end], facts.CONGESTION_CENTS[service], 0)
    congestion = congestion * (pickup >= np.datetime64(facts.CONGESTION_FROM))
    before_tip = fare + extra + 50 + tariff.improvement + tolls + congestion
    card = (rng.random(len(fare)) < facts.share_at(facts.CARD_SHARE[service], month)) & ~app
    preset = rng.choice([0.0, 0.15, 0.2, 0.25, 0.3], len(fare), p=[0.06, 0.1, 0.55, 0.2, 0.09])
    tip = np.where(card, np.round(before_tip * preset), 0)
    return {
        "fare_amount": fare, "extra": extra, "mta_tax": np.full(len(fare), 50), "tip_amount": tip,
        "tolls_amount": tolls, "improvement_surcharge": np.full(len(fare), tariff.improvement),
        "total_amount": before_tip + tip, "congestion_surcharge": congestion, "payment": np.where(card, 1, 2),
    }  # fmt: skip


def _artefacts(seconds: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """What meters do: 1 % of trips end within a minute, 0.2 % a day later."""
    luck = rng.random(len(seconds))
    seconds = np.where(luck < 0.010, rng.integers(0, 60, len(seconds)), seconds)
    return np.asarray(np.where(luck > 0.998, 86_400 - rng.integers(0, 3600, len(seconds)), seconds))
