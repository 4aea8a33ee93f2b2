"""An answer held against the truth of its question: strict, and the same for every set."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from include.llm.ask.answering import Answer, Fact
from include.llm.ask.rewording import numbers_of
from include.llm.pages.passages import documents, passages_of

ROOT = Path(__file__).resolve().parents[2]
ROUTES = {
    "number": "figures",
    "comparison": "figures",
    "recommendation": "figures",
    "definition": "documents",
    "howto": "documents",
    "unanswerable": "abstain",
    "adversarial": "abstain",
    "unknown": "abstain",
}
"""Kind of a question or answer -> the way that it takes."""


@dataclass(frozen=True)
class Grade:
    """What one answer was worth; None where it was not asked for. `left_out`: the data are in another state."""

    kind: str
    routed: bool
    exact: bool | None = None
    verdict: bool | None = None
    cited: bool | None = None
    shows: bool | None = None
    abstains: bool | None = None
    invented: tuple[str, ...] = ()
    left_out: bool = False
    why: str = ""


def grade(
    question: Mapping[str, Any],
    answer: Answer,
    warehouse: sqlite3.Connection,
    documented: Mapping[tuple[str, str], str],
) -> Grade:
    """The grade of an answer; `documented` is the text of each (file, heading)."""
    kind, expect = question["kind"], question["expect"]
    routed = ROUTES[kind] == ("abstain" if answer.abstained else ROUTES[answer.kind])
    invented = invented_numbers(answer, documented)
    if kind in ("number", "comparison"):
        row = warehouse.execute(expect["sql"]).fetchone()
        if row is None or any(value is None for value in row):
            return Grade(kind, routed, left_out=True, why="the data are in another state")
        right, why = (_number if kind == "number" else _comparison)(row, expect, answer)
        return Grade(
            kind,
            routed,
            exact=right if kind == "number" else None,
            verdict=right if kind == "comparison" else None,
            invented=invented,
            why=why,
        )
    if kind in ("definition", "howto"):
        places = {(place["file"], place["heading"]) for place in expect["source"]}
        cited = not answer.abstained and any(
            (c.source, c.where.get("heading", "")) in places for c in answer.citations[:3]
        )
        shows = not answer.abstained and all(squeezed(term) in squeezed(answer.text) for term in expect["contains"])
        told = [f"{c.source} {c.where.get('heading', '')}" for c in answer.citations[:3]]
        return Grade(kind, routed, cited=cited, shows=shows, invented=invented, why=f"cites {told}; shows: {shows}")
    return Grade(kind, routed, abstains=abstains(kind, answer), invented=invented, why=answer.text[:200])


def abstains(kind: str, answer: Answer) -> bool:
    """It says that it does not know and gives no figure; one that sets a premise right may have facts of the tables."""
    months_left_out = re.sub(r"\b\d{4}-\d{2}\b", "", answer.text)
    bare = not answer.facts and not re.search(r"\d", months_left_out)
    return answer.abstained and (bare or kind == "adversarial")


def _number(row: tuple[Any, ...], expect: Mapping[str, Any], answer: Answer) -> tuple[bool, str]:
    if answer.abstained or not answer.facts:
        return False, f"no figure; the truth is {row[0]}"
    fact = answer.facts[0]
    return agrees(row[0], fact, expect, answer.text), f"{fact.shown} ({fact.value}); the truth is {row[0]}"


def _comparison(row: tuple[Any, ...], expect: Mapping[str, Any], answer: Answer) -> tuple[bool, str]:
    """The verdict leads; of the facts in the figure's unit one must be the figure, where there are such facts."""
    if answer.abstained or not answer.facts:
        return False, f"no verdict; the truth is {row}"
    lead = answer.facts[0]
    right = holds_name(str(row[0]), lead) and lead.shown in _unbold(answer.text, lead)
    why = f"{lead.shown}; the truth is {row}"
    if len(row) == 1 or not right:
        return right, why
    same = [fact for fact in answer.facts[1:] if fact.unit == expect["unit"] or expect["unit"] == "score"]
    return not same or any(
        agrees(row[1], fact, expect, answer.text) for fact in same
    ), f"{why}; {[f.shown for f in same]}"


def _unbold(text: str, lead: Fact) -> str:
    """Yes and no are capital where they begin a sentence."""
    return text.replace("**Yes**", "yes").replace("**No**", "no") if lead.shown in ("yes", "no") else text


def agrees(truth: Any, fact: Fact, expect: Mapping[str, Any], text: str) -> bool:
    """The figure equals the truth after rounding, is in the unit that was asked for, and stands so in the text."""
    if expect["unit"] == "name":
        return holds_name(str(truth), fact) and fact.shown in text
    if isinstance(fact.value, str) or fact.shown not in text:
        return False
    units = {
        "share": {"share"},
        "minutes": {"minutes"},
        "dollars": {"dollars"},
        "seconds": {"seconds"},
        "log loss": {"log loss"},
        "version": {"version"},
        "zones": {"zones", "zone"},
    }
    if fact.unit not in units.get(expect["unit"], {fact.unit}):
        return False
    decimals = expect["decimals"]
    shown = _shown_number(fact)
    return _same(float(truth), float(fact.value), decimals) and abs(shown - float(fact.value)) <= _half(fact) * 1.0001


def _shown_number(fact: Fact) -> float:
    number = float(re.sub(r"[^\d.-]", "", fact.shown.split()[0]))
    return number / 100 if fact.unit == "share" else number


def _half(fact: Fact) -> float:
    """Half a unit of the last digit that is shown."""
    digits = fact.shown.split()[0].partition(".")[2]
    return 0.5 * 10.0 ** -len(digits) / (100 if fact.unit == "share" else 1)


def _same(truth: float, value: float, decimals: int) -> bool:
    return round(truth, decimals) == round(value, decimals)


def holds_name(truth: str, fact: Fact) -> bool:
    """The truth is the fact's name, or stands in it between other characters than letters and digits."""
    held = f"{fact.value} {fact.shown}" if isinstance(fact.value, str) else fact.shown
    return (
        re.search(rf"(?<![A-Za-z0-9_.]){re.escape(truth.casefold())}(?![A-Za-z0-9_.]\w)", held.casefold()) is not None
    )


def invented_numbers(answer: Answer, documented: Mapping[tuple[str, str], str]) -> tuple[str, ...]:
    """Numbers of the text that neither its facts nor the places that it cites hold."""
    held = [fact.name for fact in answer.facts]
    held += [fact.shown for fact in answer.facts]
    held += [json.dumps(fact.as_dict()) for fact in answer.facts]
    held += [f"{cited.title} {json.dumps(dict(cited.where))}" for cited in answer.citations]
    held += [documented.get((cited.source, cited.where.get("heading", "")), "") for cited in answer.citations]
    allowed = set(numbers_of(" ".join(held)))
    allowed |= {part for number in allowed for part in re.split(r"[-:/]", number)}
    text = re.sub(r"\b\d{4}-\d{2}\b", " ", answer.text) if answer.abstained else answer.text
    return tuple(n for n in numbers_of(text) if n not in allowed and not set(re.split(r"[-:/]", n)) <= allowed)


def squeezed(text: str) -> str:
    """Without regard to case and white space."""
    return " ".join(text.split()).casefold()


def sections(root: Path = ROOT) -> dict[tuple[str, str], str]:
    """The text of each heading and entry of the documentation."""
    return {(p.source, p.heading): f"{p.heading}\n{p.text}" for p in _all(root)}


def _all(root: Path) -> Iterator[Any]:
    for path in documents(root):
        yield from passages_of(path, root)
