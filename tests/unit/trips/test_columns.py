"""The table of columns is complete and consistent for every service."""

from __future__ import annotations

import pytest

from include.errors import BadDataError
from include.trips.columns import ALL_SERVICES, COLUMNS, PICKUP_COLUMNS, columns_for, schema_for


def test_each_column_is_declared_once_with_a_meaning() -> None:
    names = [c.name for c in COLUMNS]
    assert len(names) == len(set(names))
    assert all(c.meaning and c.services and c.source for c in COLUMNS)
    assert all((c.low is None) == (c.high is None) for c in COLUMNS)
    assert all(c.name.rsplit("_", 1)[-1] == "usd" for c in COLUMNS if c.unit == "USD")


def test_a_quote_sees_when_where_and_how_many() -> None:
    assert PICKUP_COLUMNS == ("pickup_at", "passenger_count", "pickup_zone", "dropoff_zone")


@pytest.mark.parametrize("service", ALL_SERVICES)
def test_every_service_has_what_the_pipeline_needs(service: str) -> None:
    needed = {"pickup_at", "dropoff_at", "pickup_zone", "dropoff_zone"}
    assert needed <= {c.name for c in columns_for(service)}
    assert schema_for(service).names[-1] == "source_row"


def test_a_service_without_a_contract_is_refused() -> None:
    with pytest.raises(BadDataError, match="'pink'; known services: yellow, green, fhv, fhvhv"):
        columns_for("pink")
