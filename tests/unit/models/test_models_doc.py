"""docs/MODELS.md says which families there are: the same as the table that trains."""

from __future__ import annotations

import yaml

from include.config.settings import ROOT
from include.models.families import CLASSIFICATION, REGRESSION, family_names, find_row


def told(family: str, task: str) -> list[str]:
    row = find_row(family, task)
    if row is None:
        return ["-", "-"]
    return [f"`{row.estimator}`", ", ".join(row.search) or "-"]


def test_the_table_of_families_is_the_codes() -> None:
    lines = (ROOT / "docs" / "MODELS.md").read_text(encoding="utf-8").split("## Protocol")[0].splitlines()
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    default = yaml.safe_load((ROOT / "include/config/defaults.yaml").read_text(encoding="utf-8"))["families"]
    assert table[1:] == [
        [name, "yes" if name in default else "no", *told(name, REGRESSION), *told(name, CLASSIFICATION)]
        for name in family_names()
    ]
