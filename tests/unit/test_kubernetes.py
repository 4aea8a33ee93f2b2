"""The chart's values name settings, secrets and paths as the rest of the project does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from include.config import Settings

ROOT = Path(__file__).parents[2]
OTHERS = {"MLFLOW_TRACKING_URI", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"}


@pytest.fixture(scope="module")
def values() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "deploy/kubernetes/values.yaml").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def composed() -> dict[str, str]:
    """The environment of the composed scheduler."""
    compose = yaml.safe_load((ROOT / "docker-compose.yaml").read_text(encoding="utf-8"))
    return dict(compose["services"]["airflow-scheduler"]["environment"])


def test_every_variable_is_a_setting_that_loads(values: dict[str, Any]) -> None:
    plain = {entry["name"]: entry["value"] for entry in values["env"]}
    secret = {entry["envName"] for entry in values["secret"]}
    assert not plain.keys() & secret
    known = {f"TAXI_{name.upper()}" for name in Settings.model_fields} | OTHERS
    assert plain.keys() | secret <= known
    given = {name.removeprefix("TAXI_").lower(): value for name, value in plain.items() if name.startswith("TAXI_")}
    settings = Settings(**given)
    assert settings.env == "production"
    assert str(settings.home) == "/var/lib/taxi"


def test_what_compose_takes_from_secrets_is_taken_from_secrets(
    values: dict[str, Any], composed: dict[str, str]
) -> None:
    secret = {entry["envName"] for entry in values["secret"]}
    required = {name for name, value in composed.items() if name.startswith("TAXI_") and ":?" in str(value)}
    assert secret == required


def test_airflow_is_configured_as_in_the_containers(values: dict[str, Any], composed: dict[str, str]) -> None:
    for section, options in values["config"].items():
        for option, value in options.items():
            name = f"AIRFLOW__{section.upper()}__{option.upper()}"
            if name in composed and "${" not in composed[name]:
                assert composed[name] == value, name
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8").split(" AS airflow\n")[1]
    core = values["config"]["core"]
    assert f"AIRFLOW__CORE__DAGS_FOLDER={core['dags_folder']}" in image
    assert f"AIRFLOW__CORE__PLUGINS_FOLDER={core['plugins_folder']}" in image
    assert f"AIRFLOW_HOME={values['airflowHome']}" in image
    assert f"USER {values['uid']}:{values['gid']}" in image


def test_the_chart_runs_the_pinned_airflow(values: dict[str, Any]) -> None:
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8").split()
    assert f"apache-airflow=={values['airflowVersion']}" in pins


def test_the_home_is_mounted_where_the_settings_look(values: dict[str, Any]) -> None:
    (volume,), (mount,) = values["volumes"], values["volumeMounts"]
    assert volume["name"] == mount["name"]
    home = next(entry["value"] for entry in values["env"] if entry["name"] == "TAXI_HOME")
    assert mount["mountPath"] == home
    assert values["config"]["logging"]["base_log_folder"].startswith(home)


def test_the_document_creates_every_secret_that_the_values_name(values: dict[str, Any]) -> None:
    text = (ROOT / "docs/DEPLOYMENT.md").read_text(encoding="utf-8").replace("\\\n", " ")
    made = {}
    for line in re.findall(r"kubectl create secret generic (.+)", text):
        name, *words = line.split()
        made[name] = set(re.findall(r"--from-literal=([\w-]+)=", " ".join(words)))
    assert made[values["data"]["metadataSecretName"]] == {"connection"}
    assert made[values["fernetKeySecretName"]] == {"fernet-key", "api-secret-key", "jwt-secret"}
    assert values["apiSecretKeySecretName"] == values["jwtSecretName"] == values["fernetKeySecretName"]
    for entry in values["secret"]:
        assert entry["secretKey"] in made[entry["secretName"]], entry


def test_no_secret_stands_in_the_file(values: dict[str, Any]) -> None:
    for entry in values["env"]:
        assert not re.search(r"PASSWORD|SECRET|KEYS|FERNET", entry["name"])
        assert "@" not in entry["value"]
