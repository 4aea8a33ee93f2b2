"""Published files: resumed, retried, checked, and whole before they count as there."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from include.errors import BadDataError, SourceUnavailableError
from include.ingestion.archives import extract_compressed
from include.ingestion.kaggle import download_from_kaggle
from include.ingestion.parts import Part
from include.ingestion.probe import Vintage, probe
from include.ingestion.retries import tries
from include.ingestion.transfer import transfer
from include.ingestion.verify import verify_download
from include.ingestion.web import Patience, open_client, require_web_address
from include.utils.files import atomic_path

__all__ = [
    "Patience",
    "Vintage",
    "download_from_kaggle",
    "download_from_url",
    "extract_compressed",
    "probe",
    "verify_download",
]


def download_from_url(
    url: str,
    destination: Path,
    patience: Patience = Patience(),  # noqa: B008 - frozen
    known: Sequence[str] = (),
    parts: Path | None = None,
) -> Path:
    """The file at `url` as `destination`, verified and renamed onto it; an older file there is replaced.

    What an earlier try or process left in `<parts>/<name>.part` is continued while the source still has that version;
    `parts` is the destination's folder unless given. `known` as in `probe`. NotPublishedError,
    SourceUnavailableError, or BadDataError for a body that is not what the name says; the destination stays as it was.
    """
    require_web_address(url)
    folder = parts or destination.parent
    for place in (folder, destination.parent):
        place.mkdir(parents=True, exist_ok=True)
    part = Part(folder / f"{destination.name}.part")
    with _alone(part, patience.timeout_s), open_client(patience) as client:
        tries(patience, have=lambda: part.size)(transfer, client, url, part, patience, known)
        _publish(part, destination)
    return destination


@contextmanager
def _alone(part: Part, wait_s: float) -> Iterator[None]:
    """Holds the part's lock, which ends with the process; the lock file stays, because removing it would free it."""
    lock = FileLock(f"{part.path}.lock", timeout=wait_s)
    try:
        lock.acquire()
    except Timeout:
        raise SourceUnavailableError(
            f"Another process is writing {part.path} and is not done after {wait_s:g} s: let it finish, then run again."
        ) from None
    try:
        yield
    finally:
        lock.release()


def _publish(part: Part, destination: Path) -> None:
    try:
        verify_download(part.path)
    except BadDataError:
        part.discard()
        raise
    try:
        part.path.replace(destination)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        with atomic_path(destination) as temporary:
            shutil.copyfile(part.path, temporary)
    part.discard()
