"""Arrow: tables and record batches through the cleaner. Ray Data and Spark come this way."""

from __future__ import annotations

from typing import Any

from cleaner.columns import SCHEMA, BatchCleaner
from cleaner.integrations import missing

try:
    import pyarrow as pa
except ImportError as exc:
    raise missing("pyarrow", "parquet", exc) from exc

__all__ = ["arrow_schema", "clean_table"]

_DEFAULT = BatchCleaner()
_SIMPLE = {"string": pa.string(), "bool": pa.bool_(), "int": pa.int64(), "float": pa.float64()}


def arrow_schema(cleaner: BatchCleaner = _DEFAULT, batch: pa.Schema | None = None) -> pa.Schema:
    """The schema of the columns that a cleaner adds, and of the batch's own that follow, when its schema is given."""
    own = [pa.field(name, _type(SCHEMA[name])) for name in cleaner.columns]
    if batch is None:
        return pa.schema(own)
    return pa.schema(own + [batch.field(i).with_name(name) for i, name in cleaner.layout(batch.names).passed])


def clean_table(batch: Any, cleaner: BatchCleaner = _DEFAULT) -> Any:
    """A table or record batch with the columns of `cleaner.columns.SCHEMA`, then its own but the text.

    What passes through stays in Arrow: only the texts, addresses and times of the crawl become Python objects.
    """
    layout = cleaner.layout(batch.schema.names)
    lists = [batch.column(i).to_pylist() if i in layout.read else [] for i in range(batch.num_columns)]
    cells = cleaner.clean_columns(lists, layout, batch.num_rows)
    schema = arrow_schema(cleaner, batch.schema)
    own = [pa.array(cells[name], schema.field(name).type) for name in cleaner.columns]
    return type(batch).from_arrays(own + [batch.column(i) for i, _ in layout.passed], schema=schema)


def _type(kind: Any) -> pa.DataType:
    if isinstance(kind, list):
        return pa.list_(_type(kind[0]))
    if isinstance(kind, dict):
        return pa.struct([(name, _type(inner)) for name, inner in kind.items()])
    return _SIMPLE[kind]
