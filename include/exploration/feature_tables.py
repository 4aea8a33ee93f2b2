"""What the features of a month are like: examples, correlations, and what a small model makes of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from include.features.build_month import ArrowColumns, feature_table
from include.features.dictionary import FEATURE_NAMES, FEATURES, SOURCES, create_feature_dictionary
from include.trips.zones import load_zones

LAST_TRAINING_DAY = 20
ROUNDS, LEAVES, LEARNING_RATE = 150, 31, 0.1
"""A small model: it asks what the features tell, not how well a month can be predicted."""
SEED = 1


def features_of(trips: pa.Table) -> pd.DataFrame:
    """Clean trips -> source_row, day, features and labels, as the features phase computes them."""
    features: pd.DataFrame = feature_table(ArrowColumns(trips)).to_pandas()
    return features


def guide() -> pd.DataFrame:
    """One row per feature and per column known after the trip, from the declarations."""
    rows = create_feature_dictionary()
    told = pd.DataFrame([row | {"sources": ", ".join(row["sources"])} for row in rows]).set_index("name")
    return told[["meaning", "type", "unit", "known", "role", "low", "high", "sources"]]


def examples(features: pd.DataFrame, count: int = 4) -> pd.DataFrame:
    """Trips side by side, one feature a row; they are spread over the month's distances."""
    places = np.linspace(0, len(features) - 1, count + 2).astype(int)[1:-1]
    chosen = features.sort_values(["haversine_km", "source_row"]).iloc[places]
    names, minutes = load_zones().name, chosen["minute_of_day"].astype(int)
    heads = [
        f"{names[start]} to {names[end]}, day {day} at {minute // 60:02d}:{minute % 60:02d}"
        for start, end, day, minute in zip(
            chosen["pickup_zone"].astype(int), chosen["dropoff_zone"].astype(int), chosen["day"], minutes, strict=True
        )
    ]
    return chosen.drop(columns=["source_row", "day"]).T.set_axis(heads, axis="columns").rename_axis("feature")


def varying(features: pd.DataFrame) -> list[str]:
    """Features that have more than one value in this month, in matrix order: a tariff seldom changes within one."""
    return [name for name in FEATURE_NAMES if features[name].nunique() > 1]


def rank_correlations(features: pd.DataFrame) -> pd.DataFrame:
    """Spearman's correlation of every varying feature and label with each other."""
    labels = [name for name in features.columns if name not in ("source_row", "day", *FEATURE_NAMES)]
    return features[[*varying(features), *labels]].corr(method="spearman")


def twins(correlations: pd.DataFrame, least: float = 0.95) -> pd.DataFrame:
    """Pairs of features that tell nearly the same, strongest first."""
    names = [name for name in correlations.columns if name in FEATURE_NAMES]
    square = correlations.loc[names, names].to_numpy()
    left, right = np.nonzero(np.triu(np.abs(square) >= least, k=1))
    found = pd.DataFrame({"feature": np.array(names)[left], "nearly": np.array(names)[right],
                          "correlation": square[left, right]})  # fmt: skip
    return found.sort_values("correlation", key=np.abs, ascending=False, ignore_index=True)


def importance(features: pd.DataFrame, target: str) -> pd.DataFrame:
    """What each feature is worth to a small model: the error of the month's last days when its values are shuffled.

    Rows "all about <columns>" shuffle every feature of these sources together, as correlated ones stand in for each
    other. Columns: mae, and by how much it grows (added). The model trains on days 1-20.
    """
    import lightgbm

    early = (features["day"] <= LAST_TRAINING_DAY).to_numpy()
    x, y = features[list(FEATURE_NAMES)].to_numpy(np.float32), features[target].to_numpy()
    params = {"objective": "l1", "num_leaves": LEAVES, "learning_rate": LEARNING_RATE, "num_threads": 1, "seed": SEED,
              "deterministic": True, "verbosity": -1}  # fmt: skip
    model = lightgbm.train(params, lightgbm.Dataset(x[early], y[early]), ROUNDS)
    later, truth = x[~early], y[~early]
    order = np.random.default_rng(SEED).permutation(len(later))

    def mae(shuffled: list[int]) -> float:
        rows = later.copy()
        rows[:, shuffled] = later[order][:, shuffled]
        return float(np.abs(model.predict(rows) - truth).mean())

    whole = mae([])
    by_feature = {name: mae([place]) for place, name in enumerate(FEATURE_NAMES)}
    by_source = {f"all about {', '.join(group)}": mae(places) for group, places in _groups().items()}
    found = pd.DataFrame({"mae": {"nothing shuffled": whole} | by_source | by_feature})
    return found.assign(added=found["mae"] - whole)


def _groups() -> dict[tuple[str, ...], list[int]]:
    """Sources -> positions of the features that are made of them: where, when, and the passengers."""
    where = tuple(name for name in SOURCES if name.endswith("_zone"))
    groups = [where, *((name,) for name in SOURCES if name not in where)]
    return {group: [i for i, f in enumerate(FEATURES) if set(f.sources) & set(group)] for group in groups}
