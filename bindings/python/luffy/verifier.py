"""Verdicts on responses."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any, Optional, Sequence

import numpy as np

from . import _native
from ._errors import BufferTooSmallError

_STATUSES = ("wrong", "right", "unparsed")
_NAMES: dict[str, tuple[str, ...]] = {
    "grader": ("math", "choice", "exact_string", "normalized_string", "integer"),
    "thinking": ("ignore", "after", "required"),
    "boxed": ("ranked", "first", "only", "never"),
    "answer_form": ("anywhere", "anchored", "boxed"),
}


@dataclass(frozen=True)
class Verdict:
    """What the verifier made of a response."""

    #: "right", "wrong" or "unparsed".
    status: str
    #: The answer that was found in the response.
    extracted: Optional[str] = None

    @property
    def correct(self) -> bool:
        return self.status == "right"


def _options(options: dict[str, Any]) -> tuple[Any, Any]:
    """The C struct, and what it points to."""
    texts: Optional[Sequence[str]] = options.pop("choice_texts", None)
    problem: Optional[str] = options.pop("problem", None)
    fields: dict[str, int] = {}
    known = {field[0] for field in _native.VerifyOptions._fields_} - {"reserved"}
    for key, value in options.items():
        if key not in known or key == "struct_size":
            raise _native.LuffyValueError(f"{key}: unknown; the options are {', '.join(sorted(known - {'struct_size'}))}")
        if key in _NAMES:
            if value not in _NAMES[key]:
                raise _native.LuffyValueError(f"{key}: expected one of {', '.join(_NAMES[key])}, got {value!r}")
            value = _NAMES[key].index(value)
        fields[key] = int(value)
    struct = _native.VerifyOptions.make(**fields)
    kept = None
    if texts is not None:
        kept = (ctypes.c_char_p * len(texts))(*[text.encode() for text in texts])
        struct.choice_texts, struct.choice_count = kept, len(texts)
    if problem is not None:
        struct.problem = problem.encode("utf-8", "replace").replace(b"\0", b" ")
    return struct, kept


def verify(reference: str, response: str, **options: Any) -> Verdict:
    """Judges a response against a reference answer; always returns, in bounded time.

    Options: `grader` ("math", "choice", "exact_string", "normalized_string", "integer"), `thinking` ("ignore",
    "after", "required"), `boxed` ("ranked", "first", "only", "never"), `answer_form` ("anywhere", "anchored",
    "boxed"), `problem` (the question: arithmetic copied from it is no answer), `choice_texts`, `choice_count`, and the
    numbers of `luffy_verify_options` in luffy.h.

    For a reward say `answer_form="anchored"`: then only a box or an announced answer ("The answer is 4", "Answer: 4",
    "#### 4") earns it, and not the last number of any text.
    """
    struct, _kept = _options(options)
    gold, text = (value.encode("utf-8", "replace") for value in (reference, response))
    verdict = _native.VerdictView.make()
    capacity = 256
    while True:
        buffer = ctypes.create_string_buffer(capacity)
        try:
            _native.call("luffy_verify", gold, len(gold), text, len(text), struct, verdict, buffer, capacity)
            break
        except BufferTooSmallError:
            capacity = verdict.extracted_length + 1
    extracted = buffer.raw[: verdict.extracted_length].decode("utf-8", "replace") if verdict.has_extracted else None
    return Verdict(_STATUSES[verdict.status], extracted)


def verify_batch(references: Sequence[str], responses: Sequence[str], **options: Any) -> list[str]:
    """The status of each pair, on all threads."""
    if len(references) != len(responses):
        raise _native.LuffyValueError(f"{len(references)} references for {len(responses)} responses")
    struct, _kept = _options(options)
    count = len(references)
    statuses = np.zeros(max(1, count), np.int32)
    columns = []
    for values in (references, responses):
        encoded = [value.encode("utf-8", "replace") for value in values]
        lengths = np.array([len(value) for value in encoded], dtype=np.uintp)
        columns.append(((ctypes.c_char_p * max(1, count))(*encoded), lengths))
    (gold, gold_lengths), (text, text_lengths) = columns
    _native.call(
        "luffy_verify_batch", gold, gold_lengths.ctypes.data, text, text_lengths.ctypes.data, count, struct,
        statuses.ctypes.data,
    )  # fmt: skip
    return [_STATUSES[status] for status in statuses[:count].tolist()]


def overlength_penalty(length: int, maximum_length: int, buffer: int, weight: float = 1.0) -> float:
    """What a response of `length` tokens adds to its reward (DAPO): 0 up to maximum_length − buffer, then linear down to
    −weight at maximum_length, −weight beyond."""
    for name, value in (("length", length), ("maximum_length", maximum_length), ("buffer", buffer)):
        if not 0 <= value < 2**63:
            raise _native.LuffyValueError(f"{name}: {value} is out of range")
    penalty = ctypes.c_double()
    _native.call("luffy_overlength_penalty", length, maximum_length, buffer, weight, ctypes.byref(penalty))
    return penalty.value
