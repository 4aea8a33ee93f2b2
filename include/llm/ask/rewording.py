"""A language model may word an answer anew; what it adds or leaves out is found, and then the rule-made text stands."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from include.llm.ask.answering import Answer
from include.llm.ask.meanings.lexicon import lexicon
from include.llm.words import plain, tokens
from include.utils.logs import get_logger

if TYPE_CHECKING:
    from include.llm.writer import Writer

PROMPT = "answer.v1"
NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_NAME = re.compile(r"[A-Za-z0-9]+(?:[_/][A-Za-z0-9]+)+|`[^`]+`|\b[A-Z][a-z]+(?:\s+[A-Z][a-z]+)+\b|\bTAXI_[A-Z_]+\b")
_SAID_NUMBERS = frozenset(
    [
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "seventy",
        "eighty",
        "ninety",
        "hundred",
        "thousand",
        "million",
        "billion",
        "half",
        "third",
        "quarter",
        "double",
        "twice",
        "triple",
        "dozen",
    ]
)
_OPENING = re.compile(r"^(?:In|The|On|Of|For|A|An|Its|At|By) ")
MOST_LONGER = 2.0
"""A text that is so many times as long as the answer says something else."""


def reworded(answer: Answer, question: str, writer: Writer | None) -> Answer:
    """The answer in the writer's words when they say the same, else as it was. Abstentions are never reworded."""
    if writer is None or answer.abstained:
        return answer
    from include.errors import WriterError

    facts = {
        "question": question,
        "answer": answer.text,
        "facts": json.dumps([fact.as_dict() for fact in answer.facts]),
    }
    try:
        written = writer.write(PROMPT, facts)
    except WriterError as fault:
        get_logger(phase="ask").warning("answer not reworded", reason=str(fault))
        return answer
    if faults := faults_of(written.text, answer):
        get_logger(phase="ask").warning("reworded answer refused", model=written.model, faults="; ".join(faults[:5]))
        return answer
    return replace(answer, text=written.text.strip(), written_by=written.model)


def faults_of(text: str, answer: Answer) -> list[str]:
    """What a new text has that the answer does not, or lacks: empty when it may stand.

    Every number and name of it must be in the answer, and the figure or name that was asked for must be in it.
    """
    allowed = " ".join(
        [answer.text, *(fact.shown for fact in answer.facts), *(f"{v}" for f in answer.facts for v in f.of.values())]
    )
    faults = [f"number {n}" for n in numbers_of(text) if n not in set(numbers_of(allowed))]
    held = plain(allowed)
    names = (_OPENING.sub("", name.strip("`")) for name in _NAME.findall(text))
    faults += [f"name {name}" for name in names if plain(name) not in held]
    faults += [f"name {word}" for word in _values_in(text) - _values_in(allowed)]
    faults += [f"number {word}" for word in set(tokens(text)) & _SAID_NUMBERS - set(tokens(allowed))]
    if answer.facts and plain(answer.facts[0].shown) not in plain(text):
        faults.append(f"without {answer.facts[0].shown}")
    if "```" in answer.text and any(code not in text for code in re.findall(r"```.*?```", answer.text, re.DOTALL)):
        faults.append("without its code")
    if not text.strip() or len(text) > MOST_LONGER * len(answer.text) + 200:
        faults.append("length")
    return faults


def numbers_of(text: str) -> list[str]:
    """The numbers of a text without commas between thousands: 19,675 is 19675, and 2019-03 one number."""
    return [re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", number).rstrip(".") for number in NUMBER.findall(text)]


def _values_in(text: str) -> set[str]:
    """Families, services, boroughs and the like that are named."""
    words = tokens(text)
    known = lexicon().slots
    named = {("family",), ("service",), ("borough",), ("reason",)}
    return {
        value
        for i in range(len(words))
        for n in (1, 2, 3)
        for kind, value in known.get(tuple(words[i : i + n]), ())
        if (kind,) in named
    }
