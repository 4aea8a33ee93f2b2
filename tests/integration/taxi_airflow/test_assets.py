"""What asset events say, and when a champion is announced."""

from __future__ import annotations

from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowSkipException
from taxi_airflow import assets
from taxi_airflow.assets import announce, assets_of, facts, made

pytestmark = pytest.mark.integration
CHAMPION = assets_of("green").champion
STANDS = {"fare_usd": {"model": "nyc_taxi_green_fare_usd/2", "tested_on": "2023-02", "sha256": "ab"}}


class Events(list[Any]):
    """An asset's events, newest first, as Airflow's accessor gives them."""

    def ascending(self, _: bool) -> Events:
        return self

    def limit(self, count: int) -> Events:
        return Events(self[:count])


@pytest.fixture
def context(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The context of a task that makes `raw`, before any champion was announced."""
    raw = assets_of("green").raw
    found: dict[str, Any] = {"task": SimpleNamespace(outlets=[raw]), "inlet_events": {CHAMPION.name: Events()},
             "outlet_events": defaultdict(SimpleNamespace)}  # fmt: skip

    class ByName(dict[Any, Any]):
        def __getitem__(self, asset: Any) -> Any:
            return found["inlet_events"][asset.name]

    class Outlets(dict[Any, Any]):
        def __getitem__(self, asset: Any) -> Any:
            return found["outlet_events"][asset.name]

    given = found | {"inlet_events": ByName(), "outlet_events": Outlets()}
    monkeypatch.setattr(assets, "get_current_context", lambda: given)
    return found


def test_an_event_says_month_rows_and_content() -> None:
    result = {"uri": "/lake/raw/service=green/month=2023-01/7b30.parquet", "rows": 5, "status": "done", "unknown": []}
    assert facts("2023-01", result) == {
        "month": "2023-01", "rows": 5, "status": "done", "uri": result["uri"], "sha256": "7b30"
    }  # fmt: skip


def test_a_step_hands_its_result_on_and_tells_its_outlets(context: dict[str, Any]) -> None:
    result = {"uri": "/lake/7b30.parquet", "rows": 5, "status": "unchanged"}
    assert made("2023-01", result) is result
    assert context["outlet_events"]["nyc_taxi_green_raw"].extra["rows"] == 5


@pytest.mark.parametrize("before", [[], [{"champions": {}}], [{"champions": {"fare_usd": "another"}}]])
def test_another_champion_than_was_announced_last_is_announced(context: dict[str, Any], before: list[Any]) -> None:
    context["inlet_events"][CHAMPION.name] = Events(SimpleNamespace(extra=extra) for extra in before)
    assert announce(CHAMPION, "2023-02", STANDS) == STANDS
    assert context["outlet_events"][CHAMPION.name].extra == {"month": "2023-02", "champions": STANDS}


def test_the_champion_that_was_announced_last_is_not_announced_again(context: dict[str, Any]) -> None:
    newest, older = {"champions": STANDS}, {"champions": {"fare_usd": "another"}}
    context["inlet_events"][CHAMPION.name] = Events(SimpleNamespace(extra=extra) for extra in (newest, older))
    with pytest.raises(AirflowSkipException, match="No champion has changed"):
        announce(CHAMPION, "2023-03", STANDS)
    assert CHAMPION.name not in context["outlet_events"]


def test_nobody_is_announced_while_there_is_no_champion(context: dict[str, Any]) -> None:
    with pytest.raises(AirflowSkipException, match="there is none"):
        announce(CHAMPION, "2023-01", {})


def test_each_service_has_assets_of_its_own() -> None:
    names = {asset.uri for service in ("green", "yellow") for asset in vars(assets_of(service)).values()}
    assert len(names) == 8
