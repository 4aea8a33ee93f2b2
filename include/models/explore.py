"""The explore task: what the window's trips and zones look like as a whole. Nothing that is decided depends on it.

`dimensions` reduces the features (PCA, LDA by length of trip), `clusters` groups zones and trips and names the groups.
Each leaves a JSON document in the lake for the dashboard, and a run with its figures in MLflow.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fsspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from include.config import Settings, get_settings
from include.errors import BadDataError, NothingToDo
from include.features.dictionary import FEATURE_NAMES
from include.lake import Lake
from include.lake.lake import columns_of
from include.models.clustering_models import SEED, Clusterer, GMMClusterer, KMeansClusterer, best_of
from include.models.dim_reduction import LDAReducer, PCAReducer
from include.models.group_names import Trait, name_groups
from include.models.zone_profiles import ZONE_TRAITS, zone_profiles
from include.trips.month import Month
from include.trips.zones import BOROUGHS, load_zones
from include.utils.hashing import code_hash, fingerprint
from include.utils.logs import get_logger

if TYPE_CHECKING:
    from matplotlib.figure import Figure

EXPLORE_SOURCES = ("models/explore.py", "models/dim_reduction.py", "models/clustering_models.py",
                   "models/group_names.py", "models/zone_profiles.py")  # fmt: skip
SAMPLE_ROWS = 40_000
SHOWN_POINTS = 1000
COMPONENTS = 6
ZONE_GROUPS, TRIP_GROUPS = range(3, 8), range(4, 9)
LENGTHS = ("shortest quarter", "second quarter", "third quarter", "longest quarter")
TRIP_TRAITS = (
    Trait("manhattan_km", "long", "short"),
    Trait("day_sin", "early in the day", "late in the day"),
    Trait("day_cos", "around midnight", "around noon"),
    Trait("is_weekend", "weekend", "working days"),
    Trait("is_airport", "airport"),
    Trait("same_zone", "within one zone"),
)
Trips = dict[str, np.ndarray]


@dataclass(frozen=True)
class Finding:
    """What one view found: a JSON-able document, numbers for MLflow, and figures by name."""

    document: dict[str, Any]
    metrics: dict[str, float]
    figures: dict[str, Figure] = field(default_factory=dict)


def explore(plan: dict[str, Any], view: str, settings: Settings | None = None) -> dict[str, Any]:
    """Step: one view of the plan's months -> lake stage `explore_<view>` and an MLflow run."""
    settings = settings or get_settings()
    if view not in VIEWS:
        raise BadDataError(f"There is no view called {view!r}; the views are {', '.join(VIEWS)}.")
    lake, month = Lake(settings.lake), Month.parse(plan["month"])
    key = fingerprint(plan["uris"], code_hash(*EXPLORE_SOURCES))
    held = lake.current(f"explore_{view}", plan["service"], month)
    if held is not None and held.key == key:
        return {"uri": held.uri, "rows": held.rows, "status": "unchanged"}
    trips = sample_trips(plan)
    finding = _found(view, trips)
    log_finding(settings, plan, view, finding)
    with tempfile.TemporaryDirectory(prefix="explore-") as scratch:
        path = Path(scratch) / f"{view}.json"
        document = {"months": sorted(plan["uris"]), **finding.document}
        path.write_text(json.dumps(document, indent=1, sort_keys=True, allow_nan=False))
        rows = len(trips["hour"])
        made = lake.publish_file(f"explore_{view}", plan["service"], month, path, key, rows, suffix=".json")
    get_logger(phase="train", service=plan["service"], month=plan["month"]).info("explored", view=view, rows=rows)
    return {"uri": made.uri, "rows": rows, "status": "done"}


def _found(view: str, trips: Trips) -> Finding:
    """A view of the trips; NothingToDo for trips that it cannot be made of, because nothing waits for it."""
    try:
        return VIEWS[view](trips)
    except BadDataError as reason:
        raise NothingToDo(f"{view}: {reason}") from None


def sample_trips(plan: dict[str, Any], rows: int = SAMPLE_ROWS) -> Trips:
    """Features and duration of a seeded sample of the plan's months, as many of each month."""
    each = max(rows // len(plan["uris"]), 1)
    parts = []
    for month, uri in sorted(plan["uris"].items()):
        parts.append(_drawn(uri, [*FEATURE_NAMES, "duration_min"], each, [SEED, Month.parse(month).ordinal]))
    trips = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    whole = np.isfinite(trips["duration_min"])
    return {name: values[whole] for name, values in trips.items()}


def _drawn(uri: str, columns: list[str], rows: int, seed: list[int]) -> Trips:
    """So many rows of a Parquet file, drawn by the seed, in their order; one row group is in memory at a time."""
    with fsspec.open(uri, "rb") as file, pq.ParquetFile(file) as parquet:
        drawn = np.sort(np.random.default_rng(seed).permutation(parquet.metadata.num_rows)[:rows])
        parts, first = [], 0
        for group in range(parquet.num_row_groups):
            part = parquet.read_row_group(group, columns)
            inside = drawn[(drawn >= first) & (drawn < first + part.num_rows)] - first
            parts.append(part.take(pa.array(inside)))
            first += part.num_rows
    return columns_of(pa.concat_tables(parts))


def run_dimensionality_reduction(trips: Trips) -> Finding:
    """PCA of all features, and LDA of the quarters by duration: what makes a trip a long one."""
    x = np.column_stack([trips[name] for name in FEATURE_NAMES])
    quarter = np.searchsorted(np.quantile(trips["duration_min"], (0.25, 0.5, 0.75)), trips["duration_min"])
    pca, lda = PCAReducer(COMPONENTS, FEATURE_NAMES), LDAReducer(COMPONENTS, FEATURE_NAMES)
    places = {"pca": pca.fit_transform(x)[:, :2], "lda": lda.fit_transform(x, quarter)[:, :2]}
    shown = np.sort(np.random.default_rng(SEED).permutation(len(x))[:SHOWN_POINTS])
    document = {
        "pca": pca.summary(), "lda": lda.summary(), "groups": list(LENGTHS), "group": quarter[shown].tolist(),
        "points": {name: place[shown].round(3).tolist() for name, place in places.items()},
    }  # fmt: skip
    figures = {f"{name}_{what}": draw() for name, reducer in (("pca", pca), ("lda", lda)) for what, draw in
               (("explained", reducer.plot_explained_variance), ("components", reducer.plot_components))}  # fmt: skip
    metrics = {f"pca_explained_{k}": float(share) for k, share in enumerate(pca.explained, 1)}
    metrics |= {f"lda_explained_{k}": float(share) for k, share in enumerate(lda.explained, 1)}
    return Finding(document, metrics, figures)


def run_clustering(trips: Trips) -> Finding:
    """Zones by what they are used for and trips by their kind: k-means, beside a Gaussian mixture of as many groups."""
    profiles, geography = zone_profiles(trips), load_zones()
    zone_sizes = [size for size in ZONE_GROUPS if size < len(profiles.zones)]
    if not zone_sizes:
        raise NothingToDo(f"{len(profiles.zones)} zones have enough pick-ups to be told apart: too few to group.")
    zones, zone_names, zone_metrics = _grouped(profiles.values, zone_sizes, ZONE_TRAITS)
    x = np.column_stack([trips[trait.name] for trait in TRIP_TRAITS]).astype(np.float64)
    kinds, kind_names, kind_metrics = _grouped(x, TRIP_GROUPS, TRIP_TRAITS)
    places = np.column_stack([geography.lon[profiles.zones], geography.lat[profiles.zones]])
    document = {
        "zones": [
            {"zone": int(zone), "name": geography.name[zone], "borough": BOROUGHS[geography.borough[zone]],
             "group": int(group)}
            for zone, group in zip(profiles.zones, zones.labels, strict=True)
        ],
        "zone_groups": _described(zones, zone_names, ZONE_TRAITS),
        "trip_groups": _described(kinds, kind_names, TRIP_TRAITS),
        "metrics": {"zones": zone_metrics, "trips": kind_metrics},
    }  # fmt: skip
    metrics = {f"zones_{name}": value for name, value in zone_metrics.items()}
    metrics |= {f"trips_{name}": value for name, value in kind_metrics.items()}
    figures = {"zone_groups": zones.plot_clusters(places, zone_names, ("longitude", "latitude"))}
    return Finding(document, metrics, figures)


def _grouped(x: np.ndarray, sizes: Any, traits: tuple[Trait, ...]) -> tuple[Clusterer, list[str], dict[str, float]]:
    """The clearest k-means, its groups' names, and the figures of it and of a mixture of as many groups."""
    chosen = best_of(KMeansClusterer, x, sizes)
    mixture = GMMClusterer(chosen.n_clusters)
    mixture.fit_predict(x)
    metrics = {f"kmeans_{name}": value for name, value in chosen.compute_metrics().items()}
    metrics |= {f"gmm_{name}": value for name, value in mixture.compute_metrics().items()}
    metrics = {name: value for name, value in metrics.items() if np.isfinite(value)}  # one group has no silhouette
    return chosen, name_groups(chosen.centres, x, traits), metrics | {"groups": float(chosen.n_clusters)}


def _described(clusterer: Clusterer, names: list[str], traits: tuple[Trait, ...]) -> list[dict[str, Any]]:
    sizes = np.bincount(clusterer.labels, minlength=clusterer.n_clusters)
    return [
        {"group": group, "name": name, "size": int(sizes[group]),
         "centre": {t.name: round(float(value), 4) for t, value in zip(traits, clusterer.centres[group], strict=True)}}
        for group, name in enumerate(names)
    ]  # fmt: skip


VIEWS: dict[str, Callable[[Trips], Finding]] = {"dimensions": run_dimensionality_reduction, "clusters": run_clustering}


def log_finding(settings: Settings, plan: dict[str, Any], view: str, finding: Finding) -> str:
    """One MLflow run of experiment `nyc_taxi_<service>_explore` with the figures as PNG and the document; its id."""
    from include.models.tracking import client, experiment_id

    mlflow_client = client(settings)
    experiment = experiment_id(settings, mlflow_client, f"nyc_taxi_{plan['service']}_explore")
    run = mlflow_client.create_run(experiment, run_name=f"{view} {plan['month']}", tags={
        "service": plan["service"], "month": plan["month"], "view": view, "months": ",".join(sorted(plan["uris"])),
    })  # fmt: skip
    for name, value in finding.metrics.items():
        mlflow_client.log_metric(run.info.run_id, name, value)
    for name, figure in finding.figures.items():
        mlflow_client.log_figure(run.info.run_id, figure, f"{name}.png")
    mlflow_client.log_dict(run.info.run_id, finding.document, f"{view}.json")
    mlflow_client.set_terminated(run.info.run_id)
    return str(run.info.run_id)
