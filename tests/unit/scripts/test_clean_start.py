"""What a killed service leaves is found by its mark, and ended."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from scripts.clean_start import MARK, end, leftovers, mark_of

STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"
)


def test_leftovers_of_a_home_are_ended_even_stubborn_ones_and_others_are_not(tmp_path: Path) -> None:
    homes = {name: os.environ | {MARK: mark_of(tmp_path / name, "mlflow")} for name in ("mine", "other")}
    processes = {
        name: subprocess.Popen([sys.executable, "-c", STUBBORN], env=env, stdout=subprocess.PIPE)
        for name, env in homes.items()
    }
    try:
        for process in processes.values():
            assert process.stdout is not None
            process.stdout.readline()
        assert leftovers(mark_of(tmp_path / "mine", "mlflow")) == [processes["mine"].pid]
        end(leftovers(mark_of(tmp_path / "mine", "mlflow")), patience=0.3)
        assert processes["mine"].wait(timeout=10) < 0
        assert processes["other"].poll() is None
    finally:
        for process in processes.values():
            process.kill()
            process.wait()


def test_a_child_that_lost_its_mark_is_known_by_its_group(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], process_group=0)
    try:
        (tmp_path / "run").mkdir()
        (tmp_path / "run" / "airflow.group").write_text(str(child.pid))
        assert leftovers(mark_of(tmp_path, "airflow")) == [child.pid]
        assert leftovers(mark_of(tmp_path, "mlflow")) == []
    finally:
        child.kill()
        child.wait()
