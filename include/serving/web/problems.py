"""Errors as problem+json (RFC 9457): what was asked, what was expected, and the request id to report."""

from __future__ import annotations

import reprlib
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic_core import to_json
from starlette.exceptions import HTTPException

from include.errors import TaxiError
from include.serving.schemas import Problem

PROBLEM = "application/problem+json"
MAX_ERRORS = 5
SHORT = reprlib.Repr()
"""Shows the beginning and the end of a value of any size."""
TITLES = {
    400: "The request cannot be read", 401: "API key missing or unknown", 403: "The API key does not allow this",
    404: "Not found", 405: "Method not allowed", 406: "Not acceptable", 408: "Request timed out",
    409: "Not possible now", 413: "Body too large", 415: "Unsupported media type", 422: "The request is not valid",
    429: "Too many requests", 500: "The service failed", 501: "Not possible here", 503: "Not available now",
}  # fmt: skip


class Refusal(HTTPException):
    """A request that is refused, with the faults of its fields where there are any."""

    def __init__(
        self,
        status: int,
        detail: str,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail, headers)
        self.errors = [dict(error) for error in errors]


def problem(
    status: int, detail: str, request_id: str = "", errors: Sequence[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:  # fmt: skip
    """The answer to a request that is not fulfilled; its title goes with the status."""
    body = {"type": "about:blank", "title": TITLES.get(status, "Refused"), "status": status, "detail": detail,
            "request_id": request_id}  # fmt: skip
    return Response(to_json(body | ({"errors": errors} if errors else {})), status, headers, PROBLEM)


def field_errors(errors: Sequence[Any]) -> list[dict[str, str]]:
    """The first MAX_ERRORS faults that pydantic found; values are shortened before they are written out."""
    return [
        {"field": ".".join(str(part)[:40] for part in e["loc"] if part not in ("body", "query")),
         "value": shown(e.get("input")), "expected": e["msg"].removeprefix("Value error, ")}
        for e in errors[:MAX_ERRORS]
    ]  # fmt: skip


def _of_the_body(fault: Mapping[str, Any], body: Any) -> Mapping[str, Any]:
    """A body that is no JSON is told as such: the framework calls its field by a number and its value `{}`."""
    if fault["type"] != "json_invalid":
        return fault
    return {"loc": ("body",), "input": body, "msg": f"JSON is expected: {fault['ctx']['error']}"}


def shown(value: Any) -> str:
    """A value of any size and kind, short, and as text that UTF-8 can carry."""
    return SHORT.repr(value).encode("utf-8", "backslashreplace").decode()


def in_words(errors: Sequence[Mapping[str, str]]) -> str:
    """Faults of fields as one sentence."""
    return "; ".join(f"{e['field'] or 'body'}={e['value']}: {e['expected']}" for e in errors)


def request_id_of(request: Request) -> str:
    """The id that the middleware gave the request."""
    return str(getattr(request.state, "request_id", ""))


def add_problems(app: FastAPI) -> None:
    """Every refusal of the framework and of our own becomes a problem."""

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        errors = field_errors([_of_the_body(fault, error.body) for fault in error.errors()])
        return problem(422, in_words(errors), request_id_of(request), errors)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        return problem_of(error, request)

    @app.exception_handler(TaxiError)
    async def away(request: Request, error: TaxiError) -> Response:
        return problem_of(error, request)


def problem_of(error: HTTPException | TaxiError, request: Request) -> Response:
    """A refusal, or a fault of ours that was foreseen, as the client is told it."""
    if isinstance(error, TaxiError):
        return problem(503 if error.retryable else 500, str(error), request_id_of(request))
    errors = getattr(error, "errors", ())
    return problem(error.status_code, str(error.detail), request_id_of(request), errors, error.headers)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The refusals of an endpoint as OpenAPI responses."""
    content = {PROBLEM: {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}}
    return {status: {"description": TITLES[status], "content": content} for status in statuses}
