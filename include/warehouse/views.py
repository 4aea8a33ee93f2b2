"""Views for the usual questions, made after the newest migration; a changed one is a new migration, if an empty one."""

from __future__ import annotations

from sqlalchemy import Connection, text

HOUR = {"sqlite": "CAST(strftime('%H', pickup_at) AS INTEGER)", "mysql": "HOUR(pickup_at)"}
WEEKDAY = {"sqlite": "(CAST(strftime('%w', pickup_at) AS INTEGER) + 6) % 7", "mysql": "WEEKDAY(pickup_at)"}
"""Monday is 0, as in the features."""
MONTHS_APART = " - ".join(
    f"(CAST(SUBSTR({month}, 1, 4) AS SIGNED) * 12 + CAST(SUBSTR({month}, 6, 2) AS SIGNED))"
    for month in ("scored.month", "registry.trained_to")
)
"""Both databases understand it: SIGNED is MySQL's integer, and a number to SQLite."""

VIEWS = {
    "daily_trips": """
        SELECT service, month, DATE(pickup_at) AS day, COUNT(*) AS trips, SUM(total_usd) AS revenue_usd,
               AVG(distance_mi) AS mean_distance_mi, AVG(fare_usd) AS mean_fare_usd
        FROM processed_taxi_trips GROUP BY service, month, DATE(pickup_at)""",
    "zone_hour_demand": """
        SELECT service, month, pickup_zone, {weekday} AS weekday, {hour} AS hour, COUNT(*) AS trips
        FROM processed_taxi_trips GROUP BY service, month, pickup_zone, {weekday}, {hour}""",
    "quality_trend": """
        SELECT service, month, suite, COUNT(*) AS expectations,
               SUM(CASE WHEN success OR waived_by IS NOT NULL THEN 0 ELSE 1 END) AS broken,
               SUM(CASE WHEN success OR waived_by IS NOT NULL OR severity <> 'critical' THEN 0 ELSE 1 END)
                 AS broken_critical,
               SUM(CASE WHEN success OR waived_by IS NULL THEN 0 ELSE 1 END) AS waived,
               MAX(unexpected_percent) AS worst_percent
        FROM data_quality_metrics
        WHERE SUBSTR(suite, 1, LENGTH(service)) = service
          AND SUBSTR(suite, LENGTH(service) + 1) IN ('_raw', '_clean', '_features')
        GROUP BY service, month, suite""",
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
        WHERE scored.role = 'prospective'""",
    "error_by_age": """
        SELECT registry.service, registry.target, {months_apart} AS age_months, COUNT(*) AS months,
               SUM(scored.rows_scored) AS trips,
               SUM(scored.loss * scored.rows_scored) / SUM(scored.rows_scored) AS loss,
               SUM(CASE WHEN floor.loss > 0 THEN scored.loss * scored.rows_scored END)
                 / SUM(CASE WHEN floor.loss > 0 THEN floor.loss * scored.rows_scored END) AS loss_to_baseline
        FROM model_performance AS scored
        JOIN model_registry AS registry ON registry.model_name = scored.model_name
                                       AND registry.version = scored.version
        LEFT JOIN (SELECT model_name, month, MIN(loss) AS loss FROM model_performance WHERE role = 'baseline'
                   GROUP BY model_name, month) AS floor ON floor.model_name = scored.model_name
                                                       AND floor.month = scored.month
        WHERE scored.role = 'prospective' OR (scored.role IN ('challenger', 'baseline') AND scored.version > 0)
        GROUP BY registry.service, registry.target, {months_apart}""",
    "champion_history": """
        SELECT model_name, version_after AS version, decided_at AS champion_from,
               LEAD(decided_at) OVER (PARTITION BY model_name ORDER BY entry) AS champion_to, test_month,
               decision, actor, reason
        FROM promotion_log WHERE decision IN ('promote', 'promote_baseline', 'rollback')""",
    "prediction_volume": """
        SELECT DATE(asked_at) AS day, service, COUNT(*) AS answers, COUNT(DISTINCT answer_key) AS requests,
               AVG(CASE WHEN degraded THEN 1.0 ELSE 0.0 END) AS degraded_share
        FROM prediction_log GROUP BY DATE(asked_at), service""",
    "requested_trips": """
        SELECT DATE(asked_at) AS day, service, pickup_zone, {hour} AS hour, COUNT(*) AS trips
        FROM prediction_log GROUP BY DATE(asked_at), service, pickup_zone, {hour}""",
}
"""`quality_trend`: suites of expectations alone, not the report's figures; what is waived is not broken.

`prospective_accuracy`: each standing champion on the month that came after its own test month.

`error_by_age`: the loss that decides, also as a share of the baseline's, by months between the last one that a model
learnt from and the month it was scored on: 1 on its test month, three and more is what users meet.
`champion_history`: who answered when; without `champion_to` it still does.

`prediction_volume`, `requested_trips`: what the service was asked, by day (UTC); `hour` is that of the pick-up.
"""


def create_views(connection: Connection) -> None:
    """Makes every view as it is written here, in place of an earlier one."""
    dialect = "sqlite" if connection.dialect.name == "sqlite" else "mysql"
    terms = {"hour": HOUR[dialect], "weekday": WEEKDAY[dialect], "months_apart": MONTHS_APART}
    for name, query in VIEWS.items():
        connection.execute(text(f"DROP VIEW IF EXISTS {name}"))
        connection.execute(text(f"CREATE VIEW {name} AS {query.format(**terms)}"))
