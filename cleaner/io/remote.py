"""Places behind an address, such as `s3://bucket/folder`: whatever fsspec reaches."""

from __future__ import annotations

import contextlib
import io
import posixpath
import re
from collections.abc import Iterator
from typing import IO, Any

from cleaner.errors import InputError

__all__ = [
    "create", "exists", "find", "identity", "is_folder", "is_remote", "is_web", "make_folder", "match", "names", "normal", "open_read",
    "parent", "remove", "remove_tree", "size", "upload",
]  # fmt: skip

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+(?:://|::)", re.IGNORECASE)  # two letters at least: C:// is a drive
_WEB = ("http://", "https://")
_VERSIONS = (
    "ETag", "etag", "md5Hash", "checksum", "Content-MD5", "Digest", "generation", "oid", "blob_id", "LastModified",
    "last_modified", "Last-Modified", "updated", "mtime", "created",
)  # fmt: skip
_PACKAGES = {
    "s3": "'article-cleaner[s3]'", "s3a": "'article-cleaner[s3]'", "gs": "gcsfs", "gcs": "gcsfs", "hf": "huggingface_hub",
    "http": "aiohttp requests", "https": "aiohttp requests", "az": "adlfs", "abfs": "adlfs", "sftp": "paramiko", "ssh": "paramiko",
}  # fmt: skip
"""What brings a store, by the beginning of its addresses; of all others fsspec says it in its own words."""


def is_remote(path: str) -> bool:
    """Whether this is an address that fsspec must open.

    >>> is_remote("s3://bucket/a.jsonl"), is_remote("C://a.jsonl"), is_remote("file:///a.jsonl")
    (True, False, False)
    """
    return bool(_ADDRESS.match(path)) and not path.lower().startswith("file://")


def is_web(path: str) -> bool:
    """Whether this is a web address: one file, since the web has no folders."""
    return path.lower().startswith(_WEB)


def open_read(path: str) -> IO[bytes]:
    """The bytes behind an address. Whatever goes wrong, also while reading, is an OSError."""
    system, name = _reach(path)
    with _as_os_errors():
        return io.BufferedReader(_Read(system.open(name, "rb")), 1 << 17)


def upload(held: str, path: str) -> None:
    """Put a local file behind an address, where it appears as a whole."""
    system, name = _reach(path)
    with _as_os_errors():
        system.put_file(held, name)
        system.invalidate_cache()


def create(path: str, data: bytes) -> bool:
    """Write an object unless one is there, in one step where the store can; whether it was written."""
    system, name = _reach(path)
    with _as_os_errors():
        try:
            system.pipe_file(name, data, mode="create")
        except FileExistsError:
            return False
        except OSError:  # some stores have an error of their own for it
            if not system.exists(name):
                raise
            return False
        system.invalidate_cache()
    return True


def exists(path: str) -> bool:
    system, name = _reach(path)
    with _as_os_errors():
        return bool(system.exists(name))


def is_folder(path: str) -> bool:
    """Whether objects lie below the address."""
    if is_web(path):
        return False
    system, name = _reach(path)
    with _as_os_errors():
        return bool(system.isdir(name))


def size(path: str) -> int:
    """Bytes. Raises OSError where nothing is."""
    system, name = _reach(path)
    with _as_os_errors():
        return int(system.info(name)["size"] or 0)


def identity(path: str) -> dict[str, Any]:
    """What changes when the object does: its size, and its digest, version or time as the store gives them."""
    system, name = _reach(path)
    with _as_os_errors():
        info = system.info(name)
    version = next((str(info[key]) for key in _VERSIONS if info.get(key)), "")
    return {"size": info.get("size"), "version": version or None}


def names(path: str) -> list[str]:
    """The names of what stands in a folder, sorted; none for a folder that is not there."""
    system, name = _reach(path)
    with _as_os_errors(), contextlib.suppress(FileNotFoundError):
        found = [str(entry).rstrip("/") for entry in system.ls(name, detail=False)]
        return sorted(entry.rpartition("/")[2] for entry in found if entry != name)
    return []


def find(path: str) -> list[str]:
    """The addresses of all objects below a folder, sorted; none for a folder that is not there."""
    system, name = _reach(path)
    with _as_os_errors():
        return sorted(str(system.unstrip_protocol(found)) for found in system.find(name))


def match(pattern: str) -> list[str]:
    """The addresses that a glob matches, sorted: files and folders."""
    if is_web(pattern):
        return []
    system, name = _reach(pattern)
    with _as_os_errors():
        return sorted(str(system.unstrip_protocol(found)) for found in system.glob(name))


def remove(path: str) -> None:
    """Remove an object; nothing happens where none is."""
    system, name = _reach(path)
    with _as_os_errors(), contextlib.suppress(FileNotFoundError):
        system.rm_file(name)
        system.invalidate_cache()


def remove_tree(path: str) -> None:
    """Remove all objects below a folder; nothing happens where none is."""
    system, name = _reach(path)
    with _as_os_errors(), contextlib.suppress(FileNotFoundError):
        system.rm(name, recursive=True)
        system.invalidate_cache()


def make_folder(path: str) -> None:
    """Make a folder where the store has such; a bucket is not made."""
    system, name = _reach(path)
    if "/" in name.strip("/") or system.protocol == "memory":
        with _as_os_errors():
            system.makedirs(name, exist_ok=True)


def normal(path: str) -> str:
    """One spelling of an address, to tell whether two are the same.

    >>> normal("memory://a/b/") == normal("memory:///a/b")
    True
    """
    system, name = _reach(path)
    return str(system.unstrip_protocol(name))


def parent(path: str) -> str:
    """The folder of an object.

    >>> parent("s3://bucket/a/b.jsonl")
    's3://bucket/a'
    """
    return posixpath.dirname(path.rstrip("/"))


def _reach(path: str) -> tuple[Any, str]:
    """The file system of an address, and the name of the place in it."""
    scheme = re.split("://|::", path, maxsplit=1)[0].lower()
    try:
        from fsspec.core import url_to_fs
    except ImportError as exc:
        raise InputError(
            f"{path}: such addresses need the extra `remote`: pip install 'article-cleaner[remote]'"
        ) from exc
    try:
        system, name = url_to_fs(path, use_listings_cache=False)
    except ImportError as exc:
        mend = f"pip install {_PACKAGES[scheme]}" if scheme in _PACKAGES else str(exc)
        raise InputError(f"{path}: {scheme}:// needs one more package: {mend}") from exc
    except Exception as exc:
        raise InputError(f"{path}: no address that can be reached: {exc}; check its beginning") from exc
    return system, str(name)


@contextlib.contextmanager
def _as_os_errors() -> Iterator[None]:
    """Every store has errors of its own."""
    try:
        yield
    except OSError:
        raise
    except Exception as exc:
        raise OSError(f"{type(exc).__name__}: {exc}") from exc


class _Read(io.RawIOBase):
    """A remote file for reading, with errors as those of a local one."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        with _as_os_errors():
            return bool(self._stream.seekable())

    def readinto(self, buffer: Any) -> int:
        with _as_os_errors():
            data: bytes = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        with _as_os_errors():
            return int(self._stream.seek(offset, whence))

    def tell(self) -> int:
        return int(self._stream.tell())

    def close(self) -> None:
        with _as_os_errors():
            self._stream.close()
        super().close()
