"""The zones south of two streets, by name."""

from __future__ import annotations

import numpy as np

from include.trips.manhattan import FIFTH_AND_60TH, FIFTH_AND_96TH, congestion_zones, zones_south_of
from include.trips.zones import BOROUGHS, load_zones

BETWEEN = {
    "Lincoln Square East", "Lincoln Square West", "Upper East Side South", "Upper East Side North", "Lenox Hill East",
    "Lenox Hill West", "Upper West Side South", "Upper West Side North", "Central Park", "Yorkville East",
    "Yorkville West", "Roosevelt Island",
}  # fmt: skip


def test_the_zones_between_60th_and_96th_street() -> None:
    below_60, below_96 = zones_south_of(FIFTH_AND_60TH), zones_south_of(FIFTH_AND_96TH)
    assert (below_60 <= below_96).all()
    assert {load_zones().name[zone] for zone in np.flatnonzero(below_96 > below_60)} == BETWEEN


def test_all_are_in_manhattan() -> None:
    below = zones_south_of(FIFTH_AND_96TH) == 1
    assert {BOROUGHS[b] for b in load_zones().borough[below]} == {"Manhattan"}
    assert below[[103, 12, 261, 163, 229]].all()
    assert not below[[0, 24, 75, 151, 264, 265]].any()


def test_one_zone_south_of_96th_street_pays_no_surcharge() -> None:
    left_out = np.flatnonzero(zones_south_of(FIFTH_AND_96TH) != congestion_zones())
    assert [load_zones().name[zone] for zone in left_out] == ["Roosevelt Island"]
