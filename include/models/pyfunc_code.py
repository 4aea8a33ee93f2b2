"""What MLflow runs when it loads a registered version: the bundle beside it, behind a data frame."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from mlflow.models import set_model
from mlflow.pyfunc import PythonModel

from include.models.bundle import Bundle, read_bundle


class BundleModel(PythonModel):  # type: ignore[misc]
    """Features by name, one row a trip -> value, p10 and p90, or the probability."""

    bundle: Bundle

    def load_context(self, context: Any) -> None:
        """Reads the bundle; its own checks hold."""
        self.bundle = read_bundle(context.artifacts["bundle"])

    def predict(self, context: Any, model_input: pd.DataFrame, params: Any = None) -> pd.DataFrame:  # noqa: ARG002 - MLflow's
        """A frame with the bundle's features among its columns, in any order. KeyError names a missing one."""
        matrix = model_input[list(self.bundle.card.features)].to_numpy(np.float32)
        if self.bundle.is_probability:
            return pd.DataFrame({"probability": self.bundle.predict_probability(matrix)}, model_input.index)
        columns = zip(("value", "p10", "p90"), self.bundle.predict_with_interval(matrix), strict=True)
        return pd.DataFrame(dict(columns), model_input.index)


set_model(BundleModel())
