"""Who wants to know and what for is no part of a question: my boss asked me, for a slide, before tomorrow's meeting."""

from __future__ import annotations

import re

_PERSON = (
    r"(?:boss|manager|director|ceo|cfo|cto|supervisor|team lead|colleagues?|co-?workers?|teammates?|client|"
    r"editor|teacher|professor|friend|wife|husband|girlfriend|boyfriend|mother|mom|mum|dad|father|brother|sister|son|daughter|cousin|"
    r"uncle|aunt|neighbou?r|roommate|flatmate|intern|accountant|investors?|board|journalist|reporter|auditors?|"
    r"stakeholders?|analyst|(?:finance|marketing|sales|ops|product|data) (?:team|department|folks|people|guys))"
)
_WANTS = (
    r"(?:(?:just|now|also|keeps?|has|have|is|are|was) )*(?:wants?|wanted|would like|'d like|needs?|"
    r"needed|asks?|asked|asking|wonders?|wondered|wondering|curious)(?: (?:me|us))?"
    r"(?: to (?:know|see|find out|look up|check|hear|get|tell (?:him|her|them)))?(?: (?:for|about)\b)?"
)
_EVENT = (
    r"(?:slides?|slide deck|deck|reports?|presentation|meeting|memo|talk|article|blog post|blog|newsletter|homework|"
    r"essay|thesis|paper|assignment|class|seminar|lecture|workshop|quiz|interview|standup|stand-up|briefing|pitch|review|"
    r"dashboard|spreadsheet|summary|story|press release|project|brochure|audit|call|demo)"
)
_SORT = (
    r"(?:(?:weekly|monthly|quarterly|annual|daily|short|quick|little|internal|team|board|staff|status|management|client|"
    r"company|school|college|university|science|statistics|economics|news|big|new|next|upcoming|final|sales|press|"
    r"investor|executive) )*"
)
_WHEN = (
    r"(?:,? (?:tomorrow|today|tonight|later|this (?:morning|afternoon|evening|week)|next week|"
    r"at (?:noon|\d{1,2}(?: ?[ap]m)?)|(?:due )?on (?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"in (?:an hour|\d+ minutes)))*(?![\w'])"
)
_WHOSE = (
    r"(?:a|an|my|our|the|this|that|his|her|their|some|"
    r"(?:tomorrow|today|tonight|next week|monday|friday)(?:['\u2019]?s)?)"
)
_OF_NONE = r"(?<!trips )(?<!rides )(?<!were )(?<!was )(?<!are )(?<!is )"
_HAVE = r"(?:i have|i've got|we have|we've got|there is|there's)"
_ASIDE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:my|our|the|a) {_PERSON} {_WANTS}(?![\w'])[:,]?",
        rf"\b(?:for|asked by|on behalf of|a question from|question from) (?:my|our) {_PERSON}\b(?!['\u2019])[:,]?",
        rf"{_OF_NONE}\b(?:for|before|in) {_WHOSE} {_SORT}{_EVENT}\b{_WHEN}[:,]?",
        rf"\b{_HAVE} (?:a|another|this) {_SORT}{_EVENT}\b{_WHEN}(?: and\b)?[:,]?",
    )
)
_OWN = re.compile(
    r"\b(?:in|for) (?:the|this|that) (?:daily |monthly )?(?:report|review|audit|dashboard|project|summary)s?\b", re.I
)
"""In the report may name one of the project's own."""


def without_asker(question: str) -> str:
    """The question alone; all of it where nothing else would be left."""
    rest = question
    for pattern in _ASIDE:
        rest = pattern.sub(lambda m: m[0] if _OWN.fullmatch(m[0].strip(" ,:")) else " ", rest)
    return " ".join(rest.split()) if re.search(r"[A-Za-z]{2,}\W+[A-Za-z0-9]{2,}", rest) else question
