"""What a question looks for: each of its words with the ways in which the pages may say it."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from include.llm.ask.meanings.lexicon import lexicon
from include.llm.pages.asked import words_asked
from include.llm.pages.passages import ROOT, documents, words_of_documents
from include.llm.pages.stems import STOP, parts_of, stem, words_in
from include.llm.pages.thesaurus import Said, thesaurus
from include.llm.words import Mender

SYNONYM, PHRASE = 0.65, 0.9
"""What a word, and what a phrase of the thesaurus counts beside the question's own word."""
SAYS_LITTLE = 0.5
"""What a word of every sentence (considered, quickly) counts beside one of the subject."""
GAP = 3
"""Words that may stand between those of a phrase: put the old one back."""
MOST_WORDS = 200
CUT_SHORT = 6
"""Letters from which on the beginning of a known word stands for it."""

Ways = Mapping[str, float]
"""A stem of the pages -> how well it says what is meant."""


@dataclass(frozen=True)
class Word:
    """A word of the question, the stems that say it, and those that say a phrase of which it is a part."""

    stem: str
    weight: float
    ways: Ways
    in_phrases: frozenset[str]


@dataclass(frozen=True)
class Wanted:
    """The words of a question, each once, and the phrases of the thesaurus that stand in it."""

    words: tuple[Word, ...]
    phrases: tuple[Ways, ...]

    def weighed(self) -> Iterator[tuple[float, Ways]]:
        """Words and phrases, with what each counts."""
        yield from ((word.weight, word.ways) for word in self.words)
        yield from ((1.0, ways) for ways in self.phrases)

    def weight(self) -> float:
        """How many words there are, those that say little counted less."""
        return sum(word.weight for word in self.words)

    def stems(self) -> frozenset[str]:
        """Everything that a page may be found by."""
        return frozenset(way for ways in (*(word.ways for word in self.words), *self.phrases) for way in ways)


def wanted(question: str, root: Path = ROOT) -> Wanted:
    """The question's words and phrases, slips of the pen put right."""
    said = [_known(word, root) for word in words_in(question)[:MOST_WORDS] if _says_something(word, root)]
    stems = [stem(word) for word in said]
    phrases: list[frozenset[str]] = []
    in_phrases = defaultdict[int, set[str]](set)
    for phrase, places in _phrases_in(stems):
        means = thesaurus().means[phrase]
        phrases.append(means)
        for place in places:
            in_phrases[place] |= means
    words: dict[str, Word] = {}
    for place, word in enumerate(said):
        for part in parts_of(word):
            if part not in STOP and stem(part) not in words:
                words[stem(part)] = _word(part, frozenset(in_phrases[place]))
    return Wanted(tuple(words.values()), tuple(dict.fromkeys(means, PHRASE) for means in dict.fromkeys(phrases)))


def _word(word: str, in_phrases: frozenset[str]) -> Word:
    root = stem(word)
    same = thesaurus().means.get((root,), frozenset())
    weight = SAYS_LITTLE if word in lexicon().harmless else 1.0
    return Word(root, weight, {**dict.fromkeys(same, SYNONYM), root: 1.0}, in_phrases)


def _phrases_in(stems: Sequence[str]) -> Iterator[tuple[Said, tuple[int, ...]]]:
    """The phrases whose words stand near each other, in any order, and the places of these."""
    at: dict[str, list[int]] = {}
    for place, root in enumerate(stems):
        at.setdefault(root, []).append(place)
    for first in at:
        for phrase in thesaurus().phrases_with.get(first, ()):
            if all(root in at for root in phrase):
                near = [tuple(min(at[r], key=lambda p: abs(p - start)) for r in phrase) for start in at[first]]
                best = min(near, key=lambda places: max(places) - min(places))
                if max(best) - min(best) < len(phrase) + GAP and len(set(best)) == len(phrase):
                    yield phrase, best


def _says_something(word: str, root: Path) -> bool:
    """What is made (make it good) is mostly no command, and a number that is on no page is the asker's own."""
    if word.startswith("make_"):
        return word in _commands(root)
    return not word.isdigit() or word in words_of_documents(root)


@cache
def _commands(root: Path) -> frozenset[str]:
    """make_run and its like, as the pages give them."""
    pages = (path.read_text(encoding="utf-8", errors="replace") for path in documents(root))
    return frozenset(word for page in pages for word in words_in(page) if word.startswith("make_"))


def _known(word: str, root: Path) -> str:
    """The word with its slips put right, and one that was cut short (hyperparam) made whole."""
    known = _vocabulary(root)
    mended = _mender(root).mend(word)
    at = bisect_left(known, mended)
    cut_short = len(mended) >= CUT_SHORT and mended not in lexicon().harmless and at < len(known)
    return known[at] if cut_short and known[at].startswith(mended) else mended


@cache
def _vocabulary(root: Path) -> list[str]:
    return sorted(words_of_documents(root) | words_asked() | thesaurus().words)


@cache
def _mender(root: Path) -> Mender:
    return Mender(_vocabulary(root), lexicon().harmless)
