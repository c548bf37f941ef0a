"""What a run is: all that its output depends on, so that a second one can tell whether it goes on with the first."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Any

from cleaner import __version__
from cleaner.data import FOLDER
from cleaner.io import storage
from cleaner.settings import Settings

__all__ = ["differences", "file_digest", "inputs_of", "libraries", "models_of", "settings_of"]


def models_of(settings: Settings) -> dict[str, str]:
    """The digests of the data that decide: both models, the packed phrases."""
    files = {"page": settings.model, "line": settings.line_model}
    found = {name: Path(path) if path else FOLDER / f"{name}.model" for name, path in files.items()}
    return {name: file_digest(str(path)) for name, path in {**found, "phrases": FOLDER / "packed.json.z"}.items()}


def libraries() -> dict[str, str]:
    """The versions of what the output depends on: Python, this package, and the libraries that parse and compute."""
    names = ("beautifulsoup4", "cssselect", "ftfy", "lxml", "numpy", "trafilatura")
    found = {name: metadata.version(name) for name in names}
    return {"cleaner": __version__, "python": ".".join(map(str, sys.version_info[:2])), **found}


def file_digest(path: str) -> str:
    """SHA-256 of a file, shortened to 16 hexadecimal digits."""
    total = hashlib.sha256()
    with storage.open_read(path) as stream:
        while block := stream.read(1 << 20):
            total.update(block)
    return total.hexdigest()[:16]


def inputs_of(identities: Mapping[str, Mapping[str, Any]], listed: int = 1000) -> dict[str, Any]:
    """The inputs: how many, their bytes, a digest of names, sizes and times, and the first of them."""
    total, files, size = hashlib.sha256(), 0, 0
    first: list[dict[str, Any]] = []
    for path, identity in identities.items():
        told: dict[str, Any] = {"path": path, **identity}
        total.update(json.dumps(told, sort_keys=True).encode("utf-8", "replace"))
        files, size = files + 1, size + int(told.get("size") or 0)
        if files <= listed:
            first.append(told)
    return {"files": files, "bytes": size, "digest": total.hexdigest()[:16], "first": first}


def differences(old: Mapping[str, Any], new: Mapping[str, Any], prefix: str = "") -> list[str]:
    """The names of what differs between two runs, such as `settings.keep`.

    >>> differences({"a": {"b": 1, "c": 2}, "d": 1}, {"a": {"b": 1, "c": 3}, "d": 1})
    ['a.c']
    """
    found = []
    for name in sorted({*old, *new}):
        one, two = old.get(name), new.get(name)
        if isinstance(one, Mapping) and isinstance(two, Mapping):
            found += differences(one, two, f"{prefix}{name}.")
        elif one != two:
            found.append(f"{prefix}{name}")
    return found


def settings_of(settings: Settings) -> dict[str, Any]:
    """Settings as JSON has them."""
    told: dict[str, Any] = json.loads(json.dumps(asdict(settings), default=dict))
    return told
