"""Measures a model on problems with answers: avg@k, pass@k and maj@k with their intervals.

    python 04_evaluation.py --model SmolLM2-135M-Instruct.gguf --data gsm8k_test.jsonl --problems 20 --samples 4

`--data` is JSON Lines; `--problem` and `--answer` name its columns. A chat model is asked by its own chat template.
"""

import argparse
import itertools

import luffy

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--model", required=True)
parser.add_argument("--data", required=True)
parser.add_argument("--problem", default="problem", help="the column of the question")
parser.add_argument("--answer", default="answer", help="the column of the reference answer")
parser.add_argument("--problems", type=int, default=100)
parser.add_argument("--samples", type=int, default=4)
parser.add_argument("--max-new-tokens", type=int, default=256)
parser.add_argument("--output", default="responses.jsonl")
options = parser.parse_args()

model, tokenizer = luffy.load(options.model)
print(model, tokenizer, sep="\n")
result = luffy.evaluate(
    model, tokenizer, itertools.islice(luffy.read_problems(options.data), options.problems),
    columns={"problem": options.problem, "answer": options.answer}, n=options.samples,
    max_new_tokens=options.max_new_tokens, output=options.output,
    on_problem=lambda problem: print(f"{problem.index}: {problem.right} of {len(problem.responses)} right", flush=True),
)  # fmt: skip
print(f"avg@{options.samples} {result.accuracy}")
print(f"pass@{options.samples} {result.pass_at(options.samples)}")
print(f"maj@{options.samples} {result.majority_at(options.samples)}; every response is in {options.output}")
