"""Model files: what is computed must be what transformers computes, and what is refused must be named."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest
from model_files import (
    CONFIG, gguf_keys, gguf_tensors, hashed, save_directory, save_gguf, save_safetensors, shapes, weights,
)  # fmt: skip

import luffy

GOLDENS = Path(__file__).resolve().parents[3] / "Tests" / "Goldens" / "rope.json"
EMBEDDING, HEAD = "model.embed_tokens.weight", "lm_head.weight"
SENTENCE = [(7 * i * i + 3 * i) % 61 for i in range(40)]


def score(path: Path, ids: list[int] = SENTENCE) -> np.ndarray:
    with luffy.Model.load(path) as model:
        return np.array(model.score([ids])[0].logprobs)


def refusal(path: Path, error: type = luffy.UnsupportedError) -> str:
    with pytest.raises(error) as caught:
        luffy.Model.load(path)
    assert str(path) in str(caught.value) or Path(path).name in str(caught.value)
    return str(caught.value)


def goldens() -> dict:
    return json.loads(GOLDENS.read_text())


@pytest.mark.parametrize("case", goldens()["cases"], ids=lambda case: case["name"])
def test_rotary_scaling_is_that_of_transformers(case, tmp_path):
    ids = goldens()["sequence"]
    directory = tmp_path / "model"
    directory.mkdir()
    config = {**CONFIG, **case["config"]}
    (directory / "config.json").write_text(json.dumps(case["config"]))
    save_safetensors(directory / "model.safetensors", weights(config))
    found = score(directory, ids)
    assert np.abs(found - case["logprobs"]).max() < 2e-4
    with luffy.Model.load(directory) as model:
        model.save(tmp_path / "again")
    assert (score(tmp_path / "again", ids) == found).all()
    saved = json.loads((tmp_path / "again" / "config.json").read_text())
    assert saved["rope_parameters"]["rope_theta"] == saved["rope_theta"]


def test_gradients_pass_through_the_attention_factor(tmp_path):
    """Along the gradient of the keys' and queries' weights, a loss rises by the gradient's square."""
    rope = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 16, "attention_factor": 1.5}
    names = [f"model.layers.{layer}.self_attn.{part}_proj.weight" for layer in range(2) for part in "qk"]
    signs = np.cos(np.arange(len(SENTENCE), dtype=np.float32))
    with luffy.Model.load(save_directory(tmp_path / "m", {"rope_scaling": rope})) as model:
        model.zero_gradients()
        model.backward([SENTENCE], [signs])
        gradients = {name: model.gradient(name).astype(np.float64) for name in names}
        size = sum((g * g).sum() for g in gradients.values())
        before, losses = {name: model.parameter(name) for name in names}, []
        for step in (1e-3, -1e-3):
            for name in names:
                moved = before[name] + step / np.sqrt(size) * gradients[name]
                model.set_parameter(name, moved.astype(np.float32))
            losses.append(np.dot(model.score([SENTENCE])[0].logprobs, signs))
    assert (losses[0] - losses[1]) / 2e-3 == pytest.approx(np.sqrt(size), rel=1e-2)


@pytest.mark.parametrize(
    ("rope", "words"),
    [
        ({"rope_scaling": {"rope_type": "dynamic", "factor": 2.0}}, "dynamic"),
        ({"rope_scaling": {"type": "dynamic", "factor": 2.0}}, "dynamic"),
        ({"rope_scaling": {"rope_type": "longrope", "factor": 2.0}}, "longrope"),
        ({"rope_parameters": {"rope_type": "longrope", "rope_theta": 1e4}}, "longrope"),
        ({"rope_scaling": {"type": "su", "factor": 2.0}}, '"su"'),
        ({"rope_parameters": {"full_attention": {"rope_type": "default", "rope_theta": 1e6}}}, "nested by layer type"),
        ({"rope_parameters": {"rope_type": "default", "rope_theta": 1e4, "partial_rotary_factor": 0.5}}, "partial"),
        ({"partial_rotary_factor": 0.25}, "partial_rotary_factor"),
    ],
)
def test_other_rotations_are_refused_by_name(rope, words, tmp_path):
    assert words in refusal(save_directory(tmp_path / "m", rope))
    with pytest.raises(luffy.UnsupportedError, match="(?s)" + words):
        luffy.Model.create({**CONFIG, **rope})


@pytest.mark.parametrize(
    "rope",
    [
        {"rope_type": "yarn", "original_max_position_embeddings": 32},
        {"rope_type": "yarn", "factor": 0.5, "original_max_position_embeddings": 32},
        {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32, "attention_factor": -1.0},
        {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32, "beta_fast": 0.5},
        {"rope_type": "linear"},
        {"factor": 4.0},
        [],
    ],
)
def test_malformed_rotations_are_errors(rope, tmp_path):
    refusal(save_directory(tmp_path / "m", {"rope_scaling": rope}), luffy.InvalidArgumentError)


GGUF_ROPE = [
    ({"rope.scaling.factor": 4.0}, {"rope_type": "linear", "factor": 4.0}),
    ({"rope.scale_linear": 4.0}, {"rope_type": "linear", "factor": 4.0}),
    ({"rope.scaling.type": "linear", "rope.scaling.factor": 4.0}, {"rope_type": "linear", "factor": 4.0}),
    ({"rope.scaling.type": "none", "rope.scaling.factor": 4.0}, None),
    ({"rope.scaling.factor": 1.0}, None),
    (
        {"rope.scaling.type": "yarn", "rope.scaling.factor": 4.0, "rope.scaling.original_context_length": 32},
        {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32},
    ),
    (
        {
            "rope.scaling.type": "yarn", "rope.scaling.factor": 4.0, "rope.scaling.original_context_length": 32,
            "rope.scaling.yarn_attn_factor": 1.5, "rope.scaling.yarn_beta_fast": 4.0, "rope.scaling.yarn_beta_slow": 0.5,
        },
        {
            "rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32, "attention_factor": 1.5,
            "beta_fast": 4.0, "beta_slow": 0.5,
        },
    ),
    (
        {"rope.scaling.type": "yarn", "rope.scaling.factor": 4.0, "rope.scaling.attn_factor": 1.25},
        {"rope_type": "yarn", "factor": 4.0, "attention_factor": (0.1 * np.log(4.0) + 1) * 1.25},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "rope"), GGUF_ROPE)
@pytest.mark.parametrize("arch", ["qwen2", "qwen3"])
def test_gguf_rotary_scaling(arch, keys, rope, tmp_path):
    config = {**CONFIG, "model_type": arch}
    made = weights(config)
    file = save_gguf(
        tmp_path / "m.gguf", {**gguf_keys(config), **{f"{arch}.{key}": value for key, value in keys.items()}},
        gguf_tensors(made),
    )  # fmt: skip
    directory = save_directory(tmp_path / "m", {"rope_scaling": rope}, made, config)
    ids = goldens()["sequence"]
    assert np.abs(score(file, ids) - score(directory, ids)).max() < 1e-5


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"rope.scaling.type": "longrope", "rope.scaling.factor": 4.0}, "longrope"),
        ({"rope.scaling.type": "dynamic"}, "dynamic"),
        ({"rope.scaling.factor": 4.0, "rope.scaling.attn_factor": 1.5}, "attn_factor"),
        (
            {"rope.scaling.type": "yarn", "rope.scaling.factor": 4.0, "rope.scaling.yarn_ext_factor": 0.5},
            "yarn_ext_factor",
        ),
        ({"expert_count": 8}, "expert_count"),
        ({"attention.sliding_window": 16}, "sliding_window"),
        ({"final_logit_softcapping": 30.0}, "final_logit_softcapping"),
        ({"attention.causal": False}, "attention.causal"),
        ({"rope.dimension_count": 16}, "rope.dimension_count"),
        ({"attention.value_length": 16}, "value_length"),
    ],
)
def test_gguf_options_are_refused_by_name(keys, words, tmp_path):
    keys = {**gguf_keys(), **{f"qwen2.{key}": value for key, value in keys.items()}}
    assert words in refusal(save_gguf(tmp_path / "m.gguf", keys, gguf_tensors(weights(CONFIG))))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"model_type": "mistral"}, "mistral"),
        ({"model_type": "gemma2", "hidden_act": "gelu_pytorch_tanh"}, "gemma2"),
        ({"model_type": "qwen2_moe", "quantization_config": {"quant_method": "gptq"}}, "qwen2_moe"),
        ({"model_type": None, "architectures": ["PhiForCausalLM"]}, "PhiForCausalLM"),
        ({"hidden_act": "gelu"}, "hidden_act"),
        ({"mlp_bias": True}, "mlp_bias"),
        ({"model_type": "llama", "attention_bias": True}, "attention_bias"),
        ({"model_type": "qwen3", "attention_bias": True}, "attention_bias"),
        ({"quantization_config": {"quant_method": "gptq", "bits": 4}}, "gptq"),
        ({"quantization_config": {"quant_method": "awq"}}, "awq"),
        ({"quantization_config": {"quant_method": "bitsandbytes", "load_in_4bit": True}}, "bitsandbytes"),
        ({"quantization_config": {"quant_method": "fp8"}}, "fp8"),
        ({"quantization_config": {"quant_method": "mxfp4"}}, "mxfp4"),
        ({"quantization_config": {"load_in_8bit": True}}, "quantization_config"),
        ({"quantization": {"group_size": 64, "bits": 4}}, "quantization"),
        ({"use_sliding_window": True, "max_window_layers": 1, "sliding_window": 4}, "use_sliding_window"),
        ({"layer_types": ["full_attention", "sliding_attention"]}, "sliding_attention"),
        ({"layer_types": ["full_attention", "sliding_attention"], "use_sliding_window": True}, "sliding_attention"),
        ({"layer_types": ["linear_attention", "full_attention"]}, "linear_attention"),
    ],
)
def test_unsupported_configurations_are_named(changes, words, tmp_path):
    config = {key: value for key, value in {**CONFIG, **changes}.items() if value is not None}
    with pytest.raises(luffy.UnsupportedError, match=words):
        luffy.Model.create(config)
    directory = tmp_path / "m"
    directory.mkdir()
    (directory / "config.json").write_text(json.dumps(config))  # no weights: the configuration comes first
    assert words in refusal(directory)
    with pytest.raises(luffy.UnsupportedError, match=words):
        luffy.plan(directory)


@pytest.mark.parametrize(
    "changes",
    [
        {"layer_types": ["full_attention"] * 2},
        {"layer_types": ["full_attention"] * 2, "use_sliding_window": True, "sliding_window": 4},
        {"layer_types": ["sliding_attention"] * 2, "use_sliding_window": False},
        {"use_sliding_window": True, "max_window_layers": 2, "sliding_window": 4},
        {"use_sliding_window": False, "sliding_window": 4},
        {"quantization_config": {}, "hidden_act": "swish", "mlp_bias": False},
    ],
)
def test_options_that_change_nothing_are_accepted(changes, tmp_path):
    plain = score(save_directory(tmp_path / "plain"))
    assert (score(save_directory(tmp_path / "m", changes)) == plain).all()


@pytest.mark.parametrize("key", ["hidden_size", "intermediate_size", "vocab_size", "num_hidden_layers"])
@pytest.mark.parametrize("value", [2**40, 2**62, 2**64, 1e300, -4, 0])
def test_absurd_sizes_are_errors(key, value, tmp_path):
    refusal(save_directory(tmp_path / "m", {key: value}, weights(CONFIG)), luffy.InvalidArgumentError)


def test_sizes_are_checked_against_the_file_first(tmp_path):
    """A configuration of 100 GB beside a small file: no memory is taken."""
    big = {"vocab_size": 1 << 20, "hidden_size": 1 << 13, "head_dim": 1024}
    assert "expected shape" in refusal(save_directory(tmp_path / "m", big, weights(CONFIG)), luffy.ShapeError)
    keys = {**gguf_keys(), "qwen2.embedding_length": 1 << 15, "qwen2.feed_forward_length": 1 << 18}
    refusal(save_gguf(tmp_path / "m.gguf", keys, gguf_tensors(weights(CONFIG))), luffy.ShapeError)


def test_the_last_of_equal_keys_counts(tmp_path):
    directory = save_directory(tmp_path / "m")
    plain = score(directory)
    text = (directory / "config.json").read_text()
    (directory / "config.json").write_text('{"rope_theta": 7.0, "model_type": "gpt2", ' + text[1:])
    assert (score(directory) == plain).all()


def test_a_stored_head_wins_over_a_tied_configuration(tmp_path):
    made = weights(CONFIG)
    tied = score(save_directory(tmp_path / "tied", None, made))
    copied = {**made, HEAD: made[EMBEDDING]}
    assert (score(save_directory(tmp_path / "copy", None, copied)) == tied).all()
    with luffy.Model.load(tmp_path / "copy") as model:
        assert HEAD not in model.parameter_names()
    other = {**made, HEAD: made[EMBEDDING] + np.float32(0.02) * hashed(99, made[EMBEDDING].shape)}
    untied = score(save_directory(tmp_path / "untied", {"tie_word_embeddings": False}, other))
    assert (score(save_directory(tmp_path / "other", None, other)) == untied).all()
    assert not (untied == tied).all()
    with luffy.Model.load(tmp_path / "other") as model:
        model.save(tmp_path / "again")
    assert json.loads((tmp_path / "again" / "config.json").read_text())["tie_word_embeddings"] is False
    head_only = {HEAD if name == EMBEDDING else name: values for name, values in made.items()}
    assert (score(save_directory(tmp_path / "head", None, head_only)) == tied).all()


def q8_0(values: np.ndarray) -> bytes:
    blocks = values.reshape(-1, 32)
    scales = np.abs(blocks).max(1, keepdims=True) / 127
    codes = np.rint(np.divide(blocks, scales, where=scales > 0, out=np.zeros_like(blocks))).astype(np.int8)
    return b"".join(scales[i].astype("<f2").tobytes() + codes[i].tobytes() for i in range(len(blocks)))


def q4_0(values: np.ndarray) -> bytes:
    blocks = values.reshape(-1, 32)
    out = b""
    for block in blocks:
        scale = block[np.abs(block).argmax()] / -8
        codes = np.clip(np.floor(block / scale + 8.5) if scale else np.full(32, 8.0), 0, 15).astype(np.uint8)
        out += np.float16(scale).tobytes() + (codes[:16] | codes[16:] << 4).tobytes()
    return out


@pytest.mark.parametrize(("first", "second"), [("q8", "q8"), ("q4", "q8"), ("q8", "q4"), ("q4", "q4"), ("f32", "f16"), ("q4", "f32")])
@pytest.mark.parametrize("distance", [0, 0.02, 0.05, 0.19])
def test_gguf_heads_are_tied_only_where_they_are_copies(first, second, distance, tmp_path):
    pack = {
        "q8": (8, q8_0), "q4": (2, q4_0), "f32": (0, lambda v: v.astype("<f4").tobytes()),
        "f16": (1, lambda v: v.astype("<f2").tobytes()),
    }  # fmt: skip
    made = weights(CONFIG)
    tensors = gguf_tensors(made)
    noise = np.random.default_rng(5).standard_normal(made[EMBEDDING].shape).astype(np.float32)
    head = made[EMBEDDING] + np.float32(distance) * np.std(made[EMBEDDING]) * noise
    for name, kind, values in [("token_embd.weight", first, made[EMBEDDING]), ("output.weight", second, head)]:
        tensors[name] = (pack[kind][0], values.shape, pack[kind][1](values))
    with luffy.Model.load(save_gguf(tmp_path / "m.gguf", gguf_keys(), tensors)) as model:
        assert (HEAD in model.parameter_names()) == (distance > 0)


def test_one_changed_row_of_a_gguf_head_is_kept(tmp_path):
    made = weights(CONFIG)
    head = made[EMBEDDING].copy()
    head[60] *= 1.1
    tensors = gguf_tensors(made)
    tensors["token_embd.weight"] = (2, head.shape, q4_0(made[EMBEDDING]))
    tensors["output.weight"] = (8, head.shape, q8_0(head))
    with luffy.Model.load(save_gguf(tmp_path / "m.gguf", gguf_keys(), tensors)) as model:
        assert HEAD in model.parameter_names()


def test_tensors_without_a_place_are_refused(tmp_path):
    made = weights(CONFIG)
    extra = {"model.layers.1.self_attn.o_proj.bias": np.zeros(32, np.float32), "score.weight": np.zeros((2, 32), np.float32)}
    text = refusal(save_directory(tmp_path / "m", None, {**made, **extra}))
    assert all(name in text for name in extra) and "2 of the file's tensors" in text
    more = {f"x.{index}": np.zeros(1, np.float32) for index in range(50)}
    assert "50" in refusal(save_directory(tmp_path / "n", None, {**made, **more}))
    fewer = {"num_hidden_layers": 1}
    assert "model.layers.1." in refusal(save_directory(tmp_path / "o", fewer, made))
    buffers = {
        "model.layers.0.self_attn.rotary_emb.inv_freq": np.ones(16, np.float32), "model.rotary_emb.inv_freq": np.ones(16, np.float32),
    }  # fmt: skip
    assert (score(save_directory(tmp_path / "p", None, {**made, **buffers})) == score(save_directory(tmp_path / "q"))).all()


@pytest.mark.parametrize("layer", [0, 1])
@pytest.mark.parametrize("name", ["attn_output.bias", "ffn_down.bias", "ffn_gate.bias", "attn_q_norm.weight", "ffn_gate_exps.weight"])
def test_gguf_tensors_without_a_place_are_refused(layer, name, tmp_path):
    tensors = gguf_tensors(weights(CONFIG))
    tensors[f"blk.{layer}.{name}"] = (0, (32,), np.ones(32, np.float32).tobytes())
    assert f"blk.{layer}.{name}" in refusal(save_gguf(tmp_path / "m.gguf", gguf_keys(), tensors))


def test_a_missing_tensor_is_named(tmp_path):
    made = weights(CONFIG)
    del made["model.layers.1.mlp.up_proj.weight"]
    assert "model.layers.1.mlp.up_proj.weight" in refusal(save_directory(tmp_path / "m", None, made), luffy.NotFoundError)


def split(tmp_path: Path, count: int = 3) -> list[Path]:
    tensors = list(gguf_tensors({**weights(CONFIG), HEAD: hashed(99, (61, 32))}).items())
    paths = []
    for part in range(count):
        keys = {**(gguf_keys() if part == 0 else {}), "split.no": part, "split.count": count}
        keys["split.tensors.count"] = len(tensors)
        paths.append(tmp_path / f"m-{part + 1:05}-of-{count:05}.gguf")
        save_gguf(paths[-1], keys, dict(tensors[part::count]))
    return paths


def test_a_split_gguf_is_one_model(tmp_path):
    parts = split(tmp_path)
    whole_tensors = gguf_tensors({**weights(CONFIG), HEAD: hashed(99, (61, 32))})
    whole = score(save_gguf(tmp_path / "whole.bin", gguf_keys(), whole_tensors))
    for path in [*parts, tmp_path]:
        assert (score(path) == whole).all()


def test_a_missing_part_of_a_split_gguf_is_named(tmp_path):
    parts = split(tmp_path)
    parts[2].unlink()
    for path in [parts[0], parts[1], tmp_path]:
        with pytest.raises(luffy.NotFoundError, match=parts[2].name):
            luffy.Model.load(path)
    parts[0].unlink()
    with pytest.raises(luffy.NotFoundError, match=parts[0].name):
        luffy.Model.load(parts[1])


def test_parts_of_different_models_are_refused(tmp_path):
    (tmp_path / "two").mkdir()
    parts, others = split(tmp_path), split(tmp_path / "two", 2)
    others[1].rename(parts[2])
    with pytest.raises(luffy.CorruptError, match="different models"):
        luffy.Model.load(parts[0])
    lonely = save_gguf(tmp_path / "x-00001-of-00002.gguf", gguf_keys(), gguf_tensors(weights(CONFIG)))
    assert "split.count" in refusal(lonely, luffy.CorruptError)
    parts[0].rename(tmp_path / "renamed.gguf")
    assert "part 1 of 3" in refusal(tmp_path / "renamed.gguf", luffy.CorruptError)


@pytest.mark.parametrize(("dtype", "width"), [("F8_E4M3", 1), ("F8_E5M2", 1), ("C64", 8), ("BOOL", 1), ("I64", 8), ("U16", 2), ("F8_E8M0", 1)])
def test_types_that_nobody_needs_do_not_close_a_file(dtype, width, tmp_path):
    made, name = weights(CONFIG), "model.rotary_emb.inv_freq"
    directory = save_directory(tmp_path / "m", None, made)
    save_safetensors(directory / "model.safetensors", {**made, name: np.zeros((16,), f"V{width}")}, {name: dtype})
    score(directory)
    needed = "model.norm.weight"
    save_safetensors(directory / "model.safetensors", {**made, needed: np.zeros((32,), f"V{width}")}, {needed: dtype})
    text = refusal(directory)
    assert dtype in text and needed in text


def test_types_of_less_than_a_byte(tmp_path):
    made = weights(CONFIG)
    directory = save_directory(tmp_path / "m", None, made)
    path = directory / "model.safetensors"
    raw = path.read_bytes()
    size = struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8 : 8 + size])
    end = max(record["data_offsets"][1] for record in header.values())
    header["a.rotary_emb.inv_freq"] = {"dtype": "F4", "shape": [3, 6], "data_offsets": [end, end + 9]}
    header["b.rotary_emb.inv_freq"] = {"dtype": "F6_E2M3", "shape": [8], "data_offsets": [end + 9, end + 15]}
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + raw[8 + size :] + bytes(15))
    score(directory)


@pytest.mark.parametrize(
    ("code", "words", "size"),
    [(39, "MXFP4", 17), (20, "IQ4_NL", 18), (4, "Q4_2", 18), (31, "Q4_0_4_4", 18), (77, "ggml type 77", 18)],
)
def test_gguf_types_have_names(code, words, size, tmp_path):
    tensors = gguf_tensors(weights(CONFIG))
    tensors["token_embd.weight"] = (code, (61, 32), bytes(size * 61))
    text = refusal(save_gguf(tmp_path / "m.gguf", gguf_keys(), tensors))
    assert words in text and "token_embd.weight" in text


@pytest.mark.parametrize(
    ("keys", "words", "error"),
    [
        ({"general.architecture": "gemma2"}, "gemma2", luffy.UnsupportedError),
        ({"general.architecture": "gpt-oss"}, "gpt-oss", luffy.UnsupportedError),
        ({"general.architecture": "clip"}, "mmproj", luffy.UnsupportedError),
        ({"general.architecture": "qwen2", "general.type": "mmproj"}, "mmproj", luffy.UnsupportedError),
        ({"general.architecture": "qwen2", "general.type": "adapter"}, "adapter", luffy.UnsupportedError),
        ({}, "general.architecture", luffy.NotFoundError),
    ],
)
def test_other_gguf_files_are_named(keys, words, error, tmp_path):
    tensors = {"x": (77, (32,), bytes(32))} if keys else {}
    assert words in refusal(save_gguf(tmp_path / "m.gguf", keys, tensors), error)


LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 988097824\n"
HTML = b"\n<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>"


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "model.safetensors.index.json"])
@pytest.mark.parametrize(("content", "words"), [(LFS, "git-lfs pointer"), (HTML, "HTML page")])
def test_files_that_a_download_left_are_named(name, content, words, tmp_path):
    directory = save_directory(tmp_path / "m")
    if "index" in name:
        (directory / "model.safetensors").unlink()
    (directory / name).write_bytes(content)
    text = refusal(directory, luffy.CorruptError)
    assert words in text and name in text
    (tmp_path / "m.gguf").write_bytes(content)
    assert words in refusal(tmp_path / "m.gguf", luffy.CorruptError)


def test_paths_that_are_no_models_say_what_they_are(tmp_path):
    directory = save_directory(tmp_path / "m")
    assert "its directory" in refusal(directory / "model.safetensors")
    assert "its directory" in refusal(directory / "config.json")
    (directory / "model.safetensors").rename(directory / "pytorch_model.bin")
    assert "pytorch_model.bin" in refusal(directory)
    (tmp_path / "p.bin").write_bytes(b"PK\x03\x04rest")
    assert "PyTorch" in refusal(tmp_path / "p.bin")
    (tmp_path / "empty").mkdir()
    assert "empty" in refusal(tmp_path / "empty", luffy.NotFoundError)
    adapter = tmp_path / "adapter"
    adapter.mkdir()
    (adapter / "adapter_config.json").write_text('{"base_model_name_or_path": "org/base", "peft_type": "LORA"}')
    text = refusal(adapter)
    assert "PEFT adapter" in text and "org/base" in text and "merge" in text
    shards = save_directory(tmp_path / "shards")
    (shards / "model.safetensors").rename(shards / "model-00001-of-00002.safetensors")
    assert "model.safetensors.index.json" in refusal(shards, luffy.NotFoundError)
    index = {"weight_map": {name: "model-00002-of-00002.safetensors" for name in shapes(CONFIG)}}
    (shards / "model.safetensors.index.json").write_text(json.dumps(index))
    with pytest.raises(luffy.NotFoundError, match="model-00002-of-00002.safetensors"):
        luffy.Model.load(shards)


def test_a_directory_with_one_gguf_is_that_model(tmp_path):
    file = save_gguf(tmp_path / "m.gguf", gguf_keys(), gguf_tensors(weights(CONFIG)))
    assert (score(tmp_path) == score(file)).all()
    save_gguf(tmp_path / "mmproj-m.gguf", {"general.architecture": "clip"}, {})
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    assert (score(tmp_path) == score(file)).all()
    (tmp_path / "config.json").unlink()
    save_gguf(tmp_path / "n.gguf", gguf_keys(), gguf_tensors(weights(CONFIG)))
    text = refusal(tmp_path)
    assert "m.gguf" in text and "n.gguf" in text
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    assert "2 GGUF models: m.gguf, n.gguf" in refusal(tmp_path)


def test_a_plan_needs_only_the_configuration(tmp_path):
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    alone = luffy.plan(tmp_path)
    assert luffy.plan(tmp_path / "config.json").weight_bytes == alone.weight_bytes > 0
    whole = save_directory(tmp_path / "m")
    assert luffy.plan(whole).weight_bytes == alone.weight_bytes
