"""What is certainly a number or a time becomes one; anything else is named."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.errors import BadDataError
from include.processing.clean_data import fix_data_types
from include.processing.data_types import NUMBER, UNKNOWN
from include.trips.contract import schema_for
from tests.unit.processing.trip_rows import SOME, TRIPS, month_of

WHEN = datetime(2019, 3, 14, 12)
CERTAIN = [
    ("fare_usd", ["10", " 8.50 ", "1e2", ".5", "", None, "NaN"], [10.0, 8.5, 100.0, 0.5, None, None, None]),
    ("fare_usd", [10, Decimal("8.5"), "7", None], [10.0, 8.5, 7.0, None]),
    ("fare_usd", [1.5, float("nan"), float("inf")], [1.5, None, float("inf")]),
    ("fare_usd", [Decimal("8.50"), None], [8.5, None]),
    ("passenger_count", ["1", "2.0", " "], [1, 2, None]),
    ("passenger_count", [1.0, None, 3.0], [1, None, 3]),
    ("pickup_at", ["2019-03-14 12:00:00", "2019-03-14T12:00:00.000"], [WHEN, WHEN]),
    ("pickup_at", [WHEN, None, pd.NaT], [WHEN, None, None]),
    ("store_and_fwd", ["Y", None], ["Y", None]),
    ("tip_usd", [None, None], [None, None]),
]
UNCERTAIN = [
    ("fare_usd", ["10", "1,234"], "'1,234'"),
    ("fare_usd", ["$5"], r"'\$5'"),
    ("fare_usd", ["inf"], "'inf'"),
    ("fare_usd", [1.5, "ten"], "'ten'"),
    ("passenger_count", [1.0, 1.5], "1.5"),
    ("passenger_count", ["1.5"], "'1.5'"),
    ("passenger_count", [float("inf")], "inf"),
    ("passenger_count", [2**40], str(2**40)),
    ("pickup_at", ["14.03.2019"], "'14.03.2019'"),
    ("pickup_at", ["2019-03-14 12:00:00Z"], "'2019-03-14 12:00:00Z'"),
    ("fare_usd", [[10.0], [8.0]], r"\[10.0\]"),
    ("pickup_at", [20190314], "20190314"),
    ("pickup_at", [pd.Timestamp(WHEN, tz="America/New_York")], "America/New_York"),
]


@pytest.mark.parametrize(("name", "values", "expected"), CERTAIN)
def test_certain_values_are_converted(name: str, values: list[Any], expected: list[Any]) -> None:
    frame = pd.DataFrame({name: pd.Series(values, dtype=object)})
    fixed = fix_data_types(frame)
    assert pa.array(fixed[name], schema_for("yellow").field(name).type, from_pandas=True).to_pylist() == expected


@pytest.mark.parametrize(("name", "values", "example"), UNCERTAIN)
def test_uncertain_values_are_named_with_their_column(name: str, values: list[Any], example: str) -> None:
    with pytest.raises(BadDataError, match=f"Column {name} holds .*{example}.* belongs .*: correct the value"):
        fix_data_types(pd.DataFrame({name: pd.Series(values, dtype=object)}))


def test_text_in_arrow_is_read_too() -> None:
    table = pa.table({"fare_usd": pa.array(["10", None]).dictionary_encode(), "note": ["a", "b"]})
    fixed = fix_data_types(table)
    assert fixed.to_pydict() == {"fare_usd": [10.0, None], "note": ["a", "b"]}
    assert fixed.schema.field("fare_usd").type == pa.float64()
    assert table.schema.field("fare_usd").type != pa.float64()


@SOME
@given(TRIPS)
def test_canonical_trips_stay_as_they_are(changes: list[dict[str, Any]]) -> None:
    trips = month_of(*changes)
    fixed = fix_data_types(trips)
    assert fixed.schema == trips.schema
    assert str(fixed.to_pydict()) == str(trips.to_pydict()).replace("nan", "None")
    assert fix_data_types(fixed).equals(fixed)


@SOME
@given(st.text(max_size=6) | st.text("0123456789.eE+- ", max_size=6))
def test_any_text_is_a_number_or_named(text: str) -> None:
    table = pa.table({"fare_usd": pa.array([text])})
    if text.strip().lower() in UNKNOWN:
        assert fix_data_types(table)["fare_usd"].to_pylist() == [None]
    elif re.fullmatch(NUMBER, text.strip(), re.ASCII):
        assert fix_data_types(table)["fare_usd"].to_pylist() == [float(text)]
    else:
        with pytest.raises(BadDataError, match="Column fare_usd holds"):
            fix_data_types(table)


def test_columns_keep_their_order_and_a_frame_its_index() -> None:
    frame = pd.DataFrame({"note": [1, 2], "fare_usd": ["1", "2"]}, index=["a", "b"])
    fixed = fix_data_types(frame)
    assert list(fixed) == ["note", "fare_usd"]
    assert fixed.index.tolist() == ["a", "b"]
    assert fixed["fare_usd"].dtype == np.float64
    assert frame["fare_usd"].tolist() == ["1", "2"]


def test_a_column_named_twice_is_refused() -> None:
    frame = pd.DataFrame([[1.0, 2.0]], columns=["fare_usd", "fare_usd"])
    with pytest.raises(BadDataError, match="have a column twice: fare_usd"):
        fix_data_types(frame)
