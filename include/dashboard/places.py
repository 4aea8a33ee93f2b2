"""Where a reader looks: the whole city, a borough, a zone, or the way from one zone to another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from include.trips.zones import BOROUGHS, UNKNOWN_ZONES, load_zones

CITY, ANYWHERE = "New York, all of it", "anywhere"


@cache
def zone_labels() -> dict[int, str]:
    """Zone -> `Alphabet City (4)`, in the order of the names; zones that have no place are left out."""
    names = load_zones().name
    numbers = [zone for zone in range(1, len(names)) if names[zone] and zone not in UNKNOWN_ZONES]
    return {zone: f"{names[zone]} ({zone})" for zone in sorted(numbers, key=lambda zone: (names[zone], zone))}


def zone_named(label: str | None) -> int | None:
    """The zone of a label, None for any other text."""
    number = (label or "").rpartition("(")[2].rstrip(")")
    return int(number) if number.isdigit() and int(number) in zone_labels() else None


def borough_of(zone: int) -> str:
    """The borough's name."""
    return BOROUGHS[load_zones().borough[zone]]


@cache
def zones_of(borough: str) -> tuple[int, ...]:
    """The borough's zones in order; of CITY every zone that has a place."""
    return tuple(sorted(zone for zone in zone_labels() if borough in (CITY, borough_of(zone))))


def boroughs() -> tuple[str, ...]:
    """CITY, then the boroughs that have zones."""
    return (CITY, *(name for name in BOROUGHS if zones_of(name)))


@dataclass(frozen=True)
class Place:
    """A borough (CITY for all), in it perhaps a zone, and perhaps a zone that trips from there go to."""

    borough: str = CITY
    zone: int | None = None
    to: int | None = None

    @property
    def grain(self) -> str:
        """The kind of row of `trip_totals` that holds the place."""
        if self.zone is None:
            return "month" if self.borough == CITY else "pickup"
        return "pickup" if self.to is None else "pair"

    @property
    def pickups(self) -> tuple[int, ...] | None:
        """Zones that trips start in; None where every trip counts, those without a known place too."""
        if self.zone is not None:
            return (self.zone,)
        return None if self.borough == CITY else zones_of(self.borough)

    @property
    def dropoffs(self) -> tuple[int, ...] | None:
        """Zones that trips end in, None for any."""
        return None if self.zone is None or self.to is None else (self.to,)

    @property
    def name(self) -> str:
        """As titles say it."""
        names = load_zones().name
        if self.zone is None:
            return "all of New York" if self.borough == CITY else self.borough
        return names[self.zone] if self.to is None else f"{names[self.zone]} to {names[self.to]}"
