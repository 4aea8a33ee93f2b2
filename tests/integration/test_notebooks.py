"""Every notebook runs from top to bottom, draws, and says what the data say; committed, none holds outputs."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from include.config import Settings, load_settings
from include.config.settings import FLOOR
from include.features.dictionary import FEATURES
from include.ingestion.frames import dataframe_to_table, load_parquet_to_dataframe
from include.ingestion.sources import find_month
from include.models.families import family_names
from include.processing.clean_data import clean_taxi_data, count_reasons
from include.trips.month import Month

pytestmark = pytest.mark.integration
ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
EXPLORATION = ROOT / "notebooks/01_data_exploration.ipynb"
QUALITY = ROOT / "notebooks/02_data_quality.ipynb"
ENGINEERING = ROOT / "notebooks/03_feature_engineering.ipynb"
TRAINING = ROOT / "notebooks/04_model_training.ipynb"
PROBE = """
import json
print(json.dumps({
    "rows": len(trips), "kept": len(kept), "synthetic": synthetic, "reasons": reasons["rows"].to_dict(),
    "expectations": len(suite), "failed": list(failed.index), "negative": reversals.negative,
    "paired": reversals.paired, "exact": gaps["exact %"].to_dict(), "meter": meter.to_dict("index"),
    "spike": spike, "tipped_alike": tipped_alike,
}))
"""
"""Appended to the exploration notebook: what its variables hold in the end."""
QUALITY_PROBE = """
import json
print(json.dumps({
    "rows": latest.raw.num_rows, "kept": latest.kept.num_rows, "reasons": reasons["rows"].to_dict(),
    "passed": {check: bool(verdict.passed) for check, verdict in verdicts.items()}, "expectations": len(found),
    "holds": found["holds"].groupby(level=0).all().to_dict(), "months": list(typical.index),
    "kept_percent": typical["kept %"].to_dict(), "nulls": nulls_over.to_dict("index"),
    "reasons_over": reasons_over.to_dict(),
    "fares": [float(statistics.loc["fare_usd", ("largest", stage)]) for stage in ("raw", "kept")],
}))
"""
"""Appended to the quality notebook."""
FEATURE_PROBE = """
import json
print(json.dumps({
    "kept": len(features), "mean": features[list(FEATURE_NAMES)].mean().to_dict(), "synthetic": synthetic,
    "added": {target: table["added"].to_dict() for target, table in found.items()},
}))
"""
TRAINING_PROBE = """
import json
print(json.dumps({
    "families": plan["families"], "failed": failed, "fits": len(outcomes), "test": plan["month"], "rows": len(test.day),
    "boards": {target: board.to_dict("index") for target, board in boards.items()},
    "runs": {target: sorted(table["family"]) for target, table in runs.items()},
    "champion": champion.card.family, "decided": {target: d["family"] for target, d in decisions.items()},
    "gain": training.gain_shares(runs["duration_min"], "lightgbm").to_dict(),
    "parts": [explanation.base, explanation.contributions.sum(), explanation.value],
}))
"""
"""Appended to the training notebook."""
PROBES = {EXPLORATION: PROBE, QUALITY: QUALITY_PROBE, ENGINEERING: FEATURE_PROBE, TRAINING: TRAINING_PROBE}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh home on a small embedded sample; kernels inherit the environment, whose variables win over any .env."""
    for name in [name for name in os.environ if name.startswith("TAXI_") or name == "MLFLOW_TRACKING_URI"]:
        monkeypatch.delenv(name)
    chosen = {"HOME": tmp_path / "home", "SOURCE": "sample", "SERVICE": "yellow", "MONTHS": "2019-01:2019-03"}
    for name, value in (chosen | {"SAMPLE_ROWS": 4000, "SAMPLE_SEED": 20190101}).items():
        monkeypatch.setenv(f"TAXI_{name}", str(value))
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    return tmp_path / "home"


def run(path: Path, probe: str = "") -> tuple[list[Any], Any]:
    """Executes a notebook -> (its outputs, what the probe cell printed)."""
    notebook = nbformat.read(path, as_version=4)
    if probe:
        notebook.cells.append(nbformat.v4.new_code_cell(probe))
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return outputs, json.loads(outputs.pop().text) if probe else None


def texts(outputs: list[Any]) -> str:
    return "\n".join(o.data["text/markdown"] for o in outputs if "text/markdown" in o.get("data", {}))


def figures(outputs: list[Any]) -> list[str]:
    return [o.data["image/png"] for o in outputs if "image/png" in o.get("data", {})]


def expected_facts(scratch: Path) -> dict[str, Any]:
    """The same month, counted here."""
    settings = load_settings()
    service, month = settings.service, settings.months[-1]
    path = find_month(service, month, settings).fetch(scratch)
    raw = dataframe_to_table(load_parquet_to_dataframe(path, service), service)
    kept, quarantined = clean_taxi_data(raw, service, month)
    return {"rows": raw.num_rows, "kept": kept.num_rows, "reasons": count_reasons(quarantined)}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_committed_notebooks_hold_no_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    assert [cell.id for cell in code if cell.outputs or cell.execution_count is not None] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_run_on_the_sample(path: Path, home: Path, tmp_path: Path) -> None:
    outputs, facts = run(path, PROBES.get(path, ""))
    assert figures(outputs)
    if path in PROBES:
        assert not home.exists(), "looking at a month leaves nothing behind"
    if path == EXPLORATION:
        holds_the_sample(outputs, facts, tmp_path)
    if path == QUALITY:
        holds_the_quality(outputs, facts, tmp_path)
        assert facts["months"] == ["2019-01", "2019-02", "2019-03"]
        assert "Synthetic: nobody drove these trips." in texts(outputs)
    if path == ENGINEERING:
        holds_the_samples_features(outputs, facts, tmp_path)
    if path == TRAINING:
        trained_every_family(outputs, facts)


def holds_the_sample(outputs: list[Any], facts: Any, scratch: Path) -> None:
    assert 10 <= len(figures(outputs)) <= 12
    assert {name: facts[name] for name in ("rows", "kept", "reasons")} == expected_facts(scratch)
    assert sum(facts["reasons"].values()) == facts["rows"] - facts["kept"] > 0
    assert facts["synthetic"]
    assert "Synthetic: nobody drove these trips." in texts(outputs)
    assert f"Kept {facts['kept']:,} of {facts['rows']:,} rows" in texts(outputs)
    assert f"{facts['tipped_alike']:.0f} % of card trips tip {facts['spike']} %" in texts(outputs)
    assert facts["spike"] == 20
    assert facts["failed"] == []
    assert facts["negative"] == facts["paired"] > 0


def holds_the_quality(outputs: list[Any], facts: Any, scratch: Path) -> None:
    """Numbers of the newest month are those counted here, and texts say them."""
    assert len(figures(outputs)) == 6
    assert {name: facts[name] for name in ("rows", "kept", "reasons")} == expected_facts(scratch)
    newest = facts["months"][-1]
    assert facts["kept_percent"][newest] == pytest.approx(100 * facts["kept"] / facts["rows"])
    assert sum(facts["reasons_over"][newest].values()) == pytest.approx(100 - facts["kept_percent"][newest])
    assert f"Kept {facts['kept']:,} of {facts['rows']:,} rows" in texts(outputs)
    assert len(facts["passed"]) >= 4
    assert all(facts["passed"].values()) == all(facts["holds"].values())
    assert f"{sum(facts['passed'].values())} of {len(facts['passed'])} pass" in texts(outputs)
    assert facts["expectations"] > 28


@pytest.mark.parametrize(("service", "months"), [("green", "2023-01:2023-02"), ("yellow", "2019-06:2019-08")])
def test_quality_tells_real_months(
    real_data: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: str, months: str
) -> None:
    for name, value in {"SOURCE": real_data / service, "SERVICE": service, "MONTHS": months}.items():
        monkeypatch.setenv(f"TAXI_{name}", str(value))
    outputs, facts = run(QUALITY, QUALITY_PROBE)
    holds_the_quality(outputs, facts, tmp_path)
    assert "Taken as records of trips." in texts(outputs)
    assert facts["fares"][1] <= min(500, facts["fares"][0])
    block = [facts["nulls"][name] for name in ("passenger_count", "rate_code")]
    assert block[0] == block[1], "the null block is null as one"
    if service == "yellow":
        assert block[0]["2019-06"] == 0 < block[0]["2019-07"], "apps dispatch yellow taxis since 2019-07"


def holds_the_samples_features(outputs: list[Any], facts: Any, scratch: Path) -> None:
    assert len(figures(outputs)) == 7
    assert facts["kept"] == expected_facts(scratch)["kept"]
    assert facts["synthetic"]
    assert "Synthetic: nobody drove these trips." in texts(outputs)
    for feature in FEATURES:
        assert feature.high is not None
        assert feature.low - 1e-5 <= facts["mean"][feature.name] <= feature.high + 1e-5, feature.name
    for target, added in facts["added"].items():
        where = added["all about pickup_zone, dropoff_zone"]
        assert where > 1, "knowing where a trip goes is worth minutes and dollars"
        assert f"grows by {where:.2f}" in texts(outputs), target


def trained_every_family(outputs: list[Any], facts: Any) -> None:
    assert len(figures(outputs)) == 5
    assert facts["failed"] == []
    assert tuple(facts["families"]) == family_names()
    assert facts["test"] == "2019-03"
    assert facts["rows"] > 3000
    assert sum(len(board) for board in facts["boards"].values()) == facts["fits"]
    assert facts["runs"] == {target: sorted(board) for target, board in facts["boards"].items()}
    board = facts["boards"]["duration_min"]
    assert next(iter(board)) == facts["decided"]["duration_min"] == facts["champion"] != FLOOR
    assert board[facts["champion"]]["test loss"] < board[FLOOR]["test loss"]
    assert sum(facts["gain"].values()) == pytest.approx(100)
    assert next(iter(facts["gain"])) in ("haversine_km", "manhattan_km")
    base, parts, value = facts["parts"]
    assert base + parts == pytest.approx(value, abs=1e-3)
    assert "Made-up trips" in texts(outputs)


@pytest.mark.parametrize(("service", "month"), [("green", "2023-01"), ("yellow", "2019-03")])
def test_exploration_tells_real_months(
    real_data: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: str, month: str
) -> None:
    for name, value in {"SOURCE": real_data / service, "SERVICE": service, "MONTHS": Month.parse(month)}.items():
        monkeypatch.setenv(f"TAXI_{name}", str(value))
    outputs, facts = run(EXPLORATION, PROBE)
    assert 10 <= len(figures(outputs)) <= 12
    assert {name: facts[name] for name in ("rows", "kept", "reasons")} == expected_facts(tmp_path)
    assert sum(facts["reasons"].values()) == facts["rows"] - facts["kept"] > 0
    assert not facts["synthetic"]
    assert "Synthetic" not in texts(outputs)
    assert facts["failed"] == []
    assert facts["spike"] == 20
    assert facts["exact"]["1"] < 10 < 97 < facts["exact"]["2"], "vendor 1 holds the surcharges twice"
    assert facts["meter"]["1"]["base + n units %"] > 94
    assert facts["meter"]["2"]["JFK flat %"] > 99
    if service == "green":
        assert facts["paired"] > 0.95 * facts["negative"] > 0, "a full month holds what its reversals take back"


def test_exploration_refuses_a_service_without_meters(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAXI_SERVICE", "fhv")
    with pytest.raises(Exception, match="choose one of yellow, green"):
        run(EXPLORATION)
