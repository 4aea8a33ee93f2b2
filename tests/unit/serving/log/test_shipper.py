"""What cannot be sent does not hold up what can."""

from __future__ import annotations

import json
import threading
import time
from datetime import datetime
from typing import Any

import pytest

from include.config import Settings
from include.serving.log.recording import Answered
from include.serving.log.rows import COLUMNS, Told, log_lines
from include.serving.log.shipper import LogShipper
from include.serving.log.spool import Spool
from include.serving.log.state import LogState
from include.serving.quotes.trips import Trip
from include.warehouse.engine import get_engine
from include.warehouse.metadata import PREDICTIONS
from include.warehouse.schema import init_db


def line() -> list[Any]:
    """A good row's values."""
    trip = Trip("yellow", 132, 230, datetime(2019, 6, 14, 18, 30), 1)
    (made,) = log_lines(Told(time.time(), 0.001, "", [Answered("r", trip, {"degraded": False})]), "k")
    return list(json.loads(made))


@pytest.mark.parametrize(
    ("columns", "values"),
    [(COLUMNS, ["no time", *line()[1:]]), (COLUMNS, [None, *line()[1:]]), (("asked_at", "other"), ["2019-01-01", 1]),
     (("other", *COLUMNS[1:]), line())],
)  # fmt: skip
def test_a_row_of_another_form_is_counted_and_the_segments_behind_it_are_sent(
    settings: Settings, columns: tuple[str, ...], values: list[Any]
) -> None:
    init_db(get_engine(settings))
    for names, row in ((columns, values), (COLUMNS, line())):
        spool = Spool(settings.spool_folder, names)
        spool.append([json.dumps(row).encode() + b"\n"])
        spool.close()
    state = LogState()
    LogShipper(settings, state, Spool(settings.spool_folder, COLUMNS), threading.Event()).ship_all()
    assert (state.database_problem, state.unreadable, state.shipped) == ("", 1, 1)
    with get_engine(settings).connect() as connection:
        assert connection.execute(PREDICTIONS.select()).mappings().one()["request_id"] == "r"
