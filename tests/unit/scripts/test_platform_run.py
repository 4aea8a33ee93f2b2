"""make run's own decisions, without services."""

from __future__ import annotations

import socket

import pytest

from include.config import Settings
from include.errors import TaxiError
from scripts.platform_run import refuse_taken_ports
from tests.servers.mariadb import free_port


def test_a_taken_port_is_named_with_the_way_out(settings: Settings) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        ports = {"airflow_port": free_port(), "mlflow_port": free_port(), "api_port": other.getsockname()[1]}
        taken = settings.model_copy(update=ports)
        with pytest.raises(TaxiError, match=rf"Port {taken.api_port} for api is in use .*TAXI_API_PORT"):
            refuse_taken_ports(taken)
