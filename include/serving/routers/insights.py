"""`GET /metrics`, `/data-quality` and `/experiments`: what the warehouse knows, read in threads of their own."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from include.config.settings import Service
from include.serving.context import ServingDep
from include.serving.schemas import (
    DataQualityResponse,
    Experiment,
    ExperimentsResponse,
    MetricsResponse,
    Performance,
)
from include.serving.web.problems import Refusal, documented

MONTH = "^20[0-9]{2}-(0[1-9]|1[0-2])$"
Month = Annotated[str, Query(pattern=MONTH, description="YYYY-MM", examples=["2019-03"])]
Target = Literal["duration_min", "fare_usd", "high_tip"]
FARTHEST = 1_000_000
router = APIRouter(tags=["insights"], responses=documented(401, 403, 422, 429, 500, 503))


@router.get("/metrics")
def metrics(
    serving: ServingDep, service: Service | None = None, target: Target | None = None, month: Month | None = None
) -> MetricsResponse:
    """The models' errors month by month, with slices and the coverage of their intervals."""
    from include.warehouse.performance import CONTEST, performance

    engine = serving.warehouse()
    return MetricsResponse(
        prospective=[Performance(**row) for row in performance(engine, service, target, month)],
        contests=[Performance(**row) for row in performance(engine, service, target, month, CONTEST)],
    )


@router.get("/data-quality", responses=documented(404))
def data_quality(serving: ServingDep, service: Service, month: Month) -> DataQualityResponse:
    """A month's verdict, validations, cleaning, drift and waivers."""
    from include.warehouse.quality import months_with_quality, quality_of

    found = quality_of(serving.warehouse(), service, month)
    if found is None:
        known = [held for of, held in months_with_quality(serving.warehouse()) if of == service]
        raise Refusal(404, f"nothing is known about {service} {month}; known months: {', '.join(known) or 'none yet'}")
    return DataQualityResponse(**found)


@router.get("/experiments")
def experiments(
    serving: ServingDep,
    service: Service | None = None,
    target: Target | None = None,
    family: Annotated[str | None, Query(max_length=32, pattern="^[a-z0-9_]+$")] = None,
    month: Month | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=FARTHEST)] = 0,
) -> ExperimentsResponse:
    """Every fit that was recorded, the newest month first, the best of each target first."""
    from include.warehouse.experiments import experiments as fits

    page = fits(serving.warehouse(), service, target, family, month, limit, offset)
    return ExperimentsResponse(
        total=page.total, offset=page.offset, experiments=[Experiment(**row) for row in page.rows]
    )
