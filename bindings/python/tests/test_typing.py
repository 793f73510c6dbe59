"""A type checker finds misspelled keywords, and `inspect` shows every keyword."""

import inspect
import os
import subprocess
import sys
from pathlib import Path

import pytest

import luffy
from test_presets import OPTIONS

GOOD = """
import luffy

objective = luffy.Objective.luffy(fixed_length=64, clip_low=None, off_shaping={"kind": "saturating", "gamma": 0.1})
follow_up = luffy.Objective.preset("dapo", maximum_length=8, buffer=2)
model = luffy.Model.create({}, seed=1, dtype="bfloat16", allow_long_sequences=True)
trainer = luffy.Trainer(model, objective, luffy.AdamW(lr=1e-6), updates_per_step=2, temperature=0.9)
trainer.lr = 2 * trainer.lr
[[rollout]] = model.generate([[1, 2]], n=1, max_new_tokens=4, seed=None)
print(rollout.sampling.temperature if rollout.sampling else None)
trainer.step([luffy.Group([1, 2], [rollout], rewards=[None])])
luffy.verify("1", "1", grader="math", float_rounding=6)
luffy.plan("model/", memory_limit=10**9)
"""

WRONG = [
    "luffy.Objective.luffy(fixed_lenght=64)", "luffy.Objective(fixed_lenght=64)",
    "luffy.Objective.on_policy(clip_hig=0.2)", 'luffy.Objective.preset("dapo", bufer=2)',
    "luffy.Objective.sft(fixed_length='long')", "luffy.AdamW(learning_rate=1e-3)",
    "luffy.Trainer(model, updates_per_stp=2)", 'luffy.verify("1", "1", gradr="math")',
    'luffy.verify_batch(["1"], ["1"], boxd="only")', 'luffy.plan("model/", memory_limt=1)',
    "luffy.Model.create({}, sede=1)", "model.generate([1, 2, 3])", "model.generate([[1]], max_tokens=3)",
    "luffy.Group([1], reward=[1.0])", "luffy.Rollout([1], logprob=[0.0])",
    "luffy.evaluate(model, tokenizer, [], max_new_token=3)", "trainer.learning_rate = 1e-3",
]  # fmt: skip


def test_mypy_finds_misspelled_keywords(tmp_path):
    pytest.importorskip("mypy")
    lines = ["import luffy", "model: luffy.Model", "tokenizer: luffy.Tokenizer", "trainer: luffy.Trainer", *WRONG]
    (tmp_path / "good.py").write_text(GOOD)
    (tmp_path / "wrong.py").write_text("\n".join(lines) + "\n")
    package = Path(luffy.__file__).resolve().parent.parent
    found_by_path = {} if package.name == "site-packages" else {"MYPYPATH": str(package)}
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), "good.py", "wrong.py"],
        cwd=tmp_path, capture_output=True, text=True, env={**os.environ, **found_by_path},
    )  # fmt: skip
    assert "good.py" not in done.stdout, done.stdout + done.stderr
    found = {int(line.split(":")[1]) for line in done.stdout.splitlines() if line.startswith("wrong.py:")}
    missed = [line for number, line in enumerate(lines, 1) if number > 4 and number not in found]
    assert missed == [], done.stdout + done.stderr


def test_signatures_show_every_keyword():
    for function, keyword in [
        (luffy.Objective, "fixed_length"), (luffy.Objective.luffy, "fixed_length"), (luffy.Objective.preset, "buffer"),
        (luffy.Trainer, "updates_per_step"), (luffy.verify, "grader"), (luffy.plan, "memory_limit"),
        (luffy.evaluate, "judge"), (luffy.Model.create, "allow_long_sequences"), (luffy.Model.generate, "seed"),
    ]:  # fmt: skip
        parameters = inspect.signature(function).parameters
        assert keyword in parameters
        assert all(parameter.kind is not inspect.Parameter.VAR_KEYWORD for parameter in parameters.values())


def test_keywords_are_the_librarys():
    """The typed keywords of an objective are those that the library knows."""
    from luffy.objective import ArmOptions, PresetOptions

    for name in luffy.PRESETS:
        with luffy.Objective.preset(name, **OPTIONS.get(name, {})) as objective:
            known = set(objective.options) - {"preset"}
        assert known <= set(PresetOptions.__annotations__)
        if "on_shaping" in known:
            assert known <= set(ArmOptions.__annotations__)


def test_defaults_are_the_librarys():
    from luffy import _native

    options, sampling = _native.TrainerOptions.make(), _native.GenerateOptions.make()
    assert luffy.AdamW().lr == options.lr and luffy.AdamW().betas == (options.beta1, options.beta2)
    parameters = inspect.signature(luffy.Trainer).parameters
    for name in ("updates_per_step", "micro_batch_tokens", "temperature", "max_grad_norm", "memory_limit"):
        assert parameters[name].default == getattr(options, name)
    parameters = inspect.signature(luffy.Model.generate).parameters
    for name in ("n", "max_new_tokens", "temperature", "top_p", "top_k", "step", "maximum_batch", "kv_memory"):
        assert parameters[name].default == getattr(sampling, name)
    assert parameters["seed"].default is None
