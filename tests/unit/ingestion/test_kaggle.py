"""Datasets through Kaggle's client, which is played by a double: what it does is read from its version 2."""

from __future__ import annotations

import builtins
import sys
import zipfile
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from include.config import Settings
from include.errors import BadDataError, NotPublishedError, SettingsError, SourceUnavailableError
from include.ingestion.download import download_from_kaggle


class RefusedError(OSError):
    """As requests.HTTPError: an OSError with the response."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status} Client Error")
        self.response = SimpleNamespace(status_code=status)


class KaggleApi:
    """Writes `<dataset>.zip` into the path it is given."""

    fault: BaseException | None = None
    login: BaseException | None = None

    def authenticate(self) -> None:
        if self.login:
            builtins.print("a page of help")
            raise self.login

    def dataset_download_files(self, dataset: str, path: str, quiet: bool, unzip: bool) -> None:
        if self.fault:
            raise self.fault
        builtins.print("Dataset URL")
        with zipfile.ZipFile(Path(path) / f"{dataset.partition('/')[2]}.zip", "w") as archive:
            archive.writestr("yellow_tripdata_2019-01.csv", "VendorID,fare\n")


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> type[KaggleApi]:
    """The double where the client's modules would be."""
    api = type("KaggleApi", (KaggleApi,), {})
    module: Any = ModuleType("kaggle.api.kaggle_api_extended")
    module.KaggleApi = api
    for name in ("kaggle", "kaggle.api"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return api


def test_the_folder_holds_the_datasets_files_and_nothing_is_printed(
    client: type[KaggleApi], settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("include.ingestion.kaggle.get_settings", lambda: settings)
    for _ in range(2):
        folder = download_from_kaggle("owner/trips")
        assert folder == settings.home / "downloads/kaggle/owner/trips"
        assert [path.name for path in folder.iterdir()] == ["yellow_tripdata_2019-01.csv"]
    assert [path.name for path in folder.parent.iterdir()] == ["trips"]
    assert capsys.readouterr().out == ""


def test_a_folder_of_ones_own_is_made_and_never_replaced(client: type[KaggleApi], tmp_path: Path) -> None:
    folder = download_from_kaggle("owner/trips", tmp_path / "trips")
    (folder / "mine.txt").touch()
    with pytest.raises(BadDataError, match="is already there: remove it"):
        download_from_kaggle("owner/trips", folder)
    assert {path.name for path in folder.iterdir()} == {"mine.txt", "yellow_tripdata_2019-01.csv"}


def test_without_the_client_the_next_step_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "kaggle", None)
    with pytest.raises(SettingsError, match=r"not installed .*--extra kaggle"):
        download_from_kaggle("owner/trips", tmp_path / "trips")


def test_without_credentials_the_process_goes_on_and_the_next_step_is_said(
    client: type[KaggleApi], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    client.login = SystemExit(1)
    with pytest.raises(SettingsError, match=r"no credentials: create a token at .* KAGGLE_API_TOKEN"):
        download_from_kaggle("owner/trips", tmp_path / "trips")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("fault", "error", "says"),
    [
        (RefusedError(404), NotPublishedError, "no dataset owner/trips for this account"),
        (RefusedError(403), NotPublishedError, "accept its terms"),
        (RefusedError(401), SettingsError, "create a new token"),
        (RefusedError(500), SourceUnavailableError, "did not send owner/trips: 500"),
        (ConnectionError("no route"), SourceUnavailableError, "no route. Try again later"),
    ],
)
def test_a_refusal_is_one_sentence(
    client: type[KaggleApi], tmp_path: Path, fault: Exception, error: type[Exception], says: str
) -> None:
    client.fault = fault
    with pytest.raises(error, match=says):
        download_from_kaggle("owner/trips", tmp_path / "trips")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["trips", "../trips", "a/b/c", "https://www.kaggle.com/datasets/a/b", ""])
def test_a_name_that_is_no_dataset_is_refused(client: type[KaggleApi], tmp_path: Path, name: str) -> None:
    with pytest.raises(BadDataError, match="expected owner/dataset"):
        download_from_kaggle(name, tmp_path / "trips")
