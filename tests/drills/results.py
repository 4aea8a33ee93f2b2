"""What a month leaves: hashes of the lake, rows of the warehouse, the champions, and nothing temporary."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from include.config import Settings
from include.features.trip_features import targets_of
from include.lake import Lake
from include.models.bundle import CARD_FILE, MODEL_FILE, TABLES_FILE, model_name, read_pointer
from include.trips.month import Month
from include.warehouse.engine import engine_for
from include.warehouse.tables import METADATA


def results(settings: Settings, month: str) -> dict[str, dict[str, Any]]:
    """What the home holds of a month: hashes by stage and by candidate, rows by table, the champions' hashes."""
    candidates = _bundles(Path(settings.lake) / "candidates")
    return {"stages": _stages(settings, month), "candidates": candidates, "rows": _rows(settings, month),
            "champions": champions(settings)}  # fmt: skip


def _stages(settings: Settings, month: str) -> dict[str, list[Any]]:
    """Stage -> SHA-256 and rows of its month, for each stage that has it; the bytes are hashed again here."""
    lake, found = Lake(settings.lake), {}
    for stage in sorted(folder.name for folder in Path(settings.lake).iterdir()):
        manifest = lake.current(stage, settings.service, Month.parse(month))
        if manifest is not None:
            assert _sha256(Path(manifest.uri)) == manifest.sha256, manifest.uri
            found[stage] = [_content(Path(manifest.uri)), manifest.rows]
    return found


def _content(file: Path) -> str:
    """The SHA-256 of a file; of a verdict in JSON without the time at which it was given and the page of that time."""
    if file.suffix != ".json":
        return _sha256(file)
    timeless = re.sub(r'"validated_at": "[^"]*"|"data_docs/[^"]*"', "", file.read_text(encoding="utf-8"))
    return hashlib.sha256(timeless.encode()).hexdigest()


def _bundles(folder: Path) -> dict[str, str]:
    """Place -> SHA-256 of the files of candidates that equal training makes equal.

    The place leaves out the plan's key, which names the lake's address: equal months in two homes have two.
    """
    kept = {CARD_FILE, MODEL_FILE, TABLES_FILE}
    return {
        f"{file.parent.parent.relative_to(folder)}/{file.name}": _sha256(file)
        for file in sorted(folder.rglob("*")) if file.name in kept
    }  # fmt: skip


def _rows(settings: Settings, month: str) -> dict[str, int]:
    """Table -> rows of the service's month, for every table that has months."""
    engine, counts = engine_for(settings.warehouse), {}
    with engine.connect() as connection:
        for table in METADATA.sorted_tables:
            columns = table.c
            at: Any = columns.get("month", columns.get("test_month"))
            if at is not None:
                of = columns.service == settings.service if "service" in columns else _of_service(columns, settings)
                counts[table.name] = connection.execute(select(func.count()).where(at == month, of)).scalar_one()
    engine.dispose()
    return counts


def _of_service(columns: Any, settings: Settings) -> Any:
    return columns.model_name.in_([model_name(settings.service, target) for target in targets_of(settings.service)])


def champions(settings: Settings) -> dict[str, str]:
    """Model -> SHA-256 of the card of the bundle that answers."""
    names = [model_name(settings.service, target) for target in targets_of(settings.service)]
    pointers = {name: read_pointer(settings.lake, name) for name in names}
    return {name: pointer.card_sha256 for name, pointer in pointers.items() if pointer is not None}


def leftovers(settings: Settings) -> list[str]:
    """Files in the lake that some writer began and nobody finished."""
    lake = Path(settings.lake)
    return [str(p.relative_to(lake)) for p in sorted(lake.rglob("*")) if _is_temporary(p.relative_to(lake))]


def _is_temporary(path: Path) -> bool:
    return path.name.endswith((".tmp", ".part")) or (len(path.parts) > 1 and path.parts[0] == ".scratch")


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
