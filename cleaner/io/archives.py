"""ZIP and tar archives: each member is read as the file that it is. Nothing is unpacked to the disk."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import PurePosixPath
from typing import IO, Any, NamedTuple, cast

from cleaner.errors import OversizeDumpError
from cleaner.io.compress import Forward, bare_suffix, guarded, outer_suffix, unpacked
from cleaner.io.files import READ_ERRORS
from cleaner.io.records import Fault, Format, Keys, Limits, Piece, Record, Skipped, Source, Unit

__all__ = ["archives"]

_ZIP_ERRORS = (zipfile.BadZipFile, NotImplementedError, RuntimeError)  # the last two: a method or a password it lacks
_LONGEST_NAME = 1 << 20  # bytes of the headers that tar keeps in memory


class _Inner(NamedTuple):
    """A unit of a member, and how it is parsed."""

    form: Format
    data: Any


class _Member(NamedTuple):
    """A file in an archive; `open` gives its bytes, or says why it has none."""

    name: str
    open: Callable[[], IO[bytes]]


def archives(formats: Mapping[str, Format]) -> dict[str, Format]:
    """Suffix → format of the archives that hold files of the given formats."""

    def reader(members: Callable[[IO[bytes], Limits], Iterator[_Member | Skipped]], seeks: bool) -> Format:
        def units(stream: IO[bytes], source: Source, limits: Limits) -> Iterator[Piece]:
            seen: Counter[str] = Counter()
            try:
                for member in members(stream, limits):
                    if isinstance(member, Skipped):
                        yield member
                        continue
                    seen[member.name] += 1
                    name = f"{member.name}#{seen[member.name]}" if seen[member.name] > 1 else member.name
                    yield from _read(formats, member, f"{source.name}:{name}", limits)
            except _BrokenArchiveError as exc:
                raise exc.cause from exc
            except tarfile.TarError as exc:
                raise OSError(f"a tar archive that cannot be read: {exc}") from exc

        return Format(units, _parse, seeks=seeks)

    tar = reader(_tar_members, False)
    short = {".tgz": ".gz", ".tbz2": ".bz2", ".txz": ".xz"}
    packed = {suffix: Format(_within(tar, outer), _parse) for suffix, outer in short.items()}
    return {".zip": reader(_zip_members, True), ".tar": tar, **packed}


def _within(form: Format, suffix: str) -> Callable[[IO[bytes], Source, Limits], Iterator[Piece]]:
    return lambda stream, source, limits: form.units(unpacked(stream, suffix, limits), source, limits)


def _read(formats: Mapping[str, Format], member: _Member, place: str, limits: Limits) -> Iterator[Piece]:
    """The units of a member. One that is damaged concerns no other."""
    parts = PurePosixPath(member.name).parts
    suffix = bare_suffix(member.name)
    form = formats.get(suffix)
    if form is None or form.seeks or any(part.startswith((".", "__MACOSX")) and part != ".." for part in parts):
        yield Skipped("other_file")
        return
    try:
        stream = unpacked(member.open(), outer_suffix(member.name), limits)
        for piece in form.units(stream, Source(place, suffix, place), limits):
            yield Unit(piece.place, _Inner(form, piece.data)) if isinstance(piece, Unit) else piece
    except _BrokenArchiveError:
        raise
    except OversizeDumpError as exc:
        yield Fault(place, exc.reason, f"{place}: {exc}")
    except (*READ_ERRORS, *_ZIP_ERRORS) as exc:
        yield Fault(place, "unreadable", f"{place}: {exc}; repair or fetch the archive again")


def _parse(data: _Inner, place: str, keys: Keys) -> Record:
    return data.form.parse(data.data, place, keys)


def _zip_members(stream: IO[bytes], limits: Limits) -> Iterator[_Member | Skipped]:
    try:
        archive = zipfile.ZipFile(stream)
    except (*_ZIP_ERRORS, ValueError) as exc:
        raise OSError(f"no ZIP archive that can be read: {exc}") from exc
    for info in archive.infolist():
        if not info.is_dir():
            yield _Member(info.filename, partial(_open_zip, archive, info, limits))


def _open_zip(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits) -> IO[bytes]:
    if info.flag_bits & 1:
        raise OSError("it is encrypted")
    return guarded(archive.open(info), lambda: info.compress_size, limits)


class _TarInfo(tarfile.TarInfo):
    """A header of a member. A damaged one ends the archive with an error, where tarfile would end it in silence.

    What is ignored below: the stubs of tarfile give these methods `Self`, and leave out the error that it raises.
    """

    @classmethod
    def fromtarfile(cls, tar: tarfile.TarFile) -> tarfile.TarInfo:  # type: ignore[override]
        try:
            return super().fromtarfile(tar)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]
            raise
        except tarfile.HeaderError as exc:
            raise tarfile.ReadError(f"a header is damaged or missing: {exc}") from exc

    @classmethod
    def frombuf(cls, buf: Any, encoding: str, errors: str) -> tarfile.TarInfo:  # type: ignore[override]
        info = super().frombuf(buf, encoding, errors)
        if info.size > _LONGEST_NAME and info.type in (b"x", b"g", b"X", b"L", b"K"):
            raise tarfile.ReadError("a header is too long")
        return info


def _tar_members(stream: IO[bytes], limits: Limits) -> Iterator[_Member | Skipped]:
    try:
        with tarfile.open(fileobj=cast(IO[bytes], Forward(stream)), mode="r|", tarinfo=_TarInfo) as archive:
            for info in archive:
                cast(Any, archive).members = []  # it would keep all that it has seen
                if info.isfile():
                    yield _Member(info.name, partial(_open_tar, archive, info))
                elif not info.isdir():
                    yield Skipped("no_file")
    except (ValueError, UnicodeError, OverflowError) as exc:
        raise OSError(f"a tar archive that cannot be read: {exc}") from exc


def _open_tar(archive: tarfile.TarFile, info: tarfile.TarInfo) -> IO[bytes]:
    file = archive.extractfile(info)
    if file is None:
        raise OSError("it is no file")
    return io.BufferedReader(_TarFile(file))


class _TarFile(io.RawIOBase):
    """A member of a tar archive. What goes wrong below it concerns all that follows, too."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._file.read(len(buffer))
        except (*READ_ERRORS, OversizeDumpError) as exc:
            raise _BrokenArchiveError(exc) from exc
        except tarfile.TarError as exc:
            raise _BrokenArchiveError(OSError(f"a tar archive that cannot be read: {exc}")) from exc
        buffer[: len(data)] = data
        return len(data)


class _BrokenArchiveError(OSError):
    """Reading a member has broken the archive."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause
