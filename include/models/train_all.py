"""The train phase: each family fitted on each target that it has a form for; the best is the one with the least loss.

`python -m include.models.train_all` (`make train`) does train, register and report for the newest of TAXI_MONTHS.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from include.config import Settings, get_settings
from include.errors import BundleError, LakeError, WarehouseError
from include.features.trip_features import targets_of
from include.lake import Lake
from include.models.base_trainer import BaseTrainer, TrainerConfig
from include.models.blas_threads import blas_threads
from include.models.bundle import BundleCard, model_name, read_bundle
from include.models.evaluate import loss_of
from include.models.explore import run_clustering, run_dimensionality_reduction
from include.models.families import CLASSIFICATION, REGRESSION, find_row, task_of
from include.models.plan import plan_training
from include.models.rows import Rows, Window, load_rows, load_window
from include.models.tracking import best_run, log_failure, log_text
from include.models.trainers import make_trainer
from include.models.tuned import TRIALS_FILE, Tuned, tune
from include.trips.month import Month
from include.utils.cli import run_month_step
from include.utils.logs import get_logger

__all__ = [
    "Rows", "Window", "compare_models", "fit_family", "load_rows", "load_window", "main", "plan_training",
    "run_clustering", "run_dimensionality_reduction", "select_best_model", "split_outcomes",
    "train_classification_models", "train_regression_models",
]  # fmt: skip

Outcome = dict[str, Any]
"""A candidate (family, target, uri, loss, run_id), or a failure (family, target, failed)."""


def fit_family(plan: Mapping[str, Any], family: str, settings: Settings | None = None) -> list[Outcome]:
    """Step: one family fitted on each target of the plan that it has a form for -> an outcome per target.

    A candidate names its bundle in the lake and its loss on the tune days; a fit that raised is a failure with its
    reason, and the other targets go on. Done before with the same plan: read back, not fitted again.
    """
    return _fit(plan, family, fitted_targets(plan["service"], family), settings or get_settings())


def fitted_targets(service: str, family: str) -> list[str]:
    """The targets of a service that a family has a form for."""
    return [target for target in targets_of(service) if find_row(family, task_of(target))]


def train_regression_models(plan: Mapping[str, Any], settings: Settings | None = None) -> list[Outcome]:
    """The outcomes of every family of the plan on the targets that are quantities."""
    return _fit_task(plan, REGRESSION, settings or get_settings())


def train_classification_models(plan: Mapping[str, Any], settings: Settings | None = None) -> list[Outcome]:
    """The outcomes of every family of the plan on the targets that are yes or no."""
    return _fit_task(plan, CLASSIFICATION, settings or get_settings())


def _fit_task(plan: Mapping[str, Any], task: str, settings: Settings) -> list[Outcome]:
    targets = [t for t in targets_of(plan["service"]) if task_of(t) == task]
    families = [family for family in plan["families"] if find_row(family, task)]
    return [outcome for family in families for outcome in _fit(plan, family, targets, settings)]


def _fit(plan: Mapping[str, Any], family: str, targets: list[str], settings: Settings) -> list[Outcome]:
    folder = Lake(settings.lake).folder("candidates", plan["service"], Month.parse(plan["month"]))
    window, outcomes = None, []
    for target in targets:
        uri = f"{folder}/{family}/{target}/{plan['key']}"
        card = _finished(uri)
        if card is None:
            window = window or load_window(plan)
            outcomes.append(_fit_target(plan, family, target, uri, window, settings))
        else:
            outcomes.append(_candidate(card, uri))
    return outcomes


def _finished(uri: str) -> BundleCard | None:
    try:
        return read_bundle(uri).card
    except BundleError:
        return None


def _fit_target(
    plan: Mapping[str, Any], family: str, target: str, uri: str, window: Window, settings: Settings
) -> Outcome:
    """One fit. What raises in it is the family's failure; a store that is away or full is not, and fails the step."""
    log = get_logger(phase="train", month=plan["month"], family=family, model=model_name(plan["service"], target))
    try:
        trainer, tuned = _fitted(plan, family, target, window, settings)
    except (LakeError, WarehouseError, OSError):
        raise
    except Exception as fault:  # noqa: BLE001 - whatever a library raises, the other families go on
        reason = f"{type(fault).__name__}: {fault}"
        log.error("family failed", reason=reason)
        return {"family": family, "target": target, "failed": reason,
                "run_id": log_failure(settings, plan, family, target, reason)}  # fmt: skip
    run_id = trainer.log_to_mlflow(settings, plan)
    if tuned.trials:
        log_text(settings, run_id, tuned.trials, TRIALS_FILE)
    trainer.save_model(uri)
    log.info("family fitted", loss=round(trainer.loss, 4), **trainer.costs)
    return _candidate(read_bundle(uri).card, uri)


def _fitted(
    plan: Mapping[str, Any], family: str, target: str, window: Window, settings: Settings
) -> tuple[BaseTrainer, Tuned]:
    months = {"earlier": plan["earlier"], "gaps": plan["gaps"], "test": [plan["month"]]}
    config = TrainerConfig(target, plan["service"], {}, settings.fit_threads, plan["earlier"][-1], months)
    untuned = make_trainer(family, config)
    data = untuned.prepare_data(window)
    with blas_threads(settings.fit_threads):
        tuned = tune(plan, untuned.row, target, data, settings)
        trainer = make_trainer(family, replace(config, params=tuned.params, source=tuned.source))
        trainer.train(data)
        trainer.export(data)
    trainer.costs |= tuned.costs
    return trainer, tuned


def _candidate(card: BundleCard, uri: str) -> Outcome:
    loss = card.metrics[loss_of(card.target)]
    return {"family": card.family, "target": card.target, "uri": uri, "loss": loss, "run_id": card.run_id}


def split_outcomes(fitted: Iterable[Iterable[Outcome]]) -> tuple[list[Outcome], list[Outcome]]:
    """The outcomes of all families -> candidates, failures."""
    outcomes = [outcome for family in fitted for outcome in family]
    return [o for o in outcomes if "failed" not in o], [o for o in outcomes if "failed" in o]


def compare_models(candidates: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    """Candidates by target, the least loss on the tune days first; equal ones by name, so that the order is one."""
    boards: dict[str, list[Outcome]] = {}
    for candidate in sorted(candidates, key=lambda c: (c["loss"], c["family"])):
        boards.setdefault(candidate["target"], []).append(candidate)
    return boards


def select_best_model(experiment_name: str, settings: Settings | None = None) -> Outcome:
    """The best fit of an MLflow experiment's newest month, e.g. of `nyc_taxi_yellow_duration_min`, by tune-day loss."""
    return best_run(settings or get_settings(), experiment_name)


def main() -> None:
    """`make train`."""
    from include.models.train_month import train_newest

    run_month_step(train_newest)


if __name__ == "__main__":
    main()
