"""What the service takes and gives; descriptions and examples are what `/docs` shows."""

from include.serving.schemas.ask import AskCitation, AskFact, AskRequest, AskResponse
from include.serving.schemas.cards import ModelCardEntry
from include.serving.schemas.health import Dependency, HealthResponse
from include.serving.schemas.insights import (
    DataQualityResponse,
    Experiment,
    ExperimentsResponse,
    MetricsResponse,
    Performance,
    Slice,
)
from include.serving.schemas.models import ModelInfo
from include.serving.schemas.predictions import (
    COORDINATES_EXAMPLE,
    FIRST_YEAR,
    LAST_YEAR,
    MAX_BATCH,
    NEW_YORK,
    TRIP_EXAMPLE,
    BatchRequest,
    BatchResponse,
    Estimate,
    PredictionRequest,
    PredictionResponse,
    Probability,
    QuotedTrip,
    RowFault,
    Surcharge,
    Total,
    now_in_new_york,
)
from include.serving.schemas.problem import FieldFault, Problem

__all__ = [
    "COORDINATES_EXAMPLE",
    "FIRST_YEAR",
    "LAST_YEAR",
    "MAX_BATCH",
    "NEW_YORK",
    "TRIP_EXAMPLE",
    "AskCitation",
    "AskFact",
    "AskRequest",
    "AskResponse",
    "BatchRequest",
    "BatchResponse",
    "DataQualityResponse",
    "Dependency",
    "Estimate",
    "Experiment",
    "ExperimentsResponse",
    "FieldFault",
    "HealthResponse",
    "MetricsResponse",
    "ModelCardEntry",
    "ModelInfo",
    "Performance",
    "PredictionRequest",
    "PredictionResponse",
    "Probability",
    "Problem",
    "QuotedTrip",
    "RowFault",
    "Slice",
    "Surcharge",
    "Total",
    "now_in_new_york",
]
