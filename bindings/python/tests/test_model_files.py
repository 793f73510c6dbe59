"""What comes with a model's weights: stop ids, the tokenizer's vocabulary and files."""

import json

import numpy as np
import pytest

import luffy

from conftest import CONFIG

CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
ADDED = ["<|endoftext|>", "<|im_end|>", "<x>", "<y>"]


def write_tokenizer(directory):
    """40 ids, for a model of 61."""
    document = {
        "version": "1.0",
        "added_tokens": [
            {"id": 36 + index, "content": content, "special": True, "normalized": False}
            for index, content in enumerate(ADDED)
        ],
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "use_regex": True},
        "decoder": {"type": "ByteLevel"},
        "model": {"type": "BPE", "vocab": {c: index for index, c in enumerate(CHARACTERS)}, "merges": []},
    }
    (directory / "tokenizer.json").write_text(json.dumps(document))
    (directory / "tokenizer_config.json").write_text(json.dumps({"eos_token": "<|im_end|>", "chat_template": "{{ x }}"}))
    (directory / "generation_config.json").write_text(
        json.dumps({"eos_token_id": [38, 36], "temperature": 0.7, "top_p": 0.8, "repetition_penalty": 1.05})
    )


@pytest.fixture
def directory(model, tmp_path):
    source = tmp_path / "source"
    with luffy.Model.create({**CONFIG, "pad_token_id": 39}, seed=3) as made:
        made.save(source)
    write_tokenizer(source)
    return source


def test_stop_ids_come_from_every_file(directory, tmp_path):
    with luffy.Model.load(directory) as model:
        assert model.stop_ids == [0, 36, 37, 38]
        for rollout in model.generate([[1, 2]], n=40, max_new_tokens=60)[0]:
            assert not set(rollout.ids[:-1]) & {0, 36, 37, 38}
        own = model.generate([[1, 2]], n=40, max_new_tokens=60, stop_ids=[5])[0]
        assert any(36 in rollout.ids[:-1] for rollout in own)


def test_ids_without_a_token_take_no_part(directory):
    with luffy.Model.load(directory) as model, luffy.Model.load(directory, limit_vocabulary=False) as whole:
        assert (model.token_count, whole.token_count) == (40, 61)
        prompt = [3, 4]
        rollouts = model.generate([prompt], n=30, max_new_tokens=20, temperature=2.0, stop_ids=[])[0]
        assert max(max(rollout.ids) for rollout in rollouts) < 40
        scores = model.score([prompt + rollout.ids for rollout in rollouts], temperature=2.0)
        for rollout, score in zip(rollouts, scores):
            assert rollout.logprobs.tobytes() == score.logprobs[2:].tobytes()
        everything = np.array([whole.score([prompt + [id]])[0].logprobs[-1] for id in range(61)], np.float64)
        expected = everything[:40] - np.log(np.exp(everything[:40]).sum())
        found = [model.score([prompt + [id]])[0].logprobs[-1] for id in range(40)]
        assert np.abs(np.array(found) - expected).max() < 1e-5
        with pytest.raises(ValueError, match="names no token"):
            model.score([[1, 50]])
        model.limit_vocabulary(False)
        assert model.score([[1, 50]])[0].logprobs.tobytes() == whole.score([[1, 50]])[0].logprobs.tobytes()


def test_save_takes_the_files_along(directory, tmp_path):
    with luffy.Model.load(directory) as model:
        model.save(tmp_path / "saved", dtype="bfloat16")
        with pytest.raises(ValueError, match="dtype"):
            model.save(tmp_path / "saved", dtype="float16")
        values = model.parameter("model.norm.weight"), model.parameter("model.embed_tokens.weight")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        assert (tmp_path / "saved" / name).read_bytes() == (directory / name).read_bytes()
    generation = json.loads((tmp_path / "saved" / "generation_config.json").read_text())
    assert generation["temperature"] == 0.7 and generation["repetition_penalty"] == 1.05
    assert set(generation["eos_token_id"]) == {0, 36, 37, 38}
    config = json.loads((tmp_path / "saved" / "config.json").read_text())
    assert config["torch_dtype"] == "bfloat16" and config["pad_token_id"] == 39
    with luffy.Model.load(tmp_path / "saved") as again:
        assert again.stop_ids == [0, 36, 37, 38] and again.token_count == 40
        bits = values[1].view(np.uint32)
        rounded = ((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000).view(np.float32)
        assert np.array_equal(again.parameter("model.embed_tokens.weight"), rounded)


def test_a_tokenizer_is_set(directory, model, tmp_path):
    with luffy.Tokenizer.load(directory) as tokenizer:
        assert tokenizer.eos_id == 37 and tokenizer.bos_id is None
        model.set_tokenizer(tokenizer)
        assert model.token_count == 40 and model.stop_ids == [0, 37]
        model.set_tokenizer(None)
        assert model.token_count == 61 and model.stop_ids == [0]
        model.save(tmp_path / "other", tokenizer=tokenizer)
    assert (tmp_path / "other" / "tokenizer.json").exists()


def test_evaluation_survives_ids_without_a_token(directory):
    with luffy.Model.load(directory, limit_vocabulary=False) as model, luffy.Tokenizer.load(directory) as tokenizer:
        found = luffy.evaluate(
            model, tokenizer, [{"problem": "a", "answer": "1"}], n=20, max_new_tokens=20, temperature=2.0, template="raw"
        )
        assert any("\ufffd" in response.text for response in found.problems[0].responses)
