"""Writes rope.json: log-probabilities of tiny models whose rotary positions are scaled, by transformers in float64.

Run with a Python that has torch and transformers. The weights come from an integer hash (see `weights`), so that a
test makes the same ones without either.
"""

import copy
import json
from pathlib import Path

import numpy as np
import torch
from transformers import AutoConfig, AutoModelForCausalLM

SIZES = {
    "vocab_size": 61, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1,
    "head_dim": 32, "intermediate_size": 48, "tie_word_embeddings": True, "max_position_embeddings": 128,
    "rope_theta": 5000.0,
}  # fmt: skip
YARN = {"factor": 4.0, "original_max_position_embeddings": 32}
LLAMA3 = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0}

# What each case adds to SIZES; None takes a key away.
CASES = {
    "plain": {"model_type": "llama"},
    "linear, old key": {"model_type": "llama", "rope_scaling": {"type": "linear", "factor": 4.0}},
    "linear, new key": {"model_type": "qwen3", "rope_parameters": {"rope_type": "linear", "factor": 2.5, "rope_theta": 700.0}},
    "llama3": {"model_type": "llama", "rope_scaling": {**LLAMA3, "original_max_position_embeddings": 32}},
    "llama3, original from all positions": {"model_type": "llama", "rope_scaling": LLAMA3},
    "yarn as Qwen2.5's readers add it": {"model_type": "qwen2", "rope_scaling": {"type": "yarn", **YARN}},
    "yarn in rope_parameters": {
        "model_type": "qwen3", "rope_theta": None,
        "rope_parameters": {"rope_type": "yarn", "rope_theta": 1000000.0, **YARN},
    },
    "yarn, attention factor": {"model_type": "llama", "rope_scaling": {"rope_type": "yarn", "attention_factor": 1.5, **YARN}},
    "yarn, betas": {
        "model_type": "qwen2", "rope_scaling": {"rope_type": "yarn", "beta_fast": 4.0, "beta_slow": 0.5, **YARN},
    },
    "yarn, no truncation": {
        "model_type": "llama", "rope_scaling": {"rope_type": "yarn", "truncate": False, "beta_fast": 4.0, **YARN},
    },
    "yarn, mscale": {
        "model_type": "qwen2", "rope_scaling": {"rope_type": "yarn", "mscale": 0.7, "mscale_all_dim": 1.3, **YARN},
    },
    "yarn, one mscale": {"model_type": "qwen2", "rope_scaling": {"rope_type": "yarn", "mscale": 0.7, **YARN}},
    "yarn, original from all positions": {"model_type": "qwen2", "rope_scaling": {"rope_type": "yarn", "factor": 4.0}},
    "yarn, factor from positions": {
        "model_type": "qwen2",
        "rope_scaling": {"rope_type": "yarn", "factor": None, "original_max_position_embeddings": 16},
    },
    "yarn, original beside": {
        "model_type": "qwen2", "original_max_position_embeddings": 16, "rope_scaling": {"rope_type": "yarn", **YARN},
    },
    "rope_scaling before rope_parameters": {
        "model_type": "qwen2", "rope_parameters": {"rope_type": "default", "rope_theta": 90.0},
        "rope_scaling": {"type": "yarn", **YARN},
    },
    "rope_scaling before rope_parameters, no base": {
        "model_type": "qwen3", "rope_theta": None, "rope_parameters": {"rope_type": "default", "rope_theta": 90.0},
        "rope_scaling": {"type": "linear", "factor": 2.0},
    },
    "empty rope_scaling": {
        "model_type": "qwen3", "rope_scaling": {},
        "rope_parameters": {"rope_type": "linear", "factor": 2.0, "rope_theta": 90.0},
    },
    "rope_type before type": {
        "model_type": "llama", "rope_scaling": {"type": "linear", "rope_type": "yarn", **YARN},
    },
}  # fmt: skip

LENGTH = 120
SEQUENCE = [(7 * i * i + 3 * i) % SIZES["vocab_size"] for i in range(LENGTH)]


def weights(order: int, shape: tuple[int, ...]) -> np.ndarray:
    """Numbers of (-0.4, 0.4) for the matrices, of (0.6, 1.4) for norms: the tensor's place among the sorted names and
    the element's place in the tensor, hashed."""
    x = np.arange(int(np.prod(shape)), dtype=np.uint64) * 2654435761 + np.uint64(order * 40503 + 12345)
    x = x & 0xFFFFFFFF
    x = x ^ (x >> np.uint64(15))
    x = x * np.uint64(2246822519) & 0xFFFFFFFF
    x = x ^ (x >> np.uint64(13))
    return ((x.astype(np.float64) / 2**32 - 0.5) * 0.8).astype(np.float32).reshape(shape)


def logprobs(changes: dict) -> list[float]:
    keys = {key: value for key, value in {**SIZES, **changes}.items() if key != "rope_theta" or value is not None}
    config = AutoConfig.for_model(**copy.deepcopy(keys))  # it changes what it is given
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float64, attn_implementation="eager").eval()
    names = sorted(name for name, _ in model.named_parameters())
    with torch.no_grad():
        for order, name in enumerate(names):
            parameter = model.get_parameter(name)
            values = torch.from_numpy(weights(order, tuple(parameter.shape))).double()
            parameter.copy_(values + 1 if name.endswith("norm.weight") else values)
        scores = torch.log_softmax(model(torch.tensor([SEQUENCE])).logits[0], -1)
    return [0.0] + [scores[i - 1, SEQUENCE[i]].item() for i in range(1, LENGTH)]


def main() -> None:
    cases = [{"name": name, "config": {**SIZES, **changes}, "logprobs": logprobs(changes)} for name, changes in CASES.items()]
    for case in cases:
        case["config"] = {key: value for key, value in case["config"].items() if value is not None}
    lines = ",\n".join(json.dumps(case) for case in cases)
    sequence = json.dumps(SEQUENCE)
    Path(__file__).with_suffix(".json").write_text(f'{{"sequence": {sequence},\n"cases": [\n{lines}\n]}}\n')


main()
