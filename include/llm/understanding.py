"""A question about figures in parts: what it names, of which months, told apart by what, in what order, in which form.

Nothing is decided here about tables; `router.py` finds the measure that explains every word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from include.llm.months_named import When, when_of
from include.llm.semantics import Measure, Phrase, lexicon, measures
from include.llm.words import Mender, tokens

LONGEST_PHRASE = 7
AUXILIARY = frozenset(
    ["is", "are", "was", "were", "do", "doe", "does", "did", "ha", "has", "have", "had", "can", "could"]
)
OPENERS = frozenset(["which", "what", "who", "whose", "when", "where", "how", "why"])
_TOPIC = re.compile(
    r"^\s*(?:(?:please|pls|hi|hello|hey|ok|so|and|then|well|(?:can|could|would|will) you(?: please)?(?: tell|"
    r" show| give)?(?: me| us)?|"
    r"tell me|do you know|i (?:want|would like|need) to know|i wonder)\b[,!\s]*)+",
    re.IGNORECASE,
)
LEADING = frozenset(
    [
        "for",
        "in",
        "on",
        "of",
        "among",
        "after",
        "before",
        "by",
        "at",
        "within",
        "with",
        "over",
        "between",
        "during",
        "according",
        "compared",
    ]
)
"""What a clause before the question begins with: for yellow fares, did xgboost win?"""
OPPOSITE = {
    "best": "worst",
    "worst": "best",
    "fast": "slow",
    "slow": "fast",
    "long": "short",
    "short": "long",
    "cheap": "expensive",
    "expensive": "cheap",
    "busy": "quiet",
    "quiet": "busy",
}
BEYOND = {"above": "max", "over": "max", "below": "min", "under": "min", "ahead": "max"}
"""Prepositions that hold one named value against another; before a figure they are a limit."""
NO_RIVALS = frozenset({"a", "an", "one", "two", "three", "all", "both", "the", "every", "each", "time", "any"})
"""What follows a preposition that holds nothing against anything: over the month, above all."""
NUMBER = re.compile(r"^\d+(?:\.\d+)?$")
NUMERALS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
AVERAGES = frozenset({"average", "avg", "mean", "averaged"})
GRAINS = {"daily": "day", "monthly": "month", "hourly": "hour"}
"""Words that tell rows apart by themselves."""
WHOLE = frozenset({"month", "service", "family", "borough", "weekday", "hour", "zone", "target", "reason"})
_FIGURES = {word: str(place) for place, word in enumerate(NUMERALS, 1)}
_UNIT = r"(?: (?:minute|min|dollar|usd|buck|\$)\b)?"
_WITHIN = re.compile(rf"\b(?:to )?within (?:\$ )?(2|two|5|five)(?![.\d]){_UNIT}")
_AT_MOST = re.compile(
    rf"\b(?:by )?(?:at most|no more than|not more than|up to|less than|under|below|a maximum of) "
    rf"(?:\$ )?(2|two|5|five)(?![.\d]){_UNIT}"
)
_OR_LESS = re.compile(rf"\b(?:by )?(?:\$ )?(2|two|5|five)(?![.\d]){_UNIT} or (?:less|better|closer|fewer)")
_PART = re.compile(r"\b(?:share|fraction|percentage|percent|portion|proportion|part|often|error|off|miss|wrong)\b|%")


@dataclass(frozen=True)
class Named:
    """A value that the question names, and the words (first, last + 1) in which it does."""

    kind: str
    value: str
    first: int
    last: int

    @property
    def span(self) -> frozenset[int]:
        """The places of its words."""
        return frozenset(range(self.first, self.last))


@dataclass(frozen=True)
class Understood:
    """A question in parts. `said` has the spans in which measures are named, `numbers` the figures that name
    nothing."""

    words: tuple[str, ...]
    when: When
    named: tuple[Named, ...]
    said: Mapping[str, tuple[frozenset[int], ...]]
    groups: tuple[Named, ...]
    orders: tuple[Named, ...]
    shapes: frozenset[str]
    explained: frozenset[int]
    """Places of words that name something else than a measure, or nothing at all."""
    numbers: tuple[tuple[int, float], ...] = ()
    """Place and value; percent are hundredths."""
    form: str = ""
    mended: Mapping[str, str] = field(default_factory=dict)

    def values(self, kind: str) -> tuple[str, ...]:
        """What is named of a kind, in order, each once."""
        return tuple(dict.fromkeys(n.value for n in self.named if n.kind == kind))

    @property
    def order(self) -> str:
        """The order that is asked for, "" without one: more accurate is better, less accurate worse."""
        if not self.orders:
            return ""
        first, *others = self.orders
        near = next((o for o in others if o.first == first.last and o.value not in ("max", "min")), None)
        if first.value not in ("max", "min") or near is None:
            return first.value
        return near.value if first.value == "max" else OPPOSITE.get(near.value, near.value)


def understand(question: str) -> Understood:
    """Any text -> its parts; a text that names nothing has none."""
    when, rest = when_of(_TOPIC.sub("", question))
    words, mended = _mended(_limits(tokens(rest)))
    words, percent = _without_percent(words)
    spans = list(_spans(words))
    named = _named(words, spans)
    said: dict[str, list[frozenset[int]]] = {}
    averaged = is_averaged(words)
    for first, last, phrase in spans:
        for measure in _measured().get(phrase, ()):
            if averaged or phrase not in measures()[measure].averaged:
                said.setdefault(measure, []).append(frozenset(range(first, last)))
    words_of = lexicon()
    said = {name: places for name, places in said.items() if _is_named(words, measures()[name], places)}
    orders = _longest(
        [*(Named("order", words_of.orders[p], i, j) for i, j, p in spans if p in words_of.orders), *_ordinals(words)]
    )
    orders = tuple(o for o in orders if not any(o.span < n.span for n in named))  # high in high tip is no order
    asked_how = [o for o in orders if _is_no_order(o, words)]
    orders = tuple(o for o in orders if o not in asked_how)
    shapes = [Named("shape", words_of.shapes[p], i, j) for i, j, p in spans if p in words_of.shapes]
    groups = _without_shapes(_groups(words, spans, orders), _longest(shapes))
    named = tuple(n for n in named if n.kind != "weekday" or not any(n.span == g.span for g in groups))
    harmless = {i for i, word in enumerate(words) if word in words_of.harmless}
    covered = harmless.union(*(n.span for n in (*named, *orders, *asked_how, *shapes, *groups)), ())
    return Understood(
        tuple(words),
        when,
        named,
        {name: tuple(places) for name, places in said.items()},
        groups,
        orders,
        frozenset(n.value for n in _longest(shapes)),
        frozenset(covered),
        _numbers(words, named, percent),
        _form(words),
        mended,
    )


def _is_named(words: Sequence[str], measure: Measure, places: Sequence[frozenset[int]]) -> bool:
    """Some of the words are not merely weak ones."""
    return any(tuple(words[min(span) : max(span) + 1]) in (*measure.words, *measure.averaged) for span in places)


def _is_no_order(order: Named, words: Sequence[str]) -> bool:
    """At least one is a limit, and what falls inside does not fall."""
    after = words[order.last] if order.last < len(words) else ""
    if order.first and words[order.first - 1] == "how" and order.value in ("max", "min"):
        return True
    if words[order.first] in ("least", "most") and words[order.first - 1] == "at" and order.first:
        return bool(NUMBER.match(after)) or after in NUMERALS
    return order.value == "fall" and after in ("inside", "within", "into", "outside", "in", "under", "on", "between")


def is_averaged(words: Sequence[str]) -> bool:
    """An average is asked for: by its name, or as so much for each trip."""
    each = any(word in ("per", "each", "a") and after in ("trip", "ride", "journey") for word, after in pairwise(words))
    return (each and "a" not in words[:1]) or bool(AVERAGES & set(words))


def _limits(words: Sequence[str]) -> list[str]:
    """Right to within five minutes, and 5 dollars or less, as the names of the figures that have it; `at most` only
    where a share is asked for."""
    text = " ".join(words)
    text = _WITHIN.sub(lambda m: f"within_{_FIGURES.get(m[1], m[1])}", text)
    text = _OR_LESS.sub(lambda m: f"within_{_FIGURES.get(m[1], m[1])}", text)
    if _PART.search(text):
        text = _AT_MOST.sub(lambda m: f"within_{_FIGURES.get(m[1], m[1])}", text)
    return text.split()


def _without_shapes(groups: tuple[Named, ...], shapes: Sequence[Named]) -> tuple[Named, ...]:
    """What part of the trips asks for a share, not for a part by name."""
    return tuple(g for g in groups if not any(g.span < s.span for s in shapes))


@cache
def _measured() -> dict[Phrase, tuple[str, ...]]:
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
    known = (
        *words_of.slots,
        *words_of.groups,
        *words_of.orders,
        *words_of.shapes,
        *_measured(),
        *(phrase for said, _ in words_of.unknown.values() for phrase in said),
    )
    return frozenset(word for phrase in known for word in phrase) | words_of.harmless


@cache
def _mender() -> Mender:
    from include.llm.passages import words_of_documents

    return Mender(vocabulary(), words_of_documents())


def _mended(words: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    mender = _mender()
    known = vocabulary()
    right = [mender.mend(_root(word, known)) for word in words[:200]]
    return right, {word: other for word, other in zip(words, right, strict=False) if word != other}


def _root(word: str, known: frozenset[str]) -> str:
    """Touched as touch, tipping as tip, where only the plain verb is known."""
    if word in known or len(word) < 5 or not word.isalpha():
        return word
    endings = ("ed", "ing", "es", "ly", "er", "est")
    ends = [word[: -len(end)] + more for end in endings if word.endswith(end) for more in ("", "e")]
    ends += [word[: -len(end)] + "y" for end in ("ier", "iest", "ied") if word.endswith(end)]
    ends += [end[:-1] for end in ends if len(end) > 3 and end[-1:] == end[-2:-1]]
    return next((end for end in ends if len(end) > 2 and end in known), word)


def _spans(words: Sequence[str]) -> list[tuple[int, int, Phrase]]:
    return [
        (first, last, tuple(words[first:last]))
        for first in range(len(words))
        for last in range(first + 1, min(first + LONGEST_PHRASE, len(words)) + 1)
    ]


def _named(words: Sequence[str], spans: Sequence[tuple[int, int, Phrase]]) -> tuple[Named, ...]:
    """The longest names win over those inside them; names of several kinds in the same words all stay."""
    slots = lexicon().slots
    found = [Named(kind, value, i, j) for i, j, phrase in spans for kind, value in slots.get(phrase, ())]
    found += [
        Named("zone", words[j - 1], i, j)
        for i, j, phrase in spans
        if phrase[0] in ("zone", "z")
        and phrase[-1].isdigit()
        and len(phrase[-1]) <= 3
        and (len(phrase) == 2 or (len(phrase) == 3 and phrase[1] in ("number", "id", "no")))
    ]
    found += [
        Named("version", words[j - 1].removeprefix("v"), i, j)
        for i, j, phrase in spans
        if (len(phrase) == 2 and phrase[0] == "version" and phrase[1].isdigit())
        or (len(phrase) == 1 and re.fullmatch(r"v\d{1,3}", phrase[0]))
    ]
    found += [
        Named("passengers", str(1 + NUMERALS.index(words[i])) if words[i] in NUMERALS else words[i], i, j)
        for i, j, phrase in spans
        if len(phrase) == 2
        and phrase[1] == "passenger"
        and (phrase[0] in NUMERALS or (phrase[0].isdigit() and len(phrase[0]) == 1))
    ]
    found += _models(words)
    found += [
        Named("vendor", phrase[1], i, j)
        for i, j, phrase in spans
        if len(phrase) == 2 and phrase[0] == "vendor" and phrase[1].isdigit()
    ]
    found += [
        Named("expectation", word, i, i + 1)
        for i, word in enumerate(words)
        if "_" in word and not word.startswith("nyc_taxi") and (word,) not in _measured() and _is_foreign(word)
    ]
    found += [
        Named("age", str(_FIGURES.get(phrase[at], phrase[at])), i, j)
        for i, j, phrase in spans
        if len(phrase) in (2, 3)
        for at in (0, len(phrase) - 1)
        if (phrase[at].isdigit() or phrase[at] in _FIGURES)
        and tuple(w for k, w in enumerate(phrase) if k != at)
        in (("month", "old"), ("age",), ("month", "after"), ("age", "of"))
    ]
    return _longest(_clock(words, found))


def _is_foreign(word: str) -> bool:
    """A name with an underscore that is no table, feature, family or reason; clock_change is a reason and more."""
    kinds = {kind for kind, _ in lexicon().slots.get((word,), ())}
    return not kinds & {"table", "family", "target", "stage", "slice"} and kinds != {"column"}


def _models(words: Sequence[str]) -> list[Named]:
    """nyc_taxi_yellow_fare_usd names a service and a target."""
    found = []
    for place, word in enumerate(words):
        if match := re.fullmatch(r"nyc_taxi_(yellow|green|fhvhv|fhv)_(duration_min|fare_usd|high_tip)", word):
            found += [
                Named(kind, value, place, place + 1)
                for kind, value in zip(("service", "target"), match.groups(), strict=True)
            ]
    return found


def _clock(words: Sequence[str], found: list[Named]) -> list[Named]:
    """Hours: 6 pm, 18 o'clock, hour 18."""
    for place, word in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else ""
        hour: int | None = None
        if match := re.fullmatch(r"(\d{1,2})(am|pm)", word):
            hour, last = int(match[1]) % 12 + 12 * (match[2] == "pm"), place + 1
        elif word.isdigit() and len(word) <= 2 and following in ("am", "pm"):
            hour, last = int(word) % 12 + 12 * (following == "pm"), place + 2
        elif word == "hour" and following.isdigit() and len(following) <= 2:
            hour, last = int(following), place + 2
        elif word.isdigit() and len(word) <= 2 and following in ("o", "oclock"):
            hour, last = int(word), place + (3 if following == "o" else 2)
        if hour is not None and 0 <= hour <= 23:
            found.append(Named("hour", str(hour), place, last))
    return found


def _longest(found: list[Named]) -> tuple[Named, ...]:
    """Without those whose words are a part of a longer one's."""
    kept = [n for n in found if not any(n.span < other.span for other in found)]
    return tuple(sorted(dict.fromkeys(kept), key=lambda n: (n.first, -n.last)))


def _ordinals(words: Sequence[str]) -> list[Named]:
    """Who is second: an order too; a second of time follows a number or many."""
    before = {"the", "is", "was", "came", "come", "ranked", "rank", "be", "finished", "placed"}
    last = [
        Named("order", "worst", i, i + 1)
        for i, word in enumerate(words)
        if word == "last" and i and words[i - 1] in before - {"the"}
    ]
    beyond = [
        Named("order", BEYOND[word], i, i + 1)
        for i, word in enumerate(words)
        if word in BEYOND
        and i + 1 < len(words)
        and not NUMBER.match(words[i + 1])
        and i > 1
        and (words[i + 1 : i + 3] == ["the", "one"] or words[i + 1] not in NO_RIVALS)
    ]
    return (
        last
        + beyond
        + [
            Named("order", "best", i, i + 1)
            for i, word in enumerate(words)
            if word in ("second", "third")
            and i
            and words[i - 1] in before
            and (
                i + 1 == len(words)
                or words[i + 1] not in ("most", "highest", "best", "lowest", "busiest", "largest", "fewest")
            )
        ]
    )


def _groups(
    words: Sequence[str], spans: Sequence[tuple[int, int, Phrase]], orders: Sequence[Named]
) -> tuple[Named, ...]:
    """Nouns that are asked for: near after which, what, whose, or a superlative, and after per, each, by, many."""
    known = lexicon().groups
    nouns = _longest([Named("group", known[p], i, j) for i, j, p in spans if p in known])
    reach = 6
    opened = [i for i, word in enumerate(words) if word in ("which", "what", "whose", "whichever")]
    ranked = [n.last for n in orders if n.value not in ("more",)]
    told = [i for i, word in enumerate(words) if word in ("per", "each", "by", "every", "many")]
    found = [Named("group", GRAINS[word], i, i + 1) for i, word in enumerate(words) if word in GRAINS]
    found += [
        Named("group", noun.value, noun.first, noun.last)
        for noun in nouns
        if noun.first and words[noun.first - 1] in (*AVERAGES, "typical") and noun.value in GRAINS.values()
    ]
    for noun in nouns:
        near = any(0 < noun.first - i <= reach and not _interrupted(words[i + 1 : noun.first]) for i in opened)
        best = any(0 <= noun.first - last <= 1 for last in ranked)
        split = any(
            noun.first - i == 1 or (noun.first - i == 2 and words[i + 1] in ("distinct", "different", "unique"))
            for i in told
        )
        best = best or (
            bool(orders)
            and not opened
            and bool({"any", "all", "among"} & set(words[max(0, noun.first - 2) : noun.first]))
        )
        if near or best or split:
            found.append(
                Named(
                    "many" if split and "many" in words[max(0, noun.first - 2) : noun.first] else "group",
                    noun.value,
                    noun.first,
                    noun.last,
                )
            )
    return tuple(found) or _which_one(words, nouns, orders)


def _which_one(words: Sequence[str], nouns: Sequence[Named], orders: Sequence[Named]) -> tuple[Named, ...]:
    """Of the three months, which one has the most: the noun stands before its question, or after `of`."""
    if not orders or not {"which", "who", "whose"} & set(words):
        return ()
    among = [
        n for n in nouns if n.first and {*words[max(0, n.first - 4) : n.first]} & {"of", "among", "all", "between"}
    ]
    return tuple(n for n in among if n.value in WHOLE)[:1]


def _interrupted(between: Sequence[str]) -> bool:
    """Something else is asked for first: what is the mae of the family. Which of the two services asks for services."""
    if list(between[:1]) == ["of"]:
        between = [word for word in between if word not in ("of", "the", "two", "three", "both", "all")]
    return any(
        word in ("is", "are", "was", "were", "of", "the", "a", "did", "does", "do", "in", "for") for word in between[1:]
    ) or (bool(between) and between[0] in ("is", "was", "are", "were", "do", "does", "did"))


def _without_percent(words: Sequence[str]) -> tuple[list[str], frozenset[int]]:
    """The words without signs; the places of numbers that are percentages."""
    kept: list[str] = []
    percent = set()
    for word in words:
        if word in ("%", "percent", "pct") and kept and NUMBER.match(kept[-1]):
            percent.add(len(kept) - 1)
        elif word not in ("$", "#"):
            kept.append(word)
    return kept, frozenset(percent)


def _numbers(words: Sequence[str], named: Sequence[Named], percent: frozenset[int]) -> tuple[tuple[int, float], ...]:
    taken: frozenset[int] = frozenset().union(*(n.span for n in named))
    digits = tuple(
        (i, float(word) / (100 if i in percent else 1))
        for i, word in enumerate(words)
        if NUMBER.match(word) and i not in taken
    )
    spelled = tuple(
        (i, float(_FIGURES[word]))
        for i, word in enumerate(words)
        if word in _FIGURES and i not in taken and words[i - 1] in ("least", "most", "than", "exactly") and i
    )
    return digits + spelled


def _form(words: Sequence[str]) -> str:
    """yes for a question that yes or no answers, which, many, when, why, how or ""."""
    first = next((i for i, word in enumerate(words) if word in AUXILIARY or word in OPENERS), None)
    if first is not None and words[first] in AUXILIARY and (first == 0 or words[0] in LEADING):
        return "yes"
    for i, word in enumerate(words):
        if word == "how" and i + 1 < len(words) and words[i + 1] in ("many", "much"):
            return "many"
        if word == "when" and "how" in words[i:]:
            continue  # when trained for fares, how many trips did it see?
        if word in ("which", "what", "who", "whose", "when", "why", "how"):
            return {"what": "which", "whose": "which", "who": "which"}.get(word, word)
    return ""
