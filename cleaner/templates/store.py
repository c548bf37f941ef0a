"""A library in a Parquet file: a row a sketch, a row a house, a row a change; with Parquet any tool can read it.

Needs pyarrow (the extra `parquet`), which is only imported here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner.detectors.sites import House, HouseLine
from cleaner.errors import InputError
from cleaner.io.files import named, partial_path
from cleaner.templates.collect import Collection
from cleaner.templates.library import Edits, Library
from cleaner.templates.sketch import Sketch

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["load_houses", "load_library", "load_packed", "pack_house", "save_library", "unpack_house"]

_VERSION = 1
_LABEL = b"cleaner.templates"
_BATCH = 10_000  # rows that are built and written at a time

_Row = tuple[str, str, int, int, bytes]  # site, kind, key, count, data


def save_library(library: Library, path: str) -> None:
    """Write a library; the file appears under its name when it is whole.

    Raises `InputError` for a place that cannot be written, and where pyarrow is missing.
    """
    pa, pq = _arrow()
    label = {"version": _VERSION, "sample": library.collection.sample, "bits": library.collection.bits}
    schema = _schema(pa).with_metadata({_LABEL: json.dumps(label).encode()})
    partial = Path(partial_path(path))
    with named(path):
        partial.parent.mkdir(parents=True, exist_ok=True)
        with pq.ParquetWriter(partial, schema, compression="zstd") as writer:
            rows: list[_Row] = []
            for row in _rows(library):
                rows.append(row)
                if len(rows) == _BATCH:
                    writer.write_batch(_batch(pa, schema, rows))
                    rows.clear()
            writer.write_batch(_batch(pa, schema, rows))
        partial.replace(path)


def _rows(library: Library) -> Iterator[_Row]:
    for site, house in sorted(library.houses.items()):
        yield site, "house", 0, house.articles, pack_house(house)
    for site, edits in sorted(library.edits.items()):
        for text in sorted(edits.struck.items()):
            yield site, "struck", 0, 0, json.dumps(text).encode()
        for key, line in sorted(edits.added.items()):
            yield site, "added", 0, 0, json.dumps((key, *line)).encode()
    for site, seen in sorted(library.collection.seen.items()):
        yield site, "seen", 0, seen, b""
        for sketch in library.collection.sketches(site):
            yield site, "article", sketch.key, 1, sketch.packed


def load_library(path: str) -> Library:
    """Read a whole library, to merge, change or extend it.

    Raises `InputError` for a file that is none, and where pyarrow is missing.
    """
    label, library = _label(path), Library()
    library.collection = Collection(sample=label["sample"], bits=label["bits"])
    for site, kind, key, count, data in _read(path, None):
        if kind == "article":
            library.collection.add(site, Sketch(key, data), 0)
        elif kind == "seen":
            library.collection.seen[site] += count
        elif kind == "house":
            library.houses[site] = unpack_house(data, path)
        else:
            _read_edit(library.edits.setdefault(site, Edits()), kind, data, path)
    return library


def load_houses(path: str) -> dict[str, House]:
    """Read what was learned of each site, and nothing else.

    Raises `InputError` for a file that is no library, and where pyarrow is missing.
    """
    return {site: unpack_house(data, path) for site, data in load_packed(path).items()}


def load_packed(path: str) -> dict[str, bytes]:
    """The same as bytes for `unpack_house`, which take less memory.

    Raises `InputError` as `load_houses`.
    """
    _label(path)
    return {site: data for site, _, _, _, data in _read(path, "house")}


def _read_edit(edits: Edits, kind: str, data: bytes, path: str) -> None:
    try:
        key, *line = map(str, json.loads(data))
        if kind == "struck":
            (edits.struck[key],) = line
        else:
            text, category = line
            edits.added[key] = (text, category)
    except (ValueError, TypeError) as exc:
        raise _no_library(path, f"a row of kind {kind!r} is damaged") from exc


def pack_house(house: House) -> bytes:
    """A house as bytes."""
    told = asdict(house)
    told["places"] = [[*place, line] for place, line in told["places"].items()]
    told["struck"] = sorted(house.struck)
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")


def unpack_house(data: bytes, path: str) -> House:
    """The house that was packed; `path` is where it comes from.

    Raises `InputError` for damaged bytes.
    """
    try:
        told: dict[str, Any] = json.loads(data)
        told["lines"] = {key: HouseLine(**line) for key, line in told["lines"].items()}
        told["patterns"] = {key: HouseLine(**line) for key, line in told["patterns"].items()}
        told["places"] = {(place, key): HouseLine(**line) for place, key, line in told["places"]}
        told["struck"] = frozenset(told["struck"])
        return House(**told)
    except (ValueError, TypeError, KeyError, AttributeError) as exc:
        raise _no_library(path, "a site in it is damaged") from exc


def _label(path: str) -> dict[str, int]:
    pa, pq = _arrow()
    try:
        schema = pq.read_schema(path)
    except (OSError, pa.ArrowException) as exc:
        raise _no_library(path, str(exc).splitlines()[0] if str(exc) else type(exc).__name__) from exc
    try:
        label = json.loads((schema.metadata or {})[_LABEL])
        known = schema.equals(_schema(pa)) and label["version"] == _VERSION
        if not (known and isinstance(label["sample"], int) and isinstance(label["bits"], int)):
            raise _no_library(path, "it is of another version")
    except (KeyError, ValueError, TypeError) as exc:
        raise _no_library(path, "its columns are not those of one") from exc
    return {"sample": label["sample"], "bits": label["bits"]}


def _read(path: str, kind: str | None) -> Iterator[_Row]:
    pa, pq = _arrow()
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_BATCH):
                columns = [column.to_pylist() for column in batch.columns]
                for row in zip(*columns, strict=True):
                    if kind is None or row[1] == kind:
                        yield row
    except (OSError, pa.ArrowException) as exc:
        raise _no_library(path, str(exc).splitlines()[0] if str(exc) else type(exc).__name__) from exc


def _no_library(path: str, why: str) -> InputError:
    return InputError(f"{path}: cannot be read as templates: {why}. Make such a file with `cleaner sites learn`.")


def _schema(pa: Any) -> pa.Schema:
    fields = [("site", pa.string()), ("kind", pa.string()), ("key", pa.int64()), ("count", pa.int64())]
    return pa.schema([pa.field(name, kind, nullable=False) for name, kind in [*fields, ("data", pa.binary())]])


def _batch(pa: Any, schema: Any, rows: list[_Row]) -> Any:
    columns = zip(*rows, strict=True) if rows else [()] * len(schema)
    return pa.record_batch([pa.array(list(c), f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)


def _arrow() -> tuple[Any, Any]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ModuleNotFoundError as exc:
        raise InputError("templates are Parquet files: pip install 'article-cleaner[parquet]'") from exc
    return pa, pq
