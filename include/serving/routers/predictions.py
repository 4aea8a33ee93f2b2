"""`POST /predict` and `POST /predict/batch`."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError
from pydantic_core import to_json

from include.serving.context import Serving, serving_of
from include.serving.quotes.quote import quote
from include.serving.quotes.trips import Trip, trip_of
from include.serving.schemas import BatchRequest, BatchResponse, PredictionRequest, PredictionResponse
from include.serving.web.csv_trips import ANSWER_COLUMNS, FIELDS, read_trips, write_answers
from include.serving.web.direct_route import Answer, DirectRoute, body_of, takes
from include.serving.web.negotiation import CSV, JSON, answer_type, body_type
from include.serving.web.problems import Refusal, documented, field_errors, in_words, request_id_of, shown

INLINE_ROWS = 200
"""A larger batch is answered in a thread, so that single quotes do not wait for it."""
REFUSALS = documented(400, 401, 403, 404, 408, 413, 415, 422, 429, 500, 503)
CSV_IN = {"type": "string", "description": f"a header with some of {', '.join(FIELDS)}, and a row for each trip"}
CSV_OUT = {"type": "string", "description": f"columns {', '.join(ANSWER_COLUMNS)}"}
router = APIRouter(route_class=DirectRoute, tags=["predictions"])


@router.post(
    "/predict", response_model=PredictionResponse, responses=REFUSALS,
    openapi_extra=takes({JSON: PredictionRequest}),
)  # fmt: skip
async def predict(request: Request) -> Response:
    """Duration, fare, chance of a high tip, surcharges and total of one trip, before it begins."""
    body_type(request, (JSON,))
    serving, body = serving_of(request), await body_of(request)
    try:
        asked = PredictionRequest.model_validate_json(body)
    except ValidationError as error:
        raise _refused(error) from None
    trip = trip_of(asked)
    _require_service(serving, trip.service)
    answered = quote(serving.loader, [(request_id_of(request), trip)])
    serving.recorder.record(answered)
    return Answer(to_json(answered[0].answer), JSON)


@router.post(
    "/predict/batch", response_model=BatchResponse,
    responses=REFUSALS | documented(406) | {200: {"content": {CSV: {"schema": CSV_OUT}}}},
    openapi_extra=takes({JSON: BatchRequest, CSV: CSV_IN}),
)  # fmt: skip
async def predict_batch(request: Request) -> Response:
    """The same for up to 10,000 trips, as JSON or CSV; a row that is not valid gets its faults, the others answers."""
    given, wanted = body_type(request, (JSON, CSV)), answer_type(request, (JSON, CSV))
    serving, body, request_id = serving_of(request), await body_of(request), request_id_of(request)
    rows = read_trips(body) if given == CSV else _json_rows(body)
    if len(rows) <= INLINE_ROWS:
        content = _answers(serving, rows, request_id, wanted)
    else:
        content = await asyncio.to_thread(_answers, serving, rows, request_id, wanted)
    return Answer(content, wanted if wanted == JSON else f"{wanted}; charset=utf-8")


def _json_rows(body: bytes) -> list[dict[str, Any]]:
    try:
        return BatchRequest.model_validate_json(body).trips
    except ValidationError as error:
        raise _refused(error) from None


def _answers(serving: Serving, rows: list[dict[str, Any]], request_id: str, wanted: str) -> bytes:
    results = answer_rows(serving, rows, request_id)
    return write_answers(results) if wanted == CSV else to_json({"predictions": results})


def answer_rows(serving: Serving, rows: list[dict[str, Any]], request_id: str) -> list[dict[str, Any]]:
    """Per row an answer, or `{"error": ...}` for a row that is not valid; one matrix per service."""
    results: list[dict[str, Any]] = [{} for _ in rows]
    by_service: dict[str, list[tuple[int, Trip]]] = {}
    for place, row in enumerate(rows):
        found = _trip_or_faults(serving, row)
        if isinstance(found, Trip):
            by_service.setdefault(found.service, []).append((place, found))
        else:
            results[place] = {"error": found}
    for trips in by_service.values():
        answered = quote(serving.loader, [(f"{request_id}-{place}", trip) for place, trip in trips])
        serving.recorder.record(answered)
        for (place, _), one in zip(trips, answered, strict=True):
            results[place] = one.answer
    return results


def _trip_or_faults(serving: Serving, row: dict[str, Any]) -> Trip | list[dict[str, str]]:
    try:
        trip = trip_of(PredictionRequest.model_validate(row))
        _require_service(serving, trip.service)
    except ValidationError as error:
        return field_errors(error.errors(include_url=False))
    except Refusal as refused:
        return refused.errors
    return trip


def _refused(error: ValidationError) -> Refusal:
    faults = field_errors(error.errors(include_url=False))
    return Refusal(422, in_words(faults), faults)


def _require_service(serving: Serving, service: str) -> None:
    served = serving.loader.served()
    if service not in served:
        listed = ", ".join(served) or "none yet (run the pipeline first)"
        said = f"service {service!r} has no champion; services served: {listed}"
        raise Refusal(404, said, [{"field": "service", "value": shown(service), "expected": f"one of {listed}"}])
