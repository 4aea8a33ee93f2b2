"""The steps as Airflow tasks: bad data is never retried, a rightly skipped step is skipped, the rest is retried.

A step's module is imported when its task runs, so that parsing a DAG loads no data or training library.
"""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

from airflow.sdk import Connection, task
from airflow.sdk.exceptions import AirflowFailException, AirflowNotFoundException, AirflowSkipException
from taxi_airflow.earlier_months import EarlierMonths
from taxi_airflow.publication import AwaitPublication

from include.config import Settings, get_settings, load_settings
from include.errors import NothingToDo, TaxiError

WAREHOUSE = "taxi_mysql"
LOOK = timedelta(minutes=30)
"""One look, not the wait: that takes no time of the task's."""


def task_settings() -> Settings:
    """The settings, with the warehouse of the Airflow connection `taxi_mysql` where there is one."""
    try:
        Connection.get(WAREHOUSE)
    except AirflowNotFoundException:
        return get_settings()
    from airflow.providers.mysql.hooks.mysql import MySqlHook
    from sqlalchemy import make_url

    # The hook's own client is whatever the connection names; loading is written for PyMySQL.
    url = make_url(MySqlHook(mysql_conn_id=WAREHOUSE).get_uri()).set(drivername="mysql+pymysql", query={})
    return load_settings({"warehouse_url": url.render_as_string(hide_password=False)})


def _run(module: str, function: str, *args: Any, **kwargs: Any) -> Any:
    try:
        return getattr(import_module(f"include.{module}"), function)(*args, **kwargs, settings=task_settings())
    except NothingToDo as reason:
        raise AirflowSkipException(str(reason)) from None
    except TaxiError as error:
        if error.retryable:
            raise
        raise AirflowFailException(str(error)) from None


def await_publication(service: str, month: str) -> AwaitPublication:
    """A scheduled run waits for the month's file, holding no worker; who asks for a month gets an answer at once."""
    return AwaitPublication(task_id="await_publication", service=service, month=month, execution_timeout=LOOK)


@task
def land_month(service: str, month: str) -> Any:
    """The published file, as it is."""
    return _run("ingestion.ingest_data", "land_month", service, month)


@task
def ingest_month(service: str, month: str) -> Any:
    """The file as a canonical raw month."""
    return _run("ingestion.ingest_data", "ingest_month", service, month)


@task
def validate_month(service: str, month: str) -> Any:
    """The raw month against its Great Expectations suite."""
    return _run("processing.validate_month", "validate_month", service, month)


@task
def clean_month(service: str, month: str) -> Any:
    """Impossible rows into quarantine."""
    return _run("processing.clean_data", "clean_month", service, month)


@task
def assess_month(service: str, month: str) -> Any:
    """The clean month against what cleaning promises, and the quality report."""
    return _run("processing.assess_month", "assess_month", service, month)


@task
def build_feature_month(service: str, month: str) -> Any:
    """Features and labels of the clean month."""
    return _run("features.build_month", "build_feature_month", service, month)


@task
def validate_feature_month(service: str, month: str) -> Any:
    """The feature month against its Great Expectations suite."""
    return _run("processing.validate_month", "validate_feature_month", service, month)


def await_earlier_months(month: str, train: str, newest_month: str) -> Any:
    """The newest month of the run's backfill, once the earlier ones are where this one's training needs them."""
    waits = EarlierMonths(
        task_id="await_earlier_months", month=month, train=train, newest_month=newest_month,
        data_task="features.validate_feature_month", last_task="register.report_registered",
    )  # fmt: skip
    return waits.output


@task
def plan_training(service: str, month: str, train: str, newest_month: str) -> Any:
    """Which months train, or the reason why none does."""
    return _run("models.train_all", "plan_training", service, month, train, newest_month=newest_month)


@task(pool="training", map_index_template="{{ task.op_kwargs['family'] }}")
def fit_family(plan: Any, family: str) -> Any:
    """One family on every target."""
    return _run("models.train_all", "fit_family", plan, family)


@task(pool="training", map_index_template="{{ task.op_kwargs['view'] }}")
def explore(plan: Any, view: str) -> Any:
    """The window's trips and zones as a whole; nothing waits for it."""
    return _run("models.explore", "explore", plan, view)


@task
def report_registered(plan: Any, registered: Any) -> Any:
    """A page on each version that the month registered."""
    return _run("models.evaluated", "report_registered", plan, registered)


@task(pool="register", trigger_rule="all_done_min_one_success")
def register_best(plan: Any, fitted: Any) -> Any:
    """The best candidate meets the champion. A fit whose task was killed is a failed family, not a failed month.

    `fitted` holds the outcomes of the fits that ended well. The rule needs the plan, or one fit, to have succeeded, and
    skips with a plan that was skipped.
    """
    return _run("models.train_month", "register_fitted", plan, list(fitted))
