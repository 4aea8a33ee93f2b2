"""What the service takes and gives; descriptions and examples are what `/docs` shows."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_serializer, model_validator

from include.config.settings import Service

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


class FieldFault(BaseModel):
    """One fault of a request."""

    field: str = Field(description="name of the field; of nested ones with dots")
    value: str = Field(description="what was given, shortened")
    expected: str = Field(description="what would be taken")


class Problem(BaseModel):
    """An error as application/problem+json (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = Field(description="what is wrong, and what to do")
    request_id: str
    errors: list[FieldFault] | None = Field(default=None, description="the fields that are wrong")


class ModelInfo(BaseModel):
    """A champion that answers."""

    name: str
    version: int
    service: str
    target: str
    family: str
    features: list[str]
    feature_code: str = Field(description="fingerprint of the code that made the features")
    trained_to: str
    test_month: str = Field(description="the month on which it was compared and promoted")
    promoted_at: str
    months: dict[str, list[str]]
    metrics: dict[str, float] = Field(description="of the tune days")


class Dependency(BaseModel):
    """One thing that the service uses, and whether it is there."""

    status: Literal["ok", "degraded", "away", "off"]
    detail: str = ""


class HealthResponse(BaseModel):
    """Whether the service answers, and with what. `live` and `ready` never depend on a database or the network."""

    status: Literal["ok", "degraded", "no_champion"]
    live: bool = True
    ready: bool = Field(description="at least one service can be quoted")
    models: dict[str, str] = Field(description="registered model -> `<name>/<version>` that answers for it")
    problems: list[str]
    dependencies: dict[str, Dependency] = Field(default_factory=dict)


class Slice(BaseModel):
    """A part of a month's trips, and the loss on it that decides for the target."""

    name: str
    rows: int
    loss: float | None


class Performance(BaseModel):
    """A version's scores on one month."""

    service: str
    target: str
    family: str
    trained_to: str | None
    model_name: str
    version: int
    month: str
    role: str = Field(description="prospective: the champion that stood before the month; else its part in a contest")
    rows_scored: int | None
    loss: float | None = Field(description="what decides: mean absolute error of quantities, log loss of probabilities")
    mae: float | None
    rmse: float | None
    within_2: float | None = Field(description="share of trips within 2 minutes or dollars")
    within_5: float | None
    coverage: float | None = Field(description="share of trips inside the interval; 0.8 is aimed at")
    brier: float | None
    slices: list[Slice]
    scored_at: str | None


class MetricsResponse(BaseModel):
    """How good the models are: for their users, and on the months on which they were compared."""

    prospective: list[Performance] = Field(description="each month scored by the champion that stood before it")
    contests: list[Performance] = Field(description="registered versions on the test month of their decision")


class Experiment(BaseModel):
    """One fit of a family on a target."""

    run_id: str
    service: str | None
    month: str | None = Field(description="the month that it was trained for")
    target: str | None
    family: str | None
    trained_to: str | None
    mae_tune: float | None
    loss_tune: float | None = Field(description="on the tune days: what decides which family meets the champion")
    fit_seconds: float | None
    rows_train: int | None
    status: str | None
    created_at: str | None


class ExperimentsResponse(BaseModel):
    """A page of fits, the newest month first."""

    total: int
    offset: int
    experiments: list[Experiment]


class DataQualityResponse(BaseModel):
    """What is known about a month's quality."""

    service: str
    month: str
    verdict: dict[str, Any] | None = Field(description="level and sentence of the quality report")
    suites: dict[str, Any] = Field(description="each suite's expectations, broken ones, waived ones, outcomes")
    cleaning: list[dict[str, Any]] = Field(description="rows quarantined, by reason")
    nulls: list[dict[str, Any]]
    outliers: list[dict[str, Any]]
    summary: dict[str, Any]
    waivers: list[dict[str, Any]]
    drift: list[dict[str, Any]] | None = Field(description="null while none has been measured")


class ModelCardEntry(BaseModel):
    """A model card that can be read under `/model-cards/{name}/{version}`."""

    name: str
    version: int
    service: str
    target: str
    family: str
    test_month: str
    written_at: str = Field(description="when the version was decided on: a card holds no other time")
    written_by: str = Field(description="code, or the language model that worded its prose")
    champion: bool = Field(description="whether this version answers now")


class AskRequest(BaseModel):
    """A question in English."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"question": "How many yellow trips were kept in March 2019?", "service": None}]
        },
    )

    question: str = Field(
        min_length=1, max_length=500, description="about models, months, zones, or how something is done"
    )
    service: Service | None = Field(default=None, description="which service is meant where the question names none")


class AskFact(BaseModel):
    """A figure or a name of the tables that the answer rests on; further fields say what it is of."""

    model_config = ConfigDict(extra="allow")

    name: str
    value: float | str = Field(description="exact; of a share a fraction")
    unit: str = Field(description="minutes, dollars, share, log loss, trips, name, ...")
    shown: str = Field(description="as the answer shows it")


class AskCitation(BaseModel):
    """Where it stands."""

    kind: Literal["table", "run", "document", "card", "feature"]
    source: str = Field(description="a table or view, or a file of the documentation")
    where: dict[str, str] = Field(description="month, heading, run_id, ...")
    title: str


class AskResponse(BaseModel):
    """The answer, what it rests on, and where that stands."""

    answer: str = Field(description="Markdown")
    abstained: bool = Field(description="it is not known here, and no figure stands in its place")
    kind: Literal["number", "comparison", "definition", "howto", "recommendation", "unknown"]
    facts: list[AskFact] = Field(description="the one that was asked for first")
    citations: list[AskCitation]
    written_by: str = Field(description="rules, or the language model that worded it")
    request_id: str


RowFault.model_rebuild()
