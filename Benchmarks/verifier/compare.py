#!/usr/bin/env python3
"""Verifications a second, luffy against Math-Verify, on one corpus in one run.

    python3 -m venv venv && venv/bin/pip install math-verify==0.9.0 antlr4-python3-runtime==4.13.2
    venv/bin/python Benchmarks/verifier/compare.py corpus.jsonl [--seconds 3] [--sample 500]

The corpus is JSON lines with `gold`, `pred` and `kind`; adversarial rows are left out on both
sides. Math-Verify takes every n-th row, so that its sample has the corpus' mixture.
"""
import argparse
import json
import pathlib
import subprocess
import time


def ours(corpus: str, seconds: float) -> dict:
    here = pathlib.Path(__file__).parent
    build = ["swift", "build", "-c", "release", "--package-path", str(here)]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    program = subprocess.run(
        build + ["--show-bin-path"], check=True, capture_output=True, text=True
    ).stdout.strip()
    output = subprocess.run(
        [program + "/VerifierBenchmark", corpus, str(seconds)],
        check=True, capture_output=True, text=True,
    ).stdout
    return json.loads(output)


def theirs(corpus: str, sample: int) -> dict:
    from math_verify import parse, verify

    with open(corpus, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    rows = [row for row in rows if row.get("kind") != "adversarial"]
    rows = rows[:: max(1, len(rows) // sample)]
    parse("$1$")  # imports and tables
    times = []
    for row in rows:
        before = time.perf_counter()
        verify(parse(row["gold"]), parse(row["pred"]))
        times.append(time.perf_counter() - before)
    times.sort()
    return {
        "rows": len(rows),
        "per_second": len(rows) / sum(times),
        "p50_ms": times[len(times) // 2] * 1e3,
        "p99_ms": times[len(times) * 99 // 100] * 1e3,
        "max_ms": times[-1] * 1e3,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus")
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--sample", type=int, default=500)
    options = parser.parse_args()
    results = {
        "luffy": ours(options.corpus, options.seconds),
        "math-verify": theirs(options.corpus, options.sample),
    }
    print(f"{'':12} {'rows':>6} {'per second':>11} {'p50 ms':>8} {'p99 ms':>8} {'max ms':>8}")
    for name, r in results.items():
        print(
            f"{name:12} {r['rows']:6} {r['per_second']:11.0f} {r['p50_ms']:8.3f} "
            f"{r['p99_ms']:8.3f} {r['max_ms']:8.2f}"
        )
    ratio = results["luffy"]["per_second"] / results["math-verify"]["per_second"]
    print(f"luffy is {ratio:.0f} times as fast on one core")


if __name__ == "__main__":
    main()
