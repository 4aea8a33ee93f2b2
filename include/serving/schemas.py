"""What the service takes and gives."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator

NEW_YORK = ZoneInfo("America/New_York")
MAX_BATCH = 10_000


def _now_in_new_york() -> datetime:
    return datetime.now(NEW_YORK).replace(tzinfo=None, microsecond=0)


class PredictionRequest(BaseModel):
    """One trip to quote; a time with an offset is converted to New York, a naive one is New York time."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "service": "yellow",
                "pickup_zone": 132,
                "dropoff_zone": 230,
                "pickup_datetime": "2019-06-14T18:30:00",
                "passenger_count": 1,
            }
        },
    )

    service: str = Field(max_length=16, pattern="^[a-z]+$", description="yellow | green | fhv | fhvhv")
    pickup_zone: int = Field(ge=1, le=265, strict=True, description="TLC zone, 1-265")
    dropoff_zone: int = Field(ge=1, le=265, strict=True, description="TLC zone, 1-265")
    pickup_datetime: datetime = Field(default_factory=_now_in_new_york, description="default: now")
    passenger_count: int | None = Field(default=None, ge=0, le=9, strict=True)

    @field_validator("pickup_datetime")
    @classmethod
    def _new_york(cls, value: datetime) -> datetime:
        naive = value.astimezone(NEW_YORK).replace(tzinfo=None) if value.tzinfo and 1 < value.year < 9999 else value
        if not 2009 <= naive.year <= 2040:
            raise ValueError("a pick-up time from 2009 to 2040 is expected")
        return naive


class Estimate(BaseModel):
    """A prediction with the interval that holds 80 of 100 calibration trips, and the model that gave it."""

    value: float
    p10: float
    p90: float
    model: str


class Probability(BaseModel):
    """A calibrated probability and the model that gave it: of a tip of a fifth or more if the trip is paid by card."""

    probability: float
    model: str


class PredictionResponse(BaseModel):
    """The quote. A target without a champion is null, and so is one that the service has no label for."""

    duration_min: Estimate | None
    fare_usd: Estimate | None
    high_tip: Probability | None = None
    degraded: bool = False
    request_id: str


class BatchRequest(BaseModel):
    """Up to 10,000 trips; each is checked on its own."""

    trips: list[dict[str, object]] = Field(min_length=1, max_length=MAX_BATCH)


class ModelInfo(BaseModel):
    """A champion that answers."""

    name: str
    version: int
    service: str
    target: str
    family: str
    features: list[str]
    feature_code: str
    trained_to: str
    test_month: str
    promoted_at: str
    months: dict[str, list[str]]
    metrics: dict[str, float]


class HealthResponse(BaseModel):
    """Whether the service answers, and with what."""

    status: str
    ready: bool
    models: dict[str, str]
    problems: list[str]
