"""An order is a superlative, a rank, or a preposition that holds one name against another."""

from __future__ import annotations

from collections.abc import Sequence

from include.llm.ask.question.numbers import NUMBER, NUMERALS
from include.llm.ask.question.understood import Named

BEYOND = {"above": "max", "over": "max", "below": "min", "under": "min", "ahead": "max"}
"""Prepositions that hold one named value against another; before a figure they are a limit."""
JUDGED = frozenset({"row", "trip", "record", "ride", "duration", "fare", "distance", "speed", "zone", "time", "date",
                    "value", "data", "amount", "timestamp", "price", "location"})  # fmt: skip
"""What is bad by itself, and not the worst of several: bad fares."""
NO_RIVALS = frozenset(
    {
        "a",
        "an",
        "one",
        "two",
        "three",
        "all",
        "both",
        "the",
        "every",
        "each",
        "time",
        "any",
        "which",
        "what",
        "everything",
        "please",
        "pls",
        "plz",
        "and",
        "or",
        "i",
        "we",
        "for",
        "in",
        "on",
        "of",
        "how",
    }
)
"""What follows a preposition that holds nothing against anything: over the month, above all."""


COMING = [[verb, "in"] for verb in ("came", "come", "finished", "finish")]
"""Who came in second."""

LOST = frozenset({"row", "trip", "ride", "record", "line", "entry", "data", "were", "was", "we"})
"""What is lost to something, and does not lose against it."""


def is_no_order(order: Named, words: Sequence[str]) -> bool:
    """At least one is a limit, and what falls inside does not fall."""
    after = words[order.last] if order.last < len(words) else ""
    if order.first and words[order.first - 1] == "how" and order.value in ("max", "min", "best", "worst"):
        return True
    if words[max(0, order.first - 1) : order.last] in (["any", "good"], ["no", "good"]):
        return True
    if order.first > 1 and words[order.first - 1] == "or" and NUMBER.match(words[order.first - 2]):
        return True  # 300 or more
    if words[order.first] in ("bad", "good", "poor") and after in JUDGED:
        return True
    if words[order.first] in ("lose", "lost") and order.first and words[order.first - 1] in LOST:
        return True  # rows lost to short durations
    if words[order.first] in ("least", "most") and words[order.first - 1] == "at" and order.first:
        return bool(NUMBER.match(after)) or after in NUMERALS
    return order.value == "fall" and after in ("inside", "within", "into", "outside", "in", "under", "on", "between")


def ranks_in(words: Sequence[str]) -> list[Named]:
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
        and not (word == "over" and {"total", "sum", "altogether"} & set(words))
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
            and (words[i - 1] in before or words[max(0, i - 2) : i] in COMING)
            and (
                i + 1 == len(words)
                or words[i + 1] not in ("most", "highest", "best", "lowest", "busiest", "largest", "fewest")
            )
        ]
    )
