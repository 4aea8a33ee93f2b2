"""The platform inside Airflow's UI.

Every task's process reads this file, so the web application is made only where it is served.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from airflow.plugins_manager import AirflowPlugin
from taxi_ui.entries import ENTRIES, PREFIX


class SmartAnalytics(AirflowPlugin):
    """Navigation entries, tabs on a run, and the pages that both show."""

    name = "smart_analytics"
    external_views = [entry.view() for entry in ENTRIES]  # noqa: RUF012 - Airflow changes and reads it as a list

    @cached_property
    def fastapi_apps(self) -> list[dict[str, Any]]:  # type: ignore[override]
        """Asked for by the API server alone."""
        from taxi_ui.app import create_app

        return [{"name": "Smart Analytics", "app": create_app(), "url_prefix": PREFIX}]
