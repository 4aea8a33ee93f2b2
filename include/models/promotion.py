"""What follows a decision: a published version, the aliases, the pointer that the service reads, marks in MLflow."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

import fsspec

from include.config import Settings
from include.models.bundle import (
    CARD_FILE,
    BundleCard,
    Pointer,
    copy_bundle,
    publish_pointer,
    read_bundle,
    read_pointer,
)
from include.models.history import Move, standing
from include.models.records import contest_scores
from include.models.tracking import client, register_version, set_alias

TAG_LENGTH = 1000
NOT_IN_A_METRIC = re.compile(r"[^\w\-./ ]")
"""What MLflow refuses in a metric's name: the `>` between two boroughs."""


def publish_version(candidate_uri: str, settings: Settings) -> tuple[int, str, str, BundleCard]:
    """Registers a candidate's bundle and copies it to `<lake>/bundles/`; version, uri, SHA-256 of its card, the card.

    The content is part of the name: a registry that was lost counts from one again, and must not write over a champion.
    """
    card = read_bundle(candidate_uri).card
    version = register_version(settings, card, candidate_uri)
    fs, root = fsspec.url_to_fs(candidate_uri)
    digest = hashlib.sha256(fs.cat_file(f"{root}/{CARD_FILE}")).hexdigest()
    uri = f"{settings.lake}/bundles/{card.model_name}/v{version}-{digest[:12]}"
    copy_bundle(candidate_uri, uri)
    for tag, value in (("bundle_uri", uri), ("card_sha256", digest)):
        client(settings).set_model_version_tag(card.model_name, str(version), tag, value)
    return version, uri, digest, card


def follow_log(settings: Settings, name: str) -> Move | None:
    """Alias and pointer become what the log says last, however often it is asked: a run that died ends the same.

    The alias moves before the pointer, so a pointer that agrees means that all is done. Gives the champion's move.
    """
    stands = standing(settings, name)
    if stands is not None and not in_office(settings, name, stands):
        set_alias(settings, name, "champion", stands.version)
        pointer = Pointer(name, stands.version, stands.uri, stands.card_sha256, stands.at, stands.tested_on)
        publish_pointer(settings.lake, pointer)
    return stands


def in_office(settings: Settings, name: str, move: Move) -> bool:
    """True when the pointer already names the version of this move."""
    pointer = read_pointer(settings.lake, name)
    return pointer is not None and (pointer.uri, pointer.card_sha256) == (move.uri, move.card_sha256)


def enact(settings: Settings, name: str, decided: dict[str, Any]) -> Move | None:
    """After a decision is in the log: champion and pointer follow, `challenger` names the newest month's version."""
    stands = follow_log(settings, name)
    if stands is None or stands.since <= decided["month"]:
        set_alias(settings, name, "challenger", decided["version"])
    mark_decision(settings, name, decided)
    return stands


def mark_decision(settings: Settings, name: str, decided: dict[str, Any]) -> None:
    """Decision, rule, reason and bounds as tags of the version and its run; to the run also the comparison as a file,
    and what the version scored on the month. Done once: the time of the decision, tagged last, says that it was."""
    mlflow_client, version = client(settings), str(decided["version"])
    known = mlflow_client.get_model_version(name, version)
    if known.tags.get("decided_at") == decided["decided_at"]:
        return
    scores = contest_scores(settings, name, decided["version"], decided["month"])
    _log_scores(mlflow_client, known.run_id, decided["month"], *scores)
    mlflow_client.log_text(known.run_id, decided["table"] + "\n", f"decision_{decided['month']}.txt")
    tags = {"decision": decided["action"], "test_month": decided["month"]}
    tags |= {key: decided[key] for key in ("rule", "reason", "gain", "lower_bound", "vetoes", "decided_at")}
    for key, value in tags.items():
        mlflow_client.set_tag(known.run_id, key, str(value)[:TAG_LENGTH])
        mlflow_client.set_model_version_tag(name, version, key, str(value)[:TAG_LENGTH])


def _log_scores(
    mlflow_client: Any, run_id: str, month: str, metrics: Mapping[str, float], parts: Mapping[str, float]
) -> None:
    """Metrics `test_<metric>` and `slice_<part>` at the step that is the month's number, 201903."""
    from mlflow.entities import Metric
    from mlflow.utils.time import get_current_time_millis

    now, step = get_current_time_millis(), int(month.replace("-", ""))
    named = {f"test_{name}": value for name, value in metrics.items()}
    named |= {NOT_IN_A_METRIC.sub("to", f"slice_{part}"): loss for part, loss in parts.items()}
    mlflow_client.log_batch(run_id, metrics=[Metric(name, value, now, step) for name, value in named.items()])
