"""How good models and months are, from the warehouse."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field


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
    r2: float | None = Field(description="quantities: share of the variance that is explained")
    mape: float | None = Field(description="quantities: mean absolute percentage error, a share")
    accuracy: float | None = Field(description="probabilities, at a chance of 0.5; so are the next three")
    precision_score: float | None
    recall: float | None
    f1: float | None
    roc_auc: float | None
    pr_auc: float | None
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
