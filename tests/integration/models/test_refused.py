"""A month that its feature suite refused trains no later month."""

from __future__ import annotations

import pytest

from include.config import Settings
from include.errors import QualityError
from include.lake import Lake, read_table
from include.models.plan import plan_training
from include.processing.validate_month import validate_feature_month
from include.trips.month import Month
from tests.homes import feature_months

pytestmark = pytest.mark.integration
MONTHS = ("2019-01", "2019-02", "2019-03")


def test_the_stored_refusal_is_read_when_a_training_is_planned(settings: Settings) -> None:
    feature_months(settings, "yellow", *MONTHS)
    refuse(settings, "2019-02")
    plan = plan_training("yellow", "2019-03", "always", settings)
    assert (plan["earlier"], plan["gaps"]) == (["2019-01"], ["2019-02"])
    with pytest.raises(QualityError, match=r"yellow 2019-02 .*is not fit for use - row_count"):
        plan_training("yellow", "2019-02", "always", settings)


def refuse(settings: Settings, month: str) -> None:
    """A trip of the month is lost between cleaning and features, and the suite says so."""
    lake = Lake(settings.lake)
    held = lake.require("features", "yellow", Month.parse(month))
    table = read_table(held.uri).slice(1)
    lake.publish_table("features", "yellow", Month.parse(month), table, held.key, held.meta)
    with pytest.raises(QualityError, match="row_count"):
        validate_feature_month("yellow", month, settings)
