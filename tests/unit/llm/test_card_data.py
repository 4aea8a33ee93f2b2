"""What a card says of months is what the warehouse says, and nothing where it is silent."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Engine, insert

from include.config import Settings
from include.llm.card_data import data_months
from include.warehouse.engine import get_engine
from include.warehouse.schema import init_db
from include.warehouse.tables import DRIFT, INGESTION, QUALITY

KEY = {"service": "yellow", "month": "2019-03"}


@pytest.fixture
def engine(settings: Settings) -> Engine:
    settings.home.mkdir(parents=True)
    made = get_engine(settings)
    init_db(made)
    now = datetime(2019, 6, 1)
    shared = KEY | {"validated_at": now, "column_name": "", "severity": "warning"}
    quality = [
        shared | {"suite": "cleaning", "expectation": "reversal", "success": True, "unexpected_count": 7,
                  "limit_text": "takes back another row"},
        shared | {"suite": "yellow_raw", "expectation": "a", "success": False},
        shared | {"suite": "yellow_raw", "expectation": "b", "success": False, "waived_by": "ana"},
        shared | {"suite": "report", "expectation": "verdict", "success": True, "limit_text": "look",
                  "observed": "So."},
    ]  # fmt: skip
    found = [("speed", "psi", "warning"), ("speed", "ks", "alarm"), ("fare", "psi", "ok"), ("tolls", "psi", "known")]
    drift = [
        KEY | {"column_name": column, "segment": "s", "segment_value": "", "metric": metric, "verdict": verdict}
        for column, metric, verdict in found
    ]
    with made.begin() as connection:
        connection.execute(insert(INGESTION), KEY | {"origin": "a file", "rows_read": 100, "ingested_at": now})
        for row in quality:
            connection.execute(insert(QUALITY), row)
        connection.execute(insert(DRIFT), drift)
    return made


def test_a_month_is_told_with_its_rejects_verdict_and_drift(engine: Engine) -> None:
    (month,) = data_months(engine, "yellow", ["2019-03"])
    assert (month["origin"], month["rows_read"], month["rows_kept"]) == ("a file", 100, 93)
    assert month["rejects"] == {"reversal": 7}
    assert month["verdict"] == {"level": "look", "sentence": "So."}
    assert (month["expectations"], month["broken"], month["waived"]) == (2, 1, 1)
    assert month["drift"] == {"compared": 4, "told": ["speed (alarm)", "tolls (known)"], "note": ""}


def test_a_month_that_nobody_knows_is_silent(engine: Engine) -> None:
    (month,) = data_months(engine, "yellow", ["2019-04"])
    for name in ("origin", "rows_read", "rows_kept", "rejects", "verdict", "expectations", "broken", "drift"):
        assert month[name] is None
