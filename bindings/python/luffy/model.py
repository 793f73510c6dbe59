"""Models: scoring, gradients, rollouts."""

from __future__ import annotations

import ctypes  # only for out-parameters
import json
import os
from dataclasses import dataclass, field
from typing import Any, Optional, Sequence, Union

import numpy as np
import numpy.typing as npt

from . import _native

Path = Union[str, "os.PathLike[str]"]
Floats = npt.NDArray[np.float32]
Sequences = Sequence[Sequence[int]]

_DTYPES = {"float32": 0, "bfloat16": 1}
FINISH_REASONS = ("stop", "length", "cancelled")


@dataclass
class Score:
    """Of one sequence: log p(x_t | x_<t) and the entropy of the distribution that x_t was drawn from, in nats; both 0
    for the first token."""

    logprobs: Floats
    entropies: Floats


@dataclass
class Rollout:
    """One response to one prompt."""

    ids: list[int]
    #: Of the distributions that the ids were drawn from; empty where they are not known.
    logprobs: Floats = field(default_factory=lambda: np.zeros(0, np.float32))
    finish_reason: str = "stop"
    #: "on", "off" or "replay"; None: what its place in a `Group` says.
    source: Optional[str] = None
    #: Under whoever wrote it; None where that is not known. A replayed rollout without them has its `logprobs`.
    behavior_logprobs: Optional[npt.ArrayLike] = None
    #: Leading ids that were copied from a trace; None: all of a trace, none of a rollout.
    prefix_length: Optional[int] = None


def _model_options(dtype: str) -> Any:
    if dtype not in _DTYPES:
        raise _native.LuffyValueError(f"dtype: expected one of {', '.join(_DTYPES)}, got {dtype!r}")
    return _native.ModelOptions.make(dtype=_DTYPES[dtype])


class Model(_native.Handle):
    """A language model: Qwen2/2.5, Llama 3 or Qwen3 shapes.

    Scoring, generating and reading may run on several threads at once; a call that meets one that excludes it raises
    `BusyError`.
    """

    _destroy_ = "luffy_model_destroy"

    @classmethod
    def load(cls, path: Path, dtype: str = "float32") -> "Model":
        """From a Hugging Face directory (config.json and safetensors, sharded or not), a `.gguf` file (of a split model
        any part), or a directory whose only model is a `.gguf`.

        Raises `UnsupportedError`, naming what it met, for another architecture or option, quantized weights or an
        adapter; sizes are checked against the files before memory is taken.
        """
        return cls(_native.made("luffy_model_load", os.fsencode(path), _model_options(dtype)))

    @classmethod
    def create(cls, config: dict[str, Any], seed: int = 0, dtype: str = "float32") -> "Model":
        """With weights drawn from a seed; `config` has the keys of a Hugging Face config.json."""
        text = json.dumps(config).encode()
        return cls(_native.made("luffy_model_create", text, seed & (2**64 - 1), _model_options(dtype)))

    @property
    def config(self) -> dict[str, Any]:
        """The keys of its config.json."""
        with self.use() as pointer:
            found: dict[str, Any] = json.loads(_native.library.luffy_model_config(pointer))
            return found

    def save(self, directory: Path) -> None:
        """Writes a directory that transformers loads; other files there stay."""
        with self.use() as pointer:
            _native.call("luffy_model_save", pointer, os.fsencode(directory))

    # Parameters

    def _parameters(self) -> dict[str, tuple[int, ...]]:
        shapes: dict[str, tuple[int, ...]] = {}
        with self.use() as pointer:
            for index in range(_native.library.luffy_model_parameter_count(pointer)):
                info = _native.Parameter.make()
                _native.call("luffy_model_parameter_info", pointer, index, info)
                shapes[info.name.decode()] = tuple(info.shape[: info.rank])
        return shapes

    def parameter_names(self) -> list[str]:
        """Hugging Face's names."""
        return list(self._parameters())

    def _read(self, function: str, name: str) -> Floats:
        shape = self._parameters().get(name, ())
        values = np.empty(shape, np.float32)
        with self.use() as pointer:
            _native.call(function, pointer, name.encode(), values.ctypes.data, values.size)
        return values

    def parameter(self, name: str) -> Floats:
        """A copy of a parameter."""
        return self._read("luffy_model_parameter", name)

    def set_parameter(self, name: str, values: npt.ArrayLike) -> None:
        """Replaces a parameter by an array of its shape."""
        array = _native.array(values, np.float32, name)
        shape = self._parameters().get(name)
        if shape is not None and array.shape != shape:
            raise _native.LuffyValueError(f"{name}: expected shape {shape}, got {array.shape}")
        with self.use() as pointer:
            _native.call("luffy_model_set_parameter", pointer, name.encode(), array.ctypes.data, array.size)

    def gradient(self, name: str) -> Floats:
        """A copy of a parameter's gradient."""
        return self._read("luffy_model_gradient", name)

    def zero_gradients(self) -> None:
        with self.use() as pointer:
            _native.call("luffy_model_zero_gradients", pointer)

    # Passes

    def _run(self, pointer: int, name: str, *arguments: Any) -> None:
        _native.run(
            lambda: _native.call(name, pointer, *arguments),
            lambda: _native.library.luffy_model_cancel(pointer),
        )

    def score(self, sequences: Sequences, temperature: float = 1.0) -> list[Score]:
        """Scores whole sequences under softmax(logits / temperature)."""
        ids, lengths = _native.sequences(sequences, "sequences")
        logprobs, entropies = np.zeros(ids.size, np.float32), np.zeros(ids.size, np.float32)
        with self.use() as pointer:
            self._run(
                pointer, "luffy_model_score", ids.ctypes.data, lengths.ctypes.data, lengths.size, temperature,
                logprobs.ctypes.data, entropies.ctypes.data,
            )  # fmt: skip
        return [
            Score(logprobs[end - size : end].copy(), entropies[end - size : end].copy())
            for size, end in zip(lengths.tolist(), np.cumsum(lengths).tolist())
        ]

    def backward(
        self,
        sequences: Sequences,
        dlogprobs: Sequence[npt.ArrayLike],
        dentropies: Optional[Sequence[npt.ArrayLike]] = None,
        temperature: float = 1.0,
    ) -> None:
        """Adds Σ dlogprobs·∂logprob/∂θ + Σ dentropies·∂entropy/∂θ to the gradients; arrays are shaped like sequences."""
        ids, lengths = _native.sequences(sequences, "sequences")
        first = self._flat(dlogprobs, lengths, "dlogprobs")
        second = None if dentropies is None else self._flat(dentropies, lengths, "dentropies")
        with self.use() as pointer:
            self._run(
                pointer, "luffy_model_backward", ids.ctypes.data, lengths.ctypes.data, lengths.size, temperature,
                first.ctypes.data, None if second is None else second.ctypes.data,
            )  # fmt: skip

    @staticmethod
    def _flat(rows: Sequence[npt.ArrayLike], lengths: npt.NDArray[Any], name: str) -> Floats:
        arrays = [_native.vector(row, np.float32, f"{name}[{index}]") for index, row in enumerate(rows)]
        if [row.size for row in arrays] != lengths.tolist():
            raise _native.LuffyValueError(f"{name}: expected rows of {lengths.tolist()} numbers")
        return np.concatenate(arrays) if arrays else np.zeros(0, np.float32)

    def generate(
        self,
        prompts: Sequences,
        n: int = 1,
        max_new_tokens: int = 128,
        temperature: float = 1.0,
        top_p: float = 1.0,
        top_k: int = 0,
        seed: int = 0,
        stop_ids: Optional[Sequence[int]] = None,
        step: int = 0,
        maximum_batch: int = 128,
        kv_memory: int = 0,
    ) -> list[list[Rollout]]:
        """`n` rollouts of each prompt.

        A log-prob is that of the distribution the token was drawn from, with the bits of `score` at that temperature;
        of the cut distribution where top_k or top_p cut it; at temperature 1 where the choice is greedy
        (temperature 0). `stop_ids`: None for the model's own. `kv_memory`: bytes of keys and values at most (0: half of
        the machine's memory); fewer rollouts run at once to fit, and they are the same.
        """
        ids, lengths = _native.sequences(prompts, "prompts")
        limits = [("n", n, 32), ("max_new_tokens", max_new_tokens, 32), ("top_k", top_k, 32), ("step", step, 32)]
        for name, value, bits in [*limits, ("maximum_batch", maximum_batch, 32), ("kv_memory", kv_memory, 64)]:
            if not 0 <= value < 2**bits:
                raise _native.LuffyValueError(f"{name}: {value} is out of range")
        options = _native.GenerateOptions.make(
            n=n, max_new_tokens=max_new_tokens, temperature=temperature, top_p=top_p, top_k=top_k,
            seed=seed & (2**64 - 1), step=step, maximum_batch=maximum_batch,
            kv_memory=kv_memory,
        )  # fmt: skip
        stops = np.zeros(1, np.int32)
        if stop_ids is not None:
            stops = np.concatenate([_native.vector(list(stop_ids), np.int32, "stop_ids"), stops])
            options.stop_ids, options.stop_id_count = stops.ctypes.data, len(stop_ids)
        out = ctypes.c_void_p()
        with self.use() as pointer:
            self._run(
                pointer, "luffy_model_generate", ids.ctypes.data, lengths.ctypes.data, lengths.size, options,
                ctypes.byref(out),
            )  # fmt: skip
        try:
            found = [_rollout(out, index) for index in range(_native.library.luffy_rollouts_count(out))]
        finally:
            _native.library.luffy_rollouts_destroy(out)
        return [found[index * n : (index + 1) * n] for index in range(lengths.size)]


def _rollout(rollouts: ctypes.c_void_p, index: int) -> Rollout:
    view = _native.RolloutView.make()
    _native.call("luffy_rollouts_get", rollouts, index, view)
    return Rollout(
        ids=_native.copy(view.ids, view.length, np.int32).tolist(),
        logprobs=_native.copy(view.logprobs, view.length, np.float32),
        finish_reason=FINISH_REASONS[view.finish_reason],
    )
