"""Ray Data: a data set with clean articles."""

from __future__ import annotations

from typing import Any

from cleaner.columns import BatchCleaner
from cleaner.integrations import missing
from cleaner.integrations.arrow import clean_table

try:
    from ray.data import Dataset
except ImportError as exc:
    raise missing("ray.data", "ray", exc) from exc

__all__ = ["clean_dataset"]

_DEFAULT = BatchCleaner()


def clean_dataset(dataset: Dataset, cleaner: BatchCleaner = _DEFAULT, **options: Any) -> Dataset:
    """`dataset.map_batches` over Arrow tables. `options` go to it: `batch_size`, `concurrency`, `num_cpus` …"""
    return dataset.map_batches(clean_table, batch_format="pyarrow", fn_kwargs={"cleaner": cleaner}, **options)
