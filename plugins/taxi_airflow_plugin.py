"""Makes the project's deadline and priority known to Airflow: both are stored by name and looked up in plugins."""

from __future__ import annotations

from typing import Any

from airflow.plugins_manager import AirflowPlugin
from taxi_airflow.deadline import MonthBegun
from taxi_airflow.priority import PeopleFirst


class TaxiAirflowPlugin(AirflowPlugin):
    """Registers what a DAG names by its import path."""

    name = "taxi_airflow"
    deadline_references: list[Any] = [MonthBegun]  # noqa: RUF012 - Airflow's own declaration
    priority_weight_strategies: list[Any] = [PeopleFirst]  # noqa: RUF012
