"""A run's metrics for TensorBoard, through tensorboardX: `pip install "luffy[tensorboard]"`."""

from __future__ import annotations

import importlib
import math
import os
from types import TracebackType
from typing import Any, Mapping, Optional, Type

from .model import Path


class TensorBoardLogger:
    """Writes metrics as scalars of their own names; numbers that are not finite are left out.

        with TensorBoardLogger("runs/1") as board:
            board.log(trainer.step(groups), step=trainer.steps)

    Keywords are those of `tensorboardX.SummaryWriter`.
    """

    def __init__(self, directory: Path, **options: Any) -> None:
        try:
            module: Any = importlib.import_module("tensorboardX")
        except ImportError as failure:
            raise ImportError('TensorBoardLogger needs tensorboardX: pip install "luffy[tensorboard]"') from failure
        self._writer: Any = module.SummaryWriter(os.fspath(directory), **options)

    def log(self, metrics: Mapping[str, float], step: int) -> None:
        """One step's metrics, on the disk when it returns."""
        for name, value in metrics.items():
            if math.isfinite(value):
                self._writer.add_scalar(name, value, step)
        self._writer.flush()

    def text(self, name: str, text: str, step: int) -> None:
        """A text, as a rollout that is worth reading."""
        self._writer.add_text(name, text, step)

    def close(self) -> None:
        self._writer.close()

    def __enter__(self) -> "TensorBoardLogger":
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()
