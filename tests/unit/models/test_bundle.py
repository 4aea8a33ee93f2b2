"""A bundle is whole and of this code, or it is refused with the reason."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from include.errors import BundleError, OtherCodeError
from include.models import bundle as bundles
from include.models.base_trainer import TrainerConfig
from include.models.bundle import CARD_FILE, MODEL_FILE, RUN_FILE, copy_bundle, read_bundle
from include.models.regression_models import AdditiveLogTrainer, ZonePairMedianTrainer
from include.models.rows import Window
from include.models.trainers import make_trainer


@pytest.fixture
def saved(window: Window, tmp_path: Path) -> Path:
    trainer = ZonePairMedianTrainer(TrainerConfig("duration_min"))
    data = trainer.prepare_data(window)
    trainer.train(data)
    trainer.export(data)
    trainer.save_model(str(tmp_path / "bundle"))
    return tmp_path / "bundle"


def edit(card: Path, **values: Any) -> None:
    card.write_text(json.dumps(json.loads(card.read_text()) | values))


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda b: edit(b / CARD_FILE, format=1), "has format 1, this code reads 2: .*train again"),
        (lambda b: edit(b / CARD_FILE, feature_code="0"), "made by feature code 0"),
    ],
)
def test_a_bundle_of_other_code_is_told_from_a_damaged_one(
    saved: Path, damage: Callable[[Path], None], told: str
) -> None:
    damage(saved)
    with pytest.raises(OtherCodeError, match=told):
        read_bundle(str(saved))


def test_a_damaged_bundle_is_refused(saved: Path) -> None:
    (saved / MODEL_FILE).write_bytes(b"other")
    with pytest.raises(BundleError, match=r"model.onnx is damaged"):
        read_bundle(str(saved))


def test_what_differs_from_run_to_run_is_beside_the_hashed_card(saved: Path) -> None:
    assert set(json.loads((saved / RUN_FILE).read_text())) == {"run_id", "costs"}
    assert not {"run_id", "costs"} & set(json.loads((saved / CARD_FILE).read_text()))
    digest = copy_bundle(str(saved), str(saved.parent / "copy"))
    assert read_bundle(str(saved.parent / "copy"), digest).card == read_bundle(str(saved)).card


def test_predictions_stay_within_what_a_trip_can_be(window: Window) -> None:
    trainer = AdditiveLogTrainer(TrainerConfig("fare_usd"))
    data = trainer.prepare_data(window)
    trainer.train(data)
    bundle = trainer.export(data)
    far = data.tune.x.copy()
    values, low, high = bundle.predict_with_interval(far)
    assert ((low >= 0) & (low <= values) & (values <= high) & (high <= 500)).all()
    bundle.bounds = (5.0, 6.0)
    assert np.ptp(bundle.predict(far)) <= 1


@pytest.mark.parametrize("family", ["zone_pair_median", "ridge"])
def test_portions_predict_the_same(window: Window, monkeypatch: pytest.MonkeyPatch, family: str) -> None:
    trainer = make_trainer(family, TrainerConfig("fare_usd"))
    data = trainer.prepare_data(window)
    trainer.train(data)
    trainer.export(data)
    bundle, x = trainer.bundle, window.tune.x
    assert bundle is not None
    whole = bundle.predict(x)
    monkeypatch.setattr(bundles, "PORTION_ROWS", 7)
    assert len(x) % 7
    assert bundle.predict(x).tolist() == whole.tolist()
    assert bundle.predict(x[:0]).shape == (0,)


FULL_DISK = """
import resource, signal, sys
from include.errors import LakeError
from include.models.bundle import write_bundle
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))
try:
    write_bundle(sys.argv[1], {"model.onnx": bytes(5_000), "bundle.json": b"{}"})
except LakeError as fault:
    print(fault)
"""


def test_without_room_there_is_no_card_and_a_sentence(tmp_path: Path) -> None:
    """A limit on the size of files stands for a full disk."""
    uri = tmp_path / "candidate"
    told = subprocess.run([sys.executable, "-c", FULL_DISK, uri], capture_output=True, text=True, check=True).stdout
    assert f"The lake at {uri} has no room for a bundle (File too large)" in told
    assert list(uri.iterdir()) == []
