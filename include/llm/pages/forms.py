"""How a question is put tells whether something is to be done or to be explained."""

from __future__ import annotations

import re

_BEGINS = r"(?:^|[.,;:?!(]\s|\s-\s|\band\s|\bor\s|\bso\s|\bthen\s)\s*(?:please\s|pls\s|also\s)?"
"""Where a question may begin: people tell what happened first."""
_AT_BEGIN = (
    r"which (?:command|setting|make target|environment|variable|endpoint|flag|script|button)",
    r"what (?:command|setting|make target|environment|variable|option|endpoint|flag|now)",
    r"what (?:do|must|should|can|shall) (?:i|we|one)",
    r"where (?:do|can|should|must|would) (?:i|we|one|you|people)\b|where to\b",
    r"where (?:is|are) (?:\w+ ){0,4}(?:files?|logs?|settings?|defaults?|stored|kept|written|folder|page|report)\b",
    r"commands? (?:to|for)|steps?\b|ways? to|can (?:i|we|one|you)\b|may (?:i|we)\b|do (?:i|we) (?:have|need) to",
    r"(?:is|are) (?:there|it) (?:a |any |some )?(?:way|command|possib\w+|option|setting|switch)",
    r"(?:i|we)(?:'d| would)? (?:want|need|like|wish|have) to\b(?! know)|(?:want|need|trying|like) to\b(?! know)",
    r"(?:i|we) (?:want|need)\b(?! (?:the|to know)\b)",
)
_ANYWHERE = (
    r"\bhow (?:do|can|should|would|to|does one|must|might|could|shall)\b|\bcommand\b|\bprocedure\b",
    r"\bstep by step\b|\bsteps\b|\bnext step\b|\bpossible\s*\??$|[,.]\s*how\s*\??$",
)
_TO_BE_DONE = re.compile("|".join((f"{_BEGINS}(?:{'|'.join(_AT_BEGIN)})", *_ANYWHERE)))


def is_howto(question: str) -> bool:
    """Something is to be done: a command, a setting or steps are asked for."""
    return bool(_TO_BE_DONE.search(question.lower().replace("\u2019", "'")))
