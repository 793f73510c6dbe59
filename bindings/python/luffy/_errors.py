"""Exceptions, one for each status of the C library."""

from __future__ import annotations


class LuffyError(Exception):
    """Whatever the library refuses; `status` is the C library's number, 0 for what Python found."""

    status = 0


class InvalidArgumentError(LuffyError, ValueError):
    """A number out of range, an unknown name, a malformed text."""

    status = 1


class LuffyValueError(LuffyError, ValueError):
    """An argument that Python refused before the library saw it."""


class ArgumentTypeError(InvalidArgumentError, TypeError):
    """An argument of another kind than is meant, or an unknown keyword; the text shows what to write."""


class UnknownAttributeError(LuffyError, AttributeError):
    """An attribute that is not there, or that cannot be set."""


class OutOfMemoryError(LuffyError, MemoryError):
    """Memory that could not be had."""

    status = 2


class FileError(LuffyError, OSError):
    """The operating system refused to read or write."""

    status = 3


class CorruptError(LuffyError, ValueError):
    """A file contradicts its format or itself."""

    status = 4


class UnsupportedError(LuffyError, NotImplementedError):
    """Well formed, but not something that this version does."""

    status = 5


class NotFoundError(LuffyError, FileNotFoundError, LookupError):
    """A file, tensor or parameter that is not there."""

    status = 6


class ShapeError(LuffyError, ValueError):
    """Sizes that do not fit each other."""

    status = 7


class BusyError(LuffyError, RuntimeError):
    """Another call uses the object."""

    status = 8


class CancelledError(LuffyError, RuntimeError):
    """The call was cancelled; the state is that before it."""

    status = 9


class NonFiniteError(LuffyError, ArithmeticError):
    """A loss, gradient or log-prob that is no finite number; the weights are untouched."""

    status = 10


class BufferTooSmallError(LuffyError):
    """Never leaves the package."""

    status = 11


class InternalError(LuffyError, RuntimeError):
    """A fault of the library."""

    status = 12


class ClosedError(LuffyError, ValueError):
    """The object was closed."""


_BY_STATUS: dict[int, type[LuffyError]] = {
    kind.status: kind
    for kind in (
        InvalidArgumentError, OutOfMemoryError, FileError, CorruptError, UnsupportedError, NotFoundError, ShapeError,
        BusyError, CancelledError, NonFiniteError, BufferTooSmallError, InternalError,
    )
}  # fmt: skip


def error(status: int, text: str) -> LuffyError:
    """The exception of a status."""
    return _BY_STATUS.get(status, InternalError)(text)
