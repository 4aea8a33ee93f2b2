"""A reversal finds the charge that it takes back, in whichever part of the month that is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from include.processing.reversal_partners import charge_keys, reversal_has_partner
from include.trips.columns import schema_for

NOON = datetime(2019, 3, 14, 12)
CHARGE = {"vendor_id": 2, "pickup_at": NOON, "dropoff_at": NOON + timedelta(minutes=9), "pickup_zone": 161,
          "dropoff_zone": 236, "fare_usd": 10.1}  # fmt: skip
BACK = CHARGE | {"fare_usd": -10.1}


def table(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=schema_for("yellow"))


def test_a_partner_agrees_in_everything_but_the_sign() -> None:
    others = [BACK | {"vendor_id": 1}, BACK | {"fare_usd": -10.2}, BACK | {"dropoff_zone": 237},
              BACK | {"pickup_at": NOON + timedelta(seconds=1)}]  # fmt: skip
    found = reversal_has_partner(table(CHARGE, BACK, *others))
    assert found[1:].tolist() == [1, 0, 0, 0, 0]
    assert np.isnan(found[0])


def test_a_charge_in_another_part_of_the_month_is_found() -> None:
    assert reversal_has_partner(table(BACK)).tolist() == [0]
    assert reversal_has_partner(table(BACK), charge_keys(table(CHARGE))).tolist() == [1]


def test_rows_without_vendor_or_zone_pair_with_each_other() -> None:
    nothing = {"vendor_id": None, "dropoff_zone": None}
    assert reversal_has_partner(table(CHARGE | nothing, BACK | nothing))[1] == 1
