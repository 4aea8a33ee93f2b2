"""How a question is put that asks what something is, how it works or when it holds, and for no figure."""

from __future__ import annotations

import re

_MADE = (
    "computed|calculated|defined|measured|decided|chosen|made|built|found|derived|determined|treated|handled|stored|"
    "protected|split|fitted|compared|picked|selected|judged"
)
_WORKS = (
    "work|decide|know|choose|pick|handle|deal|treat|tell|detect|find out|compute|calculate|define|store|protect|"
    "recogni[sz]e|judge|recover|happen|get in|come about|come into being|behave|react|differ from"
)
_MEANS = (
    r"\bwhat (?:do|does|did) .{1,80}\b(?:mean|stand for|measure|contain|hold|say|show|describe|do|record|buy|change|"
    r"cover|enforce|guarantee|prevent|refer to|include|consist of|keep|store|need|require|depend on|check|protect)\b",
    r"\bmeaning\b|\bdefin\w+|\bstands? for\b|\bwhat is meant\b|\bin (?:plain|simple) (?:words|english|terms)\b",
    r"\bwhat (?:kind|type|sort)s? of (?!taxi|service|payment)",
    r"\bwhat does (?:it|that|this) (?:do|mean)\b|\bexplain (?:what|the|how|why)\b|\bexplain\b.{0,60}$",
    r"\bwhat(?:'s| is| are) (?:a|an|stored|kept|held|in|inside|written|recorded|logged)\b",
    r"\bwhat(?:'s| is| are) .{1,60}\b(?:actually |really )?(?:doing|good for|all about|used for|there for|worth)\b",
    r"\bwhat(?:'s| is| are) .{1,60}\bfor\s*\?*$",
    r"\bwhat(?:'s| is| are) .{1,40}\bin (?:the|a|an) \w+ (?:table|view|file|log)\b",
    r"\b(?:what(?:'s| is| are|s) (?:that|this|it|those|these)|what(?:'s| is|s) (?:that|it) (?:about|for))\s*\?*$",
    r"\bwhat (?:trip|ride|row)s? (?:are|is) (?:those|these|they|that|this)\b",
    r"\bas a (?:model|concept|feature|rule|term)\b|\bfor the models?\s*(?:[?,;]|$)",
    r"\bwhat(?:'s| is| are) the (?:point|idea|purpose|rationale|role|thinking|logic|story|deal|"
    r"catch|advantage) (?:of|behind|with|in)\b",
)  # fmt: skip
_RULES = (
    r"\b(?:count|qualif\w+|regarded|considered|treated|classified|classed) (?:it |one |them |a \w+ )?as\b|"
    r"\bcounts as\b|\bwhat counts\b",
    r"\bhow (?:big|large|small|high|low|old|long|late|good|bad|far|close|different|wide|strong|sure)\b.{0,60}\b"
    r"(?:have|has|need|needs|must|may|can|got|allowed|supposed)\b.{0,30}\b"
    r"(?:be|before|stay|wait|take|run|cost|fit|lie|differ|gain|get)\b",
    r"\bhow (?:many|much)\b.{0,60}\b(?:have|has|need|needs|must)\b.{0,30}\b(?:be|before|wait|differ|gain|lose|reach)\b",
    r"\b(?:from|above|below|over|under|after|up to) (?:how (?:many|much)|"
    r"what (?:value|share|size|number|age|percentage))\b.{0,80}\b(?:is|are|does|do|can|may|will|gets?)\b",
    r"\bunder (?:what|which) (?:condition|circumstance)s?\b|\b(?:on|by) what (?:basis|rule|criteri\w+)\b",
    r"(?<!until )(?<!since )\bwhen (?:is|does|will|would|can|must) (?:a|an|it|"
    r"the (?:gate|check|alert|report|service|api)|some\w+)\b",
    r"\bwhen (?:do|does|would|will) (?:you|we|one|they|the (?:project|platform|code|warehouse)) "
    r"(?:treat|count|consider|regard|class|classify|call|deem|flag|mark|judge|take|speak of)\b",
    r"\bwhat (?:decides|determines|makes a|triggers|distinguishes|enforces|guarantees|ensures|prevents|stops|protects|"
    r"happens|would happen|keeps a)\b|\bin what (?:way|sense|form|order|unit|case)\b",
    rf"\bhow (?:is|are|was|were) .{{1,80}}\b(?:{_MADE})\b",
    rf"\bhow (?:does|do) .{{1,60}}\b(?:{_WORKS})\b(?! .*\bcompare)",
    r"\bwhy (?:is|are|does|do|did|was|were) (?:there )?(?:no\b|not\b)|"
    r"\bwhy (?:is|are|does|do|would|should|can)(?:n't| not)\b",
)  # fmt: skip
_NAMES = (
    r"\bwhich (?:table|view|column|page|file|endpoint|setting|scope)\b|\bwhat (?:table|view|column|file|endpoint|"
    r"scope|unit|role|range)\b|\bin which table\b",
)
DEFINES = re.compile("|".join((*_MEANS, *_RULES, *_NAMES)))
"""It asks for a meaning, a rule or the name of a thing of the platform."""
OUTRIGHT = re.compile(
    r"\b(?:what (?:do|does) .*\bmean\b|defin\w*|stands? for|meaning|what happens|as a model|counts? (?:it |one )?as)\b|"
    r"\bwhat(?:'s|s| is) (?:that|this)\s*\?*$"
)
"""So it does, whatever service or month it names."""
