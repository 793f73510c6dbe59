"""The whole process: versions, threads, memory."""

from __future__ import annotations

import json
from typing import Any

from . import _checks, _native


def build_info() -> dict[str, Any]:
    """version, abi, isa (the instruction set in use), allocator, threads."""
    info: dict[str, Any] = json.loads(_native.library.luffy_build_info())
    return info


def set_threads(count: int) -> None:
    """Threads that share the work of each call; 0 is one a core. Results do not depend on it."""
    _native.call("luffy_set_threads", _checks.integer("count", count, 0, 2**31 - 1))


def memory_stats() -> dict[str, int]:
    """live, peak and mapped bytes of models, trainers and their scratch memory."""
    stats = _native.MemoryStats.make()
    _native.call("luffy_memory_stats", stats)
    return {"live": stats.live_bytes, "peak": stats.peak_bytes, "mapped": stats.mapped_bytes}


def cancel() -> None:
    """Cancels every call that runs now, in any thread."""
    _native.cancel_all()
