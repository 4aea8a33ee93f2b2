"""What a run ends with, read from a warehouse that an earlier version wrote to as well."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from rich.console import Console
from sqlalchemy import insert

from include.config import Settings
from include.trips.month import Month
from include.warehouse.engine import get_engine
from include.warehouse.schema import init_db
from include.warehouse.tables import PROMOTIONS, RUNS
from scripts.platform_summary import print_results


@pytest.mark.parametrize(
    ("losses", "shown"),
    [({"test_loss": {"challenger": 3.25}}, "challenger 3.250"),
     ({"test_mae": {"challenger": 3.25}}, "challenger 3.250"),
     ({}, "not kept")],
)  # fmt: skip
def test_decisions_of_every_version_are_shown(settings: Settings, losses: dict[str, Any], shown: str) -> None:
    asked = settings.model_copy(update={"months": (Month(2019, 2),)})
    init_db(get_engine(asked))
    name = "nyc_taxi_yellow_duration_min"
    summary = {"champion": f"{name}/1", "action": "promote", "reason": "first champion"} | losses
    with get_engine(asked).begin() as connection:
        connection.execute(insert(PROMOTIONS), {"model_name": name, "test_month": "2019-02", "plan_key": "k",
                                                "summary": json.dumps(summary)})  # fmt: skip
        connection.execute(insert(RUNS), {"run_id": "r", "service": "yellow", "month": "2019-02", "family": "ridge",
                                          "target": "duration_min", "mae_tune": 4.5, "fit_seconds": 1.0})  # fmt: skip
    page = io.StringIO()
    print_results(asked, {}, Console(file=page, width=110))
    text = page.getvalue()
    assert f"duration_min: champion {name}/1; promote: first champion; mae on 2019-02: {shown}" in text
    assert "4.500" in text
