"""What a month makes, as Airflow assets: raw, clean and feature months, and the champions of a service.

An event's partition key is the run's, the month. Its `extra` says what was made.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from airflow.sdk import Asset, get_current_context
from airflow.sdk.exceptions import AirflowSkipException

FACTS = ("rows", "status", "uri")
"""What of a step's result an event carries."""


@dataclass(frozen=True)
class ServiceAssets:
    """The assets of one service."""

    raw: Asset
    clean: Asset
    features: Asset
    champion: Asset


def assets_of(service: str) -> ServiceAssets:
    """Names as in the lake; the scheme is the project's own, since each home has its lake elsewhere."""
    return ServiceAssets(*(
        Asset(name=f"nyc_taxi_{service}_{stage}", uri=f"x-taxi://{service}/{stage}", group="nyc-taxi")
        for stage in ServiceAssets.__dataclass_fields__
    ))  # fmt: skip


def facts(month: str, result: dict[str, Any]) -> dict[str, Any]:
    """A step's result -> an event's `extra`. A lake file's name is the beginning of its SHA-256."""
    known = {name: result[name] for name in FACTS if name in result}
    return {"month": month, **known, "sha256": PurePosixPath(str(result.get("uri", ""))).stem}


def made(month: str, result: dict[str, Any]) -> dict[str, Any]:
    """The step's result, after the task's outlets were told what it is."""
    context = get_current_context()
    for outlet in context["task"].outlets:
        context["outlet_events"][outlet].extra = facts(month, result)
    return result


def announce(champion: Asset, month: str, standing: dict[str, Any]) -> dict[str, Any]:
    """An event for the champions that stand, unless the last event named the same: then the task is skipped.

    What stands is compared with what was announced last, not with what this run did, so a try that died between is
    made up for, and a rollback is announced by the next run.
    """
    context = get_current_context()
    if standing == last_announced(context["inlet_events"][champion].ascending(False).limit(1)):
        raise AirflowSkipException(f"No champion has changed: {standing or 'there is none'}.")
    context["outlet_events"][champion].extra = {"month": month, "champions": standing}
    return standing


def last_announced(events: Any) -> dict[str, Any]:
    """The champions of the newest event, which comes first; {} before there is one."""
    return next((dict(event.extra["champions"]) for event in events), {})
