"""Rewards of a run: the verifier's verdict, functions of your own, weighted sums."""

from __future__ import annotations

import asyncio
import inspect
import math
from dataclasses import dataclass, field
from typing import Any, Callable, Mapping, Optional, Sequence, Union

from ._errors import ArgumentTypeError
from ._native import LuffyValueError


@dataclass(frozen=True)
class RewardInputs:
    """A group that is to be judged."""

    prompt: str
    problem: str
    answer: str
    completions: Sequence[str]
    columns: Mapping[str, Any]
    #: The verifier's: 1 for a correct answer, else 0.
    verdicts: Sequence[float]


@dataclass(frozen=True)
class MathReward:
    """1 for a response whose answer the verifier finds correct, else 0: what a run without `rewards` takes."""

    __name__ = "math"

    def of(self, inputs: RewardInputs) -> list[Optional[float]]:
        return list(inputs.verdicts)


#: f(prompts=…, completions=…, **columns) → a number or None for each completion; it may be async.
RewardFunction = Callable[..., Any]
Reward = Union[MathReward, RewardFunction, tuple[Union[MathReward, RewardFunction], float]]


@dataclass
class _Part:
    reward: Union[MathReward, RewardFunction]
    weight: float
    name: str
    seen: list[float] = field(default_factory=list)

    def of(self, inputs: RewardInputs) -> list[Optional[float]]:
        if isinstance(self.reward, MathReward):
            return self.reward.of(inputs)
        count = len(inputs.completions)
        columns = {"problem": inputs.problem, "answer": inputs.answer, **inputs.columns}
        given = self.reward(
            prompts=[inputs.prompt] * count,
            completions=list(inputs.completions),
            **{name: [value] * count for name, value in columns.items()},
        )
        if inspect.isawaitable(given):
            given = asyncio.run(_awaited(given))
        return self._checked(given, count)

    def _checked(self, given: Any, count: int) -> list[Optional[float]]:
        place = f"the reward {self.name}"
        if isinstance(given, (str, bytes)) or not hasattr(given, "__len__") or len(given) != count:
            raise LuffyValueError(
                f"{place} returned {given!r:.80}: expected {count} numbers, one for each completion; None leaves one out"
            )
        numbers: list[Optional[float]] = []
        for index, value in enumerate(given):
            if value is None:
                numbers.append(None)
                continue
            try:
                number = float(value)
            except (TypeError, ValueError):
                raise ArgumentTypeError(
                    f"{place} returned {value!r:.80} for completion {index}: expected a number or None"
                ) from None
            if math.isinf(number):
                raise LuffyValueError(f"{place} returned {number} for completion {index}: expected a finite number")
            numbers.append(None if math.isnan(number) else number)
        return numbers


async def _awaited(value: Any) -> Any:
    return await value


class WeightedRewards:
    """The sum of weighted rewards. A completion is left out where every part gives None."""

    def __init__(self, rewards: Sequence[Reward]) -> None:
        if callable(rewards) or isinstance(rewards, MathReward):
            raise ArgumentTypeError("rewards: expected a list of rewards, got one: write [reward]")
        self._parts: list[_Part] = []
        for index, given in enumerate(rewards):
            reward, weight = given if isinstance(given, tuple) else (given, 1.0)
            if not (callable(reward) or isinstance(reward, MathReward)):
                raise ArgumentTypeError(
                    f"rewards[{index}]: expected a function, luffy.MathReward() or a pair of one and a weight, got {given!r:.80}"
                )
            name = str(getattr(reward, "__name__", type(reward).__name__))
            self._parts.append(_Part(reward, float(weight), name))
        if not self._parts:
            raise LuffyValueError("rewards: expected at least one")

    def of(self, inputs: RewardInputs) -> list[Optional[float]]:
        """A reward for each completion."""
        sums: list[Optional[float]] = [None] * len(inputs.completions)
        for part in self._parts:
            for index, value in enumerate(part.of(inputs)):
                if value is not None:
                    part.seen.append(value)
                    sums[index] = (sums[index] or 0.0) + part.weight * value
        return sums

    def take_metrics(self) -> dict[str, float]:
        """The mean of each part since the last call, before its weight."""
        means = {f"rewards/{part.name}/mean": sum(part.seen) / len(part.seen) for part in self._parts if part.seen}
        for part in self._parts:
            part.seen.clear()
        return means
