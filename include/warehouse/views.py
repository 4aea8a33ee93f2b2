"""Views for the usual questions, made after the newest migration; a changed one is a new migration, if an empty one."""

from __future__ import annotations

from sqlalchemy import Connection, text

HOUR = {"sqlite": "CAST(strftime('%H', pickup_at) AS INTEGER)", "mysql": "HOUR(pickup_at)"}
WEEKDAY = {"sqlite": "(CAST(strftime('%w', pickup_at) AS INTEGER) + 6) % 7", "mysql": "WEEKDAY(pickup_at)"}
"""Monday is 0, as in the features."""

VIEWS = {
    "daily_trips": """
        SELECT service, month, DATE(pickup_at) AS day, COUNT(*) AS trips, SUM(total_usd) AS revenue_usd,
               AVG(distance_mi) AS mean_distance_mi, AVG(fare_usd) AS mean_fare_usd
        FROM processed_taxi_trips GROUP BY service, month, DATE(pickup_at)""",
    "zone_hour_demand": """
        SELECT service, month, pickup_zone, {weekday} AS weekday, {hour} AS hour, COUNT(*) AS trips
        FROM processed_taxi_trips GROUP BY service, month, pickup_zone, {weekday}, {hour}""",
    "quality_trend": """
        SELECT service, month, suite, COUNT(*) AS expectations, SUM(CASE WHEN success THEN 0 ELSE 1 END) AS broken,
               SUM(CASE WHEN success OR severity <> 'critical' THEN 0 ELSE 1 END) AS broken_critical,
               MAX(unexpected_percent) AS worst_percent
        FROM data_quality_metrics GROUP BY service, month, suite""",
    "leaderboard": """
        SELECT service, target, month, family, loss_tune, mae_tune, fit_seconds, run_id,
               RANK() OVER (PARTITION BY service, target, month ORDER BY loss_tune) AS place
        FROM experiment_runs""",
    "prospective_accuracy": """
        SELECT registry.service, registry.target, scored.month, scored.model_name, scored.version, registry.family,
               scored.mae, scored.rmse, scored.within_2, scored.within_5, scored.coverage, scored.rows_scored
        FROM model_performance AS scored
        JOIN model_registry AS registry ON registry.model_name = scored.model_name
                                       AND registry.version = scored.version
        WHERE scored.role = 'champion'""",
}
"""`prospective_accuracy`: each standing champion on the month that came after its own test month."""


def create_views(connection: Connection) -> None:
    """Makes every view as it is written here, in place of an earlier one."""
    dialect = "sqlite" if connection.dialect.name == "sqlite" else "mysql"
    for name, query in VIEWS.items():
        connection.execute(text(f"DROP VIEW IF EXISTS {name}"))
        connection.execute(text(f"CREATE VIEW {name} AS {query.format(hour=HOUR[dialect], weekday=WEEKDAY[dialect])}"))
