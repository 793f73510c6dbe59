"""Our side of each case, through the Python package."""

from __future__ import annotations

from pathlib import Path

import luffy
import measure
from shapes import Case, reward, sequences

_DTYPES = {"bf16": "bfloat16", "f32": "float32"}


def run(case: Case, precision: str, repeats: int, shared: bool = True) -> None:
    """Measures a case and reports it. `shared` is False for the twin of the case "shared"."""
    luffy.set_threads(measure.cores())
    model = luffy.Model.load(measure.cache() / "model", dtype=_DTYPES[precision])
    kind = case.name.split("-")[0]
    if kind == "update":
        elapsed = _update(model, case, repeats)
    elif kind == "decode":
        elapsed = _decode(model, case, repeats)
    elif kind == "prompt":
        prompts = sequences(case.width, case.prompt)
        elapsed = measure.median_seconds(lambda: _generate(model, prompts, 1), repeats)
    elif kind == "step":
        elapsed = _step(model, case, repeats)
    else:
        elapsed = _shared(model, case, repeats, shared)
    info = luffy.build_info()
    measure.report(elapsed, case.tokens, ["luffy"], isa=info["isa"], allocator=info["allocator"])


def _generate(model: luffy.Model, prompts: list[list[int]], new: int, n: int = 1) -> list[list[luffy.Rollout]]:
    """`n` rollouts of exactly `new` tokens of each prompt."""
    return model.generate(prompts, n=n, max_new_tokens=new, stop_ids=[])


def _update(model: luffy.Model, case: Case, repeats: int) -> float:
    """Forward, backward and AdamW: the loss is the mean −log p of all tokens but each row's first."""
    trainer = luffy.Trainer(model, optimizer=luffy.AdamW(lr=1e-6), max_grad_norm=None)
    examples = [(row[:1], row[1:]) for row in sequences(case.width, case.prompt)]
    return measure.median_seconds(lambda: trainer.sft_step(examples), repeats)


def _decode(model: luffy.Model, case: Case, repeats: int) -> float:
    """Decoding alone, sampling included: a run of 1 + `new` tokens less one of 1 token, which is the prompts' pass."""
    prompts = sequences(case.width, case.prompt)
    whole = measure.median_seconds(lambda: _generate(model, prompts, 1 + case.new), repeats)
    return whole - measure.median_seconds(lambda: _generate(model, prompts, 1), repeats)


def _step(model: luffy.Model, case: Case, repeats: int) -> float:
    """Rollouts, rewards, one update by GRPO's objective."""
    trainer = luffy.Trainer(
        model, luffy.Objective.on_policy(), luffy.AdamW(lr=1e-6), recompute_activations=case.recomputes
    )
    prompts, n = sequences(case.width // 8, case.prompt), 8

    def step(new: int) -> None:
        groups = []
        for prompt, rollouts in zip(prompts, _generate(model, prompts, new, n)):
            rewards = [reward(rollout.ids) for rollout in rollouts]
            groups.append(luffy.Group(prompt, rollouts, rewards=rewards))
        trainer.step(groups)

    step(8)
    return measure.median_seconds(lambda: step(case.new), repeats, warm_up=False)


def _shared(model: luffy.Model, case: Case, repeats: int, shared: bool) -> float:
    """An update of one group, its prompt run once or once for each row."""
    trainer = luffy.Trainer(model, luffy.Objective.on_policy(), luffy.AdamW(lr=1e-6), share_prompts=shared)
    [prompt] = sequences(1, case.prompt)
    [rollouts] = _generate(model, [prompt], case.new, case.width)
    group = luffy.Group(prompt, rollouts, rewards=[float(index % 2) for index in range(case.width)])
    return measure.median_seconds(lambda: trainer.step([group]), repeats)


def save_model(source: Path, directory: Path) -> None:
    """Writes the checkpoint that both sides load, in safetensors."""
    luffy.Model.load(source).save(directory)
