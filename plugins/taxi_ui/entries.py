"""What Airflow's UI offers: an entry of its navigation, or a tab on a run, is a row of this table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

PREFIX = "/taxi"
"""Where the pages are mounted under the API server; they mirror the home, so that its relative links hold."""
RUN = "?dag_id={DAG_ID}&run_id={RUN_ID}"
"""The UI fills these in; a run's month is found by the server."""
DRAWING = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='{ink}' "
    "stroke-width='2' stroke-linecap='round' stroke-linejoin='round'%3E%3Cpath d='{path}'/%3E%3C/svg%3E"
)
INK, INK_DARK = "#27272a", "#e4e4e7"


@dataclass(frozen=True)
class Entry:
    """A page in the UI.

    `route` is its place in the UI's own addresses, where a frame shows it; "" opens it in a tab of its own. `page` is
    its address below PREFIX. A category that is one of Airflow's menus (browse, docs, admin, user) puts it there, any
    other makes a menu of that name, none puts it first under Plugins. `drawing` is the path of a 24 x 24 icon, drawn as
    a line.
    """

    name: str
    route: str
    page: str
    drawing: str
    category: str | None = None
    destination: Literal["nav", "dag_run"] = "nav"

    def view(self) -> dict[str, str]:
        """The entry as Airflow's `external_views` want it; addresses are relative to where Airflow itself is served."""
        shown = {"name": self.name, "href": f"{PREFIX[1:]}/{self.page}", "url_route": self.route,
                 "destination": self.destination, "category": self.category, "icon": _icon(self.drawing, INK),
                 "icon_dark_mode": _icon(self.drawing, INK_DARK)}  # fmt: skip
        return {name: value for name, value in shown.items() if value}


def _icon(path: str, ink: str) -> str:
    return DRAWING.format(ink=quote(ink), path=path)


CHECKS = "M4 6l2 2 3-4M4 13l2 2 3-4M4 20l2 2 3-4M13 6h8M13 13h8M13 20h8"
BARS = "M4 20V10M10 20V4M16 20v-7M21 20H3"
GAUGE = "M4 19a9 9 0 1 1 16 0M12 15l4-5M12 15h.01"
FLASK = "M9 3h6M10 3v6l-5 9a2 2 0 0 0 2 3h10a2 2 0 0 0 2-3l-5-9V3M8 15h8"
BRACKETS = "M8 4c-3 0-3 2-3 4s0 4-2 4c2 0 2 2 2 4s0 4 3 4M16 4c3 0 3 2 3 4s0 4 2 4c-2 0-2 2-2 4s0 4-3 4"

ENTRIES = (
    Entry("Data Docs", "data-docs", "data_docs/index.html", CHECKS),
    Entry("Quality and model reports", "reports", "reports/", BARS),
    Entry("Dashboard", "", "dashboard", GAUGE),
    Entry("MLflow", "mlflow", "mlflow_start", FLASK),
    Entry("Prediction API", "prediction-api", "api/docs", BRACKETS, category="docs"),
    Entry("Data Docs", "month-data-docs", f"run/data_docs{RUN}", CHECKS, destination="dag_run"),
    Entry("Quality report", "month-quality", f"run/quality{RUN}", BARS, destination="dag_run"),
)
