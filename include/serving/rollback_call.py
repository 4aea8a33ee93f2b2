"""A rollback asked for over HTTP: `python -m include.models.rollback` as a process of its own.

It is the one implementation, with its lock, its log and MLflow's client, and the service itself stays without a
training library. Where that environment or the right to write the lake is not there (the service's own container has
neither, so that nobody who breaks into it can change what is served), it says who can do it instead.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import sys
from typing import Any
from urllib.parse import urlsplit

from include.config import ROOT, Settings
from include.serving.web.problems import Refusal

ROLLBACK_SECONDS = 120
"""A rollback takes seconds; it may wait for a month that is being registered."""
INSTEAD = 'Run it where the pipeline runs: make rollback MODEL=... REASON="..."'


def refuse_impossible(settings: Settings) -> None:
    """Refusal (501) where a rollback cannot be made from, with what to do instead."""
    if importlib.util.find_spec("mlflow") is None:
        raise Refusal(501, f"This service has no MLflow client, so it moves no champion. {INSTEAD}")
    local = not urlsplit(settings.lake).scheme
    if local and not os.access(settings.lake, os.W_OK):
        raise Refusal(501, f"This service may not write the lake, so it moves no champion. {INSTEAD}")


async def roll_back(settings: Settings, model: str, version: int | None, reason: str, actor: str) -> dict[str, Any]:
    """What the command says it did. Refusal: 409 for what cannot be, 503 for what may pass or took too long."""
    refuse_impossible(settings)
    command = [
        sys.executable,
        "-m",
        "include.models.rollback",
        f"--model={model}",
        f"--reason={reason}",
        f"--by={actor}",
    ]
    command += [f"--version={version}"] if version is not None else []
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env=_environment(settings), stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        told, errors = await asyncio.wait_for(process.communicate(), ROLLBACK_SECONDS)
    except TimeoutError:
        raise Refusal(503, f"No rollback within {ROLLBACK_SECONDS} s: a month may be registering. Ask again.") from None
    finally:
        if process.returncode is None:  # too late, or the client has gone: the next rollback finishes this one
            process.kill()
            await process.wait()
    if process.returncode:
        status = 409 if process.returncode == 1 else 503
        raise Refusal(status, _last_sentence(errors.decode(errors="replace")))
    return dict(json.loads(told.decode().splitlines()[-1]))


def _environment(settings: Settings) -> dict[str, str]:
    """The service's own variables, with its addresses made explicit."""
    return os.environ | {
        "PYTHONPATH": str(ROOT), "TAXI_HOME": str(settings.home), "TAXI_LAKE_URL": settings.lake,
        "TAXI_WAREHOUSE_URL": settings.warehouse, "MLFLOW_TRACKING_URI": settings.tracking_uri,
    }  # fmt: skip


def _last_sentence(errors: str) -> str:
    """What the command said in the end; no traceback, which may hold addresses with passwords."""
    said = [line.removeprefix("error: ") for line in errors.splitlines() if line.startswith("error: ")]
    return said[-1] if said else "The rollback failed; the service's log has its output."
