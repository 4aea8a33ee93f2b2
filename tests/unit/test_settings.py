"""Settings refuse what they cannot use, by name."""

from __future__ import annotations

import pytest

from include.config import Settings, load_settings
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
