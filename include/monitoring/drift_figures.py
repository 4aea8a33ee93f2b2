"""How far the newest month of each service is from the months before it, as gauges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from prometheus_client.core import GaugeMetricFamily, Metric

from include.warehouse.reading import Row

VERDICTS = ("ok", "known", "warning", "alarm", "insufficient_history")
MEASURED = ("psi", "ks")
"""Metrics that are distances; the others say that something is there or is not."""


def drift_figures(newest: Mapping[str, Sequence[Row]]) -> Iterator[Metric]:
    """From every comparison of each service's newest month: distances of its columns over all trips, and verdicts."""
    distance = GaugeMetricFamily("taxi_drift", "Distance of a column of the newest month from earlier ones",
                                 labels=["service", "column", "metric"])  # fmt: skip
    limit = GaugeMetricFamily("taxi_drift_limit", "The distance allowed", labels=["service", "column", "metric"])
    verdicts = GaugeMetricFamily("taxi_drift_comparisons", "Comparisons of the newest month, segments too, by verdict",
                                 labels=["service", "verdict"])  # fmt: skip
    for service, rows in newest.items():
        for row in rows:
            labels = [service, row["column_name"], row["metric"]]
            if row["segment"] == "month" and row["metric"] in MEASURED and row["value"] is not None:
                distance.add_metric(labels, row["value"])
                limit.add_metric(labels, row["limit_value"])
        counted = Counter(row["verdict"] for row in rows)
        for verdict in VERDICTS:
            verdicts.add_metric([service, verdict], counted[verdict])
    yield from (distance, limit, verdicts)


def drift_by_month_figures(services: Mapping[str, Sequence[Row]], months: int) -> Iterator[Metric]:
    """Columns of the newest months, over all trips, that drifted without a known reason."""
    family = GaugeMetricFamily("taxi_drifted_columns_by_month", "Columns that drifted, by verdict",
                               labels=["service", "month", "verdict"])  # fmt: skip
    for service, rows in services.items():
        for month in sorted({row["month"] for row in rows})[-months:]:
            for verdict in ("warning", "alarm"):
                columns = {row["column_name"] for row in rows if (row["month"], row["verdict"]) == (month, verdict)}
                family.add_metric([service, month, verdict], len(columns))
    yield family
