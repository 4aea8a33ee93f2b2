"""The bundle as an MLflow model from code: MLflow stores `pyfunc_code.py` and the bundle's files, no pickle."""

from __future__ import annotations

from pathlib import Path

CODE = Path(__file__).with_name("pyfunc_code.py")
REQUIREMENTS = ["numpy", "onnxruntime", "fsspec", "pandas"]


def save_pyfunc(folder: Path, bundle: Path) -> None:
    """Writes an MLflow model around the files of `bundle`; loading it needs this project on the path."""
    import mlflow.pyfunc

    mlflow.pyfunc.save_model(
        folder, python_model=str(CODE), artifacts={"bundle": bundle.as_uri()}, pip_requirements=REQUIREMENTS
    )
