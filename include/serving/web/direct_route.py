"""A route whose function takes the request and gives the answer's bytes, for the two endpoints that are asked most.

Its OpenAPI text is declared beside it. FastAPI's own way from socket to function and back costs as much as a
prediction, so a shortcut leads past it.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from include.errors import TaxiError
from include.serving.web.problems import problem_of


class DirectRoute(APIRoute):
    """Calls its function with the request; parameters of any other kind are not filled in."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        return self.endpoint


class Shortcut:
    """Calls the functions of direct routes before the framework looks for a route; everything else goes on to it."""

    def __init__(self, app: ASGIApp, routes: list[BaseRoute]) -> None:
        self.app = app
        self.functions = {
            (method, route.path): route.endpoint
            for route in routes if isinstance(route, DirectRoute) for method in route.methods
        }  # fmt: skip

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        function = self.functions.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        if function is None:
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            response = await function(request)
        except (HTTPException, TaxiError) as error:
            response = problem_of(error, request)
        await response(scope, receive, send)


class Answer(Response):
    """Bytes that are sent as they are: the framework's own response spends a tenth of a prediction on its headers."""

    def __init__(self, content: bytes, media_type: str) -> None:
        self.status_code, self.body, self.background = 200, content, None
        self.raw_headers = [(b"content-length", b"%d" % len(content)), (b"content-type", media_type.encode())]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body})


async def body_of(request: Request) -> bytes:
    """The whole body, mostly of one message. ClientDisconnect when the client goes before its end."""
    parts: list[bytes] = []
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts) if len(parts) > 1 else parts[0]


def takes(content: Mapping[str, type[BaseModel] | dict[str, Any]]) -> dict[str, Any]:
    """`openapi_extra` of a function that reads its body itself: media type -> its model, or a schema written out."""
    schemas = {
        media: {"schema": _reference(model) if isinstance(model, type) else model} for media, model in content.items()
    }
    return {"requestBody": {"required": True, "content": schemas}}


def _reference(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{model.__name__}"}
