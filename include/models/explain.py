"""Why a champion predicts what it does: what each feature adds to the average prediction, in the target's unit.

    python -m include.models.explain --service yellow --target duration_min --pickup-zone 132 --dropoff-zone 230 \\
        --at 2019-06-14T18:30 --passengers 1

Shapley values of the served model, by shap's permutation explainer: it asks the bundle itself, so every family is
explained alike and no native model is needed. The average is over trips of the last month that tuned the model. A
feature is replaced by other trips' values while the rest stays, which mixes values that never meet (an hour of one trip
with the minute of another): features that say the same thing share their part, so read the sums by origin first.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from include.config import Settings, get_settings
from include.errors import BadDataError, TaxiError
from include.features.dictionary import FEATURE_NAMES, FEATURES
from include.features.engineer_features import engineer_all_features
from include.features.trip_features import TARGETS, targets_of
from include.lake import Lake
from include.models.bundle import Bundle, model_name, read_bundle, read_pointer
from include.models.recipes import SEED
from include.models.rows import load_rows
from include.trips.month import Month
from include.utils.logs import configure

BACKGROUND = 100
"""Trips that the average is over."""
ROUNDS = 10
"""Orders of the features, each forwards and backwards."""
TOLERANCE = 1e-3
"""Of the unit: how far the parts' sum may be from the prediction."""


@dataclass(frozen=True)
class Explanation:
    """`base` is the average prediction; it and the contributions, (features,) in FEATURE_NAMES' order, sum to `value`.

    `features` are the trip's own values, (features,).
    """

    target: str
    value: float
    base: float
    contributions: np.ndarray
    features: np.ndarray

    def largest_first(self) -> list[tuple[str, float, float]]:
        """(feature, its value, its contribution), the largest contribution first."""
        order = np.argsort(-np.abs(self.contributions), kind="stable")
        return [(FEATURE_NAMES[i], float(self.features[i]), float(self.contributions[i])) for i in order]

    def by_origin(self) -> dict[str, float]:
        """Sums over the features that come from the same part of the request, the largest first."""
        sums: dict[str, float] = {}
        for feature, part in zip(FEATURES, self.contributions, strict=True):
            origin = " and ".join(feature.sources)
            sums[origin] = sums.get(origin, 0.0) + float(part)
        return dict(sorted(sums.items(), key=lambda item: -abs(item[1])))


def explain_prediction(bundle: Bundle, trip: np.ndarray, background: np.ndarray) -> Explanation:
    """A (1, features) trip against (n, features) others -> what each feature adds to the others' average prediction.

    Seeded: the same trips give the same numbers. BadDataError when the parts do not sum to the prediction.
    """
    import shap

    def predict(matrix: np.ndarray) -> np.ndarray:
        return bundle.predict(np.ascontiguousarray(matrix, np.float32))

    masker = shap.maskers.Independent(background, max_samples=len(background))
    explainer = shap.PermutationExplainer(predict, masker, seed=SEED)
    said = explainer(trip, max_evals=ROUNDS * (2 * trip.shape[1] + 1), silent=True)
    value, base = float(bundle.predict(trip)[0]), float(np.ravel(said.base_values)[0])
    gap = abs(base + float(said.values[0].sum()) - value)
    if gap > TOLERANCE:
        raise BadDataError(f"The parts of {bundle.card.model_name} miss its prediction {value:.4f} by {gap:.2g}.")
    return Explanation(bundle.card.target, value, base, np.asarray(said.values[0]), trip[0])


def background_of(bundle: Bundle, settings: Settings) -> np.ndarray:
    """(BACKGROUND, features) of trips drawn, seeded, from the last month that the bundle learned from."""
    card = bundle.card
    held = Lake(settings.lake).require("features", card.service, Month.parse(card.months["earlier"][-1]))
    x = load_rows(held.uri, card.service).x
    return x[np.random.default_rng(SEED).permutation(len(x))[:BACKGROUND]]


def champion_of(service: str, target: str, settings: Settings) -> Bundle:
    """The bundle that answers. BadDataError for a target that the service has not, or before the first promotion."""
    if target not in targets_of(service):
        raise BadDataError(f"{service} has no {target}: its targets are {', '.join(targets_of(service))}.")
    pointer = read_pointer(settings.lake, model_name(service, target))
    if pointer is None:
        raise BadDataError(f"{model_name(service, target)} has no champion in {settings.lake}: run the pipeline first.")
    return read_bundle(pointer.uri, pointer.card_sha256)


def trip_of(pickup_zone: int, dropoff_zone: int, at: datetime, passengers: int | None = None) -> np.ndarray:
    """One request -> (1, features). `at` is naive New York time."""
    return engineer_all_features({
        "pickup_at": np.array([at], "datetime64[us]"),
        "pickup_zone": np.array([pickup_zone]),
        "dropoff_zone": np.array([dropoff_zone]),
        "passenger_count": np.array([np.nan if passengers is None else passengers], np.float64),
    })  # fmt: skip


def report(explanation: Explanation, label: str) -> str:
    """The explanation as lines of text."""
    unit = {"duration_min": "min", "fare_usd": "USD"}.get(explanation.target, "of probability")
    lines = [f"{label} says {explanation.value:.3f} {unit}; the average trip {explanation.base:.3f}."]
    lines += ["", "by part of the request"]
    lines += [f"  {part:+8.3f}  {origin}" for origin, part in explanation.by_origin().items()]
    lines += ["", "by feature"]
    lines += [f"  {part:+8.3f}  {name} = {value:g}" for name, value, part in explanation.largest_first()]
    return "\n".join(lines)


def main() -> None:
    """The command line; a request is refused for what the service refuses it for."""
    from include.serving.schemas import PredictionRequest

    configure()
    try:
        settings = get_settings()
        asked = _arguments(settings)
        request = PredictionRequest(
            service=asked.service, pickup_zone=asked.pickup_zone, dropoff_zone=asked.dropoff_zone,
            pickup_datetime=asked.at, passenger_count=asked.passengers,
        )  # fmt: skip
        bundle = champion_of(asked.service, asked.target, settings)
        trip = trip_of(asked.pickup_zone, asked.dropoff_zone, request.pickup_datetime, asked.passengers)
        explanation = explain_prediction(bundle, trip, background_of(bundle, settings))
    except (TaxiError, ValueError) as error:
        sys.exit(f"error: {error}")
    print(report(explanation, f"{bundle.card.model_name} ({bundle.card.family})"))


def _arguments(settings: Settings) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Why the champion predicts what it does.")
    parser.add_argument("--service", default=settings.service)
    parser.add_argument("--target", choices=TARGETS, default=TARGETS[0])
    parser.add_argument("--pickup-zone", type=int, required=True)
    parser.add_argument("--dropoff-zone", type=int, required=True)
    parser.add_argument("--at", type=datetime.fromisoformat, required=True, help="2019-06-14T18:30, New York time")
    parser.add_argument("--passengers", type=int)
    return parser.parse_args()


if __name__ == "__main__":
    main()
