"""What an answer rests on, as a way to it: a page of this dashboard, a run in MLflow, or the document's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from include.config import ROOT, get_settings
from include.dashboard import session, sources
from include.dashboard.choosing import target_label
from include.dashboard.faults import AwayError
from include.dashboard.figures.models import TITLES
from include.dashboard.prose import calm, section

PAGE_OF_TABLE = {
    "model_performance": "comparison", "promotion_log": "comparison", "model_registry": "comparison",
    "experiment_runs": "training", "data_quality_metrics": "quality", "drift_metrics": "quality",
    "ingestion_log": "quality", "trip_totals": "explorer", "prediction_log": "operations",
    "champion_history": "comparison", "error_by_age": "comparison", "leaderboard": "training",
}  # fmt: skip
FILTERS = ("service", "target", "month")
SHOWN_LETTERS = 4000


def draw(citation: Mapping[str, Any], key: str) -> None:
    """One source. A document is shown here where this machine has it; what has no page of its own is named."""
    kind, source = str(citation.get("kind", "")), str(citation.get("source", ""))
    where = dict(citation.get("where") or {})
    title = str(citation.get("title") or source)
    if kind == "document" and (text := passage(ROOT, source, str(where.get("heading", "")))):
        with st.expander(named(title, source), icon=":material/description:", key=f"source_{key}"):
            st.markdown(calm(text))
    elif kind == "table" and source in PAGE_OF_TABLE:
        session.page_link(PAGE_OF_TABLE[source], named(title, source), ":material/table:", filters(where))
    elif kind == "card":
        session.page_link("cards", calm(title), ":material/badge:", card_filters(source, where))
    elif kind == "run" and where.get("run_id"):
        st.markdown(f":material/science: {_run(title, str(where['run_id']))}")
    else:
        st.markdown(f":material/notes: {calm(title)} (`{source.replace('`', '')}`)")


def named(title: str, source: str) -> str:
    """A title that says where it is from, once; both may be words of others."""
    return calm(title if source in title else f"{title} ({source})")


def about(citation: Mapping[str, Any], facts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A table's citation names service and month; what was predicted is in the first fact, which was asked for."""
    first = {name: facts[0][name] for name in ("service", "target") if facts and facts[0].get(name)}
    where = dict(citation.get("where") or {})
    return dict(citation) | {"where": first | where if citation.get("kind") == "table" else where}


def _run(title: str, run_id: str) -> str:
    """A link into MLflow; the bare title while MLflow is away."""
    settings = get_settings()
    try:
        path = sources.run_path(settings.mlflow_address, run_id)
    except AwayError:
        return f"{calm(title)} (run `{run_id}`; MLflow does not answer)"
    return f"[{calm(title)}]({session.mlflow_link(path)})"


def filters(where: Mapping[str, Any]) -> dict[str, str]:
    """What a page's address says of the place cited; a model's name says its service and target, of several months
    it is the last one."""
    _, _, named = str(where.get("model", "")).partition("nyc_taxi_")
    service, _, target = named.partition("_")
    told = {"service": service, "target": target.partition("/")[0]} | dict(where)
    found = {name: str(told[name]).rpartition(", ")[2] for name in FILTERS if told.get(name)}
    if "target" in found:
        found["target"] = target_label(found["target"]) if found["target"] in TITLES else ""
    return found


def card_filters(source: str, where: Mapping[str, Any]) -> dict[str, str]:
    """Which card: `source` or `where` name the model, perhaps as `name/version`."""
    name, _, version = str(where.get("model") or where.get("name") or source).partition("/")
    version = str(where.get("version") or version)
    return {"model": name} | ({"version": version} if version else {})


def passage(root: Path, source: str, heading: str) -> str:
    """What a document of this project says below the heading; "" for what is none, or is not on this machine."""
    path = (root / source.partition("#")[0]).resolve()
    kept = path.parent == (root / "docs").resolve() or path == (root / "README.md").resolve()
    if path.suffix != ".md" or not kept or not path.is_file():
        return ""
    return section(path.read_text(encoding="utf-8"), heading)[:SHOWN_LETTERS]
