"""Facts of a made-up month, to be changed by tests."""

from __future__ import annotations

from typing import Any

from include.processing.report.facts import (
    Check,
    Distribution,
    DriftResult,
    MonthReport,
    NullBand,
    OutlierCount,
    Reject,
    Summary,
)

HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>\"&'|`[a](javascript:b)"
SUMMARY = Summary(970, 13.1, 9.5, 2.5, 3.0, 6.5, 9.5, 14.5, 52.0, 400.0)


def check(name: str = "row_count", **changes: Any) -> Check:
    """A warning of the raw month that holds."""
    plain: dict[str, Any] = {"stage": "raw", "expectation": name, "column": "fare_usd", "severity": "warning",
                             "success": True, "observed": "5 rows break it", "limit": "at most 3 rows"}  # fmt: skip
    return Check(**(plain | changes))


def drift(verdict: str = "ok", **changes: Any) -> DriftResult:
    """A PSI of a whole column."""
    plain: dict[str, Any] = {"column": "fare_usd", "segment": "", "segment_value": "", "metric": "psi", "value": 0.05,
                             "limit": 0.2, "verdict": verdict}  # fmt: skip
    return DriftResult(**(plain | changes))


def band(column: str = "passenger_count", **changes: Any) -> NullBand:
    """Nulls as usual."""
    plain: dict[str, Any] = {"column": column, "meaning": "passengers", "percent": 2.0, "low": 1.5, "high": 2.5,
                             "months": 12, "outside": False}  # fmt: skip
    return NullBand(**(plain | changes))


def month_report(**changes: Any) -> MonthReport:
    """1,000 rows of yellow 2019-03, 970 kept; nothing unusual, drift measured."""
    plain: dict[str, Any] = {
        "service": "yellow", "month": "2019-03", "origin": "yellow_tripdata_2019-03.parquet", "synthetic": False,
        "rows_read": 1000, "rows_kept": 970,
        "rejects": (Reject("negative_amount", "a reversal", 10, 1.0), Reject("missing_time", "no time", 0, 0.0),
                    Reject("duration_over_3_h", "left running", 20, 2.0)),
        "checks": (check("row_count", severity="critical"), check("total_covers_fare")),
        "nulls": (band(),),
        "distributions": (Distribution("fare", "US dollars", (0.0, 10.0, 20.0), (10, 500, 460, 30), (0, 500, 460, 10),
                                       3),),
        "pickups": {132: 400, 161: 300, 236: 200, 264: 70},
        "summary": {"raw": {"fare_usd": SUMMARY}, "clean": {"fare_usd": SUMMARY}},
        "outliers": {"fare_usd": OutlierCount(-20.0, 60.0, 4, 21, 2.5)},
        "drift": (drift(),),
        "methods": {"raw": "every row"},
        "docs": {"raw": "data_docs/validations/yellow_raw/a.html"},
    }  # fmt: skip
    return MonthReport(**(plain | changes))


def hostile_report() -> MonthReport:
    """Text of a file, a person or a rule that wants to be markup, wherever the report shows text."""
    return month_report(
        origin=HOSTILE,
        rejects=(Reject(HOSTILE, HOSTILE, 30, 3.0),),
        checks=(check(HOSTILE, success=False, observed=HOSTILE, limit=HOSTILE, examples=(HOSTILE,), column=HOSTILE),
                check(HOSTILE, success=False, waived_by=HOSTILE, waiver_reason=HOSTILE, waived_until=HOSTILE),
                check(HOSTILE, observed=HOSTILE, limit=HOSTILE)),
        nulls=(band(HOSTILE, meaning=HOSTILE, outside=True), band(HOSTILE + "2", percent=0.0, low=None, high=None)),
        summary={"raw": {HOSTILE: SUMMARY}, "clean": {}},
        outliers={HOSTILE: OutlierCount(0.0, 1.0, 1, 1, 0.2)},
        drift=(drift("alarm", column=HOSTILE, segment=HOSTILE, segment_value=HOSTILE, note=HOSTILE, metric=HOSTILE),
               drift("insufficient_history", metric="history", note=HOSTILE)),
        methods={HOSTILE: HOSTILE},
        docs={HOSTILE: f"data_docs/{HOSTILE}"},
    )  # fmt: skip
