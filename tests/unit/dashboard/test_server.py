"""The server is private, quiet and self-contained; what it imports is what its requirements name."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

from include.config import ROOT, Settings
from include.dashboard.server import arguments

DASHBOARD = [ROOT / "include/serving/dashboard.py", *sorted((ROOT / "include/dashboard").rglob("*.py"))]
PACKAGE_OF = {
    "yaml": "pyyaml",
    "pydantic_core": "pydantic",
    "prometheus_client": "prometheus-client",
    "pydantic_settings": "pydantic-settings",
}


def imported(path: Path) -> set[str]:
    """Modules that a file names in imports at its top: those inside functions are somebody's choice at run time."""
    found: set[str] = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def file_of(module: str) -> Path | None:
    base = ROOT / module.replace(".", "/")
    return next((p for p in (base.with_suffix(".py"), base / "__init__.py") if p.exists()), None)


def reached(files: list[Path]) -> set[str]:
    """Packages of others that these files need to be imported, through all of this project's own modules."""
    seen, others, waiting = set(files), set[str](), list(files)
    while waiting:
        for module in imported(waiting.pop()):
            own = file_of(module)
            if own is not None and own not in seen:
                seen.add(own)
                waiting.append(own)
            elif own is None and module.split(".")[0] not in {*sys.stdlib_module_names, "include"}:
                others.add(module.split(".")[0])
    return others


def named(requirements: str) -> set[str]:
    lines = (line.split("#")[0].strip() for line in (ROOT / requirements).read_text().splitlines())
    return {line for line in lines if line}


def test_the_requirements_name_what_is_imported() -> None:
    needed = {PACKAGE_OF.get(name, name) for name in reached(DASHBOARD)}
    assert needed <= named("requirements-dashboard.in")


def test_it_needs_nothing_that_trains() -> None:
    assert not reached(DASHBOARD) & {"sklearn", "lightgbm", "xgboost", "torch", "mlflow", "onnxruntime", "airflow",
                                     "great_expectations", "matplotlib", "fastapi"}  # fmt: skip


def test_the_service_imports_none_of_it() -> None:
    serving = [path for path in (ROOT / "include/serving").rglob("*.py") if path.name != "dashboard.py"]
    assert "streamlit" not in reached(serving)
    assert not any(module.startswith("include.dashboard") for path in serving for module in imported(path))


def test_the_server_is_private_and_tells_nobody(settings: Settings) -> None:
    told = arguments(Path("dashboard.py"), settings)
    assert {"--server.address=127.0.0.1", "--browser.gatherUsageStats=false", "--client.showErrorDetails=none",
            f"--server.port={settings.dashboard_port}"} <= set(told)  # fmt: skip
