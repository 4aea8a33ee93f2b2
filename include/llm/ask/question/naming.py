"""Values are named by the lexicon's phrases, or by their form: zone 132, version 3, 6 pm, two passengers."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from include.llm.ask.meanings.lexicon import lexicon
from include.llm.ask.meanings.measure import Phrase
from include.llm.ask.question.numbers import FIGURES, NUMERALS
from include.llm.ask.question.understood import Named, longest
from include.llm.ask.question.vocabulary import measured


def names_in(words: Sequence[str], spans: Sequence[tuple[int, int, Phrase]]) -> tuple[Named, ...]:
    """The longest names win over those inside them; names of several kinds in the same words all stay, and so do names
    inside an optional one."""
    slots = lexicon().slots
    found = [Named(kind, value, i, j) for i, j, phrase in spans for kind, value in slots.get(phrase, ())]
    found += [named for i, j, phrase in spans for named in _by_form(phrase, i, j)]
    found += _models(words)
    found += _routes(words, {n.value for n in found if n.kind == "zone"})
    found += _late_of_bands(words, found)
    found += [
        Named("expectation", word, i, i + 1)
        for i, word in enumerate(words)
        if "_" in word and not word.startswith("nyc_taxi") and (word,) not in measured() and _is_foreign(word)
    ]
    found += _patterned(words)
    optional = [named for named in found if named.optional]
    return (*_without_excluded(words, found), *longest(optional))


def _by_form(phrase: Phrase, first: int, last: int) -> list[Named]:
    """What a phrase names by its form: zone 132, version 3, two passengers, vendor 2, three months old."""
    named = {"zone": _zone(phrase), "version": _version(phrase), "passengers": _passengers(phrase),
             "vendor": phrase[1] if len(phrase) == 2 and phrase[0] == "vendor" and phrase[1].isdigit() else "",
             "age": _age(phrase)}  # fmt: skip
    return [Named(kind, value, first, last) for kind, value in named.items() if value]


def _zone(phrase: Phrase) -> str:
    numbered = len(phrase) == 2 or (len(phrase) == 3 and phrase[1] in ("number", "id", "no"))
    is_zone = numbered and phrase[0] in ("zone", "z") and phrase[-1].isdigit() and len(phrase[-1]) <= 3
    return phrase[-1] if is_zone else ""


def _version(phrase: Phrase) -> str:
    short = len(phrase) == 1 and re.fullmatch(r"v\d{1,3}", phrase[0])
    long = len(phrase) == 2 and phrase[0] == "version" and phrase[1].isdigit()
    return phrase[-1].removeprefix("v") if short or long else ""


def _passengers(phrase: Phrase) -> str:
    if len(phrase) != 2 or phrase[1] != "passenger":
        return ""
    if phrase[0] in NUMERALS:
        return str(1 + NUMERALS.index(phrase[0]))
    return phrase[0] if phrase[0].isdigit() and len(phrase[0]) == 1 else ""


def _age(phrase: Phrase) -> str:
    """Months since a model learnt, as a number at either end."""
    said = (("month", "old"), ("age",), ("month", "after"), ("age", "of"))
    for rest, number in ((phrase[1:], phrase[0]), (phrase[:-1], phrase[-1])):
        if rest in said and (number.isdigit() or number in FIGURES):
            return str(FIGURES.get(number, number))
    return ""


def _without_excluded(words: Sequence[str], found: Sequence[Named]) -> tuple[Named, ...]:
    """Warnings, not critical: what is excluded beside another of its kind says nothing more."""
    named = longest(_clock(words, [each for each in found if not each.optional]))
    excluded = [n for n in named if n.first and words[n.first - 1] == "not"]
    others = {n.kind for n in named if n not in excluded}
    return tuple(
        Named("excluded", n.value, n.first - 1, n.last) if n in excluded and n.kind in others else n for n in named
    )


def _patterned(words: Sequence[str]) -> list[Named]:
    """What is said in too many ways for a list of phrases."""
    text = " ".join(words)
    return [
        Named(kind, value, text[: match.start()].count(" "), text[: match.end()].count(" ") + 1)
        for kind, value, pattern in lexicon().patterns
        for match in pattern.finditer(text)
    ]


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


def _routes(words: Sequence[str], zones: Collection[str]) -> list[Named]:
    """Route 237 to 236, zones 74-75: two numbers of zones behind such a word, or those of zones that are named."""
    found = [Named("zone", word, place, place + 1) for place, word in enumerate(words) if word in zones]
    for place, word in enumerate(words):
        if word not in ("route", "pair", "zone"):
            continue
        behind = [at for at in range(place + 1, min(place + 5, len(words))) if words[at] not in ("from", "zone", "to")]
        if len(behind) > 1 and all(words[at].isdigit() and 0 < int(words[at]) < 266 for at in behind[:2]):
            found += [Named("zone", words[at], at, at + 1) for at in behind[:2]]
    return found


def _late_of_bands(words: Sequence[str], found: Sequence[Named]) -> list[Named]:
    """Night, morning, evening, late: the last is a part of the day where others stand beside it."""
    bands = {n.value for n in found if n.value.startswith("hours ")}
    return [Named("slice", "hours late", i, i + 1) for i, word in enumerate(words) if word == "late" and len(bands) > 2]


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
