"""What people ask of a place of the documentation: `asked.yaml`, read once. It is searched with the place and never
shown."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from include.llm.words import tokens
from include.utils.hashing import file_sha256

FILE = Path(__file__).with_name("asked.yaml")
Place = tuple[str, str]
"""File and heading."""


@cache
def asked() -> Mapping[Place, tuple[str, ...]]:
    """Place -> the questions that it answers."""
    pages = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {(file, heading): tuple(lines) for file, places in pages.items() for heading, lines in places.items()}


def asked_of(source: str, heading: str) -> tuple[str, ...]:
    """The questions that a place answers; none of a run, a card, or a place that nobody has asked for."""
    return asked().get((source, heading), ())


@cache
def words_asked() -> frozenset[str]:
    """Every word of the questions, in the form of `tokens`."""
    return frozenset(word for lines in asked().values() for line in lines for word in tokens(line))


@cache
def asked_hash() -> str:
    """Tells one state of the file from another: the index holds its words."""
    return file_sha256(FILE)
