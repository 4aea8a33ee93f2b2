"""A figure in a question is a limit when an operator stands before it, or when yes or no is asked."""

from __future__ import annotations

from include.llm.ask.meanings.lexicon import lexicon
from include.llm.ask.question.understood import Understood
from include.llm.ask.routing.fit import Fit
from include.llm.ask.routing.slices import least_rows

OPERATORS = (
    (("at", "least"), ">="),
    (("at", "most"), "<="),
    (("more", "than"), ">"),
    (("less", "than"), "<"),
    (("fewer", "than"), "<"),
    (("longer", "than"), ">"),
    (("slower", "than"), ">"),
    (("shorter", "than"), "<"),
    (("faster", "than"), "<"),
    (("quicker", "than"), "<"),
    (("bigger", "than"), ">"),
    (("larger", "than"), ">"),
    (("smaller", "than"), "<"),
    (("beyond",), ">"),
    (("short", "of"), "<"),
    (("above",), ">"),
    (("over",), ">"),
    (("below",), "<"),
    (("under",), "<"),
    (("higher", "than"), ">"),
    (("lower", "than"), "<"),
    (("greater", "than"), ">"),
    (("exceed",), ">"),
    (("exactly",), "=="),
    (("close", "to"), "~"),
    (("closer", "to"), "~"),
    (("closest", "to"), "~"),
    (("nearer", "to"), "~"),
    (("nearest", "to"), "~"),
    (("near", "to"), "~"),
    (("better", "than"), "best"),
    (("worse", "than"), "worst"),
)


def threshold_of(asked: Understood, fit: Fit) -> tuple[str, float]:
    """The comparison with a figure that the question names: (operator, figure), or ("", 0)."""
    rows_only = least_rows(asked)[0] if fit.measure.exploded == "slice" else -1
    for place, value in asked.numbers:
        if place in fit.covered or place == rows_only:
            continue
        before = _before(asked, place)
        for words, operator in OPERATORS:
            if any(tuple(before[i : i + len(words)]) == words for i in range(len(before))):
                return operator, value
        if asked.form == "yes":
            return "==", value
    return "", 0.0


def _before(asked: Understood, place: int) -> tuple[str, ...]:
    """The words before a figure, without those that only stand between it and its limit."""
    idle = ("the", "a", "an", "nominal", "aim", "target", "of", "usual")
    return tuple(word for word in asked.words[max(0, place - 5) : place] if word not in idle)[-3:]


def is_threshold(place: int, asked: Understood) -> bool:
    """Whether a number is the one that is compared with."""
    if place not in {at for at, _ in asked.numbers}:
        return False
    before = _before(asked, place)
    spoken = any(tuple(before[i : i + len(w)]) == w for w, _ in OPERATORS for i in range(len(before)))
    return spoken or asked.form == "yes"


def is_whole(place: int, asked: Understood) -> bool:
    """Of the 265 zones: a figure that only says how many there are in all."""
    before, after = asked.words[max(0, place - 2) : place], asked.words[place + 1 : place + 3]
    nouns = {phrase[0] for phrase in lexicon().groups if len(phrase) == 1}
    whole = before == ("of", "the") or before[-1:] in (("top",), ("first",), ("all",), ("our",), ("these",))
    return asked.words[place].isdigit() and whole and bool(nouns & set(after))
