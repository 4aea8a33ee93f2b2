from __future__ import annotations

import csv
import math
from dataclasses import fields

import pytest

from include.processing.drift_columns import BINNED
from include.trips.columns import ALL_SERVICES
from include.trips.month import Month
from include.trips.regimes import CHANGED_BY, EVERY_COLUMN, REGIMES_FILE, WHOLLY, Excuse, Regime, known_regimes
from include.trips.tariff import Tariff

PHASE = Regime("phase", ("yellow",), Month(2019, 3), Month(2019, 6), ("fare_usd",), WHOLLY, "")


@pytest.mark.parametrize(
    ("month", "reference", "expected"),
    [
        (Month(2019, 4), Month(2019, 2), True),
        (Month(2019, 7), Month(2019, 5), True),
        (Month(2019, 7), Month(2019, 2), False),
        (Month(2019, 5), Month(2019, 4), False),
        (Month(2019, 5), Month(2019, 3), True),  # its first month may hold days before it
    ],
)
def test_a_phase_explains_a_difference_across_its_ends(month: Month, reference: Month, expected: bool) -> None:
    assert PHASE.explains(month, [reference], ["fare_usd"]) is expected
    assert not PHASE.explains(month, [reference], ["hour"])


def surcharge(service: str) -> list[Regime]:
    return [r for r in known_regimes(service) if r.name == "congestion_usd 2.50 from 2019-02-02"]


def explained(columns: list[str]) -> bool:
    return any(regime.explains(Month(2019, 2), [Month(2019, 1)], columns) for regime in surcharge("yellow"))


def test_changes_of_the_tariff_are_known() -> None:
    assert explained(["total_usd"])
    assert not explained(["passenger_count"])
    assert not surcharge("green")


def test_a_change_of_the_tariff_excuses_only_its_own_charge_without_a_limit() -> None:
    for fact, moved in CHANGED_BY.items():
        for column, excuse in moved.items():
            assert (excuse == WHOLLY) is (column == fact), f"{fact} {column}"
            assert excuse == WHOLLY or (math.isfinite(excuse.psi) and excuse.share < 1), f"{fact} {column}"


def test_an_excuse_has_a_limit_for_psi_and_one_for_shares() -> None:
    excuse = Excuse(psi=0.5, share=0.2)
    assert excuse.covers("psi", 0.5)
    assert not excuse.covers("psi", 0.6)
    assert not excuse.covers("ks", 0.5)
    assert not excuse.covers("constant", 1.0)
    assert not Excuse(0, 0).covers("lost_segment", 0.0)


def test_every_fact_of_the_tariff_says_what_it_moves() -> None:
    assert CHANGED_BY.keys() == {field.name for field in fields(Tariff)}


def test_regimes_name_columns_and_services_that_there_are() -> None:
    columns = {binned.name for binned in BINNED} | {EVERY_COLUMN}
    for service in ALL_SERVICES:
        for regime in known_regimes(service):
            assert set(regime.columns) <= columns, regime.name
            assert set(regime.services) <= set(ALL_SERVICES), regime.name


def test_the_pandemic_explains_and_does_not_excuse() -> None:
    pandemic = next(r for r in known_regimes("green") if r.name == "COVID-19")
    assert pandemic.excuses_to == Excuse(0, 0)
    with REGIMES_FILE.open() as file:
        assert all(row["note"] for row in csv.DictReader(file))
