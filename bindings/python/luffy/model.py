"""Models: scoring, gradients, rollouts."""

from __future__ import annotations

import contextlib
import ctypes  # only for out-parameters
import json
import os
from dataclasses import dataclass, field
from typing import Any, Mapping, Optional, Sequence, Union

import numpy as np
import numpy.typing as npt

from . import _checks, _native
from ._errors import ArgumentTypeError, BufferTooSmallError
from ._keywords import Named, checked_fields, keywords
from .tokenizer import Tokenizer

Path = Union[str, "os.PathLike[str]"]
Floats = npt.NDArray[np.float32]
Sequences = Sequence[Sequence[int]]

_DTYPES = {"float32": 0, "bfloat16": 1}
#: What else people write for them.
_DTYPE_NAMES = {"fp32": "float32", "f32": "float32", "bf16": "bfloat16"}
FINISH_REASONS = ("stop", "length", "cancelled")
#: Every default of a keyword below is the library's.
_GENERATE = _native.GenerateOptions.make()
_RECORD = _native.SamplingRecord.make()


@dataclass
class Score(Named):
    """Of one sequence: log p(x_t | x_<t) and the entropy of the distribution that x_t was drawn from, in nats; both 0
    for the first token."""

    logprobs: Floats
    entropies: Floats


@checked_fields
@dataclass(frozen=True)
class Sampling:
    """How a rollout was drawn: with its model and prompt, all that it depends on."""

    #: 0 is greedy, whose log-probs are those at 1.
    temperature: float = _RECORD.temperature
    top_p: float = _RECORD.top_p
    top_k: int = _RECORD.top_k
    seed: int = _RECORD.seed
    step: int = _RECORD.step
    #: 0 where it is not known.
    max_new_tokens: int = _RECORD.max_new_tokens
    #: Its place in the call: which prompt, and which rollout of that prompt.
    prompt: int = _RECORD.prompt
    rollout: int = _RECORD.rollout


@checked_fields
@dataclass
class Rollout(Named):
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
    #: Of the whole distributions at its temperature, where top_k or top_p cut those that the ids were drawn from: what a
    #: trainer's ratios start from. None where nothing was cut: `logprobs` are these then.
    full_logprobs: Optional[Floats] = None
    #: How it was drawn; a trainer scores it at this temperature. None: at the trainer's.
    sampling: Optional[Sampling] = None
    #: What the ids say, without special tokens, where the model's tokenizer is known to Python (`luffy.load`, a run).
    text: Optional[str] = None

    def __repr__(self) -> str:
        shown = f"ids={self.ids[:8]}{'…' if len(self.ids) > 8 else ''}" if self.text is None else f"text={self.text!r}"
        source = "" if self.source is None else f", source={self.source!r}"
        return f"Rollout({shown}, tokens={len(self.ids)}, finish_reason={self.finish_reason!r}{source})"

    def _instead(self, name: str) -> str:
        return ": rewards belong to luffy.Group(…, rewards=[…])." if name in ("reward", "rewards") else ""


def _dtype(name: str) -> int:
    name = _DTYPE_NAMES.get(name, name) if isinstance(name, str) else name
    if not isinstance(name, str) or name not in _DTYPES:
        raise _native.LuffyValueError(f"dtype: expected one of {', '.join(_DTYPES)}, got {name!r}")
    return _DTYPES[name]


def _model_options(dtype: str, allow_long_sequences: bool = False, limit_vocabulary: bool = True) -> Any:
    return _native.ModelOptions.make(
        dtype=_dtype(dtype), allow_long_sequences=_checks.flag("allow_long_sequences", allow_long_sequences),
        limit_vocabulary=_checks.flag("limit_vocabulary", limit_vocabulary),
    )  # fmt: skip


def seed_of(seed: Optional[int]) -> int:
    """A seed as it is, or a fresh one of the operating system's for None."""
    if seed is None:
        return int(_native.library.luffy_fresh_seed())
    return _checks.integer("seed", seed, 0, 2**64 - 1)


class Model(_native.Handle):
    """A language model: Qwen2/2.5, Llama 3 or Qwen3 shapes.

    Scoring, generating and reading may run on several threads at once; a call that meets one that excludes it raises
    `BusyError`.
    """

    _destroy_ = "luffy_model_destroy"
    #: Whose texts the rollouts have.
    _tokenizer: Optional[Tokenizer] = None

    def __repr__(self) -> str:
        if self.closed:
            return "Model(closed)"
        shape = self.config
        keys = ("model_type", "num_hidden_layers", "hidden_size", "vocab_size")
        return f"Model({', '.join(f'{key}={shape[key]!r}' for key in keys if key in shape)})"

    @classmethod
    @keywords()
    def load(
        cls, path: Path, dtype: str = "float32", allow_long_sequences: bool = False, limit_vocabulary: bool = True
    ) -> "Model":
        """From a Hugging Face directory (config.json and safetensors, sharded or not), a GGUF file (of a split model any
        part), or a directory whose only model is a `.gguf`.

        Raises `UnsupportedError`, naming what it met, for another architecture or option, quantized weights or an
        adapter; sizes are checked against the files before memory is taken.

        A sequence, or a prompt and `max_new_tokens`, of more tokens than the file's `max_position_embeddings` is refused by
        every call unless `allow_long_sequences`. What lies beside the weights is remembered: the ids that end a rollout
        (`stop_ids`), the tokenizer's vocabulary (`limit_vocabulary`) and its files (`save`).
        """
        options = _model_options(dtype, allow_long_sequences, limit_vocabulary)
        return cls(_native.made("luffy_model_load", os.fsencode(path), options))

    @classmethod
    @keywords()
    def create(
        cls, config: Mapping[str, Any], seed: int = 0, dtype: str = "float32", allow_long_sequences: bool = False
    ) -> "Model":
        """With weights drawn from a seed; `config` has the keys of a Hugging Face config.json."""
        if not isinstance(config, Mapping):
            raise ArgumentTypeError(
                f"config: expected a dict with the keys of a config.json, got {type(config).__name__}: "
                "luffy.Model.load(path) reads a model's files"
            )
        options = _model_options(dtype, allow_long_sequences)
        number = _checks.integer("seed", seed, 0, 2**64 - 1)
        return cls(_native.made("luffy_model_create", json.dumps(dict(config)).encode(), number, options))

    @property
    def max_positions(self) -> Optional[int]:
        """Tokens of a sequence at most, a prompt's `max_new_tokens` included; None: no limit."""
        with self.use() as pointer:
            return int(_native.library.luffy_model_max_positions(pointer)) or None

    @property
    def config(self) -> dict[str, Any]:
        """The keys of its config.json."""
        with self.use() as pointer:
            found: dict[str, Any] = json.loads(_native.library.luffy_model_config(pointer))
            return found

    def save(self, directory: Path, dtype: str = "float32", tokenizer: Optional[Tokenizer] = None) -> None:
        """Writes a directory that transformers and llama.cpp's converter take as it is: config.json,
        generation_config.json, safetensors, and the files of the model's tokenizer (those that it was loaded with, made
        of the metadata of a GGUF file), or `tokenizer`'s.

        `dtype`: of the weights in the file; "bfloat16" rounds to nearest, ties to even. Files of another tokenizer in
        the directory go; other files stay.
        """
        options = _native.SaveOptions.make(dtype=_dtype(dtype))
        with contextlib.ExitStack() as uses:
            if tokenizer is not None:
                options.tokenizer = uses.enter_context(tokenizer.use())
            pointer = uses.enter_context(self.use())
            _native.call("luffy_model_save_with", pointer, os.fsencode(directory), options)

    @property
    def stop_ids(self) -> list[int]:
        """The ids that end a rollout unless `generate` is given others, ascending: those that config.json,
        generation_config.json and the tokenizer's files name as eos_token; of a GGUF file eos, eot and eom."""
        length = ctypes.c_size_t(0)
        ids = np.empty(16, np.int32)
        with self.use() as pointer:
            while True:
                try:
                    _native.call("luffy_model_stop_ids", pointer, ids.ctypes.data, ids.size, ctypes.byref(length))
                    found: list[int] = ids[: length.value].tolist()
                    return found
                except BufferTooSmallError:
                    ids = np.empty(length.value, np.int32)

    @property
    def token_count(self) -> int:
        """How many rows of the vocabulary take part in the softmax."""
        with self.use() as pointer:
            return int(_native.library.luffy_model_token_count(pointer))

    def set_tokenizer(self, tokenizer: Optional[Tokenizer]) -> None:
        """Takes a tokenizer for the model's own, in place of the one that it was loaded with: its vocabulary
        (`limit_vocabulary`), its end token and its files. None: no tokenizer is known any more."""
        with self.use() as pointer:
            if tokenizer is None:
                _native.call("luffy_model_set_tokenizer", pointer, None)
            else:
                with tokenizer.use() as other:
                    _native.call("luffy_model_set_tokenizer", pointer, other)
        self._tokenizer = tokenizer

    def limit_vocabulary(self, on: bool) -> None:
        """True, the default: rows of the vocabulary that no token of the model's tokenizer names (padding) are left out
        of every softmax, when generating, scoring and training alike. They are never drawn, their gradient is zero, and
        probabilities are those of the softmax over the other rows; a sequence with such an id cannot be scored or
        trained on. False, or no tokenizer: every row takes part."""
        with self.use() as pointer:
            _native.call("luffy_model_limit_vocabulary", pointer, int(on))

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
        shape = self._parameters().get(_checks.text("name", name), ())
        values = np.empty(shape, np.float32)
        with self.use() as pointer:
            _native.call(function, pointer, name.encode(), values.ctypes.data, values.size)
        return values

    def parameter(self, name: str) -> Floats:
        """A copy of a parameter."""
        return self._read("luffy_model_parameter", name)

    def set_parameter(self, name: str, values: npt.ArrayLike) -> None:
        """Replaces a parameter by an array of its shape."""
        array = _native.array(values, np.float32, _checks.text("name", name))
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

    @keywords()
    def score(self, sequences: Sequences, temperature: float = 1.0) -> list[Score]:
        """Scores whole sequences under softmax(logits / temperature)."""
        ids, lengths = _native.sequences(sequences, "sequences")
        temperature = _checks.number("temperature", temperature)
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

    @keywords()
    def backward(
        self,
        sequences: Sequences,
        dlogprobs: Sequence[npt.ArrayLike],
        dentropies: Optional[Sequence[npt.ArrayLike]] = None,
        temperature: float = 1.0,
    ) -> None:
        """Adds Σ dlogprobs·∂logprob/∂θ + Σ dentropies·∂entropy/∂θ to the gradients; arrays are shaped like sequences."""
        ids, lengths = _native.sequences(sequences, "sequences")
        temperature = _checks.number("temperature", temperature)
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

    @keywords()
    def generate(
        self,
        prompts: Sequences,
        n: int = _GENERATE.n,
        max_new_tokens: int = _GENERATE.max_new_tokens,
        temperature: float = _GENERATE.temperature,
        top_p: float = _GENERATE.top_p,
        top_k: int = _GENERATE.top_k,
        seed: Optional[int] = None,
        stop_ids: Optional[Sequence[int]] = None,
        step: int = _GENERATE.step,
        maximum_batch: int = _GENERATE.maximum_batch,
        kv_memory: int = _GENERATE.kv_memory,
    ) -> list[list[Rollout]]:
        """`n` rollouts of each prompt, which is a list of token ids.

        A log-prob is that of the distribution the token was drawn from, with the bits of `score` at that temperature;
        of the cut distribution where top_k or top_p cut it, beside which `full_logprobs` has the whole one's; at
        temperature 1 where the choice is greedy (temperature 0). `seed`: None takes a fresh one from the operating
        system; a rollout's `sampling` records it, and calls with one seed and step give the same rollouts. `stop_ids`:
        None for the model's `stop_ids`; they replace those. `kv_memory`: bytes of keys and values at most (0: half of the machine's memory); fewer
        rollouts run at once to fit, and they are the same.
        """
        ids, lengths = _native.sequences(prompts, "prompts")
        counts = {
            "n": n, "max_new_tokens": max_new_tokens, "top_k": top_k, "step": step, "maximum_batch": maximum_batch,
        }  # fmt: skip
        options = _native.GenerateOptions.make(
            **{name: _checks.integer(name, value, 0, 2**32 - 1) for name, value in counts.items()},
            temperature=_checks.number("temperature", temperature), top_p=_checks.number("top_p", top_p),
            seed=seed_of(seed), kv_memory=_checks.integer("kv_memory", kv_memory, 0, 2**64 - 1),
        )  # fmt: skip
        stops = np.zeros(1, np.int32)
        if stop_ids is not None:
            found = _checks.token_ids("stop_ids", stop_ids)
            stops = np.concatenate([found, stops])
            options.stop_ids, options.stop_id_count = stops.ctypes.data, found.size
        out = ctypes.c_void_p()
        with self.use() as pointer:
            self._run(
                pointer, "luffy_model_generate", ids.ctypes.data, lengths.ctypes.data, lengths.size, options,
                ctypes.byref(out),
            )  # fmt: skip
        try:
            written = [_rollout(out, index) for index in range(_native.library.luffy_rollouts_count(out))]
        finally:
            _native.library.luffy_rollouts_destroy(out)
        tokenizer = self._tokenizer
        if tokenizer is not None and not tokenizer.closed:
            for rollout in written:
                rollout.text = tokenizer.decode(rollout.ids, skip_special_tokens=True)
        return [written[index * n : (index + 1) * n] for index in range(lengths.size)]


@keywords()
def load(
    path: Path, dtype: str = "float32", allow_long_sequences: bool = False, limit_vocabulary: bool = True
) -> tuple[Model, Tokenizer]:
    """The model and the tokenizer of a Hugging Face directory or a `.gguf` file.

        model, tokenizer = luffy.load("SmolLM2-135M-Instruct.gguf")

    The options are those of `Model.load`. Rollouts of the model have their `text`.
    """
    tokenizer = Tokenizer.load(path)
    model = Model.load(path, dtype, allow_long_sequences, limit_vocabulary)
    model._tokenizer = tokenizer
    return model, tokenizer


def _rollout(rollouts: ctypes.c_void_p, index: int) -> Rollout:
    view = _native.RolloutView.make()
    _native.call("luffy_rollouts_get", rollouts, index, view)
    return rollout_of(view)


def rollout_of(view: Any) -> Rollout:
    """A copy of what the library shows."""
    return Rollout(
        ids=_native.copy(view.ids, view.length, np.int32).tolist(),
        logprobs=_native.copy(view.logprobs, view.length, np.float32) if view.logprobs else np.zeros(0, np.float32),
        finish_reason=FINISH_REASONS[view.finish_reason],
        full_logprobs=_native.copy(view.full_logprobs, view.length, np.float32) if view.full_logprobs else None,
        sampling=_sampling(view.sampling.contents) if view.sampling else None,
    )


def _sampling(record: Any) -> Sampling:
    return Sampling(**{name: _short(getattr(record, name)) for name in Sampling.__dataclass_fields__})


def _short(value: Any) -> Any:
    """A number of float32 as it was written: 0.6, not 0.6000000238418579."""
    return float(str(np.float32(value))) if isinstance(value, float) else value
