"""What a fit costs: seconds, the most memory the process held meanwhile, and the time of one prediction."""

from __future__ import annotations

import contextlib
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

SINGLE_QUOTES = 100
_RESET, _STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")


@contextmanager
def measured() -> Iterator[dict[str, float]]:
    """A dictionary that holds `fit_seconds` and `peak_mb` (resident memory at its highest) when the block ends."""
    cost: dict[str, float] = {}
    with contextlib.suppress(OSError):  # else the peak is the process's so far
        _RESET.write_text("5")
    started = time.perf_counter()
    yield cost
    cost |= {"fit_seconds": round(time.perf_counter() - started, 3), "peak_mb": round(peak_mb(), 1)}


def peak_mb() -> float:
    """Megabytes of resident memory at its highest since the last reset."""
    if _STATUS.exists():
        line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def quote_microseconds(predict: Callable[[np.ndarray], np.ndarray], x: np.ndarray) -> float:
    """Median time of a prediction for one row, in microseconds."""
    times = []
    for row in range(min(SINGLE_QUOTES, len(x))):
        started = time.perf_counter()
        predict(x[row : row + 1])
        times.append(time.perf_counter() - started)
    return round(float(np.median(times)) * 1e6, 1)
