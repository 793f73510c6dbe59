"""Text to token ids and back, and prompt templates."""

from __future__ import annotations

import ctypes  # only for the length that the library sets
import os
from typing import Optional, Sequence, Union

import numpy as np

from . import _native
from ._errors import BufferTooSmallError

Text = Union[str, bytes]
Path = Union[str, "os.PathLike[str]"]


def _bytes(text: Text) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")


class Tokenizer(_native.Handle):
    """Byte-level BPE as Hugging Face `tokenizers` does it. Any number of threads may use one."""

    _destroy_ = "luffy_tokenizer_destroy"

    @classmethod
    def load(cls, path: Path) -> "Tokenizer":
        """From a Hugging Face directory, a `tokenizer.json` or a GGUF file, which is known by its first bytes."""
        return cls(_native.made("luffy_tokenizer_load", os.fsencode(path)))

    def encode(self, text: Text, add_special_tokens: bool = False) -> list[int]:
        """The ids of a text; bytes need not be valid UTF-8."""
        data = _bytes(text)
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
        array = _native.vector(ids, np.int32, "ids")
        with self.use() as pointer:
            return _native.text(
                "luffy_tokenizer_decode", pointer, array.ctypes.data, array.size, int(skip_special_tokens),
                guess=8 * array.size + 64,
            )  # fmt: skip

    def decode(self, ids: Sequence[int], skip_special_tokens: bool = False) -> str:
        """The text of ids; bytes that are not UTF-8 become U+FFFD, and so does an id that names no token."""
        return self.decode_bytes(ids, skip_special_tokens).decode("utf-8", "replace")

    def decode_checked(self, ids: Sequence[int], skip_special_tokens: bool = False) -> tuple[str, int]:
        """The text of ids, and how many of them name no token, as padding rows of the model's vocabulary do."""
        array = _native.vector(ids, np.int32, "ids")
        unknown, length = ctypes.c_size_t(0), ctypes.c_size_t(0)
        with self.use() as pointer:
            _native.call(
                "luffy_tokenizer_decode_checked", pointer, array.ctypes.data, array.size, int(skip_special_tokens),
                None, 0, ctypes.byref(length), ctypes.byref(unknown),
            )  # fmt: skip
        return self.decode(ids, skip_special_tokens), unknown.value

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


def render_prompt(template: str, user: str, system: Optional[str] = None) -> str:
    """The prompt that a model continues. `template`: "raw", "chatml", "llama3" or "luffy"."""
    given = None if system is None else _bytes(system)
    return _native.text("luffy_render_prompt", template.encode(), given, _bytes(user)).decode("utf-8", "replace")
