"""One frozen `Settings`, read when asked: YAML defaults, then `.env`, then `TAXI_*` in the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from include.config.api_keys import ApiKey, file_keys, plain_keys
from include.config.fields import FLOOR, ROOT, SERVICES, Fields, Service, listed
from include.errors import SettingsError

__all__ = ["FLOOR", "ROOT", "SERVICES", "Service", "Settings", "get_settings", "load_settings"]

EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - the words for it, bound to nothing here
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Settings(Fields):
    """The fields, and the places, addresses and refusals that follow from them."""

    @property
    def lake(self) -> str:
        """Root URL or path of the lake."""
        return self.lake_url or str(self.home / "lake")

    @property
    def warehouse(self) -> str:
        """SQLAlchemy URL of the warehouse."""
        return self.warehouse_url or f"sqlite:///{self.home / 'warehouse.db'}"

    @property
    def mlflow_store(self) -> Path:
        """SQLite file of the embedded MLflow store."""
        return self.home / "mlflow" / "mlflow.db"

    @property
    def tracking_uri(self) -> str:
        """MLflow tracking and registry address."""
        return self.mlflow_tracking_uri or f"sqlite:///{self.mlflow_store}"

    @property
    def model_cache_folder(self) -> Path:
        """Where the API keeps its copies of bundles."""
        return (ROOT / Path(self.model_cache).expanduser()).resolve() if self.model_cache else self.home / "cache"

    @property
    def llm_home(self) -> Path:
        """Where a language model's texts are kept and its tokens are counted."""
        return (ROOT / Path(self.llm_folder).expanduser()).resolve() if self.llm_folder else self.home / "llm"

    @property
    def accepted_api_keys(self) -> tuple[str, ...]:
        """Keys the API accepts, in order; empty means open on loopback."""
        return listed(self.api_keys.get_secret_value())

    @property
    def api_address(self) -> str:
        """Where the prediction API is asked, seen from this machine."""
        return self.api_url or f"http://{self.reached_at}:{self.api_port}"

    @property
    def airflow_address(self) -> str:
        """Where Airflow is asked, seen from this machine."""
        return self.airflow_url or f"http://{self.reached_at}:{self.airflow_port}"

    @property
    def dashboard_address(self) -> str:
        """Where the dashboard is asked, seen from this machine."""
        return self.dashboard_url or f"http://{self.reached_at}:{self.dashboard_port}"

    @property
    def mlflow_address(self) -> str:
        """MLflow's web address: the tracking server's, or that of the one `make run` starts; "" for a mere store."""
        uri = self.mlflow_tracking_uri or f"http://127.0.0.1:{self.mlflow_port}"
        return uri if uri.startswith(("http://", "https://")) else ""

    @property
    def reached_at(self) -> str:
        """The host by which this machine reaches what listens on `bind`."""
        return "127.0.0.1" if self.bind in EVERY_ADDRESS else self.bind

    @property
    def api_keys_path(self) -> Path:
        """File of hashed keys; it need not exist."""
        return Path(self.api_keys_file or self.home / "api_keys")

    def known_keys(self) -> tuple[ApiKey, ...]:
        """Keys of TAXI_API_KEYS and of the file, read now; none means open on loopback.

        SettingsError as they do, and for a file that was named and is not there: a slip must not open the API.
        """
        if self.api_keys_file and not self.api_keys_path.exists():
            raise SettingsError(
                f"TAXI_API_KEYS_FILE={self.api_keys_file} is not there: make api-key NAME=... SCOPES=predict,read "
                "makes it, or leave the setting empty."
            )
        return (*plain_keys(self.api_keys.get_secret_value()), *file_keys(self.api_keys_path))

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        """Origins whose pages may call the API from a browser."""
        return listed(self.cors_origins)

    @property
    def requests_allowed(self) -> str:
        """Requests of one key in one unit of time, e.g. 600/minute; empty for no limit."""
        automatic = "600/minute" if self.exposed else ""
        return {"auto": automatic, "off": ""}.get(self.rate_limit, self.rate_limit)

    @property
    def spool_folder(self) -> Path:
        """Where answers wait for the warehouse."""
        return Path(self.spool or self.home / "spool")

    @property
    def exposed(self) -> bool:
        """True when somebody other than this machine's users may reach the services."""
        return self.env == "production" or self.bind not in LOOPBACK

    def refuse_development_login(self) -> None:
        """Raises SettingsError when the well-known login would be reachable by others."""
        if self.exposed and (self.admin_user, self.admin_password.get_secret_value()) == ("admin", "admin"):
            raise SettingsError(
                f"The development login admin:admin is refused with TAXI_ENV={self.env} and TAXI_BIND={self.bind}: "
                "set TAXI_ADMIN_PASSWORD to a strong one."
            )

    def refuse_open_api(self) -> None:
        """Raises SettingsError when the API would answer others without a key."""
        if self.exposed and not self.known_keys():
            raise SettingsError(
                f"The API needs keys with TAXI_ENV={self.env} and TAXI_BIND={self.bind}: "
                "set TAXI_API_KEYS to one or more comma-separated keys, or make api-key NAME=... SCOPES=predict,read."
            )


@cache
def get_settings() -> Settings:
    """The process's settings, read once. Raises SettingsError that names each wrong variable and its value."""
    return load_settings()


def load_settings(overrides: Mapping[str, Any] | None = None) -> Settings:
    """Settings read now; `overrides` by field name win over the environment. Raises SettingsError."""
    try:
        return Settings(**dict(overrides or {}))
    except ValidationError as error:
        raise SettingsError("; ".join(_describe(detail) for detail in error.errors())) from None


def _describe(detail: Any) -> str:
    if not detail["loc"]:
        return str(detail["msg"]).removeprefix("Value error, ") + "."
    name = str(detail["loc"][0])
    variable = name if name.isupper() else f"TAXI_{name.upper()}"
    shown = "" if "password" in name or "key" in name else f"={detail['input']!r}"
    expected = detail["msg"].removeprefix("Value error, ")
    origin = "the environment" if variable in os.environ else "the settings"
    return (
        f"{variable}{shown} in {origin} is refused: {expected}. Every setting: .env.example, include/config/fields.py"
    )
