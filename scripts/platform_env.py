"""The environment and the supervisor's configuration of one home's services."""

from __future__ import annotations

import json
import os
import secrets
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path

from include.config import ROOT, Settings
from include.config.api_keys import new_key
from include.errors import SettingsError
from scripts.airflow_declared import connections, read_declared
from scripts.clean_start import MARK

MLFLOW_HOST = "127.0.0.1"
AIRFLOW_PARTS = ("api-server", "scheduler", "dag-processor", "triggerer")
"""Each is a service of its own: `airflow standalone` runs them too, and leaves a dead one dead."""
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
environment={mark}="{home}/{name}"
directory={root}
autorestart=true
startsecs=3
stopasgroup=true
killasgroup=true
redirect_stderr=true
stdout_logfile={logs}/{name}.log
stdout_logfile_maxbytes=20MB
"""


def platform_keys(settings: Settings) -> tuple[str, ...]:
    """Keys that this platform asks its API with: those of TAXI_API_KEYS, else one of its own where a file has keys.

    The file keeps digests alone, so no key in it can be sent. None where the API is open.
    """
    if settings.accepted_api_keys or not settings.known_keys():
        return settings.accepted_api_keys
    return (_kept(settings.home / "run" / "api_key", new_key()),)


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
        "TAXI_API_KEYS": ",".join(platform_keys(settings)),
        **_connections(settings),
        "MLFLOW_TRACKING_URI": settings.mlflow_tracking_uri or f"http://{MLFLOW_HOST}:{settings.mlflow_port}",
        # MLflow would start seven processes of 280 MB for jobs that this project does not have.
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "MLFLOW_DISABLE_TELEMETRY": "true",  # else it reports how it is used to its makers
        "AIRFLOW_HOME": str(airflow),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__AUTH_MANAGER": "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager",
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
        # A minute and a half of asking: an API server that is started anew takes most of one. With Airflow's eight
        # seconds the tries of a task end before it answers.
        "AIRFLOW__WORKERS__EXECUTION_API_RETRIES": "20",
        "AIRFLOW__WORKERS__EXECUTION_API_RETRY_WAIT_MAX": "10",
        "AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK": "False",
        # Airflow's log servers take fixed ports otherwise, the same ones for every home.
        "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(_near(settings.airflow_port, 713)),
        "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT": str(_near(settings.airflow_port, 714)),
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
    if "%" in f"{home}{ROOT}":
        raise SettingsError(f"TAXI_HOME={home} (or the project's folder {ROOT}) has a % in it, which begins a variable "
                            "for the supervisor: choose a path without one.")  # fmt: skip
    for folder in (home / "run", logs, home / "airflow", home / "mlflow" / "artifacts"):
        folder.mkdir(parents=True, exist_ok=True)
    logins = json.dumps({settings.admin_user: settings.admin_password.get_secret_value()})
    _write_private(home / "airflow" / "passwords.json", logins)
    parts = [SUPERVISOR.format(home=home, logs=logs)]
    parts += [
        PROGRAM.format(
            name=name,
            command=shlex.join([sys.executable, "-m", "scripts.clean_start", *command]),
            root=ROOT,
            logs=logs,
            mark=MARK,
            home=home,
        )
        for name, command in commands(settings).items()
    ]
    path = home / "run" / "supervisord.conf"
    path.write_text("\n".join(parts))
    return path


def commands(settings: Settings) -> dict[str, list[str]]:
    """Service -> command line. MLflow has no login of its own, so it listens on loopback whatever TAXI_BIND says; none
    is started when MLFLOW_TRACKING_URI names one.
    """
    mlflow = [
        f"{BIN}/mlflow", "server", "--backend-store-uri", f"sqlite:///{settings.mlflow_store}", "--workers", "1",
        "--no-serve-artifacts", "--default-artifact-root", f"{settings.home}/mlflow/artifacts",
        "--host", MLFLOW_HOST, "--port", str(settings.mlflow_port),
    ]  # fmt: skip
    own = {} if settings.mlflow_tracking_uri else {"mlflow": mlflow}
    return own | {
        **{f"airflow-{part}": [f"{BIN}/airflow", part] for part in AIRFLOW_PARTS},
        "api": [sys.executable, "-m", "include.serving.api"],
    }


def _write_private(path: Path, value: str) -> None:
    """Whole or not at all, and never readable by others, not even for a moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(value)
    temporary.replace(path)


def _near(port: int, distance: int) -> int:
    """Another port so far away, above or below."""
    return port + distance if port + distance <= 65535 else port - distance


def _schedule_from(settings: Settings) -> str:
    """The day this home was made, unless set: its schedule starts with the next month, and backfills fetch the past.

    Without a start, Airflow would run the latest month at once, whether the source has it or not.
    """
    if settings.schedule_from:
        return str(settings.schedule_from)
    return _kept(settings.home / "run" / "schedule_from", str(datetime.now(UTC).date()))


def _kept(path: Path, value: str) -> str:
    """The value that the file has, or `value`, which it then keeps; readable by its owner alone."""
    if not path.exists() or not path.read_text():
        _write_private(path, value)
    return path.read_text()
