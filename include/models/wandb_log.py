"""A second logger for those who use Weights & Biases: off unless TAXI_WANDB says offline or online."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from include.config import Settings
from include.models.bundle import BundleCard


def log_to_wandb(settings: Settings, card: BundleCard, figures: Mapping[str, float]) -> None:
    """One run of the registered model's project; offline ones lie under `<home>/wandb` until `wandb sync`.

    On return the run is on disk: `finish` only tells wandb's own process to write the run's end, and a worker of
    Airflow's may be gone before it did, without its exit handlers; `teardown` waits until that process has ended.
    """
    if settings.wandb == "off":
        return
    import wandb

    settings.home.mkdir(parents=True, exist_ok=True)
    run = wandb.init(
        project=card.model_name, name=f"{card.family} {card.trained_to}", mode=settings.wandb, dir=settings.home,
        config={name: value for name, value in asdict(card).items() if name not in ("metrics", "costs", "run_id")},
        settings=wandb.Settings(silent=True, console="off", x_disable_stats=True),
    )  # fmt: skip
    try:
        run.log(dict(figures))
        run.finish()
    finally:
        wandb.teardown()
