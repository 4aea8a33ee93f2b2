"""Users of the service, for `make load` and `make soak`: mostly single quotes, some batches, somebody who looks.

    locust -f tests/load/locustfile.py --host http://127.0.0.1:8000 --headless -u 16 -t 30s

An answer is a failure unless it is a 200 with a duration in it.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from locust import FastHttpUser, constant_pacing, task

BATCH_ROWS = 100
ZONES = range(1, 264)
FIRST = datetime(2019, 3, 1)


def trip(service: str, chance: random.Random) -> dict[str, Any]:
    """A made-up trip of any zones, in any minute of a month."""
    return {
        "service": service, "pickup_zone": chance.choice(ZONES), "dropoff_zone": chance.choice(ZONES),
        "pickup_datetime": (FIRST + timedelta(minutes=chance.randrange(30 * 1440))).isoformat(),
        "passenger_count": chance.randrange(7),
    }  # fmt: skip


class Rider(FastHttpUser):
    """Asks ten times a second, for the first service that is quoted."""

    wait_time = constant_pacing(0.1)
    numbers = iter(range(1_000_000))

    def on_start(self) -> None:
        """Looks which services there are."""
        self.chance = random.Random(next(self.numbers))
        self.service = self.client.get("/model-info").json()[0]["service"]

    @task(40)
    def quote(self) -> None:
        """One trip."""
        with self.client.post("/predict", json=trip(self.service, self.chance), catch_response=True) as answer:
            if answer.status_code == 200 and not answer.json()["duration_min"]:
                answer.failure("no duration")

    @task(2)
    def batch(self) -> None:
        """A hundred trips."""
        trips = [trip(self.service, self.chance) for _ in range(BATCH_ROWS)]
        with self.client.post("/predict/batch", json={"trips": trips}, catch_response=True) as answer:
            if answer.status_code == 200 and not all(said.get("duration_min") for said in answer.json()["predictions"]):
                answer.failure("a trip without a duration")

    @task(1)
    def look(self) -> None:
        """How it is."""
        self.client.get("/health")
