"""Rows of a look-up table come back as the columns they were made of."""

from __future__ import annotations

import numpy as np

from include.features.lookup import Lookup


def test_columns_come_back_by_name_in_any_order_of_rows() -> None:
    table = Lookup.of({"a": np.array([1, 2, 3]), "b": np.array([True, False, True])})
    assert table.names == ("a", "b")
    assert table.rows.dtype == np.float32
    found = table.columns(np.array([2, 2, 0]))
    assert {name: values.tolist() for name, values in found.items()} == {"a": [3, 3, 1], "b": [1, 1, 1]}
