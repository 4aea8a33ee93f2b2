"""The challenger on its test month as a page and figures: in its MLflow run, and in the home for whoever has no MLflow.

Nothing is decided here: it is written after the contest and read by people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from include.config import Settings, get_settings
from include.features.dictionary import FEATURE_NAMES
from include.lake import Lake
from include.models.base_trainer import served_metrics
from include.models.bundle import Bundle, BundleCard, read_bundle
from include.models.evaluation_document import publish_document, stage_of
from include.models.families import BASELINE
from include.models.importance import permutation_importance
from include.models.rows import TargetRows, load_rows
from include.trips.month import Month
from include.utils.files import atomic_path

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from include.models.evaluation_report import Evaluation

FOLDER, PAGE = "evaluation", "report.html"
"""Where a run keeps figures and page among its artifacts."""
GAIN = "gain_"
"""How the metrics of a run begin that say a feature's share of the gain."""


def report_registered(
    plan: Mapping[str, Any], registered: Mapping[str, Any], settings: Settings | None = None
) -> dict[str, Any]:
    """Step: the page of each version that the month registered; one that was decided before and has its page stays.

    `registered` is what `register_best` gave: per target uri, leaderboard and status.
    """
    settings = settings or get_settings()
    pages = {target: report_path(settings, plan, target) for target in registered}
    lake, month = Lake(settings.lake), Month.parse(plan["month"])
    told = {t for t in registered if pages[t].exists() and lake.current(stage_of(t), plan["service"], month)}
    missing = [t for t, outcome in registered.items() if outcome["status"] != "unchanged" or t not in told]
    shown = {"pages": {target: str(page) for target, page in pages.items()}}
    if not missing:
        return shown | {"status": "unchanged"}
    test = load_rows(plan["uris"][plan["month"]], plan["service"])
    for target in missing:
        bundle = read_bundle(registered[target]["uri"], threads=settings.fit_threads)
        board = [{"family": row["family"], "loss": row["tune_loss"]} for row in registered[target]["leaderboard"]]
        log_evaluation(settings, plan, {"target": target, "run_id": bundle.card.run_id}, bundle, test.of(target), board)
    return shown | {"status": "done"}


def log_evaluation(
    settings: Settings, plan: Mapping[str, Any], candidate: Mapping[str, Any], bundle: Bundle, rows: TargetRows,
    leaderboard: Sequence[Mapping[str, Any]],
) -> Path:  # fmt: skip
    """Figures and the self-contained page of a candidate on its test month, to its run and under `reports`; the path.

    The same as numbers goes to the lake (`evaluation_document.py`).

    `candidate` names target and run_id; `bundle` is what it serves; `rows` are the test month's trips with its label;
    `leaderboard` has `family` and `loss` on the tune days, of every candidate. Done again it replaces what was there.
    """
    from include.models.evaluation_report import evaluation_figures, generate_evaluation_report

    gain = gain_of(settings, candidate["run_id"])
    evaluation = replace(evaluation_of(plan, bundle, rows, leaderboard), gain=gain)
    figures = evaluation_figures(evaluation)
    page = generate_evaluation_report(evaluation, figures)
    path = report_path(settings, plan, candidate["target"])
    with atomic_path(path) as temporary:
        temporary.write_text(page, encoding="utf-8")
    publish_document(Lake(settings.lake), plan["service"], evaluation)
    _log(settings, candidate["run_id"], page, figures)
    return path


def gain_of(settings: Settings, run_id: str) -> dict[str, float]:
    """Feature -> its share of the gain of a tree model's splits, from the fit's run; empty without trees."""
    from include.models.tracking import client

    metrics = client(settings).get_run(run_id).data.metrics
    return {name.removeprefix(GAIN): share for name, share in metrics.items() if name.startswith(GAIN)}


def evaluation_of(
    plan: Mapping[str, Any], bundle: Bundle, rows: TargetRows, leaderboard: Sequence[Mapping[str, Any]]
) -> Evaluation:
    """A bundle's answers on the rows, with its metrics there, what it relies on, and how it came about."""
    from include.models.evaluation_report import Evaluation

    card = bundle.card
    return Evaluation(
        title=f"{card.model_name}: {card.family}", target=card.target, month=plan["month"], actual=rows.y,
        predicted=bundle.predict(rows.x), metrics=served_metrics(bundle, rows),
        features={name: rows.x[:, column] for column, name in enumerate(FEATURE_NAMES)},
        leaderboard=leaderboard, baseline=BASELINE,
        importance=permutation_importance(bundle.predict, rows.x, rows.y, card.target, FEATURE_NAMES),
        facts=_facts(plan, card),
    )  # fmt: skip


def _facts(plan: Mapping[str, Any], card: BundleCard) -> dict[str, str]:
    """What makes the model again: months, code and parameters."""
    params = ", ".join(f"{name} {value}" for name, value in sorted(card.params.items()))
    return {"months before": ", ".join(plan["earlier"]), "plan": plan["key"], "features' code": card.feature_code,
            "training code": plan["training_code"], "parameters": params}  # fmt: skip


def report_path(settings: Settings, plan: Mapping[str, Any], target: str) -> Path:
    """The page's place: `<home>/reports/models/<service>/<month>/<target>.html`."""
    return Path(settings.home, "reports", "models", plan["service"], plan["month"], f"{target}.html")


def _log(settings: Settings, run_id: str, page: str, figures: Mapping[str, Figure]) -> None:
    from include.models.tracking import client

    mlflow_client = client(settings)
    mlflow_client.log_text(run_id, page, f"{FOLDER}/{PAGE}")
    for name, figure in figures.items():
        mlflow_client.log_figure(run_id, figure, f"{FOLDER}/{name}.png")
