"""What people who know other libraries type."""

import pytest
from test_chat import family, load

import luffy

PROBLEMS = [{"problem": "ab", "answer": "1"}, {"problem": "c", "answer": "2"}]


@pytest.fixture
def pair(tmp_path):
    """A model and a tokenizer in one directory."""
    with load(tmp_path / "parts", family("smollm2")["template"]) as tokenizer:
        config = {
            "model_type": "llama", "vocab_size": 8, "hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2,
            "num_key_value_heads": 1, "head_dim": 16, "intermediate_size": 32, "tie_word_embeddings": True, "eos_token_id": 0,
        }  # fmt: skip
        with luffy.Model.create(config, seed=1) as model:
            model.save(tmp_path / "model", tokenizer=tokenizer)
    return luffy.load(tmp_path / "model")


@pytest.fixture(autouse=True)
def parts(tmp_path):
    (tmp_path / "parts").mkdir()


def test_load_gives_both_and_rollouts_their_text(pair):
    model, tokenizer = pair
    [[rollout]] = model.generate([tokenizer.encode("ab c")], max_new_tokens=6, seed=1)
    assert rollout.text == tokenizer.decode(rollout.ids, skip_special_tokens=True)
    assert repr(rollout).startswith(f"Rollout(text={rollout.text!r}, tokens={len(rollout.ids)}")
    assert repr(luffy.Rollout(ids=list(range(9)))) == (
        "Rollout(ids=[0, 1, 2, 3, 4, 5, 6, 7]…, tokens=9, finish_reason='stop')"
    )
    assert repr(model) == "Model(model_type='llama', num_hidden_layers=1, hidden_size=32, vocab_size=8)"
    model.set_tokenizer(None)
    assert model.generate([[1]], max_new_tokens=2)[0][0].text is None
    model.close()
    assert repr(model) == "Model(closed)"


def test_types_by_their_short_names(pair, tmp_path):
    model, _ = pair
    model.save(tmp_path / "half", dtype="bf16")
    assert luffy.Model.load(tmp_path / "half", dtype="bf16").config == luffy.Model.load(tmp_path / "half", dtype="fp32").config
    assert luffy.Run.configuration(dtype="bf16")["dtype"] == "bfloat16"
    with pytest.raises(ValueError, match="float32, bfloat16"):
        luffy.Model.load(tmp_path / "half", dtype="fp16")


@pytest.mark.parametrize(
    "call, name",
    [
        (lambda model: luffy.AdamW(learning_rate=1), "lr"), (lambda model: luffy.AdamW(epsilon=1), "eps"),
        (lambda model: model.generate([[1]], max_tokens=1), "max_new_tokens"),
        (lambda model: luffy.Objective(epsilon=0.2), "clip_low"), (lambda model: luffy.Objective(beta=0.2), "kl_coefficient"),
        (lambda model: luffy.Run(learning_rate=1), "lr"), (lambda model: luffy.Run(num_generations=8), "group"),
        (lambda model: luffy.Run(reward_funcs=[]), "rewards"), (lambda model: luffy.Run(max_steps=8), "steps"),
        (lambda model: luffy.Run.configuration(learning_rate=1), "lr"),
        (lambda model: luffy.Run.configuration(max_completion_length=1), "max_new_tokens"),
    ],
)  # fmt: skip
def test_names_of_other_libraries_are_understood(pair, call, name):
    with pytest.raises((TypeError, ValueError), match=rf"did you mean {name}\?"):
        call(pair[0])


def test_evaluate_takes_what_there_is(pair):
    model, tokenizer = pair
    options = {"max_new_tokens": 4, "seed": 3}
    plain = luffy.evaluate(model, tokenizer, PROBLEMS, **options)
    assert plain.problems[0].prompt == tokenizer.apply_chat_template(
        [{"role": "user", "content": "ab"}], add_generation_prompt=True, tokenize=False
    )
    assert repr(plain).startswith("Evaluation(problems=2, samples=1, accuracy=")
    for problems, keywords in [
        ((problem for problem in PROBLEMS), {}), (PROBLEMS, {"template": "model"}),
        ([{"question": row["problem"], "gold": row["answer"]} for row in PROBLEMS],
         {"columns": {"problem": "question", "answer": "gold"}}),
        ([{**row, "problem": [{"role": "user", "content": row["problem"]}]} for row in PROBLEMS], {}),
    ]:  # fmt: skip
        found = luffy.evaluate(model, tokenizer, problems, **options, **keywords)
        assert [problem.to_dict() for problem in found.problems] == [problem.to_dict() for problem in plain.problems]
    system = luffy.evaluate(model, tokenizer, PROBLEMS, system="c", **options)
    assert system.problems[0].prompt.startswith("<|im_start|>system\nc<|im_end|>")
    assert luffy.evaluate(model, tokenizer, PROBLEMS, template="raw", **options).problems[1].prompt == "c"
    for problems, keywords, match in [
        ([{"question": "a", "answer": "1"}], {}, "it has question, answer: name the column"),
        ([{"question": "a"}], {"columns": {"problem": "prompt"}}, "it has question"),
        ([{"problem": [{"role": "user", "content": "a"}], "answer": "1"}], {"template": "chatml"}, 'template="model"'),
        ([{"problem": [{"role": "x", "content": "a"}], "answer": "1"}], {}, "role: expected one of"),
    ]:  # fmt: skip
        with pytest.raises(ValueError, match=match):
            luffy.evaluate(model, tokenizer, problems, **options, **keywords)


def test_a_run_says_which_template_it_took(pair, tmp_path):
    import json
    import logging

    rows = [{"problem": "ab", "answer": "c", "solution": "c"}] * 20
    directory = tmp_path / "run"
    run = luffy.Run(model=tmp_path / "model", data=rows, output=directory, steps=1, prompts=1, group=2, held_out=1)
    assert json.loads((directory / "config.json").read_text())["template"] == "model"
    assert next(iter(run)).groups[0].prompt.endswith("<|im_start|>user\nab<|im_end|>\n<|im_start|>assistant\n")
    assert repr(run) == f"Run(directory={str(directory)!r}, steps=1, done=False)"
    logging.getLogger("luffy").setLevel(logging.NOTSET)


def test_errors_are_kin_of_pythons_own(tmp_path):
    with pytest.raises(OSError):
        luffy.load(tmp_path / "none")
    with pytest.raises(ValueError):
        luffy.verify(4, "4")
    assert issubclass(luffy.OutOfMemoryError, MemoryError) and issubclass(luffy.CorruptError, ValueError)
