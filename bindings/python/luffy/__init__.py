"""Post-training of language models by LUFFY on CPUs: mixed-policy GRPO over rollouts and teacher traces."""

from ._errors import (
    BusyError,
    CancelledError,
    ClosedError,
    CorruptError,
    FileError,
    InternalError,
    InvalidArgumentError,
    LuffyError,
    NonFiniteError,
    NotFoundError,
    OutOfMemoryError,
    ShapeError,
    UnsupportedError,
)
from .library import build_info, cancel, memory_stats, set_threads
from .model import Model, Rollout, Score
from .objective import Objective, ObjectiveResult, Row, evaluate_objective
from .plan import Plan, plan
from .tokenizer import Tokenizer, render_prompt
from .trainer import AdamW, Group, Trainer
from .verifier import Verdict, overlength_penalty, verify, verify_batch

__version__ = "0.1.0"

__all__ = [
    "AdamW", "BusyError", "CancelledError", "ClosedError", "CorruptError", "FileError", "Group", "InternalError",
    "InvalidArgumentError", "LuffyError", "Model", "NonFiniteError", "NotFoundError", "Objective", "ObjectiveResult",
    "OutOfMemoryError", "Plan", "Rollout", "Row", "Score", "ShapeError", "Tokenizer", "Trainer", "UnsupportedError", "Verdict",
    "build_info", "cancel", "evaluate_objective", "memory_stats", "overlength_penalty", "plan", "render_prompt", "set_threads", "verify",
    "verify_batch",
]  # fmt: skip
