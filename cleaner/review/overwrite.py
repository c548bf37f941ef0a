"""Files of others that a command would write over: refused before any work is done."""

from __future__ import annotations

from collections.abc import Iterable

from cleaner.errors import InputError
from cleaner.io import storage
from cleaner.io.files import is_device

__all__ = ["check_target"]

_HEAD = 4096  # bytes of a file in which its sign must stand


def check_target(out: str, inputs: Iterable[str], sign: str, *, force: bool) -> None:
    """Raise `InputError` where `out` is one of the inputs; or a file that has something in it and does not have the
    `sign` of those that this command writes, unless it is `force`d.
    """
    if out == "-" or is_device(out):
        return
    for place in inputs:
        if storage.same(place, out):
            raise InputError(f"{out}: is read by this very command, and would be lost; give -o another name")
    if force or not storage.size(out):
        return
    try:
        with storage.open_read(out) as stream:
            known = sign.encode() in stream.read(_HEAD)
    except OSError as exc:
        raise InputError(f"{out}: cannot be read, to see what it would replace ({exc.strerror or exc})") from exc
    if not known:
        raise InputError(
            f"{out}: is there already, and was not written by this command; give -o another name, or --force"
        )
