"""The prediction service. `python -m include.serving.api` runs it on TAXI_BIND:TAXI_API_PORT."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from include.config import Settings, get_settings
from include.errors import TaxiError
from include.serving.context import Serving
from include.serving.guard.access import KeyRing
from include.serving.guard.guards import add_guards, answer_log
from include.serving.log.recording import Recorder
from include.serving.model_loader import ModelLoader
from include.serving.routers import ask, health, insights, model_cards, models, operations, predictions
from include.serving.watch import WarehouseWatch
from include.serving.web.docs_page import add_docs
from include.serving.web.openapi import add_openapi
from include.serving.web.problems import add_problems
from include.utils.logs import configure, get_logger

SUMMARY = "New York taxi trips: how long, and what the meter will say"
FIRST_LOOK_SECONDS, WATCH_SECONDS = 1, 15
"""When the warehouse is looked at: the libraries for it are loaded after the first requests were answered."""
COLLECTED_AFTER = (20_000, 20, 20)
"""Objects, and rounds of younger ones, after which cycles are looked for. A request makes a few hundred objects and no
cycle; by Python's own numbers the search takes a tenth of its time."""
DRAIN_SECONDS = 20
"""How long a service that was asked to end waits for the requests that it has begun."""


def create_app(settings: Settings | None = None, recorder: Recorder | None = None) -> FastAPI:
    """The application over the champions of a lake; who is champion is looked up again every `reload_seconds`."""
    settings = settings or get_settings()
    serving = Serving(settings, ModelLoader(settings), KeyRing(settings))
    serving.recorder = recorder or answer_log(serving)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        serving.refresh()
        serving.access_log.start()
        await serving.recorder.start()
        rounds = [
            asyncio.create_task(poll_champions(serving, settings.reload_seconds)),
            asyncio.create_task(watch_warehouse(serving.warehouse_watch)),
        ]
        yield
        for task in rounds:
            task.cancel()
        await asyncio.gather(*rounds, return_exceptions=True)
        await serving.recorder.stop()
        serving.access_log.stop()

    app = FastAPI(title="Smart Analytics", summary=SUMMARY, lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.serving = serving
    for part in (predictions, models, model_cards, insights, ask, health, operations):
        app.include_router(part.router)
    add_docs(app)
    add_guards(app, serving)
    add_problems(app)
    add_openapi(app)
    return app


async def poll_champions(loader: Serving | ModelLoader, seconds: float) -> None:
    """Looks for new champions while the service runs; a round that fails is logged and followed by the next."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await asyncio.to_thread(loader.refresh)
        except Exception as fault:  # noqa: BLE001 - whatever a storage raises, the last good champions answer on
            get_logger(phase="serve").error(
                "champions could not be looked up", reason=f"{type(fault).__name__}: {fault}"
            )


async def watch_warehouse(watch: WarehouseWatch) -> None:
    """Looks at the warehouse while the service runs, for `/health`; the first time when the service has begun."""
    while True:
        await asyncio.sleep(WATCH_SECONDS if watch.looked else FIRST_LOOK_SECONDS)
        await asyncio.to_thread(watch.look)


def main() -> None:
    """Runs the service; refuses to start open to others without keys."""
    import uvicorn

    configure()
    try:
        settings = get_settings()
        settings.refuse_open_api()
        app = create_app(settings)
    except TaxiError as error:
        sys.exit(f"error: {error}")
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)
    uvicorn.run(app, host=settings.bind, port=settings.api_port, access_log=False,
                log_level="warning", server_header=False, timeout_graceful_shutdown=DRAIN_SECONDS)  # fmt: skip


if __name__ == "__main__":
    main()
