"""Post-training of language models by LUFFY on CPUs: mixed-policy GRPO over rollouts and teacher traces."""

from ._errors import (
    ArgumentTypeError,
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
    UnknownAttributeError,
    UnsupportedError,
)
from .evaluation import Estimate, EvaluatedProblem, EvaluatedResponse, Evaluation, Vote, evaluate, read_problems
from .library import build_info, cancel, memory_stats, set_threads
from .model import Model, Rollout, Sampling, Score, load
from .objective import PRESETS, Objective, ObjectiveResult, Row, evaluate_objective
from .plan import Plan, plan
from .rewards import MathReward, RewardInputs
from .run import Run, RunGroup, RunResult, RunStep, report
from .tensorboard import TensorBoardLogger
from .tokenizer import Tokenizer, render_prompt
from .trainer import AdamW, Group, Trainer
from .verifier import Verdict, overlength_penalty, verify, verify_batch

__version__ = "0.1.0"

__all__ = [
    "AdamW", "ArgumentTypeError", "BusyError", "CancelledError", "ClosedError", "CorruptError", "Estimate", "EvaluatedProblem",
    "EvaluatedResponse", "Evaluation", "FileError", "Group", "InternalError", "InvalidArgumentError", "LuffyError",
    "MathReward", "Model", "NonFiniteError", "NotFoundError", "Objective", "ObjectiveResult", "OutOfMemoryError", "PRESETS",
    "Plan", "RewardInputs", "Rollout", "Row", "Run", "RunGroup", "RunResult", "RunStep", "Sampling", "Score", "ShapeError", "TensorBoardLogger", "Tokenizer", "Trainer",
    "UnknownAttributeError", "UnsupportedError", "Verdict", "Vote", "build_info", "cancel", "evaluate",
    "evaluate_objective", "load", "memory_stats", "overlength_penalty", "plan", "read_problems", "render_prompt", "report",
    "set_threads", "verify", "verify_batch",
]  # fmt: skip
