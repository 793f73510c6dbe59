"""The balance of the presets, and steps that cannot teach."""

import numpy as np
import pytest

import luffy


def flat(model, step=0):
    [rollouts] = model.generate([[5, 6, 7]], n=7, max_new_tokens=12, seed=1, step=step)
    return [luffy.Group([5, 6, 7], rollouts=rollouts, traces=[[8, 9, 10, 0]], rewards=[0.0] * 8)]


def bytes_of(model):
    return {name: model.parameter(name).tobytes() for name in model.parameter_names()}


@pytest.mark.parametrize("name", ["luffy", "plain", "on_policy", "mixed_policy", "dr_grpo", "exgrpo"])
def test_a_step_without_signal_moves_nothing(name, model):
    with luffy.Trainer(model, objective=luffy.Objective.preset(name), optimizer=luffy.AdamW(lr=1e-2)) as trainer:
        before = bytes_of(model)
        metrics = trainer.step(flat(model))
        assert bytes_of(model) == before
        assert metrics["signal/skipped_updates"] == 1 and metrics["signal/all_groups_equal"] == 1
        assert metrics["signal/entropy_rising"] == 0 and trainer.steps == 1


@pytest.mark.parametrize("options", [{"name": "reference"}, {"name": "luffy", "skip_without_signal": False}])
def test_who_wants_them_keeps_such_steps(options, model):
    with luffy.Trainer(model, objective=luffy.Objective.preset(**options)) as trainer:
        before = bytes_of(model)
        assert trainer.step(flat(model))["signal/skipped_updates"] == 0
        assert bytes_of(model) != before


def test_a_likelihood_is_a_signal(model):
    with luffy.Trainer(model, objective=luffy.Objective.rl_with_sft_loss()) as trainer:
        before = bytes_of(model)
        assert trainer.step(flat(model))["signal/skipped_updates"] == 0
        assert bytes_of(model) != before


def test_an_entropy_band_is_checked(model):
    with pytest.raises(ValueError, match="entropy_band is -1"):
        luffy.Trainer(model, entropy_band=-1.0)


def rows(length, groups, reward=lambda index: float(index in (0, 7))):
    random = np.random.default_rng(length)
    logprobs, entropies = -random.uniform(0.1, 3, length), random.uniform(0.1, 3, length)
    return [
        luffy.Row(group, reward(i), logprobs, source="off" if i == 7 else "on", entropies=entropies)
        for group in range(groups) for i in range(8)
    ]  # fmt: skip


def ratio(objective, length, groups):
    result = luffy.evaluate_objective(objective, rows(length, groups))
    policy, entropy = (np.concatenate(part) for part in (result.dlogprobs, result.dentropies))
    return np.linalg.norm(entropy) / np.linalg.norm(policy)


@pytest.mark.parametrize("length", [32, 512, 2048])
@pytest.mark.parametrize("groups", [1, 16])
def test_the_bonus_weighs_the_same_at_any_length_and_batch(length, groups):
    batch = 8 * groups
    micro_batches = batch / 8 * length / 32768
    reference = luffy.Objective.reference(policy_scale=1 / 8, entropy_coefficient=0.001 * micro_batches)
    published = ratio(reference, length, groups)
    for options in ({}, {"fixed_length": 8192}, {"fixed_length": length}):
        assert ratio(luffy.Objective.luffy(**options), length, groups) / published == pytest.approx(1.2)
    assert ratio(luffy.Objective(), length, groups) / published == pytest.approx(4 * 8192 / length)


def test_an_entropy_coefficient_is_one_of_the_token_mean():
    batch = rows(16, 2)
    for objective in (luffy.Objective(), luffy.Objective.luffy(entropy_coefficient=0.001)):
        result = luffy.evaluate_objective(objective, batch)
        assert np.allclose(result.dentropies, -0.001 / (16 * 16), rtol=1e-12)
    relative = luffy.Objective(relative_entropy_coefficient=0.5, fixed_length=10)
    assert np.allclose(luffy.evaluate_objective(relative, batch).dentropies, -0.5 / (16 * 10), rtol=1e-12)
    with pytest.raises(ValueError, match="expected one"):
        luffy.Objective(relative_entropy_coefficient=0.5, entropy_coefficient=0.5)
    assert luffy.Objective.luffy().options["fixed_length"] is None
    assert luffy.Objective().options["fixed_length"] == 8192
    with pytest.raises(ValueError, match="needs a number"):
        luffy.Objective(aggregation="fixed_length", fixed_length=None)
