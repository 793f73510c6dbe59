"""What callers pass by mistake, told from what they mean; each message shows what to write."""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping
from typing import Any, Sequence

import numpy as np
import numpy.typing as npt

from ._errors import ArgumentTypeError, LuffyValueError

Ids = npt.NDArray[np.int32]

_TEXTS = (str, bytes, bytearray)


def shown(values: Any) -> str:
    """The beginning of a list, for a message."""
    items = list(values)
    return ", ".join(map(str, items[:4])) + (", …" if len(items) > 4 else "")


def integer(name: str, value: Any, low: int = 0, high: int = 2**63 - 1) -> int:
    """A whole number in a range; True and 1.0 are none."""
    if isinstance(value, (bool, np.bool_)):
        raise ArgumentTypeError(f"{name}: expected a whole number, got {value}")
    try:
        number = operator.index(value)
    except TypeError:
        raise ArgumentTypeError(f"{name}: expected a whole number, got {_what(value)}") from None
    if not low <= number <= high:
        raise LuffyValueError(f"{name}: {number} is out of range, expected {low} to {high}")
    return number


def number(name: str, value: Any) -> float:
    """A number; True and "0.5" are none."""
    if isinstance(value, (bool, np.bool_, *_TEXTS)) or not hasattr(value, "__float__"):
        raise ArgumentTypeError(f"{name}: expected a number, got {_what(value)}")
    try:
        return float(value)
    except (TypeError, ValueError):
        raise ArgumentTypeError(f"{name}: expected a number, got {_what(value)}") from None


def flag(name: str, value: Any) -> int:
    """True or False, or 1 or 0."""
    if isinstance(value, (bool, np.bool_)) or (isinstance(value, (int, np.integer)) and value in (0, 1)):
        return int(value)
    raise ArgumentTypeError(f"{name}: expected True or False, got {_what(value)}")


def choice(name: str, value: Any, names: Sequence[str]) -> int:
    """The place of a name among those that are known."""
    if not isinstance(value, str) or value not in names:
        raise LuffyValueError(f"{name}: expected one of {', '.join(names)}, got {value!r}")
    return list(names).index(value)


def text(name: str, value: Any) -> str:
    """A text; ids, numbers and lists of messages are none."""
    if isinstance(value, str):
        return value
    if _is_message(value) or (isinstance(value, (list, tuple)) and value and _is_message(value[0])):
        raise ArgumentTypeError(
            f"{name}: expected a text, got a list of messages: write the text itself, as messages[-1][\"content\"]; "
            "luffy.render_prompt(template, text, system) makes a prompt of it"
        )
    if hasattr(value, "ids") and hasattr(value, "logprobs"):
        raise ArgumentTypeError(f"{name}: expected a text, got a Rollout: write tokenizer.decode(rollout.ids)")
    if isinstance(value, (int, float, np.number)):
        raise ArgumentTypeError(f"{name}: expected a text, got {_what(value)}: write {str(value)!r}")
    raise ArgumentTypeError(f"{name}: expected a text, got {_what(value)}")


def texts(name: str, values: Any) -> list[str]:
    """A list of texts, not one text."""
    if isinstance(values, _TEXTS):
        raise ArgumentTypeError(f"{name}: expected a list of texts, got one: write [{values!r}]")
    return [text(f"{name}[{index}]", value) for index, value in enumerate(values)]


def objects(name: str, values: Any, kind: type, call: str) -> list[Any]:
    """A list of objects of one type; one alone is told how to stand in a list."""
    if isinstance(values, kind):
        raise ArgumentTypeError(f"{name}: expected a list, got one {kind.__name__}: write {call}")
    if isinstance(values, (Mapping, *_TEXTS)) or not hasattr(values, "__iter__"):
        raise ArgumentTypeError(f"{name}: expected a list of luffy.{kind.__name__}, got {_what(values)}: write {call}")
    found = list(values)
    for index, value in enumerate(found):
        if not isinstance(value, kind):
            raise ArgumentTypeError(f"{name}[{index}]: expected a luffy.{kind.__name__}, got {_what(value)}")
    return found


def reward(name: str, value: Any) -> float:
    """A finite number, or NaN for None: a response that is left out."""
    if value is None:
        return math.nan
    if hasattr(value, "correct") and hasattr(value, "status"):
        raise ArgumentTypeError(f"{name}: expected a number, got a Verdict: write float(verdict.correct)")
    found = float(value) if isinstance(value, (bool, np.bool_)) else number(name, value)
    if math.isinf(found):
        raise LuffyValueError(f"{name}: a reward of {found} is not finite; None leaves the response out")
    return found


def token_ids(name: str, values: Any) -> Ids:
    """One list of token ids, as int32."""
    _refuse_others(name, values)
    if not hasattr(values, "__iter__") or getattr(values, "ndim", 1) == 0:
        raise ArgumentTypeError(f"{name}: expected a list of token ids, got {_what(values)}: write [{values}]")
    items = values if hasattr(values, "__array__") else list(values)
    if isinstance(items, list):
        _check_items(name, items)
    return _whole(name, np.asarray(items))


def sequences(name: str, values: Any, may_be_empty: bool = False) -> list[Ids]:
    """Several lists of token ids: not one list, which would be read as so many of one token."""
    _refuse_others(name, values)
    if not hasattr(values, "__iter__") or getattr(values, "ndim", 2) == 0:
        raise ArgumentTypeError(f"{name}: expected a list of lists of token ids, got {_what(values)}")
    rows = list(values)
    if rows and all(np.isscalar(row) or getattr(row, "ndim", 1) == 0 for row in rows):
        if isinstance(rows[0], _TEXTS):
            raise ArgumentTypeError(
                f"{name}: expected token ids, got texts: write [tokenizer.encode(text) for text in …]"
            )
        raise ArgumentTypeError(
            f"{name}: one list of token ids, where a list of them is expected: write [[{shown(rows)}]]"
        )
    found = [token_ids(f"{name}[{index}]", row) for index, row in enumerate(rows)]
    for index, row in enumerate(found):
        if row.size == 0 and not may_be_empty:
            raise LuffyValueError(f"{name}[{index}] is empty: expected at least one token id")
    return found


def _refuse_others(name: str, values: Any) -> None:
    """Refuses what has an iterator but holds no token ids."""
    if isinstance(values, _TEXTS):
        raise ArgumentTypeError(f"{name}: expected token ids, got a text: write tokenizer.encode({values[:30]!r})")
    if _is_message(values):
        raise ArgumentTypeError(
            f"{name}: expected token ids, got a message: write "
            "tokenizer.encode(luffy.render_prompt(template, message[\"content\"]))"
        )
    if isinstance(values, Mapping):
        key = "input_ids" if "input_ids" in values else next(iter(values), "…")
        raise ArgumentTypeError(f"{name}: expected token ids, got a dict: write its list, as …[{key!r}]")
    if hasattr(values, "ids") and hasattr(values, "logprobs"):
        raise ArgumentTypeError(f"{name}: expected token ids, got a Rollout: write rollout.ids")


def _check_items(name: str, items: list[Any]) -> None:
    """Refuses what numpy would make integers of, or an obscure error."""
    for kind in set(map(type, items)):
        index = next(place for place, item in enumerate(items) if type(item) is kind)
        item, place = items[index], f"{name}[{index}]"
        if issubclass(kind, (bool, np.bool_)):
            raise ArgumentTypeError(f"{place}: expected a token id, got {item}")
        if hasattr(item, "ids") and hasattr(item, "logprobs"):
            raise ArgumentTypeError(
                f"{place}: expected a token id, got a Rollout: write rollout.ids; generate returns a list of rollouts for "
                "each prompt"
            )
        if _is_message(item) or issubclass(kind, _TEXTS):
            _refuse_others(place, item)
        if issubclass(kind, (list, tuple)) or getattr(item, "ndim", 0) > 0:
            raise ArgumentTypeError(
                f"{name}: expected one list of token ids, got a list of lists: write one of them, as …[0]"
            )


def _whole(name: str, given: npt.NDArray[Any]) -> Ids:
    """As int32, where every number is one."""
    if given.size == 0:
        return np.zeros(0, np.int32)
    if given.ndim != 1:
        raise ArgumentTypeError(f"{name}: expected one list of token ids, got {given.ndim} dimensions: write …[0]")
    if given.dtype.kind not in "iu":
        raise ArgumentTypeError(f"{name}: expected integers, got {given.dtype}")
    outside = np.flatnonzero((given < 0) | (given > 2**31 - 1))
    if outside.size:
        place = int(outside[0])
        raise LuffyValueError(f"{name}[{place}]: {given[place]} is no token id: expected 0 or more, below 2^31")
    return np.ascontiguousarray(given, dtype=np.int32)


def _is_message(value: Any) -> bool:
    """A chat message: a dict of a role and a content."""
    return isinstance(value, Mapping) and "content" in value


def _what(value: Any) -> str:
    """A value for a message: what it is, and itself where it is short."""
    written = repr(value)
    kind = type(value).__name__
    return f"{kind} {written}" if len(written) <= 40 else kind
