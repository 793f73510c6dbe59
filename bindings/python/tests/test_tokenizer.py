import json

import pytest

import luffy


def write(directory):
    vocabulary = {character: index + 1 for index, character in enumerate("abcĠ")}
    vocabulary["ab"] = 5
    document = {
        "version": "1.0",
        "added_tokens": [
            {"id": 0, "content": "<|endoftext|>", "special": True, "single_word": False, "lstrip": False,
             "rstrip": False, "normalized": False}
        ],
        "normalizer": None,
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        "model": {"type": "BPE", "vocab": vocabulary, "merges": ["a b"]},
    }  # fmt: skip
    path = directory / "tokenizer.json"
    path.write_text(json.dumps(document))
    return path


def test_round_trip(tmp_path):
    with luffy.Tokenizer.load(write(tmp_path)) as tokenizer:
        ids = tokenizer.encode("ab c<|endoftext|>")
        assert ids == [5, 4, 3, 0]
        assert tokenizer.decode(ids) == "ab c<|endoftext|>"
        assert tokenizer.decode(ids, skip_special_tokens=True) == "ab c"
        assert tokenizer.vocab_size == 6 and tokenizer.eos_id == 0 and tokenizer.bos_id is None
        assert tokenizer.decode([5, 77]) == "ab\ufffd"
        assert tokenizer.decode_checked([5, 77, 0, 78]) == ("ab\ufffd<|endoftext|>\ufffd", 2)
        assert tokenizer.decode_checked([5]) == ("ab", 0)
        with pytest.raises(luffy.LuffyError):
            tokenizer.decode([-1])
        assert tokenizer.encode("") == []
    with pytest.raises(luffy.ClosedError):
        tokenizer.encode("a")


def test_files_that_are_not_tokenizers(tmp_path):
    (tmp_path / "tokenizer.json").write_text('{"model": ')
    with pytest.raises(luffy.LuffyError, match="tokenizer.json"):
        luffy.Tokenizer.load(tmp_path)
    with pytest.raises(OSError):
        luffy.Tokenizer.load(tmp_path / "absent")


def test_reference_rows(shared):
    with luffy.Tokenizer.load(shared / "tokenizer" / "smollm2.tokenizer.json") as tokenizer:
        for line in (shared / "tokenizer" / "smollm2.jsonl").read_text(encoding="utf-8").strip().split("\n"):
            row = json.loads(line)
            assert tokenizer.encode(row["text"]) == row["ids"]
            assert tokenizer.decode(row["ids"]) == row["decoded"]


def test_prompts():
    text = luffy.render_prompt("chatml", "Hi", system="Be brief.")
    assert text == "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"
    with pytest.raises(ValueError):
        luffy.render_prompt("unknown", "Hi")
