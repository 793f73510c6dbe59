"""Text to token ids and back, and prompt templates."""

from __future__ import annotations

import ctypes  # only for the length that the library sets
import os
from typing import Any, Optional, Sequence, Union

import numpy as np

from . import _chat, _checks, _native
from ._errors import BufferTooSmallError, NotFoundError, UnsupportedError
from ._keywords import keywords

Text = Union[str, bytes]
Path = Union[str, "os.PathLike[str]"]


def _bytes(name: str, text: Text) -> bytes:
    return text if isinstance(text, bytes) else _checks.text(name, text).encode("utf-8", "surrogatepass")


class Tokenizer(_native.Handle):
    """Byte-level BPE as Hugging Face `tokenizers` does it. Any number of threads may use one."""

    _destroy_ = "luffy_tokenizer_destroy"

    @classmethod
    def load(cls, path: Path) -> "Tokenizer":
        """From a Hugging Face directory, a `tokenizer.json` or a GGUF file, which is known by its first bytes."""
        return cls(_native.made("luffy_tokenizer_load", os.fsencode(path)))

    @keywords()
    def encode(self, text: Text, add_special_tokens: bool = False) -> list[int]:
        """The ids of a text; bytes need not be valid UTF-8."""
        data = _bytes("text", text)
        length = ctypes.c_size_t(0)
        capacity = len(data) + 16
        with self.use() as pointer:
            while True:
                ids = np.empty(capacity, np.int32)
                try:
                    _native.call(
                        "luffy_tokenizer_encode", pointer, data, len(data), int(add_special_tokens),
                        ids.ctypes.data, capacity, ctypes.byref(length),
                    )  # fmt: skip
                    found: list[int] = ids[: length.value].tolist()
                    return found
                except BufferTooSmallError:
                    capacity = length.value

    def decode_bytes(self, ids: Sequence[int], skip_special_tokens: bool = False) -> bytes:
        """The bytes of ids, exactly: parts of characters come out as they are; an id that names no token is U+FFFD."""
        array = _checks.token_ids("ids", ids)
        with self.use() as pointer:
            return _native.text(
                "luffy_tokenizer_decode", pointer, array.ctypes.data, array.size, int(skip_special_tokens),
                guess=8 * array.size + 64,
            )  # fmt: skip

    @keywords()
    def decode(self, ids: Sequence[int], skip_special_tokens: bool = False) -> str:
        """The text of ids; bytes that are not UTF-8 become U+FFFD, and so does an id that names no token."""
        return self.decode_bytes(ids, skip_special_tokens).decode("utf-8", "replace")

    def decode_checked(self, ids: Sequence[int], skip_special_tokens: bool = False) -> tuple[str, int]:
        """The text of ids, and how many of them name no token, as padding rows of the model's vocabulary do."""
        array = _checks.token_ids("ids", ids)
        unknown, length = ctypes.c_size_t(0), ctypes.c_size_t(0)
        with self.use() as pointer:
            _native.call(
                "luffy_tokenizer_decode_checked", pointer, array.ctypes.data, array.size, int(skip_special_tokens),
                None, 0, ctypes.byref(length), ctypes.byref(unknown),
            )  # fmt: skip
        return self.decode(ids, skip_special_tokens), unknown.value

    def batch_decode(self, sequences: Sequence[Sequence[int]], skip_special_tokens: bool = False) -> list[str]:
        """The text of each list of ids, as `decode` makes it."""
        return [self.decode(ids.tolist(), skip_special_tokens) for ids in _checks.sequences("sequences", sequences, True)]

    def __call__(self, text: Union[Text, Sequence[Text]], add_special_tokens: bool = False) -> dict[str, Any]:
        """`{"input_ids": …, "attention_mask": …}` of a text, or a list for each text of a list. Nothing is padded."""
        if isinstance(text, (str, bytes)):
            ids: Any = self.encode(text, add_special_tokens)
            return {"input_ids": ids, "attention_mask": [1] * len(ids)}
        rows = [self.encode(one, add_special_tokens) for one in text]
        return {"input_ids": rows, "attention_mask": [[1] * len(row) for row in rows]}

    def __len__(self) -> int:
        return self.vocab_size

    def token_to_id(self, token: str) -> Optional[int]:
        """The id of a token as the vocabulary spells it, as `<|im_end|>` or `Ġthe`; None where there is none."""
        spelled = _checks.text("token", token).encode("utf-8", "surrogatepass")
        if b"\0" in spelled:
            return None
        with self.use() as pointer:
            found = int(_native.library.luffy_tokenizer_token_id(pointer, spelled))
        return None if found < 0 else found

    def save(self, directory: Path) -> None:
        """Writes the tokenizer's files (tokenizer.json and what lay beside it; from a GGUF file they are made of its
        metadata) into a directory, which is made where it is missing. Files of another tokenizer there go."""
        with self.use() as pointer:
            _native.call("luffy_tokenizer_save", pointer, os.fsencode(directory))

    @property
    def chat_template(self) -> Optional[str]:
        """The chat template that the model's own files carry, in the language of Jinja; None where they carry none."""
        try:
            with self.use() as pointer:
                return _native.text("luffy_tokenizer_chat_template", pointer, guess=8192).decode("utf-8", "replace")
        except NotFoundError:
            return None

    @property
    def chat_template_name(self) -> Optional[str]:
        """The family of that template, as "qwen2.5", where the library renders it itself (docs/chat-templates.md)."""
        try:
            with self.use() as pointer:
                return _native.text("luffy_tokenizer_chat_template_name", pointer).decode()
        except (NotFoundError, UnsupportedError):
            return None

    @keywords()
    def apply_chat_template(
        self,
        messages: _chat.Messages,
        add_generation_prompt: bool = False,
        tokenize: bool = True,
        enable_thinking: Optional[bool] = None,
    ) -> Any:
        """The ids of a conversation by the model's own chat template, or its text where `tokenize` is False.

        `messages`: `[{"role": "user", "content": "What is 1 + 1?"}]`, with the roles "system", "user", "assistant" and
        "tool"; a list of such lists gives a list. `add_generation_prompt` adds the start of the assistant's answer.
        `enable_thinking`: the switch of Qwen3's template. Templates of the families of docs/chat-templates.md are
        rendered by the library; any other by jinja2, where that is installed (`pip install "luffy[chat]"`), else
        `UnsupportedError` says so. `NotFoundError`: the files carry no template.
        """
        prompt = bool(_checks.flag("add_generation_prompt", add_generation_prompt))
        if enable_thinking is not None:
            enable_thinking = bool(_checks.flag("enable_thinking", enable_thinking))
        if _chat.conversations(messages):
            return [self.apply_chat_template(one, prompt, tokenize, enable_thinking) for one in messages]  # type: ignore
        text = _chat.render(self, _chat.checked("messages", messages), prompt, enable_thinking)
        return self.encode(text) if _checks.flag("tokenize", tokenize) else text

    def __repr__(self) -> str:
        if self.closed:
            return "Tokenizer(closed)"
        family = self.chat_template_name or ("another" if self.chat_template else None)
        return f"Tokenizer(vocab_size={self.vocab_size}, eos_id={self.eos_id}, chat_template={family!r})"

    @property
    def vocab_size(self) -> int:
        """The largest id and one."""
        with self.use() as pointer:
            return int(_native.library.luffy_tokenizer_vocab_size(pointer))

    @property
    def eos_id(self) -> Optional[int]:
        """The token that ends a text, where the files name one; None also where they say that there is none."""
        return self._special("luffy_tokenizer_eos_id")

    @property
    def bos_id(self) -> Optional[int]:
        """The token that begins a text, where the files name one."""
        return self._special("luffy_tokenizer_bos_id")

    def _special(self, name: str) -> Optional[int]:
        with self.use() as pointer:
            found = int(getattr(_native.library, name)(pointer))
        return None if found < 0 else found


@keywords()
def render_prompt(template: str, user: str, system: Optional[str] = None) -> str:
    """The prompt that a model continues. `template`: "raw", "chatml", "llama3" or "luffy"."""
    name = _checks.text("template", template).encode()
    given = None if system is None else _bytes("system", system)
    return _native.text("luffy_render_prompt", name, given, _bytes("user", user)).decode("utf-8", "replace")
