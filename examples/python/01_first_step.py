"""A tiny model, one group, one LUFFY step: needs no files."""

import luffy

config = {
    "model_type": "llama", "vocab_size": 64, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 2, "head_dim": 8, "intermediate_size": 64, "tie_word_embeddings": True, "eos_token_id": 0,
}  # fmt: skip

with luffy.Model.create(config, seed=1) as model:
    prompt, trace = [5, 6, 7], [8, 9, 10, 0]
    [rollouts] = model.generate([prompt], n=7, max_new_tokens=8, seed=0)
    rewards = [float(rollout.ids[-1] == 0) for rollout in rollouts] + [1.0]
    group = luffy.Group(prompt, rollouts=rollouts, traces=[trace], rewards=rewards)
    objective = luffy.Objective.luffy(fixed_length=8)
    with luffy.Trainer(model, objective=objective, optimizer=luffy.AdamW(lr=1e-2)) as trainer:
        before = sum(model.score([prompt + trace])[0].logprobs)
        for _ in range(20):
            metrics = trainer.step([group])
        after = sum(model.score([prompt + trace])[0].logprobs)
    print(f"loss {metrics['actor/loss']:.4f}; log p(trace) {before:.2f} -> {after:.2f}")
