"""`make staleness`: models trained to each month, scored on every later one: how often must one retrain?

A job of its own: it fits what it needs on the window before each month, writes table `staleness`, a CSV and a heat map
under `<home>/reports/staleness/`, and logs them to MLflow. Cells that are done with the same model and the same month
are not done again.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from include.config import SERVICES, Settings, get_settings, load_settings
from include.errors import BadDataError, NothingToDo, TaxiError
from include.features.build_month import build_feature_month
from include.features.trip_features import PROBABILITIES, targets_of
from include.lake import Lake
from include.models.bundle import read_bundle
from include.models.families import BASELINE, family_names, find_row, task_of
from include.models.records import Change, write_together
from include.models.scoring import Trips, labelled_trips, score
from include.models.staleness_cost import Cell, age_costs, answer
from include.models.staleness_report import publish_report
from include.models.train_all import fit_family, load_rows, plan_training
from include.trips.month import Month, parse_months
from include.utils.hashing import fingerprint
from include.utils.logs import configure, get_logger
from include.warehouse.tables import STALENESS

QUICK_FAMILY = "lightgbm"


def measure_staleness(
    service: str, months: tuple[Month, ...], family: str = QUICK_FAMILY, settings: Settings | None = None
) -> dict[str, dict[str, Any]]:
    """The matrix over these months of the lake (all of its months when none is named) -> per target the answer, its
    costs by age, and the files. BadDataError with fewer than two of them, a family that is none, or no cell at all.

    A target without a cell is left out, and the log says why.
    """
    settings = settings or get_settings()
    if family not in family_names():
        raise BadDataError(f"No model family is called {family!r}; known families: {', '.join(family_names())}.")
    held = _held_months(service, months, settings)
    uris = {str(month): build_feature_month(service, str(month), settings)["uri"] for month in held}
    models = [model for first, then in pairwise(held)
              for model in _fitted(service, first, then, family, settings)]  # fmt: skip
    for month in held[1:]:
        _score_month(service, month, uris[str(month)], models, settings)
    cells = {target: _cells(settings, service, target, family, held) for target in targets_of(service)}
    empty = {target: _why_none(target, family) for target, found in cells.items() if not found}
    for target, reason in empty.items():
        get_logger(phase="staleness", service=service, model=target).warning("no cell", reason=reason)
    if len(empty) == len(cells):
        reasons = "; ".join(f"{target}: {reason}" for target, reason in empty.items())
        raise BadDataError(f"Staleness of {family} on {service} has no cell, nothing is written. {reasons}.")
    return {target: _report(settings, service, target, family, found) for target, found in cells.items() if found}


def measure_latest(service: str, settings: Settings | None = None) -> dict[str, Any]:
    """Step: the matrix over the latest TAXI_STALENESS_MONTHS months of the lake. NothingToDo when fewer are there.

    What was fitted and scored before is read back, so that a new month costs one fit and one row of cells.
    """
    settings = settings or get_settings()
    wanted, held = settings.staleness_months, Lake(settings.lake).months("features", service)
    if not wanted:
        raise NothingToDo("Staleness is not measured after a promotion (TAXI_STALENESS_MONTHS=0).")
    if len(held) < wanted:
        raise NothingToDo(
            f"Staleness is measured over {wanted} months (TAXI_STALENESS_MONTHS), and the lake holds {len(held)} of "
            f"{service}."
        )
    found = measure_staleness(service, held[-wanted:], settings=settings)
    return {target: {name: outcome[name] for name in ("answer", "cells", "files")} for target, outcome in found.items()}


def _why_none(target: str, family: str) -> str:
    if find_row(family, task_of(target)) is None:
        return f"{family} has no form for it"
    return "no model could be fitted before the last month, or no later month has a trip with that label"


def _held_months(service: str, months: tuple[Month, ...], settings: Settings) -> list[Month]:
    there = Lake(settings.lake).months("features", service)
    held = [month for month in there if not months or month in months]
    if len(held) < 2:
        raise BadDataError(
            f"Staleness needs two {service} months or more; of those asked for the lake holds "
            f"{', '.join(map(str, held)) or 'none'}. Bring them first (make pipeline TAXI_SERVICE={service})."
        )
    absent = [str(month) for month in months if month not in there]
    if absent:
        get_logger(phase="staleness", service=service).warning("months are not in the lake", absent=", ".join(absent))
    return held


def _fitted(service: str, last: Month, then: Month, family: str, settings: Settings) -> list[dict[str, Any]]:
    """The family's candidates trained to month `last`; `then` is the next month that the lake holds."""
    chosen = settings.model_copy(update={"families": (BASELINE, family)})
    log = get_logger(phase="staleness", service=service, month=str(last), family=family)
    try:
        plan = plan_training(service, str(then), "always", chosen, contested=False)
        candidates = fit_family(plan, family, chosen)
    except NothingToDo as reason:
        log.warning("no model of this month", reason=str(reason))
        return []
    for failed in (c for c in candidates if "failed" in c):
        log.warning("a fit failed", reason=failed["failed"])
    known = {"trained_to": plan["earlier"][-1], "months_trained": len(plan["earlier"])}
    return [candidate | known for candidate in candidates if "failed" not in candidate]


def _score_month(service: str, month: Month, uri: str, models: list[dict[str, Any]], settings: Settings) -> None:
    """Every model trained to an earlier month, on this one; the month is read only when a cell is missing."""
    done = {(c["target"], c["family"], c["trained_to"], c["cell_key"]) for c in _rows(settings, service, str(month))}
    missing = [m for m in models if m["trained_to"] < str(month) and (*_who(m), _key(m, uri)) not in done]
    if not missing:
        return
    rows, changes = load_rows(uri, service), []
    for target in sorted({model["target"] for model in missing}):
        trips = labelled_trips(rows, target)
        mine = [model for model in missing if model["target"] == target and len(trips.day)]
        changes += [_cell(service, month, model, trips, uri, settings) for model in mine]
    write_together(settings, changes)
    get_logger(phase="staleness", service=service, month=str(month)).info("month scored", cells=len(changes))


def _who(model: dict[str, Any]) -> tuple[str, str, str]:
    return model["target"], model["family"], model["trained_to"]


def _key(model: dict[str, Any], uri: str) -> str:
    """The names of both files hold their content: another model or another month is another cell."""
    return fingerprint(model["uri"], uri)


def _cell(
    service: str, month: Month, model: dict[str, Any], trips: Trips, uri: str, settings: Settings
) -> Change:  # fmt: skip
    scored = score(read_bundle(model["uri"], threads=settings.fit_threads), model["target"], trips)
    keys = dict(zip(("target", "family", "trained_to"), _who(model), strict=True))
    return "staleness", {"service": service, "month": str(month), **keys}, {
        "age_months": month.ordinal - Month.parse(model["trained_to"]).ordinal,
        "months_trained": model["months_trained"], "rows_scored": len(trips.day), "loss": scored.metrics["loss"],
        "cell_key": _key(model, uri), "scored_at": datetime.now(UTC).replace(tzinfo=None),
    }  # fmt: skip


def _rows(settings: Settings, service: str, month: str = "") -> list[dict[str, Any]]:
    from include.warehouse.engine import get_engine, warehouse_faults
    from include.warehouse.schema import init_db

    engine = get_engine(settings)
    init_db(engine)
    query = select(STALENESS).where(STALENESS.c.service == service)
    if month:
        query = query.where(STALENESS.c.month == month)
    with warehouse_faults(engine), engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def _cells(settings: Settings, service: str, target: str, family: str, held: list[Month]) -> list[Cell]:
    asked = {str(month) for month in held}
    return [
        Cell(**{name: row[name] for name in Cell.__dataclass_fields__})
        for row in _rows(settings, service)
        if (row["target"], row["family"]) == (target, family) and {row["trained_to"], row["month"]} <= asked
    ]


def _report(settings: Settings, service: str, target: str, family: str, cells: list[Cell]) -> dict[str, Any]:
    costs, sentence = age_costs(cells), answer(cells, settings.min_gain)
    files = publish_report(settings, service, target, family, cells, sentence, target in PROBABILITIES)
    get_logger(phase="staleness", service=service, model=target).info(sentence)
    return {"answer": sentence, "cells": len(cells), "costs": [asdict(cost) for cost in costs], "files": files}


def main() -> None:
    """The command line; a month or service that cannot be measured ends with one sentence and exit code 1."""
    configure()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--service", choices=SERVICES)
    parser.add_argument("--months", default="", help="2018-01:2018-12 or a list; default: every month in the lake")
    parser.add_argument("--family", default=QUICK_FAMILY)
    parser.add_argument("--window", type=int, help="months that each model learns from; default: TAXI_WINDOW_MONTHS")
    asked = parser.parse_args()
    try:
        settings = get_settings() if asked.window is None else load_settings({"window_months": asked.window})
        months = parse_months(asked.months) if asked.months else ()
        print(
            json.dumps(measure_staleness(asked.service or settings.service, months, asked.family, settings), indent=2)
        )
    except (TaxiError, ValueError) as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
