"""Takes the pictures of `docs/images` from the running platform: browser tests make them, the best are kept small."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from include.config import ROOT

IMAGES = ROOT / "docs" / "images"
TESTS = "tests/e2e/test_inside_airflow.py"
KEPT = {
    "inside_data_docs": "data_docs",
    "inside_run_data_docs": "run",
    "inside_run_quality": "quality",
    "inside_mlflow_models": "mlflow",
}
"""What a test calls its picture -> file in `docs/images`."""
COLOURS = 128
"""Enough for pages of flat colour, at a third of the size."""


def main() -> None:
    """Ends with pytest's code when a test fails: a page that is not right is not photographed."""
    with tempfile.TemporaryDirectory() as folder:
        shots = os.environ | {"TAXI_SHOTS": folder}
        ended = subprocess.run([sys.executable, "-m", "pytest", "-q", TESTS], cwd=ROOT, env=shots, check=False)
        if ended.returncode:
            sys.exit(ended.returncode)
        for shot, name in KEPT.items():
            keep(Path(folder, f"{shot}.png"), IMAGES / f"{name}.png")


def keep(shot: Path, picture: Path) -> None:
    """Writes the shot with few colours, as PNG."""
    picture.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(shot) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(picture, optimize=True)
    print(f"{picture.relative_to(ROOT)}: {picture.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
