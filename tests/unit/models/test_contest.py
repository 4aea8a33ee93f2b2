"""Who meets whom on the test month, and by what."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from include.config import Settings
from include.errors import BadDataError, BundleError, OtherCodeError
from include.models import contest
from include.models.contest import Contest, contestants, failures, hold_contest
from include.models.gate import Rules
from include.models.history import Move
from include.models.scoring import Trips, score
from include.models.verdict import contest_table

DAYS = np.tile(np.arange(1, 29), 30)
AIRPORT = np.arange(DAYS.size) % 2 == 0
TRIPS = Trips(np.zeros((DAYS.size, 1), np.float32), np.full(DAYS.size, 10.0), DAYS, {"airport": AIRPORT})
STANDS = Move("promote", 7, None, "2019-02", "2019-02", "2019-03-01T00:00:00+00:00", "champion", "")


@dataclass
class Fake:
    """A bundle that is off by so many minutes on every trip, `airport` more there, a little more on some days."""

    off: float
    airport: float = 0.0
    card: Any = field(default_factory=lambda: SimpleNamespace(family="fake", trained_to="2019-01"))

    def predict_with_interval(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        value = 10.0 + self.off + 0.01 * (DAYS % 3) + np.where(AIRPORT, self.airport, 0.0)
        return value, value - 1, value + 1

    def predict(self, x: np.ndarray) -> np.ndarray:
        return np.full(len(x), self.off)


@pytest.fixture
def meet(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`meet(champion=..., best=..., ...)`: errors of each bundle on the test month -> the contest."""

    def held(champion: Fake | float | Exception | None = None, **off: Fake | float) -> Contest:
        def read(uri: str, _digest: str = "") -> Fake:
            found = champion if uri == "champion" else off[uri]
            if isinstance(found, Exception):
                raise found
            return found if isinstance(found, Fake) else Fake(float(found or 0))

        monkeypatch.setattr(contest, "read_bundle", read)
        tune = {"best": 1.0, "worse": 2.0, "zone_pair_median": 0.5}
        candidates = [{"family": name, "target": "duration_min", "uri": name, "loss": tune[name]} for name in off]
        stands = None if champion is None else STANDS
        return hold_contest("2019-03", "duration_min", candidates, stands, TRIPS, settings)

    return held


def test_the_challenger_is_the_best_on_the_tune_days_whatever_the_test_month_says(meet: Any) -> None:
    held = meet(best=3.0, worse=1.0, zone_pair_median=5.0)
    assert held.challenger["family"] == "best"
    assert held.decision.action == "promote"
    assert held.chosen is held.challenger


def test_the_champion_is_met_on_the_same_rows_not_the_baseline(meet: Any) -> None:
    assert meet(champion=2.0, best=3.0, worse=9.0, zone_pair_median=5.0).decision.action == "keep"
    assert meet(champion=4.0, best=3.0, worse=9.0, zone_pair_median=5.0).decision.action == "promote"


def test_a_gain_that_one_part_of_the_month_pays_for_is_none(meet: Any) -> None:
    held = meet(champion=4.0, best=Fake(1.0, airport=4.0), worse=9.0, zone_pair_median=5.0)
    assert held.evidence.duel.gain > 0.2
    assert (held.decision.action, held.decision.rule) == ("keep", "veto")


def test_scores_are_each_contestants_own(meet: Any) -> None:
    scores = meet(champion=4.0, best=3.0, worse=9.0, zone_pair_median=5.0).scores
    assert {role: round(score.metrics["mae"]) for role, score in scores.items()} == {
        "challenger": 3, "baseline": 5, "champion": 4
    }  # fmt: skip
    assert scores["challenger"].metrics["coverage"] == 0.0
    assert scores["challenger"].metrics["loss"] == scores["challenger"].metrics["mae"]


def test_nobody_better_than_the_baseline_makes_it_stand_in(meet: Any) -> None:
    held = meet(best=6.0, worse=9.0, zone_pair_median=5.0)
    assert held.decision.action == "promote_baseline"
    assert held.chosen is held.baseline


def test_a_champion_of_other_code_yields_and_a_damaged_one_stops_everything(meet: Any) -> None:
    other = meet(champion=OtherCodeError("other code"), best=3.0, worse=9.0, zone_pair_median=5.0)
    assert other.decision.action == "promote"
    assert "champion" not in other.scores
    with pytest.raises(BundleError, match="damaged"):
        meet(champion=BundleError("damaged"), best=3.0, worse=9.0, zone_pair_median=5.0)


def test_a_prediction_that_is_no_number_decides_nothing(meet: Any) -> None:
    with pytest.raises(BundleError, match=r"fake \(duration_min\) predicts no finite number for 840 of 840 trips"):
        meet(best=float("nan"), worse=9.0, zone_pair_median=5.0)


def candidate(family: str, **rest: Any) -> dict[str, Any]:
    return {"family": family, "target": "duration_min", **rest}


def test_families_that_failed_are_named_and_the_others_go_on() -> None:
    mine = [candidate("mlp", failed="out of memory"), candidate("lasso", loss=float("nan")),
            candidate("ridge", loss=4.0), candidate("zone_pair_median", loss=5.0)]  # fmt: skip
    challenger, baseline = contestants("duration_min", mine)
    assert (challenger["family"], baseline["family"]) == ("ridge", "zone_pair_median")
    assert failures(mine) == {"mlp": "out of memory", "lasso": "its loss on the tune days is no number"}


def test_the_loss_that_decides_ranks_candidates_and_ties_go_by_name() -> None:
    mine = [candidate("b", loss=0.5), candidate("c", loss=0.4), candidate("a", loss=0.4),
            candidate("zone_pair_median", loss=0.6)]  # fmt: skip
    assert contestants("high_tip", mine)[0]["family"] == "a"


@pytest.mark.parametrize(
    ("mine", "message"),
    [
        ([], "without the baseline zone_pair_median"),
        ([candidate("ridge", loss=1.0)], "without the baseline zone_pair_median"),
        ([candidate("zone_pair_median", loss=1.0)], r"any candidate beside the baseline \(none failed\)"),
        (
            [candidate("zone_pair_median", loss=1.0), candidate("ridge", failed="one class only")],
            r"any candidate beside the baseline \(ridge: one class only\)",
        ),
    ],
)
def test_no_contest_without_a_candidate_and_a_floor(mine: list[dict[str, Any]], message: str) -> None:
    with pytest.raises(BadDataError, match=message):
        contestants("duration_min", mine)


def test_a_probability_is_scored_by_log_loss() -> None:
    trips = Trips(TRIPS.x, (DAYS % 2).astype(float), DAYS, {})
    even: Any = Fake(0.5)
    metrics = score(even, "high_tip", trips).metrics
    assert [metrics["loss"], metrics["log_loss"], metrics["brier"]] == pytest.approx([np.log(2), np.log(2), 0.25])


def test_people_read_the_contest_as_a_table(meet: Any, settings: Settings) -> None:
    held = meet(champion=4.0, best=Fake(1.0, airport=4.0), worse=9.0, zone_pair_median=5.0)
    table = contest_table("nyc_taxi_yellow_duration_min", held, Rules.of(settings)).splitlines()
    assert table[0].startswith("nyc_taxi_yellow_duration_min on 2019-03: keep (veto): ")
    assert [line.split()[0] for line in table[2:5]] == ["challenger", "baseline", "champion"]
    assert "version 7" in table[4]
    assert table[-1].split()[0] == "airport"
    assert table[-1].endswith("VETO")
