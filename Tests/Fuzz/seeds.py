"""Writes the first seeds of the fuzz targets beside this file. Needs numpy, gguf, and luffy (`make lib`, LUFFY_LIBRARY)."""

import json
import tempfile
from pathlib import Path

import gguf
import luffy
import numpy as np

HERE = Path(__file__).resolve().parent
BASE = dict(
    vocab_size=16, hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=2,
    num_key_value_heads=1, head_dim=4, max_position_embeddings=64, rms_norm_eps=1e-6, rope_theta=10000.0,
    hidden_act="silu", eos_token_id=2,
)
CONFIGURATIONS = {
    "qwen2": dict(BASE, model_type="qwen2", architectures=["Qwen2ForCausalLM"], tie_word_embeddings=True,
                  layer_types=["full_attention"], sliding_window=None, use_sliding_window=False),
    "llama": dict(BASE, model_type="llama", architectures=["LlamaForCausalLM"], eos_token_id=[2, 3],
                  rope_scaling=dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
                                    original_max_position_embeddings=32)),
    "qwen3": dict(BASE, model_type="qwen3", architectures=["Qwen3ForCausalLM"], tie_word_embeddings=True,
                  rope_parameters=dict(rope_theta=10000.0, rope_type="default")),
    "yarn": dict(BASE, model_type="qwen2", architectures=["Qwen2ForCausalLM"], tie_word_embeddings=True,
                 rope_scaling=dict(type="yarn", factor=4.0, original_max_position_embeddings=16)),
    "quantized": dict(BASE, model_type="llama", quantization_config=dict(quant_method="gptq", bits=4)),
}
PRESETS = ["luffy", "reference", "on_policy", "mixed_policy", "sft", "rl_with_sft_loss", "dr_grpo", "dapo", "gspo",
           "cispo", "sapo", "exgrpo", "srft", "prefix_rft", "hpt", "chord"]
PATTERNS = [
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+",
    r"(?=.*b)a|\s+", r"\p{N}{1,3}",
]


RUNS = {
    "given": """# a run of a model
model: SmolLM2-135M-Instruct.gguf
data: problems.jsonl
checkpoint_every: 50
lr: 1.0e-6
seed: '18446744073709551615'
stages:
  - {kind: sft, steps: 200, lr: 1.0e-5}
  - {kind: rl, steps: 1000, objective: luffy, prompts: 32}
""",
    "built_in": """warmup_steps: 20
stages: [rl, interleaved]
objective: dapo
objective_options: {entropy_coefficient: 0.001, aggregation: token_mean}
dtype: bfloat16
stop_on_entropy: true
""",
    "anchors": """system: &text "a
  b"
template: luffy
output: *text
temperature: .5
entropy_band: 1
max_grad_norm: 1.
stages:
- kind: warmup
  steps: 3
  lr_schedule: cosine
- kind: rl
  name: "second: \\u00e9"
""",
}
RUNS["aliases"] = "objective_options:\n  a: &a [x, x, x, x, x, x, x, x]\n" + "".join(
    f"  {name}: &{name} [{', '.join([f'*{before}'] * 8)}]\n" for before, name in zip("abcdefgh", "bcdefghi"))
SAMPLE = dict(
    stage="rl", step=1, group=0, source="on_policy", prompt="1+1=", reference="2", reward=1.0, advantage=0.5,
    tokens=["2", "<|end|>"], logprobs=[-0.5, -1e-3], weights=[1.0, 1.0], shaped_weights=[0.9, 0.9],
)
LINES = {
    "problems": [dict(problem="1+1=", answer="2", solution="It is \\boxed{2}."), dict(problem="1/2", answer=0.5, id=7),
                 dict(problem="x", answer="y", traces=["a", dict(text="b", teacher="c")], teacher="d")],
    "letters": [dict(problem="Which? (A) one (B) two", answer="B", id="q1"), dict(problem="é\ud83d\ude00", answer="d")],
    "metrics": [{"stage": "rl", "step": n, "reward/mean": n / 3} for n in range(3)],
    "samples": [SAMPLE, dict(SAMPLE, source="off_policy", weights=[0.1, 0.2], gradient_weights=[1, 2])],
}


def put(target: str, name: str, data: bytes) -> None:
    directory = HERE / target
    directory.mkdir(exist_ok=True)
    (directory / name).write_bytes(data)


def models(scratch: Path) -> None:
    for name, configuration in CONFIGURATIONS.items():
        put("config", name, json.dumps(configuration, indent=1).encode())
    for name in ("qwen2", "llama"):
        saved = scratch / name
        luffy.Model.create(CONFIGURATIONS[name], seed=1).save(saved)
        put("safetensors", name, (saved / "model.safetensors").read_bytes())
    header = (scratch / "qwen2" / "model.safetensors").read_bytes()
    names = json.loads(header[8 : 8 + int.from_bytes(header[:8], "little")])
    weights = {name: "a.safetensors" for name in names if name != "__metadata__"}
    put("index", "whole", json.dumps(dict(metadata=dict(total_size=4), weight_map=weights)).encode())
    first = dict(list(weights.items())[:3], extra="b.safetensors")
    put("index", "part", json.dumps(dict(weight_map=first)).encode())


def states(scratch: Path) -> None:
    model = luffy.Model.create(CONFIGURATIONS["qwen2"], seed=1)
    trainer = luffy.Trainer(model, objective=luffy.Objective.luffy())
    trainer.save(scratch / "state")
    manifest = (scratch / "state" / "manifest.json").read_bytes()
    put("state", "fresh", manifest + b"\0" + (scratch / "state" / "arrays.bin").read_bytes())


def vocabulary() -> tuple[list[str], list[str]]:
    """Every byte as the byte-level alphabet spells it, two merges, two special tokens."""
    plain = [b for b in range(256) if 33 <= b <= 126 or 161 <= b <= 172 or 174 <= b]
    others = [b for b in range(256) if b not in plain]
    letters = [chr(b) for b in plain] + [chr(256 + i) for i in range(len(others))]
    return letters + ["ab", "abc", "<|end|>", "<|x|>"], ["a b", "ab c"]


def tokenizers() -> None:
    tokens, merges = vocabulary()
    for number, pattern in enumerate(PATTERNS):
        split = dict(type="Split", pattern=dict(Regex=pattern), behavior="Isolated", invert=number == 2)
        byte_level = dict(type="ByteLevel", add_prefix_space=False, trim_offsets=False, use_regex=False)
        added = [dict(id=258 + i, content=tokens[258 + i], single_word=i == 1, lstrip=number == 1, rstrip=number == 1,
                      normalized=False, special=True) for i in range(2)]
        document = dict(
            version="1.0", truncation=None, padding=None, added_tokens=added,
            normalizer=[None, dict(type="NFC"), dict(type="Sequence", normalizers=[])][number],
            pre_tokenizer=dict(type="Sequence", pretokenizers=[split, byte_level]),
            post_processor=dict(type="ByteLevel", add_prefix_space=True, trim_offsets=False, use_regex=True),
            decoder=dict(type="ByteLevel", add_prefix_space=True, trim_offsets=True, use_regex=True),
            model=dict(type="BPE", dropout=None, unk_token=None, continuing_subword_prefix=None,
                       end_of_word_suffix=None, fuse_unk=False, byte_fallback=False, ignore_merges=number == 1,
                       vocab={t: i for i, t in enumerate(tokens[:258])}, merges=merges))
        put("tokenizer", f"pattern-{number}", json.dumps(document, ensure_ascii=False).encode())


def gguf_file(scratch: Path, name: str, kind: gguf.GGMLQuantizationType) -> None:
    """A one-layer Qwen2 of width 32, which is what a block of the quantised types holds."""
    tokens, merges = vocabulary()
    path = scratch / f"{name}.gguf"
    writer = gguf.GGUFWriter(path, "qwen2")
    writer.add_context_length(64)
    writer.add_embedding_length(32)
    writer.add_block_count(1)
    writer.add_feed_forward_length(32)
    writer.add_head_count(2)
    writer.add_head_count_kv(1)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(10000.0)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types([1] * 258 + [3, 3])
    writer.add_token_merges(merges)
    writer.add_eos_token_id(258)
    random = np.random.default_rng(1)

    def tensor(tensor_name: str, *shape: int) -> None:
        values = (random.standard_normal(shape) / 8).astype(np.float32)
        if len(shape) == 2 and kind != gguf.GGMLQuantizationType.F32:
            writer.add_tensor(tensor_name, gguf.quants.quantize(values, kind), raw_dtype=kind)
        else:
            writer.add_tensor(tensor_name, values)

    tensor("token_embd.weight", len(tokens), 32)
    tensor("output_norm.weight", 32)
    for part, shape in dict(attn_norm=(32,), ffn_norm=(32,), attn_q=(32, 32), attn_k=(16, 32), attn_v=(16, 32),
                            attn_output=(32, 32), ffn_gate=(32, 32), ffn_up=(32, 32), ffn_down=(32, 32)).items():
        tensor(f"blk.0.{part}.weight", *shape)
    for part, width in dict(attn_q=32, attn_k=16, attn_v=16).items():
        tensor(f"blk.0.{part}.bias", width)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    put("gguf", name, path.read_bytes())


def objectives() -> None:
    rows = bytes([4, 24, 255, 3] + [40 + i for i in range(120)])
    for preset in PRESETS:
        options = luffy.Objective.preset(preset).options
        put("objective", preset, preset.encode() + b"\0" + json.dumps(options).encode() + b"\0" + rows)


def trainer_files() -> None:
    for name, text in RUNS.items():
        put("run_configuration", name, text.encode())
    for name, records in LINES.items():
        text = "\n".join(json.dumps(record, ensure_ascii=name == "letters") for record in records)
        put("json_lines", name, text.encode())
    put("json_lines", "crlf", b'\xef\xbb\xbf{"problem": "1", "answer": 2, "answer": 3}\r\n\r\n{"problem": "2", "answer": "4"}\r\n')


def prompts() -> None:
    for name in ("raw", "chatml", "llama3", "luffy"):
        put("prompt", name, name.encode() + b"\0Be brief.\0What is <|im_end|> 1+1?")
    put("prompt", "alone", b"luffy\0\0\xff\xc3\xa9")


def main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        scratch = Path(directory)
        models(scratch)
        states(scratch)
        tokenizers()
        gguf_file(scratch, "q4_0", gguf.GGMLQuantizationType.Q4_0)
        gguf_file(scratch, "q8_0", gguf.GGMLQuantizationType.Q8_0)
        objectives()
        trainer_files()
        prompts()


if __name__ == "__main__":
    main()
