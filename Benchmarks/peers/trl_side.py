"""TRL: a GRPO step of 4 prompts × 8 rollouts."""

from __future__ import annotations

import time
from typing import Any

import measure
import torch
from datasets import Dataset
from shapes import Case, reward, sequences
from transformers import AutoTokenizer, TrainerCallback
from trl import GRPOConfig, GRPOTrainer


class _StepTimes(TrainerCallback):
    """Seconds of each step, from its rollouts to its update."""

    def __init__(self, new: int) -> None:
        self.seconds: list[float] = []
        self.new = new
        self.trainer: Any = None

    def on_step_begin(self, *_: Any, **__: Any) -> None:
        # The first step is a warm-up with short rollouts.
        new = 8 if not self.seconds else self.new
        self.trainer.generation_config.max_new_tokens = new
        self.trainer.generation_config.min_new_tokens = new
        self.started = time.perf_counter()

    def on_step_end(self, *_: Any, **__: Any) -> None:
        self.seconds.append(time.perf_counter() - self.started)


def _configuration(case: Case, precision: str, repeats: int) -> GRPOConfig:
    """One update a step; 8 rows a pass, since all 32 at once take more memory and are no faster."""
    return GRPOConfig(
        output_dir=str(measure.cache() / "trl"), use_cpu=True, bf16=False,
        model_init_kwargs={"dtype": "bfloat16" if precision == "bf16" else "float32", "attn_implementation": "sdpa"},
        per_device_train_batch_size=8, gradient_accumulation_steps=case.width // 8, num_generations=8,
        max_completion_length=case.new, generation_kwargs={"min_new_tokens": case.new},
        num_iterations=1, beta=0.0, learning_rate=1e-6, optim="adamw_torch_fused", gradient_checkpointing=False,
        max_steps=1 + repeats, save_strategy="no", logging_steps=10**6, report_to=[], disable_tqdm=True,
        shuffle_dataset=False,
    )  # fmt: skip


def _prompts(tokenizer: Any, case: Case) -> list[str]:
    """Texts of at most `prompt` tokens; text of random ids does not always split into the same ids again."""
    texts = []
    for ids in sequences(case.width // 8, case.prompt):
        while len(tokenizer(tokenizer.decode(ids)).input_ids) > case.prompt:
            ids = ids[:-1]
        texts.append(tokenizer.decode(ids))
    return texts


def _rewards(completion_ids: list[list[int]], **_: Any) -> list[float]:
    return [reward(list(ids)) for ids in completion_ids]


def run(case: Case, precision: str, repeats: int) -> None:
    """The median step after a short one."""
    torch.set_num_threads(measure.cores())
    tokenizer = AutoTokenizer.from_pretrained(measure.cache() / "model")
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    prompts = _prompts(tokenizer, case)
    times = _StepTimes(case.new)
    trainer = GRPOTrainer(
        model=str(measure.cache() / "model"), reward_funcs=_rewards, args=_configuration(case, precision, repeats),
        train_dataset=Dataset.from_dict({"prompt": prompts * (1 + repeats)}), processing_class=tokenizer,
        callbacks=[times],
    )  # fmt: skip
    times.trainer = trainer
    trainer.train()
    counted = sorted(times.seconds[1:])
    measure.report(counted[len(counted) // 2], case.tokens, ["torch", "transformers", "trl"], warm_up=times.seconds[0])
