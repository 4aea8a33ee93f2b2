"""One published file as a stream of canonical batches, with everything that is learnt about it on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa

from include.errors import BadDataError
from include.ingestion.profile import Profile
from include.ingestion.published import Published
from include.trips.calendar import repeated_hour
from include.trips.contract import Arrival
from include.trips.month import Month


class MonthStream:
    """Iterate once; `meta` afterwards says how the file met the contract and what it holds.

    BadDataError at once for a file that lacks columns or is another service's; at its end for one without rows, or
    most of whose pick-ups lie in another month.
    """

    def __init__(self, published: Published, service: str, month: Month, origin: str) -> None:
        self.arrival = Arrival(published.names, service, origin)
        self.schema = self.arrival.schema
        self._published, self._month, self._origin = published, month, origin
        self._profile = Profile(self.schema)
        self._months: Counter[str] = Counter()
        self._repeated = 0

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        for batch in self._published.batches(self.arrival.wanted, self.arrival.text_types):
            canonical = self.arrival.canonical(batch)
            self._profile.add(canonical)
            self._months.update(count_months(canonical.column("pickup_at")))
            self._repeated += int(repeated_hour(canonical.column("pickup_at").to_numpy(zero_copy_only=False)).sum())
            yield canonical
        refuse_wrong_month(self._months, self._month, self._origin)

    def meta(self) -> dict[str, Any]:
        """What belongs beside the month: `arrival`, `profile`, lines that could not be read, and pick-ups in November's
        repeated hour, whose instant is ambiguous.
        """
        return {"arrival": asdict(self.arrival.report()), "profile": self._profile.result(),
                "unreadable_lines": self._published.unreadable, "repeated_hour": self._repeated}  # fmt: skip


def count_months(pickup_at: pa.Array) -> dict[str, int]:
    """Timestamps -> rows per `YYYY-MM`; a missing time counts as `NaT`."""
    months, counts = np.unique(pickup_at.to_numpy(zero_copy_only=False).astype("datetime64[M]"), return_counts=True)
    return dict(zip(months.astype(str).tolist(), counts.tolist(), strict=True))


def refuse_wrong_month(months: Counter[str], month: Month, origin: str) -> None:
    """BadDataError for a file without rows, or one most of whose pick-ups lie in another month."""
    rows = months.total()
    if not rows:
        raise BadDataError(f"{origin} has no trips: a month with no rows cannot be processed. Get the file again.")
    if months[str(month)] < 0.5 * rows:
        most = max(months, key=lambda name: months[name])
        raise BadDataError(f"{origin} holds trips of {most}, not of {month}: check the file's name.")
