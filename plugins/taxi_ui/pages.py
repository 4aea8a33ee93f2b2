"""The pages that the plugin writes itself: no script, every value escaped by Jinja, one policy."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from taxi_ui.policies import PLAIN, headers

TITLE = "Smart Analytics"


def page(template: str, status: int = 200, **data: Any) -> HTMLResponse:
    """A template as a response; it is made anew each time, so nobody keeps it."""
    text = _environment().get_template(f"{template}.html.jinja").render(site=TITLE, **data)
    return HTMLResponse(text, status, headers=headers(PLAIN) | {"cache-control": "no-store"})


def notice(title: str, sentence: str, todo: str = "", *commands: str, status: int = 200) -> HTMLResponse:
    """A page that says what is so, and the next step: a sentence, and the commands that take it, one or the other."""
    return page("notice", status, title=title, sentence=sentence, todo=todo, commands=commands)


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
