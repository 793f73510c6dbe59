"""What an update minimises, and its pure evaluation in float64."""

from __future__ import annotations

import ctypes  # only for out-parameters
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Optional, Sequence, TypedDict

import numpy as np
import numpy.typing as npt

from . import _checks, _native
from ._errors import ArgumentTypeError, InvalidArgumentError
from ._keywords import Named, checked_fields, keywords

if TYPE_CHECKING:
    from typing_extensions import Unpack

Doubles = npt.NDArray[np.float64]

#: The paper's arms, then follow-ups; docs/objective.md has a line on each.
PRESETS = (
    "luffy", "plain", "reference", "on_policy", "mixed_policy", "sft", "rl_with_sft_loss", "dr_grpo", "dapo", "gspo",
    "cispo", "sapo", "exgrpo", "srft", "prefix_rft", "hpt", "chord",
)  # fmt: skip

SOURCES = {"on": 0, "on_policy": 0, "off": 1, "off_policy": 1, "replay": 2}


class Shaping(TypedDict, total=False):
    """A function of the importance ratio: its kind, and what the kind has."""

    kind: str
    gamma: float
    exponent: float
    weight: float


class ArmOptions(TypedDict, total=False):
    """Options of the paper's arms; what is not given is the preset's."""

    on_shaping: Shaping
    off_shaping: Shaping
    clip_low: Optional[float]
    clip_high: Optional[float]
    clip_dual: Optional[float]
    off_ratio_min: Optional[float]
    off_ratio_max: Optional[float]
    probability_max: Optional[float]
    baseline: str
    normalize_std: bool
    behavior: str
    aggregation: str
    fixed_length: Optional[int]
    entropy_coefficient: float
    relative_entropy_coefficient: float
    kl_coefficient: float
    kl_estimator: str
    policy_scale: float
    use_rollouts: bool
    traces: str
    sft_coefficient: float
    relative_sft_coefficient: float
    skip_without_signal: bool


#: Of CHORD; its name is a word of Python's: `Objective.preset("chord", **{"from": 0.9})`.
_From = TypedDict("_From", {"from": float}, total=False)


class PresetOptions(ArmOptions, _From, total=False):
    """Those, and the follow-ups' own."""

    clip: float
    maximum_length: int
    buffer: int
    ratio_max: float
    positive: float
    negative: float
    gamma: float
    trace_rate: float
    entropy_share: float
    gate: float
    to: float
    steps: int
    weighs_tokens: bool


_arm = keywords(ArmOptions, refuses=False)
_any = keywords(PresetOptions, refuses=False)


class Objective(_native.Handle):
    """Options of an objective: a preset, and what is changed of it. docs/objective.md explains each.

    `Objective(**options)` starts from the preset "plain": the paper's terms, with Σ/(rows·8192) and an entropy bonus of
    0.001 times the mean over tokens. Keywords: `on_shaping`, `off_shaping`
    ({"kind": "none" | "saturating" | "power" | "sqrt" | "log" | "p_log", "gamma", "exponent", "weight"}), `clip_low`,
    `clip_high`, `clip_dual`, `off_ratio_min`, `off_ratio_max`, `probability_max` (None: none), `baseline`
    ("group", "on_policy", "leave_one_out", "none"), `normalize_std`, `behavior` ("one", "given"), `aggregation`
    ("token_mean", "sequence_mean", "fixed_length": Σ/L, "fixed_length_mean": Σ/(rows·L)), `fixed_length`
    (L; None: the trainer's longest response so far), `entropy_coefficient` (of the mean over tokens) or
    `relative_entropy_coefficient` (a token's weight beside a policy-gradient token; either replaces the other),
    `kl_coefficient`, `kl_estimator`, `policy_scale`, `use_rollouts`, `traces` ("surrogate", "likelihood", "unused"),
    `sft_coefficient` (of the mean over trace tokens) or `relative_sft_coefficient`, `skip_without_signal` (False: an update
    in which only entropy and KL terms have gradients moves the model, too).

    `Objective.preset(name, **options)` makes any of `PRESETS`; the follow-ups of the paper have options of their own,
    which `.options` shows. An objective does not change once it is made.
    """

    _destroy_ = "luffy_objective_destroy"

    @_any
    def __init__(self, _preset: str = "plain", **options: Unpack[PresetOptions]) -> None:
        name = _checks.text("preset", _preset)
        super().__init__(_native.made("luffy_objective_create", name.encode()))
        if not options:
            return
        try:
            text = json.dumps(options).encode()
        except TypeError as failure:
            raise _native.LuffyValueError(f"objective options: {failure}") from None
        try:
            with self.use() as pointer:
                _native.call("luffy_objective_configure", pointer, text)
        except InvalidArgumentError as failure:
            if any(f"{key}: unknown" in str(failure) for key in options):
                raise ArgumentTypeError(str(failure)) from None
            raise

    @classmethod
    @_any
    def preset(cls, name: str, **options: Unpack[PresetOptions]) -> "Objective":
        """By name, one of `luffy.PRESETS`."""
        return cls(name, **options)

    @classmethod
    @_arm
    def luffy(cls, **options: Unpack[ArmOptions]) -> "Objective":
        """The paper's published configuration, balanced as its run whatever the lengths and the batch."""
        return cls("luffy", **options)

    @classmethod
    @_arm
    def reference(cls, **options: Unpack[ArmOptions]) -> "Objective":
        """The same at the scale of the reference code: Σ/L."""
        return cls("reference", **options)

    @classmethod
    @_arm
    def on_policy(cls, **options: Unpack[ArmOptions]) -> "Objective":
        """GRPO on the policy's own rollouts, clip 0.2."""
        return cls("on_policy", **options)

    @classmethod
    @_arm
    def mixed_policy(cls, **options: Unpack[ArmOptions]) -> "Objective":
        """LUFFY without shaping."""
        return cls("mixed_policy", **options)

    @classmethod
    @_arm
    def sft(cls, **options: Unpack[ArmOptions]) -> "Objective":
        """The token mean of −log p over traces."""
        return cls("sft", **options)

    @classmethod
    @_arm
    def rl_with_sft_loss(cls, **options: Unpack[ArmOptions]) -> "Objective":
        """GRPO on rollouts plus SFT on traces."""
        return cls("rl_with_sft_loss", **options)

    @property
    def options(self) -> dict[str, Any]:
        """Every option as it is."""
        with self.use() as pointer:
            found: dict[str, Any] = json.loads(_native.text("luffy_objective_options", pointer, guess=2048))
            return found

    def _instead(self, name: str) -> str:
        known = name in PresetOptions.__annotations__
        return f": options are given when it is made, as luffy.Objective.luffy({name}=…)." if known else ""


@checked_fields
@dataclass
class Row(Named):
    """One rollout or trace: arrays over its response tokens, log-probs and entropies in nats."""

    group: int
    reward: float
    logprobs: npt.ArrayLike
    old_logprobs: Optional[npt.ArrayLike] = None
    behavior_logprobs: Optional[npt.ArrayLike] = None
    #: "on", "off" or "replay".
    source: str = "on"
    response_mask: Optional[npt.ArrayLike] = None
    #: Marks the tokens copied from a trace where only a prefix was.
    off_mask: Optional[npt.ArrayLike] = None
    entropies: Optional[npt.ArrayLike] = None
    reference_logprobs: Optional[npt.ArrayLike] = None


@dataclass
class ObjectiveResult:
    """Of one update. `advantages` has a number a row; the lists an array a row."""

    loss: float
    dlogprobs: list[Doubles]
    dentropies: list[Doubles]
    advantages: Doubles
    metrics: dict[str, float] = field(default_factory=dict)


def _view(row: Row, index: int, kept: list[Any]) -> Any:
    if not isinstance(row.source, str) or row.source not in SOURCES:
        raise _native.LuffyValueError(f"row {index}: source: expected on, off or replay, got {row.source!r}")
    length = _native.vector(row.logprobs, np.float64, f"row {index}: logprobs").size

    def pointer(name: str, dtype: npt.DTypeLike) -> Optional[int]:
        values = getattr(row, name)
        if values is None:
            return None
        if dtype == np.uint8:
            values = np.asarray(values) != 0
        array = _native.vector(values, dtype, f"row {index}: {name}")
        if array.size != length:
            raise _native.LuffyValueError(f"row {index}: {name}: {array.size} numbers for {length} tokens")
        kept.append(array)
        return int(array.ctypes.data)

    reward = _checks.reward(f"row {index}: reward", row.reward)
    group = _checks.integer(f"row {index}: group", row.group, -(2**63))
    return _native.RowView.make(
        source=SOURCES[row.source], group=group, reward=reward, length=length,
        logprobs=pointer("logprobs", np.float64), old_logprobs=pointer("old_logprobs", np.float64),
        behavior_logprobs=pointer("behavior_logprobs", np.float64),
        reference_logprobs=pointer("reference_logprobs", np.float64), entropies=pointer("entropies", np.float64),
        response_mask=pointer("response_mask", np.uint8), off_mask=pointer("off_mask", np.uint8),
    )  # fmt: skip


@keywords()
def evaluate_objective(objective: Objective, rows: Sequence[Row], step: int = 0) -> ObjectiveResult:
    """Loss, gradients, advantages and metrics of one update over these rows. Pure."""
    if not isinstance(objective, Objective):
        raise ArgumentTypeError(f"objective: expected a luffy.Objective: write luffy.Objective.preset({objective!r})")
    rows = _checks.objects("rows", rows, Row, "evaluate_objective(objective, [row])")
    step = _checks.integer("step", step)
    kept: list[Any] = []
    views = [_view(row, index, kept) for index, row in enumerate(rows)]
    lengths = [int(view.length) for view in views]
    total = sum(lengths)
    dlogprobs, dentropies = np.zeros(max(1, total)), np.zeros(max(1, total))
    advantages = np.zeros(max(1, len(rows)))
    loss, out = ctypes.c_double(), ctypes.c_void_p()
    with objective.use() as pointer:
        _native.call(
            "luffy_objective_evaluate", pointer, (_native.RowView * max(1, len(views)))(*views), len(views), step,
            ctypes.byref(loss), dlogprobs.ctypes.data, dentropies.ctypes.data, advantages.ctypes.data,
            ctypes.byref(out),
        )  # fmt: skip
    ends = np.cumsum(lengths).tolist()

    def cut(flat: Doubles) -> list[Doubles]:
        return [flat[end - size : end].copy() for size, end in zip(lengths, ends)]

    return ObjectiveResult(
        loss.value, cut(dlogprobs), cut(dentropies), advantages[: len(rows)].copy(), json.loads(_native.take_metrics(out))
    )
