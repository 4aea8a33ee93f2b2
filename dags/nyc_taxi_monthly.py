"""One DAG per taxi service: a published month becomes a champion that answers. Wiring only."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import steps
from airflow.sdk import DAG, CronPartitionTimetable, Param, TaskGroup, dag

from include.config import SERVICES, Settings, get_settings

MONTH = "{{ dag_run.partition_key }}"
DOC = """
### Monthly pipeline of {service} trips

`ingest` lands the published file and makes it canonical, `validate` holds it against its Great Expectations suite and
quarantines impossible rows, and writes the month's quality report, `features` computes what is known at the moment of
the quote and checks it, `train` fits every model family on earlier months, in parallel, and `register` lets the best
one meet the champion on this month.

The partition key is the month, `YYYY-MM`: trigger with one, or backfill a range of months. TLC publishes about two
months late, so the run of 5 November is September's, and waits for its file. Doing a month again replaces it and
changes nothing else.
"""


def monthly(service: str, settings: Settings) -> DAG:
    """The DAG of one service."""
    start = settings.schedule_from

    @dag(
        dag_id=f"nyc_taxi_{service}_monthly",
        schedule=CronPartitionTimetable("0 0 5 * *", timezone="UTC", run_offset=-2, key_format="%Y-%m"),
        start_date=datetime.combine(start, time(), UTC) if start else None,
        catchup=False,
        tags=["nyc-taxi", service, "monthly"],
        doc_md=DOC.format(service=service),
        default_args={"retries": 2, "retry_delay": timedelta(seconds=15), "execution_timeout": timedelta(hours=3)},
        params={
            "train": Param("newest", type="string", enum=["newest", "always", "never"],
                           description="newest: train unless a later month is there or named below"),
            "newest_month": Param("", type="string", pattern=r"^(\d{4}-\d{2})?$",
                                  description="last month of this backfill; earlier ones skip training"),
        },
    )  # fmt: skip
    def pipeline() -> None:
        with TaskGroup("ingest") as ingest:
            published = steps.await_publication(service, MONTH)
            published >> steps.land_month(service, MONTH) >> steps.ingest_month(service, MONTH)
        with TaskGroup("validate") as validate:
            cleaned = steps.validate_month(service, MONTH) >> steps.clean_month(service, MONTH)
            cleaned >> steps.assess_month(service, MONTH)
        with TaskGroup("features") as features:
            steps.build_feature_month(service, MONTH) >> steps.validate_feature_month(service, MONTH)
        with TaskGroup("train"):
            newest = steps.await_earlier_months(MONTH, "{{ params.train }}", "{{ params.newest_month or '' }}")
            plan = steps.plan_training(service, MONTH, "{{ params.train }}", newest)
            fitted = steps.fit_family.partial(plan=plan).expand(family=list(settings.families))
            steps.explore.partial(plan=plan).expand(view=["dimensions", "clusters"])
        with TaskGroup("register"):
            steps.report_registered(plan, steps.register_best(plan, fitted))
        ingest >> validate >> features >> plan

    return pipeline()


for _service in SERVICES:
    globals()[f"nyc_taxi_{_service}_monthly"] = monthly(_service, get_settings())
