import json

import numpy as np
import pytest

import luffy
from conftest import CONFIG


def groups(model, step=0):
    [rollouts] = model.generate([[5, 6, 7]], n=7, max_new_tokens=12, seed=1, step=step)
    rewards = [0.0] * 7 + [1.0]
    return [luffy.Group([5, 6, 7], rollouts=rollouts, traces=[[8, 9, 10, 0]], rewards=rewards)]


def test_teacher_tokens_are_learned_and_a_resumed_run_is_the_same(model, tmp_path):
    objective = luffy.Objective.luffy(fixed_length=12)
    with luffy.Trainer(model, objective=objective, optimizer=luffy.AdamW(lr=1e-2)) as trainer:
        first = trainer.step(groups(model))
        assert first["actor/on_ratio_mean"] == 1
        for step in range(1, 40):
            last = trainer.step(groups(model, step))
        assert last["actor/off_policy_prob"] > 3 * first["actor/off_policy_prob"]
        assert all(np.isfinite(value) for value in last.values())
        trainer.user_state = b"place 40"
        trainer.save(tmp_path / "state")
        with luffy.Trainer.load(tmp_path / "state") as resumed:
            assert resumed.steps == 40 and resumed.user_state == b"place 40"
            for step in range(40, 43):
                batch = groups(model, step)
                here, there = trainer.step(batch), resumed.step(batch)
                assert here["actor/loss"] == there["actor/loss"]
            for name in model.parameter_names():
                assert np.array_equal(model.parameter(name), resumed.model.parameter(name))


def test_a_damaged_state_is_refused(model, tmp_path):
    with luffy.Trainer(model) as trainer:
        trainer.save(tmp_path / "state")
    largest = max((tmp_path / "state").iterdir(), key=lambda file: file.stat().st_size)
    data = bytearray(largest.read_bytes())
    data[len(data) // 2] ^= 1
    largest.write_bytes(data)
    with pytest.raises(luffy.CorruptError, match=largest.name):
        luffy.Trainer.load(tmp_path / "state")


def test_supervised_step(model):
    with luffy.Trainer(model, optimizer=luffy.AdamW(lr=1e-2)) as trainer:
        losses = [trainer.sft_step([([1, 2], [3, 4, 0]), ([5], [6, 0])])["actor/loss"] for _ in range(10)]
    assert losses[-1] < losses[0]


def test_refusals(model):
    with pytest.raises(ValueError, match="lr"):
        luffy.Trainer(model, optimizer=luffy.AdamW(lr=-1))
    with pytest.raises(ValueError, match="unknown"):
        luffy.Trainer(model, colour=1)
    with luffy.Trainer(model) as trainer:
        with pytest.raises(ValueError, match="rewards"):
            trainer.step([luffy.Group([1], rollouts=[[2, 0]], rewards=[])])
        with pytest.raises(luffy.LuffyError):
            trainer.step([luffy.Group([1], rollouts=[[]], rewards=[1])])
        with pytest.raises(luffy.LuffyError):
            trainer.step([])
        before = model.parameter("model.norm.weight")
        with pytest.raises(luffy.LuffyError):
            trainer.step([luffy.Group([1], rollouts=[[2, 0]], traces=[[3, 0]], rewards=[float("inf"), 1])])
        assert np.array_equal(before, model.parameter("model.norm.weight"))


def test_verify():
    for reference, response, status in [
        ("42", "… so the answer is 42.", "right"), ("42", "the answer is 43", "wrong"), ("18", "done\n#### 18", "right"),
        ("1/2", "\\boxed{0.5}", "right"), ("1,000", "\\boxed{1000}", "right"), ("3", "", "unparsed"),
    ]:  # fmt: skip
        assert luffy.verify(reference, response).status == status, (reference, response)
    verdict = luffy.verify("B", "I choose (B)", grader="choice", choice_count=4)
    assert verdict.correct
    assert luffy.verify_batch(["1", "2"], ["\\boxed{1}", "\\boxed{3}"]) == ["right", "wrong"]
    assert luffy.verify("7", "… so 7.0", grader="integer", boxed="only").status == "unparsed"
    hack = luffy.verify("54", "26 + 28 is an unnerving goal", answer_form="anchored", problem="What is 26 + 28?")
    assert hack.status == "unparsed"
    assert luffy.verify("54", "The answer is 54.", answer_form="anchored").correct
    assert luffy.verify_batch(["1"], ["Answer: 1"], answer_form="boxed") == ["unparsed"]
    assert luffy.verify("7", "<think>8</think>\\boxed{7}", thinking="required").correct
    assert not luffy.verify("7", "\\boxed{7}", thinking="required").correct
    assert [luffy.overlength_penalty(n, 100, 20) for n in (80, 90, 100, 101)] == [0, -0.5, -1, -1]
    with pytest.raises(ValueError, match="weight"):
        luffy.overlength_penalty(1, 2, 1, weight=-1)
    with pytest.raises(ValueError, match="grader"):
        luffy.verify("1", "1", grader="oracle")


def _shaping(name, weight, exponent):
    return {
        "no_reshape": {"kind": "none"}, "logp": {"kind": "log", "weight": weight},
        "p_logp": {"kind": "p_log", "weight": weight}, "square_root": {"kind": "sqrt"},
        "pow": {"kind": "power", "exponent": exponent}, "p_div_p_0.1": {"kind": "saturating", "gamma": 0.1},
        "p_div_p_0.3": {"kind": "saturating", "gamma": 0.3}, "p_div_p_0.5": {"kind": "saturating", "gamma": 0.5},
    }[name]  # fmt: skip


def test_reference_vectors_through_the_keywords(shared):
    """The reference implementation's losses, advantages and gradients, by the keywords alone."""
    lines = (shared / "objective" / "reference_vectors.jsonl").read_text().strip().split("\n")
    fixed = 0
    for line in lines:
        case = json.loads(line)
        o, length = case["options"], case["length"]
        fixed += o["fixed"]
        given = case.get("behavior_prob") is not None
        options = {
            "off_shaping": {"kind": "none"} if given else _shaping(o["off"], o["off_w"], o["off_pow"]),
            "on_shaping": _shaping(o["on"], 1.0 if o["on"] == "logp" else o["on_w"], o["on_pow"]),
            "clip_low": None if o["remove_clip"] else o["cliprange"],
            "clip_high": None if o["remove_clip"] else max(o["clip_upper"], 1 + o["cliprange"]) - 1,
            "off_ratio_max": o["off_max"], "off_ratio_min": o["off_min"], "probability_max": o["all_max"],
            "baseline": "on_policy" if o["adv"].startswith("split") else "group",
            "normalize_std": o["adv"].endswith("std"),
            "behavior": "given" if given else "one",
            "aggregation": "fixed_length" if o["fixed"] else "token_mean", "fixed_length": length,
        }  # fmt: skip
        rows, starts = [], []
        for i in range(case["rollouts"]):
            start, n = i * length, case["lengths"][i]
            teacher = case["teacher_tokens"][i]
            cut = slice(start, start + n)
            rows.append(
                luffy.Row(
                    group=case["group"][i], reward=case["rewards"][i], logprobs=case["logprob"][cut],
                    old_logprobs=case["old_logprob"][cut], source="off" if teacher else "on",
                    behavior_logprobs=np.log(np.array(case["behavior_prob"][cut])) if given and teacher else None,
                    off_mask=[t < teacher for t in range(n)] if teacher else None,
                )
            )  # fmt: skip
            starts.append(cut)
        with luffy.Objective(**options) as objective:
            result = luffy.evaluate_objective(objective, rows)
        assert result.loss == pytest.approx(case["loss"], rel=1e-9, abs=1e-11), case["seed"]
        for i, cut in enumerate(starts):
            assert np.allclose(result.dlogprobs[i], case["d_logprob"][cut], rtol=1e-9, atol=1e-11), case["seed"]
    assert fixed > 0 and len(lines) == 90


def test_a_plan_holds_and_a_limit_refuses(model, tmp_path):
    model.save(tmp_path / "model")
    shape = {"prompts": 1, "rollouts": 7, "traces": 1, "prompt_tokens": 3, "response_tokens": 12}
    plan = luffy.plan(tmp_path / "model", **shape)
    assert plan.peak_bytes == max(plan.rollout_bytes, plan.update_bytes)
    assert plan.slots == 7 and plan.step_seconds > 0 and not plan.recompute_activations
    with pytest.raises(luffy.OutOfMemoryError, match="would need [0-9]+ bytes; memory_limit is 1000"):
        luffy.plan(tmp_path / "model", memory_limit=1000, **shape)
    with pytest.raises(luffy.OutOfMemoryError, match="memory_limit is 1000"):
        luffy.Trainer(model, memory_limit=1000)
    with luffy.Model.load(tmp_path / "model") as fresh:
        before = luffy.memory_stats()["live"]
        with luffy.Trainer(fresh, objective=luffy.Objective.luffy(fixed_length=12)) as trainer:
            trainer.step(groups(fresh))
            # Weights were there before.
            grown = luffy.memory_stats()["live"] - before
            assert grown < plan.peak_bytes < 1.5 * (grown + plan.weight_bytes)


def test_a_group_without_sharing_is_the_same_step():
    losses = []
    for share in (0, 1):
        with luffy.Model.create(CONFIG, seed=2) as fresh, luffy.Trainer(fresh, share_prompts=share) as trainer:
            losses.append(trainer.step(groups(fresh))["actor/loss"])
    assert losses[0] == losses[1]


def test_less_memory_for_keys_gives_the_same_rollouts(model):
    whole = model.generate([[5, 6, 7]], n=6, max_new_tokens=40, seed=3)
    few = model.generate([[5, 6, 7]], n=6, max_new_tokens=40, seed=3, kv_memory=100_000)
    assert [list(r.ids) for r in whole[0]] == [list(r.ids) for r in few[0]]
    with pytest.raises(luffy.OutOfMemoryError, match="kv_memory is"):
        model.generate([[5]], max_new_tokens=2**32 - 1)
