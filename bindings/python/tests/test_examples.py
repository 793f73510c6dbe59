import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "python"


def run(name, *arguments):
    command = [sys.executable, str(EXAMPLES / name), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_first_step():
    assert "log p(trace)" in run("01_first_step.py")


def test_reasoning_gym(tmp_path):
    pytest.importorskip("reasoning_gym")
    pytest.importorskip("tensorboardX")
    output = tmp_path / "run"
    text = run(
        "03_reasoning_gym.py", "--warmup-steps", 2, "--steps", 2, "--prompts", 2, "--rollouts", 3, "--held-out", 8,
        "--threads", 1, "--output", output,
    )  # fmt: skip
    assert "before: held-out" in text and "after:  held-out" in text
    assert (output / "model" / "model.safetensors").is_file()
    assert list((output / "tensorboard").iterdir())
    assert 0 < len((output / "after.jsonl").read_text().splitlines()) <= 8
