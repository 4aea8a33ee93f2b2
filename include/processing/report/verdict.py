"""One word and one sentence about a month: what somebody reads who reads nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from include.processing.report.drift_table import drift_table
from include.processing.report.facts import Check, MonthReport
from include.processing.report.words import percent
from include.trips.columns import HIRED

Level = Literal["good", "look", "stop"]
NAMED = 3
"""Names in the sentence; the page lists all."""


@dataclass(frozen=True)
class Verdict:
    """`stop`: do not train on it. `look`: usable, and something is unusual. `good`: nothing to see."""

    level: Level
    sentence: str


def verdict_of(report: MonthReport) -> Verdict:
    """Broken critical expectations stop a month; whatever else is broken, waived or moved asks for a look.

    A waiver lets a month pass and does not mend it, so a month with one is never good.
    """
    name, kept = f"{service_name(report.service)} {report.month}", _kept(report)
    critical = [c.expectation for c in broken(report) if c.severity == "critical"]
    if critical:
        return Verdict("stop", f"Do not use {name}: {_names(critical)} must hold and {_is(critical)} broken. {kept}")
    unusual = _unusual(report)
    if unusual:
        return Verdict("look", f"{name} can be used; look at {'; '.join(unusual)}. {kept}")
    return Verdict("good", f"{name} is fit for use: nothing critical is broken and nothing is unusual. {kept}")


def service_name(service: str) -> str:
    """Yellow, Green, FHV, FHVHV: as a sentence begins with it."""
    return service.upper() if service in HIRED else service.title()


def broken(report: MonthReport) -> list[Check]:
    """Expectations that do not hold and that nobody waived, critical ones first."""
    found = [c for c in report.checks if c.state == "broken"]
    return sorted(found, key=lambda c: c.severity != "critical")


def waived(report: MonthReport) -> list[Check]:
    """Expectations that do not hold and that somebody accepted."""
    return [c for c in report.checks if c.state == "waived"]


def _unusual(report: MonthReport) -> list[str]:
    moved = [m.worst.column for m in drift_table(report.drift or ()).named if m.worst.verdict == "alarm"]
    nulls = [band.column for band in report.nulls if band.outside]
    told = [_names([c.expectation for c in broken(report)])] if broken(report) else []
    told += [f"the drift of {_names(moved)}"] if moved else []
    told += [f"the nulls of {_names(nulls)}"] if nulls else []
    return told + (["its drift, which could not be measured"] if report.drift_fault else []) + _accepted(report)


def _accepted(report: MonthReport) -> list[str]:
    """`fares, which is broken and waived by A. Keeper until 2026-12-31`; the first NAMED, and how many more."""
    found = waived(report)
    told = [f"{c.expectation}, which is broken and waived by {c.waived_by}"
            + (f" until {c.waived_until}" if c.waived_until else "") for c in found[:NAMED]]  # fmt: skip
    return told + ([f"{len(found) - NAMED} more that are waived"] if len(found) > NAMED else [])


def _kept(report: MonthReport) -> str:
    told = f"{report.rows_kept:,} of {report.rows_read:,} rows ({percent(report.kept_percent)}) are kept."
    return told if report.drift is not None else f"{told} {drift_unmeasured(report)}."


def drift_unmeasured(report: MonthReport) -> str:
    """Why a report without drift has none."""
    if report.drift_fault:
        return f"Drift was not measured: {report.drift_fault.rstrip('.')}"
    return "Drift has not been measured yet"


def _names(names: Sequence[str]) -> str:
    shown, more = list(names[:NAMED]), len(names) - NAMED
    if more > 0:
        return f"{', '.join(shown)} and {more} more"
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


def _is(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"
