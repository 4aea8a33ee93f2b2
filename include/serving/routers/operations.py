"""`POST /admin/reload` and `POST /admin/rollback`, for keys of scope admin; `GET /prometheus`."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, ConfigDict, Field

from include.serving.context import Serving, ServingDep
from include.serving.log.rows import ASKED
from include.serving.metrics import CONTENT_TYPE
from include.serving.rollback_call import roll_back
from include.serving.web.problems import documented
from include.utils.logs import get_logger

router = APIRouter(tags=["operations"])


class Reloaded(BaseModel):
    """What answers after a reload."""

    models: dict[str, str] = Field(description="registered model -> `<name>/<version>`")
    problems: list[str]
    api_keys: int = Field(description="keys that are known; 0: the API is open")


class RollbackRequest(BaseModel):
    """Which model goes back, and why; without a version to the champion before this one."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"model": "nyc_taxi_yellow_duration_min", "reason": "wrong at JFK"}]},
    )

    model: str = Field(pattern=r"^nyc_taxi_[a-z]{1,8}_[a-z_]{1,32}$", description="a registered model")
    version: int | None = Field(default=None, ge=1, le=1_000_000_000, strict=True, description="a registered version")
    reason: str = Field(min_length=3, max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$", description="kept in the log")


class RolledBack(BaseModel):
    """What was done, and what answers now."""

    model: str
    champion: int | None
    since: str = Field(description="the newest month decided by then; the rollback holds for it")
    status: str
    answers_now: str | None = Field(description="`<name>/<version>` in this service's memory")


@router.post("/admin/reload", responses=documented(401, 403, 429, 500, 503))
async def reload(serving: ServingDep) -> Reloaded:
    """Looks for new champions and new API keys now, instead of at the next poll."""
    await asyncio.to_thread(serving.refresh)
    return Reloaded(models=_models(serving), problems=serving.problems(), api_keys=len(serving.ring.keys))


@router.post("/admin/rollback", responses=documented(400, 401, 403, 408, 409, 413, 422, 429, 500, 501, 503))
async def rollback(asked: RollbackRequest, serving: ServingDep) -> RolledBack:
    """The champion before this one (or a version by number) answers again, until a later month is decided."""
    by = ASKED.get()
    actor = f"api:{by.api_key if by else ''}"
    told = await roll_back(serving.settings, asked.model, asked.version, asked.reason, actor)
    get_logger(phase="serve").info("rolled back", model=asked.model, champion=told.get("champion"), by=actor)
    await asyncio.to_thread(serving.refresh)
    return RolledBack(**told, answers_now=_models(serving).get(asked.model))


@router.get("/prometheus", response_class=PlainTextResponse, responses=documented(401, 403, 429, 500))
async def prometheus(serving: ServingDep) -> Response:
    """Requests, predictions, champions and the prediction log in Prometheus' text format."""
    return Response(await asyncio.to_thread(serving.metrics.text), media_type=CONTENT_TYPE)


def _models(serving: Serving) -> dict[str, str]:
    return {champion.pointer.model_name: champion.label for champion in serving.loader.champions.values()}
