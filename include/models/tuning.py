"""The search for parameters: Optuna within a budget, seeded, on the tune days only, resumed where it was stopped.

A trial is judged on a share of the training rows first; one that is worse than the median there is not fitted on all.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from include.models.search_space import SearchSpace
from include.utils.logs import get_logger

SHARES = (0.2, 1.0)
"""Parts of the training rows that a trial is fitted on, one after the other."""
STARTUP_TRIALS = 5
"""Trials at random, and never cut short, before the search learns from them."""
RAISED = "raised"
"""A trial's attribute that says what it raised; one that failed without it was interrupted, and counts for nothing."""
Loss = Callable[[Mapping[str, Any], float], float]
"""Parameters and a share of the training rows -> the loss on the tune days."""


@dataclass(frozen=True)
class Budget:
    """A search ends after so many trials or so many seconds, whatever comes first. 0 trials: no search."""

    trials: int
    seconds: float


@dataclass(frozen=True)
class Found:
    """The best parameters, their loss on all training rows, and how many trials were finished and cut short.

    `table` has a row per trial: its place, how it ended, its loss by share, its parameters.
    """

    params: dict[str, Any]
    loss: float
    finished: int
    pruned: int
    table: tuple[dict[str, Any], ...] = ()


def search(
    name: str, space: SearchSpace, loss: Loss, budget: Budget, journal: Path, seed: int,
    starts: Sequence[Mapping[str, Any]] = (),
) -> Found | None:  # fmt: skip
    """The best of the journal's trials and of new ones up to the budget; None when no trial ends well.

    `starts` (last month's best, the defaults) are tried first. A trial that raises is written down as failed and the
    search goes on. The same journal, seed and loss give the same trials, however often the search was killed between.
    """
    import optuna

    study = _open(name, journal)
    until = time.monotonic() + budget.seconds - sum(trial.duration.total_seconds() for trial in _done(study))
    while (number := len(_done(study))) < budget.trials and time.monotonic() < until:
        if number < len(starts) and not _in_state(study, "WAITING"):  # one may have been left waiting by a kill
            study.enqueue_trial({known: value for known, value in starts[number].items() if known in space})
        study.sampler = optuna.samplers.TPESampler(seed=seed + number, n_startup_trials=STARTUP_TRIALS)
        study.optimize(_Objective(space, loss), n_trials=1, catch=(Exception,))
    return _found(study)


def _found(study: Any) -> Found | None:
    finished = _in_state(study, "COMPLETE")
    if not finished:
        return None
    best = min(finished, key=lambda trial: (trial.value, trial.number))
    table = tuple(_row(place, trial) for place, trial in enumerate(_done(study), 1))
    return Found(dict(best.params), float(best.value), len(finished), len(_in_state(study, "PRUNED")), table)


def _row(place: int, trial: Any) -> dict[str, Any]:
    losses = {f"loss_{share:g}": trial.intermediate_values.get(step) for step, share in enumerate(SHARES)}
    how = trial.user_attrs.get(RAISED, trial.state.name.lower())
    return {"trial": place, "ended": how, **losses, **trial.params}


class _Objective:
    """A trial over the shares; reports each, so that the pruner can end it."""

    def __init__(self, space: SearchSpace, loss: Loss) -> None:
        self.space, self.loss = space, loss

    def __call__(self, trial: Any) -> float:
        import optuna

        try:
            return self._tried(trial)
        except optuna.TrialPruned:
            raise
        except Exception as fault:
            trial.set_user_attr(RAISED, f"{type(fault).__name__}: {fault}")
            raise

    def _tried(self, trial: Any) -> float:
        import optuna

        params = {name: where.draw(trial, name) for name, where in self.space.items()}
        for step, share in enumerate(SHARES):
            value = float(self.loss(params, share))
            if not math.isfinite(value):
                raise ValueError(f"the loss on {share:g} of the rows is {value}")
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
    _drop_half_a_line(journal)
    study = optuna.create_study(
        storage=JournalStorage(JournalFileBackend(str(journal))), study_name=name, load_if_exists=True,
        direction="minimize", pruner=optuna.pruners.MedianPruner(n_startup_trials=STARTUP_TRIALS),
    )  # fmt: skip
    for trial in _in_state(study, "RUNNING"):
        study.tell(trial.number, state=optuna.trial.TrialState.FAIL)
        get_logger(phase="train").info("a trial that was interrupted is tried again", study=name, trial=trial.number)
    return study


def _drop_half_a_line(journal: Path) -> None:
    """A machine that lost power may leave one; what is written after it would be lost with it."""
    if journal.exists():
        written = journal.read_bytes()
        whole = written.rfind(b"\n") + 1
        if whole < len(written):
            with journal.open("r+b") as file:
                file.truncate(whole)


def _done(study: Any) -> list[Any]:
    """The trials that count: finished, cut short, or raised."""
    ended = _in_state(study, "COMPLETE", "PRUNED", "FAIL")
    return [trial for trial in ended if trial.state.name != "FAIL" or RAISED in trial.user_attrs]


def _in_state(study: Any, *states: str) -> list[Any]:
    return [trial for trial in study.get_trials(deepcopy=False) if trial.state.name in states]
