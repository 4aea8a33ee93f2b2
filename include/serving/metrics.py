"""What /prometheus shows: counted here while requests pass, or read from the parts of the service when it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from include.serving.guard.access_log import Finished
from include.serving.log.rows import QUANTITIES, Told

if TYPE_CHECKING:
    from include.serving.context import Serving
    from include.serving.log.prediction_log import PredictionLog

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
TARGETS = (*QUANTITIES, "high_tip")


class Metrics:
    """The figures of one application, in a registry of its own: two applications in a process do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter("taxi_requests", "Requests by route, method and status",
                                 ["route", "method", "status"], registry=self.registry)  # fmt: skip
        self._seconds = Histogram("taxi_request_seconds", "Time from a request's first byte to its answer",
                                  ["route"], registry=self.registry, buckets=SECONDS)  # fmt: skip
        self._predictions = Counter("taxi_predictions", "Predictions given, by service, target and degraded",
                                    ["service", "target", "degraded"], registry=self.registry)  # fmt: skip
        self._known: dict[tuple[str, str, int], tuple[Any, Any]] = {}
        self._given: dict[tuple[str, str, str], Any] = {}

    def finished(self, request: Finished) -> None:
        """Counts one request; routes are templates, so their number does not grow."""
        key = request.route, request.method, request.status
        if key not in self._known:
            counter = self._requests.labels(request.route, request.method, str(request.status))
            self._known[key] = counter, self._seconds.labels(request.route)
        counter, seconds = self._known[key]
        counter.inc()
        seconds.observe(request.seconds)

    def told(self, told: Told) -> None:
        """Counts predictions; called by the log's writer, off the request path."""
        counts: dict[tuple[str, str, str], int] = {}
        for _, trip, answer in told.answers:
            degraded = "true" if answer["degraded"] else "false"
            for target in TARGETS:
                if answer.get(target):
                    label = trip.service, target, degraded
                    counts[label] = counts.get(label, 0) + 1
        for label, number in counts.items():
            if label not in self._given:
                self._given[label] = self._predictions.labels(*label)
            self._given[label].inc(number)

    def watch(self, collect: Callable[[], Iterable[Metric]]) -> None:
        """Adds figures that are read when they are asked for."""
        self.registry.register(_Read(collect))

    def text(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)


class _Read(Collector):
    def __init__(self, collect: Callable[[], Iterable[Metric]]) -> None:
        self._collect = collect

    def collect(self) -> Iterable[Metric]:
        return self._collect()


def log_figures(log: PredictionLog) -> Iterator[Metric]:
    """What became of the answers on their way to the prediction log."""
    state = log.state
    yield GaugeMetricFamily("taxi_log_queue_rows", "Answers that wait in memory", log.writer.depth())
    yield GaugeMetricFamily("taxi_log_spool_bytes", "Answers that wait on disk", log.writer.spool.size())
    yield CounterMetricFamily("taxi_log_spooled_rows", "Answers written to the spool", state.spooled)
    yield CounterMetricFamily("taxi_log_shipped_rows", "Answers sent to the warehouse", state.shipped)
    dropped = CounterMetricFamily("taxi_log_dropped_rows", "Answers that are in no log, by reason", labels=["reason"])
    for reason, rows in state.dropped_by_reason().items():
        dropped.add_metric([reason], rows)
    yield dropped


def champion_figures(serving: Serving) -> Iterator[Metric]:
    """Who answers, what it learnt from, and how often a champion could not be loaded."""
    info = GaugeMetricFamily("taxi_champion_info", "1 for each model that answers",
                             labels=["model", "version", "family", "trained_to"])  # fmt: skip
    loaded = GaugeMetricFamily("taxi_champion_loaded_timestamp_seconds", "When it was loaded", labels=["model"])
    for champion in serving.loader.champions.values():
        card, pointer = champion.bundle.card, champion.pointer
        info.add_metric([pointer.model_name, str(pointer.version), card.family, card.trained_to], 1)
        loaded.add_metric([pointer.model_name], serving.loaded_at.get(pointer.model_name, 0.0))
    yield from (info, loaded)
    yield CounterMetricFamily("taxi_reload_failures", "Tries to load a champion that failed", serving.failures)
    yield GaugeMetricFamily("taxi_reload_problems", "Champions that cannot be loaded now", len(serving.loader.problems))
