"""A home with pages, made by hand: what the phases write, at the size of a sentence."""

from __future__ import annotations

import json
from pathlib import Path

VERDICT = "Green 2023-02 can be used; look at fares\\_up. 9 of 10 rows are kept."


def write(path: Path, text: str = "x") -> Path:
    """A file with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def validation(home: Path, service: str, month: str, stage: str, at: str, held: int, asked: int) -> None:
    """A page of Data Docs, with the record behind it."""
    name = f"{service}_{stage}/{service}-{month}/{at}/lake-{service}-{month}-{stage}"
    write(home / "data_docs/validations" / f"{name}.html", f"<html>{stage} of {month} at {at}</html>")
    counted = {"successful_expectations": held, "evaluated_expectations": asked}
    write(home / "gx/uncommitted/validations" / f"{name}.json", json.dumps({"statistics": counted}))


def filled(home: Path) -> Path:
    """Green 2023-01, and 2023-02 with a report, two validations of its raw month, and a model that met it."""
    for suffix in ("html", "csv"):
        write(home / f"reports/quality/green/2023-02.{suffix}")
    write(home / "reports/quality/green/2023-02.md", f"# Data quality\n\n**{VERDICT}**\n\n**not this one**\n")
    write(home / "reports/models/green/2023-02/fare_usd.html")
    validation(home, "green", "2023-01", "raw", "20230301T000000.000000Z", 84, 84)
    validation(home, "green", "2023-02", "raw", "20230401T000000.000000Z", 80, 84)
    validation(home, "green", "2023-02", "raw", "20230402T000000.000000Z", 83, 84)
    validation(home, "green", "2023-02", "clean", "20230402T000001.000000Z", 10, 10)
    write(home / "data_docs/index.html", "<html>index</html>")
    return home
