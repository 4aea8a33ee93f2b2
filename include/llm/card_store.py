"""Cards in the lake, beside the bundles: whoever reads the lake sees them.

`<lake>/model_cards/<name>/v<version>.md`, `.html` and `.json`; the last says what a list shows, is written last, and so
means a whole card.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import fsspec

from include.errors import BadDataError
from include.models.bundle import write_whole
from include.utils.files import room_for

if TYPE_CHECKING:
    from include.llm.model_card import ModelCard

SHELF = "model_cards"
NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
FORMS = ("md", "html")
KEYS = {"name", "version", "service", "target", "family", "test_month", "written_at", "written_by"}
LISTED = "json"


def holds(lake_root: str, card: ModelCard) -> bool:
    """Whether the card is in its place, byte for byte."""
    return all(_read(lake_root, card.name, card.version, form) == text for form, text in _files(card).items())


def save(lake_root: str, card: ModelCard) -> None:
    """Puts a card in its place, over an earlier one of that version."""
    fs, files = fsspec.url_to_fs(lake_root)[0], _files(card)
    with room_for(lake_root, "a model card"):
        fs.makedirs(_shelf(lake_root, card.name), exist_ok=True)
        for form, text in files.items():
            write_whole(fs, address(lake_root, card.name, card.version, form), text.encode())


def _files(card: ModelCard) -> dict[str, str]:
    listed = {"name": card.name, "version": card.version, "written_by": card.written_by, **card.listed}
    return {"md": card.markdown, "html": card.html, LISTED: json.dumps(listed, indent=2, sort_keys=True) + "\n"}


def read(lake_root: str, name: str, version: int, form: str = "md") -> str | None:
    """A card as Markdown (`md`) or as a page (`html`); None when there is none. BadDataError for what is no name."""
    if form not in FORMS:
        raise BadDataError(f"A card has no form {form!r}; it has {' and '.join(FORMS)}.")
    return _read(lake_root, name, version, form)


def list_cards(lake_root: str) -> list[dict[str, Any]]:
    """What a list shows of every card, by name and version. A file that is no card is left out."""
    fs, root = fsspec.url_to_fs(f"{lake_root}/{SHELF}")
    found = [_listed(bytes(fs.cat_file(path))) for path in fs.glob(f"{root}/*/v*.{LISTED}")]
    return sorted((card for card in found if card), key=lambda card: (card["name"], card["version"]))


def _listed(content: bytes) -> dict[str, Any] | None:
    try:
        card = json.loads(content)
        known = isinstance(card["version"], int) and all(isinstance(card[key], str) for key in KEYS - {"version"})
        return card if known and card["version"] > 0 and NAME.fullmatch(card["name"]) else None
    except (ValueError, TypeError, LookupError):
        return None


def _read(lake_root: str, name: str, version: int, form: str) -> str | None:
    fs, path = fsspec.url_to_fs(lake_root)[0], address(lake_root, name, version, form)
    try:
        return bytes(fs.cat_file(path)).decode()
    except FileNotFoundError:
        return None


def address(lake_root: str, name: str, version: int, form: str) -> str:
    """Where a card of that form is, or would be."""
    return f"{_shelf(lake_root, name)}/v{int(version)}.{form}"


def _shelf(lake_root: str, name: str) -> str:
    """The folder of a model's cards; a name is one folder, so that none leads out of the lake."""
    if not NAME.fullmatch(name):
        raise BadDataError(f"{name[:80]!r} is no name of a registered model; nyc_taxi_yellow_fare_usd is one.")
    _, root = fsspec.url_to_fs(lake_root)
    return f"{root}/{SHELF}/{name}"
