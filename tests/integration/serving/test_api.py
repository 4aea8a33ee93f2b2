"""The service against requests that mean harm, and bundles that went bad."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from include.config import Settings, load_settings
from include.models.bundle import model_name, read_pointer
from include.pipeline import run_month
from include.serving.api import create_app, poll_champions
from include.serving.guard.middleware import MAX_BODY
from include.serving.model_loader import ModelLoader

pytestmark = pytest.mark.integration
TRIP = {"service": "yellow", "pickup_zone": 132, "dropoff_zone": 230, "pickup_datetime": "2019-06-14T18:30:00"}
DURATION = model_name("yellow", "duration_min")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home with champions."""
    settings = load_settings({"home": tmp_path_factory.mktemp("home"), "source": "sample", "sample_rows": 4000,
                              "bootstrap_rounds": 100, "families": ("zone_pair_median", "ridge")})  # fmt: skip
    for month in ("2019-01", "2019-02"):
        run_month("yellow", month, "newest", settings)
    return settings


@pytest.fixture
def copied(trained: Settings, tmp_path: Path) -> Settings:
    """The same champions in a home that a test may damage; pointers name the copies."""
    shutil.copytree(trained.home / "lake" / "bundles", tmp_path / "lake" / "bundles")
    for pointer in tmp_path.rglob("champion.json"):
        pointer.write_text(pointer.read_text().replace(str(trained.home), str(tmp_path)))
    return trained.model_copy(update={"home": tmp_path})


def ask(settings: Settings, path: str = "/predict", **options: Any) -> Any:
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        return client.post(path, **options)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("pickup_datetime", "0001-01-01T00:00:00+14:00", "from 2009 to 2040"),
        ("pickup_datetime", "9999-12-31T23:59:59-12:00", "from 2009 to 2040"),
        ("service", "y" * 5000, "'yellow', 'green', 'fhv' or 'fhvhv'"),
        ("pickup_zone", True, "valid integer"),
        ("passenger_count", -1, "greater than or equal to 0"),
        ("fare", 12, "not permitted"),
    ],
)
def test_a_wrong_field_is_named_with_what_was_expected(
    trained: Settings, field: str, value: Any, expected: str
) -> None:
    body = json.dumps(TRIP | {field: value})
    answer = ask(trained, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["field"] == field
    assert expected in error["expected"]
    assert len(answer.content) < 1500


@pytest.mark.parametrize("body", ['{"service": "\\ud800"}', "{", "", "[" * 10_000, "null", "\x00"])
def test_a_body_that_is_no_json_object_is_refused(trained: Settings, body: str) -> None:
    answer = ask(trained, content=body.encode(), headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.content) < 1500


def test_one_bad_row_does_not_cost_the_others_theirs(trained: Settings) -> None:
    rows = [TRIP, TRIP | {"pickup_datetime": "0001-01-01T00:00:00+14:00"}, TRIP | {f"x{i}": 1 for i in range(300)}]
    good, old, odd = ask(trained, "/predict/batch", json={"trips": rows}).json()["predictions"]
    assert good["duration_min"]["value"] > 0
    assert old["error"][0]["field"] == "pickup_datetime"
    assert len(odd["error"]) == 5


def test_a_large_batch_equals_single_quotes(trained: Settings) -> None:
    rows = [TRIP | {"dropoff_zone": zone} for zone in range(1, 264)]
    answers = ask(trained, "/predict/batch", json={"trips": rows}).json()["predictions"]
    for place in (0, 100, 262):
        assert answers[place]["duration_min"] == ask(trained, json=rows[place]).json()["duration_min"]


def test_a_time_with_an_offset_is_new_york_time(trained: Settings) -> None:
    local = ask(trained, json=TRIP).json()
    utc = ask(trained, json=TRIP | {"pickup_datetime": "2019-06-14T22:30:00Z"}).json()
    other = ask(trained, json=TRIP | {"pickup_datetime": "2019-06-14T03:30:00"}).json()
    assert utc["duration_min"] == local["duration_min"]
    assert other["duration_min"] != local["duration_min"]


def test_too_much_is_refused_before_it_is_read(trained: Settings) -> None:
    assert ask(trained, content=b" " * (MAX_BODY + 1)).status_code == 413
    assert ask(trained, "/predict/batch", json={"trips": [TRIP] * 10_001}).status_code == 422


def test_with_keys_only_a_known_key_is_answered(trained: Settings) -> None:
    closed = trained.model_copy(update={"api_keys": SecretStr("first,second")})
    for path in ("/predict", "/predict/batch"):
        assert ask(closed, path, json=TRIP).status_code == 401
        assert ask(closed, path, json=TRIP, headers={"X-API-Key": "firs"}).status_code == 401
    assert ask(closed, json=TRIP, headers={"X-API-Key": "second"}).status_code == 200


@pytest.mark.parametrize("damage", ["cut card", "other model", "no file", "foreign model"])
def test_a_damaged_champion_does_not_replace_the_good_one(copied: Settings, damage: str) -> None:
    loader = ModelLoader(copied)
    loader.refresh()
    before = loader.champions["yellow", "duration_min"].label
    pointer = read_pointer(copied.lake, DURATION)
    assert pointer is not None
    folder = copied.home / "lake" / "bundles" / DURATION
    shutil.copytree(pointer.uri, folder / "v9")
    files = {
        "cut card": "bundle.json",
        "other model": "model.onnx",
        "no file": "model.onnx",
        "foreign model": "tables.npz",
    }
    victim = folder / "v9" / files[damage]
    victim.unlink() if damage == "no file" else victim.write_bytes(b"" if damage == "cut card" else b"other")
    told = json.loads((folder / "champion.json").read_text())
    (folder / "champion.json").write_text(
        json.dumps(told | {"version": 9, "uri": str(folder / "v9"), "card_sha256": ""})
    )
    loader.refresh()
    assert loader.champions["yellow", "duration_min"].label == before
    assert "v9" in loader.problems["yellow", "duration_min"]


def test_a_storage_that_fails_does_not_end_the_looking(trained: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    loader, rounds = ModelLoader(trained), []

    def fail() -> None:
        rounds.append(1)
        raise RuntimeError("the storage has a fault of its own")

    monkeypatch.setattr(loader, "refresh", fail)

    async def look() -> None:
        task = asyncio.create_task(poll_champions(loader, 0.01))
        while len(rounds) < 3:
            await asyncio.sleep(0.01)
        task.cancel()

    asyncio.run(asyncio.wait_for(look(), 30))
    assert len(rounds) >= 3
