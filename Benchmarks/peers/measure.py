"""Seconds and peak memory of a process, and the line of JSON that reports them."""

from __future__ import annotations

import json
import os
import resource
import statistics
import time
from importlib import metadata
from pathlib import Path
from typing import Callable


def cache() -> Path:
    """Where models and the virtual environment are: LUFFY_PEERS, else under the user's cache."""
    default = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "luffy" / "peers"
    return Path(os.environ.get("LUFFY_PEERS") or default)


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0))


def seconds(body: Callable[[], object]) -> float:
    """Wall-clock seconds of one call."""
    before = time.perf_counter()
    body()
    return time.perf_counter() - before


def median_seconds(body: Callable[[], object], repeats: int, warm_up: bool = True) -> float:
    """The median of `repeats` calls after one that is not counted."""
    if warm_up:
        body()
    return statistics.median(seconds(body) for _ in range(repeats))


def report(elapsed: float, tokens: int, packages: list[str], **more: object) -> None:
    """Prints one line of JSON: seconds, tokens a second, peak resident bytes, versions."""
    versions = {name: metadata.version(name) for name in packages}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    line = {"seconds": elapsed, "tokens_per_second": tokens / elapsed, "peak_bytes": peak, "versions": versions}
    print(json.dumps({**line, **more}), flush=True)
