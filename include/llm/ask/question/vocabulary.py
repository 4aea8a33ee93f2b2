"""A word that is nearly a known one is read as that one; every word that can be explained is known."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from include.llm.ask.meanings.everyday import everyday, other_words
from include.llm.ask.meanings.lexicon import abbreviations, lexicon
from include.llm.ask.meanings.measure import Phrase
from include.llm.ask.meanings.measures import measures
from include.llm.words import Mender


@cache
def measured() -> dict[Phrase, tuple[str, ...]]:
    """Phrase -> the measures that it names."""
    found: dict[Phrase, list[str]] = {}
    for measure in measures().values():
        for phrase in (*measure.words, *measure.weak, *measure.averaged):
            found.setdefault(phrase, []).append(measure.name)
    return {phrase: tuple(names) for phrase, names in found.items()}


@cache
def vocabulary() -> frozenset[str]:
    """Every word that this can explain."""
    words_of = lexicon()
    apart = [phrase for m in measures().values() for sets in m.together for ways in sets for phrase in ways]
    known = (
        *apart,
        *words_of.slots,
        *words_of.groups,
        *words_of.orders,
        *words_of.shapes,
        *measured(),
        *(phrase for said, _ in words_of.unknown.values() for phrase in said),
    )
    return frozenset(word for phrase in known for word in phrase) | words_of.harmless


@cache
def _mender() -> Mender:
    from include.llm.pages.passages import words_of_documents

    return Mender(vocabulary(), words_of_documents() | everyday().words | other_words())


def written_out(words: Sequence[str]) -> list[str]:
    """Nb as number, pp as percentage point; min is a minute behind a figure, in, many, and a bound elsewhere."""
    short = abbreviations()
    found: list[str] = []
    for place, word in enumerate(words):
        before, after = words[place - 1] if place else "", words[place + 1] if place + 1 < len(words) else ""
        if word == "min" and (before in ("in", "many", "of") or before.isdigit() or after in ("off", "more", "less")):
            found.append("minute")
        elif word == "acc" and after == "to":
            found.append("according")
        elif word == "s" and before.isdigit():
            found.append("second")
        elif word == "#":
            found.append("number")
        else:
            found += short.get(word, (word,))
    return found


def mend(words: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    mender = _mender()
    known = vocabulary()
    right = [mender.mend(_root(word, known)) for word in words[:200]]
    return right, {word: other for word, other in zip(words, right, strict=False) if word != other}


def _root(word: str, known: frozenset[str]) -> str:
    """Touched as touch, tipping as tip, where only the plain verb is known."""
    derived = word in other_words() and not word.endswith(("ed", "ing"))
    if word in known or word in everyday().words or derived or len(word) < 5 or not word.isalpha():
        return word
    endings = ("ed", "ing", "es", "ly", "er", "est")
    ends = [word[: -len(end)] + more for end in endings if word.endswith(end) for more in ("", "e")]
    ends += [word[: -len(end)] + "y" for end in ("ier", "iest", "ied") if word.endswith(end)]
    ends += [end[:-1] for end in ends if len(end) > 3 and end[-1:] == end[-2:-1]]
    return next((end for end in ends if len(end) > 2 and end in known), word)
