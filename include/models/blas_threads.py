"""The linear algebra of a fit has as many threads as the fit, wherever it runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module


@contextmanager
def blas_threads(threads: int) -> Iterator[None]:
    """Bounds numpy's and scipy's BLAS while it is open.

    Sums over another number of threads differ in their last digits, and a champion would differ between a task of
    Airflow, whose environment allows one thread, and the same phases in one process, which has the machine's cores.
    """
    from threadpoolctl import threadpool_limits

    import_module("scipy.linalg")  # a library that is not loaded yet would not be bounded
    with threadpool_limits(threads, user_api="blas"):
        yield
