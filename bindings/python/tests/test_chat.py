"""The chat template of a model's own files: by the library where it knows the template, by jinja2 where it does not."""

import json
import pathlib
import sys

import pytest
from test_tokenizer import write

import luffy

GOLDENS = pathlib.Path(__file__).resolve().parents[3] / "Tests" / "Goldens"
DATA = json.loads((GOLDENS / "chat_templates.json").read_text(encoding="utf-8"))
USER = [{"role": "user", "content": "Hi"}]


def load(directory, template, **config):
    document = json.loads(write(directory).read_text())
    for number, role in enumerate(sorted(config), 6):
        document["added_tokens"].append({**document["added_tokens"][0], "id": number, "content": config[role]})
    (directory / "tokenizer.json").write_text(json.dumps(document))
    if template is not None:
        config["chat_template"] = template
    (directory / "tokenizer_config.json").write_text(json.dumps(config))
    return luffy.Tokenizer.load(directory)


def family(name):
    return next(found for found in DATA["families"] if found["name"] == name)


def fnv(text):
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return f"{value:016x}"


@pytest.mark.parametrize("found", DATA["families"], ids=lambda found: found["name"])
def test_a_hundred_conversations(tmp_path, found):
    """Against the committed texts of jinja2; Llama 3.2's have another date, and are compared in Swift."""
    config = {key: found[name] for key, name in (("bos_token", "bos"), ("eos_token", "eos")) if found[name]}
    with load(tmp_path, found["template"], **config) as tokenizer:
        assert tokenizer.chat_template == found["template"] and tokenizer.chat_template_name == found["name"]
        hashes = found["hashes"].split()
        for index, expected in enumerate(hashes if "date_string" not in found else []):
            text = tokenizer.apply_chat_template(
                DATA["conversations"][index // 2], index % 2 == 1, False, found.get("enable_thinking")
            )
            assert fnv(text) == expected, text


@pytest.mark.parametrize("found", DATA["families"], ids=lambda found: found["name"])
def test_against_jinja_itself(tmp_path, found):
    pytest.importorskip("jinja2")
    config = {key: found[name] for key, name in (("bos_token", "bos"), ("eos_token", "eos")) if found[name]}
    with load(tmp_path, found["template"], **config) as tokenizer:
        native = [tokenizer.apply_chat_template(talk, True, False) for talk in DATA["conversations"][:20]]
    # Another comment alone does not make it another template; an unused line of output does.
    with load(tmp_path, found["template"] + "{% if false %}x{% endif %}", **config) as tokenizer:
        assert tokenizer.chat_template_name is None
        assert [tokenizer.apply_chat_template(talk, True, False) for talk in DATA["conversations"][:20]] == native


def test_ids_lists_and_mistakes(tmp_path):
    with load(tmp_path, family("chatml")["template"]) as tokenizer:
        text = tokenizer.apply_chat_template(USER, add_generation_prompt=True, tokenize=False)
        assert text == "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"
        assert tokenizer.apply_chat_template(USER, add_generation_prompt=True) == tokenizer.encode(text)
        assert tokenizer.apply_chat_template([USER, USER], tokenize=False) == [text[: -len("<|im_start|>assistant\n")]] * 2
        for messages, match in [
            ("Hi", "list of messages"), (USER[0], r"write \[message\]"), ([{"role": "human", "content": "x"}], "assistant"),
            ([{"role": "user", "content": [{"type": "text"}]}], "content"), ([], "no messages"),
            ([{**USER[0], "tool_calls": [1]}], "tool_calls"), ([{"role": "user", "content": "\0"}], "U.0000"),
        ]:  # fmt: skip
            with pytest.raises(ValueError, match=match):
                tokenizer.apply_chat_template(messages)
        with pytest.raises(ValueError, match="no switch for thinking"):
            tokenizer.apply_chat_template(USER, enable_thinking=False)


def test_a_template_that_is_not_known(tmp_path, monkeypatch):
    with load(tmp_path, "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}") as tokenizer:
        assert tokenizer.chat_template_name is None and "another" in repr(tokenizer)
        if "jinja2" in sys.modules or pytest.importorskip("jinja2"):
            assert tokenizer.apply_chat_template(USER, tokenize=False) == "[user]Hi"
        for name in [name for name in sys.modules if name.split(".")[0] == "jinja2"]:
            monkeypatch.setitem(sys.modules, name, None)
        with pytest.raises(NotImplementedError, match=r'luffy\[chat\]'):
            tokenizer.apply_chat_template(USER)
    with load(tmp_path, None) as tokenizer:
        assert tokenizer.chat_template is None
        with pytest.raises(luffy.NotFoundError, match="chat_template.jinja"):
            tokenizer.apply_chat_template(USER)


def test_as_people_know_tokenizers(tmp_path):
    with load(tmp_path, family("smollm2")["template"]) as tokenizer:
        assert len(tokenizer) == tokenizer.vocab_size == 6
        assert tokenizer.token_to_id("<|endoftext|>") == 0 and tokenizer.token_to_id("none") is None
        assert tokenizer("ab") == {"input_ids": [5], "attention_mask": [1]}
        assert tokenizer(["ab", "ab c"])["input_ids"] == [[5], [5, 4, 3]]
        assert tokenizer.batch_decode([[5, 4, 3], [0], []], skip_special_tokens=True) == ["ab c", "", ""]
        assert repr(tokenizer) == "Tokenizer(vocab_size=6, eos_id=0, chat_template='smollm2')"
        saved = tmp_path / "there" / "saved"
        tokenizer.save(saved)
        (saved / "vocab.json").write_text("{}")
        (saved / "notes.txt").write_text("mine")
        tokenizer.save(saved)
        assert sorted(path.name for path in saved.iterdir()) == ["notes.txt", "tokenizer.json", "tokenizer_config.json"]
        with luffy.Tokenizer.load(saved) as again:
            assert again.encode("ab c<|endoftext|>") == [5, 4, 3, 0] and again.chat_template_name == "smollm2"
        with pytest.raises(OSError):
            tokenizer.save(saved / "notes.txt")
    assert repr(tokenizer) == "Tokenizer(closed)"
