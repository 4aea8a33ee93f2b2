"""A trip to quote, and its quote."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_serializer, model_validator

from include.config.settings import Service
from include.serving.schemas.problem import FieldFault

NEW_YORK = ZoneInfo("America/New_York")
MAX_BATCH = 10_000
FIRST_YEAR, LAST_YEAR = 2009, 2040
TRIP_EXAMPLE: dict[str, Any] = {"service": "yellow", "pickup_zone": 132, "dropoff_zone": 230,
                "pickup_datetime": "2019-06-14T18:30:00", "passenger_count": 1}  # fmt: skip
COORDINATES_EXAMPLE: dict[str, Any] = {
    "service": "yellow", "pickup_latitude": 40.7769, "pickup_longitude": -73.874, "dropoff_latitude": 40.7505,
    "dropoff_longitude": -73.9934, "pickup_datetime": "2019-06-14T22:30:00Z",
}  # fmt: skip


def now_in_new_york() -> datetime:
    """This second as New York's clocks show it, without an offset."""
    return datetime.now(NEW_YORK).replace(tzinfo=None, microsecond=0)


def _in_new_york(value: datetime) -> datetime:
    """A time with an offset in New York's, a naive one as it is; ValueError outside the calendar's years."""
    naive = value.astimezone(NEW_YORK).replace(tzinfo=None) if value.tzinfo and 1 < value.year < 9999 else value
    if not FIRST_YEAR <= naive.year <= LAST_YEAR:
        raise ValueError(f"a pick-up time from {FIRST_YEAR} to {LAST_YEAR} is expected")
    return naive


Zone = Annotated[int, Field(ge=1, le=265, strict=True)]
Latitude = Annotated[float, Field(ge=40.0, le=41.5, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-75.0, le=-73.0, allow_inf_nan=False)]
"""Degrees around the city; a place that is in none of its zones is refused later, by name."""
NewYorkTime = Annotated[datetime, AfterValidator(_in_new_york)]


class PredictionRequest(BaseModel):
    """One trip to quote. Each end is a TLC zone, or a latitude and a longitude inside the city."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [TRIP_EXAMPLE, COORDINATES_EXAMPLE]}, frozen=True
    )

    service: Service = Field(description="which taxi service; `/model-info` lists those that are answered")
    pickup_zone: Zone | None = Field(default=None, description="TLC zone, 1-265, of the pick-up")
    dropoff_zone: Zone | None = Field(default=None, description="TLC zone, 1-265, of the destination")
    pickup_latitude: Latitude | None = Field(default=None, description="degrees, WGS 84, instead of the zone")
    pickup_longitude: Longitude | None = Field(default=None, description="degrees, WGS 84")
    dropoff_latitude: Latitude | None = Field(default=None, description="degrees, WGS 84, instead of the zone")
    dropoff_longitude: Longitude | None = Field(default=None, description="degrees, WGS 84")
    pickup_datetime: NewYorkTime = Field(
        default_factory=now_in_new_york,
        description="2009 to 2040; a time with an offset is converted to New York, a naive one is New York time; "
        "default: now",
    )
    passenger_count: int | None = Field(default=None, ge=0, le=9, strict=True, description="null: not given")

    @model_validator(mode="after")
    def _two_ends(self) -> Self:
        if self.pickup_zone is None or self.dropoff_zone is None:
            self._require_place("pickup", self.pickup_zone, self.pickup_latitude, self.pickup_longitude)
            self._require_place("dropoff", self.dropoff_zone, self.dropoff_latitude, self.dropoff_longitude)
        return self

    def _require_place(self, end: str, zone: int | None, latitude: float | None, longitude: float | None) -> None:
        if zone is None and (latitude is None or longitude is None):
            raise ValueError(f"{end}_zone is expected, or {end}_latitude with {end}_longitude")


class Estimate(BaseModel):
    """A prediction with the interval that holds 80 of 100 calibration trips, and the model that gave it."""

    value: float = Field(description="minutes, or US dollars")
    p10: float = Field(description="one trip in ten is below")
    p90: float = Field(description="one trip in ten is above")
    model: str = Field(description="`<registered model>/<version>`, or what stands in for it")
    trained_to: str = Field(description="the last month that the model learnt from; empty: from none")


class Probability(BaseModel):
    """A calibrated probability: of a tip of a fifth of the total before it or more, if the trip is paid by card."""

    probability: float = Field(ge=0, le=1)
    model: str = Field(description="`<registered model>/<version>`, or what stands in for it")
    trained_to: str = Field(description="the last month that the model learnt from; empty: from none")


class Surcharge(BaseModel):
    """A charge of the date's tariff beside the fare."""

    name: str = Field(
        description="rush_hour, overnight, laguardia, mta_tax, improvement, congestion, cbd_fee, airport_fee"
    )
    usd: float
    certain: bool = Field(description="false: charged under the condition that `reason` names, and in no total")
    reason: str


class Total(BaseModel):
    """Fare and certain surcharges in US dollars, without tolls, tip and sales tax; the interval is the fare's."""

    value: float
    p10: float
    p90: float


class QuotedTrip(BaseModel):
    """The trip as it was understood."""

    service: str
    pickup_zone: int = Field(description="TLC zone; of coordinates, the one that they lie in")
    dropoff_zone: int
    pickup_datetime: datetime = Field(description="New York time, without an offset")
    passenger_count: int | None

    @field_serializer("pickup_datetime")
    def _naive(self, value: datetime) -> str:
        return value.isoformat()


class PredictionResponse(BaseModel):
    """The quote. A target without a champion is null, and so is one that the service has no label for."""

    duration_min: Estimate | None = Field(description="minutes from pick-up to drop-off")
    fare_usd: Estimate | None = Field(description="metered fare (fhvhv: base fare), without surcharges, tolls and tip")
    high_tip: Probability | None = Field(default=None, description="given that the trip is paid by card")
    surcharges: list[Surcharge] = Field(description="by the tariff of the trip's date; conditional ones too")
    total_usd: Total | None = Field(description="null without a fare")
    trip: QuotedTrip
    degraded: bool = Field(default=False, description="true when something stands in for a champion that cannot answer")
    request_id: str = Field(description="the X-Request-Id of the request, or one made for it; of a batch: with the row")


class RowFault(BaseModel):
    """Why a row of a batch has no answer."""

    error: list[FieldFault]


class BatchRequest(BaseModel):
    """Up to 10,000 trips; each is checked on its own."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"trips": [TRIP_EXAMPLE]}]})

    trips: list[dict[str, Any]] = Field(
        min_length=1,
        max_length=MAX_BATCH,
        description="each like the body of /predict; a row that is not gets an error",
    )


class BatchResponse(BaseModel):
    """An answer for every trip, in the order in which they came."""

    predictions: list[PredictionResponse | RowFault]
