"""Who is champion, how old it is, and what its users got, as gauges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from prometheus_client.core import GaugeMetricFamily, Metric

from include.models.bundle import model_name
from include.monitoring.band import upper_end
from include.trips.month import Month
from include.warehouse.reading import Row

OF_MODEL = ["service", "target", "model"]
LOSS = "the loss that decides: minutes, dollars, or log loss"


class Standing(NamedTuple):
    """A model's champion, the newest month of its service, and losses by month, the oldest first: those that users met,
    and the baseline's."""

    service: str
    target: str
    champion: Row | None
    newest: Month | None
    prospective: Sequence[Row]
    baseline: Sequence[Row]

    @property
    def labels(self) -> list[str]:
        """Values of OF_MODEL."""
        return [self.service, self.target, model_name(self.service, self.target)]

    @property
    def age(self) -> int | None:
        """Months from the last one that the champion learnt from to the newest that is done."""
        if self.champion is None or self.newest is None:
            return None
        return self.newest.ordinal - Month.parse(self.champion["trained_to"]).ordinal

    @property
    def bound(self) -> float | None:
        """What the newest loss would exceed by chance once in 200 months; None with too few earlier months."""
        return upper_end([row["loss"] for row in self.prospective[:-1]])

    def baseline_of(self, month: str) -> float | None:
        """The baseline's loss on a month."""
        return next((row["loss"] for row in self.baseline if row["month"] == month), None)


def champion_figures(models: Iterable[Standing], stale_months: int) -> Iterator[Metric]:
    """Version, age, and whether it is the baseline itself; None where a model has no champion."""
    known = [model for model in models if model.champion]
    yield _gauge("taxi_champion_version", "Version of the champion by the promotion log",
                 [(model.labels, model.champion["version"]) for model in known if model.champion])  # fmt: skip
    yield _gauge("taxi_champion_is_baseline", "1 where no family beat the baseline",
                 [(model.labels, model.champion["is_baseline"]) for model in known if model.champion])  # fmt: skip
    yield _gauge("taxi_champion_age_months", "Months from the last one it learnt from to the newest that is done",
                 [(model.labels, model.age) for model in known])  # fmt: skip
    yield GaugeMetricFamily("taxi_champion_stale_after_months", "Age from which an equal may replace it", stale_months)


def error_figures(models: Iterable[Standing]) -> Iterator[Metric]:
    """Of the newest month that came after its champion was chosen: the loss, its bound, the baseline's, coverage."""
    last = [(model, model.prospective[-1]) for model in models if model.prospective]
    yield _gauge("taxi_prospective_loss", f"Champion on the newest month that came after it, {LOSS}",
                 [(model.labels, row["loss"]) for model, row in last])  # fmt: skip
    yield _gauge("taxi_prospective_loss_bound", "What that loss exceeds by chance once in 200 months",
                 [(model.labels, model.bound) for model, _ in last])  # fmt: skip
    yield _gauge("taxi_baseline_loss", f"Baseline on the same month, {LOSS}",
                 [(model.labels, model.baseline_of(row["month"])) for model, row in last])  # fmt: skip
    yield _gauge("taxi_prospective_coverage", "Share of that month's trips inside their 80 % interval",
                 [(model.labels, row["coverage"]) for model, row in last])  # fmt: skip


def error_by_month_figures(models: Iterable[Standing], months: int) -> Iterator[Metric]:
    """The same losses of the newest months, one series each."""
    found = [(model, row) for model in models for row in model.prospective[-months:]]
    labels = [*OF_MODEL, "month"]
    yield _gauge("taxi_prospective_loss_by_month", f"Champions on months that came after them, {LOSS}",
                 [([*model.labels, row["month"]], row["loss"]) for model, row in found], labels)  # fmt: skip
    yield _gauge(
        "taxi_baseline_loss_by_month",
        f"Baseline on the same months, {LOSS}",
        [([*model.labels, row["month"]], model.baseline_of(row["month"])) for model, row in found],
        labels,
    )


def _gauge(
    name: str, meaning: str, values: Iterable[tuple[list[str], Any]], labels: Sequence[str] = OF_MODEL
) -> Metric:
    """What is not known has no series."""
    family = GaugeMetricFamily(name, meaning, labels=labels)
    for labelled, value in values:
        if value is not None:
            family.add_metric(labelled, float(value))
    return family
