"""Who is champion: asked of the pointers in the lake, or of an MLflow server's aliases by its REST API."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from http.client import HTTPException
from time import monotonic
from typing import Any, Protocol
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

from include.config import Settings
from include.errors import BundleError, SettingsError, SourceUnavailableError
from include.models.bundle import Pointer, read_pointer

ALIAS = "champion"
ALIAS_PATH = "/api/2.0/mlflow/registered-models/alias"
NOT_FOUND = 404
DAMAGE = (ValueError, TypeError)
"""What a pointer that is no JSON, or not of its fields, raises."""
SECONDS = 5
"""Without an answer for so long, the registry counts as away. It is then left alone for as long as it was waited for:
a silent one costs a round one wait, not one for each model."""


class ChampionSource(Protocol):
    """Names the version of a registered model that answers."""

    def champion(self, name: str) -> Pointer | None:
        """The champion's pointer, None before the first promotion; OSError or TaxiError when it cannot be asked."""


class PublishedPointers:
    """The pointer files beside the published bundles."""

    def __init__(self, lake_root: str) -> None:
        self.lake_root = lake_root

    def champion(self, name: str) -> Pointer | None:
        """From `<lake>/bundles/<name>/champion.json`; SourceUnavailableError for a fault of the storage's client."""
        try:
            return read_pointer(self.lake_root, name)
        except (OSError, *DAMAGE):
            raise
        except Exception as fault:
            raise SourceUnavailableError(
                f"The lake {self.lake_root} is away: {type(fault).__name__}: {fault}. Check TAXI_LAKE_URL and its "
                "login."
            ) from fault


class MlflowAliases:
    """The alias `champion` of a tracking server; the version's tags say where its bundle is published."""

    def __init__(self, tracking_uri: str) -> None:
        if not tracking_uri.startswith(("http://", "https://")):
            raise SettingsError(
                f"TAXI_CHAMPIONS_FROM=mlflow needs a server, MLFLOW_TRACKING_URI is {tracking_uri!r}: give it as "
                "http://host:port, or leave TAXI_CHAMPIONS_FROM at pointer."
            )
        self.root, self._silent_until = tracking_uri.rstrip("/"), 0.0

    def champion(self, name: str) -> Pointer | None:
        """From the registry; SourceUnavailableError when it does not answer."""
        version = self._ask({"name": name, "alias": ALIAS})
        return _pointer(name, version) if version is not None else None

    def _ask(self, query: dict[str, str]) -> dict[str, Any] | None:
        if monotonic() < self._silent_until:
            raise SourceUnavailableError(f"MLflow at {self.root} is away: it was asked a moment ago.")
        asked_at, address = monotonic(), f"{self.root}{ALIAS_PATH}?{urlencode(query)}"
        try:
            with urlopen(address, timeout=SECONDS) as answer:  # noqa: S310 - http(s), see __init__  # nosec B310
                return dict(json.load(answer)["model_version"])
        except HTTPError as refused:
            said = refused.read()
            if refused.code == NOT_FOUND or b"alias champion not found" in said:
                return None
            raise SourceUnavailableError(f"MLflow at {self.root} answered {refused.code} about {query}.") from None
        except (OSError, HTTPException, ValueError, KeyError, TypeError) as fault:
            self._silent_until = 2 * monotonic() - asked_at
            raise SourceUnavailableError(f"MLflow at {self.root} is away: {fault}.") from None


def _pointer(name: str, version: dict[str, Any]) -> Pointer:
    tags = {tag["key"]: tag["value"] for tag in version.get("tags", ())}
    if not {"bundle_uri", "card_sha256"} <= set(tags):
        raise BundleError(
            f"{name}/{version['version']} has no tags bundle_uri and card_sha256, so nothing says where its bundle is: "
            "register it again, or set TAXI_CHAMPIONS_FROM=pointer."
        )
    changed = datetime.fromtimestamp(int(version.get("last_updated_timestamp", 0)) / 1000, UTC)
    return Pointer(name, int(version["version"]), tags["bundle_uri"], tags["card_sha256"], changed.isoformat(),
                   tags.get("test_month", ""))  # fmt: skip


def champion_source(settings: Settings) -> ChampionSource:
    """What TAXI_CHAMPIONS_FROM says."""
    if settings.champions_from == "mlflow":
        return MlflowAliases(settings.tracking_uri)
    return PublishedPointers(settings.lake)
