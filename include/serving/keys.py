"""Which requests need an API key, and whether theirs is known."""

from __future__ import annotations

import hmac

from starlette.types import ASGIApp, Receive, Scope, Send

from include.serving.problems import problem

OPEN_PATHS = ("/health", "/docs", "/openapi.json", "/static/")
"""Paths, and beginnings of paths, that anybody may ask."""


class KeyGuard:
    """Answers 401 to a closed path without a known key; without any keys everything is open."""

    def __init__(self, app: ASGIApp, keys: tuple[str, ...]) -> None:
        self.app, self.keys = app, [key.encode() for key in keys]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.keys and scope["type"] == "http" and not scope["path"].startswith(OPEN_PATHS):
            given = dict(scope["headers"]).get(b"x-api-key", b"")
            if not any(hmac.compare_digest(given, key) for key in self.keys):
                refused = problem(401, "Send a known key as X-API-Key.", scope["state"]["request_id"])
                await refused(scope, receive, send)
                return
        await self.app(scope, receive, send)
