"""Charges beside the fare follow the tariff of the trip's date, its zones and its hour."""

from __future__ import annotations

from datetime import datetime

import pytest

from include.serving.quotes.quote import total_of
from include.serving.quotes.surcharges import surcharges_of
from include.serving.quotes.trips import Trip

JFK, LAGUARDIA, NEWARK, MIDTOWN, HARLEM, BROOKLYN, BUSHWICK = 132, 138, 1, 230, 42, 61, 37

CENTRAL_PARK, UPPER_WEST_SIDE_NORTH, ROOSEVELT_ISLAND = 43, 238, 202


def charged(service: str, start: int, end: int, at: str, certain: bool = True) -> dict[str, float]:
    items = surcharges_of(Trip(service, start, end, datetime.fromisoformat(at)))
    return {item["name"]: item["usd"] for item in items if item["certain"] is certain}


@pytest.mark.parametrize(
    ("trip", "expected"),
    [
        (("yellow", MIDTOWN, MIDTOWN, "2009-06-10T12:00"), {}),
        (("yellow", MIDTOWN, MIDTOWN, "2019-02-01T12:00"), {"mta_tax": 0.5, "improvement": 0.3}),
        (("yellow", MIDTOWN, MIDTOWN, "2019-02-02T12:00"), {"mta_tax": 0.5, "improvement": 0.3, "congestion": 2.5}),
        (("green", HARLEM, MIDTOWN, "2019-06-10T12:00"), {"mta_tax": 0.5, "improvement": 0.3, "congestion": 2.75}),
        (("yellow", MIDTOWN, BROOKLYN, "2019-06-14T18:00"),
         {"rush_hour": 1.0, "mta_tax": 0.5, "improvement": 0.3, "congestion": 2.5}),
        (("yellow", BROOKLYN, BUSHWICK, "2019-06-15T18:00"), {"mta_tax": 0.5, "improvement": 0.3}),
        (("yellow", BROOKLYN, BUSHWICK, "2019-07-04T18:00"), {"mta_tax": 0.5, "improvement": 0.3}),
        (("yellow", BROOKLYN, BUSHWICK, "2019-02-12T18:00"), {"rush_hour": 1.0, "mta_tax": 0.5, "improvement": 0.3}),
        (("green", BROOKLYN, BUSHWICK, "2023-02-13T18:00"), {"rush_hour": 2.5, "mta_tax": 0.5, "improvement": 1.0}),
        (("green", BROOKLYN, BUSHWICK, "2023-02-15T18:00"), {"rush_hour": 2.5, "mta_tax": 0.5, "improvement": 1.0}),
        (("green", BROOKLYN, BUSHWICK, "2023-02-20T18:00"), {"mta_tax": 0.5, "improvement": 1.0}),
        (("green", HARLEM, CENTRAL_PARK, "2019-06-10T12:00"), {"mta_tax": 0.5, "improvement": 0.3}),
        (("yellow", UPPER_WEST_SIDE_NORTH, MIDTOWN, "2019-06-10T12:00"),
         {"mta_tax": 0.5, "improvement": 0.3, "congestion": 2.5}),
        (("green", ROOSEVELT_ISLAND, BROOKLYN, "2025-01-06T12:00"), {"mta_tax": 0.5, "improvement": 1.0}),
        (("yellow", BROOKLYN, BUSHWICK, "2019-06-14T05:59"), {"overnight": 0.5, "mta_tax": 0.5, "improvement": 0.3}),
        (("yellow", JFK, MIDTOWN, "2019-06-14T18:00"),
         {"rush_hour": 4.5, "mta_tax": 0.5, "improvement": 0.3, "congestion": 2.5}),
        (("yellow", JFK, MIDTOWN, "2024-06-14T23:00"),
         {"mta_tax": 0.5, "improvement": 1.0, "congestion": 2.5, "airport_fee": 1.75}),
        (("yellow", MIDTOWN, LAGUARDIA, "2025-01-06T12:00"),
         {"laguardia": 5.0, "mta_tax": 0.5, "improvement": 1.0, "congestion": 2.5, "cbd_fee": 0.75}),
        (("fhvhv", BROOKLYN, NEWARK, "2025-01-06T12:00"), {"airport_fee": 2.5}),
        (("fhv", MIDTOWN, BROOKLYN, "2025-01-06T12:00"), {"congestion": 2.75, "cbd_fee": 0.75}),
    ],
)  # fmt: skip
def test_what_is_certain_by_date_zone_and_hour(trip: tuple[str, int, int, str], expected: dict[str, float]) -> None:
    assert charged(*trip) == expected


def test_what_depends_on_the_way_or_the_rate_is_conditional() -> None:
    assert charged("yellow", HARLEM, BROOKLYN, "2025-01-06T12:00", certain=False) == {
        "congestion": 2.5,
        "cbd_fee": 0.75,
    }
    for zone in (CENTRAL_PARK, UPPER_WEST_SIDE_NORTH):
        assert charged("green", HARLEM, zone, "2019-06-10T12:00", certain=False) == {"congestion": 2.75}
    assert "congestion" in charged("green", ROOSEVELT_ISLAND, BROOKLYN, "2019-06-10T12:00", certain=False)
    assert "mta_tax" in charged("yellow", MIDTOWN, NEWARK, "2019-06-10T12:00", certain=False)
    assert charged("yellow", BROOKLYN, BUSHWICK, "2025-01-06T12:00", certain=False) == {}


def test_the_total_is_the_fare_and_what_is_certain() -> None:
    fare = {"value": 10.0, "p10": 8.0, "p90": 13.5}
    items = [{"usd": 0.5, "certain": True}, {"usd": 2.5, "certain": False}]
    assert total_of(fare, items) == {"value": 10.5, "p10": 8.5, "p90": 14.0}
    assert total_of(None, items) is None
