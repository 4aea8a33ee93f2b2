"""What a figure is of is said in words: service, target, who, where, when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from include.llm.ask.figures.settled import Settled
from include.llm.ask.meanings.measure import Measure
from include.llm.ask.sentences.shown import month_name, name_of

PLURALS = {
    "family": "families",
    "pickup_zone": "zones",
    "dropoff_zone": "zones",
    "pickup_borough": "boroughs",
    "dropoff_borough": "boroughs",
    "day": "days",
    "slice": "parts of the month",
    "run": "fits",
}


def parts_of(settled: Settled, row: Mapping[str, Any]) -> str:
    """What the figure is of, in words: service, target, who, where, when."""
    told = {name: values for name, values in settled.filters.items() if name not in (*settled.group, "month", "day")}
    parts = [
        " and ".join(_filter_name(name, v) for v in values) if len(values) < 4 else _spread(name, values)
        for name, values in told.items()
    ]
    if len(settled.roles) == 1 and settled.roles[0] and "role" not in settled.group:
        parts.append(_who(settled.roles[0], row))
    elif row.get("model") and "target" in told:
        parts.append(f"{row['model']}/{row['version']}" if row.get("version") else str(row["model"]))
    if settled.filters.get("day"):
        parts += list(settled.filters["day"])
    elif settled.months and "month" not in settled.group:
        parts.append(month_name(settled.months[0]) if len(settled.months) == 1 else ", ".join(settled.months))
    return ", ".join(part for part in parts if part)


def _filter_name(name: str, value: str) -> str:
    prefix = {
        "pickup_zone": "from ",
        "dropoff_zone": "to ",
        "pickup_borough": "from ",
        "dropoff_borough": "to ",
        "reason": "reason ",
        "stage": "suite of the month, ",
        "column": "column ",
        "vendor": "vendor ",
        "passengers": "passengers ",
    }.get(name, "")
    return prefix + name_of(name, value)


def _spread(name: str, values: Sequence[str]) -> str:
    return f"{name.replace('_', ' ')}s {', '.join(values)}"


def _who(role: str, row: Mapping[str, Any]) -> str:
    label = f"{row['model']}/{row['version']}" if row.get("model") and row.get("version") else ""
    family = str(row.get("family", ""))
    inside = ", ".join(part for part in (label, family) if part)
    return f"{role} ({inside})" if inside else role


def of_what(settled: Settled, row: Mapping[str, Any]) -> str:
    parts = parts_of(settled, row)
    return f", {parts}" if parts else ""


def what_is_said(settled: Settled) -> str:
    return settled.plan.measure.says


def most_or_best(measure: Measure, most: str) -> str:
    better = {"low": "least", "high": "most"}.get(measure.better)
    return f"{most}, so the best" if better == most else most


def plural(group: Sequence[str]) -> str:
    if len(group) > 1:
        return "pairs" if group[0] == "pickup_zone" else "rows"
    return PLURALS.get(group[0], f"{group[0].replace('_', ' ')}s") if group else ""


def capital(said: str) -> str:
    return said[:1].upper() + said[1:]
