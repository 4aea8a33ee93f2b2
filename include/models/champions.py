"""Who answers now, by target, as the pointers in the lake say."""

from __future__ import annotations

from typing import Any

from include.config import Settings, get_settings
from include.features.trip_features import targets_of
from include.models.bundle import model_name, read_pointer


def champions_of(service: str, settings: Settings | None = None) -> dict[str, Any]:
    """Target -> `model` (name/version), the month it was tested on and the SHA-256 of its card; none: left out."""
    settings = settings or get_settings()
    pointers = {target: read_pointer(settings.lake, model_name(service, target)) for target in targets_of(service)}
    return {
        target: {"model": f"{pointer.model_name}/{pointer.version}", "tested_on": pointer.test_month,
                 "sha256": pointer.card_sha256}
        for target, pointer in pointers.items() if pointer
    }  # fmt: skip
