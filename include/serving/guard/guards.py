"""What stands around the application: CORS, the guard of every request, and the one of keys and limits."""

from __future__ import annotations

from fastapi import FastAPI

from include.serving.context import Serving
from include.serving.guard.access import HEADER, AccessGuard
from include.serving.guard.access_log import Finished
from include.serving.guard.middleware import RequestGuard
from include.serving.log.prediction_log import PredictionLog
from include.serving.metrics import champion_figures, log_figures
from include.serving.web.direct_route import Shortcut


def answer_log(serving: Serving) -> PredictionLog:
    """The prediction log of the settings, which tells the metrics what was predicted."""
    log = PredictionLog(serving.settings, serving.metrics.told)
    serving.metrics.watch(lambda: log_figures(log))
    return log


def add_guards(app: FastAPI, serving: Serving) -> None:
    """Adds them, from the innermost out; call it when every route is there."""
    settings = serving.settings
    serving.metrics.watch(lambda: champion_figures(serving))

    def finished(request: Finished) -> None:
        serving.metrics.finished(request)
        serving.access_log.note(request)

    paths = [path for route in app.routes if (path := getattr(route, "path", ""))]
    app.add_middleware(Shortcut, routes=app.routes)
    app.add_middleware(AccessGuard, ring=serving.ring, limit=settings.requests_allowed)
    app.add_middleware(RequestGuard, seconds=settings.request_seconds, paths=paths, finished=finished)
    if settings.allowed_origins:
        from starlette.middleware.cors import CORSMiddleware

        app.add_middleware(
            CORSMiddleware, allow_origins=settings.allowed_origins, allow_methods=["GET", "POST"],
            allow_headers=[HEADER, "Content-Type", "X-Request-Id"],
            expose_headers=["X-Request-Id", "RateLimit", "RateLimit-Policy", "Retry-After"],
        )  # fmt: skip
