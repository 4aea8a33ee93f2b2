"""Around every request: its id, the limits of its size and time, the headers of its answer, a problem where the service
fails, and a note of how it went.

Plain ASGI: the framework's own base class costs a request as much as the prediction does.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Collection
from itertools import count
from time import perf_counter, time
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from include.serving.guard.access_log import Finished
from include.serving.log.rows import ASKED, Asked
from include.serving.web.docs_page import SECURITY_HEADERS
from include.serving.web.problems import Refusal, problem
from include.utils.logs import get_logger

MAX_BODY = 4_000_000
"""Bytes of a request; 10,000 trips take about 1.5 million."""
TOO_LARGE = f"At most {MAX_BODY:,} bytes are taken; send fewer trips."
ADMIN_SECONDS = 150.0
"""A rollback waits for a month that is being registered, and ends by itself before that."""
CLIENT_LEFT = 499
"""Status in logs, never sent, of a request whose client went away."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
FOLDERS = {"/static/": "/static", "/model-cards/": "/model-cards/{name}/{version}"}
"""Beginning of a path that has values inside it -> what logs and metrics call it."""
_HEADERS = [(name.encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]
_OWN = {b"content-security-policy", b"cache-control"}
"""Headers that an answer may set otherwise."""


class RequestGuard:
    """Gives `request.state.request_id` and ASKED; `finished` is told of every request, by a template of `paths`."""

    def __init__(
        self, app: ASGIApp, seconds: float, paths: Collection[str], finished: Callable[[Finished], None]
    ) -> None:
        self.app, self.seconds, self.paths, self.finished = app, seconds, frozenset(paths), finished

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = Asked(time(), perf_counter())
        ASKED.set(asked)
        exchange = Exchange(scope, receive, send)
        try:
            await self._answer(exchange)
        finally:
            seconds = perf_counter() - asked.started
            self.finished(Finished(
                asked.at + seconds, exchange.request_id, scope["method"] if scope["method"] in METHODS else "other",
                self._route(scope["path"]), exchange.status, seconds, asked.api_key,
            ))  # fmt: skip

    def _route(self, path: str) -> str:
        """What logs and metrics call a path: never what a client made up, nor a value inside it."""
        folder = next((name for start, name in FOLDERS.items() if path.startswith(start)), "unmatched")
        return path if path in self.paths else folder

    async def _answer(self, exchange: Exchange) -> None:
        length = exchange.headers.get(b"content-length", b"0")
        if not length.isdigit():
            await exchange.refuse(400, "Content-Length is no number.")
            return
        if int(length) > MAX_BODY:
            await exchange.refuse(413, TOO_LARGE)
            return
        try:
            async with asyncio.timeout(self._patience(exchange.scope["path"])) as clock:
                await self.app(exchange.scope, exchange.receive, exchange.send)
        except ClientDisconnect:
            exchange.status = CLIENT_LEFT
        except Exception as fault:  # noqa: BLE001 - whatever it is, the client gets an answer and the log the fault
            if isinstance(fault, TimeoutError) and clock.expired():
                await exchange.expire(self.seconds)
            else:
                await exchange.fail(fault)

    def _patience(self, path: str) -> float:
        return ADMIN_SECONDS if path.startswith("/admin/") else self.seconds


class Exchange:
    """One request and its answer; `receive` and `send` stand between server and application."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope, self._receive, self._send = scope, receive, send
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self.request_id = printable(self.headers.get(b"x-request-id", b"")) or _new_id()
        scope.setdefault("state", {})["request_id"] = self.request_id
        self.status, self._taken = CLIENT_LEFT, 0
        self._whole = b"content-length" not in self.headers and b"transfer-encoding" not in self.headers

    async def receive(self) -> Message:
        """A part of the body; Refusal (413) once too much has come, whatever length was announced."""
        message = await self._receive()
        if message["type"] == "http.request":
            self._taken += len(message.get("body", b""))
            self._whole = not message.get("more_body", False)
            if self._taken > MAX_BODY:
                raise Refusal(413, TOO_LARGE, headers={"connection": "close"})
        return message

    async def send(self, message: Message) -> None:
        """A part of the answer, with the headers that every answer has."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            _add_headers(message, self.request_id)
        await self._send(message)

    async def refuse(self, status: int, detail: str) -> None:
        """Answers with a problem."""
        await problem(status, detail, self.request_id)(self.scope, self.receive, self.send)

    async def expire(self, seconds: float) -> None:
        """The time is over: the client's, when its body is not whole yet, else ours. TimeoutError once begun."""
        if self.status != CLIENT_LEFT:
            raise TimeoutError(f"answer {self.request_id} was not sent within {seconds:g} s")
        if self._whole:
            await self.refuse(503, f"No answer within {seconds:g} s (TAXI_REQUEST_SECONDS); ask for less, or again.")
        else:
            await self.refuse(408, f"The body did not come within {seconds:g} s (TAXI_REQUEST_SECONDS).")

    async def fail(self, fault: Exception) -> None:
        """The fault is logged with the request's id, which is all that the client is told; raised once begun."""
        get_logger(phase="serve").exception("request failed", request_id=self.request_id, fault=type(fault).__name__)
        if self.status != CLIENT_LEFT:
            raise fault
        await self.refuse(500, "It is not the request's fault; report the request id.")


_START, _NUMBERS = secrets.token_hex(8), count()
"""Ids are unique without asking the system for random bytes, a call for every request."""


def _new_id() -> str:
    """32 hexadecimal digits: this process, then the request's number in it."""
    return f"{_START}{next(_NUMBERS):016x}"


def printable(given: bytes) -> str:
    """A client's own id for its request: up to 64 letters, digits, `-`, `_`, `.`, `:`; "" for any other."""
    text = given[:64].decode("latin-1")
    return text if text and all((c.isalnum() and c.isascii()) or c in "-_.:" for c in text) else ""


def _add_headers(message: Message, request_id: str) -> None:
    headers: list[Any] = list(message.get("headers", ()))
    own = {name for name, _ in headers} & _OWN
    headers += [pair for pair in _HEADERS if pair[0] not in own] if own else _HEADERS
    headers.append((b"x-request-id", request_id.encode()))
    message["headers"] = headers
