"""Text that somebody else wrote, made safe to set as Markdown: nothing in it is fetched, and a dollar is a dollar."""

from __future__ import annotations

import re

CODE = re.compile(r"(```.*?```|`[^`\n]*`)", re.DOTALL)
INLINE_PICTURE = re.compile(r"!\[([^\]]*)\]\(data:[^)]*\)")
DOCUMENT_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((?!\w+:)[^)]*\)")
HEADING = re.compile(r"^(?=#{1,5}\s)", re.MULTILINE)
DOLLAR = re.compile(r"(?<!\\)\$")


def calm(text: str, within: bool = False) -> str:
    """The same Markdown; a picture becomes a link, which fetches nothing, and `$` begins no formula. Code stays as is.

    A picture that the text itself contains becomes its description: Streamlit sets no address of that kind. `within`
    makes each heading one level lower, for a page that has a title of its own. A link from one document to another is
    its text: no page has that address.
    """
    parts = CODE.split(text)
    parts[::2] = [HEADING.sub("#" * within, _calmed(part)) for part in parts[::2]]
    return "".join(parts)


def _calmed(part: str) -> str:
    plain = DOCUMENT_LINK.sub(r"\1", INLINE_PICTURE.sub(r"*\1*", part))
    return DOLLAR.sub(r"\\$", plain.replace("![", "["))


def section(text: str, heading: str) -> str:
    """What a Markdown document says below a heading, up to the next one of its level or above; "" for another one."""
    found = re.search(rf"^(#+)\s+{re.escape(heading.lstrip('# ').strip())}\s*$", text, re.MULTILINE | re.IGNORECASE)
    if not heading.strip() or found is None:
        return ""
    rest = text[found.end() :]
    after = re.search(rf"^#{{1,{len(found[1])}}}\s", CODE.sub(_blank, rest), re.MULTILINE)
    return rest[: after.start() if after else len(rest)].strip()


def _blank(code: re.Match[str]) -> str:
    """As long as the code, without its lines: a comment in a script is no heading."""
    return " " * len(code[0])
