"""Whole training runs: the same run, directory and bits as `luffy-train` and the C library."""

from __future__ import annotations

import ctypes  # only for out-parameters
import json
import logging
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Iterable, Iterator, Mapping, Optional, Sequence, TypedDict, Union

import numpy as np

from . import _native
from ._errors import ArgumentTypeError
from ._keywords import keywords
from ._progress import SHOWN, Progress
from ._rows import data_file
from .model import Model, Path, Rollout, rollout_of
from .rewards import Reward, RewardInputs, WeightedRewards
from .tokenizer import Tokenizer

if TYPE_CHECKING:
    from typing_extensions import Unpack

_LOG = logging.getLogger("luffy")
_EVENTS = {1: "groups", 2: "step", 3: "evaluation", 4: "checkpoint", 5: "done"}
_SOURCES = ("on", "off", "replay")
#: A path of JSON Lines, or the rows themselves.
Data = Union[Path, Iterable[Mapping[str, Any]]]


class RunOptions(TypedDict, total=False):
    """The other keys of a run; docs/run-directory.md explains each. What is not given has the run's default."""

    output: Path
    seed: int
    threads: int
    dtype: str
    allow_long_sequences: bool
    reference: Path
    tokenizer: Path
    template: str
    system: Optional[str]
    answer_form: str
    stages: Sequence[Union[str, Mapping[str, Any]]]
    objective: str
    objective_options: Mapping[str, Any]
    warmup_steps: int
    warmup_lr: float
    sft_steps: int
    sft_lr: float
    sft_examples: int
    sft_every: int
    steps: int
    lr: float
    prompts: int
    group: int
    traces: int
    temperature: float
    max_new_tokens: int
    max_grad_norm: Optional[float]
    updates_per_step: int
    micro_batch_tokens: int
    entropy_band: float
    allow_cut_traces: bool
    stop_on_entropy: bool
    held_out: int
    eval_every: int
    checkpoint_every: int
    keep_last: int


class ResumeOptions(TypedDict, total=False):
    """The keys of a run that may change when it goes on."""

    steps: int
    threads: int
    held_out: int
    eval_every: int
    checkpoint_every: int
    keep_last: int
    stop_on_entropy: bool


@dataclass(frozen=True)
class RunGroup:
    """All rollouts and traces of one prompt in a step, with their texts and rewards."""

    prompt: str
    #: The question without its template, and its reference answer.
    problem: str
    answer: str
    #: What else the data say of it.
    columns: Mapping[str, Any]
    #: Rollouts, then traces: their `source` says which they are.
    rollouts: Sequence[Rollout]
    texts: Sequence[str]
    #: One a rollout, in their order: the verifier's, or those that replaced them. NaN: left out.
    rewards: Sequence[float]


@dataclass(frozen=True)
class RunStep:
    """One step of a run."""

    #: From 1, over all stages.
    number: int
    stage: str
    #: docs/metrics.md, with those of an evaluation after this step where there was one.
    metrics: Mapping[str, float]
    #: Empty in a supervised step.
    groups: Sequence[RunGroup]

    def __repr__(self) -> str:
        shown = {short: self.metrics[name] for name, short in SHOWN if name in self.metrics}
        numbers = "".join(f", {name}={value:.3f}" for name, value in shown.items())
        return f"RunStep(number={self.number}, stage={self.stage!r}{numbers}, groups={len(self.groups)})"


@dataclass(frozen=True)
class RunResult:
    """Where a run stands."""

    directory: str
    steps: int
    done: bool
    #: Held-out accuracy before training, and of the last evaluation: `eval/pass@1` and its kin. None: not measured.
    before: Optional[Mapping[str, float]]
    evaluation: Optional[Mapping[str, float]]
    #: The best evaluation between steps: its accuracy and step.
    best: Optional[Mapping[str, float]]


class Run(_native.Handle):
    """A training run: rollouts, verifier or rewards of your own, updates, evaluation, checkpoints, in a directory that
    `luffy-train` and C can go on with.

        run = luffy.Run(model="SmolLM2-135M-Instruct.gguf", data="train.jsonl", output="runs/1")
        for step in run:
            print(step.number, step.metrics["on_off_metrics/on_score"])
        print(run.result.evaluation)

    `model`: a Hugging Face directory or .gguf file; None: a small model made from the seed, which learns the built-in
    arithmetic in some minutes. `data`: a JSON Lines path, or rows of `problem`, `answer` and, for a teacher's trace, `solution`
    (a list, a `datasets.Dataset`, any iterable of dicts). `columns` maps those names to the data's own:
    `{"problem": "question"}`. `eval_data`: held-out problems; None: every tenth of `data`. `rewards`: functions, or pairs of a
    function and a weight, as `[luffy.MathReward(), (brevity, 0.1)]`; None: the verifier's verdict, 1 or 0. A function is
    called as `f(prompts=…, completions=…, **columns)` and returns a number or None for each completion. `loggers`: objects
    with `log(metrics, step)`. `progress`: a line on a terminal; None: where the output is one and tqdm is there.

    Leaving the loop early is fine: a checkpoint of the last complete step stays, and `Run.resume(directory)` goes on
    from it to the same bits.

    The other keywords, whose defaults docs/reference/options.md lists:

        output: The directory where everything goes.
        seed: Seed of the model, the data and the rollouts.
        threads: 0 is all cores. The result does not depend on it.
        dtype: Number type of matrix products: float32, bfloat16.
        allow_long_sequences: Run sequences of more tokens than max_position_embeddings, which are refused
            otherwise.
        reference: The reference model of KL terms, given as model is.
        tokenizer: The tokenizer, where the model's path does not hold it.
        template: Prompt template of a data file: model (its own), raw, chatml, llama3, luffy.
        system: System text of the template.
        answer_form: What of a response to a data file is rewarded: anchored (a box or "answer is …"), boxed,
            anywhere.
        stages: Stages in order: sft, rl, interleaved, warmup (the task's own, comes first unless named).
        objective: Objective of reinforcement learning.
        objective_options: A map over the objective's own options: {entropy_coefficient: 0}.
        warmup_steps: Supervised steps that make the base model; none: as the task wants.
        warmup_lr: Learning rate of the warm-up.
        sft_steps: Steps of a stage sft.
        sft_lr: Learning rate of supervised steps.
        sft_examples: Problems of a supervised step.
        sft_every: Interleaved: each n-th step is supervised.
        steps: Steps of reinforcement learning.
        lr: Learning rate of reinforcement learning.
        prompts: Prompts of each step.
        group: Rollouts and traces of a prompt.
        traces: Traces among them.
        temperature: Sampling temperature.
        max_new_tokens: Longest response in tokens.
        max_grad_norm: Bound on the gradient's norm; null: none.
        updates_per_step: Optimiser updates of each step.
        micro_batch_tokens: Tokens that run at once at most.
        entropy_band: Nats that entropy may rise above its start before a warning.
        allow_cut_traces: Cut traces at the longest response; without it a longer one is an error.
        stop_on_entropy: End the run with a checkpoint where entropy rises above its band.
        held_out: Held-out problems of an evaluation.
        eval_every: Steps from one evaluation to the next; 0: none between.
        checkpoint_every: Steps from one checkpoint to the next; 0: on a signal only.
        keep_last: Checkpoints that stay, beside the best.
    """

    _destroy_ = "luffy_run_destroy"

    @keywords(RunOptions)
    def __init__(
        self,
        model: Optional[Path] = None,
        data: Optional[Data] = None,
        eval_data: Optional[Data] = None,
        rewards: Optional[Sequence[Reward]] = None,
        columns: Optional[Mapping[str, str]] = None,
        loggers: Sequence[Any] = (),
        progress: Optional[bool] = None,
        **options: "Unpack[RunOptions]",
    ) -> None:
        output = os.fspath(options.get("output", "runs/latest"))
        configuration: dict[str, Any] = {**options, "output": output}
        if model is not None:
            configuration["model"] = model
        for name, given in (("data", data), ("eval_data", eval_data)):
            if given is not None:
                configuration[name] = data_file(name, given, columns, output)
        if rewards is not None:
            configuration["caller_rewards"] = True
        self._begin(configuration, rewards, loggers, progress)

    def _begin(
        self,
        configuration: Mapping[str, Any],
        rewards: Optional[Sequence[Reward]],
        loggers: Sequence[Any],
        progress: Optional[bool],
    ) -> None:
        self._rewards = None if rewards is None else WeightedRewards(rewards)
        text = _json(configuration)
        super().__init__(_native.run(lambda: _native.made("luffy_run_open", text), _native.cancel_all))
        status = self._status()
        if status["expects_rewards"] and self._rewards is None and not status["done"]:
            self.close()
            raise _native.LuffyValueError(
                f"{status['directory']}: this run had rewards of its caller's own: give them again, rewards=[…]"
            )
        self._loggers = list(loggers)
        self._progress = Progress(progress)
        self._groups: list[RunGroup] = []
        for note in status["notes"]:
            _LOG.info(note)

    def __repr__(self) -> str:
        if self.closed:
            return "Run(closed)"
        found = self.result
        return f"Run(directory={found.directory!r}, steps={found.steps}, done={found.done})"

    @classmethod
    @keywords(ResumeOptions)
    def resume(
        cls,
        directory: Path,
        rewards: Optional[Sequence[Reward]] = None,
        loggers: Sequence[Any] = (),
        progress: Optional[bool] = None,
        **changes: "Unpack[ResumeOptions]",
    ) -> "Run":
        """Goes on with a run from its last checkpoint. Rewards of your own are given again: they are not saved."""
        made = cls.__new__(cls)
        made._begin({**changes, "resume": directory}, rewards, loggers, progress)
        return made

    @staticmethod
    def configuration(**options: Any) -> dict[str, Any]:
        """Every key that a run with these would have, with its value; nothing is trained."""
        found: dict[str, Any] = json.loads(_native.text("luffy_run_configuration", _json(options), guess=8192))
        return found

    def __iter__(self) -> Iterator[RunStep]:
        """The steps that are still to be done."""
        try:
            for event in self.events():
                if event == "step":
                    yield self._step()
        finally:
            if not self.closed and not self.result.done:
                self.checkpoint()
            self._progress.close()

    def train(self) -> RunResult:
        """Trains to the end."""
        for _ in self:
            pass
        return self.result

    def events(self) -> Iterator[str]:
        """What the run does, event by event: "groups" (rewards may be set), "step", "evaluation", "checkpoint", "done".

        Given rewards are set already when "groups" comes.
        """
        while True:
            event = self._next()
            if event == "groups":
                self._groups = self._judged()
            yield event
            if event == "done":
                return

    def _next(self) -> str:
        out = ctypes.c_int32()
        with self.use() as pointer:
            _native.run(
                lambda: _native.call("luffy_run_next", pointer, ctypes.byref(out)),
                lambda: _native.library.luffy_run_cancel(pointer),
            )
        return _EVENTS[out.value]

    # ---------------------------------------------------------------------------------------------------- groups

    @property
    def groups(self) -> Sequence[RunGroup]:
        """The last step's groups, or after the event "groups" the next one's."""
        return self._groups

    def set_rewards(self, group: int, rewards: Sequence[Optional[float]]) -> None:
        """After the event "groups": a reward for each member of a group; None leaves one out."""
        numbers = [float("nan") if reward is None else reward for reward in rewards]
        values = _native.vector(numbers, np.float64, "rewards")
        with self.use() as pointer:
            _native.call("luffy_run_set_rewards", pointer, group, values.ctypes.data, values.size)
        if 0 <= group < len(self._groups):
            old = self._groups[group]
            self._groups[group] = RunGroup(**{**vars(old), "rewards": values.tolist()})

    def _judged(self) -> list[RunGroup]:
        """The groups that are there now, with the caller's rewards set."""
        with self.use() as pointer:
            count = _native.library.luffy_run_group_count(pointer)
            self._groups = [self._group(pointer, index) for index in range(count)]
        if self._rewards is not None:
            for index, group in enumerate(self._groups):
                inputs = RewardInputs(group.prompt, group.problem, group.answer, group.texts, group.columns, group.rewards)
                self.set_rewards(index, self._rewards.of(inputs))
        return self._groups

    def _group(self, pointer: int, index: int) -> RunGroup:
        problem = json.loads(self._text("luffy_run_problem", pointer, index))
        rollouts, rewards = [], []
        for member in range(_native.library.luffy_run_rollout_count(pointer, index)):
            view = _native.RolloutView.make()
            _native.call("luffy_run_rollout", pointer, index, member, view)
            rollout = rollout_of(view)
            rollout.source = _SOURCES[view.source]
            rollouts.append(rollout)
            rewards.append(float(view.reward))
        texts = problem.pop("responses")
        for rollout, text in zip(rollouts, texts):
            rollout.text = text
        return RunGroup(rollouts=rollouts, texts=texts, rewards=rewards, **problem)

    def _step(self) -> RunStep:
        """The step that is just done; its evaluation, where one is due, is made first."""
        out = ctypes.c_void_p()
        with self.use() as pointer:
            _native.call("luffy_run_metrics", pointer, ctypes.byref(out))
        metrics: dict[str, float] = json.loads(_native.take_metrics(out))
        status = self._status()
        if status["evaluates_next"]:
            self._next()
            metrics.update(self._status()["evaluation"])
        groups = self._groups
        self._groups = []
        if self._rewards is not None and groups:
            metrics.update(self._rewards.take_metrics())
        step = RunStep(status["step"], status["stage"], metrics, groups)
        for logger in self._loggers:
            logger.log(metrics, status["step"])
        for note in status["notes"]:
            self._progress.note(note)
        self._progress.show(step, status)
        return step

    # ---------------------------------------------------------------------------------------------------- results

    def _text(self, name: str, *arguments: Any) -> bytes:
        out = ctypes.c_char_p()
        _native.call(name, *arguments, ctypes.byref(out))
        return out.value or b""

    def _status(self) -> dict[str, Any]:
        with self.use() as pointer:
            found: dict[str, Any] = json.loads(self._text("luffy_run_status", pointer))
        return found

    @property
    def result(self) -> RunResult:
        """Where the run stands now."""
        status = self._status()
        return RunResult(
            status["directory"], status["step"], status["done"], status["before"], status["evaluation"], status["best"]
        )

    def checkpoint(self) -> bool:
        """Saves a checkpoint of the last complete step; False where no step is complete."""
        saved = ctypes.c_int32()
        with self.use() as pointer:
            _native.call("luffy_run_checkpoint", pointer, ctypes.byref(saved))
        return saved.value == 1

    @property
    def model(self) -> Model:
        """The model that is trained, itself and no copy."""
        with self.use() as pointer:
            return Model(_native.made("luffy_run_model", pointer))

    @property
    def tokenizer(self) -> Tokenizer:
        with self.use() as pointer:
            return Tokenizer(_native.made("luffy_run_tokenizer", pointer))

    def report(self, output: Optional[Path] = None) -> str:
        """Draws the run as one HTML page; where it is."""
        return report(self.result.directory, output)


def report(directory: Path, output: Optional[Path] = None) -> str:
    """Draws the directory of a run or of a comparison as one HTML page, `report.html` in it by default; where it is."""
    target = os.path.join(os.fspath(directory), "report.html") if output is None else os.fspath(output)
    _native.call("luffy_report", os.fsencode(os.fspath(directory)), os.fsencode(target))
    return target


def _json(configuration: Mapping[str, Any]) -> bytes:
    """Configuration keys as the library reads them; paths as texts."""

    def plain(value: Any) -> Any:
        if isinstance(value, os.PathLike):
            return os.fspath(value)
        if isinstance(value, np.generic):
            return value.item()
        raise ArgumentTypeError(f"a run's configuration cannot hold {type(value).__name__}: {value!r}")

    return json.dumps(configuration, default=plain).encode()
