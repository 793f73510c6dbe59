"""A task of reasoning-gym with a reward of your own: LUFFY where the verifier is a Python function.

    pip install reasoning-gym "luffy[tensorboard]"
    python 03_reasoning_gym.py --output runs/gym

Without `--model` a small model and a tokenizer of single characters are made on the spot: a supervised warm-up on part of
the answers makes a weak base, then LUFFY trains on the rest. With `--model` (as SmolLM2-135M-Instruct, see 02_gsm8k.py) the
warm-up is left out. `--task` is any data set of reasoning-gym whose entries have an answer; the entry's answer is the trace.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

import luffy
import reasoning_gym
from reasoning_gym.utils import extract_answer

Entry = dict[str, Any]

CONFIG = {
    "model_type": "llama", "hidden_size": 128, "num_hidden_layers": 4, "num_attention_heads": 4, "num_key_value_heads": 2,
    "head_dim": 32, "intermediate_size": 352, "tie_word_embeddings": True, "eos_token_id": 0, "initializer_range": 0.05,
    "max_position_embeddings": 512,
}  # fmt: skip


class Gym:
    """Entries of a data set, their prompts and traces, and the reward."""

    def __init__(self, task: str, options: dict[str, Any], size: int, seed: int) -> None:
        self.data = reasoning_gym.create_dataset(task, size=size, seed=seed, **options)

    @staticmethod
    def prompt(entry: Entry) -> str:
        return f"{entry['question']}\nGive the answer as <answer>answer</answer>.\n"

    @staticmethod
    def trace(entry: Entry) -> str:
        return f"<answer>{entry['answer']}</answer>"

    def reward(self, entry: Entry, response: str) -> float:
        """1 for a full score: reasoning-gym gives parts of one for an answer that only contains the right text."""
        answer = extract_answer(response)
        try:
            return float(answer is not None and self.data.score_answer(answer, entry) == 1)
        except (ValueError, ArithmeticError, SyntaxError):  # some scorers refuse what they cannot read
            return 0.0


def made_from_seed(entries: list[Entry], seed: int) -> tuple[luffy.Tokenizer, luffy.Model]:
    """A model of 0.7 million parameters that reads characters."""
    texts = [Gym.prompt(entry) + Gym.trace(entry) for entry in entries]
    tags = ["<answer>", "</answer>"]
    characters = sorted({c for text in texts for c in text if " " <= c <= "~"} | set("0123456789-."))
    names = {" ": "Ġ"}
    vocabulary = {names.get(c, c): index for index, c in enumerate([*characters, "Ċ"], 1)}
    added = [
        {"id": index, "content": text, "special": index == 0, "single_word": False, "lstrip": False, "rstrip": False,
         "normalized": False}
        for index, text in [(0, "<|endoftext|>"), *enumerate(tags, len(vocabulary) + 1)]
    ]  # fmt: skip
    bytes_ = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    document = {
        "version": "1.0", "added_tokens": added, "normalizer": None, "pre_tokenizer": bytes_, "decoder": bytes_,
        "model": {"type": "BPE", "vocab": vocabulary, "merges": []},
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "tokenizer.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        tokenizer = luffy.Tokenizer.load(path)
    return tokenizer, luffy.Model.create({**CONFIG, "vocab_size": tokenizer.vocab_size}, seed=seed)


def warm_up(model: luffy.Model, examples: list[tuple[list[int], list[int]]], steps: int) -> None:
    """Supervised steps on few examples: the format, and part of the skill."""
    optimizer = luffy.AdamW(lr=2e-3, lr_schedule="cosine", warmup_steps=min(20, steps // 2), total_steps=steps + 1)
    with luffy.Trainer(model, optimizer=optimizer, micro_batch_tokens=8192) as trainer:
        for step in range(steps):
            batch = [examples[(step * 32 + i) % len(examples)] for i in range(32)]
            loss = trainer.sft_step(batch)["actor/loss"]
            if (step + 1) % 50 == 0 or step + 1 == steps:
                print(f"warm-up {step + 1}/{steps}: loss {loss:.3f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--task", default="chain_sum")
    parser.add_argument("--config", type=json.loads, help="options of the task, as JSON")
    parser.add_argument("--model", type=Path, help="a checkpoint; default: a small model made from the seed")
    parser.add_argument("--objective", default="luffy", choices=luffy.PRESETS)
    parser.add_argument("--output", type=Path, default=Path("gym-run"))
    parser.add_argument("--warmup-steps", type=int, default=300)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--prompts", type=int, default=16, help="questions a step")
    parser.add_argument("--rollouts", type=int, default=7)
    parser.add_argument("--max-new-tokens", type=int, default=12)
    parser.add_argument("--held-out", type=int, default=200)
    parser.add_argument("--lr", type=float)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=0, help="0: all cores")
    options = parser.parse_args()
    if options.threads > 0:
        luffy.set_threads(options.threads)

    default = {"min_terms": 2, "max_terms": 2, "min_digits": 1, "max_digits": 2} if options.task == "chain_sum" else {}
    gym = Gym(options.task, options.config or default, size=100_000, seed=options.seed + 1)
    count = options.steps * options.prompts
    entries = [gym.data[index] for index in range(count + options.held_out + 640)]
    # Questions repeat in small tasks: a question of training is none of the held-out ones.
    training, rest = entries[:count], entries[count:]
    known = {entry["question"] for entry in training}
    held_out = [entry for entry in rest[640:] if entry["question"] not in known]

    template = "raw"
    if options.model is None:
        tokenizer, model = made_from_seed(entries, options.seed)
        examples = [
            (tokenizer.encode(gym.prompt(entry)), [*tokenizer.encode(gym.trace(entry)), tokenizer.eos_id or 0])
            for entry in rest[:640]
        ]
        warm_up(model, examples, options.warmup_steps)
    else:
        tokenizer, model, template = luffy.Tokenizer.load(options.model), luffy.Model.load(options.model), "chatml"
    end = [0 if tokenizer.eos_id is None else tokenizer.eos_id]

    def held_out_accuracy(output: Path) -> luffy.Estimate:
        problems = [{"problem": gym.prompt(entry), "answer": entry["answer"], "entry": entry} for entry in held_out]

        def judge(problem: luffy.evaluation.Problem, text: str) -> luffy.Verdict:
            answer = extract_answer(text)
            right = gym.reward(problem["entry"], text) == 1
            return luffy.Verdict("right" if right else "unparsed" if answer is None else "wrong", answer)

        return luffy.evaluate(
            model, tokenizer, problems, max_new_tokens=options.max_new_tokens, temperature=1.0, template=template,
            seed=options.seed + 1, judge=judge, output=output,
        ).accuracy  # fmt: skip

    options.output.mkdir(parents=True, exist_ok=True)
    before = held_out_accuracy(options.output / "before.jsonl")
    print(f"before: held-out {before}", flush=True)
    objective = luffy.Objective.preset(options.objective)
    if "fixed_length" in objective.options:
        objective = luffy.Objective.preset(options.objective, fixed_length=options.max_new_tokens)
    lr = options.lr or (3e-4 if options.model is None else 2e-5)
    trainer = luffy.Trainer(model, objective=objective, optimizer=luffy.AdamW(lr=lr))
    with luffy.TensorBoardLogger(options.output / "tensorboard") as board:
        for step in range(options.steps):
            batch = training[step * options.prompts : (step + 1) * options.prompts]
            prompts = [tokenizer.encode(luffy.render_prompt(template, gym.prompt(entry))) for entry in batch]
            written = model.generate(
                prompts, n=options.rollouts, max_new_tokens=options.max_new_tokens, seed=options.seed, step=step
            )
            groups = []
            for entry, prompt, rollouts in zip(batch, prompts, written):
                trace = tokenizer.encode(gym.trace(entry)) + end
                texts = [tokenizer.decode(ids, skip_special_tokens=True) for ids in [*(r.ids for r in rollouts), trace]]
                rewards = [gym.reward(entry, text) for text in texts]
                groups.append(luffy.Group(prompt, rollouts=rollouts, traces=[trace], rewards=rewards))
            metrics = trainer.step(groups)
            board.log(metrics, step=trainer.steps)
            if (step + 1) % 10 == 0 or step + 1 == options.steps:
                print(f"step {step + 1}: reward {metrics['on_off_metrics/on_score']:.3f}", flush=True)
    after = held_out_accuracy(options.output / "after.jsonl")
    print(f"after:  held-out {after}, before {before}")
    model.save(options.output / "model")
    print(f"wrote {options.output}: tensorboard/, before.jsonl, after.jsonl, model/")


if __name__ == "__main__":
    main()
