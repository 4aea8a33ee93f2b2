"""Trip files that people share on Kaggle, through Kaggle's own client (the extra `kaggle`)."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from include.config import get_settings
from include.errors import BadDataError, NotPublishedError, SettingsError, SourceUnavailableError, TaxiError
from include.ingestion.archives import extract_compressed

NEXT_STEP = "or give a folder that holds the files as TAXI_SOURCE"


def download_from_kaggle(dataset_name: str, destination: Path | None = None) -> Path:
    """The folder with the files of `owner/dataset`, by default `<home>/downloads/kaggle/<owner>/<dataset>`.

    That default folder is replaced whole; a `destination` that is there is refused.
    SettingsError without the client or its credentials, NotPublishedError for a dataset that Kaggle does not give us.
    """
    if not re.fullmatch(r"[A-Za-z0-9_-]+/[A-Za-z0-9_-]+", dataset_name):
        raise BadDataError(f"{dataset_name!r} is no dataset name: expected owner/dataset, as in its address on Kaggle.")
    if destination is not None and destination.exists():
        raise BadDataError(f"{destination} is already there: remove it, or download {dataset_name} to another place.")
    api = _client()
    target = destination or get_settings().home / "downloads" / "kaggle" / dataset_name
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".kaggle-", dir=target.parent) as scratch:
        _fetch(api, dataset_name, Path(scratch))
        archive = Path(scratch) / f"{dataset_name.partition('/')[2]}.zip"
        if not archive.is_file():
            raise SourceUnavailableError(f"Kaggle sent no {archive.name} for {dataset_name}: try again later.")
        return extract_compressed(archive, target, replace=destination is None)


def _client() -> Any:
    """The authenticated client, which ends the process where it finds no credentials; here that is a SettingsError."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            api = importlib.import_module("kaggle.api.kaggle_api_extended").KaggleApi()
            api.authenticate()
    except ImportError as missing:
        raise SettingsError(
            f"Kaggle's client is not installed ({missing}): "
            f".venv/bin/uv pip install -r pyproject.toml -c requirements.txt --extra kaggle, {NEXT_STEP}."
        ) from None
    except SystemExit:
        raise SettingsError(
            "Kaggle's client found no credentials: create a token at https://www.kaggle.com/settings/api and set "
            f"KAGGLE_API_TOKEN, {NEXT_STEP}."
        ) from None
    except OSError as fault:
        raise SourceUnavailableError(f"Kaggle could not check the credentials: {fault}. Try again later.") from None
    return api


def _fetch(api: Any, dataset_name: str, folder: Path) -> None:
    # The client prints licence and address; its HTTP errors (requests) are OSErrors. It may unzip, but without limits.
    try:
        with contextlib.redirect_stdout(sys.stderr):
            api.dataset_download_files(dataset_name, path=str(folder), quiet=not sys.stderr.isatty(), unzip=False)
    except OSError as fault:
        status = getattr(getattr(fault, "response", None), "status_code", None)
        if status in (403, 404):
            raise NotPublishedError(
                f"Kaggle has no dataset {dataset_name} for this account (HTTP {status}): check the name, and accept "
                f"its terms at https://www.kaggle.com/datasets/{dataset_name}."
            ) from None
        if status == 401:
            raise SettingsError(
                f"Kaggle refused the credentials for {dataset_name} (HTTP 401): create a new token at "
                "https://www.kaggle.com/settings/api and set KAGGLE_API_TOKEN."
            ) from None
        raise SourceUnavailableError(f"Kaggle did not send {dataset_name}: {fault}. Try again later.") from None


def main() -> None:
    """`python -m include.ingestion.kaggle owner/dataset` prints the folder to use as TAXI_SOURCE."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("dataset", help="owner/dataset")
    try:
        print(download_from_kaggle(parser.parse_args().dataset))
    except TaxiError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
