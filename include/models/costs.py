"""What a fit costs: seconds, of the clock and of processors, memory at its most, and the time of one prediction."""

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
    """A dictionary that holds what the block cost when it ends: `fit_seconds`, `cpu_seconds`, `peak_mb`.

    Processor seconds are comparable between busy and idle machines; the peak is of resident memory.
    """
    cost: dict[str, float] = {}
    with contextlib.suppress(OSError):  # else the peak is the process's so far
        _RESET.write_text("5")
    started, busy = time.perf_counter(), time.process_time()
    yield cost
    cost |= {"fit_seconds": round(time.perf_counter() - started, 3), "peak_mb": round(peak_mb(), 1)}
    cost |= {"cpu_seconds": round(time.process_time() - busy, 3)}


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
