import json
import subprocess
import sys
from pathlib import Path

import pytest

import luffy

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


@pytest.fixture(scope="module")
def adder(tmp_path_factory):
    """The built-in model, of its character vocabulary, after some steps of its warm-up."""
    directory = tmp_path_factory.mktemp("adder") / "run"
    luffy.Run(output=directory, warmup_steps=2, steps=1, prompts=2, held_out=4, threads=1).train()
    return directory / "model"


def sums(path, **names):
    names = {"problem": "problem", "answer": "answer", "solution": "solution", **names}
    rows = [
        {names["problem"]: f"{a}+{b}=", names["answer"]: str(a + b), names["solution"]: f"{a + b}"}
        for a in range(1, 9)
        for b in range(1, 9)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_gsm8k(adder, tmp_path):
    """On sums, which the small model's vocabulary can write; its sixty lines are the whole program."""
    assert len((EXAMPLES / "02_gsm8k.py").read_text().splitlines()) <= 60
    text = run(
        "02_gsm8k.py", "--data", sums(tmp_path / "sums.jsonl"), "--model", adder, "--steps", 2, "--prompts", 2, "--group", 3,
        "--max-tokens", 40, "--held-out", 4, "--output", tmp_path / "run",
    )  # fmt: skip
    assert text.count("RunStep(number=") == 2 and "teacher p" in text
    assert (tmp_path / "run" / "report.html").is_file() and "eval/pass@1" in text


def test_evaluation(adder, tmp_path):
    data = sums(tmp_path / "sums.jsonl", problem="question", answer="sum")
    text = run(
        "04_evaluation.py", "--model", adder, "--data", data, "--problem", "question", "--answer", "sum", "--problems", 3,
        "--samples", 2, "--max-new-tokens", 8, "--output", tmp_path / "responses.jsonl",
    )  # fmt: skip
    assert "avg@2" in text and "maj@2" in text and "Model(model_type='llama'" in text
    assert len((tmp_path / "responses.jsonl").read_text().splitlines()) == 3
