"""Feature months as the models see them: arrays by role, and per target the trips that have its label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from include.errors import NothingToDo
from include.features.dictionary import FEATURE_NAMES
from include.features.trip_features import BLOCK, targets_of
from include.lake import read_table
from include.models.windows import Split
from include.trips.month import Month


@dataclass(frozen=True)
class TargetRows:
    """The n trips that have one target's label: x (n, features) float32, y, day of the month, app_dispatched (bool)."""

    x: np.ndarray
    y: np.ndarray
    day: np.ndarray
    app_dispatched: np.ndarray

    def __len__(self) -> int:
        return len(self.y)


@dataclass(frozen=True)
class Rows:
    """All trips: x (n, features) float32, the targets (n,) each, NaN without a label, day and app_dispatched (n,)."""

    x: np.ndarray
    y: dict[str, np.ndarray]
    day: np.ndarray
    app_dispatched: np.ndarray

    def of(self, target: str) -> TargetRows:
        """The trips with a label of `target`; arrays are not copied when all have one."""
        labelled = np.isfinite(self.y[target])
        pick = slice(None) if labelled.all() else labelled
        return TargetRows(self.x[pick], self.y[target][pick], self.day[pick], self.app_dispatched[pick])

    def where(self, mask: np.ndarray) -> Rows:
        """The rows of a (n,) bool mask."""
        y = {target: values[mask] for target, values in self.y.items()}
        return Rows(self.x[mask], y, self.day[mask], self.app_dispatched[mask])


@dataclass(frozen=True)
class Window:
    """The earlier months' rows by role: nothing of the test month."""

    train: Rows
    tune: Rows
    calibrate: Rows


@dataclass(frozen=True)
class TargetWindow:
    """A window's rows of one target, by role."""

    train: TargetRows
    tune: TargetRows
    calibrate: TargetRows


def load_rows(uri: str, service: str) -> Rows:
    """A feature month as arrays."""
    return rows_of(read_table(uri, ["day", BLOCK, *FEATURE_NAMES, *targets_of(service)]), service)


def rows_of(table: pa.Table, service: str) -> Rows:
    """A feature month's table as arrays."""
    targets = targets_of(service)
    x = np.empty((table.num_rows, len(FEATURE_NAMES)), np.float32)
    for position, name in enumerate(FEATURE_NAMES):
        x[:, position] = table[name].to_numpy()
    y = {target: table[target].to_numpy() for target in targets}
    return Rows(x, y, table["day"].to_numpy(), table[BLOCK].to_numpy().astype(bool))


def load_window(plan: Mapping[str, Any]) -> Window:
    """The plan's earlier months, split into roles; NothingToDo when a role has no trip."""
    split = Split(tuple(Month.parse(m) for m in plan["earlier"]), Month.parse(plan["month"]), ())
    parts: dict[str, list[Rows]] = {"train": [], "tune": [], "calibrate": []}
    for month in split.earlier:
        rows = load_rows(plan["uris"][str(month)], plan["service"])
        role_of = split.role_of(month, rows.day)
        for role, held in parts.items():
            held.append(rows.where(role_of == role))
    window = {role: join_rows(held) for role, held in parts.items()}
    for role, rows in window.items():
        if not len(rows.day):
            raise NothingToDo(f"The window before {plan['month']} has no trip on its {role} days; add earlier months.")
    return Window(**window)


def join_rows(parts: list[Rows]) -> Rows:
    """The rows of several months, in their order."""
    return Rows(
        np.concatenate([rows.x for rows in parts]),
        {target: np.concatenate([rows.y[target] for rows in parts]) for target in parts[0].y},
        np.concatenate([rows.day for rows in parts]),
        np.concatenate([rows.app_dispatched for rows in parts]),
    )
