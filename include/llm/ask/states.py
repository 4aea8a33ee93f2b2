"""Some questions ask for what holds now, or how much there is of something: no page says that, however near it is."""

from __future__ import annotations

import re

from include.llm.ask.intents import DEFINES
from include.llm.pages import documented

_NOW = re.compile(
    r"\b(?:how (?:many|much|large|big|long|old|good|often)|who|which|what (?:was|were|is)|number of|did|was|were)\b.*"
    r"\b(?:yesterday|tonight|this (?:morning|week|year)|(?:last|past|next) (?:week|year|night|\d+ \w+|mon\w*|tue\w*|"
    r"wed\w*|thu\w*|fri\w*|sat\w*|sun\w*)|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|so far|currently)\b|"
    r"\b(?:at the moment|right now|left on|free on)\b"
)
_JUDGED = re.compile(
    r"\bwhich (?:\w+ ){1,3}(?:is|are|was|were|writes?|works?|does|performs?|runs?) (?:\w+ )?"
    r"(?:better|best|worse|worst|nicer)\b"
)
_COUNTED = re.compile(
    r"\b(?:how (?:many|much|large|big)|average|median|mean of|total number|number of|what share|percent(?:age)?|"
    r"how (?:long|good) (?:would|is|was|did)|score|"
    r"who (?:is|was|are|were|did|made|has|had|does|won|\w+ed)\b(?! (?:allowed|able|permitted))|"
    r"(?:what|which) .*\b(?:most|least|highest|lowest|better|best|worst|used)|earns?|charges?|price of|salary|income|"
    r"in (?:gb|mb|dollars|percent|usd))\b|^(?:mae|error|loss|score|rmse|accuracy) of\b"
)


def is_of_today(text: str) -> bool:
    """What holds now, or which of two is the better one: no page says that."""
    return bool(_NOW.search(text) or _JUDGED.search(text))


def is_counted(text: str) -> bool:
    """A count or a name is asked for, so that a page has to say nearly all of the question to be its answer."""
    asks_pages = bool(DEFINES.search(text)) or documented.kind_of(text) == "howto"
    return not asks_pages and bool(_COUNTED.search(text))
