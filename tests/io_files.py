"""Small files of input formats, made for tests."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Mapping, Sequence

from cleaner.io.compress import outer_suffix, packer

__all__ = ["http", "make_tar", "make_zip", "warc", "warc_record"]

_SHORT = {".tgz": ".gz", ".tbz2": ".bz2", ".txz": ".xz"}


def http(body: bytes, content_type: str = "text/html", more: str = "", status: str = "200 OK") -> bytes:
    """A response."""
    return f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n{more}\r\n".encode() + body


def warc_record(
    kind: str, block: bytes, content_type: str = "application/http; msgtype=response", number: int = 0
) -> bytes:
    """A record of a web archive."""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{number}>\r\nWARC-Date: 2025-03-04T05:06:07Z\r\n"
        f"WARC-Target-URI: https://example.org/{number}\r\nContent-Type: {content_type}\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def warc(responses: Sequence[bytes]) -> bytes:
    """A web archive of responses, numbered from 1."""
    return b"".join(warc_record("response", block, number=n) for n, block in enumerate(responses, 1))


def make_zip(members: Mapping[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def make_tar(members: Mapping[str, bytes], suffix: str) -> bytes:
    held, packed = io.BytesIO(), io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    outer = outer_suffix(f"x{suffix}")
    with packer(packed, _SHORT.get(outer, outer)) as stream:
        stream.write(held.getvalue())
    return packed.getvalue()
