"""A pointer leads to its own model's bundles and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.errors import BundleError
from include.models.bundle import Pointer
from include.models.pointer_path import refuse_foreign

NAME = "nyc_taxi_yellow_duration_min"


def pointer(uri: str, name: str = NAME) -> Pointer:
    return Pointer(name, 1, uri, "0" * 64, "2019-03-01T00:00:00+00:00", "2019-03")


def test_a_bundle_of_the_model_is_taken(tmp_path: Path) -> None:
    for lake in (str(tmp_path), "s3://bucket/lake", "memory://lake"):
        refuse_foreign(lake, NAME, pointer(f"{lake}/bundles/{NAME}/v1-abc"))


def test_a_lake_behind_a_link_is_the_same_lake(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    refuse_foreign(f"{tmp_path}/link", NAME, pointer(f"{tmp_path}/real/bundles/{NAME}/v1"))


@pytest.mark.parametrize(
    "place",
    ["/bundles/{name}/../../../etc", "/bundles/{name}/v1/../../other", "/bundles/other/v1", "/bundles/{name}",
     "/bundles/{name}/%2e%2e/other/v1", "/bundles/{name}x/v1", ""],
)  # fmt: skip
def test_a_place_outside_is_refused(tmp_path: Path, place: str) -> None:
    for lake in (str(tmp_path), "s3://bucket/lake"):
        with pytest.raises(BundleError, match="a folder in"):
            refuse_foreign(lake, NAME, pointer(f"{lake}{place.format(name=NAME)}"))


@pytest.mark.parametrize(
    "uri",
    ["/etc", "file:///etc", "http://elsewhere/lake/bundles/{name}/v1", "s3://other/lake/bundles/{name}/v1",
     "bundles/{name}/v1", "simplecache::http://elsewhere/x"],
)  # fmt: skip
def test_another_store_is_refused(tmp_path: Path, uri: str) -> None:
    for lake in (str(tmp_path), "s3://bucket/lake"):
        with pytest.raises(BundleError):
            refuse_foreign(lake, NAME, pointer(uri.format(name=NAME)))


def test_a_link_inside_that_leads_out_is_refused(tmp_path: Path) -> None:
    shelf = tmp_path / "bundles" / NAME
    shelf.mkdir(parents=True)
    (shelf / "v1").symlink_to("/etc")
    with pytest.raises(BundleError):
        refuse_foreign(str(tmp_path), NAME, pointer(f"{shelf}/v1"))


def test_another_models_pointer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="names other"):
        refuse_foreign(str(tmp_path), NAME, pointer(f"{tmp_path}/bundles/{NAME}/v1", "other"))
