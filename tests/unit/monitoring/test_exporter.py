"""A scrape is answered from memory, whatever the warehouse does."""

from __future__ import annotations

import socket

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from sqlalchemy import create_engine

from include.config import Settings
from include.errors import WarehouseError
from include.monitoring import exporter
from include.monitoring.exporter import Figures
from include.monitoring.gather import read_figures


def text(figures: Figures) -> str:
    registry = CollectorRegistry()
    registry.register(figures)
    return generate_latest(registry).decode()


def test_before_the_first_reading_nothing_is_up() -> None:
    shown = text(Figures(lambda: []))
    assert "taxi_warehouse_up 0.0" in shown
    assert "taxi_warehouse_read_timestamp_seconds 0.0" in shown


def test_a_warehouse_that_goes_away_leaves_its_last_figures_and_is_said_to_be_away() -> None:
    answers: list[list[Metric] | Exception] = [
        [GaugeMetricFamily("taxi_months", "m", 3)], WarehouseError("gone"), RuntimeError("odd"),
        [GaugeMetricFamily("taxi_months", "m", 4)],
    ]  # fmt: skip

    def read() -> list[Metric]:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    figures = Figures(read)
    seen = []
    for _ in range(4):
        figures.look()
        shown = text(figures).splitlines()
        seen.append([float(line.split()[1]) for line in shown if line.startswith(("taxi_warehouse_up", "taxi_months"))])
    assert seen == [[1, 3], [0, 3], [0, 3], [1, 4]]


def test_a_port_that_is_taken_is_named(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind((settings.bind, 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setattr(exporter, "get_settings", lambda: settings.model_copy(update={"exporter_port": port}))
        with pytest.raises(SystemExit, match=rf"{settings.bind}:{port} cannot be listened on.*TAXI_EXPORTER_PORT"):
            exporter.main()


def test_a_server_that_does_not_answer_is_no_warehouse(settings: Settings) -> None:
    engine = create_engine("mysql+pymysql://taxi:secret@127.0.0.1:1/taxi")
    figures = Figures(lambda: read_figures(engine, settings))
    figures.look()
    shown = text(figures)
    assert "taxi_warehouse_up 0.0" in shown
    assert "taxi_months" not in shown
