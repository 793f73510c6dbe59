"""Names that callers misspell: unknown keywords and attributes are refused, and the nearest one is said."""

from __future__ import annotations

import difflib
import functools
import inspect
from typing import TYPE_CHECKING, Any, Callable, Iterable, Optional, TypeVar, cast

from ._errors import ArgumentTypeError, UnknownAttributeError

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

#: What people write for a name that is too different to be found by its letters.
_SYNONYMS = {
    "learning_rate": ("lr",), "rate": ("lr",), "max_tokens": ("max_new_tokens",), "max_length": ("max_new_tokens",),
    "max_completion_length": ("max_new_tokens",), "num_return_sequences": ("n",), "num_generations": ("group", "n"),
    "max_position_embeddings": ("allow_long_sequences",), "reward": ("rewards",), "prompt": ("prompt_ids",),
    "ref_model": ("reference",), "beta": ("kl_coefficient",), "epsilon": ("clip_low", "eps"), "epsilon_high": ("clip_high",),
    "epsilon_low": ("clip_low",), "max_steps": ("steps",), "num_iterations": ("updates_per_step",),
    "reward_funcs": ("rewards",), "train_dataset": ("data",), "eval_dataset": ("eval_data",), "output_dir": ("output",),
    "eval_steps": ("eval_every",), "save_steps": ("checkpoint_every",), "save_total_limit": ("keep_last",),
    "precision": ("dtype",), "torch_dtype": ("dtype",), "batch_size": ("prompts",), "betas": ("beta1",),
    "per_device_train_batch_size": ("prompts",), "weight": ("weight_decay",), "num_samples": ("n",),
}  # fmt: skip


def suggestion(name: str, names: Iterable[str]) -> str:
    """"; did you mean …?", or nothing where no name is near."""
    known = list(names)
    near = [synonym for synonym in _SYNONYMS.get(name, ()) if synonym in known][:1]
    near = near or difflib.get_close_matches(name, known, 1, 0.6)
    return f"; did you mean {near[0]}?" if near else ""


def keywords(options: Optional[type] = None, refuses: bool = True) -> Callable[[F], F]:
    """A decorator of functions whose unknown keywords are refused with the nearest known one.

    `options` is the `TypedDict` of the function's `**options`: its keys become keywords of the signature that
    `inspect` and `help` show. `refuses=False` leaves unknown ones to the function.
    """

    def decorate(function: F) -> F:
        signature = inspect.signature(function)
        explicit = [p for p in signature.parameters.values() if p.kind is not inspect.Parameter.VAR_KEYWORD]
        annotations: dict[str, Any] = getattr(options, "__annotations__", {})
        types = {name: getattr(kind, "__forward_arg__", kind) for name, kind in annotations.items()}
        names = [p.name for p in explicit if p.name not in ("self", "cls", "_preset")] + list(types)

        @functools.wraps(function)
        def call(*arguments: Any, **given: Any) -> Any:
            for key in given if refuses else ():
                if key not in names:
                    place = function.__qualname__.replace(".__init__", "")
                    hint = suggestion(key, names) or "."
                    raise ArgumentTypeError(
                        f"{place}: the keyword {key} is unknown{hint} The keywords are {', '.join(names)}"
                    )
            return function(*arguments, **given)

        added = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
            for name, kind in types.items()
            if name.isidentifier() and name != "from"
        ]
        setattr(call, "__signature__", signature.replace(parameters=[*explicit, *added]))
        return cast(F, call)

    return decorate


def checked_fields(kind: type[T]) -> type[T]:
    """A decorator of dataclasses whose unknown fields are refused like unknown keywords."""
    setattr(kind, "__init__", keywords()(kind.__init__))
    return kind


def _attributes(kind: type) -> list[str]:
    """Fields and properties, for a message."""
    names = {name for base in kind.__mro__ for name in getattr(base, "__annotations__", {})}
    names.update(name for name in dir(kind) if isinstance(getattr(kind, name, None), property))
    return sorted(name for name in names if not name.startswith("_"))


class Named:
    """An object of this package whose attributes are those that it documents; others cannot be set by mistake.

    A subclass outside the package may have attributes of its own.
    """

    # A type checker that saw it would take every attribute for one that can be set.
    if not TYPE_CHECKING:

        def __setattr__(self, name: str, value: Any) -> None:
            kind = type(self)
            if not name.startswith("_") and kind.__module__.split(".")[0] == "luffy":
                found = getattr(kind, name, None)
                if isinstance(found, property) and found.fset is None:
                    raise UnknownAttributeError(f"{kind.__name__}.{name} can be read, not set{self._instead(name) or '.'}")
                declared = any(name in getattr(base, "__annotations__", {}) for base in kind.__mro__)
                if not declared and not hasattr(kind, name):
                    names = _attributes(kind)
                    raise UnknownAttributeError(
                        f"{kind.__name__} has no attribute {name}"
                        f"{self._instead(name) or suggestion(name, names) or '.'} Its attributes are {', '.join(names)}"
                    )
            object.__setattr__(self, name, value)

    def _instead(self, name: str) -> str:
        """What to write instead, where more can be said than the nearest name."""
        return ""
