"""The files of measures and words hold together, and with the warehouse."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from include.llm.ask.figures.queries import figures, known
from include.llm.ask.meanings.lexicon import lexicon
from include.llm.ask.meanings.measures import measures
from include.warehouse.meanings import names_of_tables


@pytest.mark.parametrize("name", list(measures()))
def test_every_measure_is_sql_that_runs_over_each_dimension(name: str, small_engine: Engine) -> None:
    measure = measures()[name]
    column = {"column": [next(iter(measure.source.expressions))]} if measure.source.expressions else {}
    figures(small_engine, measure, column, (), measure.source.who)
    for dimension in measure.source.dimensions:
        if not measure.source.grain:
            figures(small_engine, measure, column, (dimension,), measure.source.who)
        known(small_engine, measure.source, dimension)


def test_what_is_cited_is_a_table_or_view() -> None:
    assert {m.source.table for m in measures().values()} <= set(names_of_tables())


def test_every_table_of_trips_models_and_months_can_be_asked() -> None:
    left_out = {
        "raw_taxi_trips",
        "daily_trips",
        "zone_hour_demand",
        "quality_trend",
        "prediction_volume",
        "requested_trips",
        "staleness",
    }
    asked = {m.source.table for m in measures().values()}
    assert set(names_of_tables()) - asked == left_out, "these are sums or parts of others, which are asked instead"


def test_words_are_words() -> None:
    for measure in measures().values():
        assert measure.words or measure.averaged, f"{measure.name} cannot be asked for"
        assert all(measure.words), f"{measure.name} has an empty phrase"
        assert ("none",) not in measure.words, f"{measure.name}: YAML read null"
    assert all(lexicon().slots)


def test_dimensions_never_come_from_outside(small_engine: Engine) -> None:
    with pytest.raises(KeyError):
        figures(small_engine, measures()["trips"], {"1=1; DROP TABLE taxi_zones; --": ("x",)})
