"""Verdicts on responses."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Optional, Sequence, TypedDict

import numpy as np

from . import _checks, _native
from ._errors import BufferTooSmallError
from ._keywords import checked_fields, keywords

if TYPE_CHECKING:
    from typing_extensions import Unpack

STATUSES = ("wrong", "right", "unparsed")
_NUMBERS = ("float_rounding", "choice_count", "last_bytes")
_NAMES: dict[str, tuple[str, ...]] = {
    "grader": ("math", "choice", "exact_string", "normalized_string", "integer"),
    "thinking": ("ignore", "after", "required"),
    "boxed": ("ranked", "first", "only", "never"),
    "answer_form": ("anywhere", "anchored", "boxed"),
}


class VerifyOptions(TypedDict, total=False):
    """Options of a verdict; what is not given is the library's default."""

    grader: str
    thinking: str
    boxed: str
    answer_form: str
    problem: Optional[str]
    latex: bool
    expression: bool
    without_anchor: bool
    hash_answer: bool
    first_match_only: bool
    float_rounding: int
    strict_variables: bool
    set_matches_relation: bool
    reference_verbatim: bool
    choice_count: int
    choice_texts: Optional[Sequence[str]]
    last_bytes: int


@checked_fields
@dataclass(frozen=True)
class Verdict:
    """What the verifier made of a response."""

    #: "right", "wrong" or "unparsed".
    status: str
    #: The answer that was found in the response.
    extracted: Optional[str] = None

    def __post_init__(self) -> None:
        _checks.choice("Verdict: status", self.status, STATUSES)

    @property
    def correct(self) -> bool:
        return self.status == "right"


def _options(options: VerifyOptions) -> tuple[Any, Any]:
    """The C struct, and what it points to."""
    given: dict[str, Any] = dict(options)
    texts: Optional[Sequence[str]] = given.pop("choice_texts", None)
    problem: Optional[str] = given.pop("problem", None)
    fields: dict[str, int] = {}
    for key, value in given.items():
        if key in _NAMES:
            fields[key] = _checks.choice(key, value, _NAMES[key])
        elif key in _NUMBERS:
            fields[key] = _checks.integer(key, value, 0, 2 ** (63 if key == "last_bytes" else 31) - 1)
        else:
            fields[key] = _checks.flag(key, value)
    struct = _native.VerifyOptions.make(**fields)
    kept = None
    if texts is not None:
        found = _checks.texts("choice_texts", texts)
        kept = (ctypes.c_char_p * len(found))(*[text.encode() for text in found])
        struct.choice_texts, struct.choice_count = kept, len(found)
    if problem is not None:
        struct.problem = _checks.text("problem", problem).encode("utf-8", "replace").replace(b"\0", b" ")
    return struct, kept


@keywords(VerifyOptions)
def verify(reference: str, response: str, **options: Unpack[VerifyOptions]) -> Verdict:
    """Judges a response against a reference answer; always returns, in bounded time.

    Options: `grader` ("math", "choice", "exact_string", "normalized_string", "integer"), `thinking` ("ignore",
    "after", "required"), `boxed` ("ranked", "first", "only", "never"), `answer_form` ("anywhere", "anchored",
    "boxed"), `problem` (the question: arithmetic copied from it is no answer), `choice_texts`, `choice_count`, and the
    numbers of `luffy_verify_options` in luffy.h.

    For a reward say `answer_form="anchored"`: then only a box or an announced answer ("The answer is 4", "Answer: 4",
    "#### 4") earns it, and not the last number of any text.
    """
    struct, _kept = _options(options)
    gold = _checks.text("reference", reference).encode("utf-8", "replace")
    text = _checks.text("response", response).encode("utf-8", "replace")
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
    return Verdict(STATUSES[verdict.status], extracted)


@keywords(VerifyOptions)
def verify_batch(
    references: Sequence[str], responses: Sequence[str], **options: Unpack[VerifyOptions]
) -> list[str]:
    """The status of each pair, on all threads."""
    references, responses = _checks.texts("references", references), _checks.texts("responses", responses)
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
    return [STATUSES[status] for status in statuses[:count].tolist()]


@keywords()
def overlength_penalty(length: int, maximum_length: int, buffer: int, weight: float = 1.0) -> float:
    """What a response of `length` tokens adds to its reward (DAPO): 0 up to maximum_length − buffer, then linear down to
    −weight at maximum_length, −weight beyond."""
    for name, value in (("length", length), ("maximum_length", maximum_length), ("buffer", buffer)):
        _checks.integer(name, value)
    weight = _checks.number("weight", weight)
    penalty = ctypes.c_double()
    _native.call("luffy_overlength_penalty", length, maximum_length, buffer, weight, ctypes.byref(penalty))
    return penalty.value
