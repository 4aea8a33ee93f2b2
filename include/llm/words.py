"""A question as words: lower case, singular, one spelling of pick-up, known words in place of slips of the pen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from functools import cache

WORD = re.compile(r"[a-z0-9_]+(?:\.[0-9]+)?|[%$#]")
_SAME = (
    (re.compile(r"\bpick[\s-]?ups?\b|\bpicked[\s-]up\b"), "pickup"),
    (re.compile(r"\bdrop[\s-]?offs?\b|\bdropped[\s-]off\b"), "dropoff"),
    (re.compile(r"\broll(?:ed|ing|s)?[\s-]back\b"), "rollback"),
    (re.compile(r"\bback(?:ed|ing|s)?[\s-]up\b"), "backup"),
    (re.compile(r"\bset(?:ting)?[\s-]up\b"), "setup"),
    (re.compile(r"\blog[\s-]?in\b"), "login"),
    (re.compile(r"(?<=[a-z])['`\u2019]s\b"), ""),
    (re.compile(r"(?<=[a-z])n['`\u2019]t\b"), " not"),
    (re.compile(r"\b(do|does|did|is|was|were|are|has|have|had|would|could)nt\b"), r"\1 not"),
    (re.compile(r"(?<=\d),(?=\d{3}\b)"), ""),
    (re.compile(r"\bper cent\b"), "percent"),
    (
        re.compile(
            r"\b(?P<when>before|prior to|after|once)(?: (?:anything|any of it|any of this|everything|it|they|junk|"
            r"garbage|rubbish|(?:the |any |all the )?(?:\w+ )?(?:data|rows?|trips|ones|file|stuff|junk|"
            r"garbage|rubbish|dirt)))?"
            r" (?:was|were|is|are|got|gets|get|had been|has been|being)(?: ever)?"
            r" (?:(?:clean(?:ed|sed)|filtered|thrown|weeded|quarantined|removed|dropped|tossed|taken|cut|sorted)"
            r"(?: (?:out|up|away|off))?|out|gone)\b"
        ),
        lambda match: f"{'after' if match['when'] in ('after', 'once') else 'before'} cleaning",
    ),
    (re.compile(r"\bw/o\b"), "without"),
    (re.compile(r"\bw/\s*(?=[a-z])"), "with "),
    (re.compile(r"\b(?:i\.\s?e\b\.?|e\.\s?g\b\.?|y/n|yes/no|yes or no\?)"), " "),
    (re.compile(r"(?<=\s)(?:->|-->|=>)(?=\s)"), "to"),
    (re.compile(r"(?<=[a-z_])\s*={1,2}\s*(?:1|true)\b"), ""),
)
_KEPT_S = re.compile(r"(ss|us|(?<!tax)is|les|news)$|^queens$")
SHORTEST_MENDED, TWO_SLIPS_FROM = 5, 8
"""Letters of a word that may have one slip, and two. Among four-letter words too many are each other's slips: tide,
time."""


def plain(text: str) -> str:
    """Without accents, in lower case, thousands without commas, `pick-up` as pickup, `'s` left out."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    for pattern, spelling in _SAME:
        folded = pattern.sub(spelling, folded)
    return folded


def tokens(text: str) -> list[str]:
    """The words of a text in `plain` form, in the singular, numbers and `%` among them."""
    return [singular(word) for word in WORD.findall(plain(text))]


@cache
def singular(word: str) -> str:
    """families -> family, trips -> trip; names with an underscore and words such as bus stay."""
    if len(word) < 4 or "_" in word or not word.endswith("s") or _KEPT_S.search(word):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("sses", "xes", "ches", "shes")) else word[:-1]


class Mender:
    """Puts the nearest known word in the place of one that nobody knows; equals are decided by the alphabet."""

    def __init__(self, known: Iterable[str], accepted: Collection[str] = ()) -> None:
        self._accepted = {*accepted, *known}
        self._by_letter: dict[str, list[str]] = {}
        for word in sorted(set(known)):
            if len(word) >= SHORTEST_MENDED and word.isalpha():
                self._by_letter.setdefault(word[0], []).append(word)

    def mend(self, word: str) -> str:
        """The word itself when it is known, short, no word at all, or like none that is known."""
        if word in self._accepted or len(word) < SHORTEST_MENDED or not word.isalpha() or len(word) > 24:
            return word
        most = 2 if len(word) >= TWO_SLIPS_FROM else 1
        near = ((slips(word, known, most), known) for known in self._by_letter.get(word[0], ()))
        best = min(((count, known) for count, known in near if count <= most), default=None)
        return best[1] if best else word


def slips(first: str, second: str, most: int) -> int:
    """Letters to change, add, leave out or swap with their neighbour; `most + 1` for any more."""
    if abs(len(first) - len(second)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(second, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and first[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


_CHOICE = re.compile(r"\(([^()]*)\)")


def alternatives(text: str) -> list[str]:
    """Every way of saying `(over|more than) 3 (h|hour|)`: each choice in brackets, an empty one leaves it out."""
    match = _CHOICE.search(text)
    if match is None:
        return [" ".join(text.split())]
    ways = (text[: match.start()] + way + text[match.end() :] for way in match[1].split("|"))
    return list(dict.fromkeys(said for way in ways for said in alternatives(way)))


def phrases(entries: Mapping[str, Iterable[str]]) -> dict[tuple[str, ...], str]:
    """Name -> its ways of being said, turned round: words of each -> the name. The first name wins."""
    found: dict[tuple[str, ...], str] = {}
    for name, said in entries.items():
        for text in said:
            found.setdefault(tuple(tokens(text)), name)
    return found
