"""`make security`, second part: the pinned packages against the known vulnerabilities.

pip-audit ends with 0 when it could look up nothing at all, so its report is read here. Exit codes: 0 every package was
looked up and none is known to be vulnerable, 1 some are, 3 the database could not be asked about every package.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from include.config import ROOT

PINS = ("requirements.txt", "requirements-serving-llm.txt", "requirements-dashboard.txt")
NOT_AUDITED = 3
SHOWN = 5


def verdict(dependencies: Iterable[dict[str, Any]]) -> tuple[int, list[str]]:
    """pip-audit's dependencies -> exit code and sentences."""
    known = list(dependencies)
    skipped = sorted(found["name"] for found in known if "skip_reason" in found)
    vulnerable = [found for found in known if found.get("vulns")]
    said = [_told(found, fault) for found in vulnerable for fault in found["vulns"]]
    if skipped:
        names = ", ".join(skipped[:SHOWN]) + (", ..." if len(skipped) > SHOWN else "")
        said.append(f"NOT AUDITED: {len(skipped)} of {len(known)} packages are not in the database that could be "
                    f"asked ({names}). Run it where pypi.org's advisories can be reached.")  # fmt: skip
    if vulnerable:
        return 1, said
    return (NOT_AUDITED, said) if skipped or not known else (0, [f"{len(known)} packages, none known to be vulnerable"])


def _told(found: dict[str, Any], fault: dict[str, Any]) -> str:
    mended = ", ".join(fault.get("fix_versions", ())) or "no version yet"
    return f"VULNERABLE: {found['name']} {found['version']}: {fault['id']}; mended in {mended}"


def audit(file: Path) -> tuple[int, list[str]]:
    """Looks up one file of pins."""
    options = ["--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(file), *options]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return verdict(json.loads(told.stdout)["dependencies"])
    except (ValueError, KeyError):
        last = (told.stderr.strip().splitlines() or ["no reason given"])[-1][:300]
        return NOT_AUDITED, [f"NOT AUDITED: the database of vulnerabilities could not be asked: {last}"]


def main() -> None:
    """Every file of pins; the worst exit code."""
    outcomes = {name: audit(ROOT / name) for name in PINS}
    for name, (_, said) in outcomes.items():
        for sentence in said:
            print(f"{name}: {sentence}")
    codes = {code for code, _ in outcomes.values()}
    sys.exit(1 if 1 in codes else max(codes))


if __name__ == "__main__":
    main()
