"""Around every request: its id, its size, the security headers of its answer, and a problem where the service fails.

Plain ASGI: the framework's own base class costs a request as much as the prediction does.
"""

from __future__ import annotations

import uuid
from collections.abc import MutableMapping
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from include.serving.docs_page import SECURITY_HEADERS
from include.serving.problems import problem
from include.utils.logs import get_logger

MAX_BODY = 4_000_000
"""Bytes of a request; 10,000 trips take about 1.5 million."""
_HEADERS = [(name.encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]
_POLICY = b"content-security-policy"


class RequestGuard:
    """Gives `request.state.request_id`, refuses bodies that are too large or of unknown length, adds the headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        request_id = printable(headers.get(b"x-request-id", b"")) or uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        started = False

        async def answer(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                _add_headers(message, request_id)
            await send(message)

        refused = refusal(headers)
        if refused:
            await problem(*refused, request_id)(scope, receive, answer)
            return
        try:
            await self.app(scope, receive, answer)
        except Exception as fault:
            get_logger(phase="serve").exception("request failed", request_id=request_id, fault=type(fault).__name__)
            if started:
                raise
            said = "It is not the request's fault; report the request id."
            await problem(500, said, request_id)(scope, receive, answer)


def refusal(headers: MutableMapping[bytes, bytes]) -> tuple[int, str] | None:
    """Status and reason for a body that is not read; None for one that is."""
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or b"transfer-encoding" in headers:
        return 411, "Send the body whole, with its Content-Length."
    if int(length) > MAX_BODY:
        return 413, f"At most {MAX_BODY:,} bytes are taken; send fewer trips."
    return None


def printable(given: bytes) -> str:
    """A client's own id for its request: up to 64 letters, digits, `-`, `_`, `.`, `:`; "" for any other."""
    text = given[:64].decode("latin-1")
    return text if text and all((c.isalnum() and c.isascii()) or c in "-_.:" for c in text) else ""


def _add_headers(message: Message, request_id: str) -> None:
    headers: list[Any] = list(message.get("headers", ()))
    own_policy = any(name == _POLICY for name, _ in headers)
    headers += [pair for pair in _HEADERS if not (own_policy and pair[0] == _POLICY)]
    headers.append((b"x-request-id", request_id.encode()))
    message["headers"] = headers
