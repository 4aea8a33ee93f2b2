"""What cannot be learned is refused by name; what was saved predicts what was tested."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from include.errors import BadDataError, BundleError
from include.features.dictionary import FEATURE_NAMES
from include.models.base_trainer import TrainerConfig, calibrate
from include.models.classification_models import LogisticRegressionTrainer
from include.models.regression_models import RidgeRegressionTrainer, ZonePairMedianTrainer
from include.models.rows import Rows, Window
from tests.unit.models.trips import changed, window_of

DURATION = TrainerConfig("duration_min", trained_to="2019-03", months={"earlier": ["2019-03"]})


@pytest.mark.parametrize(
    ("target", "label", "told"),
    [
        ("duration_min", 12.0, "duration_min is 12 on all .* train trips"),
        ("high_tip", 1.0, "high_tip is 1 on all"),
        ("high_tip", np.nan, "high_tip has 0 labelled trips on the train days, at least 200"),
    ],
)
def test_labels_that_say_nothing_are_refused(rows: Rows, target: str, label: float, told: str) -> None:
    kind = LogisticRegressionTrainer if target == "high_tip" else RidgeRegressionTrainer
    with pytest.raises(BadDataError, match=told):
        kind(TrainerConfig(target)).prepare_data(window_of(changed(rows, target, label)))


def test_too_few_trips_are_refused(rows: Rows) -> None:
    few = rows.where(np.arange(len(rows.day)) % 30 == 0)
    with pytest.raises(BadDataError, match="labelled trips on the train days, at least 200 are needed"):
        ZonePairMedianTrainer(DURATION).prepare_data(window_of(few))


def test_a_feature_that_is_no_number_is_named(rows: Rows) -> None:
    x = rows.x.copy()
    x[rows.day == 5, FEATURE_NAMES.index("haversine_km")] = np.nan
    broken = window_of(Rows(x, rows.y, rows.day, rows.app_dispatched))
    with pytest.raises(BadDataError, match=r"haversine_km is no number on \d+ train trips"):
        RidgeRegressionTrainer(DURATION).prepare_data(broken)


def test_a_saved_model_predicts_what_was_tested(window: Window, tmp_path: Path) -> None:
    trainer = RidgeRegressionTrainer(DURATION)
    data = trainer.prepare_data(window)
    trainer.train(data)
    trainer.export(data)
    assert trainer.evaluate(data.tune)["mae"] == trainer.loss
    trainer.save_model(str(tmp_path / "b"))
    loaded = RidgeRegressionTrainer(DURATION).load_model(str(tmp_path / "b"))
    assert loaded.predict(data.tune.x).tolist() == trainer.load_model(str(tmp_path / "b")).predict(data.tune.x).tolist()
    assert loaded.card.metrics["mae"] == trainer.loss
    assert loaded.card.costs["fit_seconds"] >= 0
    assert {"prediction_us", "peak_mb", "artefact_bytes"} <= set(loaded.card.costs)
    with pytest.raises(BadDataError, match="holds ridge for duration_min: zone_pair_median for duration_min is"):
        ZonePairMedianTrainer(DURATION).load_model(str(tmp_path / "b"))


def test_parameters_of_the_configuration_win(window: Window) -> None:
    config = TrainerConfig("duration_min", params={"alpha": 1e6})
    data = RidgeRegressionTrainer(config).prepare_data(window)
    flat, usual = (RidgeRegressionTrainer(c).train(data).predict(data.tune.x) for c in (config, DURATION))
    assert flat.std() < usual.std() / 2


def test_what_is_served_is_the_calibrated_onnx_model(window: Window) -> None:
    trainer = LogisticRegressionTrainer(TrainerConfig("high_tip"))
    data = trainer.prepare_data(window)
    trainer.train(data)
    bundle = trainer.export(data)
    scale = calibrate(bundle, data.calibrate)
    chances = bundle.predict_probability(data.tune.x)
    assert chances == pytest.approx(scale.apply(bundle.uncalibrated(data.tune.x)))  # type: ignore[union-attr]
    assert trainer.evaluate(data.tune)["log_loss"] == trainer.loss
    with pytest.raises(BundleError, match="ask for predict_probability"):
        bundle.predict_with_interval(data.tune.x)


def test_steps_out_of_order_say_what_comes_first(window: Window) -> None:
    trainer = RidgeRegressionTrainer(DURATION)
    data = trainer.prepare_data(window)
    with pytest.raises(BadDataError, match="is not fitted: call train first"):
        trainer.export(data)
    with pytest.raises(BadDataError, match="has no bundle: call export or load_model first"):
        trainer.evaluate(data.tune)
