"""What callers write by mistake is an error that shows what to write instead."""

import math

import numpy as np
import pytest

import luffy
from conftest import CONFIG

MESSAGES = [{"role": "user", "content": "What is 1 + 1?"}]


@pytest.mark.parametrize("call", ["generate", "score"])
@pytest.mark.parametrize(
    "given, text",
    [
        ([5, 6, 7], r"\[\[5, 6, 7\]\]"),
        (np.array([5, 6, 7]), r"\[\[5, 6, 7\]\]"),
        ((5,), r"\[\[5\]\]"),
        (5, "list of lists"),
        ("hello", "tokenizer.encode"),
        (["hello"], "tokenizer.encode"),
        (MESSAGES, "render_prompt"),
        ([MESSAGES], "render_prompt"),
        ({"input_ids": [[5]]}, "input_ids"),
        ([[5.0, 6.0]], "integers"),
        ([[5, True]], "token id, got True"),
        ([[5, -1]], "-1 is no token id"),
        ([[5, 2**31]], "no token id"),
        ([[5], []], r"\[1\] is empty"),
        ([[[5]]], "one list of token ids"),
        ([[5], [61]], "61 is not in 0..<61"),
        ([np.array([True, False])], "integers"),
        (None, "list of lists"),
    ],
)
def test_token_ids(model, call, given, text):
    with pytest.raises((TypeError, ValueError), match=text) as failure:
        getattr(model, call)(given)
    assert isinstance(failure.value, luffy.LuffyError)


def test_good_token_ids(model):
    for given in ([[5, 6]], ((5, 6),), np.array([[5, 6]]), [np.array([5, 6], np.uint8)], iter([[5, 6]]), [range(5, 7)]):
        assert len(model.score(given)) == 1
    assert model.generate([]) == [] and model.score([]) == []


@pytest.mark.parametrize(
    "options, text",
    [
        ({"n": True}, "n: expected a whole number"),
        ({"n": 2.0}, "n: expected a whole number"),
        ({"n": 0}, "n is 0"),
        ({"max_new_tokens": "8"}, "max_new_tokens: expected a whole number"),
        ({"temperature": "0.6"}, "temperature: expected a number"),
        ({"temperature": True}, "temperature: expected a number"),
        ({"temperature": -1}, "temperature is -1"),
        ({"top_p": None}, "top_p"),
        ({"seed": -1}, "seed: -1 is out of range"),
        ({"seed": 1.5}, "seed"),
        ({"stop_ids": 0}, r"write \[0\]"),
        ({"stop_ids": [61]}, "stop_ids: id 61"),
        ({"stop_ids": [-1]}, "stop_ids"),
        ({"max_tokens": 5}, "did you mean max_new_tokens"),
        ({"temprature": 1}, "did you mean temperature"),
    ],
)
def test_options_of_generate(model, options, text):
    with pytest.raises((TypeError, ValueError), match=text):
        model.generate([[5]], **options)


def group(rewards=(1.0, 0.0), rollouts=([2, 0], [3, 0]), traces=(), prompt=(5, 6)):
    return luffy.Group(prompt, rollouts, traces, rewards)


@pytest.mark.parametrize(
    "groups, text",
    [
        (group(), r"write trainer.step\(\[luffy.Group"),
        ([{"prompt_ids": [5]}], "expected a luffy.Group"),
        ([group(rewards=None)], "need a list of as many rewards, got none"),
        ([group(rewards=[1.0])], "as many rewards, got 1"),
        ([group(rewards=[1.0, 0.0, 0.0])], "as many rewards, got 3"),
        ([group(rewards=1.0)], "list of as many rewards"),
        ([group(rewards=["right", "wrong"])], r"rewards\[0\]: expected a number"),
        ([group(rewards=[luffy.Verdict("right"), 0])], r"float\(verdict.correct\)"),
        ([group(rewards=[1.0, math.inf])], "not finite"),
        ([group(rewards=[[1.0], [0.0]])], r"rewards\[0\]: expected a number"),
        ([group(rewards=[None, None])], "none of the 2 rollouts and traces has a reward"),
        ([group(rollouts=[2, 0])], r"rollouts=\[\[2, 0\]\]"),
        ([group(traces=[8, 9], rewards=[1, 0, 1, 1])], r"traces=\[\[8, 9\]\]"),
        ([group(traces=["text"], rewards=[1, 0, 1])], "tokenizer.encode"),
        ([group(rollouts=luffy.Rollout([2, 0]))], r"rollouts=\[rollout\]"),
        ([group(rollouts=[[luffy.Rollout([2, 0])], [3, 0]])], "generate returns a list of rollouts for each prompt"),
        ([group(traces=[[5, 6]], rewards=[1, 0, 1])], "group 0, trace 0 is the prompt itself"),
        ([group(rollouts=[[2, 61], [3, 0]])], "group 0, rollout 0"),
        ([group(rollouts=[[2, -1], [3, 0]])], "group 0, rollout 0"),
        ([group(prompt=[])], "group 0 has no prompt"),
        ([group(prompt="2 + 2")], "tokenizer.encode"),
        ([group(prompt=MESSAGES)], "render_prompt"),
        ([group(prompt=[[5, 6]])], r"write one of them, as …\[0\]"),
    ],
)
def test_groups(model, groups, text):
    before = model.parameter("model.norm.weight")
    with luffy.Trainer(model) as trainer:
        with pytest.raises((TypeError, ValueError), match=text):
            trainer.step(groups)
        assert trainer.steps == 0 and np.array_equal(before, model.parameter("model.norm.weight"))


@pytest.mark.parametrize("nothing", [None, float("nan"), np.float32("nan")])
def test_a_rollout_without_a_reward_is_left_out(nothing):
    weights = []
    for rollouts, rewards in [([[2, 0], [3, 0], [4, 0]], [1.0, nothing, 0.0]), ([[2, 0], [4, 0]], [True, 0])]:
        with luffy.Model.create(CONFIG, seed=2) as fresh:
            with luffy.Trainer(fresh, optimizer=luffy.AdamW(lr=1e-2)) as trainer:
                metrics = trainer.step([group(rewards, rollouts)])
            weights.append(fresh.parameter("model.norm.weight"))
        assert metrics["batch/unrewarded_rollouts"] == len(rollouts) - 2
        assert metrics["critic/rewards/mean"] == 0.5
    assert np.array_equal(*weights)


def test_more_updates_than_groups(model):
    with luffy.Trainer(model, updates_per_step=2) as trainer:
        with pytest.raises(ValueError, match="updates_per_step is 2, but this step has 1 groups"):
            trainer.step([group()])
        with pytest.raises(ValueError, match="updates_per_step"):
            trainer.sft_step([([5], [2, 0])])
        assert trainer.step([group(), group()])["training/global_step"] == 1


def test_the_reference_of_a_kl_term_is_another_model(model, tmp_path):
    objective = luffy.Objective.luffy(kl_coefficient=0.1)
    with pytest.raises(ValueError, match="needs a reference model"):
        luffy.Trainer(model, objective)
    with pytest.raises(ValueError, match="the trained model itself"):
        luffy.Trainer(model, objective, reference=model)
    with luffy.Model.create(CONFIG, seed=3) as other, luffy.Trainer(model, objective, reference=other) as trainer:
        trainer.save(tmp_path / "state")
        with pytest.raises(ValueError, match="needs a reference model"):
            luffy.Trainer.load(tmp_path / "state")
        # A second handle on the trained model is the trained model.
        with luffy.Trainer.load(tmp_path / "state", reference=other) as resumed:
            with pytest.raises(ValueError, match="the trained model itself"):
                luffy.Trainer(resumed.model, objective, reference=resumed.model)


def test_sequences_beyond_the_models_positions(tmp_path):
    config = {**CONFIG, "max_position_embeddings": 16}
    with luffy.Model.create(config) as short:
        assert short.max_positions == 16
        assert len(short.generate([[5] * 10], max_new_tokens=6, stop_ids=[])[0][0].ids) == 6
        with pytest.raises(ValueError, match="use max_new_tokens 6 at most, or load the model with allow_long_sequences"):
            short.generate([[5] * 10], max_new_tokens=7)
        with pytest.raises(ValueError, match="prompt 0 has 17 tokens"):
            short.generate([[5] * 17], max_new_tokens=1)
        with pytest.raises(ValueError, match="sequence 0 has 17 tokens, more than the model's max_position_embeddings"):
            short.score([[5] * 17])
        with luffy.Trainer(short) as trainer, pytest.raises(ValueError, match="group 0, rollout 1, with its prompt, has 18 tokens"):
            trainer.step([group(rollouts=[[2, 0], [3] * 16])])
        short.save(tmp_path / "model")
    with luffy.Model.load(tmp_path / "model", allow_long_sequences=True) as free:
        assert free.max_positions is None and len(free.score([[5] * 17])[0].logprobs) == 17
        with luffy.Trainer(free) as trainer:
            trainer.save(tmp_path / "state")
        with luffy.Trainer.load(tmp_path / "state") as resumed:
            assert resumed.model.max_positions is None
    with luffy.Model.create(CONFIG) as unlimited:
        assert unlimited.max_positions is None


def test_the_learning_rate_is_read_written_and_saved(model, tmp_path):
    with luffy.Trainer(model, optimizer=luffy.AdamW(lr=1e-3)) as trainer:
        assert trainer.lr == 1e-3
        trainer.lr = 5e-4
        assert trainer.lr == 5e-4 and trainer.step([group()])["actor/lr"] == 5e-4
        for wrong in (-1, math.nan, math.inf, "fast", True):
            with pytest.raises((TypeError, ValueError), match="lr"):
                trainer.lr = wrong
        assert trainer.lr == 5e-4
        trainer.save(tmp_path / "state")
    with luffy.Trainer.load(tmp_path / "state") as resumed:
        assert resumed.lr == 5e-4


def test_unknown_attributes(model):
    with luffy.Trainer(model) as trainer, luffy.Objective.luffy() as objective:
        for thing, name, text in [
            (trainer, "learning_rate", "did you mean lr"),
            (trainer, "user_stat", "did you mean user_state"),
            (trainer, "temperature", "no attribute temperature"),
            (trainer, "model", "can be read, not set"),
            (trainer, "steps", "can be read, not set"),
            (model, "configuration", "did you mean config"),
            (objective, "clip_low", r"luffy.Objective.luffy\(clip_low=…\)"),
            (luffy.AdamW(), "learning_rate", "did you mean lr"),
            (group(), "reward", "did you mean rewards"),
            (luffy.Rollout([1]), "reward", r"luffy.Group\(…, rewards="),
            (luffy.Row(0, 1.0, [0.0]), "old_logprob", "did you mean old_logprobs"),
        ]:
            with pytest.raises(AttributeError, match=text):
                setattr(thing, name, 1)

    class Mine(luffy.Rollout):
        pass

    mine = Mine([1])
    mine.text = "one"
    assert mine.text == "one"


def test_objects_where_others_are_expected(model, tmp_path):
    for call, text in [
        (lambda: luffy.Trainer("model/"), r"luffy.Model.load\(path\)"),
        (lambda: luffy.Trainer(model, "luffy"), r"luffy.Objective.preset\(name\)"),
        (lambda: luffy.Trainer(model, optimizer=1e-3), r"luffy.AdamW\(lr=…\)"),
        (lambda: luffy.Trainer(model, reference="model/"), "reference: expected a luffy.Model"),
        (lambda: luffy.Trainer(model, optimizer=luffy.AdamW(lr_schedule="linar")), "constant, linear, cosine"),
        (lambda: luffy.Trainer(model, optimizer=luffy.AdamW(betas=0.9)), "betas"),
        (lambda: luffy.Trainer(model, optimizer=luffy.AdamW(warmup_steps=-1)), "warmup_steps"),
        (lambda: luffy.Trainer(model, updates_per_step=True), "updates_per_step"),
        (lambda: luffy.Trainer(model, share_prompts="no"), "share_prompts: expected True or False"),
        (lambda: luffy.Model.create("llama"), "expected a dict"),
        (lambda: luffy.Model.create(CONFIG, seed=-1), "seed"),
        (lambda: luffy.evaluate_objective("luffy", []), "luffy.Objective.preset"),
        (lambda: luffy.evaluate_objective(luffy.Objective(), luffy.Row(0, 1.0, [0.0])), r"\[row\]"),
        (lambda: luffy.set_threads(True), "count"),
        (lambda: luffy.set_threads(-1), "count"),
        (lambda: luffy.verify(4, "4"), "write '4'"),
        (lambda: luffy.verify("4", luffy.Rollout([1])), r"tokenizer.decode\(rollout.ids\)"),
        (lambda: luffy.verify("4", None), "response: expected a text"),
        (lambda: luffy.verify_batch("4", "4"), r"write \['4'\]"),
        (lambda: luffy.verify("4", "4", latex="yes"), "latex: expected True or False"),
        (lambda: luffy.render_prompt("chatml", MESSAGES), "messages"),
        (lambda: model.parameter(0), "name: expected a text"),
        (lambda: model.set_parameter("model.norm.weight", ["a"] * 32), "model.norm.weight: expected numbers"),
        (lambda: luffy.Verdict("correct"), "wrong, right, unparsed"),
        (lambda: luffy.Verdict(True), "wrong, right, unparsed"),
    ]:
        with pytest.raises((TypeError, ValueError), match=text):
            call()
    with luffy.Trainer(model) as trainer:
        with pytest.raises(TypeError, match="bytes"):
            trainer.user_state = "place 4"
        with pytest.raises(TypeError, match=r"trainer.sft_step\(\[\(prompt, response\)\]\)"):
            trainer.sft_step([[1, 2, 3]])
        with pytest.raises(TypeError, match="expected a list of token ids"):
            trainer.sft_step([[1, 2], [3, 4]])


def test_unknown_keywords():
    for call, text in [
        (lambda: luffy.Objective.luffy(fixed_lenght=8), "did you mean fixed_length"),
        (lambda: luffy.Objective(clip_hi=0.2), "did you mean clip_high"),
        (lambda: luffy.Objective.preset("dapo", bufer=2), "did you mean buffer"),
        (lambda: luffy.AdamW(learning_rate=1), "did you mean lr"),
        (lambda: luffy.AdamW(weight_decai=1), "did you mean weight_decay"),
        (lambda: luffy.Group([1], reward=[1]), "did you mean rewards"),
        (lambda: luffy.Rollout([1], logprob=[0]), "did you mean logprobs"),
        (lambda: luffy.Row(0, 1.0, [0.0], sources="on"), "did you mean source"),
        (lambda: luffy.verify("1", "1", gradr="math"), "did you mean grader"),
        (lambda: luffy.verify_batch(["1"], ["1"], thinkin="after"), "did you mean thinking"),
        (lambda: luffy.plan("x", prompt=3), "unknown"),
        (lambda: luffy.Model.create(CONFIG, sed=3), "did you mean seed"),
        (lambda: luffy.Model.load("x", d_type="float32"), "did you mean dtype"),
        (lambda: luffy.evaluate(None, None, [], max_new_token=3), "did you mean max_new_tokens"),
    ]:
        with pytest.raises((TypeError, ValueError), match=text) as failure:
            call()
        assert isinstance(failure.value, luffy.LuffyError)


class Letters:
    """As much of a tokenizer as an evaluation asks for."""

    def encode(self, text):
        return [1 + ord(c) % 60 for c in text]

    def decode(self, ids, skip_special_tokens=False):
        return " ".join(map(str, ids))


@pytest.mark.parametrize("given", [True, np.True_, 1.0, 0.5, "right", "correct", None])
def test_a_judge_returns_a_verdict(model, given):
    problems = [{"problem": "1 + 1", "answer": "2"}]
    with pytest.raises(TypeError, match=r"judge returned .*luffy.Verdict\("):
        luffy.evaluate(model, Letters(), problems, max_new_tokens=2, template="raw", judge=lambda p, text: given)


@pytest.mark.parametrize(
    "problems, text",
    [
        ({"problem": "1 + 1", "answer": "2"}, r"write \[problem\]"),
        (["1 + 1"], r"problems\[0\]: expected a dict"),
        ([{"problem": "1", "answer": "1"}, {"problem": "1 + 1"}], r"problems\[1\] has no 'answer'"),
        ([{"problm": "1 + 1", "answer": "2"}], "did you mean problm"),
        ([{"problem": MESSAGES, "answer": "2"}], "list of messages"),
        ([{"problem": "1 + 1", "answer": None}], "answer: expected a text"),
        ([{"problem": "1 + 1", "answer": ["2"]}], "answer: expected a text"),
    ],
)
def test_problems_of_an_evaluation(model, problems, text):
    with pytest.raises((TypeError, ValueError), match=text):
        luffy.evaluate(model, Letters(), problems, max_new_tokens=2, template="raw")


def test_an_evaluations_default_length_fits_the_model():
    with luffy.Model.create({**CONFIG, "max_position_embeddings": 16}) as short:
        found = luffy.evaluate(short, Letters(), [{"problem": "1 + 1", "answer": 2}], template="raw")
        assert found.problems[0].responses[0].tokens <= 11
        with pytest.raises(ValueError, match="max_position_embeddings"):
            luffy.evaluate(short, Letters(), [{"problem": "1 + 1", "answer": 2}], template="raw", max_new_tokens=12)
