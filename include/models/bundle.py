"""What is served: `model.onnx`, learned tables without pickle, and `bundle.json` that says what they are.

Reading needs numpy and ONNX Runtime only. A bundle lives in its own folder and never changes; a pointer file beside
the versions names the champion and is replaced whole. Equal training gives equal bytes in these three files; what
differs from run to run (its id, what it cost) is in `run.json`.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import fsspec
import numpy as np
from fsspec.implementations.local import LocalFileSystem

from include.errors import BundleError, OtherCodeError
from include.features.dictionary import FEATURE_NAMES
from include.features.engineer_features import feature_code_hash
from include.features.temporal_features import TIME_BANDS
from include.features.trip_features import PROBABILITIES
from include.models.calibration import NO_SCALE, Calibration, Intervals, Scale, arrays_of, no_intervals
from include.utils.files import atomic_path, room_for

FORMAT = 2
MODEL_FILE, TABLES_FILE, CARD_FILE, POINTER_FILE = "model.onnx", "tables.npz", "bundle.json", "champion.json"
RUN_FILE, SAMPLE_FILE = "run.json", "sample.npz"
BUNDLE_FILES = (MODEL_FILE, TABLES_FILE, SAMPLE_FILE, RUN_FILE, CARD_FILE)
"""In the order in which they are written: a card means a whole bundle. Bundles of before have no sample."""
TIME_BAND = FEATURE_NAMES.index("time_band")
PORTION_ROWS = 65_536
"""Rows of one ONNX call: a linear graph holds its whole one-hot matrix, about 4 kB a row."""

SAMPLE_TOLERANCE = 1e-4
"""Relative difference that another machine's rounding may make."""

PREDICTION_BOUNDS = {"duration_min": (1.0, 180.0), "fare_usd": (0.0, 500.0), "high_tip": (0.0, 1.0)}
"""What a trained trip can be (cleaning keeps these); a prediction outside is an extrapolation and is clipped."""


@dataclass(frozen=True)
class BundleCard:
    """The content of `bundle.json`. `files` holds the SHA-256 of model and tables, `metrics` those of the tune days.

    `run_id` and `costs` are what `run.json` holds beside it.
    """

    service: str
    target: str
    family: str
    features: tuple[str, ...]
    feature_code: str
    trained_to: str
    months: dict[str, list[str]]
    metrics: dict[str, float]
    params: dict[str, Any] = field(default_factory=dict)
    format: int = FORMAT
    files: dict[str, str] = field(default_factory=dict)
    run_id: str = ""
    costs: dict[str, float] = field(default_factory=dict)

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
class Sample:
    """Trips that the bundle was asked about when it was made: `rows` (k, features) float32, and its `said` (3, k).

    `said` holds value, p10 and p90; of a probability the same number three times.
    """

    rows: np.ndarray
    said: np.ndarray


class Bundle:
    """A loaded bundle: the prediction that was tested is the one it gives."""

    def __init__(
        self, card: BundleCard, model: bytes, calibration: Calibration | None = None, threads: int = 1,
        sample: Sample | None = None,
    ) -> None:  # fmt: skip
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self.card, self.bounds, self.sample = card, PREDICTION_BOUNDS[card.target], sample
        self.is_probability = card.target in PROBABILITIES
        self.calibration = calibration or (NO_SCALE if self.is_probability else no_intervals(len(TIME_BANDS)))
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name
        self._first = [self._session.get_outputs()[0].name]
        self._how = onnxruntime.RunOptions()
        self._run_one = self._session._sess.run  # the checks around it, made for strangers' inputs, cost half a run

    def calibrated(self, calibration: Calibration) -> Bundle:
        """The same model with what its calibration days taught."""
        other = copy(self)
        other.calibration = calibration
        return other

    def predict(self, matrix: np.ndarray) -> np.ndarray:
        """(n, features) float32 -> (n,) float64: the target in its unit, or its calibrated probability.

        Clipped to what a trained trip can be.
        """
        values = self.uncalibrated(matrix)
        return self.calibration.apply(values) if isinstance(self.calibration, Scale) else values

    def uncalibrated(self, matrix: np.ndarray) -> np.ndarray:
        """(n, features) float32 -> (n,) float64 as the model itself says it, clipped."""
        values = np.empty(len(matrix))
        for start in range(0, len(matrix), PORTION_ROWS):
            part = slice(start, start + PORTION_ROWS)
            values[part] = np.asarray(self._session.run(None, {self._input: matrix[part]})[0]).reshape(-1)
        return np.clip(values, *self.bounds)

    def raw_value(self, row: np.ndarray) -> float:
        """(1, features) float32 -> what the model says, neither clipped nor calibrated."""
        return float(self._run_one(self._first, {self._input: row}, self._how)[0].item())

    def predict_probability(self, matrix: np.ndarray) -> np.ndarray:
        """(n, features) -> (n,) calibrated probability. BundleError for a target that is a quantity."""
        if not self.is_probability:
            raise BundleError(f"{self.card.model_name} predicts a quantity: ask for predict_with_interval.")
        return self.predict(matrix)

    def predict_with_interval(self, matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(n, features) -> (n,) value, p10, p90; the interval holds the trip in 80 of 100 calibration cases.

        BundleError for a target that is a probability.
        """
        if not isinstance(self.calibration, Intervals):
            raise BundleError(f"{self.card.model_name} predicts a probability: ask for predict_probability.")
        values = self.predict(matrix)
        low, high = self.calibration.around(values, matrix[:, TIME_BAND].astype(np.int64))
        return values, np.clip(low, *self.bounds), np.clip(high, *self.bounds)


def sample_of(bundle: Bundle, rows: np.ndarray) -> Sample:
    """(k, features) -> these rows with what the bundle says of them."""
    return Sample(rows, _said(bundle, rows))


def require_same_answers(bundle: Bundle) -> None:
    """BundleError when a bundle does not say of its sample what it said when it was made; without a sample it passes.

    A runtime or a processor that computes differently is found here, before anybody is answered.
    """
    if bundle.sample is None or not len(bundle.sample.rows):
        return
    try:
        now = _said(bundle, bundle.sample.rows)
    except Exception as fault:
        raise BundleError(f"{bundle.card.model_name} cannot answer: {type(fault).__name__}: {fault}") from fault
    apart = np.abs(now - bundle.sample.said) / np.maximum(np.abs(bundle.sample.said), SAMPLE_TOLERANCE)
    if not (apart <= SAMPLE_TOLERANCE).all():  # NaN is within nothing
        raise BundleError(
            f"{bundle.card.model_name} does not repeat the answers in its {SAMPLE_FILE} (relative difference "
            f"{np.nanmax(apart):.2g}, {SAMPLE_TOLERANCE:g} is allowed): serve it with the versions of "
            "requirements-serving.txt, or train again."
        )


def _said(bundle: Bundle, rows: np.ndarray) -> np.ndarray:
    columns = (bundle.predict(rows),) * 3 if bundle.is_probability else bundle.predict_with_interval(rows)
    return np.stack(columns)


def model_name(service: str, target: str) -> str:
    """`nyc_taxi_<service>_<target>`, the registered model's name."""
    return f"nyc_taxi_{service}_{target}"


def bundle_files(
    card: BundleCard, model: bytes, calibration: Calibration, sample: Sample | None = None
) -> dict[str, bytes]:
    """A bundle as file name -> bytes; `card.files` is filled in here."""
    files = {MODEL_FILE: model, TABLES_FILE: _npz(arrays_of(calibration))}
    if sample is not None:
        files[SAMPLE_FILE] = _npz({"rows": sample.rows, "said": sample.said})
    content = asdict(card) | {"files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}}
    run = {name: content.pop(name) for name in ("run_id", "costs")}
    return {**files, RUN_FILE: _json(run), CARD_FILE: _json(content)}


def _npz(arrays: Mapping[str, np.ndarray]) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()


def _json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, indent=2, sort_keys=True) + "\n").encode()


def write_bundle(uri: str, files: Mapping[str, bytes]) -> str:
    """Writes a bundle's files under `uri`, the card last, and gives the card's SHA-256."""
    fs, root = fsspec.url_to_fs(uri)
    with room_for(uri, "a bundle"):
        fs.makedirs(root, exist_ok=True)
        for name in BUNDLE_FILES:
            if name in files:
                write_whole(fs, f"{root}/{name}", files[name])
    return hashlib.sha256(files[CARD_FILE]).hexdigest()


def copy_bundle(uri: str, to: str) -> str:
    """The files under `uri`, written under `to`; gives the card's SHA-256."""
    fs, root = fsspec.url_to_fs(uri)
    there = [name for name in BUNDLE_FILES if name != SAMPLE_FILE or fs.exists(f"{root}/{name}")]
    return write_bundle(to, {name: fs.cat_file(f"{root}/{name}") for name in there})


def write_whole(fs: Any, path: str, content: bytes) -> None:
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
    files = {name: read(name) for name in (MODEL_FILE, TABLES_FILE, *({SAMPLE_FILE} & set(card.files)))}
    for name, data in files.items():
        if hashlib.sha256(data).hexdigest() != card.files.get(name):
            raise BundleError(f"bundle {uri}: {name} is damaged, its SHA-256 is not the one in {CARD_FILE}.")
    try:
        kind = Scale if card.target in PROBABILITIES else Intervals
        calibration = kind(**_arrays(files[TABLES_FILE]))
        sample = Sample(**_arrays(files[SAMPLE_FILE])) if SAMPLE_FILE in files else None
        return Bundle(card, files[MODEL_FILE], calibration, threads, sample)
    except Exception as fault:
        raise BundleError(f"bundle {uri} cannot be loaded: {type(fault).__name__}: {fault}") from fault


def _arrays(data: bytes) -> dict[str, np.ndarray]:
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}


def _read_card(uri: str, read: Callable[[str], bytes], expected_sha256: str) -> BundleCard:
    data = read(CARD_FILE)
    if expected_sha256 and hashlib.sha256(data).hexdigest() != expected_sha256:
        raise BundleError(f"bundle {uri}: {CARD_FILE} is not the one that was promoted.")
    try:
        content: dict[str, Any] = json.loads(data)
        if content.get("format") != FORMAT:
            raise OtherCodeError(
                f"bundle {uri} has format {content.get('format')}, this code reads {FORMAT}: serve it with the code it "
                "was trained with, or train again."
            )
        run = json.loads(read(RUN_FILE))
        card = BundleCard(**content | run | {"features": tuple(content["features"])})
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
    write_whole(fs, f"{root}/{POINTER_FILE}", _json(asdict(pointer)))
