"""Trainers of probabilities: each is a name and a row of `families.py`."""

from __future__ import annotations

from typing import ClassVar

from include.models.base_trainer import FamilyTrainer
from include.models.families import BASELINE, CLASSIFICATION


class ClassificationTrainer(FamilyTrainer):
    """A family's form for yes or no."""

    task: ClassVar[str] = CLASSIFICATION


class BaseRateTrainer(ClassificationTrainer):
    """The floor: the share of yes between the zones, drawn towards the city's."""

    family = BASELINE


class LogisticRegressionTrainer(ClassificationTrainer):
    """Log odds as a sum over one-hot zones, hour and weekday, squared coefficients held small."""

    family = "ridge"


class RandomForestClassifierTrainer(ClassificationTrainer):
    """Averaged deep trees."""

    family = "random_forest"


class XGBoostClassifierTrainer(ClassificationTrainer):
    """Boosted trees on log loss, level by level."""

    family = "xgboost"


class LightGBMClassifierTrainer(ClassificationTrainer):
    """Boosted trees on log loss, leaf by leaf."""

    family = "lightgbm"


class MLPClassifierTrainer(ClassificationTrainer):
    """A neural network with learned places for the zones."""

    family = "mlp"


class BlendClassifierTrainer(ClassificationTrainer):
    """The mean of LightGBM's and the network's chances."""

    family = "blend"
