"""Takes the pictures of `docs/images`: browser tests make them, the best are kept small.

`airflow` photographs the running platform; `dashboard` a home of its own, or the one that TAXI_DASHBOARD_HOME names.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from include.config import ROOT

IMAGES = ROOT / "docs" / "images"
SETS = {
    "airflow": ("tests/e2e/test_inside_airflow.py", {
        "inside_data_docs": "data_docs", "inside_run_data_docs": "run", "inside_run_quality": "quality",
        "inside_mlflow_models": "mlflow",
    }),
    "dashboard": ("tests/dashboard/test_pages.py", {
        "dashboard_explorer": "dashboard-explorer", "dashboard_playground_clicked": "dashboard-playground",
        "dashboard_comparison": "dashboard-comparison",
    }),
}  # fmt: skip
"""Set -> the tests that make it, and what a test calls its picture -> file in `docs/images`."""
COLOURS = 128
"""Enough for pages of flat colour, at a third of the size."""


def main() -> None:
    """Ends with pytest's code when a test fails: a page that is not right is not photographed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("set", choices=SETS, nargs="?", default="airflow")
    tests, kept = SETS[parser.parse_args().set]
    with tempfile.TemporaryDirectory() as folder:
        shots = os.environ | {"TAXI_SHOTS": folder}
        ended = subprocess.run([sys.executable, "-m", "pytest", "-q", tests], cwd=ROOT, env=shots, check=False)
        if ended.returncode:
            sys.exit(ended.returncode)
        for shot, name in kept.items():
            keep(Path(folder, f"{shot}.png"), IMAGES / f"{name}.png")


def keep(shot: Path, picture: Path) -> None:
    """Writes the shot with few colours, as PNG."""
    picture.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(shot) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(picture, optimize=True)
    print(f"{picture.relative_to(ROOT)}: {picture.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
