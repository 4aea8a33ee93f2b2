"""Which addresses of MLflow are offered inside Airflow, and which of them change nothing."""

from __future__ import annotations

import re
from typing import Any

AJAX = r"ajax-api/[\d.]+/mlflow"
OFFERED = re.compile(
    rf"|static-files/.+|get-artifact|model-versions/get-artifact|graphql|{AJAX}/server-info"
    rf"|{AJAX}/(experiments|runs|metrics|artifacts|registered-models|model-versions|logged-models|traces)/.+"
)
"""Addresses of MLflow that the UI needs for experiments, runs, models and their files."""
READS = re.compile(rf"graphql|{AJAX}/.+/(search|get|list|metrics)[a-z-]*")
"""Those whose POST changes nothing."""
ABSENT: dict[str, dict[str, Any]] = {
    "users/current": {},
    "assistant/config": {"providers": {}, "projects": {}, "remote_access_allowed": False},
    "assistant/providers": {"providers": [], "gateway_vendor_options": {}},
    "gateway-proxy": {"endpoints": []},
}
"""What the UI asks for on every page, and the answer that there is none."""


def is_offered(path: str) -> bool:
    """True for an address, decoded and below MLflow's root, that leads to experiments, runs, models or their files."""
    return OFFERED.fullmatch(path) is not None


def is_read(path: str) -> bool:
    """True when a POST there asks and changes nothing."""
    return READS.fullmatch(path) is not None


def absent(path: str) -> dict[str, Any] | None:
    """The answer that a feature is not there; None for every other address."""
    return ABSENT.get(re.sub(rf"^{AJAX}/", "", path))
