"""Champions of the sample, published without a pipeline: a lake that a service can be started on in seconds."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from include.config import Settings
from include.features.trip_features import targets_of
from include.models.base_trainer import TrainerConfig
from include.models.bundle import Pointer, model_name, publish_pointer, read_pointer
from include.models.fallback import fallback_of, publish_fallback
from include.models.rows import Window
from include.models.trainers import make_trainer
from tests.homes import settings_of

TRIP = {"service": "yellow", "pickup_zone": 132, "dropoff_zone": 230, "pickup_datetime": "2019-06-14T18:30:00"}
DURATION = model_name("yellow", "duration_min")
FAMILY = {"high_tip": "ridge"}


def published(home: Path, window: Window, version: int = 1, service: str = "yellow", **chosen: Any) -> Settings:
    """A home whose service has a champion and a fallback table for each target."""
    settings = settings_of(home, **chosen)
    for target in targets_of(service):
        publish_champion(settings, window, target, version, service, FAMILY.get(target, "additive_log"))
        config = TrainerConfig(target, service, trained_to="2019-02")
        baseline = make_trainer("zone_pair_median", config)
        data = baseline.prepare_data(window)
        baseline.train(data)
        publish_fallback(settings.lake, fallback_of(baseline.export(data)))
    return settings


def publish_champion(
    settings: Settings, window: Window, target: str, version: int, service: str = "yellow", family: str = "ridge"
) -> Pointer:
    """Fits a family on the window, and points the model at it."""
    trainer = make_trainer(family, TrainerConfig(target, service, trained_to="2019-02"))
    data = trainer.prepare_data(window)
    trainer.train(data)
    trainer.export(data)
    name = model_name(service, target)
    uri = f"{settings.lake}/bundles/{name}/v{version}"
    pointer = Pointer(name, version, uri, trainer.save_model(uri), f"2019-04-0{version}T00:00:00+00:00", "2019-03")
    publish_pointer(settings.lake, pointer)
    return pointer


def damaged_champion(settings: Settings, name: str, file: str, content: bytes | None) -> Pointer:
    """A version 9 like the present one, with a file damaged or taken away; the pointer names it."""
    present = read_pointer(settings.lake, name)
    assert present is not None
    source, broken = Path(present.uri), Path(present.uri).parent / "v9"
    broken.mkdir()
    for path in source.iterdir():
        (broken / path.name).write_bytes(path.read_bytes())
    edited(broken / "bundle.json", trained_to="2019-03")
    victim = broken / file
    victim.unlink() if content is None else victim.write_bytes(content)
    card = broken / "bundle.json"
    digest = hashlib.sha256(card.read_bytes()).hexdigest() if card.exists() else present.card_sha256
    pointer = replace(present, version=9, uri=str(broken), card_sha256=digest)
    publish_pointer(settings.lake, pointer)
    return pointer


def edited(card: Path, **values: Any) -> str:
    """Writes fields of a bundle's card, and gives its new SHA-256."""
    card.write_text(json.dumps(json.loads(card.read_text()) | values))
    return hashlib.sha256(card.read_bytes()).hexdigest()


def point_at(settings: Settings, pointer: Pointer, **values: Any) -> None:
    """Publishes a pointer with some fields changed."""
    publish_pointer(settings.lake, Pointer(**asdict(pointer) | values))
