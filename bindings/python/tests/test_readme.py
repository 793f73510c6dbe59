"""The loops that the READMEs print, as printed, on a real model."""

import json
import os
import re
from pathlib import Path

import pytest

import luffy

ROOT = Path(__file__).resolve().parents[3]


def printed_loop(name, model):
    """The block with the loop; only the model's path is another."""
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.S)
    [code] = [block for block in blocks if "trainer.step" in block and "for step in" in block]
    path = json.dumps(str(model))
    return code.replace('"SmolLM2-135M-Instruct.gguf"', path).replace('"model/"', path)


@pytest.fixture
def smollm2():
    """LUFFY_SMOLLM2_GGUF says where SmolLM2-135M-Instruct lies."""
    path = os.environ.get("LUFFY_SMOLLM2_GGUF")
    if not path or not Path(path).is_file():
        pytest.skip("no SmolLM2-135M-Instruct (set LUFFY_SMOLLM2_GGUF)")
    return Path(path)


@pytest.mark.parametrize(
    "name, objective", [("README.md", "luffy"), ("bindings/python/README.md", "luffy"), ("README.md", "on_policy")]
)
def test_a_printed_loop_teaches(name, objective, smollm2, monkeypatch, tmp_path):
    metrics = []
    step = luffy.Trainer.step

    def recorded(trainer, groups):
        metrics.append(step(trainer, groups))
        return metrics[-1]

    monkeypatch.setattr(luffy.Trainer, "step", recorded)
    monkeypatch.chdir(tmp_path)
    scope = {}
    code = printed_loop(name, smollm2).replace("Objective.luffy()", f"Objective.{objective}()")
    exec(compile(code, name, "exec"), scope)
    assert len(metrics) == 25
    probability = [m["actor/off_policy_prob"] for m in metrics]
    entropy = [m["actor/entropy_loss"] for m in metrics]
    if objective == "luffy":
        assert probability[0] < 0.6 and probability[-1] >= 0.8, probability
    else:
        assert probability[-1] > probability[0] - 0.05, probability
    # Seven rollouts are few: the mean of the last five steps, not each one's.
    assert sum(entropy[-5:]) / 5 < entropy[0] + 0.3, entropy
    assert metrics[-1]["signal/entropy_rising"] == 0
    tokenizer, model = scope["tokenizer"], scope["model"]
    [[greedy]] = model.generate([scope["prompt"]], n=1, max_new_tokens=64, temperature=0)
    text = tokenizer.decode(greedy.ids)
    if objective == "luffy":
        assert luffy.verify("42", text).correct, text
    else:
        assert "17" in text and "25" in text, text
