"""Writes dequantization.json: random blocks of each GGUF type, and their values by the `gguf` package.

Run in an environment with `pip install gguf numpy`; the result is committed.
"""

import json
import pathlib

import gguf
import numpy as np

SCALES = {  # byte offsets of the half-precision scales, kept finite
    "F16": None, "BF16": None, "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2],
    "Q8_0": [0], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208],
}

random = np.random.default_rng(7)
golden = {}
for name, offsets in SCALES.items():
    kind = gguf.GGMLQuantizationType[name]
    elements, size = gguf.GGML_QUANT_SIZES[kind]
    if offsets is None:
        halves = random.integers(0, 1 << 16, 64, dtype=np.uint16)
        exponent = 0x7C00 if name == "F16" else 0x7F80
        halves = halves[(halves & exponent) != exponent][:32]  # NaN bits differ by machine
        edges = [0x0000, 0x8000, 0x0001, 0x8001, 0x03FF, 0x0400, exponent, exponent | 0x8000]
        raw = np.concatenate([np.array(edges, np.uint16), halves]).view(np.uint8)
        if name == "F16":
            values = raw.view(np.float16).astype(np.float32)
        else:
            values = (raw.view(np.uint16).astype(np.uint32) << 16).view(np.float32)
    else:
        blocks = random.integers(0, 256, (2, size), dtype=np.uint8)
        for offset in offsets:
            scale = random.standard_normal(2).astype(np.float16)
            blocks[:, offset : offset + 2] = scale.view(np.uint8).reshape(2, 2)
        raw = blocks.reshape(-1)
        values = gguf.quants.dequantize(raw, kind).astype(np.float32)
    golden[name] = {"stored": raw.tobytes().hex(), "values": values.tobytes().hex()}

path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden, indent=1) + "\n")
