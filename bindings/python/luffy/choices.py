"""The options that a multiple-choice question lists."""

from __future__ import annotations

import re

_OPTION = re.compile(r"\s*(?:\(([A-Z1-9])\)|([A-Z1-9])\)|([A-Z])[.:])(?:\s+|$)(.*)", re.DOTALL)


def listed_options(question: str) -> tuple[list[str], list[str]]:
    """Labels and texts of the options at a question's end, a line each: `A) …`, `(A) …`, `A. …`, `A: …`, `1) …`; empty
    where fewer than two are listed. A line without the next label continues the option before."""
    lines = question.split("\n")
    heads = [_OPTION.fullmatch(line) for line in lines]
    for start in range(len(lines) - 1, -1, -1):
        label = _label(heads[start])
        if label not in ("A", "1"):
            continue
        labels: list[str] = []
        texts: list[str] = []
        for line, head in zip(lines[start:], heads[start:]):
            if head is not None and _label(head) == chr(ord(label) + len(texts)):
                labels.append(_label(head))
                texts.append(head.group(4))
            elif line.strip():
                texts[-1] += "\n" + line
        if len(labels) >= 2:
            return labels, texts
    return [], []


def _label(head: "re.Match[str] | None") -> str:
    return "" if head is None else head.group(1) or head.group(2) or head.group(3)
