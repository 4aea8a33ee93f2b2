"""What a comparison found, and the verdict on a month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from include.processing.drift_profile import WHOLE

Metric = Literal["psi", "ks", "constant", "new_segment", "lost_segment", "history"]
Verdict = Literal["ok", "insufficient_history", "warning", "known", "alarm"]
VERDICTS: tuple[Verdict, ...] = ("ok", "insufficient_history", "warning", "known", "alarm")
"""From harmless to grave. `known`: would be an alarm, and a known change of rules explains it."""


@dataclass(frozen=True)
class DriftResult:
    """One comparison. `segment` is "month" with value "" for all trips; `limit` is the one the value was held to.

    `rows` and `reference_rows` are the trips compared; `reference_months` is how many earlier months they are from.
    """

    column: str
    segment: str
    segment_value: str
    metric: Metric
    value: float
    limit: float
    verdict: Verdict
    note: str
    rows: int
    reference_rows: int
    reference_months: int

    @property
    def name(self) -> str:
        """How lists of alarms call it, e.g. `psi of speed_mph, borough Queens`."""
        where = "" if self.segment == WHOLE[0] else f", {self.segment} {self.segment_value}"
        return f"{self.metric} of {self.column}{where}"


def month_verdict(results: Iterable[DriftResult]) -> Verdict:
    """The gravest verdict of a month's results; `insufficient_history` when there is none."""
    verdicts = {result.verdict for result in results}
    return next((v for v in reversed(VERDICTS) if v in verdicts), "insufficient_history")
