"""What is served: `model.onnx`, learned tables without pickle, and `bundle.json` that says what they are.

Reading needs numpy and ONNX Runtime only. A bundle lives in its own folder and never changes; a pointer file beside
the versions names the champion and is replaced whole.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import fsspec
import numpy as np
from fsspec.implementations.local import LocalFileSystem

from include.errors import BundleError, OtherCodeError
from include.features.dictionary import FEATURE_NAMES
from include.features.engineer_features import feature_code_hash
from include.utils.files import atomic_path

FORMAT = 1
MODEL_FILE, TABLES_FILE, CARD_FILE, POINTER_FILE = "model.onnx", "tables.npz", "bundle.json", "champion.json"

PREDICTION_BOUNDS = {"duration_min": (1.0, 180.0), "fare_usd": (0.0, 500.0)}
"""What a trained trip can be (cleaning keeps these); a prediction outside is an extrapolation and is clipped."""


@dataclass(frozen=True)
class BundleCard:
    """The content of `bundle.json`. `files` holds the SHA-256 of the other two."""

    service: str
    target: str
    family: str
    features: tuple[str, ...]
    feature_code: str
    trained_to: str
    months: dict[str, list[str]]
    metrics: dict[str, float]
    run_id: str = ""
    format: int = FORMAT
    files: dict[str, str] = field(default_factory=dict)

    @property
    def model_name(self) -> str:
        """Name in the model registry."""
        return model_name(self.service, self.target)


@dataclass(frozen=True)
class Pointer:
    """The content of `champion.json`: which published version answers, and since when."""

    model_name: str
    version: int
    uri: str
    card_sha256: str
    promoted_at: str
    test_month: str


@dataclass(frozen=True)
class Intervals:
    """Residual quantiles by size of the prediction; shapes (b-1,), (b,), (b,).

    Bin i covers edges[i-1] <= value < edges[i].
    """

    edges: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def around(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(n,) predictions -> (n,) p10 and (n,) p90, never on the wrong side of the prediction."""
        bin_of = np.searchsorted(self.edges, values, side="right")
        return values + np.minimum(self.low[bin_of], 0), values + np.maximum(self.high[bin_of], 0)


class Bundle:
    """A loaded bundle: the prediction that was tested is the one it gives."""

    def __init__(self, card: BundleCard, model: bytes, intervals: Intervals, threads: int = 1) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self.card, self.intervals = card, intervals
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name
        self.bounds = PREDICTION_BOUNDS[card.target]

    def predict(self, matrix: np.ndarray) -> np.ndarray:
        """(n, features) float32 -> (n,) float64 in the target's unit, clipped to what a trained trip can be."""
        (raw,) = self._session.run(None, {self._input: matrix})
        return np.clip(np.asarray(raw, np.float64).reshape(len(matrix)), *self.bounds)

    def predict_with_interval(self, matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(n, features) -> (n,) value, p10, p90; the interval holds the trip in 80 of 100 calibration cases."""
        values = self.predict(matrix)
        low, high = self.intervals.around(values)
        return values, np.clip(low, *self.bounds), np.clip(high, *self.bounds)


def model_name(service: str, target: str) -> str:
    """`nyc_taxi_<service>_<target>`, the registered model's name."""
    return f"nyc_taxi_{service}_{target}"


def bundle_files(card: BundleCard, model: bytes, intervals: Intervals) -> dict[str, bytes]:
    """A bundle as file name -> bytes; `card.files` is filled in here."""
    buffer = io.BytesIO()
    np.savez(buffer, edges=intervals.edges, low=intervals.low, high=intervals.high)
    files = {MODEL_FILE: model, TABLES_FILE: buffer.getvalue()}
    content = asdict(card) | {"files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}}
    return {**files, CARD_FILE: (json.dumps(content, indent=2, sort_keys=True) + "\n").encode()}


def write_bundle(uri: str, files: Mapping[str, bytes]) -> str:
    """Writes a bundle's files under `uri`, the card last, and gives the card's SHA-256. A card means a whole bundle."""
    fs, root = fsspec.url_to_fs(uri)
    fs.makedirs(root, exist_ok=True)
    for name in (MODEL_FILE, TABLES_FILE, CARD_FILE):
        _write_whole(fs, f"{root}/{name}", files[name])
    return hashlib.sha256(files[CARD_FILE]).hexdigest()


def _write_whole(fs: Any, path: str, content: bytes) -> None:
    """Object stores write a key whole; a local file is written under a temporary name and renamed."""
    if isinstance(fs, LocalFileSystem):
        with atomic_path(Path(path)) as temporary:
            temporary.write_bytes(content)
    else:
        fs.pipe_file(path, content)


def read_bundle(uri: str, expected_card_sha256: str = "", threads: int = 1) -> Bundle:
    """The bundle under `uri`, checked file by file.

    BundleError when a file is missing, damaged, or beyond the installed runtime; OtherCodeError when it is whole and
    was made by other feature code.
    """
    fs, root = fsspec.url_to_fs(uri)

    def read(name: str) -> bytes:
        try:
            return bytes(fs.cat_file(f"{root}/{name}"))
        except FileNotFoundError:
            raise BundleError(f"bundle {uri} has no {name}; promote the model again or roll back.") from None

    card = _read_card(uri, read, expected_card_sha256)
    model, tables = read(MODEL_FILE), read(TABLES_FILE)
    for name, data in ((MODEL_FILE, model), (TABLES_FILE, tables)):
        if hashlib.sha256(data).hexdigest() != card.files.get(name):
            raise BundleError(f"bundle {uri}: {name} is damaged, its SHA-256 is not the one in {CARD_FILE}.")
    try:
        with np.load(io.BytesIO(tables), allow_pickle=False) as arrays:
            intervals = Intervals(arrays["edges"], arrays["low"], arrays["high"])
        return Bundle(card, model, intervals, threads)
    except Exception as fault:
        raise BundleError(f"bundle {uri} cannot be loaded: {type(fault).__name__}: {fault}") from fault


def _read_card(uri: str, read: Callable[[str], bytes], expected_sha256: str) -> BundleCard:
    data = read(CARD_FILE)
    if expected_sha256 and hashlib.sha256(data).hexdigest() != expected_sha256:
        raise BundleError(f"bundle {uri}: {CARD_FILE} is not the one that was promoted.")
    try:
        content: dict[str, Any] = json.loads(data)
        if content.get("format") != FORMAT:
            raise BundleError(f"bundle {uri} has format {content.get('format')}, this code reads {FORMAT}.")
        card = BundleCard(**content | {"features": tuple(content["features"])})
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise BundleError(f"bundle {uri}: {CARD_FILE} is not a card ({type(fault).__name__}: {fault}).") from None
    if card.features != FEATURE_NAMES or card.feature_code != feature_code_hash():
        raise OtherCodeError(
            f"bundle {uri} was made by feature code {card.feature_code}, this is {feature_code_hash()}: "
            "serve it with the code it was trained with, or train again."
        )
    return card


def read_pointer(lake_root: str, name: str) -> Pointer | None:
    """The champion's pointer of a registered model, or None before the first promotion."""
    fs, root = fsspec.url_to_fs(f"{lake_root}/bundles/{name}")
    path = f"{root}/{POINTER_FILE}"
    return Pointer(**json.loads(fs.cat_file(path))) if fs.exists(path) else None


def publish_pointer(lake_root: str, pointer: Pointer) -> None:
    """Makes a published version the one that answers: one file, replaced whole."""
    fs, root = fsspec.url_to_fs(f"{lake_root}/bundles/{pointer.model_name}")
    content = (json.dumps(asdict(pointer), indent=2, sort_keys=True) + "\n").encode()
    _write_whole(fs, f"{root}/{POINTER_FILE}", content)
