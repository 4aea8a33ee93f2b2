"""Prompts are files of this folder, `<name>.v<number>.md`. A change of wording is a new number, never an edit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from include.errors import WriterError

FOLDER = Path(__file__).parent


def read(prompt: str) -> str:
    """The text of a prompt by its file's stem, e.g. "model_card.v1". WriterError for any other name."""
    known = sorted(path.stem for path in FOLDER.glob("*.v*.md"))
    if prompt not in known:
        raise WriterError(f"There is no prompt {prompt!r}; include/llm/prompts has {', '.join(known) or 'none'}.")
    return (FOLDER / f"{prompt}.md").read_text(encoding="utf-8")


def as_message(facts: Mapping[str, str]) -> str:
    """The facts as a JSON object, in one order: equal facts give equal bytes."""
    return json.dumps(dict(facts), ensure_ascii=False, indent=1, sort_keys=True)
