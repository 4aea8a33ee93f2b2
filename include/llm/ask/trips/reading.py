"""A question on trips becomes atoms; a word that nobody can explain ends the reading."""

from __future__ import annotations

import re
from dataclasses import dataclass

from include.llm.ask.meanings.everyday import idle_in
from include.llm.ask.question.months_named import when_of
from include.llm.ask.question.when import When
from include.llm.ask.trips.atoms import Atom, Condition, Limit
from include.llm.ask.trips.hours import with_hours
from include.llm.ask.trips.limits import with_covered, with_limits
from include.llm.ask.trips.spoken import words_of
from include.llm.ask.trips.vocabulary import fillers, phrases, rooted

LONGEST_PHRASE = 8
TIME_SAID = "then"
"""Stands where a month was named: the words about it belong to no phrase together."""
_TAKEN_OUT = re.compile(r" {3,}")
NAMING = frozenset({"which", "what", "each", "per", "every", "any", "by"})
_ALL_MONTHS = re.compile(
    r"(?<![\w@])(?:(?:over|across|in|for|during|of) )?(?:(?:all|the|whole|entire|full|every|both|complete) )*"
    r"(?:of )?(?:(?:the|our) )?(?:[23] month(?: combined| together| taken together)?|"
    r"both month|all month|quarter|three month|"
    r"period|whole quarter)(?: we have| there are| available| loaded| combined| together)?(?![\w])"
)
_EVERY_SERVICE = re.compile(
    r"(?<![\w@])(?:both|all|2|the 2|either)(?: of the)? (?:service|color|colour|fleet|"
    r"taxi type|kind of taxi|taxi color|cab color)(?: combined| together)?(?![\w])"
)
_ZONE = re.compile(
    r"(?<![\w@])(?:tlc )?(?:taxi )?(pickup |dropoff )?(?:zone|zone_id|location)(?: number|"
    r" id| no)?(?: is| equal| =)? (\d{1,3})(?![\w.])"
)
_ZONE_KEY = re.compile(r"(?<![\w@])(?:taxi )?(?:(pickup|dropoff) )?zone (?:is |be )?(?:number |id )?(\d{1,3})(?![\w.])")
_HOUR_OF_WEEK = re.compile(r"(?<![\w@])hour(?:_| )of(?:_| )week (?:is |= ?)?(\d{1,3})(?!\w)")
_QUARTILE = re.compile(r"(?<![\w@])(upper|third|3rd|top|lower|first|1st|bottom) quartile(?!\w)")
_OF_ALL = re.compile(
    r"(?<!summed )(?<!added )(?<!added up )(?<!taken )(?<!averaged )(?<!total )"
    r"(?<![\w@])(?:divided by|over|out of|by) all (?:the |kept )?(?:trip|ride|pickup|dropoff|journey)(?!\w)"
)
_HOW_MANY_GROUPS = re.compile(
    r"(?<!\w)(?:how many|number of|fewest) (?:\w+ ){0,3}?"
    r"(?:zone|borough|day|hour|area|neighborhood|neighbourhood|route|pair)(?!\w)"
)
_PERCENTILE = re.compile(r"(?<![\w@])(\d{1,2})(?:st|nd|rd|th) percentile|(?<![\w@])p(\d\d)(?!\w)")
_SOLO = re.compile(
    r"(?<!than )(?<!least )(?<!most )(?<!over )(?<!above )(?<!under )(?<!beyond )(?<!exceeding )"
    r"(?<!to )(?<!or )(?<![\w@])(?:just |only |exactly )?(?:(?:a single|single|one|1|a lone|"
    r"lone|a sole|"
    r"sole)(?= passenger| person| rider| people| occupant) (?:passenger|person|rider|"
    r"people|occupant)(?: only| alone)?|passenger (?:riding |travel+ing )?alone|"
    r"solo(?: passenger| rider)?|(?:riding |travel+ing )alone)(?! (?:carried|per|"
    r"average))(?!\w)"
)
_COUNT_IS = re.compile(
    r"(?<![\w@])passenger(?: |_)count (?:of |is |= |equal )?(\d)(?!\w)|"
    r"(?<![\w@])(\d) (?:passenger|people|person|ppl|pax|rider|occupant)(?!\w)"
)
_NO_PASSENGERS = re.compile(
    r"(?<![\w@])(?:without (?:a |any )?|no |zero |0 )(?:passenger|people|"
    r"rider)s?(?: recorded| counted| count| on board| aboard)?(?!\w)"
)


_RIGHTED = re.compile(
    r"((?:\.\.\.|[,;.]|\bor)\s*(?:rather|simply|i mean|i meant|that is|put simply|in other words)\s*[:,])",
    re.IGNORECASE,
)
_INCLUDED = re.compile(
    r"\([^()]*\b(?:included|inclusive|incl\.?|counted)\b[^()]*\)|(?<=included )\([^()]*\)|"
    r"(?<=extras )\([^()]*\)|(?<=extra )\([^()]*\)|(?<=everything )\([^()]*\)|(?<=all in )\([^()]*\)|"
    r"\([^()]*/\s*\d[^()]*\)|\(\s*0\s*(?:-|to)\s*23\s*\)|"
    r"\(\s*\d+\s*=[^()]*\)|\([^()]*\b(?:counts?|do|does|are|is) (?:too|as well|also)\)|"
    r"\((?:i (?:need|want|am|was|know|think|guess|have|ask)|we (?:need|want)|sorry|asking|not sure|"
    r"need (?:it|this)|because|"
    r"for (?:a|the|my|our) (?:report|slide|deck|meeting|presentation|paper|article|bet|chart))\b[^()]*\)",
    re.IGNORECASE,
)
"""What is said to be in it anyhow."""
_ASKS = re.compile(r"\b(?:how many|how much|what|which|number of|count)\b", re.IGNORECASE)


@dataclass
class Reading:
    """Atoms in order, what was said of time, and the words in the singular."""

    atoms: list[Atom]
    when: When
    words: list[str]
    every_month: bool = False
    every_service: bool = False


def read(question: str) -> Reading | None:
    """The atoms of a question; None where a word of it is none that trips know."""
    when, rest = when_of(_INCLUDED.sub(" ", _put_right(question)))
    plural = words_of(_TAKEN_OUT.sub(f" {TIME_SAID} ", rest))
    words = [rooted(word) for word in plural]
    made: list[Atom] = []

    def place(kind: str, value: Condition | Limit | int | str) -> str:
        made.append(Atom((f"@{len(made)}",), {kind: value}))
        return f"@{len(made) - 1}"

    text = " ".join(words)
    every_month, every_service = bool(_ALL_MONTHS.search(text)), bool(_EVERY_SERVICE.search(text))
    text = _EVERY_SERVICE.sub(" ", _ALL_MONTHS.sub(" ", text))
    text = _ZONE.sub(lambda m: f"{m[1] or ''}{place('zone', int(m[2]))}", text)
    text = _HOUR_OF_WEEK.sub(lambda m: " ".join(place("condition", found) for found in _hour_of_week(int(m[1]))), text)
    text = _QUARTILE.sub(lambda m: place("percentile", 75 if m[1] in ("upper", "third", "3rd", "top") else 25), text)
    text = _OF_ALL.sub(lambda _: place("shape", "share"), text)
    text = _PERCENTILE.sub(lambda m: place("percentile", int(m[1] or m[2])), text)
    text = with_hours(text, lambda found: place("condition", found))
    text = _NO_PASSENGERS.sub(lambda _: place("condition", _aboard(0)), text)
    text = _SOLO.sub(lambda _: place("condition", _aboard(1)), text)
    if _HOW_MANY_GROUPS.search(text):
        text = with_covered(text, lambda found: place("limit", found))
    text = with_limits(text, lambda found: place("limit", found))
    atoms = _looked_up(text.split(), made)
    if atoms is None:
        return None
    _mark_plurals(atoms, plural)
    _name_weekdays(atoms)
    return Reading(atoms, when, words, every_month, every_service)


def _put_right(question: str) -> str:
    """How many trips per weekday hour... simply: how many trips at 6 pm: what is put right at the end is meant."""
    parts = _RIGHTED.split(question, maxsplit=1)
    return parts[2] if len(parts) == 3 and _ASKS.search(parts[2]) else question


def _hour_of_week(number: int) -> tuple[Condition, Condition]:
    """Monday's first hour is 0."""
    day, hour = divmod(number % 168, 24)
    return (
        Condition("weekday", ("weekday",), "in", (day,), f"weekday {day}"),
        Condition("hour", ("hour",), "in", (hour,), f"{hour:02d}:00 to {hour + 1:02d}:00"),
    )


def _aboard(number: int) -> Condition:
    return Condition("passengers", ("passenger_count",), "in", (number,), f"passengers {number}")


def _looked_up(words: list[str], made: list[Atom]) -> list[Atom] | None:
    known, found, at = phrases(), [], 0
    idle = idle_in(words, fillers())
    while at < len(words):
        if words[at].startswith("@"):
            found.append(made[int(words[at][1:])])
            at += 1
            continue
        for length in range(min(LONGEST_PHRASE, len(words) - at), 0, -1):
            phrase = tuple(words[at : at + length])
            if phrase in known and not ("per" in known[phrase] and _begins_a_column(words[at + length - 1 :])):
                kinds = dict(known[phrase])
                if length > 1 and "shape" in kinds and (order := known.get(phrase[-1:], {}).get("order")):
                    kinds.setdefault("order", order)  # how much longer
                found.append(Atom(phrase, kinds, filler=length == 1 and phrase[0] in fillers()))
                break
        else:
            length = 1
            if at not in idle and words[at] != "," and not re.fullmatch(_READ_LATER, words[at]):
                return None
            found.append(Atom((words[at],), filler=True))
        at += length
    return found


def _begins_a_column(words: list[str]) -> bool:
    """The trip of a mean trip time is the time's."""
    known = phrases()
    return any("column" in known.get(tuple(words[:length]), ()) for length in range(2, LONGEST_PHRASE))


_READ_LATER = (
    r"than|and|or|vs|versus|\d+|second|third|fourth|fifth|2nd|3rd|4th|5th|first|divided|as|"
    r"after|next|right|one|half|whole|plus|but|no|"
    r"rank_[2-9]|nobody|rest|also|both|minus|0\.\d+"
)


def _name_weekdays(atoms: list[Atom]) -> None:
    """Which weekday asks for one of seven; on weekdays are five of them."""
    for at, atom in enumerate(atoms):
        if not (atom.is_a("group", "weekday") and atom.is_a("condition")):
            continue
        before = atoms[max(0, at - 3) : at]
        asked = any(a.text in NAMING or a.is_a("order") for a in before)
        kept = "group" if asked and not atom.plural else "condition"
        atom.kinds = {kept: atom.kinds[kept]}


def _mark_plurals(atoms: list[Atom], plural: list[str]) -> None:
    """A column in the plural is summed: tips, tolls."""
    said = {word for word in plural if word.endswith("s")}
    for atom in atoms:
        atom.plural = f"{atom.words[-1]}s" in said
