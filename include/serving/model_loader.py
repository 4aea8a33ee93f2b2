"""The champions in memory: loaded from the published pointers, swapped whole, never replaced by a damaged one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from include.config import SERVICES
from include.errors import BundleError
from include.features.trip_features import TARGETS, targets_of
from include.models.bundle import Bundle, Pointer, model_name, read_bundle, read_pointer
from include.serving.trips import Trip, request_matrix
from include.utils.logs import get_logger

Key = tuple[str, str]


@dataclass(frozen=True)
class Champion:
    """A loaded bundle and the pointer that named it."""

    pointer: Pointer
    bundle: Bundle

    @property
    def label(self) -> str:
        """`<registered name>/<version>`, as answers show it."""
        return f"{self.pointer.model_name}/{self.pointer.version}"

    def answer(self, matrix: np.ndarray) -> list[dict[str, Any]]:
        """(n, features) -> n answers as `Estimate` or `Probability` shows them, rounded for people."""
        signed = {"model": self.label, "trained_to": self.bundle.card.trained_to}
        if self.bundle.is_probability:
            chances = self.bundle.predict_probability(matrix).tolist()
            return [{"probability": round(chance, 4), **signed} for chance in chances]
        columns = (values.tolist() for values in self.bundle.predict_with_interval(matrix))
        return [
            {"value": round(value, 2), "p10": round(low, 2), "p90": round(high, 2), **signed}
            for value, low, high in zip(*columns, strict=True)
        ]


class ModelLoader:
    """Champions by (service, target). `refresh` reads the pointers; a request sees one consistent set."""

    def __init__(self, lake_root: str) -> None:
        self.lake_root = lake_root
        self.champions: dict[Key, Champion] = {}
        self.problems: dict[Key, str] = {}

    def refresh(self) -> None:
        """Loads what the pointers name; a bundle that cannot be used is reported and the last good one stays."""
        champions = dict(self.champions)
        problems: dict[Key, str] = {}
        for key in [(service, target) for service in SERVICES for target in targets_of(service)]:
            try:
                champion = self._load(key)
            except (BundleError, OSError, ValueError, TypeError) as error:
                problems[key] = str(error)
                if self.problems.get(key) != str(error):
                    get_logger(phase="serve").error("champion not usable, the last good one stays", reason=str(error))
                continue
            if champion is not None:
                champions[key] = champion
        self.champions, self.problems = champions, problems

    def _load(self, key: Key) -> Champion | None:
        pointer = read_pointer(self.lake_root, model_name(*key))
        if pointer is None:
            return None
        held = self.champions.get(key)
        if held is not None and held.pointer == pointer:
            return held
        get_logger(phase="serve").info("champion loaded", model=pointer.model_name, version=pointer.version)
        return Champion(pointer, read_bundle(pointer.uri, pointer.card_sha256))

    def served(self) -> list[str]:
        """Services with at least one champion."""
        return sorted({service for service, _ in self.champions})

    def predict(self, trips: list[Trip]) -> list[dict[str, Any]]:
        """Trips of one service -> per trip the answer for each target, None for a target without a champion."""
        matrix = request_matrix(trips)
        champions = self.champions  # `refresh` replaces the dictionary, never its entries: one look, one set
        answers: list[dict[str, Any]] = [dict.fromkeys(TARGETS) | {"degraded": False} for _ in trips]
        for target in targets_of(trips[0].service):
            champion = champions.get((trips[0].service, target))
            if champion is None:
                continue
            for answer, said in zip(answers, champion.answer(matrix), strict=True):
                answer[target] = said
        return answers
