"""What a model's page asks beside its performance."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import create_engine, insert

from include.warehouse.metadata import METADATA, PERFORMANCE, REGISTRY, RUNS, STALENESS
from include.warehouse.models import models_known, scores, staleness, standing_version, versions

NAME = "nyc_taxi_yellow_fare_usd"


def test_scores_versions_and_age_of_one_model(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/warehouse.db")
    METADATA.create_all(engine, [PERFORMANCE, REGISTRY, RUNS, STALENESS])
    with engine.begin() as connection:
        connection.execute(insert(PERFORMANCE), [
            {"model_name": name, "version": version, "month": "2019-03", "role": role, "loss": 2.0, "slices": slices}
            for name, version, role, slices in ((NAME, 2, "challenger", '{"airport": {"loss": 1.5, "rows": 9}}'),
                                                (NAME, 0, "baseline", None), ("other", 1, "challenger", None))
        ])  # fmt: skip
        connection.execute(insert(REGISTRY), [{"model_name": NAME, "version": n} for n in (1, 2)])
        connection.execute(
            insert(RUNS), [{"run_id": str(n), "service": "yellow", "target": "fare_usd"} for n in (1, 2)]
        )
        connection.execute(insert(STALENESS), [{"service": "yellow", "target": "fare_usd", "family": "ridge",
                                                "trained_to": "2019-01", "month": "2019-02", "loss": 2.5}])  # fmt: skip
    found = scores(engine, NAME)
    assert [(row["version"], row["slices"]) for row in found] == [(0, {}), (2, {"airport": {"loss": 1.5, "rows": 9}})]
    assert [row["version"] for row in versions(engine, NAME)] == [2, 1]
    assert models_known(engine) == [{"service": "yellow", "target": "fare_usd"}]
    assert staleness(engine, "yellow", "fare_usd")[0]["loss"] == 2.5


def test_the_last_move_says_who_answers() -> None:
    moves = [{"version_after": version} for version in (1, 3, 1, None)]
    assert standing_version(moves) == 1
    assert standing_version([]) is None
