"""Row by row and in the metric, the served model is the fitted one."""

from __future__ import annotations

import numpy as np
import pytest

from include.errors import BundleError
from include.models.parity import compare, require_parity

ACTUAL = np.linspace(5, 50, 20_000)


def test_rounding_is_alike_and_one_row_in_ten_thousand_may_differ() -> None:
    native = ACTUAL + 1
    served = native * (1 + 1e-6)
    served[0] *= 1.01
    parity = compare("duration_min", native, served, ACTUAL)
    assert parity.holds
    served[:5] *= 1.01
    assert not compare("duration_min", native, served, ACTUAL).holds


def test_rows_that_are_alike_do_not_excuse_a_metric_that_is_not() -> None:
    native = ACTUAL * (1 + 1e-4)
    served = native * (1 - 9e-5)
    parity = compare("fare_usd", native, served, ACTUAL)
    assert parity.alike == 1
    with pytest.raises(BundleError, match=r"agrees with the fitted model on 100.0000% .* differs by 0.9 in loss"):
        require_parity("crooked", "fare_usd", parity)


def test_what_is_no_number_is_alike_to_nothing() -> None:
    served = ACTUAL.copy()
    served[:100] = np.nan
    assert not compare("fare_usd", ACTUAL, served, ACTUAL + 1).holds
