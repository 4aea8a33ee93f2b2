"""Each figure or name in a sentence is a fact with its unit and what it is of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from include.llm.ask.answering import Fact
from include.llm.ask.figures.settled import Settled
from include.llm.ask.meanings.measure import Measure
from include.llm.ask.sentences.shown import TARGET_NAMES, figure, month_name, name_of, unit_of

MOST_LISTED = 12
LABELS = ("model", "version", "family", "run_id", "trained_to", "role")


def place_of(settled: Settled, row: Mapping[str, Any]) -> str:
    return ", ".join(_told_apart(settled, name, row) for name in settled.group)


def _told_apart(settled: Settled, name: str, row: Mapping[str, Any]) -> str:
    if name == "role":
        return str(row["role"])
    if name == "run":
        return f"{row['family']} ({row['service']} {TARGET_NAMES.get(str(row['target']), row['target'])})"
    service = row.get("service") or "".join(settled.filters.get("service", ())[:1])
    if name == "stage" and service:
        return f"{row[name]} ({service}_{row[name]})"
    return name_of(name, row.get(name))


def fact_of(settled: Settled, row: Mapping[str, Any]) -> Fact:
    measure, found = settled.plan.measure, row["value"]
    if isinstance(found, str):
        return Fact(measure.says, found, "name", _name(measure, row), facts_of(settled, row))
    unit = unit_of_row(settled, row)
    return Fact(measure.says, found, unit, figure(float(found), unit, measure.decimals), facts_of(settled, row))


def _name(measure: Measure, row: Mapping[str, Any]) -> str:
    """A champion's family with its model, a month in both forms, anything else as it is."""
    if measure.name == "champion_family" and row.get("model"):
        return f"{row['value']} ({row['model']}/{row['version']})"
    return month_name(str(row["value"])) if measure.name == "learnt_to" else str(row["value"])


def lead_of(settled: Settled, row: Mapping[str, Any], fact: Fact) -> Fact:
    """The name that a comparison leads with."""
    shown = place_of(settled, row)
    return Fact(settled.group[0], shown, "name", shown, fact.of)


def unit_of_row(settled: Settled, row: Mapping[str, Any]) -> str:
    target = row.get("target") or (settled.filters.get("target") or ("",))[0]
    column = row.get("column") or (settled.filters.get("column") or ("",))[0]
    return unit_of(settled.plan.measure, str(target), str(column))


def facts_of(settled: Settled, row: Mapping[str, Any]) -> dict[str, Any]:
    """What a fact is of, by name: single filters, what is told apart, the model and the run."""
    plain: dict[str, Any] = {name: values[0] for name, values in settled.filters.items() if len(values) == 1}
    plain |= {f"{name}s": list(values) for name, values in settled.filters.items() if len(values) > 1}
    plain |= {name: row[name] for name in (*settled.group, *LABELS) if name in row}
    if "hour" in plain and "hour" not in settled.group:
        plain["hours"] = name_of("hour", plain["hour"])
    if row and settled.group:
        plain["place"] = place_of(settled, row)
    if "month" not in plain and len(settled.months) > 1:
        plain["months"] = list(settled.months)
    if plain.get("model") and plain.get("version"):
        plain["model"] = f"{plain['model']}/{plain['version']}"
    return plain


def verdict_of(holds: bool, of: Mapping[str, Any] | None = None) -> Fact:
    word = "yes" if holds else "no"
    return Fact("verdict", word, "name", word, of or {})
