"""The index lies where it can be written: in the home, else beside the bundles, else in a folder of its own."""

from __future__ import annotations

import tempfile
from pathlib import Path

from include.config import Settings
from include.llm.pages.search_index import FORM
from include.utils.hashing import fingerprint


def index_file(settings: Settings, root: Path) -> Path:
    """In the home, else (one that cannot be written) beside the API's copies of bundles, else in the system's folder
    for temporary files, in one that only this user can enter."""
    name = f"index.v{FORM}.{fingerprint(str(root))}.db"
    for folder in (settings.home / "assistant", settings.model_cache_folder / "assistant"):
        if _may_write(folder):
            return folder / name
    return Path(tempfile.mkdtemp(prefix="taxi-assistant-")) / name


def _may_write(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
