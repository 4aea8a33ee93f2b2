"""The warehouse for Prometheus. `python -m include.monitoring.exporter` answers on TAXI_BIND:TAXI_EXPORTER_PORT."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from include.config import get_settings
from include.errors import TaxiError
from include.monitoring.gather import read_figures
from include.utils.logs import configure, get_logger
from include.warehouse.engine import get_engine

ROUND_SECONDS = 60


class Figures(Collector):
    """What was last read of the warehouse. `look` reads in the background, `collect` answers from memory, so no scrape
    waits for a database; while it is away the last figures stay, and their age and `taxi_warehouse_up` say so."""

    def __init__(self, read: Callable[[], list[Metric]]) -> None:
        self._read = read
        self._figures: list[Metric] = []
        self._up, self._read_at, self._seconds = False, 0.0, 0.0

    def look(self) -> None:
        """One reading; never raises."""
        began = time.monotonic()
        try:
            self._figures = self._read()
        except Exception as fault:  # noqa: BLE001 - drivers raise what they like, and the next look must come
            if self._up or not self._read_at:
                get_logger(phase="monitor").error("the warehouse cannot be read", reason=str(fault))
            self._up = False
            return
        self._up, self._read_at, self._seconds = True, time.time(), time.monotonic() - began

    def collect(self) -> Iterator[Metric]:
        """Whether the warehouse answers, when it last did, how long that took, and what was found."""
        yield GaugeMetricFamily("taxi_warehouse_up", "1 while the last reading succeeded", self._up)
        yield GaugeMetricFamily(
            "taxi_warehouse_read_timestamp_seconds", "When it was last read; 0: never", self._read_at
        )
        yield GaugeMetricFamily("taxi_warehouse_read_seconds", "How long that took", self._seconds)
        yield from self._figures

    def describe(self) -> Iterable[Metric]:
        """Nothing: a registry that asks must not wait for the first reading."""
        return ()


def main() -> None:
    """Reads once a minute, and answers /metrics in between; ends with the process."""
    configure()
    try:
        settings = get_settings()
        engine = get_engine(settings)
    except TaxiError as error:
        sys.exit(f"error: {error}")
    figures = Figures(partial(read_figures, engine, settings))
    registry = CollectorRegistry()
    registry.register(figures)
    try:
        start_http_server(settings.exporter_port, settings.bind, registry)
    except OSError as fault:
        sys.exit(
            f"error: {settings.bind}:{settings.exporter_port} cannot be listened on, {fault}. Set TAXI_EXPORTER_PORT."
        )
    while True:
        figures.look()
        time.sleep(ROUND_SECONDS)


if __name__ == "__main__":
    main()
