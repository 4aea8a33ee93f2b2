"""`POST /predict` and `POST /predict/batch`."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError
from pydantic_core import to_json

from include.serving.context import Serving, serving_of
from include.serving.direct_route import DirectRoute, takes
from include.serving.problems import Refusal, documented, field_errors, in_words, request_id_of, shown
from include.serving.recording import Answered
from include.serving.schemas import BatchRequest, BatchResponse, PredictionRequest, PredictionResponse
from include.serving.trips import Trip, trip_of

INLINE_ROWS = 200
"""A larger batch is answered in a thread, so that single quotes do not wait for it."""
JSON = "application/json"
REFUSALS = documented(401, 404, 411, 413, 415, 422, 500)
router = APIRouter(route_class=DirectRoute, tags=["predictions"])


@router.post(
    "/predict", response_model=PredictionResponse, responses=REFUSALS,
    openapi_extra=takes(application_json=PredictionRequest),
)  # fmt: skip
async def predict(request: Request) -> Response:
    """Duration, fare and chance of a high tip of one trip, before it begins."""
    _require_json(request)
    serving, body = serving_of(request), await request.body()
    try:
        trip = trip_of(PredictionRequest.model_validate_json(body))
    except ValidationError as error:
        faults = field_errors(error.errors(include_url=False))
        raise Refusal(422, in_words(faults), faults) from None
    _require_service(serving, trip.service)
    answered = answer_trips(serving, [(request_id_of(request), trip)])
    serving.recorder.record(answered)
    return Response(to_json(answered[0].answer), media_type=JSON)


@router.post(
    "/predict/batch", response_model=BatchResponse, responses=REFUSALS,
    openapi_extra=takes(application_json=BatchRequest),
)  # fmt: skip
async def predict_batch(request: Request) -> Response:
    """The same for up to 10,000 trips; a row that is not valid gets its faults, and costs the others nothing."""
    _require_json(request)
    serving, body, request_id = serving_of(request), await request.body(), request_id_of(request)
    try:
        rows = BatchRequest.model_validate_json(body).trips
    except ValidationError as error:
        faults = field_errors(error.errors(include_url=False))
        raise Refusal(422, in_words(faults), faults) from None
    if len(rows) <= INLINE_ROWS:
        results = _answer_rows(serving, rows, request_id)
    else:
        results = await asyncio.to_thread(_answer_rows, serving, rows, request_id)
    return Response(to_json({"predictions": results}), media_type=JSON)


def answer_trips(serving: Serving, trips: list[tuple[str, Trip]]) -> list[Answered]:
    """Trips of one service with their request ids -> their answers, in order."""
    answers = serving.loader.predict([trip for _, trip in trips])
    return [
        Answered(request_id, trip, answer | {"request_id": request_id})
        for (request_id, trip), answer in zip(trips, answers, strict=True)
    ]


def _answer_rows(serving: Serving, rows: list[dict[str, Any]], request_id: str) -> list[dict[str, Any]]:
    """Per row an answer, or `{"error": ...}` for a row that is not valid; one matrix per service."""
    results: list[dict[str, Any]] = [{} for _ in rows]
    by_service: dict[str, list[tuple[str, Trip]]] = {}
    places: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        try:
            trip = trip_of(PredictionRequest.model_validate(row))
            _require_service(serving, trip.service)
        except ValidationError as error:
            results[place] = {"error": field_errors(error.errors(include_url=False))}
        except Refusal as refused:
            fault = {"field": "service", "value": shown(row.get("service")), "expected": refused.detail}
            results[place] = {"error": refused.errors or [fault]}
        else:
            by_service.setdefault(trip.service, []).append((f"{request_id}-{place}", trip))
            places.setdefault(trip.service, []).append(place)
    for service, trips in by_service.items():
        answered = answer_trips(serving, trips)
        serving.recorder.record(answered)
        for place, one in zip(places[service], answered, strict=True):
            results[place] = one.answer
    return results


def _require_service(serving: Serving, service: str) -> None:
    served = serving.loader.served()
    if service not in served:
        listed = ", ".join(served) or "none yet (run the pipeline first)"
        raise Refusal(404, f"service {service!r} has no champion; services served: {listed}")


def _require_json(request: Request) -> None:
    kind = request.headers.get("content-type", JSON).partition(";")[0].strip().lower()
    if kind != JSON:
        raise Refusal(415, f"Content-Type {kind!r} is not taken; send {JSON}.")
