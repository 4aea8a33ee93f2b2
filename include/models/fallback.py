"""What answers when a champion cannot: the baseline of its contest as one table, without features or ONNX Runtime.

A table survives what takes a champion away: other feature code, another runtime, a damaged model. It is published
beside the champion, and the service keeps a copy.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import datetime

import fsspec
import numpy as np

from include.errors import BundleError
from include.features.dictionary import FEATURE_NAMES
from include.features.temporal_features import TIME_BANDS, time_of_day_category
from include.features.trip_features import PROBABILITIES
from include.models.bundle import PREDICTION_BOUNDS, Bundle, model_name, write_whole
from include.models.calibration import Calibration, Intervals, Scale, arrays_of
from include.trips.zones import ZONE_COUNT

FORMAT = 1
FALLBACK_FILE = "fallback.npz"
BANDS = len(TIME_BANDS)
CELLS = ZONE_COUNT * ZONE_COUNT * BANDS
FACTS = ("service", "target", "trained_to")


@dataclass(frozen=True)
class FallbackTable:
    """`cells` is (CELLS,) float32: what the baseline says by pick-up zone, destination and band of the day."""

    service: str
    target: str
    trained_to: str
    cells: np.ndarray
    calibration: Calibration

    def value(self, pickup_zone: int, dropoff_zone: int, at: datetime) -> list[float]:
        """A trip's value, p10 and p90; of a probability the calibrated value alone."""
        band = int(time_of_day_category(np.array(at.hour)))
        cell = (pickup_zone * ZONE_COUNT + dropoff_zone) * BANDS + band
        value = self.cells[cell : cell + 1].astype(np.float64)
        if isinstance(self.calibration, Scale):
            return [float(self.calibration.apply(value)[0])]
        around = self.calibration.around(value, np.array([band]))
        return [float(v[0]) for v in np.clip((value, *around), *PREDICTION_BOUNDS[self.target])]


def fallback_of(bundle: Bundle) -> FallbackTable:
    """A zone-pair bundle asked for every pair of zones and band of the day."""
    pair, band = np.divmod(np.arange(CELLS), BANDS)
    pickup_zone, dropoff_zone = np.divmod(pair, ZONE_COUNT)
    matrix = np.zeros((CELLS, len(FEATURE_NAMES)), np.float32)
    for name, values in (("pickup_zone", pickup_zone), ("dropoff_zone", dropoff_zone), ("time_band", band)):
        matrix[:, FEATURE_NAMES.index(name)] = values
    card, cells = bundle.card, bundle.uncalibrated(matrix).astype(np.float32)
    return FallbackTable(card.service, card.target, card.trained_to, cells, bundle.calibration)


def to_bytes(table: FallbackTable) -> bytes:
    """The table as a compressed `.npz` without pickle; equal tables give equal bytes."""
    facts = {name: getattr(table, name) for name in FACTS} | {"format": FORMAT}
    arrays = arrays_of(table.calibration) | {"cells": table.cells}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, facts=np.frombuffer(json.dumps(facts).encode(), np.uint8), **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()


def from_bytes(data: bytes, origin: str) -> FallbackTable:
    """The table again. BundleError, which names `origin`, for a damaged one or one of another format."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as held:
            arrays = {name: held[name] for name in held.files}
        facts = json.loads(arrays.pop("facts").tobytes())
        cells, written = arrays.pop("cells"), facts.pop("format")
        if written != FORMAT or cells.shape != (CELLS,) or not np.isfinite(cells).all():
            raise ValueError(f"format {written} with {cells.shape} cells, {FORMAT} with {CELLS} finite ones is read")
        calibration = Scale(**arrays) if facts["target"] in PROBABILITIES else Intervals(**arrays)
        return FallbackTable(**facts, cells=cells, calibration=calibration)
    except Exception as fault:  # noqa: BLE001 - numpy and zipfile raise what they like on damaged files
        raise BundleError(f"{origin} is no fallback table: {type(fault).__name__}: {fault}") from None


def publish_fallback(lake_root: str, table: FallbackTable) -> str:
    """Writes the table beside the champions of its model, in place of the last one; gives its address."""
    fs, root = fsspec.url_to_fs(f"{lake_root}/bundles/{model_name(table.service, table.target)}")
    fs.makedirs(root, exist_ok=True)
    write_whole(fs, f"{root}/{FALLBACK_FILE}", to_bytes(table))
    return f"{root}/{FALLBACK_FILE}"


def published_fallback(lake_root: str, name: str) -> bytes | None:
    """The bytes of a model's published table, or None before there is one."""
    fs, root = fsspec.url_to_fs(f"{lake_root}/bundles/{name}")
    path = f"{root}/{FALLBACK_FILE}"
    return bytes(fs.cat_file(path)) if fs.exists(path) else None
