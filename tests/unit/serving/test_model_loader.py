"""A champion is swapped in when it is good; whatever is lost, the last good one answers, and then what stands in."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from fsspec.implementations.local import LocalFileSystem

from include.config import Settings
from include.errors import BundleError
from include.models.bundle import Pointer, read_bundle, read_pointer, require_same_answers
from include.models.rows import Window
from include.serving.champions.line_up import LineUp
from include.serving.model_loader import ModelLoader
from include.serving.quotes.trips import Trip
from tests.champions import DURATION, damaged_champion, edited, point_at, publish_champion

KEY = ("yellow", "duration_min")
TRIP = Trip("yellow", 132, 230, datetime(2019, 6, 14, 18, 30))


def started(settings: Settings) -> ModelLoader:
    loader = ModelLoader(settings)
    loader.refresh()
    return loader


def pointer_of(settings: Settings) -> Pointer:
    found = read_pointer(settings.lake, DURATION)
    assert found is not None
    return found


def test_every_target_is_answered_by_its_champion(champions: Settings) -> None:
    loader = started(champions)
    (answer,) = loader.predict([TRIP])
    assert answer["duration_min"]["model"] == f"{DURATION}/1"
    assert answer["duration_min"]["trained_to"] == "2019-02"
    assert not answer["degraded"]
    assert loader.served() == ["yellow"]
    assert loader.get_production_model(*KEY) is loader.champions[KEY]
    assert loader.problems == {}


def test_a_new_champion_is_swapped_in_and_moving_the_pointer_back_rolls_it_back(lake: Settings, window: Window) -> None:
    loader, first = started(lake), pointer_of(lake)
    before = loader.predict([TRIP])[0]["duration_min"]
    publish_champion(lake, window, "duration_min", 2)
    loader.refresh()
    assert loader.predict([TRIP])[0]["duration_min"]["model"] == f"{DURATION}/2"
    point_at(lake, first)
    shutil.rmtree(first.uri)  # the copy is enough
    loader.refresh()
    assert loader.predict([TRIP])[0]["duration_min"] == before
    assert loader.problems == {}


@pytest.mark.parametrize(
    ("file", "content"),
    [("bundle.json", b""), ("model.onnx", b"other"), ("model.onnx", None), ("tables.npz", b"other"),
     ("sample.npz", b"other"), ("sample.npz", None), ("run.json", None)],
)  # fmt: skip
def test_a_damaged_champion_is_refused_and_the_good_one_stays(lake: Settings, file: str, content: bytes | None) -> None:
    loader = started(lake)
    damaged_champion(lake, DURATION, file, content)
    loader.refresh()
    assert loader.champions[KEY].label == f"{DURATION}/1"
    assert "v9" in loader.problems[KEY]
    assert started(lake).champions[KEY].label == f"{DURATION}/1"  # a service that starts now has the copy


def test_a_champion_of_other_feature_code_is_refused(lake: Settings) -> None:
    loader, pointer = started(lake), pointer_of(lake)
    other = Path(pointer.uri).parent / "other"
    shutil.copytree(pointer.uri, other)
    digest = edited(other / "bundle.json", feature_code="0")
    point_at(lake, pointer, uri=str(other), card_sha256=digest, version=2)
    loader.refresh()
    assert loader.champions[KEY].label == f"{DURATION}/1"
    assert "feature code 0" in loader.problems[KEY]


def test_a_copy_that_cannot_be_used_is_told_of_once(lake: Settings, capfd: pytest.CaptureFixture[str]) -> None:
    loader = started(lake)
    for kept in (lake.model_cache_folder / "bundles").iterdir():
        edited(kept / "bundle.json", feature_code="0")
    loader = ModelLoader(lake)
    for _ in range(3):
        loader.line_up = LineUp()
        loader.refresh()
    told = capfd.readouterr()
    assert (told.out + told.err).count("a cached bundle is copied again") == len(loader.champions) == 3


def test_a_champion_that_answers_otherwise_than_when_it_was_made_is_refused(champions: Settings) -> None:
    pointer = pointer_of(champions)
    bundle = read_bundle(pointer.uri, pointer.card_sha256)
    require_same_answers(bundle)
    assert bundle.sample is not None
    assert len(bundle.sample.rows) >= 20
    bundle.bounds = (0.0, float(np.median(bundle.sample.said[0])))
    with pytest.raises(BundleError, match=r"does not repeat the answers"):
        require_same_answers(bundle)


def test_a_champion_that_cannot_answer_is_refused_and_the_others_are_loaded(lake: Settings) -> None:
    pointer = pointer_of(lake)
    folder = Path(pointer.uri)
    short = {"edges": np.empty(0), "low": np.zeros((1, 1)), "high": np.zeros((1, 1))}  # one band of the day, not all
    np.savez(folder / "tables.npz", **short)  # type: ignore[arg-type]
    digest = hashlib.sha256((folder / "tables.npz").read_bytes()).hexdigest()
    files = json.loads((folder / "bundle.json").read_text())["files"] | {"tables.npz": digest}
    point_at(lake, pointer, card_sha256=edited(folder / "bundle.json", files=files))
    loader = started(lake)
    assert "cannot answer: IndexError" in loader.problems[KEY]
    assert ("yellow", "fare_usd") in loader.champions


def test_a_bundle_of_before_without_a_sample_still_loads(lake: Settings) -> None:
    pointer = pointer_of(lake)
    card = Path(pointer.uri) / "bundle.json"
    files = read_bundle(pointer.uri).card.files
    (card.parent / "sample.npz").unlink()
    digest = edited(card, files={name: sha for name, sha in files.items() if name != "sample.npz"})
    point_at(lake, pointer, card_sha256=digest)
    loader = started(lake)
    assert loader.champions[KEY].label == f"{DURATION}/1"
    assert loader.problems == {}


def test_a_restart_without_the_lake_answers_from_the_cache(lake: Settings) -> None:
    before = started(lake).predict([TRIP])
    shutil.rmtree(lake.home / "lake")
    loader = started(lake)
    assert loader.predict([TRIP]) == before
    assert "nothing names one now" in loader.problems[KEY]


class LoginExpiredError(Exception):
    """Like those of object storages' clients: no OSError."""


def test_a_storage_that_fails_in_its_own_way_is_away_and_the_cache_answers(
    lake: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = started(lake).predict([TRIP])

    read = LocalFileSystem.cat_file

    def refused(fs: LocalFileSystem, path: str) -> bytes:
        if path.startswith(lake.lake):
            raise LoginExpiredError("the token of this account has expired")
        return bytes(read(fs, path))

    monkeypatch.setattr(LocalFileSystem, "cat_file", refused)
    loader = started(lake)
    assert loader.predict([TRIP]) == before
    assert "LoginExpiredError: the token of this account has expired. Check TAXI_LAKE_URL" in loader.problems[KEY]
    assert ("green", "fare_usd") not in loader.line_up.stand_ins


def test_a_lake_that_goes_and_comes_back_is_noticed(lake: Settings) -> None:
    loader = started(lake)
    (lake.home / "lake").rename(lake.home / "gone")
    loader.refresh()
    assert loader.champions[KEY].label == f"{DURATION}/1"
    assert loader.problems
    (lake.home / "gone").rename(lake.home / "lake")
    loader.refresh()
    assert loader.problems == {}


def test_without_any_bundle_the_published_table_stands_in(lake: Settings) -> None:
    for pointer in (lake.home / "lake" / "bundles").glob("*/champion.json"):
        shutil.rmtree(pointer.parent / "v1")
    loader = started(lake)
    (answer,) = loader.predict([TRIP])
    assert answer["degraded"]
    assert loader.served() == ["yellow"]
    for target in ("duration_min", "fare_usd"):
        said = answer[target]
        assert said["model"] == f"nyc_taxi_yellow_{target}/fallback"
        assert said["p10"] <= said["value"] <= said["p90"]
        assert said["trained_to"] == "2019-02"
    assert 0 < answer["high_tip"]["probability"] < 1


def test_without_a_table_the_rule_of_thumb_stands_in(lake: Settings) -> None:
    for folder in (lake.home / "lake" / "bundles").iterdir():
        shutil.rmtree(folder / "v1")
        (folder / "fallback.npz").write_bytes(b"damaged")
    (answer,) = started(lake).predict([TRIP])
    assert answer["degraded"]
    assert answer["duration_min"]["model"] == answer["fare_usd"]["model"] == "rule_of_thumb"
    assert answer["fare_usd"]["value"] == 52.0
    assert answer["high_tip"] is None


def test_the_kept_table_stands_in_when_code_and_lake_have_changed(lake: Settings) -> None:
    started(lake)
    shutil.rmtree(lake.home / "lake")
    for card in (lake.home / "cache").rglob("bundle.json"):
        card.write_text("damaged")
    (answer,) = started(lake).predict([TRIP])
    assert answer["duration_min"]["model"] == f"{DURATION}/fallback"


def test_a_lake_where_nothing_was_trained_serves_nothing(settings: Settings) -> None:
    loader = started(settings)
    assert loader.served() == []
    assert loader.problems == {}


def test_a_cache_that_cannot_be_written_costs_no_answer(lake: Settings) -> None:
    (lake.home / "cache").write_text("a file where the folder should be")
    loader = started(lake)
    assert loader.champions[KEY].label == f"{DURATION}/1"
    assert loader.cache_problem
    assert loader.problems == {}


def test_a_pointer_cannot_name_a_folder_outside_the_cache(lake: Settings) -> None:
    point_at(lake, pointer_of(lake), card_sha256="../../../etc")
    loader = started(lake)
    assert KEY not in loader.champions
    assert not (lake.home.parent / "etc").exists()
