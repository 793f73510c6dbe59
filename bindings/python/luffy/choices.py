"""The options that a multiple-choice question lists."""

from __future__ import annotations

import json

from . import _native


def listed_options(question: str) -> tuple[list[str], list[str]]:
    """Labels and texts of the options at a question's end, a line each: `A) …`, `(A) …`, `A. …`, `A: …`, `1) …`; empty
    where fewer than two are listed. A line without the next label continues the option before."""
    found = json.loads(_native.text("luffy_listed_options", question.encode(), guess=4 * len(question) + 64))
    return found["labels"], found["texts"]
