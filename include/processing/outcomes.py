"""What one expectation found, as a plain row: read from a Great Expectations result, never decided here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from include.processing.expected import Expected

if TYPE_CHECKING:
    from include.processing.waivers import Waiver

SHOWN_VALUES = 5
"""Examples of values that break a rule, in results and on a page of Data Docs."""


@dataclass(frozen=True)
class Outcome:
    """One expectation's verdict; a row of data_quality_metrics. Percentages are of the rows with a value.

    `examples` are up to five values that break it, as text. A waiver is named only where it was needed.
    """

    expectation: str
    column_name: str
    severity: str
    success: bool
    observed: str
    limit_text: str
    unexpected_count: int | None
    unexpected_percent: float | None
    examples: tuple[str, ...] = ()
    waived_by: str | None = None
    waiver_reason: str | None = None
    waived_until: str | None = None

    @property
    def stops(self) -> bool:
        """True when the month must not be used: critical, broken, and nobody answers for it."""
        return self.severity == "critical" and not self.success and self.waived_by is None


def outcomes(suite: Iterable[Expected], merged: Any) -> list[Outcome]:
    """A merged validation result as plain rows, in the suite's order."""
    return [read_outcome(spec, result) for spec, result in zip(suite, merged.results, strict=True)]


def read_outcome(spec: Expected, result: Any) -> Outcome:
    """One Great Expectations result as a plain row."""
    found = result.result or {}
    count, percent = found.get("unexpected_count"), found.get("unexpected_percent")
    column = str(spec.arguments.get("column") or " / ".join(spec.columns))
    examples = tuple(dict.fromkeys(shown(v) for v in found.get("partial_unexpected_list") or ()))[:SHOWN_VALUES]
    return Outcome(spec.name, column, spec.severity, bool(result.success), _observed(result, found), spec.limit,
                   None if count is None else int(count), None if percent is None else float(percent),
                   examples)  # fmt: skip


def shown(value: Any) -> str:
    """A value as people read it: no numpy names, six digits, times without a zero fraction."""
    if isinstance(value, tuple | list):
        return " / ".join(map(shown, value))
    return f"{value:.6g}" if isinstance(value, float | np.floating) else str(value)


def _observed(result: Any, found: Mapping[str, Any]) -> str:
    fault = raised(result)
    if fault:
        return f"could not be computed: {fault}"
    count, percent = found.get("unexpected_count"), found.get("unexpected_percent")
    if percent is not None:
        return f"{count:,} rows ({percent:.3f} %) break it"
    if "observed_value" in found:
        return shown(found["observed_value"])
    return "no row has a value" if count == 0 else "could not be computed"


def raised(result: Any) -> str:
    """The message of what an expectation raised while it was computed; empty when it did not."""
    info = result.exception_info or {}
    several = [info] if "raised_exception" in info else [part for part in info.values() if isinstance(part, dict)]
    messages = [str(part.get("exception_message")) for part in several if part.get("raised_exception")]
    return messages[0].strip().splitlines()[0][:300] if messages else ""


def waive(found: Iterable[Outcome], waivers: Mapping[str, Waiver]) -> list[Outcome]:
    """The outcomes, with the waiver's words on each broken one that it names."""
    return [
        replace(o, waived_by=w.who, waiver_reason=w.why, waived_until=w.until.isoformat())
        if not o.success and (w := waivers.get(o.expectation))
        else o
        for o in found
    ]
