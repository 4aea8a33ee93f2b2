"""From a family's name to its trainer: the named class where there is one, the base class over the row otherwise."""

from __future__ import annotations

from include.models import classification_models, regression_models
from include.models.base_trainer import BaseTrainer, FamilyTrainer, TrainerConfig
from include.models.families import task_of

NAMED: dict[tuple[str, str], type[FamilyTrainer]] = {
    (kind.family, kind.task): kind
    for module in (regression_models, classification_models)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, FamilyTrainer) and hasattr(kind, "family")
}


def make_trainer(family: str, config: TrainerConfig) -> BaseTrainer:
    """An unfitted trainer of the family for the configuration's target."""
    task = task_of(config.target)
    named = NAMED.get((family, task))
    return named(config) if named else BaseTrainer(family, task, config)
