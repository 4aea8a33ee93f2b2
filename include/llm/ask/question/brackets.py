"""A bracket that only explains is no part of a question: (not the mean!), (I know that cash tips are not recorded)."""

from __future__ import annotations

import re

_BRACKET = re.compile(r"\(([^()]*)\)")
_KINDS = (
    r"(?:mean|average|avg|median|sum|total|count|number|share|percentage|percent|maximum|max|minimum|min|mode|"
    r"rate|absolute|relative|predicted|estimate[ds]?|guess)"
)
_NOT_MEANT = re.compile(
    rf"^\W*(?:and |so |but )?not (?:the |a |an |its )?{_KINDS}(?:s| value| figure)?\W*$", re.IGNORECASE
)
"""What is not asked for."""
_KNOWN = re.compile(
    r"(?:^|(?<=[,;.:-]) ?)\s*(?:and |but |as |since |because )?(?:i|we) "
    r"(?:do |already |of course )*(?:know|realise|realize|understand|am aware|are aware|see|remember|get)\b[^,;]*",
    re.IGNORECASE,
)
"""What the asker knows already."""


def without_explanations(question: str) -> str:
    """The question without what its brackets only explain; what would narrow it stays."""
    return _BRACKET.sub(lambda m: _kept(m[1], m[0]), question)


def _kept(inside: str, bracket: str) -> str:
    if _NOT_MEANT.match(inside):
        return " "
    rest = _KNOWN.sub("", inside).strip(" ,;.:-")
    if rest == inside.strip(" ,;.:-"):
        return bracket
    return f"({rest})" if rest else " "
