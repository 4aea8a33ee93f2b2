"""Text codes of the old eras become today's codes, whatever their spelling."""

from __future__ import annotations

import pyarrow as pa
import pytest

from include.trips.codes import code_table, decode
from include.trips.columns import COLUMNS


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("vendor_id", ["CMT", "VTS", "DDS", "1", "2", " cmt "], [1, 2, 3, 1, 2, 1]),
        ("payment_type", ["CASH", "Cash", "CAS", "CSH", "Credit", "CRD", "CRE"], [2, 2, 2, 2, 1, 1, 1]),
        ("payment_type", ["No Charge", "NOC", "Dispute", "DIS", "UNK", "2", None], [3, 3, 4, 4, 5, 2, None]),
    ],
)
def test_numbers_for_words(column: str, text: list[str | None], code: list[int | None]) -> None:
    assert decode(pa.array(text), column, pa.int32())[0].to_pylist() == code


def test_store_and_forward_of_every_era() -> None:
    text, uncoded = decode(pa.array(["Y", "N", "0", "1", "*", "", "n", None]), "store_and_fwd", pa.string())
    assert text.to_pylist() == ["Y", "N", "N", "Y", None, None, "N", None]
    numbers, _ = decode(pa.array([0.0, 1.0, None]), "store_and_fwd", pa.string())
    assert numbers.to_pylist() == ["N", "Y", None]
    assert uncoded == {}


def test_text_without_a_mapping_is_null_and_counted() -> None:
    codes, uncoded = decode(pa.array(["CSH", "barter", "barter"]), "payment_type", pa.int32())
    assert codes.to_pylist() == [2, None, None]
    assert uncoded == {"barter": 2}


def test_every_code_is_one_of_its_columns_values() -> None:
    values = {c.name: {str(v) for v in c.values} for c in COLUMNS}
    for column, mapping in code_table().items():
        assert set(mapping.values()) - {""} <= values[column]
        assert all(text == text.strip().lower() for text in mapping)
