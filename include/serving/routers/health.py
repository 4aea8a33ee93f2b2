"""`GET /health`, and its two short forms for an orchestrator."""

from __future__ import annotations

from fastapi import APIRouter, Response

from include.serving.context import Serving, ServingDep
from include.serving.problems import documented
from include.serving.schemas import Dependency, HealthResponse

router = APIRouter(tags=["health"], responses=documented(500))


@router.get("/health")
async def health(serving: ServingDep) -> HealthResponse:
    """Whether predictions are answered, by which models, and what is wrong; 200 as long as the process lives."""
    return health_of(serving)


@router.get("/health/live", responses={200: {"description": "the process answers"}})
async def live() -> dict[str, bool]:
    """Restart the process when this does not answer."""
    return {"live": True}


@router.get("/health/ready", responses={503: {"description": "no service can be quoted", "model": HealthResponse}})
async def ready(serving: ServingDep, response: Response) -> HealthResponse:
    """Send requests here while this answers 200."""
    found = health_of(serving)
    if not found.ready:
        response.status_code = 503
    return found


def health_of(serving: Serving) -> HealthResponse:
    """From memory alone: no database and no network is asked."""
    loader = serving.loader
    models = {champion.pointer.model_name: champion.label for champion in loader.champions.values()}
    status = "degraded" if loader.problems else "ok" if models else "no_champion"
    return HealthResponse(
        status=status, ready=bool(models), models=models, problems=list(loader.problems.values()),
        dependencies={"prediction_log": Dependency(**serving.recorder.health())},
    )  # fmt: skip
