"""The page is one file that asks for nothing, shows every fact, and takes no text for markup."""

from __future__ import annotations

from html.parser import HTMLParser

from include.processing.report.page import generate_html_report, page_data
from tests.unit.processing.reports import HOSTILE, band, check, drift, hostile_report, month_report

VOID = {"meta", "link", "br", "use", "path", "rect", "line", "img"}


class Reader(HTMLParser):
    """Every tag with its attributes, the text, and whether each element is closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text, self.open, self.faults = "", list[str](), list[str]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "


def test_the_page_is_whole_html_that_loads_nothing() -> None:
    page = Reader(generate_html_report(month_report()))
    assert (page.faults, page.open) == ([], [])
    assert {"script", "img", "iframe", "object"} & {tag for tag, _ in page.tags} == set()
    links = [value for _, attributes in page.tags for name, value in attributes.items() if name in ("src", "href")]
    assert sorted(filter(None, links)) == ["#zones", "../../../data_docs/validations/yellow_raw/a.html", "2019-03.csv",
                                           "2019-03.md", "data:,"]  # fmt: skip


def test_no_text_becomes_markup() -> None:
    hostile, plain = generate_html_report(hostile_report()), Reader(generate_html_report(month_report()))
    assert "<script" not in hostile
    assert "<img" not in hostile
    page = Reader(hostile)
    assert (page.faults, page.open) == ([], [])
    known = {name for _, attributes in plain.tags for name in attributes} | {"open"}
    assert {name for _, attributes in page.tags for name in attributes} <= known
    assert page.text.count(HOSTILE) >= 12
    titles = [attributes["title"] for _, attributes in page.tags if "title" in attributes]
    assert HOSTILE in titles


def test_equal_facts_give_equal_bytes() -> None:
    assert generate_html_report(month_report()) == generate_html_report(month_report())


def test_what_is_broken_is_shown_with_examples_and_what_is_waived_with_who_and_why() -> None:
    broken = check("fares", success=False, observed="7 rows", examples=("-5", "NaN"))
    waived = check("counts", success=False, waived_by="A. Keeper", waiver_reason="edited", waived_until="2026-12-31")
    text = " ".join(Reader(generate_html_report(month_report(checks=(broken, waived)))).text.split())
    assert "7 rows at most 3 rows -5, NaN" in text
    assert "Waived by A. Keeper until 2026-12-31: edited" in text
    assert "0 of 2 hold" in text


def test_what_was_not_measured_is_said() -> None:
    assert '<p class="note">Drift has not been measured yet.</p>' in generate_html_report(month_report(drift=None))
    few = drift("insufficient_history", column="", metric="history", note="1 earlier months in reach, 3 are needed")
    page = generate_html_report(month_report(drift=(few,)))
    assert "Nothing could be compared: 1 earlier months in reach, 3 are needed." in page
    lonely = month_report(nulls=(band(low=None, high=None, months=0),))
    assert "there is no band to compare with" in generate_html_report(lonely)


def test_known_changes_are_told_apart_from_alarms() -> None:
    moved = (drift("known", note="surcharge since 2019-02", value=3.1), drift("alarm", column="trip_type", value=0.4))
    text = " ".join(Reader(generate_html_report(month_report(drift=moved))).text.split())
    assert "trip type alarm psi 0.4 0.2" in text
    assert "fare usd known psi 3.1 0.2 surcharge since 2019-02" in text


def test_a_synthetic_month_says_so() -> None:
    assert "Nobody drove these trips" in generate_html_report(month_report(synthetic=True))
    assert "Nobody drove these trips" not in generate_html_report(month_report())


def test_a_month_that_lost_no_row_and_has_no_checks_can_be_shown() -> None:
    bare = month_report(rows_kept=1000, rejects=(), checks=(), nulls=(), distributions=(), pickups={}, outliers={},
                        summary={"raw": {}, "clean": {}}, docs={})  # fmt: skip
    assert page_data(bare)["waterfall"].start == 0
    assert "1,000" in generate_html_report(bare)
