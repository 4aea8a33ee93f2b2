"""CI asks what the README tells people to ask, on the project's Python, and holds no secret; so do the hooks."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from include.config import ROOT

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
ACTION = ROOT / ".github/actions/environment/action.yml"
HOOKS = ROOT / ".pre-commit-config.yaml"
TARGETS = set(re.findall(r"^([a-z0-9 -]+):(?!=)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
KNOWN = {name for line in TARGETS for name in line.split()}


def read(path: Any) -> dict[str, Any]:
    """A workflow; YAML 1.1 reads its key `on` as true."""
    parsed = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {"on" if key is True else key: value for key, value in parsed.items()}


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    """(file and job, step) of every workflow and of the action."""
    for path in WORKFLOWS:
        for name, job in read(path)["jobs"].items():
            for step in job.get("steps", ()):
                yield f"{path.stem}.{name}", step
    for step in read(ACTION)["runs"]["steps"]:
        yield "action", step


def test_every_target_that_is_called_exists() -> None:
    called = {target for _, step in steps() for words in re.findall(r"\bmake ([a-z0-9 -]+)", step.get("run", ""))
              for target in words.split()}  # fmt: skip
    assert called <= KNOWN
    assert {"setup", "lint", "hooks", "typecheck", "test-unit", "test-integration", "run", "test-e2e"} <= called


def test_ci_checks_pushes_pull_requests_and_releases() -> None:
    ci, release = (read(ROOT / f".github/workflows/{name}.yml") for name in ("ci", "release"))
    assert ci["on"].keys() == {"push", "pull_request", "workflow_call"}
    assert release["on"] == {"push": {"tags": ["v*"]}}
    assert release["jobs"]["images"]["needs"] == "checks"
    assert release["jobs"]["checks"]["uses"] == "./.github/workflows/ci.yml"


def test_workflows_may_read_and_only_a_release_may_write_images() -> None:
    for path in WORKFLOWS:
        workflow = read(path)
        assert workflow["permissions"] == {"contents": "read"}, path.name
        assert workflow["concurrency"]["group"]
        for name, job in workflow["jobs"].items():
            allowed = {"contents": "read", "packages": "write"} if path.stem == "release" and name == "images" else None
            assert job.get("permissions") == allowed, name
            assert "uses" in job or job["timeout-minutes"] <= 90, name


def test_every_job_with_the_environment_has_python_3_11() -> None:
    (python,) = [step for where, step in steps() if str(step.get("uses", "")).startswith("actions/setup-python")]
    assert python["with"]["python-version"] == "3.11"
    needing = {where for where, step in steps() if "make " in step.get("run", "")} - {"action"}
    having = {where for where, step in steps() if step.get("uses") == "./.github/actions/environment"}
    assert needing == having


def test_actions_have_a_version() -> None:
    for where, step in steps():
        if (used := step.get("uses", "./")) and not used.startswith("./"):
            assert re.fullmatch(r"[\w-]+/[\w-]+@(v\d+|[0-9a-f]{40})", used), where


def test_no_secret_and_no_package_index_is_named() -> None:
    for path in (*WORKFLOWS, ACTION, HOOKS):
        text = path.read_text(encoding="utf-8")
        assert "secrets." not in text, path.name
        assert not re.search(r"(?i)(password|token|key)\w*: *[\"']?\w{8,}", text), path.name
        assert not re.search(r"(?i)--(extra-)?index-url|pypi|registry\.npmjs|proxy\.golang", text), path.name


def test_the_integration_job_has_the_composed_mysql() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yaml").read_text(encoding="utf-8"))
    job = read(ROOT / ".github/workflows/ci.yml")["jobs"]["integration"]
    assert job["services"]["mysql"]["image"] == compose["services"]["mysql"]["image"]
    assert job["env"]["TAXI_TEST_MYSQL_URL"].startswith("mysql+pymysql://root@127.0.0.1:3306/")


def test_what_is_built_is_what_is_released() -> None:
    built, released = (read(ROOT / f".github/workflows/{name}.yml")["jobs"]["images"]["strategy"]["matrix"]["target"]
                       for name in ("ci", "release"))  # fmt: skip
    assert built == released == ["serving", "dashboard", "airflow"]


def test_a_release_says_what_is_in_its_images() -> None:
    release = read(ROOT / ".github/workflows/release.yml")["jobs"]["images"]["steps"]
    build = next(step["with"] for step in release if str(step.get("uses", "")).startswith("docker/build-push-action"))
    assert (build["sbom"], build["push"]) == (True, True)
    assert set(re.findall(r"^(\w+)=", build["build-args"], re.MULTILINE)) == {"VERSION", "REVISION"}
    declared = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert {"VERSION", "REVISION"} <= set(re.findall(r"^ARG (\w+)", declared, re.MULTILINE))


def hooks() -> list[dict[str, Any]]:
    (local,) = yaml.safe_load(HOOKS.read_text(encoding="utf-8"))["repos"]
    assert local["repo"] == "local"
    return list(local["hooks"])


def test_hooks_are_the_projects_own() -> None:
    pinned = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    for hook in hooks():
        assert hook["language"] in ("system", "pygrep"), hook["id"]
        if hook["language"] == "pygrep":
            re.compile(hook["entry"])
            continue
        command = hook["entry"].removeprefix("env MYPYPATH=dags:plugins ").split()
        tool = command[0].removeprefix(".venv/bin/")
        assert tool == "python" or re.search(rf"^{tool}==", pinned, re.MULTILINE), hook["id"]
        assert all((ROOT / part).exists() for part in command[1:] if part.endswith(".py")), hook["id"]


@pytest.mark.parametrize(
    ("hook", "wrong", "right"),
    [
        ("merge-markers", "<<<<<<< HEAD", "<<<< a title"),
        ("trailing-whitespace", "words \t", "words"),
        ("private-keys", "-----BEGIN " + "RSA PRIVATE KEY-----", "-----BEGIN PUBLIC KEY-----"),
    ],
)
def test_a_pattern_finds_what_it_is_for(hook: str, wrong: str, right: str) -> None:
    (pattern,) = [found["entry"] for found in hooks() if found["id"] == hook]
    assert re.search(pattern, wrong)
    assert not re.search(pattern, right)


def test_every_script_of_a_workflow_is_shell() -> None:
    for where, step in steps():
        script = re.sub(r"\$\{\{.*?\}\}", "expression", step.get("run", ""))
        checked = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)
        assert checked.returncode == 0, (where, checked.stderr)
