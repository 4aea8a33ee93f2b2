"""What can be asked is declared in this folder: YAML files, and a list of words that only make a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent


def declared(name: str) -> dict[str, Any]:
    """A file's content."""
    content: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return content


def declared_in(folder: str) -> list[dict[str, Any]]:
    """The content of each YAML file of a folder, in the order of their names."""
    return [declared(f"{folder}/{file.name}") for file in sorted((FOLDER / folder).glob("*.yaml"))]


def words_in(name: str) -> str:
    """A list of words, one a line."""
    return (FOLDER / name).read_text(encoding="utf-8")
