"""Settings refuse what they cannot use, by name."""

from __future__ import annotations

import pytest

from include.config import Settings, load_settings
from include.config.settings import FLOOR
from include.errors import SettingsError


@pytest.mark.parametrize(
    ("name", "value"), [("TAXI_MONTHS", "2019-13"), ("TAXI_API_PORT", "99999"), ("TAXI_SERVICE", "pink")]
)
def test_a_wrong_variable_is_named_with_its_value(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=rf"{name}='{value}'"):
        load_settings()


def test_production_refuses_the_development_login_and_an_open_api(settings: Settings) -> None:
    exposed = settings.model_copy(update={"env": "production"})
    with pytest.raises(SettingsError, match="admin:admin"):
        exposed.refuse_development_login()
    with pytest.raises(SettingsError, match="TAXI_API_KEYS"):
        exposed.refuse_open_api()
    settings.refuse_development_login()
    settings.refuse_open_api()


def test_the_floor_that_settings_demand_is_the_baseline_that_models_train() -> None:
    from include.models.families import BASELINE

    assert FLOOR == BASELINE


def test_all_means_every_family_of_the_table() -> None:
    from include.models.families import family_names

    assert load_settings({"families": "all"}).families == family_names()


@pytest.mark.parametrize("families", ["zone_pair_median", "ridge,xgboost", "zone_pair_median,ridge,ridge"])
def test_families_without_floor_rival_or_distinct_names_are_refused(families: str) -> None:
    with pytest.raises(SettingsError, match=r"TAXI_FAMILIES=.*zone_pair_median \(the floor"):
        load_settings({"families": families})


def test_two_services_on_one_port_are_refused() -> None:
    with pytest.raises(SettingsError, match="TAXI_AIRFLOW_PORT and TAXI_API_PORT are both 8123"):
        load_settings({"airflow_port": 8123, "api_port": 8123})
