"""What is asked of the assistant and the cards, and where an answer's sources lead."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from include.config import ROOT
from include.dashboard.api import Api
from include.dashboard.citations import about, card_filters, filters, named, passage
from include.dashboard.pages.ask import fact_rows, signature
from include.dashboard.pages.cards import newest_first
from include.dashboard.sources import last_of_each

FARE = "nyc_taxi_yellow_fare_usd"


def test_a_question_goes_as_it_was_typed_and_a_card_comes_as_markdown() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"answer": "yes"})

    api = Api("http://api.test", "k", httpx.MockTransport(answer))
    assert api.ask("how good?", None) == {"answer": "yes"}
    assert json.loads(seen[0].content) == {"question": "how good?", "service": None}
    api.card(FARE, "../../admin")
    assert (seen[1].headers["accept"], seen[1].headers["x-api-key"]) == ("text/markdown", "k")
    assert seen[1].url.raw_path.decode() == f"/model-cards/{FARE}/..%2F..%2Fadmin"


def test_facts_are_a_table_without_empty_columns() -> None:
    facts: list[dict[str, Any]] = [{"name": "mae", "value": 2.31, "unit": "USD", "month": None, "family": "ridge"},
                                   {"name": "rows", "value": 40, "unit": ""}]  # fmt: skip
    assert fact_rows(facts) == [{"name": "mae", "value": "2.31", "unit": "USD", "family": "ridge"},
                                {"name": "rows", "value": "40", "unit": "", "family": ""}]  # fmt: skip
    assert fact_rows([]) == []
    named_first = fact_rows([{"name": "mae", "value": 2.119, "unit": "USD", "shown": "2.12 USD", "family": "ridge"}])[0]
    assert list(named_first) == ["name", "shown", "family", "value", "unit"]


def test_an_answer_says_who_worded_it() -> None:
    assert signature({"written_by": "rules", "kind": "howto", "request_id": "r"}).startswith("Composed by rules, from")
    assert "gpt" in signature({"written_by": "gpt", "kind": "unknown"})


def test_a_table_leads_to_its_page_with_the_filters_of_the_place() -> None:
    assert filters({"model": f"{FARE}/3", "month": "2019-04"}) == {
        "service": "yellow", "target": "Fare", "month": "2019-04"}  # fmt: skip
    assert filters({"service": "green", "target": "high_tip"}) == {"service": "green", "target": "Chance of a high tip"}
    assert filters({"target": "weather", "heading": "x"})["target"] == ""
    assert filters({"month": "2019-01, 2019-02"}) == {"month": "2019-02"}
    assert filters({}) == {}


def test_a_table_is_about_what_was_asked_for_first() -> None:
    facts = [{"target": "fare_usd", "service": "green"}, {"target": "high_tip"}]
    cited = {"kind": "table", "source": "model_performance", "where": {"service": "yellow"}}
    assert about(cited, facts)["where"] == {"service": "yellow", "target": "fare_usd"}
    assert about(cited, [])["where"] == {"service": "yellow"}
    assert about(cited | {"kind": "document"}, facts)["where"] == {"service": "yellow"}
    assert cited["where"] == {"service": "yellow"}


def test_a_source_is_named_once() -> None:
    assert named("docs/MODELS.md, Families", "docs/MODELS.md") == "docs/MODELS.md, Families"
    assert named("Scores", "model_performance") == "Scores (model_performance)"


@pytest.mark.parametrize(
    ("source", "where", "told"),
    [(f"{FARE}/3", {}, {"model": FARE, "version": "3"}), (FARE, {}, {"model": FARE}),
     ("card", {"name": FARE, "version": 2}, {"model": FARE, "version": "2"})],
)  # fmt: skip
def test_a_card_is_named_by_its_source_or_its_place(source: str, where: dict[str, Any], told: dict[str, str]) -> None:
    assert card_filters(source, where) == told


def test_only_documents_are_quoted(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "A.md").write_text("# A\ntext\n")
    (tmp_path / "secret.md").write_text("# A\nsecret\n")
    assert passage(tmp_path, "docs/A.md", "A") == passage(tmp_path, "docs/A.md#a", "A") == "text"
    for outside in ("secret.md", "docs/../secret.md", "/etc/passwd", "docs", "docs/B.md", ""):
        assert passage(tmp_path, outside, "A") == ""
    assert passage(ROOT, "docs/DASHBOARD.md", "The dashboard")


def test_the_champions_card_comes_first_then_the_later_version() -> None:
    cards = [{"version": v, "champion": v == 2} for v in (1, 2, 10)]
    assert [card["version"] for card in newest_first(cards)] == [2, 10, 1]


def test_a_month_that_was_done_again_shows_its_last_fits() -> None:
    fits = [{"family": f, "month": "2019-06", "created_at": at, "run_id": run}
            for f, at, run in (("a", "2", "new"), ("a", "1", "old"), ("b", "1", "only"))]  # fmt: skip
    assert [row["run_id"] for row in last_of_each(fits)] == ["new", "only"]
