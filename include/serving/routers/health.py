"""`GET /health`, and its two short forms for an orchestrator."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request, Response

from include.models.bundle import model_name
from include.serving.context import Serving, ServingDep
from include.serving.guard.access import key_in
from include.serving.schemas import Dependency, HealthResponse
from include.serving.web.problems import documented

router = APIRouter(tags=["health"], responses=documented(500))


@router.get("/health")
async def health(serving: ServingDep, request: Request) -> HealthResponse:
    """Whether predictions are answered, by which models, and what is wrong; 200 as long as the process lives."""
    return _shown_to(request, serving, health_of(serving))


@router.get("/health/live", responses={200: {"description": "the process answers"}})
async def live() -> dict[str, bool]:
    """Restart the process when this does not answer."""
    return {"live": True}


@router.get("/health/ready", responses={503: {"description": "no service can be quoted", "model": HealthResponse}})
async def ready(serving: ServingDep, request: Request, response: Response) -> HealthResponse:
    """Send requests here while this answers 200."""
    found = health_of(serving)
    if not found.ready:
        response.status_code = 503
    return _shown_to(request, serving, found)


def _shown_to(request: Request, serving: Serving, found: HealthResponse) -> HealthResponse:
    """Details name files and addresses: with keys, only one of scope read is told them."""
    if serving.ring.opens(key_in(dict(request.scope["headers"])), "read"):
        return found
    hidden = {name: Dependency(status=seen.status) for name, seen in found.dependencies.items()}
    said = [f"{len(found.problems)} problems; a key of scope read is told which"] if found.problems else []
    return found.model_copy(update={"problems": said, "dependencies": hidden})


def health_of(serving: Serving) -> HealthResponse:
    """From memory alone: no database and no network is asked."""
    line_up = serving.loader.line_up
    models = {champion.pointer.model_name: champion.label for champion in line_up.champions.values()}
    models |= {model_name(*key): stand_in.label for key, stand_in in line_up.stand_ins.items()}
    status: Literal["ok", "degraded", "no_champion"] = "no_champion"
    if models:
        status = "degraded" if line_up.problems else "ok"
    return HealthResponse(
        status=status, ready=bool(models), models=models, problems=serving.problems(),
        dependencies={
            "champions": _champions(serving), "cache": _cache(serving), "warehouse": serving.warehouse_watch.seen,
            "prediction_log": Dependency(**serving.recorder.health()),
        },
    )  # fmt: skip


def _champions(serving: Serving) -> Dependency:
    """The registry or the lake, as the last round found them."""
    line_up, origin = serving.loader.line_up, serving.loader.origin
    if serving.loader.source_problem:
        return Dependency(status="away", detail=serving.loader.source_problem)
    if line_up.problems:
        return Dependency(status="degraded", detail=f"{len(line_up.problems)} of {origin} cannot be used")
    return Dependency(status="ok", detail=origin)


def _cache(serving: Serving) -> Dependency:
    problem = serving.loader.cache_problem
    return Dependency(status="degraded", detail=problem) if problem else Dependency(status="ok")
