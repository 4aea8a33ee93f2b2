"""Where no rule reads a question, a language model may put it into words that the rules read.

It answers nothing: what comes back is a question, and the tables answer it as they answer any other. What the rules did
read of the question has to be in it again, so that no condition is lost, and how it was read stands below the answer.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from include.errors import WriterError
from include.llm.ask.answering import Answer
from include.llm.ask.meanings.measures import measures
from include.llm.ask.question.understanding import understand
from include.llm.ask.question.understood import Understood
from include.llm.ask.rewording import numbers_of
from include.utils.logs import get_logger

if TYPE_CHECKING:
    from include.llm.writer import Writer

PROMPT, NONE = "restate.v1", "unknown"
LONGEST = 300
"""Characters; a question that is longer holds more than one."""
FIXED = ("service", "family")
"""Kinds of names that a question has to say by itself: nothing else stands for them."""


def restated(question: str, writer: Writer) -> str | None:
    """The question in words of the tables; None where the model knows none, fails, or asks for something else."""
    log = get_logger(phase="ask")
    try:
        written = writer.write(PROMPT, {"question": question, **catalogue()})
    except WriterError as fault:
        log.warning("question not restated", reason=str(fault))
        return None
    read = written.text.strip()
    if read.strip(".").lower() == NONE:
        return None
    if faults := faults_of(read, question):
        log.warning("restated question refused", model=written.model, faults="; ".join(faults))
        return None
    return read


def faults_of(read: str, question: str) -> list[str]:
    """What the new question has lost of the old one, or has more of than it may."""
    if not read or len(read) > LONGEST or "\n" in read:
        return ["length"]
    before, after = understand(question), understand(read)
    lost = _named(before) - _named(after)
    faults = [f"without {kind} {value}" for kind, value in sorted(lost)]
    faults += [f"without {number}" for number in numbers_of(question) if number not in numbers_of(read)]
    faults += [f"without month {number}" for year, number in before.when.months if not _has(after, year, number)]
    return faults + [f"adds {kind} {value}" for kind, value in sorted(_named(after) - _named(before)) if kind in FIXED]


def told(answer: Answer, read: str) -> Answer:
    """The answer with the question that it is the answer to."""
    return replace(answer, text=f"{answer.text}\n\nThe question was read as: {read}")


@cache
def catalogue() -> dict[str, str]:
    """What can be asked for, in words: by table, what tells its rows apart and its figures."""
    figures: dict[str, tuple[str, list[str]]] = {}
    for measure in measures().values():
        source = measure.source
        _, said = figures.setdefault(source.name, (f"{source.table} ({', '.join(source.dimensions)})", []))
        said.append(measure.says)
    lines = [f"{table}: {'; '.join(dict.fromkeys(said))}" for table, said in figures.values()]
    return {"figures": "\n".join(lines)}


def _has(asked: Understood, year: int | None, number: int) -> bool:
    """Whether a month is named; a year may have been added to it."""
    return any(number == other and year in (None, its) for its, other in asked.when.months)


def _named(asked: Understood) -> set[tuple[str, str]]:
    return {(named.kind, named.value) for named in asked.named}
