"""Whether a question asks for a figure of trips, and for which one."""

from __future__ import annotations

import re
from itertools import pairwise

from include.llm.ask.question.form import AUXILIARY
from include.llm.ask.trips.asked import Asked
from include.llm.ask.trips.assembling import assembled
from include.llm.ask.trips.reading import Reading, read
from include.llm.ask.trips.shares import NOUNS

PLACING = ("service", "condition", "zone", "borough", "airport", "limit")
OTHERS = frozenset(
    {
        "file",
        "dataset",
        "data",
        "database",
        "table",
        "entry",
        "item",
        "list",
        "sample",
        "set",
        "period",
        "quarter",
        "result",
        "answer",
        "figure",
        "thing",
        "case",
        "statement",
        "fact",
        "team",
        "driver",
        "street",
        "year",
        "week",
        "word",
        "question",
    }
)
"""Nouns that only make a sentence, unless they are counted."""
SOURCES = frozenset({"totals", "trips", "rides"})
"""Rows of trips in measures/trips.yaml. They do not answer what is made of words of trips alone and was not understood:
a word that they pass over is one that asks for something."""
_OFF_BY = re.compile(
    r"^(?!.*\b(?:trips?|rides?|journeys?|took|take|last|lasted|finish\w*|end\w*|complet\w*|miles?)\b)"
    r".*\b(?:fares?|durations?|times?)\b.*\bwithin \$? ?(?:2|5|two|five)\b"
)
"""A fare to within two dollars is a predicted one."""
_INTERVAL = re.compile(
    r"\b(?:fares?|durations?|time|price) (?:ranges?|intervals?|bands?|corridors?)\b"
    r".*\b(?:cover|hold|catch|contain|captur)\w*"
)
"""What a range covers is predicted too."""
ASKING = ("aggregate", "order", "shape", "per", "change", "percentile")


def trips_asked(question: str) -> Asked | None:
    """What is asked of trips; None where a word is none that trips know, or nothing says that a figure is meant."""
    reading = trips_read(question)
    return None if reading is None else assembled(reading)


def trips_read(question: str) -> Reading | None:
    """A question on a figure of trips of which every word is known; what it asks for may still be unclear."""
    if _OFF_BY.search(question.lower()) or _INTERVAL.search(question.lower()):
        return None
    reading = read(question)
    return reading if reading is not None and reading.atoms and _is_figure(reading) else None


def _counts_others(reading: Reading) -> bool:
    """How many files: what stands behind how many is counted, and is no trip."""
    atoms = reading.atoms
    many = next((i for i, a in enumerate(atoms) if a.is_a("shape", "many", "counted")), None)
    for atom in atoms[many + 1 : many + 5] if many is not None else ():
        if atom.text in AUXILIARY:
            return False
        if any(atom.is_a(kind) for kind in ("subject", "column", "group", "limit")):
            return False
        if not atom.kinds and set(atom.words) & OTHERS:
            return True
    return False


def _are_fits(reading: Reading) -> bool:
    """How many runs for green: a run that nothing says more of is one of training."""
    subjects = {atom.text for atom in reading.atoms if atom.is_a("subject")}
    told = any(
        atom.is_a(kind) for atom in reading.atoms for kind in ("condition", "zone", "borough", "airport", "earn")
    )
    return subjects == {"run"} and not told


def _is_figure(reading: Reading) -> bool:
    """A month, service, place or condition with something that is measured; or a word of counting and ordering."""
    atoms = reading.atoms
    dated = atoms[0].text == "when" and not any(
        a.text in ("what", "how", "which", "how much", "how many") for a in atoms[1:]
    )
    if dated or atoms[0].text == "why" or _counts_others(reading) or _are_fits(reading):
        return False
    of_trips = any(a.is_a(kind) for a in atoms for kind in ("subject", "column", "earn", "service", "per", "side"))
    if not (of_trips or reading.when or any(a.is_a("condition") for a in atoms)):
        return False  # zones have numbers and boroughs without any trip
    if any(a.is_a("borough", "Unknown") for a in atoms) and not any(a.is_a("subject") for a in atoms):
        return False  # unknown zones by themselves are what the checks of a month find
    placed = bool(reading.when) or any(a.is_a(kind) for a in atoms for kind in PLACING)
    asked = any(a.is_a(kind) for a in atoms for kind in ASKING) or any(a.text == "much" for a in atoms)
    measured = any(a.is_a(kind) for a in atoms for kind in ("subject", "column", "earn"))
    measured = measured or any(a.is_a("group") and b.text in ("come", "is", "was") for a, b in pairwise(atoms))
    measured = measured or any(a.is_a("condition") and a.words[-1] in NOUNS for a in atoms)
    return (placed and (measured or asked)) or (asked and measured and any(a.is_a("subject") for a in atoms))
