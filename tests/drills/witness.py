"""A client that asks for the same quote all the time, and remembers whatever was not an answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from fastapi.testclient import TestClient

from include.config import Settings
from include.serving.api import create_app

EVERY_SECONDS = 0.2
TRIP = {"pickup_zone": 132, "dropoff_zone": 230, "pickup_datetime": "2019-03-14T18:30:00", "passenger_count": 1}


def quote(settings: Settings) -> dict[str, Any]:
    """Target -> what the API answers for it, without the version's number. httpx.HTTPError when it does not answer."""
    address = f"http://127.0.0.1:{settings.api_port}/predict"
    return _targets(httpx.post(address, json=_trip(settings), timeout=10).raise_for_status().json())


def quote_in_process(settings: Settings) -> dict[str, Any]:
    """The same from the home alone, without a running service."""
    with TestClient(create_app(settings)) as client:
        return _targets(client.post("/predict", json=_trip(settings)).raise_for_status().json())


def _trip(settings: Settings) -> dict[str, Any]:
    return TRIP | {"service": settings.service}


def _targets(answer: dict[str, Any]) -> dict[str, Any]:
    targets = {name: part for name, part in answer.items() if isinstance(part, dict)}
    return {name: {k: v for k, v in part.items() if k != "model"} for name, part in targets.items()}


class Witness:
    """`answers` holds, by target, each answer that differed from the one before; `faults` what went wrong."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.asked = settings, 0
        self.answers: dict[str, list[Any]] = {}
        self.faults: list[str] = []
        self._over = threading.Event()

    def watch(self) -> None:
        """Asks until it is over."""
        while not self._over.is_set():
            try:
                answer = quote(self.settings)
            except (httpx.HTTPError, json.JSONDecodeError) as fault:
                self.faults.append(f"request {self.asked}: {type(fault).__name__}: {fault}")
                answer = {}
            for target, part in answer.items():
                said = self.answers.setdefault(target, [])
                if not said or said[-1] != part:
                    said.append(part)
            self.asked += 1
            self._over.wait(EVERY_SECONDS)

    @contextmanager
    def watching(self) -> Iterator[Witness]:
        """A thread that asks while the block runs."""
        thread = threading.Thread(target=self.watch, name="witness")
        thread.start()
        try:
            yield self
        finally:
            self._over.set()
            thread.join()

    def confirms(self, before: dict[str, Any], after: dict[str, Any]) -> None:
        """Every request was answered, by the old champion first, and by the new one from some moment on."""
        assert self.asked > 1
        assert self.faults == []
        for target, said in self.answers.items():
            promoted = before[target] != after[target]
            assert said == ([before[target], after[target]] if promoted else [before[target]]), target
