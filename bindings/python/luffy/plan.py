"""What a training step takes, before anything is allocated."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Optional

from . import _checks, _native
from ._keywords import keywords
from .model import Path, _model_options
from .trainer import trainer_options


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


#: Every default of a keyword below is the library's.
_WORK = _native.Workload.make()
_OPTIONS = _native.TrainerOptions.make()


@keywords()
def plan(
    path: Path,
    dtype: str = "float32",
    prompts: int = _WORK.prompts,
    rollouts: int = _WORK.rollouts,
    traces: int = _WORK.traces,
    prompt_tokens: int = _WORK.prompt_tokens,
    response_tokens: int = _WORK.response_tokens,
    kv_memory: int = _WORK.kv_memory,
    maximum_batch: int = _WORK.maximum_batch,
    reference: bool = bool(_WORK.has_reference),
    max_grad_norm: Optional[float] = _OPTIONS.max_grad_norm,
    updates_per_step: int = _OPTIONS.updates_per_step,
    micro_batch_tokens: int = _OPTIONS.micro_batch_tokens,
    temperature: float = _OPTIONS.temperature,
    recompute_activations: bool = bool(_OPTIONS.recompute_activations),
    share_prompts: bool = bool(_OPTIONS.share_prompts),
    recompute_old_logprobs: bool = bool(_OPTIONS.recompute_old_logprobs),
    memory_limit: int = _OPTIONS.memory_limit,
) -> Plan:
    """Plans a step of the model at `path`, of which only the configuration is read: a model's path, or that of a
    config.json; the weights need not be there.

    Keywords from `max_grad_norm` on are those of `Trainer`. Raises `OutOfMemoryError`, with the bytes needed, where
    `memory_limit` is too little.
    """
    counts = {
        "prompts": prompts, "rollouts": rollouts, "traces": traces, "prompt_tokens": prompt_tokens,
        "response_tokens": response_tokens, "kv_memory": kv_memory, "maximum_batch": maximum_batch,
    }  # fmt: skip
    for name, value in counts.items():
        counts[name] = _checks.integer(name, value, 0, 2 ** (32 if name == "maximum_batch" else 64) - 1)
    work = _native.Workload.make(
        dtype=_model_options(dtype).dtype, has_reference=_checks.flag("reference", reference), **counts
    )
    struct = trainer_options(
        None, max_grad_norm, updates_per_step=updates_per_step, micro_batch_tokens=micro_batch_tokens,
        temperature=temperature, recompute_activations=recompute_activations, share_prompts=share_prompts,
        recompute_old_logprobs=recompute_old_logprobs, memory_limit=memory_limit,
    )  # fmt: skip
    made = _native.PlanView.make()
    _native.call("luffy_plan", os.fsencode(path), work, struct, made)
    fields = {name: getattr(made, name) for name in Plan.__dataclass_fields__}
    return Plan(**{**fields, "recompute_activations": bool(made.recompute_activations)})
