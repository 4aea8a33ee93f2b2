"""Every setting: a bounded, described field. What follows from them is in `settings.py`."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import AliasChoices, Field, SecretStr, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    YamlConfigSettingsSource,
)

from include.trips.month import Month, parse_months

ROOT = Path(__file__).resolve().parents[2]

FLOOR = "zone_pair_median"
Service = Literal["yellow", "green", "fhv", "fhvhv"]
SERVICES: tuple[Service, ...] = get_args(Service)
Port = Annotated[int, Field(ge=1, le=65535)]


def listed(text: str) -> tuple[str, ...]:
    """The parts of a comma-separated text, without blanks and empty ones."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


class Fields(BaseSettings):
    """Everything a deployment may choose. Paths are absolute after loading; nothing here changes during a run."""

    model_config = SettingsConfigDict(
        env_prefix="TAXI_",
        env_file=ROOT / ".env",
        yaml_file=ROOT / "include/config/defaults.yaml",
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        populate_by_name=True,
        hide_input_in_errors=False,
    )

    env: Literal["development", "production"] = Field(description="production refuses development logins")
    home: Path = Field(description="folder that holds all run state; two homes never touch each other")
    bind: str = Field(description="address the services listen on")
    source: str = Field(description="sample | tlc | a folder | a base URL")
    service: Service = Field(description="which taxi service")
    months: Annotated[tuple[Month, ...], NoDecode] = Field(description="2019-01:2019-03 or 2019-01,2019-03")

    schedule_from: date | None = Field(default=None, description="no scheduled run before this date; backfills may")

    backfill_runs: int = Field(ge=1, le=32, description="months that a backfill has under way at once")
    look_every_s: float = Field(gt=0, le=604_800, description="how often a scheduled run looks for its month's file")
    late_days: int = Field(ge=1, le=365, description="days after a month's end from which its file is late: one alert")
    give_up_days: int = Field(ge=1, le=730, description="days after a month's end at which its run waits no longer")

    airflow_port: Port
    api_port: Port
    mlflow_port: Port
    dashboard_port: Port
    exporter_port: Port = Field(description="where Prometheus asks for the warehouse's figures")
    airflow_url: str = Field(default="", description="where the dashboard asks Airflow; default this machine")
    dashboard_url: str = Field(
        default="",
        pattern=r"^(https?://[^/\s]+)?$",
        description="where Airflow's API server asks whether the dashboard is up; default this machine",
    )

    admin_user: str = Field(min_length=1, description="Airflow login")
    admin_password: SecretStr = Field(description="Airflow login's password")
    api_keys: SecretStr = Field(default=SecretStr(""), description="comma-separated keys the API accepts; empty: open")
    api_keys_file: str = Field(default="", description="file of hashed keys with scopes; default <home>/api_keys")
    rate_limit: str = Field(
        pattern=r"^(auto|off|[1-9]\d{0,6}/(second|minute|hour))$",
        description="requests of one key; auto: 600/minute when others can reach the API, else off",
    )
    request_seconds: float = Field(gt=0, le=3600, description="how long the API works on one request")
    cors_origins: str = Field(
        default="", description="comma-separated origins whose pages may call the API; empty: none"
    )
    prediction_log: bool = Field(description="whether answers are written to prediction_log")
    prediction_log_days: int = Field(ge=0, le=36_500, description="answers older than this are deleted; 0: none is")
    spool: str = Field(default="", description="folder of answers on their way to the warehouse; default <home>/spool")
    spool_mb: int = Field(ge=5, le=1_000_000, description="the spool's limit in MB; beyond it new rows are dropped")

    lake_url: str = Field(default="", description="any fsspec URL; default <home>/lake")
    warehouse_url: str = Field(default="", description="SQLAlchemy URL; default SQLite under the home")
    mlflow_tracking_uri: str = Field(
        default="",
        validation_alias=AliasChoices("MLFLOW_TRACKING_URI", "mlflow_tracking_uri"),
        description="MLflow server or store; default SQLite under the home",
    )
    api_url: str = Field(
        default="",
        pattern=r"^(https?://[^/\s]+/?)?$",
        description="where dashboard and Airflow's API server find the prediction API; default this machine",
    )

    sample_rows: int = Field(ge=1000, le=10_000_000, description="trips in one embedded sample month")
    sample_seed: int = Field(ge=0, description="the sample is a function of service, month, seed and volume")
    tlc_base_url: str = Field(description="where TLC publishes trip files")
    download_attempts: int = Field(ge=1, le=20)
    download_timeout_s: float = Field(gt=0, le=3600, description="seconds without a byte before giving up")

    gx_max_rows: int = Field(ge=1, description="larger months are profiled by row group, and the profile is validated")
    waivers: str = Field(default="", description="file of waived expectations; default include/processing/waivers.yaml")

    window_months: int = Field(ge=1, le=60, description="earlier months that training looks back over")
    families: Annotated[tuple[str, ...], NoDecode] = Field(min_length=1, description="model families to fit, or all")
    fit_threads: int = Field(ge=1, le=64, description="threads of one fit; cores / parallel fits")
    tune_trials: int = Field(ge=0, le=10_000, description="trials of a search for parameters, per fit; 0: no search")
    tune_seconds: float = Field(gt=0, le=86_400, description="seconds of a search, per family and target")
    wandb: Literal["off", "offline", "online"] = Field(description="Weights & Biases as a second logger of fits")
    min_gain: float = Field(ge=0, lt=1, description="relative gain a challenger needs over the champion")
    veto_loss: float = Field(ge=0, lt=1, description="a slice that surely loses more than this share stops a promotion")
    veto_rows: int = Field(ge=1, description="slices with fewer trips are reported and stop nothing")
    stale_months: int = Field(ge=1, le=120, description="a champion whose training ended earlier may yield to an equal")
    stale_margin: float = Field(ge=0, lt=1, description="share by which such an equal may be worse at most")
    bootstrap_rounds: int = Field(ge=100, le=10_000, description="day-block bootstrap resamples at the gate")
    approval: bool = Field(description="a person approves each promotion in Airflow before it happens")
    approval_days: float = Field(gt=0, le=60, description="days a promotion waits for an answer")
    deadline_hours: float = Field(gt=0, le=24 * 60, description="hours after which a run that has not ended is told of")
    alert_email: str = Field(default="", description="comma-separated addresses told of failures")
    staleness_months: int = Field(ge=0, le=120, description="latest months staleness is measured on")
    reload_seconds: float = Field(gt=0, le=3600, description="how often the API looks for a new champion")
    champions_from: Literal["pointer", "mlflow"] = Field(
        description="who names the champions to the API: the pointers in the lake, or the aliases of an MLflow server"
    )
    model_cache: str = Field(default="", description="folder of the API's copies of bundles; default <home>/cache")

    llm_model: str = Field(
        default="",
        pattern=r"^([a-z0-9-]+:\S+)?$",
        description="language model that may word texts, provider:name; empty: none",
    )
    llm_base_url: str = Field(
        default="",
        pattern=r"^(https?://\S+)?$",
        description="server with the provider's protocol; empty: its own",
    )
    llm_api_key: SecretStr = Field(
        default=SecretStr(""),
        description="its key; empty: the provider's variable, but none to llm_base_url",
    )
    llm_timeout_s: float = Field(gt=0, le=600, description="seconds that one text may take, retries included")
    llm_retries: int = Field(ge=0, le=10, description="further tries of a request that failed in passing")
    llm_max_tokens: int = Field(ge=16, le=100_000, description="longest answer, in tokens")
    llm_folder: str = Field(default="", description="folder of texts kept and tokens counted; default <home>/llm")

    @model_validator(mode="after")
    def _ports_differ(self) -> Self:
        names = ("airflow_port", "api_port", "mlflow_port", "dashboard_port", "exporter_port")
        taken: dict[int, str] = {}
        for name in names:
            first = taken.setdefault(getattr(self, name), name)
            if first != name:
                raise ValueError(
                    f"TAXI_{first.upper()} and TAXI_{name.upper()} are both {getattr(self, name)}: give each its own"
                )
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings, env_settings, dotenv_settings, YamlConfigSettingsSource(settings_cls))

    @field_validator("months", mode="before")
    @classmethod
    def _months(cls, value: Any) -> Any:
        return parse_months(value) if isinstance(value, str) else value

    @field_validator("families", mode="before")
    @classmethod
    def _families(cls, value: Any) -> Any:
        names = tuple(name.strip() for name in value.split(",") if name.strip()) if isinstance(value, str) else value
        if names not in (("all",), ["all"]):
            return names
        from include.models.families import family_names

        return family_names()

    @field_validator("families", mode="after")
    @classmethod
    def _distinct_with_floor(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(value)) != len(value) or FLOOR not in value or len(value) < 2:
            raise ValueError(f"distinct names, {FLOOR} (the floor that champions must beat) and at least one more")
        return value

    @field_validator("cors_origins", mode="after")
    @classmethod
    def _origins(cls, value: str) -> str:
        for origin in listed(value):
            if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?", origin):
                raise ValueError(f"{origin!r} is no origin; https://app.example.org is one, and * is refused")
        return value

    @field_validator("home", mode="after")
    @classmethod
    def _home(cls, value: Path) -> Path:
        return (ROOT / value.expanduser()).resolve()

    @field_validator("source", mode="after")
    @classmethod
    def _source(cls, value: str) -> str:
        if value in ("sample", "tlc") or "://" in value:
            return value
        return str((ROOT / Path(value).expanduser()).resolve())
