"""Who meets whom on the test month, and by what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from include.config import Settings
from include.errors import BundleError, OtherCodeError
from include.models import registry
from include.models.bundle import Pointer
from include.models.registry import hold_contest
from include.models.rows import TargetRows

DAYS = np.tile(np.arange(1, 29), 30)
TEST = TargetRows(np.zeros((DAYS.size, 1), np.float32), np.full(DAYS.size, 10.0), DAYS, DAYS < 0)
PLAN = {"service": "yellow", "month": "2019-03"}
STANDS = Pointer("nyc_taxi_yellow_duration_min", 7, "champion", "", "2019-03-01", "2019-02")


@dataclass
class Fake:
    """A bundle that is off by so many minutes on every trip, a little more on some days."""

    off: float

    def predict(self, x: np.ndarray) -> np.ndarray:
        return np.asarray(10.0 + self.off + 0.01 * (DAYS % 3))

    def predict_with_interval(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        value = self.predict(x)
        return value, value - 1, value + 1


@pytest.fixture
def meet(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`meet(champion=..., mid=..., ...)`: errors of each bundle on the test month -> the contest."""

    def contest(champion: float | Exception | None = None, **off: float) -> registry.Contest:
        def read(uri: str, _digest: str = "") -> Fake:
            if uri == "champion":
                if isinstance(champion, Exception):
                    raise champion
                return Fake(float(champion or 0))
            return Fake(off[uri])

        monkeypatch.setattr(registry, "read_bundle", read)
        monkeypatch.setattr(registry, "read_pointer", lambda *_: None if champion is None else STANDS)
        tune = {"best": 1.0, "worse": 2.0, "zone_pair_median": 0.5}
        candidates = [{"family": name, "target": "duration_min", "uri": name, "loss": tune[name]} for name in off]
        return hold_contest(PLAN, "duration_min", candidates, TEST, settings)

    return contest


def test_the_challenger_is_the_best_on_the_tune_days_whatever_the_test_month_says(meet: Any) -> None:
    contest = meet(best=3.0, worse=1.0, zone_pair_median=5.0)
    assert contest.challenger["family"] == "best"
    assert contest.decision.action == "promote"


def test_the_champion_is_met_on_the_same_rows_not_the_baseline(meet: Any) -> None:
    assert meet(champion=2.0, best=3.0, worse=9.0, zone_pair_median=5.0).decision.action == "keep"
    assert meet(champion=4.0, best=3.0, worse=9.0, zone_pair_median=5.0).decision.action == "promote"


def test_scores_are_each_contestants_own(meet: Any) -> None:
    scores = meet(champion=4.0, best=3.0, worse=9.0, zone_pair_median=5.0).scores
    assert {role: round(score["mae"]) for role, score in scores.items()} == {
        "challenger": 3, "baseline": 5, "champion": 4
    }  # fmt: skip
    assert scores["challenger"]["coverage"] == 0.0


def test_nobody_better_than_the_baseline_makes_it_stand_in(meet: Any) -> None:
    assert meet(best=6.0, worse=9.0, zone_pair_median=5.0).decision.action == "promote_baseline"


def test_a_champion_of_other_code_yields_and_a_damaged_one_stops_everything(meet: Any) -> None:
    other = meet(champion=OtherCodeError("other code"), best=3.0, worse=9.0, zone_pair_median=5.0)
    assert other.decision.action == "promote"
    with pytest.raises(BundleError, match="damaged"):
        meet(champion=BundleError("damaged"), best=3.0, worse=9.0, zone_pair_median=5.0)
