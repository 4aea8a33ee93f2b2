"""Named arrays as npz bytes, without pickle; equal arrays give equal bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import numpy as np

from include.errors import BadDataError


def to_npz(arrays: Mapping[str, np.ndarray]) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **{name: arrays[name] for name in sorted(arrays)})  # type: ignore[arg-type]
    return buffer.getvalue()


def from_npz(data: bytes, what: str) -> dict[str, np.ndarray]:
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as fault:
        raise BadDataError(f"This is not {what}: {fault}. Build it again.") from None
