"""The bundle as an MLflow model from code: MLflow stores `pyfunc_code.py` and the bundle's files, no pickle."""

from __future__ import annotations

from pathlib import Path

from include.features.dictionary import FEATURE_NAMES

CODE = Path(__file__).with_name("pyfunc_code.py")
REQUIREMENTS = ["numpy", "onnxruntime", "fsspec", "pandas"]


def save_pyfunc(folder: Path, bundle: Path, is_probability: bool) -> None:
    """Writes an MLflow model around the files of `bundle`; loading it needs this project on the path.

    Its signature names every feature, any number will do, and what it answers with.
    """
    import mlflow.pyfunc
    from mlflow.environment_variables import MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, Schema

    MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR.set(False)  # task logs are read by people
    answers = ("probability",) if is_probability else ("value", "p10", "p90")
    asked, given = (Schema([ColSpec("double", name) for name in names]) for names in (FEATURE_NAMES, answers))
    mlflow.pyfunc.save_model(
        folder, python_model=str(CODE), artifacts={"bundle": bundle.as_uri()}, pip_requirements=REQUIREMENTS,
        signature=ModelSignature(asked, given),
    )  # fmt: skip
