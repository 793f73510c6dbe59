"""Rollouts say how they were drawn, and a trainer scores them so: every ratio is 1 before the first update."""

import dataclasses
import itertools

import numpy as np
import pytest

import luffy
from conftest import CONFIG

PROMPT = [5, 6, 7]


def drawn(model, n=4, **options):
    [rollouts] = model.generate([PROMPT], n=n, max_new_tokens=12, **{"seed": 3, **options})
    return rollouts


def step(rollouts, traces=(), **options):
    """The metrics of the first step of a fresh model's trainer."""
    rewards = [float(index % 2) for index in range(len(rollouts) + len(traces))]
    with luffy.Model.create(CONFIG, seed=3) as fresh, luffy.Trainer(fresh, **options) as trainer:
        return trainer.step([luffy.Group(PROMPT, rollouts, list(traces), rewards)])


@pytest.mark.parametrize(
    "temperature, top_p, top_k", list(itertools.product([0.0, 0.6, 1.0, 1.5], [1.0, 0.8, 0.3], [0, 1, 5]))
)
def test_the_first_ratio_is_one(model, temperature, top_p, top_k):
    rollouts = drawn(model, temperature=temperature, top_p=top_p, top_k=top_k)
    for rollout in rollouts:
        scored = model.score([PROMPT + rollout.ids], temperature=temperature or 1.0)[0].logprobs[len(PROMPT) :]
        full = rollout.logprobs if rollout.full_logprobs is None else rollout.full_logprobs
        assert full.tobytes() == scored.tobytes()
    for options in ({}, {"recompute_old_logprobs": True}, {"objective": luffy.Objective.on_policy()}):
        metrics = step(rollouts, traces=[[8, 9, 0]], **options)
        assert metrics["actor/on_ratio_mean"] == 1 and metrics["actor/ppo_kl"] == 0


def test_the_record_draws_a_rollout_again(model):
    first = drawn(model, temperature=0.7, top_p=0.9, top_k=9, step=2, seed=None)
    record = first[1].sampling
    assert (record.temperature, record.top_k, record.step) == (0.7, 9, 2)
    assert (record.max_new_tokens, record.prompt, record.rollout) == (12, 0, 1)
    again = drawn(model, temperature=0.7, top_p=0.9, top_k=9, step=2, seed=record.seed)
    assert [r.ids for r in again] == [r.ids for r in first] and again[1].sampling == record


def test_two_default_calls_give_other_rollouts(model):
    first, second = (model.generate([PROMPT], n=4, max_new_tokens=20)[0] for _ in range(2))
    assert first[0].sampling.seed != second[0].sampling.seed
    assert [r.ids for r in first] != [r.ids for r in second]


def test_a_rollout_without_a_record_has_the_trainers_temperature(model):
    plain = [luffy.Rollout(r.ids, r.logprobs) for r in drawn(model, temperature=0.6)]
    assert step(plain)["actor/on_ratio_mean"] != 1
    assert step(plain, temperature=0.6)["actor/on_ratio_mean"] == 1


def test_a_mix_is_scored_row_by_row_or_refused(model):
    mix = drawn(model, temperature=0.6) + drawn(model, temperature=1.2, top_p=0.8)
    assert step(mix)["actor/on_ratio_mean"] == 1
    with pytest.raises(ValueError, match="group 0: its rollouts were drawn at temperatures 0.6 and 1.2"):
        step(mix, traces=[[8, 9, 0]])


def test_replayed_and_continued_rollouts(model):
    rollouts = drawn(model, temperature=0.8, top_k=4)
    replayed = [dataclasses.replace(r, source="replay") for r in rollouts[:2]]
    metrics = step(replayed + rollouts[2:], objective=luffy.Objective.preset("exgrpo"))
    assert metrics["actor/on_ratio_mean"] == 1
    assert metrics["actor/off_ratio_mean"] == pytest.approx(1 / 1.1, abs=1e-12)
    continued = [dataclasses.replace(r, prefix_length=2) for r in rollouts]
    assert step(continued, objective=luffy.Objective.preset("prefix_rft"))["actor/on_ratio_mean"] == 1


def test_a_record_that_cannot_be_is_refused(model):
    for change in ({"temperature": -1.0}, {"top_p": 0.0}):
        [first, *rest] = drawn(model)
        wrong = dataclasses.replace(first, sampling=dataclasses.replace(first.sampling, **change))
        with pytest.raises(luffy.InvalidArgumentError, match="group 0, rollout 0: sampling: "):
            step([wrong, *rest])
    with pytest.raises(TypeError, match="sampling"):
        step([dataclasses.replace(first, sampling={"temperature": 1})])
    with pytest.raises(ValueError, match="full_logprobs"):
        step([dataclasses.replace(first, full_logprobs=np.zeros(1, np.float32))])
