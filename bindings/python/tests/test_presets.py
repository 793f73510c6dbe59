import numpy as np
import pytest

import luffy

#: What a preset needs changed for rows as short as these.
OPTIONS = {"dapo": {"buffer": 2, "maximum_length": 8}, "chord": {"steps": 10, "weighs_tokens": True}}


def rows(scale=1.0):
    """Two groups: rollouts right and wrong, a replayed one, and a trace."""
    random = np.random.default_rng(5)
    made = []
    for group in range(2):
        for index, source in enumerate(["on", "on", "on", "replay", "off"]):
            logprobs = -random.exponential(1.0, 4) * scale
            made.append(
                luffy.Row(
                    group=group, reward=float(index in (0, 4)), logprobs=logprobs, source=source,
                    old_logprobs=np.minimum(logprobs - random.normal(0, 0.1, 4), 0), entropies=random.uniform(0.5, 2, 4),
                    behavior_logprobs=logprobs - 0.1 if source == "replay" else None,
                )
            )  # fmt: skip
    return made


@pytest.mark.parametrize("name", luffy.PRESETS)
def test_every_preset_evaluates_and_its_options_come_back(name):
    with luffy.Objective.preset(name, **OPTIONS.get(name, {})) as objective:
        options = objective.options
        batch = rows()
        result = luffy.evaluate_objective(objective, batch)
        assert np.isfinite(result.loss) and any(np.abs(row).max() > 0 for row in result.dlogprobs)
        with luffy.Objective.preset(name, **{k: v for k, v in options.items() if k != "preset"}) as copy:
            assert copy.options == options
            assert luffy.evaluate_objective(copy, batch).loss == result.loss


@pytest.mark.parametrize("name", luffy.PRESETS)
def test_every_preset_trains_and_resumes(name, model, tmp_path):
    with luffy.Objective.preset(name, **OPTIONS.get(name, {})) as objective:
        with luffy.Trainer(model, objective=objective, optimizer=luffy.AdamW(lr=1e-2)) as trainer:
            [rollouts] = model.generate([[5, 6, 7]], n=4, max_new_tokens=6, seed=1)
            past = luffy.Rollout(rollouts[3].ids, rollouts[3].logprobs - 0.1, source="replay")
            group = luffy.Group([5, 6, 7], [*rollouts[:3], past], [[8, 9, 10, 0]], [1.0, 0, 0, 1, 1])
            before = model.parameter("model.norm.weight")
            metrics = trainer.step([group])
            assert np.isfinite(metrics["actor/loss"])
            assert not np.array_equal(before, model.parameter("model.norm.weight"))
            trainer.save(tmp_path / "state")
            expected = trainer.step([group])["actor/loss"]
        with luffy.Trainer.load(tmp_path / "state") as resumed:
            assert resumed.step([group])["actor/loss"] == expected


def test_follow_ups_name_wrong_options():
    with pytest.raises(ValueError, match="not one of.*gspo"):
        luffy.Objective.preset("gspoo")
    with pytest.raises(ValueError, match="ratio_min.*unknown to cispo; did you mean ratio_max"):
        luffy.Objective.preset("cispo", ratio_min=1)
    with pytest.raises(ValueError, match="length_penalty"):
        luffy.Objective.preset("dapo", maximum_length=8)
    with pytest.raises(ValueError, match="steps"):
        luffy.Objective.preset("chord", steps=-1)
    with pytest.raises(ValueError, match="true or false"):
        luffy.Objective.preset("chord", weighs_tokens=3)


def test_members_of_a_group_are_checked(model):
    with luffy.Trainer(model) as trainer:
        for member, reason in [
            (luffy.Rollout([1, 2], source="past"), "source"),
            (luffy.Rollout([1, 2], prefix_length=3), "prefix_length"),
            (luffy.Rollout([1, 2], source="replay", behavior_logprobs=[0.0]), "log-probs"),
        ]:
            with pytest.raises(ValueError, match=reason):
                trainer.step([luffy.Group([1], [member], rewards=[1.0])])
