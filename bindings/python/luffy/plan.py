"""What a training step takes, before anything is allocated."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Optional

from . import _native
from .model import Path, _model_options
from .trainer import AdamW, _trainer_options


@dataclass(frozen=True)
class Plan:
    """Bytes are summed as the passes allocate; rates and seconds are an estimate from a short measurement."""

    #: Parameters and their packed panels; the reference model's too.
    weight_bytes: int
    gradient_bytes: int
    #: Moments, and the copy that a step of several updates keeps.
    optimizer_bytes: int
    #: Keys and values of the rollouts that run at once.
    kv_bytes: int
    #: Everything while rollouts are written, and during the update; the larger of both.
    rollout_bytes: int
    update_bytes: int
    peak_bytes: int
    #: Rollouts at once.
    slots: int
    #: As fitted to `memory_limit`.
    micro_batch_tokens: int
    recompute_activations: bool
    #: New tokens.
    rollout_tokens_per_second: float
    #: Prompt and response tokens of all rows.
    update_tokens_per_second: float
    step_seconds: float


def plan(
    path: Path,
    dtype: str = "float32",
    prompts: int = 16,
    rollouts: int = 7,
    traces: int = 1,
    prompt_tokens: int = 128,
    response_tokens: int = 512,
    kv_memory: int = 0,
    maximum_batch: int = 128,
    reference: bool = False,
    **options: Any,
) -> Plan:
    """Plans a step of the model at `path`, of which only the configuration is read: a model's path, or that of a
    config.json; the weights need not be there.

    `options` are the keywords of `Trainer`. Raises `OutOfMemoryError`, with the bytes needed, where `memory_limit` is
    too little.
    """
    counts = {
        "prompts": prompts, "rollouts": rollouts, "traces": traces, "prompt_tokens": prompt_tokens,
        "response_tokens": response_tokens, "kv_memory": kv_memory, "maximum_batch": maximum_batch,
    }  # fmt: skip
    for name, value in counts.items():
        if not 0 <= value < 2 ** (32 if name == "maximum_batch" else 64):
            raise _native.LuffyValueError(f"{name}: {value} is out of range")
    limit: Optional[float] = options.pop("max_grad_norm", 1.0)
    work = _native.Workload.make(dtype=_model_options(dtype).dtype, has_reference=int(reference), **counts)
    made = _native.PlanView.make()
    _native.call("luffy_plan", os.fsencode(path), work, _trainer_options(AdamW(), limit, options), made)
    fields = {name: getattr(made, name) for name in Plan.__dataclass_fields__}
    return Plan(**{**fields, "recompute_activations": bool(made.recompute_activations)})
