"""Conversations: lists of messages, and the chat template that a model's own files carry."""

from __future__ import annotations

import ctypes
import datetime
import json
from typing import TYPE_CHECKING, Any, Iterable, Mapping, Optional, Sequence

from . import _checks, _native
from ._errors import ArgumentTypeError, LuffyValueError, UnsupportedError

if TYPE_CHECKING:
    from .tokenizer import Tokenizer

_ROLES = ("system", "user", "assistant", "tool")
_PROMPT, _THINKING, _NO_THINKING, _TEMPLATE_DATE = 1, 2, 4, 8
#: One conversation.
Messages = Sequence[Mapping[str, str]]


def is_conversation(value: Any) -> bool:
    """A list of messages, each with a role and a content."""
    return isinstance(value, (list, tuple)) and bool(value) and all(
        isinstance(message, Mapping) and "role" in message for message in value
    )


def checked(name: str, messages: Any) -> list[dict[str, str]]:
    """The roles and contents of a conversation; whatever else a message says is refused."""
    if isinstance(messages, Mapping):
        raise ArgumentTypeError(f"{name}: expected a list of messages, got one: write [message]")
    if isinstance(messages, (str, bytes)) or not hasattr(messages, "__iter__"):
        raise ArgumentTypeError(
            f"{name}: expected a list of messages, got {type(messages).__name__}: write "
            '[{"role": "user", "content": "What is 1 + 1?"}]'
        )
    return [_message(f"{name}[{index}]", message) for index, message in enumerate(messages)]


def _message(place: str, message: Any) -> dict[str, str]:
    if not isinstance(message, Mapping) or "role" not in message or "content" not in message:
        raise ArgumentTypeError(
            f'{place}: expected a message, as {{"role": "user", "content": "…"}}, got {message!r}'
        )
    others = [str(key) for key, value in message.items() if key not in ("role", "content") and value is not None]
    if others:
        raise ArgumentTypeError(f"{place}: {', '.join(others)}: only role and content are rendered here")
    role, content = message["role"], message["content"]
    if role not in _ROLES:
        raise LuffyValueError(f"{place}: role: expected one of {', '.join(_ROLES)}, got {role!r}")
    return {"role": role, "content": _checks.text(f"{place}: content", content)}


def render(
    tokenizer: "Tokenizer", messages: Sequence[Mapping[str, str]], prompt: bool, thinking: Optional[bool],
    template_date: bool = False,
) -> str:  # fmt: skip
    """The text of a conversation: by the library where it knows the template, else by jinja2 where that is installed."""
    flags = (_PROMPT if prompt else 0) | {None: 0, True: _THINKING, False: _NO_THINKING}[thinking]
    flags |= _TEMPLATE_DATE if template_date else 0
    contents = [message["content"].encode("utf-8", "surrogatepass") for message in messages]
    count = len(messages)
    for index, content in enumerate(contents):
        if b"\0" in content:
            raise LuffyValueError(f"messages[{index}]: content: a character U+0000, which no template takes")
    roles = (ctypes.c_char_p * max(1, count))(*[message["role"].encode() for message in messages])
    texts = (ctypes.c_char_p * max(1, count))(*contents)
    guess = sum(map(len, contents)) + 64 * count + 512
    with tokenizer.use() as pointer:
        try:
            text = _native.text(
                "luffy_tokenizer_apply_chat_template", pointer, roles, texts, count, flags, guess=guess
            )  # fmt: skip
        except UnsupportedError as failure:
            return _by_jinja(tokenizer, messages, prompt, thinking, failure)
    return text.decode("utf-8", "surrogatepass")


def _by_jinja(
    tokenizer: "Tokenizer", messages: Sequence[Mapping[str, str]], prompt: bool, thinking: Optional[bool],
    failure: UnsupportedError,
) -> str:  # fmt: skip
    """As transformers renders it."""
    try:
        import jinja2
        from jinja2.sandbox import ImmutableSandboxedEnvironment
    except ImportError:
        raise UnsupportedError(f'{failure}: pip install "luffy[chat]" renders it by jinja2') from None
    if not messages:
        raise LuffyValueError("messages: there is none, expected one or more")

    def refuse(text: str) -> None:
        raise jinja2.TemplateError(text)

    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
    )
    environment.filters["tojson"] = lambda value, indent=None: json.dumps(value, ensure_ascii=False, indent=indent)
    environment.globals["raise_exception"] = refuse
    environment.globals["strftime_now"] = lambda form: datetime.datetime.now().strftime(form)
    keywords: dict[str, Any] = {} if thinking is None else {"enable_thinking": thinking}
    for name, number in (("bos_token", tokenizer.bos_id), ("eos_token", tokenizer.eos_id)):
        if number is not None:
            keywords[name] = tokenizer.decode([number])
    try:
        template = environment.from_string(tokenizer.chat_template or "")
        return template.render(messages=list(messages), add_generation_prompt=prompt, **keywords)
    except jinja2.TemplateError as error:
        raise LuffyValueError(f"the model's chat template does not take these messages: {error}") from None


def conversations(messages: Iterable[Any]) -> bool:
    """Whether a list holds several conversations, not one."""
    return isinstance(messages, (list, tuple)) and bool(messages) and all(map(is_conversation, messages))
