"""The tariff of a day is the last one that came into force, for its service."""

from __future__ import annotations

import csv
from dataclasses import asdict, fields
from datetime import date, datetime, timedelta

import pytest

from include.errors import BadDataError
from include.trips.columns import ALL_SERVICES
from include.trips.tariff import TARIFF_FILE, Tariff, tariff_at


def test_the_meter_changed_in_2012_and_2022() -> None:
    days = [date(2012, 9, 3), date(2012, 9, 4), date(2022, 12, 18), date(2022, 12, 19)]
    assert [(t.base_usd, t.unit_usd, t.jfk_flat_usd) for t in map(tariff_at, days)] == [
        (2.5, 0.4, 45.0), (2.5, 0.5, 52.0), (2.5, 0.5, 52.0), (3.0, 0.7, 70.0)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("service", "day", "expected"),
    [
        ("yellow", date(2009, 1, 1), {"mta_tax_usd": 0.0, "improvement_usd": 0.0, "congestion_usd": 0.0}),
        ("yellow", date(2015, 1, 1), {"mta_tax_usd": 0.5, "improvement_usd": 0.3, "rush_usd": 1.0}),
        ("yellow", date(2019, 2, 2), {"congestion_usd": 2.5, "overnight_usd": 0.5, "airport_fee_usd": 0.0}),
        ("yellow", date(2024, 1, 1), {"airport_fee_usd": 1.75, "improvement_usd": 1.0, "cbd_fee_usd": 0.0}),
        ("green", datetime(2025, 1, 5, 0, 0), {"congestion_usd": 2.75, "cbd_fee_usd": 0.75, "airport_fee_usd": 0.0}),
        ("fhvhv", date(2025, 1, 5), {"congestion_usd": 2.75, "cbd_fee_usd": 1.5, "base_usd": 0.0}),
        ("fhv", date(2018, 1, 1), asdict(Tariff())),
    ],
)
def test_what_is_charged_when(service: str, day: date, expected: dict[str, float]) -> None:
    found = asdict(tariff_at(day, service))
    assert {name: found[name] for name in expected} == expected


def test_the_eve_of_a_change_has_the_old_tariff() -> None:
    assert tariff_at(datetime(2022, 12, 18, 23, 59)) == tariff_at(date(2022, 12, 18))
    assert tariff_at(date(2025, 1, 4), "fhvhv").cbd_fee_usd == 0


def test_every_row_of_the_file_is_in_force_on_its_day_and_not_the_day_before() -> None:
    with TARIFF_FILE.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["fact"] for row in rows} == {field.name for field in fields(Tariff)}
    for row in rows:
        since, usd = date.fromisoformat(row["effective_from"]), float(row["usd"])
        for service in row["services"].split():
            assert service in ALL_SERVICES
            assert getattr(tariff_at(since, service), row["fact"]) == usd
            if since.year > 2009 or since.month > 1:
                assert getattr(tariff_at(since - timedelta(days=1), service), row["fact"]) != usd


def test_what_has_no_tariff_is_refused() -> None:
    with pytest.raises(BadDataError, match=r"No tariff for 2008-12-31"):
        tariff_at(date(2008, 12, 31))
    with pytest.raises(BadDataError, match=r"service 'pink'; known services: yellow"):
        tariff_at(date(2019, 1, 1), "pink")
