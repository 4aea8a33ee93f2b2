"""Trainers of quantities (minutes, dollars): each is a name and a row of `families.py`."""

from __future__ import annotations

from typing import ClassVar

from include.models.base_trainer import FamilyTrainer
from include.models.families import BASELINE, REGRESSION


class RegressionTrainer(FamilyTrainer):
    """A family's form for quantities."""

    task: ClassVar[str] = REGRESSION


class ZonePairMedianTrainer(RegressionTrainer):
    """The floor: the median of trips between the zones in the band of the day."""

    family = BASELINE


class AdditiveLogTrainer(RegressionTrainer):
    """A sum of effects on the logarithm: distance, hour of the week, zones and pair."""

    family = "additive_log"


class LinearRegressionTrainer(RegressionTrainer):
    """Least squares over one-hot zones, hour and weekday."""

    family = "linear"


class RidgeRegressionTrainer(RegressionTrainer):
    """The same with squared coefficients held small."""

    family = "ridge"


class LassoRegressionTrainer(RegressionTrainer):
    """The same with absolute coefficients held small: most zones drop out."""

    family = "lasso"


class RandomForestRegressorTrainer(RegressionTrainer):
    """Averaged deep trees."""

    family = "random_forest"


class XGBoostRegressorTrainer(RegressionTrainer):
    """Boosted trees on absolute error, level by level."""

    family = "xgboost"


class LightGBMRegressorTrainer(RegressionTrainer):
    """Boosted trees on absolute error, leaf by leaf."""

    family = "lightgbm"


class MLPRegressorTrainer(RegressionTrainer):
    """A neural network with learned places for the zones."""

    family = "mlp"


class BlendRegressorTrainer(RegressionTrainer):
    """The mean of two LightGBM fits and the network, which err in different places."""

    family = "blend"
