"""A month from file to answer: the phases in one process, and the service over what they published."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from include.config import Settings, load_settings
from include.errors import BadDataError
from include.llm import card_store, champion_cards
from include.models.tracking import client
from include.pipeline import run_month
from include.serving.api import create_app
from include.warehouse.engine import get_engine
from scripts import generate_model_card as command

pytestmark = pytest.mark.integration
TRIP = {"service": "yellow", "pickup_zone": 132, "dropoff_zone": 230, "pickup_datetime": "2019-06-14T18:30:00"}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, list[dict[str, Any]]]:
    """Two sample months through all phases."""
    home = tmp_path_factory.mktemp("pipeline")
    settings = load_settings({"home": home, "source": "sample", "sample_rows": 4000, "bootstrap_rounds": 100})
    return settings, [run_month("yellow", month, "newest", settings) for month in ("2019-01", "2019-02")]


def test_the_first_month_says_why_it_does_not_train(done: tuple[Settings, list[dict[str, Any]]]) -> None:
    assert "No month before 2019-01" in done[1][0]["skipped"]


def test_the_second_month_ends_with_a_champion(done: tuple[Settings, list[dict[str, Any]]]) -> None:
    for outcome in done[1][1]["register_best"].values():
        assert outcome["action"] in ("promote", "promote_baseline")
        assert len(outcome["leaderboard"]) >= 4


def test_doing_a_month_again_changes_nothing(done: tuple[Settings, list[dict[str, Any]]]) -> None:
    settings, outcomes = done
    again = run_month("yellow", "2019-02", "newest", settings)
    steps = [v["status"] for k, v in again.items() if k != "register_best"]
    assert set(steps) == {"unchanged"}
    versions = [v["version"] for v in again["register_best"].values()]
    assert versions == [v["version"] for v in outcomes[1]["register_best"].values()]


def test_every_champion_has_a_card_with_its_own_figures(done: tuple[Settings, list[dict[str, Any]]]) -> None:
    settings, outcomes = done
    cards = outcomes[1]["write_champion_cards"]["cards"]
    assert {card["status"] for card in cards.values()} == {"done"}
    for target, outcome in outcomes[1]["register_best"].items():
        assert cards[target]["card"] == outcome["champion"]
        with get_engine(settings).connect() as connection:
            query = text("SELECT loss FROM model_performance WHERE model_name = :name AND version = 1")
            loss = connection.execute(query, {"name": outcome["model"]}).scalar()
        shown = f"{loss:.4f}" if target == "high_tip" else f"{loss:.2f}"
        card = str(card_store.read(settings.lake, outcome["model"], 1))
        assert f"was {shown}" in card
        assert outcome["reason"] in card
        assert "4,000" in card
        assert "These trips are made up" in card
        registered = client(settings).get_model_version(outcome["model"], "1")
        names = [file.path for file in client(settings).list_artifacts(registered.run_id, "model_card")]
        assert names == ["model_card/v1.html", "model_card/v1.md"]


def test_the_service_hands_out_cards_in_both_forms(done: tuple[Settings, list[dict[str, Any]]]) -> None:
    name = "nyc_taxi_yellow_fare_usd"
    with TestClient(create_app(done[0])) as service:
        listed = service.get("/model-cards").json()
        page = service.get(f"/model-cards/{name}/champion")
        text_form = service.get(f"/model-cards/{name}/1", headers={"accept": "text/markdown"})
        absent = service.get(f"/model-cards/{name}/2")
    assert [(card["name"], card["version"], card["champion"]) for card in listed] == [
        (f"nyc_taxi_yellow_{target}", 1, True) for target in ("duration_min", "fare_usd", "high_tip")
    ]
    assert page.headers["content-type"].startswith("text/html")
    assert "script" not in page.headers["content-security-policy"]
    assert text_form.text.startswith(f"# Model card: {name}, version 1")
    assert absent.status_code == 404


def test_the_command_and_its_functions_make_the_card_that_is_there(
    done: tuple[Settings, list[dict[str, Any]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, name = done[0], "nyc_taxi_yellow_duration_min"
    kept = card_store.read(settings.lake, name, 1)
    run_id = str(client(settings).get_model_version(name, "1").run_id)
    about = command.collect_model_metadata(run_id, settings)
    card = command.generate_model_card_with_llm(about, command.collect_performance_metrics(run_id, settings), settings)
    assert command.save_model_card(card, tmp_path / "card.md").read_text() == kept
    with pytest.raises(BadDataError, match="stands behind no registered version"):
        command.collect_model_metadata("no-such-run", settings)
    monkeypatch.setattr(command, "get_settings", lambda: settings)
    monkeypatch.setattr(sys, "argv", ["model-card", "--model", name, "--to", str(tmp_path / "copy.md")])
    command.main()
    assert (tmp_path / "copy.md").read_text() == kept
    monkeypatch.setattr(sys, "argv", ["model-card", "--model", name, "--version", "9"])
    with pytest.raises(SystemExit, match="has no registered version 9"):
        command.main()


def test_a_card_that_cannot_be_written_fails_no_month(
    done: tuple[Settings, list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> dict[str, Any]:
        raise OSError("no room")

    monkeypatch.setattr(champion_cards, "metrics_of", broken)
    outcome = run_month("yellow", "2019-02", "newest", done[0])
    assert outcome["write_champion_cards"]["status"] == "failed"
    assert outcome["write_champion_cards"]["cards"]["fare_usd"]["reason"] == "OSError: no room"
    assert {v["status"] for v in outcome["register_best"].values()} == {"unchanged"}


def test_every_row_is_in_the_warehouse_once(done: tuple[Settings, list[dict[str, Any]]]) -> None:
    with get_engine(done[0]).connect() as connection:
        counts = [
            connection.execute(
                text(f"SELECT count(*), count(DISTINCT source_row) FROM {t} WHERE month='2019-02'")
            ).one()
            for t in ("raw_taxi_trips", "processed_taxi_trips", "trip_features")
        ]
        tables = ("taxi_zones", "ingestion_log", "data_quality_metrics", "experiment_runs", "model_registry",
                  "model_performance", "promotion_log")  # fmt: skip
        filled = {t: connection.execute(text(f"SELECT count(*) FROM {t}")).scalar() for t in tables}
    assert counts[0] == (4000, 4000)
    assert counts[1] == counts[2]
    assert all(filled.values()), filled


def test_the_views_answer_the_usual_questions(done: tuple[Settings, list[dict[str, Any]]]) -> None:
    month = "month = '2019-02'"
    cell = "pickup_zone = 237 AND hour = 8 AND weekday = 0"
    fares = "target = 'fare_usd'"
    questions = {
        f"SELECT SUM(trips) FROM daily_trips WHERE {month}": f"SELECT COUNT(*) FROM processed_taxi_trips WHERE {month}",
        f"SELECT SUM(trips) FROM zone_hour_demand WHERE {cell}": f"SELECT COUNT(*) FROM trip_features WHERE {cell}",
        "SELECT SUM(expectations) FROM quality_trend":
        "SELECT COUNT(*) FROM data_quality_metrics WHERE suite LIKE 'yellow%'",
        f"SELECT MIN(loss_tune) FROM experiment_runs WHERE {fares}":
        f"SELECT loss_tune FROM leaderboard WHERE {fares} AND place = 1",
    }  # fmt: skip
    with get_engine(done[0]).connect() as connection:
        for question, answer in questions.items():
            asked = connection.execute(text(question)).scalar()
            assert asked
            assert asked == connection.execute(text(answer)).scalar(), question


def test_health_endpoint(done: tuple[Settings, list[dict[str, Any]]]) -> None:
    with TestClient(create_app(done[0])) as client:
        assert client.get("/health").json()["status"] == "ok"
        assert "swagger" in client.get("/docs").text


def test_predict_endpoint(done: tuple[Settings, list[dict[str, Any]]]) -> None:
    with TestClient(create_app(done[0])) as client:
        answer = client.post("/predict", json=TRIP).json()
        batch = client.post("/predict/batch", json={"trips": [TRIP, TRIP | {"pickup_zone": 999}]}).json()
    duration = answer["duration_min"]
    assert duration["p10"] <= duration["value"] <= duration["p90"]
    assert answer["fare_usd"]["model"].startswith("nyc_taxi_yellow_fare_usd/")
    assert 0 < answer["high_tip"]["probability"] < 1
    assert answer["high_tip"]["model"].startswith("nyc_taxi_yellow_high_tip/")
    assert batch["predictions"][0]["duration_min"] == duration
    assert batch["predictions"][1]["error"][0]["field"] == "pickup_zone"


def test_model_info_endpoint(done: tuple[Settings, list[dict[str, Any]]]) -> None:
    with TestClient(create_app(done[0])) as client:
        names = [model["name"] for model in client.get("/model-info").json()]
    assert names == ["nyc_taxi_yellow_duration_min", "nyc_taxi_yellow_fare_usd", "nyc_taxi_yellow_high_tip"]


def test_invalid_input_handling(done: tuple[Settings, list[dict[str, Any]]]) -> None:
    with TestClient(create_app(done[0])) as client:
        answer = client.post("/predict", json=TRIP | {"pickup_zone": 999})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["errors"][0] == {
        "field": "pickup_zone", "value": "999", "expected": "Input should be less than or equal to 265"
    }  # fmt: skip


def test_error_responses(done: tuple[Settings, list[dict[str, Any]]]) -> None:
    with TestClient(create_app(done[0])) as client:
        answer = client.post("/predict", json=TRIP | {"service": "green"})
    assert answer.status_code == 404
    assert "services served: yellow" in answer.json()["detail"]


def test_the_service_imports_no_training_library() -> None:
    code = (
        "import sys, include.serving.api; print({'airflow','pandas','torch','xgboost','lightgbm','sklearn','mlflow',"
        "'pyarrow','sqlalchemy','great_expectations'} & set(sys.modules))"
    )
    outcome = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert outcome.stdout.strip() == "set()", outcome.stderr


@pytest.mark.parametrize(("service", "targets"), [("fhv", 1), ("fhvhv", 2)])
def test_a_hired_service_is_quoted_what_its_bases_report(tmp_path: Path, service: str, targets: int) -> None:
    settings = load_settings({"home": tmp_path, "source": "sample", "sample_rows": 2000, "service": service,
                              "families": ("zone_pair_median", "additive_log"), "bootstrap_rounds": 100})  # fmt: skip
    run_month(service, "2019-03", "never", settings)
    outcome = run_month(service, "2019-04", "newest", settings)["register_best"]
    assert [made["action"] for made in outcome.values()] == ["promote"] * targets
    with TestClient(create_app(settings)) as client:
        answer = client.post("/predict", json=TRIP | {"service": service}).json()
    assert answer["duration_min"]["value"] > 0
    assert (answer["fare_usd"] is not None) == (targets == 2)
    assert answer["high_tip"] is None
