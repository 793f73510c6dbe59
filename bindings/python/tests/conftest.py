import os
from pathlib import Path

import pytest

import luffy

CONFIG = {
    "model_type": "llama", "vocab_size": 61, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 2, "head_dim": 8, "intermediate_size": 48, "tie_word_embeddings": True, "eos_token_id": 0,
    "initializer_range": 0.2,
}  # fmt: skip


@pytest.fixture
def model():
    with luffy.Model.create(CONFIG, seed=3) as made:
        yield made


@pytest.fixture
def shared() -> Path:
    """The reference data beside a developer's checkout; LUFFY_SHARED says where."""
    here = Path(__file__).resolve()
    candidates = [os.environ.get("LUFFY_SHARED"), *(str(parent / "shared") for parent in here.parents)]
    for candidate in candidates:
        if candidate and (Path(candidate) / "data").is_dir():
            return Path(candidate) / "data"
    pytest.skip("no reference data (set LUFFY_SHARED)")
