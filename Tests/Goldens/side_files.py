"""Writes side_files.json: what transformers makes of a tokenizer.json with other files beside it.

Run in an environment with `pip install transformers`; the result is committed. Every case has the files (their JSON),
the ids of a text with and without special tokens, the text of those ids without special tokens, and the ids of the
tokens that begin and end a text (-1: none).
"""

import json
import pathlib
import tempfile

from transformers import AutoTokenizer


def alphabet():
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    return {**{b: chr(b) for b in printable}, **{b: chr(256 + i) for i, b in enumerate(others)}}


SPELLINGS = alphabet()
BYTE_LEVEL = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}


def token(content, special=True, **flags):
    return {"content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False,
            "special": special, **flags}  # fmt: skip


def tokenizer(added=(), post_processor=None):
    vocabulary = {SPELLINGS[byte]: byte for byte in range(256)}
    vocabulary.update({piece: 256 + index for index, piece in enumerate(["he", "ll", "hell", "hello"])})
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": list(added), "normalizer": None,
        "pre_tokenizer": BYTE_LEVEL, "post_processor": post_processor, "decoder": BYTE_LEVEL,
        "model": {
            "type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
            "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
            "vocab": vocabulary, "merges": ["h e", "l l", "he ll", "hell o"],
        },
    }  # fmt: skip


EOS = {"id": 260, **token("<eos>")}
BASE = {"tokenizer_class": "PreTrainedTokenizerFast"}


def template(*pieces):
    parts = [{"Sequence": {"id": "A", "type_id": 0}} if p == "A" else {"SpecialToken": {"id": p, "type_id": 0}}
             for p in pieces]  # fmt: skip
    return {"type": "TemplateProcessing", "single": parts, "pair": parts + [{"Sequence": {"id": "B", "type_id": 1}}],
            "special_tokens": {"<eos>": {"id": "<eos>", "ids": [260], "tokens": ["<eos>"]}}}  # fmt: skip


def config(**keys):
    return {"tokenizer_config.json": {**BASE, **keys}}


CASES = {
    "listed after the last": (tokenizer([EOS]), config(
        eos_token="<eos>", added_tokens_decoder={"260": token("<eos>"), "261": token("<x>", False)})),
    "listed with gaps": (tokenizer([EOS]), config(
        eos_token="<eos>", added_tokens_decoder={"270": token("<x>", False), "265": token("<y>")})),
    "listed, none in tokenizer.json": (tokenizer(), config(
        eos_token="<eos>", added_tokens_decoder={"262": token("<eos>"), "263": token("<x>", False)})),
    "listed with other flags": (tokenizer([EOS]), config(
        eos_token="<eos>", added_tokens_decoder={"260": token("<eos>", lstrip=True)})),
    "listed, special only in tokenizer.json": (tokenizer([EOS]), config(
        added_tokens_decoder={"260": token("<eos>", False)}, eos_token="<eos>")),
    "listed, special only there": (tokenizer([{**EOS, "special": False}]), config(
        added_tokens_decoder={"260": token("<eos>")}, eos_token="<eos>")),
    "an ordinary piece becomes an added token": (tokenizer([EOS]), config(
        eos_token="<eos>", added_tokens_decoder={"259": token("hello"), "260": token("<eos>")})),
    "eos and bos missing": (tokenizer(), config(eos_token="<eos>", bos_token="<bos>")),
    "eos there, not special": (tokenizer([{**EOS, "special": False}]), config(eos_token="<eos>")),
    "bos is an ordinary piece": (tokenizer([EOS]), config(eos_token="<eos>", bos_token="hello")),
    "null is none": (tokenizer([EOS]), config(eos_token=None, bos_token=None)),
    "null, but the map names it": (tokenizer([EOS]), {
        **config(eos_token=None), "special_tokens_map.json": {"eos_token": "<eos>"}}),
    "map alone": (tokenizer(), {"special_tokens_map.json": {"eos_token": "<eos>"}}),
    "map with objects": (tokenizer([EOS]), {"special_tokens_map.json": {
        "eos_token": token("<eos>", lstrip=True), "bos_token": token("<bos>", lstrip=True)}}),
    "map beside a list is not read": (tokenizer([EOS]), {
        **config(eos_token="<eos>", added_tokens_decoder={"260": token("<eos>")}),
        "special_tokens_map.json": {"eos_token": "<eos>", "pad_token": "<x>"}}),
    "added_tokens.json": (tokenizer([EOS]), {
        **config(eos_token="<eos>"), "added_tokens.json": {"<x>": 261, "<y>": 262}}),
    "added_tokens.json keeps flags": (tokenizer([{**EOS, "lstrip": True}]), {
        **config(eos_token="<eos>"), "added_tokens.json": {"<eos>": 260, "<x>": 261}}),
    "added_tokens.json beside a list is not read": (tokenizer([EOS]), {
        **config(eos_token="<eos>", added_tokens_decoder={"260": token("<eos>")}),
        "added_tokens.json": {"<x>": 261}}),
    "other roles and additional tokens": (tokenizer(), config(
        eos_token="<eos>", additional_special_tokens=["<x>", "<y>"], pad_token="<pad>", unk_token="<unk>")),
    "extra tokens by name": (tokenizer([EOS]), config(
        eos_token="<eos>", extra_special_tokens={"image_token": "<x>"})),
    "template with a first token": (tokenizer([EOS], {"type": "Sequence", "processors": [
        {**BYTE_LEVEL, "trim_offsets": False}, template("<eos>", "A")]}), config(eos_token="<eos>", bos_token="<eos>")),
    "Qwen2's class has defaults": (tokenizer([EOS]), config(tokenizer_class="Qwen2TokenizerFast", bos_token="<bos>")),
    "Qwen2's class, end named": (tokenizer([EOS]), config(
        tokenizer_class="Qwen2Tokenizer", eos_token="<eos>", pad_token=None)),
    "GPT-2's class has defaults": (tokenizer(), config(tokenizer_class="GPT2Tokenizer")),
    "add_bos_token alone adds none": (tokenizer([EOS]), config(
        eos_token="<eos>", bos_token="<eos>", add_bos_token=True)),
}  # fmt: skip
TEXT = "a <eos> <bos>hello<x><y><pad> b<|endoftext|>"

golden = []
for name, (main, others) in CASES.items():
    files = {"tokenizer.json": main, **others}
    with tempfile.TemporaryDirectory() as directory:
        for file, content in files.items():
            (pathlib.Path(directory) / file).write_text(json.dumps(content), encoding="utf-8")
        made = AutoTokenizer.from_pretrained(directory)
        ids = made(TEXT, add_special_tokens=False).input_ids
        golden.append({
            "name": name, "files": files, "text": TEXT, "ids": ids, "with_special_tokens": made(TEXT).input_ids,
            "decoded": made.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False),
            "eos": -1 if made.eos_token_id is None else made.eos_token_id,
            "bos": -1 if made.bos_token_id is None else made.bos_token_id,
        })  # fmt: skip
path = pathlib.Path(__file__).with_name("side_files.json")
path.write_text(json.dumps(golden, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
print(f"{path}: {len(golden)} cases")
