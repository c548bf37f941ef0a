"""Spark: a data frame with clean articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from cleaner.columns import SCHEMA, BatchCleaner
from cleaner.integrations import missing
from cleaner.integrations.arrow import clean_table

try:
    from pyspark.sql import DataFrame, types
except ImportError as exc:
    raise missing("pyspark", "spark", exc) from exc

__all__ = ["clean_batches", "clean_frame", "spark_schema"]

_DEFAULT = BatchCleaner()
_SIMPLE = {"string": types.StringType, "bool": types.BooleanType, "int": types.LongType, "float": types.DoubleType}


def spark_schema(given: types.StructType, cleaner: BatchCleaner = _DEFAULT) -> types.StructType:
    """The schema of a cleaned data frame."""
    own = [types.StructField(name, _type(SCHEMA[name])) for name in cleaner.columns]
    passed = cleaner.layout(given.names).passed
    return types.StructType(own + [types.StructField(name, given[i].dataType, given[i].nullable) for i, name in passed])


def clean_batches(batches: Iterable[Any], cleaner: BatchCleaner = _DEFAULT) -> Iterator[Any]:
    """What `mapInArrow` runs: record batches in, record batches out."""
    return (clean_table(batch, cleaner) for batch in batches)


def clean_frame(frame: DataFrame, cleaner: BatchCleaner = _DEFAULT) -> DataFrame:
    """`frame.mapInArrow` with the schema. The package must be on the executors."""
    return frame.mapInArrow(partial(clean_batches, cleaner=cleaner), spark_schema(frame.schema, cleaner))


def _type(kind: Any) -> types.DataType:
    if isinstance(kind, list):
        return types.ArrayType(_type(kind[0]))
    if isinstance(kind, dict):
        return types.StructType([types.StructField(name, _type(inner)) for name, inner in kind.items()])
    return _SIMPLE[kind]()
