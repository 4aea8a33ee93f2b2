"""Some questions ask for what holds now, or how much there is of something: no page says that, however near it is."""

from __future__ import annotations

import re

from include.llm.ask.defining import DEFINES
from include.llm.pages import documented

_SPAN = (
    r"(?:\d+ |few |couple of |two |three |six |several )?(?:hour|day|week|year|night|weekend|mon\w*|tue\w*|wed\w*|"
    r"thu\w*|fri\w*|sat\w*|sun\w*)s?"
)
_NOW = re.compile(
    r"\b(?:yesterday|today|tonight|(?:this|every) (?:morning|week|year|quarter|afternoon|evening)|so far|"
    rf"currently|lately|these days|at the moment|right now|as we speak|(?:last|past|previous|next|coming) {_SPAN}|"
    r"on (?:mon|tues|wednes|thurs|fri|satur|sun)day|since (?:last|yesterday|mon|this)\w*|ago)\b"
)
"""Times that count from now."""
_LEFT = re.compile(r"\b(?:left on|free on|did any(?:one|body)|up to date right)\b")
_BEGINS = r"(?:^|[.,;:?!-] *)(?:and |so |but |also )?"
_PERSON = r"(?:owner|lead|leader|boss|ceo|maintainer|contact|manager|author|developer|operator|responsible)s?"
_HAPPENED = re.compile(
    rf"{_BEGINS}(?:"
    r"who (?:(?!need)\w+ed|did|made|has|had|broke|wrote|built|ran|won|got|took|pays|owns|gave|put|chose)\b|"
    rf"who (?:is|was|are) (?:the|our|your|on) (?:\w+ )?(?:{_PERSON}|call)\b|what (?:did|has) (?:the|our) last\b|"
    r"when (?:did|was|were) (?:the |our |my |we )?(?:last|first|next)?\b|"
    r"why (?:did|was|were|has|had) (?:the|our|my) (?:last |latest |nightly |\w+ )?"
    r"(?:run|build|deploy\w*|service|server|pipeline|scheduler|job|release)\b)"
)
_OF_US = re.compile(
    r"\bhow many (?:\w+ )?(?:people|persons|customers|users|employees|developers|engineers|colleagues|clients|"
    r"companies|teams|contributors|stars|downloads)\b.{0,30}\b(?:work|use|uses|using|have|are|is|know|signed|rely|visit|does|do)\b|"
    r"\bcosts? (?:us|me|the company)\b|\b(?:do|did|does|would) (?:we|i|it|one|the company) (?:pay|spend|cost|charge)\b|"
    r"\bwhat (?:do|does|would) .{1,40} cost\b|"
    r"\bhow (?:much|expensive) (?:do|does|is|are|would) .{1,40}\b(?:cost|per month)\b|"
    r"\b(?:on|in) (?:the|our) (?:\w+ )?(?:team|company|office|contract|department)\b"
)
"""Of those who run the platform, or what it costs them: the pages speak of the platform alone."""
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
    r"in (?:gb|mb|dollars|percent|usd))\b|"
    r"(?:^|[.,;:?!-] *)(?:and |so )?(?:what|which) .{1,60}\bdid (?!you|it|i\b|we\b)|"
    r"^(?:mae|error|loss|score|rmse|accuracy) of\b"
)


def is_of_today(text: str) -> bool:
    """What holds now, what happened, or which of two is the better one: no page says that.

    People also tell what happened, and then ask what to do or what it means.
    """
    told = (_NOW.search(text) and not _begins_with_a_story(text)) or _HAPPENED.search(text)
    return bool(_LEFT.search(text) or _JUDGED.search(text) or ((told or _OF_US.search(text)) and not _asks_pages(text)))


def is_counted(text: str) -> bool:
    """A count or a name is asked for, so that a page has to say nearly all of the question to be its answer."""
    return not _asks_pages(text) and bool(_COUNTED.search(text))


def _asks_pages(text: str) -> bool:
    return bool(DEFINES.search(text)) or documented.kind_of(text) == "howto"


def _begins_with_a_story(text: str) -> bool:
    """The time stands in a sentence before the one that asks."""
    *told, asks = [part for part in re.split(r"[.;!?:]\s+|\s-\s", text) if part.strip()] or [""]
    return bool(told) and not _NOW.search(asks)
