"""The champion that a pipeline left is explained on the command line."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable

import pytest

from include.config import Settings
from include.features.dictionary import FEATURE_NAMES
from include.models import explain
from include.models.registry import register_best
from include.models.train_all import fit_family, plan_training
from tests.homes import feature_months

pytestmark = pytest.mark.integration
TRIP = ["--pickup-zone", "132", "--dropoff-zone", "230", "--at", "2019-06-14T18:30", "--passengers", "1"]


@pytest.fixture
def small(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Quick families, in the home that the command looks at."""
    chosen = settings.model_copy(
        update={"families": ("zone_pair_median", "additive_log", "ridge"), "bootstrap_rounds": 100}
    )
    monkeypatch.setattr(explain, "get_settings", lambda: chosen)
    return chosen


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """The command with these arguments -> what it printed."""

    def command(*arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", ["explain", *arguments])
        explain.main()
        return capsys.readouterr().out

    return command


def test_the_champion_of_a_pipeline_is_explained(small: Settings, ask: Callable[..., str]) -> None:
    with pytest.raises(SystemExit, match="nyc_taxi_yellow_fare_usd has no champion"):
        ask("--target", "fare_usd", *TRIP)
    feature_months(small, "yellow", "2019-01", "2019-02")
    plan = plan_training("yellow", "2019-02", "always", small)
    register_best(plan, [fit_family(plan, family, small) for family in plan["families"]], small)
    told = ask("--target", "fare_usd", *TRIP)
    found = re.findall(r"says ([\d.]+) USD; the average trip ([\d.]+)\.\n", told)
    ((value, base),) = [(float(value), float(base)) for value, base in found]
    by_feature = [float(n) for n in re.findall(r"^ +([+-][\d.]+)  \S+ = ", told, re.MULTILINE)]
    assert len(by_feature) == len(FEATURE_NAMES)
    assert base + sum(by_feature) == pytest.approx(value, abs=0.03)
    assert "nyc_taxi_yellow_fare_usd (additive_log)" in told
    assert value > 2 * base, "from JFK is far"
    with pytest.raises(SystemExit, match="pickup_zone"):
        ask("--pickup-zone", "999", *TRIP[2:])
