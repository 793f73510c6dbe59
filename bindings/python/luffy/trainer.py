"""Training: groups in, updated weights and metrics out."""

from __future__ import annotations

import ctypes  # only for out-parameters
import json
import math
import os
from dataclasses import dataclass, field
from typing import Any, Optional, Sequence, Union

import numpy as np

from . import _native
from .model import FINISH_REASONS, Model, Path, Rollout
from .objective import SOURCES, Objective

Response = Union[Rollout, Sequence[int]]

_SCHEDULES = ("constant", "linear", "cosine")


@dataclass
class AdamW:
    """AdamW with decoupled decay (of matrices only) and a schedule of the learning rate."""

    lr: float = 1e-6
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    weight_decay: float = 0.01
    #: "constant", "linear" or "cosine", after the warm-up.
    lr_schedule: str = "constant"
    warmup_steps: int = 0
    total_steps: int = 0
    minimum_lr_factor: float = 0.0


@dataclass
class Group:
    """All rollouts and traces of one prompt. `rewards`: one a rollout, then one a trace.

    A rollout is a `Rollout` or its ids; a trace is its ids (or a `Rollout`), with the token that ends a response. A
    `Rollout` among the rollouts whose source is "replay" is one of the policy's past.
    """

    prompt_ids: Sequence[int]
    rollouts: Sequence[Response] = field(default_factory=list)
    traces: Sequence[Response] = field(default_factory=list)
    rewards: Optional[Sequence[float]] = None


class Trainer(_native.Handle):
    """Trains a model by AdamW; one call at a time. The model is trained itself, not a copy.

    Other keywords: `updates_per_step`, `micro_batch_tokens`, `temperature` (that rollouts were drawn at),
    `recompute_activations` (less memory, the same bits), `share_prompts` (a group's prompt runs once; on by default),
    `recompute_old_logprobs`, `memory_limit` (bytes; what cannot fit is refused with the bytes needed), `entropy_band`
    (nats that the entropy of rollouts may rise above the first step's before `signal/entropy_rising` is 1).
    """

    _destroy_ = "luffy_trainer_destroy"

    def __init__(
        self,
        model: Model,
        objective: Optional[Objective] = None,
        optimizer: Optional[AdamW] = None,
        max_grad_norm: Optional[float] = 1.0,
        reference: Optional[Model] = None,
        **options: Any,
    ) -> None:
        struct = _trainer_options(optimizer or AdamW(), max_grad_norm, options)
        objective = objective or Objective.luffy()
        with model.use() as pointer, objective.use() as goal:
            if reference is None:
                made = _native.made("luffy_trainer_create", pointer, goal, struct, None)
            else:
                with reference.use() as other:
                    made = _native.made("luffy_trainer_create", pointer, goal, struct, other)
        super().__init__(made)
        self.model = model

    @classmethod
    def load(cls, directory: Path, reference: Optional[Model] = None) -> "Trainer":
        """Resumes bit for bit from `save`'s directory; its model is `.model`."""
        trainer = cls.__new__(cls)
        if reference is None:
            made = _native.made("luffy_trainer_load", os.fsencode(directory), None)
        else:
            with reference.use() as other:
                made = _native.made("luffy_trainer_load", os.fsencode(directory), other)
        _native.Handle.__init__(trainer, made)
        trainer.model = Model(_native.made("luffy_trainer_model", made))
        return trainer

    def save(self, directory: Path) -> None:
        """Writes weights, moments, counters and options, whole or not at all."""
        with self.use() as pointer:
            _native.call("luffy_trainer_save", pointer, os.fsencode(directory))

    @property
    def steps(self) -> int:
        """Steps so far, supervised ones included."""
        with self.use() as pointer:
            return int(_native.library.luffy_trainer_steps(pointer))

    @property
    def user_state(self) -> bytes:
        """Bytes of yours that are saved and loaded with the trainer, as its place in the data."""
        with self.use() as pointer:
            return _native.text("luffy_trainer_user_state", pointer)

    @user_state.setter
    def user_state(self, value: bytes) -> None:
        with self.use() as pointer:
            _native.call("luffy_trainer_set_user_state", pointer, value, len(value))

    def step(self, groups: Sequence[Group]) -> dict[str, float]:
        """One step of the objective. A failure leaves the state as it was."""
        return self._step("luffy_trainer_step", groups, rewarded=True)

    def sft_step(self, examples: Sequence[tuple[Sequence[int], Sequence[int]]]) -> dict[str, float]:
        """One supervised step on (prompt ids, response ids): the mean of −log p over all response tokens."""
        groups = [Group(prompt, traces=[response]) for prompt, response in examples]
        return self._step("luffy_trainer_sft_step", groups, rewarded=False)

    def _step(self, name: str, groups: Sequence[Group], rewarded: bool) -> dict[str, float]:
        kept: list[Any] = []
        views = [_group(group, index, rewarded, kept) for index, group in enumerate(groups)]
        array = (_native.GroupView * max(1, len(views)))(*views)
        out = ctypes.c_void_p()
        with self.use() as pointer:
            _native.run(
                lambda: _native.call(name, pointer, array, len(views), ctypes.byref(out)),
                lambda: _native.library.luffy_trainer_cancel(pointer),
            )
        metrics: dict[str, float] = json.loads(_native.take_metrics(out))
        return metrics


def _trainer_options(optimizer: AdamW, max_grad_norm: Optional[float], options: dict[str, Any]) -> Any:
    if optimizer.lr_schedule not in _SCHEDULES:
        raise _native.LuffyValueError(f"lr_schedule: expected one of {', '.join(_SCHEDULES)}")
    allowed = (
        "updates_per_step", "micro_batch_tokens", "temperature", "recompute_activations", "share_prompts",
        "recompute_old_logprobs", "memory_limit", "entropy_band",
    )  # fmt: skip
    for key in options:
        if key not in allowed:
            raise _native.LuffyValueError(f"{key}: unknown; the options are {', '.join(allowed)}")
    for name, value in [("warmup_steps", optimizer.warmup_steps), ("total_steps", optimizer.total_steps)]:
        if value < 0:
            raise _native.LuffyValueError(f"{name}: {value} is negative")
    return _native.TrainerOptions.make(
        lr=optimizer.lr, beta1=optimizer.betas[0], beta2=optimizer.betas[1], eps=optimizer.eps,
        weight_decay=optimizer.weight_decay, lr_schedule=_SCHEDULES.index(optimizer.lr_schedule),
        warmup_steps=optimizer.warmup_steps, total_steps=optimizer.total_steps,
        minimum_lr_factor=optimizer.minimum_lr_factor, max_grad_norm=0.0 if max_grad_norm is None else max_grad_norm,
        **options,
    )  # fmt: skip


def _group(group: Group, index: int, rewarded: bool, kept: list[Any]) -> Any:
    members = [(member, 0) for member in group.rollouts] + [(member, 1) for member in group.traces]
    rewards = list(group.rewards) if group.rewards is not None else []
    if rewarded and len(rewards) != len(members):
        raise _native.LuffyValueError(
            f"group {index}: {len(members)} rollouts and traces need as many rewards, got {len(rewards)}"
        )
    prompt = _native.vector(group.prompt_ids, np.int32, f"group {index}: prompt_ids")
    rollouts = (_native.RolloutView * max(1, len(members)))()
    for place, (member, source) in enumerate(members):
        name = f"group {index}, member {place}"
        rollouts[place] = _member(member, source, float(rewards[place]) if rewarded else math.nan, name, kept)
    kept += [prompt, rollouts]
    return _native.GroupView.make(
        prompt_ids=prompt.ctypes.data, prompt_length=prompt.size,
        rollouts=ctypes.cast(rollouts, ctypes.POINTER(_native.RolloutView)), rollout_count=len(members),
    )  # fmt: skip


def _member(member: Response, source: int, reward: float, name: str, kept: list[Any]) -> Any:
    rollout = member if isinstance(member, Rollout) else Rollout(ids=list(member))
    if rollout.source is not None:
        if rollout.source not in SOURCES:
            raise _native.LuffyValueError(f"{name}: source: expected on, off or replay, got {rollout.source!r}")
        source = SOURCES[rollout.source]
    ids = _native.vector(rollout.ids, np.int32, name)
    kept.append(ids)

    def logprobs(values: Any) -> Optional[int]:
        if values is None or len(values) == 0:
            return None
        array = _native.vector(values, np.float32, f"{name}: logprobs")
        if array.size != ids.size:
            raise _native.LuffyValueError(f"{name}: {array.size} log-probs for {ids.size} tokens")
        kept.append(array)
        return int(array.ctypes.data)

    behavior = rollout.behavior_logprobs
    if behavior is None and source == SOURCES["replay"]:
        behavior = rollout.logprobs
    prefix = rollout.prefix_length
    if prefix is not None and not 0 <= prefix <= ids.size:
        raise _native.LuffyValueError(f"{name}: prefix_length: {prefix} is not in 0 … {ids.size}")
    return _native.RolloutView.make(
        source=source, ids=ids.ctypes.data, length=ids.size, reward=reward,
        logprobs=logprobs(rollout.logprobs) if source == 0 else None, behavior_logprobs=logprobs(behavior),
        prefix_length=-1 if prefix is None else prefix, finish_reason=FINISH_REASONS.index(rollout.finish_reason),
    )  # fmt: skip
