"""What a quality report says about a month, as plain frozen data: pages, CSV and warehouse rows are views of it."""

from __future__ import annotations

from dataclasses import dataclass

RAW, CLEAN = "raw", "clean"


@dataclass(frozen=True)
class Summary:
    """A numeric column's finite values: how many, mean, standard deviation, extremes and quantiles."""

    values: int
    mean: float
    std: float
    min: float
    p01: float
    p25: float
    p50: float
    p75: float
    p99: float
    max: float


@dataclass(frozen=True)
class OutlierCount:
    """Rows outside [low, high], and their percentage of the rows with a value."""

    low: float
    high: float
    below: int
    above: int
    percent: float


@dataclass(frozen=True)
class Check:
    """One expectation's outcome. `waived_by` names who accepted a broken one, "" where nobody did."""

    stage: str
    expectation: str
    column: str
    severity: str
    success: bool
    observed: str
    limit: str
    count: int | None = None
    percent: float | None = None
    examples: tuple[str, ...] = ()
    waived_by: str = ""
    waiver_reason: str = ""
    waived_until: str = ""

    @property
    def state(self) -> str:
        """passed | waived | broken."""
        if self.success:
            return "passed"
        return "waived" if self.waived_by else "broken"


@dataclass(frozen=True)
class Reject:
    """Rows set aside for one reason; percent of the rows read."""

    reason: str
    meaning: str
    rows: int
    percent: float


@dataclass(frozen=True)
class NullBand:
    """A column's nulls in percent of the rows, between the least and greatest of `months` earlier months."""

    column: str
    meaning: str
    percent: float
    low: float | None
    high: float | None
    months: int
    outside: bool
    known: bool = False
    """Outside the band, and explained by a change of rules that drift knows of; `outside` is False then."""


@dataclass(frozen=True)
class Distribution:
    """Rows per bin before and after cleaning. The first bin is below `edges[0]`, the last from `edges[-1]` on."""

    measure: str
    unit: str
    edges: tuple[float, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]
    without_value: int


@dataclass(frozen=True)
class DriftResult:
    """One comparison with the trailing months; `segment` is "" for the whole month."""

    column: str
    segment: str
    segment_value: str
    metric: str
    value: float | None
    limit: float | None
    verdict: str
    note: str = ""
    rows: int | None = None
    reference_rows: int | None = None
    reference_months: int | None = None


@dataclass(frozen=True)
class MonthReport:
    """Everything the report knows of a service's month. `drift` is None while it has not been measured."""

    service: str
    month: str
    origin: str
    synthetic: bool
    rows_read: int
    rows_kept: int
    rejects: tuple[Reject, ...]
    checks: tuple[Check, ...]
    nulls: tuple[NullBand, ...]
    distributions: tuple[Distribution, ...]
    pickups: dict[int, int]
    summary: dict[str, dict[str, Summary]]
    outliers: dict[str, OutlierCount]
    drift: tuple[DriftResult, ...] | None
    methods: dict[str, str]
    """Stage -> how its rows were looked at, where the validation says so."""
    docs: dict[str, str]
    """Stage -> Data Docs page, relative to the home."""
    drift_fault: str = ""
    """Why drift could not be measured, where it was tried."""

    @property
    def quarantined(self) -> int:
        """Rows that were read and not kept."""
        return self.rows_read - self.rows_kept

    @property
    def kept_percent(self) -> float:
        """Rows kept in percent of the rows read."""
        return 100 * self.rows_kept / max(self.rows_read, 1)
