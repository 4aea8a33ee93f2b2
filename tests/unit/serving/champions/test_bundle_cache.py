"""The cache keeps what may be asked for again, and nothing else."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from include.config import Settings
from include.models import bundle
from include.models.bundle import Pointer, read_bundle, read_pointer
from include.serving.champions.bundle_cache import KEPT, BundleCache
from include.serving.model_loader import ModelLoader
from include.utils.files import room_for
from tests.champions import DURATION, edited


def test_a_kept_bundle_is_the_published_one(champions: Settings, tmp_path: Path) -> None:
    pointer = read_pointer(champions.lake, DURATION)
    assert pointer is not None
    cache = BundleCache(tmp_path)
    assert cache.bundle(pointer) is None
    cache.keep(pointer)
    kept = cache.bundle(pointer)
    assert kept is not None
    assert read_bundle(str(kept), pointer.card_sha256).card.target == "duration_min"


def test_only_the_last_versions_of_a_model_are_kept(lake: Settings, tmp_path: Path) -> None:
    pointer, cache = read_pointer(lake.lake, DURATION), BundleCache(tmp_path / "cache")
    assert pointer is not None
    for version in range(1, KEPT + 3):
        digest = edited(Path(pointer.uri) / "bundle.json", trained_to=f"2019-0{version}")
        named = Pointer(DURATION, version, pointer.uri, digest, "", "")
        cache.keep(named)
        cache.remember(named)
    assert [p.version for p in cache.remembered(DURATION)] == [5, 4, 3]
    assert len(list((tmp_path / "cache" / "bundles").iterdir())) == KEPT


def test_a_damaged_record_is_none(tmp_path: Path) -> None:
    (tmp_path / "champions").mkdir()
    (tmp_path / "champions" / f"{DURATION}.json").write_text("[{")
    assert BundleCache(tmp_path).remembered(DURATION) == []


def test_a_full_disk_of_the_cache_is_a_fault_of_the_cache_alone(
    lake: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(place: str, _: dict[str, bytes]) -> str:
        with room_for(place, "a bundle"):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(bundle, "write_bundle", full)
    loader = ModelLoader(lake)
    loader.refresh()
    assert loader.champions["yellow", "duration_min"].label == f"{DURATION}/1"
    assert loader.problems == {}
    assert "No space left" in loader.cache_problem
