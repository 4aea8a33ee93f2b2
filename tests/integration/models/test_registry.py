"""A promotion that dies anywhere ends, when it is repeated, as if it had not."""

from __future__ import annotations

from typing import Any

import pytest

from include.config import Settings
from include.models import registry
from include.models.bundle import read_pointer
from include.models.registry import register_best
from include.models.tracking import client
from include.models.train_all import fit_family, plan_training
from include.pipeline import run_month

pytestmark = pytest.mark.integration
NAME = "nyc_taxi_yellow_duration_min"


@pytest.fixture
def fitted(settings: Settings) -> tuple[Settings, dict[str, Any], list[list[dict[str, Any]]]]:
    """A plan and its candidates, before anything is registered."""
    small = settings.model_copy(update={"families": ("zone_pair_median", "ridge"), "bootstrap_rounds": 100})
    for month in ("2019-01", "2019-02"):
        run_month("yellow", month, "never", small)
    plan = plan_training("yellow", "2019-02", "always", small)
    return small, plan, [fit_family(plan, family, small) for family in plan["families"]]


@pytest.mark.parametrize("where", ["set_alias", "publish_pointer", "record_contest"])
def test_a_promotion_that_died_is_finished_by_the_next_try(
    fitted: tuple[Settings, dict[str, Any], list[list[dict[str, Any]]]], monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    settings, plan, candidates = fitted

    def crash(*_: Any, **__: Any) -> None:
        raise ConnectionError("the machine went away")

    with monkeypatch.context() as dying:
        dying.setattr(registry, where, crash)
        with pytest.raises(ConnectionError):
            register_best(plan, candidates, settings)
    outcome = register_best(plan, candidates, settings)["duration_min"]
    pointer = read_pointer(settings.lake, NAME)
    assert pointer is not None
    assert outcome["action"] == "promote"
    assert f"{NAME}/{pointer.version}" == outcome["champion"]
    for alias in ("champion", "challenger"):
        assert int(client(settings).get_model_version_by_alias(NAME, alias).version) == pointer.version


def test_deciding_again_moves_nothing(fitted: tuple[Settings, dict[str, Any], list[list[dict[str, Any]]]]) -> None:
    settings, plan, candidates = fitted
    register_best(plan, candidates, settings)
    before = read_pointer(settings.lake, NAME)
    assert register_best(plan, candidates, settings)["duration_min"]["status"] == "unchanged"
    assert read_pointer(settings.lake, NAME) == before
