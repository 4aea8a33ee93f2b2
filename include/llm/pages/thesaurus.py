"""What people say and what the pages say: `thesaurus.yaml`, read once, by stems."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from include.llm.pages.stems import stem
from include.llm.words import tokens

FILE = Path(__file__).with_name("thesaurus.yaml")
Said = tuple[str, ...]


@dataclass(frozen=True)
class Thesaurus:
    """Stems of a word or a phrase -> stems of the pages that say the same; `words` are all that are said, unstemmed."""

    means: Mapping[Said, frozenset[str]]
    phrases_with: Mapping[str, tuple[Said, ...]]
    """First stem -> the phrases of several words that begin with it."""
    words: frozenset[str]


@cache
def thesaurus() -> Thesaurus:
    """The file, an entry that is there twice put together."""
    means: dict[Said, set[str]] = defaultdict(set)
    words: set[str] = set()
    for entry in yaml.safe_load(FILE.read_text(encoding="utf-8")):
        meant = {stem(word) for text in entry["mean"] for word in tokens(str(text))}
        for text in entry["say"]:
            spoken = tokens(str(text))
            words.update(spoken)
            means[tuple(stem(word) for word in spoken)] |= meant
    phrases: dict[str, list[Said]] = defaultdict(list)
    for said in means:
        if len(said) > 1:
            phrases[said[0]].append(said)
    return Thesaurus(
        {said: frozenset(meant) for said, meant in means.items()},
        {first: tuple(found) for first, found in phrases.items()},
        frozenset(words),
    )
