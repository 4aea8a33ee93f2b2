"""A trip's logarithm as a sum of effects: distance, zones, pair, and when each of them is busy. Fits in a second.

Every effect is one row of a table, so what is served is a few look-ups, and what was learned can be read off.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from include.features.geospatial_features import pair_table
from include.models.onnx_graphs import INPUT, table_graph
from include.models.recipes import COLUMN
from include.trips.zones import BOROUGHS, ZONE_COUNT

HALF_HOUR = 30
_COPIED = ("pickup_zone", "dropoff_zone", "hour", "weekday", "pickup_borough", "dropoff_borough")
TRAITS = (*_COPIED, "half_hour", "day_off", "period")
"""Whole numbers that effects are made of: features, half hour of the day, weekend or holiday, and PERIODS."""
PERIODS = np.array([[0] * 7 + [1] * 13 + [0] * 4, [2] * 24], np.int64)
"""[day_off, hour] -> workday's night 0, its day 1, day off 2."""
_ZONE, _BOROUGH = ZONE_COUNT, len(BOROUGHS)


@dataclass(frozen=True)
class Effect:
    """Cell = sum of traits times weights, `size` cells; an effect of n trips keeps n / (n + shrink) of them."""

    weights: dict[str, int]
    size: int
    shrink: float


EFFECTS = (
    Effect({"pickup_zone": 1}, _ZONE, 20),
    Effect({"dropoff_zone": 1}, _ZONE, 20),
    Effect({"pickup_zone": _ZONE, "dropoff_zone": 1}, _ZONE**2, 4),
    Effect({"weekday": 24, "hour": 1}, 168, 30),
    Effect({"pickup_zone": 48, "day_off": 24, "hour": 1}, _ZONE * 48, 20),
    Effect({"dropoff_zone": 48, "day_off": 24, "hour": 1}, _ZONE * 48, 20),
    Effect({"pickup_borough": _BOROUGH * 168, "dropoff_borough": 168, "weekday": 24, "hour": 1}, _BOROUGH**2 * 168, 30),
    Effect({"day_off": 48, "half_hour": 1}, 96, 30),
    Effect({"pickup_zone": _ZONE * 3, "dropoff_zone": 3, "period": 1}, _ZONE**2 * 3, 8),
)
PAIR = 2
"""The effect that also carries what is linear in distance, which the pair decides."""
WEIGHTS = np.array([[effect.weights.get(trait, 0) for effect in EFFECTS] for trait in TRAITS], np.int64)
OFFSETS = np.cumsum([0, *(effect.size for effect in EFFECTS)])


class AdditiveLog:
    """log y = a line in functions of distance + the EFFECTS, by backfitting; labels must be positive.

    `shrink` scales every effect's own. One factor at the end puts the result where the absolute error is least.
    """

    effects: np.ndarray

    def __init__(self, shrink: float, rounds: int) -> None:
        self.shrink, self.rounds = shrink, rounds

    def fit(self, x: np.ndarray, y: np.ndarray) -> AdditiveLog:
        """(n, features) and (n,) positive labels. ValueError for others."""
        if not (y > 0).all():
            raise ValueError(f"a label is {y.min():g}: logarithms need positive ones")
        cells = cells_of(x)
        effects = self._backfit(cells, np.log(y.astype(np.float64)))
        self.effects = effects.astype(np.float32)
        said = self.predict(x)
        pair = slice(OFFSETS[PAIR], OFFSETS[PAIR + 1])
        self.effects[pair] += np.float32(np.log(weighted_median(y / said, said)))
        return self

    def _backfit(self, cells: np.ndarray, logs: np.ndarray) -> np.ndarray:
        """(n, effects) cells and (n,) logarithms -> (all cells,) effects, the distance's line within the pairs'."""
        distance = distance_terms()
        pair = cells[:, PAIR] - OFFSETS[PAIR]
        trips = np.bincount(cells.reshape(-1), minlength=OFFSETS[-1])
        shrink = np.repeat([effect.shrink * self.shrink for effect in EFFECTS], [effect.size for effect in EFFECTS])
        gram = (distance * np.bincount(pair, minlength=len(distance))[:, None]).T @ distance
        effects, line, left = np.zeros(OFFSETS[-1]), np.zeros(len(distance)), logs.copy()
        for _ in range(self.rounds):
            left += line[pair]
            sums = np.bincount(pair, left, len(distance))
            line = distance @ np.linalg.solve(gram + 1e-3 * np.eye(len(gram)), distance.T @ sums)
            left -= line[pair]
            for e, effect in enumerate(EFFECTS):
                mine, cell = slice(OFFSETS[e], OFFSETS[e + 1]), cells[:, e] - OFFSETS[e]
                left += effects[mine][cell]
                effects[mine] = np.bincount(cell, left, effect.size) / (trips[mine] + shrink[mine])
                left -= effects[mine][cell]
        effects[OFFSETS[PAIR] : OFFSETS[PAIR + 1]] += line
        return effects

    def predict(self, x: np.ndarray) -> np.ndarray:
        """(n, features) -> (n,) float32."""
        return np.asarray(np.exp(self.effects[cells_of(x)].sum(axis=1)))

    def to_onnx(self, name: str) -> bytes:
        """The same look-ups as a graph."""
        from onnx import TensorProto, helper

        def picked(columns: str, output: str) -> object:
            return helper.make_node("Gather", ["whole", columns], [output], axis=1)

        nodes = [
            helper.make_node("Cast", [INPUT], ["whole"], to=TensorProto.INT64),
            picked("copied_columns", "copied"),
            picked("minute_column", "minute"),
            helper.make_node("Div", ["minute", "half_hour"], ["half"]),
            picked("off_columns", "off_days"),
            helper.make_node("ReduceMax", ["off_days", "axis"], ["off"], keepdims=1),
            picked("hour_column", "hour"),
            helper.make_node("Mul", ["off", "hours"], ["off_hours"]),
            helper.make_node("Add", ["off_hours", "hour"], ["hour_of_kind"]),
            helper.make_node("Gather", ["periods", "hour_of_kind"], ["period"]),
            helper.make_node("Concat", ["copied", "half", "off", "period"], ["traits"], axis=1),
            helper.make_node("MatMul", ["traits", "weights"], ["places"]),
            helper.make_node("Add", ["places", "offsets"], ["cells"]),
            helper.make_node("Gather", ["effects", "cells"], ["parts"]),
            helper.make_node("ReduceSum", ["parts", "axis"], ["logarithm"], keepdims=0),
            helper.make_node("Exp", ["logarithm"], ["value"]),
        ]
        whole = {"copied_columns": _columns(*_COPIED), "minute_column": _columns("minute_of_day"),
                 "off_columns": _columns("is_weekend", "is_holiday"), "hour_column": _columns("hour"),
                 "half_hour": [HALF_HOUR], "hours": [24], "axis": [1], "periods": PERIODS.reshape(-1),
                 "weights": WEIGHTS, "offsets": OFFSETS[:-1]}  # fmt: skip
        constants = {name: np.asarray(value, np.int64) for name, value in whole.items()}
        return table_graph(name, nodes, constants | {"effects": self.effects})


def _columns(*names: str) -> np.ndarray:
    return np.array([COLUMN[name] for name in names], np.int64)


def cells_of(x: np.ndarray) -> np.ndarray:
    """(n, features) -> (n, effects) int64, each trip's cell of every effect, counted through all of them."""
    whole = {name: x[:, COLUMN[name]].astype(np.int64) for name in (*_COPIED, "minute_of_day")}
    whole["half_hour"] = whole["minute_of_day"] // HALF_HOUR
    whole["day_off"] = x[:, _columns("is_weekend", "is_holiday")].max(axis=1).astype(np.int64)
    whole["period"] = PERIODS[whole["day_off"], whole["hour"]]
    return np.asarray(np.stack([whole[trait] for trait in TRAITS], axis=1) @ WEIGHTS + OFFSETS[:-1])


def distance_terms() -> np.ndarray:
    """(pairs, 13) float64: the functions of a zone pair that its effect is linear in, for every pair of the 266."""
    pairs = pair_table()
    direct, grid, same, known, flat, airport = (
        pairs.rows[:, pairs.names.index(name)].astype(np.float64)
        for name in ("haversine_km", "manhattan_km", "same_zone", "places_known", "is_jfk_flat", "is_airport")
    )
    near, far = np.log(direct + 0.4), np.log(grid + 0.6)
    return np.stack(
        [np.ones(len(near)), near, far, near**2, far**2, np.sqrt(grid), same, known, same * known, flat, airport,
         far * airport, (1 - known) * same], axis=1,
    )  # fmt: skip


def weighted_median(values: np.ndarray, weights: np.ndarray) -> float:
    """(n,) values and positive weights -> the value with half of the weight on either side."""
    order = np.argsort(values, kind="stable")
    total = np.cumsum(weights[order], dtype=np.float64)
    return float(values[order][np.searchsorted(total, total[-1] / 2)])
