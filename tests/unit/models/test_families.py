"""Every family says the same as ONNX as it does natively."""

from __future__ import annotations

import numpy as np
import pytest

from include.errors import SettingsError
from include.features.build_month import feature_table
from include.features.dictionary import FEATURE_NAMES
from include.ingestion.sample import generate_month
from include.lake.lake import columns_of
from include.models.families import FAMILIES, ZonePairMedian, make_family
from include.trips.contract import to_canonical
from include.trips.month import Month


@pytest.fixture(scope="module")
def rows() -> tuple[np.ndarray, np.ndarray]:
    trips, _ = to_canonical(generate_month("yellow", Month(2019, 3), 3000, 7), "yellow", "sample")
    table = feature_table(columns_of(trips))
    x = np.stack([table[name].to_numpy() for name in FEATURE_NAMES], axis=1).astype(np.float32)
    return x, np.clip(table["duration_min"].to_numpy(), 1, 180)


@pytest.mark.parametrize("name", FAMILIES)
def test_onnx_equals_the_native_model(name: str, rows: tuple[np.ndarray, np.ndarray]) -> None:
    import onnxruntime

    x, y = rows
    family = make_family(name)
    family.fit(x[:2000], y[:2000], x[2000:], y[2000:])
    session = onnxruntime.InferenceSession(family.to_onnx(), providers=["CPUExecutionProvider"])
    served = session.run(None, {"features": x[2000:]})[0].reshape(-1)
    np.testing.assert_allclose(served, family.predict(x[2000:]), rtol=1e-3, atol=1e-3)


def test_the_median_backs_off_to_the_city(rows: tuple[np.ndarray, np.ndarray]) -> None:
    x, y = rows
    family = ZonePairMedian(1)
    family.fit(x, y, x, y)
    unseen = x[:1].copy()
    unseen[0, :2] = (1, 5)  # Newark to Arden Heights: nobody drove it
    assert family.predict(unseen)[0] == pytest.approx(np.median(y))


def test_an_unknown_family_lists_the_known() -> None:
    with pytest.raises(SettingsError, match="zone_pair_median, ridge, xgboost, lightgbm"):
        make_family("oracle")
