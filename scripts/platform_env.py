"""The environment and the supervisor's configuration of one home's services."""

from __future__ import annotations

import json
import os
import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path

from include.config import ROOT, Settings
from scripts.airflow_declared import connections, read_declared

BIN = Path(sys.executable).parent
SUPERVISOR = """\
[supervisord]
logfile={logs}/supervisord.log
pidfile={home}/run/supervisord.pid
childlogdir={logs}
[unix_http_server]
file={home}/run/supervisor.sock
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://{home}/run/supervisor.sock
"""
PROGRAM = """\
[program:{name}]
command={command}
directory={root}
autorestart=true
startsecs=3
stopasgroup=true
killasgroup=true
redirect_stderr=true
stdout_logfile={logs}/{name}.log
stdout_logfile_maxbytes=20MB
"""


def service_environment(settings: Settings) -> dict[str, str]:
    """Variables for every service of this home: its settings made explicit, and Airflow's own."""
    home, airflow = settings.home, settings.home / "airflow"
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    base = f"http://{settings.bind}:{settings.airflow_port}"
    secret = _kept(home / "run" / "secret", secrets.token_urlsafe(48))
    return env | {
        "PATH": f"{BIN}{os.pathsep}{env.get('PATH', '')}",
        "PYTHONPATH": str(ROOT),
        "TAXI_HOME": str(home),
        "TAXI_SCHEDULE_FROM": _schedule_from(settings),
        **_connections(settings),
        "MLFLOW_TRACKING_URI": f"http://{settings.bind}:{settings.mlflow_port}",
        # MLflow would start seven processes of 280 MB for jobs that this project does not have.
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "AIRFLOW_HOME": str(airflow),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{settings.admin_user}:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(airflow / "passwords.json"),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{base}/execution/",
        "AIRFLOW__API__BASE_URL": base,
        "AIRFLOW__API__HOST": settings.bind,
        "AIRFLOW__API__PORT": str(settings.airflow_port),
        "AIRFLOW__API__SECRET_KEY": secret,
        "AIRFLOW__API_AUTH__JWT_SECRET": secret,
        "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "60",
        "AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK": "False",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(airflow / "logs"),
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "30",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def _connections(settings: Settings) -> dict[str, str]:
    """The Airflow connections that `airflow_settings.yaml` declares, as Airflow reads them from the environment."""
    declared = connections(read_declared(), settings.warehouse)
    return {f"AIRFLOW_CONN_{name.upper()}": json.dumps(connection) for name, connection in declared.items()}


def write_configuration(settings: Settings) -> Path:
    """Writes passwords and the supervisor's file under the home; gives the latter's path."""
    home, logs = settings.home, settings.home / "logs"
    for folder in (home / "run", logs, home / "airflow", home / "mlflow" / "artifacts"):
        folder.mkdir(parents=True, exist_ok=True)
    passwords = home / "airflow" / "passwords.json"
    passwords.write_text(json.dumps({settings.admin_user: settings.admin_password.get_secret_value()}))
    passwords.chmod(0o600)
    mlflow = (
        f"{BIN}/mlflow server --backend-store-uri sqlite:///{settings.mlflow_store} --workers 1 --no-serve-artifacts "
        f"--default-artifact-root {home}/mlflow/artifacts --host {settings.bind} --port {settings.mlflow_port}"
    )
    commands = {
        "mlflow": mlflow,
        "airflow": f"{BIN}/airflow standalone",
        "api": f"{sys.executable} -m include.serving.api",
    }
    parts = [SUPERVISOR.format(home=home, logs=logs)]
    parts += [PROGRAM.format(name=n, command=c, root=ROOT, logs=logs) for n, c in commands.items()]
    path = home / "run" / "supervisord.conf"
    path.write_text("\n".join(parts))
    return path


def _schedule_from(settings: Settings) -> str:
    """The day this home was made, unless set: its schedule starts with the next month, and backfills fetch the past.

    Without a start, Airflow would run the latest month at once, whether the source has it or not.
    """
    if settings.schedule_from:
        return str(settings.schedule_from)
    return _kept(settings.home / "run" / "schedule_from", str(datetime.now(UTC).date()))


def _kept(path: Path, value: str) -> str:
    """The value that the file has, or `value`, which it then keeps; readable by its owner alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(value)
    return path.read_text()
