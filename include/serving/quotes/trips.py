"""From what a client says of a trip to what the features are made of: two zones, a time, passengers."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from include.features.engineer_features import engineer_all_features
from include.features.one_trip import one_trip
from include.serving.schemas import PredictionRequest
from include.serving.web.problems import Refusal
from include.trips.zones import UNKNOWN_ZONES

if TYPE_CHECKING:
    from collections.abc import Sequence


class Trip(NamedTuple):
    """A trip to quote: zones 1-265, naive New York time, passengers or None. It holds no coordinates."""

    service: str
    pickup_zone: int
    dropoff_zone: int
    pickup_datetime: datetime
    passenger_count: int | None = None


def request_matrix(trips: Sequence[Trip]) -> np.ndarray:
    """Trips -> (n, features) float32 by the path that training took; one trip or many, the same bits."""
    if len(trips) == 1:
        (trip,) = trips
        return one_trip(trip.pickup_datetime, trip.pickup_zone, trip.dropoff_zone, trip.passenger_count)
    return engineer_all_features(
        {
            "pickup_at": np.array([t.pickup_datetime for t in trips], "datetime64[us]"),
            "pickup_zone": np.array([t.pickup_zone for t in trips], np.int64),
            "dropoff_zone": np.array([t.dropoff_zone for t in trips], np.int64),
            "passenger_count": np.array([t.passenger_count for t in trips], np.float64),
        }
    )


def trip_of(request: PredictionRequest) -> Trip:
    """A valid request with its coordinates replaced by zones. Refusal (422) for a place outside the city."""
    pickup_zone, dropoff_zone = request.pickup_zone, request.dropoff_zone
    if pickup_zone is None:
        pickup_zone = _zone_of("pickup", request.pickup_latitude, request.pickup_longitude)
    if dropoff_zone is None:
        dropoff_zone = _zone_of("dropoff", request.dropoff_latitude, request.dropoff_longitude)
    return Trip(request.service, pickup_zone, dropoff_zone, request.pickup_datetime, request.passenger_count)


def _zone_of(end: str, latitude: float | None, longitude: float | None) -> int:
    if latitude is None or longitude is None:
        raise ValueError(f"a request without {end}_zone has both coordinates of it")
    zone = zone_at(latitude, longitude)
    if zone in UNKNOWN_ZONES:
        expected = f"a place in New York City or Newark Airport is expected; send {end}_zone 265 for one outside"
        fault = {"field": f"{end}_latitude", "value": f"{latitude}, {longitude}", "expected": expected}
        raise Refusal(422, f"{end} {latitude}, {longitude} is in no taxi zone: {expected}", [fault])
    return zone


def zone_at(latitude: float, longitude: float) -> int:
    """The taxi zone of a place in degrees (WGS 84); 265 when it is farther than 100 m outside the city."""
    from include.trips.places import locate_by_polygons

    return int(locate_by_polygons(np.array([latitude]), np.array([longitude]))[0])
