"""PyTorch and transformers: a training step on 8 × 512 tokens."""

from __future__ import annotations

from contextlib import nullcontext

import measure
import torch
from shapes import Case, sequences
from transformers import AutoModelForCausalLM


def run(case: Case, precision: str, repeats: int) -> None:
    """Forward, backward and fused AdamW on float32 weights, products in bf16 by autocast or in f32."""
    torch.set_num_threads(measure.cores())
    model = AutoModelForCausalLM.from_pretrained(
        measure.cache() / "model", dtype=torch.float32, attn_implementation="sdpa"
    )
    model.train()
    model.config.use_cache = False
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-6, fused=True)
    ids = torch.tensor(sequences(case.width, case.prompt))

    def update() -> None:
        autocast = torch.autocast("cpu", torch.bfloat16) if precision == "bf16" else nullcontext()
        with autocast:
            loss = model(input_ids=ids, labels=ids).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=False)

    elapsed = measure.median_seconds(update, repeats)
    measure.report(elapsed, case.tokens, ["torch", "transformers"])
