"""A card as Markdown, and as one HTML file: styles and drawings inside, no script, nothing fetched, all text escaped."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path

from include.llm.card_figures import FIGURES
from include.llm.guard import PLACEHOLDER

TEMPLATE = Path(__file__).resolve().parents[2] / "docs" / "MODEL_CARD_TEMPLATE.md"
STYLE = Path(__file__).with_name("card.css")
MARK = "figure-comes-here-"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def template_slots() -> set[str]:
    """The slots that the template names."""
    return set(PLACEHOLDER.findall(TEMPLATE.read_text(encoding="utf-8")))


def markdown_of(slots: Mapping[str, str]) -> str:
    """The template with its slots filled once: a value's own braces stay text. Figures are the page's alone."""
    told = dict.fromkeys(FIGURES, "") | dict(slots)
    return re.sub(r"\n{3,}", "\n\n", _filled(told))


def page_of(title: str, slots: Mapping[str, str], figures: Mapping[str, str]) -> str:
    """The same as a page, with its figures."""
    from markdown_it import MarkdownIt

    marks = {name: f"{MARK}{name.removeprefix('figure_')}" for name in FIGURES}
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    body = reader.render(_filled(marks | dict(slots)))
    for name, mark in marks.items():
        body = body.replace(f"<p>{mark}</p>", figures.get(name, ""))
    body = body.replace("<table>", '<div class="scroll"><table>').replace("</table>", "</table></div>")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f'<meta name="color-scheme" content="light dark"><title>{escape(title)}</title><link rel="icon" href="data:,">'
        f"<style>\n{STYLE.read_text(encoding='utf-8')}</style></head>\n<body><main>\n{body}</main></body></html>\n"
    )


def fill(text: str, slots: Mapping[str, str]) -> str:
    """A text with its placeholders replaced, once and from left to right; KeyError for one that has no value."""
    return PLACEHOLDER.sub(lambda found: slots[found[1]], text)


def _filled(slots: Mapping[str, str]) -> str:
    return fill(TEMPLATE.read_text(encoding="utf-8"), slots)
