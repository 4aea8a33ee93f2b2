"""The floor: what trips between two zones in a band of the day were, with back-off where there are few."""

from __future__ import annotations

from typing import Any

import numpy as np

from include.features.temporal_features import TIME_BANDS
from include.models.onnx_graphs import cell_nodes, table_graph
from include.models.recipes import COLUMN
from include.trips.zones import BOROUGHS, ZONE_COUNT, load_zones

BANDS = len(TIME_BANDS)
CELLS = ZONE_COUNT * ZONE_COUNT * BANDS
COLUMNS = np.array([COLUMN["pickup_zone"], COLUMN["dropoff_zone"], COLUMN["time_band"]], np.int64)
WEIGHTS = np.array([ZONE_COUNT * BANDS, BANDS, 1], np.int64)


class ZonePairTable:
    """One number per zone pair and time band, resolved when fitting, so that a prediction is one look-up.

    `fit` visits the borough pair, the borough pair in the band, the zone pair and the zone pair in the band, coarse to
    fine. `least` is how many trips a cell needs (or weighs its coarser cell with).
    """

    table: np.ndarray

    def __init__(self, least: int) -> None:
        self.least = least

    def fit(self, x: np.ndarray, y: np.ndarray) -> ZonePairTable:
        """(n, features) and (n,) labels; a cell that nobody travelled takes the next coarser one's number."""
        row = cell_of(x)
        table = np.full(CELLS, self.of_all(y))
        for level in levels():
            table = self.refine(table, level, level[row], y)
        self.table = table.astype(np.float32)
        return self

    def of_all(self, y: np.ndarray) -> float:
        """The city's number."""
        raise NotImplementedError

    def refine(self, table: np.ndarray, level: np.ndarray, group: np.ndarray, y: np.ndarray) -> np.ndarray:
        """(cells,) numbers so far, each cell's group, each row's group and label -> (cells,) refined numbers."""
        raise NotImplementedError

    def predict(self, x: np.ndarray) -> np.ndarray:
        """(n, features) -> (n,) float32."""
        return np.asarray(self.table[cell_of(x)])

    def to_onnx(self, name: str) -> bytes:
        """One gather."""
        from onnx import helper

        nodes = [*cell_nodes("cell", "columns", "weights"), helper.make_node("Gather", ["table", "cell"], ["value"])]
        axis = np.array([1], np.int64)
        return table_graph(name, nodes, {"columns": COLUMNS, "weights": WEIGHTS, "axis": axis, "table": self.table})


class ZonePairMedian(ZonePairTable):
    """Medians: a cell of fewer than `least` trips leaves the word to the next coarser one."""

    def of_all(self, y: np.ndarray) -> float:
        return float(np.median(y))

    def refine(self, table: np.ndarray, level: np.ndarray, group: np.ndarray, y: np.ndarray) -> np.ndarray:
        medians = group_medians(group, y, int(level.max()) + 1, self.least)[level]
        return np.where(np.isnan(medians), table, medians)


class ZonePairRate(ZonePairTable):
    """Shares of yes: a cell's own share, drawn towards the coarser one's as if `least` trips had had that."""

    def of_all(self, y: np.ndarray) -> float:
        return float(y.mean())

    def refine(self, table: np.ndarray, level: np.ndarray, group: np.ndarray, y: np.ndarray) -> np.ndarray:
        groups = int(level.max()) + 1
        trips, yes = np.bincount(group, minlength=groups)[level], np.bincount(group, y, groups)[level]
        return np.asarray((yes + self.least * table) / (trips + self.least))


def cell_of(x: np.ndarray) -> np.ndarray:
    """(n, features) -> (n,) int64, the row of the table."""
    return np.asarray(x[:, COLUMNS].astype(np.int64) @ WEIGHTS)


def levels() -> tuple[np.ndarray, ...]:
    """Four (cells,) arrays of group numbers, coarse to fine."""
    cells = np.arange(CELLS)
    pair, band = cells // BANDS, cells % BANDS
    borough = load_zones().borough.astype(np.int64)
    boroughs = borough[pair // ZONE_COUNT] * len(BOROUGHS) + borough[pair % ZONE_COUNT]
    return boroughs, boroughs * BANDS + band, pair, cells


def group_medians(group: np.ndarray, values: np.ndarray, groups: int, least: int) -> np.ndarray:
    """(n,) group numbers and values -> (groups,) medians, NaN where fewer than `least` values are."""
    order = np.lexsort((values, group))
    counts = np.bincount(group, minlength=groups)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    ordered = values[order]
    medians = np.full(groups, np.nan)
    full = counts >= least
    low, high = starts[full] + (counts[full] - 1) // 2, starts[full] + counts[full] // 2
    medians[full] = (ordered[low].astype(np.float64) + ordered[high]) / 2
    return medians


def export_table(model: Any, name: str) -> bytes:
    """The exporter of models that write their own graph."""
    return bytes(model.to_onnx(name))
