"""The service with champions: what it logs, what an administrator may do, which bundles it refuses."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from include.config import Settings
from include.config.add_api_key import add_key
from include.errors import BundleError
from include.models.bundle import model_name, read_bundle, read_pointer
from include.serving.api import create_app
from include.serving.web.problems import PROBLEM
from include.warehouse.engine import engine_for
from include.warehouse.metadata import PREDICTIONS
from include.warehouse.schema import init_db
from tests.champions import published
from tests.unit.models.trips import sample_rows, window_of

pytestmark = pytest.mark.integration
TRIP = {"service": "yellow", "pickup_zone": 132, "dropoff_zone": 230, "pickup_datetime": "2019-06-14T18:30:00"}
DURATION = model_name("yellow", "duration_min")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home with champions and a warehouse."""
    window = window_of(sample_rows(tmp_path_factory.mktemp("rows")))
    settings = published(tmp_path_factory.mktemp("home"), window)
    init_db(engine_for(settings.warehouse))
    return settings


@pytest.fixture(scope="module")
def keys(trained: Settings) -> dict[str, dict[str, str]]:
    """Scope -> the header of a key that has it alone."""
    return {scope: {"X-API-Key": add_key(trained, f"{scope}-user", [scope])} for scope in ("predict", "admin", "read")}


@pytest.fixture
def client(trained: Settings, keys: Any) -> Iterator[TestClient]:
    """The running application."""
    with TestClient(create_app(trained)) as client:
        yield client


def logged_since(settings: Settings, before: int) -> list[dict[str, Any]]:
    query = select(PREDICTIONS).order_by(PREDICTIONS.c.asked_at, PREDICTIONS.c.place)
    with engine_for(settings.warehouse).connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()][before:]


def test_single_and_batch_answers_are_logged_with_zones_and_the_keys_name(
    trained: Settings, keys: dict[str, dict[str, str]]
) -> None:
    before = len(logged_since(trained, 0))
    place = {"pickup_latitude": 40.6413, "pickup_longitude": -73.7781}
    with TestClient(create_app(trained)) as client:
        coordinates = {name: value for name, value in TRIP.items() if name != "pickup_zone"} | place
        single = client.post("/predict", json=coordinates, headers=keys["predict"] | {"x-request-id": "one"})
        rows = [TRIP, TRIP | {"pickup_zone": 999}, TRIP | {"passenger_count": 2}]
        batch = client.post("/predict/batch", headers=keys["predict"] | {"x-request-id": "many"}, json={"trips": rows})
        assert client.post("/predict", json=TRIP | {"pickup_zone": 0}, headers=keys["predict"]).status_code == 422
    assert single.status_code == batch.status_code == 200
    first, second, third = logged_since(trained, before)
    assert (first["request_id"], first["pickup_zone"], first["api_key"]) == ("one", 132, "predict-user")
    assert first["duration_min"] == single.json()["duration_min"]["value"]
    assert first["duration_min_model"] == single.json()["duration_min"]["model"]
    assert 0 < first["latency_us"] < 60_000_000
    assert [row["request_id"] for row in (second, third)] == ["many-0", "many-2"]
    assert (third["passenger_count"], third["answered_together"]) == (2, 2)


def test_nothing_that_is_written_down_holds_a_key_or_a_coordinate(
    trained: Settings, keys: dict[str, dict[str, str]], capfd: pytest.CaptureFixture[str]
) -> None:
    secret = keys["predict"]["X-API-Key"]
    off = trained.model_copy(update={"warehouse_url": f"sqlite:///{trained.home}/empty/none.db"})
    with TestClient(create_app(off)) as client:
        body = {"service": "yellow", "pickup_latitude": 40.64131, "pickup_longitude": -73.77812, "dropoff_zone": 230}
        assert client.post("/predict", json=body, headers=keys["predict"]).status_code == 200
        client.post("/predict", json=body | {"pickup_latitude": 40.64131, "x": 1}, headers=keys["predict"])
    kept = b"".join(path.read_bytes() for path in trained.spool_folder.iterdir())
    for path in trained.spool_folder.iterdir():
        path.unlink()
    out, err = capfd.readouterr()
    assert b"predict-user" in kept
    assert "key=predict-user" in err
    for text in (kept.decode(), out, err):
        assert not [found for found in (secret, secret[5:], "40.64131", "73.77812") if found in text]


def test_a_rollback_that_cannot_be_is_told_in_the_commands_words(
    client: TestClient, keys: dict[str, dict[str, str]]
) -> None:
    asked = {"model": DURATION, "reason": "--reason= is no option"}
    first_champion = client.post("/admin/rollback", json=asked, headers=keys["admin"])
    assert (first_champion.status_code, first_champion.headers["content-type"]) == (409, PROBLEM)
    assert "is the first champion" in first_champion.json()["detail"]
    unknown = client.post("/admin/rollback", json=asked | {"model": "nyc_taxi_green_x"}, headers=keys["admin"])
    assert unknown.status_code == 409
    assert "has no champion" in unknown.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [{"model": "nyc_taxi_yellow_duration_min"}, {"model": "../x", "reason": "because"}, {"reason": "because"},
     {"model": DURATION, "reason": "a\nb"}, {"model": DURATION, "reason": "because", "version": 0}],
)  # fmt: skip
def test_a_rollback_without_model_or_reason_is_refused(
    client: TestClient, keys: dict[str, dict[str, str]], body: dict[str, Any]
) -> None:
    assert client.post("/admin/rollback", json=body, headers=keys["admin"]).status_code == 422


def test_a_service_that_may_not_move_champions_says_who_can(
    client: TestClient, keys: dict[str, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"model": DURATION, "reason": "because"}
    with monkeypatch.context() as slim:
        slim.setattr("include.serving.rollback_call.importlib.util.find_spec", lambda _: None)
        without = client.post("/admin/rollback", json=asked, headers=keys["admin"])
    with monkeypatch.context() as fixed:
        fixed.setattr("include.serving.rollback_call.os.access", lambda *_: False)
        readonly = client.post("/admin/rollback", json=asked, headers=keys["admin"])
    assert (without.status_code, readonly.status_code) == (501, 501)
    assert "no MLflow client" in without.json()["detail"]
    assert "may not write the lake" in readonly.json()["detail"]
    assert "make rollback" in readonly.json()["detail"]


def copied(trained: Settings, to: Path) -> Settings:
    """The same champions in a home that a test may damage; pointers name the copies."""
    shutil.copytree(trained.home / "lake" / "bundles", to / "lake" / "bundles")
    for pointer in to.rglob("champion.json"):
        pointer.write_text(pointer.read_text().replace(str(trained.home), str(to)))
    return trained.model_copy(update={"home": to})


def test_a_pointer_that_leads_elsewhere_loads_nothing(
    trained: Settings, tmp_path: Path, keys: dict[str, dict[str, str]]
) -> None:
    home, outside = copied(trained, tmp_path / "home"), tmp_path / "outside"
    path = home.home / "lake" / "bundles" / DURATION / "champion.json"
    told = json.loads(path.read_text())
    shutil.copytree(told["uri"], outside)
    for uri in (str(outside), f"{home.lake}/bundles/{DURATION}/../../../../outside", f"file://{outside}"):
        path.write_text(json.dumps(told | {"uri": uri}))
        with TestClient(create_app(home)) as client:
            health = client.get("/health", headers=keys["read"]).json()
        assert "a folder in" in " ".join(health["problems"]), uri
        assert health["models"][DURATION] == f"{DURATION}/fallback", uri


class Bomb:
    """Would run code when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (pytest.fail, ("a bundle was unpickled",))


def test_tables_that_need_unpickling_are_refused(trained: Settings, tmp_path: Path) -> None:
    home = copied(trained, tmp_path / "home")
    pointer = read_pointer(home.lake, DURATION)
    assert pointer is not None
    folder, buffer = Path(pointer.uri), io.BytesIO()
    np.savez(buffer, edges=np.array([Bomb()], dtype=object))
    (folder / "tables.npz").write_bytes(buffer.getvalue())
    card = json.loads((folder / "bundle.json").read_text())
    card["files"]["tables.npz"] = hashlib.sha256(buffer.getvalue()).hexdigest()
    (folder / "bundle.json").write_text(json.dumps(card))
    with pytest.raises(BundleError, match="allow_pickle"):
        read_bundle(pointer.uri)
