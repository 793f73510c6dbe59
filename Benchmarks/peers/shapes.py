"""What is compared: the shapes, the precisions of each side and the ratio aimed at."""

from __future__ import annotations

import random
from dataclasses import dataclass

#: Ids are drawn below this, past the special tokens.
FIRST_ID, LAST_ID = 100, 40_000


@dataclass(frozen=True)
class Case:
    """One line of the table. `width` sequences of `prompt` tokens, each followed by `new` tokens."""

    name: str
    work: str
    peer: str
    #: Precisions of ours and of the peer; the first round runs all of the peer's, later ones only its fastest.
    luffy_precisions: tuple[str, ...]
    peer_precisions: tuple[str, ...]
    width: int
    prompt: int
    new: int
    #: Ours is to be this many times as fast; None where there is no such target.
    target: float | None = None
    #: Our peak memory is to be at most this part of the peer's.
    memory_target: float | None = None
    rounds: int = 3
    #: Measured runs of a process after its warm-up, of which the median counts.
    repeats: int = 1
    #: Ours runs layers again in the backward pass instead of keeping their activations.
    recomputes: bool = False

    @property
    def tokens(self) -> int:
        """Tokens that the rate counts: new ones where some are written, else all."""
        return self.width * (self.new or self.prompt)


_LLAMA_TYPES = ("q8_0", "f32", "bf16")


def _decode(
    width: int, target: float | None, types: tuple[str, ...] = _LLAMA_TYPES, rounds: int = 3, suffix: str = ""
) -> Case:
    work = f"decode {width} × 128 tokens after 64"
    return Case(f"decode-{width}{suffix}", work, "llama.cpp", ("bf16",), types, width, 64, 128, target, rounds=rounds)


CASES = [
    Case("update", "update 8 × 512", "PyTorch", ("bf16",), ("f32", "bf16"), 8, 512, 0, 1.4, 0.38),
    Case("update-f32", "update 8 × 512, float32", "PyTorch", ("f32",), ("f32",), 8, 512, 0, None, 0.38, rounds=2),
    # The target is against weights of the same size; eight bits are half of that to read.
    _decode(1, 1.1, types=("bf16",)),
    _decode(1, None, types=("q8_0",), suffix="-q8_0"),
    _decode(8, 1.5),
    _decode(32, 2.0),
    _decode(128, None, types=("bf16",), rounds=2),
    Case("prompt", "prompt processing 8 × 512", "llama.cpp", ("bf16",), _LLAMA_TYPES, 8, 512, 0, 1.3),
    Case("step", "GRPO step 4 × 8 × 128 after 60", "TRL", ("bf16",), ("f32", "bf16"), 32, 60, 128, 3.5),
    Case("step-lean", "the same, activations recomputed", "TRL", ("bf16",), ("bf16",), 32, 60, 128, 3.5, 0.5,
         rounds=2, recomputes=True),
    Case("shared", "update of 8 × 64 after one 512-token prompt", "unshared", ("bf16",), ("bf16",), 8, 512, 64, 4.0,
         repeats=5),
]  # fmt: skip


def case_named(name: str) -> Case:
    """The case of that name; KeyError where there is none."""
    return {case.name: case for case in CASES}[name]


def sequences(count: int, length: int, seed: int = 0) -> list[list[int]]:
    """The same ids for both sides: `count` lists of `length`."""
    numbers = random.Random(seed)
    return [[numbers.randrange(FIRST_ID, LAST_ID) for _ in range(length)] for _ in range(count)]


def reward(ids: list[int]) -> float:
    """A reward that every side can compute: the share of even ids."""
    return sum(1 for token in ids if token % 2 == 0) / max(1, len(ids))
