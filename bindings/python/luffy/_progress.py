"""One line that shows where a run is."""

from __future__ import annotations

import importlib
import sys
import warnings
from typing import TYPE_CHECKING, Any, Mapping, Optional

if TYPE_CHECKING:
    from .run import RunStep

SHOWN = (("on_off_metrics/on_score", "reward"), ("actor/entropy_loss", "entropy"), ("actor/loss", "loss"))


class Progress:
    """A tqdm bar for each stage, on a terminal or in a notebook where tqdm is installed; nothing in a log."""

    def __init__(self, wanted: Optional[bool]) -> None:
        self._bar: Any = None
        self._stage = ""
        try:
            module: Any = importlib.import_module("tqdm.auto")
            self._make: Any = module.tqdm
        except ImportError:
            self._make = None
        notebook = "ipykernel" in sys.modules
        self._shows = self._make is not None and (wanted if wanted is not None else notebook or sys.stderr.isatty())

    def show(self, step: "RunStep", status: Mapping[str, Any]) -> None:
        if not self._shows:
            return
        if self._bar is None or self._stage != step.stage or status["stage_step"] <= self._bar.n:
            self.close()
            self._stage = step.stage
            self._bar = self._make(total=status["stage_steps"], initial=status["stage_step"] - 1, desc=step.stage)
        self._bar.set_postfix({short: f"{step.metrics[name]:.2f}" for name, short in SHOWN if name in step.metrics})
        self._bar.update(1)

    def note(self, text: str) -> None:
        """What the library says of a run: a defaults' note, a warning."""
        if self._bar is not None:
            self._bar.write(text)
        else:
            warnings.warn(text, stacklevel=4)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
