"""Calls a plain step for a task: settings from Airflow's connections, and what was rightly skipped is skipped.

A step's module is imported when its task runs, so that parsing a DAG loads no data or training library.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from airflow.sdk import Connection
from airflow.sdk.exceptions import AirflowNotFoundException, AirflowSkipException

from include.config import Settings, get_settings, load_settings
from include.errors import NothingToDo

WAREHOUSE = "taxi_mysql"


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


def run(module: str, function: str, *args: Any, **kwargs: Any) -> Any:
    """`include.<module>.<function>` with the task's settings. What it raises is judged by `taxi_airflow.policy`."""
    try:
        return getattr(import_module(f"include.{module}"), function)(*args, **kwargs, settings=task_settings())
    except NothingToDo as reason:
        raise AirflowSkipException(str(reason)) from None
