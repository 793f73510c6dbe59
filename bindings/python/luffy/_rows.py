"""Rows of data as a file that a run reads, and finds again when it goes on."""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any, Iterable, Mapping, Optional, Union

from ._errors import ArgumentTypeError
from ._keywords import suggestion
from ._native import LuffyValueError

_NEEDED = ("problem", "answer")
_KNOWN = ("problem", "answer", "solution", "traces", "id", "teacher")


def data_file(
    name: str, given: Union[str, "os.PathLike[str]", Iterable[Mapping[str, Any]]], columns: Optional[Mapping[str, str]],
    output: str,
) -> str:  # fmt: skip
    """The path of the data: the caller's own file where nothing has to be renamed, else one in the run's directory, which
    is named after what is in it, so that no other run's file is ever changed."""
    if isinstance(given, (str, os.PathLike)):
        path = os.fspath(given)
        if not columns:
            return path
        rows: Iterable[Mapping[str, Any]] = _read(path)
    elif isinstance(given, Mapping):
        raise ArgumentTypeError(f"{name}: expected rows, got one: write [row]")
    else:
        rows = given
    lines = [_line(f"{name}[{index}]", row, columns or {}) for index, row in enumerate(rows)]
    if not lines:
        raise LuffyValueError(f"{name}: there is no row")
    text = "".join(lines).encode()
    path = os.path.join(output, f"{name}-{hashlib.sha256(text).hexdigest()[:16]}.jsonl")
    os.makedirs(output, exist_ok=True)
    if not os.path.exists(path):
        with open(f"{path}.incomplete", "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(f"{path}.incomplete", path)
    return path


def _read(path: str) -> Iterable[Mapping[str, Any]]:
    with open(path, encoding="utf-8-sig", newline="\n") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    yield json.loads(line)
                except ValueError as failure:
                    raise LuffyValueError(f"{path}, line {number}: {failure}") from None


def _line(place: str, row: Any, columns: Mapping[str, str]) -> str:
    if not isinstance(row, Mapping):
        raise ArgumentTypeError(
            f'{place}: expected a dict, got {type(row).__name__}: write {{"problem": "What is 1 + 1?", "answer": "2"}}'
        )
    found = renamed(place, row, columns)
    for name in _NEEDED:
        if name not in found:
            raise LuffyValueError(
                f"{place} has no {name!r}; it has {', '.join(map(str, row))}: "
                f'name the column, columns={{"{name}": "…"}}'
            )
    try:
        return json.dumps(found, ensure_ascii=False, allow_nan=False) + "\n"
    except (TypeError, ValueError) as failure:
        raise ArgumentTypeError(f"{place}: {failure}") from None


def renamed(place: str, row: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """A row under the names that luffy reads."""
    for name in columns:
        if name not in _KNOWN:
            raise LuffyValueError(f"columns: {name} is none of {', '.join(_KNOWN)}{suggestion(name, _KNOWN)}")
    owns = set(columns.values())
    found = {key: value for key, value in row.items() if key not in owns}
    for name, own in columns.items():
        if own not in row:
            raise LuffyValueError(f"{place} has no {own!r} (columns: {name}); it has {', '.join(map(str, row))}")
        found[name] = row[own]
    return found
