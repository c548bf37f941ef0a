"""Polars: an expression that cleans, and a data frame with clean articles."""

from __future__ import annotations

from typing import Any

from cleaner.columns import SCHEMA, BatchCleaner
from cleaner.integrations import missing

try:
    import polars as pl
except ImportError as exc:
    raise missing("polars", "polars", exc) from exc

__all__ = ["clean_frame", "cleaned", "polars_schema"]

_DEFAULT = BatchCleaner()
_SIMPLE = {"string": pl.String(), "bool": pl.Boolean(), "int": pl.Int64(), "float": pl.Float64()}


def polars_schema(cleaner: BatchCleaner = _DEFAULT) -> dict[str, Any]:
    """The columns that a cleaner adds, with their types."""
    return {name: _type(SCHEMA[name]) for name in cleaner.columns}


def cleaned(text: str = "text", url: str | None = None, cleaner: BatchCleaner = _DEFAULT) -> pl.Expr:
    """An expression, also for lazy frames: the article of the column `text` as a structure called `article`.

    `frame.select(cleaned("html", "url")).unnest("article")` makes columns of it.
    """
    kind = pl.Struct(polars_schema(cleaner))

    def clean(series: pl.Series) -> pl.Series:
        rows = (cleaner.clean_row(row["text"], row.get("url")) for row in series)
        return pl.Series("article", list(rows), kind)

    given = [pl.col(text).alias("text")] + ([] if url is None else [pl.col(url).alias("url")])
    return pl.struct(given).map_batches(clean, return_dtype=kind, is_elementwise=True).alias("article")


def clean_frame(frame: pl.DataFrame, cleaner: BatchCleaner = _DEFAULT) -> pl.DataFrame:
    """The frame with the columns of `cleaner.columns.SCHEMA`, then its own but the text."""
    layout = cleaner.layout(frame.columns)
    series = frame.get_columns()
    lists = [column.to_list() if i in layout.read else [] for i, column in enumerate(series)]
    own = pl.DataFrame(cleaner.clean_columns(lists, layout, frame.height), polars_schema(cleaner))
    return own.with_columns([series[i].alias(name) for i, name in layout.passed])


def _type(kind: Any) -> Any:
    if isinstance(kind, list):
        return pl.List(_type(kind[0]))
    if isinstance(kind, dict):
        return pl.Struct({name: _type(inner) for name, inner in kind.items()})
    return _SIMPLE[kind]
