"""The search for parameters: Optuna within a budget, seeded, on the tune days only, resumed where it was stopped.

A trial is judged on a share of the training rows first; one that is worse than the median there is not fitted on all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from include.models.search_space import SearchSpace
from include.utils.logs import get_logger

SHARES = (0.2, 1.0)
"""Parts of the training rows that a trial is fitted on, one after the other."""
STARTUP_TRIALS = 5
"""Trials at random, and never cut short, before the search learns from them."""
Loss = Callable[[Mapping[str, Any], float], float]
"""Parameters and a share of the training rows -> the loss on the tune days."""


@dataclass(frozen=True)
class Budget:
    """A search ends after so many trials or so many seconds, whatever comes first. 0 trials: no search."""

    trials: int
    seconds: float


@dataclass(frozen=True)
class Found:
    """The best parameters, their loss on all training rows, and how many trials were finished and cut short."""

    params: dict[str, Any]
    loss: float
    finished: int
    pruned: int


def search(
    name: str, space: SearchSpace, loss: Loss, budget: Budget, journal: Path, seed: int,
    start: Mapping[str, Any] | None = None,
) -> Found | None:  # fmt: skip
    """The best of the journal's trials and of new ones up to the budget; None when no trial ends well.

    `start` (last month's best, say) is tried first. A trial that raises is written down as failed and the search goes
    on. The same journal, seed and loss give the same trials.
    """
    study = _open(name, journal)
    if start and not study.trials:
        study.enqueue_trial({parameter: value for parameter, value in start.items() if parameter in space})
    left = budget.trials - len(_in_state(study, "COMPLETE", "PRUNED"))
    if left > 0:
        _reseed(study, seed, len(study.trials))
        study.optimize(_Objective(space, loss), n_trials=left, timeout=budget.seconds, catch=(Exception,),
                       callbacks=[lambda held, trial: _reseed(held, seed, trial.number + 1)])  # fmt: skip
    finished = _in_state(study, "COMPLETE")
    if not finished:
        return None
    best = min(finished, key=lambda trial: (trial.value, trial.number))
    return Found(dict(best.params), float(best.value), len(finished), len(_in_state(study, "PRUNED")))


class _Objective:
    """A trial over the shares; reports each, so that the pruner can end it."""

    def __init__(self, space: SearchSpace, loss: Loss) -> None:
        self.space, self.loss = space, loss

    def __call__(self, trial: Any) -> float:
        import optuna

        params = {name: where.draw(trial, name) for name, where in self.space.items()}
        for step, share in enumerate(SHARES):
            value = float(self.loss(params, share))
            trial.report(value, step)
            if step + 1 < len(SHARES) and trial.should_prune():
                raise optuna.TrialPruned
        return value


def _open(name: str, journal: Path) -> Any:
    """The study in its journal: a file that is only ever added to, so a kill loses the running trial and no other."""
    import optuna
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    journal.parent.mkdir(parents=True, exist_ok=True)
    study = optuna.create_study(
        storage=JournalStorage(JournalFileBackend(str(journal))), study_name=name, load_if_exists=True,
        direction="minimize", pruner=optuna.pruners.MedianPruner(n_startup_trials=STARTUP_TRIALS),
    )  # fmt: skip
    for trial in _in_state(study, "RUNNING"):
        study.tell(trial.number, state=optuna.trial.TrialState.FAIL)
        get_logger(phase="train").info("a trial that was interrupted counts as failed", study=name, trial=trial.number)
    return study


def _reseed(study: Any, seed: int, number: int) -> None:
    """A sampler of the trial's own seed: a search that was stopped goes on as if it had not been."""
    import optuna

    study.sampler = optuna.samplers.TPESampler(seed=seed + number, n_startup_trials=STARTUP_TRIALS)


def _in_state(study: Any, *states: str) -> list[Any]:
    return [trial for trial in study.get_trials(deepcopy=False) if trial.state.name in states]
