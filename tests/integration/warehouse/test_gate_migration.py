"""A promotion log that was written before entries were numbered is numbered in the order of its time."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

from include.warehouse.schema import MIGRATIONS, init_db

pytestmark = pytest.mark.integration


def test_old_rows_keep_their_order_and_their_loss(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
    decided = [("a", "2019-03", "k3", "2019-06-03"), ("a", "2019-02", "k2", "2019-06-01"),
               ("a", "2019-02", "k9", "2019-06-02"), ("b", "2019-02", "k1", "2019-06-09")]  # fmt: skip
    with engine.begin() as connection:
        for model, month, key, day in decided:
            connection.execute(
                text("INSERT INTO promotion_log "
                     "(model_name, test_month, plan_key, decision, version_after, decided_at) "
                     "VALUES (:model, :month, :key, 'promote', 1, :day)"),
                {"model": model, "month": month, "key": key, "day": f"{day} 12:00:00"},
            )  # fmt: skip
        connection.execute(
            text("INSERT INTO model_performance (model_name, version, month, role, mae) "
                 "VALUES ('a', 1, '2019-02', 'champion', 3.5)")
        )  # fmt: skip
    init_db(engine)
    with engine.connect() as connection:
        numbered = connection.execute(text("SELECT model_name, plan_key, entry FROM promotion_log ORDER BY 1, 3")).all()
        loss = connection.execute(text("SELECT loss FROM model_performance")).scalar()
        open_ended = connection.execute(
            text("SELECT COUNT(*) FROM champion_history WHERE model_name = 'a' AND champion_to IS NULL")
        ).scalar()
    assert [tuple(row) for row in numbered] == [("a", "k2", 1), ("a", "k9", 2), ("a", "k3", 3), ("b", "k1", 1)]
    assert loss == 3.5
    assert open_ended == 1
