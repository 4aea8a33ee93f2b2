"""Where a reader looks, and what that asks of the tables."""

from __future__ import annotations

from datetime import date

from include.dashboard.pages.comparison import slice_rows
from include.dashboard.pages.playground import holiday_near
from include.dashboard.pages.quality import report_path
from include.dashboard.places import CITY, Place, boroughs, zone_labels, zone_named, zones_of


def test_labels_name_every_zone_that_has_a_place_once() -> None:
    labels = zone_labels()
    assert len(labels) == len(set(labels.values())) == 263
    assert all(zone_named(label) == zone for zone, label in labels.items())
    assert [zone_named(text) for text in ("all zones", None, "Nowhere (999)", "(264)")] == [None] * 4


def test_boroughs_share_the_zones_of_the_city() -> None:
    assert boroughs()[0] == CITY
    assert sorted(zone for name in boroughs()[1:] for zone in zones_of(name)) == list(zones_of(CITY))


def test_a_place_asks_for_its_own_kind_of_rows() -> None:
    city, borough = Place(), Place("Manhattan")
    assert (city.grain, city.pickups, city.dropoffs, city.name) == ("month", None, None, "all of New York")
    assert (borough.grain, borough.pickups) == ("pickup", zones_of("Manhattan"))
    zone, way = Place("Manhattan", 4), Place("Manhattan", 4, 7)
    assert (zone.grain, zone.pickups, zone.dropoffs, zone.name) == ("pickup", (4,), None, "Alphabet City")
    assert (way.grain, way.dropoffs, way.name) == ("pair", (7,), "Alphabet City to Astoria")


def test_the_next_holiday_and_a_usual_day_of_the_same_weekday() -> None:
    assert holiday_near(date(2019, 7, 1), True) == date(2019, 7, 4)
    assert holiday_near(date(2019, 7, 4), True) > date(2019, 7, 4)
    assert holiday_near(date(2019, 6, 27), False) == date(2019, 7, 11), "the Thursday between is the Fourth"


def scored(role: str, **losses: tuple[float, int]) -> dict[str, object]:
    return {"role": role, "slices": {name: {"loss": loss, "rows": rows} for name, (loss, rows) in losses.items()}}


def test_parts_tell_who_stops_whom() -> None:
    rows = [scored("challenger", airport=(2.2, 400), late=(1.0, 500), route=(9.0, 5), night=(1.2, 900)),
            scored("champion", airport=(2.0, 400), late=(2.0, 500), route=(1.0, 5), night=(1.0, 900))]  # fmt: skip
    parts, against = slice_rows(rows, ["airport"])
    assert against == "champion"
    assert [(p["part"], p["state"]) for p in parts] == [
        ("night", "worse"), ("airport", "stops"), ("late", "better"), ("route", "few trips")]  # fmt: skip
    assert slice_rows([scored("challenger", airport=(2.0, 400))], []) == ([], "baseline")


def test_the_report_is_where_the_validate_phase_leaves_it(tmp_path: object) -> None:
    from pathlib import Path

    from include.processing.assess_month import report_paths

    home = Path(str(tmp_path))
    assert report_path(home, "green", "2023-01") == report_paths(home, "green", "2023-01")["html"]
