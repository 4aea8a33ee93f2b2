"""The prediction service. `python -m include.serving.api` runs it on TAXI_BIND:TAXI_API_PORT."""

from __future__ import annotations

import asyncio
import hmac
import reprlib
import sys
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException as StarletteHTTPException

from include.config import Settings, get_settings
from include.errors import TaxiError
from include.serving.docs_page import SECURITY_HEADERS, add_docs
from include.serving.model_loader import ModelLoader
from include.serving.schemas import BatchRequest, HealthResponse, ModelInfo, PredictionRequest, PredictionResponse
from include.utils.logs import configure, get_logger

PROBLEM = "application/problem+json"
MAX_BODY = 4_000_000
"""Bytes of a request; 10,000 trips take about 1.5 million."""
MAX_ERRORS = 5
INLINE_ROWS = 200
"""A larger batch is answered in a thread, so that single quotes do not wait for it."""
SHORT = reprlib.Repr()
"""Shows the beginning and the end of a value of any size."""


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application over the champions of a lake; pointers are read again every `reload_seconds`."""
    settings = settings or get_settings()
    loader = ModelLoader(settings.lake)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        loader.refresh()
        poll = asyncio.create_task(_poll(loader, settings.reload_seconds))
        yield
        poll.cancel()
        with suppress(asyncio.CancelledError):
            await poll

    app = FastAPI(title="Smart Analytics", summary="New York taxi trips: how long, and what the meter will say",
                  lifespan=lifespan, docs_url=None, redoc_url=None)  # fmt: skip
    _add_guards(app, settings)
    add_docs(app)
    _add_problems(app)
    _add_routes(app, loader)
    return app


async def _poll(loader: ModelLoader, seconds: float) -> None:
    """Looks for new champions while the service runs; a round that fails is logged and followed by the next."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await asyncio.to_thread(loader.refresh)
        except Exception as fault:  # noqa: BLE001 - whatever a storage raises, the last good champions answer on
            get_logger(phase="serve").error(
                "champions could not be looked up", reason=f"{type(fault).__name__}: {fault}"
            )


def _add_guards(app: FastAPI, settings: Settings) -> None:
    keys = [key.encode() for key in settings.accepted_api_keys]

    @app.middleware("http")
    async def guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        request.state.request_id = request.headers.get("x-request-id", "")[:64] or uuid.uuid4().hex
        given = request.headers.get("x-api-key", "").encode()
        closed = keys and request.url.path in ("/predict", "/predict/batch", "/model-info")
        if closed and not any(hmac.compare_digest(given, key) for key in keys):
            response: Response = _problem(request, 401, "API key missing or unknown", "Send a known key as X-API-Key.")
        elif not request.headers.get("content-length", "0").isdigit() or "transfer-encoding" in request.headers:
            response = _problem(request, 411, "Length required", "Send the body whole, with its Content-Length.")
        elif int(request.headers.get("content-length", "0")) > MAX_BODY:
            response = _problem(
                request, 413, "Body too large", f"At most {MAX_BODY:,} bytes are taken; send fewer trips."
            )
        else:
            response = await call_next(request)
        response.headers["x-request-id"] = request.state.request_id
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        return response


def _problem(request: Request, status: int, title: str, detail: str, errors: Any = None) -> JSONResponse:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail,
            "request_id": getattr(request.state, "request_id", "")}  # fmt: skip
    return JSONResponse(body | ({"errors": errors} if errors else {}), status, media_type=PROBLEM)


def _field_errors(errors: Any) -> list[dict[str, Any]]:
    """The first MAX_ERRORS faults of a request or row; values are shortened before they are written out."""
    return [
        {"field": ".".join(str(part)[:40] for part in e["loc"] if part != "body"), "value": SHORT.repr(e.get("input")),
         "expected": e["msg"].removeprefix("Value error, ")}
        for e in errors[:MAX_ERRORS]
    ]  # fmt: skip


def _add_problems(app: FastAPI) -> None:
    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        errors = _field_errors(error.errors())
        said = "; ".join(f"{e['field']}={e['value']}: {e['expected']}" for e in errors)
        return _problem(request, 422, "The request is not valid", said, errors)

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> JSONResponse:
        shown = getattr(request.state, "request_id", "")
        get_logger(phase="serve").exception("request failed", request_id=shown, fault=type(error).__name__)
        return _problem(request, 500, "The service failed", "It is not the request's fault; report the request id.")

    @app.exception_handler(StarletteHTTPException)
    async def refused(request: Request, error: StarletteHTTPException) -> JSONResponse:
        title = "Not found" if error.status_code == 404 else "Refused"
        return _problem(request, error.status_code, title, str(error.detail))


def _add_routes(app: FastAPI, loader: ModelLoader) -> None:
    @app.get("/health")
    async def health() -> HealthResponse:
        models = {champion.pointer.model_name: champion.label for champion in loader.champions.values()}
        status = "degraded" if loader.problems else "ok" if models else "no_champion"
        return HealthResponse(status=status, ready=bool(models), models=models, problems=list(loader.problems.values()))

    @app.get("/model-info")
    async def model_info() -> list[ModelInfo]:
        return [
            ModelInfo(
                name=c.pointer.model_name, version=c.pointer.version, service=c.bundle.card.service,
                target=c.bundle.card.target, family=c.bundle.card.family, features=list(c.bundle.card.features),
                feature_code=c.bundle.card.feature_code, trained_to=c.bundle.card.trained_to,
                test_month=c.pointer.test_month, promoted_at=c.pointer.promoted_at, months=c.bundle.card.months,
                metrics=c.bundle.card.metrics,
            )
            for c in loader.champions.values()
        ]  # fmt: skip

    @app.post("/predict")
    async def predict(trip: PredictionRequest, request: Request) -> PredictionResponse:
        _require_service(loader, trip.service)
        (answer,) = loader.predict([trip])
        return _response(answer, request.state.request_id)

    @app.post("/predict/batch")
    async def predict_batch(batch: BatchRequest, request: Request) -> dict[str, list[Any]]:
        rows, request_id = batch.trips, request.state.request_id
        if len(rows) <= INLINE_ROWS:
            return {"predictions": _predict_rows(loader, rows, request_id)}
        return {"predictions": await asyncio.to_thread(_predict_rows, loader, rows, request_id)}


def _require_service(loader: ModelLoader, service: str) -> None:
    if service not in loader.served():
        served = ", ".join(loader.served()) or "none yet (run the pipeline first)"
        raise HTTPException(404, f"service {service!r} has no champion; services served: {served}")


def _response(answer: dict[str, Any], request_id: str) -> PredictionResponse:
    return PredictionResponse(**answer, request_id=request_id)


def _predict_rows(loader: ModelLoader, rows: list[dict[str, object]], request_id: str) -> list[Any]:
    """Per row an answer, or `{"error": ...}` for a row that is not valid; one matrix per service."""
    results: list[Any] = [None] * len(rows)
    by_service: dict[str, list[tuple[int, PredictionRequest]]] = {}
    for place, row in enumerate(rows):
        try:
            trip = PredictionRequest.model_validate(row)
            _require_service(loader, trip.service)
            by_service.setdefault(trip.service, []).append((place, trip))
        except ValidationError as error:
            results[place] = {"error": _field_errors(error.errors())}
        except HTTPException as error:
            results[place] = {
                "error": [{"field": "service", "value": SHORT.repr(row.get("service")), "expected": error.detail}]
            }
    for trips in by_service.values():
        for (place, _), answer in zip(trips, loader.predict([trip for _, trip in trips]), strict=True):
            results[place] = _response(answer, f"{request_id}-{place}")
    return results


def main() -> None:
    """Runs the service; refuses to start open to others without keys."""
    import uvicorn

    configure()
    try:
        settings = get_settings()
        settings.refuse_open_api()
    except TaxiError as error:
        sys.exit(f"error: {error}")
    uvicorn.run(create_app(settings), host=settings.bind, port=settings.api_port, access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
