"""Writes tiny model files, right or wrong on purpose: Hugging Face directories and GGUF files."""

import json
import struct
from pathlib import Path

import numpy as np

CONFIG = {
    "model_type": "qwen2", "vocab_size": 61, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2,
    "num_key_value_heads": 1, "head_dim": 32, "intermediate_size": 64, "max_position_embeddings": 128,
    "rope_theta": 5000.0, "rms_norm_eps": 1e-06, "tie_word_embeddings": True,
}  # fmt: skip


def shapes(config: dict) -> dict[str, tuple[int, ...]]:
    """The tensors of a model by their Hugging Face names, without a head."""
    width, hidden, head = config["hidden_size"], config["intermediate_size"], config["head_dim"]
    queries, keys = config["num_attention_heads"] * head, config["num_key_value_heads"] * head
    found = {"model.embed_tokens.weight": (config["vocab_size"], width), "model.norm.weight": (width,)}
    for layer in range(config["num_hidden_layers"]):
        attention, prefix = f"model.layers.{layer}.self_attn.", f"model.layers.{layer}."
        for name, rows in [("q_proj", queries), ("k_proj", keys), ("v_proj", keys)]:
            found[attention + name + ".weight"] = (rows, width)
            if config["model_type"] == "qwen2":
                found[attention + name + ".bias"] = (rows,)
        found[attention + "o_proj.weight"] = (width, queries)
        if config["model_type"] == "qwen3":
            found[attention + "q_norm.weight"] = found[attention + "k_norm.weight"] = (head,)
        for name, shape in [("gate", (hidden, width)), ("up", (hidden, width)), ("down", (width, hidden))]:
            found[f"{prefix}mlp.{name}_proj.weight"] = shape
        found[prefix + "input_layernorm.weight"] = found[prefix + "post_attention_layernorm.weight"] = (width,)
    return found


def hashed(order: int, shape: tuple[int, ...]) -> np.ndarray:
    """The numbers of Tests/Goldens/rope.py."""
    x = np.arange(int(np.prod(shape)), dtype=np.uint64) * np.uint64(2654435761) + np.uint64(order * 40503 + 12345)
    x = x & np.uint64(0xFFFFFFFF)
    x = x ^ (x >> np.uint64(15))
    x = x * np.uint64(2246822519) & np.uint64(0xFFFFFFFF)
    x = x ^ (x >> np.uint64(13))
    return ((x.astype(np.float64) / 2**32 - 0.5) * 0.8).astype(np.float32).reshape(shape)


def weights(config: dict) -> dict[str, np.ndarray]:
    made = {}
    for order, (name, shape) in enumerate(sorted(shapes(config).items())):
        made[name] = hashed(order, shape) + np.float32(name.endswith("norm.weight"))
    return made


def save_safetensors(path: Path, tensors: dict[str, np.ndarray], types: dict[str, str] | None = None) -> None:
    """`types` names other types than F32, whose bytes the array then is."""
    header, data = {}, b""
    for name, values in tensors.items():
        raw = values.tobytes()
        header[name] = {
            "dtype": (types or {}).get(name, "F32"), "shape": list(values.shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }  # fmt: skip
        data += raw
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def save_directory(
    path: Path, changes: dict | None = None, tensors: dict[str, np.ndarray] | None = None, config: dict = CONFIG
) -> Path:
    """A directory whose configuration has `changes` (None takes a key away), and `tensors` in place of its own."""
    path.mkdir(parents=True, exist_ok=True)
    merged = {**config, **(changes or {})}
    merged = {key: value for key, value in merged.items() if value is not None}
    (path / "config.json").write_text(json.dumps(merged))
    save_safetensors(path / "model.safetensors", weights(merged) if tensors is None else tensors)
    return path


NAMES = {
    "model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output", "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
    "self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm", "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down", "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
}  # fmt: skip


def gguf_name(name: str) -> str:
    base, kind = name.rsplit(".", 1)
    if base.startswith("model.layers."):
        _, _, layer, rest = base.split(".", 3)
        return f"blk.{layer}.{NAMES[rest]}.{kind}"
    return f"{NAMES[base]}.{kind}"


def gguf_keys(config: dict = CONFIG) -> dict:
    arch = config["model_type"]
    return {
        "general.architecture": arch,
        f"{arch}.block_count": config["num_hidden_layers"],
        f"{arch}.context_length": config["max_position_embeddings"],
        f"{arch}.embedding_length": config["hidden_size"],
        f"{arch}.feed_forward_length": config["intermediate_size"],
        f"{arch}.attention.head_count": config["num_attention_heads"],
        f"{arch}.attention.head_count_kv": config["num_key_value_heads"],
        f"{arch}.attention.key_length": config["head_dim"],
        f"{arch}.attention.value_length": config["head_dim"],
        f"{arch}.attention.layer_norm_rms_epsilon": config["rms_norm_eps"],
        f"{arch}.rope.freq_base": config["rope_theta"],
    }


def gguf_tensors(tensors: dict[str, np.ndarray]) -> dict[str, tuple[int, tuple[int, ...], bytes]]:
    """F32 tensors under GGUF names: type, shape (outermost first), bytes."""
    return {gguf_name(name): (0, values.shape, values.tobytes()) for name, values in tensors.items()}


def save_gguf(path: Path, keys: dict, tensors: dict[str, tuple[int, tuple[int, ...], bytes]]) -> Path:
    def text(value: str) -> bytes:
        return struct.pack("<Q", len(value.encode())) + value.encode()

    def encode(value: object) -> bytes:
        if isinstance(value, bool):
            return struct.pack("<IB", 7, value)
        if isinstance(value, int):
            return struct.pack("<II", 4, value)
        if isinstance(value, float):
            return struct.pack("<If", 6, value)
        return struct.pack("<I", 8) + text(str(value))

    out = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(keys))
    for key, value in keys.items():
        out += text(key) + encode(value)
    data = b""
    for name, (kind, shape, raw) in tensors.items():
        out += text(name) + struct.pack("<I", len(shape))
        out += b"".join(struct.pack("<Q", size) for size in reversed(shape))
        out += struct.pack("<IQ", kind, len(data))
        data += raw + bytes(-len(raw) % 32)
    path.write_bytes(out + bytes(-len(out) % 32) + data)
    return path
