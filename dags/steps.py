"""The steps as Airflow tasks, one line each; how they run is in `taxi_airflow.policy`, what they do in `include`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import Asset, task
from taxi_airflow import assets
from taxi_airflow.approval import approval
from taxi_airflow.earlier_months import EarlierMonths
from taxi_airflow.publication import AwaitPublication
from taxi_airflow.run import run

from include.config import Settings

LOOK = timedelta(minutes=30)
"""One look, not the wait: that takes no time of the task's."""


def await_publication(service: str, month: str) -> AwaitPublication:
    """A scheduled run waits for the month's file, holding no worker; who asks for a month gets an answer at once."""
    return AwaitPublication(
        task_id="await_publication", service=service, month=month, execution_timeout=LOOK, pool="light",
        doc_md="Is the month published? A scheduled run waits for it, deferred; who asks for a month is told at once.",
    )  # fmt: skip


@task
def land_month(service: str, month: str) -> Any:
    """The published file, as it is."""
    return run("ingestion.ingest_data", "land_month", service, month)


@task
def ingest_month(service: str, month: str) -> Any:
    """The file as a canonical raw month."""
    return assets.made(month, run("ingestion.ingest_data", "ingest_month", service, month))


@task
def validate_month(service: str, month: str) -> Any:
    """The raw month against its Great Expectations suite."""
    return run("processing.validate_month", "validate_month", service, month)


@task
def clean_month(service: str, month: str) -> Any:
    """Impossible rows into quarantine."""
    return assets.made(month, run("processing.clean_data", "clean_month", service, month))


@task
def assess_month(service: str, month: str) -> Any:
    """The clean month against what cleaning promises, and the quality report."""
    return run("processing.assess_month", "assess_month", service, month)


@task
def build_feature_month(service: str, month: str) -> Any:
    """Features and labels of the clean month."""
    return assets.made(month, run("features.build_month", "build_feature_month", service, month))


@task
def validate_feature_month(service: str, month: str) -> Any:
    """The feature month against its Great Expectations suite."""
    return run("processing.validate_month", "validate_feature_month", service, month)


def await_earlier_months(month: str, train: str, newest_month: str) -> Any:
    """The newest month of the run's backfill, once the earlier ones are where this one's training needs them."""
    waits = EarlierMonths(
        task_id="await_earlier_months", month=month, train=train, newest_month=newest_month, pool="light",
        data_task="features.validate_feature_month", last_task="register.report_registered",
        doc_md="In a backfill, waits for the earlier months that this one's training needs, deferred.",
    )  # fmt: skip
    return waits.output


@task
def plan_training(service: str, month: str, train: str, newest_month: str) -> Any:
    """Which months train, or the reason why none does."""
    return run("models.train_all", "plan_training", service, month, train, newest_month=newest_month)


@task(map_index_template="{{ task.op_kwargs['family'] }}", doc_md="One family on every target.")
def fit_family(plan: Any, family: str) -> Any:
    """One family on every target."""
    return run("models.train_all", "fit_family", plan, family)


@task(map_index_template="{{ task.op_kwargs['view'] }}", doc_md="The window as a whole; nothing waits for it.")
def explore(plan: Any, view: str) -> Any:
    """The window's trips and zones as a whole; nothing waits for it."""
    return run("models.explore", "explore", plan, view)


@task(pool="training", trigger_rule="all_done_min_one_success", multiple_outputs=True)
def compare(plan: Any, fitted: Any) -> Any:
    """What would be promoted, as a question for a person, and the fits it is about. Nothing is registered by it."""
    outcomes = list(fitted)
    return {"fitted": outcomes, **run("models.approval", "compare", plan, outcomes)}


@task(trigger_rule="all_done_min_one_success")
def register_best(plan: Any, fitted: Any, asked: Any = None, answer: Any = None) -> Any:
    """The best candidate meets the champion. A fit whose task was killed is a failed family, not a failed month.

    `fitted` holds the outcomes of the fits that ended well; `asked` and `answer` are there where a person approves.
    The rule needs the plan, or one fit, to have succeeded, and skips with a plan that was skipped.
    """
    from include.models.approval import Answer

    agreed = Answer(**answer, asked=asked) if answer else None
    return run("models.train_month", "register_fitted", plan, list(fitted), answer=agreed)


def register(service: str, month: str, plan: Any, fitted: Any, settings: Settings) -> Any:
    """`register_best`, after a person's consent where TAXI_APPROVAL asks for it.

    There `compare` is what runs after killed fits; registering needs it, and goes on when there was nothing to ask.
    """
    if not settings.approval:
        return register_best(plan, fitted)
    compared: Any = compare(plan, fitted)
    answer = approval(service, month, compared["text"], settings).output
    decided = register_best.override(trigger_rule="none_failed_min_one_success")
    return decided(plan, compared["fitted"], compared["asked"], answer)


@task(pool="training")
def report_registered(plan: Any, registered: Any) -> Any:
    """A page on each version that the month registered."""
    return run("models.evaluated", "report_registered", plan, registered)


@task(pool="training")
def write_champion_cards(service: str, month: str) -> Any:
    """The model cards of the champions that stand. One that cannot be written is told of, and the month goes on."""
    return run("llm.champion_cards", "write_champion_cards", service, month)


@task
def announce_champion(service: str, month: str, champion: Asset) -> Any:
    """An asset event when another champion stands than was announced last; skipped otherwise."""
    return assets.announce(champion, month, run("models.champions", "champions_of", service))


@task
def measure_staleness(service: str) -> Any:
    """How a model's error grows with its age, over the latest months."""
    return run("models.staleness", "measure_latest", service)
