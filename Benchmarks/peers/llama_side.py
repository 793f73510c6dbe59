"""llama.cpp: decoding and prompt processing through its batch API."""

from __future__ import annotations

import measure
import llama_cpp
from shapes import Case, sequences


class _Context:
    """A context of `width` sequences and a batch that fills it."""

    def __init__(self, path: str, width: int, length: int) -> None:
        llama_cpp.llama_log_set(_SILENT, None)
        llama_cpp.llama_backend_init()
        self.model = llama_cpp.llama_model_load_from_file(path.encode(), llama_cpp.llama_model_default_params())
        if not self.model:
            raise SystemExit(f"llama.cpp did not load {path}")
        options = llama_cpp.llama_context_default_params()
        options.n_seq_max, options.n_batch, options.n_ubatch = width, 2048, 512
        # A sequence's share of the context is rounded up to 256 tokens.
        options.n_ctx = width * ((length + 255) // 256 * 256)
        options.n_threads = options.n_threads_batch = measure.cores()
        self.context = llama_cpp.llama_init_from_model(self.model, options)
        if not self.context:
            raise SystemExit("llama.cpp made no context")
        self.batch = llama_cpp.llama_batch_init(2048, 0, 1)

    def clear(self) -> None:
        llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(self.context), True)

    def run(self, tokens: list[tuple[int, int, int, bool]]) -> None:
        """Runs (id, position, sequence, whether logits are wanted), at most 2,048."""
        for index, (token, position, sequence, wanted) in enumerate(tokens):
            self.batch.token[index], self.batch.pos[index] = token, position
            self.batch.n_seq_id[index], self.batch.seq_id[index][0] = 1, sequence
            self.batch.logits[index] = wanted
        self.batch.n_tokens = len(tokens)
        if llama_cpp.llama_decode(self.context, self.batch) != 0:
            raise SystemExit("llama_decode failed")
        llama_cpp.llama_synchronize(self.context)

    def fill(self, prompts: list[list[int]]) -> None:
        """Runs whole prompts; logits of the last token of each."""
        tokens = [
            (token, position, sequence, position == len(prompt) - 1)
            for sequence, prompt in enumerate(prompts)
            for position, token in enumerate(prompt)
        ]
        for start in range(0, len(tokens), 2048):
            self.run(tokens[start : start + 2048])


@llama_cpp.llama_log_callback
def _SILENT(level: int, text: bytes, data: object) -> None:
    """llama.cpp's log is long; errors come back as results."""


def run(case: Case, precision: str, repeats: int) -> None:
    """Decoding alone without sampling, as llama-batched-bench counts it, or the prompts' pass alone."""
    context = _Context(str(measure.cache() / f"model-{precision}.gguf"), case.width, case.prompt + case.new)
    prompts, written = sequences(case.width, case.prompt), sequences(max(1, case.new), case.width, seed=1)

    def decode() -> None:
        for step in range(case.new):
            context.run([(written[step][s], case.prompt + step, s, True) for s in range(case.width)])

    elapsed = []
    for _ in range(1 + repeats):
        context.clear()
        filling = measure.seconds(lambda: context.fill(prompts))
        elapsed.append(measure.seconds(decode) if case.new else filling)
    counted = sorted(elapsed[1:])
    measure.report(counted[len(counted) // 2], case.tokens, ["llama-cpp-python"])


def convert(source: str, target: str, precision: str) -> None:
    """Writes a GGUF file with all matrices in one type."""
    types = {"f32": llama_cpp.LLAMA_FTYPE_ALL_F32, "bf16": 32, "q8_0": llama_cpp.LLAMA_FTYPE_MOSTLY_Q8_0}
    llama_cpp.llama_log_set(_SILENT, None)
    options = llama_cpp.llama_model_quantize_default_params()
    options.ftype, options.allow_requantize, options.nthread = types[precision], True, measure.cores()
    if llama_cpp.llama_model_quantize(source.encode(), target.encode(), options) != 0:
        raise SystemExit(f"llama.cpp did not convert {source} to {precision}")
