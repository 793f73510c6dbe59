"""The C library: where it is, its structs, its functions. Everything that knows ctypes is in this file."""

from __future__ import annotations

import ctypes
import os
import threading
from ctypes import POINTER, c_char_p, c_double, c_float, c_int32, c_int64, c_size_t, c_uint32, c_uint64, c_void_p
from pathlib import Path
from types import TracebackType
from typing import Any, Callable, Optional, TypeVar

import numpy as np
import numpy.typing as npt

from . import _checks
from ._errors import ArgumentTypeError, BufferTooSmallError, ClosedError, error
from ._errors import LuffyValueError as LuffyValueError
from ._keywords import Named

ABI = 0
T = TypeVar("T")
Self = TypeVar("Self", bound="Handle")

# ---------------------------------------------------------------------------------------------------------- structs


class Versioned(ctypes.Structure):
    """A struct that begins with its size; `make` fills in the library's defaults."""

    _init_ = ""

    @classmethod
    def make(cls, **fields: Any) -> "Any":
        value = cls()
        getattr(library, cls._init_)(ctypes.byref(value), ctypes.sizeof(value))
        for name, field in fields.items():
            setattr(value, name, field)
        return value


class MemoryStats(Versioned):
    _init_ = "luffy_memory_stats_init_sized"
    _fields_ = [
        ("struct_size", c_uint32), ("reserved", c_uint32), ("live_bytes", c_uint64), ("peak_bytes", c_uint64),
        ("mapped_bytes", c_uint64),
    ]  # fmt: skip


class ModelOptions(Versioned):
    _init_ = "luffy_model_options_init_sized"
    _fields_ = [
        ("struct_size", c_uint32), ("dtype", c_int32), ("allow_long_sequences", c_int32), ("limit_vocabulary", c_int32),
    ]  # fmt: skip


class SaveOptions(Versioned):
    _init_ = "luffy_save_options_init_sized"
    _fields_ = [("struct_size", c_uint32), ("dtype", c_int32), ("tokenizer", c_void_p)]


class Parameter(Versioned):
    _init_ = "luffy_parameter_init_sized"
    _fields_ = [
        ("struct_size", c_uint32), ("rank", c_uint32), ("count", c_uint64), ("shape", c_uint64 * 4), ("name", c_char_p),
    ]  # fmt: skip


class SamplingRecord(Versioned):
    _init_ = "luffy_sampling_record_init_sized"
    _fields_ = [
        ("struct_size", c_uint32), ("max_new_tokens", c_uint32), ("temperature", c_float), ("top_p", c_float),
        ("top_k", c_uint32), ("step", c_uint32), ("seed", c_uint64), ("prompt", c_uint64), ("rollout", c_uint64),
    ]  # fmt: skip


class RolloutView(Versioned):
    _init_ = "luffy_rollout_init_sized"
    _fields_ = [
        ("struct_size", c_uint32), ("source", c_int32), ("finish_reason", c_int32), ("reserved", c_uint32),
        ("ids", c_void_p), ("length", c_uint64), ("logprobs", c_void_p), ("behavior_logprobs", c_void_p),
        ("prefix_length", c_int64), ("reward", c_double), ("full_logprobs", c_void_p),
        ("sampling", POINTER(SamplingRecord)),
    ]  # fmt: skip


class GroupView(Versioned):
    _init_ = "luffy_group_init_sized"
    _fields_ = [
        ("struct_size", c_uint32), ("reserved", c_uint32), ("prompt_ids", c_void_p), ("prompt_length", c_uint64),
        ("rollouts", POINTER(RolloutView)), ("rollout_count", c_uint64),
    ]  # fmt: skip


class GenerateOptions(Versioned):
    _init_ = "luffy_generate_options_init_sized"
    _fields_ = [
        ("struct_size", c_uint32), ("n", c_uint32), ("max_new_tokens", c_uint32), ("top_k", c_uint32),
        ("temperature", c_float), ("top_p", c_float), ("seed", c_uint64), ("step", c_uint32),
        ("maximum_batch", c_uint32), ("stop_ids", c_void_p), ("stop_id_count", c_uint64), ("kv_memory", c_uint64),
    ]  # fmt: skip


class VerifyOptions(Versioned):
    _init_ = "luffy_verify_options_init_sized"
    _fields_ = [
        ("struct_size", c_uint32), ("grader", c_int32), ("thinking", c_int32), ("boxed", c_int32), ("latex", c_int32),
        ("expression", c_int32), ("without_anchor", c_int32), ("hash_answer", c_int32), ("first_match_only", c_int32),
        ("float_rounding", c_int32), ("strict_variables", c_int32), ("set_matches_relation", c_int32),
        ("reference_verbatim", c_int32), ("choice_count", c_int32), ("choice_texts", POINTER(c_char_p)),
        ("last_bytes", c_uint64), ("answer_form", c_int32), ("reserved", c_uint32), ("problem", c_char_p),
    ]  # fmt: skip


class VerdictView(Versioned):
    _init_ = "luffy_verdict_init_sized"
    _fields_ = [
        ("struct_size", c_uint32), ("status", c_int32), ("has_extracted", c_int32), ("reserved", c_uint32),
        ("extracted_length", c_uint64),
    ]  # fmt: skip


class RowView(Versioned):
    _init_ = "luffy_row_init_sized"
    _fields_ = [
        ("struct_size", c_uint32), ("source", c_int32), ("group", c_int64), ("reward", c_double), ("length", c_uint64),
        ("logprobs", c_void_p), ("old_logprobs", c_void_p), ("behavior_logprobs", c_void_p),
        ("reference_logprobs", c_void_p), ("entropies", c_void_p), ("response_mask", c_void_p), ("off_mask", c_void_p),
    ]  # fmt: skip


class TrainerOptions(Versioned):
    _init_ = "luffy_trainer_options_init_sized"
    _fields_ = [
        ("struct_size", c_uint32), ("lr_schedule", c_int32), ("lr", c_double), ("beta1", c_double),
        ("beta2", c_double), ("eps", c_double), ("weight_decay", c_double), ("max_grad_norm", c_double),
        ("minimum_lr_factor", c_double), ("temperature", c_double), ("warmup_steps", c_uint64),
        ("total_steps", c_uint64), ("updates_per_step", c_uint64), ("micro_batch_tokens", c_uint64),
        ("recompute_activations", c_int32), ("recompute_old_logprobs", c_int32), ("memory_limit", c_uint64),
        ("share_prompts", c_int32), ("reserved", c_int32), ("entropy_band", c_double),
    ]  # fmt: skip


class Workload(Versioned):
    _init_ = "luffy_workload_init_sized"
    _fields_ = [
        ("struct_size", c_uint32), ("dtype", c_int32), ("prompts", c_uint64), ("rollouts", c_uint64),
        ("traces", c_uint64), ("prompt_tokens", c_uint64), ("response_tokens", c_uint64), ("kv_memory", c_uint64),
        ("maximum_batch", c_uint32), ("has_reference", c_int32),
    ]  # fmt: skip


class PlanView(Versioned):
    _init_ = "luffy_plan_init_sized"
    _fields_ = [
        ("struct_size", c_uint32), ("recompute_activations", c_int32), ("weight_bytes", c_uint64),
        ("gradient_bytes", c_uint64), ("optimizer_bytes", c_uint64), ("kv_bytes", c_uint64),
        ("rollout_bytes", c_uint64), ("update_bytes", c_uint64), ("peak_bytes", c_uint64), ("slots", c_uint64),
        ("micro_batch_tokens", c_uint64), ("rollout_tokens_per_second", c_double),
        ("update_tokens_per_second", c_double), ("step_seconds", c_double),
    ]  # fmt: skip


# -------------------------------------------------------------------------------------------------------- functions

_OUT = POINTER(c_void_p)
_SIZE_OUT = POINTER(c_size_t)
# Text in a buffer: buffer, capacity, length.
_BUFFER = [c_void_p, c_size_t, _SIZE_OUT]
_SEQUENCES = [c_void_p, c_void_p, c_size_t]

# Calls that return a status.
_STATUS: dict[str, list[Any]] = {
    "luffy_set_threads": [c_int32],
    "luffy_memory_stats": [POINTER(MemoryStats)],
    "luffy_tokenizer_load": [c_char_p, _OUT],
    "luffy_tokenizer_encode": [c_void_p, c_char_p, c_size_t, c_int32, *_BUFFER],
    "luffy_tokenizer_decode": [c_void_p, c_void_p, c_size_t, c_int32, *_BUFFER],
    "luffy_tokenizer_decode_checked": [c_void_p, c_void_p, c_size_t, c_int32, *_BUFFER, _SIZE_OUT],
    "luffy_tokenizer_save": [c_void_p, c_char_p],
    "luffy_tokenizer_apply_chat_template": [c_void_p, POINTER(c_char_p), POINTER(c_char_p), c_size_t, c_uint32,
                                            *_BUFFER],
    "luffy_tokenizer_chat_template_name": [c_void_p, *_BUFFER],
    "luffy_tokenizer_chat_template": [c_void_p, *_BUFFER],
    "luffy_render_prompt": [c_char_p, c_char_p, c_char_p, *_BUFFER],
    "luffy_model_load": [c_char_p, POINTER(ModelOptions), _OUT],
    "luffy_model_create": [c_char_p, c_uint64, POINTER(ModelOptions), _OUT],
    "luffy_model_save_with": [c_void_p, c_char_p, POINTER(SaveOptions)],
    "luffy_model_stop_ids": [c_void_p, *_BUFFER],
    "luffy_model_set_tokenizer": [c_void_p, c_void_p],
    "luffy_model_limit_vocabulary": [c_void_p, c_int32],
    "luffy_model_parameter_info": [c_void_p, c_size_t, POINTER(Parameter)],
    "luffy_model_parameter": [c_void_p, c_char_p, c_void_p, c_size_t],
    "luffy_model_set_parameter": [c_void_p, c_char_p, c_void_p, c_size_t],
    "luffy_model_gradient": [c_void_p, c_char_p, c_void_p, c_size_t],
    "luffy_model_zero_gradients": [c_void_p],
    "luffy_model_score": [c_void_p, *_SEQUENCES, c_float, c_void_p, c_void_p],
    "luffy_model_backward": [c_void_p, *_SEQUENCES, c_float, c_void_p, c_void_p],
    "luffy_model_generate": [c_void_p, *_SEQUENCES, POINTER(GenerateOptions), _OUT],
    "luffy_rollouts_get": [c_void_p, c_size_t, POINTER(RolloutView)],
    "luffy_verify": [c_char_p, c_size_t, c_char_p, c_size_t, POINTER(VerifyOptions), POINTER(VerdictView), c_void_p,
                     c_size_t],
    "luffy_verify_batch": [POINTER(c_char_p), c_void_p, POINTER(c_char_p), c_void_p, c_size_t, POINTER(VerifyOptions),
                           c_void_p],
    "luffy_overlength_penalty": [c_uint64, c_uint64, c_uint64, c_double, POINTER(c_double)],
    "luffy_objective_create": [c_char_p, _OUT],
    "luffy_objective_configure": [c_void_p, c_char_p],
    "luffy_objective_options": [c_void_p, *_BUFFER],
    "luffy_objective_evaluate": [c_void_p, POINTER(RowView), c_size_t, c_uint64, POINTER(c_double), c_void_p, c_void_p,
                                 c_void_p, _OUT],
    "luffy_plan": [c_char_p, POINTER(Workload), POINTER(TrainerOptions), POINTER(PlanView)],
    "luffy_trainer_create": [c_void_p, c_void_p, POINTER(TrainerOptions), c_void_p, _OUT],
    "luffy_trainer_step": [c_void_p, POINTER(GroupView), c_size_t, _OUT],
    "luffy_trainer_sft_step": [c_void_p, POINTER(GroupView), c_size_t, _OUT],
    "luffy_trainer_lr": [c_void_p, POINTER(c_double)],
    "luffy_trainer_set_lr": [c_void_p, c_double],
    "luffy_trainer_model": [c_void_p, _OUT],
    "luffy_trainer_set_user_state": [c_void_p, c_char_p, c_size_t],
    "luffy_trainer_user_state": [c_void_p, *_BUFFER],
    "luffy_trainer_save": [c_void_p, c_char_p],
    "luffy_trainer_load": [c_char_p, c_void_p, _OUT],
    "luffy_run_open": [c_char_p, _OUT],
    "luffy_run_configuration": [c_char_p, *_BUFFER],
    "luffy_run_next": [c_void_p, POINTER(c_int32)],
    "luffy_run_rollout": [c_void_p, c_size_t, c_size_t, POINTER(RolloutView)],
    "luffy_run_problem": [c_void_p, c_size_t, POINTER(c_char_p)],
    "luffy_run_set_rewards": [c_void_p, c_size_t, c_void_p, c_size_t],
    "luffy_run_metrics": [c_void_p, _OUT],
    "luffy_run_status": [c_void_p, POINTER(c_char_p)],
    "luffy_run_checkpoint": [c_void_p, POINTER(c_int32)],
    "luffy_run_model": [c_void_p, _OUT],
    "luffy_run_tokenizer": [c_void_p, _OUT],
    "luffy_report": [c_char_p, c_char_p],
    "luffy_evaluation_create": [c_char_p, _OUT],
    "luffy_evaluation_add": [c_void_p, c_char_p],
    "luffy_evaluation_problem": [c_void_p, c_size_t, POINTER(c_char_p)],
    "luffy_estimate": [c_void_p, c_size_t, POINTER(c_double)],
    "luffy_listed_options": [c_char_p, *_BUFFER],
}  # fmt: skip

# Calls that return something else.
_OTHER: dict[str, tuple[Any, list[Any]]] = {
    "luffy_abi_version": (c_int32, []),
    "luffy_version_string": (c_char_p, []),
    "luffy_last_error": (c_char_p, []),
    "luffy_build_info": (c_char_p, []),
    "luffy_tokenizer_vocab_size": (c_int32, [c_void_p]),
    "luffy_tokenizer_eos_id": (c_int32, [c_void_p]),
    "luffy_tokenizer_bos_id": (c_int32, [c_void_p]),
    "luffy_tokenizer_token_id": (c_int32, [c_void_p, c_char_p]),
    "luffy_model_config": (c_char_p, [c_void_p]),
    "luffy_model_max_positions": (c_uint64, [c_void_p]),
    "luffy_fresh_seed": (c_uint64, []),
    "luffy_model_token_count": (c_int32, [c_void_p]),
    "luffy_model_parameter_count": (c_size_t, [c_void_p]),
    "luffy_rollouts_count": (c_size_t, [c_void_p]),
    "luffy_metrics_json": (c_char_p, [c_void_p]),
    "luffy_trainer_steps": (c_uint64, [c_void_p]),
    "luffy_model_cancel": (None, [c_void_p]),
    "luffy_trainer_cancel": (None, [c_void_p]),
    "luffy_run_cancel": (None, [c_void_p]),
    "luffy_run_group_count": (c_size_t, [c_void_p]),
    "luffy_run_rollout_count": (c_size_t, [c_void_p, c_size_t]),
    **{f"luffy_{kind}_destroy": (None, [c_void_p])
       for kind in ("tokenizer", "model", "rollouts", "objective", "metrics", "trainer", "run", "evaluation")},
}  # fmt: skip


def _candidates() -> list[Path]:
    """`LUFFY_LIBRARY`, the wheel's library, that of a repository around this file."""
    named = os.environ.get("LUFFY_LIBRARY")
    if named:
        return [Path(named)]
    here = Path(__file__).resolve().parent
    file = f"libluffy.so.{ABI}"
    return [here / "lib" / file] + [parent / "build" / "lib" / file for parent in list(here.parents)[2:3]]


def _load() -> ctypes.CDLL:
    paths = _candidates()
    for path in paths:
        if path.exists():
            return ctypes.CDLL(str(path))
    raise ImportError(f"no libluffy at {' or '.join(map(str, paths))}: run `make lib`, or set LUFFY_LIBRARY")


def _declare(found: ctypes.CDLL) -> None:
    for name, arguments in _STATUS.items():
        getattr(found, name).restype = c_int32
        getattr(found, name).argtypes = arguments
    for name, (result, arguments) in _OTHER.items():
        getattr(found, name).restype = result
        getattr(found, name).argtypes = arguments
    for struct in Versioned.__subclasses__():
        function = getattr(found, struct._init_)
        function.restype = None
        function.argtypes = [POINTER(struct), c_size_t]
    if found.luffy_abi_version() != ABI:
        raise ImportError(f"libluffy has ABI {found.luffy_abi_version()}, this package needs {ABI}")


library = _load()
_declare(library)

# ------------------------------------------------------------------------------------------------------------ calls


def call(name: str, *arguments: Any) -> None:
    """Calls a function that returns a status; raises what it says."""
    status = getattr(library, name)(*arguments)
    if status != 0:
        raise error(status, library.luffy_last_error().decode("utf-8", "replace"))


def run(body: Callable[[], T], cancel: Callable[[], None]) -> T:
    """Runs a long call so that Ctrl-C reaches it: `cancel` is then called until it ends, and the interrupt raised.

    Only the main thread receives signals, and only between bytecodes: there the call runs in a thread of its own.
    """
    if threading.current_thread() is not threading.main_thread():
        return body()
    results: list[T] = []
    failures: list[BaseException] = []
    ended = threading.Event()

    def work() -> None:
        try:
            results.append(body())
        except BaseException as failure:  # handed to the waiting thread
            failures.append(failure)
        finally:
            ended.set()

    threading.Thread(target=work, name="luffy", daemon=True).start()
    try:
        ended.wait()
    except BaseException:
        # Again and again: an interrupt may come before the call has begun.
        while not ended.is_set():
            cancel()
            ended.wait(0.01)
        raise
    if failures:
        raise failures[0]
    return results[0]


def cancel_all() -> None:
    """Cancels every call of the process."""
    library.luffy_cancel()


def text(name: str, *arguments: Any, guess: int = 256) -> bytes:
    """Calls a function whose last arguments are buffer, capacity and length; the buffer's bytes."""
    length = c_size_t(0)
    capacity = guess
    while True:
        buffer = ctypes.create_string_buffer(capacity)
        try:
            call(name, *arguments, buffer, capacity, ctypes.byref(length))
            return buffer.raw[: length.value]
        except BufferTooSmallError:
            capacity = length.value + 1


def made(name: str, *arguments: Any) -> int:
    """Calls a function whose last argument is a new handle."""
    out = c_void_p()
    call(name, *arguments, ctypes.byref(out))
    assert out.value is not None
    return out.value


# ---------------------------------------------------------------------------------------------------------- handles


class Handle(Named):
    """An object of the library: closed by `close`, at the end of a `with` block, or when it is collected."""

    _destroy_ = ""

    def __init__(self, pointer: int) -> None:
        self._pointer: Optional[int] = pointer
        self._users = 0
        self._closing = False
        self._lock = threading.Lock()

    @property
    def closed(self) -> bool:
        return self._closing

    def close(self) -> None:
        """Gives the object's memory back; again is harmless. While a call runs, that happens at its end."""
        with self._lock:
            self._closing = True
            self._release()

    def _release(self) -> None:
        if self._users == 0 and self._pointer is not None:
            pointer, self._pointer = self._pointer, None
            getattr(library, self._destroy_)(pointer)

    def __enter__(self: Self) -> Self:
        with self.use():
            return self

    def __exit__(
        self, kind: Optional[type[BaseException]], value: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_pointer", None) is not None:
            self.close()

    def use(self) -> "_Use":
        """A `with` block in which the pointer is valid."""
        return _Use(self)


class _Use:
    def __init__(self, handle: Handle) -> None:
        self.handle = handle

    def __enter__(self) -> int:
        with self.handle._lock:
            if self.handle._closing or self.handle._pointer is None:
                raise ClosedError(f"the {type(self.handle).__name__} is closed")
            self.handle._users += 1
            return self.handle._pointer

    def __exit__(
        self, kind: Optional[type[BaseException]], value: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        with self.handle._lock:
            self.handle._users -= 1
            if self.handle._closing:
                self.handle._release()


def take_metrics(out: c_void_p) -> bytes:
    """The JSON of a new metrics handle, which is destroyed."""
    try:
        json: bytes = library.luffy_metrics_json(out)
        return json
    finally:
        library.luffy_metrics_destroy(out)


# ----------------------------------------------------------------------------------------------------------- arrays


def array(values: Any, dtype: npt.DTypeLike, name: str) -> npt.NDArray[Any]:
    """A contiguous array of a type; floats are not taken for integers."""
    try:
        given = np.asarray(values)
    except ValueError as failure:  # rows of different lengths
        raise ArgumentTypeError(f"{name}: {failure}") from None
    wanted = np.dtype(dtype)
    if given.size == 0:
        return np.zeros(given.shape, wanted)
    if wanted.kind in "iu" and given.dtype.kind not in "iub":
        raise ArgumentTypeError(f"{name}: expected integers, got {given.dtype}")
    if wanted.kind == "f" and given.dtype.kind not in "iuf":
        raise ArgumentTypeError(f"{name}: expected numbers, got {given.dtype}")
    if wanted.kind in "iu" and (given.min() < np.iinfo(wanted).min or given.max() > np.iinfo(wanted).max):
        raise LuffyValueError(f"{name}: a number is out of range for {wanted}")
    # np.ascontiguousarray makes an array of one element of a number.
    return np.ascontiguousarray(given, dtype=wanted).reshape(given.shape)


def sequences(values: Any, name: str) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Sequences one after another, and their lengths."""
    rows = _checks.sequences(name, values)
    lengths = np.array([row.size for row in rows], dtype=np.uintp)
    return (np.concatenate(rows) if rows else np.zeros(0, np.int32)), lengths


def vector(values: Any, dtype: npt.DTypeLike, name: str) -> npt.NDArray[Any]:
    """One-dimensional, contiguous."""
    found = array(values, dtype, name)
    if found.ndim != 1:
        raise ArgumentTypeError(f"{name}: expected one dimension, got {found.ndim}")
    return found


def copy(address: Optional[int], count: int, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """An array of what a pointer of the library points to."""
    if address is None or count == 0:
        return np.zeros(0, dtype)
    size = np.dtype(dtype).itemsize * count
    return np.frombuffer(ctypes.string_at(address, size), dtype=dtype).copy()
