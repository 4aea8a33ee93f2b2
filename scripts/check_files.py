"""Files for a commit: none is large, and those that are YAML, TOML or JSON parse. `check_files.py FILE...`"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

MAX_BYTES = 400_000
"""The largest of the project's own, a map of the taxi zones, has 237,000; data belongs into the lake."""


class Strict(yaml.SafeLoader):
    """YAML in which a key may come once: the last of two wins without a word, and Compose refuses the file."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """ValueError that names the key and its line."""
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise ValueError(f"{key.value!r} comes twice in one mapping, again in line {key.start_mark.line + 1}")
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


PARSERS: dict[str, Callable[[str], Any]] = {
    ".json": json.loads,
    ".geojson": json.loads,
    ".ipynb": json.loads,
    ".toml": tomllib.loads,
    ".yaml": lambda text: list(yaml.load_all(text, Strict)),
    ".yml": lambda text: list(yaml.load_all(text, Strict)),
}


def problem(path: Path) -> str | None:
    """What is wrong with a file, in a sentence; None when nothing is."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        return f"{path} has {size:,} bytes, more than {MAX_BYTES:,}: keep data out of the repository."
    if parse := PARSERS.get(path.suffix):
        try:
            parse(path.read_text(encoding="utf-8"))
        except (ValueError, yaml.YAMLError) as fault:
            return f"{path} is no {path.suffix.removeprefix('.').upper()}: {fault}"
    return None


def main() -> None:
    """Exit code 1 when a file has a problem; each is printed."""
    found = [said for name in sys.argv[1:] if (said := problem(Path(name)))]
    sys.exit("\n".join(found) if found else 0)


if __name__ == "__main__":
    main()
