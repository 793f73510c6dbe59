"""Training: groups in, updated weights and metrics out."""

from __future__ import annotations

import ctypes  # only for out-parameters
import json
import math
import os
from dataclasses import dataclass, field
from typing import Any, Mapping, Optional, Sequence, Union

import numpy as np

from . import _checks, _native
from ._errors import ArgumentTypeError
from ._keywords import Named, checked_fields, keywords
from .model import FINISH_REASONS, Model, Path, Rollout, Sampling
from .objective import SOURCES, Objective

Response = Union[Rollout, Sequence[int]]

_SCHEDULES = ("constant", "linear", "cosine")
#: Every default of a keyword below is the library's.
_OPTIONS = _native.TrainerOptions.make()


@checked_fields
@dataclass
class AdamW(Named):
    """AdamW with decoupled decay (of matrices only) and a schedule of the learning rate."""

    lr: float = _OPTIONS.lr
    betas: tuple[float, float] = (_OPTIONS.beta1, _OPTIONS.beta2)
    eps: float = _OPTIONS.eps
    weight_decay: float = _OPTIONS.weight_decay
    #: "constant", "linear" or "cosine", after the warm-up.
    lr_schedule: str = _SCHEDULES[_OPTIONS.lr_schedule]
    warmup_steps: int = _OPTIONS.warmup_steps
    total_steps: int = _OPTIONS.total_steps
    minimum_lr_factor: float = _OPTIONS.minimum_lr_factor


@checked_fields
@dataclass
class Group(Named):
    """All rollouts and traces of one prompt. `rewards`: one a rollout, then one a trace, True and False are 1 and 0; None
    (or NaN) leaves that one out of the step.

    A rollout is a `Rollout` or its ids; a trace is its ids (or a `Rollout`), with the token that ends a response. A
    `Rollout` among the rollouts whose source is "replay" is one of the policy's past. A rollout of `generate` is scored at
    the temperature that it was drawn at, and traces beside it likewise.
    """

    prompt_ids: Sequence[int]
    rollouts: Sequence[Response] = field(default_factory=list)
    traces: Sequence[Response] = field(default_factory=list)
    rewards: Optional[Sequence[Optional[float]]] = None


class Trainer(_native.Handle):
    """Trains a model by AdamW; one call at a time. The model is trained itself, not a copy.

    `reference` is the model of a KL term, another one than `model`. Other keywords: `updates_per_step` (each needs a
    group of its own), `micro_batch_tokens`, `temperature` (of rollouts that do not say at which they were drawn),
    `recompute_activations` (less memory, the same bits), `share_prompts` (a group's prompt runs once; on by default),
    `recompute_old_logprobs`, `memory_limit` (bytes, 0: none; what cannot fit is refused with the bytes needed), `entropy_band`
    (nats that the entropy of rollouts may rise above the first step's before `signal/entropy_rising` is 1).
    """

    _destroy_ = "luffy_trainer_destroy"

    @keywords()
    def __init__(
        self,
        model: Model,
        objective: Optional[Objective] = None,
        optimizer: Optional[AdamW] = None,
        max_grad_norm: Optional[float] = _OPTIONS.max_grad_norm,
        reference: Optional[Model] = None,
        updates_per_step: int = _OPTIONS.updates_per_step,
        micro_batch_tokens: int = _OPTIONS.micro_batch_tokens,
        temperature: float = _OPTIONS.temperature,
        recompute_activations: bool = bool(_OPTIONS.recompute_activations),
        share_prompts: bool = bool(_OPTIONS.share_prompts),
        recompute_old_logprobs: bool = bool(_OPTIONS.recompute_old_logprobs),
        memory_limit: int = _OPTIONS.memory_limit,
        entropy_band: float = _OPTIONS.entropy_band,
    ) -> None:
        _expect("model", model, Model, "luffy.Model.load(path)")
        _expect("objective", objective, Objective, "luffy.Objective.preset(name)", optional=True)
        _expect("reference", reference, Model, "luffy.Model.load(path)", optional=True)
        struct = trainer_options(
            optimizer, max_grad_norm, updates_per_step=updates_per_step, micro_batch_tokens=micro_batch_tokens,
            temperature=temperature, recompute_activations=recompute_activations, share_prompts=share_prompts,
            recompute_old_logprobs=recompute_old_logprobs, memory_limit=memory_limit,
            entropy_band=entropy_band,
        )  # fmt: skip
        objective = objective or Objective.luffy()
        with model.use() as pointer, objective.use() as goal:
            if reference is None:
                made = _native.made("luffy_trainer_create", pointer, goal, struct, None)
            else:
                with reference.use() as other:
                    made = _native.made("luffy_trainer_create", pointer, goal, struct, other)
        super().__init__(made)
        self._model = model

    @property
    def model(self) -> Model:
        """The model that is trained."""
        return self._model

    @property
    def lr(self) -> float:
        """The learning rate that the schedule scales: `AdamW.lr`, or what it was set to. It is saved."""
        rate = ctypes.c_double()
        with self.use() as pointer:
            _native.call("luffy_trainer_lr", pointer, ctypes.byref(rate))
        return rate.value

    @lr.setter
    def lr(self, rate: float) -> None:
        with self.use() as pointer:
            _native.call("luffy_trainer_set_lr", pointer, _checks.number("lr", rate))

    @classmethod
    @keywords()
    def load(cls, directory: Path, reference: Optional[Model] = None) -> "Trainer":
        """Resumes bit for bit from `save`'s directory; its model is `.model`."""
        _expect("reference", reference, Model, "luffy.Model.load(path)", optional=True)
        trainer = cls.__new__(cls)
        if reference is None:
            made = _native.made("luffy_trainer_load", os.fsencode(directory), None)
        else:
            with reference.use() as other:
                made = _native.made("luffy_trainer_load", os.fsencode(directory), other)
        _native.Handle.__init__(trainer, made)
        trainer._model = Model(_native.made("luffy_trainer_model", made))
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
        if not isinstance(value, (bytes, bytearray)):
            raise ArgumentTypeError(f"user_state: expected bytes, got {type(value).__name__}: write json.dumps(…).encode()")
        with self.use() as pointer:
            _native.call("luffy_trainer_set_user_state", pointer, bytes(value), len(value))

    @keywords()
    def step(self, groups: Sequence[Group]) -> dict[str, float]:
        """One step of the objective. A failure leaves the state as it was.

        Rollouts and traces whose reward is None are left out and counted in `batch/unrewarded_rollouts`.
        """
        return self._step("luffy_trainer_step", groups, rewarded=True)

    @keywords()
    def sft_step(self, examples: Sequence[tuple[Sequence[int], Sequence[int]]]) -> dict[str, float]:
        """One supervised step on (prompt ids, response ids): the mean of −log p over all response tokens."""
        groups = [Group(prompt, traces=[response]) for prompt, response in _pairs(examples)]
        return self._step("luffy_trainer_sft_step", groups, rewarded=False)

    def _step(self, name: str, groups: Sequence[Group], rewarded: bool) -> dict[str, float]:
        groups = _checks.objects("groups", groups, Group, "trainer.step([luffy.Group(…)])")
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


def _expect(name: str, value: Any, kind: type, instead: str, optional: bool = False) -> None:
    if not isinstance(value, kind) and not (optional and value is None):
        raise ArgumentTypeError(
            f"{name}: expected a luffy.{kind.__name__}, got {type(value).__name__}: write {instead}"
        )


def trainer_options(optimizer: Optional[AdamW], max_grad_norm: Optional[float], **options: Any) -> Any:
    """The C struct of a trainer's keywords."""
    _expect("optimizer", optimizer, AdamW, "luffy.AdamW(lr=…)", optional=True)
    optimizer = optimizer or AdamW()
    betas = tuple(optimizer.betas) if hasattr(optimizer.betas, "__iter__") else ()
    if len(betas) != 2:
        raise ArgumentTypeError(f"betas: expected two numbers, got {optimizer.betas!r}: write betas=(0.9, 0.999)")
    schedule = _checks.choice("lr_schedule", optimizer.lr_schedule, _SCHEDULES)
    for name in ("recompute_activations", "share_prompts", "recompute_old_logprobs"):
        options[name] = _checks.flag(name, options[name])
    for name in ("updates_per_step", "micro_batch_tokens", "memory_limit"):
        options[name] = _checks.integer(name, options[name], 0, 2**63 - 1)
    numbers = {
        name: _checks.number(name, value)
        for name, value in [
            ("lr", optimizer.lr), ("beta1", betas[0]), ("beta2", betas[1]), ("eps", optimizer.eps),
            ("weight_decay", optimizer.weight_decay), ("minimum_lr_factor", optimizer.minimum_lr_factor),
            ("temperature", options.pop("temperature")), ("entropy_band", options.pop("entropy_band", _OPTIONS.entropy_band)),
            ("max_grad_norm", 0.0 if max_grad_norm is None else max_grad_norm),
        ]
    }  # fmt: skip
    return _native.TrainerOptions.make(
        lr_schedule=schedule, warmup_steps=_checks.integer("warmup_steps", optimizer.warmup_steps),
        total_steps=_checks.integer("total_steps", optimizer.total_steps), **numbers, **options,
    )  # fmt: skip


def _pairs(examples: Any) -> list[tuple[Any, Any]]:
    """Prompts and responses, as ids (a response may be a `Rollout`)."""
    found: list[tuple[Any, Any]] = []
    for index, example in enumerate(examples):
        if not isinstance(example, (tuple, list)) or len(example) != 2:
            raise ArgumentTypeError(
                f"examples[{index}]: expected (prompt ids, response ids): write trainer.sft_step([(prompt, response)])"
            )
        prompt, response = example
        if not isinstance(response, Rollout):
            response = _checks.token_ids(f"examples[{index}]: response", response)
        found.append((_checks.token_ids(f"examples[{index}]: prompt", prompt), response))
    return found


def _members(group: Group, index: int) -> list[tuple[Response, int]]:
    """Rollouts, then traces, each with the source of its place."""
    members: list[tuple[Response, int]] = []
    for name, values, source in [("rollouts", group.rollouts, 0), ("traces", group.traces, 1)]:
        place = f"group {index}: {name}"
        if isinstance(values, Rollout):
            raise ArgumentTypeError(f"{place}: expected a list, got one Rollout: write {name}=[rollout]")
        if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
            raise ArgumentTypeError(
                f"{place}: expected a list of rollouts or of lists of token ids, got {type(values).__name__}"
            )
        found = list(values)
        if found and all(np.isscalar(value) for value in found):
            what = "texts: write tokenizer.encode(text) for each" if isinstance(found[0], str) else (
                f"one list of token ids: write {name}=[[{_checks.shown(found)}]]"
            )
            raise ArgumentTypeError(f"{place}: expected a list of rollouts or of lists of token ids, got {what}")
        members += [(value, source) for value in found]
    return members


def _rewards(group: Group, index: int, count: int) -> list[float]:
    given = group.rewards
    if given is None or isinstance(given, (str, bytes, Mapping)) or not hasattr(given, "__iter__"):
        what = "none" if given is None else type(given).__name__
        raise ArgumentTypeError(
            f"group {index}: {count} rollouts and traces need a list of as many rewards, got {what}; None in the list "
            "leaves one out"
        )
    rewards = list(given)
    if len(rewards) != count:
        raise _native.LuffyValueError(
            f"group {index}: {count} rollouts and traces need as many rewards, got {len(rewards)}"
        )
    return [_checks.reward(f"group {index}: rewards[{place}]", reward) for place, reward in enumerate(rewards)]


def _group(group: Group, index: int, rewarded: bool, kept: list[Any]) -> Any:
    members = _members(group, index)
    rewards = _rewards(group, index, len(members)) if rewarded else [math.nan] * len(members)
    prompt = _checks.token_ids(f"group {index}: prompt_ids", group.prompt_ids)
    rollouts = (_native.RolloutView * max(1, len(members)))()
    own = len(group.rollouts)
    for place, (member, source) in enumerate(members):
        name = f"group {index}, " + (f"rollout {place}" if place < own else f"trace {place - own}")
        rollouts[place] = _member(member, source, rewards[place], name, kept)
    kept += [prompt, rollouts]
    return _native.GroupView.make(
        prompt_ids=prompt.ctypes.data, prompt_length=prompt.size,
        rollouts=ctypes.cast(rollouts, ctypes.POINTER(_native.RolloutView)), rollout_count=len(members),
    )  # fmt: skip


def _member(member: Response, source: int, reward: float, name: str, kept: list[Any]) -> Any:
    rollout = member if isinstance(member, Rollout) else Rollout(ids=_checks.token_ids(name, member).tolist())
    if rollout.source is not None:
        if not isinstance(rollout.source, str) or rollout.source not in SOURCES:
            raise _native.LuffyValueError(f"{name}: source: expected on, off or replay, got {rollout.source!r}")
        source = SOURCES[rollout.source]
    ids = _checks.token_ids(name, rollout.ids)
    kept.append(ids)

    def logprobs(field: str) -> Optional[int]:
        values = getattr(rollout, field)
        if values is None or len(values) == 0:
            return None
        array = _native.vector(values, np.float32, f"{name}: {field}")
        if array.size != ids.size:
            raise _native.LuffyValueError(f"{name}: {field}: {array.size} log-probs for {ids.size} tokens")
        kept.append(array)
        return int(array.ctypes.data)

    prefix = rollout.prefix_length
    if prefix is not None:
        _checks.integer(f"{name}: prefix_length", prefix, 0, ids.size)
    view = _native.RolloutView.make(
        source=source, ids=ids.ctypes.data, length=ids.size, reward=reward, logprobs=logprobs("logprobs"),
        behavior_logprobs=logprobs("behavior_logprobs"), full_logprobs=logprobs("full_logprobs"),
        prefix_length=-1 if prefix is None else prefix,
        finish_reason=_checks.choice(f"{name}: finish_reason", rollout.finish_reason, FINISH_REASONS),
    )  # fmt: skip
    if rollout.sampling is not None:
        _expect(f"{name}: sampling", rollout.sampling, Sampling, "the sampling of a rollout that generate returned")
        record = _native.SamplingRecord.make(**vars(rollout.sampling))
        kept.append(record)
        view.sampling = ctypes.pointer(record)
    return view
