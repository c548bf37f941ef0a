"""Files of a run, here: temporary until the room's own storage lands."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from collections.abc import Mapping
from typing import IO, Any


def join(root: str, *names: str) -> str:
    return "/".join([root.rstrip("/"), *names])


def exists(path: str) -> bool:
    return Path(path).exists()


def names(folder: str) -> list[str]:
    return sorted(os.listdir(folder)) if Path(folder).is_dir() else []


def open_read(path: str) -> IO[bytes]:
    return open(path, "rb")


def write_bytes(path: str, data: bytes) -> None:
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(path + ".partial")
    with open(partial, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(target)


def remove(path: str) -> None:
    Path(path).unlink(missing_ok=True)


def remove_tree(folder: str) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def identity(path: str) -> dict[str, object]:
    found = Path(path).stat()
    return {"size": found.st_size, "mtime_ns": found.st_mtime_ns}


def is_remote(path: str) -> bool:
    return "://" in path


def size(path: str) -> int | None:
    try:
        return Path(path).stat().st_size
    except OSError:
        return None


def read_json(path: str) -> dict[str, Any] | None:
    import json

    if not exists(path):
        return None
    told: dict[str, Any] = json.loads(Path(path).read_text("utf-8"))
    return told


def write_json(path: str, told: Mapping[str, Any]) -> None:
    import json

    write_bytes(path, (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace"))
