"""The images and the compose file keep their promises: health, secrets, ports, versions."""

from __future__ import annotations

import json
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import make_url

from include.config import Settings, load_settings
from scripts import airflow_declared, container_health

ROOT = Path(__file__).parents[2]
SECRET_NAME = re.compile(r"PASSWORD|SECRET|API_KEYS|FERNET|AUTH$")
VARIABLE = re.compile(r"\$\{(\w+)(:\?[^}]+)?\}")
PUBLISHED = {"airflow-api-server": "TAXI_AIRFLOW_PORT", "mlflow": "TAXI_MLFLOW_PORT", "api": "TAXI_API_PORT",
             "dashboard": "TAXI_DASHBOARD_PORT", "grafana": "TAXI_GRAFANA_PORT"}  # fmt: skip
PINNED = ("", "-serving", "-serving-llm", "-dashboard")
TARGETS = ("serving", "dashboard", "airflow")
COMPOSE_ONLY = {"TAXI_EXECUTOR", "TAXI_IMAGE_TAG", "TAXI_PARALLELISM", "TAXI_TASK_MEMORY", "TAXI_WORKER_CONCURRENCY",
                "TAXI_GRAFANA_PORT", "TAXI_METRICS_DAYS", "TAXI_IMAGE_LLM"}  # fmt: skip
"""What .env may say to the compose file that is no setting of the project."""
ONLY_PINNED = """
import importlib.metadata as metadata, sys
from importlib.abc import MetaPathFinder

pinned = set(sys.argv[1].split(","))
def plain(name): return name.lower().replace("_", "-").replace(".", "-")
owners = metadata.packages_distributions()

class OnlyPinned(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        owner = {plain(o) for o in owners.get(name.partition(".")[0], ())}
        if owner and not owner & pinned:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, OnlyPinned())
"""
ONLY_SERVING = (
    ONLY_PINNED
    + """
from datetime import datetime
import httptools, uvicorn, uvloop
from include.config import load_settings
from include.serving.api import create_app
from include.serving.model_loader import ModelLoader
from include.serving.quotes.trips import Trip

settings = load_settings({"home": sys.argv[2]})
create_app(settings)
import onnxruntime
trip = Trip("yellow", 132, 230, datetime(2019, 6, 14, 18, 30))
loader = ModelLoader(settings)
loader.refresh()
loader.predict([trip])
import cryptography, pymysql, include.monitoring.exporter, include.warehouse.prediction_rows
print("served")
"""
)
ONLY_WORDING = (
    ONLY_PINNED
    + """
from include.config import load_settings
from include.llm.writer import writer_from

for model in ("openai:gpt-5-mini", "anthropic:claude-sonnet-4-5"):
    assert writer_from(load_settings({"home": sys.argv[2], "llm_model": model, "llm_api_key": "k"})), model
print("worded")
"""
)
ONLY_DASHBOARD = (
    ONLY_PINNED
    + """
import importlib, pkgutil
import include.dashboard, include.serving.dashboard, streamlit.web.cli
from include.config import load_settings
from include.warehouse.engine import get_engine
from include.warehouse.schema import init_db

for module in pkgutil.walk_packages(include.dashboard.__path__, "include.dashboard."):
    importlib.import_module(module.name)
init_db(get_engine(load_settings({"home": sys.argv[2]})))
import cryptography, pandas, pymysql
print("shown")
"""
)


class Unrepeated(yaml.SafeLoader):
    """Refuses a key that stands twice in one mapping; YAML's loaders take the last one without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise yaml.constructor.ConstructorError(None, None, f"{sorted(twice)} twice", node.start_mark)
        return super().construct_mapping(node, deep)


VARIABLES = re.compile(rf"{VARIABLE.pattern}(,{VARIABLE.pattern})*")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "docker-compose.yaml").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return dict(compose["services"])


def strings(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """(path, text) of every text in a parsed document."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from strings(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from strings(inner, f"{path}[{place}]")
    elif isinstance(value, str):
        yield path, value


def pins(name: str) -> dict[str, str]:
    """Package -> version of a requirements file."""
    lines = (ROOT / name).read_text(encoding="utf-8").split()
    return dict(line.split("==") for line in lines)


def test_every_service_is_checked_or_runs_once(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        if service["restart"] == "no":
            assert service["healthcheck"] == {"disable": True}, name
        else:
            assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL"), name


def test_every_service_has_a_memory_limit_and_rotated_logs(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        assert service["deploy"]["resources"]["limits"]["memory"], name
        assert service["logging"]["options"]["max-size"], name
        assert "ulimits" not in service, name


def test_only_what_people_open_is_published_and_only_to_this_machine(services: dict[str, dict[str, Any]]) -> None:
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert sorted(published) == sorted(PUBLISHED)
    for name, ports in published.items():
        (port,) = ports
        assert re.fullmatch(rf"127\.0\.0\.1:\$\{{{PUBLISHED[name]}:-\d+\}}:\d+", port), port


def test_databases_are_on_a_network_of_their_own(compose: dict[str, Any], services: dict[str, dict[str, Any]]) -> None:
    assert compose["networks"]["data"]["internal"] is True
    for name in ("mysql", "postgres", "redis"):
        assert services[name]["networks"] == ["data"]
    assert services["mlflow"]["networks"] == ["front"]
    assert services["grafana"]["networks"] == ["monitoring"], (
        "it reaches neither databases nor MLflow, which has no login"
    )


def test_every_profile_has_what_its_services_wait_for(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        for other in service.get("depends_on", {}):
            assert set(services[other].get("profiles", ())) <= set(service.get("profiles", ())), (name, other)


def test_no_profile_chooses_the_executor(services: dict[str, dict[str, Any]]) -> None:
    """With the profile of monitoring alone there is no worker, and a Celery task would wait for ever."""
    chosen = services["airflow-scheduler"]["environment"]["AIRFLOW__CORE__EXECUTOR"]
    assert chosen == "${TAXI_EXECUTOR:-LocalExecutor}"


def test_images_of_others_are_pinned(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        assert re.search(r":(v?\d|\$\{TAXI_IMAGE_TAG)", service["image"]), name


def test_prometheus_has_a_key_of_its_own(services: dict[str, dict[str, Any]]) -> None:
    names = [name for name, _ in VARIABLE.findall(services["api"]["environment"]["TAXI_API_KEYS"])]
    assert names == ["TAXI_API_KEYS", "PROMETHEUS_KEY"]
    assert "PROMETHEUS_KEY" not in str(services["airflow-scheduler"]["environment"])


def test_the_service_writes_its_own_folders_and_its_own_table(services: dict[str, dict[str, Any]]) -> None:
    api = services["api"]
    assert api["read_only"] is True
    assert api["volumes"] == ["home:/var/lib/taxi:ro", "serving:/var/lib/serving"]
    written = [api["environment"][name] for name in ("TAXI_SPOOL", "TAXI_MODEL_CACHE")]
    assert all(folder.startswith("/var/lib/serving/") for folder in written)
    assert "install -d -o taxi -g taxi /var/lib/taxi /var/lib/serving" in dockerfile()
    assert make_url(VARIABLE.sub("secret", api["environment"]["TAXI_WAREHOUSE_URL"])).username == "serving"
    granted = (ROOT / "deploy/mysql/20-serving.sh").read_text(encoding="utf-8")
    rights = re.findall(r"GRANT (.+) ON (\S+) TO 'serving'", granted)
    assert rights == [("SELECT", "taxi.*"), ("INSERT, UPDATE, DELETE, CREATE", "taxi.prediction_log")]


def test_the_dashboard_writes_nothing_and_reaches_what_it_shows(services: dict[str, dict[str, Any]]) -> None:
    dashboard = services["dashboard"]
    assert dashboard["read_only"] is True
    assert dashboard["volumes"] == ["home:/var/lib/taxi:ro"]
    assert make_url(VARIABLE.sub("secret", dashboard["environment"]["TAXI_WAREHOUSE_URL"])).username == "serving"
    asked = {
        name: dashboard["environment"][name] for name in ("TAXI_API_URL", "TAXI_AIRFLOW_URL", "MLFLOW_TRACKING_URI")
    }
    for name, address in asked.items():
        host, _, port = address.removeprefix("http://").partition(":")
        assert services[host]["ports"][0].endswith(f":{port}"), name
        assert set(services[host]["networks"]) & set(dashboard["networks"]), name
    for service in ("airflow-api-server", "mlflow", "api"):  # links lead to the ports that a browser reaches
        published = services[service]["ports"][0].rpartition(":")[0]
        assert published == f"127.0.0.1:{dashboard['environment'][PUBLISHED[service]]}", service


def test_the_service_may_follow_the_aliases_of_the_composed_registry(services: dict[str, dict[str, Any]]) -> None:
    api, registry = services["api"], services["mlflow"]
    assert api["environment"]["TAXI_CHAMPIONS_FROM"] is None  # passed on when it is set
    assert api["environment"]["MLFLOW_TRACKING_URI"] == "http://mlflow:5000"
    assert set(api["networks"]) & set(registry["networks"])
    assert any("mlflow:5000" in part for part in registry["command"])


def test_what_a_service_waits_for_exists_and_is_healthy_or_done(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        for other, wanted in service.get("depends_on", {}).items():
            once = services[other]["restart"] == "no"
            assert wanted["condition"] == ("service_completed_successfully" if once else "service_healthy"), name


def test_no_secret_stands_in_the_file(services: dict[str, dict[str, Any]]) -> None:
    for path, text in strings(services):
        variable = path.rpartition(".")[2]
        if SECRET_NAME.search(variable) and variable.isupper():
            assert VARIABLES.fullmatch(text), path
        for login in re.findall(r"://[^/@:]*:([^@]+)@", text):
            assert VARIABLE.fullmatch(login), path


def test_every_required_secret_is_written_once_and_strong(tmp_path: Path) -> None:
    text = (ROOT / "docker-compose.yaml").read_text(encoding="utf-8")
    required = {name for name, message in VARIABLE.findall(text) if message}
    assert {name for name, _ in VARIABLE.findall(text)} == required
    file = tmp_path / ".env"
    subprocess.run([ROOT / "scripts/write_env.sh", file], check=True, capture_output=True)
    written = dict(line.split("=", 1) for line in file.read_text().splitlines() if line and not line.startswith("#"))
    secrets = [value for name, value in written.items() if name in required]
    assert required <= set(written)
    assert len(set(secrets)) == len(secrets)
    assert min(map(len, secrets)) >= 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_text()
    again = subprocess.run([ROOT / "scripts/write_env.sh", file], check=False, capture_output=True, text=True)
    assert again.returncode == 1
    assert "stays as it is" in again.stderr
    assert file.read_text() == before


def test_the_containers_are_held_to_the_rules_for_exposed_services(services: dict[str, dict[str, Any]]) -> None:
    for name in ("airflow-init", "airflow-api-server", "airflow-scheduler"):
        environment = services[name]["environment"]
        assert environment["TAXI_ENV"] == "production"
        assert environment["TAXI_BIND"] == "0.0.0.0"
    assert "refuse_development_login()" in (ROOT / "scripts/airflow_init.py").read_text(encoding="utf-8")
    serving = dockerfile().split(" AS serving\n")[1].split("\nFROM ")[0]
    assert "TAXI_ENV=production" in serving


def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_every_setting_reaches_the_containers_that_follow_it(services: dict[str, dict[str, Any]]) -> None:
    """docs/CONTAINERS.md: any setting may stand in .env. Ports and places inside the containers are theirs."""
    theirs = {"airflow_port", "api_port", "mlflow_port", "dashboard_port", "mlflow_tracking_uri", "lake_url",
              "api_keys_file", "exporter_port"}  # fmt: skip
    passed = {name for part in ("airflow-scheduler", "api", "dashboard") for name in services[part]["environment"]}
    assert {f"TAXI_{name.upper()}" for name in Settings.model_fields.keys() - theirs} <= passed


def test_whatever_the_files_call_a_setting_is_one(services: dict[str, dict[str, Any]]) -> None:
    known = {"MLFLOW_TRACKING_URI", *(f"TAXI_{name.upper()}" for name in Settings.model_fields)}
    passed = {name for service in services.values() for name in service.get("environment", {})}
    named = set(re.findall(r"\$\{(TAXI_\w+)", (ROOT / "docker-compose.yaml").read_text(encoding="utf-8")))
    assert {name for name in passed if name.startswith("TAXI_")} <= known
    assert named - known == COMPOSE_ONLY
    assert example().keys() <= known


def test_every_line_of_the_example_is_accepted(settings: Settings) -> None:
    values = {name.removeprefix("TAXI_").lower(): value for name, value in example().items() if value}
    assert load_settings({"home": settings.home, **values}).env == "development"


def example() -> dict[str, str]:
    """Variable -> value of .env.example, what is commented out too."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    return dict(re.findall(r"^(?:# )?([A-Z][A-Z_]+)=(.*)$", text, flags=re.M))


def test_no_key_stands_twice_in_a_mapping() -> None:
    for name in ("docker-compose.yaml", "airflow_settings.yaml"):
        yaml.load((ROOT / name).read_text(encoding="utf-8"), Unrepeated)
    with pytest.raises(yaml.constructor.ConstructorError, match=r"'A'\] twice"):
        yaml.load("{A: 1, A: 2}", Unrepeated)


@pytest.mark.parametrize("profiles", ["", "celery", "monitoring", "*"])
def test_compose_itself_accepts_the_file(profiles: str, tmp_path: Path) -> None:
    docker = shutil.which("docker")
    if not docker or subprocess.run([docker, "compose", "version"], check=False, capture_output=True).returncode:
        pytest.skip("Docker's compose is not installed")
    subprocess.run([ROOT / "scripts/write_env.sh", tmp_path / "env"], check=True, capture_output=True)
    command = [docker, "compose", "--env-file", str(tmp_path / "env"), "--file", str(ROOT / "docker-compose.yaml")]
    command += ["--profile", profiles] if profiles else []
    checked = subprocess.run([*command, "config", "--quiet"], check=False, capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_every_image_runs_as_a_numbered_user_with_a_health_check() -> None:
    stages = {block.split("\n")[0].rpartition(" ")[2]: block for block in re.split(r"^FROM ", dockerfile(), flags=re.M)}
    assert list(stages)[-1] == "airflow"
    for name in TARGETS:
        assert re.search(r"^USER \d{4,}:\d{4,}$", stages[name], flags=re.M), name
        assert re.search(r"^HEALTHCHECK ", stages[name], flags=re.M), name
        assert "org.opencontainers.image.revision" in stages[name], name


def test_secrets_and_run_state_never_reach_the_engine() -> None:
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert not {"!.env", "!var", "!.git"} & set(rules)


def test_service_and_dashboard_have_the_versions_of_the_platform() -> None:
    training = {"torch", "xgboost", "lightgbm", "scikit-learn", "apache-airflow", "mlflow"}
    platform, serving, wording, dashboard = (pins(f"requirements{part}.txt") for part in PINNED)
    assert serving.items() < wording.items() <= platform.items()
    assert dashboard.items() <= platform.items()
    assert not {*training, "pandas"} & set(wording)
    assert not {*training, "onnxruntime"} & set(dashboard)
    assert {"openai", "anthropic"} & set(wording)
    assert not {"openai", "anthropic"} & set(serving)


def test_pins_name_versions_and_no_addresses() -> None:
    for part in PINNED:
        assert not re.search(r"://|--|@", (ROOT / f"requirements{part}.txt").read_text(encoding="utf-8")), part
    assert not re.findall(r"https?://(?!127\.0\.0\.1)\S+", dockerfile())


def test_the_service_imports_nothing_beyond_its_pins(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ONLY_SERVING, ",".join(pins("requirements-serving.txt")), str(tmp_path)]
    outcome = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert outcome.stdout.endswith("served\n"), outcome.stderr[-2000:]


def test_the_service_with_language_models_has_all_that_asks_them(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ONLY_WORDING, ",".join(pins("requirements-serving-llm.txt")), str(tmp_path)]
    outcome = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert outcome.stdout.endswith("worded\n"), outcome.stderr[-2000:]


def test_the_dashboard_imports_nothing_beyond_its_pins(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ONLY_DASHBOARD, ",".join(pins("requirements-dashboard.txt")), str(tmp_path)]
    outcome = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert outcome.stdout.endswith("shown\n"), outcome.stderr[-2000:]


def test_the_declared_warehouse_is_the_composed_one(services: dict[str, dict[str, Any]]) -> None:
    declared = airflow_declared.read_declared()
    url = services["airflow-scheduler"]["environment"]["TAXI_WAREHOUSE_URL"]
    composed = make_url(VARIABLE.sub("drowssap", url))
    (written,) = declared["connections"]
    assert (written["conn_host"], written["conn_login"], written["conn_schema"], written["conn_port"]) == (
        composed.host, composed.username, composed.database, composed.port,
    )  # fmt: skip
    assert written["conn_password"] is None
    mysql = services["mysql"]["environment"]
    assert (mysql["MYSQL_USER"], mysql["MYSQL_DATABASE"]) == (composed.username, composed.database)


def test_the_connection_has_the_address_and_password_of_the_settings() -> None:
    declared = airflow_declared.read_declared()
    made = airflow_declared.connections(declared, "mysql://me:p%40ss@db.example:3307/trips")["taxi_mysql"]
    assert (made["host"], made["port"], made["login"], made["password"], made["schema"]) == (
        "db.example", 3307, "me", "p@ss", "trips",
    )  # fmt: skip
    assert made["extra"]["client"] == "mysql-connector-python"
    assert airflow_declared.connections(declared, "sqlite:///warehouse.db") == {}


def test_a_promotion_happens_alone() -> None:
    pools = airflow_declared.pools(airflow_declared.read_declared())
    assert pools["register"]["slots"] == 1
    assert pools["training"]["slots"] >= 1


@pytest.mark.parametrize(
    ("body", "healthy"),
    [({"metadatabase": {"status": "healthy"}}, True), ({"metadatabase": {"status": "unhealthy"}}, False), ("OK", True)],
)
def test_an_answer_that_reports_a_broken_database_is_unhealthy(
    body: Any, healthy: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "answer"
    file.write_text(body if isinstance(body, str) else json.dumps(body))
    assert container_health.http(file.as_uri()) is healthy


def test_a_failed_check_says_why_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["container_health", "http", "http://127.0.0.1:1/"])
    with pytest.raises(SystemExit, match=r"^unhealthy: URLError"):
        container_health.main()
