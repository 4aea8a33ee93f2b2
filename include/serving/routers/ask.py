"""`POST /ask`: a question in English about models, months and documents, answered with its sources."""

from __future__ import annotations

from fastapi import APIRouter, Request

from include.serving.context import ServingDep
from include.serving.schemas import AskRequest, AskResponse
from include.serving.web.problems import documented, request_id_of

router = APIRouter(tags=["insights"], responses=documented(401, 403, 408, 413, 422, 429, 500, 503))


@router.post("/ask")
def ask(asked: AskRequest, serving: ServingDep, request: Request) -> AskResponse:
    """Figures from the warehouse, words from the documentation; `abstained` where neither knows. Nothing is written."""
    answer = serving.assistant().query(asked.question, asked.service)
    return AskResponse(**answer.as_dict(), request_id=request_id_of(request))
