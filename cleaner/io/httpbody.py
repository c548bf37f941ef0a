"""The body of an HTTP response as it was sent → the bytes of the page: chunks joined, then unpacked."""

from __future__ import annotations

import io
import re
import zlib

import zstandard

__all__ = ["BodyError", "read_body"]

_CHUNK = re.compile(rb"\s*([0-9a-fA-F]{1,8})[^\r\n]{0,100}\r?\n")
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"


class BodyError(Exception):
    """A body cannot be unpacked. `reason` is the slug for rejects."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def read_body(body: bytes, transfer: str, encoding: str, most: int) -> bytes:
    """The page in a body, by the headers Transfer-Encoding and Content-Encoding. A crawler may have unpacked it and
    kept the headers, so a body that does not look packed is taken as it is.

    Raises `BodyError` for what is damaged, or more than `most` bytes.

    >>> read_body(b"3\\r\\nRiv\\r\\n2\\r\\ner\\r\\n0\\r\\n\\r\\n", "chunked", "", 100)
    b'River'
    """
    if "chunked" in transfer.lower():
        body = _joined(body)
    for name in reversed(encoding.lower().replace(" ", "").split(",")):
        try:
            body = _unpack(body, name, most)
        except (zlib.error, zstandard.ZstdError, EOFError) as exc:
            raise BodyError("unreadable", f"its {name} body is damaged: {exc}") from exc
        if len(body) > most:
            raise BodyError("oversize", f"a page of more than {most:,} bytes")
    return body


def _joined(body: bytes) -> bytes:
    """The chunks of a body, one after the other; the body itself if it is not in chunks."""
    parts: list[bytes] = []
    at = 0
    while head := _CHUNK.match(body, at):
        size = int(head[1], 16)
        if not size:
            return b"".join(parts)
        parts.append(body[head.end() : head.end() + size])
        at = head.end() + size
    return body


def _unpack(body: bytes, name: str, most: int) -> bytes:
    if name in ("gzip", "x-gzip") and body.startswith(_GZIP):
        return _inflate(body, 31, most)
    if name == "deflate" and body:
        try:
            return _inflate(body, 15, most)
        except zlib.error:  # some servers leave out the frame
            return body if body.lstrip().startswith(b"<") else _inflate(body, -15, most)
    if name == "zstd" and body.startswith(_ZSTD):
        return zstandard.ZstdDecompressor().stream_reader(io.BytesIO(body)).read(most + 1)
    if name == "br" and not body.lstrip().startswith(b"<"):
        raise BodyError("unreadable", "its body is packed with Brotli; let the crawler write it unpacked")
    return body


def _inflate(body: bytes, window: int, most: int) -> bytes:
    unpacker = zlib.decompressobj(window)
    page = unpacker.decompress(body, most + 1)
    if not unpacker.eof and len(page) <= most:
        raise EOFError("it is cut off")
    return page
