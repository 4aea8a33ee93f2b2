"""Some questions ask for what holds now, or how much there is of something: no page says that, however near it is."""

from __future__ import annotations

import re

from include.llm.ask.intents import DEFINES
from include.llm.pages import documented

_NOW = re.compile(
    r"\b(?:how (?:many|much|large|big|long|old|good|often)|who|why|which|what (?:was|were|is|did)|number of|"
    r"did|was|were)\b.*\b(?:yesterday|tonight|this (?:morning|week|year)|"
    r"(?:last|past|next) (?:week|year|night|\d+ \w+|"
    r"mon\w*|tue\w*|wed\w*|thu\w*|fri\w*|sat\w*|sun\w*)|"
    r"on (?:mon|tues|wednes|thurs|fri|satur|sun)day|so far|currently)\b|"
    r"\b(?:at the moment|right now|left on|free on|this quarter|did any(?:one|body))\b"
)
_PERSON = r"(?:owner|lead|leader|boss|ceo|maintainer|contact|manager|author|developer)s?"
_HAPPENED = re.compile(
    r"^(?:and |so )?(?:who (?:\w+ed|did|made|has|had|broke|wrote|built|ran|won|got|took|pays|owns)\b|"
    rf"who (?:is|was|are) (?:the|our|your) (?:\w+ )?{_PERSON}\b|what (?:did|has) (?:the|our) last\b|"
    r"when (?:did|was) (?:the |our |my )?(?:last|first|next)\b|"
    r"why (?:did|was|has|had) (?:the|our|my) (?:last |latest |nightly )?"
    r"(?:run|build|deploy\w*|service|server|pipeline|scheduler|job)\b)"
)
_JUDGED = re.compile(
    r"\bwhich (?:\w+ ){1,3}(?:is|are|was|were|writes?|works?|does|performs?|runs?) (?:\w+ )?"
    r"(?:better|best|worse|worst|nicer)\b|"
    r"\b(?:should|shall) (?:we|i) (?:hire|buy|fire|invest|migrate|move) |"
    r"\b(?:do|would) you (?:like|prefer|think|believe|love)\b"
)
_COUNTED = re.compile(
    r"\b(?:how (?:many|much|large|big)|average|median|mean of|total number|number of|what share|percent(?:age)?|"
    r"how (?:long|good) (?:would|is|was|did)|score|"
    r"who (?:is|was|are|were|did|made|has|had|does|won|\w+ed)\b(?! (?:allowed|able|permitted))|"
    r"(?:what|which) .*\b(?:most|least|highest|lowest|better|best|worst|used)|earns?|charges?|price of|salary|income|"
    r"in (?:gb|mb|dollars|percent|usd))\b|^(?:mae|error|loss|score|rmse|accuracy) of\b"
)


def is_of_today(text: str) -> bool:
    """What holds now, what happened, or which of two is the better one: no page says that."""
    told = _NOW.search(text) or _JUDGED.search(text) or (_HAPPENED.search(text) and not DEFINES.search(text))
    return bool(told)


def is_counted(text: str) -> bool:
    """A count or a name is asked for, so that a page has to say nearly all of the question to be its answer."""
    asks_pages = bool(DEFINES.search(text)) or documented.kind_of(text) == "howto"
    return not asks_pages and bool(_COUNTED.search(text))
