"""Runs both sides of each case by turns and prints ratios of medians as a Markdown table.

    python compare.py [--cases decode update] [--rounds 3] [--out results.json]

Each measurement is a process of its own. The first round runs every precision of the peer, the later ones its fastest; a
precision that takes a third longer than another is stopped. No round starts once a case has taken --seconds.
The peers' allocator is tuned: transparent huge pages, nothing mapped or returned to the system between steps.
"""

from __future__ import annotations

import argparse
import ctypes.util
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from shapes import CASES, Case

_GIB = 1 << 30
#: Seconds for the first measurement of a side; another precision gets a third more than the fastest took.
_PATIENCE = 400.0
Lines = dict[tuple[str, str], list[dict[str, Any]]]


def _environment(side: str) -> dict[str, str]:
    """Offline for all; jemalloc for ours where the machine has it; a tuned malloc for the peers."""
    quiet = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_VERBOSITY": "error", "TOKENIZERS_PARALLELISM": "false"}
    environment = {**os.environ, **quiet, "PYTHONWARNINGS": "ignore"}
    jemalloc = ctypes.util.find_library("jemalloc")
    if side == "luffy" and jemalloc:
        environment["LD_PRELOAD"] = jemalloc
    if side == "peer":
        tunables = {"hugetlb": 1, "mmap_max": 0, "top_pad": 1 << 28, "trim_threshold": 1 << 40}
        environment["GLIBC_TUNABLES"] = ":".join(f"glibc.malloc.{name}={value}" for name, value in tunables.items())
    return environment


class _TooSlow(RuntimeError):
    """A measurement that was stopped."""


def _measure(case: Case, side: str, precision: str, repeats: int, patience: float) -> dict[str, Any]:
    """One process's line, with the seconds that all of the process took; raises for one that fails."""
    command = [sys.executable, str(Path(__file__).with_name("case.py")), case.name]
    command += ["--side", side, "--precision", precision, "--repeats", str(repeats)]
    # The twin without sharing is ours too.
    environment = _environment("luffy" if case.peer == "unshared" else side)
    before = time.perf_counter()
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=patience)
    except subprocess.TimeoutExpired:
        raise _TooSlow(f"{case.name}: {side} {precision}: stopped after {patience:.0f} s") from None
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command[2:])}: {done.stderr.strip()[-2000:]}")
    line: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    line["process_seconds"] = time.perf_counter() - before
    memory = f"{line['peak_bytes'] / _GIB:.2f} GiB"
    name = side if side == "luffy" else case.peer
    rate = f"{line['tokens_per_second']:.1f} tokens/s"
    print(f"{case.name}: {name} {precision}: {line['seconds']:.2f} s, {rate}, {memory}", file=sys.stderr, flush=True)
    return line


def _seconds(lines: list[dict[str, Any]]) -> float:
    return statistics.median(line["seconds"] for line in lines)


def _fastest(lines: Lines, side: str) -> str:
    """The precision of a side with the least median."""
    return min((_seconds(found), precision) for (of, precision), found in lines.items() if of == side)[1]


def _first_peers(case: Case, repeats: int) -> Lines:
    """Every precision of the peer once; those that are stopped are left out."""
    lines: Lines = {}
    patience, stopped = _PATIENCE, ""
    for precision in case.peer_precisions:
        try:
            line = _measure(case, "peer", precision, repeats, patience)
        except _TooSlow as slow:
            stopped = str(slow)
            print(stopped, file=sys.stderr, flush=True)
            continue
        lines["peer", precision] = [line]
        patience = min(patience, 10 + 1.3 * float(line["process_seconds"]))
    if not lines:
        raise RuntimeError(stopped)
    return lines


def _run(case: Case, rounds: int, repeats: int, limit: float) -> Lines:
    """All rounds of a case: ours, theirs, ours, theirs."""
    start = time.perf_counter()
    ours = {("luffy", p): [_measure(case, "luffy", p, repeats, _PATIENCE)] for p in case.luffy_precisions}
    lines: Lines = {**ours, **_first_peers(case, repeats)}
    for _ in range(1, rounds):
        if time.perf_counter() - start > limit:
            print(f"{case.name}: no more rounds after {limit:.0f} s", file=sys.stderr, flush=True)
            break
        turns = [("luffy", p) for p in case.luffy_precisions] + [("peer", _fastest(lines, "peer"))]
        for side, precision in turns:
            lines[side, precision].append(_measure(case, side, precision, repeats, _PATIENCE))
    return lines


def _row(case: Case, lines: Lines) -> str:
    """The table's line: both rates, the ratio, the peak memories and the targets."""
    rounds = max(len(found) for found in lines.values())
    cells = [f"{case.work}, {rounds} round{'s' * (rounds > 1)}"]
    medians, peaks = [], []
    for side in ("luffy", "peer"):
        precision = _fastest(lines, side)
        found = lines[side, precision]
        medians.append(_seconds(found))
        peaks.append(statistics.median(line["peak_bytes"] for line in found))
        name = precision if side == "luffy" else f"{case.peer} {precision}"
        cells.append(f"{medians[-1]:.2f} s, {case.tokens / medians[-1]:.0f} tokens/s ({name})")
    target = f"≥ {case.target:g}" if case.target else ""
    memory = f"{peaks[0] / _GIB:.2f} / {peaks[1] / _GIB:.2f} GiB = {peaks[0] / peaks[1]:.2f}"
    memory_target = f"≤ {case.memory_target:g}" if case.memory_target else ""
    return "| " + " | ".join([*cells, f"{medians[1] / medians[0]:.2f}", target, memory, memory_target]) + " |"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", nargs="*", default=[], help="names or their beginnings; all where none is given")
    parser.add_argument("--rounds", type=int, help="turns of both sides (default: 3, 2 for the longest cases)")
    parser.add_argument(
        "--repeats", type=int, help="measured runs of a process after its warm-up (default: 1, 5 of the shortest case)"
    )
    parser.add_argument("--seconds", type=float, default=110, help="of a case, after which no round starts")
    parser.add_argument("--out", type=Path, help="every measurement, as JSON")
    options = parser.parse_args()
    chosen = [case for case in CASES if not options.cases or case.name.startswith(tuple(options.cases))]
    if not chosen:
        parser.error(f"the cases are {', '.join(case.name for case in CASES)}")
    rows, results, failures = [], [], []
    for case in chosen:
        try:
            lines = _run(case, options.rounds or case.rounds, options.repeats or case.repeats, options.seconds)
        except RuntimeError as failure:
            failures.append(str(failure))
            continue
        rows.append(_row(case, lines))
        for (side, precision), found in lines.items():
            results.append({"case": case.name, "side": side, "precision": precision, "measurements": found})
        if options.out:
            options.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print("| work | luffy | peer | times as fast | target | peak memory | target |\n|---|---|---|---|---|---|---|")
    print("\n".join(rows))
    for failure in failures:
        print(f"failed: {failure}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
