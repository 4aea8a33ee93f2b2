"""What the home holds of each month is found by the names of files, and by nothing else that lies there."""

from __future__ import annotations

from pathlib import Path

from taxi_ui.catalog import Validation, month_pages, validations

from tests.unit.plugins.homes import filled, write


def test_months_have_their_pages_newest_first(tmp_path: Path) -> None:
    newest, older = month_pages(filled(tmp_path))
    assert (newest.service, newest.month, older.month) == ("green", "2023-02", "2023-01")
    assert newest.quality == {kind: f"reports/quality/green/2023-02.{kind}" for kind in ("csv", "html", "md")}
    assert newest.models == {"fare_usd": "reports/models/green/2023-02/fare_usd.html"}
    assert list(newest.docs) == ["raw", "clean"]
    assert (older.quality, older.models, older.verdict) == ({}, {}, "")


def test_the_verdict_is_the_reports_sentence_without_its_escapes(tmp_path: Path) -> None:
    newest, _ = month_pages(filled(tmp_path))
    assert newest.verdict == "Green 2023-02 can be used; look at fares_up. 9 of 10 rows are kept."


def test_services_keep_their_order(tmp_path: Path) -> None:
    for service in ("fhv", "green", "yellow"):
        write(tmp_path / f"reports/quality/{service}/2020-01.html")
    assert [pages.service for pages in month_pages(tmp_path)] == ["yellow", "green", "fhv"]


def test_what_is_no_month_or_service_is_passed_over(tmp_path: Path) -> None:
    for name in ("green/notes.html", "green/2023-13.html", "green/.2023-01.html.x.tmp", "pink/2023-01.html"):
        write(tmp_path / "reports/quality" / name)
    write(tmp_path / "data_docs/validations/green_raw/green-old/x/y.html")
    assert month_pages(tmp_path) == []


def test_the_last_validation_of_a_stage_counts(tmp_path: Path) -> None:
    raw, clean = validations(filled(tmp_path), "green", "2023-02")
    folder = "data_docs/validations/green_raw/green-2023-02/20230402T000000.000000Z"
    assert raw == Validation("raw", "Raw month", f"{folder}/lake-green-2023-02-raw.html", held=83, asked=84)
    assert (clean.stage, clean.held, clean.asked) == ("clean", 10, 10)
    assert validations(tmp_path, "green", "2023-03") == []


def test_a_page_without_its_record_has_no_counts(tmp_path: Path) -> None:
    write(tmp_path / "data_docs/validations/fhv_raw/fhv-2020-01/20200301T000000Z/page.html")
    (found,) = validations(tmp_path, "fhv", "2020-01")
    assert (found.held, found.asked) == (None, None)
