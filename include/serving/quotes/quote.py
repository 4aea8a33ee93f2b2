"""The whole quote: what the models say, what the tariff adds, and what it comes to."""

from __future__ import annotations

from typing import Any

from include.serving.log.recording import Answered
from include.serving.model_loader import ModelLoader
from include.serving.quotes.surcharges import surcharges_of
from include.serving.quotes.trips import Trip


def quote(loader: ModelLoader, trips: list[tuple[str, Trip]]) -> list[Answered]:
    """Trips of one service, each with its request id -> their answers in order, as `PredictionResponse` shows them."""
    said = loader.predict([trip for _, trip in trips])
    return [Answered(request_id, trip, _whole(request_id, trip, one))
            for (request_id, trip), one in zip(trips, said, strict=True)]  # fmt: skip


def _whole(request_id: str, trip: Trip, said: dict[str, Any]) -> dict[str, Any]:
    items = surcharges_of(trip)
    return {
        "duration_min": said["duration_min"],
        "fare_usd": said["fare_usd"],
        "high_tip": said["high_tip"],
        "surcharges": items,
        "total_usd": total_of(said["fare_usd"], items),
        "trip": {
            "service": trip.service,
            "pickup_zone": trip.pickup_zone,
            "dropoff_zone": trip.dropoff_zone,
            "pickup_datetime": trip.pickup_datetime.isoformat(),
            "passenger_count": trip.passenger_count,
        },
        "degraded": said["degraded"],
        "request_id": request_id,
    }


def total_of(fare: dict[str, Any] | None, items: list[dict[str, Any]]) -> dict[str, float] | None:
    """Fare and certain surcharges, in dollars and whole cents; None without a fare. The interval is the fare's."""
    if fare is None:
        return None
    added = sum([item["usd"] for item in items if item["certain"]])
    return {
        "value": round(fare["value"] + added, 2),
        "p10": round(fare["p10"] + added, 2),
        "p90": round(fare["p90"] + added, 2),
    }
