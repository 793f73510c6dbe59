"""Runs both sides of each case by turns and prints ratios of medians as a Markdown table.

    python compare.py [--cases decode update] [--rounds 3] [--out results.json]

Each measurement is a process of its own. The first round runs every precision of the peer, the later ones its fastest.
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
from pathlib import Path
from typing import Any

from shapes import CASES, Case

_GIB = 1 << 30
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


def _measure(case: Case, side: str, precision: str, repeats: int) -> dict[str, Any]:
    """One process's line; a failure is reported and raised."""
    command = [sys.executable, str(Path(__file__).with_name("case.py")), case.name]
    command += ["--side", side, "--precision", precision, "--repeats", str(repeats)]
    # The twin without sharing is ours too.
    environment = _environment("luffy" if case.peer == "unshared" else side)
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command[2:])}: {done.stderr.strip()[-2000:]}")
    line: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
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


def _run(case: Case, rounds: int, repeats: int) -> Lines:
    """All rounds of a case: ours, theirs, ours, theirs."""
    lines: Lines = {}
    for index in range(rounds):
        precisions = case.peer_precisions if index == 0 else (_fastest(lines, "peer"),)
        for side, precision in [("luffy", p) for p in case.luffy_precisions] + [("peer", p) for p in precisions]:
            lines.setdefault((side, precision), []).append(_measure(case, side, precision, repeats))
    return lines


def _row(case: Case, lines: Lines) -> str:
    """The table's line: both rates, the ratio, the peak memories and the targets."""
    cells = [case.work]
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
    parser.add_argument("--repeats", type=int, default=1, help="measured runs of a process after its warm-up")
    parser.add_argument("--out", type=Path, help="every measurement, as JSON")
    options = parser.parse_args()
    chosen = [case for case in CASES if not options.cases or case.name.startswith(tuple(options.cases))]
    if not chosen:
        parser.error(f"the cases are {', '.join(case.name for case in CASES)}")
    rows, results, failures = [], [], []
    for case in chosen:
        try:
            lines = _run(case, options.rounds or case.rounds, options.repeats)
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
