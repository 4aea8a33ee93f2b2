"""make run's own decisions, without services."""

from __future__ import annotations

import socket

import pytest

from include.config import Settings
from include.errors import TaxiError
from scripts.platform_run import _service_settings, refuse_taken_ports
from tests.servers.mariadb import free_port


def test_a_taken_port_is_named_with_the_way_out(settings: Settings) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        ports = {"airflow_port": free_port(), "mlflow_port": free_port(), "api_port": other.getsockname()[1]}
        taken = settings.model_copy(update=ports)
        with pytest.raises(TaxiError, match=rf"Port {taken.api_port} for api is in use .*TAXI_API_PORT"):
            refuse_taken_ports(taken)


def test_another_way_to_tell_people_starts_the_services_again(settings: Settings) -> None:
    """The services have their connections from the environment of the `make run` that started them."""
    before = _service_settings(settings, {"PATH": "/bin"})
    told = _service_settings(settings, {"AIRFLOW_CONN_TAXI_SLACK": "hook", "PATH": "/usr/bin"})
    assert {name for name in told if before[name] != told[name]} == {"connections"}
    assert "hook" not in str(told)
