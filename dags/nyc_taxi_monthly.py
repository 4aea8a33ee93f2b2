"""One DAG per taxi service: a published month becomes a champion that answers. Wiring only."""

from __future__ import annotations

from datetime import UTC, datetime, time

import steps
from airflow.sdk import DAG, CronPartitionTimetable, Param, dag
from taxi_airflow.alerts import run_failed
from taxi_airflow.assets import assets_of
from taxi_airflow.deadline import month_deadline
from taxi_airflow.policy import phase, task_defaults

from include.config import SERVICES, Settings, get_settings

MONTH = "{{ dag_run.partition_key }}"
DOC = """
### Monthly pipeline of {service} trips

`ingest` lands the published file and makes it canonical, `validate` holds it against its Great Expectations suite and
quarantines impossible rows, and writes the month's quality report, `features` computes what is known at the moment of
the quote and checks it, `train` fits every model family on earlier months, in parallel, and `register` lets the best
one meet the champion on this month, and writes the champions' model cards.

The partition key is the month, `YYYY-MM`: trigger with one, or backfill a range of months. TLC publishes about two
months late, so the run of 5 November is September's, and waits for its file. Doing a month again replaces it and
changes nothing else. With TAXI_APPROVAL a promotion waits for an answer under Required Actions.
"""
PARAMS = {
    "train": Param(
        "newest", type="string", enum=["newest", "always", "never"], title="Train models",
        values_display={"newest": "if this is the newest month", "always": "always", "never": "never, data only"},
        description_md="`newest` trains unless a later month is in the lake, or is named below.",
    ),
    "newest_month": Param(
        None, type=["null", "string"], pattern=r"^(\d{4}-(0[1-9]|1[0-2]))?$", title="Newest month",
        description_md="`YYYY-MM`: the last month of a backfill, so that earlier ones do not train. Empty: the latest "
        "month that is in the lake.",
    ),
}  # fmt: skip


def monthly(service: str, settings: Settings) -> DAG:
    """The DAG of one service."""
    start, made = settings.schedule_from, assets_of(service)

    @dag(
        dag_id=f"nyc_taxi_{service}_monthly",
        schedule=CronPartitionTimetable("0 0 5 * *", timezone="UTC", run_offset=-2, key_format="%Y-%m"),
        start_date=datetime.combine(start, time(), UTC) if start else None,
        catchup=False,
        tags=["nyc-taxi", service, "monthly"],
        doc_md=DOC.format(service=service),
        default_args=task_defaults(),
        deadline=month_deadline(service, settings),
        on_failure_callback=run_failed,
        params=PARAMS,
    )
    def pipeline() -> None:
        with phase("ingest") as ingest:
            published = steps.await_publication(service, MONTH)
            ingested = steps.ingest_month.override(outlets=[made.raw])(service, MONTH)
            published >> steps.land_month(service, MONTH) >> ingested
        with phase("validate") as validate:
            cleaned = steps.clean_month.override(inlets=[made.raw], outlets=[made.clean])(service, MONTH)
            steps.validate_month(service, MONTH) >> cleaned >> steps.assess_month(service, MONTH)
        with phase("features") as features:
            built = steps.build_feature_month.override(inlets=[made.clean], outlets=[made.features])(service, MONTH)
            built >> steps.validate_feature_month(service, MONTH)
        with phase("train"):
            newest = steps.await_earlier_months(MONTH, "{{ params.train }}", "{{ params.newest_month or '' }}")
            plan = steps.plan_training(service, MONTH, "{{ params.train }}", newest)
            fitted = steps.fit_family.partial(plan=plan).expand(family=list(settings.families))
            steps.explore.partial(plan=plan).expand(view=["dimensions", "clusters"])
        with phase("register"):
            registered = steps.register(service, MONTH, plan, fitted, settings)
            steps.report_registered(plan, registered) >> steps.write_champion_cards(service, MONTH)
            announced = steps.announce_champion.override(inlets=[made.features, made.champion], outlets=[made.champion])
            registered >> announced(service, MONTH, made.champion)
        ingest >> validate >> features >> newest

    return pipeline()


for _service in SERVICES:
    globals()[f"nyc_taxi_{_service}_monthly"] = monthly(_service, get_settings())
