"""Packages that only some places need: told before the work, not after it."""

from __future__ import annotations

from importlib.util import find_spec

from cleaner.errors import InputError

__all__ = ["need_extra"]


def need_extra(place: str, package: str, extra: str) -> None:
    """Raise `InputError` where the package that a place needs is not installed; it is looked for, and not loaded."""
    if find_spec(package) is None:
        raise InputError(f"{place}: needs the extra `{extra}`: pip install 'article-cleaner[{extra}]'")
