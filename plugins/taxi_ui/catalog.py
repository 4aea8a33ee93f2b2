"""What the home holds of each month: reports, Data Docs, evaluations; found by the names of files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

from include.config import SERVICES
from include.trips.month import Month

STAGES = {"raw": "Raw month", "clean": "Clean month", "features": "Features"}
"""Validated stage -> what a reader calls it, in the order in which they are validated."""
QUALITY, MODELS, DOCS = "reports/quality", "reports/models", "data_docs"
RESULTS = "gx/uncommitted/validations"
VERDICT_LINES = 12


@dataclass(frozen=True)
class Validation:
    """A stage's newest validation. `page` is an address below the home; the counts are None when its record is gone."""

    stage: str
    title: str
    page: str
    held: int | None = None
    asked: int | None = None


@dataclass
class MonthPages:
    """Addresses below the home; `verdict` is the quality report's sentence."""

    service: str
    month: str
    quality: dict[str, str] = field(default_factory=dict)
    models: dict[str, str] = field(default_factory=dict)
    docs: dict[str, str] = field(default_factory=dict)
    verdict: str = ""


def month_pages(home: Path) -> list[MonthPages]:
    """Every service-month that has a page, services in their order, newest month first. Other files are passed over."""
    found: dict[tuple[str, str], MonthPages] = {}

    def of(service: str, month: str) -> MonthPages:
        return found.setdefault((service, month), MonthPages(service, month))

    for service in SERVICES:
        for path in sorted(home.joinpath(QUALITY, service).glob("*.*")):
            if is_month(path.stem) and path.suffix in (".html", ".md", ".csv"):
                of(service, path.stem).quality[path.suffix[1:]] = f"{QUALITY}/{service}/{path.name}"
        for path in sorted(home.joinpath(MODELS, service).glob("*/*.html")):
            if is_month(path.parent.name):
                of(service, path.parent.name).models[path.stem] = f"{MODELS}/{service}/{path.parent.name}/{path.name}"
        for stage, month, page in _newest_docs(home, service):
            of(service, month).docs[stage] = page
    for pages in found.values():
        pages.verdict = verdict(home, pages.quality.get("md"))
    order: dict[str, int] = {service: place for place, service in enumerate(SERVICES)}
    newest_first = sorted(found.values(), key=lambda pages: pages.month, reverse=True)
    return sorted(newest_first, key=lambda pages: order[pages.service])


def validations(home: Path, service: str, month: str) -> list[Validation]:
    """The newest validation of each stage of a month that has one, with how many expectations held."""
    pages = {stage: page for stage, found, page in _newest_docs(home, service) if found == month}
    return [Validation(stage, title, pages[stage], *_counts(home, pages[stage]))
            for stage, title in STAGES.items() if stage in pages]  # fmt: skip


def verdict(home: Path, report: str | None) -> str:
    """The sentence in bold of a quality report in Markdown; empty without one."""
    path = home / (report or "")
    lines = path.read_text(encoding="utf-8").splitlines()[:VERDICT_LINES] if path.is_file() else []
    bold = (re.fullmatch(r"\*\*(.+)\*\*", line) for line in lines)
    return next((unescape(re.sub(r"\\([\W_])", r"\1", match[1])) for match in bold if match), "")


def is_month(text: str) -> bool:
    """True for `YYYY-MM`, from TLC's first month on."""
    try:
        Month.parse(text)
    except ValueError:
        return False
    return True


def _newest_docs(home: Path, service: str) -> Iterator[tuple[str, str, str]]:
    """(stage, month, page) of a service's validations; of a month that was validated again, the last time's."""
    for stage in STAGES:
        suite = home / DOCS / "validations" / f"{service}_{stage}"
        for run in sorted(suite.glob(f"{service}-*")):
            month = run.name.removeprefix(f"{service}-")
            pages = sorted(run.glob("*/*.html"))
            if is_month(month) and pages:
                yield stage, month, pages[-1].relative_to(home).as_posix()


def _counts(home: Path, page: str) -> tuple[int | None, int | None]:
    """(held, asked) of the validation behind a page, from Great Expectations' own record."""
    record = home / RESULTS / Path(page).relative_to(f"{DOCS}/validations").with_suffix(".json")
    if not record.is_file():
        return None, None
    counted = json.loads(record.read_text(encoding="utf-8"))["statistics"]
    return int(counted["successful_expectations"]), int(counted["evaluated_expectations"])
