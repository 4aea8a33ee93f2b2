"""`GET /model-info`: who answers."""

from __future__ import annotations

from fastapi import APIRouter

from include.serving.context import ServingDep
from include.serving.schemas import ModelInfo
from include.serving.web.problems import documented

router = APIRouter(tags=["models"], responses=documented(401, 403, 429, 500, 503))


@router.get("/model-info")
async def model_info(serving: ServingDep) -> list[ModelInfo]:
    """Every champion that answers, what it learnt from and how good it was."""
    return [
        ModelInfo(
            name=c.pointer.model_name, version=c.pointer.version, service=c.bundle.card.service,
            target=c.bundle.card.target, family=c.bundle.card.family, features=list(c.bundle.card.features),
            feature_code=c.bundle.card.feature_code, trained_to=c.bundle.card.trained_to,
            test_month=c.pointer.test_month, promoted_at=c.pointer.promoted_at, months=c.bundle.card.months,
            metrics=c.bundle.card.metrics,
        )
        for c in serving.loader.champions.values()
    ]  # fmt: skip
