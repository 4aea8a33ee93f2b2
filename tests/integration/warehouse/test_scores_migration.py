"""Contests that were held before their scores had columns have them from the text that the log kept."""

from __future__ import annotations

import json

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

from include.warehouse.schema import MIGRATIONS, init_db

pytestmark = pytest.mark.integration

TIMES = "\n".join([
    "a on 2019-03: promote (first): better",
    f"{'':<44}{'loss':>10}{'r2':>10}{'mape':>10}",
    f"{'challenger':<11}{'xgboost':<33}{3.5:>10.4f}{0.75:>10.4f}{0.25:>10.4f}",
    f"{'baseline':<11}{'zone_pair_median':<33}{5.25:>10.4f}{-0.5:>10.4f}{0.375:>10.4f}",
    "gain over the baseline +33.33%, with 95 % certainty at least +30.00%",
    f"{'part (1 in all)':<44}{'trips':>10}",
])  # fmt: skip
CHANCES = TIMES.replace("r2 ", "f1 ").replace("      mape", " precision")


def test_scores_are_filled_in_where_the_loss_is_the_contest_s(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0009")
        for model, key, summary in (
            ("a", "k1", json.dumps({"table": TIMES})), ("b", "k1", json.dumps({"table": CHANCES})),
            ("a", "k2", json.dumps({"table": "by hand\n\nof nobody"})), ("a", "k3", None),
        ):  # fmt: skip
            connection.execute(
                text("INSERT INTO promotion_log (model_name, test_month, plan_key, summary) "
                     "VALUES (:model, '2019-03', :key, :summary)"), {"model": model, "key": key, "summary": summary},
            )  # fmt: skip
        for model, version, role, loss in (
            ("a", 1, "challenger", 3.50004), ("a", 2, "challenger", 3.4), ("a", 0, "baseline", 5.25),
            ("b", 1, "challenger", 3.5), ("b", 1, "prospective", 3.5),
        ):  # fmt: skip
            connection.execute(
                text("INSERT INTO model_performance (model_name, version, month, role, loss) "
                     "VALUES (:model, :version, '2019-03', :role, :loss)"),
                {"model": model, "version": version, "role": role, "loss": loss},
            )  # fmt: skip
    init_db(engine)
    query = "SELECT model_name, version, role, r2, mape, f1, precision_score FROM model_performance ORDER BY 1, 3, 2"
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(text(query))]
    assert rows == [
        ("a", 0, "baseline", -0.5, 0.375, None, None), ("a", 1, "challenger", 0.75, 0.25, None, None),
        ("a", 2, "challenger", None, None, None, None), ("b", 1, "challenger", None, None, 0.75, 0.25),
        ("b", 1, "prospective", None, None, None, None),
    ]  # fmt: skip
