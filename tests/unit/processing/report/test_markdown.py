"""The short report holds the same facts, and nothing in it is taken for markup."""

from __future__ import annotations

import html
import re

from markdown_it import MarkdownIt

from include.processing.report.markdown import escape, generate_markdown_report
from tests.unit.processing.reports import HOSTILE, band, check, drift, hostile_report, month_report


def test_the_facts_are_there() -> None:
    told = generate_markdown_report(month_report(
        checks=(check("fares", success=False, examples=("-5",)),),
        nulls=(band(outside=True, percent=23.4),),
        drift=(drift("alarm", segment="vendor", segment_value="6", metric="constant", value=1.0),),
    ))  # fmt: skip
    assert "**Yellow 2019-03 can be used; look at fares; the drift of fare_usd; the nulls of passenger_count." in told
    assert "| negative amount | 10 | 1.0 % |" in told
    assert "| fares | raw | broken, warning | 5 rows break it | at most 3 rows | -5 |" in told
    assert "| passenger_count | 23.4 % | 1.5 % to 2.5 % | unusual |" in told
    assert "| fare_usd vendor 6 | alarm | constant 1 | 0.2 |  |" in told


def test_what_was_not_measured_is_said() -> None:
    assert "## Drift\n\nDrift has not been measured yet." in generate_markdown_report(month_report(drift=None))
    few = drift("insufficient_history", column="", metric="history", note="1 earlier months in reach, 3 are needed")
    told = generate_markdown_report(month_report(drift=(few,)))
    assert "Nothing could be compared: 1 earlier months in reach, 3 are needed." in told


def test_a_waiver_names_who_and_until_when() -> None:
    waived = check(success=False, waived_by="A. Keeper", waiver_reason="edited", waived_until="2026-12-31")
    told = generate_markdown_report(month_report(checks=(waived,)))
    assert "waived, warning, waived by A. Keeper until 2026-12-31: edited" in told


def test_no_text_becomes_markup() -> None:
    told = generate_markdown_report(hostile_report())
    shown = MarkdownIt("commonmark", {"html": True}).enable("table").render(told)
    assert set(re.findall(r"<(\w+)", shown)) == {
        "h1",
        "h2",
        "p",
        "strong",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "a",
    }
    assert re.findall(r'href="([^"]*)"', shown) == ["2019-03.html", "2019-03.csv"]
    assert html.unescape(shown).count(HOSTILE) >= 10


def test_escaping_keeps_a_text_on_one_line_and_leaves_names_readable() -> None:
    assert escape("a\n# b|c") == "a # b\\|c"
    assert escape("fare_usd _x_ *y* https://z") == "fare_usd \\_x\\_ \\*y\\* https\\://z"
