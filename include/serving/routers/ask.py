"""`POST /ask`: a question in English about models, months and documents, answered with its sources."""

from __future__ import annotations

from threading import BoundedSemaphore

from fastapi import APIRouter, Request

from include.serving.context import ServingDep
from include.serving.schemas import AskRequest, AskResponse
from include.serving.web.problems import Refusal, documented, request_id_of

AT_ONCE = 8
"""Questions of a process that are worked on. A language model may take TAXI_LLM_TIMEOUT_S for each, and the threads are
those of `/metrics`, `/data-quality` and the others too: forty."""
_turns = BoundedSemaphore(AT_ONCE)

router = APIRouter(tags=["insights"], responses=documented(400, 401, 403, 408, 413, 422, 429, 500, 503))


@router.post("/ask")
def ask(asked: AskRequest, serving: ServingDep, request: Request) -> AskResponse:
    """Figures from the warehouse, words from the documentation; `abstained` where neither knows. Nothing is written."""
    if not _turns.acquire(blocking=False):
        raise Refusal(503, f"{AT_ONCE} questions are being answered; ask again in 2 s.", headers={"retry-after": "2"})
    try:
        answer = serving.assistant().query(asked.question, asked.service)
    finally:
        _turns.release()
    return AskResponse(**answer.as_dict(), request_id=request_id_of(request))
